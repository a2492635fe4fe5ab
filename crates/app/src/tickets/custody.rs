//! Offering, accepting, declining, taking back: the only way in which a ticket moves. The rule is [`remit_custody::apply`]; this carries it out.

use remit_core::{At, Id, Millis};
use remit_custody::{Act as Deed, Custody, Effect, Event, Finding, Timer, Turn, Way, apply, effects, timer};
use remit_db::{Tx, sql};

use super::event::{Happened, Said, Why};
use super::kind::{Priority, Status};
use super::route::Routed;
use super::ticket::{Change, Hand, hand};
use super::visibility::Visibility;
use super::{Ticket, clocks, hand_off, open, store};
use crate::act::Act;
use crate::people::{Party, PartyKind, Permission, Team};
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
    /// What else is asked for the service, and what there is to say to it.
    pub answers: Vec<Said>,
}

impl Warm {
    /// Its questions, as fields and as people read them.
    pub const QUESTIONS: [(&'static str, &'static str); 4] = [
        ("tried", "What was tried, and what came of it"),
        ("access", "How to get in"),
        ("impact", "Who cannot work meanwhile"),
        ("next", "What is to be done next"),
    ];

    pub(super) fn said(&self) -> Result<Vec<Said>, Refused> {
        let mut faults = Faults::default();
        let answers = [&self.tried, &self.access, &self.impact, &self.next];
        let said = Self::QUESTIONS.iter().zip(answers).filter_map(|((name, question), text)| {
            let answer = faults.take(*name, Self::needed(text))?;
            Some(Said { question: (*question).to_owned(), answer })
        });
        let said = said.collect();
        faults.end()?;
        Ok(said)
    }

    /// An answer as it is kept; may be empty.
    pub(super) fn answer(text: &str) -> Result<String, String> {
        match open::prose(text.trim()) {
            Ok(text) if text.len() > LONGEST_ANSWER => Err("write at most 8 kB".to_owned()),
            other => other,
        }
    }

    /// The same to what has to be answered.
    pub(super) fn needed(text: &str) -> Result<String, String> {
        let answer = Self::answer(text)?;
        if answer.is_empty() {
            return Err("write what you know; `nothing yet` is an answer".to_owned());
        }
        Ok(answer)
    }
}

/// How long somebody has to answer an offer where no rule promises it: an offer is never without an end.
pub(crate) const fn answer_within(priority: Priority) -> Millis {
    Millis::from_minutes(match priority {
        Priority::P1 => 15,
        Priority::P2 => 30,
        Priority::P3 => 2 * 60,
        Priority::P4 => 4 * 60,
    })
}

/// Sets when a ticket is looked at next without anybody asking. Every ticket that is not closed is.
pub(super) fn arm(ticket: &mut Ticket, now: At) {
    let timer = timer(&ticket.custody);
    if !matches!(timer, Some(Timer::Answer { .. })) {
        ticket.answer_by = None;
    }
    ticket.timer_at = match timer {
        None => None,
        Some(Timer::Answer { .. }) => ticket.answer_by,
        Some(Timer::Escalate { .. }) => Some(now),
        Some(Timer::Attention { .. }) => {
            let attention = now + ATTENTION;
            Some(ticket.owner_until.map_or(attention, |until| until.min(attention)))
        }
    };
}

/// Takes one step of the rule and notes what follows from it: offers with what was said for them, and what has to be looked at.
pub(super) fn step(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    (deed, said): (Deed<Id<Team>>, Vec<Said>),
) -> Result<(), Refused> {
    let before = change.ticket.custody.clone();
    let event = Event { item: before.item(), act: deed };
    change.ticket.custody = apply(&before, &event).map_err(|refused| match refused {
        remit_custody::Refused::Stale { .. } | remit_custody::Refused::TurnSince => Refused::Stale,
        other => Refused::Conflict(other.to_string()),
    })?;
    noted(tx, act, change, (Some(&before), said))
}

