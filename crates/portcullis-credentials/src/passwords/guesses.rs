//! How many guesses a password takes, as zxcvbn estimates it: behind the feature of that name.

use crate::LoginName;

/// Whether an estimate can be had at all.
pub(crate) const ESTIMATED: bool = cfg!(feature = "zxcvbn");

/// Whether `password` scores below `least`, with the names that a guess would start from given
/// away. The estimate looks at the first 100 characters and no further (bug 28).
#[cfg(feature = "zxcvbn")]
pub(crate) fn too_few(
    password: &str,
    least: u32,
    portal: &[String],
    name: Option<&LoginName>,
) -> bool {
    let portal = portal.iter().map(String::as_str);
    let words: Vec<&str> = portal.chain(name.map(LoginName::key)).collect();
    least > 0 && u32::from(u8::from(zxcvbn::zxcvbn(password, &words).score())) < least
}

/// The policy takes no score but 0 without the feature.
#[cfg(not(feature = "zxcvbn"))]
pub(crate) const fn too_few(_: &str, _: u32, _: &[String], _: Option<&LoginName>) -> bool {
    false
}

#[cfg(all(test, feature = "zxcvbn"))]
mod tests {
    use super::*;

    #[test]
    fn k06_an_estimate_knows_keyboards_dates_and_names() {
        let ada = LoginName::parse("ada.lovelace").unwrap();
        let portal = ["Xqvarkelbt".to_owned()];
        for (password, least) in [("asdfghjkl;", 3), ("14.05.1987", 3), ("aaabbbaaabbb", 3)] {
            assert!(too_few(password, least, &portal, Some(&ada)), "{password}");
        }
        assert!(!too_few("k8Q2vz7XbM4tRw1", 4, &portal, Some(&ada)));
        assert!(too_few("xqvarkelbt1", 2, &portal, Some(&ada)));
        assert!(!too_few("xqvarkelbt1", 2, &[], None));
        assert!(!too_few("", 0, &[], None), "asked for nothing");
        assert!(!too_few(
            &"word of a phrase ".repeat(1000),
            4,
            &portal,
            Some(&ada)
        ));
    }
}
