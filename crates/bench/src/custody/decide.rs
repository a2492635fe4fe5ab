//! What parties and timers decide when they look at the ticket.

use remit_custody::{Act, Custody};

use super::world::{Message, PARTIES, Party};

/// How large a world is looked at. Within it, every state is.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Nobody offers the ticket once it has moved this often.
    pub epochs: u32,
    /// Nobody offers, closes or reopens it after this many turns.
    pub turns: u32,
    /// So many messages are on their way at once.
    pub in_flight: usize,
    /// So many words of the matrix come after the first.
    pub words: u8,
    /// So many steps of the clock.
    pub ticks: u8,
}

/// Everything that somebody who looks at `custody` could decide, and a stranger who answers an offer made to another.
pub fn decisions(custody: &Custody<Party>, bounds: Bounds) -> Vec<Message> {
    let mut acts = Vec::new();
    let more = custody.turn().0 < bounds.turns;
    if custody.is_closed() {
        acts.extend(more.then_some(Act::Reopen { seen: custody.turn() }));
    } else {
        answers(custody, &mut acts);
        if more {
            beginnings(custody, bounds, &mut acts);
        }
    }
    let words = (0..bounds.words).map(Message::Word);
    acts.into_iter().map(Message::Act).chain(words).collect()
}

fn answers(custody: &Custody<Party>, acts: &mut Vec<Act<Party>>) {
    let (epoch, by) = (custody.epoch(), *custody.holder());
    let Some(open) = custody.offer() else { return };
    let offer = open.turn;
    let stranger = PARTIES.into_iter().find(|party| *party != open.to && *party != by);
    for by in [open.to].into_iter().chain(stranger) {
        acts.push(Act::Accept { epoch, offer, by });
    }
    acts.push(Act::Decline { epoch, offer, by: open.to });
    acts.push(Act::Expire { epoch, offer });
    acts.push(Act::Recall { epoch, offer, by });
}

fn beginnings(custody: &Custody<Party>, bounds: Bounds, acts: &mut Vec<Act<Party>>) {
    let (epoch, seen, by) = (custody.epoch(), custody.turn(), *custody.holder());
    let owner = custody.named().owner;
    acts.push(Act::Close { epoch, seen, by: owner });
    if by != owner {
        acts.push(Act::Close { epoch, seen, by });
    }
    match custody.round() {
        Some(round) if round.offer.is_none() => acts.push(Act::Escalate { epoch, seen }),
        None if epoch.0 < bounds.epochs => {
            let others = PARTIES.into_iter().filter(|to| *to != by);
            acts.extend(others.map(|to| Act::Offer { epoch, seen, by, to }));
            acts.extend(custody.giver().map(|_| Act::HandBack { epoch, seen, by }));
            acts.extend((by != owner).then_some(Act::Return { epoch, seen, by }));
        }
        Some(_) | None => {}
    }
}
