//! The world as `stateright` explores it.

use remit_custody::{Custody, Effect, Event, Refused};
use stateright::{Model, Property};

use super::decide::{Bounds, decisions};
use super::world::{Message, Party, World};
use super::{judge, property};

/// The rule under test.
pub type Rule = fn(&Custody<Party>, &Event<Party>) -> Result<Custody<Party>, Refused>;

/// What is taken to follow from a transition.
pub type Follows = fn(Option<&Custody<Party>>, &Custody<Party>) -> Vec<Effect<Party>>;

/// The world with its rule and its size.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The rule under test.
    pub rule: Rule,
    /// What follows from a step of it.
    pub follows: Follows,
    /// How much of the world is looked at.
    pub bounds: Bounds,
}

/// One step of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody decides, and the message leaves.
    Send(Message),
    /// The message of this place arrives, and may do so again.
    Deliver(usize),
    /// It is on its way no longer, whether it ever arrived or not.
    Lose(usize),
    /// Time passes.
    Tick,
}

impl Model for Desk {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.follows)]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        // What comes of a fault is of no interest, and may have no end.
        if world.fault.is_some() {
            return;
        }
        if world.network.len() < self.bounds.in_flight {
            steps.extend(decisions(&world.custody, self.bounds).into_iter().map(Step::Send));
        }
        for place in 0..world.network.len() {
            steps.extend([Step::Deliver(place), Step::Lose(place)]);
        }
        if world.now < self.bounds.ticks {
            steps.push(Step::Tick);
        }
    }

    /// A refused message changes nothing, so its delivery is no step.
    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        match step {
            Step::Send(message) => {
                let place = world.network.binary_search(&message).err()?;
                let mut sent = world.clone();
                sent.network.insert(place, message);
                Some(sent)
            }
            Step::Deliver(place) => judge::deliver(self, world, world.network[place].act()),
            Step::Lose(place) => {
                let mut lost = world.clone();
                lost.network.remove(place);
                Some(lost)
            }
            Step::Tick => {
                let mut later = world.clone();
                later.tick();
                Some(later)
            }
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        property::properties(self)
    }
}
