//! What must not compile, and what the compiler then says; and what only fails when it is run.

use crate::stage::{STAFF, Stage, some_world, tasks};
use diesel::SqliteConnection;
use diesel::prelude::*;
use portcullis_access::{Catalogue, ContainerKind, Keyed, Kind};
use portcullis_diesel::{Lens, VisibleToDsl as _, listed};
use portcullis_id::KeyType;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program around one expression, and what the compiler must say of it; nothing where it
/// compiles.
const USES: [(&str, &str, &str); 13] = [
    (
        "right",
        "documents::table.filter(documents::title.eq(\"a\")).filter(visible)\
         .filter(before((documents::id,), Some((7,)))).select(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_also",
        "documents::table.filter(visible).filter(also(documents::title.eq(\"a\")))\
         .select(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_listed",
        "listed(documents::table.select(documents::id).into_boxed(), visible)\
         .order(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "pitfall07_or_filter_behind",
        "documents::table.filter(visible).or_filter(documents::title.eq(\"a\"))\
         .select(documents::id).load::<i64>(conn)",
        BEHIND,
    ),
    (
        "pitfall07_or_filter_behind_a_cursor",
        "documents::table.filter(visible).filter(before((documents::id,), Some((7,))))\
         .or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
        BEHIND,
    ),
    (
        "pitfall07_or_behind",
        "documents::table.filter(visible.or(documents::title.eq(\"a\")))\
         .select(documents::id).load::<i64>(conn)",
        BEHIND,
    ),
    (
        "pitfall07_update_behind_or",
        "diesel::update(documents::table).filter(visible.or(documents::title.eq(\"a\")))\
         .set(documents::title.eq(\"b\")).execute(conn).map(|_| Vec::<i64>::new())",
        BEHIND,
    ),
    (
        "a_condition_behind",
        "documents::table.filter(visible).filter(documents::title.eq(\"a\"))\
         .select(documents::id).load::<i64>(conn)",
        "or write `.filter(also(..))` behind it",
    ),
    (
        "pitfall07_or_filter_on_a_boxed_list",
        "listed(documents::table.select(documents::id).into_boxed(), visible)\
         .or_filter(documents::title.eq(\"a\")).load::<i64>(conn)",
        "OrFilterDsl",
    ),
    (
        "pitfall07_or_filter_on_a_delete",
        "listed(diesel::delete(documents::table), visible)\
         .or_filter(documents::title.eq(\"a\")).execute(conn).map(|_| Vec::<i64>::new())",
        "OrFilterDsl",
    ),
    (
        "pitfall05_a_column_without_its_table",
        "documents::table.filter(diesel::dsl::sql::<BigInt>(\"id\").visible_to(me, Kind::DOCUMENT))\
         .select(documents::id).load::<i64>(conn)",
        "a list needs a column of a table",
    ),
    (
        "a_column_of_another_type",
        "documents::table.filter(documents::secret.visible_to(me, Kind::DOCUMENT))\
         .select(documents::id).load::<i64>(conn)",
        "cannot hold a host's key",
    ),
    (
        "a_cursor_that_can_be_null",
        "documents::table.filter(visible).filter(before((documents::due_at,), Some((7,))))\
         .select(documents::id).load::<i64>(conn)",
        "IsNullable",
    ),
];

const BEHIND: &str = "nothing but `before`, `after` and `also` comes behind `visible_to`";

#[test]
fn wrong_uses_do_not_compile_and_say_what_to_write() {
    let project = Project::new();
    for (name, expression, _) in USES {
        project.write(name, expression);
    }
    for (name, _, said) in USES {
        match (project.check(name), said) {
            (Ok(()), "") => {}
            (Err(told), said) if !said.is_empty() => {
                // The compiler breaks lines and colours nothing.
                assert!(told.contains(said), "{name} says something else: {told}");
            }
            (Ok(()), _) => panic!("{name} compiles"),
            (Err(told), _) => panic!("{name} does not compile: {told}"),
        }
    }
}

/// A package of its own whose examples are the programs, built from the sources at hand.
struct Project(PathBuf);

impl Project {
    fn new() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong_use");
        std::fs::create_dir_all(folder.join("examples")).unwrap();
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/lib.rs"), "").unwrap();
        // The same versions as the workspace, without a network.
        std::fs::copy(here.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let manifest = format!(
            "[package]\nname = \"wrong-use\"\nedition = \"2024\"\n[workspace]\n\
             [dev-dependencies]\n\
             diesel = {{ version = \"2.3\", default-features = false }}\n\
             portcullis-access = {{ path = '{access}' }}\n\
             portcullis-diesel = {{ path = '{here}', features = [\"sqlite\"] }}\n",
            access = here.join("../portcullis-access").display(),
            here = here.display(),
        );
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, expression: &str) {
        let shared = include_str!("../ui/shared.rs");
        let program = format!(
            "{shared}\nfn load(me: &Lens<'_>, conn: &mut SqliteConnection) -> QueryResult<Vec<i64>> {{\n\
             let visible = documents::id.visible_to(me, Kind::DOCUMENT).owned_by(documents::client_id);\n\
             {expression}\n}}\nfn main() {{}}\n"
        );
        std::fs::write(self.0.join(format!("examples/{name}.rs")), program).unwrap();
    }

    /// What the compiler says where it refuses.
    fn check(&self, name: &str) -> Result<(), String> {
        let output = Command::new(env!("CARGO"))
            .args([
                "check",
                "--offline",
                "--quiet",
                "--color",
                "never",
                "--example",
                name,
            ])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn pitfall05_a_list_in_returning_on_sqlite_is_refused() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let refused = diesel::update(tasks::table)
        .set(tasks::project_id.eq("c1"))
        .returning(tasks::id.visible_to(stage.lens(&viewer), Kind::TASK))
        .load::<bool>(host)
        .unwrap_err();
    assert!(refused.to_string().contains("RETURNING"), "{refused}");
}

#[test]
fn k07_one_column_cannot_hold_container_keys_of_two_types() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Int)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Int)
        .keyed_by(Keyed::Containers(ContainerKind::Project), KeyType::Int);
    let me = Lens::new(&viewer, &catalogue, crate::sharing_world::NOW);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let refused = tasks::table
        .filter(
            tasks::id
                .visible_to(me, Kind::TASK)
                .in_container(tasks::project_id),
        )
        .select(tasks::number)
        .load::<i64>(host)
        .unwrap_err();
    assert!(refused.to_string().contains("in_container_of"), "{refused}");
}

#[test]
fn pitfall07_a_list_is_in_parentheses_wherever_it_stands() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let visible = || tasks::id.visible_to(stage.lens(&viewer), Kind::TASK);
    let delete = listed(diesel::delete(tasks::table), visible());
    let text = diesel::debug_query::<diesel::sqlite::Sqlite, _>(&delete).to_string();
    let (_, condition) = text.split_once(" WHERE ").unwrap();
    assert!(condition.starts_with("(("), "{condition}");
}
