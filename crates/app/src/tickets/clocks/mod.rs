//! The clocks of a ticket: its lines as [`remit_promise`] reads them, and what is kept of the answer.
//!
//! What is kept (when it is due next, and each clock as it stands) can be thrown away: [`rebuilt`] reckons it again from the lines.

mod seen;

use std::collections::BTreeMap;
use std::sync::Arc;

use remit_core::{At, Id, Millis, Slug};
use remit_db::{Error, FromRow, Row, Tx, sql};
use remit_promise::{
    Answer, Clock, Clocks, Event, Hours, Party as Holding, PartyId, PartyKind as Kind, Promise, State,
    Target, Term, Wait, Waits, Within,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use seen::left_for;
pub use seen::{ClockSeen, Named, PartSeen, Seen, ShareSeen, clocks};

use super::event::{Happened, Line, Promised, RowRef};
use super::kind::{Priority, Status};
use super::outcome::{self, Outcome, Tally};
use super::ticket::{Change, Hand};
use super::visibility::Visibility;
use super::{NO_PROMISE, Ticket, approval};
use crate::act::Act;
use crate::people::{Membership, Party, PartyKind};
use crate::promises::{self, Compiled, MATRIX};
use crate::refused::Refused;

/// Somebody is warned when so much of a promise is used up: three quarters.
const WARNED: (i64, i64) = (3, 4);
/// What something is called that has no service.
const NO_SERVICE: &str = "other";

/// A line as far as clocks care.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    at: At,
    by: Option<Id<Membership>>,
    visibility: Visibility,
    happened: Happened,
}

impl FromRow for Told {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let facts: String = row.get(3)?;
        Ok(Self {
            at: row.get(0)?,
            by: row.get(1)?,
            visibility: row.get(2)?,
            happened: serde_json::from_str(&facts)
                .map_err(|e| Error::Other(format!("a line of a ticket cannot be read: {e}")))?,
        })
    }
}

impl From<&Line> for Told {
    fn from(line: &Line) -> Self {
        Self { at: line.at, by: line.by, visibility: line.visibility, happened: line.happened.clone() }
    }
}

/// A clock as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Kept {
    promise: Promise,
    party: Option<PartyId>,
    number: u32,
    state: State,
    due: Option<At>,
    met: Option<At>,
    breached: Option<At>,
}

/// Clocks that were reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reckoned {
    /// All clocks, as text.
    pub clocks: String,
    /// When.
    pub at: At,
    /// Under which turn of what is promised.
    pub turn: Uuid,
    /// What became of the ticket so far.
    pub outcome: Outcome,
}

/// What happened to a ticket, ready for its clocks.
pub(crate) struct Story {
    compiled: Arc<Compiled>,
    events: Vec<(At, Event)>,
    /// Promises of which somebody was told that they are near, and that they were broken.
    told: Vec<(Promised, bool)>,
    /// Hands and holders.
    tally: Tally,
    /// What the parties are called.
    pub names: BTreeMap<PartyId, (String, PartyKind)>,
}

impl Story {
    /// Of a ticket as it is kept.
    pub fn of(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Self, Refused> {
        let lines = told(tx, ticket, ticket.lines)?;
        let compiled = promises::of(tx, act, ticket.client)?;
        Ok(Self::tell(compiled, ticket, &lines))
    }

    /// Of a ticket with what is being added to it.
    fn ahead(tx: &mut Tx<'_, '_>, act: &Act, change: &Change) -> Result<Self, Refused> {
        let before = change.lines_before();
        let mut lines = if before == 0 { Vec::new() } else { told(tx, &change.ticket, before)? };
        lines.extend(change.lines().iter().map(Told::from));
        let compiled = promises::of(tx, act, change.ticket.client)?;
        Ok(Self::tell(compiled, &change.ticket, &lines))
    }

    fn tell(compiled: Arc<Compiled>, ticket: &Ticket, lines: &[Told]) -> Self {
        let mut teller = Teller::new(ticket);
        for line in lines {
            teller.line(line, &compiled);
        }
        let opened = teller.events.first().map_or(At::MIN, |(at, _)| *at);
        let tiers = compiled.tiers.iter().filter(|(at, _)| *at > opened);
        teller.events.extend(tiers.map(|(at, tier)| (*at, Event::Tier(tier.clone()))));
        teller.events.sort_by_key(|(at, _)| *at);
        let Teller { events, told, names, tally, .. } = teller;
        Self { compiled, events, told, tally, names }
    }

    /// The clocks at an instant; none, with a word in the log, where they cannot be reckoned.
    pub fn at(&self, ticket: &Ticket, now: At) -> Option<Clocks<'_>> {
        // Clocks of machines are set back at times; what happened after something else did not happen before it.
        let last = self.events.iter().rfind(|(_, event)| !matches!(event, Event::Tier(_)));
        let now = last.map_or(now, |(last, _)| now.max(*last));
        match Clocks::at(&self.compiled.policy, &self.events, now) {
            Ok(clocks) => Some(clocks),
            Err(error) => {
                tracing::warn!(ticket = %ticket.id, %error, "the clocks of a ticket cannot be reckoned");
                None
            }
        }
    }

