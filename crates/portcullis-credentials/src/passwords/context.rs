//! Words that a guess would start from: of the user's own name, of the portal's.

use crate::LoginName;

/// Shorter ones are part of too much.
const LEAST: usize = 4;

/// Whether more than half of `password`, in small letters, is of the portal's words and the words
/// of `name`. A word in a longer password is fine.
pub(crate) fn is_bulk(password: &str, portal: &[String], name: Option<&LoginName>) -> bool {
    let portal = portal.iter().map(|word| word.to_lowercase());
    let name = name.map(|name| name.key().to_lowercase());
    let whole: Vec<String> = portal.chain(name).collect();
    let parts = whole
        .iter()
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<&str> = whole.iter().map(String::as_str).chain(parts).collect();
    words.retain(|word| word.chars().count() >= LEAST);
    // The longest first, so that a part does not spoil the whole.
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = zeroize::Zeroizing::new(
        words
            .iter()
            .fold(password.to_owned(), |rest, word| rest.replace(word, "")),
    );
    rest.chars().count() * 2 < password.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k06_a_password_is_not_the_name_nor_most_of_it() {
        let ada = LoginName::parse("Ada.Lovelace@Provider.example").unwrap();
        let portal = ["Client Portal".to_owned(), "ACME".to_owned()];
        for bulk in [
            "ada.lovelace@provider.example",
            "lovelace12345",
            "1lovelaceprovider",
            "acme acme acme 2026",
            "client portal 2026",
            "portalportal123",
            "acmeprovider!",
        ] {
            assert!(is_bulk(bulk, &portal, Some(&ada)), "{bulk}");
        }
        for fine in [
            "",
            "ada",
            "my lovelace machine is analytic",
            "acme is not the word here",
            "adaadaada",
        ] {
            assert!(!is_bulk(fine, &portal, Some(&ada)), "{fine}");
        }
        assert!(!is_bulk("lovelace12345", &portal, None));
        assert!(
            !is_bulk("ab1", &[], Some(&LoginName::parse("ab1").unwrap())),
            "too short to say"
        );
    }
}
