use super::containers::default_exposure;
use crate::decode::known;
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_access::{ContainerKind, Kind};
use portcullis_ledger::StoreError;
use portcullis_sharing::{DefaultExposure, DefaultOf, Defaults};

statements! {
    SET_DEFAULTS = "SELECT noun, kind, default_exposure FROM portcullis_default ORDER BY noun, kind";
    PUT_DEFAULT = "INSERT INTO portcullis_default (noun, kind, default_exposure) VALUES (?, ?, ?) \
        ON CONFLICT (noun, kind) DO UPDATE SET default_exposure = excluded.default_exposure";
}

impl<E: Exec> Defaults for SqlTx<E> {
    fn set_defaults(&mut self) -> Result<Vec<(DefaultOf, DefaultExposure)>, StoreError> {
        self.exec.list(SET_DEFAULTS, &[], |row| {
            let (noun, kind) = (row.int()?, row.int()?);
            let of = match noun {
                0 => ContainerKind::from_number(kind).map(DefaultOf::Containers),
                1 => u8::try_from(kind)
                    .ok()
                    .and_then(Kind::from_number)
                    .map(DefaultOf::Items),
                _ => None,
            };
            Ok((
                known("kind with a default", kind, of)?,
                default_exposure(row)?,
            ))
        })
    }

    fn put_default(&mut self, of: DefaultOf, default: DefaultExposure) -> Result<(), StoreError> {
        let (noun, kind) = match of {
            DefaultOf::Containers(kind) => (0, kind.number()),
            DefaultOf::Items(kind) => (1, kind.number()),
        };
        self.exec.run(
            PUT_DEFAULT,
            &[
                i64::from(noun).into(),
                i64::from(kind).into(),
                default.number().into(),
            ],
        )?;
        Ok(())
    }
}
