//! Tables of text as a draft.

mod entries;
mod header;

use std::collections::BTreeMap;

use entries::Reader;
use header::Head;

use super::book::{Book, Table};
use super::error::{hint, nearest, plain};
use super::layout::{ABOUT, CALENDARS, CATALOGUE, MATRIX, PARTIES, SERVICES, SHEETS, Sheet, TEAMS, VALUES};
use super::{Places, SheetError, raci};
use crate::draft::{Draft, ValuesDraft};

/// Reads all tables of a book.
pub(super) fn draft(book: &Book) -> Result<(Draft, Places), SheetError> {
    let tables = match sort(book) {
        Ok(tables) => tables,
        // Whoever has a RACI grid in hand learns more from that than from the name of a sheet.
        Err(error) => return Err(raci::grid_in(book).map_or(error, SheetError::RaciGrid)),
    };
    let mut reader = Reader::default();
    let find = |sheet: &Sheet| tables.get(sheet.title).copied();
    let need = |sheet: &Sheet| find(sheet).ok_or_else(|| missing(book, sheet));

    let (matrix, about) = (need(&MATRIX)?, need(&ABOUT)?);
    let (parties, teams) = (need(&PARTIES)?, need(&TEAMS)?);
    let mut draft = reader.about(&Head::of(about, &ABOUT)?)?;
    draft.parties = reader.parties(&Head::of(parties, &PARTIES)?)?;
    draft.teams = reader.teams(&Head::of(teams, &TEAMS)?)?;
    if let Some(table) = find(&CALENDARS) {
        draft.calendars = reader.calendars(&Head::of(table, &CALENDARS)?)?;
    }
    draft.values = match find(&VALUES) {
        Some(table) => reader.values(&Head::of(table, &VALUES)?),
        None => ValuesDraft::default(),
    };
    if let Some(table) = find(&SERVICES) {
        draft.services = reader.services(&Head::of(table, &SERVICES)?)?;
    }
    draft.rows = reader.rows(&Head::of(matrix, &MATRIX)?)?;
    Ok((draft, reader.places))
}

/// The tables by the titles of the layout. Sheets whose name starts with `#`, empty ones and the list of built-in
/// services are skipped; every other one must be known.
fn sort(book: &Book) -> Result<BTreeMap<&'static str, &Table>, SheetError> {
    let mut tables = BTreeMap::new();
    for table in &book.tables {
        let skipped = table.title.starts_with('#') || plain(&table.title) == plain(CATALOGUE);
        if skipped || (table.lines.is_empty() && known(&table.title).is_none()) {
            continue;
        }
        let Some(sheet) = known(&table.title) else {
            return Err(unknown(table));
        };
        if tables.insert(sheet.title, table).is_some() {
            let problem = format!("`{}` is there twice; put all its lines under one header", sheet.title);
            return Err(SheetError::at(table.start(), problem));
        }
    }
    Ok(tables)
}

fn known(title: &str) -> Option<&'static Sheet> {
    SHEETS.into_iter().find(|sheet| plain(sheet.title) == plain(title))
}

fn unknown(table: &Table) -> SheetError {
    let titles: Vec<_> = SHEETS.iter().map(|sheet| sheet.title).collect();
    if table.title.is_empty() {
        let problem = "these lines stand under no label; write `[Matrix]` on a line of its own before the rows, and \
                       `[About]`, `[Parties]` and `[Teams]` before those";
        return SheetError::at(table.start(), problem);
    }
    let title = super::error::shown(&table.title);
    let what = if table.sheet.is_some() { "sheet" } else { "block" };
    let problem = format!(
        "there is no {what} named `{title}`: {}; a name that starts with `#` is left unread",
        hint(&table.title, &titles)
    );
    if table.sheet.is_some() { SheetError::Layout(problem) } else { SheetError::at(table.start(), problem) }
}

fn missing(book: &Book, sheet: &Sheet) -> SheetError {
    let in_file = book.tables.iter().all(|table| table.sheet.is_none());
    let (what, title) =
        if in_file { ("block", format!("[{}]", sheet.title)) } else { ("sheet", sheet.title.to_owned()) };
    let titles = book.tables.iter().map(|table| table.title.as_str()).filter(|title| !title.is_empty());
    let near = nearest(sheet.title, titles).map(|title| format!("; is it `{}`?", super::error::shown(title)));
    let columns: Vec<_> = sheet.columns.iter().map(|column| column.label).collect();
    SheetError::Layout(format!(
        "the {what} `{title}` is missing{}; add it with the columns {}",
        near.unwrap_or_default(),
        columns.join(", ")
    ))
}
