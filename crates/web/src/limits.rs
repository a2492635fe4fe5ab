//! How often somebody may ask: rate limits by a key that the caller chooses, an address, a person, an API key.
//!
//! Take the key from what is proven. A header that the caller can write, such as `X-Forwarded-For` without a trusted proxy,
//! is a key of their choice.

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::Error;

/// Sixteen bytes of the hash of a key: as many for a long key as for a short one, and nothing of the key is kept.
type Hashed = [u8; 16];

/// So many requests in a time, for each key; they come back one by one.
pub struct Limit<C: Clock = DefaultClock> {
    name: &'static str,
    count: NonZeroU32,
    window: Duration,
    most_keys: usize,
    full: AtomicU64,
    clock: C,
    limiter: RateLimiter<Hashed, DashMapStateStore<Hashed>, C, StateInformationMiddleware>,
}

/// Keys that are told apart unless said otherwise; about 10 MB.
const KEYS: usize = 100_000;
/// Groups that newcomers share while all keys are taken.
const CROWDS: u64 = 1_024;
/// Requests with all keys taken, of which one looks for keys that have recovered.
const SWEEP: u64 = 1_024;

impl Limit {
    /// `count` requests in `window`. The name stands in headers: a few small letters.
    pub fn new(name: &'static str, count: NonZeroU32, window: Duration) -> Self {
        Self::with_clock(name, count, window, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limit<C> {
    /// The same with a clock of the caller's. A window of no time is taken as one second.
    pub fn with_clock(name: &'static str, count: NonZeroU32, window: Duration, clock: C) -> Self {
        let window = if window.is_zero() { Duration::from_secs(1) } else { window };
        let each = (window / count.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(each).expect("a period is longer than nothing").allow_burst(count);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        Self { name, count, window, most_keys: KEYS, full: AtomicU64::new(0), clock, limiter }
    }

    /// Tells at most so many keys apart. When they are all in use, newcomers share 1,024 groups.
    #[must_use]
    pub fn most_keys(mut self, most: usize) -> Self {
        self.most_keys = most;
        self
    }

    /// Counts a request.
    pub fn check(&self, key: &str) -> Result<Allowance, Refusal> {
        let key = self.place(key);
        let policy = self.policy();
        match self.limiter.check_key(&key) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let used = self.count.get().saturating_sub(left);
                let reset = self.window.mul_f64(f64::from(used) / f64::from(self.count.get()));
                Ok(Allowance { name: self.name, policy, left, reset_s: ceil(reset) })
            }
            Err(until) => {
                let wait = ceil(until.wait_time_from(self.clock.now())).max(1);
                Err(Refusal(Allowance { name: self.name, policy, left: 0, reset_s: wait }))
            }
        }
    }

    /// How many keys are remembered.
    pub fn keys(&self) -> usize {
        self.limiter.len()
    }

    fn policy(&self) -> String {
        format!("\"{}\";q={};w={}", self.name, self.count, ceil(self.window))
    }

    /// Where a key is counted. Keys that have recovered are forgotten when room is needed.
    fn place(&self, key: &str) -> Hashed {
        let hash = blake3::hash(key.as_bytes());
        let (first, _) = hash.as_bytes().split_first_chunk::<16>().expect("a hash has 32 bytes");
        let full = self.limiter.len() >= self.most_keys;
        // Looking through all keys is slow, so a flood of new ones makes it happen for few of them only.
        if full && self.full.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP) {
            self.limiter.retain_recent();
        }
        if self.limiter.len() < self.most_keys {
            return *first;
        }
        let crowd = u128::from_be_bytes(*first) % u128::from(CROWDS);
        crowd.to_be_bytes()
    }
}

/// Whole seconds, the begun one included.
fn ceil(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// What is left after a request that was allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    name: &'static str,
    policy: String,
    left: u32,
    reset_s: u64,
}

impl Allowance {
    /// Requests that are left now.
    pub fn left(&self) -> u32 {
        self.left
    }

    /// Tells the caller, as the draft `httpapi-ratelimit-headers` of the IETF has it.
    pub fn on(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        let state = format!("\"{}\";r={};t={}", self.name, self.left, self.reset_s);
        for (name, value) in [("ratelimit-policy", &self.policy), ("ratelimit", &state)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// Too many requests. As a response it is a 429 that says when to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Allowance);

impl Refusal {
    /// Seconds until another request is allowed, at least one.
    pub fn retry_after_s(&self) -> u64 {
        self.0.reset_s
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.on(Error::TooMany { retry_after_s: self.0.reset_s })
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::TooMany { retry_after_s: refusal.0.reset_s }
    }
}
