//! Which words a text has: the same for what is put into the index, for what somebody types, and for what is marked.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count; what follows is as if it were not there.
const LONGEST: usize = 40;

/// The words of a text, each with where it stands (in bytes) and as it is compared: in small letters, without accents. What is neither
/// letter nor figure separates words. Scripts that put nothing between words have a word for each character.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = chars.next()?;
            if !first.is_alphanumeric() {
                continue;
            }
            let mut end = start + first.len_utf8();
            if !stands_alone(first) {
                // An accent that was typed apart belongs to the letter before it.
                let goes_on = |c: char| (c.is_alphanumeric() && !stands_alone(c)) || is_combining_mark(c);
                while let Some((at, c)) = chars.next_if(|(_, c)| goes_on(*c)) {
                    end = at + c.len_utf8();
                }
            }
            let word = folded(&text[start..end]);
            if !word.is_empty() {
                return Some((start..end, word));
            }
        }
    })
}

fn folded(word: &str) -> String {
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.filter(|c| c.is_alphanumeric()).take(LONGEST).collect()
}

/// Whether a character is of a script without spaces.
const fn stands_alone(c: char) -> bool {
    matches!(
        c,
        '\u{0E01}'..='\u{0EDF}' | '\u{1780}'..='\u{17B3}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text).map(|(_, word)| word).collect()
    }

    #[test]
    fn words_are_compared_without_case_and_accents() {
        assert_eq!(of("Müller's CAFÉ, 2nd_floor"), ["muller", "s", "cafe", "2nd", "floor"]);
        assert_eq!(of("Cafe\u{301}"), of("Café"));
        assert_eq!(of("印刷 ok"), ["印", "刷", "ok"]);
        assert_eq!(of("\0 \" OR * ( 😀 \u{202E}"), ["or"]);
    }

    #[test]
    fn a_word_says_where_it_stands() {
        let text = "é: Ünï!";
        let found: Vec<&str> = words(text).map(|(range, _)| &text[range]).collect();
        assert_eq!(found, ["é", "Ünï"]);
    }
}
