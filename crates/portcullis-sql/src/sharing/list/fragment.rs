use super::sql::Sql;
use crate::Val;
use portcullis_access::Error;

/// A condition on rows of the host's table, in parentheses, and the values of its `?` in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition that is in no statement hides nothing"]
pub struct Fragment {
    pub(super) text: String,
    pub(super) params: Vec<Val<'static>>,
    pub(super) joined: Option<Joined>,
}

/// The same condition as a join, with the same values in the same order: of our lists with the host's
/// table, or of that with our rows. An IN reads its list to the end, and on SQLite twice where more
/// than one column is compared, and a question for each row is asked anew for each; a join does neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    /// What stands between FROM and the host's tables, and behind these.
    around: [String; 2],
    condition: String,
    /// Whether columns of ours could be taken for the host's where it names no table.
    open: bool,
}

impl Joined {
    /// What the column of a list is called.
    pub(super) fn key(place: usize) -> String {
        format!("portcullis_k{place}")
    }

    /// The same with its table.
    pub(super) fn column(place: usize) -> String {
        format!("portcullis_l.{}", Self::key(place))
    }

    /// `lists` is a SELECT, in which no row is twice; `alike` is what holds between a row of it and
    /// one of the host's.
    pub(super) fn to_lists(lists: &str, alike: &[String], rest: &str) -> Self {
        Self {
            around: [
                format!("({lists}) AS portcullis_l CROSS JOIN "),
                String::new(),
            ],
            condition: format!("{} AND {rest}", alike.join(" AND ")),
            open: false,
        }
    }

    /// `rows` are joins of at most one row of ours with each of the host's.
    pub(super) fn to_rows(rows: &str, condition: &str) -> Self {
        Self {
            around: [String::new(), rows.to_owned()],
            condition: condition.to_owned(),
            open: true,
        }
    }

    /// Every text in it.
    pub(super) fn parts(&mut self) -> impl Iterator<Item = &mut String> {
        self.around.iter_mut().chain([&mut self.condition])
    }

    /// `FROM` and `WHERE` of ours and `from`; none where a join would change what `from` or one of the
    /// `others` means, or the order of the values.
    fn beside(&self, from: &str, others: &[&str]) -> Option<String> {
        let plain = words(from).all(|word| !matches!(word.as_str(), "RIGHT" | "FULL" | "NATURAL"));
        let named = !self.open
            || others
                .iter()
                .chain([&from])
                .all(|part| names_its_tables(part));
        if !(plain && named && closed(from)) || from.contains(['?', '$', ':']) {
            return None;
        }
        Some(self.from(from))
    }

    /// `FROM` and `WHERE` of ours and `from`, which is as it must be.
    pub(super) fn from(&self, from: &str) -> String {
        let [before, behind] = &self.around;
        let condition = &self.condition;
        format!("FROM {before}{from}{behind} WHERE ({condition})")
    }

    /// Whether it is for statements alone in which every column stands with its table.
    pub(super) const fn open(&self) -> bool {
        self.open
    }
}

impl Fragment {
    pub(super) fn of(sql: Sql) -> Self {
        Self {
            text: sql.text,
            params: sql.values,
            joined: None,
        }
    }

    /// The condition, to be put behind `WHERE` or `AND`. It is in parentheses; still, an `OR` behind
    /// it would open everything, so let [`query`](Self::query) put the statement together.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values of its `?`, in order.
    pub fn params(&self) -> &[Val<'static>] {
        &self.params
    }

    /// The whole statement: `select` up to its FROM, this condition, `also` beside it (or nothing),
    /// and `tail` with the order and the limit. Values are bound in that order.
    ///
    /// ```
    /// # fn newest(visible: &portcullis_sql::Fragment) -> Result<String, portcullis_access::Error> {
    /// visible.query(
    ///     "SELECT d.* FROM documents d",
    ///     "d.title LIKE ?1 OR d.tag = ?1",
    ///     "ORDER BY d.created_at DESC, d.id DESC LIMIT 50",
    /// )
    /// # }
    /// ```
    ///
    /// # Errors
    /// Invalid for whatever could get around the condition: a WHERE in `select`, anything but an order,
    /// a grouping or a limit in `tail`, a second SELECT beside the first (UNION and its like), and in
    /// each of the three a parenthesis or quote that is not closed there, a comment, a `;`, a string with
    /// escapes (`E'..'`) or between dollars.
    pub fn query(&self, select: &str, also: &str, tail: &str) -> Result<String, Error> {
        let head = self.narrowed(select, also)?;
        let first = words(tail).next();
        if !matches!(first.as_deref(), None | Some("ORDER" | "GROUP" | "LIMIT")) || combines(tail) {
            return Err(Error::invalid(
                "only ORDER BY, GROUP BY or LIMIT stands behind the condition; put further conditions into the second argument, where they narrow it",
            ));
        }
        whole(tail)?;
        let joined = self.joined.as_ref().zip(split(select));
        let joined = joined.and_then(|(joined, (columns, from))| {
            Some(format!(
                "{columns} {}{}",
                joined.beside(from, &[columns, also, tail])?,
                beside(also)
            ))
        });
        Ok(format!("{} {tail}", joined.unwrap_or(head)))
    }

