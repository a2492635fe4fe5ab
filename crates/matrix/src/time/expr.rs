//! The little language of `time` and `hours`.
//!
//! ```text
//! expression = and { "or" and }          and   = unary { "and" unary }
//! unary      = "not" unary | "(" expression ")" | term
//! term       = "always" | calendar | "holidays(" calendar ")" | "on-duty(" team ")"
//!            | weekdays [ window { "," window } ] | date [ ".." date ]
//! ```

use std::fmt;

use remit_core::{Date, Weekdays, Window};

/// Nesting beyond this is refused, so that no text can exhaust the stack.
const DEEPEST: usize = 32;

/// When something holds. `N` is how calendars and teams are named: texts as written, numbers once checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expr<N = String> {
    /// Every minute.
    Always,
    /// One word.
    Term(Term<N>),
    /// When the other does not.
    Not(Box<Expr<N>>),
    /// When all do.
    And(Vec<Expr<N>>),
    /// When any does.
    Or(Vec<Expr<N>>),
}

/// One word of the language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Term<N = String> {
    /// While a calendar is open.
    Calendar(N),
    /// On the holidays of a calendar, whole local days.
    Holidays(N),
    /// While somebody of a team is on duty.
    OnDuty(N),
    /// Weekly windows in the client's zone.
    Weekly(Weekdays, Vec<Window>),
    /// Local days of the client, both included.
    Days(Date, Date),
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// Byte offset into the expression.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Expr<String> {
    /// Reads an expression. Names are not looked up yet.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens, next: 0, end: text.len() };
        let expr = parser.or(0)?;
        match parser.peek() {
            None => Ok(expr),
            Some(token) => {
                let message = format!("`{}` is not expected here", token.text);
                Err(parser.error(message, Some("join terms with `and` or `or`")))
            }
        }
    }
}

impl<N> Expr<N> {
    /// The same expression with every name replaced.
    pub fn try_map<M, E>(&self, f: &mut impl FnMut(&Term<N>) -> Result<Expr<M>, E>) -> Result<Expr<M>, E> {
        let all = |list: &[Self], f: &mut _| list.iter().map(|e| e.try_map(f)).collect::<Result<Vec<_>, E>>();
        Ok(match self {
            Self::Always => Expr::Always,
            Self::Term(term) => f(term)?,
            Self::Not(inner) => Expr::Not(Box::new(inner.try_map(f)?)),
            Self::And(list) => Expr::And(all(list, f)?),
            Self::Or(list) => Expr::Or(all(list, f)?),
        })
    }

    /// Whether the expression holds where exactly the terms that `holds` accepts hold.
    pub fn eval(&self, holds: &mut impl FnMut(&Term<N>) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Term(term) => holds(term),
            Self::Not(inner) => !inner.eval(holds),
            Self::And(list) => list.iter().all(|e| e.eval(holds)),
            Self::Or(list) => list.iter().any(|e| e.eval(holds)),
        }
    }

    /// Calls `f` on every term.
    pub fn terms<'e>(&'e self, f: &mut impl FnMut(&'e Term<N>)) {
        match self {
            Self::Always => {}
            Self::Term(term) => f(term),
            Self::Not(inner) => inner.terms(f),
            Self::And(list) | Self::Or(list) => list.iter().for_each(|e| e.terms(f)),
        }
    }
}

