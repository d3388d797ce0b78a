//! A page of many small lists, one a container or client, without reading any of them whole.
//!
//! Each list is asked for its newest item: its head. With as many heads as the page has rows,
//! nothing older than the last of these can be on the page, and a list whose head is older is not
//! looked at again. Of the others, only as many rows as the page has are read. So a page costs one
//! index seek a list, and the square of the page in narrow index entries at the most, whatever the
//! number of items.

use super::arm::{Arm, Driver};
use super::sql::Sql;

impl Arm<'_> {
    /// The sort and id of the newest rows, at most the limit, as a whole SELECT.
    pub(super) fn newest_of_heads(&self, sql: &mut Sql) {
        sql.push("WITH heads AS (");
        self.heads(sql);
        sql.push(") SELECT y.sort AS sort, y.id AS id FROM (");
        self.bounds(sql);
        sql.push(") AS t CROSS JOIN ");
        self.of_list(sql, "y", "t");
        sql.push(" AND y.sort >= t.low");
        self.newest_first(sql, "y");
    }

    /// Every list, with the sort of its head.
    fn heads(&self, sql: &mut Sql) {
        sql.push("SELECT g.list AS list, g.closed AS closed, (SELECT x.sort FROM ");
        self.of_list(sql, "x", "g");
        sql.push(" ORDER BY x.sort DESC, x.id DESC LIMIT 1) AS sort FROM (");
        self.lists(sql);
        sql.push(") AS g");
    }

    /// The lists that can have a row on the page, with the sort at which each can be left: that of
    /// the last head that counts, or of the last row that can be on the page. The outer LIMIT
    /// leaves nothing out; it keeps SQLite from working the bounds out again for each row.
    fn bounds(&self, sql: &mut Sql) {
        let last = self.limit().saturating_sub(1);
        sql.push(
            "SELECT t.list AS list, t.closed AS closed, \
             COALESCE((SELECT x.sort FROM ",
        );
        self.of_list(sql, "x", "t");
        sql.push(
            " AND x.sort >= cut.sort ORDER BY x.sort DESC, x.id DESC LIMIT 1 OFFSET ?), \
             cut.sort) AS low FROM (SELECT COALESCE((SELECT b.sort FROM heads AS b \
             WHERE b.sort IS NOT NULL ORDER BY b.sort DESC LIMIT 1 OFFSET ?), ?) AS sort) AS cut \
             CROSS JOIN heads AS t WHERE t.sort >= cut.sort LIMIT 9223372036854775807",
        );
        sql.bind(last).bind(last).bind(i64::MIN);
    }

    /// What the page is driven by: the id of each list, and the areas closed in it.
    fn lists(&self, sql: &mut Sql) {
        if self.driver() == Driver::Clients {
            sql.push("SELECT k.id AS list, 0 AS closed FROM portcullis_client AS k WHERE k.id");
            self.client_in_scope(sql);
            return;
        }
        sql.push("SELECT c.id AS list, c.closed AS closed FROM ");
        if self.driver() == Driver::Grants {
            sql.push("portcullis_membership AS m CROSS JOIN portcullis_container AS c ")
                .push("WHERE c.id = m.container_id");
            self.granted(sql);
        } else {
            sql.push("portcullis_container AS c WHERE 1 = 1");
        }
        self.of_clients(sql, "c");
        self.container(sql, "c");
    }

    /// The rows of one list behind the page before, as FROM and WHERE: items under the alias
    /// `item`, of the list under the alias `list`.
    fn of_list(&self, sql: &mut Sql, item: &str, list: &str) {
        sql.with("portcullis_item AS @", item);
        let by_client = self.driver() == Driver::Clients;
        if by_client {
            sql.push(" CROSS JOIN portcullis_container AS c WHERE ");
            sql.with("c.id = @.container_id AND @.client_id = ", item);
        } else {
            sql.with(" WHERE @.container_id = ", item);
        }
        sql.with("@.list AND ", list);
        self.item(sql, item);
        self.behind(sql, item);
        if by_client {
            self.container_of(sql, item, "c");
        }
        self.clear_of(sql, item, if by_client { "c" } else { list });
    }
}
