//! How a quantity is written: separators, decimals, and rounding that does not lie.

/// What a chart counts, and how its figures are written.
///
/// ```
/// use remit_draw::Unit;
/// assert_eq!(Unit::count("tickets").figure(24918.0), "24,918");
/// assert_eq!(Unit::count("tickets").one("ticket").phrase(1.0), "1 ticket");
/// assert_eq!(Unit::share().figure(0.99999), ">99.9%"); // only all of it is 100%
/// assert_eq!(Unit::minutes().figure(130.0), "2 h 10 min");
/// assert_eq!(Unit::count("hand-offs").difference(1200.0, 900.0), "−300 (−25%)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    kind: Kind,
    many: String,
    one: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Count,
    Decimal(u8),
    Share,
    Minutes,
}

impl Unit {
    /// Whole things, named in the plural: `tickets`.
    pub fn count(noun: &str) -> Self {
        Self { kind: Kind::Count, many: noun.to_owned(), one: None }
    }

    /// A measure with a fixed number of decimals (at most 6): `hours`, 1.
    pub fn decimal(noun: &str, decimals: u8) -> Self {
        Self { kind: Kind::Decimal(decimals.min(6)), many: noun.to_owned(), one: None }
    }

    /// A share from 0 to 1, written in percent with one decimal. A share that is not nothing is never written as 0%, one
    /// that is not all never as 100%.
    pub fn share() -> Self {
        Self { kind: Kind::Share, many: String::new(), one: None }
    }

    /// A length of time given in minutes, written in its two largest units.
    pub fn minutes() -> Self {
        Self { kind: Kind::Minutes, many: String::new(), one: None }
    }

    /// The noun for exactly one.
    #[must_use]
    pub fn one(mut self, noun: &str) -> Self {
        self.one = Some(noun.to_owned());
        self
    }

    /// The noun; empty for shares and lengths of time, which carry their own.
    pub fn noun(&self) -> &str {
        &self.many
    }

    /// The figure alone. What is not a number is written `–`.
    pub fn figure(&self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        match self.kind {
            Kind::Count => decimal(value, 0),
            Kind::Decimal(places) => decimal(value, usize::from(places)),
            Kind::Share => share(value),
            Kind::Minutes => length(value),
        }
    }

    /// The figure with its noun.
    pub fn phrase(&self, value: f64) -> String {
        let figure = self.figure(value);
        let noun = if figure == "1" { self.one.as_ref().unwrap_or(&self.many) } else { &self.many };
        if noun.is_empty() { figure } else { format!("{figure} {noun}") }
    }

    /// The way from `before` to `after`: signed, with its share of `before` where there was something before. The
    /// difference of two shares is written in points.
    pub fn difference(&self, before: f64, after: f64) -> String {
        let by = after - before;
        if !by.is_finite() {
            return "–".to_owned();
        }
        let sign = if by < 0.0 { "−" } else { "+" };
        let size = match self.kind {
            Kind::Share => format!("{} points", decimal((by * 100.0).abs(), 1)),
            _ => self.figure(by.abs()),
        };
        if by == 0.0 {
            return "no change".to_owned();
        }
        if before <= 0.0 || self.kind == Kind::Share {
            return format!("{sign}{size}");
        }
        let relative = (by / before * 100.0).abs();
        let relative = if relative < 0.5 { "<1".to_owned() } else { decimal(relative, 0) };
        // Less than all of it gone must not read as all of it.
        let relative = if relative == "100" && by < 0.0 && after > 0.0 { ">99".to_owned() } else { relative };
        match relative.strip_prefix(['<', '>']) {
            Some(rest) => format!("{sign}{size} ({}{sign}{rest}%)", &relative[..1]),
            None => format!("{sign}{size} ({sign}{relative}%)"),
        }
    }

    /// A figure short enough for an axis: `12k`, `3 d`, `40%`.
    pub(crate) fn tick(&self, value: f64) -> String {
        match self.kind {
            Kind::Share => format!("{}%", trimmed(value * 100.0)),
            Kind::Minutes => length(value),
            Kind::Count | Kind::Decimal(_) if value.abs() >= 1e6 => format!("{}M", trimmed(value / 1e6)),
            Kind::Count | Kind::Decimal(_) if value.abs() >= 1e4 => format!("{}k", trimmed(value / 1e3)),
            Kind::Count | Kind::Decimal(_) => trimmed(value),
        }
    }

    /// True for a length of time, whose axis counts in sixties and days.
    pub(crate) fn is_time(&self) -> bool {
        self.kind == Kind::Minutes
    }

    /// True when only whole figures make sense on an axis.
    pub(crate) fn is_whole(&self) -> bool {
        self.kind == Kind::Count
    }
}

/// `value` with `places` decimals and commas between thousands; a minus sign is U+2212.
pub(crate) fn decimal(value: f64, places: usize) -> String {
    let digits = format!("{:.places$}", value.abs());
    let (whole, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut out = String::new();
    if value < 0.0 && digits.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        out.push('−');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// As [`decimal`] with up to three decimals, without trailing zeros.
fn trimmed(value: f64) -> String {
    let text = decimal(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn share(value: f64) -> String {
    let percent = value * 100.0;
    if percent > 0.0 && percent < 0.05 {
        return "<0.1%".to_owned();
    }
    if (99.95..100.0).contains(&percent) {
        return ">99.9%".to_owned();
    }
    let text = decimal(percent, 1);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// Minutes in their two largest units.
fn length(minutes: f64) -> String {
    let sign = if minutes < 0.0 { "−" } else { "" };
    let minutes = minutes.abs();
    if minutes > 0.0 && minutes < 1.0 {
        return format!("{sign}<1 min");
    }
    let whole = minutes.round() as u64;
    let text = if whole < 60 {
        format!("{whole} min")
    } else if whole < 24 * 60 {
        two(whole / 60, "h", whole % 60, "min")
    } else {
        let hours = (minutes / 60.0).round() as u64;
        two(hours / 24, "d", hours % 24, "h")
    };
    format!("{sign}{text}")
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    let large = decimal(large as f64, 0);
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

#[cfg(test)]
mod tests;
