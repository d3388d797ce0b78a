//! Bugs of others that ours cannot have by what its types and its text are.

use crate::world::{T0, world};
use portcullis_credentials::{
    CredentialPolicy, CredentialSettings, Digest, Enclosure, LoginName, SessionSecret, TokenSecret,
};
use portcullis_ledger::{Recipient, StoreExt};
use std::fs;
use std::path::Path;

/// GitLab's reset took a list of addresses, and mailed to each.
#[test]
fn bug23_a_mail_goes_to_somebody_known_and_to_no_address_given() {
    for given in [
        r#""eve@evil.example""#,
        r#"["ada@provider.example","eve@evil.example"]"#,
        r#"{"address":"eve@evil.example"}"#,
        r#"{"user":["ada@provider.example","eve@evil.example"]}"#,
    ] {
        assert!(serde_json::from_str::<Recipient>(given).is_err(), "{given}");
    }
    // And no call that makes a link, a token or a mail takes a text for whom.
    let signatures = signatures().into_iter();
    let mailing = signatures.filter(|signature| {
        [
            "fn invite(",
            "fn mail_invitation(",
            "fn token(",
            "fn request_reset<",
            "fn reset_link(",
            "fn invitation_link(",
        ]
        .iter()
        .any(|call| signature.contains(call))
    });
    let mailing: Vec<_> = mailing.collect();
    assert_eq!(mailing.len(), 6);
    for signature in mailing {
        // Who asks for a reset gives one user name, by which an account is found or none.
        let (texts, named) = (
            signature.matches("str").count(),
            signature.contains("name: &str"),
        );
        let asks = signature.contains("fn request_reset<") && named;
        assert_eq!(texts, usize::from(asks), "{signature}");
        assert!(!signature.contains('['), "no list of anything: {signature}");
    }
}

/// Zitadel put a user's name into a mail as HTML. What we hand to a mail is ids: the text is made by
/// the host, from names that are plain text and stay what they are.
#[test]
fn bug25_a_name_is_text_and_no_part_of_what_is_mailed() {
    let world = world();
    let link = "<a href=https://evil.example>click</a>";
    assert!(LoginName::parse(link).is_err(), "a name has no spaces");
    let name = "<a/href=https://evil.example>";
    let eve = world.add(name, portcullis_credentials::FirstPassword::ToBeSet, None);
    let eve = eve.unwrap();
    let by = crate::world::by();
    let posted = world.store.write(|tx| {
        let credentials = &world.credentials;
        credentials.mail_invitation(tx, eve, Enclosure::Link, None, &by, T0)
    });
    posted.unwrap();
    let mails = world.store.rows().mails;
    assert_eq!(mails.len(), 1);
    let whole = serde_json::to_string(&mails).unwrap();
    assert!(
        !whole.contains("href") && !whole.contains("evil"),
        "{whole}"
    );
    let account = world.store.rows().accounts;
    assert_eq!(account.last().unwrap().name.to_string(), name);
}

/// Secrets are compared in constant time or, as a digest's, by what no guess leads to.
#[test]
fn bug34_no_secret_has_a_comparison_that_stops_at_the_first_difference() {
    let secrets = [
        "SessionSecret",
        "TokenSecret",
        "$name",
        "PasswordHash",
        "HashedPassword",
        "RecoveryCodes",
        "TotpSecret",
        "FactorOffer",
        "KeyRing",
        "Digest",
        "Invitation",
    ];
    let mut found = 0;
    for (file, text) in sources() {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (n, line) in lines.iter().enumerate() {
            let declared = line.strip_prefix("pub struct ");
            let declared = declared.or_else(|| line.strip_prefix("pub(crate) struct "));
            let Some(rest) = declared else { continue };
            if !secrets.iter().any(|name| {
                let rest = rest.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with(['(', ' ', ';', '<']))
            }) {
                continue;
            }
            found += 1;
            let attributes = lines[..n].iter().rev();
            let derived = attributes.take_while(|line| !line.is_empty() && !line.ends_with('}'));
            for line in derived.filter(|line| line.starts_with("#[derive")) {
                assert!(!line.contains("PartialEq"), "{file}: {rest}");
            }
        }
    }
    assert_eq!(
        found,
        secrets.len() - 2,
        "the two of the macro are one in the text"
    );
    // The one that has a comparison has it in constant time.
    let of = |n: u8, last: u8| {
        let mut bytes = [n; 32];
        bytes[31] = last;
        Digest::from_bytes(bytes)
    };
    assert_eq!(of(1, 2), of(1, 2));
    assert!(of(1, 2) != of(1, 3) && of(1, 2) != of(2, 2));
    let (_, text) = sources()
        .into_iter()
        .find(|(file, _)| file == "tokens/secret.rs")
        .unwrap();
    assert!(text.contains("self.0.ct_eq(&other.0)"));
    let printed = format!("{:?}{:?}", SessionSecret::from("a"), TokenSecret::from("b"));
    assert_eq!(printed, "SessionSecret(..)TokenSecret(..)");
}