struct Token<'t> {
    at: usize,
    text: &'t str,
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExprError> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if c.is_whitespace() {
            continue;
        }
        let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '–');
        if word(c) {
            let mut end = at + c.len_utf8();
            while let Some((_, next)) = rest.next_if(|(_, c)| word(*c)) {
                end += next.len_utf8();
            }
            tokens.push(Token { at, text: &text[at..end] });
        } else if matches!(c, '(' | ')' | ',') {
            tokens.push(Token { at, text: &text[at..=at] });
        } else {
            let hint = match c {
                '!' => Some("write `not`"),
                '&' | '+' => Some("write `and`"),
                '|' | '/' => Some("write `or`"),
                _ => None,
            };
            let message = format!("`{c}` has no meaning in a time expression");
            return Err(ExprError { at, message, hint: hint.map(str::to_owned) });
        }
    }
    Ok(tokens)
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    end: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next)
    }

    fn is_next(&self, text: &str) -> bool {
        self.peek().is_some_and(|t| t.text.eq_ignore_ascii_case(text))
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.is_next(text);
        self.next += usize::from(found);
        found
    }

    fn error(&self, message: String, hint: Option<&str>) -> ExprError {
        let at = self.peek().map_or(self.end, |t| t.at);
        ExprError { at, message, hint: hint.map(str::to_owned) }
    }

    fn or(&mut self, depth: usize) -> Result<Expr, ExprError> {
        let mut list = vec![self.and(depth)?];
        while self.take("or") {
            list.push(self.and(depth)?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Expr::Or(list) })
    }

    fn and(&mut self, depth: usize) -> Result<Expr, ExprError> {
        let mut list = vec![self.unary(depth)?];
        while self.take("and") {
            list.push(self.unary(depth)?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Expr::And(list) })
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, ExprError> {
        if depth > DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} levels of `not` and parentheses"), None));
        }
        if self.take("not") {
            return Ok(Expr::Not(Box::new(self.unary(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.or(depth + 1)?;
            if !self.take(")") {
                return Err(self.error("a `(` is not closed".to_owned(), Some("write `)` here")));
            }
            return Ok(inner);
        }
        self.term()
    }

    fn term(&mut self) -> Result<Expr, ExprError> {
        let example =
            "write a calendar's name, `holidays(office)`, `sat-sun`, `mon-fri 08:00-18:00` or a date";
        let Some(token) = self.peek() else {
            return Err(self.error("the expression ends too early".to_owned(), Some(example)));
        };
        let (text, at) = (token.text, token.at);
        if matches!(text, "(" | ")" | ",")
            || text.eq_ignore_ascii_case("and")
            || text.eq_ignore_ascii_case("or")
        {
            return Err(self.error(format!("a term is missing before `{text}`"), Some(example)));
        }
        self.next += 1;
        if text.eq_ignore_ascii_case("always") {
            return Ok(Expr::Always);
        }
        if self.is_next("(") {
            return self.call(text, at);
        }
        if text.as_bytes()[0].is_ascii_digit() {
            return days(text, at);
        }
        if let Ok(weekdays) = Weekdays::parse(text) {
            return self.weekly(weekdays);
        }
        Ok(Expr::Term(Term::Calendar(text.to_owned())))
    }

    /// `holidays(office)`, `on-duty(night)`.
    fn call(&mut self, function: &str, at: usize) -> Result<Expr, ExprError> {
        let make: fn(String) -> Term = match function.to_ascii_lowercase().as_str() {
            "holidays" => Term::Holidays,
            "on-duty" => Term::OnDuty,
            _ => {
                let message = format!("`{function}` cannot be followed by `(`");
                let hint = Some("only `holidays(calendar)` and `on-duty(team)` can".to_owned());
                return Err(ExprError { at, message, hint });
            }
        };
        self.next += 1;
        let Some(name) = self.peek().map(|t| t.text).filter(|t| !matches!(*t, "(" | ")" | ",")) else {
            return Err(self.error(format!("`{function}(` needs a name"), Some("such as `holidays(office)`")));
        };
        self.next += 1;
        if !self.take(")") {
            return Err(self.error(format!("`{function}({name}` is not closed"), Some("write `)` here")));
        }
        Ok(Expr::Term(make(name.to_owned())))
    }

    fn weekly(&mut self, mut weekdays: Weekdays) -> Result<Expr, ExprError> {
        // `mon, wed-fri 08:00-12:00, 13:00-17:00`: first days, then windows.
        while self.is_next(",") {
            let Some(more) = self.tokens.get(self.next + 1).and_then(|t| Weekdays::parse(t.text).ok()) else {
                break;
            };
            weekdays = weekdays.union(more);
            self.next += 2;
        }
        let mut windows = Vec::new();
        while let Some(token) = self.peek().filter(|t| t.text.as_bytes()[0].is_ascii_digit()) {
            if !token.text.contains(':') && windows.is_empty() {
                break;
            }
            let window = Window::parse(token.text)
                .map_err(|e| self.error(e.to_string(), Some("such as `08:00-18:00`")))?;
            windows.push(window);
            self.next += 1;
            if !self.take(",") {
                break;
            }
        }
        if windows.is_empty() {
            windows.push(Window::ALL_DAY);
        }
        Ok(Expr::Term(Term::Weekly(weekdays, windows)))
    }
}

fn days(text: &str, at: usize) -> Result<Expr, ExprError> {
    let day = |part: &str, offset: usize| {
        part.parse::<Date>().map_err(|e| ExprError {
            at: at + offset,
            message: format!("`{part}` is not a date: {e}"),
            hint: Some(
                "write a day that exists, as 2026-12-24, or a range, as 2026-12-24..2027-01-02".to_owned(),
            ),
        })
    };
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (day(first, 0)?, day(last, first.len() + 2)?),
        None => (day(text, 0)?, day(text, 0)?),
    };
    if last < first {
        let message = format!("`{text}` ends before it begins");
        return Err(ExprError { at, message, hint: Some(format!("write {last}..{first}")) });
    }
    Ok(Expr::Term(Term::Days(first, last)))
}

impl<N: fmt::Display> fmt::Display for Expr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::Term(term) => write!(f, "{term}"),
            Self::Not(inner) if matches!(**inner, Self::Term(_) | Self::Always | Self::Not(_)) => {
                write!(f, "not {inner}")
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(list) => joined(f, list, " and ", |e| matches!(e, Self::Or(_))),
            Self::Or(list) => joined(f, list, " or ", |_| false),
        }
    }
}

