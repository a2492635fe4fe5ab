//! The clocks of a ticket: what was promised, how much of it is used and by whom, when it is due, and why.
//!
//! This is the only place where promised time is computed. Nothing here reads a clock, a file or a database: [`Clocks::at`] is a
//! function of a [`Policy`], the [`Event`]s of one ticket and an instant, so whatever is stored of it can be thrown away and
//! computed again.
//!
//! - A [`Rule`] says what is promised for a [`Promise`] in a [`Scope`] from an instant on; the narrowest one speaks, and [`Policy::new`]
//!   refuses two that say different things of which neither is narrower. "Nothing is promised" is something that a rule can say.
//! - [`Calendars`] are dated too, per client and per party. Neither a new rule nor a new calendar changes what was counted before.
//! - The SLA is the frame and runs whoever holds the ticket; the OLA or the UC of a party runs only while that party holds.
//! - A [`Clock`] is read at an instant; [`Clocks::explain`] tells its life segment by segment, [`Clocks::account`] whose minutes were used,
//!   [`Clocks::chained`] what the next holder would find.
//!
//! ```
//! use remit_core::{At, Millis, Slug, Span, Weekdays, Window, WorkingCalendar, Zone};
//! use remit_promise::*;
//!
//! // The client's hours, and four of them for a solution.
//! let at = |text: &str| At::parse(text).expect("the instant is well written");
//! let office = Slug::parse("office")?;
//! let berlin = Zone::parse("Europe/Berlin")?;
//! let calendar = WorkingCalendar::weekly(berlin, &[(Weekdays::parse("mon-fri")?, Window::parse("09:00-17:00")?)])?;
//! let horizon = Span::new(at("2026-01-01T00:00:00Z"), at("2027-02-01T00:00:00Z"));
//! let hours = DatedCalendar { name: office.clone(), of: CalendarOf::Everyone, from: At::MIN, calendar };
//! let rule = Rule {
//!     promise: Promise::RESOLUTION,
//!     scope: Scope { priority: Some("P1".to_owned()), ..Scope::default() },
//!     from: At::MIN,
//!     term: Term::Within(Within::calendar(Millis::from_hours(4), office)),
//! };
//! let policy = Policy::new(vec![rule], Calendars::new(horizon, vec![hours])?).expect("one rule has no rival");
//!
//! // A ticket of Friday afternoon, before the weekend on which the clocks change.
//! let desk = Holder { party: Party { id: PartyId(1), kind: PartyKind::Provider }, team: TeamId(1) };
//! let opened = Event::Opened {
//!     client: ClientId(1),
//!     tier: "gold".to_owned(),
//!     service: Slug::parse("mail")?,
//!     priority: "P1".to_owned(),
//!     holder: desk,
//! };
//! let events = [
//!     (at("2026-03-27T15:00:00+01:00"), opened),
//!     (at("2026-03-27T16:00:00+01:00"), Event::WaitBegan(Wait::Requester)),
//!     (at("2026-03-30T10:00:00+02:00"), Event::WaitEnded(Wait::Requester)),
//! ];
//! let clocks = Clocks::at(&policy, &events, at("2026-03-30T11:00:00+02:00"))?;
//! let frame = clocks.frame().expect("a rule speaks about it");
//! assert_eq!((frame.state, frame.consumed), (State::Running, Millis::from_hours(2)));
//! assert_eq!(frame.due, Some(at("2026-03-30T13:00:00+02:00")));
//! let told: Vec<Why> = clocks.explain(frame).into_iter().map(|segment| segment.why).collect();
//! assert_eq!(told, [Why::Counted, Why::Paused(Still::Waiting(Wait::Requester)), Why::Counted]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendars;
mod clock;
mod clocks;
mod courses;
mod event;
mod explain;
mod hours;
mod id;
mod policy;
mod promise;
mod run;
mod scope;
mod story;

pub use calendars::{CalendarOf, Calendars, CalendarsError, DatedCalendar};
pub use clock::{Clock, State, Still};
pub use clocks::{Account, Chained, Clocks, Share};
pub use event::{Answer, Event, EventError, Holder, Party, PartyKind, Rest, Wait};
pub use explain::{Segment, Why};
pub use id::{ClientId, PartyId, TeamId};
pub use policy::{By, Policy, PolicyError, Rule};
pub use promise::{Hours, Kind, Promise, Target, Term, Waits, Within};
pub use scope::Scope;
