use crate::{ContainerKind, Kind, KindSet, NamedRight, Right, RightSet, Verb};
use portcullis_id::{HostKey, KeyError, KeyType};
use std::collections::HashMap;

/// What a portal can speak about: item kinds, rights and fields, each with a stable name.
///
/// It starts with the kinds and rights of the documents; a host adds its own at start-up. Names
/// go into storage and into files, and a name that storage holds and nobody registered is kept and
/// denied.
///
/// ```
/// use portcullis_access::{Catalogue, Kind, NamedRight, Right, Verb};
/// use portcullis_id::KeyType;
/// const DRAWING: Kind = Kind::host::<0>();
/// const SIGN_OFF: NamedRight = NamedRight::host::<0>();
/// let catalogue = Catalogue::built_in()
///     .with_kind(DRAWING, "drawing", "drawings", KeyType::Uuid)?
///     .with_right(SIGN_OFF, "drawings.sign-off")?;
/// let held = catalogue.resolve(["drawings.view", "drawings.sign-off", "no.such"]);
/// assert!(held.rights.contains(Right::On(Verb::View, DRAWING)));
/// assert!(held.rights.contains(Right::Named(SIGN_OFF)));
/// assert_eq!(held.unknown, ["no.such"]);
/// # Ok::<(), portcullis_access::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    kinds: Vec<KindEntry>,
    named: Vec<(NamedRight, String)>,
    aliases: Vec<(String, RightSet)>,
    keys: HashMap<Keyed, KeyType>,
}

/// What besides an item can carry a key of the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyed {
    /// Clients.
    Clients,
    /// Contacts.
    Contacts,
    /// Users.
    Users,
    /// Containers of one kind.
    Containers(ContainerKind),
}

/// What the catalogue knows of one item kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindEntry {
    /// The kind.
    pub kind: Kind,
    /// Its name, as storage and files have it: `document`.
    pub name: String,
    /// The first half of its rights: `documents`.
    pub plural: String,
    /// The native type of the host's keys of this kind.
    pub key_type: KeyType,
    /// The kind it is derived from: a task list shows if a task in it does.
    pub derived_from: Option<Kind>,
    /// The names of its fields, at most 64; their place in the list is their number.
    pub fields: Vec<String>,
}

/// Right names turned into rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// What the known names stand for.
    pub rights: RightSet,
    /// The names nobody registered: kept, and worth nothing.
    pub unknown: Vec<String>,
}

/// A kind, right or field cannot be registered. The text says which and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct CatalogueError {
    what: String,
}

impl Catalogue {
    /// The kinds and rights of the five documents. Host keys of items are text until
    /// [`Catalogue::with_keys`] says otherwise.
    #[must_use]
    pub fn built_in() -> Self {
        let kinds = BUILT_IN
            .iter()
            .map(|(kind, name, plural, fields)| KindEntry {
                kind: *kind,
                name: (*name).to_owned(),
                plural: (*plural).to_owned(),
                key_type: KeyType::Text,
                derived_from: (*kind == Kind::TASK_LIST).then_some(Kind::TASK),
                fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            })
            .collect();
        let payable = KindSet::of(Kind::PROPOSAL).with(Kind::INVOICE);
        Self {
            kinds,
            named: NAMED
                .iter()
                .map(|(right, name)| (*right, (*name).to_owned()))
                .collect(),
            aliases: vec![
                (
                    "status.view".to_owned(),
                    RightSet::of(Right::On(Verb::View, Kind::REPORT)),
                ),
                (
                    "payments.make".to_owned(),
                    RightSet::NONE.with_kinds(Verb::Pay, payable),
                ),
            ],
            keys: HashMap::new(),
        }
    }

