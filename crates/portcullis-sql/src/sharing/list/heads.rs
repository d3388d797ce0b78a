//! A page of many small lists, one a container or client, without reading any of them whole.
//!
//! Each list is asked for its newest item: its head. Only the lists with the newest heads can
//! have a row on the page, as many as the page has rows; and of each of these, only as many rows
//! as the page has. So a page costs one index seek a list and at most the square of the page,
//! in narrow index entries, whatever the number of items.

use super::arm::{Arm, Driver};
use super::sql::Sql;
use portcullis_id::{ItemId, Timestamp};
use uuid::Uuid;

const EARLIEST: Timestamp = Timestamp::from_millis(i64::MIN);

impl Arm<'_> {
    /// The time and id of the newest rows, at most the limit, as a whole SELECT.
    pub(super) fn newest_of_heads(&self, sql: &mut Sql) {
        sql.push("WITH top AS (");
        self.top(sql);
        sql.push(") SELECT y.created_at AS at, y.id AS id FROM (");
        self.bounds(sql);
        sql.push(") AS t CROSS JOIN ");
        self.of_list(sql, "y", "t");
        // The plus keeps the condition from choosing another index.
        sql.push(" AND (y.created_at, y.id) >= (t.low_at, t.low_id) AND +y.created_at >= t.cut");
        self.newest_first(sql, "y");
    }

    /// The lists with the newest heads.
    fn top(&self, sql: &mut Sql) {
        sql.push(
            "SELECT g.list AS list, g.closed AS closed, h.created_at AS at, h.id AS id FROM (",
        );
        self.lists(sql);
        sql.push(") AS g CROSS JOIN portcullis_item AS h WHERE h.id = (SELECT x.id FROM ");
        self.of_list(sql, "x", "g");
        sql.push(" ORDER BY x.created_at DESC, x.id DESC LIMIT 1)");
        self.newest_first(sql, "h");
    }

    /// Of each of these lists, the row at which it can be left: the last that can be on the page,
    /// and the time of the last head when there are as many heads as the page has rows. LIMIT
    /// keeps SQLite from working the bounds out again for each row.
    fn bounds(&self, sql: &mut Sql) {
        let limit = self.limit();
        sql.push(
            "SELECT t.list AS list, t.closed AS closed, \
             (SELECT CASE WHEN COUNT(*) < ? THEN ? ELSE MIN(b.at) END FROM top AS b) AS cut, \
             COALESCE(l.created_at, ?) AS low_at, COALESCE(l.id, ?) AS low_id \
             FROM top AS t LEFT JOIN portcullis_item AS l ON l.id = (SELECT x.id FROM ",
        );
        sql.bind(limit).bind(EARLIEST);
        sql.bind(EARLIEST).bind(ItemId::from_uuid(Uuid::nil()));
        self.of_list(sql, "x", "t");
        sql.push(" ORDER BY x.created_at DESC, x.id DESC LIMIT 1 OFFSET ?) LIMIT ?")
            .bind(limit.saturating_sub(1))
            .bind(limit);
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
            self.container(sql, "c");
        }
        self.clear_of(sql, item, if by_client { "c" } else { list });
    }
}
