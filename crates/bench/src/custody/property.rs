//! What must hold in every state of the world, and what must be reachable in it.

use remit_core::At;
use remit_custody::{Act, Chain, Custody, Event, Phase, Reason, next_ask, timer};
use stateright::Property;

use super::model::{Desk, Rule};
use super::world::{Fault, ITEM, PARTIES, Party, World, bit};

/// All of them. What must be reachable depends on the size of the world.
pub fn properties(desk: &Desk) -> Vec<Property<Desk>> {
    let mut all = steps();
    all.extend(states());
    all.extend([
        Property::sometimes("a ticket is closed", |_, world: &World| world.custody.is_closed()),
        Property::sometimes("a closed ticket is reopened", |_, world: &World| is_reopened(&world.custody)),
        Property::sometimes("the last resort is needed", |_, world: &World| {
            world.custody.needs_last_resort()
        }),
        Property::sometimes("the matrix asks a new owner", |_, world: &World| {
            world.custody.round().is_some_and(|round| round.reason == Reason::Matrix)
        }),
        Property::sometimes("what is solved is returned", |_, world: &World| {
            world.custody.round().is_some_and(|round| round.reason == Reason::Solved)
        }),
    ]);
    if desk.bounds.epochs >= 4 {
        all.push(Property::sometimes("a ticket bounces three times in a row", |_, world: &World| {
            world.custody.is_bouncing().is_some()
        }));
    }
    all
}

/// A turn of an open ticket that is no offer is a reopening.
fn is_reopened(custody: &Custody<Party>) -> bool {
    let last_offer = custody.offer().map(|offer| offer.turn).or(custody.ended().map(|(turn, _)| turn));
    !custody.is_closed() && custody.turn() > last_offer.unwrap_or_default()
}

fn steps() -> Vec<Property<Desk>> {
    vec![
        Property::always("only acceptance moves custody", |_, world: &World| {
            world.fault != Some(Fault::Moved)
        }),
        Property::always("the epoch counts the moves", |_, world: &World| {
            world.fault != Some(Fault::Counted)
        }),
        Property::always("an accepted offer was open and addressed", |_, world: &World| {
            world.fault != Some(Fault::Unaddressed)
        }),
        Property::always("nothing counts that was decided on an older view", |_, world: &World| {
            world.fault != Some(Fault::OldView)
        }),
        Property::always("no event counts twice", |_, world: &World| world.fault != Some(Fault::Twice)),
        Property::always("an older word of the matrix never counts", |_, world: &World| {
            world.fault != Some(Fault::OldWord)
        }),
        Property::always("a failed offer escalates", |_, world: &World| world.fault != Some(Fault::Dropped)),
        Property::always("whoever passed is not asked again", |_, world: &World| {
            world.fault != Some(Fault::AskedAgain)
        }),
    ]
}

fn states() -> Vec<Property<Desk>> {
    vec![
        Property::always("exactly one holder, who knows it", |_, world: &World| {
            world.told == bit(*world.custody.holder())
        }),
        Property::always("an open ticket has an armed timer, a closed one none", |_, world: &World| {
            world.armed == timer(&world.custody) && world.armed.is_none() == world.custody.is_closed()
        }),
        Property::always("whoever is asked was told and is not the holder", |_, world: &World| {
            world.custody.offer().map(|offer| (offer.to, offer.turn)) == world.asked
                && world.asked.is_none_or(|(who, _)| who != *world.custody.holder())
        }),
        Property::always("nothing is on offer when closed", |_, world: &World| {
            !world.custody.is_closed()
                || (world.custody.round().is_none() && next_ask(&world.custody).is_none())
        }),
        Property::always("a changed owner is asked", |_, world: &World| changed_owner_is_asked(world)),
        Property::always("time held adds up to the life", |_, world: &World| {
            is_busy(world) || adds_up(world)
        }),
        Property::always("an open ticket can be accepted", |desk: &Desk, world: &World| {
            is_busy(world) || can_be_accepted(desk.rule, &world.custody)
        }),
        Property::always(
            "a ticket can be closed though its owner is silent",
            |desk: &Desk, world: &World| is_busy(world) || can_be_closed(desk.rule, &world.custody),
        ),
    ]
}

