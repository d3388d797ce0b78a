//! The rows of ours beside the host's, for SQLite.
//!
//! A question asked anew for each row costs SQLite a third more than a join, and a join it can be:
//! of one kind and key there is one row at most, and of that one container and one client. PostgreSQL
//! would read a join in an order of its own.

use super::arm::Arm;
use super::host_form::{Host, Rows, name};
use super::joined::Joined;
use super::sql::Sql;
use super::unfiltered::tied;
use crate::Val;
use portcullis_sharing::Plan;

impl Host<'_> {
    /// The same condition with our rows beside the host's; none if it had other values.
    pub(super) fn beside(
        &self,
        values: &[Val<'static>],
        plan: &Plan,
        arms: &[Arm<'_>],
    ) -> Option<Joined> {
        let mut sql = Sql::default();
        self.looked_up(&mut sql, plan, arms, Rows::Joined);
        // What we do not know has no row of ours. CROSS keeps SQLite from starting with ours.
        let join = if self.shows_unknown() {
            " LEFT"
        } else {
            " CROSS"
        };
        let mut rows = Sql::default();
        let (column, key) = self.item;
        rows.push(join)
            .push(" JOIN portcullis_item AS portcullis_i ON portcullis_i.kind = ");
        let kind = plan.kind.number().to_string();
        if self.number(arms) == 1 {
            rows.push(&kind);
        } else {
            tied(&mut rows, column, |sql| {
                sql.push(&kind);
            });
        }
        rows.with(" AND portcullis_i.@ = ", name(key))
            .push(&self.as_ours(column, key));
        if self.asks_containers(arms) {
            rows.push(join).push(
                " JOIN portcullis_container AS portcullis_c \
                 ON portcullis_c.id = portcullis_i.container_id",
            );
        }
        if let Some((owner, key)) = self.owner.filter(|_| self.compares_owners(arms)) {
            rows.push(" LEFT JOIN portcullis_client AS portcullis_k ON ")
                .with("portcullis_k.@ = ", name(key))
                .push(&self.as_ours(owner, key));
        }
        (sql.values == values).then(|| Joined::to_rows(&rows.text, &sql.text))
    }
}
