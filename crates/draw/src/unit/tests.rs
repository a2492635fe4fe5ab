use super::*;

#[test]
fn thousands_are_set_apart_and_minus_is_a_minus() {
    let unit = Unit::count("");
    assert_eq!(
        ["0", "999", "1,000", "141,712", "−1,000,000"],
        [0.0, 999.0, 1e3, 141_712.0, -1e6].map(|v| unit.figure(v))
    );
    assert_eq!(Unit::decimal("h", 2).figure(-0.001), "0.00");
    assert_eq!(unit.figure(f64::NAN), "–");
}

#[test]
fn a_share_is_never_rounded_to_nothing_or_to_all() {
    let unit = Unit::share();
    assert_eq!(unit.figure(0.0), "0%");
    assert_eq!(unit.figure(0.0001), "<0.1%");
    assert_eq!(unit.figure(0.9996), ">99.9%");
    assert_eq!(unit.figure(1.0), "100%");
    assert_eq!(unit.figure(0.9131), "91.3%");
}

#[test]
fn a_length_of_time_uses_its_two_largest_units() {
    let unit = Unit::minutes();
    let figures =
        [0.0, 0.4, 59.0, 60.0, 95.0, 1439.0, 1440.0, 1500.0, 144_000.0 * 12.0].map(|v| unit.figure(v));
    assert_eq!(
        figures,
        ["0 min", "<1 min", "59 min", "1 h", "1 h 35 min", "23 h 59 min", "1 d", "1 d 1 h", "1,200 d"]
    );
}

#[test]
fn a_length_that_rounds_up_moves_to_the_next_unit() {
    assert_eq!(Unit::minutes().figure(59.7), "1 h");
    assert_eq!(Unit::minutes().figure(1439.8), "1 d");
}

#[test]
fn a_difference_names_its_share_only_where_there_was_something() {
    let unit = Unit::count("tickets");
    assert_eq!(unit.difference(0.0, 212.0), "+212");
    assert_eq!(unit.difference(200.0, 300.0), "+100 (+50%)");
    assert_eq!(unit.difference(5.0, 5.0), "no change");
    assert_eq!(unit.difference(100_000.0, 1.0), "−99,999 (>−99%)");
    assert_eq!(unit.difference(1000.0, 999.0), "−1 (<−1%)");
    assert_eq!(Unit::share().difference(0.91, 0.982), "+7.2 points");
}

#[test]
fn one_thing_has_its_own_noun() {
    assert_eq!(Unit::count("tickets").one("ticket").phrase(1.0), "1 ticket");
    assert_eq!(Unit::count("tickets").one("ticket").phrase(1.4), "1 ticket");
    assert_eq!(Unit::count("tickets").one("ticket").phrase(2.0), "2 tickets");
}

#[test]
fn axis_figures_are_short() {
    let unit = Unit::count("");
    assert_eq!([500.0, 2500.0, 12_000.0, 2_500_000.0].map(|v| unit.tick(v)), ["500", "2,500", "12k", "2.5M"]);
    assert_eq!(Unit::share().tick(0.25), "25%");
}
