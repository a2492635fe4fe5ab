//! Finding a service from what somebody wrote.
//!
//! A text is compared with the id, the name and the other names of each node. Words count by how rare they are in
//! the catalogue; a misspelt word counts by its edit distance; the words of the parent help a little.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Catalogue, Service};

/// A service that a text may mean.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The service.
    pub service: &'a Service,
    /// What matched.
    pub how: How,
    /// How well it matches, from 0 to 1. From 0.75 on it is nearly always what was meant.
    pub score: f64,
}

/// How a text matches a service, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The text is the id.
    Id,
    /// The text is the end of the id: `os` for `patching.os`.
    IdEnd,
    /// The text is the name or another name of the service, spelling of small words and plurals aside.
    Name,
    /// Words of the text are words of the service.
    Words,
}

/// The most suggestions that [`Catalogue::find`] gives.
const MOST: usize = 10;
/// Below this score a match is noise.
const FLOOR: f64 = 0.3;
/// Two words are the same word misspelt from this similarity on.
const MISSPELT: f64 = 0.75;
/// What a word of the parent counts beside a word of the service itself.
const PARENT_SHARE: f64 = 0.35;
/// Longer texts are cut: no name of a service has more words.
const MOST_WORDS: usize = 24;
/// Longer texts are cut, in bytes at most four times this.
const MOST_CHARACTERS: usize = 400;
/// Words without meaning of their own.
const SMALL: &[&str] = &[
    "a", "all", "an", "and", "any", "as", "at", "by", "for", "from", "in", "into", "it", "of", "on", "or",
    "our", "the", "to", "with",
];

/// The words of every node, prepared once per catalogue.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// By node: the phrases it is known by.
    phrases: Vec<Vec<Vec<String>>>,
    /// By node: the words of its parent's name and id.
    around: Vec<FxHashSet<String>>,
    /// In how many nodes a word occurs.
    frequency: FxHashMap<String, u32>,
}

impl Catalogue {
    /// The services that a text may mean, best first, at most ten; empty when nothing is near.
    ///
    /// Reads ids, ends of ids, and free text such as "Helpdesk / end user support" or "Backups". An exact id or
    /// name always comes first; `other` leaves are found by their id only.
    pub fn find(&self, text: &str) -> Vec<Found<'_>> {
        let text: String = text.trim().chars().take(MOST_CHARACTERS).collect();
        let id = text.to_lowercase();
        let index = self.words.get_or_init(|| Index::of(self));
        let queries = queries(&text);
        let mut found: Vec<(usize, Found<'_>)> = Vec::new();
        for (position, service) in self.nodes().iter().enumerate() {
            let (how, score) = match by_id(service, &id) {
                Some(hit) => hit,
                None if service.is_other() => continue,
                None => index.by_words(position, &queries),
            };
            if score >= FLOOR {
                found.push((position, Found { service, how, score }));
            }
        }
        found.sort_by(|(a_position, a), (b_position, b)| {
            a.how
                .cmp(&b.how)
                .then(b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal))
                .then(a.service.depth.cmp(&b.service.depth))
                .then(a_position.cmp(b_position))
        });
        found.truncate(MOST);
        found.into_iter().map(|(_, found)| found).collect()
    }
}

fn by_id(service: &Service, text: &str) -> Option<(How, f64)> {
    if *service.id == *text {
        return Some((How::Id, 1.0));
    }
    let end = service.id.strip_suffix(text)?;
    (!text.is_empty() && end.ends_with('.')).then_some((How::IdEnd, 0.95))
}

/// The whole text and the parts that a slash, comma or bracket sets apart, each as words with its weight.
fn queries(text: &str) -> Vec<(Vec<String>, f64)> {
    let whole = words(text);
    let mut queries = vec![(whole.clone(), 1.0)];
    for part in text.split(['/', ',', ';', '(', ')', '+', '|', ':']) {
        let part = words(part);
        if !part.is_empty() && part.len() < whole.len() {
            queries.push((part, 0.9));
        }
    }
    queries
}

/// Lower-case words without small ones, plurals reduced to singulars.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\'', '\u{2019}'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !SMALL.contains(word))
        .take(MOST_WORDS)
        .map(singular)
        .collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

impl Index {
    fn of(catalogue: &Catalogue) -> Index {
        let mut frequency: FxHashMap<String, u32> = FxHashMap::default();
        let mut phrases = Vec::with_capacity(catalogue.nodes().len());
        let mut around = Vec::with_capacity(catalogue.nodes().len());
        for node in catalogue.nodes() {
            let own: Vec<Vec<String>> = if node.is_other() { Vec::new() } else { phrases_of(node) };
            for word in own.iter().flatten().collect::<FxHashSet<_>>() {
                *frequency.entry(word.clone()).or_default() += 1;
            }
            let parent = node.parent.map(|index| &catalogue.nodes()[index as usize]);
            around.push(parent.map(phrases_of).into_iter().flatten().flatten().collect());
            phrases.push(own);
        }
        Index { phrases, around, frequency }
    }

    fn by_words(&self, position: usize, queries: &[(Vec<String>, f64)]) -> (How, f64) {
        let mut best = 0.0;
        for (query, share) in queries.iter().filter(|(query, _)| !query.is_empty()) {
            for phrase in &self.phrases[position] {
                let same = query == phrase;
                if same && *share >= 1.0 {
                    return (How::Name, 1.0);
                }
                let score =
                    if same { 1.0 } else { 0.99 * self.overlap(query, phrase, &self.around[position]) };
                best = f64::max(best, score * share);
            }
        }
        (How::Words, best)
    }

    /// Weight of the shared words against the weight of all words, twice counted as in Dice's coefficient.
    fn overlap(&self, query: &[String], phrase: &[String], around: &FxHashSet<String>) -> f64 {
        let mut shared = 0.0;
        let mut total: f64 = phrase.iter().map(|word| self.weight(word)).sum();
        for word in query {
            let similarity = phrase.iter().map(|other| similarity(word, other)).fold(0.0, f64::max);
            let weight = self.weight(word);
            if similarity > 0.0 {
                shared += 2.0 * weight * similarity;
                total += weight;
            } else if around.contains(word) {
                shared += 2.0 * weight * PARENT_SHARE;
                total += 2.0 * weight * PARENT_SHARE;
            } else {
                total += weight;
            }
        }
        if total > 0.0 { (shared / total).min(1.0) } else { 0.0 }
    }

    /// A rare word says more than a common one; an unknown one counts as rare.
    fn weight(&self, word: &str) -> f64 {
        let count = self.frequency.get(word).copied().unwrap_or(1);
        1.0 / (1.0 + f64::from(count).ln())
    }
}

/// The ways to name a node: its name, its other names, the end of its id and its whole id.
fn phrases_of(node: &Service) -> Vec<Vec<String>> {
    let end = node.id.rsplit('.').next().unwrap_or(&node.id);
    let mut phrases: Vec<Vec<String>> = [node.name.as_str(), end, &node.id]
        .into_iter()
        .chain(node.also.iter().map(String::as_str))
        .map(words)
        .filter(|phrase| !phrase.is_empty())
        .collect();
    phrases.sort();
    phrases.dedup();
    phrases
}

/// 1 for the same word, the edit similarity for a misspelt one, 0 for another word. Short words are never misspelt.
fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    if a.len() < 4 || b.len() < 4 {
        return 0.0;
    }
    let similarity = strsim::normalized_damerau_levenshtein(a, b);
    if similarity >= MISSPELT { similarity * 0.95 } else { 0.0 }
}
