//! What must not compile, and what the compiler then says; and what only fails when it is run.

use crate::host_rows::Columns;
use crate::stage::{STAFF, Stage, some_world, tasks};
use diesel::SqliteConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use portcullis_access::{Catalogue, ContainerKind, Keyed, Kind};
use portcullis_diesel::{Lens, VisibleToDsl as _, listed};
use portcullis_id::KeyType;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program around one expression, and what the compiler must say of it; nothing where it
/// compiles.
const USES: [(&str, &str, &str); 33] = [
    (
        "right_inside",
        "documents::table.filter(visible.and(before((documents::id,), Some((7,)))).and(documents::title.eq(\"a\"))).select(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_in_rows",
        "visible.rows(documents::table).filter(documents::title.eq(\"a\")).filter(before((documents::id,), Some((7,)))).order(documents::id).limit(7).select(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_in_rows_of_a_join",
        "visible.rows(notes::table.inner_join(documents::table.on(notes::document_id.eq(documents::id)))).select(notes::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_in_a_page",
        "visible.page(documents::table, None, 7).select(documents::id).load::<Placed<i64>>(conn).map(|_| vec![])",
        "",
    ),
    (
        "right_around",
        "listed(documents::table.filter(documents::title.eq(\"a\")).select(documents::id), visible).filter(before((documents::id,), Some((7,)))).load::<i64>(conn)",
        "",
    ),
    (
        "right_around_a_boxed_query",
        "listed(documents::table.select(documents::id).into_boxed(), visible).order(documents::id).load::<i64>(conn)",
        "",
    ),
    (
        "right_around_a_delete",
        "listed(diesel::delete(documents::table), visible).filter(documents::title.eq(\"a\")).execute(conn).map(|_| Vec::<i64>::new())",
        "",
    ),
    (
        "right_inside_the_on_of_a_join",
        "notes::table.inner_join(documents::table.on(visible.and(notes::document_id.eq(documents::id)))).select(notes::id).load::<i64>(conn)",
        "",
    ),
    (
        "pitfall07_or_filter_behind",
        "documents::table.filter(visible).or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_filter_with_a_cursor_behind",
        "documents::table.filter(visible).or_filter(before((documents::id,), None::<(i64,)>)).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_filter_behind_one_inside",
        "documents::table.filter(visible.and(before((documents::id,), Some((7,))))).or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_filter_of_the_list",
        "documents::table.filter(documents::title.eq(\"a\")).or_filter(visible).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_filter_of_two_lists",
        "documents::table.filter(visible.clone()).or_filter(visible.and(documents::title.eq(\"a\"))).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_behind",
        "documents::table.filter(visible.or(documents::title.eq(\"a\"))).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_behind_one_inside",
        "documents::table.filter(visible.and(documents::title.eq(\"a\")).or(before((documents::id,), Some((7,))))).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_before",
        "documents::table.filter(documents::title.eq(\"a\").or(visible)).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_not",
        "documents::table.filter(diesel::dsl::not(visible)).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_in_the_on_of_a_join",
        "notes::table.inner_join(documents::table.on(notes::document_id.eq(documents::id).or(visible))).select(notes::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_in_an_update",
        "diesel::update(documents::table).filter(visible.or(documents::title.eq(\"a\"))).set(documents::title.eq(\"b\")).execute(conn).map(|_| Vec::<i64>::new())",
        BESIDE,
    ),
    (
        "a_condition_behind",
        "documents::table.filter(visible).filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "a_condition_before",
        "documents::table.filter(documents::title.eq(\"a\")).filter(visible).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "a_cursor_behind",
        "documents::table.filter(visible).filter(before((documents::id,), Some((7,)))).select(documents::id).load::<i64>(conn)",
        BESIDE,
    ),
    (
        "pitfall07_or_filter_behind_listed",
        "listed(documents::table.select(documents::id), visible).or_filter(documents::title.eq(\"a\")).load::<i64>(conn)",
        "OrFilterDsl",
    ),
    (
        "pitfall07_or_filter_behind_a_boxed_list",
        "listed(documents::table.select(documents::id).into_boxed(), visible).or_filter(documents::title.eq(\"a\")).load::<i64>(conn)",
        "OrFilterDsl",
    ),
    (
        "pitfall07_or_filter_behind_a_delete",
        "listed(diesel::delete(documents::table), visible).or_filter(documents::title.eq(\"a\")).execute(conn).map(|_| Vec::<i64>::new())",
        "OrFilterDsl",
    ),
    (
        "pitfall07_or_filter_behind_rows",
        "visible.rows(documents::table.select(documents::id)).or_filter(documents::title.eq(\"a\")).load::<i64>(conn)",
        TABLES,
    ),
    (
        "pitfall07_or_filter_behind_rows_of_a_table",
        "visible.rows(documents::table).or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
        "OrFilterDsl",
    ),
    (
        "conditions_in_what_rows_are_of",
        "visible.rows(documents::table.filter(documents::title.eq(\"a\"))).select(documents::id).load::<i64>(conn)",
        TABLES,
    ),
    (
        "rows_of_another_table",
        "visible.rows(notes::table).select(notes::id).load::<i64>(conn)",
        "AppearsInFromClause",
    ),
    (
        "conditions_on_a_page",
        "visible.page(documents::table, None, 7).filter(documents::title.eq(\"a\")).select(documents::id).load::<Placed<i64>>(conn).map(|_| vec![])",
        "FilterDsl",
    ),
    (
        "pitfall05_a_column_without_its_table",
        "documents::table.filter(diesel::dsl::sql::<BigInt>(\"id\").visible_to(me, Kind::DOCUMENT)).select(documents::id).load::<i64>(conn)",
        "a list needs a column of a table",
    ),
    (
        "a_column_of_another_type",
        "documents::table.filter(documents::secret.visible_to(me, Kind::DOCUMENT)).select(documents::id).load::<i64>(conn)",
        "cannot hold a host's key",
    ),
    (
        "a_cursor_that_can_be_null",
        "documents::table.filter(visible.and(before((documents::due_at,), Some((7,))))).select(documents::id).load::<i64>(conn)",
        "IsNullable",
    ),
];

