//! A million random instants: [`WorkingCalendar::open`] against an evaluator that shares no code with it. The evaluator
//! asks jiff about wall-clock times one by one; where the clocks do not change within two days, it does not convert a
//! window at all but only looks at the wall clock.

#![expect(clippy::unwrap_used, reason = "a failing set-up fails the test")]

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};
use remit_core::{At, DayPlan, HolidaySet, Horizon, Millis, Span, Weekday, Window, WorkingCalendar, Zone};
use std::collections::{BTreeMap, HashMap};

/// Zone, first day of a horizon of 13 months, region whose holidays apply.
const TRAPS: [(&str, &str, &str); 12] = [
    ("Australia/Lord_Howe", "2026-01-15", "AU"),
    ("Africa/Casablanca", "2026-01-15", "US-CA"),
    ("Asia/Kathmandu", "1985-06-15", "PH"),
    ("Pacific/Apia", "2011-03-15", "US"),
    ("America/Sao_Paulo", "2017-09-01", "BR"),
    ("Africa/Cairo", "2014-01-15", "PH"),
    ("America/New_York", "2026-01-15", "US"),
    ("Europe/Berlin", "2026-01-15", "DE-BY"),
    // The clocks go back at 00:01 and at 01:00, so that days come in two pieces and midnight comes twice.
    ("America/St_Johns", "2010-01-15", "CA"),
    ("America/Havana", "2026-01-15", "US"),
    ("Pacific/Kwajalein", "1993-01-15", "US"),
    // Offsets with seconds.
    ("Africa/Monrovia", "1971-06-15", "US"),
];
const CALENDARS: u32 = 40;
const INSTANTS: u32 = 2200;

/// A small generator of random numbers (`SplitMix64`), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// Edges around the hours at which clocks change are likelier than others.
    fn window(&mut self) -> Window {
        loop {
            let edge = |random: &mut Random| match random.below(4) {
                0 => random.pick(&[0, 1, 30, 59, 60, 90, 120, 150, 180, 181, 1380, 1410, 1439, 1440]),
                1 => random.below(240) as u16,
                _ => random.below(1441) as u16,
            };
            if let Some(window) = Window::new(edge(self), edge(self)) {
                return window;
            }
        }
    }

    fn plan(&mut self) -> DayPlan {
        match self.below(3) {
            0 => DayPlan::Closed,
            1 => DayPlan::Open(vec![self.window()]),
            _ => DayPlan::Open(vec![Window::ALL_DAY]),
        }
    }
}

struct Trap {
    zone: Zone,
    rules: TimeZone,
    horizon: Span,
    /// Instants at which the clocks change, in the horizon and three days around it.
    changes: Vec<Timestamp>,
    holidays: HolidaySet,
}

impl Trap {
    fn new((name, first, region): (&str, &str, &str)) -> Trap {
        let zone = Zone::parse(name).unwrap();
        let rules = TimeZone::get(name).unwrap();
        let horizon = Horizon::months(first.parse().unwrap(), &zone, 13);
        let (start, end) = (horizon.start.to_jiff() - 72.hours(), horizon.end.to_jiff() + 72.hours());
        let changes = rules.following(start).map(|change| change.timestamp());
        let changes: Vec<_> = changes.take_while(|at| *at < end).collect();
        assert!(!changes.is_empty(), "{name}");
        Trap { zone, rules, horizon, changes, holidays: HolidaySet::parse(&[region]).unwrap() }
    }

