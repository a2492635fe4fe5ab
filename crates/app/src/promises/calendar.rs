//! Hours in which promises count.

use remit_core::{At, Id, Slug, Zone};
use remit_db::{Error, FromRow, Row, Tx, sql};
use remit_matrix::Matrix;
use remit_matrix::draft::CalendarDraft;

use super::{Calendar, compiled, rule, turned};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::{Party, Permission};
use crate::refused::{Faults, Field, Refused};
use crate::tickets;

/// Calendars of a matrix are known by this name and theirs: they count for what its rows promise, and no rule may name them.
pub(crate) const MATRIX: &str = "matrix";
/// The most that are read at once.
const MOST: u16 = 2000;

/// Hours that are to count.
#[derive(Debug, Clone)]
pub struct NewCalendar {
    /// The client's whose promises are counted in it; none for everybody's or a party's.
    pub client: Option<Id<Client>>,
    /// The party's whose promises are counted in it.
    pub party: Option<Id<Party>>,
    /// The name that rules use, such as `office`.
    pub name: String,
    /// From when on; now when absent.
    pub from: Option<At>,
    /// The hours, with a zone of their own.
    pub hours: CalendarDraft,
}

/// Hours as they are listed.
#[derive(Debug, Clone)]
pub struct ListedCalendar {
    /// Its id.
    pub id: Id<Calendar>,
    /// The client's.
    pub client: Option<Id<Client>>,
    /// The party's.
    pub party: Option<Id<Party>>,
    /// The name that rules use.
    pub name: Slug,
    /// From when on.
    pub from: At,
    /// The hours.
    pub hours: CalendarDraft,
}

impl FromRow for ListedCalendar {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (name, hours): (String, String) = (row.get(3)?, row.get(5)?);
        let odd = |e: &dyn std::fmt::Display| Error::Other(format!("a calendar cannot be read: {e}"));
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            party: row.get(2)?,
            name: Slug::parse(&name).map_err(|e| odd(&e))?,
            from: row.get(4)?,
            hours: serde_json::from_str(&hours).map_err(|e| odd(&e))?,
        })
    }
}

/// Adds hours. From their instant on they take the place of those of the same name and owner; what was counted before stays.
pub fn add_calendar(tx: &mut Tx<'_, '_>, act: &Act, new: &NewCalendar) -> Result<Id<Calendar>, Refused> {
    act.require(Permission::ManageClients)?;
    rule::reached(tx, act, new.client)?;
    let mut faults = Faults::default();
    let name = faults.take("name", Slug::parse(new.name.trim()));
    let reserved = name.as_ref().is_some_and(|name| name.parts().next() == Some(MATRIX));
    if reserved {
        faults.take::<(), _>(
            "name",
            Err("names that begin with `matrix` belong to the matrices; choose another"),
        );
    }
    let from = new.from.unwrap_or(act.at);
    if from < act.at {
        faults.take::<(), _>(
            "from",
            Err("hours cannot begin in the past: what was counted stays as it was counted"),
        );
    }
    if new.hours.zone.is_none() {
        faults.take::<(), _>("zone", Err("say in which zone, such as America/Los_Angeles"));
    }
    for problem in new.hours.hours(&Zone::utc()).err().map(|problems| problems.0).unwrap_or_default() {
        let field = if problem.path.ends_with("zone") {
            "zone"
        } else if problem.path.contains("holidays") {
            "holidays"
        } else {
            "week"
        };
        faults.take::<(), _>(field, Err(problem.to_string().trim_start_matches("calendar.").to_owned()));
    }
    faults.end()?;
    let name = name.ok_or(Refused::NotFound)?;
    let id = keep(tx, act, &NewCalendar { from: Some(from), name: name.to_string(), ..new.clone() })?;
    compiled::checked(tx, act, new.client)
        .map_err(|words| Refused::Invalid(vec![Field::new("name", words)]))?;
    tickets::reckon_again(tx, act, new.client)?;
    let detail = format!("`{name}` from {from}");
    let subject = id.to_string();
    audit::note(tx, act, Event { action: "promise.calendar", subject, client: new.client, detail: &detail })?;
    Ok(id)
}

/// Keeps hours as they are.
pub(crate) fn keep(tx: &mut Tx<'_, '_>, act: &Act, new: &NewCalendar) -> Result<Id<Calendar>, Refused> {
    let add = sql!(
        "INSERT INTO promise_calendar (provider_id, id, client_id, party_id, name, starts_at, hours, created_at, created_by) \
         VALUES ($1, $2, {client?: $3}, $4, $5, $6, $7, $8, $9)"
    );
    let id: Id<Calendar> = act.id();
    let hours = serde_json::to_string(&new.hours).expect("hours are plain data");
    let from = new.from.unwrap_or(act.at);
    tx.exec(add, (id, new.client, new.party, &new.name, from, hours, act.at, &act.caller.name))?;
    turned(tx, act)?;
    Ok(id)
}

/// Takes over the calendars of a matrix that comes into force: its rows promise in them. The first of a name counts for all time before, too.
pub(crate) fn adopt(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    (matrix, from): (&Matrix, At),
) -> Result<(), Refused> {
    let known = of_client(tx, Some(client))?;
    for calendar in &matrix.calendars {
        let Ok(name) = Slug::parse(&format!("{MATRIX}.{}", calendar.id)) else { continue };
        let Some(draft) = matrix.draft.calendars.get(&calendar.id) else { continue };
        let zone = draft.zone.clone().unwrap_or_else(|| matrix.zone.name().to_owned());
        let hours = CalendarDraft { zone: Some(zone), ..draft.clone() };
        let last = known.iter().rfind(|old| old.client == Some(client) && old.name == name);
        if last.is_some_and(|last| last.hours == hours) {
            continue;
        }
        let from = if last.is_none() { At::from_millis(0) } else { from };
        let name = name.to_string();
        keep(tx, act, &NewCalendar { client: Some(client), party: None, name, from: Some(from), hours })?;
    }
    Ok(())
}

/// All calendars that can count for a client, in order of name and time: everybody's, the parties', its own; of all clients with `None`.
pub fn calendars(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
) -> Result<Vec<ListedCalendar>, Refused> {
    act.require(Permission::ReadClients)?;
    of_client(tx, client)
}

pub(super) fn of_client(
    tx: &mut Tx<'_, '_>,
    client: Option<Id<Client>>,
) -> Result<Vec<ListedCalendar>, Refused> {
    let list = sql!(
        "SELECT id, client_id, party_id, name, starts_at, hours FROM promise_calendar WHERE provider_id = $1 AND {reach?: client_id} \
         AND (client_id IS NULL OR client_id = $2) ORDER BY name, starts_at, id LIMIT $3"
    );
    Ok(tx.rows(list, (client, MOST))?)
}
