//! How a text or a list of names is written in one cell, so that reading gives back exactly the same.
//!
//! White space around a cell is dropped on reading, since people leave it there by accident. A text that needs it, an
//! empty text, or a text that starts with a quotation mark is therefore written in quotation marks, with each mark inside
//! doubled. In a list the same holds for a name that contains a separator.

/// What stands between the names of a list. A line break does too.
const SEPARATORS: [char; 3] = [',', ';', '\n'];

/// Characters with which a spreadsheet takes a cell for a formula, and the bracket of a block's label.
const ACTIVE: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '['];

/// A text as its cell; absent is blank.
pub(super) fn text_cell(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| if needs_quotes(text) { quoted(text) } else { text.to_owned() })
}

/// The text of a cell; `None` when blank.
pub(super) fn cell_text(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return None;
    }
    match unquoted(cell) {
        Some((text, "")) => Some(text),
        _ => Some(cell.to_owned()),
    }
}

/// Names as one cell, `L1, L2`.
pub(super) fn list_cell<S: AsRef<str>>(names: &[S]) -> String {
    let cells = names.iter().map(|name| {
        let name = name.as_ref();
        if needs_quotes(name) || name.contains(SEPARATORS) { quoted(name) } else { name.to_owned() }
    });
    cells.collect::<Vec<_>>().join(", ")
}

/// The names of a cell, divided by commas, semicolons or line breaks. Nothing between two separators is no name.
pub(super) fn cell_list(cell: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = cell.trim();
    while !rest.is_empty() {
        if let Some((name, after)) = unquoted(rest)
            && (after.is_empty() || after.trim_start_matches([' ', '\t', '\r']).starts_with(SEPARATORS))
        {
            names.push(name);
            rest = after_separator(after);
            continue;
        }
        let end = rest.find(SEPARATORS).unwrap_or(rest.len());
        let name = rest[..end].trim();
        if !name.is_empty() {
            names.push(name.to_owned());
        }
        rest = after_separator(&rest[end..]);
    }
    names
}

/// A cell of a CSV file that no spreadsheet takes for a formula: an apostrophe goes before what would be one, and before
/// apostrophes before such.
pub(super) fn guarded(cell: String) -> String {
    if is_active(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell }
}

/// The cell that [`guarded`] was given.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_active(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet would take the cell for a formula if it were typed.
pub(super) fn is_active(cell: &str) -> bool {
    cell.starts_with(ACTIVE)
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty() || text.starts_with('"') || text.trim().len() != text.len()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A text in quotation marks at the start, and what follows it.
fn unquoted(cell: &str) -> Option<(String, &str)> {
    let mut rest = cell.strip_prefix('"')?;
    let mut text = String::new();
    loop {
        let mark = rest.find('"')?;
        text.push_str(&rest[..mark]);
        rest = &rest[mark + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                text.push('"');
                rest = more;
            }
            None => return Some((text, rest)),
        }
    }
}

fn after_separator(rest: &str) -> &str {
    let rest = rest.trim_start_matches([' ', '\t', '\r']);
    rest.strip_prefix(SEPARATORS).unwrap_or(rest).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_however_people_divide_it() {
        assert_eq!(cell_list(" L1, L2;L3\nL4 ,, "), ["L1", "L2", "L3", "L4"]);
        assert_eq!(cell_list("\"a, b\" , c"), ["a, b", "c"]);
        assert_eq!(cell_list("\"a\" b, c"), ["\"a\" b", "c"]);
        assert_eq!(cell_list("\"open, c"), ["\"open", "c"]);
        assert!(cell_list(" ; ").is_empty());
    }

    #[test]
    fn only_what_would_be_a_formula_gets_an_apostrophe() {
        for (cell, written) in
            [("=1+1", "'=1+1"), ("'=1", "''=1"), ("'twas", "'twas"), ("[About]", "'[About]")]
        {
            assert_eq!(guarded(cell.to_owned()), written);
            assert_eq!(unguarded(written), cell);
        }
    }

    #[test]
    fn quotation_marks_that_people_write_stay() {
        assert_eq!(cell_text("\"Gold\" clients").as_deref(), Some("\"Gold\" clients"));
        assert_eq!(cell_text("  \n "), None);
        assert_eq!(cell_text("\"\"").as_deref(), Some(""));
    }
}
