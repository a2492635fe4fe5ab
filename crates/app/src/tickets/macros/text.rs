//! The text of a macro: names in braces stand for what a ticket says. What is in braces and looks like no name is text.

/// A name, and what it stands for.
pub const NAMES: [(&str, &str); 9] = [
    ("requester", "who asked for it"),
    ("first-name", "their first name"),
    ("number", "the number of the ticket"),
    ("subject", "its subject"),
    ("client", "the client"),
    ("team", "the team that holds it"),
    ("me", "who writes"),
    ("due", "when the next promise is due, on the client’s clock"),
    ("today", "the day, on the client’s clock"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    Plain(&'t str),
    Name(&'t str),
}

/// A text in its parts, in order.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    let mut from = 0;
    while let Some(open) = rest[from..].find('{').map(|at| from + at) {
        let name = &rest[open + 1..];
        let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(name.len());
        if end == 0 || !name[end..].starts_with('}') {
            from = open + 1;
            continue;
        }
        parts.extend((open > 0).then_some(Part::Plain(&rest[..open])));
        parts.push(Part::Name(&name[..end]));
        rest = &name[end + 1..];
        from = 0;
    }
    parts.extend((!rest.is_empty()).then_some(Part::Plain(rest)));
    parts
}

/// Refuses a text with a name that stands for nothing.
///
/// # Errors
/// Says which, and which there are.
pub(super) fn checked(text: String) -> Result<String, String> {
    let unknown = parts(&text).into_iter().find_map(|part| match part {
        Part::Name(name) if !NAMES.iter().any(|(known, _)| *known == name) => Some(name),
        _ => None,
    });
    if let Some(name) = unknown {
        let known: Vec<String> = NAMES.iter().map(|(known, _)| format!("{{{known}}}")).collect();
        return Err(format!("{{{name}}} stands for nothing: there are {}", known.join(", ")));
    }
    Ok(text)
}

/// The text with what its names stand for, and those of them that stand for nothing here: they are left as they are.
pub(super) fn filled(text: &str, of: impl Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    let (mut filled, mut missing) = (String::with_capacity(text.len()), Vec::new());
    for part in parts(text) {
        match part {
            Part::Plain(plain) => filled.push_str(plain),
            Part::Name(name) => {
                if let Some(value) = of(name) {
                    filled.push_str(&value);
                } else {
                    let name = format!("{{{name}}}");
                    filled.push_str(&name);
                    missing.push(name);
                }
            }
        }
    }
    missing.sort_unstable();
    missing.dedup();
    (filled, missing)
}

/// What somebody is called among people: the first word of their name, or that behind the comma.
pub(super) fn first_name(name: &str) -> &str {
    let own = name.split_once(',').map_or(name, |(_, own)| own);
    own.split_whitespace().next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(name: &str) -> Option<String> {
        match name {
            "me" => Some("Ana".to_owned()),
            "subject" => Some("{me} is text here".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn names_are_put_in_once_and_what_looks_like_none_is_text() {
        for (text, wanted, missing) in [
            ("Hello, {me} here.", "Hello, Ana here.", vec![]),
            ("{me}{me}", "AnaAna", vec![]),
            // What is put in is not looked at again.
            ("{subject}", "{me} is text here", vec![]),
            ("{ me } {} {Me} {me {me", "{ me } {} {Me} {me {me", vec![]),
            ("{{me}}", "{Ana}", vec![]),
            ("by {due}, {due}", "by {due}, {due}", vec!["{due}".to_owned()]),
            ("{ä{me}", "{äAna", vec![]),
        ] {
            assert_eq!(filled(text, of), (wanted.to_owned(), missing), "{text}");
        }
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_refused_with_those_that_do() {
        let why = checked("Dear {frist-name}".to_owned()).unwrap_err();
        assert!(
            why.starts_with("{frist-name} stands for nothing: there are {requester}, {first-name}"),
            "{why}"
        );
        for (name, _) in NAMES {
            checked(format!("{{{name}}}")).unwrap();
        }
    }

    #[test]
    fn people_are_called_by_their_first_name() {
        for (name, first) in
            [("Ana Reyes", "Ana"), ("Reyes, Ana María", "Ana"), ("Ana", "Ana"), ("Reyes,", "Reyes,")]
        {
            assert_eq!(first_name(name), first);
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_lost(text in "[{}a-zä\n-]{0,40}") {
            let whole: String = parts(&text)
                .into_iter()
                .map(|part| match part {
                    Part::Plain(plain) => plain.to_owned(),
                    Part::Name(name) => format!("{{{name}}}"),
                })
                .collect();
            prop_assert_eq!(&whole, &text);
            let (left, missing) = filled(&text, |_| None);
            prop_assert_eq!(left, text);
            prop_assert!(missing.iter().all(|name| name.len() > 2));
        }
    }
}
