//! Measures the desk as its users meet it: the real program, over HTTP, on both engines, with a million tickets and ten lines to each.
//!
//! The load runs on the same machine and shares its cores, so figures are those of half a machine. Every answer is checked: one that
//! is not as it should be ends the run. A list's time must not grow with the table: the same is measured with ten thousand tickets before,
//! and the ratio is a figure of its own.
//!
//! | file | question it answers |
//! |---|---|
//! | `cast` | who is there? |
//! | `words` | what do they write? |
//! | `samples` | how does a ticket go, by the product's own verbs? |
//! | `stamp` | how do a thousand tickets become a million? |
//! | `bulk` | how do their rows get in? |
//! | `deeds` | what is measured? |

mod bulk;
mod cast;
mod deeds;
mod installation;
mod samples;
mod stamp;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use remit_bench::machine;
use remit_bench::report::{Report, Target, Unit};
use remit_db::Engine;
use remit_db::testing::engines;

use crate::browser::Browser;
use crate::peers::{Data, Rates, compare};
use crate::server::Server;
use deeds::Deeds;
use installation::Installation;

pub use samples::warm;
pub use words::{RARE, TEXT, Words};

/// What to measure.
#[derive(Debug)]
pub struct Options {
    program: PathBuf,
    tickets: u64,
    engine: Option<Engine>,
    window: Option<Duration>,
    /// Deeds with this in their names alone.
    only: String,
    json: Option<PathBuf>,
    /// The scripts of what is measured beside it, if that is asked for.
    peers: Option<PathBuf>,
}

/// Tickets unless it is said, and unless it is said beside others: filling those with more takes hours.
const MANY: u64 = 1_000_000;
const BESIDE: u64 = 20_000;
/// Tickets in the smaller database, beside which growth is seen.
const FEW: u64 = 10_000;
/// How long one figure is measured, unless it is said.
const WINDOW: Duration = Duration::from_secs(3);
/// How long one figure is measured in the smaller one: it has few tickets that can be handed on.
const BRIEF: Duration = Duration::from_millis(500);
/// The most that a time may grow from the one to the other.
const GROWTH: f64 = 1.5;

impl Options {
    /// Reads arguments.
    pub fn read(args: &[&str]) -> Result<Self, String> {
        let mut options = Self {
            program: PathBuf::new(),
            tickets: 0,
            engine: None,
            window: None,
            only: String::new(),
            json: None,
            peers: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match *arg {
                "--quick" => options.window = Some(BRIEF),
                "--only" => (*value()?).clone_into(&mut options.only),
                "--window" => {
                    let long = value()?.parse().ok().filter(|long| (10..=60_000).contains(long));
                    let long = long.ok_or("--window takes milliseconds, from 10 to 60000")?;
                    options.window = Some(Duration::from_millis(long));
                }
                "--program" => options.program = value()?.into(),
                "--peers" => options.peers = Some(value()?.into()),
                "--json" => options.json = Some(value()?.into()),
                "--engine" => {
                    options.engine = Some(match *value()? {
                        "sqlite" => Engine::Sqlite,
                        "postgres" => Engine::Postgres,
                        odd => return Err(format!("there is no engine `{odd}`: write sqlite or postgres")),
                    });
                }
                "--tickets" => {
                    let many = value()?
                        .replace('_', "")
                        .parse()
                        .ok()
                        .filter(|many| (1000..=5_000_000).contains(many));
                    options.tickets = many.ok_or("--tickets takes a number from 1000 to 5000000")?;
                }
                _ => return Err(format!("there is no option `{arg}`")),
            }
        }
        if options.tickets == 0 {
            options.tickets = if options.peers.is_some() { BESIDE } else { MANY };
        }
        if options.program.is_file() { Ok(options) } else { Err("--program names the server".to_owned()) }
    }

    /// How long one figure is measured.
    fn window(&self) -> Duration {
        self.window.unwrap_or(WINDOW)
    }
}

/// What was seen in one database: medians with one connection, and answers a second where there is something to compare with.
#[derive(Debug, Default)]
struct Found {
    medians: BTreeMap<&'static str, f64>,
    rates: Rates,
}

/// Measures and prints.
pub fn run(options: &Options) -> Result<(), String> {
    let mut report = Report::new(machine::facts());
    println!("{}", report.machine());
    let done = all(options, &mut report);
    // What was measured is told, whatever ended it.
    println!("{}", report.tables());
    if let Some(path) = &options.json {
        let written = std::fs::write(path, report.json());
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    done
}

fn all(options: &Options, report: &mut Report) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let words = Words::new();
    let mut ours = BTreeMap::new();
    for engine in engines().into_iter().filter(|engine| options.engine.is_none_or(|only| only == *engine)) {
        let mut few = BTreeMap::new();
        if options.peers.is_none() && options.tickets != FEW {
            few = runtime.block_on(measure((engine, FEW, true), &words, options, report))?.medians;
        }
        let found = runtime.block_on(measure((engine, options.tickets, false), &words, options, report))?;
        for (what, median) in &found.medians {
            if let Some(less) = few.get(what) {
                let name = format!("{engine:?}: {what}: p50 of {} tickets to {FEW}", options.tickets);
                report.add(name, Unit::Ratio, Target::goal(GROWTH), median / less);
            }
        }
        ours.insert(format!("{engine:?}"), found.rates);
    }
    let Some(scripts) = &options.peers else { return Ok(()) };
    let data = Data { tickets: options.tickets, words: &words };
    runtime.block_on(compare((scripts.as_path(), &data), options.window(), &ours, report))
}

/// One database. Where it is only there to compare with, one connection is enough.
async fn measure(
    (engine, tickets, least): (Engine, u64, bool),
    words: &Words,
    options: &Options,
    report: &mut Report,
) -> Result<Found, String> {
    let name = format!("{engine:?}");
    let at = Installation::fill(engine, tickets, words).await?;
    let mut found = Found::default();
    if !least && options.peers.is_none() && options.only.is_empty() {
        deeds::verbs(&name, &at, options.window(), report).await?;
    }
    let link = at.link().await?;
    let server = Server::start(&options.program, at.folder(), &at.place())?;
    let cookie = Browser::sign_in(server.address, &link).await?;
    let window = if least { options.window().min(BRIEF) } else { options.window() };
    let mut deeds = Deeds::new(&at, words, (server.address, cookie), window);
    deeds.look().await?;
    let asked = deeds::ALL.iter().filter(|deed| deed.name.contains(&options.only));
    let asked = asked.filter(|deed| options.peers.is_none() || deed.beside.is_some());
    for deed in asked {
        let connections: &[usize] = if least { &[1] } else { deed.connections(engine) };
        for connections in connections {
            let seen = deeds.measure(deed, *connections).await;
            let Some(seen) = seen.map_err(|error| format!("{error}\n{}", server.errors()))? else {
                eprintln!("{name}: {}: not there yet, skipped", deed.name);
                break;
            };
            if *connections == 1 {
                found.medians.insert(deed.name, seen.spread.p50);
            }
            if let Some(beside) = deed.beside {
                found.rates.insert((beside.name(), *connections), seen.rate);
            }
            if !least {
                let what = format!("{name}: {}, {connections} connections", deed.name);
                seen.report(report, &what, deed.goal(engine, *connections));
            }
        }
    }
    if !least {
        let resident = server.resident()?;
        report.add(format!("{name}: resident memory after the load"), Unit::Bytes, Target::NONE, resident);
    }
    Ok(found)
}
