//! Macros: what people say and do on tickets again and again. A **macro** has a text with names in braces, says who reads it, and can move the
//! status and put tags on. It is one person's, of both IT teams of one client, or of both IT teams of all clients.
//!
//! Putting one in fills the text in and shows it: it is read, and changed where that is needed, before it is sent. What it does besides is
//! done with the line that is sent, in one unit of work, or neither is done.

mod text;

use remit_core::{At, Id, Kind as IdKind, Zone};
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, shared_sql, sql};

use super::tag::words;
use super::visibility::{Sight, Visibility};
use super::{Listed, NO_PROMISE, Status, Ticket, change, open, shown, store, tag};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused, folded};

pub use text::NAMES;

/// The most macros of one person, of one client, and of all.
const MOST: usize = 100;
/// How much of a text is shown in a list, in characters.
const SHOWN: usize = 80;
/// The longest name, in characters: it stands in a menu.
const LONGEST: usize = 60;

/// Whose a macro is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One person's.
    Own,
    /// Of both IT teams of a client.
    Client(Id<Client>),
    /// Of both IT teams of all clients.
    All,
}

impl Of {
    /// The client whose it is.
    pub fn client(self) -> Option<Id<Client>> {
        match self {
            Self::Client(client) => Some(client),
            Self::Own | Self::All => None,
        }
    }
}

/// What a macro says and does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroText {
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub of: Of,
    /// What is written, with names in braces; empty where it does something alone.
    pub text: String,
    /// Who reads it.
    pub visibility: Visibility,
    /// Where the status goes then.
    pub status: Option<Status>,
    /// Words that are put on the ticket then.
    pub tags: Vec<String>,
}

/// A macro as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// Its id.
    pub id: Id<Macro>,
    /// Changes whenever it does.
    pub version: i64,
    /// What it says and does.
    pub says: MacroText,
    /// When it was changed last.
    pub changed_at: At,
}

impl IdKind for Macro {
    const PREFIX: &'static str = "macro";
}

/// One of a person, as it stands in the database; and one of both teams, with its client behind.
struct Own(Macro);
struct Shared(Macro);

fn read(mut row: Row, of: Of) -> Result<Macro, Error> {
    let (status, tags): (String, String) = (row.get(5)?, row.get(6)?);
    let says = MacroText {
        name: row.get(2)?,
        of,
        text: row.get(3)?,
        visibility: row.get(4)?,
        status: Status::from_key(&status),
        tags: tags.split_whitespace().map(str::to_owned).collect(),
    };
    Ok(Macro { id: row.get(0)?, version: row.get(1)?, says, changed_at: row.get(7)? })
}

impl FromRow for Own {
    fn from_row(row: Row) -> Result<Self, Error> {
        read(row, Of::Own).map(Self)
    }
}

impl FromRow for Shared {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let client: Option<Id<Client>> = row.get(8)?;
        read(row, client.map_or(Of::All, Of::Client)).map(Self)
    }
}

impl Macro {
    /// Whether it does something besides writing.
    pub fn acts(&self) -> bool {
        self.says.status.is_some() || !self.says.tags.is_empty()
    }

    /// How its text begins.
    pub fn beginning(&self) -> String {
        let line = self.says.text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SHOWN) {
            Some((cut, _)) => format!("{}…", &line[..cut]),
            None => line,
        }
    }

    /// What it does besides, in words; empty where it writes alone.
    pub fn deeds(&self) -> String {
        let status = self.says.status.map(|to| to.name().to_owned());
        let tags = Some(&self.says.tags).filter(|tags| !tags.is_empty()).map(|tags| match tags.as_slice() {
            [one] => format!("tag {one}"),
            all => format!("tags {}", all.join(", ")),
        });
        status.into_iter().chain(tags).collect::<Vec<_>>().join(" · ")
    }
}

/// What a macro says on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledMacro {
    /// Its text, with what the names stand for.
    pub text: String,
    /// Names that stand for nothing on this ticket: they are still in the text.
    pub missing: Vec<String>,
    /// Who of those that the caller may write for reads it.
    pub visibility: Visibility,
    /// The macro.
    pub of: Macro,
}

