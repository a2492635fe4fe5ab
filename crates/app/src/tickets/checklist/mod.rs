//! Checklists: what is to be done on tickets, as the provider has written it down.
//!
//! A **checklist** has **items**: a line each, which a ticket may wait for, and which is done by whoever holds the ticket, by the provider or by
//! internal IT. Tickets of a kind and a service have it from the start, or somebody puts it on one. A ticket keeps the items that it was
//! given: another text of the checklist changes none of them; whoever holds the ticket can take a checklist off it, and says why. Both IT teams see and tick them; nobody else knows of them.

mod given;
mod off;

use remit_core::{At, Id, Kind as IdKind};
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, shared_sql};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::open;
use super::visibility::Sight;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::keyed::keyed;
use crate::people::{PartyKind, Permission};
use crate::refused::{Faults, Field, Refused, folded};

pub use given::{Item, ItemState, TicketChecklist, attach, tick, ticket_checklists};
pub(super) use given::{from_start, given, may_end};
pub use off::take_off;

/// The most items of one checklist.
pub const MOST_ITEMS: usize = 50;
/// The most checklists of one provider that are in use.
const MOST_USED: usize = 100;
/// The same with those that are retired.
const MOST: u16 = 500;
/// The most checklists on one ticket.
const MOST_ON_TICKET: usize = 20;

keyed! {
    /// Whose an item of a checklist is.
    Side as "ChecklistSide" {
        /// Whoever holds the ticket.
        Holder = "holder", "whoever holds it";
        /// The provider.
        Provider = "provider", "the provider";
        /// Internal IT of the client.
        Internal = "internal", "internal IT";
    }
}

impl Side {
    /// What kind of party that is; none where it is whoever holds the ticket.
    pub const fn kind(self) -> Option<PartyKind> {
        match self {
            Self::Holder => None,
            Self::Provider => Some(PartyKind::Provider),
            Self::Internal => Some(PartyKind::Internal),
        }
    }
}

/// Something to do, as a checklist has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToDo {
    /// What, in a line of at most 200 characters.
    pub text: String,
    /// Whether a ticket is neither solved nor closed before it is done, or skipped with a reason.
    pub required: bool,
    /// Who does it.
    pub side: Side,
}

/// Which tickets have a checklist from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromStart {
    /// Those of one kind; all with none.
    pub kind: Option<Kind>,
    /// Those about a service of the catalogue or one below it; all where it is empty.
    pub service: String,
}

impl FromStart {
    fn fits(&self, kind: Kind, service: &str) -> bool {
        let below = service.strip_prefix(self.service.as_str());
        let below = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.kind.is_none_or(|own| own == kind) && (self.service.is_empty() || below)
    }
}

/// What a checklist says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistText {
    /// What people call it.
    pub name: String,
    /// Which tickets have it from the start; none where it is put on them by hand alone.
    pub from_start: Option<FromStart>,
    /// What is to be done, in order.
    pub items: Vec<ToDo>,
}

/// A checklist as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// Its id.
    pub id: Id<Checklist>,
    /// Changes whenever it does.
    pub version: i64,
    /// What it says.
    pub text: ChecklistText,
    /// When it was changed last.
    pub changed_at: At,
    /// Since when it is put on no ticket any more.
    pub retired_at: Option<At>,
}

impl IdKind for Checklist {
    const PREFIX: &'static str = "checklist";
}

impl FromRow for Checklist {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (from_start, items): (bool, String) = (row.get(3)?, row.get(6)?);
        let (kind, service): (Option<Kind>, String) = (row.get(4)?, row.get(5)?);
        let items = serde_json::from_str(&items)
            .map_err(|e| Error::Other(format!("the items of a checklist cannot be read: {e}")))?;
        let from_start = from_start.then_some(FromStart { kind, service });
        Ok(Self {
            id: row.get(0)?,
            version: row.get(1)?,
            text: ChecklistText { name: row.get(2)?, from_start, items },
            changed_at: row.get(7)?,
            retired_at: row.get(8)?,
        })
    }
}

