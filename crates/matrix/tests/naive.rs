//! A million random minutes against an evaluator that knows nothing of time atoms, in zones known for their traps.
//!
//! The evaluator asks jiff for every window of every day on its own and then only compares instants.

#![expect(clippy::unwrap_used, reason = "a test whose input cannot be read fails")]

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use remit_core::{At, HolidaySet, Horizon, Zone};
use remit_matrix::engine::generate::Rng;
use remit_matrix::{Compiled, Query, Resolver, text};

const MINUTES_PER_ZONE: usize = 150_000;

/// Zone, first day of the horizon, holiday region, and what is special about it.
const ZONES: [(&str, &str, &str); 7] = [
    ("Australia/Lord_Howe", "2026-01-01", "AU-NSW"), // summer time of half an hour
    ("Africa/Casablanca", "2026-01-01", "FR"),       // two changes around Ramadan, one of them backwards
    ("Asia/Kathmandu", "2026-01-01", "IN"),          // 5 h 45 min
    ("Pacific/Apia", "2011-06-01", "NZ"),            // 2011-12-30 does not exist
    ("America/Sao_Paulo", "2018-01-01", "BR"),       // midnight does not exist once a year
    ("Africa/Cairo", "2026-01-01", "GB-ENG"),        // midnight does not exist, and comes twice
    ("America/New_York", "2026-01-01", "US-NY"),
];

