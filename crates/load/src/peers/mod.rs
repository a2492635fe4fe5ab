//! What somebody might pick instead of Remit, filled with the same tickets and asked the same things in the same run.
//!
//! `bench/peers` installs and fills them; this asks. The ratio is against whichever of them is fastest at a thing.

mod ask;
mod data;
mod desk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use remit_bench::report::{Report, Target, Unit};
use tempfile::TempDir;

pub use ask::{ALL, Deed};
pub use data::Data;

use crate::browser::Browser;
use crate::window::{Seen, load};
use desk::Desk;

/// How many times as fast as the fastest of them.
const GOAL: f64 = 10.0;
/// Connections at a time.
pub const CONNECTIONS: [usize; 3] = [1, 4, 16];
/// How long a server may take to answer first.
const START: Duration = Duration::from_mins(1);

/// Answers a second, by deed and connections.
pub type Rates = BTreeMap<(&'static str, usize), f64>;

/// A peer that runs; it ends when this is dropped.
struct Running {
    child: Child,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The group, for the server has children.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ = self.child.wait();
    }
}

/// Measures all of them and compares. What cannot be had is left out with a word.
pub async fn compare(
    (scripts, data): (&Path, &Data<'_>),
    window: Duration,
    ours: &BTreeMap<String, Rates>,
    report: &mut Report,
) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    data.write(folder.path())?;
    let mut theirs: BTreeMap<(&'static str, usize), (f64, &'static str)> = BTreeMap::new();
    for peer in Desk::ALL {
        match measure(peer, scripts, &folder, window, report).await {
            Ok(rates) => {
                for (key, rate) in rates {
                    let best = theirs.entry(key).or_insert((rate, peer.name()));
                    if rate > best.0 {
                        *best = (rate, peer.name());
                    }
                }
            }
            Err(why) => eprintln!("{} is left out: {why}", peer.name()),
        }
    }
    for (engine, rates) in ours {
        for ((deed, connections), rate) in rates {
            if let Some((best, name)) = theirs.get(&(*deed, *connections)) {
                let what = format!("{engine}: {deed}, {connections} connections, beside {name}");
                report.add(what, Unit::Times, Target::goal(GOAL), rate / best);
            }
        }
    }
    Ok(())
}

async fn measure(
    peer: Desk,
    scripts: &Path,
    data: &TempDir,
    window: Duration,
    report: &mut Report,
) -> Result<Rates, String> {
    let (name, begun) = (peer.name(), Instant::now());
    let var = PathBuf::from("/tmp/remit-peers").join(name);
    std::fs::create_dir_all(&var).map_err(|e| format!("cannot make {}: {e}", var.display()))?;
    let script = |file: &str| {
        let mut command = Command::new("bash");
        command.arg(scripts.join(name).join(file)).env("DATA", data.path()).env("VAR", &var);
        command.env("PORT", peer.port().to_string()).envs(server()?);
        Ok::<_, String>(command)
    };
    let filled = script("fill.sh")?.stdout(Stdio::null()).status().map_err(|e| e.to_string())?;
    if !filled.success() {
        return Err(format!("{name}/fill.sh ended with {filled}; {} says why", var.display()));
    }
    eprintln!("{name}: filled in {:.0} s", begun.elapsed().as_secs_f64());
    let log = std::fs::File::create(var.join("serve.log")).map_err(|e| e.to_string())?;
    let mut serve = script("serve.sh")?;
    serve.stdout(Stdio::null()).stderr(log);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut serve, 0);
    let running = Running { child: serve.spawn().map_err(|e| e.to_string())? };
    let facts = std::fs::read_to_string(var.join("facts")).map_err(|e| e.to_string())?;
    let facts = facts.lines().filter_map(|line| line.split_once('='));
    let facts: BTreeMap<String, String> =
        facts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let address = ([127, 0, 0, 1], peer.port()).into();
    let begun = Instant::now();
    while Browser::connect(address, "").await.is_err() {
        if begun.elapsed() > START {
            return Err(format!("it does not answer; {}/serve.log says why", var.display()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let cookies = peer.sign_in(address).await?;
    let mut rates = Rates::new();
    for deed in ALL {
        for connections in CONNECTIONS {
            let make = peer.requests(*deed, &facts, data_count(data)?)?;
            let work = Browser::work(address, &cookies, connections, make).await?;
            let seen: Seen = load(connections, window, Arc::new(work)).await?;
            rates.insert((deed.name(), connections), seen.rate);
            seen.report(
                report,
                &format!("{name}: {}, {connections} connections", deed.name()),
                crate::window::Goal::default(),
            );
        }
    }
    drop(running);
    Ok(rates)
}

/// How many tickets there are.
fn data_count(data: &TempDir) -> Result<u64, String> {
    let tickets = std::fs::read_to_string(data.path().join("tickets.jsonl")).map_err(|e| e.to_string())?;
    Ok(tickets.lines().count() as u64)
}

/// The PostgreSQL server that all of them use, in the words of its own programs.
fn server() -> Result<[(&'static str, String); 4], String> {
    let address =
        std::env::var(remit_db::testing::SERVER).map_err(|_| "there is no PostgreSQL server".to_owned())?;
    let parts = address.strip_prefix("postgres://").and_then(|rest| {
        let (who, place) = rest.split_once('@')?;
        let ((user, password), (host, rest)) = (who.split_once(':')?, place.split_once(':')?);
        Some((user, password, host, rest.split('/').next()?))
    });
    let (user, password, host, port) =
        parts.ok_or("the address of PostgreSQL is not user:password@host:port")?;
    Ok([
        ("PGUSER", user.to_owned()),
        ("PGPASSWORD", password.to_owned()),
        ("PGHOST", host.to_owned()),
        ("PGPORT", port.to_owned()),
    ])
}
