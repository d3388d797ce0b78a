use super::{Characters, CredentialPolicy, InvitationPayload, PasswordSetBy};

const ENDLESS: &str =
    "wrong answers in a row come to no end, where 100 are the most (NIST SP 800-63B-4, 3.2.2)";

impl CredentialPolicy {
    /// The settings under which accounts are easier to guess into than the standard has it, each by
    /// its name and with the reason: what a check of a profile reports. The default has none.
    ///
    /// ```
    /// use portcullis_credentials::{CredentialPolicy, CredentialSettings};
    /// let compat = CredentialPolicy::new(CredentialSettings::six_to_fifteen_letters_and_digits())?;
    /// let weak: Vec<_> = compat.weaknesses().map(|(knob, _)| knob).collect();
    /// assert_eq!(weak, ["password_min_length", "password_max_length", "password_characters"]);
    /// assert_eq!(CredentialPolicy::default().weaknesses().count(), 0);
    /// # Ok::<(), portcullis_credentials::PolicyError>(())
    /// ```
    pub fn weaknesses(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let settings = self.settings();
        let found = [
            (settings.password_min_length < 15).then_some((
                "password_min_length",
                "below 15 where the password is all there is (NIST SP 800-63B-4, 3.1.1.2)",
            )),
            (settings.password_min_length_with_factor < 8).then_some((
                "password_min_length_with_factor",
                "below 8 beside a second factor (NIST SP 800-63B-4, 3.1.1.2)",
            )),
            settings
                .password_max_length
                .filter(|&most| most < 64)
                .map(|_| {
                    (
                        "password_max_length",
                        "below 64, which keeps good passwords out (NIST SP 800-63B-4, 3.1.1.2)",
                    )
                }),
            (settings.password_characters != Characters::Any).then_some((
                "password_characters",
                "a rule on characters makes passwords easier to guess (NIST SP 800-63B-4, 3.1.1.2)",
            )),
            (settings.password_set_by == PasswordSetBy::Staff).then_some((
                "password_set_by",
                "somebody else knows the password for good (ASVS 6.4.6)",
            )),
            (settings.password_set_by == PasswordSetBy::Generated).then_some((
                "password_set_by",
                "what was mailed stays the password (ASVS 6.4.1)",
            )),
            (settings.invitation_payload == InvitationPayload::Credentials).then_some((
                "invitation_payload",
                "a password in a mail is read by whoever reads the mail, now or in years (ASVS 6.4.1)",
            )),
            (!settings.lock.ends_guessing()).then_some(("lock", ENDLESS)),
            (!settings.factor_lock.ends_guessing()).then_some(("factor_lock", ENDLESS)),
        ];
        found.into_iter().flatten()
    }
}
