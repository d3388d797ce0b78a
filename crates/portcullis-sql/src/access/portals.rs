use crate::decode::known;
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_access::{ContainerKinds, PortalState, Portals};
use portcullis_ledger::{StoreError, StoreErrorKind};

statements! {
    PORTAL = "SELECT active, first_activated_at, licensed FROM portcullis_portal WHERE id = 1";
    PUT_PORTAL = "INSERT INTO portcullis_portal (id, active, first_activated_at, licensed) \
        VALUES (1, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET active = excluded.active, \
            first_activated_at = excluded.first_activated_at, licensed = excluded.licensed";
    KIND_NAMES = "SELECT number, name FROM portcullis_kind ORDER BY number";
    /// Changes nothing, and tells so, where the number has another name.
    PUT_KIND_NAME = "INSERT INTO portcullis_kind (number, name) VALUES (?, ?) \
        ON CONFLICT (number) DO UPDATE SET name = excluded.name \
        WHERE portcullis_kind.name = excluded.name";
}

impl<E: Exec> Portals for SqlTx<E> {
    fn portal(&mut self) -> Result<Option<PortalState>, StoreError> {
        self.exec.optional(PORTAL, &[], |row| {
            Ok(PortalState {
                active: row.flag()?,
                first_activated_at: row.opt_timestamp()?,
                licensed: ContainerKinds::from_bits(row.int()?),
            })
        })
    }

    fn put_portal(&mut self, portal: &PortalState) -> Result<(), StoreError> {
        self.exec.run(
            PUT_PORTAL,
            &[
                portal.active.into(),
                portal.first_activated_at.into(),
                portal.licensed.bits().into(),
            ],
        )?;
        Ok(())
    }

    fn kind_names(&mut self) -> Result<Vec<(u8, String)>, StoreError> {
        self.exec.list(KIND_NAMES, &[], |row| {
            let number = row.int()?;
            let short = known("kind of item", number, u8::try_from(number).ok())?;
            Ok((short, row.text()?.to_owned()))
        })
    }

    fn put_kind_name(&mut self, number: u8, name: &str) -> Result<(), StoreError> {
        let changed = self
            .exec
            .run(PUT_KIND_NAME, &[i64::from(number).into(), name.into()])?;
        if changed == 0 {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                format!(
                    "kind number {number} has another name than `{name}` in this store; give the kind a number of its own"
                ),
            ));
        }
        Ok(())
    }
}