/// All checklists of the provider by name, those that are retired too; none for whoever is of neither IT team.
pub fn checklists(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<Checklist>, Refused> {
    act.require(Permission::WorkTickets)?;
    if Sight::of(act)?.reads_teams() { all(tx) } else { Ok(Vec::new()) }
}

fn all(tx: &mut Tx<'_, '_>) -> Result<Vec<Checklist>, Refused> {
    let list = shared_sql!(
        "SELECT id, version, name, from_start, kind, service, items, changed_at, retired_at FROM checklist WHERE provider_id = $1 \
         ORDER BY folded LIMIT $2"
    );
    Ok(tx.rows(list, (MOST,))?)
}

/// One of them.
pub fn checklist(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Checklist>) -> Result<Checklist, Refused> {
    act.require(Permission::WorkTickets)?;
    if !Sight::of(act)?.reads_teams() {
        return Err(Refused::NotFound);
    }
    let find = shared_sql!(
        "SELECT id, version, name, from_start, kind, service, items, changed_at, retired_at FROM checklist WHERE provider_id = $1 \
         AND id = $2"
    );
    tx.find(find, (id,))?.ok_or(Refused::NotFound)
}

/// What somebody wrote, with all that is wrong with it.
fn checked(text: &ChecklistText) -> Result<ChecklistText, Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", &text.name).unwrap_or_default();
    let from_start = text.from_start.as_ref().map(|from| {
        let service = faults.take("service", open::service(&from.service)).unwrap_or_default();
        FromStart { kind: from.kind, service }
    });
    if text.items.is_empty() {
        faults.take::<(), _>("items", Err("write at least one item"));
    }
    if text.items.len() > MOST_ITEMS {
        let words = format!("write at most {MOST_ITEMS} items, these are {}", text.items.len());
        faults.take::<(), _>("items", Err(words));
    }
    let mut items: Vec<ToDo> = Vec::new();
    for (number, item) in (1..).zip(text.items.iter().take(MOST_ITEMS)) {
        let words = line(&item.text).and_then(|words| {
            let twice = items.iter().any(|other| folded(&other.text) == folded(&words));
            if twice { Err("it is in the list already") } else { Ok(words) }
        });
        let words = words.map_err(|why| format!("item {number}: {why}"));
        items.extend(faults.take("items", words).map(|text| ToDo { text, ..item.clone() }));
    }
    faults.end()?;
    Ok(ChecklistText { name, from_start, items })
}

/// What is to be done, in a line.
fn line(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("write what is to be done"),
        long if long.chars().count() > 200 => Err("write at most 200 characters"),
        odd if odd.chars().any(char::is_control) => Err("write it on one line, without control characters"),
        good => Ok(good.to_owned()),
    }
}

/// Refuses what would be too many: in use, or from the start on one ticket.
fn few(others: &[Checklist], text: &ChecklistText) -> Result<(), Refused> {
    let used: Vec<&ChecklistText> =
        others.iter().filter(|one| one.retired_at.is_none()).map(|one| &one.text).collect();
    let wrong = |name, words: String| Err(Refused::Invalid(vec![Field::new(name, words)]));
    if used.len() >= MOST_USED {
        return wrong("name", format!("{MOST_USED} checklists are in use already: retire one first"));
    }
    if others.len() >= usize::from(MOST) {
        return wrong(
            "name",
            format!("there are {MOST} checklists already, with those that are retired: change one of them"),
        );
    }
    let from: Vec<&FromStart> =
        used.into_iter().chain([text]).filter_map(|text| text.from_start.as_ref()).collect();
    // Whatever a ticket is about, those that fit fit the deepest service among them too.
    for service in from.iter().map(|one| one.service.as_str()) {
        for kind in Kind::ALL {
            if from.iter().filter(|one| one.fits(*kind, service)).count() > MOST_ON_TICKET {
                let about = if service.is_empty() { "any service" } else { service };
                let words = format!(
                    "{MOST_ON_TICKET} checklists at most stand on one ticket, and {} about {about} would have more from the start",
                    kind.name().to_lowercase()
                );
                return wrong("kind", words);
            }
        }
    }
    Ok(())
}