/// What depends on the ticket alone is looked at where no message is on its way. Nothing is missed: all messages may be lost, so
/// every ticket is reached without one too.
fn is_busy(world: &World) -> bool {
    !world.network.is_empty()
}

fn changed_owner_is_asked(world: &World) -> bool {
    let custody = &world.custody;
    let owner = custody.named().owner;
    let owed = !custody.is_closed() && owner != world.rested && owner != *custody.holder();
    !owed || custody.round().is_some_and(|round| round.reason == Reason::Matrix)
}

/// The history agrees with the rule, and with what the parties were told.
fn adds_up(world: &World) -> bool {
    let at = |tick: u8| At::from_millis(i64::from(tick));
    let mut chain = Chain::start(at(0), Some(0), Phase::Working);
    let told = world.moves.iter().all(|(tick, by)| chain.tell(at(*tick), Some(*by), Phase::Working).is_ok());
    let ended = chain.end(at(world.now)).is_ok();
    let held = |party: Party| chain.held(Some(party)).total();
    told && ended
        && PARTIES.into_iter().all(|party| held(party) == i64::from(world.held[usize::from(party)]))
        && PARTIES.into_iter().map(held).sum::<i64>() == i64::from(world.now)
        && chain.holder() == Some(*world.custody.holder())
        && chain.hand_offs().len() == world.custody.epoch().0 as usize
        && chain.bounces() == world.custody.bounces().total() as usize
        && chain.holders() == world.custody.bounces().holders()
}

/// So many events lead to any goal below, or none do.
const PATIENCE: usize = 16;

fn after(rule: Rule, custody: &Custody<Party>, act: Act<Party>) -> Option<Custody<Party>> {
    rule(custody, &Event { item: ITEM, act }).ok()
}

/// Whether somebody comes to hold it by doing what is due.
fn can_be_accepted(rule: Rule, custody: &Custody<Party>) -> bool {
    let mut now = custody.clone();
    for _ in 0..PATIENCE {
        if now.is_closed() {
            return true;
        }
        let (epoch, seen, by) = (now.epoch(), now.turn(), *now.holder());
        let act = match (now.offer(), timer(&now).and_then(remit_custody::Timer::act)) {
            (Some(open), _) => {
                let act = Act::Accept { epoch, offer: open.turn, by: open.to };
                return after(rule, &now, act).is_some_and(|next| *next.holder() == open.to);
            }
            (None, Some(due)) => due,
            (None, None) => Act::Offer { epoch, seen, by, to: (by + 1) % 4 },
        };
        let Some(next) = after(rule, &now, act) else { return false };
        now = next;
    }
    false
}

/// Whether it comes to be closed when the owner never answers and everybody else does.
fn can_be_closed(rule: Rule, custody: &Custody<Party>) -> bool {
    let mut now = custody.clone();
    for _ in 0..PATIENCE {
        if now.is_closed() {
            return true;
        }
        let (epoch, seen, by) = (now.epoch(), now.turn(), *now.holder());
        let act = match (now.offer(), now.round()) {
            _ if now.may_close(&by) => Act::Close { epoch, seen, by },
            (Some(open), _) if open.to == now.named().owner => Act::Expire { epoch, offer: open.turn },
            (Some(open), _) => Act::Accept { epoch, offer: open.turn, by: open.to },
            (None, Some(_)) => Act::Escalate { epoch, seen },
            (None, None) => Act::Return { epoch, seen, by },
        };
        let Some(next) = after(rule, &now, act) else { return false };
        now = next;
    }
    false
}
