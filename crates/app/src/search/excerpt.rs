//! The part of a text in which the words stand, with the words marked.

use remit_db::search::{Query, words};
use schemars::JsonSchema;
use serde::Serialize;

/// Characters that are shown of a text, about.
const SHOWN: usize = 240;
/// Characters before the first word.
const BEFORE: usize = 60;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ExcerptPiece")]
pub struct Piece {
    /// As it stands there: it is not HTML, and a page escapes it.
    pub text: String,
    /// Whether it is one of the words.
    pub marked: bool,
}

/// What surrounds the first word that is looked for, in pieces; none where there is no such word.
pub fn excerpt(text: &str, query: &Query) -> Option<Vec<Piece>> {
    let meant = words(text).filter(|(_, word)| query.means(word)).map(|(range, _)| range);
    let marks: Vec<_> = meant.take_while(|range| range.start < text.len()).collect();
    let first = marks.first()?;
    let before =
        text[..first.start].char_indices().rev().take(BEFORE).last().map_or(first.start, |(at, _)| at);
    let begin = if before == 0 { 0 } else { after_space(text, before, first.start) };
    let end = text[begin..].char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| begin + at);
    let mut pieces = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), marked });
        }
    };
    if begin > 0 {
        push("… ", false);
    }
    let mut at = begin;
    for mark in marks.iter().filter(|mark| mark.end <= end.max(first.end)) {
        push(&text[at..mark.start], false);
        push(&text[mark.clone()], true);
        at = mark.end;
    }
    if at < end {
        push(&text[at..end], false);
    }
    if end < text.len() {
        push(" …", false);
    }
    Some(pieces)
}

/// Where a word begins behind a place, if one does before another.
fn after_space(text: &str, from: usize, to: usize) -> usize {
    text[from..to].find(char::is_whitespace).map_or(from, |space| {
        let rest = &text[from + space..to];
        to - rest.trim_start().len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, typed: &str) -> String {
        let pieces = excerpt(text, &Query::read(typed).unwrap()).unwrap_or_default();
        pieces
            .iter()
            .map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn the_words_are_marked_where_they_stand() {
        assert_eq!(shown("The PRINTERS of the Büro.", "buro print"), "The [PRINTERS] of the [Büro].");
        assert_eq!(shown("Nothing here.", "printer"), "");
        assert_eq!(shown("<b>vpn</b> & \"tunnel\"", "vpn"), "<b>[vpn]</b> & \"tunnel\"");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_word() {
        let long = format!("{} the printer {}", "é so on ".repeat(100), "and on ".repeat(500));
        let shown = shown(&long, "printer");
        assert!(shown.starts_with("… ") && shown.ends_with(" …"), "{shown}");
        assert!(shown.contains("[printer]") && shown.chars().count() < 260, "{shown}");
    }
}
