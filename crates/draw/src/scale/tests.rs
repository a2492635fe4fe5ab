use super::*;

fn steps(high: f64, unit: &Unit) -> Vec<f64> {
    Scale::new(0.0, high, 100.0, 4, unit).ticks()
}

#[test]
fn ticks_are_round_and_reach_the_largest_value() {
    assert_eq!(steps(17.0, &Unit::decimal("h", 1)), [0.0, 5.0, 10.0, 15.0, 20.0]);
    assert_eq!(steps(0.3, &Unit::decimal("h", 1)), [0.0, 0.1, 0.2, 0.3]);
    assert_eq!(steps(1234.0, &Unit::count("")), [0.0, 500.0, 1000.0, 1500.0]);
}

#[test]
fn an_axis_of_whole_things_has_whole_ticks() {
    for high in 1..200 {
        let ticks = steps(f64::from(high), &Unit::count(""));
        assert!(ticks.iter().all(|tick| tick.fract() == 0.0), "{high}: {ticks:?}");
        assert!(ticks.last().is_some_and(|last| *last >= f64::from(high)));
        assert!((2..=6).contains(&ticks.len()), "{high}: {ticks:?}");
    }
}

#[test]
fn an_axis_of_time_counts_in_hours_and_days() {
    assert_eq!(steps(600.0, &Unit::minutes()), [0.0, 180.0, 360.0, 540.0, 720.0]);
    assert_eq!(steps(5000.0, &Unit::minutes()), [0.0, 1440.0, 2880.0, 4320.0, 5760.0]);
    let years = steps(3e6, &Unit::minutes());
    assert!(years.iter().all(|tick| tick % 1440.0 == 0.0) && years.len() <= 6, "{years:?}");
}

#[test]
fn nothing_and_nonsense_still_make_an_axis() {
    for high in [0.0, f64::NAN, f64::INFINITY, -3.0] {
        let scale = Scale::new(0.0, high, 100.0, 4, &Unit::count(""));
        assert!(scale.high > scale.low && scale.at(f64::NAN).is_finite(), "{high}");
    }
}

#[test]
fn values_below_zero_extend_the_axis_downwards() {
    let scale = Scale::new(-3.0, 7.0, 100.0, 4, &Unit::count(""));
    assert!(scale.low <= -3.0 && scale.ticks().contains(&0.0));
}
