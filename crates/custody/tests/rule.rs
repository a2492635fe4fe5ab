//! The rule in stories: what happens to one ticket, event by event.

mod desk;

use desk::{Ticket, word};
use remit_custody::{
    Act, Custody, Effect, Ended, Event, Finding, Item, News, Reason, Refused, Step, Timer, Turn, next_ask,
    timer,
};

fn tell(who: char, news: News) -> Effect<char> {
    Effect::Tell { who, news }
}

#[test]
fn a_new_ticket_held_by_another_than_its_owner_is_on_offer_to_the_owner() {
    let ticket = Ticket::held_by('d');
    let offer = ticket.custody.offer().unwrap();
    assert_eq!((offer.to, offer.reason), ('a', Reason::Matrix));
    assert_eq!(*ticket.custody.holder(), 'd');
}

#[test]
fn an_offer_leaves_the_ticket_where_it_is_and_acceptance_tells_the_displaced_holder() {
    let mut ticket = Ticket::new();
    ticket.offer('b').unwrap();
    assert_eq!(*ticket.custody.holder(), 'a');
    let followed = ticket.accept().unwrap();
    assert_eq!(*ticket.custody.holder(), 'b');
    let epoch = ticket.custody.epoch();
    let armed = Effect::Arm(Some(Timer::Attention { epoch }));
    assert_eq!(followed, [tell('a', News::Displaced), tell('b', News::Holds), armed]);
}

#[test]
fn an_answer_that_comes_after_the_recall_is_refused_in_plain_words() {
    let mut ticket = Ticket::new();
    ticket.offer('b').unwrap();
    let accept = ticket.acceptance();
    let followed = ticket.recall().unwrap();
    assert!(followed.contains(&tell('b', News::OfferEnded(Turn(1), Ended::Recalled))), "{followed:?}");
    let refused = ticket.act(accept).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the holder took the offer back, so there is nothing to answer: ask the holder if you want the ticket"
    );
}

#[test]
fn silence_goes_from_the_fallback_to_the_duty_manager_as_often_as_it_takes() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    let mut asked = Vec::new();
    let mut found = Vec::new();
    for _ in 0..5 {
        ticket.fire().unwrap();
        assert!(matches!(timer(&ticket.custody), Some(Timer::Escalate { .. })), "the next offer is due now");
        found.extend(ticket.followed.iter().filter(|effect| matches!(effect, Effect::Find(_))).cloned());
        ticket.fire().unwrap();
        let offer = ticket.custody.offer().unwrap();
        asked.push((offer.to, offer.reason));
    }
    let fallback = Reason::Escalation(Step::Fallback);
    let last = ('m', Reason::Escalation(Step::DutyManager));
    assert_eq!(asked, [('b', fallback), ('c', fallback), last, last, last]);
    assert_eq!(found, [Effect::Find(Finding::LastResort)], "its use is found once");
    assert_eq!(*ticket.custody.holder(), 'a');
    ticket.accept().unwrap();
    assert!(ticket.custody.needs_last_resort(), "and seen while the duty manager holds it");
    ticket.offer('b').unwrap();
    ticket.accept().unwrap();
    assert!(!ticket.custody.needs_last_resort());
}

#[test]
fn the_owner_is_asked_first_when_somebody_else_offers() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    ticket.accept().unwrap();
    ticket.offer('y').unwrap();
    assert_eq!(next_ask(&ticket.custody).map(|ask| (ask.to, ask.step)), Some(('a', Step::Owner)));
    ticket.decline().unwrap();
    ticket.fire().unwrap();
    assert_eq!(ticket.custody.offer().map(|offer| offer.to), Some('a'));
}

#[test]
fn whoever_declined_is_asked_again_only_in_the_next_round() {
    let mut ticket = Ticket::new();
    ticket.offer('b').unwrap();
    ticket.decline().unwrap();
    ticket.fire().unwrap();
    assert_eq!(ticket.custody.offer().map(|offer| offer.to), Some('c'), "b declined already");
    ticket.recall().unwrap();
    ticket.offer('x').unwrap();
    assert_eq!(next_ask(&ticket.custody).map(|ask| ask.to), Some('b'));
}

