use crate::Val;

/// A statement as it grows: the text and the values of its `?`, pushed in the same order.
#[derive(Debug, Default)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Val<'static>>,
}

impl Sql {
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// The value of the next `?` that has none yet.
    pub(super) fn bind(&mut self, value: impl Into<Val<'static>>) -> &mut Self {
        self.values.push(value.into());
        self
    }

    /// `text` with `@` standing for each of `names` in turn: an alias.
    pub(super) fn with(&mut self, text: &str, name: &str) -> &mut Self {
        for (place, part) in text.split('@').enumerate() {
            if place > 0 {
                self.text.push_str(name);
            }
            self.text.push_str(part);
        }
        self
    }

    /// `(?, ?, ..)` with as many places as the next power of two, the last value repeated, so that
    /// the number of texts stays small.
    pub(super) fn set<V: Into<Val<'static>> + Copy>(&mut self, values: &[V]) -> &mut Self {
        let places = values.len().max(1).next_power_of_two();
        self.push("(");
        for place in 0..places {
            self.push(if place == 0 { "?" } else { ", ?" });
        }
        self.push(")");
        let last = values.last();
        let padding = last.into_iter().cycle().take(places - values.len());
        self.values
            .extend(values.iter().chain(padding).map(|value| (*value).into()));
        self
    }

    pub(super) fn join<T>(
        &mut self,
        parts: &[T],
        between: &str,
        mut each: impl FnMut(&mut Self, &T),
    ) {
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                self.push(between);
            }
            each(self, part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_padded_to_a_power_of_two_with_its_last_value() {
        let mut sql = Sql::default();
        sql.set(&[1_i64, 2, 3]);
        assert_eq!(sql.text, "(?, ?, ?, ?)");
        assert_eq!(sql.values, [1, 2, 3, 3].map(|n: i64| Val::from(n)));
    }

    #[test]
    fn an_alias_is_put_in_every_place() {
        let mut sql = Sql::default();
        sql.with("(@.a, @.b) < (?, ?)", "x").bind(1_i64).bind(2_i64);
        assert_eq!(sql.text, "(x.a, x.b) < (?, ?)");
        assert_eq!(sql.values.len(), 2);
    }
}
