//! The rule holds in a small world, and rules that are slightly wrong do not: each is found by the property that is there for it.

use remit_custody::{Act, Custody, Effect, Event, News, Refused, Timer, apply, effects};
use serde_json::{Value, json};
use stateright::{Checker, HasDiscoveries, Model};

use super::SMALL;
use super::decide::Bounds;
use super::model::{Desk, Follows, Rule};
use super::world::Party;

type Judged = Result<Custody<Party>, Refused>;

/// Looks at every state within `bounds` and counts them.
fn keeps_every_promise(bounds: Bounds) -> usize {
    let checker = Desk { rule: apply, follows: effects, bounds }.checker().spawn_bfs().join();
    checker.assert_properties();
    println!("custody: {} states, {} steps deep", checker.unique_state_count(), checker.max_depth());
    checker.unique_state_count()
}

#[test]
fn every_state_of_a_world_of_two_messages_keeps_every_promise() {
    let states = keeps_every_promise(SMALL[0]);
    assert!(states > 100_000, "the world is not trivially small: {states}");
}

#[test]
fn every_state_of_a_world_of_long_ways_keeps_every_promise() {
    let states = keeps_every_promise(SMALL[1]);
    assert!(states > 50_000, "the world is not trivially small: {states}");
}

/// Whether it is seen that `rule` and `follows` break `promise`; stops where it is.
fn breaks(rule: Rule, follows: Follows, promise: &'static str) -> bool {
    let desk = Desk { rule, follows, bounds: SMALL[0] };
    let until = HasDiscoveries::AnyOf([promise].into());
    desk.checker().finish_when(until).spawn_bfs().join().discovery(promise).is_some()
}

/// The custody with some of what it stores changed behind the rule's back.
fn tampered(custody: &Custody<Party>, change: impl FnOnce(&mut Value)) -> Custody<Party> {
    let mut stored = serde_json::to_value(custody).expect("a custody can be stored");
    change(&mut stored);
    serde_json::from_value(stored).expect("what was changed is a custody still")
}

/// The event, decided on the ticket as it is now, whatever the decider really saw.
fn as_if_new(custody: &Custody<Party>, event: &Event<Party>) -> Event<Party> {
    let mut event = event.clone();
    match &mut event.act {
        Act::Accept { epoch, offer, .. } => (*epoch, *offer) = (custody.epoch(), custody.turn()),
        Act::Offer { epoch, seen, .. } | Act::Close { epoch, seen, .. } | Act::Escalate { epoch, seen } => {
            (*epoch, *seen) = (custody.epoch(), custody.turn());
        }
        Act::Reopen { seen } => *seen = custody.turn(),
        _ => {}
    }
    event
}

fn accepts_without_the_epoch(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let accepts = matches!(event.act, Act::Accept { .. });
    if accepts { apply(custody, &as_if_new(custody, event)) } else { apply(custody, event) }
}

fn begins_on_an_old_view(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let accepts = matches!(event.act, Act::Accept { .. });
    if accepts { apply(custody, event) } else { apply(custody, &as_if_new(custody, event)) }
}

fn accepts_from_anybody(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let mut event = event.clone();
    if let (Act::Accept { by, .. }, Some(open)) = (&mut event.act, custody.offer()) {
        *by = open.to;
    }
    apply(custody, &event)
}

fn forgets_a_failed_offer(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let expired = matches!(event.act, Act::Expire { .. });
    Ok(if expired { tampered(&next, |stored| stored["round"] = Value::Null) } else { next })
}

fn forgets_who_passed(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let due = next.round().is_some_and(|round| round.offer.is_none());
    Ok(if due { tampered(&next, |stored| stored["round"]["passed"] = json!([])) } else { next })
}

fn moves_the_holder_on_publication(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let Act::Publish { named } = &event.act else { return Ok(next) };
    Ok(tampered(&next, |stored| {
        stored["holder"] = json!(named.owner);
        stored["round"] = Value::Null;
    }))
}

fn drops_what_the_matrix_asks(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let published = matches!(event.act, Act::Publish { .. });
    Ok(if published { tampered(&next, |stored| stored["round"] = Value::Null) } else { next })
}

