use super::*;
use crate::names::Names;

fn step(minute: i64, state: State) -> Step {
    Step {
        at: At::from_millis(minute * 60_000),
        line: minute as u64,
        row: minute as u64,
        status: 0,
        team: 0,
        person: Names::NONE,
        priority: Names::NONE,
        category: Names::NONE,
        state,
        sla_kept: None,
        support_line: None,
    }
}

fn tell(tickets: &mut Tickets, id: &str, minute: i64, state: State) -> Option<Ticket> {
    match tickets.tell(id.as_bytes(), step(minute, state), None, None).expect("within the limits") {
        Told::Done(ticket) => Some(ticket),
        Told::Kept | Told::Late => None,
    }
}

fn two_kept() -> Tickets {
    Tickets::new(&Limits { closed_kept: 2, ..Limits::default() })
}

#[test]
fn a_closed_ticket_is_folded_when_enough_others_have_closed() {
    let mut tickets = two_kept();
    assert!(tell(&mut tickets, "a", 0, State::Closed).is_none());
    assert!(tell(&mut tickets, "b", 1, State::Closed).is_none());
    assert_eq!(*tell(&mut tickets, "c", 2, State::Closed).unwrap().id, *b"a");
}

#[test]
fn a_reopened_ticket_goes_on_and_is_not_folded() {
    let mut tickets = two_kept();
    tell(&mut tickets, "a", 0, State::Closed);
    tell(&mut tickets, "b", 1, State::Closed);
    tell(&mut tickets, "a", 2, State::Working);
    assert!(tell(&mut tickets, "c", 3, State::Closed).is_none());
    assert_eq!(*tell(&mut tickets, "d", 4, State::Closed).unwrap().id, *b"b");
    let left: Vec<_> = tickets.drain().map(|ticket| (ticket.id.to_vec(), ticket.steps.len())).collect();
    assert!(left.contains(&(b"a".to_vec(), 2)));
}

#[test]
fn an_event_after_the_folding_is_late_and_no_new_ticket() {
    let mut tickets = two_kept();
    for (minute, id) in ["a", "b", "c"].into_iter().enumerate() {
        tell(&mut tickets, id, minute as i64, State::Closed);
    }
    let late = tickets.tell(b"a", step(9, State::Working), None, None).unwrap();
    assert!(matches!(late, Told::Late));
    assert_eq!(tickets.drain().count(), 2);
}

#[test]
fn memory_is_bounded_by_the_limits() {
    let limits = Limits { open_tickets: 3, events_per_ticket: 2, ..Limits::default() };
    let mut tickets = Tickets::new(&limits);
    for id in ["a", "b", "c", "c"] {
        tell(&mut tickets, id, 0, State::Working);
    }
    let error = |told: Result<Told, Problem>| told.err().unwrap().to_string();
    assert!(error(tickets.tell(b"d", step(0, State::Working), None, None)).contains("tickets open at once"));
    assert!(error(tickets.tell(b"c", step(0, State::Working), None, None)).contains("events of one ticket"));
}

#[test]
fn the_latest_event_says_when_a_ticket_was_resolved() {
    let mut tickets = two_kept();
    let (early, late) = (At::from_millis(1), At::from_millis(2));
    tickets.tell(b"a", step(5, State::Working), None, Some(late)).unwrap();
    tickets.tell(b"a", step(3, State::Working), None, Some(early)).unwrap();
    assert_eq!(tickets.drain().next().unwrap().resolved, Some(late));
}
