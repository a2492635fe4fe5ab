//! Why a clock shows what it shows, segment by segment.

use remit_core::{At, Millis, Span};
use serde::Serialize;

use crate::calendars::Hour;
use crate::clock::{Clock, Still};
use crate::clocks::Clocks;
use crate::event::Holder;
use crate::hours::Ticks;
use crate::policy::By;
use crate::run::{Pace, Stretch, run};

/// A stretch of a clock's life that counted as a whole or not at all: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Segment {
    /// When it begins.
    pub from: At,
    /// When it ends; the same instant for [`Why::Changed`].
    pub to: At,
    /// Who held the ticket.
    pub holder: Holder,
    /// Who said what is promised; none when nobody did.
    pub by: Option<By>,
    /// Whether it counted, and why not.
    pub why: Why,
    /// What of it counted: all or nothing.
    pub counted: Millis,
}

/// Whether a segment counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It counted.
    Counted,
    /// The hours of the promise were closed.
    Closed,
    /// They were closed for the holiday of this name.
    Holiday(String),
    /// The clock stood still.
    Paused(Still),
    /// Nothing was promised.
    NoPromise,
    /// From this instant on something else is said, with this length; what was used is kept. It has no time of its own.
    Changed {
        /// The new length; none when nothing is promised any more.
        length: Option<Millis>,
    },
}

impl Clocks<'_> {
    /// The life of a clock until it ended, or until now: segments that follow each other without a hole, whose counted parts add up
    /// to what it consumed.
    pub fn explain(&self, clock: &Clock) -> Vec<Segment> {
        let mut told = Told::default();
        if let Some(course) = self.story.courses.get(clock.course) {
            run(self.policy, &self.story, course, |stretch| told.tell(stretch));
        }
        told.segments
    }
}

/// What has been told so far.
#[derive(Debug, Default)]
struct Told {
    segments: Vec<Segment>,
}

impl Told {
    fn tell(&mut self, stretch: &Stretch<'_>) {
        let by = stretch.spoken.map(|spoken| spoken.by);
        if self.segments.last().is_some_and(|last| last.by != by) {
            let length = stretch.spoken.and_then(|spoken| spoken.within).map(|within| within.length);
            self.add(stretch, Span::new(stretch.from, stretch.from), Why::Changed { length });
        }
        let whole = Span::new(stretch.from, stretch.to);
        match stretch.pace {
            Pace::Still(still) => self.add(stretch, whole, Why::Paused(still)),
            Pace::Idle => self.add(stretch, whole, Why::NoPromise),
            Pace::Runs(counted) => match counted.ticks {
                Ticks::EveryMinute => self.add(stretch, whole, Why::Counted),
                Ticks::Open(hours) => {
                    for (span, hour) in hours.cut(whole) {
                        let why = match hour {
                            Hour::Open => Why::Counted,
                            Hour::Closed => Why::Closed,
                            Hour::Holiday(name) => Why::Holiday(name),
                        };
                        self.add(stretch, span, why);
                    }
                }
            },
        }
    }

    /// Adds a segment, or lengthens the last one when it says the same.
    fn add(&mut self, stretch: &Stretch<'_>, span: Span, why: Why) {
        let (holder, by) = (stretch.holder, stretch.spoken.map(|spoken| spoken.by));
        let counted = if why == Why::Counted { span.length() } else { Millis::ZERO };
        let (from, to) = (span.start, span.end);
        match self.segments.last_mut() {
            Some(last) if (last.holder, last.by, &last.why) == (holder, by, &why) => {
                last.to = to;
                last.counted = last.counted + counted;
            }
            _ => self.segments.push(Segment { from, to, holder, by, why, counted }),
        }
    }
}