    /// What became of the ticket, with its clocks at an instant.
    pub fn outcome(&self, ticket: &Ticket, clocks: Option<&Clocks<'_>>) -> Outcome {
        self.tally.outcome(ticket, clocks, &self.compiled.zone)
    }

    /// What each rule that a clock names promises, in words.
    pub fn said_by(&self, by: remit_promise::By) -> String {
        match by {
            remit_promise::By::Rule(rule) => {
                self.compiled.policy.rules().get(rule).map_or_else(String::new, promises::rule_words)
            }
            remit_promise::By::Event(_) => "the row of the matrix that routed it".to_owned(),
        }
    }

    fn promised(&self, clock: &Clock) -> Promised {
        let named = clock.party.and_then(|party| self.names.get(&party));
        Promised {
            promise: clock.promise.to_string(),
            party: clock.party.and_then(party_of),
            party_name: named.map(|(name, _)| name.clone()).unwrap_or_default(),
            number: clock.number,
        }
    }

    fn was_told(&self, promised: &Promised, broken: bool) -> bool {
        let same = |told: &Promised| {
            (&told.promise, told.party, told.number) == (&promised.promise, promised.party, promised.number)
        };
        self.told.iter().any(|(told, was)| *was == broken && same(told))
    }
}

/// Tells clocks what lines say.
struct Teller<'t> {
    ticket: &'t Ticket,
    events: Vec<(At, Event)>,
    told: Vec<(Promised, bool)>,
    names: BTreeMap<PartyId, (String, PartyKind)>,
    /// What the row that routes it promises.
    agreed: Vec<(Promise, Option<PartyId>)>,
    /// The offer that waits for an answer.
    pending: Option<u32>,
    tally: Tally,
}

impl<'t> Teller<'t> {
    fn new(ticket: &'t Ticket) -> Self {
        Self {
            ticket,
            events: Vec::new(),
            told: Vec::new(),
            names: BTreeMap::new(),
            agreed: Vec::new(),
            pending: None,
            tally: Tally::default(),
        }
    }

    fn add(&mut self, at: At, event: Event) {
        let at = self.events.last().map_or(at, |(last, _)| at.max(*last));
        self.events.push((at, event));
    }

    fn holder(&mut self, hand: &Hand) -> remit_promise::Holder {
        let party = holding(hand);
        self.names.entry(party.id).or_insert_with(|| (hand.party_name.clone(), hand.kind));
        remit_promise::Holder { party, team: remit_promise::TeamId(hand.team.uuid().as_u128()) }
    }

