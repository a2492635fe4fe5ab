use jiff::civil::date;

use super::*;

/// Years in which the rules of a made-up country fall, as `2024-03-29`.
fn days(rules: &str, year: i16) -> Vec<String> {
    let text = format!("country XX Nowhere\nregion A North\nregion B South\nfor *\n{rules}\n");
    let country = text::parse(&text).unwrap();
    compute::year(&country, 0, year).into_iter().map(|day| format!("{} {}", day.date, day.name)).collect()
}

fn error(rules: &str) -> String {
    text::parse(&format!("country XX Nowhere\nfor *\n{rules}")).unwrap_err().to_string()
}

#[test]
fn western_easter_falls_on_its_known_sundays() {
    // United States Census Bureau, table of Easter dates; the earliest and the latest of the century among them.
    let known = [
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
        (2099, 4, 12),
    ];
    for (year, month, day) in known {
        assert_eq!(easter::western(year), date(year, month, day));
    }
}

#[test]
fn orthodox_easter_falls_on_its_known_sundays() {
    let known = [
        (2000, 4, 30),
        (2008, 4, 27),
        (2013, 5, 5),
        (2021, 5, 2),
        (2024, 5, 5),
        (2025, 4, 20),
        (2030, 4, 28),
    ];
    for (year, month, day) in known {
        assert_eq!(easter::orthodox(year), date(year, month, day));
    }
}

#[test]
fn both_easters_are_sundays_and_the_orthodox_is_never_the_earlier_one() {
    for year in 1900..=2099 {
        let (western, orthodox) = (easter::western(year), easter::orthodox(year));
        assert_eq!(western.weekday(), jiff::civil::Weekday::Sunday);
        assert_eq!(orthodox.weekday(), jiff::civil::Weekday::Sunday);
        assert!(orthodox >= western);
        assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&western));
    }
}

#[test]
fn the_equinoxes_are_those_that_japan_announced() {
    let spring: Vec<i8> = (2019..=2027).map(|year| equinox::spring(year).day()).collect();
    let autumn: Vec<i8> = (2019..=2027).map(|year| equinox::autumn(year).day()).collect();
    assert_eq!(spring, [21, 20, 20, 21, 21, 20, 20, 20, 21]);
    assert_eq!(autumn, [23, 22, 23, 23, 23, 22, 23, 23, 23]);
}

#[test]
fn every_way_to_say_a_day_is_understood() {
    let day = |when: &str| days(&format!("Day = {when}"), 2024).join(", ");
    assert_eq!(day("02-29"), "2024-02-29 Day");
    assert_eq!(day("3rd mon of 01"), "2024-01-15 Day");
    assert_eq!(day("5th mon of 01"), "2024-01-29 Day");
    assert_eq!(day("5th mon of 02"), "");
    assert_eq!(day("last mon of 05"), "2024-05-27 Day");
    assert_eq!(day("mon from 05-20"), "2024-05-20 Day");
    assert_eq!(day("mon from 05-21"), "2024-05-27 Day");
    assert_eq!(day("mon to 05-20"), "2024-05-20 Day");
    assert_eq!(day("mon to 05-19"), "2024-05-13 Day");
    assert_eq!(day("mon near 05-23"), "2024-05-20 Day");
    assert_eq!(day("mon near 05-24"), "2024-05-27 Day");
    assert_eq!(day("easter -2"), "2024-03-29 Day");
    assert_eq!(day("orthodox-easter +1"), "2024-05-06 Day");
    assert_eq!(day("spring-equinox"), "2024-03-20 Day");
    assert_eq!(day("autumn-equinox"), "2024-09-22 Day");
    assert_eq!(day("4th thu of 11 +1"), "2024-11-29 Day");
    assert_eq!(day("dates 2023-01-02 2024-02-03~ 2024-04-05"), "2024-02-03 Day (estimated), 2024-04-05 Day");
    assert_eq!(days("One = easter\nTwo = as One +1", 2024), ["2024-03-31 One", "2024-04-01 Two"]);
    assert_eq!(days("Leap = 02-29", 2023), [""; 0]);
}

