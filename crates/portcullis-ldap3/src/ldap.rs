use crate::lookup::{How, principal};
use crate::{DirectoryLock, Lookup, answer, ppolicy};
use ldap3::{
    DerefAliases, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, SearchOptions,
};
use portcullis_credentials::{
    Directory, DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryPassword,
    DirectoryRefusal, LoginName,
};
use rustls::ClientConfig;
use secrecy::ExposeSecret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A directory that speaks LDAP. See the [crate](crate) for an example.
pub struct Ldap {
    pub(crate) url: String,
    pub(crate) start_tls: bool,
    pub(crate) tls: Option<Arc<ClientConfig>>,
    pub(crate) timeout: Duration,
    pub(crate) lock: Option<DirectoryLock>,
    pub(crate) lookup: Lookup,
}

impl Directory for Ldap {
    /// On a thread of its own, so that it may be called from anywhere, an executor's threads
    /// included, and so that an answer that the LDAP library cannot stand is a fault and not the
    /// end of the caller.
    fn verify(
        &self,
        name: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .name("portcullis-ldap".to_owned())
                .spawn_scoped(scope, || self.run(name.key(), password.expose()))
                .map_err(down)?
                .join()
                .unwrap_or_else(|_| Err(misconfigured("the answer makes no sense")))
        })
    }

    fn lock(&self) -> Option<DirectoryLock> {
        self.lock
    }
}

impl Ldap {
    fn run(&self, name: &str, password: &str) -> Result<DirectoryAnswer, DirectoryError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(down)?;
        let answer = runtime.block_on(async {
            let asked = self.ask(name, password);
            match tokio::time::timeout(self.timeout, asked).await {
                Ok(answer) => answer,
                Err(late) => Err(DirectoryError::new(DirectoryFault::TimedOut).because(late)),
            }
        });
        // A name that is being resolved must not hold anybody up.
        runtime.shutdown_background();
        answer
    }

    /// Search, if need be, and bind, on one connection.
    async fn ask(&self, name: &str, password: &str) -> Result<DirectoryAnswer, DirectoryError> {
        let (connection, mut ldap) = LdapConnAsync::with_settings(self.settings(), &self.url)
            .await
            .map_err(fault)?;
        tokio::spawn(connection.drive());
        let dn = match &self.lookup.0 {
            How::Entry(template) => Ok(template.dn(name)),
            How::Principal(domain) => principal(name, domain).ok_or(DirectoryRefusal::Unknown),
            How::Search {
                base,
                filter,
                account,
            } => {
                if let Some((dn, password)) = account {
                    let bound = ldap.simple_bind(dn, password.expose_secret()).await;
                    let bound = bound.map_err(fault)?;
                    if bound.rc != 0 {
                        return Err(answer::fault(&bound, "the account that searches"));
                    }
                }
                find(&mut ldap, base, &filter.filter(name)).await?
            }
        };
        let answer = match dn {
            Err(refusal) => DirectoryAnswer::Refused(refusal),
            Ok(dn) => {
                let bound = ldap
                    .with_controls(ppolicy::request())
                    .simple_bind(&dn, password)
                    .await
                    .map_err(fault)?;
                answer::of_user(&bound)?
            }
        };
        // The answer stands, whether the goodbye is heard or not.
        let _ = ldap.unbind().await;
        Ok(answer)
    }

    fn settings(&self) -> LdapConnSettings {
        let settings = LdapConnSettings::new().set_starttls(self.start_tls);
        match &self.tls {
            Some(tls) => settings.set_config(Arc::clone(tls)),
            None => settings,
        }
    }
}

/// The one entry that `filter` finds.
async fn find(
    ldap: &mut ldap3::Ldap,
    base: &str,
    filter: &str,
) -> Result<Result<String, DirectoryRefusal>, DirectoryError> {
    const SIZE_LIMIT_EXCEEDED: u32 = 4;
    /// RFC 4511, 4.5.1.8: no attributes.
    const NONE: [&str; 1] = ["1.1"];
    let options = SearchOptions::new().deref(DerefAliases::Never).sizelimit(2);
    let found = ldap
        .with_search_options(options)
        .search(base, Scope::Subtree, filter, NONE)
        .await
        .map_err(fault)?;
    let ldap3::SearchResult(entries, result) = found;
    match result.rc {
        0 => {}
        SIZE_LIMIT_EXCEEDED => return Ok(Err(DirectoryRefusal::Ambiguous)),
        _ => return Err(answer::fault(&result, "the search")),
    }
    // Pointers to other servers, which Active Directory adds, are not followed.
    let mut entries = entries
        .into_iter()
        .filter(|entry| !entry.is_ref() && !entry.is_intermediate());
    let Some(entry) = entries.next() else {
        return Ok(Err(DirectoryRefusal::Unknown));
    };
    if entries.next().is_some() {
        return Ok(Err(DirectoryRefusal::Ambiguous));
    }
    let dn = SearchEntry::construct(entry).dn;
    if dn.is_empty() {
        return Err(misconfigured(
            "the search found the server's own entry, as which a bind is anonymous",
        ));
    }
    Ok(Ok(dn))
}

fn fault(error: LdapError) -> DirectoryError {
    let kind = match &error {
        LdapError::Timeout { .. } => DirectoryFault::TimedOut,
        LdapError::Io { source } if source.kind() != std::io::ErrorKind::InvalidData => {
            DirectoryFault::Down
        }
        LdapError::OpSend { .. }
        | LdapError::ResultRecv { .. }
        | LdapError::IdScrubSend { .. }
        | LdapError::EndOfStream => DirectoryFault::Down,
        _ => DirectoryFault::Misconfigured,
    };
    DirectoryError::new(kind).because(error)
}

fn down(error: std::io::Error) -> DirectoryError {
    DirectoryError::new(DirectoryFault::Down).because(error)
}

fn misconfigured(what: &str) -> DirectoryError {
    DirectoryError::new(DirectoryFault::Misconfigured).because(what)
}

impl fmt::Debug for Ldap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ldap")
            .field("url", &self.url)
            .field("start_tls", &self.start_tls)
            .field("lookup", &self.lookup)
            .finish_non_exhaustive()
    }
}
