//! RACI grids: duties down the side, parties or teams across the top, letters in the cells.
//!
//! What is clear becomes rows. What is not is reported among the doubts and left as it was written: two who are accountable
//! become two rows, which the checker shows as a conflict; nobody becomes no row, which it shows as a gap.

mod assign;
mod duties;
mod grid;
mod hours;
mod lines;
mod marks;
mod people;

use std::collections::BTreeMap;

use super::book::{Book, too_large};
use super::{Place, SheetError, any_book};
use crate::draft::{CalendarDraft, Draft, FORMAT, ServiceModel, ValuesDraft};
use grid::Grid;
use lines::Lines;
use people::People;

/// The most lines of a grid. Real ones have dozens.
const MAX_DUTIES: usize = 2_000;

/// What a RACI grid does not say itself.
#[derive(Debug, Clone, Default)]
pub struct RaciOptions {
    /// Name of the client.
    pub client: String,
    /// IANA zone of the client.
    pub zone: String,
    /// Header of the column that is the provider, where its name does not say so.
    pub provider: Option<String>,
    /// Header of the column that is the client's internal IT, where its name does not say so.
    pub internal: Option<String>,
}

/// A draft made of a RACI grid, and what to look at before it is used.
#[derive(Debug, Clone)]
pub struct RaciImport {
    /// The draft, in the order of the grid's lines.
    pub draft: Draft,
    /// Every duty of the grid and the service that it became.
    pub matched: Vec<RaciMatch>,
    /// What was unclear or had to be assumed, each with its place.
    pub doubts: Vec<String>,
}

/// A duty of the grid and the service that it became.
#[derive(Debug, Clone, PartialEq)]
pub struct RaciMatch {
    /// The duty as it is written.
    pub text: String,
    /// Id of the service, of the catalogue or of the client's own ones.
    pub service: String,
    /// How well the text names that service, 0 to 1 as in [`crate::catalogue::Found::score`]; 0 for a service of the
    /// client's own.
    pub sure: f64,
}

/// Whether the bytes are a workbook or CSV file that holds a RACI grid, judged by its header and cells.
pub fn is_raci_grid(bytes: &[u8]) -> bool {
    any_book(bytes).is_ok_and(|book| grid_in(&book).is_some())
}

/// The place of the header of a RACI grid, if there is one.
pub(super) fn grid_in(book: &Book) -> Option<Place> {
    Grid::find(book).map(|grid| grid.place(grid.header, grid.duty))
}

/// Makes a draft of a RACI grid, a workbook or a CSV file. With several grids in a workbook, the first sheet that has one
/// counts.
///
/// Cells are read as R, A, C, I in any combination (`A/R`, `R,A`), as words (Responsible, Primary, Owner, Backup) or as a
/// cross or tick for "does it and answers for it". Duties are looked up with [`crate::catalogue::Catalogue::find`]; what it
/// does not know for sure becomes a service of the client's own under the nearest branch.
pub fn from_raci(bytes: &[u8], options: &RaciOptions) -> Result<RaciImport, SheetError> {
    let book = any_book(bytes)?;
    let grid = Grid::find(&book).ok_or_else(|| {
        SheetError::Layout(
            "no RACI grid found: write a header with the duties' column first and one column per party, and R, A, C or I \
             in the cells below"
                .to_owned(),
        )
    })?;
    if grid.lines.len() > MAX_DUTIES {
        return Err(too_large(&format!("a RACI grid of more than {MAX_DUTIES} lines")));
    }
    let mut doubts = Vec::new();
    let people = People::of(&grid, options, &mut doubts)?;
    let mut lines = Lines::new(&grid, &people);
    lines.read_all();
    doubts.append(&mut lines.doubts);

    let mut calendars = BTreeMap::new();
    if lines.hours_used {
        calendars.insert("office".to_owned(), office());
        doubts.push(format!(
            "the calendar `office` is assumed to be Monday to Friday 08:00-18:00 in {} without public holidays; put it right",
            options.zone
        ));
    }
    let last_resort = people.last_resort().to_owned();
    doubts.push(format!(
        "`{last_resort}` is taken as the last resort, the team that gets what nobody on duty can take"
    ));
    let draft = Draft {
        format: FORMAT,
        client: options.client.clone(),
        zone: options.zone.clone(),
        model: if people.has_internal() { ServiceModel::CoManaged } else { ServiceModel::FullyManaged },
        arrangements: Vec::new(),
        version: 1,
        in_force_from: None,
        last_resort,
        parties: people.parties(),
        teams: people.teams(),
        calendars,
        values: ValuesDraft::default(),
        services: lines.services,
        rows: lines.rows,
    };
    Ok(RaciImport { draft, matched: lines.matched, doubts })
}

fn office() -> CalendarDraft {
    let week = [("mon-fri".to_owned(), "08:00-18:00".to_owned())];
    CalendarDraft { week: week.into(), ..CalendarDraft::default() }
}

/// A name for a row, team or service: lower case, hyphens, at most 48 characters, starting with a letter.
fn slug(text: &str, otherwise: &str) -> String {
    const LONGEST: usize = 48;
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words.skip_while(|word| !word.starts_with(|c: char| c.is_ascii_alphabetic())) {
        if slug.len() + word.len() >= LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { otherwise.to_owned() } else { slug }
}

/// The name, or the name with the first number that makes it free.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let mut numbered = (2..=u32::MAX).map(|n| format!("{name}-{n}"));
    numbered.find(|name| !taken(name)).expect("there are more numbers than names")
}
