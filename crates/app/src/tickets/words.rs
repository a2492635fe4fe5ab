//! Tickets by the words that stand in them. Each line is found by its own words, and only by who reads the line.

use remit_core::Id;
use remit_db::search::{Entry, Place, Query, words};
use remit_db::{Tx, shared_sql, sql};

use super::Ticket;
use super::event::{self, Happened, Line};
use super::named::{Listed, named};
use super::visibility::{Sight, Visibility};
use super::{sharing, store};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::{Membership, Permission};
use crate::refused::{Faults, Refused, folded};

/// Lines that are looked at with the first question; what is left with the second, for few of them are what is wanted.
const AT_FIRST: usize = 60;
/// Lines that are looked at for one page. Who sees few of those that have the words goes on from there.
const MOST: usize = 480;

/// A ticket in which something is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// It.
    pub listed: Listed,
    /// The lines with the words, the newest first.
    pub lines: Vec<Line>,
}

/// What a question finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The newest tickets first.
    pub tickets: Vec<Hit>,
    /// From where to go on; none when all was looked at.
    pub next: Option<Place>,
}

/// Lets a line be found, within the unit of work that adds it.
pub(super) fn add(tx: &mut Tx<'_, '_>, ticket: &Ticket, line: &Line) -> Result<(), Refused> {
    put(tx, (ticket.client, ticket.number, ticket.requester), &ticket.subject, line)
}

type Whose = (Id<Client>, i64, Id<Membership>);

fn put(
    tx: &mut Tx<'_, '_>,
    (client, number, requester): Whose,
    subject: &str,
    line: &Line,
) -> Result<(), Refused> {
    let mut texts = line.texts();
    if line.names() {
        texts.push(subject);
    }
    if !texts.iter().any(|text| words(text).next().is_some()) {
        return Ok(());
    }
    let labels: Vec<String> = match line.visibility {
        Visibility::Public => vec![requester_label(requester)],
        Visibility::Teams | Visibility::Party => Vec::new(),
    };
    let place = Place { number, part: line.seq };
    Ok(tx.index(&Entry { client: client.uuid(), place, texts: &texts, labels: &labels })?)
}

fn requester_label(id: Id<Membership>) -> String {
    id.uuid().simple().to_string()
}

impl Line {
    /// What somebody wrote in it and into fields, and what the files are called that came with it.
    pub fn texts(&self) -> Vec<&str> {
        let said = match &self.happened {
            Happened::Offered { said, .. } => said.as_slice(),
            _ => &[],
        };
        let answers = said.iter().map(|said| said.answer.as_str());
        let filled = match &self.happened {
            Happened::Filled { fields } => fields.as_slice(),
            _ => &[],
        };
        let filled = filled.iter().map(|field| field.to.as_str()).filter(|to| !to.is_empty());
        let question = match &self.happened {
            Happened::ApprovalAsked { question, .. } => Some(question.as_str()),
            _ => None,
        };
        let names = self.happened.files().iter().map(|file| file.name.as_str());
        Some(self.text.as_str())
            .filter(|text| !text.is_empty())
            .into_iter()
            .chain(question)
            .chain(answers)
            .chain(filled)
            .chain(names)
            .collect()
    }

    /// Whether it gives the ticket a subject.
    pub fn names(&self) -> bool {
        matches!(self.happened, Happened::Opened { .. } | Happened::Renamed { .. })
    }
}

/// Which tickets are wanted: what statements ask, and what is asked of those that fit.
pub(super) type Wanted<'w> = (&'w store::Fit, &'w dyn Fn(&Ticket) -> bool);

/// Before which place there is everything.
pub fn newest(tx: &mut Tx<'_, '_>) -> Result<Place, Refused> {
    let last = shared_sql!("SELECT last FROM ticket_count WHERE provider_id = $1");
    let last: Option<(i64,)> = tx.find(last, ())?;
    Ok(Place { number: last.map_or(0, |(last,)| last) + 1, part: 0 })
}

/// Tickets with lines that have the words and that the caller may read, from before a place on.
pub fn by_words(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    query: &Query,
    (before, most): (Option<Place>, usize),
) -> Result<Hits, Refused> {
    let query = seen_by(tx, act, query)?;
    let before = before.map_or_else(|| newest(tx), Ok)?;
    let wanted: Wanted<'_> = (&store::Fit::any(), &|_| true);
    let (found, next) = found(tx, act, (&query, wanted), (before, most))?;
    let (tickets, lines): (Vec<Ticket>, Vec<Vec<Line>>) = found.into_iter().unzip();
    let listed = named(tx, tickets)?;
    let tickets = listed.into_iter().zip(lines).map(|(listed, lines)| Hit { listed, lines }).collect();
    Ok(Hits { tickets, next })
}

