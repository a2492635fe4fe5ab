//! How wide a text will be, without a font at hand.

/// The width of `text` in pixels at `size` pixels, estimated from above: the figures are close to the advance widths of
/// the widest of the usual system faces (`DejaVu Sans`), so a label that fits here fits elsewhere.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// `text` if it fits into `room` pixels, else its beginning with an ellipsis; empty when not even one letter fits.
pub(crate) fn fit(text: &str, room: f64, size: f64) -> String {
    // A hundredth forgives the rounding of a caller that computed the room from this very width.
    if width(text, size) <= room + 0.01 {
        return text.to_owned();
    }
    let mut room = room - width("…", size);
    let kept: String = text
        .chars()
        .take_while(|c| {
            room -= advance(*c) * size;
            room >= 0.0
        })
        .collect();
    let kept = kept.trim_end();
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// Advance width of one character in em.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' => 0.30,
        ' ' | '.' | ',' => 0.32,
        ':' | ';' | '|' | '·' => 0.34,
        '-' | 'f' | 't' | 'r' | '(' | ')' | '/' | '!' | '[' | ']' => 0.40,
        's' | 'c' | 'k' | 'x' | 'y' | 'z' | 'v' | '"' | '?' => 0.59,
        'a'..='z' if c != 'm' && c != 'w' => 0.64,
        '0'..='9' => 0.64,
        'w' | '+' | '−' | '<' | '>' | '=' | '~' => 0.84,
        'm' | 'W' | '%' | '@' | '…' | '—' => 1.0,
        'M' => 0.87,
        'A'..='Z' => 0.76,
        c if c.is_ascii() => 0.64,
        c if is_wide(c) => 1.05,
        c if is_mark(c) => 0.0,
        _ => 0.80,
    }
}

/// East Asian wide forms and pictographs: two columns of a terminal, about one em in a proportional face.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

/// Combining marks and joiners, which take no room of their own.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f)
}
