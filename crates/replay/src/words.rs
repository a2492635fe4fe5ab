//! Figures as people read them, for the text and the page alike.

use remit_draw::Unit;

use crate::quantiles::Quantile;

/// 24918 → `24,918`.
pub(crate) fn count(value: u64) -> String {
    Unit::count("").figure(value as f64)
}

/// `1 ticket`, `24,918 tickets`.
pub(crate) fn of(value: u64, one: &str, many: &str) -> String {
    Unit::count(many).one(one).phrase(value as f64)
}

/// `38.2%`.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { Unit::share().figure(part as f64 / whole as f64) }
}

/// Milliseconds as `7 d 13 h`.
pub(crate) fn time(millis: i64) -> String {
    Unit::minutes().figure(minutes(millis))
}

/// Milliseconds as whole days, for sums over many tickets: `23,228 d`.
pub(crate) fn days(millis: i64) -> String {
    format!("{} d", Unit::count("").figure(minutes(millis) / 1440.0))
}

/// Milliseconds as minutes.
pub(crate) fn minutes(millis: i64) -> f64 {
    millis as f64 / 60_000.0
}

/// A quantile as `7 d 13 h`, with a `~` when it is only within 1 %.
pub(crate) fn quantile(quantile: Option<Quantile>) -> String {
    match quantile {
        None => "–".to_owned(),
        Some(Quantile { millis, exact: true }) => time(millis),
        Some(Quantile { millis, exact: false }) => format!("~{}", time(millis)),
    }
}

/// The day of an RFC 3339 instant.
pub(crate) fn day(instant: &str) -> &str {
    instant.get(..10).unwrap_or(instant)
}

/// The hour of the week in words: 0 → `Monday 00:00`.
pub(crate) fn hour_of_week(hour: usize) -> String {
    let day = remit_core::Weekday::ALL[(hour / 24) % 7].name();
    format!("{day} {:02}:00", hour % 24)
}
