//! The rule files, built in and read on first use.

use std::sync::OnceLock;

use super::rule::{Country, Place};
use super::text;

/// A built-in rule file.
struct Sheet {
    code: &'static str,
    text: &'static str,
    country: OnceLock<Country>,
}

impl Sheet {
    const fn new(code: &'static str, text: &'static str) -> Self {
        Self { code, text, country: OnceLock::new() }
    }

    fn country(&self) -> &Country {
        self.country.get_or_init(|| text::parse(self.text).expect("the built-in rules are read by a test"))
    }
}

static SHEETS: [Sheet; 3] = [
    Sheet::new("DE", include_str!("data/de.txt")),
    Sheet::new("GB", include_str!("data/gb.txt")),
    Sheet::new("US", include_str!("data/us.txt")),
];

/// The country of a code such as `DE` or `DE-BY`, and which of its places is meant.
pub(super) fn find(code: &str) -> Option<(&'static Country, usize)> {
    let country = country(code.split('-').next()?)?;
    let place = country.places.iter().position(|place| place.code == code)?;
    Some((country, place))
}

/// The country with this ISO 3166-1 code, upper case.
pub(super) fn country(code: &str) -> Option<&'static Country> {
    SHEETS.iter().find(|sheet| sheet.code == code).map(Sheet::country)
}

/// Every country and region, by code.
pub(super) fn places() -> impl Iterator<Item = &'static Place> {
    SHEETS.iter().flat_map(|sheet| &sheet.country().places)
}
