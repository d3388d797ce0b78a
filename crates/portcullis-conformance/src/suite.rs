/// Makes one test of each law, for an adapter that serves a whole portal.
///
/// ```ignore
/// portcullis_conformance::suite!(MyHarness);
/// ```
#[macro_export]
macro_rules! suite {
    ($harness:ty) => {
        $crate::suite!(@each tests $harness);
        $crate::credentials_suite!($harness);
    };
    (@each $then:ident $($harness:ty)?) => {
        $crate::suite! { @$then $($harness)?:
            addresses::bug07_an_address_is_no_second_name
            addresses::bug27_of_two_addresses_that_cross_one_stays
            addresses::choice18_a_change_of_address_is_told_at_the_one_before
            agreement::decisions_follow_the_document
            agreement::lists_are_what_decide_allows
            agreement::opening_is_finding
            agreement::containers_are_entered_as_decided
            agreement::who_can_is_what_each_sees
            attempts::bug02_counted_exactly_on_disk
            at_once::a_change_counts_at_the_next_decision
            at_once::a_viewer_past_its_end_sees_nothing
            at_once::a_viewer_within_its_end_sees_what_a_fresh_one_does
            backward_default::a_default_changes_nothing_that_is_there
            deny_by_default::an_empty_policy_shows_nothing
            deny_by_default::a_new_kind_starts_closed
            deny_by_default::what_nobody_registered_is_kept_and_denied
            file::an_export_of_an_import_equals_it
            file::a_file_that_fails_leaves_nothing
            host_list::a_hosts_list_is_what_decide_allows
            keyset::pages_under_inserts_neither_skip_nor_repeat
            last_administrator::bug12_of_all_administrators_locked_at_once_one_comes_back
            lock::no_grant_reaches_past_the_client_lock
            monotone::taking_shows_nothing_new
            monotone::giving_hides_nothing
            preview::a_preview_is_the_contacts_own_session
            raise::nobody_raises_anybody
            raise::fixed_roles_stay_fixed
            secrets::s61_choice15_no_secret_is_kept_or_printed
            sessions::bug38_what_ends_a_session_ends_it_at_once
            sessions::bug38_a_change_of_the_account_ends_its_sessions
            settled::verdicts_are_settled_after_every_write
            trace::a_refused_command_leaves_no_trace
            trace::a_panic_leaves_no_trace
            trace::what_is_called_kept_is_there
            two_worlds::hidden_data_changes_no_answer
            two_worlds::a_stale_viewer_cannot_tell_hidden_from_absent
            worlds::worlds_are_not_degenerate
        }
    };
    (@names: $($file:ident :: $law:ident)+) => {
        &[$(stringify!($law)),+]
    };
    (@tests $harness:ty: $($file:ident :: $law:ident)+) => {
        $(
            #[test]
            fn $law() {
                if <$harness as $crate::CredentialHarness>::ready() {
                    $crate::law::$file::$law::<$harness>();
                    <$harness as $crate::CredentialHarness>::held(stringify!($law));
                }
            }
        )+
    };
}

/// Makes one test of each law about accounts, for a host that implements those ports alone.
///
/// ```ignore
/// portcullis_conformance::credentials_suite!(MyHarness);
/// ```
#[macro_export]
macro_rules! credentials_suite {
    ($harness:ty) => {
        $crate::credentials_suite!(@each tests $harness);
    };
    (@each $then:ident $($harness:ty)?) => {
        $crate::credentials_suite! { @$then $($harness)?:
            attempts::bug01_s24_counted_exactly_under_threads
            attempts::bug14_locks_grow_and_are_forgotten_by_a_success
            attempts::bug15_s24_s25_choice23_a_right_password_forgets_what_came_before
            accounts::bug08_d05_s16_choice11_a_name_is_one_account_in_every_spelling
            accounts::bug26_a_token_is_redeemed_once
            accounts::bug38_sessions_end_with_their_epoch
            accounts::bug38_a_hash_is_replaced_and_ends_nothing
            accounts::what_is_refused_changes_nothing
            beside::bug26_a_code_beside_sign_ins
            beside::bug26_a_forced_change_beside_sign_ins
            beside::bug26_an_enrolment_beside_sign_ins
            beside::s29_an_app_that_is_offered_anew_burns_no_step
            directory::bug13_asked_exactly_as_often_as_it_takes_to_lock
            directory::no_answer_is_taken_back
            directory::s30_s31_neither_has_the_others_password
            factors::bug32_a_step_is_used_once_and_none_before_it
            factors::bug35_a_recovery_code_is_used_once
            factors::bug05_bug17_wrong_codes_are_counted_exactly
            factors::a_factor_goes_with_its_account
            factors::s29_a_second_factor_is_asked_for
            former_passwords::k06_the_newest_former_passwords_are_kept
            former_passwords::k06_a_password_is_not_used_again
            guards::s29_a_password_that_is_short_is_set_beside_a_factor_or_not_at_all
            meanwhile::bug03_right_ones_at_once_enter_or_meet_the_lock
            meanwhile::bug03_a_success_leaves_the_lock_that_others_reached
            meanwhile::bug04_an_attempt_stays_counted_whatever_is_taken_back
            meanwhile::bug06_who_is_stopped_meanwhile_finishes_nothing
            meanwhile::bug06_who_is_stopped_while_it_is_weighed_finishes_nothing
            meanwhile::bug16_a_success_forgets_nothing_but_its_own
            odd::bug08_names_of_all_scripts_are_kept_and_found
            odd::bug10_bug11_bug28_what_nobody_would_type_is_counted_and_kept
            odd::bug14_a_lock_holds_to_its_tick_at_the_ends_of_time
            outbox::a_mail_waits_as_it_was_posted
            outbox::choice15_a_mail_is_taken_by_one
            outbox::d33_d55_choice15_a_mailed_password_lets_in_and_is_kept_nowhere
            own_sessions::a_session_is_rotated_once
            own_sessions::sessions_are_listed_and_ended_by_their_owner
            rates::bug12_spent_exactly_under_threads
            rates::a_rate_is_dropped_when_it_is_paid_back
            rates::bug26_a_purge_beside_requests
            rates::bug12_bug16_a_source_has_so_many_attempts
            rekeying::choice15_mails_that_carry_a_secret_are_sealed_anew
            rekeying::k06_when_the_old_key_may_leave_nothing_lies_under_it
            removed::bug06_who_is_removed_between_two_commits_is_refused
            removed::bug06_who_is_removed_while_it_is_counted_is_refused
            removed::nothing_is_counted_of_nobody
            resets::bug26_a_link_sets_a_password_once
            resets::bug06_bug21_a_link_opens_no_lock
            turns::a_command_without_a_turn_is_refused
        }
    };
    (@names: $($file:ident :: $law:ident)+) => {
        &[$(stringify!($law)),+]
    };
    (@tests $harness:ty: $($file:ident :: $law:ident)+) => {
        $(
            #[test]
            fn $law() {
                if <$harness as $crate::CredentialHarness>::ready() {
                    $crate::law::$file::$law::<$harness>();
                    <$harness as $crate::CredentialHarness>::held(stringify!($law));
                }
            }
        )+
    };
}

/// The names of all laws, those about accounts last: what [`Harness::held`] is called with.
///
/// [`Harness::held`]: crate::Harness::held
pub const LAWS: [&[&str]; 2] = [suite!(@each names), credentials_suite!(@each names)];
