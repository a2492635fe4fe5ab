//! `remit jobs`.

use std::fmt::Write;

use remit_app::work::{Dead, Depth, dead, depths, revive};
use remit_core::At;
use serde::Serialize;
use uuid::Uuid;

use crate::data::{Folder, Installation};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::server::runtime;

/// What can be done about work that is done later.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  remit jobs list --data /var/lib/remit
  remit jobs revive --all --data /var/lib/remit")]
pub enum Command {
    /// Show what waits, and what was given up
    #[command(after_help = "\
Work waits until `remit serve` runs, and until a mail server is named. What failed twelve times is given up and kept for 30 days. \
Exit codes: 0 nothing was given up, 1 something was, 2 it cannot be looked at.

Examples:
  remit jobs list --data /var/lib/remit
  remit jobs list --data /var/lib/remit --format json")]
    List {
        #[command(flatten)]
        folder: Folder,
    },
    /// Try again what was given up
    #[command(after_help = "\
Mend first what its last error names. A job that succeeded is never done again.

Examples:
  remit jobs revive 0193a6e0-0000-7000-8000-000000000000 --data /var/lib/remit
  remit jobs revive --all --data /var/lib/remit")]
    Revive {
        /// The jobs, as `remit jobs list` names them
        #[arg(value_name = "JOB", required_unless_present = "all", conflicts_with = "all")]
        jobs: Vec<Uuid>,
        /// All that were given up
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Listed {
    schema: &'static str,
    queues: Vec<Queue>,
    given_up: Vec<GivenUp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Queue {
    name: String,
    waiting: i64,
    oldest: Option<At>,
    given_up: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct GivenUp {
    job: Uuid,
    provider: Option<Uuid>,
    kind: String,
    at: At,
    tries: i64,
    why: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Revived {
    schema: &'static str,
    jobs: Vec<Uuid>,
}

impl Command {
    /// Does it.
    pub fn run(&self, screen: Screen) -> Result<Outcome, Failure> {
        match self {
            Self::List { folder } => list(folder, screen),
            Self::Revive { jobs, all, folder } => again((jobs, *all), folder, screen),
        }
    }
}

fn list(folder: &Folder, screen: Screen) -> Result<Outcome, Failure> {
    let Installation { app, .. } = folder.open()?;
    let (queues, given_up) = runtime()?
        .block_on(async { Ok::<_, Failure>((depths(&app.db, app.now()).await?, dead(&app.db).await?)) })?;
    let queue =
        |Depth { queue, waiting, oldest, dead }| Queue { name: queue, waiting, oldest, given_up: dead };
    let gone = |Dead { id, provider, kind, at, tries, why }| {
        let provider = Some(provider).filter(|id| !id.is_nil());
        GivenUp { job: id, provider, kind, at, tries, why }
    };
    let answer = Listed {
        schema: "remit-jobs/1",
        queues: queues.into_iter().map(queue).collect(),
        given_up: given_up.into_iter().map(gone).collect(),
    };
    screen.answer(&answer, || text(&answer))?;
    Ok(Outcome::findings(!answer.given_up.is_empty()))
}

fn again((jobs, all): (&[Uuid], bool), folder: &Folder, screen: Screen) -> Result<Outcome, Failure> {
    let Installation { app, .. } = folder.open()?;
    let jobs = runtime()?.block_on(async {
        let found = dead(&app.db).await?;
        if let Some(unknown) = jobs.iter().find(|job| !found.iter().any(|found| found.id == **job)) {
            return Err(Failure::new(format!("no job {unknown} was given up")).hint("see `remit jobs list`"));
        }
        let jobs: Vec<Uuid> = if all { found.iter().map(|found| found.id).collect() } else { jobs.to_vec() };
        for job in &jobs {
            revive(&app.db, *job, app.now()).await?;
        }
        Ok(jobs)
    })?;
    let answer = Revived { schema: "remit-jobs-revived/1", jobs };
    let text = || match answer.jobs.len() {
        1 => "1 job is tried again\n".to_owned(),
        some => format!("{some} jobs are tried again\n"),
    };
    screen.answer(&answer, text)?;
    Ok(Outcome::Sound)
}

fn text(answer: &Listed) -> String {
    let mut out = String::new();
    for queue in &answer.queues {
        let since = queue.oldest.map(|at| format!(", the oldest since {at}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "{BOLD}{}{BOLD:#}: {} waiting{since}, {} given up",
            queue.name, queue.waiting, queue.given_up
        );
    }
    for GivenUp { job, kind, at, tries, why, .. } in &answer.given_up {
        let _ = writeln!(out, "\n{job}  {kind}, given up {at} after {tries} tries\n  {DIM}{why}{DIM:#}");
    }
    if answer.queues.is_empty() {
        out.push_str("nothing waits, nothing was given up\n");
    }
    out
}
