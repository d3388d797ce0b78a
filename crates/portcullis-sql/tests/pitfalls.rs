//! The twenty mistakes that others made before us, and the tests that keep us from them.
//!
//! Row-level security is not used yet, so its four have none; everything else must have a test of
//! this name in some crate.

#![expect(clippy::expect_used, reason = "support of tests stands beside them")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the pitfall is, and every test of it, without `pitfallNN_`.
const PITFALLS: [(&str, &[&str]); 20] = [
    (
        "a deferred transaction that reads and then writes fails at once",
        &[
            "reading_and_then_writing_never_fails_half_way",
            "a_host_that_read_before_another_wrote_is_told_to_start_again",
            "a_transaction_that_read_first_is_busy_at_its_first_write_and_ours_takes_its_turn",
        ],
    ),
    (
        "a driver's patience with a locked database may be none",
        &[
            "a_connection_has_patience_and_wal",
            "a_connection_is_given_patience_and_every_setting_is_read_back",
            "a_writer_waits_for_another_instead_of_failing_at_once",
            "a_setting_that_does_not_take_is_told_by_its_name",
            "somebody_who_changes_the_same_setting_is_waited_for",
            "a_store_that_is_opened_waits_for_whoever_holds_the_file",
        ],
    ),
    (
        "Diesel begins no immediate transaction inside another",
        &["a_call_joins_a_transaction_in_which_diesel_can_begin_no_immediate_one"],
    ),
    (
        "whether SQLite enforces foreign keys depends on how it was compiled",
        &[
            "foreign_keys_are_on_however_sqlite_was_compiled",
            "a_setting_that_does_not_take_is_an_error",
            "a_connection_that_ignores_foreign_keys_is_refused",
            "a_connection_that_does_not_enforce_foreign_keys_is_refused",
        ],
    ),
    (
        "an unqualified column is captured by a subquery",
        &[
            "a_column_without_alias_is_refused_with_what_to_write",
            "a_list_in_returning_on_sqlite_is_refused",
            "a_name_that_is_a_column_of_ours_keeps_our_rows_from_beside_the_hosts",
            "a_name_like_ours_before_a_point_is_found_in_any_quotes",
            "an_alias_like_ours_is_refused",
        ],
    ),
    (
        "a statement that fails ends the host's transaction on PostgreSQL",
        &[
            "a_call_that_fails_leaves_the_hosts_transaction_whole",
            "a_joined_call_that_fails_leaves_the_rest",
            "a_joined_call_is_released_or_undone",
            "a_refused_call_leaves_the_hosts_transaction_as_it_was",
        ],
    ),
    (
        "an OR behind the condition opens everything",
        &[
            "a_list_is_in_parentheses_and_nobody_sees_anything_past_the_viewers_end",
            "every_condition_is_in_parentheses_of_its_own",
            "listed_is_the_safe_way_where_types_are_forgotten",
            "beside_a_boxed_query",
            "beside_a_delete_or_an_update",
            "beside_in_an_upsert_and_in_a_query_within",
            "a_case_of_a_list_and_what_is_selected_are_no_conditions",
            "looking_where_a_condition_stands_changes_nothing",
        ],
    ),
    (
        "an outbox read by sequence loses who commits late",
        &["mails_are_in_the_outbox_in_the_order_of_their_commits"],
    ),
    (
        "a setting that was local is empty afterwards, not NULL",
        ROW_LEVEL_SECURITY,
    ),
    ("a setting outlives its user in a pool", ROW_LEVEL_SECURITY),
    (
        "a setting called `portal.user` is a syntax error",
        ROW_LEVEL_SECURITY,
    ),
    (
        "superusers and owners are above policies",
        ROW_LEVEL_SECURITY,
    ),
    (
        "a plan for everybody is bad for the largest client",
        &["no_statement_is_planned_for_everybody_at_once"],
    ),
    (
        "a cache of statements grows without end, or holds too few",
        &[
            "a_hundred_statements_stay_prepared",
            "the_texts_of_lists_are_few",
            "a_connection_keeps_a_bounded_number_of_statements",
        ],
    ),
    (
        "a panic inside a unit of work",
        &[
            "a_panic_rolls_back_and_the_store_works_on",
            "a_panic_in_a_joined_call_undoes_that_call_alone",
            "a_panic_undoes_the_call_alone",
            "a_panic_in_a_unit_of_work_leaves_nothing_and_the_store_goes_on",
            "a_panic_rolls_back_and_the_connection_is_not_used_again",
        ],
    ),
    (
        "a collation takes one id for another",
        &[
            "ids_that_differ_in_case_alone_are_two",
            "a_list_is_the_rule_row_by_row_whatever_the_hosts_collation",
        ],
    ),
    (
        "a table that is not strict stores text in a number",
        &[
            "every_table_is_strict",
            "a_strict_table_refuses_text_in_a_number",
            "a_column_of_numbers_takes_no_text",
        ],
    ),
    (
        "ids fetched first lose the order of the index",
        &["every_list_names_its_index_and_keeps_its_order"],
    ),
    (
        "the complement and the count of a list with NULL in it",
        &["a_row_without_a_key_is_no_clients_whichever_way_it_is_asked"],
    ),
    (
        "tests on PostgreSQL that skip in silence",
        &["a_server_that_is_missing_fails_in_ci"],
    ),
];

const ROW_LEVEL_SECURITY: &[&str] = &[];

#[test]
fn every_pitfall_has_its_tests_and_they_are_listed() {
    let mut listed = BTreeSet::new();
    for (number, (what, tests)) in (1..).zip(PITFALLS) {
        let secured_later = (9..=12).contains(&number);
        assert_eq!(tests.is_empty(), secured_later, "{number}: {what}");
        listed.extend(
            tests
                .iter()
                .map(|test| format!("pitfall{number:02}_{test}")),
        );
    }
    let mut written = BTreeSet::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in entries(&crates) {
        for sources in ["src", "tests"] {
            collect(&folder.join(sources), &mut written);
        }
    }
    let missing: Vec<_> = listed.difference(&written).collect();
    assert!(missing.is_empty(), "listed and not written: {missing:?}");
    let unlisted: Vec<_> = written.difference(&listed).collect();
    assert!(unlisted.is_empty(), "written and not listed: {unlisted:?}");
}

/// The names of all tests of pitfalls in the files under `folder`.
fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in entries(folder) {
        if entry.is_dir() {
            collect(&entry, names);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&entry).expect("a source");
            let tests = text.lines().zip(text.lines().skip(1));
            names.extend(tests.filter_map(|(attribute, line)| test_name(attribute, line)));
        }
    }
}

fn test_name(attribute: &str, line: &str) -> Option<String> {
    // A test, or one that a macro or an attribute more makes of a function.
    let marked = attribute.trim_start().starts_with("#[") || attribute.trim_end().ends_with('{');
    let name = line.trim_start().strip_prefix("fn ")?.split('(').next()?;
    (marked && name.starts_with("pitfall")).then(|| name.to_owned())
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// The check above reads what the compiler does.
#[test]
fn a_test_is_told_from_what_is_none() {
    assert_eq!(
        test_name("    #[test]", "    fn pitfall07_it() {"),
        Some("pitfall07_it".to_owned())
    );
    assert_eq!(test_name("#[test]", "fn another() {"), None);
    assert_eq!(test_name("// gone:", "// fn pitfall07_it() {"), None);
}