/// The tickets alone, those of them that are kept.
pub(super) fn tickets_with(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (query, wanted): (&Query, Wanted<'_>),
    (before, most): (Option<Place>, usize),
) -> Result<(Vec<Ticket>, Option<Place>), Refused> {
    let query = seen_by(tx, act, query)?;
    let before = before.map_or_else(|| newest(tx), Ok)?;
    let (found, next) = found(tx, act, (&query, wanted), (before, most))?;
    Ok((found.into_iter().map(|(ticket, _)| ticket).collect(), next))
}

/// Whoever sees their own tickets alone looks in those alone; where colleagues share theirs, each that is found is looked at.
fn seen_by(tx: &mut Tx<'_, '_>, act: &Act, query: &Query) -> Result<Query, Refused> {
    Ok(match Sight::of(act)? {
        Sight::Own(own) if !sharing::reads_shared(tx, act)? => query.clone().labelled(requester_label(own)),
        _ => query.clone(),
    })
}

type Found = (Vec<(Ticket, Vec<Line>)>, Option<Place>);

/// The tickets themselves, and from where to go on. What a ticket is by itself is looked at before its lines are read.
fn found(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (query, (fit, keeps)): (&Query, Wanted<'_>),
    (mut before, most): (Place, usize),
) -> Result<Found, Refused> {
    let (mut found, mut looked): (Vec<(Ticket, Vec<Line>)>, usize) = (Vec::new(), 0);
    while looked < MOST {
        let most_now = if looked == 0 { AT_FIRST } else { MOST - looked };
        let places = tx.search(query, before, most_now)?;
        looked += places.len();
        let last = places.len() < most_now;
        let mut numbers: Vec<i64> = places.iter().map(|place| place.number).collect();
        numbers.dedup();
        let tickets = store::numbered(tx, act, (&numbers, fit))?;
        for place in places {
            let ticket = tickets.get(&place.number).filter(|ticket| keeps(ticket));
            let line = ticket.map(|ticket| line_at(tx, act, ticket, place.part)).transpose()?.flatten();
            if let Some((ticket, line)) = ticket.zip(line) {
                let full = found.len() == most;
                match found.last_mut().filter(|(last, _)| last.id == ticket.id) {
                    Some((_, lines)) => lines.push(line),
                    None if full => return Ok((found, Some(before))),
                    None => found.push((ticket.clone(), vec![line])),
                }
            }
            before = place;
        }
        if last {
            return Ok((found, None));
        }
    }
    Ok((found, Some(before)))
}

/// A line of a ticket, if the caller reads it.
pub(super) fn line_at(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
    seq: i64,
) -> Result<Option<Line>, Refused> {
    Ok(event::lines(tx, act, ticket, (seq - 1, 1))?.pop().filter(|line| line.seq == seq))
}

/// Notes what a ticket was called where it came from.
pub fn known_as(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, name: &str) -> Result<(), Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let mut faults = Faults::default();
    let name = faults.name("known-as", name).unwrap_or_default();
    faults.end()?;
    let add = sql!(
        "INSERT INTO ticket_known_as (provider_id, known_as, ticket_id, client_id) VALUES ($1, $2, $3, {client: $4}) \
         ON CONFLICT DO NOTHING"
    );
    if tx.exec(add, (folded(&name), id, ticket.client))? == 0 {
        return Ok(());
    }
    let detail = format!("#{} as {name}", ticket.number);
    let subject = id.to_string();
    audit::note(
        tx,
        act,
        Event { action: "ticket.known-as", subject, client: Some(ticket.client), detail: &detail },
    )
}

/// Tickets that are meant by a number alone, or that were called so elsewhere.
pub fn by_number(tx: &mut Tx<'_, '_>, act: &Act, typed: &str) -> Result<Vec<Listed>, Refused> {
    let (typed, mut found) = (typed.trim(), Vec::new());
    if typed.chars().any(char::is_control) {
        // No number has any.
        return Ok(found);
    }
    let number = typed.strip_prefix('#').unwrap_or(typed).parse::<i64>().ok();
    if let Some(number) = number {
        match store::find_number(tx, act, number) {
            Ok(ticket) => found.push(store::shown(tx, act, ticket.id)?),
            Err(Refused::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let list = sql!(
        "SELECT ticket_id FROM ticket_known_as WHERE provider_id = $1 AND {reach: client_id} AND known_as = $2 \
         ORDER BY ticket_id DESC LIMIT 10"
    );
    let known: Vec<(Id<Ticket>,)> = tx.rows(list, (folded(typed),))?;
    for (id,) in known {
        match store::shown(tx, act, id) {
            Ok(listed) if found.contains(&listed) => {}
            Ok(listed) => found.push(listed),
            Err(Refused::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// What is wrong with the index of some tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong {
    /// Lines that were looked at.
    pub seen: u64,
    /// Lines that are not found by their words.
    pub missing: u64,
    /// Entries of lines that are not there.
    pub surplus: u64,
}

type Indexed = (Id<Ticket>, Id<Client>, Id<Membership>, String);

/// Compares the index with the lines of the tickets with numbers from `first` to `last`, within reach of a caller who reaches everything;
/// with `mend`, lines that are missing in it are put in.
pub(crate) fn compare(tx: &mut Tx<'_, '_>, (first, last): (i64, i64), mend: bool) -> Result<Wrong, Refused> {
    let mut there = tx.indexed(first, last)?.into_iter().collect::<std::collections::BTreeSet<_>>();
    let mut wrong = Wrong::default();
    for number in first..=last {
        let get = sql!(
            "SELECT id, client_id, requester_id, subject FROM ticket WHERE provider_id = $1 AND {reach: client_id} AND number = $2"
        );
        let found: Option<Indexed> = tx.find(get, (number,))?;
        let Some((id, client, requester, mut subject)) = found else { continue };
        let told = sql!(
            "SELECT seq, at, actor_id, actor, party_id, visibility, text, facts FROM ticket_event \
             WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 ORDER BY seq DESC LIMIT 100000"
        );
        let lines: Vec<Line> = tx.rows(told, (id,))?;
        for line in lines {
            let found = there.remove(&Place { number, part: line.seq });
            let named = line.names() && words(&subject).next().is_some();
            let says = named || line.texts().iter().any(|text| words(text).next().is_some());
            wrong.seen += u64::from(says);
            if says && !found {
                wrong.missing += 1;
                if mend {
                    put(tx, (client, number, requester), &subject, &line)?;
                }
            }
            if let Happened::Renamed { from } = line.happened {
                subject = from;
            }
        }
    }
    wrong.surplus = there.len() as u64;
    Ok(wrong)
}
