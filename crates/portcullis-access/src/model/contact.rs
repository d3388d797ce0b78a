use portcullis_id::{ClientId, ContactId, HostKey};

/// A contact: a person at a client, with or without a login (B17, V22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Our id.
    pub id: ContactId,
    /// The client they are at; never changes.
    pub client: ClientId,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
    /// The person's name; one field is enough (D14).
    pub name: String,
    /// Where mails go (S20).
    pub email: Option<String>,
    /// A telephone number (S20).
    pub phone: Option<String>,
}