#[test]
fn a_duty_manager_whom_nobody_relieves_keeps_the_ticket() {
    let mut ticket = Ticket::new();
    ticket.offer('m').unwrap();
    ticket.accept().unwrap();
    ticket.offer('a').unwrap();
    ticket.decline().unwrap();
    ticket.fire().unwrap();
    ticket.decline().unwrap();
    ticket.fire().unwrap();
    assert_eq!(ticket.custody.offer().map(|offer| offer.to), Some('c'));
    let followed = ticket.decline().unwrap();
    assert_eq!((ticket.custody.round(), *ticket.custody.holder()), (None, 'm'));
    assert!(followed.contains(&Effect::Find(Finding::LastResort)), "{followed:?}");
}

#[test]
fn what_is_solved_elsewhere_returns_to_the_owner_to_close() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    ticket.accept().unwrap();
    assert_eq!(ticket.close('x'), Err(Refused::NotYoursToClose));
    ticket.give_back_solved().unwrap();
    let offer = ticket.custody.offer().unwrap();
    assert_eq!((offer.to, offer.reason), ('a', Reason::Solved));
    ticket.accept().unwrap();
    assert_eq!(ticket.give_back_solved(), Err(Refused::OwnerCloses));
    ticket.close('a').unwrap();
    assert!(ticket.custody.is_closed());
    assert_eq!((ticket.custody.holder(), timer(&ticket.custody)), (&'a', None));
}

#[test]
fn whoever_took_it_in_the_owners_place_closes_it() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    assert_eq!(ticket.close('b'), Err(Refused::NotYoursToClose), "a fallback that does not hold it");
    ticket.fire().unwrap();
    ticket.fire().unwrap();
    ticket.accept().unwrap();
    assert_eq!(*ticket.custody.holder(), 'b');
    ticket.close('b').unwrap();
    assert!(ticket.custody.is_closed());
}

#[test]
fn closing_ends_what_is_on_offer_and_reopening_returns_to_the_holder() {
    let mut ticket = Ticket::new();
    ticket.offer('b').unwrap();
    let accept = ticket.acceptance();
    let followed = ticket.close('a').unwrap();
    assert!(followed.contains(&tell('b', News::OfferEnded(Turn(1), Ended::Closed))), "{followed:?}");
    assert!(followed.contains(&Effect::Arm(None)), "{followed:?}");
    assert_eq!(ticket.act(accept.clone()), Err(Refused::Ended(Ended::Closed)));
    assert_eq!(ticket.offer('b'), Err(Refused::Closed));
    let followed = ticket.reopen().unwrap();
    assert_eq!(followed[0], tell('a', News::Reopened));
    assert_eq!((ticket.custody.holder(), ticket.custody.offer()), (&'a', None));
    assert_eq!(ticket.act(accept), Err(Refused::Ended(Ended::Closed)), "nor does the old offer come back");
}

#[test]
fn a_late_copy_of_a_closing_does_not_close_a_reopened_ticket() {
    let mut ticket = Ticket::new();
    let close = Act::Close { epoch: ticket.custody.epoch(), seen: ticket.custody.turn(), by: 'a' };
    ticket.act(close.clone()).unwrap();
    let reopen = Act::Reopen { seen: ticket.custody.turn() };
    ticket.act(reopen.clone()).unwrap();
    assert_eq!(ticket.act(close), Err(Refused::TurnSince));
    assert_eq!(ticket.act(reopen.clone()), Err(Refused::NotClosed));
    ticket.close('a').unwrap();
    assert_eq!(ticket.act(reopen), Err(Refused::TurnSince));
}

#[test]
fn an_owner_who_changed_while_it_was_closed_is_asked_when_it_is_reopened() {
    let mut ticket = Ticket::new();
    ticket.close('a').unwrap();
    ticket.publish(word(2, 0, 'b')).unwrap();
    assert_eq!(ticket.custody.offer(), None);
    ticket.reopen().unwrap();
    let offer = ticket.custody.offer().unwrap();
    assert_eq!((*ticket.custody.holder(), offer.to, offer.reason), ('a', 'b', Reason::Matrix));
}

