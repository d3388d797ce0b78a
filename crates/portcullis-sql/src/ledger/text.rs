//! Actors and recipients as readable text, so that an audit can be read with any SQL tool.

use portcullis_id::UserId;
use portcullis_ledger::{Actor, Recipient, StoreError, StoreErrorKind};

pub(super) fn actor(actor: &Actor) -> Result<String, StoreError> {
    Ok(match actor {
        Actor::User(user) => format!("user:{user}"),
        Actor::External { user, voucher } => format!("external:{user}:{voucher}"),
        Actor::Operator(name) => format!("operator:{name}"),
        Actor::Visitor => "visitor".to_owned(),
        other => return Err(unwritable(&format!("actor `{other}`"))),
    })
}

pub(super) fn read_actor(text: &str) -> Result<Actor, StoreError> {
    let actor = match text.split_once(':') {
        None if text == "visitor" => Some(Actor::Visitor),
        Some(("user", id)) => user(id).map(Actor::User),
        Some(("operator", name)) => Some(Actor::Operator(name.to_owned())),
        Some(("external", rest)) => rest.split_once(':').and_then(|(id, voucher)| {
            let voucher = voucher.to_owned();
            user(id).map(|user| Actor::External { user, voucher })
        }),
        _ => None,
    };
    actor.ok_or_else(|| unreadable("an actor", text))
}

pub(super) fn recipient(recipient: &Recipient) -> Result<String, StoreError> {
    match recipient {
        Recipient::User(user) => Ok(format!("user:{user}")),
        Recipient::FormerAddress { user, address } => Ok(format!("former:{user}:{address}")),
        other => Err(unwritable(&format!("recipient `{other:?}`"))),
    }
}

pub(super) fn read_recipient(text: &str) -> Result<Recipient, StoreError> {
    let recipient = match text.split_once(':') {
        Some(("user", id)) => user(id).map(Recipient::User),
        Some(("former", rest)) => rest.split_once(':').and_then(|(id, address)| {
            let address = address.to_owned();
            user(id).map(|user| Recipient::FormerAddress { user, address })
        }),
        _ => None,
    };
    recipient.ok_or_else(|| unreadable("a recipient", text))
}

/// Only the one spelling we write: an id in capitals was written by somebody else.
fn user(text: &str) -> Option<UserId> {
    let id: UserId = text.parse().ok()?;
    (id.to_string() == text).then_some(id)
}

fn unwritable(what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Misuse,
        format!("this version of portcullis-sql cannot store the {what}; upgrade it"),
    )
}

fn unreadable(what: &str, text: &str) -> StoreError {
    StoreError::corrupt(format!(
        "`{text}` is not {what}; it was written by a newer version or by another program"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn any_actor() -> impl Strategy<Value = Actor> {
        let user = any::<u128>().prop_map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        prop_oneof![
            user.clone().prop_map(Actor::User),
            (user, ".*").prop_map(|(user, voucher)| Actor::External { user, voucher }),
            ".*".prop_map(Actor::Operator),
            Just(Actor::Visitor),
        ]
    }

    fn any_recipient() -> impl Strategy<Value = Recipient> {
        let user = any::<u128>().prop_map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        let former = (user.clone(), ".*")
            .prop_map(|(user, address)| Recipient::FormerAddress { user, address });
        prop_oneof![user.prop_map(Recipient::User), former]
    }

    proptest! {
        #[test]
        fn a_recipient_is_read_back_as_written(to in any_recipient()) {
            prop_assert_eq!(read_recipient(&recipient(&to).unwrap()).unwrap(), to);
        }

        #[test]
        fn an_actor_is_read_back_as_written(by in any_actor()) {
            prop_assert_eq!(read_actor(&actor(&by).unwrap()).unwrap(), by);
        }

        #[test]
        fn what_is_read_is_what_would_be_written(text in "(user|operator|external|visitor)?:?.*") {
            if let Ok(by) = read_actor(&text) {
                prop_assert_eq!(actor(&by).unwrap(), text);
            }
        }
    }

    #[test]
    fn unknown_text_is_corrupt_and_no_visitor() {
        for text in [
            "",
            "Visitor",
            "robot:7",
            "user:7",
            "user:0000000000000000000000000000000A",
            "external:00000000-0000-0000-0000-000000000007",
            "former:00000000-0000-0000-0000-000000000007",
        ] {
            assert_eq!(
                read_actor(text).unwrap_err().kind(),
                StoreErrorKind::Corrupt,
                "{text}"
            );
            assert_eq!(
                read_recipient(text).unwrap_err().kind(),
                StoreErrorKind::Corrupt,
                "{text}"
            );
        }
    }
}
