//! Business time over a year of office hours with holidays, in a zone that changes its clocks.

use remit_core::{
    At, BusinessTime, HolidaySet, Horizon, Millis, Span, Weekdays, Window, WorkingCalendar, Zone,
};
use remit_matrix::engine::generate::Rng;

use remit_bench::measure::{Effort, per_item, whole};
use remit_bench::report::{Report, Target, Unit};

/// Measures elapsed, add and what has to be compiled before.
pub fn run(effort: Effort, report: &mut Report) {
    let zone = Zone::parse("Europe/Berlin").expect("the zone is in the bundled data");
    let horizon = Horizon::months("2026-01-01".parse().expect("the date exists"), &zone, 13);
    let calendar = office(zone);
    let build = || BusinessTime::compile(&calendar.open(horizon), horizon);
    let time = build();
    let pairs = random_pairs(horizon, effort.calls);
    let targets = random_targets(horizon, effort.calls);
    check(&time, &targets);

    let sum = || pairs.iter().fold(0, |sum, &(from, to)| sum ^ time.elapsed(from, to).millis());
    let elapsed = per_item(effort, pairs.len(), sum);
    report.add("business time: elapsed", Unit::Nanoseconds, Target::new(10.0, 4.0), elapsed);
    let last = || targets.iter().fold(0, |last, &(from, by)| last ^ time.add(from, by).map_or(0, At::millis));
    let add = per_item(effort, targets.len(), last);
    report.add("business time: add", Unit::Nanoseconds, Target::new(50.0, 20.0), add);
    report.add(
        "expand and compile 13 months of office hours",
        Unit::Nanoseconds,
        Target::NONE,
        whole(effort, build),
    );
}

/// Two windows a day, Friday short, the holidays of Berlin.
fn office(zone: Zone) -> WorkingCalendar {
    let days = |text: &str| Weekdays::parse(text).expect("the days are well written");
    let window = |text: &str| Window::parse(text).expect("the window is well written");
    let windows = [
        (days("mon-thu"), window("08:30-12:15")),
        (days("mon-thu"), window("13:00-17:30")),
        (days("fri"), window("08:30-13:00")),
    ];
    let week = WorkingCalendar::weekly(zone, &windows).expect("the windows do not overlap");
    week.with_holidays(HolidaySet::parse(&["DE-BE"]).expect("the region is built in"))
}

fn instant(horizon: Span, rng: &mut Rng) -> At {
    let length = horizon.length().millis() as usize;
    horizon.start + Millis::from_millis(rng.below(length) as i64)
}

fn random_pairs(horizon: Span, n: usize) -> Vec<(At, At)> {
    let mut rng = Rng::new(7);
    (0..n).map(|_| (instant(horizon, &mut rng), instant(horizon, &mut rng))).collect()
}

/// Instants in the first ten months and targets of up to 40 hours.
fn random_targets(horizon: Span, n: usize) -> Vec<(At, Millis)> {
    let mut rng = Rng::new(8);
    let early = Span { start: horizon.start, end: horizon.start + Millis::from_hours(300 * 24) };
    (0..n).map(|_| (instant(early, &mut rng), Millis::from_hours(1 + rng.below(40) as i64))).collect()
}

/// What was added has elapsed.
fn check(time: &BusinessTime, targets: &[(At, Millis)]) {
    for &(from, by) in targets.iter().take(1_000) {
        let due = time.add(from, by).expect("a target of a week fits into the horizon");
        assert_eq!(time.elapsed(from, due), by, "{by} from {from}");
    }
}
