//! Whole statements over a host's table with holes for what is the host's, for query builders.

use super::host::VisibleTo;
use super::host_parts::HostColumns;
use super::sql::Sql;
use super::template::{HostPart, Template};
use portcullis_access::Error;
use portcullis_sharing::PageToken;

impl VisibleTo<'_> {
    /// The statement of the rows: `SELECT .. FROM .. WHERE ..`, to be followed by the host's order and
    /// limit. It is what [`Fragment::query`](crate::Fragment::query) makes.
    ///
    /// By its `columns`, all of the host's in it, rows of ours may stand beside the host's, which is up
    /// to a third quicker on SQLite.
    ///
    /// # Errors
    /// As for [`template`](Self::template).
    pub fn rows_template(self, columns: HostColumns) -> Result<Template, Error> {
        self.whole(columns, HostPart::Selection.hole(), |rows| rows)
    }

    /// The statement that counts the rows, at most `cap` of them, read as is quickest on the database
    /// it is [`on`](Self::on). It is what [`Fragment::capped_count`](crate::Fragment::capped_count)
    /// makes; `columns` are as in [`rows_template`](Self::rows_template).
    ///
    /// # Errors
    /// As for [`template`](Self::template).
    pub fn count_template(self, cap: u32, columns: HostColumns) -> Result<Template, Error> {
        self.of_a_count().whole(columns, "1", |rows| {
            format!("SELECT COUNT(*) FROM ({rows} LIMIT {cap}) AS portcullis_n")
        })
    }

    /// The statement of a page in the order of our own lists, which has two columns more than are
    /// selected; see [`HostPage::query`](crate::HostPage::query). It has no conditions of the host's.
    ///
    /// # Errors
    /// As for [`template`](Self::template).
    pub fn page_template(
        mut self,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Template, Error> {
        let types = self.dig()?;
        Template::read(self.host_page(after, limit)?.into_statement(), &types)
    }

    /// The question where such a page ends; see [`HostPage::end`](crate::HostPage::end). It has no
    /// holes.
    ///
    /// # Errors
    /// As for [`template`](Self::template).
    pub fn page_end_template(
        mut self,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Template, Error> {
        self.dig()?;
        let end = self.host_page(after, limit)?.end().clone();
        Template::read(end.into_statement(), &[])
    }

    fn whole(
        mut self,
        columns: HostColumns,
        select: &str,
        around: impl FnOnce(String) -> String,
    ) -> Result<Template, Error> {
        let types = self.dig()?;
        let (Sql { text, values }, joined) = self.condition()?;
        let tables = HostPart::Tables.hole();
        let rest = match joined.filter(|joined| joined.fits(columns)) {
            Some(joined) => joined.from(tables),
            None => format!("FROM {tables} WHERE {text}"),
        };
        let conditions = HostPart::Conditions.hole();
        let text = around(format!("SELECT {select} {rest}{conditions}"));
        Template::read(Sql { text, values }, &types)
    }
}
