//! The rule: which event may change the custody of a ticket, and into what.

use crate::ask::next_ask;
use crate::custody::{Custody, Ended, Epoch, Offer, Reason, Round, Step, Turn};
use crate::event::{Act, Event};
use crate::named::Named;
use crate::refused::Refused;

/// The custody after `event`, or why the event changes nothing. The given custody is untouched either way, so a duplicate,
/// a late or a reordered event is refused and never half done. No event is ever accepted twice.
pub fn apply<H: Clone + Eq>(custody: &Custody<H>, event: &Event<H>) -> Result<Custody<H>, Refused> {
    if event.item != custody.item {
        return Err(Refused::OtherItem);
    }
    match &event.act {
        Act::Offer { epoch, seen, by, to } => {
            may_offer(custody, *epoch, *seen, by)?;
            begin(custody, to, Reason::HandOff)
        }
        Act::HandBack { epoch, seen, by } => {
            may_offer(custody, *epoch, *seen, by)?;
            begin(custody, custody.giver().ok_or(Refused::NobodyToReturnTo)?, Reason::HandBack)
        }
        Act::Return { epoch, seen, by } => {
            may_offer(custody, *epoch, *seen, by)?;
            if custody.named.owner == *by {
                return Err(Refused::OwnerCloses);
            }
            begin(custody, &custody.named.owner, Reason::Solved)
        }
        Act::Recall { epoch, offer, by } => recall(custody, *epoch, *offer, by),
        Act::Accept { epoch, offer, by } => Ok(accept(custody, addressed(custody, *epoch, *offer, by)?)),
        Act::Decline { epoch, offer, by } => {
            Ok(pass(custody, addressed(custody, *epoch, *offer, by)?, Ended::Declined))
        }
        Act::Expire { epoch, offer } => {
            Ok(pass(custody, open_offer(custody, *epoch, *offer)?, Ended::Expired))
        }
        Act::Escalate { epoch, seen } => escalate(custody, *epoch, *seen),
        Act::Publish { named } => publish(custody, named),
        Act::Close { epoch, seen, by } => close(custody, *epoch, *seen, by),
        Act::Reopen { seen } => reopen(custody, *seen),
    }
}

fn current<H>(custody: &Custody<H>, epoch: Epoch, seen: Turn) -> Result<(), Refused> {
    same_epoch(custody, epoch)?;
    if seen == custody.turn { Ok(()) } else { Err(Refused::TurnSince) }
}

fn same_epoch<H>(custody: &Custody<H>, decided: Epoch) -> Result<(), Refused> {
    if decided == custody.epoch { Ok(()) } else { Err(Refused::Stale { decided, now: custody.epoch }) }
}

fn only_holder<H: Eq>(custody: &Custody<H>, by: &H) -> Result<(), Refused> {
    if by == &custody.holder { Ok(()) } else { Err(Refused::NotTheHolder) }
}

fn may_offer<H: Eq>(custody: &Custody<H>, epoch: Epoch, seen: Turn, by: &H) -> Result<(), Refused> {
    if custody.closed {
        return Err(Refused::Closed);
    }
    same_epoch(custody, epoch)?;
    only_holder(custody, by)?;
    if custody.round.is_some() {
        return Err(Refused::OfferOpen);
    }
    current(custody, epoch, seen)
}

fn open_offer<H: Clone + Eq>(custody: &Custody<H>, epoch: Epoch, turn: Turn) -> Result<&Offer<H>, Refused> {
    same_epoch(custody, epoch)?;
    if let Some(offer) = custody.offer().filter(|offer| offer.turn == turn) {
        return Ok(offer);
    }
    let ended = custody.ended.filter(|(ended, _)| *ended == turn);
    Err(ended.map_or(Refused::NoSuchOffer, |(_, how)| Refused::Ended(how)))
}

fn addressed<'a, H: Clone + Eq>(
    custody: &'a Custody<H>,
    epoch: Epoch,
    turn: Turn,
    by: &H,
) -> Result<&'a Offer<H>, Refused> {
    let offer = open_offer(custody, epoch, turn)?;
    if &offer.to == by { Ok(offer) } else { Err(Refused::NotTheAddressee) }
}

fn begin<H: Clone + Eq>(custody: &Custody<H>, to: &H, reason: Reason) -> Result<Custody<H>, Refused> {
    if to == &custody.holder {
        return Err(Refused::ToTheHolder);
    }
    let mut next = custody.clone();
    next.begin_round(to.clone(), reason);
    Ok(next)
}

/// Ends the holder's whole round: what was asked on its behalf is asked no longer.
fn recall<H: Clone + Eq>(
    custody: &Custody<H>,
    epoch: Epoch,
    offer: Turn,
    by: &H,
) -> Result<Custody<H>, Refused> {
    open_offer(custody, epoch, offer)?;
    only_holder(custody, by)?;
    if custody.round.as_ref().is_some_and(|round| round.reason == Reason::Matrix) {
        return Err(Refused::NotYoursToRecall);
    }
    let mut next = custody.clone();
    next.end_round(Ended::Recalled);
    Ok(next)
}

