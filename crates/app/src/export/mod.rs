//! A whole list as a file: what its page shows, all of it, in its order.
//!
//! Each export is read as of one moment, is noted in the audit log with how many rows it had, and has at most [`MOST`] rows. Instants are
//! written as ISO 8601 with the offset of the zone. A text that a spreadsheet would take for a formula is written so that it does not.

mod sheet;
#[cfg(test)]
mod tests;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Zone};
use remit_db::Tx;
use remit_web::Error;

use crate::act::Act;
use crate::audit::{self, Event};
use crate::refused::Refused;
use crate::site::{Signed, Site};

pub(crate) use sheet::Cell;
use sheet::Writer;

/// Rows of the longest file.
pub const MOST: usize = 100_000;
/// Rows that are read at once.
const PAGE: u16 = 500;

/// Heads of columns.
pub(crate) fn heads(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|head| (*head).to_owned()).collect()
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values as RFC 4180 has them, in UTF-8.
    Csv,
    /// A workbook with one sheet.
    Xlsx,
}

/// Which list.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// How it is called in the name of the file and in the audit log.
    pub name: String,
    /// What the audit log says was done.
    pub action: &'static str,
    /// The heads of its columns.
    pub columns: Vec<String>,
}

impl Form {
    /// The form that an address asks for; none where it asks for the page.
    pub fn asked(text: Option<&str>) -> Result<Option<Self>, Error> {
        match text {
            None | Some("") => Ok(None),
            Some("csv") => Ok(Some(Self::Csv)),
            Some("xlsx") => Ok(Some(Self::Xlsx)),
            Some(_) => Err(Error::malformed("There is no such form of a file: write csv or xlsx.")),
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// One page of a list: its rows, and behind what the next one begins; none after the last.
pub(crate) type Rows<K> = (Vec<Vec<Cell>>, Option<K>);

/// A page of what was read: each as a row, and behind which the next page begins.
pub(crate) fn rows<T, K>(
    read: &[T],
    most: u16,
    row: impl FnMut(&T) -> Vec<Cell>,
    key: impl Fn(&T) -> K,
) -> Rows<K> {
    let next = read.last().filter(|_| read.len() >= usize::from(most)).map(key);
    (read.iter().map(row).collect(), next)
}

/// An instant in a zone.
pub(crate) fn instant(at: At, zone: &Zone) -> Cell {
    let local = zone.local(at);
    let offset = local.duration_since(Zone::utc().local(at)).as_secs() / 60;
    let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let wall = local.strftime("%Y-%m-%dT%H:%M:%S");
    Cell::Text(format!("{wall}{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}

/// The whole list as a file. `page` reads so many rows from behind a key on.
pub(crate) async fn file<K: Send + 'static>(
    (site, signed): (&Site, &Signed),
    form: Form,
    list: List,
    mut page: impl FnMut(&mut Tx<'_, '_>, &Act, Option<K>, u16) -> Result<Rows<K>, Refused> + Send + 'static,
) -> Result<Response, Error> {
    let columns = list.columns.clone();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let (mut writer, mut count, mut behind) = (Writer::new(form, &columns)?, 0, None);
        loop {
            let (rows, next) = page(tx, act, behind.take(), PAGE)?;
            count += rows.len();
            if count > MOST {
                let words = format!(
                    "this list has more than {MOST} rows: narrow it down, or read it through the API"
                );
                return Err(Refused::Conflict(words));
            }
            rows.iter().try_for_each(|row| writer.row(row))?;
            if next.is_none() {
                return Ok((writer, count));
            }
            behind = next;
        }
    };
    let (writer, count) = site.app.read_long(&signed.caller, read).await?;
    let done = tokio::task::spawn_blocking(move || writer.end()).await.map_err(Error::internal)?;
    let bytes = done?;
    let List { name, action, .. } = list;
    let (detail, subject) = (format!("{count} rows as {}", form.key()), name.clone());
    let note = move |tx: &mut Tx<'_, '_>, act: &Act| {
        audit::note(tx, act, Event { action, subject, client: None, detail: &detail })
    };
    site.app.write(&signed.caller, note).await?;
    let day = signed.caller.zone.local(site.app.now()).date();
    let attached = format!("attachment; filename=\"{name}-{day}.{}\"", form.key());
    let headers = [
        (CONTENT_TYPE, form.media().to_owned()),
        (CONTENT_DISPOSITION, attached),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
