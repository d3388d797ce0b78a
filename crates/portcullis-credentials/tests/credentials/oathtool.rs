//! The codes of another program, oath-toolkit's `oathtool`, sign in here.

use crate::phone::{Phone, later};
use crate::world::{RIGHT, T0, secret, world};
use portcullis_credentials::FactorCode;
use secrecy::ExposeSecret;
use std::process::Command;

fn code_of_oathtool(base32: &str, seconds: i64) -> String {
    let run = Command::new("oathtool")
        .args(["--totp", "--base32", "--digits", "6"])
        .args(["--now", &format!("@{seconds}"), base32])
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).unwrap().trim().to_owned()
}

#[test]
fn s29_the_codes_of_oathtool_sign_in() {
    if Command::new("oathtool").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "install oathtool");
        eprintln!("skipped: there is no oathtool");
        return;
    }
    let world = world();
    let before = later(T0, -10);
    let session = world.begin(before);
    let (fresh, _) = world.confirm(&session, RIGHT, None, before).unwrap();
    let (store, from) = (&world.store, &world.source);
    let offer = world
        .credentials
        .offer_own_factor(store, &fresh, from, before);
    let offer = offer.unwrap().unwrap();
    let base32 = offer.secret();
    let code = |now: portcullis_id::Timestamp| {
        secret(&code_of_oathtool(
            base32.expose_secret(),
            now.millis() / 1000,
        ))
    };
    let enrolled = world
        .credentials
        .enrol_own_factor(store, &fresh, &code(before), from, before);
    assert!(enrolled.unwrap().is_ok());
    for n in 0..20 {
        let now = later(T0, n * 1009);
        assert!(
            world.with_code(FactorCode::App(&code(now)), now).is_ok(),
            "{now}"
        );
        let ours = Phone::scan(&offer).code(now);
        assert_eq!(ours.expose_secret(), code(now).expose_secret(), "{now}");
    }
}
