//! A clock that is set by hand, for tickets that were opened long ago.

use std::sync::atomic::{AtomicI64, Ordering};

use remit_app::Clock;
use remit_core::At;

/// A clock that stands still until it is set.
pub struct Dial(AtomicI64);

impl Dial {
    /// One that stands at an instant.
    pub fn new(at: At) -> Self {
        Self(AtomicI64::new(at.millis()))
    }

    /// Sets it.
    pub fn set(&self, at: At) {
        self.0.store(at.millis(), Ordering::Relaxed);
    }
}

impl Clock for Dial {
    fn now(&self) -> At {
        At::from_millis(self.0.load(Ordering::Relaxed))
    }
}
