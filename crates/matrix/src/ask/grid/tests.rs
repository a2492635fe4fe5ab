//! What the grid shows, compared with what the resolver answers point by point.

use remit_core::Date;

use super::*;
use crate::ask::HoursKind::{self, Evening, Holiday, Night, Open, Weekend};
use crate::text;

const HEAD: &str = r#"
client = "Harbor"
zone = "America/Los_Angeles"
model = "co-managed"
last-resort = "duty"
[parties]
it = { name = "Harbor IT", kind = "internal" }
msp = { name = "Northwind", kind = "provider" }
[teams]
own = { party = "it" }
duty = { party = "msp" }
[calendars.office]
week = { mon-fri = "08:00-18:00" }
holidays = ["US-CA"]
[[rows]]
id = "all"
accountable = "it"
responsible = "own"
time = "office"
"#;

fn grid(rows: &str) -> Grid {
    let matrix = Arc::new(text::read("m.toml", &format!("{HEAD}{rows}")).unwrap());
    let first: Date = "2027-01-01".parse().unwrap();
    Grid::new(&matrix, Horizon::months(first, &matrix.zone, 12)).unwrap()
}

fn leaf<'g>(grid: &'g Grid, id: &str) -> &'g Line {
    grid.branches.iter().flat_map(|b| &b.leaves).find(|leaf| &*leaf.id == id).unwrap()
}

/// The marks of a line, one text for each kind of hours.
fn marks(line: &Line) -> Vec<String> {
    line.cells.iter().map(|cell| cell.shares.iter().map(|share| share.hue.mark()).collect()).collect()
}

const REST: &str =
    "[[rows]]\nid = \"rest\"\ntime = \"not office\"\naccountable = \"msp\"\nresponsible = \"duty\"\n";

#[test]
fn every_minute_is_of_one_kind_of_hours() {
    let grid = grid(REST);
    let kinds: Vec<HoursKind> = grid.hours.iter().map(|hours| hours.kind).collect();
    assert_eq!(kinds, [Open, Evening, Night, Weekend, Holiday]);
    let all: i64 = grid.hours.iter().map(|hours| hours.spans.total().millis()).sum();
    assert_eq!(all, 365 * 24 * 3_600_000);
    assert_eq!(grid.hours[0].words, "Mon–Fri 08:00–18:00");
    assert_eq!(grid.hours[3].words, "Sat–Sun");
}

#[test]
fn a_cell_has_the_party_of_its_hours() {
    let grid = grid(REST);
    assert_eq!(marks(&grid.branches[0].line), ["I", "P", "P", "P", "P"]);
    assert!(grid.branches.iter().all(|branch| branch.line.cells.iter().all(Cell::is_whole)));
    assert_eq!(grid.holes(), 0);
}

#[test]
fn a_minute_of_nobody_is_in_the_cell_and_comes_first() {
    let row = "[[rows]]\nid = \"rest\"\ntime = \"not office and not sun 02:00-02:01\"\naccountable = \"msp\"\nresponsible = \"duty\"\n";
    let grid = grid(row);
    let line = leaf(&grid, "helpdesk.password-reset");
    // 4 July 2027, a holiday, is a Sunday.
    assert_eq!(marks(line), ["I", "P", "P", "!P", "!P"]);
    assert_eq!(line.cells[3].shares[0].only, ["some of these hours"]);
    assert!(grid.holes() > 100, "nobody has anything at that minute");
}

#[test]
fn a_split_cell_says_which_condition_splits_it() {
    let row = "[[rows]]\nid = \"top\"\nservice = \"helpdesk\"\ntier = \"L3\"\ntime = \"office\"\naccountable = \"msp\"\nresponsible = \"duty\"\n";
    let grid = grid(&format!("{REST}{row}"));
    let cell = &leaf(&grid, "helpdesk.password-reset").cells[0];
    let words: Vec<_> = cell.shares.iter().map(|s| (s.hue.mark(), s.only.join("; "))).collect();
    assert_eq!(words, [("I", "tier L1, L2, any other".to_owned()), ("P", "tier L3".to_owned())]);
    let other = grid.branches.iter().find(|branch| &*branch.line.id == "backup").unwrap();
    assert!(other.line.cells[0].is_whole());
}
