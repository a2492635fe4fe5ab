//! Public holidays by country and region, computed from built-in rules.
//!
//! The rules are text files in `data/`, one a country, in a small language that `data/README.md` describes
//! together with the sources they were checked against. Nothing is read from disk or network at run time.
//!
//! ```
//! use jiff::civil::date;
//! use remit_core::holidays::HolidaySet;
//!
//! let set = HolidaySet::parse(&["US", "GB-ENG"])?;
//! assert_eq!(set.on(date(2026, 7, 3)), Some("Independence Day (observed)"));
//! assert_eq!(set.on(date(2026, 7, 6)), None);
//! # Ok::<(), remit_core::holidays::UnknownRegion>(())
//! ```

mod atlas;
mod compute;
mod easter;
mod equinox;
mod rule;
mod set;
mod text;
mod unknown;

#[cfg(test)]
mod tests;

pub use set::{Holiday, HolidaySet};
pub use unknown::UnknownRegion;

/// Every country and region that has rules, as (code, English name), by code: `("DE-BY", "Bavaria")`.
pub fn regions() -> Vec<(&'static str, &'static str)> {
    let mut regions: Vec<_> =
        atlas::places().map(|place| (place.code.as_str(), place.name.as_str())).collect();
    regions.sort_unstable();
    regions
}
