//! Checklists as they stand on a ticket: given, ticked, skipped.

use remit_core::{At, Id};
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, shared_sql, sql};

use super::super::event::Happened;
use super::super::ticket::Change;
use super::super::visibility::{Sight, Visibility};
use super::super::{Ticket, open, store};
use super::{Checklist, MOST_ON_TICKET, Side, checklist};
use crate::act::Act;
use crate::keyed::keyed;
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};

/// The most items on one ticket: as many checklists as there can be, of as many items.
const MOST: u16 = 1000;
/// The longest reason for skipping an item, in bytes.
const LONGEST_REASON: usize = 1024;
/// Items that are named when a ticket waits for them.
const NAMED: usize = 3;

keyed! {
    /// Where an item stands.
    ItemState as "ChecklistItemState" {
        /// It is to be done.
        Open = "open", "to be done";
        /// It is done.
        Done = "done", "done";
        /// It need not be done here.
        Skipped = "skipped", "skipped";
    }
}

/// An item on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Counted from 1 on each ticket, over all its checklists.
    pub number: i64,
    /// What is to be done.
    pub text: String,
    /// Whether the ticket is neither solved nor closed before.
    pub required: bool,
    /// Who does it.
    pub side: Side,
    /// Where it stands.
    pub state: ItemState,
    /// Who said so last; nobody where it is empty.
    pub by: String,
    /// When.
    pub at: Option<At>,
    /// Why it was skipped.
    pub reason: String,
    /// Whether the caller is of the side that does it.
    pub yours: bool,
}

/// A checklist on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketChecklist {
    /// Counted from 1 on each ticket.
    pub number: i64,
    /// What it was called when it was put there.
    pub name: String,
    /// Which it is.
    pub checklist: Id<Checklist>,
    /// Its items, in order.
    pub items: Vec<Item>,
}

impl TicketChecklist {
    /// How many of its items are done or skipped.
    pub fn settled(&self) -> usize {
        self.items.iter().filter(|item| item.state != ItemState::Open).count()
    }

    /// Those that are to be done.
    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.state == ItemState::Open)
    }
}

/// An item, and the number of its checklist.
struct Found(i64, Item);

impl FromRow for Found {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let item = Item {
            number: row.get(0)?,
            text: row.get(2)?,
            required: row.get(3)?,
            side: row.get(4)?,
            state: row.get(5)?,
            by: row.get(6)?,
            at: row.get(7)?,
            reason: row.get(8)?,
            yours: false,
        };
        Ok(Self(row.get(1)?, item))
    }
}

/// The checklists on a ticket that the caller may see, in the order in which they came; none for whoever is of neither IT team.
pub fn ticket_checklists(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
) -> Result<Vec<TicketChecklist>, Refused> {
    let ticket = store::find(tx, act, id)?;
    if !Sight::of(act)?.reads_teams() {
        return Ok(Vec::new());
    }
    let mut all = on(tx, id)?;
    for item in all.iter_mut().flat_map(|list| &mut list.items) {
        item.yours = is_theirs(act, &ticket, item.side);
    }
    Ok(all)
}