#[test]
fn options_limit_the_years_and_weekdays() {
    let years = |options: &str| -> Vec<i16> {
        (2010..=2020).filter(|year| !days(&format!("Day = 07-01; {options}"), *year).is_empty()).collect()
    };
    assert_eq!(years("from 2018"), [2018, 2019, 2020]);
    assert_eq!(years("to 2012"), [2010, 2011, 2012]);
    assert_eq!(years("from 2010; every 4"), [2010, 2014, 2018]);
    assert_eq!(years("in 2011 2013"), [2011, 2013]);
    assert_eq!(years("from 2017; except 2018 2019"), [2017, 2020]);
    assert_eq!(years("if sun"), [2012, 2018]);
}

#[test]
fn substitutes_go_to_the_next_free_day() {
    // 25 December 2021 is a Saturday.
    let christmas = "One = 12-25; observed sat+free sun+free\nTwo = 12-26; observed sat+free sun+free";
    let expected =
        ["2021-12-25 One", "2021-12-26 Two", "2021-12-27 One (observed)", "2021-12-28 Two (observed)"];
    assert_eq!(days(christmas, 2021), expected);
    assert_eq!(days("Eve = 12-25; observed sat-free", 2021), ["2021-12-24 Eve (observed)", "2021-12-25 Eve"]);
    assert_eq!(days("Moved = 12-25; moved sat+2", 2021), ["2021-12-27 Moved"]);
    assert_eq!(
        days("Moved = 12-25; moved sat+free\nNext = 12-27", 2021),
        ["2021-12-27 Next", "2021-12-28 Moved"]
    );
}

#[test]
fn a_substitute_may_fall_in_the_year_before_or_after() {
    assert_eq!(days("Day = 01-01; observed sat-1", 2021), ["2021-01-01 Day", "2021-12-31 Day (observed)"]);
    assert_eq!(days("Day = 12-31; observed sat+2", 2023), ["2023-01-02 Day (observed)", "2023-12-31 Day"]);
}

#[test]
fn a_rule_holds_where_its_for_line_says() {
    let text = "country XX Nowhere\nregion A North\nregion B South\n\
        for *\nAll = 01-01\nfor * except B\nNot South = 01-02\nfor XX\nCountry = 01-03\nfor A B\nRegions = 01-04\n";
    let country = text::parse(text).unwrap();
    let names = |place| {
        let names: Vec<String> =
            compute::year(&country, place, 2024).into_iter().map(|day| day.name).collect();
        names.join(", ")
    };
    assert_eq!(names(0), "All, Not South, Country");
    assert_eq!(names(1), "All, Not South, Regions");
    assert_eq!(names(2), "All, Regions");
    assert_eq!(country.places[2].code, "XX-B");
}

#[test]
fn a_mistake_in_a_rule_file_is_told_with_its_line() {
    assert_eq!(error("Day = 13-01"), "line 3: `13-01` is no day of the year");
    assert_eq!(error("# why\n\nDay = 02-30"), "line 5: `02-30` is no day of the year");
    assert_eq!(error("Day = easter 3"), "line 3: `easter 3` is no day");
    assert_eq!(error("Day = 6th mon of 01"), "line 3: `6th` is not one of 1st, 2nd, 3rd, 4th, 5th, last");
    assert_eq!(error("Day = dates 2023-02-29"), "line 3: `2023-02-29` is no date");
    assert_eq!(error("Day = dates 2024-01-01 2023-01-01"), "line 3: the dates are not in order");
    assert_eq!(error("Day = as Other"), "line 3: no rule `Other` above");
    assert_eq!(error("Day = 01-01; til 2020"), "line 3: `til` is no option");
    assert_eq!(error("Day = 01-01; observed sat~1"), "line 3: `~1` is no number");
    assert_eq!(error("for Z"), "line 3: no region Z");
    assert_eq!(
        error("for XX except XX\nDay = 01-01"),
        "line 4: `Day` holds nowhere; put a `for` line above it"
    );
}

