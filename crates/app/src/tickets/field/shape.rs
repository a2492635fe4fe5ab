//! What can stand in a field, and how it is read: the same text always becomes the same value.

use remit_core::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// The longest line, in characters.
const LONGEST_LINE: usize = 200;
/// The longest text, in bytes.
const LONGEST_TEXT: usize = 8 * 1024;
/// Digits before the point and behind it.
const DIGITS: (usize, usize) = (15, 6);
/// The most that can be chosen from, and the longest of them, in characters.
const OPTIONS: (usize, usize) = (50, 80);
/// The longest unit, in characters.
const LONGEST_UNIT: usize = 20;

/// What can stand in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "FieldShape")]
pub enum Shape {
    /// One line of text, at most 200 characters.
    Line,
    /// Several lines, at most 8 kB.
    Text,
    /// A decimal number of at most 15 digits before the point and 6 behind it.
    Number {
        /// In which unit; may be empty.
        unit: String,
        /// At least so much.
        #[serde(skip_serializing_if = "Option::is_none")]
        least: Option<String>,
        /// At most so much.
        #[serde(skip_serializing_if = "Option::is_none")]
        most: Option<String>,
    },
    /// A day, such as 2027-01-31.
    Date,
    /// One of a list.
    Choice {
        /// What can be chosen: from 2 to 50 of at most 80 characters.
        options: Vec<String>,
    },
    /// `yes` or `no`.
    YesNo,
    /// Somebody of the client, by their id. Asked of those who work on tickets alone: others need not know who is there.
    Person,
}

impl Shape {
    /// Every shape, as it begins: its key and what it is.
    pub const KEYS: [(&'static str, &'static str); 7] = [
        ("line", "a line of text"),
        ("text", "several lines"),
        ("number", "a number"),
        ("date", "a day"),
        ("choice", "one of a list"),
        ("yes-no", "yes or no"),
        ("person", "somebody of the client"),
    ];

    /// Its key.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Text => "text",
            Self::Number { .. } => "number",
            Self::Date => "date",
            Self::Choice { .. } => "choice",
            Self::YesNo => "yes-no",
            Self::Person => "person",
        }
    }

    /// Its words.
    pub fn name(&self) -> &'static str {
        Self::KEYS.iter().find(|(key, _)| *key == self.key()).map_or("", |(_, words)| words)
    }

    /// The same as it is kept.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn checked(self) -> Result<Self, String> {
        match self {
            Self::Number { unit, least, most } => {
                let unit = line(&unit, LONGEST_UNIT).map_err(|why| format!("the unit: {why}"))?;
                let bound = |bound: Option<String>| bound.map(|text| number(&text)).transpose();
                let (least, most) = (bound(least)?, bound(most)?);
                if let (Some(least), Some(most)) = (&least, &most)
                    && scaled(least) > scaled(most)
                {
                    return Err(format!("nothing is at least {least} and at most {most}"));
                }
                Ok(Self::Number { unit, least, most })
            }
            Self::Choice { options } => {
                let options: Vec<String> =
                    options.iter().map(|option| line(option, OPTIONS.1)).collect::<Result<_, _>>()?;
                let options: Vec<String> = options.into_iter().filter(|option| !option.is_empty()).collect();
                let mut folded: Vec<String> = options.iter().map(|option| option.to_lowercase()).collect();
                folded.sort_unstable();
                folded.dedup();
                if folded.len() < options.len() {
                    return Err("two of what can be chosen are the same".to_owned());
                }
                if !(2..=OPTIONS.0).contains(&options.len()) {
                    return Err(format!("write from 2 to {} lines to choose from", OPTIONS.0));
                }
                Ok(Self::Choice { options })
            }
            other => Ok(other),
        }
    }

    /// What was written, as it is kept; empty where nothing was. A person is an id that is looked up elsewhere.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn read(&self, text: &str) -> Result<String, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(String::new());
        }
        match self {
            Self::Line | Self::Person => line(text, LONGEST_LINE),
            Self::Text => several(text),
            Self::Number { unit, least, most } => {
                let number = number(text)?;
                let least = least.as_ref().filter(|least| scaled(least) > scaled(&number));
                let most = most.as_ref().filter(|most| scaled(most) < scaled(&number));
                let said = |word, bound: &str| Err(format!("write {word} {}", with_unit(bound, unit)));
                match (least, most) {
                    (Some(least), _) => said("at least", least),
                    (_, Some(most)) => said("at most", most),
                    (None, None) => Ok(number),
                }
            }
            Self::Date => match text.parse::<Date>() {
                Ok(day) if (1900..=9999).contains(&day.year()) => Ok(day.to_string()),
                _ => Err("write a day that exists, such as 2027-01-31".to_owned()),
            },
            Self::Choice { options } => {
                let wanted = text.to_lowercase();
                let found = options.iter().find(|option| option.to_lowercase() == wanted);
                found.cloned().ok_or_else(|| format!("choose one of: {}", options.join(", ")))
            }
            Self::YesNo => match text.to_lowercase().as_str() {
                "yes" | "true" | "on" => Ok("yes".to_owned()),
                "no" | "false" | "off" => Ok("no".to_owned()),
                _ => Err("write yes or no".to_owned()),
            },
        }
    }

    /// A value as people read it, but for a person's.
    pub fn shown(&self, value: &str) -> String {
        match self {
            Self::Number { unit, .. } => with_unit(value, unit),
            _ => value.to_owned(),
        }
    }
}

fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

/// One line, composed, without spaces around it.
fn line(text: &str, longest: usize) -> Result<String, String> {
    let text: String = text.trim().nfc().collect();
    if text.chars().any(char::is_control) {
        return Err("write it on one line, without control characters".to_owned());
    }
    match text.chars().count() {
        long if long > longest => Err(format!("write at most {longest} characters; these are {long}")),
        _ => Ok(text),
    }
}

fn several(text: &str) -> Result<String, String> {
    if text.len() > LONGEST_TEXT {
        return Err("write at most 8 kB: attach the rest as a file".to_owned());
    }
    let text: String = text.replace("\r\n", "\n").nfc().collect();
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("it holds control characters: paste it as plain text".to_owned());
    }
    Ok(text)
}

/// A decimal number with neither zeros nor signs that say nothing.
fn number(text: &str) -> Result<String, String> {
    let odd = || "write a number such as 12 or 12.5, with a point and without separators".to_owned();
    let text = text.trim();
    let digits = text.strip_prefix(['-', '\u{2212}']);
    let negative = digits.is_some();
    let digits = digits.unwrap_or(text);
    let (whole, part) = match digits.split_once('.') {
        Some((_, "")) => return Err(odd()),
        Some(both) => both,
        None => (digits, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
        return Err(odd());
    }
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    if whole.len() > DIGITS.0 || part.len() > DIGITS.1 {
        return Err(format!("write at most {} digits before the point and {} behind it", DIGITS.0, DIGITS.1));
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if negative && (whole, part) != ("0", "") { "-" } else { "" };
    Ok(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

/// The same in millionths, to be compared.
fn scaled(number: &str) -> i128 {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let millionths = format!("{whole}{part:0<6}").parse().unwrap_or(0);
    if number.starts_with('-') { -millionths } else { millionths }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice() -> Shape {
        Shape::Choice { options: vec!["Head office".to_owned(), "Plant".to_owned()] }
    }

    #[test]
    fn the_same_value_is_kept_however_it_is_written() {
        let number = Shape::Number { unit: "km".to_owned(), least: None, most: None };
        for (text, kept) in
            [("007", "7"), ("-0", "0"), ("0.50", "0.5"), (" 12.5 ", "12.5"), ("-3.10", "-3.1")]
        {
            assert_eq!(number.read(text).as_deref(), Ok(kept), "{text}");
        }
        assert_eq!(number.shown("7"), "7 km");
        assert_eq!(Shape::Date.read("2028-02-29").as_deref(), Ok("2028-02-29"));
        assert_eq!(choice().read("head OFFICE").as_deref(), Ok("Head office"));
        assert_eq!(Shape::YesNo.read("Yes").as_deref(), Ok("yes"));
        assert_eq!(Shape::Line.read("Mu\u{308}ller").as_deref(), Ok("Müller"));
        assert_eq!(Shape::Text.read("a\r\nb ").as_deref(), Ok("a\nb"));
        assert_eq!(Shape::Date.read("   ").as_deref(), Ok(""));
    }

    #[test]
    fn what_cannot_stand_there_is_refused_with_what_can() {
        let number = Shape::Number {
            unit: "GB".to_owned(),
            least: Some("1".to_owned()),
            most: Some("2.5".to_owned()),
        };
        for (shape, text, word) in [
            (&number, "1,5", "12.5"),
            (&number, "1.", "12.5"),
            (&number, ".5", "12.5"),
            (&number, "--1", "12.5"),
            (&number, "1e3", "12.5"),
            (&number, "0.999999", "at least 1 GB"),
            (&number, "2.500001", "at most 2.5 GB"),
            (&number, "1.0000001", "6 behind"),
            (&number, "1234567890123456", "15 digits"),
            (&Shape::Date, "2027-02-29", "a day that exists"),
            (&Shape::Date, "31.01.2027", "a day that exists"),
            (&choice(), "Lab", "Head office, Plant"),
            (&Shape::YesNo, "perhaps", "yes or no"),
            (&Shape::Line, "a\nb", "one line"),
            (&Shape::Text, "a\u{7}b", "control"),
        ] {
            let refused = shape.read(text).unwrap_err();
            assert!(refused.contains(word), "{text}: {refused}");
        }
        assert!(Shape::Line.read(&"x".repeat(201)).unwrap_err().contains("at most 200"));
        assert!(Shape::Text.read(&"x".repeat(9000)).unwrap_err().contains("8 kB"));
    }

    #[test]
    fn a_shape_that_nothing_fits_is_refused() {
        let number = |least: &str, most: &str| Shape::Number {
            unit: String::new(),
            least: Some(least.to_owned()),
            most: Some(most.to_owned()),
        };
        assert!(number("2", "1").checked().unwrap_err().contains("nothing is"));
        assert!(number("-2", "-10").checked().unwrap_err().contains("nothing is"));
        assert_eq!(number("-10", "-2.50").checked(), Ok(number("-10", "-2.5")));
        let choice = |options: &[&str]| {
            Shape::Choice { options: options.iter().map(|option| (*option).to_owned()).collect() }.checked()
        };
        assert!(choice(&["one", " "]).unwrap_err().contains("2 to 50"));
        assert!(choice(&["one", "ONE"]).unwrap_err().contains("the same"));
        assert!(choice(&["one", "two", ""]).is_ok());
    }
}
