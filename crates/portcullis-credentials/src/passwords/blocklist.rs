//! Passwords that are guessed first: compared whole (NIST SP 800-63B-4, 3.1.1.2), so that a long
//! one may hold any word.

/// `blocklist/common.txt`, made by `blocklist/make_common.py`; BSD-3-Clause,
/// `blocklist/LICENSE-common.txt`. In the order of bytes, so that it is searched where it lies.
const COMMON: &str = include_str!("blocklist/common.txt");

/// Repetitions of so little are no password, whatever it is.
const TRIVIAL: usize = 3;

/// Whether `password`, in small letters, is one of the list or a repetition of one of it.
pub(crate) fn is_common(password: &str) -> bool {
    let unit = unit(password);
    (unit.len() < password.len() && unit.chars().count() <= TRIVIAL) || listed(unit)
}

/// What `text` is a repetition of: at least itself.
fn unit(text: &str) -> &str {
    let half = text.len() / 2;
    let units = text.char_indices().map(|(at, _)| text.split_at(at));
    units
        .skip(1)
        .take_while(|(unit, _)| unit.len() <= half)
        // Equal to itself moved by so much: every part is the one before.
        .find(|(unit, rest)| text.len().is_multiple_of(unit.len()) && text.starts_with(rest))
        .map_or(text, |(unit, _)| unit)
}

/// By halves, over the bytes of the list.
fn listed(word: &str) -> bool {
    let (mut from, mut to) = (0, COMMON.len());
    while from < to {
        let (start, line) = line_at(from + (to - from) / 2);
        match line.cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => from = start + line.len() + 1,
            std::cmp::Ordering::Greater => to = start,
        }
    }
    false
}

/// The line that byte `at` is in, its end included, and where it begins.
fn line_at(at: usize) -> (usize, &'static str) {
    let bytes = COMMON.as_bytes();
    let before = bytes.get(..at).unwrap_or_default();
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |end| end + 1);
    let line = COMMON.get(start..).unwrap_or_default();
    (start, line.split('\n').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_every_word_of_it_is_found() {
        let words: Vec<_> = COMMON.lines().collect();
        assert!(words.len() > 19_000 && words.is_sorted());
        for word in words {
            assert!(listed(word), "{word}");
            assert_eq!(word.to_lowercase(), word);
            assert!(!listed(&format!("{word}\u{1}")) && !listed(&format!("\u{1}{word}")));
        }
        for no in [
            "",
            "\n",
            "correct horse battery staple",
            "\u{10ffff}",
            "123456\n1234567",
        ] {
            assert!(!listed(no), "{no:?}");
        }
    }

    #[test]
    fn a_repetition_is_what_it_repeats() {
        for (text, of) in [
            ("", ""),
            ("a", "a"),
            ("aaaa", "a"),
            ("abab", "ab"),
            ("ababa", "ababa"),
            ("ääää", "ä"),
            ("passwordpassword", "password"),
            ("aabaab", "aab"),
        ] {
            assert_eq!(unit(text), of, "{text}");
        }
        for common in [
            "password",
            "iloveyouiloveyou",
            "aaaaaaaaaaaaaaa",
            "xqzxqzxqzxqzxqz",
            "пароль",
        ] {
            assert!(is_common(common), "{common}");
        }
        for not in [
            "my password is long",
            "passwordpasswort",
            "xqz",
            "correct horse battery",
        ] {
            assert!(!is_common(not), "{not}");
        }
    }
}
