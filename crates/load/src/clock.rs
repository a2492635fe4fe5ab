//! The time of day, for processes that stand for a server.

use remit_app::Clock;
use remit_core::At;

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "a process of its own, like the server")]
    fn now(&self) -> At {
        At::from_jiff(jiff::Timestamp::now())
    }
}