#[test]
fn a_closing_only_delays_what_the_matrix_asks() {
    let mut ticket = Ticket::new();
    ticket.publish(word(2, 0, 'b')).unwrap();
    ticket.close('b').unwrap();
    assert_eq!(ticket.custody.offer(), None);
    ticket.reopen().unwrap();
    assert_eq!(ticket.custody.offer().map(|offer| offer.to), Some('b'));
}

#[test]
fn a_new_version_and_the_hour_of_one_offer_again_and_older_words_count_nothing() {
    let mut ticket = Ticket::new();
    ticket.publish(word(2, 9, 'b')).unwrap();
    assert_eq!(ticket.custody.offer().map(|offer| offer.to), Some('b'));
    let refused = ticket.publish(word(2, 9, 'b')).unwrap_err();
    assert!(refused.to_string().starts_with("matrix version 2 from"), "{refused}");
    ticket.publish(word(2, 17, 'c')).unwrap();
    assert_eq!(
        ticket.custody.offer().map(|offer| offer.to),
        Some('c'),
        "the hour at which the owner changes"
    );
    ticket.publish(word(3, 1, 'x')).unwrap();
    for late in [word(2, 9, 'b'), word(2, 18, 'y'), word(1, 40, 'a')] {
        assert!(matches!(ticket.publish(late), Err(Refused::OldWord { .. })));
    }
    assert_eq!((ticket.custody.holder(), ticket.custody.offer().map(|offer| offer.to)), (&'a', Some('x')));
}

#[test]
fn a_new_version_with_the_same_owner_disturbs_nothing() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    let offered = ticket.custody.offer().cloned();
    ticket.publish(word(2, 0, 'a')).unwrap();
    assert_eq!(ticket.custody.offer().cloned(), offered);
    ticket.accept().unwrap();
    ticket.publish(word(3, 0, 'a')).unwrap();
    assert_eq!(ticket.custody.round(), None, "a hand-off that was accepted is not called back");
}

#[test]
fn whoever_is_being_asked_and_becomes_the_owner_is_asked_by_the_same_offer() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    let accept = ticket.acceptance();
    let followed = ticket.publish(word(2, 0, 'x')).unwrap();
    assert_eq!(followed, [], "nobody is told again, and the timer stays");
    assert_eq!(ticket.recall(), Err(Refused::NotYoursToRecall), "it is the matrix that asks now");
    ticket.act(accept).unwrap();
    assert_eq!(*ticket.custody.holder(), 'x');
}

#[test]
fn a_version_that_names_the_holder_ends_what_the_one_before_asked() {
    let mut ticket = Ticket::new();
    ticket.publish(word(2, 0, 'b')).unwrap();
    let followed = ticket.publish(word(3, 0, 'a')).unwrap();
    assert_eq!(ticket.custody.round(), None);
    assert!(followed.contains(&tell('b', News::OfferEnded(Turn(1), Ended::Replaced))), "{followed:?}");
}

#[test]
fn a_version_that_goes_back_ends_what_the_one_before_asked_of_a_third() {
    let mut ticket = Ticket::new();
    ticket.offer('x').unwrap();
    ticket.accept().unwrap();
    ticket.publish(word(2, 0, 'b')).unwrap();
    ticket.publish(word(3, 0, 'a')).unwrap();
    assert_eq!((ticket.custody.holder(), ticket.custody.round()), (&'x', None));
}

#[test]
fn a_hand_back_goes_to_whoever_handed_it_over() {
    let mut ticket = Ticket::new();
    assert_eq!(ticket.hand_back(), Err(Refused::NobodyToReturnTo));
    ticket.offer('x').unwrap();
    ticket.accept().unwrap();
    ticket.hand_back().unwrap();
    let offer = ticket.custody.offer().unwrap();
    assert_eq!((offer.to, offer.reason), ('a', Reason::HandBack));
    assert_eq!(offer.way(&ticket.custody), remit_custody::Way::Back);
}