    fn line(&mut self, line: &Told, compiled: &Compiled) {
        let at = line.at;
        self.tally.line(&line.happened);
        match &line.happened {
            Happened::Opened { priority, service, to, row, .. } => {
                self.opened(at, (*priority, service, to), compiled);
                self.agree(at, to, row.as_ref());
                // Whoever writes it down for somebody else has spoken with them.
                if line.by.is_some() && line.by != Some(self.ticket.requester) {
                    self.add(at, Event::Responded);
                }
            }
            Happened::Wrote { .. } => {
                if line.visibility == Visibility::Public && line.by != Some(self.ticket.requester) {
                    self.add(at, Event::Updated);
                }
            }
            Happened::Status { from, to } => self.status(at, *from, *to),
            Happened::Weighed { to, .. } => self.add(at, Event::Priority(to.key().to_owned())),
            Happened::Classified { service, .. } => self.add(at, Event::Service(slug(service))),
            Happened::Routed { owner, row } => self.agree(at, owner, row.as_ref()),
            Happened::Offered { number, to, .. } => {
                self.withdraw(at);
                let to = self.holder(to).party;
                self.pending = Some(*number);
                self.add(at, Event::Offered { offer: *number, to });
            }
            Happened::Accepted { number, to, .. } => {
                self.answer(at, *number, Answer::Accepted);
                let holder = self.holder(to);
                self.add(at, Event::Held(holder));
            }
            Happened::Declined { number, .. } => self.answer(at, *number, Answer::Declined),
            Happened::Expired { number, .. } => self.answer(at, *number, Answer::Expired),
            Happened::Recalled { number, .. } => self.answer(at, *number, Answer::Withdrawn),
            Happened::Merged { .. } => self.add(at, Event::Merged),
            Happened::Nearing { promise, .. } => self.told.push((promise.clone(), false)),
            Happened::Broken { promise, .. } => self.told.push((promise.clone(), true)),
            Happened::Renamed { .. }
            | Happened::Assigned { .. }
            | Happened::LastResort { .. }
            | Happened::Linked { .. }
            | Happened::Unlinked { .. }
            | Happened::Absorbed { .. }
            | Happened::Watched { .. }
            | Happened::Helped { .. }
            | Happened::Shared { .. }
            | Happened::Rated { .. }
            | Happened::Detached { .. }
            | Happened::Tagged { .. }
            | Happened::Listed { .. }
            | Happened::Unlisted { .. }
            | Happened::Ticked { .. }
            | Happened::Filled { .. }
            | Happened::ApprovalAsked { .. }
            | Happened::ApprovalMissing { .. }
            | Happened::ApprovalPassed { .. }
            | Happened::ApprovalAnswered { .. }
            | Happened::ApprovalReminded { .. }
            | Happened::ApprovalDecided { .. }
            | Happened::Bouncing { .. } => {}
        }
    }

    fn opened(&mut self, at: At, (priority, service, to): (Priority, &str, &Hand), compiled: &Compiled) {
        let holder = self.holder(to);
        let client = remit_promise::ClientId(self.ticket.client.uuid().as_u128());
        let tier = compiled.tiers.iter().rfind(|(from, _)| *from <= at);
        let tier = tier.map(|(_, tier)| tier.clone()).unwrap_or_default();
        let (service, priority) = (slug(service), priority.key().to_owned());
        self.add(at, Event::Opened { client, tier, service, priority, holder });
    }

    fn status(&mut self, at: At, from: Status, to: Status) {
        if let Some(wait) = waits_for(from) {
            self.add(at, Event::WaitEnded(wait));
        }
        if !from.is_open() && to.is_open() {
            self.add(at, Event::Reopened);
        }
        if let Some(wait) = waits_for(to) {
            self.add(at, Event::WaitBegan(wait));
        }
        match to {
            Status::Solved => self.add(at, Event::Solved),
            Status::Closed => {
                self.withdraw(at);
                self.add(at, Event::Closed);
            }
            _ => {}
        }
    }

    fn answer(&mut self, at: At, offer: u32, answer: Answer) {
        if self.pending.take_if(|pending| *pending == offer).is_some() {
            self.add(at, Event::Answered { offer, answer });
        }
    }

    /// An offer that another takes the place of needs no answer.
    fn withdraw(&mut self, at: At) {
        if let Some(offer) = self.pending.take() {
            self.add(at, Event::Answered { offer, answer: Answer::Withdrawn });
        }
    }

    /// What the row promises that routes it from now on.
    fn agree(&mut self, at: At, owner: &Hand, row: Option<&RowRef>) {
        let owner = self.holder(owner).party;
        let targets = row.map(|row| &row.targets);
        let hours = match targets.and_then(|targets| targets.clock.as_ref()) {
            None => Hours::EveryMinute,
            Some(clock) => match Slug::parse(&format!("{MATRIX}.{clock}")) {
                Ok(name) => Hours::Calendar(name),
                Err(_) => Hours::EveryMinute,
            },
        };
        let lengths = [
            (Target::Response, targets.and_then(|targets| targets.respond)),
            (Target::Resolution, targets.and_then(|targets| targets.resolve)),
        ];
        let mut now = Vec::new();
        for (target, length) in lengths {
            let Some(length) = length else { continue };
            let (promise, party) = match owner.kind {
                // What the provider's team does in time, the provider promises to the client.
                Kind::Provider => (Promise { kind: remit_promise::Kind::Sla, target }, None),
                kind => (Promise::own(kind, target), Some(owner.id)),
            };
            let within = Within { length, hours: hours.clone(), paused_by: Waits::ALL };
            now.push((promise, party));
            self.add(at, Event::Agreed { promise, party, term: Term::Within(within) });
        }
        let before = std::mem::replace(&mut self.agreed, now.clone());
        for (promise, party) in before.into_iter().filter(|old| !now.contains(old)) {
            self.add(at, Event::Agreed { promise, party, term: Term::Withdrawn });
        }
    }
}

