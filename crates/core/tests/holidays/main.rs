//! The built-in holiday rules against what Python's `holidays` says, and against days known from elsewhere.

mod reference;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::{Date, date};
use remit_core::holidays::{HolidaySet, regions};

const DIFFERENCES: &str = include_str!("differences.txt");
const PYTHON: &str = include_str!("python.txt");
const PYTHON_YEARS: RangeInclusive<u16> = 2010..=2050;

fn set(code: &str) -> HolidaySet {
    HolidaySet::parse(&[code]).expect("the code is known")
}

fn days(code: &str, year: i16) -> Vec<Date> {
    let days: BTreeSet<Date> = set(code).in_year(year).into_iter().map(|holiday| holiday.date).collect();
    days.into_iter().collect()
}

fn our_days() -> reference::Days {
    let mut ours = reference::Days::new();
    for (code, _) in regions() {
        let days = HolidaySet::YEARS.flat_map(|year| days(code, year)).map(|day| day.to_string());
        ours.insert(code.to_owned(), days.collect());
    }
    ours
}

#[test]
fn every_day_of_every_region_is_as_in_the_python_package_or_the_difference_is_explained() {
    let golden = reference::read_golden(PYTHON, &PYTHON_YEARS).unwrap();
    let known = reference::read_differences(DIFFERENCES).unwrap();
    let ours = our_days();
    assert_eq!(ours.keys().collect::<Vec<_>>(), golden.keys().collect::<Vec<_>>());

    let found = reference::compare("python", (&ours, &golden), &PYTHON_YEARS, &known);
    assert_eq!(found.unexplained, []);
    assert!(found.same > 79_000, "{} days agree", found.same);
    for (difference, explained) in known.iter().zip(found.explained) {
        let needed = !difference.is_about("python") || explained > 0;
        assert!(needed, "line {} of differences.txt explains nothing: {}", difference.line, difference.why);
    }
}

#[test]
fn an_unexplained_difference_is_found_on_either_side() {
    let golden = reference::read_golden(PYTHON, &PYTHON_YEARS).unwrap();
    let mut ours = golden.clone();
    let italy = ours.get_mut("IT").unwrap();
    assert!(italy.remove("2030-06-02") && italy.insert("2030-06-03".to_owned()));
    let found = reference::compare("python", (&ours, &golden), &PYTHON_YEARS, &[]);
    let day = |side, day: &str| ("IT".to_owned(), side, day.to_owned());
    let expected = [day(reference::Side::Ours, "2030-06-03"), day(reference::Side::Theirs, "2030-06-02")];
    assert_eq!(found.unexplained, expected);
}

#[test]
fn the_checked_in_days_read_and_write_the_same() {
    let golden = reference::read_golden(PYTHON, &PYTHON_YEARS).unwrap();
    let body: Vec<&str> = PYTHON.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(reference::write_golden(&golden, &PYTHON_YEARS).lines().collect::<Vec<_>>(), body);
}

#[test]
fn an_english_christmas_on_a_weekend_is_made_up_on_the_next_working_days() {
    // https://www.gov.uk/bank-holidays
    let december = |year| days("GB-ENG", year).into_iter().filter(|day| day.month() == 12).map(Date::day);
    assert_eq!(december(2021).collect::<Vec<_>>(), [25, 26, 27, 28]);
    assert_eq!(december(2022).collect::<Vec<_>>(), [25, 26, 27]);
    assert_eq!(december(2026).collect::<Vec<_>>(), [25, 26, 28]);
    assert_eq!(set("GB-ENG").on(date(2021, 12, 27)), Some("Christmas Day (observed)"));
    assert_eq!(set("GB-ENG").on(date(2021, 12, 28)), Some("Boxing Day (observed)"));
}

#[test]
fn the_platinum_jubilee_moved_the_spring_bank_holiday() {
    let england = set("GB-ENG");
    assert_eq!(england.on(date(2022, 6, 2)), Some("Spring Bank Holiday"));
    assert_eq!(england.on(date(2022, 6, 3)), Some("Platinum Jubilee of Elizabeth II"));
    assert_eq!(england.on(date(2022, 5, 30)), None);
    assert_eq!(england.on(date(2023, 5, 29)), Some("Spring Bank Holiday"));
}

#[test]
fn the_nations_of_the_united_kingdom_differ() {
    assert_eq!(set("GB-SCT").on(date(2026, 1, 2)), Some("New Year Holiday"));
    assert_eq!(set("GB-ENG").on(date(2026, 1, 2)), None);
    assert_eq!(set("GB-SCT").on(date(2026, 4, 6)), None);
    assert_eq!(set("GB-WLS").on(date(2026, 4, 6)), Some("Easter Monday"));
    assert_eq!(set("GB-NIR").on(date(2026, 7, 13)), Some("Battle of the Boyne (observed)"));
}

#[test]
fn juneteenth_is_a_holiday_from_2021_only() {
    assert_eq!(set("US").on(date(2020, 6, 19)), None);
    assert_eq!(set("US").on(date(2021, 6, 18)), Some("Juneteenth National Independence Day (observed)"));
    assert_eq!(set("US-WY").on(date(2023, 6, 19)), Some("Juneteenth National Independence Day"));
}

