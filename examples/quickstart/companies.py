"""Who and what is in the portal that make_portal.py writes: made up, all of it."""

from times import day, millis

# slug, name, light, closed areas, contacts as "Name: what they are to the portal"
CLIENTS = [
    ("acme", "Acme Instruments", "active", [], [
        ("bob", "Bob Tanner", "member"), ("carol", "Carol Ames", "admin"),
        ("femke", "Femke Vos", "payer"), ("igor", "Igor Petrov", "none"),
        ("yuki", "Yuki Mori", "manager")]),
    ("borealis", "Borealis Outdoor", "active", ["expense"], [
        ("dave", "Dave Nyqvist", "admin"), ("nora", "Nora Lindqvist", "member"),
        ("pia", "Pia Holm", "payer"), ("siri", "Siri Aune", "member"),
        ("olle", "Olle Berg", "none")]),
    ("cedar", "Cedar & Sons Joinery", "active", [], [
        ("rosa", "Rosa Cedar", "admin"), ("hal", "Hal Cedar", "member"),
        ("winnie", "Winnie Cole", "payer"), ("sid", "Sid Marlow", "manager")]),
    ("dunlin", "Dunlin Ferries", "active", ["time", "expense"], [
        ("emil", "Emil Strand", "member"), ("asta", "Asta Friis", "admin"),
        ("jonas", "Jonas Kirk", "manager"), ("ulla", "Ulla Rask", "none")]),
    ("elder", "Elderflower Drinks", "active", [], [
        ("lena", "Lena Marsh", "member"), ("grace", "Grace Okoro", "admin"),
        ("mateo", "Mateo Ruiz", "approver"), ("beth", "Beth Lowe", "payer")]),
    ("fathom", "Fathom Maps", "active", [], [
        ("sven", "Sven Dahl", "member"), ("priya", "Priya Nair", "admin"),
        ("kofi", "Kofi Mensah", "member"), ("lotte", "Lotte Kuhn", "none"),
        ("omar", "Omar Farah", "manager")]),
    ("garnet", "Garnet Theatre", "active", ["proposal"], [
        ("ines", "Ines Duarte", "member"), ("max", "Max Adler", "admin"),
        ("zoe", "Zoe Papas", "manager"), ("hugo", "Hugo Blanc", "payer")]),
    ("harbour", "Harbour Street Books", "active", [], [
        ("tilda", "Tilda Svärd", "admin"), ("noah", "Noah Weiss", "member"),
        ("ruth", "Ruth Bloom", "payer"), ("ivan", "Ivan Kral", "none")]),
    ("indigo", "Indigo Textiles", "active", [], [
        ("anika", "Anika Rao", "admin"), ("samir", "Samir Haddad", "approver"),
        ("joan", "Joan Petit", "member"), ("tariq", "Tariq Aziz", "payer")]),
    ("juniper", "Juniper Dental", "on-hold", [], [
        ("clara", "Clara Stone", "admin"), ("otto", "Otto Brandt", "payer"),
        ("mia", "Mia Lorenz", "member")]),
    ("kestrel", "Kestrel Aviation Training", "active", ["dashboard"], [
        ("fred", "Fred Lang", "member"), ("mina", "Mina Sato", "admin"),
        ("paul", "Paul Orr", "manager"), ("judy", "Judy Finch", "member")]),
    ("lantern", "Lantern House Hotel", "active", [], [
        ("vera", "Vera Novak", "admin"), ("luis", "Luis Prado", "member"),
        ("edda", "Edda Krog", "payer"), ("raul", "Raul Silva", "manager")]),
    # They left for another agency; their people keep their logins and see nothing.
    ("mallow", "Mallow Confectionery", "inactive", [], [
        ("greta", "Greta Holt", "admin"), ("finn", "Finn Daly", "member"),
        ("enid", "Enid Wray", "none")]),
]

STAFF = [
    ("ada", "Ada Kettle", ["administrator"], True),
    ("wim", "Wim de Crane", ["administrator"], True),
    ("sofia", "Sofia Brandt", ["account manager"], True),
    ("amir", "Amir Khan", ["account manager"], True),
    ("june", "June Park", ["designer"], True),
    ("freya", "Freya Lunde", ["designer"], True),
    ("paolo", "Paolo Conti", ["account manager"], True),
    # Works for two clients alone, and does not know the others.
    ("tom", "Tom Ibsen", ["account manager"], ["acme", "borealis"]),
    ("ellie", "Ellie Wood", ["designer"], ["cedar", "dunlin", "elder"]),
    # A freelancer: reaches nothing but the projects they were assigned to.
    ("marco", "Marco Bassi", ["designer"], ["acme", "fathom"]),
]

GUESTS = [
    ("gus", "Gus Meyer", "acme"),
    ("hedda", "Hedda Moe", "borealis"),
    ("petra", "Petra Vogel", "indigo"),
    ("rolf", "Rolf Engel", "lantern"),
]

# What a contact with a login is given: roles and reach.
PARTS = {
    "member": (["project member"], []),
    "admin": (["client administrator"], ["root", "project", "ticket", "job", "library",
                                         "workspace"]),
    "payer": (["accounts payable"], ["root", "job"]),
    "manager": (["management"], ["root", "project"]),
    "approver": (["project member", "approver"], ["job"]),
}

