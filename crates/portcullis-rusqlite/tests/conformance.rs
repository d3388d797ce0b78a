//! The suite that every adapter runs.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod harness;

portcullis_conformance::suite!(harness::Rusqlite);