fn accept<H: Clone + Eq>(custody: &Custody<H>, offer: &Offer<H>) -> Custody<H> {
    let mut next = custody.clone();
    next.path.go(custody.holder.clone(), &offer.to);
    next.bounces.go(&custody.holder, &offer.to);
    next.holder = offer.to.clone();
    next.epoch = Epoch(custody.epoch.0 + 1);
    next.last_resort = offer.reason == Reason::Escalation(Step::DutyManager);
    next.rested = custody.named.owner.clone();
    next.end_round(Ended::Accepted);
    next
}

/// The offer failed; the next of its round is due.
fn pass<H: Clone + Eq>(custody: &Custody<H>, offer: &Offer<H>, how: Ended) -> Custody<H> {
    let mut next = custody.clone();
    next.ended = Some((offer.turn, how));
    if let Some(round) = &mut next.round {
        round.offer = None;
        if !round.passed.contains(&offer.to) {
            round.passed.push(offer.to.clone());
        }
    }
    next.rest_if_nobody_is_left();
    next
}

fn escalate<H: Clone + Eq>(custody: &Custody<H>, epoch: Epoch, seen: Turn) -> Result<Custody<H>, Refused> {
    same_epoch(custody, epoch)?;
    if custody.offer().is_some() {
        return Err(Refused::OfferOpen);
    }
    let ask = next_ask(custody).ok_or(Refused::NothingToEscalate)?;
    current(custody, epoch, seen)?;
    let mut next = custody.clone();
    next.put_offer(ask.to, Reason::Escalation(ask.step));
    Ok(next)
}

/// The holder stays. A changed owner is offered the ticket, at once or when it is open again.
fn publish<H: Clone + Eq>(custody: &Custody<H>, named: &Named<H>) -> Result<Custody<H>, Refused> {
    let now = &custody.named;
    if !named.is_newer_than(now) {
        let (version, since) = (named.version, named.since);
        return Err(Refused::OldWord { version, since, now: now.version, now_since: now.since });
    }
    let mut next = custody.clone();
    next.named = named.clone();
    if named.owner != now.owner {
        follow(&mut next);
    }
    next.rest_if_nobody_is_left();
    Ok(next)
}

fn close<H: Clone + Eq>(
    custody: &Custody<H>,
    epoch: Epoch,
    seen: Turn,
    by: &H,
) -> Result<Custody<H>, Refused> {
    if custody.closed {
        return Err(Refused::Closed);
    }
    current(custody, epoch, seen)?;
    if !custody.may_close(by) {
        return Err(Refused::NotYoursToClose);
    }
    let mut next = custody.clone();
    next.end_round(Ended::Closed);
    next.closed = true;
    next.take_turn();
    Ok(next)
}

fn reopen<H: Clone + Eq>(custody: &Custody<H>, seen: Turn) -> Result<Custody<H>, Refused> {
    if !custody.closed {
        return Err(Refused::NotClosed);
    }
    if seen != custody.turn {
        return Err(Refused::TurnSince);
    }
    let mut next = custody.clone();
    next.closed = false;
    next.take_turn();
    follow(&mut next);
    Ok(next)
}

/// Brings an open ticket in line with the owner who is named now. Whoever is being asked and is that owner goes on being asked
/// with the same offer.
pub(crate) fn follow<H: Clone + Eq>(next: &mut Custody<H>) {
    if next.closed {
        return;
    }
    let owner = next.named.owner.clone();
    if owner == next.holder || owner == next.rested {
        let moot = match next.round.as_ref().map(|round| round.reason) {
            Some(Reason::Matrix) => true,
            Some(Reason::Solved) => owner == next.holder,
            _ => false,
        };
        if moot {
            next.end_round(Ended::Replaced);
        }
        next.last_resort &= owner != next.holder;
        next.rested = owner;
        return;
    }
    let version = next.named.version;
    match &mut next.round {
        Some(Round { reason, passed, offer: Some(offer) }) if offer.to == owner => {
            *reason = Reason::Matrix;
            passed.clear();
            offer.reason = Reason::Matrix;
            offer.version = version;
        }
        _ => {
            next.end_round(Ended::Replaced);
            next.begin_round(owner, Reason::Matrix);
        }
    }
}

impl<H: Clone + Eq> Custody<H> {
    fn take_turn(&mut self) -> Turn {
        self.turn = Turn(self.turn.0 + 1);
        self.turn
    }

    fn begin_round(&mut self, to: H, reason: Reason) {
        self.round = Some(Round { reason, passed: Vec::new(), offer: None });
        self.put_offer(to, reason);
    }

    fn put_offer(&mut self, to: H, reason: Reason) {
        let offer = Offer { turn: self.take_turn(), to, reason, version: self.named.version };
        if let Some(round) = &mut self.round {
            round.offer = Some(offer);
        }
    }

    fn end_round(&mut self, how: Ended) {
        let offer = self.round.take().and_then(|round| round.offer);
        self.ended = offer.map(|offer| (offer.turn, how)).or(self.ended);
    }

    /// When all have passed and the duty manager holds the ticket, it rests there: nothing would come of asking.
    fn rest_if_nobody_is_left(&mut self) {
        let due = self.round.as_ref().is_some_and(|round| round.offer.is_none());
        if due && next_ask(self).is_none() {
            self.round = None;
            self.rested = self.named.owner.clone();
            self.last_resort = true;
        }
    }
}
