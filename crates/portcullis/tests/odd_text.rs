//! Text that nobody would type, in a portal file and in a form: a clear refusal, at its place (bug 11).

use portcullis::credentials::{CredentialPolicy, LoginName};
use portcullis::file::PortalFile;
use portcullis::id::Timestamp;
use portcullis::{Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// A portal of one who signs in by this user name, as JSON has it between its quotes.
fn file(login: &str) -> String {
    format!(
        r#"{{"portcullis":1,"profile":"safe",
"portal":{{"active":true,"first_activated_at":5,"licensed":["root","project","ticket"]}},
"roles":[],"clients":[],"unowned":[],
"users":[{{"key":"tom","kind":"staff","name":"Thomas","every_client":true,"created_at":1,
 "account":{{"login":"{login}","password":"to-be-set","second_factor":false,"change_due":false,
 "created_at":1}}}}]}}"#
    )
}

#[test]
fn bug11_half_a_character_is_no_text_of_a_file() {
    for half in [
        r"\ud800",
        r"\udc00",
        r"ada\ud83d",
        r"\udc00\ud800",
        r"\ud800\u0041",
    ] {
        let error = PortalFile::from_json(&file(half)).unwrap_err();
        assert!(
            error.to_string().contains("users[0].account.login"),
            "{error}"
        );
        let quoted = format!("\"{half}\"");
        assert!(serde_json::from_str::<LoginName>(&quoted).is_err());
        let settings = format!("{{\"context_words\":[{quoted}]}}");
        assert!(serde_json::from_str::<CredentialPolicy>(&settings).is_err());
    }
    assert!(serde_json::from_str::<LoginName>(r#""\u0041da""#).is_ok());
}

#[test]
fn bug10_bug11_a_user_name_of_a_file_is_one_that_could_be_typed() {
    let import = |login: &str| {
        let file = PortalFile::from_json(&file(login)).map_err(|error| error.to_string())?;
        let portal = Portal::new(Store::new(), presets::safe()).unwrap();
        let imported = portal.operator("test", NOW).import(&file);
        imported.map_err(|error| error.to_string())
    };
    import("tom").unwrap();
    let long = "a".repeat(10_000_000);
    for odd in [
        "",
        " ",
        r"\u0000",
        r"to\u0000m",
        r"\u202etom",
        r"to\u200bm",
        "to m",
        &long,
    ] {
        let told = import(odd).unwrap_err();
        assert!(
            told.contains("users[0].account") && told.len() < 400,
            "{told:.400}"
        );
    }
}
