//! Days of the Gregorian calendar as numbers: 0 is 1970-01-01. The arithmetic is the usual one with years that begin in
//! March, eras of 400 years and 146,097 days, and therefore exact for every year that fits.

use jiff::civil::Date;

/// Milliseconds of a nominal day, the length of every day of UTC.
pub(crate) const DAY: i64 = 86_400_000;
/// Milliseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000;

/// The number of the day `year-month-day`; month and day must be real ones (1-12, 1-31), which callers have checked.
pub(crate) const fn from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day number.
pub(crate) const fn to_civil(number: i64) -> (i64, u8, u8) {
    let shifted = number + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month as u8, day as u8)
}

/// The number of a civil date.
pub(crate) fn of_date(date: Date) -> i64 {
    from_civil(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
}

/// The civil date of a day number; the last or first date there is when the number lies outside the years -9999 to 9999.
pub(crate) fn to_date(number: i64) -> Date {
    let (year, month, day) = to_civil(number.clamp(-4_371_587, 2_932_896));
    Date::new(year as i16, month as i8, day as i8).expect("clamped to the years that a date can have")
}

/// The days of a month (28 to 31).
pub(crate) const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_agree_with_jiff_over_all_its_years() {
        let epoch = Date::new(1970, 1, 1).unwrap();
        for number in (-4_371_587..=2_932_896).step_by(97).chain([-4_371_587, 2_932_896, -1, 0, 1, 59, 60]) {
            let date = to_date(number);
            assert_eq!(of_date(date), number);
            let by_jiff = epoch.until(date).unwrap().get_days();
            assert_eq!(i64::from(by_jiff), number, "{date}");
            assert!(i64::from(date.day()) <= days_in_month(i64::from(date.year()), i64::from(date.month())));
        }
        assert_eq!(to_date(-4_371_587), Date::MIN);
        assert_eq!(to_date(2_932_896), Date::MAX);
        assert_eq!(to_date(i64::MAX), Date::MAX);
    }
}
