//! Kinds of hours: a week as people speak of it, cut along the calendar that a matrix uses most.

use remit_core::{DayPlan, Edge, Horizon, Span, Spans, Weekday, Weekdays, Window, WorkingCalendar};
use rustc_hash::FxHashMap;

use crate::model::{CalendarIx, Matrix};
use crate::time::Term;

/// A kind of hours. Every minute is of exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoursKind {
    /// The calendar is open.
    Open,
    /// After the last open hour of a working day, until 22:00.
    Evening,
    /// The rest of working days.
    Night,
    /// Days on which the calendar never opens.
    Weekend,
    /// Holidays, and days that the calendar closes by date.
    Holiday,
}

/// The minutes of a horizon that are of one kind.
#[derive(Debug, Clone)]
pub struct Hours {
    /// Which.
    pub kind: HoursKind,
    /// What people call them: `office hours`, `evenings`.
    pub name: String,
    /// Which hours these are: `Mon–Fri 08:00–18:00`.
    pub words: String,
    /// When.
    pub spans: Spans,
}

/// When evenings end and nights begin, in minutes.
const NIGHT: u32 = 22 * 60;

/// What is taken for working hours where a matrix names no calendar.
const USUAL: &str = "08:00-18:00";

impl Hours {
    /// The kinds that occur in a horizon, in the order of [`HoursKind`].
    pub fn of(matrix: &Matrix, horizon: Horizon) -> Vec<Self> {
        let named = most_used(matrix).map(|number| matrix.calendar(number));
        let calendar = named.map_or_else(|| usual(matrix), |named| named.calendar.clone());
        let name = named.map_or("working", |named| named.id.as_str());
        let minus = |a: &Spans, b: &Spans| a.intersect(&b.complement_within(horizon));
        let open = calendar.open(horizon);
        let closed = closed_days(&calendar, horizon);
        let holiday = minus(&calendar.holiday_days(horizon).union(&closed), &open);
        let taken = open.union(&holiday);
        let (evenings, free) = (evenings(&calendar), free_days(&calendar));
        let evening = minus(&evenings.open(horizon), &taken);
        let weekend = minus(&free.open(horizon), &taken);
        let night = taken.union(&evening).union(&weekend).complement_within(horizon);
        let all = [
            (HoursKind::Open, format!("{name} hours"), open_words(&calendar), open),
            (HoursKind::Evening, "evenings".to_owned(), "after that until 22:00".to_owned(), evening),
            (HoursKind::Night, "nights".to_owned(), "the rest of working days".to_owned(), night),
            (HoursKind::Weekend, "weekends".to_owned(), days_words(&free), weekend),
            (HoursKind::Holiday, "holidays".to_owned(), holiday_words(&calendar), holiday),
        ];
        let all = all.into_iter().map(|(kind, name, words, spans)| Self { kind, name, words, spans });
        all.filter(|hours| !hours.spans.is_empty()).collect()
    }
}

/// The calendar that most rows name.
pub(super) fn most_used(matrix: &Matrix) -> Option<CalendarIx> {
    let mut uses: FxHashMap<CalendarIx, usize> = FxHashMap::default();
    for row in &matrix.rows {
        row.time.terms(&mut |term| {
            if let Term::Calendar(number) | Term::Holidays(number) = term {
                *uses.entry(*number).or_default() += 1;
            }
        });
    }
    let most = uses.into_iter().max_by_key(|(number, count)| (*count, std::cmp::Reverse(*number)));
    most.map(|(number, _)| number).or_else(|| (!matrix.calendars.is_empty()).then_some(CalendarIx(0)))
}

fn usual(matrix: &Matrix) -> WorkingCalendar {
    let days = Weekdays::parse("mon-fri").expect("they are days");
    let window = Window::parse(USUAL).expect("it is a window");
    WorkingCalendar::weekly(matrix.zone.clone(), &[(days, window)]).expect("one window overlaps with none")
}

/// From the last open hour of each day of the week to the night.
fn evenings(calendar: &WorkingCalendar) -> WorkingCalendar {
    let ends = Weekday::ALL.into_iter().zip(calendar.week()).filter_map(|(day, windows)| {
        let end = windows.iter().map(|window| u32::from(window.end_from_opening_day())).max()?;
        let window = (end < NIGHT).then(|| format!("{:02}:{:02}-22:00", end / 60, end % 60))?;
        Some((std::iter::once(day).collect(), Window::parse(&window).ok()?))
    });
    weekly(calendar, &ends.collect::<Vec<_>>())
}

/// The days of the week on which it never opens.
fn free_days(calendar: &WorkingCalendar) -> WorkingCalendar {
    let free = Weekday::ALL.into_iter().zip(calendar.week()).filter(|(_, windows)| windows.is_empty());
    weekly(
        calendar,
        &free.map(|(day, _)| (std::iter::once(day).collect(), Window::ALL_DAY)).collect::<Vec<_>>(),
    )
}

fn weekly(like: &WorkingCalendar, windows: &[(Weekdays, Window)]) -> WorkingCalendar {
    WorkingCalendar::weekly(like.zone().clone(), windows).expect("one window a day overlaps with none")
}

/// Days that the calendar closes by date.
fn closed_days(calendar: &WorkingCalendar, horizon: Horizon) -> Spans {
    let closed = calendar.days().iter().filter(|(_, plan)| matches!(plan, DayPlan::Closed));
    let whole = closed.filter_map(|(day, _)| {
        let start = calendar.zone().at(day.at(0, 0, 0, 0), Edge::Start);
        let end = calendar.zone().at(day.tomorrow().ok()?.at(0, 0, 0, 0), Edge::Start);
        Some(Span { start, end })
    });
    Spans::from_unsorted(whole.collect()).within(horizon)
}

/// `Mon–Fri 08:00–18:00; Sat 09:00–12:00`.
fn open_words(calendar: &WorkingCalendar) -> String {
    let windows = |day: usize| {
        let list: Vec<String> = calendar.week()[day].iter().map(ToString::to_string).collect();
        list.join(", ").replace('-', "–")
    };
    runs(windows).into_iter().filter(|(_, hours)| !hours.is_empty()).fold(
        String::new(),
        |all, (days, hours)| {
            if all.is_empty() { format!("{days} {hours}") } else { format!("{all}; {days} {hours}") }
        },
    )
}

/// The days on which it opens: `Sat–Sun`.
fn days_words(calendar: &WorkingCalendar) -> String {
    let open = runs(|day| if calendar.week()[day].is_empty() { String::new() } else { "open".to_owned() });
    let days: Vec<String> =
        open.into_iter().filter(|(_, open)| !open.is_empty()).map(|(days, _)| days).collect();
    days.join(", ")
}

fn holiday_words(calendar: &WorkingCalendar) -> String {
    let codes = calendar.holidays().codes();
    if codes.is_empty() { "days closed by date".to_owned() } else { codes.join(", ") }
}

/// Days of the week that follow each other and are alike, with what they are like.
fn runs(of: impl Fn(usize) -> String) -> Vec<(String, String)> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut runs: Vec<(usize, usize, String)> = Vec::new();
    for day in 0..7 {
        let like = of(day);
        match runs.last_mut() {
            Some((_, last, same)) if *same == like => *last = day,
            _ => runs.push((day, day, like)),
        }
    }
    let name = |first: usize, last: usize| match last - first {
        0 => DAYS[first].to_owned(),
        _ => format!("{}–{}", DAYS[first], DAYS[last]),
    };
    runs.into_iter().map(|(first, last, like)| (name(first, last), like)).collect()
}
