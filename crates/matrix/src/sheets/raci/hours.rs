//! Hours that a duty names.

/// When a duty applies, as its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    /// It names no hours.
    Unsaid,
    /// It names office hours or the hours outside of them.
    Said(&'static str),
    /// It names hours that have no exact meaning.
    Unclear,
}

const OUTSIDE: &[&str] = &[
    "outside of business hours",
    "outside business hours",
    "outside of office hours",
    "outside office hours",
    "outside of working hours",
    "outside working hours",
    "out of business hours",
    "out of office hours",
    "out of hours",
    "after business hours",
    "after hours",
    "afterhours",
    "nights and weekends",
    "nights weekends",
    "nights weekends holidays",
    "evenings and weekends",
    "evenings weekends",
];
const INSIDE: &[&str] = &["during business hours", "business hours", "office hours", "working hours"];
const UNCLEAR: &[&str] =
    &["night", "nights", "overnight", "evening", "evenings", "weekend", "weekends", "holiday", "holidays"];

/// The hours that a duty names, and its name without them.
pub(super) fn split(duty: &str) -> (String, Hours) {
    let lower = duty.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (rest, outside) = without(&words, OUTSIDE);
    let (rest, inside) = without(&rest, INSIDE);
    let hours = match (outside, inside) {
        (true, false) => Hours::Said("not office"),
        (false, true) => Hours::Said("office"),
        (true, true) => Hours::Unclear,
        (false, false) if rest.iter().any(|word| UNCLEAR.contains(word)) => Hours::Unclear,
        (false, false) => Hours::Unsaid,
    };
    match hours {
        Hours::Said(_) => (rest.join(" "), hours),
        _ => (duty.to_owned(), hours),
    }
}

/// The words without the phrases, the longest first, and whether any was there.
fn without<'w>(words: &[&'w str], phrases: &[&str]) -> (Vec<&'w str>, bool) {
    let mut rest = words.to_vec();
    let mut any = false;
    let mut phrases: Vec<Vec<&str>> = phrases.iter().map(|phrase| phrase.split(' ').collect()).collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    for phrase in phrases {
        while let Some(at) = rest.windows(phrase.len()).position(|window| *window == phrase[..]) {
            rest.drain(at..at + phrase.len());
            any = true;
        }
    }
    (rest, any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clearly_named_hours_become_a_time() {
        let cases = [
            ("After-hours (nights/weekends)", Hours::Said("not office")),
            ("Help desk, out-of-hours", Hours::Said("not office")),
            ("Help desk (business hours)", Hours::Said("office")),
            ("Help desk outside business hours", Hours::Said("not office")),
            ("Weekend maintenance", Hours::Unclear),
            ("Business hours and after hours support", Hours::Unclear),
            ("24/7 monitoring", Hours::Unsaid),
        ];
        for (duty, hours) in cases {
            assert_eq!(split(duty).1, hours, "{duty}");
        }
        assert_eq!(split("Help desk (after hours)").0, "help desk");
    }
}
