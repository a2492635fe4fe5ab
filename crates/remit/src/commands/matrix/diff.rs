//! `remit matrix diff`.

use std::fmt::Write;
use std::path::PathBuf;

use remit_draw::Hue;
use remit_matrix::Matrix;
use remit_matrix::ask::hue;
use remit_matrix::diff::{Change, Difference, OwnerIds, diff};
use remit_matrix::verify::{HORIZON_MONTHS, describe};
use serde::Serialize;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::party::mark;
use crate::screen::{BOLD, DIM, Screen};
use crate::table::{Listing, hanging, plain};
use crate::{clock, files, load};

/// Say what changes between two versions
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What counts is who owns what and when: the order of rows, their layout and rows that come to the same are \
no difference of owners. Exit codes: 0 the same, 1 they differ, 2 bad input.

Examples:
  remit matrix diff harbor-v1.toml harbor-v2.toml
  remit matrix diff signed.toml harbor.xlsx --from 2027-01-01 --months 12 --format json")]
pub struct Args {
    /// The matrix before
    old: PathBuf,
    /// The matrix after
    new: PathBuf,
    /// Months to compare
    #[arg(long, default_value_t = HORIZON_MONTHS, value_parser = clap::value_parser!(u16).range(1..=120))]
    months: u16,
    /// First day to compare, in the new matrix's zone [default: today]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
}

/// Boxes of one change that are shown.
const BOXES: usize = 6;

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    same: bool,
    #[serde(flatten)]
    difference: Difference,
    sentences: Vec<String>,
}

/// Compares.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let (old, new) = (load::matrix(&args.old)?, load::matrix(&args.new)?);
    let horizon = clock::horizon(args.from.as_deref(), args.months, &new.zone)?;
    let difference = diff(&old, &new, horizon).map_err(|error| Failure::new(error.to_string()))?;
    let answer = Answer {
        schema: "remit-diff/1",
        same: difference.before == difference.after,
        sentences: difference.changes.iter().flat_map(Change::sentences).collect(),
        difference,
    };
    screen.answer(&answer, || text(&answer, args, &old, &new))?;
    Ok(Outcome::findings(!answer.same))
}

fn text(answer: &Answer, args: &Args, old: &Matrix, new: &Matrix) -> String {
    let found = &answer.difference;
    let names = [files::name(&args.old), files::name(&args.new)];
    if answer.same {
        return format!("{} and {} say the same\n", names[0], names[1]);
    }
    let day = |at| new.zone.local(at).date();
    let mut out = format!("{BOLD}{} → {}{BOLD:#}\n", names[0], names[1]);
    let versions = format!("version {} → version {}", old.draft.version, new.draft.version);
    let _ = writeln!(
        out,
        "{DIM}{} · {versions} · {} to {}{DIM:#}",
        plain(new.client()),
        day(found.horizon.start),
        day(found.horizon.end)
    );
    if found.changes.is_empty() {
        out.push_str("\nNo duty changes its owner.\n");
    }
    for change in &found.changes {
        changed(&mut out, change, old, new);
    }
    rows(&mut out, answer);
    out
}

fn changed(out: &mut String, change: &Change, old: &Matrix, new: &Matrix) {
    let from = owner(change.from.as_ref(), old);
    let to = owner(change.to.as_ref(), new);
    let _ = writeln!(
        out,
        "\n{from} → {to}  {DIM}{} of all context-minutes{DIM:#}",
        share(change.parts_per_million)
    );
    for region in change.regions.iter().take(BOXES) {
        let _ = writeln!(out, "  {}", hanging(&describe(region), 2, 4).trim_end());
    }
    let more = change.regions.len().saturating_sub(BOXES) + change.more_regions;
    if more > 0 {
        let _ = writeln!(out, "  {DIM}and {more} more; --format json lists them{DIM:#}");
    }
}

/// The owner with names as that version has them.
fn owner(ids: Option<&OwnerIds>, matrix: &Matrix) -> String {
    let Some(ids) = ids else { return format!("{} {BOLD}nobody{BOLD:#}", mark(Hue::Nobody)) };
    let team = matrix.teams.iter().find(|team| team.id == ids.team);
    match team {
        Some(team) => {
            let party = plain(&matrix.party(team.party).name);
            format!("{} {BOLD}{party}: {}{BOLD:#}", mark(hue(matrix, team.party)), plain(&team.name))
        }
        None => format!("{BOLD}{}: {}{BOLD:#}", plain(&ids.party), plain(&ids.team)),
    }
}

fn share(parts_per_million: u64) -> String {
    match parts_per_million {
        0 => "none".to_owned(),
        1..100 => "less than 0.01 %".to_owned(),
        ppm => format!("{:.2} %", ppm as f64 / 10_000.0),
    }
}

fn rows(out: &mut String, answer: &Answer) {
    let rows = &answer.difference.rows;
    let mut listing = Listing::new(&["rows", "ids"]);
    for (verb, ids) in [("added", &rows.added), ("removed", &rows.removed), ("changed", &rows.changed)] {
        if !ids.is_empty() {
            listing.row([format!("{} {verb}", ids.len()), ids.join(", ")]);
        }
    }
    if listing.is_empty() {
        let _ = writeln!(out, "\n{DIM}No row differs: parties, teams, calendars or the header do.{DIM:#}");
    } else {
        out.push('\n');
        out.push_str(&listing.text());
    }
}