/// What a row's time says, and the same in the evaluator's terms.
type Case = (&'static str, fn(&Naive, i64) -> bool);

const CASES: [Case; 10] = [
    ("office", |n, t| n.is("office", t)),
    ("not office", |n, t| !n.is("office", t)),
    ("holidays(office)", |n, t| n.is("holiday", t)),
    ("night and not holidays(office)", |n, t| n.is("night", t) && !n.is("holiday", t)),
    ("sat-sun", |n, t| n.is("weekend", t)),
    ("sat-sun or night", |n, t| n.is("weekend", t) || n.is("night", t)),
    ("not (office or night)", |n, t| !(n.is("office", t) || n.is("night", t))),
    ("on-duty(desk) and not office", |n, t| n.is("split", t) && !n.is("office", t)),
    ("daily 00:00-24:00", |_, _| true),
    ("split", |n, t| n.is("split", t)),
];

const SERVICES: [&str; 10] = [
    "helpdesk",
    "backup",
    "patching",
    "network",
    "vendors",
    "projects",
    "strategy",
    "compliance",
    "security",
    "devices",
];

/// First second and first second after it.
type Stretch = (i64, i64);

struct Naive {
    /// Stretches in seconds, by name and by the day they begin on (days since 1970 in UTC).
    spans: HashMap<&'static str, HashMap<i64, Vec<Stretch>>>,
}

impl Naive {
    fn new(zone: &str, first: Date, holidays: &HolidaySet) -> Self {
        let tz = TimeZone::get(zone).unwrap();
        let mut this = Self { spans: HashMap::new() };
        let mut day = first.checked_sub(5.days()).unwrap();
        for _ in 0..420 {
            if exists(&tz, day) {
                this.day(&tz, day, holidays);
            }
            day = day.tomorrow().unwrap();
        }
        this
    }

    fn day(&mut self, tz: &TimeZone, day: Date, holidays: &HolidaySet) {
        let weekday = day.weekday().to_monday_one_offset();
        let holiday = holidays.on(day).is_some();
        let mut add = |name, from: (i8, i8), to: (i8, i8), next: bool| {
            let end = if next { day.tomorrow().unwrap() } else { day };
            let start = instant(tz, day, from, false);
            let stop = instant(tz, end, to, true);
            self.spans
                .entry(name)
                .or_default()
                .entry(start.div_euclid(86_400))
                .or_default()
                .push((start, stop));
        };
        if weekday <= 5 && !holiday {
            add("office", (8, 0), (12, 0), false);
            add("office", (13, 0), (17, 30), false);
        }
        add("night", (22, 0), (6, 0), true);
        if weekday >= 6 {
            add("weekend", (0, 0), (0, 0), true);
        }
        add("split", (0, 30), (1, 30), false);
        add("split", (2, 15), (2, 45), false);
        add("split", (23, 0), (0, 0), true);
        if holiday {
            // Whole local days by date, also where midnight comes twice: look at every quarter of an hour.
            let noon = instant(tz, day, (12, 0), false);
            let quarters = (noon - 30 * 3600..noon + 30 * 3600).step_by(900).filter(|&s| date(tz, s) == day);
            let all: Vec<(i64, i64)> = quarters.map(|s| (s, s + 900)).collect();
            let by_day = self.spans.entry("holiday").or_default();
            for stretch in all {
                by_day.entry(stretch.0.div_euclid(86_400)).or_default().push(stretch);
            }
        }
    }

    fn is(&self, name: &str, at: i64) -> bool {
        let Some(days) = self.spans.get(name) else { return false };
        let day = at.div_euclid(86_400);
        (day - 2..=day).filter_map(|d| days.get(&d)).flatten().any(|&(a, b)| a <= at && at < b)
    }
}

fn date(tz: &TimeZone, second: i64) -> Date {
    Timestamp::from_second(second).unwrap().to_zoned(tz.clone()).date()
}

fn exists(tz: &TimeZone, day: Date) -> bool {
    let noon = tz.to_ambiguous_zoned(day.at(12, 0, 0, 0)).compatible().unwrap();
    noon.date() == day
}

/// A start takes the first of two equal wall-clock times, an end the last; what does not exist is shifted forward.
fn instant(tz: &TimeZone, day: Date, (hour, minute): (i8, i8), end: bool) -> i64 {
    let local = tz.to_ambiguous_zoned(day.at(hour, minute, 0, 0));
    let zoned = if end { local.later() } else { local.compatible() };
    zoned.unwrap().timestamp().as_second()
}

fn resolver(zone: &str, first: &str, region: &str) -> Resolver {
    let mut toml = format!(
        "client = \"Trap\"\nzone = \"{zone}\"\nmodel = \"co-managed\"\nlast-resort = \"rest\"\n\
         [parties.msp]\nname = \"M\"\nkind = \"provider\"\n[teams.rest]\nparty = \"msp\"\n[teams.special]\nparty = \"msp\"\n\
         [teams.desk]\nparty = \"msp\"\nhours = \"split\"\n\
         [calendars.office]\nweek = {{ mon-fri = \"08:00-12:00, 13:00-17:30\" }}\nholidays = [\"{region}\"]\n\
         [calendars.night]\nweek = {{ daily = \"22:00-06:00\" }}\n\
         [calendars.split]\nweek = {{ daily = \"00:30-01:30, 02:15-02:45, 23:00-24:00\" }}\n\
         [[rows]]\nid = \"rest\"\naccountable = \"msp\"\nresponsible = \"rest\"\n"
    );
    toml.extend(CASES.iter().zip(SERVICES).map(|((time, _), service)| {
        format!(
            "[[rows]]\nid = \"on-{service}\"\nservice = \"{service}\"\ntime = \"{time}\"\n\
             accountable = \"msp\"\nresponsible = \"special\"\n"
        )
    }));
    let matrix = text::read("trap.toml", &toml).unwrap_or_else(|e| panic!("{e}"));
    let horizon = Horizon::months(first.parse().unwrap(), &Zone::parse(zone).unwrap(), 13);
    Resolver::new(Compiled::new(Arc::new(matrix), horizon).unwrap())
}

#[test]
fn a_million_minutes_have_the_owner_that_the_wall_clock_says() {
    let mut rng = Rng::new(1_440);
    for (zone, first, region) in ZONES {
        let resolver = resolver(zone, first, region);
        let naive = Naive::new(zone, first.parse().unwrap(), &HolidaySet::parse(&[region]).unwrap());
        let horizon = resolver.compiled.lexicon.time.horizon();
        let minutes = (horizon.end.minute() - horizon.start.minute()) as usize;
        for _ in 0..MINUTES_PER_ZONE {
            let at = At::from_millis(
                (horizon.start.minute() + rng.below(minutes) as i64) * 60_000 + rng.below(60_000) as i64,
            );
            let case = rng.below(CASES.len());
            let special = CASES[case].1(&naive, at.millis().div_euclid(1_000));
            let row = resolver.resolve(&Query::new(SERVICES[case], at)).unwrap().unwrap();
            assert_eq!(row.id != "rest", special, "{zone} at {at}: {} on {}", row.id, CASES[case].0);
        }
    }
}
