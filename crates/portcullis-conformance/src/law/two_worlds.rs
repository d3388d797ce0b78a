//! Non-interference (L5): two worlds that differ only in what a viewer may not see give that
//! viewer byte-equal answers.

use super::over;
use crate::moves::Roster;
use crate::{Draws, Harness, NOW, Stage};
use portcullis::PortalTx;
use portcullis::access::{Grant, Kind, KindSet, Light, User, UserKind};
use portcullis::credentials::{SecretString, SignIn, Source};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{ClientId, ContainerId, HostKey};
use portcullis::ledger::Store;
use portcullis::sharing::command::item::Place;
use portcullis::sharing::{
    DefaultExposure, DefaultOf, Exposure, Item, Lifecycle, Membership, Source as Came,
};

/// One world, and the same with everything changed that the viewer may not see: rows, order,
/// counts, page tokens, clients, containers, and the texts about hidden and absent keys are equal.
pub fn hidden_data_changes_no_answer<H: Harness>() {
    over::<H>(0..10, |seed| {
        let draws = Draws::seeded(seed + 7_000);
        let one = Stage::of(H::fresh(), seed);
        let users: Vec<User> = one
            .users()
            .into_iter()
            .filter(|user| !user.every_client)
            .collect();
        for user in draws.some(&users, 12).iter().chain([draws.pick(&users)]) {
            let other = Stage::of(H::fresh(), seed);
            change_the_hidden(&other, user, &draws);
            let mut asked = keys(&one.items());
            asked.extend(keys(&other.items()));
            asked.push((Kind::DOCUMENT, uuid::Uuid::nil().into()));
            asked.push((Kind::INVOICE, "never-was".into()));
            let clients = Roster::of(&other).clients;
            let first = one.told(&one.viewer(user.id), &asked, &clients);
            let second = other.told(&other.viewer(user.id), &asked, &clients);
            for (first, second) in first.lines().zip(second.lines()) {
                assert_eq!(first, second, "{:?} can tell the worlds apart", user.key);
            }
            assert_eq!(first.len(), second.len(), "{:?}", user.key);
            assert_eq!(turned_away(&one), turned_away(&other));
        }
    });
}

/// A viewer that is out of date because somebody's rights have changed is told so, or told nothing;
/// what it is told is the same for what is hidden and for what is not there.
pub fn a_stale_viewer_cannot_tell_hidden_from_absent<H: Harness>() {
    over::<H>(0..4, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let mut cached = Vec::new();
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            let shown = stage.seen(&viewer);
            cached.push((user, viewer, shown));
        }
        stage.operator().roles().add("a change", &[]).unwrap();
        let absent = (Kind::INVOICE, HostKey::from("never-was"));
        for (user, viewer, shown) in cached {
            let text = |(kind, key): &(Kind, HostKey)| match stage
                .portal
                .find_as(&viewer, *kind, key, NOW)
            {
                Ok(_) => "found".to_owned(),
                Err(error) => format!("{error} {:?}", error.kind()),
            };
            let never = text(&absent);
            for hidden in keys(&stage.items())
                .iter()
                .filter(|key| !shown.contains(key))
            {
                assert_eq!(text(hidden), never, "{:?} learns of {hidden:?}", user.key);
            }
        }
    });
}

/// Changes everything that `user` may not see and leaves all else as it was.
fn change_the_hidden<S>(stage: &Stage<S>, user: &User, draws: &Draws)
where
    S: Store,
    S::Tx: PortalTx,
{
    let viewer = stage.viewer(user.id);
    let roster = Roster::of(stage);
    let seen = stage.seen(&viewer);
    let own: Vec<ClientId> = viewer.clients().map(|(client, _)| client).collect();
    let desk = stage.operator();
    for client in &roster.clients {
        if !own.contains(client) {
            other_client(stage, *client, draws);
        }
    }
    let new = desk.clients().add_with_key("Aardvark", 999).unwrap();
    other_client(stage, new, draws);
    desk.roles().add("unheard of", &["documents.view"]).unwrap();
    desk.settings()
        .set_default(DefaultOf::Items(Kind::UPDATE), DefaultExposure::Shown)
        .unwrap();
    for container in &roster.containers {
        if container.client.is_none_or(|client| !own.contains(&client)) {
            fill(stage, container.id, Exposure::Shown, draws);
        } else if user.kind != UserKind::Staff {
            fill(stage, container.id, Exposure::Hidden, draws);
        }
    }
    for item in &roster.items {
        let visible = seen.contains(&(item.kind, item.key.clone()));
        if !visible && item.kind != Kind::TASK_LIST {
            change_item(stage, item, draws);
        }
    }
    others(stage, user, &roster, draws);
}