    /// Registers a kind of the host's own.
    ///
    /// # Errors
    /// When the number or one of the names is taken or badly written.
    pub fn with_kind(
        mut self,
        kind: Kind,
        name: &str,
        plural: &str,
        key_type: KeyType,
    ) -> Result<Self, CatalogueError> {
        well_written(name)?;
        well_written(plural)?;
        if let Some(taken) = self
            .kinds
            .iter()
            .find(|entry| entry.kind == kind || entry.name == name || entry.plural == plural)
        {
            return Err(refused(format!(
                "kind `{name}` (number {}) collides with `{}` (number {}); give it another name and number",
                kind.number(),
                taken.name,
                taken.kind.number()
            )));
        }
        self.kinds.push(KindEntry {
            kind,
            name: name.to_owned(),
            plural: plural.to_owned(),
            key_type,
            derived_from: None,
            fields: Vec::new(),
        });
        Ok(self)
    }

    /// Registers a right of the host's own, such as `quotes.accept`.
    ///
    /// # Errors
    /// When the number or the name is taken or the name is badly written.
    pub fn with_right(mut self, right: NamedRight, name: &str) -> Result<Self, CatalogueError> {
        well_written(name)?;
        if self.rights_named(name).is_some() || self.named.iter().any(|(taken, _)| *taken == right)
        {
            return Err(refused(format!(
                "right `{name}` collides with one that is there; give it another name and number"
            )));
        }
        self.named.push((right, name.to_owned()));
        Ok(self)
    }

    /// Registers a field of a kind. A field nobody registered is shown to nobody but staff.
    ///
    /// # Errors
    /// When the kind is unknown, the name is taken, or the kind has 64 fields already.
    pub fn with_field(mut self, kind: Kind, field: &str) -> Result<Self, CatalogueError> {
        well_written(field)?;
        let entry = self
            .kinds
            .iter_mut()
            .find(|entry| entry.kind == kind)
            .ok_or_else(|| refused(format!("register the kind before its field `{field}`")))?;
        if entry.fields.len() >= 64 || entry.fields.iter().any(|taken| taken == field) {
            return Err(refused(format!(
                "field `{field}` of `{}` is there already, or the kind has 64 fields",
                entry.name
            )));
        }
        entry.fields.push(field.to_owned());
        Ok(self)
    }

    /// Declares the native type of the host's keys of a kind.
    ///
    /// # Errors
    /// When the kind is unknown.
    pub fn with_keys(mut self, kind: Kind, key_type: KeyType) -> Result<Self, CatalogueError> {
        let entry = self
            .kinds
            .iter_mut()
            .find(|entry| entry.kind == kind)
            .ok_or_else(|| refused("register the kind before its keys".to_owned()))?;
        entry.key_type = key_type;
        Ok(self)
    }

    /// Declares the native type of the host's keys of clients, contacts, users, or containers of
    /// one kind. Text until this says otherwise.
    #[must_use]
    pub fn keyed_by(mut self, what: Keyed, key_type: KeyType) -> Self {
        self.keys.insert(what, key_type);
        self
    }

    /// The native type of the host's keys of `what`.
    pub fn key_type(&self, what: Keyed) -> KeyType {
        self.keys.get(&what).copied().unwrap_or(KeyType::Text)
    }

    /// `key`, if it is of the type declared for `what`.
    ///
    /// # Errors
    /// [`KeyError::WrongType`] with both types; [`KeyError::Reserved`] for text beginning `id:`.
    pub fn check_key(&self, what: Keyed, key: HostKey) -> Result<HostKey, KeyError> {
        let noun = match what {
            Keyed::Clients => "clients",
            Keyed::Contacts => "contacts",
            Keyed::Users => "users",
            Keyed::Containers(kind) => kind.name(),
        };
        key.expect(self.key_type(what), noun)
    }

    /// `key`, if it is of the type declared for items of `kind`.
    ///
    /// # Errors
    /// [`KeyError::WrongType`] with both types; of a kind nobody registered, text is expected.
    /// [`KeyError::Reserved`] for text beginning `id:`.
    pub fn check_item_key(&self, kind: Kind, key: HostKey) -> Result<HostKey, KeyError> {
        match self.kind(kind) {
            Some(entry) => key.expect(entry.key_type, &entry.plural),
            None => key.expect(KeyType::Text, "items of a kind nobody registered"),
        }
    }

