//! What follows from a transition, for the caller to carry out in the same unit of work.

use serde::{Deserialize, Serialize};

use crate::custody::{Custody, Ended, Turn};
use crate::timer::{Timer, timer};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect<H> {
    /// Somebody is to be told something.
    Tell {
        /// Who.
        who: H,
        /// What.
        news: News,
    },
    /// The ticket's timer is this from now on, whatever it was before; `None` when it is closed.
    Arm(Option<Timer>),
    /// Something is wrong with the matrix or its people, and has to be looked at.
    Find(Finding),
}

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// The ticket is yours.
    Holds,
    /// The ticket is no longer yours.
    Displaced,
    /// You are asked to take it.
    Offered(Turn),
    /// An offer that was made to you, or of your ticket, has ended.
    OfferEnded(Turn, Ended),
    /// Your ticket was closed.
    Closed,
    /// Your ticket is open again.
    Reopened,
}

/// What has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Neither the owner nor a fallback took it: the duty manager is needed.
    LastResort,
    /// It goes to and fro: [`Custody::is_bouncing`] says between whom.
    Bouncing,
}

/// What follows from `after` having come out of `before`, in the order to do it. `before` is `None` for a new ticket.
///
/// Read off the two states alone, so no path through the rule can forget it. The states must follow each other directly.
pub fn effects<H: Clone + Eq>(before: Option<&Custody<H>>, after: &Custody<H>) -> Vec<Effect<H>> {
    let mut list = Vec::new();
    hands(before, after, &mut list);
    offers(before, after, &mut list);
    let armed = timer(after);
    if before.is_none_or(|before| timer(before) != armed) {
        list.push(Effect::Arm(armed));
    }
    if after.needs_last_resort() && !before.is_some_and(Custody::needs_last_resort) {
        list.push(Effect::Find(Finding::LastResort));
    }
    if after.is_bouncing().is_some() && before.is_none_or(|before| before.is_bouncing().is_none()) {
        list.push(Effect::Find(Finding::Bouncing));
    }
    list
}

fn tell<H: Clone>(who: &H, news: News) -> Effect<H> {
    Effect::Tell { who: who.clone(), news }
}

fn hands<H: Clone + Eq>(before: Option<&Custody<H>>, after: &Custody<H>, list: &mut Vec<Effect<H>>) {
    let Some(before) = before else {
        list.push(tell(&after.holder, News::Holds));
        return;
    };
    if before.holder != after.holder {
        list.push(tell(&before.holder, News::Displaced));
        list.push(tell(&after.holder, News::Holds));
    }
    match (before.closed, after.closed) {
        (false, true) => list.push(tell(&after.holder, News::Closed)),
        (true, false) => list.push(tell(&after.holder, News::Reopened)),
        _ => {}
    }
}

fn offers<H: Clone + Eq>(before: Option<&Custody<H>>, after: &Custody<H>, list: &mut Vec<Effect<H>>) {
    let was = before.and_then(Custody::offer);
    let is = after.offer();
    if was.map(|offer| offer.turn) == is.map(|offer| offer.turn) {
        return;
    }
    if let (Some(was), Some((turn, how))) = (was, after.ended) {
        let (addressee, holder) = match how {
            // The parties know: they were told who holds it.
            Ended::Accepted => (false, false),
            Ended::Declined => (false, true),
            Ended::Recalled | Ended::Closed => (true, false),
            Ended::Expired | Ended::Replaced => (true, true),
        };
        let news = News::OfferEnded(turn, how);
        list.extend(addressee.then(|| tell(&was.to, news)));
        list.extend(holder.then(|| tell(&after.holder, news)));
    }
    list.extend(is.map(|offer| tell(&offer.to, News::Offered(offer.turn))));
}