fn holding(hand: &Hand) -> Holding {
    let kind = match hand.kind {
        PartyKind::Provider => Kind::Provider,
        PartyKind::Internal => Kind::Internal,
        PartyKind::Vendor => Kind::Vendor,
    };
    Holding { id: PartyId(hand.party.uuid().as_u128()), kind }
}

fn slug(service: &str) -> Slug {
    Slug::parse(service).or_else(|_| Slug::parse(NO_SERVICE)).expect("`other` is a slug")
}

const fn waits_for(status: Status) -> Option<Wait> {
    match status {
        Status::WaitingRequester => Some(Wait::Requester),
        Status::WaitingVendor => Some(Wait::Vendor),
        Status::Scheduled => Some(Wait::Window),
        Status::WaitingApproval => Some(Wait::Approval),
        Status::New | Status::Working | Status::Solved | Status::Closed => None,
    }
}

/// The lines that clocks care about, up to one.
fn told(tx: &mut Tx<'_, '_>, ticket: &Ticket, upto: i64) -> Result<Vec<Told>, Refused> {
    let list = sql!(
        "SELECT at, actor_id, visibility, facts FROM ticket_event WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         AND seq <= $3 AND (action <> 'ticket.write' OR visibility = 'public') ORDER BY seq"
    );
    Ok(tx.rows(list, (ticket.id, upto))?)
}

/// Whether something moves a clock.
fn moves(line: &Line, ticket: &Ticket) -> bool {
    match line.happened {
        Happened::Wrote { .. } => line.visibility == Visibility::Public && line.by != Some(ticket.requester),
        Happened::Renamed { .. }
        | Happened::Assigned { .. }
        | Happened::LastResort { .. }
        | Happened::Bouncing { .. }
        | Happened::Linked { .. }
        | Happened::Unlinked { .. }
        | Happened::Absorbed { .. }
        | Happened::Watched { .. }
        | Happened::Helped { .. }
        | Happened::Shared { .. }
        | Happened::Rated { .. }
        | Happened::Tagged { .. }
        | Happened::Listed { .. }
        | Happened::Unlisted { .. }
        | Happened::Ticked { .. }
        | Happened::ApprovalAsked { .. }
        | Happened::ApprovalMissing { .. }
        | Happened::ApprovalPassed { .. }
        | Happened::ApprovalAnswered { .. }
        | Happened::ApprovalReminded { .. }
        | Happened::ApprovalDecided { .. }
        | Happened::Nearing { .. }
        | Happened::Broken { .. } => false,
        _ => true,
    }
}

/// Reckons the clocks of a ticket that is being changed: when it is due, whom to tell, when to look again. None where nothing moves them.
pub(super) fn reckoned(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
) -> Result<Option<Reckoned>, Refused> {
    let later = act.past && !change.reckon;
    if later || !change.reckon && !change.lines().iter().any(|line| moves(line, &change.ticket)) {
        return Ok(None);
    }
    let story = Story::ahead(tx, act, change)?;
    let reckoned = story.at(&change.ticket, act.at);
    let all = reckoned.as_ref().map_or(&[][..], Clocks::all);
    let (due_at, due_what) = due(all);
    (change.ticket.due_at, change.ticket.due_what) = (due_at, due_what);
    let kept: Vec<Kept> = all.iter().map(kept).collect();
    let mut look = None;
    if let Some(clocks) = &reckoned {
        look = tell(act, change, &story, clocks);
    }
    let tier = story.compiled.tiers.iter().map(|(at, _)| *at).find(|at| *at > act.at);
    let look = look.into_iter().chain(tier).min();
    if let (Some(timer), Some(look)) = (change.ticket.timer_at, look) {
        change.ticket.timer_at = Some(timer.min(look));
    }
    let clocks = serde_json::to_string(&kept).expect("clocks are plain data");
    let outcome = story.outcome(&change.ticket, reckoned.as_ref());
    Ok(Some(Reckoned { clocks, at: act.at, turn: story.compiled.turn, outcome }))
}

