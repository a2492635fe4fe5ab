//! `remit replay`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use remit_core::Zone;
use remit_replay::{Mapping, MatrixOwnership, Options, Ownership, Progress, ReadError, Report, Source};

use crate::failure::{Failure, Reason};
use crate::files::{self, Existing};
use crate::load;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen, columns};
use crate::table::{Listing, grouped};

/// Replay a ticket log: who held what, for how long, and who would have owned it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads the ServiceNow log of the UCI repository, the XES logs of the BPI Challenge 2013, other ServiceNow \
exports and, with a mapping, any CSV of events: plain, .gz or .zip, told from the content. Memory grows \
with the tickets open at once, not with the log.

Examples:
  remit replay --demo
  remit replay incidents.csv --mapping mapping.toml --zone Europe/Berlin --page report.html
  remit replay log.zip --matrix today.toml --matrix proposed.toml --out report.json
  zcat log.csv.gz | remit replay - --format json")]
pub struct Args {
    /// The log, ARCHIVE.zip:MEMBER, or - for stdin
    #[arg(required_unless_present = "demo", conflicts_with = "demo")]
    log: Option<PathBuf>,
    /// Replay the log that ships with Remit under a fully managed and a co-managed matrix
    #[arg(long, conflicts_with_all = ["mapping", "matrix"])]
    demo: bool,
    /// Which column is what, as TOML; docs/replay-mapping.md describes it
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Zone of dates without an offset; when not given, the mapping's, else that of the first matrix
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Also say who would have owned the work under this matrix; repeat to compare
    #[arg(long, value_name = "FILE")]
    matrix: Vec<PathBuf>,
    /// Write the report as one HTML page to this file
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Write the report as JSON to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The log that ships with Remit.
const DEMO_LOG: &str = "data/uci_incident/incident_event_log.zip";
/// The matrices it is replayed under.
const DEMO_MATRICES: [&str; 2] = ["examples/fully-managed.toml", "examples/co-managed.toml"];
/// Where the page of the demo goes when nobody says.
const DEMO_PAGE: &str = "remit-replay.html";

/// Replays.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let (log, matrices, page) = if args.demo {
        let matrices = DEMO_MATRICES.map(shipped).into_iter().collect::<Result<_, _>>()?;
        (shipped(DEMO_LOG)?, matrices, Some(args.page.clone().unwrap_or_else(|| DEMO_PAGE.into())))
    } else {
        (args.log.clone().unwrap_or_default(), args.matrix.clone(), args.page.clone())
    };
    let report = replay(&log, &matrices, args)?;
    let seconds = started.elapsed().as_secs_f64();
    if let Some(path) = &page {
        files::write(path, report.to_page().as_bytes(), Existing::Replace)?;
    }
    if let Some(path) = &args.out {
        let json = serde_json::to_string_pretty(&report).expect("a report is plain data");
        files::write(path, format!("{json}\n").as_bytes(), Existing::Replace)?;
    }
    if [&page, &args.out].into_iter().flatten().any(|path| files::is_dash(path)) {
        return Ok(Outcome::Sound);
    }
    screen.answer(&report, || {
        let closing = comparison(&report) + &written(&report, seconds, page.as_deref(), args.out.as_deref());
        format!("{}\n{closing}", report.to_text(columns()).trim_end())
    })?;
    Ok(Outcome::Sound)
}

/// The matrices side by side, once more at the end: it is what one replays for.
fn comparison(report: &Report) -> String {
    if report.matrices.is_empty() {
        return String::new();
    }
    let heads = ["matrix", "#hand-offs", "#fall away", "#cross parties", "#last resort", "#nobody"];
    let mut listing = Listing::new(&heads);
    let logged = grouped(report.overall.by_team.hand_offs);
    listing.row(["as it was", &logged, "", "", "", ""]);
    for tried in &report.matrices {
        let moves = &tried.moves;
        let share = 100.0 * moves.fall_away as f64 / moves.logged.max(1) as f64;
        listing.row([
            tried.matrix.clone(),
            grouped(tried.hand_offs()),
            format!("{} ({share:.0} %)", grouped(moves.fall_away)),
            grouped(tried.tickets_across_parties),
            grouped(moves.last_resort),
            grouped(moves.nobody),
        ]);
    }
    format!("\n{BOLD}In short{BOLD:#}\n{}", listing.text())
}