    fn calendar(&self, random: &mut Random) -> WorkingCalendar {
        let mut days = BTreeMap::new();
        for _ in 0..random.below(6) {
            let near = random.pick(&self.changes).to_zoned(self.rules.clone()).date();
            days.insert(near.saturating_add((random.below(7) as i64 - 3).days()), random.plan());
        }
        let holidays = if random.below(3) == 0 { HolidaySet::none() } else { self.holidays.clone() };
        let new = |week: &[Vec<Window>; 7]| {
            WorkingCalendar::new(self.zone.clone(), week.clone(), holidays.clone(), days.clone())
        };
        let mut week: [Vec<Window>; 7] = Default::default();
        if random.below(3) == 0 {
            week.fill(vec![Window::ALL_DAY]);
            week[random.below(7) as usize].clear();
            week[random.below(7) as usize].clear();
        }
        for _ in 0..random.below(40) {
            let day = random.below(7) as usize;
            week[day].push(random.window());
            if new(&week).is_err() {
                week[day].pop();
            }
        }
        new(&week).unwrap()
    }

    /// Half of the instants lie within three days of a change of the clocks.
    fn instant(&self, random: &mut Random) -> At {
        let (start, end) = (self.horizon.start.minute(), self.horizon.end.minute());
        let anywhere = start + random.below((end - start) as u64) as i64;
        let change = At::from_jiff(random.pick(&self.changes)).minute();
        let near = change + random.below(6 * 1440) as i64 - 3 * 1440;
        At::from_minute(if random.below(2) == 0 {
            near.clamp(start + 1, end - 1)
        } else {
            anywhere.max(start + 1)
        })
    }
}

/// The naive evaluator of one calendar.
struct Naive<'a> {
    calendar: &'a WorkingCalendar,
    rules: &'a TimeZone,
    changes: &'a [Timestamp],
    /// The stretches of the windows that open on a day, as jiff sees them.
    opened: HashMap<Date, Vec<(Timestamp, Timestamp)>>,
}

impl Naive<'_> {
    fn is_open(&mut self, at: At) -> bool {
        let now = at.to_jiff();
        let local = self.rules.to_datetime(now);
        let quiet = |change: &Timestamp| change.duration_until(now).abs() > SignedDuration::from_hours(49);
        if self.changes.iter().all(quiet) {
            return self.is_open_by_the_clock(local);
        }
        // A gap of a whole day can shift an end by a day, so a window of three days ago may still be open.
        (-3_i64..=1).any(|days| {
            let day = local.date().saturating_add(days.days());
            self.opened_on(day).iter().any(|(start, end)| *start <= now && now < *end)
        })
    }

    /// For days on which nothing happens to the clocks.
    fn is_open_by_the_clock(&self, local: DateTime) -> bool {
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let holds = |day: Date, minute: i32| {
            self.windows(day).iter().any(|window| {
                let start = i32::from(window.start_minute());
                let end = i32::from(window.end_minute()) + if window.is_overnight() { 1440 } else { 0 };
                start <= minute && minute < end
            })
        };
        holds(local.date(), minute) || holds(local.date().yesterday().unwrap(), minute + 1440)
    }

    fn windows(&self, day: Date) -> Vec<Window> {
        match self.calendar.days().get(&day) {
            Some(DayPlan::Open(windows)) => windows.clone(),
            Some(DayPlan::Closed) => Vec::new(),
            None if self.calendar.holidays().on(day).is_some() => Vec::new(),
            None => self.calendar.week()[Weekday::of(day).index()].clone(),
        }
    }

    fn opened_on(&mut self, day: Date) -> &[(Timestamp, Timestamp)] {
        if !self.opened.contains_key(&day) {
            let opened = self.convert(day);
            self.opened.insert(day, opened);
        }
        &self.opened[&day]
    }

    fn convert(&self, day: Date) -> Vec<(Timestamp, Timestamp)> {
        // Noon does not exist on a day that was skipped; no clock was ever changed at noon otherwise.
        if self.rules.to_zoned(day.at(12, 0, 0, 0)).unwrap().date() != day {
            return Vec::new();
        }
        let edge = |minute: u16, of_next_day: bool| {
            let midnight = minute == 1440;
            let day = if of_next_day || midnight { day.tomorrow().unwrap() } else { day };
            day.at((minute / 60 % 24) as i8, (minute % 60) as i8, 0, 0)
        };
        let windows = self.windows(day);
        let stretches = windows.iter().map(|window| {
            let start = self.rules.to_ambiguous_timestamp(edge(window.start_minute(), false));
            let end = self.rules.to_ambiguous_timestamp(edge(window.end_minute(), window.is_overnight()));
            let end = match end.offset() {
                AmbiguousOffset::Fold { after, .. } => {
                    after.to_timestamp(edge(window.end_minute(), window.is_overnight()))
                }
                AmbiguousOffset::Gap { .. } | AmbiguousOffset::Unambiguous { .. } => end.compatible(),
            };
            (start.compatible().unwrap(), end.unwrap())
        });
        stretches.collect()
    }
}

