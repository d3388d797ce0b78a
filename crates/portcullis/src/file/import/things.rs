use super::names::named;
use super::{Import, at};
use crate::file::{ContainerPart, FileError, ItemPart, MemberPart};
use portcullis_access::{ContainerKind, Grant, Keyed, KindSet, UserKind};
use portcullis_id::{ClientId, ContainerId, ItemId};
use portcullis_sharing::{Container, Item, Membership, Source, restore};

/// Containers, members and items.
impl Import<'_> {
    pub(super) fn containers(
        &mut self,
        path: &str,
        field: &str,
        client: Option<ClientId>,
        parts: &[ContainerPart],
    ) -> Result<(), FileError> {
        let dot = if path.is_empty() { "" } else { "." };
        let mut roots = 0;
        for (n, part) in parts.iter().enumerate() {
            let path = format!("{path}{dot}{field}[{n}]");
            roots += usize::from(part.kind == ContainerKind::Root);
            if roots > 1 {
                return Err(FileError::at(path, "a client has one root"));
            }
            self.container(&path, client, part)?;
        }
        Ok(())
    }

    fn container(
        &mut self,
        path: &str,
        client: Option<ClientId>,
        part: &ContainerPart,
    ) -> Result<(), FileError> {
        let (id, key) = self.containers.add_kind(
            format!("{path}.key"),
            part.kind.name(),
            &part.key,
            || ContainerId::new(self.now, &*self.rules.entropy),
            ContainerId::from_uuid,
        )?;
        let mut container = Container {
            id,
            kind: part.kind,
            key: self.checked(&format!("{path}.key"), Keyed::Containers(part.kind), key)?,
            client,
            name: named(&format!("{path}.name"), &part.name)?,
            exposure: part.exposure,
            default: part.default,
            lifecycle: part.lifecycle,
            closed: self.kinds(&format!("{path}.closed"), &part.closed)?,
            created_at: part.created_at,
            open: false,
        };
        container.open = container.derived_open();
        self.tx
            .put_container(&container)
            .map_err(|error| at(path, error))?;
        for (n, member) in part.members.iter().enumerate() {
            self.member(&format!("{path}.members[{n}]"), &container, member)?;
        }
        for (n, item) in part.items.iter().enumerate() {
            self.item(&format!("{path}.items[{n}]"), &container, item)?;
        }
        Ok(())
    }

    fn member(
        &mut self,
        path: &str,
        container: &Container,
        part: &MemberPart,
    ) -> Result<(), FileError> {
        let id = self.users.get(format!("{path}.user"), &part.user)?;
        let user = self.tx.user(id).map_err(|error| at(path, error))?;
        let kind = user.map(|user| user.kind);
        // A guest may come from the contacts too, and is a member then.
        let fitting = match part.source {
            Source::Member => matches!(kind, Some(UserKind::Client | UserKind::Guest)),
            Source::Guest => kind == Some(UserKind::Guest),
            Source::Staff => kind == Some(UserKind::Staff),
        };
        if !fitting {
            return Err(FileError::at(
                format!("{path}.source"),
                "staff are let in as staff, clients as members, guests as guests or members",
            ));
        }
        if container.client.is_none() && kind != Some(UserKind::Staff) {
            return Err(FileError::at(
                format!("{path}.user"),
                "only staff are let in where there is no client",
            ));
        }
        self.tx
            .put_membership(&Membership {
                user: id,
                container: container.id,
                source: part.source,
                grant: Grant {
                    until: part.until,
                    approver: part.approver,
                },
                since: part.since,
            })
            .map_err(|error| at(path, error))
    }

    fn item(
        &mut self,
        path: &str,
        container: &Container,
        part: &ItemPart,
    ) -> Result<(), FileError> {
        let kind = self.kind(&format!("{path}.kind"), &part.kind)?;
        let key = self
            .catalogue()
            .check_item_key(kind, part.key.clone())
            .map_err(|error| FileError::because(format!("{path}.key"), error))?;
        let parent = match &part.parent {
            None => None,
            Some(parent) => {
                let path = format!("{path}.parent");
                let kind = self.kind(&path, &parent.kind)?;
                let known = self.items.get(&(kind, parent.key.clone())).copied();
                Some(known.ok_or_else(|| {
                    FileError::at(
                        &path,
                        format!(
                            "no {} `{}` stands before it in this file",
                            parent.kind, parent.key
                        ),
                    )
                })?)
            }
        };
        let author = match &part.author {
            None => None,
            Some(author) => Some(self.users.get(format!("{path}.author"), author)?),
        };
        let id = ItemId::new(part.created_at, &*self.rules.entropy)
            .map_err(|error| FileError::because(path, error))?;
        if self.items.insert((kind, key.clone()), id).is_some() {
            return Err(FileError::at(
                format!("{path}.key"),
                format!("another {} has the key `{key}` already", part.kind),
            ));
        }
        let item = Item {
            id,
            kind,
            key,
            container: container.id,
            client: container.client,
            parent,
            path: KindSet::NONE,
            exposure: part.exposure,
            default: part.default,
            older: part.older,
            lifecycle: part.lifecycle,
            author,
            created_at: part.created_at,
            sort: part.sort.unwrap_or(part.created_at.millis()),
            open: false,
        };
        restore(self.tx, self.rules.access.catalogue(), item)
            .map_err(|error| FileError::because(path, error))?;
        for (n, user) in part.sent_to.iter().enumerate() {
            let path = format!("{path}.sent_to[{n}]");
            if container.client.is_none() {
                return Err(FileError::at(
                    path,
                    "what belongs to no client is sent to nobody",
                ));
            }
            let user = self.users.get(&path, user)?;
            self.tx
                .set_distributed(id, user, true)
                .map_err(|error| at(&path, error))?;
        }
        Ok(())
    }
}