#[test]
fn three_bounces_in_a_row_name_the_parties_and_are_found_once() {
    let mut ticket = Ticket::new();
    let mut found = 0;
    for (taker, moves) in ['x', 'a', 'x', 'a', 'x'].into_iter().zip(1..) {
        ticket.offer(taker).unwrap();
        let followed = ticket.accept().unwrap();
        found += followed.iter().filter(|effect| **effect == Effect::Find(Finding::Bouncing)).count();
        assert_eq!(ticket.custody.is_bouncing().is_some(), moves >= 4, "after {moves} moves");
    }
    assert_eq!(found, 1);
    assert_eq!(ticket.custody.is_bouncing(), Some(&['x', 'a'][..]));
    assert_eq!(ticket.custody.bounces().total(), 4);
}

#[test]
fn a_late_copy_of_an_offer_does_not_offer_again() {
    let mut ticket = Ticket::new();
    let (epoch, seen) = (ticket.custody.epoch(), ticket.custody.turn());
    let offer = Act::Offer { epoch, seen, by: 'a', to: 'x' };
    ticket.act(offer.clone()).unwrap();
    ticket.recall().unwrap();
    assert_eq!(ticket.act(offer), Err(Refused::TurnSince));
}

#[test]
fn an_event_of_another_ticket_is_refused() {
    let custody = Custody::open(Item(7), 'a', word(1, 0, 'a'));
    let event = Event { item: Item(8), act: Act::Publish { named: word(2, 0, 'b') } };
    assert_eq!(remit_custody::apply(&custody, &event), Err(Refused::OtherItem));
}

#[test]
fn only_the_parties_concerned_are_heard() {
    let mut ticket = Ticket::new();
    let (epoch, seen) = (ticket.custody.epoch(), ticket.custody.turn());
    assert_eq!(ticket.act(Act::Offer { epoch, seen, by: 'x', to: 'y' }), Err(Refused::NotTheHolder));
    assert_eq!(ticket.act(Act::Escalate { epoch, seen }), Err(Refused::NothingToEscalate));
    assert_eq!(ticket.offer('a'), Err(Refused::ToTheHolder));
    ticket.offer('x').unwrap();
    let offer = ticket.custody.turn();
    assert_eq!(ticket.act(Act::Accept { epoch, offer, by: 'y' }), Err(Refused::NotTheAddressee));
    assert_eq!(ticket.act(Act::Recall { epoch, offer, by: 'x' }), Err(Refused::NotTheHolder));
    assert_eq!(ticket.act(Act::Decline { epoch, offer: Turn(9), by: 'x' }), Err(Refused::NoSuchOffer));
    assert_eq!(ticket.offer('y'), Err(Refused::OfferOpen));
}

#[test]
fn every_refusal_says_what_to_do() {
    let (epoch, version, since) = (remit_custody::Epoch(1), remit_custody::Version(1), desk::at(1));
    let ended =
        [Ended::Accepted, Ended::Declined, Ended::Recalled, Ended::Expired, Ended::Replaced, Ended::Closed];
    let others = [
        Refused::OtherItem,
        Refused::Stale { decided: epoch, now: epoch },
        Refused::NotTheHolder,
        Refused::NotTheAddressee,
        Refused::ToTheHolder,
        Refused::OfferOpen,
        Refused::NoSuchOffer,
        Refused::TurnSince,
        Refused::NobodyToReturnTo,
        Refused::NothingToEscalate,
        Refused::NotYoursToRecall,
        Refused::OldWord { version, since, now: version, now_since: since },
        Refused::Closed,
        Refused::NotClosed,
        Refused::OwnerCloses,
        Refused::NotYoursToClose,
    ];
    for refused in ended.map(Refused::Ended).into_iter().chain(others) {
        let text = refused.to_string();
        let advice = text.rsplit(": ").next().unwrap();
        let verbs = ["look", "ask", "choose", "wait", "offer", "keep", "reopen", "go on", "close", "return"];
        assert!(text.contains(": ") && verbs.iter().any(|verb| advice.starts_with(verb)), "{text}");
    }
}