fn written(report: &Report, seconds: f64, page: Option<&Path>, out: Option<&Path>) -> String {
    let events = match report.overall.events {
        1 => "1 event".to_owned(),
        n => format!("{} events", grouped(n)),
    };
    let mut text = format!("\n{DIM}{events} in {seconds:.2} s{DIM:#}\n");
    for (what, path) in [("Page", page), ("JSON", out)] {
        if let Some(path) = path {
            let _ = writeln!(text, "{what}: {BOLD}{}{BOLD:#}", path.display());
        }
    }
    text
}

fn replay(log: &Path, matrices: &[PathBuf], args: &Args) -> Result<Report, Failure> {
    let mut options = Options::default();
    if let Some(path) = &args.mapping {
        let name = files::name(path);
        let text = files::text(&name, files::read(path, 1 << 20)?)?;
        options.mapping = Some(Mapping::parse(&text, &name).map_err(failure)?);
    }
    if let Some(zone) = &args.zone {
        options.zone = Some(Zone::parse(zone).map_err(|error| Failure::new(error.to_string()))?);
    }
    let mut owners = Vec::new();
    for path in matrices {
        let matrix = load::matrix(path)?;
        if options.mapping.is_none() && options.zone.is_none() {
            // A log that does not say where it was written most likely shows the wall clock of the client.
            options.zone = Some(matrix.zone.clone());
        }
        let label =
            path.file_stem().map_or_else(|| files::name(path), |stem| stem.to_string_lossy().into_owned());
        owners.push(MatrixOwnership::new(label, matrix));
    }
    let mut tried: Vec<&mut dyn Ownership> = owners.iter_mut().map(|o| o as &mut dyn Ownership).collect();
    let bar = Bar::new();
    let report = remit_replay::run(source(log)?, &options, &mut tried, &mut |progress| bar.show(progress));
    bar.0.finish_and_clear();
    report.map_err(failure)
}

/// The log: stdin, a file, or a member of an archive.
fn source(log: &Path) -> Result<Source, Failure> {
    if files::is_dash(log) {
        return Ok(Source::Stream { name: files::name(log), reader: Box::new(std::io::stdin().lock()) });
    }
    if log.exists() {
        return Ok(Source::file(log));
    }
    if let Some((archive, member)) = log.to_str().and_then(|text| text.split_once(".zip:")) {
        let path = PathBuf::from(format!("{archive}.zip"));
        return Ok(Source::File { path, member: Some(member.to_owned()) });
    }
    // The usual message about a file that is not there, with its neighbours.
    files::read(log, 0).map(|_| Source::file(log))
}

/// A file of the repository: below the current folder or one above it, or where the binary was built.
fn shipped(path: &str) -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let found = here.ancestors().chain(repository).map(|folder| folder.join(path)).find(|p| p.is_file());
    let found = found.ok_or_else(|| {
        Failure::new(format!("there is no {path} here")).hint("run it in a checkout of the Remit repository")
    })?;
    Ok(found.strip_prefix(&here).map(Path::to_owned).unwrap_or(found))
}

fn failure(error: ReadError) -> Failure {
    let message = Reason {
        message: match &error.column {
            Some(column) => format!("column `{column}`: {}", error.problem),
            None => error.problem.to_string(),
        },
        file: Some(error.file),
        line: error.line.and_then(|line| usize::try_from(line).ok()),
        ..Reason::default()
    };
    message.into()
}

/// A bar on a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg} events  {eta} left");
        Self(ProgressBar::new(0).with_style(style.expect("the template is well-formed")))
    }

    fn show(&self, progress: Progress) {
        if let Some(total) = progress.total {
            self.0.set_length(total);
        }
        self.0.set_message(grouped(progress.events));
        self.0.set_position(progress.read);
    }
}
