//! What invented people write: the same for the same ticket in every run, in Remit and in whatever is measured beside it.
//!
//! Words are as unevenly common as in a language: the first of [`COMMON`] stands in most texts, the last of the invented ones in few.
//! [`RARE`] is in one ticket of a hundred, for searching.

use crate::dice::Dice;

/// A word that one ticket of a hundred has.
pub const RARE: &str = "zebrafish";
/// A word that many tickets have.
pub const FREQUENT: &str = "printer";

/// What is written where it does not matter what.
pub const TEXT: &str = "The printer on the second floor is offline since this morning and its queue does not clear. We restarted it twice and \
    checked the cable. Several people wait for their documents, so please have a look soon and tell us what you find.";

const TOPICS: [&str; 20] = [
    "Printer offline",
    "VPN does not connect",
    "Password reset",
    "Mailbox full",
    "Laptop for a new starter",
    "Slow internet",
    "Backup failed",
    "Disk almost full",
    "Suspicious mail",
    "Licence request",
    "No sound in calls",
    "Server restarted by itself",
    "Wifi drops",
    "Access to a shared drive",
    "Second factor locked out",
    "Monitor flickers",
    "Phone does not ring",
    "Certificate expires",
    "Account of a leaver",
    "Software update asks for an administrator",
];
const COMMON: [&str; 48] = [
    "the",
    "and",
    "to",
    "it",
    "is",
    "on",
    "a",
    "in",
    "we",
    "not",
    "for",
    "since",
    "this",
    "morning",
    "again",
    "please",
    "have",
    "user",
    "computer",
    "error",
    "shows",
    "network",
    "after",
    "restart",
    "still",
    "printer",
    "checked",
    "cable",
    "account",
    "with",
    "message",
    "server",
    "office",
    "several",
    "people",
    "cannot",
    "work",
    "file",
    "open",
    "mail",
    "update",
    "installed",
    "yesterday",
    "site",
    "floor",
    "password",
    "works",
    "screen",
];
const SYLLABLES: [&str; 40] = [
    "ba", "be", "bi", "bo", "ca", "ce", "co", "da", "de", "di", "do", "fa", "fe", "fi", "ga", "go", "la",
    "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "no", "pa", "pe", "po", "ra", "re", "ri", "ro",
    "sa", "se", "so", "ta", "te", "to",
];
/// How many words there are, and how finely their shares are drawn.
const WORDS: usize = 2000;
const STEPS: u64 = 1 << 14;

/// The vocabulary.
pub struct Words {
    words: Vec<String>,
    /// Words by share: a number that is drawn evenly picks one.
    drawn: Vec<u16>,
}

impl Words {
    /// Makes it.
    pub fn new() -> Self {
        let mut dice = Dice::new(42);
        let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        while words.len() < WORDS {
            let syllables = (0..2 + dice.below(3)).map(|_| SYLLABLES[dice.below(40) as usize]);
            let word: String = syllables.collect();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let weight = |n: usize| 1.0 / (n + 3) as f64;
        let whole: f64 = (0..WORDS).map(weight).sum();
        let mut drawn = Vec::with_capacity(STEPS as usize);
        let mut share = 0.0;
        for n in 0..WORDS {
            share += weight(n) / whole;
            while (drawn.len() as f64) < share * STEPS as f64 {
                drawn.push(n as u16);
            }
        }
        drawn.resize(STEPS as usize, 0);
        Self { words, drawn }
    }

    /// The subject of a ticket.
    pub fn subject(&self, ticket: u64) -> String {
        let mut dice = Dice::new(ticket.wrapping_mul(3));
        let topic = TOPICS[dice.below(TOPICS.len() as u64) as usize];
        format!("{topic}: {}", self.some(&mut dice, 2, 4))
    }

    /// What stands in a line of a ticket; the first line says most.
    pub fn text(&self, ticket: u64, line: u64) -> String {
        let mut dice = Dice::new((ticket << 8) + line + 1);
        if line > 1 {
            return self.some(&mut dice, 15, 45);
        }
        let text = self.some(&mut dice, 40, 80);
        if ticket % 100 == 7 { format!("{text} {RARE}") } else { text }
    }

    /// So many words, and up to so many more.
    fn some(&self, dice: &mut Dice, least: u64, more: u64) -> String {
        let count = least + dice.below(more);
        let mut text = String::with_capacity(count as usize * 7);
        for n in 0..count {
            if n > 0 {
                text.push_str(if n % 12 == 11 { ". " } else { " " });
            }
            text.push_str(&self.words[usize::from(self.drawn[dice.below(STEPS) as usize])]);
        }
        text
    }
}
