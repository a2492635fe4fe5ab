//! A ticket as the desk would have kept it under a matrix: the owner that is named holds it, and when another is named it is offered to them and
//! taken at once. Every step is one of [`remit_custody::apply`], the rule by which the desk moves tickets, so that a move, a hand-back and a
//! bounce in a report are what they would be there.

use remit_core::At;
use remit_custody::{Act, Custody, Event, Item, Named, Version, Way, apply};

use crate::ownership::Owner;

/// The number of a party and of its team; none where nobody is named.
type Holder = Option<(u16, u16)>;

/// Who holds one ticket.
pub(crate) struct Kept {
    custody: Custody<Holder>,
}

/// How a ticket moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    /// On, or back to whoever handed it over.
    pub way: Way,
    /// To somebody who has held it before.
    pub bounce: bool,
}

impl Kept {
    /// A ticket that is opened.
    pub fn open(owner: Option<Owner>, at: At) -> Self {
        let named = named(owner, Version(0), at);
        // Nothing of one ticket is ever told to another here, so all have the same number.
        Self { custody: Custody::open(Item(0), named.owner, named) }
    }

    /// From an instant on the matrix names this owner. None where the ticket stays with whom it is.
    pub fn name(&mut self, owner: Option<Owner>, at: At) -> Option<Move> {
        let version = Version(self.custody.named().version.0 + 1);
        let named = named(owner, version, at);
        if named.owner == *self.custody.holder() {
            return None;
        }
        self.step(Act::Publish { named });
        let offer = self.custody.offer()?;
        let (way, turn, by) = (offer.way(&self.custody), offer.turn, offer.to);
        let before = self.custody.bounces().total();
        self.step(Act::Accept { epoch: self.custody.epoch(), offer: turn, by });
        Some(Move { way, bounce: self.custody.bounces().total() > before })
    }

    fn step(&mut self, act: Act<Holder>) {
        let event = Event { item: self.custody.item(), act };
        self.custody = apply(&self.custody, &event)
            .expect("a newer word, and the answer of whom it asks, are never refused");
    }
}

fn named(owner: Option<Owner>, version: Version, since: At) -> Named<Holder> {
    let owner = owner.map(|owner| (owner.party, owner.team));
    Named { version, since, owner, fallback: Vec::new(), duty_manager: owner }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(team: u16) -> Owner {
        Owner { party: 0, team, last_resort: false }
    }

    #[test]
    fn a_ticket_moves_where_another_is_named_and_the_rule_says_which_way() {
        let at = At::from_millis(0);
        let mut kept = Kept::open(Some(owner(1)), at);
        let mut go = |to: Option<Owner>| kept.name(to, at).map(|went| (went.way, went.bounce));
        assert_eq!(go(Some(owner(1))), None);
        assert_eq!(
            go(Some(Owner { party: 0, team: 1, last_resort: true })),
            None,
            "the same team in another part"
        );
        assert_eq!(go(Some(owner(2))), Some((Way::Forward, false)));
        assert_eq!(go(None), Some((Way::Forward, false)), "nobody is another than somebody");
        assert_eq!(go(Some(owner(2))), Some((Way::Back, true)));
        assert_eq!(go(Some(owner(1))), Some((Way::Back, true)));
        assert_eq!(
            go(Some(owner(2))),
            Some((Way::Forward, true)),
            "a second hand-over is no hand-back, and a bounce"
        );
    }
}
