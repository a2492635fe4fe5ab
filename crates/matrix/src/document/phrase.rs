//! Short forms of a draft in plain words: times, dates, promises.

use jiff::civil::Date;

/// What a rewording needs to know of the draft: how a team is called.
pub(super) trait Names {
    /// The name of a team or party as people say it; the id when there is none.
    fn who(&self, id: &str) -> String;
}

/// A time expression in words: `not office` is "outside office hours". What is not understood stays as it is written.
pub(super) fn when(expression: &str, names: &impl Names) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut negated = false;
    for token in tokens(expression) {
        match token.as_str() {
            "not" => negated = !negated,
            "(" | ")" | "and" | "or" => {
                if negated {
                    words.push("not".to_owned());
                    negated = false;
                }
                words.push(token);
            }
            _ => words.push(atom(&token, std::mem::take(&mut negated), names)),
        }
    }
    words.join(" ").replace("( ", "(").replace(" )", ")")
}

/// Words and brackets; a function with its argument, and days with their windows, are one token each.
fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let mut tokens: Vec<String> = Vec::new();
    let mut words = spaced.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let is_call = matches!(word, "holidays" | "on-duty") && words.peek() == Some(&"(");
        if is_call {
            let argument: Vec<&str> = words.by_ref().skip(1).take_while(|word| *word != ")").collect();
            tokens.push(format!("{word}({})", argument.join(" ")));
            continue;
        }
        let joins = !is_operator(word)
            && tokens.last().is_some_and(|last| !is_operator(last) && !last.ends_with(')'));
        match tokens.last_mut() {
            Some(last) if joins => {
                last.push(' ');
                last.push_str(word);
            }
            _ => tokens.push(word.to_owned()),
        }
    }
    tokens
}

fn is_operator(word: &str) -> bool {
    matches!(word, "not" | "and" | "or" | "(" | ")")
}

fn atom(token: &str, negated: bool, names: &impl Names) -> String {
    let call =
        |name: &str| token.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let (plain, except) = if token == "always" {
        ("at all hours".to_owned(), "never".to_owned())
    } else if let Some(calendar) = call("holidays") {
        (
            format!("public holidays of the {calendar} calendar"),
            format!("except public holidays of the {calendar} calendar"),
        )
    } else if let Some(team) = call("on-duty") {
        let team = names.who(team);
        (format!("while {team} is on duty"), format!("while {team} is off duty"))
    } else if token.starts_with(|c: char| c.is_ascii_digit()) {
        (dates(token), format!("except {}", dates(token)))
    } else if is_weekdays(token) {
        (weekdays(token), format!("except {}", weekdays(token)))
    } else {
        (format!("{token} hours"), format!("outside {token} hours"))
    };
    if negated { except } else { plain }
}

/// `2026-12-24..2027-01-02` as "24 December 2026 to 2 January 2027".
fn dates(token: &str) -> String {
    match token.split_once("..") {
        Some((first, last)) => format!("{} to {}", date(first), date(last)),
        None => date(token),
    }
}

/// `2026-12-24` as "24 December 2026"; another text as it is.
pub(super) fn date(text: &str) -> String {
    text.trim()
        .parse::<Date>()
        .map_or_else(|_| text.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}

const DAYS: [(&str, &str); 7] = [
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
];

fn is_weekdays(token: &str) -> bool {
    let first = token.split([' ', ',', '-']).next().unwrap_or("");
    DAYS.iter().any(|(short, _)| *short == first)
}

/// `mon-fri 08:00-18:00` as "Mon–Fri 08:00–18:00"; `sat-sun` as "Sat–Sun".
pub(super) fn weekdays(token: &str) -> String {
    let mut text = token.replace('-', "–");
    for (short, name) in DAYS {
        text = text.replace(short, name);
    }
    text
}

/// `30m` as "30 minutes"; another text as it is.
pub(super) fn duration(text: &str) -> String {
    let text = text.trim();
    let Some((at, unit)) = text.char_indices().next_back() else {
        return String::new();
    };
    let name = match unit {
        'm' => "minute",
        'h' => "hour",
        'd' => "day",
        _ => return text.to_owned(),
    };
    match text[..at].parse::<u32>() {
        Ok(1) => format!("1 {name}"),
        Ok(number) => format!("{number} {name}s"),
        Err(_) => text.to_owned(),
    }
}

/// `a, b and c`, with the last two joined by a word.
pub(super) fn joined<S: AsRef<str>>(names: &[S], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", most.join(", "), last.as_ref())
        }
    }
}