fn joined<N: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    list: &[Expr<N>],
    word: &str,
    wrap: impl Fn(&Expr<N>) -> bool,
) -> fmt::Result {
    for (i, expr) in list.iter().enumerate() {
        f.write_str(if i == 0 { "" } else { word })?;
        if wrap(expr) {
            write!(f, "({expr})")?;
        } else {
            write!(f, "{expr}")?;
        }
    }
    Ok(())
}

impl<N: fmt::Display> fmt::Display for Term<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calendar(name) => write!(f, "{name}"),
            Self::Holidays(name) => write!(f, "holidays({name})"),
            Self::OnDuty(name) => write!(f, "on-duty({name})"),
            Self::Weekly(days, windows) => {
                write!(f, "{}", days.to_string().replace(", ", ","))?;
                if windows.as_slice() == [Window::ALL_DAY] {
                    return Ok(());
                }
                let windows: Vec<String> = windows.iter().map(ToString::to_string).collect();
                write!(f, " {}", windows.join(", "))
            }
            Self::Days(first, last) if first == last => write!(f, "{first}"),
            Self::Days(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read_back() {
        for text in [
            "always",
            "office",
            "not office",
            "holidays(office) or sat-sun",
            "(office or on-duty(night)) and not 2026-12-24..2027-01-02",
            "not (office and holidays(office))",
            "mon-fri 08:00-12:00, 13:00-18:00",
            "mon-fri 22:00-06:00 or sat",
            "2026-12-24",
            "not not office",
        ] {
            let expr = Expr::parse(text).unwrap();
            assert_eq!(Expr::parse(&expr.to_string()).unwrap(), expr, "{text} became {expr}");
        }
    }

    #[test]
    fn mistakes_are_named_where_they_stand() {
        for (text, at, says) in [
            ("", 0, "ends too early"),
            ("office and", 10, "ends too early"),
            ("office & night", 7, "no meaning"),
            ("(office", 7, "not closed"),
            ("office night", 7, "not expected"),
            ("open(office)", 0, "cannot be followed"),
            ("2026-02-30", 0, "not a date"),
            ("2026-12-24..2026-12-01", 0, "ends before"),
            ("mon-fri 08:00-25:00", 8, "25:00"),
            ("holidays()", 9, "needs a name"),
            (") or office", 0, "missing"),
        ] {
            let error = Expr::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
            assert!(error.message.contains(says), "{text}: {error}");
        }
        assert!(Expr::parse(&"not ".repeat(5_000)).is_err());
        assert!(Expr::parse(&"(".repeat(5_000)).is_err());
    }
}
