//! The text form of money, `USD 1,234.50`.

use super::{Currency, Money, MoneyError};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

impl Money {
    /// Reads `USD 1,234.50`, `USD 1234.5`, `EUR -3`, `JPY 500`: a currency, then an amount with a point before the minor
    /// units and, if any, commas at every third digit. More digits than the currency has are refused, not rounded.
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let fault =
            |hint: &str| MoneyError::Text { text: text.chars().take(60).collect(), hint: hint.to_owned() };
        let (code, amount) = text
            .trim()
            .split_once(' ')
            .ok_or_else(|| fault("write the currency, a space and the amount, like USD 1,234.50"))?;
        if !code.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(fault("write the currency first, like USD 1,234.50"));
        }
        let currency = Currency::parse(code)?;
        let amount = amount.trim_start();
        let (negative, digits) = match amount.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, amount),
        };
        let (major, minor) = digits.split_once('.').unwrap_or((digits, ""));
        let major = ungrouped(major)
            .ok_or_else(|| fault("write digits, with commas at every third or at none, like 1,234.50"))?;
        let places = usize::from(currency.digits());
        if digits.ends_with('.') || !minor.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fault("write digits after the point, like 1,234.50"));
        }
        if minor.len() > places {
            return Err(fault(&format!("{currency} has {places} digits after the point")));
        }
        let sign = if negative { "-" } else { "" };
        let minor = format!("{sign}{major}{minor:0<places$}").parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Money { minor, currency })
    }
}

/// The digits without their commas; none when it is not digits in groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    let digits =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let grouped =
        groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (digits && grouped).then(|| groups.concat())
}

/// `USD 1,234.50`, `EUR -3.00`, `JPY 500`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.currency.digits());
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (major, minor) = digits.split_at(digits.len() - places);
        let mut text = format!("{} {}", self.currency, if self.minor < 0 { "-" } else { "" });
        for (i, digit) in major.char_indices() {
            if i > 0 && (major.len() - i) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        if places > 0 {
            text.push('.');
            text.push_str(minor);
        }
        f.pad(&text)
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        Money::parse(text)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Money::parse(&text).map_err(D::Error::custom)
    }
}
