//! The scenes of the story in which people look at things and do things.

use super::Failure;
use super::cast::{self, Person};
use super::report;
use super::story::{CHECKLIST, Stage};
use super::table::Table;
use portcullis::access::{ContainerKind, Gate, Kind, UserKind, Verb};
use portcullis::id::{HostKey, UserId};
use portcullis::sharing::{Exposure, masked};
use portcullis::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::io::Write;

/// What stands first in their lists.
pub(super) fn newest(stage: &Stage<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut table = Table::new(["who", "newest document", "newest task", "newest invoice"]);
    for session in &stage.sessions {
        let me = stage.request(session.person)?;
        let mut row = vec![session.person.who.to_owned()];
        for kind in [Kind::DOCUMENT, Kind::TASK, Kind::INVOICE] {
            let page = stage.portal.page(&me, kind, None, 1, stage.now)?;
            let key = page.rows.first().map(|row| row.key().to_string());
            row.push(key.unwrap_or_else(|| ".".to_owned()));
        }
        table.row(row);
    }
    writeln!(out, "What stands first in their lists:\n\n{table}")?;
    Ok(())
}

/// Two people of one client see different things, and somebody of another client nothing of it.
pub(super) fn one_client(stage: &Stage<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let people = [
        cast::BOB,
        cast::CAROL,
        cast::GUS,
        cast::NORA,
        cast::DAVE,
        cast::TOM,
    ];
    let things = [
        (Kind::DOCUMENT, "doc-acme-website-launch-plan"),
        (Kind::TASK, CHECKLIST),
        (Kind::MILESTONE, "mil-acme-packaging-press"),
        (Kind::REPORT, "rep-acme-2025-06"),
        (Kind::DASHBOARD, "dash-acme-year"),
        (Kind::PROPOSAL, "prop-2026-relaunch"),
    ];
    let names = people.iter().map(|person| person.who);
    let mut table = Table::new(["of Acme"].into_iter().chain(names));
    let mut noes = Vec::new();
    for (kind, key) in things {
        let mut row = vec![key.to_owned()];
        for person in people {
            match refusal(stage, person, kind, key)? {
                None => row.push("sees it".to_owned()),
                Some(gate) => {
                    row.push(format!("no, gate {}", gate.number()));
                    noes.push((person, kind, key));
                }
            }
        }
        table.row(row);
    }
    writeln!(
        out,
        "The same things of Acme, asked for by six people:\n\n{table}"
    )?;
    writeln!(
        out,
        "To them each \"no\" reads the same: {}. To staff:\n",
        not_found(stage)?
    )?;
    for (person, kind, key) in noes {
        let why = why(stage, person.who, Verb::View, kind, key)?;
        writeln!(out, "  {}, {key}: {why}", person.who)?;
    }
    writeln!(out)?;
    Ok(())
}

/// A switch and a membership act at the next request.
pub(super) fn at_once(stage: &Stage<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(
        out,
        "A task of the relaunch, and Bob, who was let into it:\n"
    )?;
    let mut table = Table::new(["what happens", "bob's next request", "because"]);
    let mut scene = |what: &str| -> Result<(), Failure> {
        let sees = refusal(stage, cast::BOB, Kind::TASK, CHECKLIST)?.is_none();
        let because = why(stage, "bob", Verb::View, Kind::TASK, CHECKLIST)?;
        table.row([what, if sees { "sees it" } else { "not found" }, &because]);
        Ok(())
    };
    scene("nothing yet")?;
    let ada = stage.request(cast::ADA)?;
    let tom = stage.request(cast::TOM)?;
    stage
        .portal
        .acting(&ada)
        .share(Kind::TASK, CHECKLIST, Exposure::Shown)?;
    scene("ada switches it to Shown")?;
    stage
        .portal
        .acting(&tom)
        .members(stage.website)
        .remove(stage.bob.1)?;
    scene("tom takes bob out of the project")?;
    let added = stage
        .portal
        .acting(&tom)
        .members(stage.website)
        .add(stage.bob.0)?;
    scene(if added.invitation.is_none() {
        "tom lets him in again"
    } else {
        "tom invites him"
    })?;
    stage
        .portal
        .acting(&ada)
        .share(Kind::TASK, CHECKLIST, Exposure::Hidden)?;
    scene("ada switches it to Hidden")?;
    writeln!(out, "{table}")?;
    Ok(())
}