/// Its columns from `folded` to `items`.
fn written(text: &ChecklistText) -> [Value; 6] {
    let from = text.from_start.as_ref();
    [
        folded(&text.name).into_value(),
        (&text.name).into_value(),
        from.is_some().into_value(),
        from.and_then(|from| from.kind).into_value(),
        from.map_or("", |from| from.service.as_str()).into_value(),
        serde_json::to_string(&text.items).expect("items are plain data").into_value(),
    ]
}

fn taken(error: Error, name: &str) -> Refused {
    if error.is_unique("checklist.folded") {
        Refused::Conflict(format!("there is a checklist called {name} already, in use or retired"))
    } else {
        error.into()
    }
}

/// Writes a checklist down.
pub fn create_checklist(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    text: &ChecklistText,
) -> Result<Id<Checklist>, Refused> {
    act.require(Permission::ManageSettings)?;
    let text = checked(text)?;
    few(&all(tx)?, &text)?;
    let add = shared_sql!(
        "INSERT INTO checklist (provider_id, id, folded, name, from_start, kind, service, items, version, changed_at, retired_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, NULL)"
    );
    let id: Id<Checklist> = act.id();
    let mut own = vec![id.into_value()];
    own.extend(written(&text));
    own.push(act.at.into_value());
    tx.exec(add, own).map_err(|error| taken(error, &text.name))?;
    note(tx, act, (id, "checklist.create"), &text.name)?;
    Ok(id)
}

/// Writes it anew, if it is still at the version that the caller read. What is on tickets stays as it is.
pub fn change_checklist(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Checklist>, i64),
    text: &ChecklistText,
) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let before = checklist(tx, act, id)?;
    let text = checked(text)?;
    let mut others = all(tx)?;
    others.retain(|one| one.id != id);
    if before.retired_at.is_none() {
        few(&others, &text)?;
    }
    let set = shared_sql!(
        "UPDATE checklist SET folded = $4, name = $5, from_start = $6, kind = $7, service = $8, items = $9, version = version + 1, \
         changed_at = $10 WHERE provider_id = $1 AND id = $2 AND version = $3"
    );
    let mut own = vec![id.into_value(), version.into_value()];
    own.extend(written(&text));
    own.push(act.at.into_value());
    if tx.exec(set, own).map_err(|error| taken(error, &text.name))? == 0 {
        return Err(Refused::Stale);
    }
    let detail = if before.text.name == text.name {
        text.name
    } else {
        format!("{} to {}", before.text.name, text.name)
    };
    note(tx, act, (id, "checklist.change"), &detail)
}

/// Puts it on no ticket any more. Tickets keep what they have. One that is retired stays so.
pub fn retire_checklist(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Checklist>) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let before = checklist(tx, act, id)?;
    let set = shared_sql!(
        "UPDATE checklist SET retired_at = $3, version = version + 1 WHERE provider_id = $1 AND id = $2 AND retired_at IS NULL"
    );
    if tx.exec(set, (id, act.at))? == 0 {
        return Ok(());
    }
    note(tx, act, (id, "checklist.retire"), &before.text.name)
}

/// Takes one into use again that was retired. One that is in use stays so.
pub fn restore_checklist(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Checklist>) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let before = checklist(tx, act, id)?;
    if before.retired_at.is_none() {
        return Ok(());
    }
    let mut others = all(tx)?;
    others.retain(|one| one.id != id);
    few(&others, &before.text).map_err(|refused| match refused {
        Refused::Invalid(fields) => {
            Refused::Conflict(fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; "))
        }
        other => other,
    })?;
    let set = shared_sql!(
        "UPDATE checklist SET retired_at = NULL, version = version + 1 WHERE provider_id = $1 AND id = $2 AND version = $3"
    );
    if tx.exec(set, (id, before.version))? == 0 {
        return Err(Refused::Stale);
    }
    note(tx, act, (id, "checklist.restore"), &before.text.name)
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, action): (Id<Checklist>, &'static str),
    detail: &str,
) -> Result<(), Refused> {
    audit::note(tx, act, Event { action, subject: id.to_string(), client: None, detail })
}