/// Those that the caller can use, by name: all, or those for tickets of one client.
pub fn macros(tx: &mut Tx<'_, '_>, act: &Act, client: Option<Id<Client>>) -> Result<Vec<Macro>, Refused> {
    act.require(Permission::WorkTickets)?;
    let own = shared_sql!(
        "SELECT id, version, name, text, visibility, status, tags, changed_at FROM own_macro \
         WHERE provider_id = $1 AND membership_id = $2 ORDER BY id LIMIT 100"
    );
    let of_client = sql!(
        "SELECT id, version, name, text, visibility, status, tags, changed_at, client_id FROM macro \
         WHERE provider_id = $1 AND {reach?: client_id} AND (client_id = $2 OR client_id IS NULL) ORDER BY id LIMIT 200"
    );
    let all = sql!(
        "SELECT id, version, name, text, visibility, status, tags, changed_at, client_id FROM macro \
         WHERE provider_id = $1 AND {reach?: client_id} ORDER BY id LIMIT 600"
    );
    let mut found: Vec<Macro> = Vec::new();
    if let Some(who) = act.caller.membership {
        found.extend(tx.rows::<Own, _>(own, (who,))?.into_iter().map(|Own(one)| one));
    }
    if Sight::of(act)?.reads_teams() {
        let shared: Vec<Shared> = match client {
            Some(client) => tx.rows(of_client, (client,))?,
            None => tx.rows(all, ())?,
        };
        found.extend(shared.into_iter().map(|Shared(one)| one));
    }
    found.sort_by_cached_key(|one| (folded(&one.says.name), one.id.uuid()));
    Ok(found)
}

/// One of them.
pub fn find_macro(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Macro>) -> Result<Macro, Refused> {
    act.require(Permission::WorkTickets)?;
    let own = shared_sql!(
        "SELECT id, version, name, text, visibility, status, tags, changed_at FROM own_macro \
         WHERE provider_id = $1 AND membership_id = $2 AND id = $3"
    );
    if let Some(Own(one)) = tx.find(own, (act.caller.membership, id))? {
        return Ok(one);
    }
    if !Sight::of(act)?.reads_teams() {
        return Err(Refused::NotFound);
    }
    let shared = sql!(
        "SELECT id, version, name, text, visibility, status, tags, changed_at, client_id FROM macro \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    let Shared(one) = tx.find(shared, (id,))?.ok_or(Refused::NotFound)?;
    Ok(one)
}

/// Where a macro can move the status: what follows from something else, such as an approval, is not chosen.
pub fn macro_statuses() -> impl Iterator<Item = Status> {
    let chosen = |to: &Status| *to == Status::Working || Status::Working.may_become(*to);
    Status::ALL.iter().copied().filter(chosen)
}

/// Whether the caller can change macros of these.
pub fn may_change(act: &Act, of: Of) -> bool {
    let both = Sight::of(act).is_ok_and(Sight::reads_teams);
    match of {
        Of::Own => act.caller.membership.is_some() && act.caller.may(Permission::WorkTickets),
        Of::Client(_) => both,
        Of::All => both && act.caller.may(Permission::ManageSettings),
    }
}

/// What somebody wrote, with all that is wrong with it.
fn checked(act: &Act, says: &MacroText) -> Result<MacroText, Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", &says.name).unwrap_or_default();
    if name.chars().count() > LONGEST {
        faults.take::<(), _>("name", Err(format!("write at most {LONGEST} characters: it stands in a menu")));
    }
    let text = faults.take("text", open::prose(&says.text).and_then(text::checked));
    let sight = Sight::of(act)?;
    if !sight.writes().contains(&says.visibility) {
        faults.take::<(), _>("visibility", Err("you write for nobody but these"));
    }
    if !sight.reads_teams() && !says.tags.is_empty() {
        faults.take::<(), _>("tags", Err("the words on tickets are for both IT teams"));
    }
    let tags = words("tags", &says.tags, &mut faults);
    if says.status.is_some_and(|to| macro_statuses().all(|one| one != to)) {
        faults.take::<(), _>("status", Err("that follows from something else: choose one of the list"));
    }
    if text.as_ref().is_some_and(String::is_empty) && says.status.is_none() && tags.is_empty() {
        faults.take::<(), _>("text", Err("write something, or say what it does"));
    }
    faults.end()?;
    Ok(MacroText { name, text: text.unwrap_or_default(), tags, ..says.clone() })
}

