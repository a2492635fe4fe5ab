//! A list narrowed down: by kind, status, priority, service, client, tag and words, all together.
//!
//! One of them finds the tickets by an index: the words, else the tag, else the list itself. The others are looked at ticket by ticket, and
//! no more than so many for a page: a page of a rare combination may have few or none, and goes on from where it stopped. So no list takes
//! longer because there are more tickets.

use remit_core::{At, Id};
use remit_db::search::{Place, Query};
use remit_db::{Tx, sql};

use super::named::{Listed, named};
use super::store::{Behind, Fit, SOON, allowed, helped, in_order, keys};
use super::visibility::Sight;
use super::words::Wanted;
use super::{Kind, NO_PROMISE, Pile, Priority, Status, Ticket, View, sharing, tag, words};
use crate::act::Act;
use crate::clients::Client;
use crate::people::Team;
use crate::refused::{Field, Refused};

/// Tickets that are looked at for one page.
const LOOKED: usize = 1000;
/// Tickets that are looked at with one question.
const AT_ONCE: u16 = 200;
/// The longest text that is looked for, in bytes.
const LONGEST: usize = 200;

/// What a list is narrowed down to; all of it must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// One kind.
    pub kind: Option<Kind>,
    /// One status.
    pub status: Option<Status>,
    /// One priority.
    pub priority: Option<Priority>,
    /// A service and all below it; all where it is empty.
    pub service: String,
    /// One client.
    pub client: Option<Id<Client>>,
    /// A word on them; empty for any.
    pub tag: String,
    /// Words in them; empty for any.
    pub text: String,
}

/// From where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Behind a ticket.
    Behind(Behind),
    /// Before a line with the words.
    Before(Place),
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Those that fit.
    pub found: Vec<Listed>,
    /// From where to go on; none where all was looked at.
    pub next: Option<Next>,
}

impl Narrow {
    /// Whether nothing but the priority is asked for, which lists know by themselves.
    fn is_wide(&self) -> bool {
        *self == Self { priority: self.priority, ..Self::default() }
    }
}

/// What else a ticket must be.
struct Sieve<'n> {
    narrow: &'n Narrow,
    view: View,
    /// Whether the list that it is of still has to be looked at, and the word.
    of_view: bool,
    of_tag: bool,
    teams: Vec<Id<Team>>,
    /// Those that the caller helps with, where it matters.
    helped: Vec<Id<Ticket>>,
}

impl Sieve<'_> {
    fn holds(&self, act: &Act, ticket: &Ticket) -> bool {
        let (own, open) = (act.caller.membership, ticket.closed_at.is_none());
        let offered = ticket.custody.offer().is_some_and(|offer| self.teams.contains(&offer.to));
        match self.view {
            View::MyTeams => open && self.teams.contains(&ticket.team),
            View::Soon => open && self.teams.contains(&ticket.team) && ticket.due_at <= act.at + SOON,
            View::Mine => open && own.is_some() && (ticket.worker == own || self.helped.contains(&ticket.id)),
            View::Offered => offered,
            View::Team(team) => open && ticket.team == team,
            View::Open => open,
            View::Client(client) => ticket.client == client,
            View::Tagged(_) => true,
            View::Pile(pile) => pile.holds(ticket, (act.at, &self.helped)),
            View::Own => own == Some(ticket.requester),
            View::Shared => own != Some(ticket.requester),
        }
    }

    /// What statements ask of a ticket.
    fn fit(&self) -> Fit {
        let open = matches!(
            self.view,
            View::MyTeams | View::Soon | View::Mine | View::Team(_) | View::Open | View::Pile(_)
        );
        Fit::of(self.narrow, open)
    }

    fn keep(&self, tx: &mut Tx<'_, '_>, act: &Act, mut tickets: Vec<Ticket>) -> Result<Vec<Ticket>, Refused> {
        if self.of_view {
            tickets.retain(|ticket| self.holds(act, ticket));
        }
        if self.view == View::Shared {
            // Words find what the caller follows, too.
            let mut kept = Vec::new();
            for ticket in tickets {
                if sharing::reads(tx, act, &ticket)? {
                    kept.push(ticket);
                }
            }
            tickets = kept;
        }
        if self.of_tag && !tickets.is_empty() {
            let ids: Vec<Id<Ticket>> = tickets.iter().map(|ticket| ticket.id).collect();
            let wanted = tag::word(&self.narrow.tag).unwrap_or_default();
            let mut tags = tag::tags_of(tx, act, &ids)?.into_iter();
            tickets.retain(|_| tags.next().is_some_and(|tags| tags.contains(&wanted)));
        }
        Ok(tickets)
    }
}

