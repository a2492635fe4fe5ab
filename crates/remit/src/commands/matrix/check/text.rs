//! The result of `check` for people.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use remit_core::{Date, Zone};
use remit_matrix::model::Dimension;
use remit_matrix::text::write_row;
use remit_matrix::verify::{Finding, Kind, Report, describe};

use super::prove::{Checked, Verdict};
use crate::screen::{BOLD, DIM};
use crate::table::{Listing, count, counted, grouped, hanging, paragraph, plain};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Boxes of one finding that are shown.
const BOXES: usize = 4;
/// Findings of one file that are shown.
const FINDINGS: usize = 30;

/// The result as text with escape sequences for colour.
pub fn render(checked: &[Checked], several: bool) -> String {
    let mut out = String::new();
    for one in checked {
        let Some(report) = &one.report else { continue };
        for finding in report.findings.iter().take(FINDINGS) {
            out.push_str(&finding_text(one, finding));
        }
        let more = report.findings.len().saturating_sub(FINDINGS) + report.more_conflicts;
        if more > 0 {
            let _ = writeln!(
                out,
                "{DIM}{}: {} not shown; --format json lists more{DIM:#}\n",
                one.file,
                count(more, "finding")
            );
        }
        if !several {
            out.push_str(&verdict(one, report));
        }
    }
    if several {
        out.push_str(&summary(checked));
    }
    out
}

fn finding_text(one: &Checked, finding: &Finding) -> String {
    let (style, word) = if finding.kind.blocks() { (ERROR, "error") } else { (WARNING, "warning") };
    let label = finding.kind.label();
    let before = word.len() + label.len() + 4;
    let mut out = format!("{style}{word}[{label}]{style:#}: {}", hanging(&finding.message, before, 4));
    let lines: Vec<String> = finding.rows.iter().map(|row| place(one, row)).collect();
    let at = if lines.is_empty() { String::new() } else { format!(": {}", lines.join(", ")) };
    let _ = writeln!(out, "  {DIM}-->{DIM:#} {}{at}", one.file);
    // The sentence holds the first box.
    for region in finding.regions.iter().take(BOXES).skip(1) {
        let _ = writeln!(out, "  {DIM}and{DIM:#} {}", hanging(&describe(region), 6, 6).trim_end());
    }
    if finding.regions.len() > BOXES {
        let _ = writeln!(
            out,
            "  {DIM}and {} more{DIM:#}",
            counted(finding.regions.len() - BOXES, "box", "boxes")
        );
    }
    let _ = writeln!(out, "  {DIM}={DIM:#} {}", hanging(&finding.advice, 4, 4).trim_end());
    if let Some(fix) = &finding.fix {
        out.push('\n');
        for line in write_row(fix).lines() {
            let _ = writeln!(out, "    {}", plain(line));
        }
    }
    out.push('\n');
    out
}

fn place(one: &Checked, row: &str) -> String {
    let line = one.lines.iter().find(|line| line.row == row);
    line.map_or_else(|| format!("row `{row}`"), |line| format!("row `{row}` in line {}", line.line))
}

fn verdict(one: &Checked, report: &Report) -> String {
    let (_, warnings) = one.counts();
    let warned = if warnings == 0 { String::new() } else { format!(", {}", count(warnings, "warning")) };
    let name = format!("{BOLD}{}{BOLD:#} version {}", plain(&report.client), report.version);
    let mut out = if one.verdict == Verdict::Sound {
        format!("{GOOD}sound{GOOD:#}: {name}: every duty has exactly one owner at every minute{warned}\n")
    } else {
        let kinds = [Kind::Gap, Kind::Conflict].map(|kind| (kind, report.count(kind)));
        let kinds = kinds.iter().filter(|(_, n)| *n > 0).map(|(kind, n)| count(*n, kind.label()));
        let kinds = kinds.collect::<Vec<_>>().join(" and ");
        format!("{ERROR}not sound{ERROR:#}: {name}: {kinds}{warned}\n")
    };
    let _ = write!(out, "{DIM}{}{DIM:#}", paragraph(&proved(one, report), 2));
    if let Some(file) = &one.certificate {
        let _ =
            writeln!(out, "  proof written to {file}; check it with: remit matrix verify-certificate {file}");
    }
    out
}

/// What was looked at: rows, points, minutes, days, zone data, time taken.
fn proved(one: &Checked, report: &Report) -> String {
    let size = |dimension: &Dimension| {
        let size = report.sizes[dimension.index()];
        match dimension {
            Dimension::Time => format!("{} minutes", grouped(size)),
            Dimension::AssetClass => format!("{size} asset classes"),
            Dimension::Priority => format!("{size} priorities"),
            Dimension::Service => format!("{size} services"),
            listed => format!("{size} {}s", listed.label()),
        }
    };
    // A dimension of one value narrows nothing.
    let told = Dimension::ALL.iter().filter(|dimension| report.sizes[dimension.index()] > 1);
    let sizes: Vec<String> = told.map(size).collect();
    format!(
        "{} over {} = {} context-minutes, {}, zone data {}, in {}",
        count(report.rows, "row"),
        sizes.join(" × "),
        rounded(&report.volume),
        days(one, report),
        report.tz_version,
        took(one.micros),
    )
}

/// The first day of the horizon and the day after the last, in the client's zone.
fn days(one: &Checked, report: &Report) -> String {
    let zone = one.zone.clone().unwrap_or_else(Zone::utc);
    let day = |at| -> Date { zone.local(at).date() };
    format!("{} to {}", day(report.horizon.start), day(report.horizon.end))
}

/// A large whole number with three digits and a power of ten.
fn rounded(digits: &str) -> String {
    if digits.len() <= 6 {
        return digits.parse().map_or_else(|_| digits.to_owned(), grouped);
    }
    format!("{}.{} × 10^{}", &digits[..1], &digits[1..3], digits.len() - 1)
}

fn took(micros: u64) -> String {
    if micros < 1000 { format!("{micros} µs") } else { format!("{:.1} ms", micros as f64 / 1000.0) }
}

fn summary(checked: &[Checked]) -> String {
    let mut listing = Listing::new(&["file", "client", "#rows", "verdict", "#errors", "#warnings", "#took"]);
    for one in checked {
        let (blocking, warnings) = one.counts();
        let verdict = match one.verdict {
            Verdict::Sound => "sound",
            Verdict::Unsound => "NOT SOUND",
            Verdict::Unreadable => "UNREADABLE",
        };
        let report = one.report.as_ref();
        let client = report.map_or("", |report| report.client.as_str());
        let rows = report.map_or_else(String::new, |report| report.rows.to_string());
        let errors = (blocking + one.errors).to_string();
        let took = if report.is_some() { took(one.micros) } else { String::new() };
        listing.row([&one.file, client, &rows, verdict, &errors, &warnings.to_string(), &took]);
    }
    let sound = checked.iter().filter(|one| one.verdict == Verdict::Sound).count();
    format!("{}\n{sound} of {} sound\n", listing.text(), counted(checked.len(), "matrix", "matrices"))
}
