//! One ticket and what people do with it.

use remit_core::At;
use remit_custody::{Act, Custody, Effect, Event, Item, Named, Refused, Version, apply, effects, timer};

/// An instant by its hour.
pub fn at(hour: i64) -> At {
    At::from_millis(hour * 3_600_000)
}

/// A word of the matrix: the fallbacks are b and c, the duty manager is m.
pub fn word(version: u32, hour: i64, owner: char) -> Named<char> {
    Named { version: Version(version), since: at(hour), owner, fallback: vec!['b', 'c'], duty_manager: 'm' }
}

/// What followed, or why nothing happened.
pub type Done = Result<Vec<Effect<char>>, Refused>;

pub struct Ticket {
    pub custody: Custody<char>,
    /// What followed from the last act.
    pub followed: Vec<Effect<char>>,
}

impl Ticket {
    /// A new ticket with its owner, a.
    pub fn new() -> Self {
        Self::held_by('a')
    }

    pub fn held_by(holder: char) -> Self {
        let custody = Custody::open(Item(7), holder, word(1, 0, 'a'));
        let followed = effects(None, &custody);
        Self { custody, followed }
    }

    pub fn act(&mut self, act: Act<char>) -> Done {
        let next = apply(&self.custody, &Event { item: self.custody.item(), act })?;
        self.followed = effects(Some(&self.custody), &next);
        self.custody = next;
        Ok(self.followed.clone())
    }

    pub fn offer(&mut self, to: char) -> Done {
        let (epoch, seen, by) = self.view();
        self.act(Act::Offer { epoch, seen, by, to })
    }

    pub fn hand_back(&mut self) -> Done {
        let (epoch, seen, by) = self.view();
        self.act(Act::HandBack { epoch, seen, by })
    }

    pub fn give_back_solved(&mut self) -> Done {
        let (epoch, seen, by) = self.view();
        self.act(Act::Return { epoch, seen, by })
    }

    pub fn recall(&mut self) -> Done {
        let (epoch, offer, by) = self.view();
        self.act(Act::Recall { epoch, offer, by })
    }

    /// The answer yes to the open offer, by the one it is addressed to.
    pub fn acceptance(&self) -> Act<char> {
        let by = self.custody.offer().map_or('?', |offer| offer.to);
        Act::Accept { epoch: self.custody.epoch(), offer: self.custody.turn(), by }
    }

    pub fn accept(&mut self) -> Done {
        self.act(self.acceptance())
    }

    pub fn decline(&mut self) -> Done {
        let Act::Accept { epoch, offer, by } = self.acceptance() else { return Ok(Vec::new()) };
        self.act(Act::Decline { epoch, offer, by })
    }

    /// Does what the armed timer says.
    pub fn fire(&mut self) -> Done {
        let act = timer(&self.custody).and_then(remit_custody::Timer::act);
        self.act(act.expect("a timer with an act is armed"))
    }

    pub fn publish(&mut self, named: Named<char>) -> Done {
        self.act(Act::Publish { named })
    }

    pub fn close(&mut self, by: char) -> Done {
        let (epoch, seen, _) = self.view();
        self.act(Act::Close { epoch, seen, by })
    }

    pub fn reopen(&mut self) -> Done {
        self.act(Act::Reopen { seen: self.custody.turn() })
    }

    fn view(&self) -> (remit_custody::Epoch, remit_custody::Turn, char) {
        (self.custody.epoch(), self.custody.turn(), *self.custody.holder())
    }
}
