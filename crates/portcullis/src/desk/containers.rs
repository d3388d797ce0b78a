use super::{Desk, Run};
use crate::Error;
use portcullis_access::{ContainerKind, KindSet};
use portcullis_id::{
    ClientId, ContainerId, HostKey, JobId, LibraryId, ProjectId, TicketId, WorkspaceId,
};
use portcullis_sharing::command::container::{self, NewContainer};
use portcullis_sharing::{Exposure, Lifecycle};
use std::marker::PhantomData;

/// The containers of one kind at one client, answered with the id type of that kind.
#[derive(Debug)]
pub struct ContainersDesk<'d, 'p, R, I> {
    desk: &'d Desk<'p, R>,
    kind: ContainerKind,
    client: Option<ClientId>,
    id: PhantomData<I>,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $method:ident: $id:ident = $kind:ident;)+) => {
        impl<'p, R: Run> Desk<'p, R> { $(
            $(#[doc = $doc])+
            pub fn $method(&self, client: impl Into<Option<ClientId>>) -> ContainersDesk<'_, 'p, R, $id> {
                ContainersDesk {
                    desk: self,
                    kind: ContainerKind::$kind,
                    client: client.into(),
                    id: PhantomData,
                }
            }
        )+ }

        $(
            impl<R: Run> ContainersDesk<'_, '_, R, $id> {
                /// Makes one.
                ///
                /// # Errors
                /// As [`container::add`].
                pub fn add(&self, name: &str) -> Result<$id, Error> {
                    self.make(name, None).map(|id| $id::from_uuid(id.uuid()))
                }

                /// Makes one that the host knows under a key of its own.
                ///
                /// # Errors
                /// As [`container::add`]; a key of another type than declared, or one taken.
                pub fn add_with_key(&self, name: &str, key: impl Into<HostKey>) -> Result<$id, Error> {
                    self.make(name, Some(key.into())).map(|id| $id::from_uuid(id.uuid()))
                }

                /// Sets the switch of one: shown, hidden, or as its default says (D44, D46).
                ///
                /// # Errors
                /// As [`container::set_exposure`].
                pub fn share(&self, id: $id, exposure: Exposure) -> Result<(), Error> {
                    self.desk.act("container.share", |tx, act| {
                        Ok(container::set_exposure(tx, act, id.into(), exposure)?)
                    })
                }

                /// Issues one, makes it a draft again, or withdraws it.
                ///
                /// # Errors
                /// As [`container::set_lifecycle`].
                pub fn set_lifecycle(&self, id: $id, lifecycle: Lifecycle) -> Result<(), Error> {
                    self.desk.act("container.lifecycle", |tx, act| {
                        Ok(container::set_lifecycle(tx, act, id.into(), lifecycle)?)
                    })
                }

                /// Closes these areas in one and opens all others (P15).
                ///
                /// # Errors
                /// As [`container::close_areas`].
                pub fn close_areas(&self, id: $id, closed: KindSet) -> Result<(), Error> {
                    self.desk.act("container.areas", |tx, act| {
                        Ok(container::close_areas(tx, act, id.into(), closed)?)
                    })
                }
            }
        )+
    };
}

kinds! {
    /// The projects of a client, or (`None`) of nobody yet.
    projects: ProjectId = Project;
    /// The tickets of a client.
    tickets: TicketId = Ticket;
    /// The jobs of a client.
    jobs: JobId = Job;
    /// The libraries of a client.
    libraries: LibraryId = Library;
    /// The workspaces of a client.
    workspaces: WorkspaceId = Workspace;
}

impl<R: Run, I> ContainersDesk<'_, '_, R, I> {
    fn make(&self, name: &str, key: Option<HostKey>) -> Result<ContainerId, Error> {
        self.desk.act("container.add", |tx, act| {
            let new = NewContainer {
                kind: self.kind,
                client: self.client,
                name: name.to_owned(),
                key,
            };
            Ok(container::add(tx, act, new)?)
        })
    }
}
