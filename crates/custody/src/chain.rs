//! The custody chain of one ticket: what its events say about who held it and how it moved.

use remit_core::At;
use serde::{Deserialize, Serialize};

use crate::bounce::Bounces;
use crate::path::{Path, Way};

/// What the holder was doing with the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The holder could work on it.
    Working,
    /// It waited for somebody outside: the requester, a vendor, evidence.
    Waiting,
    /// It was solved and waited to be closed.
    Done,
}

/// A stretch of time with one holder and one phase: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment<H> {
    /// Who held the ticket; `None` before the first known holder.
    pub holder: Option<H>,
    /// When the stretch began.
    pub from: At,
    /// When it ended.
    pub to: At,
    /// What was done meanwhile.
    pub phase: Phase,
}

impl<H> Segment<H> {
    /// Its length in milliseconds, zero or more.
    pub fn millis(&self) -> i64 {
        self.to.millis() - self.from.millis()
    }
}

/// One change of holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff<H> {
    /// When.
    pub at: At,
    /// Who gave it.
    pub from: H,
    /// Who took it.
    pub to: H,
    /// [`Way::Back`] is a hand-back: it returns to the one who handed it over.
    pub way: Way,
    /// A bounce: the taker has held it before, however long ago.
    pub bounce: bool,
    /// The last three holders are A, B, A. In A → B → A → B the second B is one too, though not a hand-back.
    pub ping_pong: bool,
}

/// Time one holder had the ticket, in milliseconds, and how often it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Held {
    /// Time in [`Phase::Working`].
    pub working: i64,
    /// Time in [`Phase::Waiting`].
    pub waiting: i64,
    /// Time in [`Phase::Done`].
    pub done: i64,
}

impl Held {
    /// All three together.
    pub fn total(&self) -> i64 {
        self.working + self.waiting + self.done
    }

    /// Adds `millis` to the phase it belongs to.
    pub fn add(&mut self, phase: Phase, millis: i64) {
        match phase {
            Phase::Working => self.working += millis,
            Phase::Waiting => self.waiting += millis,
            Phase::Done => self.done += millis,
        }
    }
}

/// An unbroken stay of the ticket with one holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stint<H> {
    /// Who held it.
    pub holder: H,
    /// When it came.
    pub from: At,
    /// When it left, or the end of the chain.
    pub to: At,
    /// The time by phase; adds up to `to - from`.
    pub held: Held,
}

/// An event lies before the one already told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event at {} ms comes after one at {} ms: tell a chain its events in the order of time", at.millis(), last.millis())]
pub struct OutOfOrder {
    /// The instant of the refused event.
    pub at: At,
    /// The latest instant told.
    pub last: At,
}

/// The custody chain of one ticket, built by telling it the events in order of time.
///
/// The segments tile the ticket's life: they follow each other without a hole, so the time held adds up to the life exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain<H> {
    segments: Vec<Segment<H>>,
    hand_offs: Vec<HandOff<H>>,
    path: Path<H>,
    bounces: Bounces<H>,
    started: At,
    ended: At,
}

impl<H: Copy + Eq> Chain<H> {
    /// A ticket that began at `at`. `holder` is `None` while nobody is known to hold it.
    pub fn start(at: At, holder: Option<H>, phase: Phase) -> Self {
        let first = Segment { holder, from: at, to: at, phase };
        Self {
            segments: vec![first],
            hand_offs: Vec::new(),
            path: Path::default(),
            bounces: holder.map_or_else(Bounces::default, Bounces::start),
            started: at,
            ended: at,
        }
    }

    /// From `at` on the ticket is with `holder` and in `phase`. A `holder` of `None` means that the event does not say: the
    /// holder stays. The first known holder of a ticket receives no hand-off.
    pub fn tell(&mut self, at: At, holder: Option<H>, phase: Phase) -> Result<(), OutOfOrder> {
        self.end(at)?;
        let now = *self.segments.last().expect("a chain has a segment from its start");
        let holder = holder.or(now.holder);
        if holder == now.holder && phase == now.phase {
            return Ok(());
        }
        if let Some(to) = holder.filter(|_| holder != now.holder) {
            match now.holder {
                Some(from) => self.hand_over(at, from, to),
                None => self.bounces = Bounces::start(to),
            }
        }
        self.segments.push(Segment { holder, from: at, to: at, phase });
        Ok(())
    }

    /// The ticket's story goes on until `at`.
    pub fn end(&mut self, at: At) -> Result<(), OutOfOrder> {
        if at < self.ended {
            return Err(OutOfOrder { at, last: self.ended });
        }
        self.ended = at;
        self.segments.last_mut().expect("a chain has a segment from its start").to = at;
        Ok(())
    }

    fn hand_over(&mut self, at: At, from: H, to: H) {
        let ping_pong = self.hand_offs.last().is_some_and(|last| last.from == to);
        let way = self.path.go(from, &to);
        let bounce = self.bounces.go(&from, &to);
        self.hand_offs.push(HandOff { at, from, to, way, bounce, ping_pong });
    }

    /// The stretches of one holder and phase, in order. A stretch can be empty when two events share an instant.
    pub fn segments(&self) -> &[Segment<H>] {
        &self.segments
    }

    /// The changes of holder, in order.
    pub fn hand_offs(&self) -> &[HandOff<H>] {
        &self.hand_offs
    }

    /// Everyone who held it, in the order of their first time.
    pub fn holders(&self) -> &[H] {
        self.bounces.holders()
    }

    /// The present holder.
    pub fn holder(&self) -> Option<H> {
        self.segments.last().and_then(|segment| segment.holder)
    }

    /// When the ticket began.
    pub fn started(&self) -> At {
        self.started
    }

    /// The latest instant told.
    pub fn ended(&self) -> At {
        self.ended
    }

    /// From the start to the latest instant, in milliseconds.
    pub fn life(&self) -> i64 {
        self.ended.millis() - self.started.millis()
    }

    /// How many of the hand-offs were hand-backs.
    pub fn hand_backs(&self) -> usize {
        self.hand_offs.iter().filter(|hand_off| hand_off.way == Way::Back).count()
    }

    /// How many of the hand-offs brought the ticket back where it had been.
    pub fn bounces(&self) -> usize {
        self.hand_offs.iter().filter(|hand_off| hand_off.bounce).count()
    }

    /// How many of the hand-offs completed an A → B → A.
    pub fn ping_pongs(&self) -> usize {
        self.hand_offs.iter().filter(|hand_off| hand_off.ping_pong).count()
    }

    /// The time with `holder` (`None`: before the first known holder), over all of its stays.
    pub fn held(&self, holder: Option<H>) -> Held {
        let mut held = Held::default();
        for segment in self.segments.iter().filter(|segment| segment.holder == holder) {
            held.add(segment.phase, segment.millis());
        }
        held
    }

    /// The unbroken stays, in order; the time before the first known holder is none.
    pub fn stints(&self) -> impl Iterator<Item = Stint<H>> + '_ {
        self.segments.chunk_by(|a, b| a.holder == b.holder).filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let mut held = Held::default();
            for segment in run {
                held.add(segment.phase, segment.millis());
            }
            Some(Stint { holder: first.holder?, from: first.from, to: last.to, held })
        })
    }
}
