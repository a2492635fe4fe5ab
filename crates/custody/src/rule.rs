//! The rule: which event may change the custody of a ticket, and into what.

use serde::{Deserialize, Serialize};

use crate::event::{Act, Event, Refused};
use crate::path::{Path, Way};

/// The piece of work whose custody is kept: the bits of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item(pub u128);

/// How often the holder has changed. Every claim on a ticket names the epoch it was made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Epoch(pub u32);

/// The running number of an offer within one ticket, so that a late answer to an old offer cannot answer a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct OfferNumber(pub u32);

/// The version of the responsibility matrix that a custody obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Version(pub u32);

/// Why an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The holder hands the ticket on.
    HandOff,
    /// The holder gives it back to whoever handed it over.
    HandBack,
    /// A new matrix version names another owner.
    Matrix,
    /// An earlier offer was declined or ran out.
    Escalation,
}

/// How far an unanswered ticket has been escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Not escalated: the owner is asked.
    #[default]
    Owner,
    /// One offer was declined or ran out: the fallback is to be asked.
    Fallback,
    /// The fallback did not take it either: the duty manager is to be asked, as often as it takes.
    DutyManager,
}

impl Step {
    /// The next step up; the duty manager is the last.
    #[must_use]
    pub fn up(self) -> Self {
        match self {
            Self::Owner => Self::Fallback,
            Self::Fallback | Self::DutyManager => Self::DutyManager,
        }
    }
}

/// An open offer of a ticket. The offerer goes on holding until it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Offer<H> {
    /// Its number within the ticket.
    pub number: OfferNumber,
    /// Who may accept it.
    pub to: H,
    /// Why it stands.
    pub reason: Reason,
    /// The matrix version it was made under.
    pub version: Version,
}

/// Who holds one ticket now, and what is on offer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Custody<H> {
    item: Item,
    holder: H,
    epoch: Epoch,
    path: Path<H>,
    offer: Option<Offer<H>>,
    last_offer: OfferNumber,
    version: Version,
    step: Step,
}

impl<H: Clone + Eq> Custody<H> {
    /// A new ticket in the hands of the owner that matrix `version` names.
    pub fn open(item: Item, holder: H, version: Version) -> Self {
        let path = Path::default();
        Self {
            item,
            holder,
            epoch: Epoch(0),
            path,
            offer: None,
            last_offer: OfferNumber(0),
            version,
            step: Step::Owner,
        }
    }

    /// The ticket.
    pub fn item(&self) -> Item {
        self.item
    }

    /// The one who holds it: exactly one, always.
    pub fn holder(&self) -> &H {
        &self.holder
    }

    /// How often the holder has changed.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Whoever a hand-back would be offered to.
    pub fn giver(&self) -> Option<&H> {
        self.path.giver()
    }

    /// The offer that waits for an answer.
    pub fn offer(&self) -> Option<&Offer<H>> {
        self.offer.as_ref()
    }

    /// The number of the latest offer, open or not; 0 before the first.
    pub fn last_offer(&self) -> OfferNumber {
        self.last_offer
    }

    /// The matrix version it obeys.
    pub fn version(&self) -> Version {
        self.version
    }

    /// How far it is escalated. Above [`Step::Owner`] without an open offer, the next offer is due from the caller.
    pub fn step(&self) -> Step {
        self.step
    }

    fn open_offer(&mut self, to: H, reason: Reason) {
        self.last_offer = OfferNumber(self.last_offer.0 + 1);
        self.offer = Some(Offer { number: self.last_offer, to, reason, version: self.version });
    }
}

