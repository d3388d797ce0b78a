#!/usr/bin/env python3
"""Writes portal.json, the portal that the quickstart imports.

    pip install argon2-cffi
    python3 -B examples/quickstart/make_portal.py > examples/quickstart/portal.json

The same bytes every time: no clock, no randomness, and fixed salts. A real portal draws a salt
at random for every password; here the same file must come out again. The people, the companies
and their work are made up. The passwords are in quickstart.rs too, and open nothing else.
"""

import hashlib
import json
import sys
from datetime import timedelta

from argon2.low_level import Type, hash_secret

from companies import (AT, CLIENTS, DIRECT, DOORS, GUESTS, INVITED, LET_IN, MORE, ODD, PARTS,
                       PROJECTS, STAFF, TICKETS)
from times import day, millis

KINDS = ["milestones", "tasks", "task-lists", "updates", "documents", "comments", "issues",
         "invoices", "proposals", "dashboards", "reports", "times", "expenses"]
NAMED = ["users.view", "users.manage", "clients.manage", "roles.manage", "containers.manage",
         "members.manage", "settings.manage", "portal.preview", "audit.read"]
VERBS = ["view", "receive", "create", "edit", "delete", "download", "approve", "pay", "share"]


ACTIVATED = day("2025-06-02")
# From here on the agency shows updates and milestones unless somebody hides them.
DEFAULTS_SET = day("2025-10-01")


