//! Measures the server as its users meet it: the real program, over HTTP, on both engines, with 10,000 clients in the database.
//!
//! The load runs on the same machine and shares its cores, so figures are those of half a machine. Every answer is checked: one that
//! is not as it should be ends the run.

mod installation;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use remit_app::{Caller, clients};
use remit_bench::machine;
use remit_bench::report::{Report, Target, Unit};
use remit_db::testing::engines;

use crate::browser::{Browser, Request};
use crate::server::Server;
use crate::window::{Goal, load};
use installation::Installation;

/// What to measure.
#[derive(Debug, Default)]
pub struct Options {
    program: PathBuf,
    quick: bool,
    json: Option<PathBuf>,
}

impl Options {
    /// Reads arguments.
    pub fn read(args: &[&str]) -> Result<Self, String> {
        let (mut options, mut args) = (Self::default(), args.iter());
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match *arg {
                "--quick" => options.quick = true,
                "--program" => options.program = value()?.into(),
                "--json" => options.json = Some(value()?.into()),
                _ => return Err(format!("there is no option `{arg}`")),
            }
        }
        if options.program.is_file() { Ok(options) } else { Err("--program names the server".to_owned()) }
    }

    /// How long one figure is measured.
    fn window(&self) -> Duration {
        Duration::from_millis(if self.quick { 500 } else { 4000 })
    }
}

/// Connections at a time.
const CONNECTIONS: [usize; 3] = [1, 4, 16];
/// Clients in the database.
const CLIENTS: usize = 10_000;
/// Goals, on two cores: reads in nanoseconds, writes a second, start-up in nanoseconds, idle memory in bytes.
const READ: f64 = 10e6;
const WRITES: f64 = 3000.0;
const START: f64 = 300e6;
const IDLE: f64 = 100e6;

/// Measures and prints.
pub fn run(options: &Options) -> Result<(), String> {
    let mut report = Report::new(machine::facts());
    println!("{}", report.machine());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    for engine in engines() {
        let name = format!("{engine:?}");
        eprintln!("{name}: filling a database with {CLIENTS} clients");
        let installation = runtime.block_on(Installation::fill(engine, CLIENTS))?;
        runtime.block_on(verbs(&name, &installation, options, &mut report))?;
        let installation = installation.close();
        let server = starts(&name, &installation, options, &mut report)?;
        runtime.block_on(serve(&name, &installation, &server, options, &mut report))?;
        memory(&name, "after the load", &server, Target::NONE, &mut report)?;
    }
    println!("{}", report.tables());
    if let Some(path) = &options.json {
        let written = std::fs::write(path, report.json());
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Verbs without HTTP: what durable writing costs by itself.
async fn verbs(name: &str, at: &Installation, options: &Options, report: &mut Report) -> Result<(), String> {
    for tasks in CONNECTIONS {
        let (app, by) = (at.app()?, Caller::operator(at.provider));
        let work = move |n: u64| {
            let (app, by) = (app.clone(), by.clone());
            async move {
                let name = format!("verb {tasks} {n}");
                let done = app.write(&by, move |tx, act| clients::create(tx, act, &name, "UTC")).await;
                done.map(drop).map_err(|e| e.to_string())
            }
        };
        let seen = load(tasks, options.window(), Arc::new(work)).await?;
        let goal = if tasks == 16 && name == "Sqlite" { Target::goal(WRITES) } else { Target::NONE };
        report.add(
            format!("{name}: durable writes, verb alone, {tasks} at a time"),
            Unit::PerSecond,
            goal,
            seen.rate,
        );
    }
    Ok(())
}

/// How long it takes to start: the middle of five, the last of which goes on.
fn starts(name: &str, at: &Installation, options: &Options, report: &mut Report) -> Result<Server, String> {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..5 {
        drop(last.take());
        let begun = Instant::now();
        last = Some(Server::start(&options.program, at.folder(), &at.place())?);
        times.push(begun.elapsed().as_nanos() as f64);
    }
    times.sort_unstable_by(f64::total_cmp);
    report.add(
        format!("{name}: start-up, until it listens"),
        Unit::Nanoseconds,
        Target::goal(START),
        times[2],
    );
    let server = last.ok_or("it did not start")?;
    std::thread::sleep(Duration::from_secs(1));
    memory(name, "idle", &server, Target::goal(IDLE), report)?;
    Ok(server)
}

fn memory(
    name: &str,
    when: &str,
    server: &Server,
    target: Target,
    report: &mut Report,
) -> Result<(), String> {
    report.add(format!("{name}: resident memory, {when}"), Unit::Bytes, target, server.resident()?);
    Ok(())
}

/// Pages and forms over HTTP.
async fn serve(
    name: &str,
    at: &Installation,
    server: &Server,
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    let cookies = [Browser::sign_in(server.address, &at.link).await?];
    let client = &at.client;
    let reads: BTreeMap<&str, String> = [
        ("who owns", format!("/clients/{client}/matrix/who?service=helpdesk&at=2027-01-03T02:00")),
        ("matrix page", format!("/clients/{client}/matrix")),
        ("client list", "/clients".to_owned()),
    ]
    .into();
    for (what, path) in &reads {
        for connections in CONNECTIONS {
            let path = path.clone();
            let ask = move |_| vec![Request::page(&path)];
            let work = Browser::work(server.address, &cookies, connections, ask).await?;
            let seen = load(connections, options.window(), Arc::new(work)).await?;
            seen.report(report, &format!("{name}: {what}, {connections} connections"), Goal::p99(READ));
        }
    }
    for connections in CONNECTIONS {
        let add = move |n| {
            vec![Request::form("/clients", &[("name", &format!("Form {connections} {n}")), ("zone", "UTC")])]
        };
        let work = Browser::work(server.address, &cookies, connections, add).await?;
        let seen = load(connections, options.window(), Arc::new(work)).await?;
        seen.report(
            report,
            &format!("{name}: new client by form, {connections} connections"),
            Goal::default(),
        );
    }
    Ok(())
}