#[test]
fn american_holidays_fall_on_their_mondays() {
    // https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/
    let us = set("US");
    assert_eq!(us.on(date(2026, 1, 19)), Some("Martin Luther King Jr. Day"));
    assert_eq!(us.on(date(2026, 2, 16)), Some("Washington's Birthday"));
    assert_eq!(us.on(date(2026, 5, 25)), Some("Memorial Day"));
    assert_eq!(us.on(date(2026, 11, 26)), Some("Thanksgiving Day"));
    assert_eq!(days("US", 2027).len(), 11 + 4, "four substitutes: 18 June, 5 July, 24 and 31 December");
}

#[test]
fn a_new_year_on_a_saturday_belongs_to_the_year_before_where_it_is_kept_on_the_friday() {
    assert_eq!(days("US", 2021).last(), Some(&date(2021, 12, 31)));
    assert_eq!(days("US", 2022).first(), Some(&date(2022, 1, 1)));
    assert_eq!(set("US-MA").on(date(2021, 12, 31)), None);
    let observed: Vec<_> = set("US").in_year(2021).into_iter().filter(|holiday| holiday.observed).collect();
    assert_eq!(observed.len(), 4);
}

#[test]
fn germany_kept_reformation_day_everywhere_in_2017() {
    for (code, _) in regions().into_iter().filter(|(code, _)| code.starts_with("DE")) {
        assert_eq!(set(code).on(date(2017, 10, 31)), Some("Reformation Day"), "{code}");
    }
    assert_eq!(set("DE-BY").on(date(2018, 10, 31)), None);
    assert_eq!(set("DE-HH").on(date(2018, 10, 31)), Some("Reformation Day"));
    assert_eq!(set("DE-HH").on(date(2016, 10, 31)), None);
    assert_eq!(set("DE-SN").on(date(2026, 11, 18)), Some("Day of Repentance and Prayer"));
}

#[test]
fn australia_and_new_zealand_move_holidays_off_weekends_in_their_own_ways() {
    assert_eq!(set("AU-NSW").on(date(2025, 1, 27)), Some("Australia Day"));
    assert_eq!(set("AU-NSW").on(date(2025, 1, 26)), None, "moved, not doubled");
    assert_eq!(set("AU-VIC").on(date(2021, 12, 28)), Some("Boxing Day (observed)"));
    assert_eq!(set("AU-WA").on(date(2026, 4, 27)), Some("ANZAC Day (observed)"));
    assert_eq!(set("AU-VIC").on(date(2026, 4, 27)), None);
    assert_eq!(set("NZ").on(date(2021, 2, 8)), Some("Waitangi Day (observed)"));
    assert_eq!(set("NZ").on(date(2011, 4, 25)), Some("ANZAC Day"));
    assert_eq!(set("NZ").on(date(2022, 1, 4)), Some("Day after New Year's Day (observed)"));
    assert_eq!(set("NZ").on(date(2026, 7, 10)), Some("Matariki"));
    assert_eq!(set("NZ-OTA").on(date(2035, 3, 27)), Some("Otago Anniversary Day"));
}

#[test]
fn a_japanese_holiday_on_a_sunday_is_made_up_after_the_whole_run_of_holidays() {
    let japan = set("JP");
    assert_eq!(japan.on(date(2026, 5, 6)), Some("Constitution Day (observed)"));
    assert_eq!(japan.on(date(2026, 9, 22)), Some("Citizens' Holiday"));
    assert_eq!(japan.on(date(2019, 4, 30)), Some("Citizens' Holiday"));
    assert_eq!(japan.on(date(2021, 10, 11)), None, "moved for the Olympic Games");
}

#[test]
fn decreed_days_are_listed_and_later_ones_are_called_estimates() {
    assert_eq!(set("PH").on(date(2017, 9, 1)), Some("Eid al-Adha"));
    assert_eq!(set("PH").on(date(2027, 3, 9)), Some("Eid al-Fitr (estimated)"));
    assert_eq!(set("SG").on(date(2023, 1, 24)), Some("Chinese New Year (observed)"));
    assert_eq!(days("IN", 2026), [date(2026, 1, 26), date(2026, 8, 15), date(2026, 10, 2)]);
}

#[test]
fn a_law_holds_from_its_year() {
    assert_eq!(set("DK").on(date(2023, 5, 5)), Some("Great Prayer Day"));
    assert_eq!(set("DK").on(date(2024, 4, 26)), None);
    assert_eq!(set("PL").on(date(2024, 12, 24)), None);
    assert_eq!(set("PL").on(date(2025, 12, 24)), Some("Christmas Eve"));
    assert_eq!(set("PT").on(date(2015, 12, 1)), None);
    assert_eq!(set("NL").on(date(2013, 4, 30)), Some("Queen's Day"));
    assert_eq!(set("NL").on(date(2014, 4, 26)), Some("King's Day"), "the 27th was a Sunday");
    assert_eq!(set("CA-ON").on(date(2029, 7, 2)), Some("Canada Day (observed)"));
    assert_eq!(set("IE").on(date(2024, 2, 5)), Some("Saint Brigid's Day"));
    assert_eq!(set("IE").on(date(2030, 2, 1)), Some("Saint Brigid's Day"));
}