class Dice:
    """A small linear congruential generator: the same throws on every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def one_in(self, n):
        return self.below(n) == 0

    def pick(self, choices):
        return choices[self.below(len(choices))]


DICE = Dice(20260316)


# --- passwords -----------------------------------------------------------------------------

def password_hash(password, salt_of):
    salt = hashlib.sha256(("portcullis quickstart " + salt_of).encode()).digest()[:16]
    return hash_secret(password.encode(), salt, time_cost=2, memory_cost=19456, parallelism=1,
                       hash_len=32, type=Type.ID).decode()


STORY = {
    "ada": "kiln-fired teapot, blue",
    "tom": "nine boxes of offset ink",
    "bob": "a red bicycle in the rain",
    "carol": "carton, foil and emboss",
    "dave": "north light on the fjord",
    "rosa": "seven rows of tomatoes",
    "emil": "the third lathe from left",
    "lena": "change me before Tuesday",
    "sven": "a very long Swedish summer",
    "gus": "only here for the proofs",
    "nora": "two desks and one chair",
}
# Whoever plays no part shares one of these.
SHARED = [password_hash(text, text) for text in
          ["lead type and lamp oil", "crop marks at three mm", "sixteen pages, saddled"]]


def account(login, name, created, **more):
    if name in STORY:
        password = {"hash": password_hash(STORY[name], name)}
    else:
        password = {"hash": SHARED[DICE.below(len(SHARED))]}
    entry = {"login": login, "password": password}
    entry.update(more)
    entry["created_at"] = millis(created)
    return entry


# --- roles ---------------------------------------------------------------------------------

def views(*kinds):
    return [f"{kind}.view" for kind in kinds]


EVERYTHING = [f"{kind}.{verb}" for kind in KINDS for verb in VERBS] + NAMED
DAILY = views(*KINDS) + [f"{kind}.{verb}" for verb in ["create", "edit", "delete", "share"]
                         for kind in KINDS]
PROJECT = views("milestones", "tasks", "updates", "documents", "comments", "issues")

ROLES = [
    {"name": "administrator", "rights": EVERYTHING},
    {"name": "account manager",
     "rights": DAILY + ["documents.download", "invoices.download", "users.view", "users.manage",
                        "clients.manage", "containers.manage", "members.manage",
                        "portal.preview"]},
    {"name": "designer",
     "rights": PROJECT + ["documents.create", "documents.edit", "documents.share",
                          "documents.download", "comments.create", "tasks.edit", "times.view",
                          "times.create"]},
    {"name": "project member",
     "rights": PROJECT + ["documents.download", "comments.create", "comments.edit",
                          "comments.delete", "issues.create", "issues.edit"]},
    {"name": "approver",
     "rights": views("proposals", "times", "expenses") + ["proposals.approve", "times.approve",
                                                          "expenses.approve"]},
    {"name": "accounts payable",
     "rights": views("invoices", "proposals") + ["invoices.download", "invoices.receive",
                                                 "payments.make"]},
    {"name": "management",
     "rights": views("dashboards", "reports", "milestones", "updates", "comments")
     + ["reports.receive"]},
    {"name": "client administrator",
     "rights": views(*(kind for kind in KINDS if kind != "task-lists"))
     + ["documents.download", "comments.create", "users.view", "users.manage",
        "members.manage"]},
]


# --- items ---------------------------------------------------------------------------------

class Numbers:
    """Running numbers, and a millisecond of its own for every item: lists have one order."""

    def __init__(self):
        self.seen = {}
        self.items = 0

    def next(self, series):
        self.seen[series] = self.seen.get(series, 0) + 1
        return self.seen[series]

    def stamp(self, time):
        self.items += 1
        return millis(time) + self.items % 1000


NUMBERS = Numbers()
SHOWN_BY_DEFAULT = {"update", "milestone"}
TASKS = ["brief", "research", "sketches", "copy", "photos", "layout", "proofread", "proofs",
         "corrections", "sign-off", "preflight", "print-files", "mock-up", "icons", "colours",
         "translations", "paper-sample", "barcode", "index", "captions"]
DOCUMENTS = ["brief", "mood-board", "wireframes", "schedule", "proof-1", "proof-2", "print-pdf",
             "contract", "paper-quote", "photo-list", "style-guide", "cost-sheet"]
MILESTONES = ["kick-off", "concept", "first-proof", "sign-off", "press", "delivery"]


def add(items, kind, key, time, exposure=None, **more):
    """One item. Without an exposure of its own it is thrown: some shown, some hidden."""
    older = time < ACTIVATED
    default = ("shown" if kind in SHOWN_BY_DEFAULT and time >= DEFAULTS_SET else "hidden")
    if exposure is None:
        exposure = DICE.pick(["shown", "shown", "shown", "hidden", "inherit", "inherit"])
    item = {"kind": kind, "key": key}
    if "parent" in more:
        item["parent"] = more.pop("parent")
    if exposure != "inherit":
        item["exposure"] = exposure
    if default != "hidden":
        item["default"] = default
    if older:
        item["older"] = True
    for name in ["lifecycle", "author"]:
        if name in more:
            item[name] = more.pop(name)
    item["created_at"] = NUMBERS.stamp(time)
    if more.get("sent_to"):
        item["sent_to"] = more["sent_to"]
    items.append(item)
    return {"kind": kind, "key": key}


def comments(items, parent, time, people, chance=2):
    while DICE.one_in(chance):
        time = time + timedelta(hours=2 + DICE.below(50))
        more = {}
        if people and DICE.one_in(2):
            more = {"author": f"user:{DICE.pick(people)}", "exposure": "shown"}
        add(items, "comment", f"com-{NUMBERS.next('com'):04d}", time, parent=parent, **more)


def drafted():
    return DICE.pick([{}, {}, {}, {"lifecycle": "draft"}])


def work(client, slug, start, people, payers):
    """What piles up in a project."""
    items = []
    tag = f"{client}-{slug}"

    def later(days):
        return start + timedelta(days=days, hours=DICE.below(8), minutes=DICE.below(60))

    for place, name in enumerate(MILESTONES[:4 + DICE.below(3)]):
        add(items, "milestone", f"mil-{tag}-{name}", later(place * 24))
    tasks = 0
    for letter in "ab" if DICE.one_in(2) else "abc":
        made = later(3 + tasks)
        held = {"kind": "task-list", "key": f"list-{tag}-{letter}"}
        items.append({**held, "created_at": NUMBERS.stamp(made)})
        for _ in range(4 + DICE.below(4)):
            name = TASKS[tasks % len(TASKS)]
            tasks += 1
            task = add(items, "task", f"task-{tag}-{tasks:02d}-{name}", later(4 + tasks * 4),
                       parent=held)
            comments(items, task, later(6 + tasks * 4), people, 5)
    for number in range(2):
        add(items, "task", f"task-{tag}-call-{number + 1}", later(10 + number * 40))
    if tag == "acme-website":
        # The story of quickstart.rs turns on these three.
        add(items, "task", f"task-{tag}-launch-checklist", day("2026-02-02"), "hidden")
        add(items, "document", f"doc-{tag}-launch-plan", day("2026-02-02"), "shown")
        add(items, "proposal", "prop-2026-relaunch", day("2026-02-02"), "shown")
    for number in range(4 + DICE.below(3)):
        update = add(items, "update", f"upd-{tag}-{number + 1:02d}", later(9 + number * 17))
        comments(items, update, later(10 + number * 17), people, 3)
    for place, name in enumerate(DOCUMENTS[:6 + DICE.below(7)]):
        more = {"lifecycle": "withdrawn"} if DICE.one_in(12) else {}
        document = add(items, "document", f"doc-{tag}-{name}", later(2 + place * 9), **more)
        comments(items, document, later(3 + place * 9), people)
    for number in range(2 + DICE.below(2)):
        more = {}
        if people:
            more = {"author": f"user:{DICE.pick(people)}", "exposure": "shown"}
        issue = add(items, "issue", f"iss-{NUMBERS.next('iss'):04d}", later(30 + number * 21),
                    **more)
        comments(items, issue, later(31 + number * 21), people)
    proposal(items, later(1), drafted())
    invoice(items, later(60), payers, drafted())
    add(items, "dashboard", f"dash-{tag}", later(5))
    for number in range(1 + DICE.below(2)):
        add(items, "report", f"rep-{tag}-{number + 1}", later(35 + number * 35))
    for number in range(4 + DICE.below(4)):
        entry = later(12 + number * 11)
        add(items, "time", f"time-{tag}-{entry:%Y-%m-%d}-{number + 1}", entry)
    for number in range(1 + DICE.below(2)):
        add(items, "expense", f"exp-{NUMBERS.next('exp'):04d}", later(20 + number * 30))
    return items


def proposal(items, time, more):
    key = f"prop-{time.year}-{NUMBERS.next(('prop', time.year)):03d}"
    add(items, "proposal", key, time, **more)


def invoice(items, time, payers, more):
    key = f"inv-{time.year}-{NUMBERS.next(('inv', time.year)):03d}"
    sent = [f"user:{payer}" for payer in payers] if not more and DICE.one_in(2) else []
    add(items, "invoice", key, time, sent_to=sent, **more)


def desk_work(client, slug, start, people):
    """What a ticket brings with it."""
    items = []
    issue = add(items, "issue", f"iss-{NUMBERS.next('iss'):04d}", start, "shown",
                **({"author": f"user:{people[0]}"} if people else {}))
    comments(items, issue, start + timedelta(hours=1), people)
    for number in range(2 + DICE.below(2)):
        add(items, "task", f"task-{client}-{slug}-{number + 1}",
            start + timedelta(hours=5 + 20 * number))
    document = add(items, "document", f"doc-{client}-{slug}-photo", start + timedelta(hours=3))
    comments(items, document, start + timedelta(hours=9), people)
    add(items, "update", f"upd-{client}-{slug}", start + timedelta(days=1))
    done = start + timedelta(days=2)
    add(items, "time", f"time-{client}-{slug}", done)
    return items


def root_work(client, start, payers, managers):
    """What belongs to the client and to no project."""
    items = []
    for month in range(6):
        time = start + timedelta(days=31 * month, hours=3)
        invoice(items, time, payers, drafted())
        if month % 2 == 0:
            report = add(items, "report", f"rep-{client}-{time:%Y-%m}", time,
                         sent_to=[f"user:{manager}" for manager in managers])
            comments(items, report, time + timedelta(days=1), managers, 3)
    proposal(items, start + timedelta(days=20), drafted())
    add(items, "dashboard", f"dash-{client}-year", start)
    for name in ["terms", "rate-card", "contacts"]:
        add(items, "document", f"doc-{client}-{name}", start + timedelta(hours=1))
    add(items, "update", f"upd-{client}-welcome", start + timedelta(hours=2), "shown")
    add(items, "expense", f"exp-{NUMBERS.next('exp'):04d}", start + timedelta(days=50))
    return items


def shelf(kind, client, slug, start, payers):
    """What is in a job, a library or a workspace."""
    items = []
    if kind == "job":
        for name in ["specification", "imposition", "press-proof"]:
            add(items, "document", f"doc-{client}-{slug}-{name}", start)
        add(items, "milestone", f"mil-{client}-{slug}-on-press", start + timedelta(days=5))
        add(items, "milestone", f"mil-{client}-{slug}-shipped", start + timedelta(days=9))
        invoice(items, start + timedelta(days=12), payers, {})
        add(items, "expense", f"exp-{NUMBERS.next('exp'):04d}", start + timedelta(days=6))
    else:
        for number in range(8):
            document = add(items, "document", f"doc-{client}-{slug}-{number + 1:02d}",
                           start + timedelta(days=number * 6))
            comments(items, document, start + timedelta(days=number * 6 + 1), [], 6)
    return items


# --- containers ----------------------------------------------------------------------------

def member(user, source, since, until=None, approver=False):
    entry = {"user": f"user:{user}", "source": source}
    if until:
        entry["until"] = millis(day(until))
    if approver:
        entry["approver"] = True
    entry["since"] = millis(since)
    return entry


def container(kind, key, name, created, members, items, **more):
    entry = {"kind": kind, "key": key, "name": name}
    entry.update(more)
    entry["created_at"] = millis(created)
    entry["members"] = members
    entry["items"] = items
    return entry


def containers_of(slug, place, people):
    insiders = [who for who, _, part in people if part in ("member", "approver")]
    payers = [who for who, _, part in people if part == "payer"]
    managers = [who for who, _, part in people if part in ("manager", "admin")]
    opened = day("2025-03-03") + timedelta(days=place * 3)
    found = [container("root", f"root:{slug}", "General", opened, [],
                       root_work(slug, opened + timedelta(days=100), payers, managers),
                       default="shown")]

    def open_to(key, since):
        if key in LET_IN:
            return [member(who, source, since, until, approver)
                    for who, source, until, approver in LET_IN[key]]
        return [member(who, "member", since, approver=part == "approver")
                for who, _, part in people if part in ("member", "approver")]

    for number, (name, title) in enumerate(PROJECTS[slug]):
        key = f"prj:{slug}-{name}"
        start = day("2025-04-14") + timedelta(days=place * 5 + number * 85)
        found.append(container("project", key, title, start, open_to(key, start),
                               work(slug, name, start, insiders, payers),
                               **{"exposure": "shown", **ODD.get(key, {})}))
    for number, (name, title) in enumerate(TICKETS.get(slug, [])):
        key = f"tkt:{name}"
        start = day("2025-11-03") + timedelta(days=place * 4 + number * 55)
        found.append(container("ticket", key, title, start, open_to(key, start),
                               desk_work(slug, name, start, insiders),
                               **{"exposure": "shown", **ODD.get(key, {})}))
    for client, kind, key, title in MORE:
        if client == slug:
            start = day("2025-12-01") + timedelta(days=place)
            name = key.split(":")[1].removeprefix(f"{slug}-").replace(slug, "shelf")
            let_in = open_to(key, start) if kind != "job" else []
            found.append(container(kind, key, title, start, let_in,
                                   shelf(kind, slug, name, start, payers), exposure="shown"))
    return found


def unowned():
    """The agency's own: no client will ever see it."""
    start = day("2025-08-01")
    return [container("project", "prj:studio", "Our own new website", start, [],
                      work("studio", "own", start, [], []))]


