//! Every statement is one on both engines, and no row of another tenant can be had whatever a statement says.

mod parameters;
mod strangers;

use std::fs;
use std::path::{Path, PathBuf};

use remit_core::Id;
use remit_db::testing::{Written, statements};
use remit_db::{Engine, Scope, Tx};

use crate::act::Caller;
use crate::clients::{self, Agreement, Client};
use crate::matrix;
use crate::people::{PartyKind, Role};
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs")
            && path.file_name().is_some_and(|n| n != "tests.rs")
        {
            found.push(path);
        }
    }
}

fn all_statements() -> Vec<(Written, String)> {
    statements_in(&["src"])
}

/// The statements of the product: those of this crate and those of the one for work that is done later.
fn sources() -> Vec<(Written, String)> {
    statements_in(&["src", "../jobs/src"])
}

fn statements_in(folders: &[&str]) -> Vec<(Written, String)> {
    let mut files = Vec::new();
    for folder in folders {
        rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "tests"));
    files.sort();
    let found = files.iter().flat_map(|file| statements(&fs::read_to_string(file).unwrap()));
    found.map(|(written, text)| (written, spelt(text))).collect()
}

/// What stands behind the name of a statement that shares parts with others.
fn spelt(text: String) -> String {
    if text.contains(' ') {
        return text;
    }
    let known = crate::tickets::texts().chain(crate::reports::texts()).chain(crate::ratings::texts());
    let mut known = known.filter(|(name, _)| *name == text);
    known.next().unwrap_or_else(|| panic!("the tests do not know the statement {text}")).1.to_owned()
}

#[test]
fn every_statement_can_be_prepared_on_every_engine() {
    let all = all_statements();
    assert!(all.len() > 25, "only {} statements were found", all.len());
    on_each(async |test| {
        let faults = test.home().prepare(&all);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

/// Tables that have few rows for each provider, however large it becomes.
const FEW: [&str; 28] = [
    "approval_rule",
    "audit_head",
    "checklist",
    "client",
    "desk_fill",
    "field",
    "half_session",
    "hand_off_form",
    "issuer",
    "link",
    "macro",
    "matrix_draft",
    "matrix_version",
    "party",
    "priority_table",
    "promise_calendar",
    "promise_rule",
    "promise_turn",
    "provider",
    "reach",
    "request_type",
    "search_name",
    "session",
    "tag",
    "team",
    "team_member",
    "ticket_count",
    "trip",
];
/// What goes through many rows on purpose: people in the order of their names, page by page; and whether an issuer that is being set up
/// would speak for people of others.
const ON_PURPOSE: [&str; 2] = ["USING INDEX membership_by_name", "email LIKE"];

#[test]
fn no_statement_goes_through_all_rows_of_a_table_that_grows() {
    on_each(async |test| {
        let mut odd = Vec::new();
        for (sql, steps) in test.home().plans(&all_statements()) {
            for step in steps.iter().filter(|step| is_walk(step) && !is_of_few(step, &sql)) {
                if !ON_PURPOSE.iter().any(|known| step.contains(known) || sql.contains(known)) {
                    odd.push(format!("{step}\n    {sql}"));
                }
            }
        }
        odd.sort();
        odd.dedup();
        assert!(odd.is_empty(), "{} of them:\n{}", odd.len(), odd.join("\n"));
    });
}

/// All rows, or all of a provider.
fn is_walk(step: &str) -> bool {
    step.starts_with("SCAN") || step.starts_with("SEARCH") && step.ends_with("(provider_id=?)")
}

/// Whether a step of a plan is about one of [`FEW`], or about what another step has found.
fn is_of_few(step: &str, sql: &str) -> bool {
    let name = step.split(' ').nth(1).unwrap_or_default();
    let words: Vec<&str> = sql.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let table = words.windows(3).find(|three| {
        matches!(three[0], "FROM" | "JOIN" | "UPDATE" | "INTO") && (three[1] == name || three[2] == name)
    });
    table.is_none_or(|three| FEW.contains(&three[1]))
}

/// Rows in as many tables as verbs can fill, for a client.
async fn fill(test: &TestApp, operator: &Caller, name: &str) -> Id<Client> {
    let owned = name.to_owned();
    test.app
        .write(operator, move |tx, act| {
            let client = clients::create(tx, act, &owned, "America/Los_Angeles")?;
            let full = Agreement {
                model: remit_matrix::draft::ServiceModel::FullyManaged,
                arrangements: Vec::new(),
                starts_on: "2026-01-01".parse().expect("it is a date"),
                tier: String::new(),
            };
            clients::agree(tx, act, client, &full)?;
            matrix::start(tx, act, client, "a draft")?;
            clients::add_site(tx, act, client, "Head office", "America/Los_Angeles")?;
            let somebody = clients::ContactText { name: "Ana Reyes".to_owned(), ..Default::default() };
            clients::add_contact(tx, act, client, &somebody)?;
            let parties = crate::people::list_parties(tx, Some(client))?;
            let internal =
                parties.iter().find(|(_, kind, _)| *kind == PartyKind::Internal).expect("it is there");
            crate::people::found_team(tx, act, internal.0, "Internal IT", "America/Los_Angeles")?;
            Ok(client)
        })
        .await
        .unwrap()
}

async fn texts(test: &TestApp, scope: Scope, sql: String) -> Vec<remit_db::Value> {
    let read = move |tx: &mut Tx<'_, '_>| tx.raw(&sql).map_err(Refused::from);
    test.app.db.write(scope, read).await.unwrap()
}

#[test]
fn no_table_shows_or_changes_a_row_of_another_tenant() {
    on_each(async |test| {
        if test.app.db.engine() == Engine::Sqlite {
            return;
        }
        let (one, other) =
            (fill(test, &test.operator(), "One").await, fill(test, &test.operator(), "Other").await);
        let vendor = test.caller(Role::VendorContact, Some(one)).await;
        let (stranger, _) = test.app.found("Another provider", "Asia/Manila").await.unwrap();
        fill(test, &Caller::operator(stranger), "Theirs").await;

        let home = test.provider.uuid();
        let tables = "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind = 'r' \
                      AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migration' ORDER BY 1";
        let tables = texts(test, Scope::all(home), tables.to_owned()).await;
        assert!(tables.len() >= 15, "{tables:?}");
        for table in tables {
            let remit_db::Value::Text(table) = table else { panic!("{table:?}") };
            let forced = format!(
                "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = '{table}'::regclass"
            );
            assert_eq!(texts(test, Scope::all(home), forced).await, [remit_db::Value::Bool(true)], "{table}");
            for scope in [Scope::all(home), Scope::client(home, one.uuid()), vendor.scope] {
                let foreign = format!("provider_id <> '{home}'");
                nothing(test, scope, &table, &foreign).await;
                let has_client = format!(
                    "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'client_id'"
                );
                let has_client = texts(test, scope, has_client).await == [remit_db::Value::Int(1)];
                if has_client && scope != Scope::all(home) {
                    nothing(test, scope, &table, &format!("client_id = '{}'", other.uuid())).await;
                }
            }
        }
    });
}

/// Neither seen nor changed nor removed.
async fn nothing(test: &TestApp, scope: Scope, table: &str, rows: &str) {
    for sql in [
        format!("SELECT provider_id FROM {table} WHERE {rows}"),
        format!("UPDATE {table} SET provider_id = provider_id WHERE {rows} RETURNING provider_id"),
        format!("DELETE FROM {table} WHERE {rows} RETURNING provider_id"),
    ] {
        assert_eq!(texts(test, scope, sql.clone()).await, [], "{scope:?}: {sql}");
    }
}
