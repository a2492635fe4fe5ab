//! Solved tickets that are like another: what helped there may help here.
//!
//! Like it is what has the words of its subject. A word that stands in few tickets says more than one that stands in many, so each counts by
//! how many lines have it; of every word, only so many of the newest lines are looked at, so that this takes no longer because there are more
//! tickets. Nobody finds a ticket by a line that they do not read.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::Tx;
use remit_db::search::{Place, Query, words};

use super::named::{Listed, named};
use super::store::{self, Fit};
use super::words::{line_at, newest};
use super::{Status, Ticket};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;

/// The most that are shown.
pub const MOST_SIMILAR: usize = 5;
/// The most words that are looked for, the longest ones, and the shortest that is.
const WORDS: (usize, usize) = (8, 4);
/// Lines of one word that are looked at.
const LINES: usize = 60;
/// Tickets that are looked at, those that promise most.
const LOOKED: usize = 20;

/// A solved ticket that is like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// It.
    pub listed: Listed,
    /// The words of the other's subject that it has, in their order.
    pub words: Vec<String>,
}

/// How much it says that a line has a word, by how many lines have it.
fn weight(lines: usize) -> usize {
    match lines {
        0..=5 => 4,
        6..=30 => 2,
        _ => 1,
    }
}

/// The words of a subject that are looked for, in their order.
fn telling(subject: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (_, word) in words(subject) {
        if word.chars().count() >= WORDS.1 && !all.contains(&word) {
            all.push(word);
        }
    }
    let mut longest = all.clone();
    longest.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    longest.truncate(WORDS.0);
    all.retain(|word| longest.contains(word));
    all
}

/// What speaks for a ticket: words, with their weights and the lines that have them.
type Signs = Vec<(usize, usize, Vec<Place>)>;

/// How alike that makes it. What many have is chance: one rare word tells, or two of which one is not everywhere.
fn likeness(signs: &Signs) -> Option<usize> {
    let all: usize = signs.iter().map(|(_, weight, _)| weight).sum();
    (all > 2).then_some(all)
}

/// Solved tickets within reach that are like one, the most alike first.
pub fn similar(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<Similar>, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let asked = telling(&ticket.subject);
    let before = newest(tx)?;
    let mut signs: BTreeMap<i64, Signs> = BTreeMap::new();
    for (n, word) in asked.iter().enumerate() {
        let Ok(query) = Query::read(word) else { continue };
        let places = tx.search(&query, before, LINES)?;
        let weight = weight(places.len());
        for place in places.into_iter().filter(|place| place.number != ticket.number) {
            let of = signs.entry(place.number).or_default();
            match of.last_mut().filter(|(last, ..)| *last == n) {
                Some((_, _, lines)) => lines.push(place),
                None => of.push((n, weight, vec![place])),
            }
        }
    }
    let mut best: Vec<(usize, i64)> =
        signs.iter().filter_map(|(number, of)| Some((likeness(of)?, *number))).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    best.truncate(LOOKED);
    let numbers: Vec<i64> = best.into_iter().map(|(_, number)| number).collect();
    let there = store::numbered(tx, act, (&numbers, &Fit::any()))?;
    let mut alike = Vec::new();
    for found in there.into_values().filter(|found| matches!(found.status, Status::Solved | Status::Closed)) {
        let mut of = signs.remove(&found.number).unwrap_or_default();
        for (_, _, lines) in &mut of {
            let mut read = false;
            for place in lines.iter() {
                read = read || line_at(tx, act, &found, place.part)?.is_some();
            }
            if !read {
                lines.clear();
            }
        }
        of.retain(|(_, _, lines)| !lines.is_empty());
        if let Some(likeness) = likeness(&of) {
            let same = (found.service == ticket.service, found.client == ticket.client);
            let words = of.iter().map(|(n, ..)| asked[*n].clone()).collect();
            alike.push(((likeness, same, found.number), found, words));
        }
    }
    alike.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    alike.truncate(MOST_SIMILAR);
    let (tickets, words): (Vec<Ticket>, Vec<Vec<String>>) =
        alike.into_iter().map(|(_, ticket, words)| (ticket, words)).unzip();
    let listed = named(tx, tickets)?;
    Ok(listed.into_iter().zip(words).map(|(listed, words)| Similar { listed, words }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_words_of_a_subject_tell_in_their_order() {
        assert_eq!(telling("The VPN of the VPN: certificate expired"), ["certificate", "expired"]);
        assert_eq!(telling("a b c"), [""; 0]);
        let long = telling(
            "one1 two22 three333 four4444 five55555 six666666 seven7777777 eight88888888 nine999999999",
        );
        assert_eq!((long.len(), long[0].as_str()), (8, "two22"));
    }

    #[test]
    fn what_many_have_is_chance() {
        let sign = |weight| (0, weight, Vec::new());
        assert_eq!(likeness(&vec![sign(1)]), None);
        assert_eq!(likeness(&vec![sign(2)]), None);
        assert_eq!(likeness(&vec![sign(1), sign(2)]), Some(3));
        assert_eq!(likeness(&vec![sign(4)]), Some(4));
    }
}
