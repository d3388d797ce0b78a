use super::*;

fn mixed(minutes: u32, longest_minutes: u32, until_admin_at: u32) -> Lock {
    Lock::Mixed {
        minutes,
        longest_minutes,
        until_admin_at,
    }
}

#[test]
fn nonsense_is_refused_with_the_knobs_name() {
    type Wrong = (&'static str, fn(&mut CredentialSettings));
    let wrong: [Wrong; 40] = [
        ("lock_threshold", |s| s.lock_threshold = 0),
        ("lock_threshold", |s| s.lock_threshold = 101),
        ("lock.minutes", |s| s.lock = Lock::Timed { minutes: 0 }),
        ("lock.minutes", |s| s.lock = mixed(0, 60, 100)),
        ("lock.minutes", |s| {
            s.lock = Lock::Timed { minutes: u32::MAX };
        }),
        ("lock.longest_minutes", |s| s.lock = mixed(60, 59, 100)),
        ("lock.longest_minutes", |s| {
            s.lock = Lock::Backoff {
                minutes: 1,
                longest_minutes: u32::MAX,
            };
        }),
        ("lock.until_admin_at", |s| s.lock = mixed(1, 60, 4)),
        ("lock.until_admin_at", |s| s.lock = mixed(1, 60, 101)),
        ("factor_lock.longest_minutes", |s| {
            s.factor_lock = mixed(60, 59, 100);
        }),
        ("factor_lock.until_admin_at", |s| {
            s.factor_lock = mixed(1, 60, 4);
        }),
        ("factor_lock_threshold", |s| s.factor_lock_threshold = 0),
        ("factor_lock_threshold", |s| s.factor_lock_threshold = 101),
        ("factor_lock.minutes", |s| {
            s.factor_lock = Lock::Timed { minutes: 0 }
        }),
        ("factor_skew_steps", |s| s.factor_skew_steps = 2),
        ("source_attempts_per_minute", |s| {
            s.source_attempts_per_minute = Some(0);
        }),
        ("source_attempts_per_minute", |s| {
            s.source_attempts_per_minute = Some(6_001);
        }),
        ("source_burst", |s| s.source_burst = 0),
        ("source_burst", |s| s.source_burst = 10_001),
        ("forget_after_hours", |s| s.forget_after_hours = Some(0)),
        ("password_max_bytes", |s| s.password_max_bytes = 63),
        ("password_max_bytes", |s| s.password_max_bytes = u32::MAX),
        ("password_min_length", |s| s.password_min_length = 0),
        ("password_min_length", |s| s.password_min_length = 2000),
        ("password_min_score", |s| s.password_min_score = 5),
        ("password_min_score", |s| {
            s.password_min_length = 6;
            s.password_max_length = Some(9);
            s.password_min_score = 3;
        }),
        ("name_max_length", |s| s.name_max_length = Some(0)),
        ("context_words", |s| {
            s.context_words = vec!["x".repeat(1025)];
        }),
        ("password_max_length", |s| s.password_max_length = Some(14)),
        ("session_max_hours", |s| s.session_max_hours = u32::MAX),
        ("session_idle_minutes", |s| s.session_idle_minutes = 0),
        ("session_idle_minutes", |s| s.session_idle_minutes = 25 * 60),
        ("session_touch_minutes", |s| s.session_touch_minutes = 60),
        ("invitation_hours", |s| s.invitation_hours = 169),
        ("invitation_payload", |s| {
            s.invitation_payload = InvitationPayload::Credentials;
        }),
        ("password_set_by", |s| {
            s.password_set_by = PasswordSetBy::Generated;
        }),
        ("reset_minutes", |s| s.reset_minutes = 121),
        ("base_address", |s| s.base_address = Some(String::new())),
        ("step_minutes", |s| s.step_minutes = 0),
        ("fresh_minutes", |s| s.fresh_minutes = 61),
    ];
    for (knob, change) in wrong {
        let mut settings = CredentialSettings::default();
        change(&mut settings);
        let error = CredentialPolicy::new(settings).unwrap_err();
        assert_eq!(error.knob(), knob);
        assert!(
            error
                .to_string()
                .starts_with(&format!("`{knob}` cannot be "))
        );
    }
    assert_eq!(
        CredentialPolicy::new(CredentialSettings::default()),
        Ok(CredentialPolicy::default())
    );
}

#[test]
fn a_lock_after_which_guessing_goes_on_is_named_as_weak() {
    let backoff = Lock::Backoff {
        minutes: 15,
        longest_minutes: 1440,
    };
    let weak = |lock, factor_lock| {
        let settings = CredentialSettings {
            lock,
            factor_lock,
            ..CredentialSettings::default()
        };
        let policy = CredentialPolicy::new(settings).unwrap();
        policy
            .weaknesses()
            .map(|(knob, _)| knob)
            .collect::<Vec<_>>()
    };
    assert_eq!(weak(backoff, Lock::UntilAdmin), ["lock"]);
    assert_eq!(weak(mixed(1, 1, 5), backoff), ["factor_lock"]);
    assert_eq!(weak(mixed(1, 1, 100), mixed(1, 2, 5)), [""; 0]);
}

#[test]
fn a_policy_survives_json_and_refuses_what_it_does_not_know() {
    let policy = CredentialPolicy::new(CredentialSettings {
        lock: Lock::UntilAdmin,
        ..CredentialSettings::default()
    })
    .unwrap();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(
        serde_json::from_str::<CredentialPolicy>(&text).unwrap(),
        policy
    );
    for bad in [
        "{\"lock_treshold\":5}",
        "{\"lock_threshold\":0}",
        "{\"lock\":\"never\"}",
    ] {
        assert!(
            serde_json::from_str::<CredentialPolicy>(bad).is_err(),
            "{bad}"
        );
    }
}