/// What a visitor gives to be compared: a code with what its app would show, in constant time, and
/// every other secret never, but looked up by its digest.
#[test]
fn bug34_codes_are_compared_in_constant_time_and_digests_looked_up() {
    let sources = sources();
    let text = |name: &str| {
        let found = sources.iter().find(|(file, _)| file == name);
        let text = found.unwrap_or_else(|| panic!("{name} is gone")).1.as_str();
        text.split("#[cfg(test)]").next().unwrap()
    };
    // `totp-rs` compares in constant time; all steps are tried, whichever matches.
    let step = text("factors/totp.rs").split("fn step(").nth(1).unwrap();
    let step = step.split("\n    }\n").next().unwrap();
    assert!(step.contains("totp.check(&code, time)"));
    for early in ["break", "==", "generate", ".any(", ".find"] {
        assert!(!step.contains(early), "{early}");
    }
    for (file, lookups) in [
        (
            "port/tokens.rs",
            ["fn token(", "fn consume_token("].as_slice(),
        ),
        ("port/sessions.rs", &["fn session("]),
        ("port/factors.rs", &["fn use_recovery_code("]),
    ] {
        for lookup in lookups {
            let rest = text(file).split(lookup).nth(1).unwrap();
            let signature = rest.split(';').next().unwrap();
            assert!(signature.contains(": &Digest"), "{file}: {lookup}");
            assert!(!signature.contains("str"), "{file}: {lookup}");
        }
    }
    // Nothing that is exposed stands beside an `==`, and what compares bytes is `subtle`.
    let mut compared = 0;
    for (file, _) in &sources {
        for line in text(file).lines().map(str::trim) {
            let code = line.split("//").next().unwrap();
            let secret = [".expose()", "expose_secret()", ".bytes()", "tag"];
            let equal = code.contains(" == ") || code.contains(" != ");
            let length = code.contains(".len()") || code.contains(".count()");
            let named = secret.iter().any(|secret| code.contains(secret));
            assert!(!(equal && named) || length, "{file}: {line}");
            compared += usize::from(code.contains(".ct_eq("));
        }
    }
    assert_eq!(compared, 7, "six functions' tags, and the digest");
}

/// ASP.NET's template called its sign-in with `lockoutOnFailure: false`.
#[test]
fn bug40_no_parameter_switches_the_counting_off() {
    let counted: Vec<String> = signatures()
        .into_iter()
        .filter(|signature| signature.contains("store: &S"))
        .collect();
    assert!(counted.len() >= 10, "{}", counted.len());
    for signature in counted {
        assert!(!signature.contains(": bool"), "{signature}");
        // A code is one that was typed, counted where it is owed and refused where it is not given.
        let optional = signature.matches(": Option<").count();
        let codes = signature.matches(": Option<FactorCode").count();
        assert_eq!(optional, codes, "{signature}");
    }
    for switch in [0, 101, u32::MAX] {
        let never = CredentialSettings {
            lock_threshold: switch,
            ..CredentialSettings::default()
        };
        assert!(CredentialPolicy::new(never).is_err());
        let never = CredentialSettings {
            factor_lock_threshold: switch,
            ..CredentialSettings::default()
        };
        assert!(CredentialPolicy::new(never).is_err());
    }
}

/// The signatures of the crate's functions that others can call.
fn signatures() -> Vec<String> {
    let mut signatures = Vec::new();
    for (_, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
        for part in text
            .split("pub fn ")
            .chain(text.split("pub(crate) fn ").skip(1))
            .skip(1)
        {
            let signature = part.split(['{', ';']).next().unwrap();
            signatures.push(format!("fn {signature}"));
        }
    }
    signatures
}

/// The crate's own text, file by file, by their names in `src`.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(&root).unwrap();
                let name = name.to_str().unwrap().replace('\\', "/");
                sources.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(sources.iter().any(|(name, _)| name == "port/tokens.rs"));
    sources
}
