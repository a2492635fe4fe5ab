//! Finding a service from what somebody wrote.
//!
//! A text is compared with the id, the name and the other names of each node. Words count by how rare they are in
//! the catalogue; a misspelt word counts by its edit distance; the words of the parent help a little.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Catalogue, Service};

/// A service that a text may mean.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The service.
    pub service: &'a Service,
    /// What matched.
    pub how: How,
    /// How well it matches, from 0 to 1. From 0.75 on it was what was meant for about nine in ten spreadsheet names
    /// tried; 1 is a name or id of the catalogue itself.
    pub score: f64,
}

/// How a text matches a service, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The text is the id.
    Id,
    /// The text is the name or another name of the service, small words, plurals and endings aside.
    Name,
    /// The text is the end of the id: `os` for `patching.os`.
    IdEnd,
    /// The text is nearly the id, or words of the text are words of the service.
    Words,
}

/// The most suggestions that [`Catalogue::find`] gives.
const MOST: usize = 10;
/// Below this score a match is noise.
const FLOOR: f64 = 0.3;
/// Two words are the same word misspelt from this similarity on.
const MISSPELT: f64 = 0.75;
/// What the end of an id counts beside the whole id or a name.
const ID_END_SHARE: f64 = 0.95;
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
/// What people write short or in the other spelling, and the word of the catalogue.
const SAME: &[(&str, &str)] = &[
    ("1st", "first"),
    ("2nd", "second"),
    ("3rd", "third"),
    ("24x7", "24"),
    ("admin", "administration"),
    ("app", "application"),
    ("cert", "certificate"),
    ("config", "configuration"),
    ("doc", "documentation"),
    ("hw", "hardware"),
    ("licence", "license"),
    ("lvl", "level"),
    ("mail", "email"),
    ("mgmt", "management"),
    ("mgt", "management"),
    ("pw", "password"),
    ("sw", "software"),
    ("vuln", "vulnerability"),
];

/// The words of every node, prepared once per catalogue. A word is a number in `numbers`.
#[derive(Clone, Debug)]
pub(super) struct Index {
    numbers: FxHashMap<String, u32>,
    /// By word: what it says. A rare one says more than a common one.
    weights: Vec<f64>,
    /// By node: the phrases it is known by, and how much each counts.
    phrases: Vec<Vec<(Vec<u32>, f64)>>,
    /// By node: the words of its parent.
    around: Vec<FxHashSet<u32>>,
}

/// A text or a part of it, as the index sees it.
struct Query {
    words: Vec<QueryWord>,
    share: f64,
}

/// A word of a text: the words of the catalogue it may be, each with its similarity, the nearest first. None: a
/// foreign word.
struct QueryWord(Vec<(u32, f64)>);

impl Catalogue {
    /// The services that a text may mean, best first, at most ten; empty when nothing is near.
    ///
    /// Reads ids, ends of ids, and free text such as "Helpdesk / end user support" or "Backups". An exact id or
    /// name always comes first; `other` leaves are found by their id only.
    pub fn find(&self, text: &str) -> Vec<Found<'_>> {
        let text: String = text.trim().chars().take(MOST_CHARACTERS).collect();
        let id = text.to_lowercase();
        let index = self.words.get_or_init(|| Index::of(self));
        let queries: Vec<Query> =
            queries(&text).into_iter().map(|(words, share)| index.query(&words, share)).collect();
        let mut found: Vec<(usize, Found<'_>)> = Vec::new();
        for (position, service) in self.nodes().iter().enumerate() {
            let hits = [by_id(service, &id), Some(index.by_words(position, &queries))];
            let best = hits.into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            if let Some((how, score)) = best.filter(|&(_, score)| score >= FLOOR) {
                found.push((position, Found { service, how, score }));
            }
        }
        found.sort_by(|(a_position, a), (b_position, b)| {
            let by_score = b.score.total_cmp(&a.score).then(a.how.cmp(&b.how));
            by_score.then(a.service.depth.cmp(&b.service.depth)).then(a_position.cmp(b_position))
        });
        found.truncate(MOST);
        found.into_iter().map(|(_, found)| found).collect()
    }
}

/// Compares a lower-case text with the id: the same, its end, or nearly the same. An `other` leaf must be the same.
fn by_id(service: &Service, text: &str) -> Option<(How, f64)> {
    if *service.id == *text {
        return Some((How::Id, 1.0));
    }
    if service.is_other() || text.is_empty() || text.contains(' ') {
        return None;
    }
    if service.id.strip_suffix(text).is_some_and(|start| start.ends_with('.')) {
        return Some((How::IdEnd, ID_END_SHARE));
    }
    if service.id.len().abs_diff(text.len()) * 4 > service.id.len().max(text.len()) {
        return None;
    }
    let near = strsim::normalized_damerau_levenshtein(&service.id, text);
    (near >= MISSPELT).then_some((How::Words, near))
}

/// The whole text and the parts that a slash, comma or bracket sets apart, each as words with its weight:
/// a part counts the more, the more of the text it is.
fn queries(text: &str) -> Vec<(Vec<String>, f64)> {
    let whole = words(text);
    let mut queries = vec![(whole.clone(), 1.0)];
    for part in text.split(['/', ',', ';', '(', ')', '+', '|', ':']) {
        let part = words(part);
        if !part.is_empty() && part.len() < whole.len() {
            let share = 0.8 + 0.15 * part.len() as f64 / whole.len() as f64;
            queries.push((part, share));
        }
    }
    queries
}

/// Lower-case words without small ones, reduced to their stems.
pub(super) fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\'', '\u{2019}'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !SMALL.contains(word))
        .take(MOST_WORDS)
        .map(stem)
        .collect()
}

