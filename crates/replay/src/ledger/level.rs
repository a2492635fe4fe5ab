//! Counting custody chains at one level: by team, by line or by party.

use remit_core::At;
use remit_custody::{Chain, Held, Way};
use rustc_hash::FxHashMap;

use crate::names::NameId;
use crate::quantiles::Quantiles;

/// How a ticket ended, as far as it concerns the counting.
pub(crate) struct Ending {
    /// Whether it counts as resolved.
    pub resolved: bool,
    /// Whether the promise was kept, where the log says so.
    pub sla_kept: Option<bool>,
    /// When its status last turned to resolved, or to closed when it never was resolved.
    pub solved_at: Option<At>,
}

/// What one holder did.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    pub tickets: u64,
    pub resolved: u64,
    pub hand_offs_in: u64,
    pub hand_offs_out: u64,
    pub hand_backs: u64,
    pub bounces: u64,
    pub held: Held,
    pub working: Quantiles,
    pub waiting: Quantiles,
    pub sla_kept: u64,
    pub sla_missed: u64,
    pub first: u64,
}

/// How many durations of one holder are kept one by one.
const EXACT: usize = 2048;

impl Tally {
    fn new() -> Self {
        Self {
            tickets: 0,
            resolved: 0,
            hand_offs_in: 0,
            hand_offs_out: 0,
            hand_backs: 0,
            bounces: 0,
            held: Held::default(),
            working: Quantiles::new(EXACT),
            waiting: Quantiles::new(EXACT),
            sla_kept: 0,
            sla_missed: 0,
            first: 0,
        }
    }
}

/// The totals of one level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Totals {
    pub hand_offs: u64,
    pub hand_backs: u64,
    pub bounces: u64,
    pub ping_pongs: u64,
    pub bounced_tickets: u64,
    /// Tickets that bounced three times or more.
    pub thrice_bounced: u64,
}

/// All holders of one level.
#[derive(Debug, Default)]
pub(crate) struct Level {
    pub tallies: Vec<Tally>,
    pub unassigned: Held,
    pub totals: Totals,
    /// Hand-offs by (from, to).
    pub pairs: FxHashMap<(NameId, NameId), u64>,
    /// A → B → A by (smaller, larger) number.
    pub ping_pongs: FxHashMap<(NameId, NameId), u64>,
    /// Tickets by their number of hand-offs; the last place holds those with more.
    pub by_hand_offs: Vec<u64>,
}

/// The last place of [`Level::by_hand_offs`].
pub(crate) const MOST_HAND_OFFS: usize = 10;
/// From this many bounces on, both leads should look at a ticket.
const MANY_BOUNCES: usize = 3;

impl Level {
    fn of(&mut self, holder: NameId) -> &mut Tally {
        let place = holder as usize;
        while self.tallies.len() <= place {
            self.tallies.push(Tally::new());
        }
        &mut self.tallies[place]
    }

    /// Counts one ticket's chain.
    pub fn count(&mut self, chain: &Chain<NameId>, ending: &Ending) {
        for (n, &holder) in chain.holders().iter().enumerate() {
            let held = chain.held(Some(holder));
            let tally = self.of(holder);
            tally.tickets += 1;
            tally.first += u64::from(n == 0);
            tally.working.add(held.working);
            tally.waiting.add(held.waiting);
            add(&mut tally.held, held);
        }
        add(&mut self.unassigned, chain.held(None));
        self.count_moves(chain);
        if let Some(solver) = ending.solved_at.and_then(|at| solver(chain, at)).filter(|_| ending.resolved) {
            let tally = self.of(solver);
            tally.resolved += 1;
            tally.sla_kept += u64::from(ending.sla_kept == Some(true));
            tally.sla_missed += u64::from(ending.sla_kept == Some(false));
        }
    }

    fn count_moves(&mut self, chain: &Chain<NameId>) {
        let moves = chain.hand_offs();
        for hand_off in moves {
            *self.pairs.entry((hand_off.from, hand_off.to)).or_default() += 1;
            let giver = self.of(hand_off.from);
            giver.hand_offs_out += 1;
            giver.hand_backs += u64::from(hand_off.way == Way::Back);
            let taker = self.of(hand_off.to);
            taker.hand_offs_in += 1;
            taker.bounces += u64::from(hand_off.bounce);
            if hand_off.ping_pong {
                let pair = (hand_off.from.min(hand_off.to), hand_off.from.max(hand_off.to));
                *self.ping_pongs.entry(pair).or_default() += 1;
            }
        }
        let bounces = chain.bounces();
        self.totals.hand_offs += moves.len() as u64;
        self.totals.hand_backs += chain.hand_backs() as u64;
        self.totals.bounces += bounces as u64;
        self.totals.ping_pongs += chain.ping_pongs() as u64;
        self.totals.bounced_tickets += u64::from(bounces > 0);
        self.totals.thrice_bounced += u64::from(bounces >= MANY_BOUNCES);
        self.by_hand_offs.resize(MOST_HAND_OFFS + 1, 0);
        self.by_hand_offs[moves.len().min(MOST_HAND_OFFS)] += 1;
    }
}

/// Whoever held the ticket at `at`; of an instant with several holders, the last.
fn solver(chain: &Chain<NameId>, at: At) -> Option<NameId> {
    chain.segments().iter().rev().find(|segment| segment.from <= at).and_then(|segment| segment.holder)
}

/// Adds up over tickets; stops at the largest number instead of failing on a log with absurd dates.
fn add(sum: &mut Held, held: Held) {
    sum.working = sum.working.saturating_add(held.working);
    sum.waiting = sum.waiting.saturating_add(held.waiting);
    sum.done = sum.done.saturating_add(held.done);
}
