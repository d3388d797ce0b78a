use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_access::Grant;
use portcullis_id::{ContainerId, ItemId, UserId};
use portcullis_ledger::StoreError;
use portcullis_sharing::{Membership, Memberships, Source};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT user_id, container_id, source, until, approver, since \
             FROM portcullis_membership ",
            $rest
        )
    };
}

statements! {
    MEMBERSHIP = select!("WHERE user_id = ? AND container_id = ?");
    MEMBERSHIPS_OF = select!("WHERE user_id = ? ORDER BY container_id LIMIT CAST(? AS BIGINT)");
    MEMBERS_OF = select!("WHERE container_id = ? ORDER BY user_id");
    PUT_MEMBERSHIP = "INSERT INTO portcullis_membership \
            (user_id, container_id, source, until, approver, since) VALUES (?, ?, ?, ?, ?, ?) \
        ON CONFLICT (user_id, container_id) DO UPDATE SET source = excluded.source, \
            until = excluded.until, approver = excluded.approver, since = excluded.since";
    REMOVE_MEMBERSHIP = "DELETE FROM portcullis_membership WHERE user_id = ? AND container_id = ?";
    DISTRIBUTE = "INSERT INTO portcullis_distribution (item_id, user_id) VALUES (?, ?) \
        ON CONFLICT (item_id, user_id) DO NOTHING";
    STOP_DISTRIBUTING = "DELETE FROM portcullis_distribution WHERE item_id = ? AND user_id = ?";
    DISTRIBUTION_OF = "SELECT user_id FROM portcullis_distribution WHERE item_id = ? \
        ORDER BY user_id";
}

impl<E: Exec> Memberships for SqlTx<E> {
    fn membership(
        &mut self,
        user: UserId,
        container: ContainerId,
    ) -> Result<Option<Membership>, StoreError> {
        self.exec
            .optional(MEMBERSHIP, &[user.into(), container.into()], read)
    }

    fn memberships_of(&mut self, user: UserId, limit: u32) -> Result<Vec<Membership>, StoreError> {
        self.exec
            .list(MEMBERSHIPS_OF, &[user.into(), limit.into()], read)
    }

    fn members_of(&mut self, container: ContainerId) -> Result<Vec<Membership>, StoreError> {
        self.exec.list(MEMBERS_OF, &[container.into()], read)
    }

    fn put_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        self.exec.run(
            PUT_MEMBERSHIP,
            &[
                membership.user.into(),
                membership.container.into(),
                membership.source.number().into(),
                membership.grant.until.into(),
                membership.grant.approver.into(),
                membership.since.into(),
            ],
        )?;
        Ok(())
    }

    fn remove_membership(
        &mut self,
        user: UserId,
        container: ContainerId,
    ) -> Result<(), StoreError> {
        self.exec
            .run(REMOVE_MEMBERSHIP, &[user.into(), container.into()])?;
        Ok(())
    }

    fn set_distributed(&mut self, item: ItemId, user: UserId, on: bool) -> Result<(), StoreError> {
        let sql = if on { DISTRIBUTE } else { STOP_DISTRIBUTING };
        self.exec.run(sql, &[item.into(), user.into()])?;
        Ok(())
    }

    fn distribution_of(&mut self, item: ItemId) -> Result<Vec<UserId>, StoreError> {
        self.exec.list(DISTRIBUTION_OF, &[item.into()], read_user)
    }
}

fn read(row: &mut Cells<'_>) -> Result<Membership, StoreError> {
    Ok(Membership {
        user: row.id()?,
        container: row.id()?,
        source: {
            let source = row.int()?;
            known("source of a grant", source, Source::from_number(source))?
        },
        grant: Grant {
            until: row.opt_timestamp()?,
            approver: row.flag()?,
        },
        since: row.timestamp()?,
    })
}

fn read_user(row: &mut Cells<'_>) -> Result<UserId, StoreError> {
    row.id()
}
