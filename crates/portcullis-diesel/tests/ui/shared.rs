#![allow(dead_code, unused_imports)]

pub use diesel::prelude::*;
pub use diesel::sql_types::BigInt;
pub use portcullis_access::Kind;
pub use portcullis_diesel::{Lens, VisibleToDsl as _, also, before, listed};

diesel::table! {
    documents {
        id -> BigInt,
        client_id -> BigInt,
        title -> Text,
        secret -> Bool,
        due_at -> Nullable<BigInt>,
    }
}