/// The custody after `event`, or why the event changes nothing. The given custody is untouched either way, so a duplicate,
/// a late or a reordered event is refused and never half done.
pub fn apply<H: Clone + Eq>(custody: &Custody<H>, event: &Event<H>) -> Result<Custody<H>, Refused> {
    if event.item != custody.item {
        return Err(Refused::OtherItem);
    }
    let mut next = custody.clone();
    match &event.act {
        Act::Offer { epoch, seen, by, to } => {
            only_holder(custody, by)?;
            may_offer(custody, *epoch, *seen, to)?;
            next.open_offer(to.clone(), Reason::HandOff);
        }
        Act::HandBack { epoch, seen, by } => {
            only_holder(custody, by)?;
            let giver = custody.giver().ok_or(Refused::NobodyToReturnTo)?;
            may_offer(custody, *epoch, *seen, giver)?;
            next.open_offer(giver.clone(), Reason::HandBack);
        }
        Act::Withdraw { epoch, offer, by } => {
            open_offer(custody, *epoch, *offer)?;
            only_holder(custody, by)?;
            next.offer = None;
        }
        Act::Accept { epoch, offer, by } => {
            addressed(custody, *epoch, *offer, by)?;
            next.path.go(custody.holder.clone(), by);
            next.holder = by.clone();
            next.epoch = Epoch(custody.epoch.0 + 1);
            next.offer = None;
            next.step = Step::Owner;
        }
        Act::Decline { epoch, offer, by } => {
            addressed(custody, *epoch, *offer, by)?;
            next.offer = None;
            next.step = custody.step.up();
        }
        Act::Expire { epoch, offer } => {
            open_offer(custody, *epoch, *offer)?;
            next.offer = None;
            next.step = custody.step.up();
        }
        Act::Escalate { epoch, seen, to } => {
            may_offer(custody, *epoch, *seen, to)?;
            if custody.step == Step::Owner {
                return Err(Refused::NothingToEscalate);
            }
            next.open_offer(to.clone(), Reason::Escalation);
        }
        Act::Publish { version, owner } => publish(custody, &mut next, *version, owner)?,
    }
    Ok(next)
}

impl<H: Clone + Eq> Offer<H> {
    /// Which way accepting it would move the ticket: [`Way::Back`] when `custody` came from the one it is offered to.
    pub fn way(&self, custody: &Custody<H>) -> Way {
        if custody.giver() == Some(&self.to) { Way::Back } else { Way::Forward }
    }
}

fn same_epoch<H: Clone + Eq>(custody: &Custody<H>, decided: Epoch) -> Result<(), Refused> {
    if decided == custody.epoch { Ok(()) } else { Err(Refused::Stale { decided, now: custody.epoch }) }
}

fn only_holder<H: Clone + Eq>(custody: &Custody<H>, by: &H) -> Result<(), Refused> {
    if by == &custody.holder { Ok(()) } else { Err(Refused::NotTheHolder) }
}

fn may_offer<H: Clone + Eq>(
    custody: &Custody<H>,
    epoch: Epoch,
    seen: OfferNumber,
    to: &H,
) -> Result<(), Refused> {
    same_epoch(custody, epoch)?;
    if custody.offer.is_some() {
        return Err(Refused::OfferOpen);
    }
    if seen != custody.last_offer {
        return Err(Refused::OfferSince);
    }
    if to == &custody.holder { Err(Refused::ToTheHolder) } else { Ok(()) }
}

fn open_offer<H: Clone + Eq>(
    custody: &Custody<H>,
    epoch: Epoch,
    number: OfferNumber,
) -> Result<&Offer<H>, Refused> {
    same_epoch(custody, epoch)?;
    custody.offer.as_ref().filter(|offer| offer.number == number).ok_or(Refused::NoSuchOffer)
}

fn addressed<H: Clone + Eq>(
    custody: &Custody<H>,
    epoch: Epoch,
    number: OfferNumber,
    by: &H,
) -> Result<(), Refused> {
    if &open_offer(custody, epoch, number)?.to == by { Ok(()) } else { Err(Refused::NotTheAddressee) }
}

/// The holder stays. An offer to the new owner stands from now on, unless the holder is the owner or the owner is being asked
/// already; an offer that only the old version asked for is gone.
fn publish<H: Clone + Eq>(
    custody: &Custody<H>,
    next: &mut Custody<H>,
    version: Version,
    owner: &H,
) -> Result<(), Refused> {
    if version <= custody.version {
        return Err(Refused::OldVersion { given: version, now: custody.version });
    }
    next.version = version;
    if owner == &custody.holder {
        next.step = Step::Owner;
        next.offer.take_if(|offer| matches!(offer.reason, Reason::Matrix | Reason::Escalation));
    } else if custody.offer.as_ref().is_none_or(|offer| &offer.to != owner) {
        next.step = Step::Owner;
        next.open_offer(owner.clone(), Reason::Matrix);
    }
    Ok(())
}
