use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use portcullis_access::{Contact, Contacts, sort_key};
use portcullis_id::{ClientId, ContactId, HostKey};
use portcullis_ledger::StoreError;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, client_id, key_int, key_uuid, key_text, name, email, phone \
             FROM portcullis_contact ",
            $rest
        )
    };
}

statements! {
    CONTACT = select!("WHERE id = ?");
    CONTACT_BY_INT = select!("WHERE key_int = ?");
    CONTACT_BY_UUID = select!("WHERE key_uuid = ?");
    CONTACT_BY_TEXT = select!("WHERE key_text = ?");
    CONTACTS_OF = select!("WHERE client_id = ? ORDER BY sort_key, id");
    PUT_CONTACT = "INSERT INTO portcullis_contact \
            (id, client_id, key_int, key_uuid, key_text, name, sort_key, email, phone) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET client_id = excluded.client_id, \
            key_int = excluded.key_int, key_uuid = excluded.key_uuid, \
            key_text = excluded.key_text, name = excluded.name, sort_key = excluded.sort_key, \
            email = excluded.email, phone = excluded.phone";
}

impl<E: Exec> Contacts for SqlTx<E> {
    fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        self.exec.optional(CONTACT, &[id.into()], read)
    }

    fn contact_by_key(&mut self, key: &HostKey) -> Result<Option<Contact>, StoreError> {
        let sql = key::of_type(
            key.key_type(),
            CONTACT_BY_INT,
            CONTACT_BY_UUID,
            CONTACT_BY_TEXT,
        );
        self.exec.optional(sql, &[key.into()], read)
    }

    fn contacts_of(&mut self, client: ClientId) -> Result<Vec<Contact>, StoreError> {
        self.exec.list(CONTACTS_OF, &[client.into()], read)
    }

    fn put_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        let [int, uuid, text] = key::columns(contact.key.as_ref());
        let sort_key = sort_key(&contact.name);
        self.exec.run(
            PUT_CONTACT,
            &[
                contact.id.into(),
                contact.client.into(),
                int,
                uuid,
                text,
                (&contact.name).into(),
                (&sort_key).into(),
                contact.email.as_deref().into(),
                contact.phone.as_deref().into(),
            ],
        )?;
        Ok(())
    }
}

fn read(row: &mut Cells<'_>) -> Result<Contact, StoreError> {
    Ok(Contact {
        id: row.id()?,
        client: row.id()?,
        key: key::read(row)?,
        name: row.text()?.to_owned(),
        email: row.opt_text()?.map(str::to_owned),
        phone: row.opt_text()?.map(str::to_owned),
    })
}