pub(super) fn on(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Vec<TicketChecklist>, Refused> {
    let lists = sql!(
        "SELECT number, name, checklist_id FROM ticket_checklist WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         ORDER BY number LIMIT 20"
    );
    let found: Vec<(i64, String, Id<Checklist>)> = tx.rows(lists, (id,))?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let items = sql!(
        "SELECT number, part_of, text, required, side, state, said_by, said_at, reason FROM ticket_item \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 ORDER BY number LIMIT $3"
    );
    let new = |(number, name, checklist)| TicketChecklist { number, name, checklist, items: Vec::new() };
    let mut all: Vec<TicketChecklist> = found.into_iter().map(new).collect();
    for Found(of, item) in tx.rows::<Found, _>(items, (id, MOST))? {
        if let Some(list) = all.iter_mut().find(|list| list.number == of) {
            list.items.push(item);
        }
    }
    Ok(all)
}

/// Refuses to end the work on a ticket before its required items are done or skipped.
pub(in super::super) fn may_end(tx: &mut Tx<'_, '_>, act: &Act, change: &Change) -> Result<(), Refused> {
    // What was merged goes on in another one, which waits for its own.
    if change.lines().iter().any(|line| matches!(line.happened, Happened::Merged { .. })) {
        return Ok(());
    }
    let list = sql!(
        "SELECT text FROM ticket_item WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND state = 'open' \
         AND required = TRUE ORDER BY number LIMIT $3"
    );
    let open: Vec<(String,)> = tx.rows(list, (change.ticket.id, MOST))?;
    if open.is_empty() {
        return Ok(());
    }
    // A vendor who holds it is not told what the two teams have on their lists.
    if !Sight::of(act)?.reads_teams() {
        let words = "the IT teams still have something to do on it that it waits for: hand it back to them";
        return Err(Refused::Conflict(words.to_owned()));
    }
    let named: Vec<String> = open.iter().take(NAMED).map(|(text,)| format!("“{text}”")).collect();
    let more = match open.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let words = format!(
        "it waits for items of its checklists: {}{more}; do them, or skip them with a reason",
        named.join(", ")
    );
    Err(Refused::Conflict(words))
}

/// The checklists that a new ticket has from the start.
pub(in super::super) fn from_start(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
) -> Result<Vec<Checklist>, Refused> {
    // What happened before there were any is told as it was.
    if act.past {
        return Ok(Vec::new());
    }
    let (kind, service) = (change.ticket.kind, change.ticket.service.clone());
    let begin = shared_sql!(
        "SELECT id, version, name, from_start, kind, service, items, changed_at, retired_at FROM checklist WHERE provider_id = $1 \
         AND from_start AND retired_at IS NULL AND (kind IS NULL OR kind = $2) \
         AND (service = '' OR service = $3 OR substr($3, 1, length(service) + 1) = service || '.') ORDER BY folded LIMIT $4"
    );
    let lists: Vec<Checklist> = tx.rows(begin, (kind, &service, MOST_ON_TICKET as i64))?;
    for list in &lists {
        change.happened(act, listed(list, true));
    }
    Ok(lists)
}

fn listed(list: &Checklist, from_start: bool) -> Happened {
    let items = u32::try_from(list.text.items.len()).unwrap_or(u32::MAX);
    Happened::Listed { list: list.text.name.clone(), items, from_start }
}

/// Puts the items of checklists on a ticket that is kept.
pub(in super::super) fn given(
    tx: &mut Tx<'_, '_>,
    ticket: &Ticket,
    lists: &[Checklist],
) -> Result<(), Refused> {
    if lists.is_empty() {
        return Ok(());
    }
    let (first, mut last) = free_numbers(tx, ticket, lists)?;
    let add = sql!(
        "INSERT INTO ticket_checklist (provider_id, ticket_id, number, client_id, checklist_id, name) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6)"
    );
    for (number, list) in (first..).zip(lists) {
        tx.exec(add, (ticket.id, number, ticket.client, list.id, &list.text.name))?;
        last = items(tx, ticket, (number, list), last)?;
    }
    Ok(())
}

/// The first number for these checklists, and the last item that there has been before them. No number is given twice, though what had it be taken off:
/// a page that was opened before would speak of another item. The lines of the ticket know all that ever were, these too.
fn free_numbers(tx: &mut Tx<'_, '_>, ticket: &Ticket, lists: &[Checklist]) -> Result<(i64, i64), Refused> {
    let list = sql!(
        "SELECT facts FROM ticket_event WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND action = 'ticket.list' \
         ORDER BY seq"
    );
    let facts: Vec<(String,)> = tx.rows(list, (ticket.id,))?;
    let counted = facts.iter().map(|(facts,)| match serde_json::from_str(facts) {
        Ok(Happened::Listed { items, .. }) => i64::from(items),
        _ => 0,
    });
    let own: usize = lists.iter().map(|list| list.text.items.len()).sum();
    Ok(((facts.len() - lists.len().min(facts.len())) as i64 + 1, counted.sum::<i64>() - own as i64))
}

/// The items of one, behind the last number that is given. Says which is the last then.
fn items(
    tx: &mut Tx<'_, '_>,
    ticket: &Ticket,
    (of, list): (i64, &Checklist),
    mut behind: i64,
) -> Result<i64, Refused> {
    let add = sql!(
        "INSERT INTO ticket_item (provider_id, ticket_id, number, client_id, part_of, text, required, side, state, said_by, said_at, reason) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, $8, 'open', '', NULL, '')"
    );
    for item in &list.text.items {
        behind += 1;
        let own: Vec<Value> = vec![
            ticket.id.into_value(),
            behind.into_value(),
            ticket.client.into_value(),
            of.into_value(),
            (&item.text).into_value(),
            item.required.into_value(),
            item.side.into_value(),
        ];
        tx.exec(add, own)?;
    }
    Ok(behind)
}

/// A ticket that is not closed, for somebody of the IT teams who works on tickets.
pub(super) fn worked(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    if !Sight::of(act)?.reads_teams() {
        return Err(Refused::Conflict("checklists are for both IT teams".to_owned()));
    }
    if ticket.closed_at.is_some() {
        return Err(Refused::Conflict("it is closed; open it again first".to_owned()));
    }
    Ok(ticket)
}

/// Puts a checklist on a ticket.
pub fn attach(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, of: Id<Checklist>) -> Result<Ticket, Refused> {
    let ticket = worked(tx, act, id)?;
    let wrong = |why: &str| Refused::Invalid(vec![Field::new("checklist", why)]);
    let list = match checklist(tx, act, of) {
        Err(Refused::NotFound) => return Err(wrong("choose one of the list")),
        found => found?,
    };
    if list.retired_at.is_some() {
        return Err(wrong("it is retired: choose another one"));
    }
    let before = on(tx, id)?;
    if before.iter().any(|one| one.checklist == of) {
        return Err(wrong("it is on the ticket already"));
    }
    if before.len() >= MOST_ON_TICKET {
        return Err(Refused::Conflict(format!("a ticket has at most {MOST_ON_TICKET} checklists")));
    }
    let mut change = Change::of(ticket);
    change.happened(act, listed(&list, false));
    let ticket = change.keep(tx, act)?;
    given(tx, &ticket, &[list])?;
    Ok(ticket)
}

/// Whether the caller is of the side that does an item.
fn is_theirs(act: &Act, ticket: &Ticket, side: Side) -> bool {
    let Some(party) = act.caller.party else { return true };
    side.kind().map_or(party == ticket.party, |kind| act.caller.role.party() == kind)
}

/// Says where an item stands: its side does, and whoever holds the ticket can skip it with a reason, or have it done again.
pub fn tick(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, number): (Id<Ticket>, i64),
    (to, reason): (ItemState, &str),
) -> Result<Ticket, Refused> {
    let ticket = worked(tx, act, id)?;
    let mut faults = Faults::default();
    let reason = faults.take("reason", why(to, reason)).unwrap_or_default();
    faults.end()?;
    let found = on(tx, id)?.into_iter().find_map(|list| {
        let item = list.items.into_iter().find(|item| item.number == number)?;
        Some((list.name, item))
    });
    let wrong = || Refused::Invalid(vec![Field::new("item", "choose an item of the list")]);
    let (list, item) = found.ok_or_else(wrong)?;
    let holds = act.caller.party.is_none_or(|party| party == ticket.party);
    let may = is_theirs(act, &ticket, item.side) || (holds && to != ItemState::Done);
    if !may {
        let words = format!(
            "“{}” is for {}{}",
            item.text,
            item.side.name(),
            if holds { ": ask them, or skip it with a reason" } else { "" }
        );
        return Err(Refused::Conflict(words));
    }
    if item.state == to {
        return Ok(ticket);
    }
    let set = sql!(
        "UPDATE ticket_item SET state = $4, said_by = $5, said_at = $6, reason = $7 WHERE provider_id = $1 AND {reach: client_id} \
         AND ticket_id = $2 AND number = $3"
    );
    tx.exec(set, (id, number, to, &act.caller.name, act.at, &reason))?;
    let mut change = Change::of(ticket);
    change.wrote(act, Visibility::Teams, Happened::Ticked { list, item: item.text, to }, &reason);
    change.keep(tx, act)
}

/// Why an item is skipped; of others nothing is asked.
fn why(to: ItemState, reason: &str) -> Result<String, String> {
    match to {
        ItemState::Skipped => reason_for(reason, "write why it need not be done"),
        ItemState::Open | ItemState::Done if reason.trim().is_empty() => Ok(String::new()),
        ItemState::Open | ItemState::Done => {
            Err("a reason is for what is skipped: write anything else into the ticket".to_owned())
        }
    }
}

/// A reason as it was written; what to write, where there is none.
pub(super) fn reason_for(reason: &str, none: &str) -> Result<String, String> {
    let reason = open::prose(reason.trim())?;
    match reason.len() {
        0 => Err(none.to_owned()),
        long if long > LONGEST_REASON => Err("write at most 1 kB".to_owned()),
        _ => Ok(reason),
    }
}
