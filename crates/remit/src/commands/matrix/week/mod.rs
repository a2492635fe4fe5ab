//! `remit matrix week`.

mod picture;

use std::path::PathBuf;

use remit_core::Date;
use remit_matrix::ask::{self, Lane, Lanes};
use serde::Serialize;

use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::question::Conditions;
use crate::screen::Screen;
use crate::{clock, load, service};

/// Draw who owns a service through a week
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Colours and letters mean who is accountable: P the provider, I internal IT, V a vendor, ! nobody. Without \
--tier there is one row for each tier that differs. Exit codes: 0 no hole, 1 a hole or a conflict, 2 bad input.

Examples:
  remit matrix week harbor.toml helpdesk
  remit matrix week harbor.toml \"failed backup\" --week 2027-W01 --tier L1
  remit matrix week harbor.toml --all --html week.html
  remit matrix week harbor.toml helpdesk --from 2027-03-08 --svg helpdesk.svg")]
pub struct Args {
    /// The matrix (TOML, JSON, CSV or XLSX), or - for stdin
    file: PathBuf,
    /// Id of a service, or words such as "failed backup"
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    service: Option<String>,
    /// Every top-level service, one row each
    #[arg(long)]
    all: bool,
    /// ISO week such as 2027-W01 [default: this week]
    #[arg(long, value_name = "WEEK", conflicts_with = "from")]
    week: Option<String>,
    /// The week that this day is in
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Write the picture as SVG to this file, - for stdout
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write a page with the picture and its figures to this file, - for stdout
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    conditions: Conditions,
}

/// The answer, as programs read it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    client: String,
    version: u32,
    service: Option<String>,
    #[serde(skip)]
    title: String,
    zone: String,
    monday: Date,
    week: String,
    lanes: Vec<Lane>,
    notes: Vec<String>,
    #[serde(skip)]
    now: Option<u16>,
}

/// Draws the week.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let matrix = load::matrix(&args.file)?;
    let zone = &matrix.zone;
    let monday = clock::monday(args.week.as_deref(), args.from.as_deref(), zone)?;
    let values = args.conditions.values(&matrix)?;
    let lanes = Lanes::new(&matrix, monday, ask::week_around(monday, zone))?;
    let mut notes = lanes.clock_notes();
    let (service, title, lanes) = if let Some(text) = &args.service {
        let meant = service::meant(&matrix.services, text)?;
        notes.extend(meant.note);
        let (id, name) = (meant.service.id.to_string(), &meant.service.name);
        (Some(id.clone()), format!("{id} ({name})"), lanes.of_service(&id, &values)?)
    } else {
        (None, "All services".to_owned(), lanes.of_all(&values)?)
    };
    let week = monday.iso_week_date();
    let answer = Answer {
        schema: "remit-week/1",
        client: matrix.client().to_owned(),
        version: matrix.draft.version,
        service,
        title,
        zone: zone.name().to_owned(),
        monday,
        week: format!("{:04}-W{:02}", week.year(), week.week()),
        lanes,
        notes,
        now: ask::minute_of_week(clock::now(), monday, zone),
    };
    print(&answer, args, screen)?;
    Ok(Outcome::findings(answer.lanes.iter().any(Lane::has_hole)))
}

fn print(answer: &Answer, args: &Args, screen: Screen) -> Result<(), Failure> {
    let mut to_stdout = false;
    let mut said = String::new();
    let outputs = [(&args.svg, picture::svg as fn(&Answer) -> String), (&args.html, picture::html)];
    for (path, draw) in outputs.into_iter().filter_map(|(path, draw)| Some((path.as_ref()?, draw))) {
        files::write(path, draw(answer).as_bytes(), Existing::Replace)?;
        to_stdout |= files::is_dash(path);
        said.extend(["written to ", &path.display().to_string(), "\n"]);
    }
    if to_stdout {
        return Ok(());
    }
    screen.answer(answer, || picture::terminal(answer))?;
    screen.aside(&said);
    Ok(())
}