const TABLES: &str = "rows are of a table, an alias or a join of these";

const BESIDE: &str = "nothing stands beside `visible_to`, neither before it nor behind it";

/// Known limits: these compile, because Diesel forgets the types there, and show, change or delete
/// what the viewer may not. The safe way is `listed`, as in `right_around_..`; see the document of
/// `visible_to`. One that no longer compiles belongs above.
const LIMITS: [(&str, &str); 7] = [
    (
        "a_boxed_query_behind",
        "documents::table.into_boxed().filter(visible).or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
    ),
    (
        "a_boxed_query_before",
        "documents::table.into_boxed().filter(documents::title.eq(\"a\")).or_filter(visible).select(documents::id).load::<i64>(conn)",
    ),
    (
        "a_query_boxed_later",
        "documents::table.filter(visible).into_boxed().or_filter(documents::title.eq(\"a\")).select(documents::id).load::<i64>(conn)",
    ),
    (
        "a_delete_behind",
        "diesel::delete(documents::table).filter(visible).or_filter(documents::title.eq(\"a\")).execute(conn).map(|_| Vec::<i64>::new())",
    ),
    (
        "a_delete_before",
        "diesel::delete(documents::table).filter(documents::title.eq(\"a\")).or_filter(visible).execute(conn).map(|_| Vec::<i64>::new())",
    ),
    (
        "a_delete_of_a_list",
        "diesel::delete(documents::table.filter(visible)).or_filter(documents::title.eq(\"a\")).execute(conn).map(|_| Vec::<i64>::new())",
    ),
    (
        "an_upsert_behind",
        "{ use diesel::query_dsl::methods::{FilterDsl, OrFilterDsl};
         let upsert = diesel::insert_into(documents::table).values(documents::id.eq(1))
             .on_conflict(documents::id).do_update().set(documents::title.eq(\"a\"));
         let upsert = FilterDsl::filter(upsert, visible);
         OrFilterDsl::or_filter(upsert, documents::title.eq(\"a\"))
             .execute(conn).map(|_| Vec::<i64>::new()) }",
    ),
];

#[test]
fn wrong_uses_do_not_compile_and_say_what_to_write() {
    let project = Project::new("wrong_uses");
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

#[test]
fn pitfall07_what_still_compiles_is_known() {
    let project = Project::new("wrong_use_limits");
    for (name, expression) in LIMITS {
        let name = format!("limit_{name}");
        project.write(&name, expression);
        if let Err(told) = project.check(&name) {
            panic!("{name} does not compile any more, which is good: {told}");
        }
    }
}

/// A package of its own whose examples are the programs, built from the sources at hand.
struct Project(PathBuf);

impl Project {
    /// In a folder of its test's own: tests run at once, and write what Cargo reads.
    fn new(name: &str) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
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
            // Shared, for what all are built on; Cargo takes turns in it.
            .env(
                "CARGO_TARGET_DIR",
                self.0.with_file_name("wrong_use_target"),
            )
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
fn pitfall07_listed_is_the_safe_way_where_types_are_forgotten() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let visible = || tasks::id.visible_to(stage.lens(&viewer), Kind::TASK);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let allowed = stage.allowed(&viewer, Columns::Key);
    let everything = || tasks::number.ge(0);

    let boxed = tasks::table.select(tasks::number).into_boxed();
    let boxed = boxed.filter(everything()).or_filter(everything());
    let shown = listed(boxed, visible()).filter(everything().or(tasks::number.lt(0)));
    let shown: Vec<i64> = shown.order(tasks::number).load(host).unwrap();
    assert_eq!(shown, allowed);

    let delete = diesel::delete(tasks::table).filter(everything());
    let delete = delete.or_filter(everything());
    let deleted = listed(delete, visible()).filter(everything()).execute(host);
    assert_eq!(deleted, Ok(allowed.len()));
}

#[test]
fn pitfall07_every_condition_is_in_parentheses_of_its_own() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let visible = || tasks::id.visible_to(stage.lens(&viewer), Kind::TASK);
    let text = |query: &dyn QueryFragment<Sqlite>| {
        let text = diesel::debug_query::<Sqlite, _>(&query).to_string();
        let (text, _) = text.split_once(" -- binds").unwrap();
        text.to_owned()
    };
    let alone = text(&visible());
    assert!(alone.starts_with('(') && alone.ends_with(')'), "{alone}");
    assert_eq!(
        text(
            &visible()
                .and(sql::<Bool>("1 OR 1"))
                .and(sql::<Bool>("2 OR 2"))
        ),
        format!("(({alone} AND (1 OR 1)) AND (2 OR 2))")
    );
    let rows = visible().rows(tasks::table).filter(sql::<Bool>("1 OR 1"));
    let rows = rows.filter(sql::<Bool>("2 OR 2")).select(tasks::number);
    let ours = text(&visible().rows(tasks::table).select(tasks::number));
    assert!(ours.contains(" WHERE (") && ours.ends_with(')'), "{ours}");
    assert_eq!(text(&rows), format!("{ours} AND (1 OR 1) AND (2 OR 2)"));
    let delete = listed(diesel::delete(tasks::table), visible()).filter(sql::<Bool>("1"));
    let delete = text(&delete);
    let (_, condition) = delete.split_once(" WHERE ").unwrap();
    assert_eq!(condition, format!("({alone} AND 1)"));
}
