//! The holidays of one or more regions taken together.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::rule::Country;
use super::{UnknownRegion, atlas, compute};

/// The public holidays of a set of regions; empty for no region.
///
/// A copy is cheap and shares what has been computed: each year is worked out once per set, on first use.
/// Two sets are equal when they name the same regions, in any order.
#[derive(Clone)]
pub struct HolidaySet(Arc<Inner>);

struct Inner {
    codes: Vec<&'static str>,
    places: Vec<(&'static Country, usize)>,
    years: [OnceLock<Vec<Holiday>>; YEARS],
}

/// The first year with rules.
const FIRST: i16 = 2010;
/// The last year with rules.
const LAST: i16 = 2050;
const YEARS: usize = (LAST - FIRST + 1) as usize;

/// One holiday in one region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day that is kept.
    pub date: Date,
    /// The English name; a substitute day ends in `(observed)`, a day not yet announced in `(estimated)`.
    pub name: String,
    /// Whether this is a substitute for a holiday that falls on another day, such as a Saturday.
    pub observed: bool,
    /// The code, as in the set, of the region that keeps it. Regions that share a day have an entry each.
    pub region: String,
}

impl HolidaySet {
    /// The years for which holidays are known. Outside them a set has none: ask before relying on an absence.
    pub const YEARS: RangeInclusive<i16> = FIRST..=LAST;

    /// The holidays of every region named: ISO 3166-1 codes (`US`) and ISO 3166-2 codes (`US-CA`, `GB-SCT`), in
    /// either case. A region includes the holidays of its country, except those that it does not keep; a country
    /// alone has the days that all of its regions share (the United States: the federal ones), which for `GB` or `AU`
    /// are few.
    ///
    /// The first code without rules is an error that suggests what was meant.
    pub fn parse<S: AsRef<str>>(codes: &[S]) -> Result<Self, UnknownRegion> {
        let mut places = Vec::with_capacity(codes.len());
        for code in codes {
            let canonical = code.as_ref().trim().to_ascii_uppercase();
            let place = atlas::find(&canonical).ok_or_else(|| UnknownRegion::new(code.as_ref()))?;
            places.push(place);
        }
        let code = |&(country, place): &(&'static Country, usize)| country.places[place].code.as_str();
        places.sort_by_key(code);
        places.dedup_by_key(|place| code(place));
        let codes = places.iter().map(code).collect();
        Ok(Self(Arc::new(Inner { codes, places, years: [const { OnceLock::new() }; YEARS] })))
    }

    /// No region, and so no holiday.
    pub fn none() -> Self {
        Self::parse::<&str>(&[]).expect("no code is unknown")
    }

    /// The codes of the regions, sorted, each once.
    pub fn codes(&self) -> &[&'static str] {
        &self.0.codes
    }

    /// The name of the holiday on a date, if there is one in any of the regions. When there are several, the
    /// first by name.
    pub fn on(&self, date: Date) -> Option<&str> {
        let days = self.year(date.year());
        let at = days.partition_point(|day| day.date < date);
        days.get(at).filter(|day| day.date == date).map(|day| day.name.as_str())
    }

    /// The holidays of a year by date, name and region; none outside [`Self::YEARS`].
    pub fn in_year(&self, year: i16) -> Vec<Holiday> {
        self.year(year).to_vec()
    }

    fn year(&self, year: i16) -> &[Holiday] {
        if !Self::YEARS.contains(&year) {
            return &[];
        }
        self.0.years[usize::from((year - FIRST).unsigned_abs())].get_or_init(|| self.compute(year))
    }

    fn compute(&self, year: i16) -> Vec<Holiday> {
        let mut days = Vec::new();
        for (&(country, place), code) in self.0.places.iter().zip(&self.0.codes) {
            days.extend(compute::year(country, place, year).into_iter().map(|day| Holiday {
                date: day.date,
                name: day.name,
                observed: day.observed,
                region: (*code).to_owned(),
            }));
        }
        days.sort();
        days
    }
}

impl Default for HolidaySet {
    fn default() -> Self {
        Self::none()
    }
}

impl PartialEq for HolidaySet {
    fn eq(&self, other: &Self) -> bool {
        self.0.codes == other.0.codes
    }
}

impl Eq for HolidaySet {}

impl fmt::Debug for HolidaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HolidaySet").field(&self.0.codes).finish()
    }
}
