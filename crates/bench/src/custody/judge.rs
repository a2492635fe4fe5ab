//! Judging one step of the rule by what was there before it.

use std::sync::Arc;

use remit_custody::{Act, Custody, Event};

use super::model::Desk;
use super::world::{DUTY_MANAGER, Fault, ITEM, Party, World, bit};

/// The world after `act` was applied, judged; `None` when the rule refuses it.
pub fn deliver(desk: &Desk, world: &World, act: Act<Party>) -> Option<World> {
    let event = Event { item: ITEM, act };
    let before = &*world.custody;
    let custody = Arc::new((desk.rule)(before, &event).ok()?);
    let mut after = World { network: world.network.clone(), moves: world.moves.clone(), custody, ..*world };
    remember(before, &event.act, &mut after);
    after.carry_out((desk.follows)(Some(before), &after.custody));
    let broken = fault(before, &event.act, &after);
    let twice = (desk.rule)(&after.custody, &event).is_ok().then_some(Fault::Twice);
    after.fault = world.fault.or(broken).or(twice);
    Some(after)
}

/// Keeps account of what the properties compare the rule with.
fn remember(before: &Custody<Party>, act: &Act<Party>, after: &mut World) {
    let custody = &after.custody;
    let owner = custody.named().owner;
    let came_to_rest = before.round().is_some() && custody.round().is_none();
    match act {
        Act::Accept { by, .. } => {
            after.moves = after.moves.iter().copied().chain([(after.now, *by)]).collect();
            after.rested = owner;
        }
        Act::Decline { .. } | Act::Expire { .. } => {
            after.passed |= before.offer().map_or(0, |offer| bit(offer.to));
            if came_to_rest && *custody.holder() == DUTY_MANAGER {
                after.rested = owner;
            }
        }
        Act::Publish { .. } | Act::Reopen { .. } if !custody.is_closed() => {
            let nobody_is_left = came_to_rest && *custody.holder() == DUTY_MANAGER;
            if owner == *custody.holder() || nobody_is_left {
                after.rested = owner;
            }
            if owner != before.named().owner && custody.offer().is_some_and(|offer| offer.to == owner) {
                after.passed = 0;
            }
        }
        _ => {}
    }
    if custody.round().is_none() {
        after.passed = 0;
    }
}

fn fault(before: &Custody<Party>, act: &Act<Party>, after: &World) -> Option<Fault> {
    let custody = &after.custody;
    let moved = custody.holder() != before.holder();
    let offered = custody.offer().filter(|offer| offer.turn != before.turn());
    let checks = [
        (Fault::Moved, moved != matches!(act, Act::Accept { .. })),
        (Fault::Counted, custody.epoch().0 != before.epoch().0 + u32::from(moved)),
        (
            Fault::Unaddressed,
            matches!(act, Act::Accept { offer, by, .. } if !before.offer().is_some_and(|open| open.to == *by && open.turn == *offer)),
        ),
        (Fault::OldView, !is_of_this_view(before, act)),
        (Fault::OldWord, before.named().is_newer_than(custody.named())),
        (Fault::Dropped, is_failure(act) && custody.round().is_none() && *custody.holder() != DUTY_MANAGER),
        (
            Fault::AskedAgain,
            matches!(act, Act::Escalate { .. })
                && offered.is_some_and(|offer| offer.to != DUTY_MANAGER && after.passed & bit(offer.to) != 0),
        ),
    ];
    checks.into_iter().find(|(_, wrong)| *wrong).map(|(fault, _)| fault)
}

fn is_failure(act: &Act<Party>) -> bool {
    matches!(act, Act::Decline { .. } | Act::Expire { .. })
}

/// Whether the act was decided by somebody who saw the ticket as it is.
fn is_of_this_view(now: &Custody<Party>, act: &Act<Party>) -> bool {
    match act {
        Act::Offer { epoch, seen, .. }
        | Act::HandBack { epoch, seen, .. }
        | Act::Return { epoch, seen, .. }
        | Act::Escalate { epoch, seen }
        | Act::Close { epoch, seen, .. } => *epoch == now.epoch() && *seen == now.turn(),
        Act::Recall { epoch, offer, .. }
        | Act::Accept { epoch, offer, .. }
        | Act::Decline { epoch, offer, .. }
        | Act::Expire { epoch, offer } => *epoch == now.epoch() && *offer == now.turn(),
        Act::Reopen { seen } => *seen == now.turn(),
        Act::Publish { .. } => true,
    }
}
