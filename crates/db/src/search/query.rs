//! What is looked for: all of some words, the last as far as it was typed.

use std::collections::BTreeSet;

use super::words;

/// Words that are looked for at most.
pub const MOST_WORDS: usize = 10;
/// Letters from which on a word may be the beginning of one.
const BEGINS: usize = 3;
/// Letters from which on a word may have been mistyped.
const MISTYPED: usize = 4;

/// One word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// As it was typed, and what may have been meant.
    pub any: BTreeSet<String>,
    /// Whether it may go on.
    pub begins: bool,
}

/// All of some words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub(super) wanted: Vec<Wanted>,
    /// The words as they were typed, where more would do.
    typed: Option<Vec<String>>,
    /// Labels of which an entry has all.
    pub(super) labels: Vec<String>,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// There is no word in it.
    #[error("write a word: letters or figures")]
    NoWord,
    /// There are too many.
    #[error("write at most {MOST_WORDS} words")]
    TooMany,
}

impl Query {
    /// What somebody typed. Words may stand in any order; the last may be unfinished, if it has three letters.
    pub fn read(text: &str) -> Result<Self, Unclear> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (_, word) in words(text) {
            if wanted.len() == MOST_WORDS {
                return Err(Unclear::TooMany);
            }
            wanted.push(Wanted { any: BTreeSet::from([word]), begins: false });
        }
        let last = wanted.last_mut().ok_or(Unclear::NoWord)?;
        last.begins = last.any.iter().all(|word| word.chars().count() >= BEGINS);
        Ok(Self { wanted, typed: None, labels: Vec::new() })
    }

    /// The same where each longer word may have one letter too many, too few, another, or two in the wrong order.
    #[must_use]
    pub fn tolerant(&self) -> Self {
        let mut meant = self.clone();
        meant.typed = Some(self.typed().map(|(word, _)| word.to_owned()).collect());
        for wanted in &mut meant.wanted {
            let typed: Vec<String> = wanted.any.iter().cloned().collect();
            for word in typed.iter().filter(|word| word.chars().count() >= MISTYPED) {
                near(word, &mut wanted.any);
            }
        }
        meant
    }

    /// Whether words one slip away do as well.
    pub fn is_tolerant(&self) -> bool {
        self.typed.is_some()
    }

    /// The same among entries with a label.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.labels.push(label.into());
        self
    }

    /// Whether a word of a text is one that is looked for.
    pub fn means(&self, word: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted.fits(word))
    }

    /// Whether a text with these words has all that is looked for.
    pub fn fits<'w>(&self, words: &(impl Iterator<Item = &'w str> + Clone)) -> bool {
        self.wanted.iter().all(|wanted| words.clone().any(|word| wanted.fits(word)))
    }

    /// The words as they were typed.
    pub fn typed(&self) -> impl Iterator<Item = (&str, bool)> {
        let typed = self.typed.as_deref().unwrap_or_default();
        self.wanted.iter().enumerate().filter_map(|(n, wanted)| {
            let word = typed.get(n).or(wanted.any.first())?;
            Some((word.as_str(), wanted.begins))
        })
    }
}

impl Wanted {
    pub fn fits(&self, word: &str) -> bool {
        if self.any.contains(word) {
            return true;
        }
        self.begins && word.char_indices().any(|(end, _)| self.any.contains(&word[..end]))
    }
}

/// What is one slip away from a word.
fn near(word: &str, found: &mut BTreeSet<String>) {
    let letters: Vec<char> = word.chars().collect();
    let others = alphabet(&letters);
    let mut add = |letters: &[char]| found.insert(letters.iter().collect());
    for place in 0..=letters.len() {
        let (before, after) = letters.split_at(place);
        let mut with = |c: char, rest: &[char]| add(&[before, &[c], rest].concat());
        for &c in &others {
            with(c, after);
            if let Some((_, rest)) = after.split_first() {
                with(c, rest);
            }
        }
        if let [one, two, rest @ ..] = after {
            add(&[before, &[*two, *one], rest].concat());
        }
        if let [_, rest @ ..] = after {
            add(&[before, rest].concat());
        }
    }
}

/// The letters that a slip can bring in: those of the script.
fn alphabet(letters: &[char]) -> Vec<char> {
    let range = letters.iter().find_map(|c| match c {
        'a'..='z' => Some('a'..='z'),
        '0'..='9' => Some('0'..='9'),
        '\u{3B1}'..='\u{3C9}' => Some('\u{3B1}'..='\u{3C9}'),
        '\u{430}'..='\u{45F}' => Some('\u{430}'..='\u{45F}'),
        '\u{5D0}'..='\u{5EA}' => Some('\u{5D0}'..='\u{5EA}'),
        '\u{621}'..='\u{64A}' => Some('\u{621}'..='\u{64A}'),
        _ => None,
    });
    range.map(Iterator::collect).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_may_be_unfinished() {
        let query = Query::read("VPN tun").unwrap();
        assert!(query.means("tunnel") && query.means("vpn") && !query.means("vpns"));
        assert!(!Query::read("vp").unwrap().means("vpn"), "two letters begin everything");
        assert!(query.fits(&["the", "tunnel", "of", "vpn"].into_iter()));
        assert!(!query.fits(&["tunnel"].into_iter()));
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        let meant = |typed: &str, word: &str| Query::read(typed).unwrap().tolerant().means(word);
        for typed in ["priner", "printter", "prinrer", "pritner", "printer"] {
            assert!(meant(typed, "printer"), "{typed}");
        }
        assert!(meant("pritn", "printer"), "unfinished and mistyped");
        assert!(!meant("pirtn", "printer") && !meant("vpm x", "vpn"));
    }

    #[test]
    fn what_cannot_be_looked_for_is_said() {
        assert_eq!(Query::read("\0 \"* ( 😀"), Err(Unclear::NoWord));
        assert_eq!(Query::read(&"ab ".repeat(11)), Err(Unclear::TooMany));
    }
}
