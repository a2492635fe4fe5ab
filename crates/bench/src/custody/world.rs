//! A small world: one ticket, four parties, and messages between them that may be lost, repeated, delayed and reordered.
//!
//! A crash needs nothing of its own. An event and what follows from it commit together, so a crash before the commit is a lost
//! message, one after it but before the answer is a repeated message, and a process that acts on what it read before it crashed
//! sends a delayed one: every message is decided on some state and may arrive in any later one.

use std::sync::Arc;

use remit_core::At;
use remit_custody::{Act, Custody, Effect, Named, News, Timer, Turn, Version};

use super::model::Follows;

/// The provider, the client's internal IT, a vendor, and the duty manager.
pub type Party = u8;

/// All of them.
pub const PARTIES: [Party; 4] = [0, 1, 2, 3];

/// The last resort of every word of the matrix.
pub const DUTY_MANAGER: Party = 3;

/// The ticket that the world is about.
pub const ITEM: remit_custody::Item = remit_custody::Item(7);

/// What the matrix says when the ticket is opened.
pub fn first_word() -> Named<Party> {
    named(1, 30, 0, &[1])
}

/// What it says later, by number: version 2, an hour of version 2 at which the owner changes, and version 3. They may arrive in
/// any order and any number of times.
pub fn word(number: u8) -> Named<Party> {
    match number {
        0 => named(2, 10, 1, &[2]),
        1 => named(3, 5, 0, &[]),
        _ => named(2, 20, 2, &[1]),
    }
}

/// How many of them there are.
pub const WORDS: u8 = 3;

fn named(version: u32, since: i64, owner: Party, fallback: &[Party]) -> Named<Party> {
    let since = At::from_millis(since);
    Named { version: Version(version), since, owner, fallback: fallback.to_vec(), duty_manager: DUTY_MANAGER }
}

/// Something that was decided and is on its way to be applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    /// What a party or a timer decided.
    Act(Act<Party>),
    /// A [`word`] of the matrix.
    Word(u8),
}

impl Message {
    /// What is applied.
    pub fn act(&self) -> Act<Party> {
        match self {
            Self::Act(act) => act.clone(),
            Self::Word(number) => Act::Publish { named: word(*number) },
        }
    }
}

/// What a step did that it must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The holder changed without acceptance, or did not change with it.
    Moved,
    /// The epoch did not count the moves.
    Counted,
    /// An accepted offer was not open, or was addressed to somebody else.
    Unaddressed,
    /// An act counted though it was decided on an older view of the ticket.
    OldView,
    /// The same event counted a second time.
    Twice,
    /// An older word of the matrix came into force.
    OldWord,
    /// A failed offer led to nothing.
    Dropped,
    /// Somebody who had passed was asked again.
    AskedAgain,
}

/// The ticket, the messages, and what people were told, kept apart from the rule so that the rule can be judged by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// What the rule made of all events so far. Most steps leave it as it is, so it is not copied with the world.
    pub custody: Arc<Custody<Party>>,
    /// What is on its way, sorted, each at most once: a message stays after its delivery until it is lost, so it can be repeated.
    pub network: Vec<Message>,
    /// A bit for each party that was told it holds the ticket, and not yet that it is displaced.
    pub told: u8,
    /// Who was told of the open offer.
    pub asked: Option<(Party, Turn)>,
    /// The timer that was armed last.
    pub armed: Option<Timer>,
    /// A bit for each party that declined or was silent in this round.
    pub passed: u8,
    /// The owner that was in force when the ticket last came to rest.
    pub rested: Party,
    /// Steps of the clock since the ticket was opened.
    pub now: u8,
    /// How many of them each party was told that it holds the ticket.
    pub held: [u8; 4],
    /// Who accepted it, and when.
    pub moves: Arc<[(u8, Party)]>,
    /// The first thing that went wrong.
    pub fault: Option<Fault>,
}

impl World {
    /// A new ticket, held by its owner.
    pub fn new(follows: Follows) -> Self {
        let custody = Arc::new(Custody::open(ITEM, 0, first_word()));
        let mut world = Self {
            network: Vec::new(),
            told: 0,
            asked: None,
            armed: None,
            passed: 0,
            rested: 0,
            now: 0,
            held: [0; 4],
            moves: Arc::new([]),
            fault: None,
            custody,
        };
        let first = follows(None, &world.custody);
        world.carry_out(first);
        world
    }

    /// Does what follows from a transition.
    pub fn carry_out(&mut self, effects: Vec<Effect<Party>>) {
        for effect in effects {
            match effect {
                Effect::Tell { who, news: News::Holds } => self.told |= bit(who),
                Effect::Tell { who, news: News::Displaced } => self.told &= !bit(who),
                Effect::Tell { who, news: News::Offered(turn) } => self.asked = Some((who, turn)),
                Effect::Arm(timer) => self.armed = timer,
                Effect::Tell { .. } | Effect::Find(_) => {}
            }
        }
        if self.custody.offer().is_none() {
            self.asked = None;
        }
    }

    /// One step of the clock.
    pub fn tick(&mut self) {
        self.now += 1;
        for party in PARTIES {
            self.held[usize::from(party)] += u8::from(self.told & bit(party) != 0);
        }
    }
}

/// The bit of a party.
pub fn bit(party: Party) -> u8 {
    1 << party
}
