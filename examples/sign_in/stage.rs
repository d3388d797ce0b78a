//! The portal of the scenes, and who is in it.

use portcullis::credentials::{
    Directory, DirectoryAnswer, DirectoryError, DirectoryPassword, DirectoryRefusal, KeyRing,
    LoginName, PasswordSetBy, SecretString, Source,
};
use portcullis::desk::{Desk, FirstLogin, NewLogin, Own};
use portcullis::id::{Timestamp, UserId, minutes};
use portcullis::{Portal, PortalBuilder, presets};
use portcullis_memory::Store;
use std::error::Error;
use std::sync::Arc;

pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A host hands in its clock; a scene moves it on.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_790_000_000_000);

pub(crate) struct Stage {
    pub(crate) portal: Portal<Store>,
    /// A visitor's address, as the host's connection has it.
    pub(crate) desktop: Source,
}

/// So many minutes into the day.
pub(crate) fn after(n: u32) -> Timestamp {
    MORNING.after(minutes(n))
}

impl Stage {
    pub(crate) fn set() -> Result<Self> {
        let mut profile = presets::safe();
        // Staff may give out a first password, which is then changed at the first sign-in.
        profile.credentials.password_set_by = PasswordSetBy::StaffThenChange;
        profile.credentials.base_address = Some("https://portal.example".to_owned());
        // A key of 32 bytes, kept apart from the database: what apps are set up with is sealed.
        let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let portal = PortalBuilder::new(profile)
            .key_ring(Arc::new(KeyRing::new("2026-11", &key)?))
            .directory(Arc::new(Company))
            .open(Store::new())?;
        let founder = portal
            .operator("setup", MORNING)
            .found("Ada", "ada@provider.example")?;
        drop(founder);
        Ok(Self {
            portal,
            desktop: Source::new("10.0.0.1"),
        })
    }

    /// Whoever administers, on the console.
    pub(crate) fn staff(&self) -> Desk<'_, Own<'_, Store>> {
        self.portal.operator("console", MORNING)
    }

    /// A colleague of that name, invited or with a password of the directory's.
    pub(crate) fn add(&self, name: &str, password: FirstLogin) -> Result<UserId> {
        let login = NewLogin {
            name: name.to_owned(),
            login: name.to_lowercase(),
            email: Some(format!("{}@provider.example", name.to_lowercase())),
            rights: Vec::new(),
            password,
            expires_in_days: None,
        };
        let (user, invitation) = self.staff().add_staff(login, false)?;
        drop(invitation);
        Ok(user)
    }

    /// One who has signed in before, with this password.
    pub(crate) fn colleague(&self, name: &str, password: &str) -> Result<UserId> {
        let user = self.add(name, FirstLogin::Invited)?;
        let link = self.staff().accounts().invite(user)?;
        let password = SecretString::from(password);
        let set = self
            .portal
            .accept_invitation(&link.secret, &password, &self.desktop, MORNING)?;
        drop(set);
        Ok(user)
    }
}

/// The company's directory: passwords there have run out.
struct Company;

impl Directory for Company {
    fn verify(
        &self,
        _: &LoginName,
        _: &DirectoryPassword<'_>,
    ) -> std::result::Result<DirectoryAnswer, DirectoryError> {
        Ok(DirectoryAnswer::Refused(DirectoryRefusal::PasswordExpired))
    }
}
