//! Offering, accepting, declining, taking back: the only way in which a ticket moves. The rule is [`remit_custody::apply`]; this carries it out.

use remit_core::{At, Id, Millis};
use remit_custody::{Act as Deed, Event, OfferNumber, Reason, Step, Way, apply};
use remit_db::{Tx, sql};

use super::event::{Happened, Said, Why};
use super::kind::{Priority, Status};
use super::route::{Matter, Routed, route};
use super::ticket::{Change, Hand, hand};
use super::visibility::Visibility;
use super::{Ticket, open, store};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::{PartyKind, Permission, Team};
use crate::refused::{Faults, Field, Refused};

/// How long nothing may happen to an open ticket before somebody is to look at it.
const ATTENTION: Millis = Millis::from_hours(7 * 24);
/// The longest answer in a hand-off form, in bytes.
const LONGEST_ANSWER: usize = 8 * 1024;

/// What the next holder needs to know. All of it is asked for; whoever has nothing to say says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warm {
    /// What was tried, and what came of it.
    pub tried: String,
    /// How to get in: to what, with whose help, when.
    pub access: String,
    /// Who cannot work meanwhile.
    pub impact: String,
    /// What is to be done next.
    pub next: String,
}

impl Warm {
    /// Its questions, as fields and as people read them.
    pub const QUESTIONS: [(&'static str, &'static str); 4] = [
        ("tried", "What was tried, and what came of it"),
        ("access", "How to get in"),
        ("impact", "Who cannot work meanwhile"),
        ("next", "What is to be done next"),
    ];

    fn said(&self) -> Result<Vec<Said>, Refused> {
        let mut faults = Faults::default();
        let answers = [&self.tried, &self.access, &self.impact, &self.next];
        let said = Self::QUESTIONS.iter().zip(answers).filter_map(|((name, question), text)| {
            let answer = match open::prose(text.trim()) {
                Ok(text) if text.is_empty() => {
                    Err("write what you know; `nothing yet` is an answer".to_owned())
                }
                Ok(text) if text.len() > LONGEST_ANSWER => Err("write at most 8 kB".to_owned()),
                other => other,
            };
            let answer = faults.take(name, answer)?;
            Some(Said { question: (*question).to_owned(), answer })
        });
        let said = said.collect();
        faults.end()?;
        Ok(said)
    }
}

/// How long somebody has to answer an offer.
pub(super) fn answer_within(priority: Priority) -> Millis {
    Millis::from_minutes(match priority {
        Priority::P1 => 15,
        Priority::P2 => 30,
        Priority::P3 => 2 * 60,
        Priority::P4 => 4 * 60,
    })
}

/// Sets when a ticket is looked at next without anybody asking. Every ticket that is not closed is.
pub(super) fn arm(ticket: &mut Ticket, now: At) {
    if ticket.custody.offer().is_none() {
        ticket.answer_by = None;
    }
    ticket.timer_at = if ticket.status == Status::Closed {
        None
    } else if ticket.custody.offer().is_some() {
        ticket.answer_by
    } else if ticket.custody.step() > Step::Owner {
        Some(now)
    } else {
        let attention = now + ATTENTION;
        Some(ticket.owner_until.map_or(attention, |until| until.min(attention)))
    };
}

/// Hands a ticket on: it is offered, and stays where it is until it is accepted.
pub fn offer(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    to: Id<Team>,
    warm: &Warm,
) -> Result<Ticket, Refused> {
    let ticket = held(tx, act, id)?;
    let said = warm.said()?;
    let target =
        hand(tx, to).map_err(|_| Refused::Invalid(vec![Field::new("to", "choose a team of the list")]))?;
    if !targets(tx, &ticket)?.iter().any(|hand| hand.team == to) {
        return Err(Refused::Invalid(vec![Field::new("to", "choose a team of the list")]));
    }
    let (epoch, seen, by) = (ticket.custody.epoch(), ticket.custody.last_offer(), ticket.team);
    let mut change = Change::of(ticket);
    applied(&mut change.ticket, Deed::Offer { epoch, seen, by, to })?;
    offered(&mut change, act, target, Why::HandOff, said);
    change.keep(tx, act)
}

/// Offers a ticket back to whoever handed it over.
pub fn hand_back(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, warm: &Warm) -> Result<Ticket, Refused> {
    let ticket = held(tx, act, id)?;
    let said = warm.said()?;
    let (epoch, seen, by) = (ticket.custody.epoch(), ticket.custody.last_offer(), ticket.team);
    let mut change = Change::of(ticket);
    applied(&mut change.ticket, Deed::HandBack { epoch, seen, by })?;
    let to = change.ticket.custody.offer().map(|offer| offer.to).ok_or(Refused::NotFound)?;
    let target = hand(tx, to)?;
    offered(&mut change, act, target, Why::HandBack, said);
    change.keep(tx, act)
}