#[test]
fn every_built_in_rule_file_is_in_order() {
    let codes: Vec<&str> = atlas::places().map(|place| place.code.as_str()).collect();
    assert!(codes.len() > 150, "{} places", codes.len());
    for country in codes.iter().filter(|code| !code.contains('-')) {
        let country = atlas::country(country).expect("a place belongs to a country");
        for rule in &country.rules {
            assert!(rule.years.from <= rule.years.to, "{}", rule.name);
            let kept = HolidaySet::YEARS.into_iter().any(|year| rule.days(year).next().is_some());
            assert!(kept, "{}: {} never falls", country.places[0].code, rule.name);
            if let rule::When::Dates(dates) = &rule.when {
                assert!(
                    dates.iter().all(|(day, _)| HolidaySet::YEARS.contains(&day.year())),
                    "{}",
                    rule.name
                );
            }
        }
    }
}

#[test]
fn every_rule_file_is_built_in_and_listed_in_the_readme() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/holidays/data");
    let readme = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let code = path.file_stem().unwrap().to_string_lossy().to_uppercase();
            let country = atlas::country(&code).unwrap_or_else(|| panic!("{code} is not built in"));
            let row = format!("| {code} {} |", country.places[0].name);
            assert!(readme.contains(&row), "the README lacks `{row}`");
        }
    }
}

#[test]
fn an_unknown_code_is_told_with_what_was_meant() {
    let message = |code: &str| HolidaySet::parse(&["US", code]).unwrap_err().to_string();
    let meant = |code: &str| HolidaySet::parse(&[code]).unwrap_err().suggestions;
    assert_eq!(meant("UK"), ["GB"]);
    assert_eq!(meant("USA")[0], "US");
    assert_eq!(meant("Germany"), ["DE"]);
    assert_eq!(meant("scotland"), ["GB-SCT"]);
    assert_eq!(meant("AT-9"), ["AT"]);
    assert_eq!(meant("DE-BAY")[0], "DE-BY");
    assert_eq!(
        message("UK"),
        "no holiday rules for \"UK\"; did you mean GB? `remit holidays` lists every country and region"
    );
    let nothing = "no holiday rules for \"\\u{1b}[2Jqqqqqqqq\"; write codes such as US, US-CA or GB-SCT. \
        `remit holidays` lists every country and region";
    assert_eq!(message("\u{1b}[2Jqqqqqqqq"), nothing);
    assert!(message(&"x".repeat(1_000_000)).len() < 200);
    assert!(HolidaySet::parse(&[""]).is_err());
}

#[test]
fn a_set_is_known_by_its_regions() {
    let set = HolidaySet::parse(&["us-ca", " GB-SCT ", "US-CA"]).unwrap();
    assert_eq!(set.codes(), ["GB-SCT", "US-CA"]);
    assert_eq!(set, HolidaySet::parse(&["GB-SCT", "US-CA"]).unwrap());
    assert_ne!(set, HolidaySet::parse(&["GB-SCT"]).unwrap());
    assert_eq!(set.clone().in_year(2026), set.in_year(2026));
    assert_eq!(HolidaySet::none(), HolidaySet::default());
    assert!(HolidaySet::none().in_year(2026).is_empty());
    let christmas: Vec<_> =
        set.in_year(2026).into_iter().filter(|day| day.date == date(2026, 12, 25)).collect();
    assert_eq!(christmas.iter().map(|day| day.region.as_str()).collect::<Vec<_>>(), ["GB-SCT", "US-CA"]);
}

#[test]
fn a_set_knows_no_holiday_outside_its_years() {
    let set = HolidaySet::parse(&["US"]).unwrap();
    assert_eq!(set.on(date(2009, 12, 25)), None);
    assert_eq!(set.on(date(2010, 12, 25)), Some("Christmas Day"));
    assert_eq!(set.on(date(2050, 12, 25)), Some("Christmas Day"));
    assert!(set.in_year(2051).is_empty() && set.in_year(-9999).is_empty() && set.in_year(9999).is_empty());
}