/// Notes what follows from a custody having come out of another.
pub(super) fn noted(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    (before, said): (Option<&Custody<Id<Team>>>, Vec<Said>),
) -> Result<(), Refused> {
    let after = change.ticket.custody.clone();
    let had = before.and_then(Custody::offer).map(|offer| offer.turn);
    if let Some(offer) = after.offer().filter(|offer| Some(offer.turn) != had) {
        let (number, to, why) = (offer.turn.0, hand(tx, offer.to)?, Why::of(offer.reason));
        let promised = clocks::answer_by(tx, act, change, &to)?;
        let answer_by = promised.unwrap_or(act.at + answer_within(change.ticket.priority));
        change.ticket.answer_by = Some(answer_by);
        change.happened(act, Happened::Offered { number, to, why, answer_by, said });
    }
    for effect in effects(before, &after) {
        match effect {
            Effect::Find(Finding::LastResort) => {
                let to = hand(tx, after.named().duty_manager)?;
                change.happened(act, Happened::LastResort { to });
            }
            Effect::Find(Finding::Bouncing) => {
                let between = after.is_bouncing().unwrap_or_default().iter();
                let between = between.map(|team| hand(tx, *team)).collect::<Result<_, _>>()?;
                change.happened(act, Happened::Bouncing { between });
            }
            // Who is told reads it in their lists; the timer is set when all steps are taken.
            Effect::Tell { .. } | Effect::Arm(_) => {}
        }
    }
    Ok(())
}

/// Asks whoever is due to be asked next, and sets the timer: the end of every change.
pub(super) fn settled(tx: &mut Tx<'_, '_>, act: &Act, change: &mut Change) -> Result<(), Refused> {
    while let Some(Timer::Escalate { epoch, seen }) = timer(&change.ticket.custody) {
        step(tx, act, change, (Deed::Escalate { epoch, seen }, Vec::new()))?;
    }
    arm(&mut change.ticket, act.at);
    Ok(())
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
    let said = hand_off::said(tx, &ticket, warm)?;
    if !targets(tx, &ticket)?.iter().any(|hand| hand.team == to) {
        return Err(Refused::Invalid(vec![Field::new("to", "choose a team of the list")]));
    }
    offered(tx, act, ticket, (to, said))
}