/// Takes an offer back that nobody has answered.
pub fn recall(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, number: u32) -> Result<Ticket, Refused> {
    let ticket = held(tx, act, id)?;
    let to = ticket.custody.offer().map(|offer| offer.to);
    let (epoch, by) = (ticket.custody.epoch(), ticket.team);
    let mut change = Change::of(ticket);
    applied(&mut change.ticket, Deed::Withdraw { epoch, offer: OfferNumber(number), by })?;
    let to = hand(tx, to.ok_or(Refused::NotFound)?)?;
    change.happened(act, Happened::Recalled { number, to });
    arm(&mut change.ticket, act.at);
    change.keep(tx, act)
}

/// Takes a ticket that is offered to a team of the caller's party: from now on that team holds it, and the caller works on it.
pub fn accept(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, number: u32) -> Result<Ticket, Refused> {
    let (ticket, to) = asked(tx, act, id)?;
    let from = hand(tx, ticket.team)?;
    let back = ticket.custody.offer().is_some_and(|offer| offer.way(&ticket.custody) == Way::Back);
    let epoch = ticket.custody.epoch();
    let mut change = Change::of(ticket);
    applied(&mut change.ticket, Deed::Accept { epoch, offer: OfferNumber(number), by: to.team })?;
    let ticket = &mut change.ticket;
    (ticket.party, ticket.team) = (to.party, to.team);
    ticket.worker = act.caller.membership;
    change.happened(act, Happened::Accepted { number, from, to, back });
    arm(&mut change.ticket, act.at);
    change.keep(tx, act)
}

/// An offer that is not taken, with those who are asked next.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    id: Id<Ticket>,
    number: u32,
    why: String,
    routed: Routed,
}

/// Does not take a ticket, and says why. Whoever the matrix names next is asked at once.
pub async fn decline(
    app: &App,
    caller: &Caller,
    offer: (Id<Ticket>, u32),
    why: &str,
) -> Result<Ticket, Refused> {
    let refusal = prepare_refusal(app, caller, offer, why).await?;
    app.write(caller, move |tx, act| decline_prepared(tx, act, &refusal)).await
}

/// Sees who would be asked next, before the unit of work that declines.
pub(crate) async fn prepare_refusal(
    app: &App,
    caller: &Caller,
    (id, number): (Id<Ticket>, u32),
    why: &str,
) -> Result<Refusal, Refused> {
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| asked(tx, act, id).map(|(ticket, _)| Matter::of(&ticket));
    let matter = app.read(caller, read).await?;
    let mut faults = Faults::default();
    let said = open::prose(why).and_then(|why| {
        if why.trim().is_empty() {
            Err("say why: whoever is asked next reads it".to_owned())
        } else {
            Ok(why)
        }
    });
    let why = faults.take("why", said).unwrap_or_default();
    faults.end()?;
    let routed = route(app, caller, matter).await?;
    Ok(Refusal { id, number, why, routed })
}

/// Declines it.
pub(crate) fn decline_prepared(tx: &mut Tx<'_, '_>, act: &Act, refusal: &Refusal) -> Result<Ticket, Refused> {
    let (ticket, by) = asked(tx, act, refusal.id)?;
    let (epoch, number) = (ticket.custody.epoch(), refusal.number);
    let mut change = Change::of(ticket);
    applied(&mut change.ticket, Deed::Decline { epoch, offer: OfferNumber(number), by: by.team })?;
    change.wrote(act, Visibility::Teams, Happened::Declined { number, by: by.clone() }, &refusal.why);
    escalated(tx, act, &mut change, &refusal.routed, by.team)?;
    change.keep(tx, act)
}

/// Lets an offer run out that nobody has answered in time, or asks again whom the matrix names; called by the sweep.
pub(super) fn moved_on(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    routed: &Routed,
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    let mut last = change.ticket.team;
    if let Some(offer) = change.ticket.custody.offer().cloned() {
        if change.ticket.answer_by.is_none_or(|by| by > act.at) {
            return Ok(change.ticket);
        }
        let epoch = change.ticket.custody.epoch();
        applied(&mut change.ticket, Deed::Expire { epoch, offer: offer.number })?;
        let to = hand(tx, offer.to)?;
        change.happened(act, Happened::Expired { number: offer.number.0, to });
        last = offer.to;
    }
    if change.ticket.custody.step() > Step::Owner {
        escalated(tx, act, &mut change, routed, last)?;
    } else {
        rerouted(tx, act, &mut change, routed)?;
    }
    arm(&mut change.ticket, act.at);
    change.keep(tx, act)
}

/// Offers a ticket to the owner that the matrix names now, where that is another than before; it is never just taken away.
pub(super) fn rerouted(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    routed: &Routed,
) -> Result<(), Refused> {
    let owner = routed.owner(tx, act)?;
    let (version, number) = routed.version();
    let ticket = &mut change.ticket;
    ticket.owner_until = routed.until();
    let row = routed.row();
    let changed = ticket.owner != owner;
    ticket.version = version;
    ticket.row = row.as_ref().map(|row| row.row.clone()).unwrap_or_default();
    ticket.owner = owner;
    if !changed {
        // The version of the rule goes on with the one in force, so that an older one never comes back.
        return Ok(());
    }
    let named = hand(tx, owner.1)?;
    change.happened(act, Happened::Routed { owner: named.clone(), row });
    let ticket = &mut change.ticket;
    let version = remit_custody::Version(number.max(ticket.custody.version().0 + 1));
    let before = ticket.custody.offer().map(|offer| offer.number);
    applied(ticket, Deed::Publish { version, owner: owner.1 })?;
    if let Some(offer) = ticket.custody.offer().filter(|offer| Some(offer.number) != before) {
        debug_assert!(matches!(offer.reason, Reason::Matrix));
        offered(change, act, named, Why::Matrix, Vec::new());
    }
    Ok(())
}

