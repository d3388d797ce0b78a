use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use portcullis_access::{Client, Clients, KindSet, Light, sort_key};
use portcullis_id::{ClientId, HostKey};
use portcullis_ledger::StoreError;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, key_int, key_uuid, key_text, name, light, closed, main_contact, created_at \
             FROM portcullis_client ",
            $rest
        )
    };
}

statements! {
    CLIENT = select!("WHERE id = ?");
    CLIENT_BY_INT = select!("WHERE key_int = ?");
    CLIENT_BY_UUID = select!("WHERE key_uuid = ?");
    CLIENT_BY_TEXT = select!("WHERE key_text = ?");
    CLIENTS = select!("ORDER BY light, sort_key, id");
    PUT_CLIENT = "INSERT INTO portcullis_client \
            (id, key_int, key_uuid, key_text, name, sort_key, light, closed, main_contact, created_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET key_int = excluded.key_int, key_uuid = excluded.key_uuid, \
            key_text = excluded.key_text, name = excluded.name, sort_key = excluded.sort_key, \
            light = excluded.light, closed = excluded.closed, \
            main_contact = excluded.main_contact, created_at = excluded.created_at";
}

impl<E: Exec> Clients for SqlTx<E> {
    fn client(&mut self, id: ClientId) -> Result<Option<Client>, StoreError> {
        self.exec.optional(CLIENT, &[id.into()], read)
    }

    fn client_by_key(&mut self, key: &HostKey) -> Result<Option<Client>, StoreError> {
        let sql = key::of_type(
            key.key_type(),
            CLIENT_BY_INT,
            CLIENT_BY_UUID,
            CLIENT_BY_TEXT,
        );
        self.exec.optional(sql, &[key.into()], read)
    }

    fn clients(&mut self) -> Result<Vec<Client>, StoreError> {
        self.exec.list(CLIENTS, &[], read)
    }

    fn put_client(&mut self, client: &Client) -> Result<(), StoreError> {
        let [int, uuid, text] = key::columns(client.key.as_ref());
        let sort_key = sort_key(&client.name);
        self.exec.run(
            PUT_CLIENT,
            &[
                client.id.into(),
                int,
                uuid,
                text,
                (&client.name).into(),
                (&sort_key).into(),
                client.light.number().into(),
                client.closed.bits().into(),
                client.main_contact.into(),
                client.created_at.into(),
            ],
        )?;
        Ok(())
    }
}

fn read(row: &mut Cells<'_>) -> Result<Client, StoreError> {
    Ok(Client {
        id: row.id()?,
        key: key::read(row)?,
        name: row.text()?.to_owned(),
        light: {
            let light = row.int()?;
            known("light", light, Light::from_number(light))?
        },
        closed: KindSet::from_bits(row.int()?),
        main_contact: row.opt_id()?,
        created_at: row.timestamp()?,
    })
}
