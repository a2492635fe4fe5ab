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

static SHEETS: [Sheet; 29] = [
    Sheet::new("AT", include_str!("data/at.txt")),
    Sheet::new("AU", include_str!("data/au.txt")),
    Sheet::new("BE", include_str!("data/be.txt")),
    Sheet::new("BR", include_str!("data/br.txt")),
    Sheet::new("CA", include_str!("data/ca.txt")),
    Sheet::new("CH", include_str!("data/ch.txt")),
    Sheet::new("CZ", include_str!("data/cz.txt")),
    Sheet::new("DE", include_str!("data/de.txt")),
    Sheet::new("DK", include_str!("data/dk.txt")),
    Sheet::new("ES", include_str!("data/es.txt")),
    Sheet::new("FI", include_str!("data/fi.txt")),
    Sheet::new("FR", include_str!("data/fr.txt")),
    Sheet::new("GB", include_str!("data/gb.txt")),
    Sheet::new("IE", include_str!("data/ie.txt")),
    Sheet::new("IN", include_str!("data/in.txt")),
    Sheet::new("IT", include_str!("data/it.txt")),
    Sheet::new("JP", include_str!("data/jp.txt")),
    Sheet::new("LU", include_str!("data/lu.txt")),
    Sheet::new("MX", include_str!("data/mx.txt")),
    Sheet::new("NL", include_str!("data/nl.txt")),
    Sheet::new("NO", include_str!("data/no.txt")),
    Sheet::new("NZ", include_str!("data/nz.txt")),
    Sheet::new("PH", include_str!("data/ph.txt")),
    Sheet::new("PL", include_str!("data/pl.txt")),
    Sheet::new("PT", include_str!("data/pt.txt")),
    Sheet::new("SE", include_str!("data/se.txt")),
    Sheet::new("SG", include_str!("data/sg.txt")),
    Sheet::new("US", include_str!("data/us.txt")),
    Sheet::new("ZA", include_str!("data/za.txt")),
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