# slug of client, kind, slug, name, members; the rest falls to the client's other members.
PROJECTS = {
    "acme": [("website", "Website relaunch"), ("packaging", "Sensor packaging"),
             ("fair", "Trade fair stand")],
    "borealis": [("catalogue", "Winter catalogue"), ("tents", "Tent manuals"),
                 ("signage", "Shop signage")],
    "cedar": [("brand", "Brand refresh"), ("brochure", "Kitchen brochure")],
    "dunlin": [("timetable", "Summer timetable"), ("livery", "Ferry livery")],
    "elder": [("labels", "Cordial labels"), ("launch", "Rhubarb launch"),
              ("web-shop", "Web shop pictures")],
    "fathom": [("atlas", "Coastal atlas"), ("app", "App store pictures")],
    "garnet": [("season", "Season programme"), ("posters", "Autumn posters")],
    "harbour": [("bags", "Book bags"), ("festival", "Reading festival")],
    "indigo": [("swatch", "Swatch books"), ("care", "Care labels")],
    "juniper": [("leaflets", "Patient leaflets")],
    "kestrel": [("handbook", "Pilot handbook"), ("badges", "Course badges")],
    "lantern": [("menus", "Menus and cards"), ("rooms", "Room directories")],
    "mallow": [("tins", "Holiday tins")],
}
TICKETS = {
    "acme": [("t-1041", "Logo looks blurred in print"), ("t-1057", "New office address")],
    "borealis": [("t-1044", "Wrong price on page 12"), ("t-1063", "Barcode will not scan")],
    "cedar": [("t-1049", "Business cards for Hal")],
    "dunlin": [("t-1050", "Timetable typo, Sunday"), ("t-1066", "Flag has the wrong red")],
    "elder": [("t-1052", "Allergen line missing"), ("t-1068", "Label peels when wet")],
    "fathom": [("t-1053", "Depth contours too faint")],
    "garnet": [("t-1055", "Sponsor added late")],
    "harbour": [("t-1058", "Reprint of 200 bags")],
    "indigo": [("t-1059", "Pantone 2766 or 2768?")],
    "kestrel": [("t-1060", "Chapter 4 out of date")],
    "lantern": [("t-1061", "Wine list, new vintages")],
    "mallow": [("t-1021", "Final files, please")],
}
MORE = [
    ("acme", "job", "job:acme-print-26-1", "Print run 26/1"),
    ("acme", "library", "lib:acme", "Logos and fonts"),
    ("acme", "workspace", "ws:acme-drafts", "Drafts of the relaunch"),
    ("borealis", "job", "job:borealis-catalogue", "Catalogue, 40,000 copies"),
    ("borealis", "library", "lib:borealis", "Picture library"),
    ("cedar", "job", "job:cedar-cards", "Business cards"),
    ("dunlin", "job", "job:dunlin-timetables", "Timetables, 8 harbours"),
    ("elder", "job", "job:elder-labels", "Labels on reels"),
    ("elder", "library", "lib:elder", "Botanical drawings"),
    ("fathom", "workspace", "ws:fathom-atlas", "Atlas proofs"),
    ("garnet", "job", "job:garnet-season", "Season programme, 6,000"),
    ("harbour", "library", "lib:harbour", "Artwork"),
    ("indigo", "job", "job:indigo-swatch", "Swatch books, bound"),
    ("indigo", "workspace", "ws:indigo-colour", "Colour trials"),
    ("kestrel", "job", "job:kestrel-handbook", "Handbooks, ring bound"),
    ("lantern", "library", "lib:lantern", "Photographs"),
]

# Who was let into what beyond the usual; a project that is named here has no usual members.
LET_IN = {
    "prj:acme-website": [("bob", "member", None, False), ("gus", "guest", "2026-06-30", False),
                         ("marco", "staff", None, False)],
    "prj:acme-packaging": [("femke", "member", None, True),
                           ("bob", "member", "2025-12-31", False)],
    "prj:acme-fair": [("yuki", "member", "2026-09-30", False)],
    "tkt:t-1041": [("bob", "member", None, False)],
    "prj:borealis-catalogue": [("nora", "member", None, True),
                               ("hedda", "guest", "2026-05-01", False)],
    "prj:fathom-atlas": [("sven", "member", None, False), ("marco", "staff", None, False)],
    "prj:indigo-swatch": [("samir", "member", None, True), ("petra", "guest", "2026-03-01", False)],
    "prj:kestrel-badges": [("judy", "member", "2026-02-28", False),
                           ("fred", "member", None, False)],
    "prj:lantern-menus": [("luis", "member", "2026-12-31", True), ("rolf", "guest", None, False)],
}
# What is out of the ordinary about a container.
ODD = {
    "prj:acme-fair": {"closed": ["time", "expense"]},
    "prj:borealis-signage": {"exposure": "hidden"},
    "prj:cedar-brochure": {"lifecycle": "draft"},
    "prj:elder-launch": {"closed": ["comment", "issue"]},
    "prj:mallow-tins": {"lifecycle": "withdrawn"},
    "tkt:t-1066": {"exposure": "hidden"},
}

# What is out of the ordinary about an account, a door and a right.
AT = {
    "rosa": {}, "emil": {"expiry": {"days": 90, "at": millis(day("2026-02-14"))}},
    "lena": {"change_due": True}, "sven": {"suspended_at": millis(day("2026-03-02"))},
    "jonas": {"disabled_at": millis(day("2026-01-31"))},
    "kofi": {"expiry": {"days": 365, "at": millis(day("2026-10-01"))}},
}
INVITED = {"ines", "mina", "edda"}
DIRECT = {
    "bob": ["documents.view", "status.view"], "carol": ["payments.make"],
    "femke": ["documents.view", "payments.make"], "pia": ["status.view"],
    "yuki": ["documents.view"],
}
DOORS = {
    "femke": {"until": millis(day("2027-01-01"))},
    "kofi": {"until": millis(day("2026-01-31"))},
    "ruth": {"paused": True},
}