# --- the file ------------------------------------------------------------------------------

def clients():
    found = []
    for place, (slug, name, light, closed, people) in enumerate(CLIENTS):
        entry = {"key": f"client:{slug}", "name": name}
        if light != "active":
            entry["light"] = light
        if closed:
            entry["closed"] = closed
        entry["main_contact"] = f"contact:{people[0][0]}"
        entry["created_at"] = millis(day("2025-03-03") + timedelta(days=place * 3))
        entry["contacts"] = [
            {"key": f"contact:{who}", "name": person, "email": f"{who}@{slug}.example",
             "phone": f"+46 555 01 {place + 10} {number + 10}"}
            for number, (who, person, _) in enumerate(people)]
        entry["containers"] = containers_of(slug, place, people)
        found.append(entry)
    return found


def users():
    found = []
    joined = day("2025-03-01")
    everything = ["root", "project", "ticket", "job", "library", "workspace"]
    for who, name, roles, where in STAFF:
        user = {"key": f"user:{who}", "kind": "staff", "name": name,
                "email": f"{who}@kettle-crane.example"}
        if where is True:
            user["every_client"] = True
        if who != "marco":
            user["reach"] = everything
        user["roles"] = roles
        user["created_at"] = millis(joined)
        if where is not True:
            user["affiliations"] = [{"client": f"client:{slug}"} for slug in where]
        user["account"] = account(f"{who}@kettle-crane.example", who, joined)
        found.append(user)
    for place, (slug, _, _, _, people) in enumerate(CLIENTS):
        made = joined + timedelta(days=10 + place * 3)
        for who, name, part in people:
            if part != "none":
                found.append(client_user(slug, who, name, part, made))
    for who, name, slug in GUESTS:
        made = day("2025-09-15")
        found.append({"key": f"user:{who}", "kind": "guest", "name": name,
                      "email": f"{who}@elsewhere.example", "created_at": millis(made),
                      "affiliations": [{"client": f"client:{slug}"}],
                      "account": account(f"{who}@elsewhere.example", who, made)})
    # Left; kept for the audit, and worth nothing.
    found.append({"key": "user:hans", "kind": "client", "name": "Hans Lund", "removed": True,
                  "created_at": millis(joined)})
    return found