fn compare(trap: &Trap, seed: u64) -> (u32, u32) {
    let mut random = Random(seed);
    let calendar = trap.calendar(&mut random);
    let open = calendar.open(trap.horizon);
    let mut naive =
        Naive { calendar: &calendar, rules: &trap.rules, changes: &trap.changes, opened: HashMap::new() };
    let mut found = (0, 0);
    for _ in 0..INSTANTS {
        let at = trap.instant(&mut random);
        let expected = naive.is_open(at);
        assert_eq!(
            open.contains(at),
            expected,
            "seed {seed} at {at} ({})\n{calendar:#?}",
            trap.zone.local(at)
        );
        found = if expected { (found.0 + 1, found.1) } else { (found.0, found.1 + 1) };
    }
    found
}

#[test]
fn the_expansion_agrees_with_a_naive_evaluator_at_a_million_instants() {
    let (mut open, mut closed) = (0, 0);
    for (i, trap) in TRAPS.into_iter().enumerate() {
        let trap = Trap::new(trap);
        for calendar in 0..CALENDARS {
            let found = compare(&trap, i as u64 * 1_000_003 + u64::from(calendar));
            (open, closed) = (open + found.0, closed + found.1);
        }
    }
    assert!(open + closed > 1_000_000, "{open} + {closed}");
    assert!(open > 200_000 && closed > 200_000, "{open} open and {closed} closed say too little");
}

#[test]
fn holiday_days_are_the_instants_with_the_date_of_a_holiday() {
    for (i, trap) in TRAPS.into_iter().enumerate() {
        let trap = Trap::new(trap);
        let calendar = WorkingCalendar::always(trap.zone.clone()).with_holidays(trap.holidays.clone());
        let (days, mut random) = (calendar.holiday_days(trap.horizon), Random(i as u64));
        for _ in 0..20_000 {
            let at = trap.instant(&mut random);
            let date = trap.rules.to_datetime(at.to_jiff()).date();
            assert_eq!(days.contains(at), trap.holidays.on(date).is_some(), "{} {at}", trap.zone);
        }
        for (date, name) in calendar.holidays_within(trap.horizon) {
            assert!(
                trap.holidays.in_year(date.year()).iter().any(|day| day.date == date && day.name == name)
            );
        }
    }
}

#[test]
fn a_shorter_horizon_gives_the_same_spans_cut_to_it() {
    let far = [("Pacific/Kiritimati", "1994-06-15", "US"), ("Pacific/Niue", "1964-01-15", "US")];
    for (i, trap) in TRAPS.into_iter().chain(far).enumerate() {
        let trap = Trap::new(trap);
        let mut random = Random(i as u64);
        for _ in 0..10 {
            let calendar = trap.calendar(&mut random);
            let (open, holidays) = (calendar.open(trap.horizon), calendar.holiday_days(trap.horizon));
            for _ in 0..30 {
                let start = trap.instant(&mut random);
                let end = start + Millis::from_millis(random.below(400_000_000) as i64);
                let shorter = Span::new(start, end).intersect(trap.horizon);
                assert_eq!(
                    calendar.open(shorter),
                    open.within(shorter),
                    "{} {shorter} {calendar:#?}",
                    trap.zone
                );
                assert_eq!(
                    calendar.holiday_days(shorter),
                    holidays.within(shorter),
                    "{} {shorter}",
                    trap.zone
                );
            }
        }
    }
}