/// Notes what is near and what was broken, each once, and says when to look again.
fn tell(act: &Act, change: &mut Change, story: &Story, clocks: &Clocks<'_>) -> Option<At> {
    let mut look: Option<At> = None;
    for clock in clocks.all() {
        let promise = story.promised(clock);
        if let Some(due) = clock.breached {
            if !story.was_told(&promise, true) {
                change.happened(act, Happened::Broken { promise, due });
            }
            continue;
        }
        let (State::Running, Some(due), Some(length)) = (clock.state, clock.due, clock.length) else {
            continue;
        };
        // What is due at an instant is in time at that instant.
        let mut next = due + Millis::from_millis(1);
        if clock.promise.target != Target::Acceptance && !story.was_told(&promise, false) {
            let near = Millis::from_millis(length.millis() / WARNED.1 * WARNED.0);
            match clocks.will_have_used(clock, near) {
                Some(at) if at <= act.at => change.happened(act, Happened::Nearing { promise, due }),
                Some(at) => next = next.min(at),
                None => {}
            }
        }
        look = Some(look.map_or(next, |look| look.min(next)));
    }
    look
}

/// What is due next of what the holder owes: an answer to an offer is owed by whoever is asked.
fn due(clocks: &[Clock]) -> (At, String) {
    let owed = clocks.iter().filter(|clock| {
        clock.ended.is_none()
            && clock.promise.target != Target::Acceptance
            && matches!(clock.state, State::Running | State::Breached)
    });
    let next = owed.filter_map(|clock| Some((clock.due?, clock.promise))).min();
    next.map_or((NO_PROMISE, String::new()), |(due, promise)| (due, promise.to_string()))
}

fn kept(clock: &Clock) -> Kept {
    Kept {
        promise: clock.promise,
        party: clock.party,
        number: clock.number,
        state: clock.state,
        // Of one that has ended nobody waits for it any more.
        due: clock.due.filter(|_| clock.ended.is_none()),
        met: clock.met,
        breached: clock.breached,
    }
}

/// Until when whoever is offered the ticket has promised to answer; none where nobody has promised that.
pub(super) fn answer_by(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &Change,
    to: &Hand,
) -> Result<Option<At>, Refused> {
    if act.past {
        return Ok(None);
    }
    let story = Story::ahead(tx, act, change)?;
    let clocks = story.at(&change.ticket, act.at);
    Ok(clocks.and_then(|clocks| clocks.answer_by(holding(to))).filter(|by| *by > act.at))
}

/// Whether what is kept of the clocks of a ticket is what its lines say; in words, where it is not. Tickets that are to be looked at
/// under another turn than they were reckoned are not compared.
pub(crate) fn rebuilt(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Option<String>, Refused> {
    let ticket = super::store::get(tx, id)?;
    if approval::is_stuck(tx, &ticket)? {
        return Ok(Some(format!(
            "#{}: it waits for an approval that nobody asked for; set its status to go on",
            ticket.number
        )));
    }
    let get = sql!(
        "SELECT clocks, clocked_at, clocked_by FROM ticket WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    let found: (String, Option<At>, Option<Uuid>) = tx.find(get, (id,))?.ok_or(Refused::NotFound)?;
    let (stored, Some(at), turn) = found else { return Ok(None) };
    let story = Story::of(tx, act, &ticket)?;
    let overdue = ticket.closed_at.is_none() && turn != Some(story.compiled.turn);
    if overdue {
        return Ok(None);
    }
    let clocks = story.at(&ticket, at);
    let all = clocks.as_ref().map_or(&[][..], Clocks::all);
    let again: Vec<Kept> = all.iter().map(kept).collect();
    let stored: Vec<Kept> = serde_json::from_str(&stored).unwrap_or_default();
    let (due_at, due_what) = due(all);
    let number = ticket.number;
    let became = story.outcome(&ticket, clocks.as_ref());
    let kept_outcome = outcome::stored(tx, id)?;
    let filled = kept_outcome.is_some() || outcome::done(tx)?;
    Ok(if filled && kept_outcome != Some(became) {
        Some(format!("#{number}: what became of it is kept otherwise than its lines say"))
    } else if stored != again {
        Some(format!("#{number}: its clocks are kept otherwise than its lines say"))
    } else if (ticket.due_at, &ticket.due_what) != (due_at, &due_what) {
        Some(format!("#{number}: it is kept as due otherwise than its lines say"))
    } else {
        None
    })
}

/// When the clocks of a ticket were reckoned last.
pub(super) fn reckoned_at(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Option<At>, Refused> {
    let get = sql!("SELECT clocked_at FROM ticket WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
    let (at,): (Option<At>,) = tx.find(get, (id,))?.ok_or(Refused::NotFound)?;
    Ok(at)
}

/// The party of a clock, as it is known here.
pub(super) fn party_of(id: PartyId) -> Option<Id<Party>> {
    Id::from_uuid(Uuid::from_u128(id.0))
}
