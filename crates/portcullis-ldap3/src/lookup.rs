use crate::SettingsError;
use ldap3::{dn_escape, ldap_escape};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// How a user name becomes an entry of the directory.
///
/// Whatever is in the name stays a name: `*`, `admin)(&` and `x,ou=admins` find nobody (bug 37,
/// CWE-90).
#[derive(Clone)]
pub struct Lookup(pub(crate) How);

#[derive(Clone)]
pub(crate) enum How {
    Search {
        base: String,
        filter: Template,
        account: Option<(String, SecretString)>,
    },
    Entry(Template),
    Principal(String),
}

/// A text with a gap.
#[derive(Clone, Debug)]
pub(crate) struct Template(String);

impl Lookup {
    /// Searches an Active Directory below `base` by `sAMAccountName`, among people, as the account
    /// `dn` with `password`.
    pub fn active_directory(
        base: impl Into<String>,
        dn: impl Into<String>,
        password: impl Into<String>,
    ) -> Self {
        let filter = "(&(objectCategory=person)(objectClass=user)(sAMAccountName={}))";
        Self::search(base, filter).searching_as(dn, password)
    }

    /// Searches below `base` with `filter`, whose `{}` is the user name, such as
    /// `(&(objectClass=person)(uid={}))`. Exactly one entry must answer. Anonymously, unless
    /// [`searching_as`](Self::searching_as) says as whom.
    pub fn search(base: impl Into<String>, filter: impl Into<String>) -> Self {
        Self(How::Search {
            base: base.into(),
            filter: Template(filter.into()),
            account: None,
        })
    }

    /// Searches as the account `dn`, which needs to read names and nothing else. Without a search
    /// it changes nothing.
    #[must_use]
    pub fn searching_as(mut self, dn: impl Into<String>, password: impl Into<String>) -> Self {
        if let How::Search { account, .. } = &mut self.0 {
            *account = Some((dn.into(), SecretString::from(password.into())));
        }
        self
    }

    /// Searches for nothing: the name of the entry is `template` with the user name in place of
    /// `{}`, such as `uid={},ou=people,dc=example,dc=org`.
    pub fn entry(template: impl Into<String>) -> Self {
        Self(How::Entry(Template(template.into())))
    }

    /// Searches for nothing: binds as `name@domain`, which an Active Directory takes. A user name
    /// that has an `@` or a `\` itself is unknown then.
    pub fn principal(domain: impl Into<String>) -> Self {
        Self(How::Principal(domain.into()))
    }

    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        match &self.0 {
            How::Search {
                filter, account, ..
            } => {
                filter.check()?;
                match account {
                    Some((_, password)) if password.expose_secret().is_empty() => {
                        Err(SettingsError::NoPassword)
                    }
                    _ => Ok(()),
                }
            }
            How::Entry(template) => template.check(),
            How::Principal(_) => Ok(()),
        }
    }
}

impl Template {
    pub(crate) fn filter(&self, name: &str) -> String {
        self.0.replace("{}", &ldap_escape(name))
    }

    pub(crate) fn dn(&self, name: &str) -> String {
        self.0.replace("{}", &dn_escape(name))
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self.0.matches("{}").count() == 1 {
            Ok(())
        } else {
            Err(SettingsError::Template(self.0.clone()))
        }
    }
}

/// `name@domain`, if that means one thing only.
pub(crate) fn principal(name: &str, domain: &str) -> Option<String> {
    let plain = !name.contains(['@', '\\', '/']);
    plain.then(|| format!("{name}@{domain}"))
}

/// Without the password of the account that searches.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            How::Search { base, filter, .. } => write!(f, "search({base}, {})", filter.0),
            How::Entry(template) => write!(f, "entry({})", template.0),
            How::Principal(domain) => write!(f, "principal({domain})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug37_a_name_stays_a_name() {
        let filter = Template("(uid={})".to_owned());
        assert_eq!(filter.filter("ada"), "(uid=ada)");
        assert_eq!(filter.filter("*"), "(uid=\\2a)");
        assert_eq!(filter.filter("admin)(&"), "(uid=admin\\29\\28&)");
        assert_eq!(filter.filter("\\00"), "(uid=\\5c00)");
        let entry = Template("uid={},dc=a".to_owned());
        assert_eq!(entry.dn("x,ou=admins"), "uid=x\\2cou\\3dadmins,dc=a");
        assert_eq!(entry.dn("#a+b"), "uid=\\23a\\2bb,dc=a");
        assert_eq!(principal("ada", "a.example").unwrap(), "ada@a.example");
        assert_eq!(principal("ada@b.example", "a.example"), None);
        assert_eq!(principal("b\\ada", "a.example"), None);
    }

    #[test]
    fn what_cannot_work_is_refused_when_built() {
        let check = |lookup: Lookup| lookup.check();
        let template = |text: &str| Lookup::search("dc=a", text);
        assert!(matches!(
            check(template("(uid=ada)")),
            Err(SettingsError::Template(_))
        ));
        assert!(matches!(
            check(template("(|(uid={})(cn={}))")),
            Err(SettingsError::Template(_))
        ));
        assert!(matches!(
            check(Lookup::entry("uid=ada")),
            Err(SettingsError::Template(_))
        ));
        let open = template("(uid={})").searching_as("cn=portal", "");
        assert!(matches!(check(open), Err(SettingsError::NoPassword)));
        assert!(check(template("(uid={})")).is_ok());
    }

    #[test]
    fn a_lookup_does_not_print_its_password() {
        let lookup = Lookup::active_directory("dc=a", "cn=portal", "planted");
        assert!(!format!("{lookup:?}").contains("planted"));
    }
}