/// The others beside which it stands: as many as fit, and none of its name.
fn room(tx: &mut Tx<'_, '_>, act: &Act, (id, says): (Option<Id<Macro>>, &MacroText)) -> Result<(), Refused> {
    let others = macros(tx, act, says.of.client())?;
    let others: Vec<&Macro> =
        others.iter().filter(|one| one.says.of == says.of && Some(one.id) != id).collect();
    let wrong = |words: String| Err(Refused::Invalid(vec![Field::new("name", words)]));
    if others.iter().any(|one| folded(&one.says.name) == folded(&says.name)) {
        return wrong(format!("there is a macro called {} already", says.name));
    }
    if others.len() >= MOST {
        return wrong(format!("there are {MOST} of them already: take one away first"));
    }
    Ok(())
}

/// Its columns from `name` to `changed_at`.
fn written(act: &Act, says: &MacroText) -> [Value; 6] {
    [
        (&says.name).into_value(),
        (&says.text).into_value(),
        says.visibility.into_value(),
        says.status.map_or("", Status::key).into_value(),
        says.tags.join(" ").into_value(),
        act.at.into_value(),
    ]
}

fn allowed(act: &Act, of: Of) -> Result<(), Refused> {
    act.require(Permission::WorkTickets)?;
    match of {
        Of::All => act.require(Permission::ManageSettings)?,
        Of::Own | Of::Client(_) => {}
    }
    let words = "these macros are for both IT teams: keep one of your own";
    if may_change(act, of) { Ok(()) } else { Err(Refused::Conflict(words.to_owned())) }
}

/// Keeps a macro.
pub fn add_macro(tx: &mut Tx<'_, '_>, act: &Act, says: &MacroText) -> Result<Id<Macro>, Refused> {
    allowed(act, says.of)?;
    let says = checked(act, says)?;
    room(tx, act, (None, &says))?;
    let id: Id<Macro> = act.id();
    let with = |whose: Value| -> Vec<Value> {
        [id.into_value(), whose].into_iter().chain(written(act, &says)).collect()
    };
    if says.of == Of::Own {
        let add = shared_sql!(
            "INSERT INTO own_macro (provider_id, id, membership_id, name, text, visibility, status, tags, changed_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)"
        );
        tx.exec(add, with(act.caller.membership.into_value()))?;
    } else {
        let add = sql!(
            "INSERT INTO macro (provider_id, id, client_id, name, text, visibility, status, tags, changed_at, version) \
             VALUES ($1, $2, {client?: $3}, $4, $5, $6, $7, $8, $9, 1)"
        );
        tx.exec(add, with(says.of.client().into_value()))?;
    }
    note(tx, act, (id, "macro.create"), &says)?;
    Ok(id)
}

/// Writes one anew, if it is still at the version that the caller read. Whose it is stays.
pub fn change_macro(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Macro>, i64),
    says: &MacroText,
) -> Result<(), Refused> {
    let before = find_macro(tx, act, id)?;
    allowed(act, before.says.of)?;
    let says = checked(act, &MacroText { of: before.says.of, ..says.clone() })?;
    room(tx, act, (Some(id), &says))?;
    let own = [id.into_value(), version.into_value()].into_iter().chain(written(act, &says));
    let done = if says.of == Of::Own {
        let set = shared_sql!(
            "UPDATE own_macro SET name = $5, text = $6, visibility = $7, status = $8, tags = $9, changed_at = $10, version = version + 1 \
             WHERE provider_id = $1 AND membership_id = $2 AND id = $3 AND version = $4"
        );
        tx.exec(set, [act.caller.membership.into_value()].into_iter().chain(own).collect::<Vec<_>>())?
    } else {
        let set = sql!(
            "UPDATE macro SET name = $4, text = $5, visibility = $6, status = $7, tags = $8, changed_at = $9, version = version + 1 \
             WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND version = $3"
        );
        tx.exec(set, own.collect::<Vec<_>>())?
    };
    if done == 0 {
        return Err(Refused::Stale);
    }
    note(tx, act, (id, "macro.change"), &says)
}

