use super::host_parts::{HostColumns, combines, split, whole, words};
use super::joined::Joined;
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
    ///     "d.title LIKE ? OR d.tag = ?",
    ///     "ORDER BY d.created_at DESC, d.id DESC LIMIT 50",
    /// )
    /// # }
    /// ```
    ///
    /// # Errors
    /// Invalid for whatever could get around the condition: a WHERE in `select`, anything but an order,
    /// a grouping or a limit in `tail`, a second SELECT beside the first (UNION and its like), and in
    /// each of the three a parenthesis or quote that is not closed there, a comment, a `;`, a `?1` (which
    /// would be one of ours), a string with escapes (`E'..'`) or between dollars.
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
            let called = HostColumns::of(columns, &[from, also, tail]);
            let joined = joined.beside(from, called)?;
            Some(format!("{columns} {joined}{}", beside(also)))
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
        let columns = HostColumns::of("", &[from, also]);
        let joined = self.joined.as_ref();
        if let Some(joined) = joined.and_then(|joined| joined.beside(from, columns)) {
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

/// A further condition.
fn beside(also: &str) -> String {
    if also.trim().is_empty() {
        String::new()
    } else {
        format!(" AND ({also}\n)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::host_parts::COLUMNS;
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
            "d.a = ?1",
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
