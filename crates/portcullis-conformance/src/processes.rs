//! Laws that several processes keep on one database: what is counted or used up in one is counted
//! or used up in all.
//!
//! Each process is the test binary once more, told by its environment to run one test as one of
//! several, so an adapter names the place and opens it, and nothing else:
//!
//! ```ignore
//! struct OnFile;
//!
//! impl Place for OnFile {
//!     type Store = adas::Store;
//!     fn place() -> Option<(String, Box<dyn Any>)> {
//!         let folder = tempfile::tempdir().unwrap();
//!         let file = folder.path().join("portal.db").display().to_string();
//!         adas::Store::open(&file).migrate();
//!         Some((file, Box::new(folder)))
//!     }
//!     fn open(place: &str) -> adas::Store {
//!         adas::Store::open(place)
//!     }
//! }
//!
//! mod processes {
//!     portcullis_conformance::processes_suite!(super::OnFile);
//! }
//! ```

use crate::patient::Patient;
use portcullis::PortalTx;
use portcullis::ledger::Store;
use std::any::Any;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A database that several processes can have open.
pub trait Place {
    /// The adapter's store.
    type Store: Store<Tx: PortalTx>;

    /// A new database with its tables in it, as [`open`](Self::open) takes it, and what must live
    /// as long as it. `None` where there is no server; what was skipped is then printed.
    fn place() -> Option<(String, Box<dyn Any>)>;

    /// Opens it, in whichever process.
    fn open(place: &str) -> Self::Store;
}

/// Makes one test of each law about several processes. In a module of its own: the laws are called
/// alike for every adapter.
///
/// ```ignore
/// portcullis_conformance::processes_suite!(MyPlace);
/// ```
#[macro_export]
macro_rules! processes_suite {
    ($place:ty) => {
        $crate::processes_suite!(@ $place:
            bug01_bug02_of_four_processes_exactly_x_are_verified
            bug03_a_success_in_one_process_leaves_the_lock_of_another
            bug26_of_four_processes_one_redeems_a_token
            bug27_of_two_addresses_that_cross_over_processes_one_stays
            bug32_of_four_processes_one_gets_in_with_a_code
            bug35_of_four_processes_one_gets_in_with_a_recovery_code
        );
    };
    (@ $place:ty: $($law:ident)+) => {
        $(
            #[test]
            fn $law() {
                let test = concat!(module_path!(), "::", stringify!($law));
                $crate::law::processes::$law::<$place>(test);
            }
        )+
    };
}

/// One of several processes.
#[derive(Clone, Debug)]
pub(crate) struct One {
    /// Which.
    pub(crate) number: usize,
    /// What all were told.
    pub(crate) told: String,
    /// The database, to open it once more.
    pub(crate) place: String,
    folder: PathBuf,
}

/// The database afterwards, and what each process had to say.
pub(crate) struct After<S> {
    pub(crate) store: S,
    pub(crate) answers: Vec<String>,
    pub(crate) place: String,
    _held: Box<dyn Any>,
}

const NUMBER: &str = "PORTCULLIS_PROCESS";
const PLACE: &str = "PORTCULLIS_PLACE";
const FOLDER: &str = "PORTCULLIS_FOLDER";
const PATIENCE: Duration = Duration::from_secs(120);

/// Has `each` done by so many processes at once, on a database that `prepare` has put something
/// into. `None` in each of these, whose part is then done, and where there is no database.
pub(crate) fn several<P: Place>(
    test: &str,
    processes: usize,
    prepare: impl FnOnce(&Patient<P::Store>, &str) -> String,
    each: impl FnOnce(&Patient<P::Store>, &One) -> String,
) -> Option<After<Patient<P::Store>>> {
    if let Ok(number) = std::env::var(NUMBER) {
        as_one::<P>(&number, each);
        return None;
    }
    let (place, held) = P::place()?;
    let store = Patient(P::open(&place));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("told"), prepare(&store, &place)).unwrap();
    let mut all: Vec<Child> = (0..processes)
        .map(|number| start(test, number, &place, &folder))
        .collect();
    for number in 0..processes {
        let ready = || folder.path().join(format!("ready-{number}")).exists();
        until(|| ready() || all.iter_mut().any(|one| one.try_wait().unwrap().is_some()));
    }
    say(folder.path(), "go");
    for one in all {
        let ended = one.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "a process of {test}: {said}");
    }
    let answer = |number| folder.path().join(format!("answer-{number}"));
    let answers = (0..processes).map(|number| std::fs::read_to_string(answer(number)).unwrap());
    Some(After {
        store,
        answers: answers.collect(),
        place,
        _held: held,
    })
}

impl One {
    /// Tells the other processes that something has come about.
    pub(crate) fn say(&self, what: &str) {
        say(&self.folder, what);
    }

    /// Waits until one of them says so.
    pub(crate) fn wait_for(&self, what: &str) {
        until(|| self.folder.join(what).exists());
    }
}

fn as_one<P: Place>(number: &str, each: impl FnOnce(&Patient<P::Store>, &One) -> String) {
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let one = One {
        number: number.parse().unwrap(),
        told: std::fs::read_to_string(folder.join("told")).unwrap(),
        place: std::env::var(PLACE).unwrap(),
        folder,
    };
    let store = Patient(P::open(&one.place));
    one.say(&format!("ready-{number}"));
    one.wait_for("go");
    let answer = each(&store, &one);
    std::fs::write(one.folder.join(format!("answer-{number}")), answer).unwrap();
}

/// This binary once more, for that one test of it.
fn start(test: &str, number: usize, place: &str, folder: &TempDir) -> Child {
    // Tests are called without the name of their crate.
    let (_, test) = test.split_once("::").unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(NUMBER, number.to_string())
        .env(PLACE, place)
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn say(folder: &Path, what: &str) {
    std::fs::write(folder.join(what), "").unwrap();
}

/// Waits for another process; a test that hangs says less than one that fails.
fn until(mut come: impl FnMut() -> bool) {
    let pause = Duration::from_millis(1);
    let mut left = PATIENCE.as_millis();
    while !come() {
        assert!(left > 0, "nothing came of it in two minutes");
        left -= 1;
        std::thread::sleep(pause);
    }
}
