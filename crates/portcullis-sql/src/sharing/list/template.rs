use super::sql::Sql;
use crate::Val;
use crate::statement::between_parameters;
use portcullis_access::Error;
use portcullis_id::KeyType;

/// A condition over a host's table with holes for the host's columns, for query builders that have
/// columns of their own kind; or a whole statement, with holes for its other parts too.
/// [`VisibleTo::template`](crate::VisibleTo::template) makes the one,
/// [`rows_template`](crate::VisibleTo::rows_template),
/// [`page_template`](crate::VisibleTo::page_template) and
/// [`count_template`](crate::VisibleTo::count_template) the others.
///
/// A builder that writes each [`Piece`] in turn has written what
/// [`VisibleTo::sql`](crate::VisibleTo::sql) and its statements write with the columns' names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition that is in no statement hides nothing"]
pub struct Template {
    pieces: Vec<Piece>,
}

/// One part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// SQL, as it stands.
    Text(String),
    /// One of the host's columns, qualified by its table or alias, and the type of the keys it is
    /// compared with: a column of another type must be refused.
    Column(HostColumn, KeyType),
    /// A part of a whole statement; a condition has none.
    Part(HostPart),
    /// A parameter.
    Value(Val<'static>),
}

/// Which of the host's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostColumn {
    /// The item's key.
    Item,
    /// The key of the client that owns it.
    Owner,
    /// The key of the container it is in.
    Container,
}

/// What of a whole statement is the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// What is selected, one column at least.
    Selection,
    /// The tables, as they stand behind FROM.
    Tables,
    /// Conditions beside ours, each as ` AND (..)`; or nothing.
    Conditions,
}

impl Template {
    /// Its parts, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Reads a condition that was written with a [`HostColumn::hole`] for each column, or a statement
    /// with a [`HostPart::hole`] for each part; `types` has the type of the keys of every column there
    /// is.
    pub(super) fn read(sql: Sql, types: &[(HostColumn, KeyType)]) -> Result<Self, Error> {
        let columns = types
            .iter()
            .map(|(column, key)| (column.hole(), Piece::Column(*column, *key)));
        let parts = HostPart::ALL.map(|part| (part.hole(), Piece::Part(part)));
        let holes: Vec<_> = columns.chain(parts).collect();
        let mut pieces = Vec::new();
        let mut values = sql.values.into_iter();
        for (place, text) in between_parameters(&sql.text).enumerate() {
            if place > 0 {
                pieces.push(Piece::Value(values.next().ok_or_else(uneven)?));
            }
            let mut rest = text;
            while let Some((before, hole, behind)) = first_hole(rest, &holes) {
                pieces.push(Piece::Text(before.to_owned()));
                pieces.push(hole);
                rest = behind;
            }
            pieces.push(Piece::Text(rest.to_owned()));
        }
        match values.next() {
            None => Ok(Self { pieces }),
            Some(_) => Err(uneven()),
        }
    }
}

impl HostColumn {
    /// What stands for the column until a builder writes it: no name can hold it.
    pub(super) const fn hole(self) -> &'static str {
        match self {
            Self::Item => "\u{1}",
            Self::Owner => "\u{2}",
            Self::Container => "\u{3}",
        }
    }
}

impl HostPart {
    const ALL: [Self; 3] = [Self::Selection, Self::Tables, Self::Conditions];

    /// As [`HostColumn::hole`].
    pub(super) const fn hole(self) -> &'static str {
        match self {
            Self::Selection => "\u{4}",
            Self::Tables => "\u{5}",
            Self::Conditions => "\u{6}",
        }
    }
}

/// The text before the first hole, what it is for, and the text behind.
fn first_hole<'t>(
    text: &'t str,
    holes: &[(&'static str, Piece)],
) -> Option<(&'t str, Piece, &'t str)> {
    let found = holes.iter().filter_map(|(hole, piece)| {
        let (before, behind) = text.split_once(hole)?;
        Some((before, piece, behind))
    });
    let (before, piece, behind) = found.min_by_key(|(before, ..)| before.len())?;
    Some((before, piece.clone(), behind))
}

fn uneven() -> Error {
    Error::invalid("a list's condition has more or fewer parameters than values; report it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(text: &str, values: i64) -> Sql {
        Sql {
            text: text.to_owned(),
            values: (0..values).map(Val::from).collect(),
        }
    }

    #[test]
    fn columns_and_values_are_cut_out_where_they_stand() {
        let types = [
            (HostColumn::Item, KeyType::Int),
            (HostColumn::Owner, KeyType::Text),
        ];
        let cut = Template::read(sql("\u{2} IN (?) AND x = \u{1}\u{6}", 1), &types).unwrap();
        assert_eq!(
            cut.pieces(),
            [
                Piece::Text(String::new()),
                Piece::Column(HostColumn::Owner, KeyType::Text),
                Piece::Text(" IN (".to_owned()),
                Piece::Value(Val::from(0_i64)),
                Piece::Text(") AND x = ".to_owned()),
                Piece::Column(HostColumn::Item, KeyType::Int),
                Piece::Text(String::new()),
                Piece::Part(HostPart::Conditions),
                Piece::Text(String::new()),
            ]
        );
        for values in [0, 2] {
            assert!(Template::read(sql("?", values), &types).is_err());
        }
    }
}
