//! Months of a calendar.

use std::fmt;
use std::str::FromStr;

use remit_core::{At, Date, Zone};

/// A month, written as `2027-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of an instant on a wall clock.
    pub fn of(zone: &Zone, at: At) -> Self {
        let day = zone.local(at).date();
        Self { year: day.year(), month: day.month() }
    }

    /// So many months before, or after where it is below zero.
    #[must_use]
    pub fn back(self, months: i32) -> Self {
        let all = i32::from(self.year) * 12 + i32::from(self.month) - 1 - months;
        let year = i16::try_from(all.div_euclid(12)).unwrap_or(self.year);
        let month = i8::try_from(all.rem_euclid(12) + 1).unwrap_or(1);
        Self { year, month }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::ZERO)
    }

    /// For people, such as `January 2027`.
    pub fn words(self) -> String {
        self.first().strftime("%B %Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let odd = || "write a month from 1900-01 on, such as 2027-01".to_owned();
        let (year, month) = text.split_once('-').ok_or_else(odd)?;
        let digits = |text: &str, many| text.len() == many && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(odd());
        }
        let (year, month): (i16, i8) = (year.parse().map_err(|_| odd())?, month.parse().map_err(|_| odd())?);
        if !(1900..=9000).contains(&year) || !(1..=12).contains(&month) {
            return Err(odd());
        }
        Ok(Self { year, month })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_counted() {
        let month: Month = "2027-01".parse().unwrap();
        assert_eq!((month.to_string(), month.words()), ("2027-01".to_owned(), "January 2027".to_owned()));
        assert_eq!(month.back(1).to_string(), "2026-12");
        assert_eq!(month.back(12).to_string(), "2026-01");
        assert_eq!(month.back(-12).to_string(), "2028-01");
        assert_eq!(month.first().to_string(), "2027-01-01");
        for odd in ["", "2027", "2027-13", "2027-00", "2027-1", "+027-01", "1899-12", "2027-01-01", "é027-01"]
        {
            assert!(odd.parse::<Month>().is_err(), "{odd}");
        }
    }
}
