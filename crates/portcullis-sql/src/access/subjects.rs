use crate::decode::{known, split};
use crate::statement::statements;
use crate::{Cells, Exec, SqlTx};
use portcullis_access::{
    ContainerKinds, KindSet, Light, PortalState, Subject, SubjectAffiliation, Subjects, UserKind,
};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::{Revision, StoreError};

statements! {
    /// First the person, one row a role or one row; then the affiliations, one row a role of each
    /// or one row. No rule: what is paused or over comes too.
    SUBJECT = "SELECT CAST(0 AS BIGINT) AS part, NULL AS client, u.kind AS a, u.removed AS b, u.reach AS c, \
            p.first_activated_at AS at, u.rights AS rights, r.rights AS of_role, \
            u.every_client AS every_client, p.active AS active, p.licensed AS licensed, \
            m.policy_revision AS revision, r.name AS role \
        FROM portcullis_user AS u \
        JOIN portcullis_meta AS m ON m.id = 1 \
        LEFT JOIN portcullis_portal AS p ON p.id = 1 \
        LEFT JOIN portcullis_user_role AS ur ON ur.user_id = u.id \
        LEFT JOIN portcullis_role AS r ON r.id = ur.role_id \
        WHERE u.id = ? \
        UNION ALL SELECT CAST(1 AS BIGINT), a.client_id, c.light, a.paused, c.closed, a.until, a.rights, r.rights, \
            NULL, NULL, NULL, NULL, r.name \
        FROM portcullis_affiliation AS a \
        JOIN portcullis_client AS c ON c.id = a.client_id \
        LEFT JOIN portcullis_affiliation_role AS ar \
            ON ar.user_id = a.user_id AND ar.client_id = a.client_id \
        LEFT JOIN portcullis_role AS r ON r.id = ar.role_id \
        WHERE a.user_id = ? ORDER BY part, client, role";
}

impl<E: Exec> Subjects for SqlTx<E> {
    fn subject(
        &mut self,
        user: UserId,
    ) -> Result<Option<(Subject, Vec<SubjectAffiliation>)>, StoreError> {
        let mut subject = None;
        let mut affiliations = Vec::new();
        let values = [user.into(), user.into()];
        self.exec.rows(SUBJECT, &values, &mut |row| {
            let mut row = Cells::new(row);
            if row.flag()? {
                read_affiliation(&mut row, &mut affiliations)
            } else {
                read_subject(&mut row, user, &mut subject)
            }
        })?;
        Ok(subject.map(|subject| (subject, affiliations)))
    }
}

/// The person, or one more role of theirs.
fn read_subject(
    row: &mut Cells<'_>,
    user: UserId,
    found: &mut Option<Subject>,
) -> Result<(), StoreError> {
    row.opt_id::<ClientId>()?;
    let kind = row.int()?;
    let removed = row.flag()?;
    let reach = ContainerKinds::from_bits(row.int()?);
    let first_activated_at = row.opt_timestamp()?;
    let direct = row.text()?;
    let of_role = row.opt_text()?.unwrap_or_default();
    if let Some(subject) = found {
        subject.rights.extend(split(of_role));
        return Ok(());
    }
    let mut rights = split(direct);
    rights.extend(split(of_role));
    let every_client = row.flag()?;
    // A portal that was never founded is off.
    let active = match row.opt_int()? {
        None | Some(0) => false,
        Some(1) => true,
        Some(other) => return known("flag", other, None),
    };
    let licensed = row.opt_int()?;
    *found = Some(Subject {
        user,
        kind: known("kind of user", kind, UserKind::from_number(kind))?,
        removed,
        every_client,
        reach,
        rights,
        portal: PortalState {
            active,
            first_activated_at,
            licensed: ContainerKinds::from_bits(licensed.unwrap_or(0)),
        },
        revision: Revision::from_number(row.int()?),
    });
    Ok(())
}

/// One more affiliation, or one more role of the last.
fn read_affiliation(
    row: &mut Cells<'_>,
    found: &mut Vec<SubjectAffiliation>,
) -> Result<(), StoreError> {
    let client: ClientId = row.id()?;
    let light = row.int()?;
    let paused = row.flag()?;
    let closed = KindSet::from_bits(row.int()?);
    let until = row.opt_timestamp()?;
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
}
