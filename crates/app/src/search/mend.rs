//! Whether what is found is what there is; and putting in what is missing, as after a restored backup.

use remit_db::search::Place;
use remit_db::{Tx, sql};

use super::names::{client_named, person_named};
use crate::App;
use crate::act::{Act, Caller};
use crate::clients;
use crate::people;
use crate::refused::{Refused, folded};
use crate::tickets;

/// Tickets that are looked at in one unit of work.
const TICKETS: i64 = 200;
/// People and clients that are.
const PAGE: u16 = 500;

/// What was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Lines, people and clients that were looked at.
    pub seen: u64,
    /// Those that are not found by their words, or were not until now.
    pub missing: u64,
    /// Entries of lines that are not there.
    pub surplus: u64,
}

/// Compares what is found with what there is.
pub async fn compare(app: &App, operator: &Caller) -> Result<Compared, Refused> {
    walk(app, operator, false).await
}

/// Puts in what is missing.
pub async fn mend(app: &App, operator: &Caller) -> Result<Compared, Refused> {
    walk(app, operator, true).await
}

/// Names of before there was a search are put in at the first start that has one.
pub(crate) async fn at_start(app: &App) -> Result<(), Refused> {
    for (provider, _) in app.providers().await? {
        let operator = Caller::operator(provider);
        let none = |tx: &mut Tx<'_, '_>, _: &Act| {
            let any =
                sql!("SELECT id FROM search_name WHERE provider_id = $1 AND {reach?: client_id} LIMIT 1");
            Ok(tx.find::<(uuid::Uuid,), _>(any, ())?.is_none())
        };
        if app.read(&operator, none).await? {
            names(app, &operator, true).await?;
        }
    }
    Ok(())
}

async fn walk(app: &App, operator: &Caller, mend: bool) -> Result<Compared, Refused> {
    let mut all = names(app, operator, mend).await?;
    let last = app.read(operator, |tx, _| tickets::newest(tx)).await?;
    let Place { number: end, .. } = last;
    let mut first = 1;
    while first < end {
        let range = (first, first + TICKETS - 1);
        let look = move |tx: &mut Tx<'_, '_>, _: &Act| tickets::compare(tx, range, mend);
        let wrong =
            if mend { app.write(operator, look).await? } else { app.read_long(operator, look).await? };
        all.seen += wrong.seen;
        all.missing += wrong.missing;
        all.surplus += wrong.surplus;
        first += TICKETS;
    }
    Ok(all)
}

async fn names(app: &App, operator: &Caller, mend: bool) -> Result<Compared, Refused> {
    let mut all = Compared::default();
    let mut after: Option<String> = None;
    loop {
        let from = after.take();
        let look = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let page = clients::list(tx, act, from.as_deref(), PAGE)?;
            let mut missing = 0;
            for client in &page {
                if !is_named(tx, "client", client.id.uuid())? {
                    missing += 1;
                    put_in(mend, || client_named(tx, client.id, &client.name))?;
                }
            }
            Ok((page.len(), page.last().map(|client| client.name.clone()), missing))
        };
        let page =
            if mend { app.write(operator, look).await? } else { app.read_long(operator, look).await? };
        after = all.add(page);
        if after.is_none() {
            break;
        }
    }
    let mut after = None;
    loop {
        let from = after.take();
        let look = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let page = people::list(tx, act, from, PAGE)?;
            let mut missing = 0;
            for one in &page {
                if !is_named(tx, "person", one.id.uuid())? {
                    missing += 1;
                    put_in(mend, || person_named(tx, (one.id, one.client), (&one.name, &one.email)))?;
                }
            }
            Ok((page.len(), page.last().map(|one| (folded(&one.name), one.id.uuid())), missing))
        };
        let page =
            if mend { app.write(operator, look).await? } else { app.read_long(operator, look).await? };
        after = all.add(page);
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn put_in(mend: bool, put: impl FnOnce() -> Result<(), Refused>) -> Result<(), Refused> {
    if mend { put() } else { Ok(()) }
}

impl Compared {
    /// Counts a page of names; behind what the next one begins.
    fn add<K>(&mut self, (seen, last, missing): (usize, Option<K>, u64)) -> Option<K> {
        self.seen += seen as u64;
        self.missing += missing;
        last.filter(|_| seen == usize::from(PAGE))
    }
}

fn is_named(tx: &mut Tx<'_, '_>, kind: &str, id: uuid::Uuid) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT id FROM search_name WHERE provider_id = $1 AND {reach?: client_id} AND kind = $2 AND id = $3 LIMIT 1"
    );
    Ok(tx.find::<(uuid::Uuid,), _>(find, (kind, id))?.is_some())
}
