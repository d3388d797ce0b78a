use super::*;

#[test]
fn databases_are_apart_and_a_dropped_server_leaves_nothing() {
    let Some(server) = Server::start_with(&[("work_mem", "5MB")]) else {
        return;
    };
    let folder = server.socket.clone();
    let (one, two) = (server.database(), server.database());
    assert_eq!(
        one.complaints("CREATE TABLE it (n BIGINT); SELECT 1/n FROM it;"),
        ""
    );
    assert!(two.complaints("SELECT n FROM it;").contains("\"it\""));
    let asked = server.own().answer("SHOW work_mem; SHOW fsync;");
    assert_eq!(asked, "5MB\noff\n");
    assert!(folder.join("data").exists());
    drop(server);
    assert!(!folder.exists());
    assert!(two.complaints("SELECT 1;").contains("psql ended"));
}

#[test]
#[should_panic(expected = "PostgreSQL does not start")]
fn a_server_that_does_not_start_says_why() {
    let server = Server::start_with(&[("no_such_setting", "1")]);
    server.expect("PostgreSQL does not start, for there is none");
}

#[test]
fn pitfall20_a_server_that_is_missing_fails_in_ci() {
    skipped(None);
    assert!(std::panic::catch_unwind(|| skipped(Some("true"))).is_err());
}

/// A process that ends without dropping anything, as one with a shared server does.
#[test]
fn the_end_of_the_process_stops_the_server() {
    const ASKED: &str = "PORTCULLIS_LEAVES_A_SERVER";
    if std::env::var_os(ASKED).is_some() {
        let server = Server::shared();
        eprintln!("socket {:?}", server.map(|server| &server.socket));
        std::process::abort();
    }
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own)
        .args(["the_end_of_the_process", "--nocapture"])
        .env(ASKED, "1")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr);
    let Some((_, rest)) = told.split_once("socket Some(\"") else {
        return;
    };
    let folder = PathBuf::from(rest.split_once('"').unwrap().0);
    for _ in 0..200 {
        if !folder.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{folder:?} is still there");
}
