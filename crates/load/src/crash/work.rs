//! The process that is killed: verbs of the product, several at once, each acknowledgement named on stdout.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use remit_app::audit::Key;
use remit_app::clients::{self, Client};
use remit_app::people::{self, Invitation, PartyKind, Role};
use remit_app::{App, Caller, Clock, MIGRATIONS, Refused, matrix};
use remit_core::Id;
use remit_db::migrate::Start;
use remit_db::{Db, Place};
use remit_web::SystemRandom;

use crate::clock::SystemClock;
use crate::dice::Dice;

/// The name of the one provider.
const PROVIDER: &str = "Crash Test IT";
/// Deeds at a time, so that several are committed together.
const TASKS: u64 = 6;

/// The key of the audit log; what it is does not matter here.
pub fn key() -> Key {
    Key::new([9; 32])
}

/// Where the database is.
pub fn place(folder: &Path) -> Place {
    Place::Sqlite(folder.join("remit.db"))
}

/// Works until it is killed.
pub fn run(folder: &Path, run: u64) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let failed = |error: Refused| error.to_string();
    runtime.map_err(|e| e.to_string())?.block_on(async {
        let clock = Arc::new(SystemClock);
        let db =
            Db::open(&place(folder), MIGRATIONS, Start::Migrate(clock.now())).map_err(|e| e.to_string())?;
        let app = App::new(db, clock, Arc::new(SystemRandom), key());
        let known = app.providers().await.map_err(failed)?;
        let provider = match known.first() {
            Some((provider, _)) => *provider,
            None => app.found(PROVIDER, "UTC").await.map_err(failed)?.0,
        };
        say("open");
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(work(app.clone(), Caller::operator(provider), run, task)))
            .collect();
        for task in tasks {
            task.await.map_err(|e| e.to_string())?;
        }
        Ok(())
    })
}

/// One line, whole, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listens may be gone; then it does not matter.
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

/// One deed after the other. Names tell which run and which task a deed is of.
async fn work(app: App, by: Caller, run: u64, task: u64) {
    let mut dice = Dice::new(run.wrapping_mul(31).wrapping_add(task));
    let mut own: Option<(Id<Client>, i64)> = None;
    for n in 0.. {
        let name = format!("{run}-{task}-{n}");
        let done = match (dice.below(6), own) {
            (0 | 1, _) | (_, None) => create(&app, &by, &name).await.map(|id| {
                own = Some((id, 1));
                format!("client {name}")
            }),
            (2, Some((client, version))) => rename(&app, &by, client, version, &name).await.map(|()| {
                own = Some((client, version + 1));
                format!("renamed {client} {name}")
            }),
            (3, Some((client, _))) => {
                invite(&app, &by, client, &name).await.map(|()| format!("person {name}"))
            }
            (4, Some((client, _))) => {
                draft(&app, &by, client, &name).await.map(|()| format!("draft {client} {name}"))
            }
            // Refused halfway, with rows written before: nothing of it may stay.
            (_, Some(_)) => match half(&app, &by, &name).await {
                Err(Refused::NotFound) => Ok(format!("refused {name}")),
                other => other.map(|()| "failed: what must be refused was not".to_owned()),
            },
        };
        match done {
            Ok(line) => say(&line),
            Err(error) => return say(&format!("failed: {error}")),
        }
    }
}

async fn create(app: &App, by: &Caller, name: &str) -> Result<Id<Client>, Refused> {
    let name = name.to_owned();
    app.write(by, move |tx, act| clients::create(tx, act, &name, "UTC")).await
}

async fn rename(app: &App, by: &Caller, client: Id<Client>, version: i64, name: &str) -> Result<(), Refused> {
    let name = name.to_owned();
    app.write(by, move |tx, act| clients::rename(tx, act, client, version, &name).map(drop)).await
}

/// A person, a membership and what it reaches.
async fn invite(app: &App, by: &Caller, client: Id<Client>, name: &str) -> Result<(), Refused> {
    let name = name.to_owned();
    app.write(by, move |tx, act| {
        let parties = people::list_parties(tx, None)?;
        let party =
            parties.iter().find(|(_, kind, _)| *kind == PartyKind::Provider).ok_or(Refused::NotFound)?.0;
        let invitation = Invitation {
            party,
            role: Role::Technician,
            email: format!("{name}@crash.example"),
            name,
            everywhere: false,
            clients: vec![client],
        };
        people::invite(tx, act, &invitation).map(drop)
    })
    .await
}

/// A draft of the client's matrix: begun, or edited.
async fn draft(app: &App, by: &Caller, client: Id<Client>, name: &str) -> Result<(), Refused> {
    // Long enough to take several pages of the file.
    let text = name.repeat(2000);
    app.write(by, move |tx, act| match matrix::draft(tx, act, client)? {
        Some(found) => matrix::edit(tx, act, client, found.version, &text).map(drop),
        None => matrix::start(tx, act, client, &text),
    })
    .await
}

/// Makes a client and then refuses.
async fn half(app: &App, by: &Caller, name: &str) -> Result<(), Refused> {
    let name = format!("half {name}");
    app.write(by, move |tx, act| {
        clients::create(tx, act, &name, "UTC")?;
        Err(Refused::NotFound)
    })
    .await
}
