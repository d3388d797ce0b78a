//! The items of the matrix, one of each interesting state.

use super::people::CEDAR;
use crate::world::{BIRCH, BOB, CARL, bond, elsewhere, of, task, website};
use portcullis_access::{ContainerKind, Kind, KindSet};
use portcullis_sharing::{
    Bond, ContainerFacts, DefaultExposure, Exposure, ItemFacts, Kin, Lifecycle,
};

/// An item, and what the matrix calls it.
pub(super) struct Named(pub(super) &'static str, pub(super) ItemFacts);

pub(super) fn items() -> Vec<Named> {
    [
        shown(),
        private(),
        of_others(),
        hung(),
        made_by_clients(),
        money(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn shown() -> Vec<Named> {
    vec![
        Named("task, shown", task()),
        Named("milestone, shown", of(Kind::MILESTONE)),
        Named("document, shown", of(Kind::DOCUMENT)),
        Named(
            "update, shown by the default",
            ItemFacts {
                exposure: Exposure::Inherit,
                default: DefaultExposure::Shown,
                ..of(Kind::UPDATE)
            },
        ),
        Named("report, shown", of(Kind::REPORT)),
        Named("kind nobody registered, shown", of(Kind::host::<40>())),
    ]
}

fn private() -> Vec<Named> {
    vec![
        Named(
            "task, untouched and private",
            ItemFacts {
                exposure: Exposure::Inherit,
                ..task()
            },
        ),
        Named(
            "milestone, older than the activation",
            ItemFacts {
                exposure: Exposure::Inherit,
                older: true,
                ..of(Kind::MILESTONE)
            },
        ),
        Named(
            "update, switched to No",
            ItemFacts {
                exposure: Exposure::Hidden,
                default: DefaultExposure::Shown,
                ..of(Kind::UPDATE)
            },
        ),
        Named(
            "document in a hidden project",
            within(
                ContainerFacts {
                    exposure: Exposure::Hidden,
                    ..website()
                },
                of(Kind::DOCUMENT),
            ),
        ),
        Named(
            "dashboard, area closed in the project",
            within(
                ContainerFacts {
                    closed: KindSet::of(Kind::DASHBOARD),
                    ..website()
                },
                of(Kind::DASHBOARD),
            ),
        ),
        Named("expense, area closed at Acme", of(Kind::EXPENSE)),
    ]
}

fn of_others() -> Vec<Named> {
    let owned = |client| ItemFacts { client, ..task() };
    vec![
        Named("task of another project", elsewhere(task())),
        Named("task of Birch", owned(Some(BIRCH))),
        Named("task of Cedar", owned(Some(CEDAR))),
        Named("task of no client", owned(None)),
        Named(
            "document in a library",
            within(
                ContainerFacts {
                    kind: ContainerKind::Library,
                    ..website()
                },
                of(Kind::DOCUMENT),
            ),
        ),
    ]
}

fn hung() -> Vec<Named> {
    let list = |open_child| ItemFacts {
        judged_as: Kind::TASK,
        path: KindSet::of(Kind::TASK),
        kin: Kin::Of { open_child },
        ..of(Kind::TASK_LIST)
    };
    let comment_on = |kind, open| ItemFacts {
        path: KindSet::of(Kind::COMMENT).with(kind),
        kin: Kin::Under { open },
        ..of(Kind::COMMENT)
    };
    vec![
        Named("task list with a shown task", list(true)),
        Named("task list without one", list(false)),
        Named(
            "comment on a shown document",
            comment_on(Kind::DOCUMENT, true),
        ),
        Named(
            "comment on a hidden document",
            comment_on(Kind::DOCUMENT, false),
        ),
        Named("comment on a report", comment_on(Kind::REPORT, true)),
    ]
}

fn made_by_clients() -> Vec<Named> {
    let by = |author| ItemFacts {
        author: Some(author),
        ..of(Kind::ISSUE)
    };
    vec![
        Named("issue that Bob filed", by(BOB)),
        Named("issue that somebody else filed", by(CARL)),
        Named("time to approve", of(Kind::TIME)),
    ]
}

fn money() -> Vec<Named> {
    vec![
        Named("invoice, issued", of(Kind::INVOICE)),
        Named(
            "invoice, draft",
            ItemFacts {
                lifecycle: Lifecycle::Draft,
                ..of(Kind::INVOICE)
            },
        ),
        Named(
            "invoice elsewhere, mailed to Bob",
            ItemFacts {
                bond: Some(Bond {
                    receives: true,
                    ..bond(BOB)
                }),
                ..elsewhere(of(Kind::INVOICE))
            },
        ),
        Named("proposal, issued", of(Kind::PROPOSAL)),
    ]
}

fn within(container: ContainerFacts, facts: ItemFacts) -> ItemFacts {
    ItemFacts { container, ..facts }
}