fn forgets_the_matrix_while_closed(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let reopened = matches!(event.act, Act::Reopen { .. });
    Ok(if reopened { tampered(&next, |stored| stored["round"] = Value::Null) } else { next })
}

fn takes_an_older_version(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    if matches!(&event.act, Act::Publish { named } if named != custody.named()) {
        return apply(&tampered(custody, |stored| stored["named"]["version"] = json!(0)), event);
    }
    apply(custody, event)
}

fn closes_and_leaves_the_offer(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let round = serde_json::to_value(custody.round()).expect("a round can be stored");
    let closed = matches!(event.act, Act::Close { .. });
    Ok(if closed { tampered(&next, |stored| stored["round"] = round) } else { next })
}

fn accepts_without_counting(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let accepted = matches!(event.act, Act::Accept { .. });
    Ok(if accepted { tampered(&next, |stored| stored["epoch"] = json!(custody.epoch())) } else { next })
}

fn escalates_to_nobody(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    let next = apply(custody, event)?;
    let failed = matches!(event.act, Act::Decline { .. }) && next.round().is_none();
    let reason = custody.round().map(|round| round.reason);
    Ok(if failed {
        tampered(&next, |stored| {
            stored["round"] = json!({ "reason": reason, "passed": [0, 1, 2], "offer": null });
        })
    } else {
        next
    })
}

fn only_the_silent_owner_closes(custody: &Custody<Party>, event: &Event<Party>) -> Judged {
    match &event.act {
        Act::Close { by, .. } if *by != custody.named().owner => Err(Refused::NotYoursToClose),
        _ => apply(custody, event),
    }
}

#[test]
fn a_rule_that_is_slightly_wrong_is_found() {
    let wrong: [(&str, Rule); 13] = [
        ("an accepted offer was open and addressed", accepts_without_the_epoch),
        ("an accepted offer was open and addressed", accepts_from_anybody),
        ("nothing counts that was decided on an older view", begins_on_an_old_view),
        ("a failed offer escalates", forgets_a_failed_offer),
        ("whoever passed is not asked again", forgets_who_passed),
        ("only acceptance moves custody", moves_the_holder_on_publication),
        ("a changed owner is asked", drops_what_the_matrix_asks),
        ("a changed owner is asked", forgets_the_matrix_while_closed),
        ("an older word of the matrix never counts", takes_an_older_version),
        ("nothing is on offer when closed", closes_and_leaves_the_offer),
        ("the epoch counts the moves", accepts_without_counting),
        ("an open ticket can be accepted", escalates_to_nobody),
        ("a ticket can be closed though its owner is silent", only_the_silent_owner_closes),
    ];
    for (promise, rule) in wrong {
        assert!(breaks(rule, effects, promise), "nobody sees that it does not hold that {promise}");
    }
}

type Before<'a> = Option<&'a Custody<Party>>;

fn forgets_the_escalation(before: Before<'_>, after: &Custody<Party>) -> Vec<Effect<Party>> {
    let mut all = effects(before, after);
    all.retain(|effect| !matches!(effect, Effect::Arm(Some(Timer::Escalate { .. }))));
    all
}

fn tells_nobody_of_a_move(before: Before<'_>, after: &Custody<Party>) -> Vec<Effect<Party>> {
    let mut all = effects(before, after);
    all.retain(|effect| !matches!(effect, Effect::Tell { news: News::Displaced, .. }));
    all
}

fn asks_without_a_word(before: Before<'_>, after: &Custody<Party>) -> Vec<Effect<Party>> {
    let mut all = effects(before, after);
    let escalated = before.is_some_and(|before| before.offer().is_none() && before.round().is_some());
    all.retain(|effect| !(escalated && matches!(effect, Effect::Tell { news: News::Offered(_), .. })));
    all
}

#[test]
fn what_follows_and_is_forgotten_is_found() {
    let wrong: [(&str, Follows); 3] = [
        ("an open ticket has an armed timer, a closed one none", forgets_the_escalation),
        ("exactly one holder, who knows it", tells_nobody_of_a_move),
        ("whoever is asked was told and is not the holder", asks_without_a_word),
    ];
    for (promise, follows) in wrong {
        assert!(breaks(apply, follows, promise), "nobody sees that it does not hold that {promise}");
    }
}
