#![allow(dead_code, unused_imports)]

pub use diesel::prelude::*;
pub use diesel::sql_types::BigInt;
pub use portcullis_access::Kind;
pub use portcullis_diesel::{Lens, Placed, VisibleToDsl as _, before, listed};

diesel::table! {
    documents {
        id -> BigInt,
        client_id -> BigInt,
        title -> Text,
        secret -> Bool,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notes {
        id -> BigInt,
        document_id -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(documents, notes);
