//! Who plays in the story, and their passwords. `quickstart/make_portal.py` made the hashes of them
//! that are in the file; they open nothing else.

/// One person of the story.
#[derive(Clone, Copy)]
pub(super) struct Person {
    /// The host's key of the user, behind `user:`.
    pub(super) who: &'static str,
    /// The user name.
    pub(super) login: &'static str,
    pub(super) password: &'static str,
}

const fn person(who: &'static str, login: &'static str, password: &'static str) -> Person {
    Person {
        who,
        login,
        password,
    }
}

/// Runs the portal.
pub(super) const ADA: Person = person("ada", "ada@kettle-crane.example", "kiln-fired teapot, blue");
/// Works for Acme and Borealis alone.
pub(super) const TOM: Person = person(
    "tom",
    "tom@kettle-crane.example",
    "nine boxes of offset ink",
);
/// At Acme: let into the relaunch of their website.
pub(super) const BOB: Person = person("bob", "bob@acme.example", "a red bicycle in the rain");
/// At Acme: reaches everything there.
pub(super) const CAROL: Person = person("carol", "carol@acme.example", "carton, foil and emboss");
/// At Borealis: reaches everything there, and nothing of Acme.
pub(super) const DAVE: Person = person("dave", "dave@borealis.example", "north light on the fjord");
/// At Borealis, and advises Acme: one login, two clients.
pub(super) const NORA: Person = person("nora", "nora@borealis.example", "two desks and one chair");
/// A guest in the relaunch of Acme's website.
pub(super) const GUS: Person = person("gus", "gus@elsewhere.example", "only here for the proofs");
/// Forgets her password.
pub(super) const ROSA: Person = person("rosa", "rosa@cedar.example", "seven rows of tomatoes");
/// His account was for 90 days, and they are over.
pub(super) const EMIL: Person = person("emil", "emil@dunlin.example", "the third lathe from left");
/// Must set a new password.
pub(super) const LENA: Person = person("lena", "lena@elder.example", "change me before Tuesday");
/// What Lena sets.
pub(super) const LENAS_NEXT: &str = "changed it on a Monday";
/// Was suspended by an administrator.
pub(super) const SVEN: Person = person("sven", "sven@fathom.example", "a very long Swedish summer");
/// Was invited and has not answered yet.
pub(super) const INES: Person = person("ines", "ines@garnet.example", "whatever she may think of");

/// What somebody types who does not know the password.
pub(super) const WRONG: &str = "not even close, sadly";
