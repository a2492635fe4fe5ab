//! The words that every other crate speaks: ids, instants, zones, working calendars, business time, holidays and money.
//!
//! Nothing here reads a clock, a file or a network: time and randomness are arguments. Instants are UTC milliseconds
//! ([`At`]); wall-clock time only exists together with a [`Zone`]; everything that recurs is expanded into UTC intervals
//! ([`Spans`]) once, by [`WorkingCalendar::open`], and all daylight-saving policy lives in that expansion ([`Edge`]).
//!
//! ```
//! use remit_core::{At, BusinessTime, Horizon, Millis, Window, Weekday, Weekdays, WorkingCalendar, Zone};
//!
//! let berlin = Zone::parse("Europe/Berlin")?;
//! let office = WorkingCalendar::weekly(berlin.clone(), &[(Weekdays::parse("mon-fri")?, Window::parse("09:00-17:00")?)])?;
//! let horizon = Horizon::months("2026-03-01".parse()?, &berlin, 1);
//! let time = BusinessTime::compile(&office.open(horizon), horizon);
//!
//! let created = At::parse("2026-03-27T16:00:00+01:00")?;
//! let due = time.add(created, "2h".parse::<Millis>()?).expect("inside the horizon");
//! // A weekend and a change of the clocks lie between: Monday 10:00 in Berlin is 08:00 UTC.
//! assert_eq!(due.to_string(), "2026-03-30T08:00:00Z");
//! assert_eq!(Weekday::of(berlin.local(due).date()), Weekday::Monday);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod at;
mod business;
mod calendar;
mod day_number;
pub mod holidays;
mod id;
mod millis;
mod money;
mod slug;
mod span;
mod spans;
mod weekday;
mod window;
mod zone;

pub use at::{At, AtError};
pub use business::BusinessTime;
pub use calendar::{CalendarError, DayPlan, WorkingCalendar};
pub use holidays::{Holiday, HolidaySet, UnknownRegion};
pub use id::{Id, IdError, Kind};
pub use jiff::civil::{Date, DateTime, Time};
pub use millis::{Millis, MillisError};
pub use money::{Currency, Money, MoneyError, Rounding, UnknownCurrency};
pub use slug::{Slug, SlugError};
pub use span::{Horizon, Span};
pub use spans::Spans;
pub use weekday::{Weekday, WeekdayError, Weekdays};
pub use window::{Window, WindowError};
pub use zone::{Edge, Offsets, UnknownZone, Zone, tz_version};