    /// Everything that is registered about kinds, in order of registration.
    pub fn kinds(&self) -> &[KindEntry] {
        &self.kinds
    }

    /// What is registered about `kind`.
    pub fn kind(&self, kind: Kind) -> Option<&KindEntry> {
        self.kinds.iter().find(|entry| entry.kind == kind)
    }

    /// The kind of this name.
    pub fn kind_named(&self, name: &str) -> Option<&KindEntry> {
        self.kinds.iter().find(|entry| entry.name == name)
    }

    /// The kinds that are registered.
    pub fn known(&self) -> KindSet {
        self.kinds.iter().map(|entry| entry.kind).collect()
    }

    /// The kind as whose gates 7 and 8 `kind` is judged: its own, or the one it is derived from.
    pub fn judged_as(&self, kind: Kind) -> Kind {
        self.kind(kind)
            .and_then(|entry| entry.derived_from)
            .unwrap_or(kind)
    }

    /// The number of a field of a kind.
    pub fn field(&self, kind: Kind, name: &str) -> Option<u8> {
        let fields = &self.kind(kind)?.fields;
        let place = fields.iter().position(|field| field == name)?;
        u8::try_from(place).ok()
    }

    /// The rights a name stands for, if it is registered.
    pub fn rights_named(&self, name: &str) -> Option<RightSet> {
        if let Some((_, rights)) = self.aliases.iter().find(|(alias, _)| alias == name) {
            return Some(*rights);
        }
        if let Some((right, _)) = self.named.iter().find(|(_, named)| named == name) {
            return Some(RightSet::of(Right::Named(*right)));
        }
        let (plural, verb) = name.split_once('.')?;
        let entry = self.kinds.iter().find(|entry| entry.plural == plural)?;
        let (verb, _) = Verb::ON_KINDS.iter().find(|(_, name)| *name == verb)?;
        Some(RightSet::of(Right::On(*verb, entry.kind)))
    }

    /// Turns stored names into rights; what is unknown is told apart and grants nothing.
    pub fn resolve<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Resolved {
        let mut resolved = Resolved::default();
        for name in names {
            match self.rights_named(name) {
                Some(rights) => resolved.rights = resolved.rights.union(rights),
                None => resolved.unknown.push(name.to_owned()),
            }
        }
        resolved
    }

    /// The names of what a set holds: what an administrator who points at a role sees (S41).
    pub fn describe(&self, rights: &RightSet) -> Vec<String> {
        let on_kinds = self.kinds.iter().flat_map(|entry| {
            Verb::ON_KINDS
                .iter()
                .filter(|(verb, _)| rights.contains(Right::On(*verb, entry.kind)))
                .map(|(_, verb)| format!("{}.{verb}", entry.plural))
        });
        let named = self
            .named
            .iter()
            .filter(|(right, _)| rights.contains(Right::Named(*right)))
            .map(|(_, name)| name.clone());
        on_kinds.chain(named).collect()
    }
}

fn well_written(name: &str) -> Result<(), CatalogueError> {
    let fine = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte)
        });
    if fine {
        Ok(())
    } else {
        Err(refused(format!(
            "`{name}` is no name; use 1 to 64 of a-z, 0-9, `-`, `_` and `.`"
        )))
    }
}

fn refused(what: String) -> CatalogueError {
    CatalogueError { what }
}

type BuiltIn = (Kind, &'static str, &'static str, &'static [&'static str]);