/// Offers it, once it is known that the caller may.
pub(super) fn offered(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (to, said): (Id<Team>, Vec<Said>),
) -> Result<Ticket, Refused> {
    let (epoch, seen, by) = (ticket.custody.epoch(), ticket.custody.turn(), ticket.team);
    let mut change = Change::of(ticket);
    step(tx, act, &mut change, (Deed::Offer { epoch, seen, by, to }, said))?;
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Offers a ticket back to whoever handed it over.
pub fn hand_back(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, warm: &Warm) -> Result<Ticket, Refused> {
    let ticket = held(tx, act, id)?;
    let said = hand_off::said(tx, &ticket, warm)?;
    let (epoch, seen, by) = (ticket.custody.epoch(), ticket.custody.turn(), ticket.team);
    let mut change = Change::of(ticket);
    step(tx, act, &mut change, (Deed::HandBack { epoch, seen, by }, said))?;
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Takes an offer back that nobody has answered.
pub fn recall(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, number: u32) -> Result<Ticket, Refused> {
    let ticket = held(tx, act, id)?;
    let to = ticket.custody.offer().map(|offer| offer.to);
    let (epoch, by) = (ticket.custody.epoch(), ticket.team);
    let mut change = Change::of(ticket);
    step(tx, act, &mut change, (Deed::Recall { epoch, offer: Turn(number), by }, Vec::new()))?;
    let to = hand(tx, to.ok_or(Refused::NotFound)?)?;
    change.happened(act, Happened::Recalled { number, to });
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Takes a ticket that is offered to a team of the caller's party: from now on that team holds it, and the caller works on it.
pub fn accept(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, number: u32) -> Result<Ticket, Refused> {
    let (ticket, to) = asked(tx, act, id)?;
    taken(tx, act, ticket, (to, number))
}

/// Takes it, once it is known that the caller may.
pub(super) fn taken(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (to, number): (Hand, u32),
) -> Result<Ticket, Refused> {
    let from = hand(tx, ticket.team)?;
    let back = ticket.custody.offer().is_some_and(|offer| offer.way(&ticket.custody) == Way::Back);
    let epoch = ticket.custody.epoch();
    let mut change = Change::of(ticket);
    let deed = Deed::Accept { epoch, offer: Turn(number), by: to.team };
    change.happened(act, Happened::Accepted { number, from, to: to.clone(), back });
    step(tx, act, &mut change, (deed, Vec::new()))?;
    let ticket = &mut change.ticket;
    (ticket.party, ticket.team) = (to.party, to.team);
    ticket.worker = act.caller.membership;
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Does not take a ticket, and says why. Whoever the matrix names next is asked at once.
pub fn decline(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, number): (Id<Ticket>, u32),
    why: &str,
) -> Result<Ticket, Refused> {
    let (ticket, by) = asked(tx, act, id)?;
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
    let epoch = ticket.custody.epoch();
    let mut change = Change::of(ticket);
    let deed = Deed::Decline { epoch, offer: Turn(number), by: by.team };
    change.wrote(act, Visibility::Teams, Happened::Declined { number, by }, &why);
    step(tx, act, &mut change, (deed, Vec::new()))?;
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Does what is due without anybody asking: hears what the matrix says by now, and lets an offer run out that nobody has answered.
pub(super) fn moved_on(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    routed: &Routed,
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    change.reckon = true;
    rerouted(tx, act, &mut change, (routed, Vec::new()))?;
    if let Some(Timer::Answer { epoch, offer }) = timer(&change.ticket.custody)
        && change.ticket.answer_by.is_some_and(|by| by <= act.at)
    {
        let to = change.ticket.custody.offer().map(|offer| offer.to).ok_or(Refused::NotFound)?;
        let to = hand(tx, to)?;
        change.happened(act, Happened::Expired { number: offer.0, to });
        step(tx, act, &mut change, (Deed::Expire { epoch, offer }, Vec::new()))?;
    }
    settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Hears whom the matrix names now. Another owner is offered the ticket; it is never just taken away.
pub(super) fn rerouted(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    (routed, said): (&Routed, Vec<Said>),
) -> Result<(), Refused> {
    let (party, mut named) = routed.named(tx, act)?;
    let known = change.ticket.custody.named();
    if named.version == known.version {
        // It was asked after everything that is known, be it in the same instant.
        named.since = named.since.max(known.since + Millis::from_millis(1));
    }
    let row = routed.row();
    let ticket = &mut change.ticket;
    ticket.owner_until = routed.until();
    let name = row.as_ref().map(|row| row.row.clone()).unwrap_or_default();
    // The same row of another version can promise something else.
    let promises = row.as_ref().is_some_and(|row| !row.targets.is_empty());
    let anew = ticket.row != name || (ticket.version != routed.version() && promises);
    ticket.version = routed.version();
    ticket.row = name;
    let owner = (party, named.owner);
    if ticket.owner != owner || anew {
        ticket.owner = owner;
        let owner = hand(tx, named.owner)?;
        change.happened(act, Happened::Routed { owner, row });
    }
    if !named.is_newer_than(change.ticket.custody.named()) {
        return Ok(());
    }
    step(tx, act, change, (Deed::Publish { named }, said))
}

/// A ticket that a team of the caller's party holds and that is not closed.
pub(crate) fn held(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
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

type Found = (Id<Party>, String, String, Id<Team>, String);

/// The teams that a ticket can be offered to: those of the provider, of the client's internal IT, and of vendors, without the holder.
pub fn targets(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Vec<Hand>, Refused> {
    let list = sql!(
        "SELECT p.id, p.name, p.kind, t.id, t.name FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND (t.client_id IS NULL OR t.client_id = $2) AND t.id <> $3 \
         ORDER BY CASE p.kind WHEN 'internal' THEN 0 WHEN 'provider' THEN 1 ELSE 2 END, p.name, t.name, t.id LIMIT 200"
    );
    let rows: Vec<Found> = tx.rows(list, (ticket.client, ticket.team))?;
    let hands = rows.into_iter().filter_map(|(party, party_name, kind, team, team_name)| {
        Some(Hand { party, party_name, kind: PartyKind::from_key(&kind)?, team, team_name })
    });
    Ok(hands.collect())
}