def client_user(slug, who, name, part, made):
    roles, reach = PARTS[part]
    user = {"key": f"user:{who}", "kind": "client", "name": name, "email": f"{who}@{slug}.example",
            "contact": f"contact:{who}"}
    if who == "nora":
        reach = ["root"]
    if who == "carol":
        # Holds the right, and was set up as an approver nowhere.
        roles = [*roles, "approver"]
    if reach:
        user["reach"] = reach
    if who in DIRECT:
        user["rights"] = DIRECT[who]
    user["created_at"] = millis(made)
    user["affiliations"] = [{"client": f"client:{slug}", "roles": roles, **DOORS.get(who, {})}]
    if who == "nora":
        # She advises Acme's management too: one login, two clients, and other rights at each.
        user["affiliations"].append({"client": "client:acme", "roles": ["management"]})
    login = f"{who}@{slug}.example"
    if who in INVITED:
        user["account"] = {"login": login, "password": "to-be-set", "created_at": millis(made)}
    else:
        user["account"] = account(login, who, made, **AT.get(who, {}))
    return user


LISTS = {"roles", "clients", "contacts", "containers", "members", "items", "unowned", "users"}


def write(value, indent=""):
    """JSON with one thing a line, so that a change is a line in a diff."""
    deep = [name for name in value if name in LISTS and isinstance(value[name], list)
            and not any(isinstance(entry, str) for entry in value[name])]
    flat = {name: value[name] for name in value if name not in deep}
    if not deep:
        return indent + json.dumps(flat, ensure_ascii=False, separators=(",", ":"))
    head = indent + json.dumps(flat, ensure_ascii=False, separators=(",", ":"))[:-1]
    parts = []
    for name in deep:
        if value[name]:
            lines = ",\n".join(write(entry, indent + " ") for entry in value[name])
            parts.append(f',\n{indent}"{name}":[\n{lines}]')
    return head + "".join(parts) + "}"


def main():
    portal = {
        "portcullis": 1,
        "profile": "safe",
        "portal": {"active": True, "first_activated_at": millis(ACTIVATED),
                   "licensed": ["root", "project", "ticket", "job", "library"]},
        "defaults": {"items": {"milestone": "shown", "update": "shown"}},
        "roles": ROLES,
        "clients": clients(),
        "unowned": unowned(),
        "users": users(),
    }
    sys.stdout.write(write(portal) + "\n")


if __name__ == "__main__":
    main()