const BUILT_IN: &[BuiltIn] = &[
    (
        Kind::MILESTONE,
        "milestone",
        "milestones",
        &["title", "due", "status", "owner"],
    ),
    (
        Kind::TASK,
        "task",
        "tasks",
        &[
            "title",
            "due",
            "status",
            "description",
            "assignee",
            "estimate",
        ],
    ),
    (Kind::TASK_LIST, "task-list", "task-lists", &["title"]),
    (
        Kind::UPDATE,
        "update",
        "updates",
        &["title", "body", "author"],
    ),
    (
        Kind::DOCUMENT,
        "document",
        "documents",
        &["title", "file", "size", "version"],
    ),
    (Kind::COMMENT, "comment", "comments", &["body", "author"]),
    (
        Kind::ISSUE,
        "issue",
        "issues",
        &["title", "body", "status", "priority", "assignee"],
    ),
    (
        Kind::INVOICE,
        "invoice",
        "invoices",
        &["number", "amount", "due", "status", "margin"],
    ),
    (
        Kind::PROPOSAL,
        "proposal",
        "proposals",
        &["number", "amount", "valid-until", "status", "margin"],
    ),
    (
        Kind::DASHBOARD,
        "dashboard",
        "dashboards",
        &["title", "content"],
    ),
    (Kind::REPORT, "report", "reports", &["title", "content"]),
    (
        Kind::TIME,
        "time",
        "times",
        &["date", "hours", "description", "person", "cost-rate"],
    ),
    (
        Kind::EXPENSE,
        "expense",
        "expenses",
        &["date", "amount", "description", "person", "receipt"],
    ),
];

const NAMED: &[(NamedRight, &str)] = &[
    (NamedRight::VIEW_USERS, "users.view"),
    (NamedRight::MANAGE_USERS, "users.manage"),
    (NamedRight::MANAGE_CLIENTS, "clients.manage"),
    (NamedRight::MANAGE_ROLES, "roles.manage"),
    (NamedRight::MANAGE_CONTAINERS, "containers.manage"),
    (NamedRight::MANAGE_MEMBERS, "members.manage"),
    (NamedRight::MANAGE_SETTINGS, "settings.manage"),
    (NamedRight::PREVIEW, "portal.preview"),
    (NamedRight::READ_AUDIT, "audit.read"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s41_describe_names_every_right_of_a_role_and_reads_back() {
        let catalogue = Catalogue::built_in();
        let names = [
            "documents.view",
            "reports.view",
            "users.manage",
            "invoices.pay",
        ];
        let held = catalogue.resolve(names);
        let described = catalogue.describe(&held.rights);
        assert_eq!(
            described,
            [
                "documents.view",
                "invoices.pay",
                "reports.view",
                "users.manage"
            ]
        );
        assert_eq!(
            catalogue.resolve(described.iter().map(String::as_str)),
            held
        );
    }

    #[test]
    fn d19_payments_make_is_paying_of_both_kinds_and_nothing_else() {
        let rights = Catalogue::built_in().rights_named("payments.make").unwrap();
        assert!(rights.contains(Right::On(Verb::Pay, Kind::INVOICE)));
        assert!(rights.contains(Right::On(Verb::Pay, Kind::PROPOSAL)));
        assert!(!rights.contains(Right::On(Verb::View, Kind::INVOICE)));
    }

    #[test]
    fn a_name_or_number_taken_twice_is_refused_with_what_it_collides_with() {
        let again = Catalogue::built_in()
            .with_kind(Kind::host::<0>(), "document", "papers", KeyType::Int)
            .unwrap_err();
        assert!(again.to_string().contains("collides with `document`"));
        assert!(
            Catalogue::built_in()
                .with_right(NamedRight::host::<0>(), "users.view")
                .is_err()
        );
        assert!(
            Catalogue::built_in()
                .with_field(Kind::TASK, "title")
                .is_err()
        );
        assert!(
            Catalogue::built_in()
                .with_right(NamedRight::host::<0>(), "A b")
                .is_err()
        );
    }

    #[test]
    fn a_64th_field_fits_and_a_65th_is_refused() {
        let mut catalogue = Catalogue::built_in();
        for n in catalogue.kind(Kind::TASK).unwrap().fields.len()..64 {
            catalogue = catalogue.with_field(Kind::TASK, &format!("f{n}")).unwrap();
        }
        assert!(catalogue.with_field(Kind::TASK, "one-more").is_err());
    }
}
