use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use portcullis_access::{ContainerKind, KindSet, sort_key};
use portcullis_id::{ClientId, ContainerId, HostKey};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::{
    Container, ContainerFacts, Containers, DefaultExposure, Exposure, Lifecycle,
};

/// The columns that [`read`] reads, of the alias `c`.
macro_rules! container_columns {
    () => {
        "c.id, c.kind, c.key_int, c.key_uuid, c.key_text, c.client_id, c.name, c.exposure, \
         c.default_exposure, c.lifecycle, c.closed, c.created_at, c.open"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            container_columns!(),
            " FROM portcullis_container AS c ",
            $rest
        )
    };
}

statements! {
    CONTAINER = select!("WHERE c.id = ?");
    CONTAINER_BY_INT = select!("WHERE c.kind = ? AND c.key_int = ?");
    CONTAINER_BY_UUID = select!("WHERE c.kind = ? AND c.key_uuid = ?");
    CONTAINER_BY_TEXT = select!("WHERE c.kind = ? AND c.key_text = ?");
    ROOT_OF = select!("WHERE c.kind = 0 AND c.client_id = ?");
    UNOWNED_ROOT = select!("WHERE c.kind = 0 AND c.client_id IS NULL");
    CONTAINERS_OF = select!("WHERE c.client_id = ? ORDER BY c.kind, c.sort_key, c.id");
    UNOWNED_CONTAINERS = select!("WHERE c.client_id IS NULL ORDER BY c.kind, c.sort_key, c.id");
    /// The client is not set, not even to what it is: SQLite would look through all items of it,
    /// which refer to the pair of container and client.
    PUT_CONTAINER = "INSERT INTO portcullis_container \
            (id, kind, key_int, key_uuid, key_text, client_id, name, sort_key, exposure, \
            default_exposure, lifecycle, closed, created_at, open) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, key_int = excluded.key_int, \
            key_uuid = excluded.key_uuid, key_text = excluded.key_text, \
            name = excluded.name, sort_key = excluded.sort_key, \
            exposure = excluded.exposure, default_exposure = excluded.default_exposure, \
            lifecycle = excluded.lifecycle, closed = excluded.closed, \
            created_at = excluded.created_at, open = excluded.open \
        WHERE portcullis_container.client_id = excluded.client_id \
            OR (portcullis_container.client_id IS NULL AND excluded.client_id IS NULL)";
}

impl<E: Exec> Containers for SqlTx<E> {
    fn container(&mut self, id: ContainerId) -> Result<Option<Container>, StoreError> {
        self.exec.optional(CONTAINER, &[id.into()], read)
    }

    fn container_by_key(
        &mut self,
        kind: ContainerKind,
        key: &HostKey,
    ) -> Result<Option<Container>, StoreError> {
        let sql = key::of_type(
            key.key_type(),
            CONTAINER_BY_INT,
            CONTAINER_BY_UUID,
            CONTAINER_BY_TEXT,
        );
        let kind = i64::from(kind.number());
        self.exec.optional(sql, &[kind.into(), key.into()], read)
    }

    fn root_of(&mut self, client: Option<ClientId>) -> Result<Option<Container>, StoreError> {
        match client {
            Some(client) => self.exec.optional(ROOT_OF, &[client.into()], read),
            None => self.exec.optional(UNOWNED_ROOT, &[], read),
        }
    }

    fn containers_of(&mut self, client: Option<ClientId>) -> Result<Vec<Container>, StoreError> {
        match client {
            Some(client) => self.exec.list(CONTAINERS_OF, &[client.into()], read),
            None => self.exec.list(UNOWNED_CONTAINERS, &[], read),
        }
    }

    fn put_container(&mut self, container: &Container) -> Result<(), StoreError> {
        let [int, uuid, text] = key::columns(container.key.as_ref());
        let sort_key = sort_key(&container.name);
        let put = self.exec.run(
            PUT_CONTAINER,
            &[
                container.id.into(),
                i64::from(container.kind.number()).into(),
                int,
                uuid,
                text,
                container.client.into(),
                (&container.name).into(),
                (&sort_key).into(),
                container.exposure.number().into(),
                container.default.number().into(),
                container.lifecycle.number().into(),
                container.closed.bits().into(),
                container.created_at.into(),
                container.open.into(),
            ],
        )?;
        if put == 0 {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "a container keeps its client; make another one there",
            ));
        }
        Ok(())
    }
}

/// The next columns of a row as what the gates need to know of the container `id`.
pub(super) fn read_facts(
    row: &mut Cells<'_>,
    id: ContainerId,
) -> Result<ContainerFacts, StoreError> {
    Ok(ContainerFacts {
        id,
        kind: container_kind(row)?,
        exposure: exposure(row)?,
        default: default_exposure(row)?,
        lifecycle: lifecycle(row)?,
        closed: KindSet::from_bits(row.int()?),
    })
}

/// The next columns of a row as a container.
fn read(row: &mut Cells<'_>) -> Result<Container, StoreError> {
    Ok(Container {
        id: row.id()?,
        kind: container_kind(row)?,
        key: key::read(row)?,
        client: row.opt_id()?,
        name: row.text()?.to_owned(),
        exposure: exposure(row)?,
        default: default_exposure(row)?,
        lifecycle: lifecycle(row)?,
        closed: KindSet::from_bits(row.int()?),
        created_at: row.timestamp()?,
        open: row.flag()?,
    })
}

fn container_kind(row: &mut Cells<'_>) -> Result<ContainerKind, StoreError> {
    let number = row.int()?;
    known(
        "kind of container",
        number,
        ContainerKind::from_number(number),
    )
}

pub(super) fn exposure(row: &mut Cells<'_>) -> Result<Exposure, StoreError> {
    let number = row.int()?;
    known("exposure", number, Exposure::from_number(number))
}

pub(super) fn default_exposure(row: &mut Cells<'_>) -> Result<DefaultExposure, StoreError> {
    let number = row.int()?;
    known(
        "default exposure",
        number,
        DefaultExposure::from_number(number),
    )
}

pub(super) fn lifecycle(row: &mut Cells<'_>) -> Result<Lifecycle, StoreError> {
    let number = row.int()?;
    known("lifecycle", number, Lifecycle::from_number(number))
}
