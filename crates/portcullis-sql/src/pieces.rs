//! A statement in pieces: what is code, and what is quoted or a comment.

/// The pieces of `sql` in order, each with whether it is code; together they are `sql` again.
pub(crate) fn pieces(sql: &str) -> Pieces<'_> {
    Pieces(sql)
}

pub(crate) struct Pieces<'s>(&'s str);

impl<'s> Iterator for Pieces<'s> {
    type Item = (bool, &'s str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (code, length) = match quoted(self.0) {
            Some(length) => (false, length),
            None => (true, code(self.0)),
        };
        let (piece, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((code, piece))
    }
}

/// How long the quoted text or comment is that `sql` begins with, if it does. A quote doubled
/// inside ends one and begins the next.
fn quoted(sql: &str) -> Option<usize> {
    let (skip, end) = match sql.as_bytes() {
        [b'\'', ..] => (1, "'"),
        [b'"', ..] => (1, "\""),
        [b'-', b'-', ..] => (2, "\n"),
        [b'/', b'*', ..] => (2, "*/"),
        _ => return None,
    };
    let found = sql.get(skip..).and_then(|inner| inner.find(end));
    Some(found.map_or(sql.len(), |at| skip + at + end.len()))
}

/// How far the code goes that `sql` begins with.
fn code(sql: &str) -> usize {
    sql.match_indices(['\'', '"', '-', '/'])
        .map(|(at, _)| at)
        .find(|at| sql.get(*at..).is_some_and(|rest| quoted(rest).is_some()))
        .unwrap_or(sql.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_and_comments_are_no_code() {
        let sql = "a - 'it''s' \"b\" / -- c '\n d /* ' */ e";
        let code: Vec<&str> = pieces(sql)
            .filter_map(|(code, piece)| code.then_some(piece))
            .collect();
        assert_eq!(code, ["a - ", " ", " / ", " d ", " e"]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_whole(sql in "[a-zä'\"/* \n-]{0,40}") {
            let whole: String = pieces(&sql).map(|(_, piece)| piece).collect();
            prop_assert_eq!(whole, sql);
        }
    }
}