/// Asks whoever is named next. `last` was asked before.
fn escalated(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    routed: &Routed,
    last: Id<Team>,
) -> Result<(), Refused> {
    let owner = routed.owner(tx, act)?.1;
    let next = routed.next(tx, act)?;
    let ticket = &mut change.ticket;
    let (epoch, seen, holder) = (ticket.custody.epoch(), ticket.custody.last_offer(), ticket.team);
    let free = |team: &&Id<Team>| **team != holder && **team != last;
    let resort = next.last().copied().unwrap_or(owner);
    let to = match ticket.custody.step() {
        Step::DutyManager => Some(resort),
        Step::Owner | Step::Fallback => [owner].iter().chain(&next).find(free).copied(),
    };
    // Where nobody else is left, it stays with its holder, who is to see that.
    let Some(to) = to.filter(|to| *to != holder) else {
        let to = hand(tx, holder)?;
        change.happened(act, Happened::LastResort { to });
        arm(&mut change.ticket, act.at);
        change.ticket.timer_at = Some(act.at + answer_within(change.ticket.priority));
        return Ok(());
    };
    applied(ticket, Deed::Escalate { epoch, seen, to })?;
    let target = hand(tx, to)?;
    if to == resort {
        change.happened(act, Happened::LastResort { to: target.clone() });
    }
    offered(change, act, target, Why::Escalation, Vec::new());
    Ok(())
}

/// Notes an offer that the rule has let through, and sets its deadline.
fn offered(change: &mut Change, act: &Act, to: Hand, why: Why, said: Vec<Said>) {
    let answer_by = act.at + answer_within(change.ticket.priority);
    let number = change.ticket.custody.last_offer().0;
    change.ticket.answer_by = Some(answer_by);
    change.happened(act, Happened::Offered { number, to, why, answer_by, said });
    arm(&mut change.ticket, act.at);
}

fn applied(ticket: &mut Ticket, act: Deed<Id<Team>>) -> Result<(), Refused> {
    let event = Event { item: ticket.custody.item(), act };
    ticket.custody = apply(&ticket.custody, &event).map_err(|refused| match refused {
        remit_custody::Refused::Stale { .. } | remit_custody::Refused::OfferSince => Refused::Stale,
        other => Refused::Conflict(other.to_string()),
    })?;
    Ok(())
}

/// A ticket that a team of the caller's party holds and that is not closed.
pub(super) fn held(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    if act.caller.party.is_some_and(|party| party != ticket.party) {
        return Err(not_yours(tx, &ticket)?);
    }
    if ticket.status == Status::Closed {
        return Err(Refused::Conflict("it is closed; open it again first".to_owned()));
    }
    Ok(ticket)
}

fn not_yours(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Refused, Refused> {
    let holder = hand(tx, ticket.team)?;
    Ok(Refused::Conflict(format!(
        "{} of {} holds it: you can write into it, and ask for it there",
        holder.team_name, holder.party_name
    )))
}

/// A ticket that is offered to a team of the caller's party, and that team.
pub(super) fn asked(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<(Ticket, Hand), Refused> {
    let ticket = store::find(tx, act, id)?;
    act.require(Permission::WorkTickets)?;
    let gone = || {
        Refused::Conflict(
            "it is not on offer any more: somebody has answered, or it was taken back".to_owned(),
        )
    };
    let offer = ticket.custody.offer().ok_or_else(gone)?;
    let to = hand(tx, offer.to)?;
    if act.caller.party.is_some_and(|party| party != to.party) {
        return Err(Refused::Conflict(format!("{} of {} is asked, not you", to.team_name, to.party_name)));
    }
    Ok((ticket, to))
}

/// The teams that a ticket can be offered to: those of the provider, of the client's internal IT, and of vendors, without the holder.
pub fn targets(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Vec<Hand>, Refused> {
    let list = sql!(
        "SELECT p.id, p.name, p.kind, t.id, t.name FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND (t.client_id IS NULL OR t.client_id = $2) AND t.id <> $3 \
         ORDER BY CASE p.kind WHEN 'internal' THEN 0 WHEN 'provider' THEN 1 ELSE 2 END, p.name, t.name, t.id LIMIT 200"
    );
    let rows: Vec<(Id<crate::people::Party>, String, String, Id<Team>, String)> =
        tx.rows(list, (ticket.client, ticket.team))?;
    let hands = rows.into_iter().filter_map(|(party, party_name, kind, team, team_name)| {
        let kind = PartyKind::from_key(&kind)?;
        Some(Hand { party, party_name, kind, team, team_name })
    });
    Ok(hands.collect())
}
