use crate::DefaultExposure;
use portcullis_access::{Catalogue, ContainerKind, Fields, Kind, KindEntry, KindSet, ProfileError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sharing knobs of a product, as data (7.3: K12, K13, K15, K17).
///
/// What is not named is closed: hidden by default, no field shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharingProfile {
    /// K12: the default exposure a new container of a kind is made with.
    pub containers: BTreeMap<ContainerKind, DefaultExposure>,
    /// K12: the default exposure a new item of a kind is made with, by kind name.
    pub items: BTreeMap<String, DefaultExposure>,
    /// K15: the kinds, by name, that start as drafts and exist for clients once issued.
    pub drafts_first: Vec<String>,
    /// K15, C18: what items made before the first activation get as their default.
    pub at_activation: AtActivation,
    /// K17: the fields clients may see and ask about, by kind name.
    pub fields: BTreeMap<String, FieldRule>,
    /// K17: the rule for kinds that `fields` does not name.
    pub other_fields: FieldRule,
}

/// What items made before the first activation get as their default (C18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtActivation {
    /// Hidden, so that activation shows nothing by itself (V33, V42, V56).
    Hidden,
    /// The default in force when they are made.
    FollowDefault,
}

/// Which fields of a kind clients may see and ask about (K17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldRule {
    /// All of them, those registered later too.
    All,
    /// Only these; whatever is registered later starts closed.
    Only(Vec<String>),
    /// All but these: one deny-list shared with staff under Limited Access (P26).
    AllBut(Vec<String>),
}

impl SharingProfile {
    /// The profile that shows nothing by itself: everything hidden, every field closed.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            containers: BTreeMap::new(),
            items: BTreeMap::new(),
            drafts_first: Vec::new(),
            at_activation: AtActivation::Hidden,
            fields: BTreeMap::new(),
            other_fields: FieldRule::Only(Vec::new()),
        }
    }
}

/// A sharing profile that fits its catalogue.
#[derive(Clone, Debug)]
pub struct SharingRules {
    profile: SharingProfile,
    items: BTreeMap<Kind, DefaultExposure>,
    drafts_first: KindSet,
    fields: Arc<[Fields]>,
}

impl SharingRules {
    /// Checks `profile` against `catalogue`.
    ///
    /// # Errors
    /// [`ProfileError`] with the name of the first knob that cannot work.
    pub fn new(profile: SharingProfile, catalogue: &Catalogue) -> Result<Self, ProfileError> {
        let mut items = BTreeMap::new();
        for (name, default) in &profile.items {
            items.insert(kind(catalogue, name, "items")?.kind, *default);
        }
        let mut drafts_first = KindSet::NONE;
        for name in &profile.drafts_first {
            drafts_first = drafts_first.with(kind(catalogue, name, "drafts_first")?.kind);
        }
        for name in profile.fields.keys() {
            kind(catalogue, name, "fields")?;
        }
        let mut fields = vec![Fields::NONE; usize::from(Kind::LIMIT)];
        for entry in catalogue.kinds() {
            let rule = profile.fields.get(&entry.name);
            if let Some(slot) = fields.get_mut(usize::from(entry.kind.number())) {
                *slot = mask(catalogue, entry, rule, &profile.other_fields)?;
            }
        }
        Ok(Self {
            profile,
            items,
            drafts_first,
            fields: fields.into(),
        })
    }

    /// The profile.
    pub const fn profile(&self) -> &SharingProfile {
        &self.profile
    }

    /// The default exposure of a new container, as the profile has it.
    pub fn container_default(&self, kind: ContainerKind) -> DefaultExposure {
        self.profile
            .containers
            .get(&kind)
            .copied()
            .unwrap_or_default()
    }

    /// The default exposure of a new item, as the profile has it.
    pub fn item_default(&self, kind: Kind) -> DefaultExposure {
        self.items.get(&kind).copied().unwrap_or_default()
    }

    /// Whether a new item of `kind` starts as a draft.
    pub const fn starts_as_draft(&self, kind: Kind) -> bool {
        self.drafts_first.contains(kind)
    }

    /// The fields clients may see, by number of the kind: for
    /// [`Viewer::with_fields`](portcullis_access::Viewer::with_fields).
    pub fn fields(&self) -> Arc<[Fields]> {
        Arc::clone(&self.fields)
    }
}

fn kind<'c>(
    catalogue: &'c Catalogue,
    name: &str,
    knob: &str,
) -> Result<&'c KindEntry, ProfileError> {
    catalogue.kind_named(name).ok_or_else(|| {
        ProfileError::new(
            knob,
            format!("`{name}` is no registered kind; register it or correct the name"),
        )
    })
}

fn mask(
    catalogue: &Catalogue,
    entry: &KindEntry,
    own: Option<&FieldRule>,
    other: &FieldRule,
) -> Result<Fields, ProfileError> {
    // The rule for the other kinds may name fields that this kind does not have.
    let strict = own.is_some();
    let number = |name: &String| match catalogue.field(entry.kind, name) {
        None if strict => Err(ProfileError::new(
            format!("fields.{}", entry.name),
            format!("`{name}` is no registered field; register it or correct the name"),
        )),
        found => Ok(found),
    };
    let numbers = |names: &[String]| names.iter().map(number).collect::<Result<Vec<_>, _>>();
    Ok(match own.unwrap_or(other) {
        FieldRule::All => Fields::ALL,
        FieldRule::Only(names) => numbers(names)?
            .into_iter()
            .flatten()
            .fold(Fields::NONE, Fields::with),
        FieldRule::AllBut(names) => numbers(names)?
            .into_iter()
            .flatten()
            .fold(Fields::ALL, Fields::without),
    })
}
