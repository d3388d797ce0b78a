//! The ports of the access core, one a file.

mod affiliations;
mod clients;
mod contacts;
mod portals;
mod roles;
mod subjects;
mod users;

use crate::statement::Statement;

/// The statements of all of them.
pub(crate) const ALL: [&[Statement]; 7] = [
    affiliations::ALL,
    clients::ALL,
    contacts::ALL,
    portals::ALL,
    roles::ALL,
    subjects::ALL,
    users::ALL,
];
