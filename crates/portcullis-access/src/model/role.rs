use portcullis_id::RoleId;

/// A role: a named set of rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Our id.
    pub id: RoleId,
    /// Its name, unique, which is also its key in files.
    pub name: String,
    /// The rights in it, by name. Names nobody registered are kept and grant nothing.
    pub rights: Vec<String>,
}
