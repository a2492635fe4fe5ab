//! Who holds one ticket now, and what is on offer.

use serde::{Deserialize, Serialize};

use crate::ask::next_ask;
use crate::bounce::{BOUNCES_IN_A_ROW, Bounces};
use crate::named::{Named, Version};
use crate::path::{Path, Way};
use crate::rule::follow;

/// The piece of work whose custody is kept: the bits of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item(pub u128);

/// How often the holder has changed. Every claim on a ticket names the epoch it was made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Epoch(pub u32);

/// The running number, within one ticket, of its offers, closings and reopenings. It names an offer, so that a late answer to an
/// old one cannot answer a new one, and it dates a decision, so that a late decision is seen to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Turn(pub u32);

/// Why an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The holder hands the ticket on.
    HandOff,
    /// The holder gives it back to whoever handed it over.
    HandBack,
    /// The holder has solved it, and the owner is to close it.
    Solved,
    /// The matrix names another owner.
    Matrix,
    /// An earlier offer was declined or ran out.
    Escalation(Step),
}

/// As what somebody is asked in an escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// As the accountable owner.
    Owner,
    /// As a fallback of the owner.
    Fallback,
    /// As the last resort.
    DutyManager,
}

/// How an offer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Its addressee holds the ticket.
    Accepted,
    /// Its addressee said no.
    Declined,
    /// The holder took it back.
    Recalled,
    /// Its deadline passed.
    Expired,
    /// The matrix names somebody else.
    Replaced,
    /// The ticket was closed.
    Closed,
}

/// Somebody is asked to take the ticket. The holder goes on holding until it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Offer<H> {
    /// Its number within the ticket.
    pub turn: Turn,
    /// Who may accept it.
    pub to: H,
    /// Why it stands.
    pub reason: Reason,
    /// The matrix version it was made under.
    pub version: Version,
}

impl<H: Clone + Eq> Offer<H> {
    /// Which way accepting it would move the ticket: [`Way::Back`] when `custody` came from the one it is offered to.
    pub fn way(&self, custody: &Custody<H>) -> Way {
        if custody.giver() == Some(&self.to) { Way::Back } else { Way::Forward }
    }
}

/// An offer and what follows from it until somebody accepts or nobody needs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Round<H> {
    /// Why it began; never [`Reason::Escalation`].
    pub reason: Reason,
    /// Who declined or let an offer run out in it.
    pub passed: Vec<H>,
    /// The offer that waits for an answer. `None`: the last one failed, and the next is due.
    pub offer: Option<Offer<H>>,
}

/// Who holds one ticket now, and what is on offer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Custody<H> {
    pub(crate) item: Item,
    pub(crate) holder: H,
    pub(crate) epoch: Epoch,
    pub(crate) turn: Turn,
    pub(crate) closed: bool,
    pub(crate) path: Path<H>,
    pub(crate) bounces: Bounces<H>,
    pub(crate) named: Named<H>,
    /// The owner that was in force when the ticket last came to rest. Another owner by now means that the matrix is owed an
    /// offer, which a closing may delay and nothing drops.
    pub(crate) rested: H,
    pub(crate) round: Option<Round<H>>,
    pub(crate) ended: Option<(Turn, Ended)>,
    pub(crate) last_resort: bool,
}

impl<H: Clone + Eq> Custody<H> {
    /// A new ticket in the hands of `holder`. If the matrix names another owner, it is on offer to that owner from the start.
    pub fn open(item: Item, holder: H, named: Named<H>) -> Self {
        let mut custody = Self {
            item,
            holder: holder.clone(),
            epoch: Epoch(0),
            turn: Turn(0),
            closed: false,
            path: Path::default(),
            bounces: Bounces::start(holder.clone()),
            named,
            rested: holder,
            round: None,
            ended: None,
            last_resort: false,
        };
        follow(&mut custody);
        custody
    }

    /// The ticket.
    pub fn item(&self) -> Item {
        self.item
    }

    /// The one who holds it, closed or not: exactly one, always.
    pub fn holder(&self) -> &H {
        &self.holder
    }

    /// How often the holder has changed.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The latest offer, closing or reopening; 0 before the first.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Whether it is closed: nothing is on offer then, and nothing is escalated.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whoever a hand-back would be offered to.
    pub fn giver(&self) -> Option<&H> {
        self.path.giver()
    }

    /// Whom the matrix names, by the newest word that has arrived.
    pub fn named(&self) -> &Named<H> {
        &self.named
    }

    /// What is being asked, and who has passed already; `None` while the ticket rests with its holder.
    pub fn round(&self) -> Option<&Round<H>> {
        self.round.as_ref()
    }

    /// The offer that waits for an answer.
    pub fn offer(&self) -> Option<&Offer<H>> {
        self.round.as_ref()?.offer.as_ref()
    }

    /// The offer that ended last, and how.
    pub fn ended(&self) -> Option<(Turn, Ended)> {
        self.ended
    }

    /// Who held it and how often it came back.
    pub fn bounces(&self) -> &Bounces<H> {
        &self.bounces
    }

    /// The parties between which it goes to and fro, after [`BOUNCES_IN_A_ROW`] bounces: the matrix lacks a row for it.
    pub fn is_bouncing(&self) -> Option<&[H]> {
        (self.bounces.in_a_row() >= BOUNCES_IN_A_ROW).then(|| self.bounces.between())
    }

    /// Whether nobody before the duty manager took it: the duty manager is to be asked, is asked, or holds it for that.
    pub fn needs_last_resort(&self) -> bool {
        let asked = match self.offer() {
            Some(offer) => offer.reason == Reason::Escalation(Step::DutyManager),
            None => next_ask(self).is_some_and(|ask| ask.step == Step::DutyManager),
        };
        asked || self.last_resort
    }

    /// Whether `who` may close it: the accountable owner always, the others whom the matrix names while they hold it.
    pub fn may_close(&self, who: &H) -> bool {
        *who == self.named.owner || (*who == self.holder && self.named.names(who))
    }
}
