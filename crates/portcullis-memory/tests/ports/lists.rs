use crate::rows::{
    NOW, affiliation, client, client_id, container, item, item_id, membership, read, user, user_id,
    write,
};
use portcullis_access::{
    Affiliations, Clients, ContainerKind, ContainerKinds, Grant, Kind, KindSet, Users,
};
use portcullis_id::{HostKey, ItemId};
use portcullis_memory::Store;
use portcullis_sharing::{
    Branch, ClientScope, Containers, ItemRow, Items, Lists, Memberships, PageToken, ParentFacts,
    Plan,
};
use proptest::prelude::*;

fn branch(clients: ClientScope) -> Branch {
    Branch {
        clients,
        containers: ContainerKinds::ALL,
        granted_only: false,
        barred: KindSet::NONE,
        open_only: false,
    }
}

fn plan(branches: Vec<Branch>) -> Plan {
    Plan {
        kind: Kind::TASK,
        user: user_id(1),
        now: NOW,
        bonds: false,
        branches,
    }
}

fn ids(rows: &[ItemRow]) -> Vec<ItemId> {
    rows.iter().map(|row| row.item.id).collect()
}

fn listed(store: &Store, branch: Branch) -> Vec<ItemId> {
    ids(&read(store, |tx| tx.page(&plan(vec![branch]), None, 99)))
}

/// Two clients with one project each: tasks 1 and 2, and an issue. The user is let into both.
fn two_clients() -> Store {
    let store = Store::new();
    write(&store, |tx| {
        tx.put_user(&user(1))?;
        for n in 1..=2 {
            tx.put_client(&client(n, "Acme"))?;
            tx.put_affiliation(&affiliation(1, n))?;
            let project = container(n, ContainerKind::Project, Some(n));
            tx.put_container(&project)?;
            tx.put_item(&item(n, Kind::TASK, &project))?;
            tx.put_item(&item(n + 10, Kind::ISSUE, &project))?;
        }
        Ok(())
    });
    store
}

#[test]
fn a_plan_lists_the_rows_its_branches_hold() {
    let store = two_clients();
    let all = || branch(ClientScope::All);
    assert_eq!(listed(&store, all()), [2, 1].map(item_id));
    let of_acme = ClientScope::These(vec![client_id(1)]);
    assert_eq!(listed(&store, branch(of_acme)), [item_id(1)]);
    let mut barred = all();
    barred.barred = KindSet::of(Kind::TASK);
    assert_eq!(listed(&store, barred), []);
    let none = read(&store, |tx| tx.page(&plan(Vec::new()), None, 99));
    assert_eq!(none, []);
}

#[test]
fn affiliated_means_a_door_that_is_open_now() {
    let store = two_clients();
    let affiliated = || branch(ClientScope::Affiliated);
    assert_eq!(listed(&store, affiliated()), [2, 1].map(item_id));
    let mut paused = affiliation(1, 1);
    paused.paused = true;
    let mut ended = affiliation(1, 2);
    ended.until = Some(NOW);
    write(&store, |tx| tx.put_affiliation(&paused));
    assert_eq!(listed(&store, affiliated()), [item_id(2)]);
    write(&store, |tx| tx.put_affiliation(&ended));
    assert_eq!(listed(&store, affiliated()), []);
}

#[test]
fn granted_means_a_grant_that_has_not_ended_now() {
    let store = two_clients();
    let granted = || Branch {
        granted_only: true,
        ..branch(ClientScope::All)
    };
    assert_eq!(listed(&store, granted()), []);
    let mut ending = membership(1, 1);
    ending.grant.until = Some(NOW.after(portcullis_id::minutes(1)));
    let mut ended = membership(1, 2);
    ended.grant.until = Some(NOW);
    write(&store, |tx| {
        tx.put_membership(&ending)?;
        tx.put_membership(&ended)
    });
    assert_eq!(listed(&store, granted()), [item_id(1)]);
}

#[test]
fn a_row_brings_container_parent_and_the_bond_of_the_one_who_asks() {
    let store = two_clients();
    let project = container(1, ContainerKind::Project, Some(1));
    let mut comment = item(20, Kind::COMMENT, &project);
    comment.parent = Some(item_id(1));
    let grant = Grant {
        until: Some(NOW),
        approver: true,
    };
    write(&store, |tx| {
        tx.put_user(&user(2))?;
        tx.put_item(&comment)?;
        let mut member = membership(1, 1);
        member.grant = grant;
        tx.put_membership(&member)?;
        tx.set_distributed(comment.id, user_id(1), true)
    });
    read(&store, |tx| {
        let row = tx
            .row(Kind::COMMENT, &comment.key, user_id(1))?
            .row
            .unwrap();
        assert_eq!((&row.item, row.container), (&comment, project.facts()));
        assert_eq!(
            row.parent,
            Some(ParentFacts {
                kind: Kind::TASK,
                open: true
            })
        );
        let bond = row.bond.unwrap();
        assert_eq!((bond.grant, bond.receives), (Some(grant), true));
        assert_eq!(tx.row_by_id(comment.id, user_id(1))?, Some(row));
        let other = tx.row_by_id(comment.id, user_id(2))?.unwrap();
        let bond = other.bond.unwrap();
        assert_eq!(bond.user, user_id(2));
        assert_eq!((bond.grant, bond.receives), (None, false));
        assert_eq!(tx.row_by_id(item_id(1), user_id(1))?.unwrap().parent, None);
        assert_eq!(tx.row(Kind::TASK, &comment.key, user_id(1))?.row, None);
        assert_eq!(
            tx.row(Kind::COMMENT, &HostKey::from(1), user_id(1))?.row,
            None
        );
        Ok(())
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Few moments, so that many rows share one.
    #[test]
    fn pages_concatenated_are_the_list_newest_first(
        moments in prop::collection::vec(0..4_i64, 0..20),
        limit in 1..7_u32,
        cap in 0..25_u32,
    ) {
        let store = Store::new();
        write(&store, |tx| {
            let project = container(1, ContainerKind::Project, None);
            tx.put_container(&project)?;
            for (n, moment) in (1..).zip(&moments) {
                let mut task = item(n, Kind::TASK, &project);
                task.sort = *moment;
                tx.put_item(&task)?;
            }
            Ok(())
        });
        // A row that two branches hold is still one row.
        let plan = plan(vec![branch(ClientScope::All), branch(ClientScope::All)]);
        let mut expected: Vec<(i64, u128)> = moments.iter().copied().zip(1..).collect();
        expected.sort_unstable();
        expected.reverse();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = read(&store, |tx| tx.page(&plan, after, limit));
            let Some(last) = page.last() else { break };
            after = Some(PageToken { sort: last.item.sort, item: last.item.id });
            let short = page.len() < limit as usize;
            found.extend(ids(&page));
            if short { break }
        }
        let expected: Vec<ItemId> = expected.into_iter().map(|(_, n)| item_id(n)).collect();
        prop_assert_eq!(found, expected);
        let counted = read(&store, |tx| tx.count(&plan, cap)) as usize;
        prop_assert_eq!(counted, moments.len().min(cap as usize));
    }
}
