//! `schemathesis` against a real server: whatever the document allows and whatever it does not, the answer is one that the document names.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use remit_db::Engine;
use remit_web::serve::{Patience, Stop};

use super::{Program, key};
use crate::act::Caller;
use crate::demo;
use crate::people::Role;
use crate::testing::on_each;

/// The Python that `cargo xtask test` makes.
const PYTHON: &str = "REMIT_TEST_API";
/// Requests for each operation and caller, in each phase: enough to find what is wrong, few enough for every run.
const EXAMPLES: &str = "4";

#[test]
fn no_request_that_can_be_made_of_the_document_is_answered_with_what_it_does_not_say() {
    let Some(python) = std::env::var_os(PYTHON) else {
        println!("{PYTHON} is not set: skipped");
        return;
    };
    on_each(async |test| {
        // What is answered does not depend on the engine: the table has tried both.
        if test.app.db.engine() != Engine::Sqlite {
            return;
        }
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let program = Program::new(test);
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = Stop::new();
        let served = tokio::spawn(remit_web::serve::serve(
            listener,
            program.router.clone(),
            stop.stopping(),
            Patience::new(Duration::from_secs(1)),
        ));
        for role in [Role::Owner, Role::Technician] {
            let member = made.roles.iter().find(|member| member.role == role).unwrap();
            let key = key(test, &operator, member.id, false).await;
            let mut st = Command::new(&python);
            let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/tests/schemathesis.toml");
            st.args(["-m", "schemathesis.cli", "--config-file", rules, "run"]);
            st.args([&format!("{address}/api/v1/openapi.json"), "--url", &address]);
            st.args([
                "--header",
                &format!("Authorization: {key}"),
                "--max-examples",
                EXAMPLES,
                "--seed",
                "7",
            ]);
            st.args([
                "--phases",
                "examples,coverage,fuzzing",
                "--checks",
                "all",
                "--no-color",
                "--no-shrink",
            ]);
            // One worker: two that compile at once break CPython 3.11 ("AST constructor recursion depth mismatch").
            st.args(["--continue-on-failure", "--workers", "1", "--warnings", "off"]);
            // The ids of examples are those of nobody.
            st.args([
                "--exclude-checks",
                "positive_data_acceptance,ensure_resource_availability,use_after_free",
            ]);
            st.current_dir(std::env::temp_dir());
            let told = tokio::task::spawn_blocking(move || st.output()).await.unwrap().unwrap();
            let text = String::from_utf8_lossy(&told.stdout).into_owned();
            assert!(told.status.success(), "as {role:?}:\n{text}\n{}", String::from_utf8_lossy(&told.stderr));
        }
        stop.begin();
        served.await.unwrap().unwrap();
    });
}