/// The word without plural and `-ing`, so that "patches" and "patching" meet.
fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(start) = word.strip_suffix("ies").filter(|start| start.len() > 2) {
        word = format!("{start}y");
    } else if word.ends_with("ches") || word.ends_with("shes") {
        word.truncate(word.len() - 2);
    } else if word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
    {
        word.pop();
    }
    if let Some((_, same)) = SAME.iter().find(|(short, _)| *short == word) {
        word = (*same).to_owned();
    }
    if let Some(start) = word.strip_suffix("ing").filter(|start| start.len() >= 4) {
        let doubled = ["nn", "pp", "tt", "mm", "gg"].iter().any(|end| start.ends_with(end));
        word = start[..start.len() - usize::from(doubled)].to_owned();
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    word
}

impl Index {
    fn of(catalogue: &Catalogue) -> Index {
        let mut index = Index {
            numbers: FxHashMap::default(),
            weights: Vec::new(),
            phrases: Vec::new(),
            around: Vec::new(),
        };
        let mut counts: Vec<u32> = Vec::new();
        for node in catalogue.nodes() {
            let phrases = index.numbered(node);
            counts.resize(index.numbers.len(), 0);
            if !node.is_other() {
                let own: FxHashSet<u32> =
                    phrases.iter().flat_map(|(phrase, _)| phrase.iter().copied()).collect();
                for word in own {
                    counts[word as usize] += 1;
                }
            }
            let parent = node.parent.map(|parent| &index.phrases[parent as usize]);
            let around =
                parent.into_iter().flatten().flat_map(|(phrase, _)| phrase.iter().copied()).collect();
            index.around.push(around);
            index.phrases.push(if node.is_other() { Vec::new() } else { phrases });
        }
        index.weights = counts.iter().map(|&count| 1.0 / (1.0 + f64::from(count.max(1)).ln())).collect();
        index
    }

    /// The phrases of a node as numbers; new words get new numbers.
    fn numbered(&mut self, node: &Service) -> Vec<(Vec<u32>, f64)> {
        let mut number = |word| {
            let next = self.numbers.len() as u32;
            *self.numbers.entry(word).or_insert(next)
        };
        phrases_of(node)
            .into_iter()
            .map(|(phrase, strength)| (phrase.into_iter().map(&mut number).collect(), strength))
            .collect()
    }

    fn query(&self, words: &[String], share: f64) -> Query {
        Query { words: words.iter().map(|word| QueryWord(self.meanings(word))).collect(), share }
    }

    /// The words of the catalogue that a word may be: itself, else those it may be a slip for. Short words and
    /// words that the catalogue knows are never slips.
    fn meanings(&self, word: &str) -> Vec<(u32, f64)> {
        if let Some(&number) = self.numbers.get(word) {
            return vec![(number, 1.0)];
        }
        let length = word.chars().count();
        let near = self.numbers.iter().filter(|(known, _)| {
            let other = known.chars().count();
            length.min(other) >= 4 && length.abs_diff(other) * 4 <= length.max(other)
        });
        let mut slips: Vec<(u32, f64)> = near
            .map(|(known, &number)| (number, strsim::normalized_damerau_levenshtein(word, known)))
            .filter(|&(_, similarity)| similarity >= MISSPELT)
            .collect();
        slips.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        slips
    }

    fn by_words(&self, position: usize, queries: &[Query]) -> (How, f64) {
        let mut best = 0.0;
        for query in queries.iter().filter(|query| !query.words.is_empty()) {
            for (phrase, strength) in &self.phrases[position] {
                let same = query.is(phrase);
                let full = query.share * strength;
                if same && full >= 1.0 {
                    return (How::Name, 1.0);
                }
                let score =
                    if same { 1.0 } else { 0.99 * self.overlap(query, phrase, &self.around[position]) };
                best = f64::max(best, score * full);
            }
        }
        (How::Words, best)
    }

    /// Weight of the shared words against the weight of all words, as in Dice's coefficient.
    fn overlap(&self, query: &Query, phrase: &[u32], around: &FxHashSet<u32>) -> f64 {
        let mut shared = 0.0;
        let mut total: f64 = phrase.iter().map(|&word| self.weights[word as usize]).sum();
        for QueryWord(meanings) in &query.words {
            let hit = meanings.iter().find(|(word, _)| phrase.contains(word));
            let (weight, share) = if let Some(&(word, similarity)) = hit {
                (self.weights[word as usize], similarity)
            } else {
                let weight = meanings.first().map_or(1.0, |&(word, _)| self.weights[word as usize]);
                let near_by = meanings.iter().any(|(word, _)| around.contains(word));
                (weight, if near_by { PARENT_SHARE } else { 0.0 })
            };
            shared += 2.0 * weight * share;
            total += weight;
        }
        if total > 0.0 { (shared / total).min(1.0) } else { 0.0 }
    }
}

impl Query {
    /// True when the words are exactly those of the phrase.
    fn is(&self, phrase: &[u32]) -> bool {
        self.words.len() == phrase.len()
            && self.words.iter().zip(phrase).all(|(QueryWord(meanings), word)| *meanings == [(*word, 1.0)])
    }
}

/// The ways to name a node, and how much each counts: its names and its whole id fully, the end of its id a little less.
fn phrases_of(node: &Service) -> Vec<(Vec<String>, f64)> {
    let end = node.id.rsplit('.').next().unwrap_or(&node.id);
    let names = [node.name.as_str(), &node.id].into_iter().chain(node.also.iter().map(String::as_str));
    let weighted = names.map(|name| (name, 1.0)).chain([(end, ID_END_SHARE)]);
    weighted
        .map(|(name, strength)| (words(name), strength))
        .filter(|(phrase, _)| !phrase.is_empty())
        .collect()
}
