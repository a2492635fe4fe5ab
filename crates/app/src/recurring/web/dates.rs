//! On which days a plan comes, as a form has it: chosen field by field, or written as RFC 5545 has it.

use remit_core::Date;
use remit_web::Form;

use crate::recurring::Rule;

/// What the form has for it.
pub(super) const FIELDS: [&str; 10] =
    ["often", "every", "weekday", "month-day", "nth", "nth-day", "year-month", "year-day", "until", "rule"];

/// How often it comes.
pub(super) const OFTEN: [(&str, &str); 6] = [
    ("days", "Every day"),
    ("weeks", "On days of the week"),
    ("month-day", "On a day of the month"),
    ("month-nth", "On a weekday of the month"),
    ("years", "Once a year"),
    ("rule", "As a rule of RFC 5545"),
];

/// Weekdays as a rule writes them.
pub(super) const WEEKDAYS: [(&str, &str); 7] = [
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
];

/// Which of them in a month.
pub(super) const NTH: [(&str, &str); 5] =
    [("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth"), ("-1", "last")];

/// Months.
pub(super) const MONTHS: [(&str, &str); 12] = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
];

/// Days of a month.
pub(super) const DAYS: [(&str, &str); 32] = {
    const NUMBERS: [&str; 31] = [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18",
        "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31",
    ];
    let mut days = [("-1", "the last day"); 32];
    let mut n = 0;
    while n < NUMBERS.len() {
        days[n] = (NUMBERS[n], NUMBERS[n]);
        n += 1;
    }
    days
};

