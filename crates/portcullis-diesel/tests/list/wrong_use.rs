//! What must not compile, and what the compiler then says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program around one expression, and what the compiler must say of it; nothing where it
/// compiles.
const USES: [(&str, &str, &str); 36] = [
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
        "right_selected",
        "documents::table.select((documents::id, visible.is_visible())).load::<(i64, bool)>(conn).map(|_| vec![])",
        "",
    ),
    (
        "pitfall07_compared",
        "documents::table.filter(visible.eq(true)).select(documents::id).load::<i64>(conn)",
        "SingleValue",
    ),
    (
        "pitfall07_is_not_null",
        "documents::table.filter(visible.is_not_null()).select(documents::id).load::<i64>(conn)",
        "SingleValue",
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

#[test]
fn wrong_uses_do_not_compile_and_say_what_to_write() {
    let project = Project::new("wrong_uses");
    for (name, expression, _) in USES {
        project.write(name, expression);
    }
    let mut told = project.check();
    for (name, _, said) in USES {
        let told = told.remove(name);
        match (told, said) {
            (None, "") => {}
            // The compiler breaks lines and colours nothing.
            (Some(told), said) if !said.is_empty() => {
                assert!(told.contains(said), "{name} says something else: {told}");
            }
            (None, _) => panic!("{name} compiles"),
            (Some(told), _) => panic!("{name} does not compile: {told}"),
        }
    }
    assert!(told.is_empty(), "{told:?}");
}

/// A package of its own whose examples are the programs, built from the sources at hand.
struct Project(PathBuf);

impl Project {
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

    /// What the compiler says of each program that it refuses.
    fn check(&self) -> BTreeMap<String, String> {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--keep-going", "--examples"])
            .args(["--message-format", "json"])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        let mut checked = 0;
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let message: serde_json::Value = serde_json::from_str(line).unwrap();
            let at = |path| message.pointer(path).and_then(|value| value.as_str());
            if at("/target/kind/0") != Some("example") {
                continue;
            }
            checked += usize::from(at("/reason") == Some("compiler-artifact"));
            if at("/message/level") == Some("error") {
                let name = at("/target/name").unwrap().to_owned();
                *told.entry(name).or_default() += at("/message/rendered").unwrap();
            }
        }
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(checked + told.len(), USES.len(), "{log}");
        told
    }
}