/// What people may not do.
pub(super) fn commands(stage: &Stage<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let portal = stage.portal;
    let operator = portal.operator("quickstart", stage.now);
    let lookup = operator.lookup();
    let (cedar, dave) = (
        lookup.container(ContainerKind::Project, "prj:cedar-brand")?,
        lookup.contact("contact:dave")?,
    );
    let (hal, toms_own) = (lookup.user("user:hal")?, lookup.user("user:tom")?);
    let (ada, tom) = (stage.request(cast::ADA)?, stage.request(cast::TOM)?);
    let carol = stage.request(cast::CAROL)?;
    let tried = [
        (
            "carol",
            "shows a task on the portal",
            portal
                .acting(&carol)
                .share(Kind::TASK, CHECKLIST, Exposure::Shown),
        ),
        (
            "tom",
            "takes Hal out of a project of Cedar's, whom he does not work for",
            portal.acting(&tom).members(cedar).remove(hal),
        ),
        (
            "tom",
            "gives himself a right",
            portal
                .acting(&tom)
                .set_rights(toms_own, &["settings.manage"]),
        ),
        (
            "tom",
            "switches the portal off",
            portal.acting(&tom).settings().set_active(false),
        ),
        (
            "ada",
            "lets Dave of Borealis into a project of Acme's",
            portal
                .acting(&ada)
                .members(stage.website)
                .add(dave)
                .map(drop),
        ),
    ];
    writeln!(out, "What was tried and refused; each is in the audit:\n")?;
    for (who, what, outcome) in tried {
        let no = no(outcome)?;
        writeln!(out, "  {who} {what}: \"{no}\"")?;
        if let Some(gate) = no.gate() {
            writeln!(out, "    {gate}; {}", gate.rows())?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// For each gate that refused a client user something, one such "no".
pub(super) fn every_gate(stage: &Stage<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut first: BTreeMap<Gate, (String, Kind, HostKey)> = BTreeMap::new();
    let operator = stage.portal.operator("quickstart", stage.now);
    operator.survey(&mut |finding| {
        let (Some(deny), Some(user)) = (finding.decision.denied(), &finding.user.key) else {
            return;
        };
        if finding.user.kind == UserKind::Staff {
            return;
        }
        let new = (user.to_string(), finding.kind, finding.key.clone());
        let old = first.entry(deny.gate).or_insert_with(|| new.clone());
        if new < *old {
            *old = new;
        }
    })?;
    writeln!(
        out,
        "Every gate that refuses somebody something, with one such \"no\":\n"
    )?;
    for (user, kind, key) in first.into_values() {
        let who = user.trim_start_matches("user:");
        let why = why(stage, who, Verb::View, kind, &key.to_string())?;
        writeln!(out, "  {who}, {key}: {why}")?;
    }
    let approve = why(
        stage,
        "carol",
        Verb::Approve,
        Kind::PROPOSAL,
        "prop-2026-relaunch",
    )?;
    writeln!(out, "  carol approves prop-2026-relaunch: {approve}")?;
    let bob = stage.request(cast::BOB)?;
    let plan = stage
        .portal
        .find(&bob, Kind::DOCUMENT, "doc-acme-website-launch-plan")?;
    let carol = stage.request(cast::CAROL)?;
    let offer = stage
        .portal
        .find(&carol, Kind::PROPOSAL, "prop-2026-relaunch")?;
    for (who, viewer, seen) in [("bob", &bob, &plan), ("carol", &carol, &offer)] {
        let hidden = masked(viewer, seen.facts(), stage.portal.catalogue(), stage.now);
        let hidden = if hidden.is_empty() {
            "nothing".to_owned()
        } else {
            hidden.join(", ")
        };
        let gate = Gate::Fields;
        writeln!(
            out,
            "  {who}, {}: {gate}, hides {hidden}; {}",
            seen.key(),
            gate.rows()
        )?;
    }
    let total: usize = report::survey(stage.portal, stage.now)?
        .values()
        .flat_map(|sight| sight.refused.values())
        .sum();
    writeln!(
        out,
        "\n{total} times \"no\" in all, to every client user and guest; each has its gate."
    )?;
    Ok(())
}

/// The gate at which somebody's request for an item ends, if it does.
fn refusal(
    stage: &Stage<'_>,
    person: Person,
    kind: Kind,
    key: &str,
) -> Result<Option<Gate>, Failure> {
    let me = stage.request(person)?;
    match stage.portal.find(&me, kind, key) {
        Ok(_) => Ok(None),
        Err(error) => match error.gate() {
            Some(gate) => Ok(Some(gate)),
            None => Err(Failure::about(key, error)),
        },
    }
}

/// What somebody reads who asks for what is not there.
fn not_found(stage: &Stage<'_>) -> Result<String, Failure> {
    let dave = stage.request(cast::DAVE)?;
    let absent = stage
        .portal
        .find(&dave, Kind::DOCUMENT, "doc-that-never-was")
        .map(drop);
    let hidden = stage.portal.find(&dave, Kind::TASK, CHECKLIST).map(drop);
    let (absent, hidden) = (no(absent)?.to_string(), no(hidden)?.to_string());
    if absent == hidden {
        Ok(format!("\"{absent}\""))
    } else {
        Err(Failure::new(
            "hidden and absent read differently; please report this",
        ))
    }
}

/// Which rule said no to one user, in words.
fn why(stage: &Stage<'_>, who: &str, verb: Verb, kind: Kind, key: &str) -> Result<String, Failure> {
    let operator = stage.portal.operator("quickstart", stage.now);
    let user: UserId = operator.lookup().user(format!("user:{who}"))?;
    let witnesses = operator.who_can(verb, kind, key)?;
    let witness = witnesses.iter().find(|witness| witness.user.id == user);
    let witness = witness.ok_or_else(|| Failure::about(who, "is no user any more"))?;
    Ok(witness.explanation.to_string())
}

/// The refusal of what must not work.
fn no(outcome: Result<(), Error>) -> Result<Error, Failure> {
    match outcome {
        Err(error) if matches!(error.kind(), ErrorKind::Hidden | ErrorKind::Refused) => Ok(error),
        Err(error) => Err(error.into()),
        Ok(()) => Err(Failure::new(
            "something was allowed that must not be; please report this",
        )),
    }
}
