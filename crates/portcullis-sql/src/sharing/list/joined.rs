use super::host_parts::{HostColumns, closed, words};

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

    /// `FROM` and `WHERE` of ours and `from`, in a statement of such `columns`; none where a join would
    /// change what it means, or the order of the values.
    pub(super) fn beside(&self, from: &str, columns: HostColumns) -> Option<String> {
        let plain = words(from).all(|word| !matches!(word.as_str(), "RIGHT" | "FULL" | "NATURAL"));
        if !(plain && self.fits(columns) && closed(from)) || from.contains(['?', '$', ':']) {
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

    /// Whether no column of ours in it is taken for one of such `columns`.
    pub(super) fn fits(&self, columns: HostColumns) -> bool {
        match columns {
            HostColumns::Every => false,
            HostColumns::Bare => !self.open,
            HostColumns::Named => true,
        }
    }
}