/// Takes one away, and says what it was. What was sent with it stays as it is.
pub fn drop_macro(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Macro>) -> Result<MacroText, Refused> {
    let before = find_macro(tx, act, id)?;
    allowed(act, before.says.of)?;
    if before.says.of == Of::Own {
        let cut =
            shared_sql!("DELETE FROM own_macro WHERE provider_id = $1 AND membership_id = $2 AND id = $3");
        tx.exec(cut, (act.caller.membership, id))?;
    } else {
        let cut = sql!("DELETE FROM macro WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
        tx.exec(cut, (id,))?;
    }
    note(tx, act, (id, "macro.remove"), &before.says)?;
    Ok(before.says)
}

/// In the audit log; of what is one person's, not what it says.
fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, action): (Id<Macro>, &'static str),
    says: &MacroText,
) -> Result<(), Refused> {
    let detail = if says.of == Of::Own { "" } else { says.name.as_str() };
    audit::note(tx, act, Event { action, subject: id.to_string(), client: says.of.client(), detail })
}

/// What a macro would say on a ticket that the caller works on.
pub fn fill_macro(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, id): (Id<Ticket>, Id<Macro>),
) -> Result<FilledMacro, Refused> {
    act.require(Permission::WorkTickets)?;
    let listed = shown(tx, act, ticket)?;
    let of = find_macro(tx, act, id)?;
    if let Of::Client(client) = of.says.of
        && client != listed.ticket.client
    {
        return Err(Refused::Conflict("it is for tickets of another client".to_owned()));
    }
    let (text, missing) = text::filled(&of.says.text, |name| value(act, &listed, name));
    let writes = Sight::of(act)?.writes();
    let narrowest = writes.last().copied().unwrap_or(of.says.visibility);
    let visibility = if writes.contains(&of.says.visibility) { of.says.visibility } else { narrowest };
    Ok(FilledMacro { text, missing, visibility, of })
}

/// What a name stands for on a ticket.
fn value(act: &Act, Listed { ticket, named }: &Listed, name: &str) -> Option<String> {
    let zone = Zone::parse(&named.zone).unwrap_or_else(|_| Zone::utc());
    match name {
        "requester" => Some(named.requester.clone()),
        "first-name" => Some(text::first_name(&named.requester).to_owned()),
        "number" => Some(format!("#{}", ticket.number)),
        "subject" => Some(ticket.subject.clone()),
        "client" => Some(named.client.clone()),
        "team" => Some(format!("{} of {}", named.team, named.party)),
        "me" => Some(act.caller.name.clone()),
        "due" if ticket.due_at < NO_PROMISE => {
            Some(zone.local(ticket.due_at).strftime("%A, %-d %B, %H:%M").to_string())
        }
        "today" => Some(zone.local(act.at).strftime("%A, %-d %B %Y").to_string()),
        _ => None,
    }
}

/// A macro that somebody has chosen.
fn chosen(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Macro>) -> Result<Macro, Refused> {
    let gone = "the macro is not there any more: send it without, or choose another";
    match find_macro(tx, act, id) {
        Err(Refused::NotFound) => Err(Refused::Conflict(gone.to_owned())),
        found => found,
    }
}

/// Refuses what a macro does besides writing where that can be said already.
pub(super) fn may_carry_out(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, id): (&Ticket, Id<Macro>),
) -> Result<(), Refused> {
    match chosen(tx, act, id)?.says.status {
        Some(to) if to != ticket.status => change::may_set(tx, act, (ticket, to)),
        _ => Ok(()),
    }
}

/// Does what a macro does besides writing, on a ticket whose line was just written.
pub(super) fn carry_out(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, id): (Id<Ticket>, Id<Macro>),
) -> Result<Ticket, Refused> {
    let of = chosen(tx, act, id)?;
    if !of.says.tags.is_empty() {
        tag(tx, act, ticket, (&of.says.tags, &[]))?;
    }
    let there = store::get(tx, ticket)?;
    match of.says.status {
        Some(to) if to != there.status => change::set_status(tx, act, ticket, (there.status, to)),
        _ => Ok(there),
    }
}
