//! Every template over every zone and holiday set: one owner everywhere, no idle row, no empty promise.

use std::collections::BTreeSet;
use std::sync::Arc;

use remit_core::{Date, Horizon};

use super::{ARRANGEMENT_SETS, HOLIDAYS, ZONES, shapes_of};
use crate::engine::overlap::Overlap;
use crate::templates::{Offshore, TemplateOptions, Vendor, draft};
use crate::verify::HORIZON_MONTHS;
use crate::{Compiled, Matrix};

fn horizon(matrix: &Matrix) -> Horizon {
    let first = matrix.in_force_from.unwrap_or(Date::constant(2026, 1, 1));
    Horizon::months(first, &matrix.zone, HORIZON_MONTHS)
}

/// What verification finds in a matrix, and which rows cross; empty when it is sound and tidy.
pub(super) fn findings_in(matrix: Matrix) -> Vec<String> {
    let horizon = horizon(&matrix);
    let compiled = Compiled::new(Arc::new(matrix), horizon).expect("few different hours");
    let report = compiled.verify();
    assert!(report.sound || !report.findings.is_empty());
    let messages = report.findings.into_iter().map(|finding| finding.message);
    messages.chain(crossings(&compiled)).collect()
}

/// The same for the template of these options.
pub(super) fn findings(options: &TemplateOptions) -> Vec<String> {
    match draft(options) {
        Ok(draft) => findings_in(Matrix::check(draft).expect("a template is a matrix")),
        Err(e) => vec![format!("no template: {e}")],
    }
}

/// Rows that overlap although neither lies in the other. Even where they agree on the owner, nobody could say whose
/// promise holds.
fn crossings(compiled: &Compiled) -> Vec<String> {
    let overlap = Overlap::new(&compiled.table);
    let id = |row: usize| &compiled.matrix.rows[row].id;
    let pairs =
        overlap.crossing.iter().enumerate().flat_map(|(a, all)| all.iter().map(move |&b| (a, b as usize)));
    pairs.map(|(a, b)| format!("`{}` crosses `{}`", id(a), id(b))).collect()
}

fn prove(options: &TemplateOptions) {
    let found = findings(options);
    assert!(found.is_empty(), "{options:#?}\n{}", found.join("\n"));
}

fn with_vendors(options: &TemplateOptions) -> TemplateOptions {
    let options = options.clone().vendor(Vendor::isp("Fibra Norte")).vendor(Vendor::auditor("Clear Audit"));
    options.vendor(Vendor::line_of_business("ChartWorks"))
}

/// The same options with and without an offshore team and vendors.
fn with_help(options: &TemplateOptions) -> [TemplateOptions; 4] {
    let offshore = options.clone().offshore(Offshore::manila());
    [with_vendors(options), with_vendors(&offshore), options.clone(), offshore]
}

fn at(mut options: TemplateOptions, zone: &str, holidays: &[&str]) -> TemplateOptions {
    zone.clone_into(&mut options.zone);
    options.holidays(holidays.iter().copied())
}

#[test]
fn every_combination_is_sound() {
    for set in 0..ARRANGEMENT_SETS {
        for (number, options) in shapes_of(set, "UTC").iter().flat_map(with_help).enumerate() {
            // Each takes its turn in the zones and holidays; that the others change nothing is proved below.
            let turn = set + number;
            prove(&at(options, ZONES[turn % ZONES.len()], HOLIDAYS[turn % HOLIDAYS.len()]));
        }
    }
}

/// Which of the four hours there are: office open or not, offshore team on duty or not. A proof looks at hours through
/// these alone, so where they are the same and the rows are the same, so is the verdict.
fn hours_of(options: &TemplateOptions) -> BTreeSet<(bool, bool)> {
    let matrix = Matrix::check(draft(options).unwrap()).unwrap();
    let horizon = horizon(&matrix);
    let open = |id: &str| {
        let calendar = matrix.calendars.iter().find(|calendar| calendar.id == id).unwrap();
        let open = calendar.calendar.open(horizon);
        let closed = open.complement_within(horizon);
        [(true, open), (false, closed)]
    };
    let mut hours = BTreeSet::new();
    for (office, at_office) in open("office") {
        for (shift, on_shift) in open("offshore-shift") {
            if !at_office.intersect(&on_shift).is_empty() {
                hours.insert((office, shift));
            }
        }
    }
    hours
}

#[test]
fn no_zone_and_no_holiday_set_has_other_hours_or_other_rows() {
    let all = BTreeSet::from([(false, false), (false, true), (true, false), (true, true)]);
    let mut places = ZONES.iter().flat_map(|zone| HOLIDAYS.iter().map(move |holidays| (*zone, *holidays)));
    let managed = TemplateOptions::fully_managed("Acme", "UTC").offshore(Offshore::manila());
    for (zone, holidays) in places.clone() {
        assert_eq!(hours_of(&at(managed.clone(), zone, holidays)), all, "{zone} {holidays:?}");
    }
    for set in 0..ARRANGEMENT_SETS {
        for options in shapes_of(set, "UTC") {
            let options = with_vendors(&options.offshore(Offshore::manila()));
            let rows = draft(&options).unwrap().rows;
            let (zone, holidays) = places.next().unwrap_or(("Pacific/Apia", &["GB-SCT"]));
            assert_eq!(draft(&at(options, zone, holidays)).unwrap().rows, rows, "{zone} {holidays:?}");
        }
    }
}

#[test]
fn every_zone_and_holiday_set_is_sound_for_the_usual_shapes() {
    for names in [&["fully-managed", "offshore"][..], &["tier-3-escalation", "after-hours", "offshore"]] {
        for zone in ZONES {
            for holidays in HOLIDAYS {
                prove(&at(TemplateOptions::shaped("Acme", zone, names).unwrap(), zone, holidays));
            }
        }
    }
}

#[test]
fn an_office_that_never_closes_needs_no_rows_for_the_night() {
    let always = |options: TemplateOptions| options.office([("daily", "00:00-24:00")]);
    let managed = always(TemplateOptions::fully_managed("Acme", "Africa/Cairo"));
    prove(&managed);
    assert!(draft(&managed).unwrap().rows.iter().all(|row| row.time.is_none()));
    prove(&always(TemplateOptions::shaped("Acme", "Africa/Cairo", &["tier-3-escalation"]).unwrap()));
}

#[test]
fn an_offshore_team_that_has_every_night_is_no_conflict() {
    for names in [
        &["fully-managed"][..],
        &["after-hours", "tier-3-escalation"],
        &["internal-helpdesk"],
        &["tools-only"],
    ] {
        let options = TemplateOptions::shaped("Acme", "America/Los_Angeles", names).unwrap();
        let around_the_clock = Offshore { holidays: Vec::new(), ..Offshore::manila() };
        prove(&options.offshore(around_the_clock.shift([("daily", "00:00-24:00")])));
    }
}

#[test]
fn hours_with_breaks_half_weeks_and_nights_are_sound() {
    let weeks: [&[(&str, &str)]; 4] = [
        &[("mon-thu", "07:30-12:00, 12:45-16:30"), ("fri", "07:30-13:00")],
        &[("sun-thu", "08:00-17:00")],
        &[("mon-fri", "22:00-06:00")],
        &[("mon", "09:00-09:01")],
    ];
    for week in weeks {
        for names in [&["fully-managed", "offshore"][..], &["after-hours", "hybrid-expertise", "offshore"]] {
            for zone in ["Australia/Lord_Howe", "Africa/Casablanca"] {
                prove(&TemplateOptions::shaped("Acme", zone, names).unwrap().office(week.iter().copied()));
            }
        }
    }
}