/// Teams that the caller is in.
pub(crate) fn teams(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<Id<Team>>, Refused> {
    let list = sql!(
        "SELECT team_id FROM team_member WHERE provider_id = $1 AND {reach?: client_id} AND membership_id = $2 \
         ORDER BY team_id LIMIT 1000"
    );
    let found: Vec<(Id<Team>,)> = tx.rows(list, (act.caller.membership,))?;
    Ok(found.into_iter().map(|(team,)| team).collect())
}

/// What the caller helps with, for the list of what they work on; or whoever a pile is about.
fn helped_of(tx: &mut Tx<'_, '_>, act: &Act, view: View) -> Result<Vec<Id<Ticket>>, Refused> {
    match view {
        View::Mine => helped(tx, act.caller.membership),
        View::Pile(Pile::Helps(who)) => helped(tx, Some(who)),
        _ => Ok(Vec::new()),
    }
}

/// A page of a list, narrowed down.
pub fn narrowed(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (view, narrow): (View, &Narrow),
    (from, most): (Option<Next>, u16),
) -> Result<Narrowed, Refused> {
    allowed(act, view)?;
    if !narrow.tag.is_empty() && !Sight::of(act)?.reads_teams() {
        return Err(Refused::Invalid(vec![Field::new("tag", "the words on tickets are for both IT teams")]));
    }
    if !narrow.text.trim().is_empty() {
        return by_words(tx, act, (view, narrow), (from, usize::from(most)));
    }
    let of_tag = !narrow.tag.is_empty();
    let base = if of_tag { View::Tagged(tag::tag_named(tx, &narrow.tag)?) } else { view };
    let of_view = of_tag && !matches!(view, View::Tagged(_));
    let helped = helped_of(tx, act, view)?;
    let sieve = Sieve { narrow, view, of_view, of_tag: false, teams: teams(tx, act)?, helped };
    let most = usize::from(most);
    let fit = (of_tag || !narrow.is_wide()).then(|| sieve.fit());
    let at_once = if narrow.is_wide() { most as u16 + 1 } else { AT_ONCE };
    let mut behind = match from {
        Some(Next::Behind(behind)) => Some(behind),
        _ => None,
    };
    let key = |ticket: &Ticket| {
        let answers = matches!(base, View::Offered | View::Pile(Pile::Offered(_)));
        let due = if answers { ticket.answer_by.unwrap_or(NO_PROMISE) } else { ticket.due_at };
        (due, ticket.id)
    };
    let (mut kept, mut looked, mut next): (Vec<Ticket>, usize, Option<Behind>) = (Vec::new(), 0, None);
    while kept.len() <= most && looked < LOOKED {
        let keys = keys(tx, act, base, (narrow.priority, behind, at_once))?;
        (looked, behind) = (looked + keys.len(), keys.last().copied().or(behind));
        let whole = keys.len() < usize::from(at_once);
        let page = in_order(tx, &keys, fit.as_ref())?;
        kept.extend(sieve.keep(tx, act, page)?);
        next = behind.filter(|_| !whole);
        if whole {
            break;
        }
    }
    if kept.len() > most {
        kept.truncate(most);
        next = kept.last().map(key);
    }
    Ok(Narrowed { found: named(tx, kept)?, next: next.map(Next::Behind) })
}

/// The same where words find the tickets: the newest first.
fn by_words(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (view, narrow): (View, &Narrow),
    (from, most): (Option<Next>, usize),
) -> Result<Narrowed, Refused> {
    let wrong = |why: String| Refused::Invalid(vec![Field::new("text", why)]);
    if narrow.text.len() > LONGEST {
        return Err(wrong(format!("look for at most {LONGEST} letters")));
    }
    let query = Query::read(&narrow.text).map_err(|unclear| wrong(unclear.to_string()))?;
    let of_tag = !narrow.tag.is_empty();
    let helped = helped_of(tx, act, view)?;
    let sieve = Sieve { narrow, view, of_view: true, of_tag, teams: teams(tx, act)?, helped };
    let before = match from {
        Some(Next::Before(place)) => Some(place),
        _ => None,
    };
    let wanted: Wanted<'_> = (&sieve.fit(), &|ticket| sieve.holds(act, ticket));
    let (tickets, next) = words::tickets_with(tx, act, (&query, wanted), (before, most))?;
    let kept = sieve.keep(tx, act, tickets)?;
    Ok(Narrowed { found: named(tx, kept)?, next: next.map(Next::Before) })
}

impl Next {
    /// As the keys of an address.
    pub fn keys(self) -> (i64, String) {
        match self {
            Self::Behind((due, id)) => (due.millis(), id.to_string()),
            Self::Before(place) => (place.number, place.part.to_string()),
        }
    }

    /// The same read again.
    pub fn read((first, second): (i64, String), narrow: &Narrow) -> Option<Self> {
        if narrow.text.trim().is_empty() {
            Some(Self::Behind((At::from_millis(first), Id::parse(&second).ok()?)))
        } else {
            Some(Self::Before(Place { number: first, part: second.parse().ok()? }))
        }
    }
}