    /// The statement that counts the rows of `from`, at most `cap` of them: "1,000 or more" is told
    /// with a cap of 1,000 at the cost of a thousand rows, however many there are. `also` narrows as
    /// in [`query`](Self::query). Values are bound in the order of the text. Ask for the condition
    /// with [`counted`](crate::VisibleTo::counted): it is quickest then.
    ///
    /// An exact count reads every row the viewer may see, hundreds of thousands for staff; where that
    /// is wanted, `query("SELECT COUNT(*) FROM documents d", "", "")` makes one.
    ///
    /// ```
    /// # fn some(visible: &portcullis_sql::Fragment) -> Result<String, portcullis_access::Error> {
    /// visible.capped_count("documents d", "d.tag = ?", 1_000)
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`query`](Self::query).
    pub fn capped_count(&self, from: &str, also: &str, cap: u32) -> Result<String, Error> {
        let mut rows = self.narrowed(&format!("SELECT 1 FROM {from}"), also)?;
        let joined = self.joined.as_ref();
        if let Some(joined) = joined.and_then(|joined| joined.beside(from, &[also])) {
            rows = format!("SELECT 1 {joined}{}", beside(also));
        }
        Ok(format!(
            "SELECT COUNT(*) FROM ({rows} LIMIT {cap}) AS portcullis_n"
        ))
    }

    /// `select` with this condition and `also` beside it.
    fn narrowed(&self, select: &str, also: &str) -> Result<String, Error> {
        if words(select).any(|word| word == "WHERE") {
            return Err(Error::invalid(
                "conditions of your own go beside this one; put them into the second argument",
            ));
        }
        if combines(select) {
            return Err(Error::invalid(
                "the condition is for one SELECT; ask for each with a condition of its own, and put them together after that",
            ));
        }
        whole(select)?;
        whole(also)?;
        Ok(format!("{select} WHERE {}{}", self.text, beside(also)))
    }
}

/// Refuses a part of a statement that would change what stands behind it.
fn whole(part: &str) -> Result<(), Error> {
    if closed(part) {
        return Ok(());
    }
    Err(Error::invalid(
        "a part of the statement opens or closes a parenthesis or a quote too many, or has a comment, a `;` or a string that is not in plain quotes; write each part whole and without comments, and bind such strings",
    ))
}

/// Whether rows of a second SELECT could stand beside those of the first.
fn combines(sql: &str) -> bool {
    words(sql).any(|word| matches!(word.as_str(), "UNION" | "INTERSECT" | "EXCEPT"))
}

/// A further condition.
fn beside(also: &str) -> String {
    if also.trim().is_empty() {
        String::new()
    } else {
        format!(" AND ({also}\n)")
    }
}

/// A plain SELECT before its FROM, and what is behind it; none where that is not plain to see, and
/// where `*` would take the columns of a table beside as well.
fn split(select: &str) -> Option<(&str, &str)> {
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
    let all = columns.replace(".*", "").replace("(*)", "").contains('*');
    let one = places.next().is_none() && closed(columns);
    (plain && one && !all).then_some((columns, select.get(at + word.len()..)?))
}

