//! What of the host's own stands in a statement beside our condition, and what may not.

use portcullis_access::Error;

/// Refuses a part of a statement that would change what stands behind it.
pub(super) fn whole(part: &str) -> Result<(), Error> {
    if closed(part) {
        return Ok(());
    }
    Err(Error::invalid(
        "a part of the statement opens or closes a parenthesis or a quote too many, or has a comment, a `;`, a numbered `?1` or a string that is not in plain quotes; write each part whole and without comments, bind such strings, and each value with a `?` of its own",
    ))
}

/// Whether rows of a second SELECT could stand beside those of the first.
pub(super) fn combines(sql: &str) -> bool {
    words(sql).any(|word| matches!(word.as_str(), "UNION" | "INTERSECT" | "EXCEPT"))
}

/// The columns of a plain SELECT, and what is behind its FROM; none where that is not plain to see.
pub(super) fn split(select: &str) -> Option<(&str, &str)> {
    let plain = words(select).enumerate().all(|(place, word)| match place {
        0 => word == "SELECT",
        _ => !matches!(
            word.as_str(),
            "SELECT" | "DISTINCT" | "UNION" | "INTERSECT" | "EXCEPT"
        ),
    });
    let upper = select.to_ascii_uppercase();
    let mut places = upper.match_indices(" FROM ");
    let (at, word) = places.next()?;
    let columns = select.get(..at)?;
    let one = places.next().is_none() && closed(columns);
    (plain && one).then_some((columns, select.get(at + word.len()..)?))
}

/// How the columns of a statement of the host's are called, by which rows of ours may stand beside the
/// host's in it or may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostColumns {
    /// A `*` selects them, which would take ours as well.
    Every,
    /// At least one is called as one of ours is, without its table.
    Bare,
    /// Whatever is called as one of ours stands with its table.
    Named,
}

impl HostColumns {
    /// Those of `selected` and of the `other` parts of the statement.
    pub fn of(selected: &str, others: &[&str]) -> Self {
        let named = |part: &&str| names_its_tables(part);
        if selects_every(selected) {
            Self::Every
        } else if others.iter().chain([&selected]).all(named) {
            Self::Named
        } else {
            Self::Bare
        }
    }
}

/// Whether the columns of a table beside would be selected too.
fn selects_every(selected: &str) -> bool {
    selected.replace(".*", "").replace("(*)", "").contains('*')
}

/// Whether nothing in `sql` could be a column of ours: whatever is called as one of these stands behind
/// a point, with its table.
fn names_its_tables(sql: &str) -> bool {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = sql;
    while let Some(start) = rest.find(in_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|c| !in_word(c)).unwrap_or(word.len());
        let (word, behind) = word.split_at(end);
        let ours = COLUMNS.contains(&word.to_ascii_lowercase().as_str());
        if ours && !before.trim_end_matches(['"', '`']).ends_with('.') {
            return false;
        }
        rest = behind;
    }
    true
}

/// The columns of items, containers and clients, and what SQLite calls the number of a row.
pub(super) const COLUMNS: [&str; 25] = [
    "_rowid_",
    "author_id",
    "client_id",
    "closed",
    "container_id",
    "created_at",
    "default_exposure",
    "exposure",
    "id",
    "key_int",
    "key_text",
    "key_uuid",
    "kind",
    "lifecycle",
    "light",
    "main_contact",
    "name",
    "oid",
    "older",
    "open",
    "parent_id",
    "path",
    "rowid",
    "sort",
    "sort_key",
];

pub(super) fn words(sql: &str) -> impl Iterator<Item = String> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase)
}

/// Whether every parenthesis and quote in `sql` is closed in it and none that it did not open, and it
/// has no comment, no `;`, no `?1` and no string whose end is not its next quote: `E'..'` and
/// `$tag$..$tag$`.
pub(super) fn closed(sql: &str) -> bool {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut depth = 0_u32;
    let mut quote = None;
    // What stood before the last character, and that.
    let mut before = [' ', ' '];
    for c in sql.chars() {
        let [first, last] = before;
        before = [last, c];
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'') if matches!(last, 'e' | 'E') && !in_word(first) => return false,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            (None, ';') => return false,
            // The first of ours is ?1.
            (None, '0'..='9') if last == '?' => return false,
            (None, _) if last == '$' && !in_word(first) && !c.is_ascii_digit() => return false,
            _ => {}
        }
    }
    depth == 0 && quote.is_none() && !sql.contains("--") && !sql.contains("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_select_is_split_at_its_from() {
        for (select, split_at) in [
            ("SELECT d.*, COUNT(*) from documents d", Some("documents d")),
            ("SELECT EXTRACT(YEAR FROM d.at) FROM documents d", None),
            ("SELECT DISTINCT d.id FROM documents d", None),
            ("SELECT 1 FROM a UNION SELECT d.id FROM documents d", None),
            ("DELETE FROM documents", None),
        ] {
            assert_eq!(split(select).map(|(_, from)| from), split_at, "{select}");
        }
    }

    #[test]
    fn columns_of_ours_are_taken_for_the_hosts_by_a_star_or_a_bare_name() {
        for (selected, columns) in [
            ("d.a, d.id, COUNT(*), d.*", HostColumns::Named),
            ("d.a, id", HostColumns::Bare),
            ("*", HostColumns::Every),
            ("id, *", HostColumns::Every),
            ("d.a * d.b", HostColumns::Every),
        ] {
            assert_eq!(
                HostColumns::of(selected, &["d.c = ? * 2"]),
                columns,
                "{selected}"
            );
        }
        assert_eq!(
            HostColumns::of("d.a", &["d.b", "kind = 1"]),
            HostColumns::Bare
        );
    }
}
