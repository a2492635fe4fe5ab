//! The calendar axis that columns and lines share.

use jiff::civil::Date;

use super::canvas::{Canvas, SMALL};
use crate::text::width as text_width;

/// Dates from a first to a last day over some pixels.
pub struct Days {
    first: Date,
    count: f64,
    left: f64,
    pixels: f64,
}

impl Days {
    /// An axis that holds all `dates`; `after` more days follow the last (the length of its period).
    pub fn new(dates: impl Iterator<Item = Date>, after: u32, (left, pixels): (f64, f64)) -> Self {
        let (first, last) =
            dates.fold((Date::MAX, Date::MIN), |(first, last), date| (first.min(date), last.max(date)));
        let first = if first > last { Date::ZERO } else { first };
        let days = f64::from(days_between(first, last).max(0)) + f64::from(after);
        Self { first, count: days.max(1.0), left, pixels }
    }

    /// Pixels of a date.
    pub fn at(&self, date: Date) -> f64 {
        self.left + f64::from(days_between(self.first, date)) / self.count * self.pixels
    }

    /// Pixels of a number of days.
    pub fn long(&self, days: u32) -> f64 {
        f64::from(days) / self.count * self.pixels
    }

    /// Months below the plot (years when there are many), a tick at each first day; labels that would touch are left out.
    pub fn label(&self, canvas: &mut Canvas, y: f64) {
        let mut free = f64::MIN;
        let mut year = None;
        for date in self.starts() {
            let x = self.at(date);
            canvas.line("axis", (x, y), (x, y + 4.0));
            let name = month_name(date, year);
            if x >= free && x + text_width(&name, SMALL) <= self.left + self.pixels {
                canvas.text("small quiet", x, y + 16.0, &name);
                free = x + text_width(&name, SMALL) + 10.0;
                year = Some(date.year());
            }
        }
    }

    /// The days that get a tick.
    fn starts(&self) -> Vec<Date> {
        let months = (self.count / 30.0).ceil() as i32;
        let step = match months {
            ..=14 => 1,
            15..=40 => 3,
            41..=150 => 12,
            _ => 120,
        };
        let mut ticks = Vec::new();
        let mut month = i32::from(self.first.year()) * 12 + i32::from(self.first.month()) - 1;
        month += i32::from(self.first.day() > 1);
        month += (step - month.rem_euclid(step)) % step;
        while let Some(date) = first_of(month) {
            if f64::from(days_between(self.first, date)) > self.count {
                break;
            }
            ticks.push(date);
            month += step;
        }
        // Too short a time to cross two such days is named by where it begins.
        if ticks.len() < 2 && ticks.first() != Some(&self.first) {
            ticks.insert(0, self.first);
        }
        ticks
    }
}

fn month_name(date: Date, year: Option<i16>) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    let day = if date.day() > 1 { format!("{} ", date.day()) } else { String::new() };
    if year == Some(date.year()) { format!("{day}{month}") } else { format!("{day}{month} {}", date.year()) }
}

fn first_of(month: i32) -> Option<Date> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
