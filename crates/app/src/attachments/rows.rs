//! Which line has which attachment. Whoever reads the line reads it: it has no visibility of its own.

use remit_core::Id;
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, sql};

use super::{Attached, Attachment, MOST, OF_A_TICKET, Received};
use crate::act::Act;
use crate::people::{Permission, Role};
use crate::refused::{Field, Refused};
use crate::tickets::{self, Ticket, read_by};

/// Attachments of a ticket.
const LISTED: u16 = 1000;

impl FromRow for Attachment {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let about = Attached { id: row.get(0)?, name: row.get(1)?, size: row.get(2)?, media: row.get(3)? };
        Ok(Self {
            about,
            seq: row.get(4)?,
            by: row.get(5)?,
            at: row.get(6)?,
            hash: row.get(7)?,
            said: row.get(8)?,
        })
    }
}

/// What a line says of the files that come with it, under new ids.
pub(crate) fn named(act: &Act, files: &[Received]) -> Vec<Attached> {
    let named = |file: &Received| Attached {
        id: act.id(),
        name: file.name.clone(),
        size: file.size,
        media: file.media.clone(),
    };
    files.iter().map(named).collect()
}

/// Refuses more than a ticket has room for, before its line is kept.
pub(crate) fn room(tx: &mut Tx<'_, '_>, ticket: Id<Ticket>, files: &[Received]) -> Result<(), Refused> {
    few(files)?;
    let sum = sql!(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT), COUNT(*) FROM attachment \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND removed_at IS NULL"
    );
    let (there, count): (i64, i64) = tx.find(sum, (ticket,))?.unwrap_or_default();
    if count + files.len() as i64 > i64::from(LISTED) {
        return Err(wrong(format!("a ticket has at most {LISTED} attachments")));
    }
    let all = there + files.iter().map(|file| file.size).sum::<i64>();
    if all > OF_A_TICKET {
        let mb = |bytes: i64| bytes / (1024 * 1024);
        return Err(wrong(format!(
            "the attachments of a ticket have at most {} MB together; with these it would be {}",
            mb(OF_A_TICKET),
            mb(all)
        )));
    }
    Ok(())
}

/// Refuses more than a line may have.
pub(crate) fn few(files: &[Received]) -> Result<(), Refused> {
    if files.len() > MOST {
        return Err(wrong(format!("a line has at most {MOST} attachments; these are {}", files.len())));
    }
    Ok(())
}

fn wrong(why: String) -> Refused {
    Refused::Invalid(vec![Field::new("files", why)])
}

/// Adds those of a line, which is there already.
pub(crate) fn add(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, seq): (&Ticket, i64),
    (named, files): (&[Attached], &[Received]),
) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO attachment (provider_id, id, client_id, ticket_id, seq, name, size, media, said, hash, by_id, at) \
         VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    for (about, file) in named.iter().zip(files) {
        let own: Vec<Value> = vec![
            about.id.into_value(),
            ticket.client.into_value(),
            ticket.id.into_value(),
            seq.into_value(),
            (&about.name).into_value(),
            about.size.into_value(),
            (&about.media).into_value(),
            (&file.said).into_value(),
            (&file.hash).into_value(),
            act.caller.membership.into_value(),
            act.at.into_value(),
        ];
        tx.exec(add, own)?;
    }
    Ok(())
}

/// Those of a ticket that the caller may read and that were not taken away, oldest first.
pub(crate) fn of(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Vec<Attachment>, Refused> {
    let list = sql!(
        "SELECT a.id, a.name, a.size, a.media, a.seq, a.by_id, a.at, a.hash, a.said FROM attachment a \
         JOIN ticket_event e ON e.provider_id = a.provider_id AND e.ticket_id = a.ticket_id AND e.seq = a.seq \
         WHERE a.provider_id = $1 AND {reach: a.client_id} AND a.ticket_id = $2 AND a.removed_at IS NULL \
         AND (e.visibility = 'public' OR e.visibility = $3 OR e.told_id = $4 OR (e.visibility = 'party' AND e.party_id = $4)) \
         ORDER BY a.seq, a.id LIMIT $5"
    );
    let (teams, party) = read_by(act)?;
    Ok(tx.rows(list, (ticket.id, teams, party, LISTED))?)
}

/// Those of some lines, as files for another line: the bytes stay where they are.
pub(crate) fn of_lines(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, lines): (&Ticket, &[i64]),
) -> Result<Vec<Received>, Refused> {
    let all = of(tx, act, ticket)?.into_iter().filter(|one| lines.contains(&one.seq));
    let file = |one: Attachment| Received {
        name: one.about.name,
        size: one.about.size,
        media: one.about.media,
        said: one.said,
        hash: one.hash,
    };
    Ok(all.map(file).collect())
}

/// One of a ticket, if the caller may read it and it was not taken away.
pub(crate) fn find(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
    id: Id<Attachment>,
) -> Result<Attachment, Refused> {
    let find = sql!(
        "SELECT a.id, a.name, a.size, a.media, a.seq, a.by_id, a.at, a.hash, a.said FROM attachment a \
         JOIN ticket_event e ON e.provider_id = a.provider_id AND e.ticket_id = a.ticket_id AND e.seq = a.seq \
         WHERE a.provider_id = $1 AND {reach: a.client_id} AND a.ticket_id = $2 AND a.id = $3 AND a.removed_at IS NULL \
         AND (e.visibility = 'public' OR e.visibility = $4 OR e.told_id = $5 OR (e.visibility = 'party' AND e.party_id = $5))"
    );
    let (teams, party) = read_by(act)?;
    tx.find(find, (ticket.id, id, teams, party))?.ok_or(Refused::NotFound)
}

/// Whether somebody may take one away: whoever sent it, and who leads at the party that holds the ticket.
pub(crate) fn may_detach(act: &Act, ticket: &Ticket, one: &Attachment) -> bool {
    let caller = &act.caller;
    let leads = matches!(caller.role, Role::Owner | Role::ServiceManager | Role::ClientIt)
        && caller.may(Permission::WorkTickets)
        && caller.party.is_none_or(|party| party == ticket.party);
    let own =
        caller.membership.is_some() && one.by == caller.membership && caller.may(Permission::AskForHelp);
    leads || own
}

/// Takes one away. A line says so, to whoever read the line that it came with; its bytes are collected.
pub(crate) fn detach(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Id<Ticket>,
    id: Id<Attachment>,
) -> Result<Ticket, Refused> {
    let ticket = tickets::find(tx, act, ticket)?;
    let one = find(tx, act, &ticket, id)?;
    if !may_detach(act, &ticket, &one) {
        let why = "only whoever sent it takes it away, or who leads at the party that holds the ticket";
        return Err(Refused::Conflict(why.to_owned()));
    }
    let line = tickets::lines(tx, act, &ticket, (one.seq - 1, 1))?.pop();
    let line = line.filter(|line| line.seq == one.seq).ok_or(Refused::NotFound)?;
    let remove = sql!(
        "UPDATE attachment SET removed_at = $3 WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND removed_at IS NULL"
    );
    if tx.exec(remove, (id, act.at))? == 0 {
        return Err(Refused::Stale);
    }
    tickets::detached(tx, act, ticket, (line, one))
}