/// The rule that was chosen or written; none where something is to be mended.
pub(super) fn read(form: &mut Form) -> Option<Rule> {
    let often = form.value("often").to_owned();
    if often == "rule" || often.is_empty() && !form.value("rule").trim().is_empty() {
        // It says itself how long.
        return form.parsed("rule");
    }
    let (every, until) = (every(form), until(form));
    let days = match often.as_str() {
        "days" => Some("FREQ=DAILY".to_owned()),
        "weeks" => weeks(form),
        "month-day" => chosen(form, "month-day", &DAYS).map(|day| format!("FREQ=MONTHLY;BYMONTHDAY={day}")),
        "month-nth" => {
            let (nth, day) = (chosen(form, "nth", &NTH), chosen(form, "nth-day", &WEEKDAYS));
            nth.zip(day).map(|(nth, day)| format!("FREQ=MONTHLY;BYDAY={nth}{day}"))
        }
        "years" => {
            let (month, day) = (chosen(form, "year-month", &MONTHS), chosen(form, "year-day", &DAYS));
            month.zip(day).map(|(month, day)| format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"))
        }
        _ => {
            form.wrong("often", "Choose how often it comes.");
            None
        }
    };
    let (days, every, until) = (days?, every?, until?);
    let rule = format!("{days};INTERVAL={every}{until}").parse();
    if rule.is_err() {
        form.wrong("year-day", "Choose a day that this month has.");
    }
    rule.ok()
}

fn chosen(form: &mut Form, name: &str, of: &[(&'static str, &str)]) -> Option<&'static str> {
    let found = of.iter().find(|(key, _)| *key == form.value(name)).map(|(key, _)| *key);
    if found.is_none() {
        form.wrong(name, "Choose one of the list.");
    }
    found
}

fn weeks(form: &mut Form) -> Option<String> {
    let ticked = WEEKDAYS.iter().filter(|(key, _)| form.has("weekday", key));
    let days: Vec<&str> = ticked.map(|(key, _)| *key).collect();
    let odd = form.values("weekday").any(|day| !WEEKDAYS.iter().any(|(key, _)| *key == day));
    if days.is_empty() || odd {
        form.wrong("weekday", "Tick the days of the week.");
        return None;
    }
    Some(format!("FREQ=WEEKLY;BYDAY={}", days.join(",")))
}

fn every(form: &mut Form) -> Option<u32> {
    let every = match form.value("every").trim() {
        "" => Some(1),
        text => text.parse().ok().filter(|every| (1..=99).contains(every)),
    };
    if every.is_none() {
        form.wrong("every", "Write a number from 1 to 99.");
    }
    every
}

/// The end of the rule for its last day; nothing where it has none.
fn until(form: &mut Form) -> Option<String> {
    let text = form.value("until").trim();
    if text.is_empty() {
        return Some(String::new());
    }
    let day = text.parse::<Date>().ok().filter(|day| (1900..=9000).contains(&day.year()));
    if day.is_none() {
        form.wrong("until", "Write a day that exists, such as 2027-12-31, or leave it empty.");
    }
    day.map(|day| format!(";UNTIL={}", day.strftime("%Y%m%d")))
}

/// What is in the fields for a rule.
pub(super) fn fields(rule: &Rule) -> Vec<(&'static str, String)> {
    let text = rule.to_string();
    let parts: Vec<(&str, &str)> = text.split(';').filter_map(|part| part.split_once('=')).collect();
    let of = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let (by_day, month_day) = (of("BYDAY").unwrap_or_default(), of("BYMONTHDAY").unwrap_or_default());
    let mut fields = vec![("every", of("INTERVAL").unwrap_or("1").to_owned()), ("rule", text.clone())];
    let often = match (of("FREQ").unwrap_or_default(), by_day) {
        ("DAILY", _) => "days",
        ("WEEKLY", days) => {
            fields.extend(days.split(',').map(|day| ("weekday", day.to_owned())));
            "weeks"
        }
        ("MONTHLY", "") => {
            fields.push(("month-day", month_day.to_owned()));
            "month-day"
        }
        ("MONTHLY", nth) => {
            let (which, day) = nth.split_at(nth.len() - 2);
            fields.extend([("nth", which.to_owned()), ("nth-day", day.to_owned())]);
            "month-nth"
        }
        _ => {
            let month = of("BYMONTH").unwrap_or_default();
            fields.extend([("year-month", month.to_owned()), ("year-day", month_day.to_owned())]);
            "years"
        }
    };
    fields.push(("often", often.to_owned()));
    if let Some(day) = of("UNTIL").and_then(|text| Date::strptime("%Y%m%d", text).ok()) {
        fields.push(("until", day.to_string()));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_rule_says_stands_in_fields_that_say_it_again() {
        for text in [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;UNTIL=20271231",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=31",
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU",
            "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20280229",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYMONTHDAY=-1",
        ] {
            let rule: Rule = text.parse().unwrap();
            let mut form = Form::filled(fields(&rule));
            assert!(fields(&rule).iter().all(|(name, _)| FIELDS.contains(name)));
            assert_eq!(
                read(&mut form).map(|rule| rule.to_string()),
                Some(text.to_owned()),
                "{:?}",
                form.errors()
            );
            // Written by whoever knows how.
            let mut form = Form::filled([("often", "rule"), ("rule", text)]);
            assert_eq!(read(&mut form), Some(rule));
        }
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        for (given, name) in [
            ("often=", "often"),
            ("often=moons", "often"),
            ("often=weeks", "weekday"),
            ("often=weeks&weekday=XX", "weekday"),
            ("often=days&every=0", "every"),
            ("often=days&every=x", "every"),
            ("often=days&until=2027-02-30", "until"),
            ("often=month-day&month-day=32", "month-day"),
            ("often=month-nth&nth=5&nth-day=MO", "nth"),
            ("often=month-nth&nth=1&nth-day=", "nth-day"),
            ("often=years&year-month=2&year-day=30", "year-day"),
            ("often=rule&rule=FREQ=HOURLY", "rule"),
        ] {
            let mut form = Form::parse(given.as_bytes(), 1000).unwrap();
            assert_eq!(read(&mut form), None, "{given}");
            assert!(form.error(name).is_some(), "{given}: {:?}", form.errors());
        }
    }
}
