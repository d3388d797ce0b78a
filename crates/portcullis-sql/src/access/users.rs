use crate::decode::{join, known, split};
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use portcullis_access::{ContainerKinds, User, UserKind, Users};
use portcullis_id::{ContactId, HostKey, UserId};
use portcullis_ledger::StoreError;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, key_int, key_uuid, key_text, kind, name, email, contact_id, every_client, \
             reach, rights, removed, created_at FROM portcullis_user ",
            $rest
        )
    };
}

statements! {
    USER = select!("WHERE id = ?");
    USER_BY_INT = select!("WHERE key_int = ?");
    USER_BY_UUID = select!("WHERE key_uuid = ?");
    USER_BY_TEXT = select!("WHERE key_text = ?");
    USER_OF_CONTACT = select!("WHERE contact_id = ? AND removed = 0 ORDER BY id LIMIT 1");
    USERS = select!("ORDER BY id");
    PUT_USER = "INSERT INTO portcullis_user (id, key_int, key_uuid, key_text, kind, name, email, \
            contact_id, every_client, reach, rights, removed, created_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET key_int = excluded.key_int, key_uuid = excluded.key_uuid, \
            key_text = excluded.key_text, kind = excluded.kind, name = excluded.name, \
            email = excluded.email, contact_id = excluded.contact_id, \
            every_client = excluded.every_client, reach = excluded.reach, \
            rights = excluded.rights, removed = excluded.removed, \
            created_at = excluded.created_at";
}

impl<E: Exec> Users for SqlTx<E> {
    fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.exec.optional(USER, &[id.into()], read)
    }

    fn user_by_key(&mut self, key: &HostKey) -> Result<Option<User>, StoreError> {
        let sql = key::of_type(key.key_type(), USER_BY_INT, USER_BY_UUID, USER_BY_TEXT);
        self.exec.optional(sql, &[key.into()], read)
    }

    fn user_of_contact(&mut self, contact: ContactId) -> Result<Option<User>, StoreError> {
        self.exec.optional(USER_OF_CONTACT, &[contact.into()], read)
    }

    fn users(&mut self) -> Result<Vec<User>, StoreError> {
        self.exec.list(USERS, &[], read)
    }

    fn put_user(&mut self, user: &User) -> Result<(), StoreError> {
        let [int, uuid, text] = key::columns(user.key.as_ref());
        let rights = join(&user.rights)?;
        self.exec.run(
            PUT_USER,
            &[
                user.id.into(),
                int,
                uuid,
                text,
                user.kind.number().into(),
                (&user.name).into(),
                user.email.as_deref().into(),
                user.contact.into(),
                user.every_client.into(),
                user.reach.bits().into(),
                (&rights).into(),
                user.removed.into(),
                user.created_at.into(),
            ],
        )?;
        Ok(())
    }
}

fn read(row: &mut Cells<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: row.id()?,
        key: key::read(row)?,
        kind: {
            let kind = row.int()?;
            known("kind of user", kind, UserKind::from_number(kind))?
        },
        name: row.text()?.to_owned(),
        email: row.opt_text()?.map(str::to_owned),
        contact: row.opt_id()?,
        every_client: row.flag()?,
        reach: ContainerKinds::from_bits(row.int()?),
        rights: split(row.text()?),
        removed: row.flag()?,
        created_at: row.timestamp()?,
    })
}
