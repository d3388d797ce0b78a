use super::sql::Sql;
use crate::Val;
use portcullis_access::Error;

/// A condition on rows of the host's table, in parentheses, and the values of its `?` in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition that is in no statement hides nothing"]
pub struct Fragment {
    pub(super) text: String,
    pub(super) params: Vec<Val<'static>>,
}

impl Fragment {
    pub(super) fn of(sql: Sql) -> Self {
        Self {
            text: sql.text,
            params: sql.values,
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
    /// Invalid for whatever could get around the condition: a WHERE in `select`, `also` that closes
    /// a parenthesis it did not open, and anything but an order, a grouping or a limit in `tail`.
    pub fn query(&self, select: &str, also: &str, tail: &str) -> Result<String, Error> {
        let head = self.narrowed(select, also)?;
        let first = words(tail).next();
        if !matches!(first.as_deref(), None | Some("ORDER" | "GROUP" | "LIMIT")) {
            return Err(Error::invalid(
                "only ORDER BY, GROUP BY or LIMIT stands behind the condition; put further conditions into the second argument, where they narrow it",
            ));
        }
        Ok(format!("{head} {tail}"))
    }

    /// The statement that counts the rows of `from`, at most `cap` of them: "1,000 or more" is told
    /// with a cap of 1,000 at the cost of a thousand rows, however many there are. `also` narrows as
    /// in [`query`](Self::query). Values are bound in the order of the text.
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
        let rows = self.narrowed(&format!("SELECT 1 FROM {from}"), also)?;
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
        if !closed(also) {
            return Err(Error::invalid(
                "the conditions beside this one open or close a parenthesis or a quote too many; write them whole",
            ));
        }
        let beside = if also.trim().is_empty() {
            String::new()
        } else {
            format!(" AND ({also}\n)")
        };
        Ok(format!("{select} WHERE {}{beside}", self.text))
    }
}

fn words(sql: &str) -> impl Iterator<Item = String> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase)
}

/// Whether every parenthesis and quote in `sql` is closed in it, and none that it did not open.
fn closed(sql: &str) -> bool {
    let mut depth = 0_u32;
    let mut quote = None;
    for c in sql.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
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
        ] {
            let refused = visible().query(select, "", tail).unwrap_err();
            assert!(refused.to_string().contains("second argument"), "{tail}");
        }
        for also in ["1 = 1) OR (1 = 1", "'", "1 = 1 --", "(", "1 /* "] {
            assert!(visible().query(select, also, "").is_err(), "{also}");
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
}
