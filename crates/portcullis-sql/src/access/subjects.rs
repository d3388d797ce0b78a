use crate::decode::{known, split};
use crate::statement::statements;
use crate::{Cells, Exec, SqlTx};
use portcullis_access::{
    ContainerKinds, KindSet, Light, PortalState, Subject, SubjectAffiliation, Subjects, UserKind,
};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::{Revision, StoreError};

statements! {
    /// One row a role, or one row.
    SUBJECT = "SELECT u.kind, u.removed, u.every_client, u.reach, u.rights, \
            p.active, p.first_activated_at, p.licensed, m.policy_revision, r.rights \
        FROM portcullis_user AS u \
        JOIN portcullis_meta AS m ON m.id = 1 \
        LEFT JOIN portcullis_portal AS p ON p.id = 1 \
        LEFT JOIN portcullis_user_role AS ur ON ur.user_id = u.id \
        LEFT JOIN portcullis_role AS r ON r.id = ur.role_id \
        WHERE u.id = ? ORDER BY r.name";
    /// One row a role of an affiliation, or one row; no rule: what is paused or over comes too.
    SUBJECT_AFFILIATIONS = "SELECT a.client_id, c.light, c.closed, a.paused, a.until, a.rights, \
            r.rights \
        FROM portcullis_affiliation AS a \
        JOIN portcullis_client AS c ON c.id = a.client_id \
        LEFT JOIN portcullis_affiliation_role AS ar \
            ON ar.user_id = a.user_id AND ar.client_id = a.client_id \
        LEFT JOIN portcullis_role AS r ON r.id = ar.role_id \
        WHERE a.user_id = ? ORDER BY a.client_id, r.name";
}

impl<E: Exec> Subjects for SqlTx<E> {
    fn subject(&mut self, user: UserId) -> Result<Option<Subject>, StoreError> {
        let mut found: Option<Subject> = None;
        self.exec.rows(SUBJECT, &[user.into()], &mut |row| {
            let mut row = Cells::new(row);
            let kind = row.int()?;
            let (removed, every_client) = (row.flag()?, row.flag()?);
            let reach = ContainerKinds::from_bits(row.int()?);
            let direct = row.text()?;
            let (active, first_activated_at) = (row.opt_int()?, row.opt_timestamp()?);
            let licensed = row.opt_int()?;
            let revision = Revision::from_number(row.int()?);
            let of_role = row.opt_text()?.unwrap_or_default();
            if let Some(subject) = &mut found {
                subject.rights.extend(split(of_role));
                return Ok(());
            }
            let mut rights = split(direct);
            rights.extend(split(of_role));
            found = Some(Subject {
                user,
                kind: known("kind of user", kind, UserKind::from_number(kind))?,
                removed,
                every_client,
                reach,
                rights,
                // A portal that was never founded is off.
                portal: PortalState {
                    active: match active {
                        None | Some(0) => false,
                        Some(1) => true,
                        Some(other) => return known("flag", other, None),
                    },
                    first_activated_at,
                    licensed: ContainerKinds::from_bits(licensed.unwrap_or(0)),
                },
                revision,
            });
            Ok(())
        })?;
        Ok(found)
    }

    fn subject_affiliations(
        &mut self,
        user: UserId,
    ) -> Result<Vec<SubjectAffiliation>, StoreError> {
        let mut found: Vec<SubjectAffiliation> = Vec::new();
        self.exec
            .rows(SUBJECT_AFFILIATIONS, &[user.into()], &mut |row| {
                let mut row = Cells::new(row);
                let client: ClientId = row.id()?;
                let light = row.int()?;
                let closed = KindSet::from_bits(row.int()?);
                let (paused, until) = (row.flag()?, row.opt_timestamp()?);
                let direct = row.text()?;
                let of_role = row.opt_text()?.unwrap_or_default();
                if let Some(last) = found.last_mut()
                    && last.client == client
                {
                    last.rights.extend(split(of_role));
                    return Ok(());
                }
                let mut rights = split(direct);
                rights.extend(split(of_role));
                found.push(SubjectAffiliation {
                    client,
                    light: known("light", light, Light::from_number(light))?,
                    closed,
                    paused,
                    until,
                    rights,
                });
                Ok(())
            })?;
        Ok(found)
    }
}