/// Another client: another name, light and areas, more people, projects and items.
fn other_client<S>(stage: &Stage<S>, client: ClientId, draws: &Draws)
where
    S: Store,
    S::Tx: PortalTx,
{
    let desk = stage.operator();
    let clients = desk.clients();
    let name = draws.pick(&["Aaron & Sons", "Zygote", "acme"]);
    clients.rename(client, name).unwrap();
    clients
        .set_light(client, *draws.pick(&[Light::OnHold, Light::Inactive]))
        .unwrap();
    clients
        .close_areas(client, KindSet::of(Kind::UPDATE))
        .unwrap();
    desk.contacts(client)
        .add("A new face", "face@new.example")
        .unwrap();
    let project = desk.projects(client).add("A secret project").unwrap();
    desk.projects(client)
        .share(project, Exposure::Shown)
        .unwrap();
    for _ in 0..3 {
        fill(stage, project.into(), Exposure::Shown, draws);
    }
    let login = NewLogin {
        name: "Somebody".to_owned(),
        login: format!("somebody-{client}"),
        email: None,
        rights: Vec::new(),
        password: FirstLogin::Invited,
        expires_in_days: None,
    };
    let _invitation = desk
        .add_user(UserKind::Client, client, None, login)
        .unwrap();
}

/// Puts items of several kinds and ages into a container.
fn fill<S>(stage: &Stage<S>, container: ContainerId, exposure: Exposure, draws: &Draws)
where
    S: Store,
    S::Tx: PortalTx,
{
    for kind in [Kind::UPDATE, Kind::DOCUMENT, Kind::INVOICE] {
        let moment = stage.items()[draws.below(30)].created_at;
        let key: HostKey = if kind == Kind::DOCUMENT {
            uuid::Uuid::from_u128(u128::from(draws.next())).into()
        } else {
            format!("secret-{}", draws.next()).into()
        };
        let desk = stage.operator_at(moment);
        desk.place_at(kind, key.clone(), Place::In(container))
            .unwrap();
        desk.share(kind, &key, exposure).unwrap();
        if exposure == Exposure::Shown {
            desk.set_lifecycle(kind, &key, Lifecycle::Issued).unwrap();
        }
    }
}

/// An item the viewer does not see: hidden for good, with something hanging on it, or gone.
fn change_item<S>(stage: &Stage<S>, item: &Item, draws: &Draws)
where
    S: Store,
    S::Tx: PortalTx,
{
    let desk = stage.operator();
    if stage.read(|tx| tx.item(item.id)).is_none() {
        return;
    }
    let bare = stage.read(|tx| tx.children_of(item.id)).is_empty();
    match draws.below(6) {
        0 if bare => desk.remove(item.kind, &item.key).unwrap(),
        1 => desk
            .set_lifecycle(item.kind, &item.key, Lifecycle::Withdrawn)
            .unwrap(),
        2 => {
            let key = format!("whisper-{}", draws.next());
            desk.place_under(Kind::COMMENT, key, item.id).unwrap();
        }
        3 => {
            desk.share(item.kind, &item.key, Exposure::Hidden).unwrap();
        }
        4 => {
            let other = draws.pick(&stage.items()).sort;
            desk.set_sort(item.kind, &item.key, other).unwrap();
        }
        _ => {}
    }
}

/// What other people hold, and where they were let in.
fn others<S>(stage: &Stage<S>, user: &User, roster: &Roster, draws: &Draws)
where
    S: Store,
    S::Tx: PortalTx,
{
    let desk = stage.operator();
    for other in roster.users.iter().filter(|other| other.id != user.id) {
        if !other.removed && draws.percent(40) {
            desk.set_rights(other.id, &["documents.view"]).unwrap();
            desk.set_email(other.id, None).unwrap();
        }
        stage.write(|tx| {
            for container in roster.containers.iter().filter(|_| draws.percent(20)) {
                tx.put_membership(&Membership {
                    user: other.id,
                    container: container.id,
                    source: Came::Member,
                    grant: Grant {
                        until: None,
                        approver: true,
                    },
                    since: NOW,
                })?;
            }
            Ok(())
        });
    }
}

/// What a visitor reads who tries names: one that is there in one world alone, and one that never
/// was.
fn turned_away<S>(stage: &Stage<S>) -> Vec<String>
where
    S: Store,
    S::Tx: PortalTx,
{
    let from = Source::new("10.0.0.9");
    let password = SecretString::from("not the password of anybody");
    let client = stage.read(|tx| tx.clients())[0].id;
    let names = [
        format!("somebody-{client}"),
        "nobody".to_owned(),
        "user-0-1@login.example".to_owned(),
    ];
    names
        .iter()
        .map(
            |name| match stage.portal.sign_in(name, &password, &from, NOW).unwrap() {
                SignIn::Refused(refusal) => refusal.shown().to_string(),
                other => panic!("{other:?}"),
            },
        )
        .collect()
}

fn keys(items: &[Item]) -> Vec<(Kind, HostKey)> {
    items
        .iter()
        .map(|item| (item.kind, item.key.clone()))
        .collect()
}