/// Whether nothing in `sql`, a part of a statement of the host's, could be a column of ours: whatever is
/// called as one of these stands behind a point, with its table. Then our rows can stand beside the
/// host's; see [`VisibleTo::rows_template`](crate::VisibleTo::rows_template).
#[must_use]
pub fn names_its_tables(sql: &str) -> bool {
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
const COLUMNS: [&str; 25] = [
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
/// has no comment, no `;` and no string whose end is not its next quote: `E'..'` and `$tag$..$tag$`.
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
            (None, _) if last == '$' && !in_word(first) && !c.is_ascii_digit() => return false,
            _ => {}
        }
    }
    depth == 0 && quote.is_none() && !sql.contains("--") && !sql.contains("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible() -> Fragment {
        Fragment {
            text: "(1 = 0)".to_owned(),
            params: Vec::new(),
            joined: None,
        }
    }

    #[test]
    fn wrong_use_10_an_or_behind_the_condition_is_refused_and_beside_it_only_narrows() {
        let select = "SELECT d.id FROM documents d";
        for tail in [
            "OR 1 = 1",
            "or 1 = 1 ORDER BY d.id",
            "AND 1 = 1",
            "UNION SELECT 1",
            "GROUP BY d.id UNION ALL SELECT x.id FROM documents x",
        ] {
            let refused = visible().query(select, "", tail).unwrap_err();
            assert!(refused.to_string().contains("second argument"), "{tail}");
        }
        for part in [
            "1 = 1) OR (1 = 1",
            "'",
            "1 = 1 --",
            "(",
            "1 /* ",
            "1; SELECT 1",
            "d.a = E'\\' OR 1 = 1'",
            "d.a = $$'$$",
            "d.a = $x$ ' $x$",
        ] {
            assert!(visible().query(select, part, "").is_err(), "{part}");
            let tail = format!("ORDER BY {part}");
            assert!(visible().query(select, "", &tail).is_err(), "{tail}");
            let select = format!("{select}, {part}");
            assert!(visible().query(&select, "", "").is_err(), "{select}");
            assert!(visible().capped_count(&select, "", 5).is_err(), "{select}");
        }
        for combined in [
            "SELECT x.id FROM documents x UNION ALL SELECT d.id FROM documents d",
            "SELECT x.id FROM documents x except SELECT d.id FROM documents d",
        ] {
            assert!(visible().query(combined, "", "").is_err(), "{combined}");
        }
        for plain in [
            "d.a = $1 AND d.e = 'E' AND d.b LIKE $2 ESCAPE '\\'",
            "d.kind$ = 'it' || 'E'",
        ] {
            assert!(
                visible().query(select, plain, "LIMIT $3").is_ok(),
                "{plain}"
            );
        }
        assert!(visible().query("SELECT 1 FROM d WHERE 1", "", "").is_err());
        assert!(visible().capped_count("d WHERE 1", "", 5).is_err());
        assert!(visible().capped_count("d", "1) OR (1", 5).is_err());
        assert_eq!(
            visible().capped_count("d", "", 5).unwrap(),
            "SELECT COUNT(*) FROM (SELECT 1 FROM d WHERE (1 = 0) LIMIT 5) AS portcullis_n"
        );
        for (select, split_at) in [
            ("SELECT d.*, COUNT(*) from documents d", Some("documents d")),
            ("SELECT * FROM documents d", None),
            ("SELECT EXTRACT(YEAR FROM d.at) FROM documents d", None),
            ("SELECT DISTINCT d.id FROM documents d", None),
            ("SELECT 1 FROM a UNION SELECT d.id FROM documents d", None),
            ("DELETE FROM documents", None),
        ] {
            assert_eq!(split(select).map(|(_, from)| from), split_at, "{select}");
        }
        let whole = visible()
            .query(select, "d.a = ')' OR d.b = ?", "LIMIT 5")
            .unwrap();
        assert_eq!(
            whole,
            "SELECT d.id FROM documents d WHERE (1 = 0) AND (d.a = ')' OR d.b = ?\n) LIMIT 5"
        );
    }

    #[test]
    fn our_rows_stand_beside_the_hosts_only_where_no_name_of_the_hosts_could_be_theirs() {
        let beside = Fragment {
            text: "(1 = 0)".to_owned(),
            params: Vec::new(),
            joined: Some(Joined::to_rows(
                " CROSS JOIN portcullis_item AS portcullis_i",
                "1 = 0",
            )),
        };
        let joins = |select: &str, also: &str, tail: &str| {
            let sql = beside.query(select, also, tail).unwrap();
            sql.contains("portcullis_item")
        };
        let select = "SELECT d.id, title FROM documents AS d";
        assert!(joins(
            select,
            "d.kind = ? AND title > ''",
            "ORDER BY d.sort"
        ));
        for column in COLUMNS {
            let upper = column.to_ascii_uppercase();
            for name in [column, upper.as_str()] {
                assert!(!joins(
                    &format!("SELECT {name} FROM documents AS d"),
                    "",
                    ""
                ));
                assert!(!joins(select, &format!("d.a = {name}"), ""), "{name}");
                assert!(!joins(select, "", &format!("ORDER BY {name}")), "{name}");
                assert!(joins(select, "", &format!("ORDER BY d.{name}")), "{name}");
            }
        }
        for from in ["d JOIN e USING (id)", "d NATURAL JOIN e", "d WHERE ?"] {
            let sql = beside.query(&format!("SELECT d.a FROM {from}"), "", "");
            assert!(sql.is_err() || !sql.unwrap().contains("portcullis_item"));
        }
    }
}
