//! Templates are proved, read and drawn at random.

mod content;
mod examples;
mod proof;
mod random;

use super::TemplateOptions;
use crate::catalogue::Arrangement;

/// Zones that between them have every oddity: half-hour daylight saving, quarter-hour offsets, the date line, and
/// changes of the clocks at other dates than Europe's and America's.
const ZONES: [&str; 6] = [
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Cairo",
];

const HOLIDAYS: [&[&str]; 5] = [&[], &["US-CA"], &["GB-SCT"], &["DE-BY"], &["PH"]];

/// How many sets of arrangements there are, the empty one included.
const ARRANGEMENT_SETS: usize = 1 << Arrangement::ALL.len();

/// The arrangements of the bits of a number.
fn set_of(bits: usize) -> Vec<Arrangement> {
    Arrangement::ALL.into_iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, a)| a).collect()
}

/// The shapes with exactly these arrangements: fully managed for none, else co-managed; and beside an internal help desk.
fn shapes_of(bits: usize, zone: &str) -> [TemplateOptions; 2] {
    let arrangements = set_of(bits);
    let plain = if arrangements.is_empty() {
        TemplateOptions::fully_managed("Acme", zone)
    } else {
        TemplateOptions::co_managed("Acme", zone, &arrangements)
    };
    [plain, TemplateOptions::co_managed("Acme", zone, &arrangements).internal_helpdesk()]
}
