use jiff::civil::date;

use super::*;

#[test]
fn every_rule_file_can_be_read() {
    assert!(regions().len() > 5);
}

#[test]
fn a_holiday_on_a_saturday_is_kept_on_the_friday_before() {
    let us = HolidaySet::parse(&["us"]).unwrap();
    assert_eq!(us.on(date(2021, 12, 31)), Some("New Year's Day (observed)"));
}
