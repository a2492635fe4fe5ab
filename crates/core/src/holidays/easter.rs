//! Easter Sunday, Western and Orthodox, as a Gregorian date.

use jiff::civil::{Date, date};

use super::rule::plus;

/// Western Easter Sunday of a year (1583 and later): the anonymous Gregorian computus ("Meeus/Jones/Butcher",
/// Jean Meeus, *Astronomical Algorithms*, 1991, chapter 8).
pub(super) fn western(year: i16) -> Date {
    let year = i32::from(year);
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * sunday) / 451;
    let day = epact + sunday - 7 * late + 114;
    date(year as i16, (day / 31) as i8, (day % 31 + 1) as i8)
}

/// Orthodox Easter Sunday: the Julian computus (Meeus, same chapter), moved to the Gregorian calendar.
/// Right for 1900-2099, where the two calendars are 13 days apart.
pub(super) fn orthodox(year: i16) -> Date {
    let (by_four, by_seven, golden) = (year % 4, year % 7, year % 19);
    let moon = (19 * golden + 15) % 30;
    let sunday = (2 * by_four + 4 * by_seven - moon + 34) % 7;
    let day = moon + sunday + 114;
    plus(date(year, (day / 31) as i8, (day % 31 + 1) as i8), 13)
}
