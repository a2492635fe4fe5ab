use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn a_crate_may_only_depend_on_what_stands_before_it() {
    let good =
        file("crates/matrix/Cargo.toml", "[dependencies]\nremit-core.workspace = true\nserde = \"1\"\n");
    assert_eq!(dependencies(&good), Vec::<String>::new());
    let bad = file("crates/core/Cargo.toml", "[dependencies]\nremit-matrix = { workspace = true }\n");
    assert_eq!(dependencies(&bad), ["crates/core/Cargo.toml: `core` must not depend on `matrix`"]);
}

#[test]
fn a_new_crate_must_be_listed() {
    assert_eq!(dependencies(&file("crates/new/Cargo.toml", "")).len(), 1);
}

#[test]
fn a_pure_crate_may_not_read_a_file_outside_its_tests() {
    let code = "use std::fs;\n// std::fs in a comment is fine\n";
    let found = impurities(&file("crates/core/src/at.rs", code));
    assert_eq!(found, ["crates/core/src/at.rs:1: `std::fs` reads or writes files; pass the value in"]);
    assert!(impurities(&file("crates/core/src/at/tests.rs", code)).is_empty());
    assert!(impurities(&file("crates/replay/src/source.rs", code)).is_empty());
}

#[test]
fn the_engine_may_only_name_itself() {
    let path = "crates/matrix/src/engine/space.rs";
    assert!(engine_words(&file(path, "use crate::engine::Space;\nuse super::table::Row;\n")).is_empty());
    assert_eq!(engine_words(&file(path, "use crate::draft::Draft;\n")).len(), 1);
}

#[test]
fn a_scope_is_left_by_listed_files_only() {
    let code = "    tx.beyond(\"why\", |tx| tx.exec(system_sql!(\"SELECT 1\"), ()))\n";
    let found = scope_left(&file("crates/app/src/clients/store.rs", code));
    assert_eq!(found, ["crates/app/src/clients/store.rs:1: leaves the scope of its caller"]);
    assert!(scope_left(&file("crates/app/src/people/invite.rs", code)).is_empty());
    assert!(scope_left(&file("crates/app/src/clients/tests.rs", code)).is_empty());
}

#[test]
fn a_file_that_says_nothing_is_found_by_its_name_or_folder() {
    assert!(nameless(&file("crates/core/src/utils.rs", "")).is_some());
    assert!(nameless(&file("crates/core/src/common/at.rs", "")).is_some());
    assert!(nameless(&file("crates/core/src/commonly.rs", "")).is_none());
}
