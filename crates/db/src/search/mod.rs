//! Texts that can be found by their words: one function over what each engine has for it, FTS5 on SQLite, `tsvector` with GIN on
//! PostgreSQL. `docs/decisions/022-search.md` says why it is so.
//!
//! An **entry** stands at a **place**: a number that counts up within a provider, and a part of what has that number. It belongs to a
//! client, is never changed, and has words and **labels**, by which it can be narrowed down without being read. An entry is found within
//! the scope of whoever asks, the newest first. It is written in the unit of work of what it is about.
//!
//! The tables ([`TABLES`]) hold nothing that cannot be made again: copies and backups leave them out.

mod postgres;
mod query;
mod sqlite;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::error::Error;
use crate::scope::Reach;
use crate::statement::{Engine, Reached};
use crate::tx::Tx;
use crate::value::{FromRow, Row, Value};

pub use query::{MOST_WORDS, Query, Unclear};
pub use words::words;

/// The tables, as a migration of whoever uses them.
pub const TABLES: &str = include_str!("tables.sql");
/// How their names begin.
pub(crate) const PREFIX: &str = "index_";
/// Bits of a place that say the part.
const PART: u32 = 20;
/// Bits of a place in all.
const PLACE: u32 = 51;

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// A number within the provider, from 0 to 2,147,483,647.
    pub number: i64,
    /// A part of it, from 0 to 1,048,575.
    pub part: i64,
}

impl Place {
    /// Behind every place.
    pub const END: Self = Self { number: (1 << (PLACE - PART)) - 1, part: (1 << PART) - 1 };

    fn packed(self) -> Result<i64, Error> {
        let fits = (0..=Self::END.number).contains(&self.number) && (0..=Self::END.part).contains(&self.part);
        if !fits {
            return Err(Error::Check(format!(
                "there is no place {} {} in the index",
                self.number, self.part
            )));
        }
        Ok(self.number << PART | self.part)
    }

    fn unpacked(packed: i64) -> Self {
        let place = packed & ((1 << PLACE) - 1);
        Self { number: place >> PART, part: place & Self::END.part }
    }
}

/// Something that can be found.
#[derive(Debug, Clone)]
pub struct Entry<'e> {
    /// Of which client.
    pub client: Uuid,
    /// Where.
    pub place: Place,
    /// The words of these.
    pub texts: &'e [&'e str],
    /// What it can be narrowed down by: letters and figures, in small letters.
    pub labels: &'e [String],
}

impl Entry<'_> {
    /// All that it is found by, each once. A label begins with a character that no word has.
    fn tokens(&self) -> String {
        let mut all: BTreeSet<String> =
            self.texts.iter().flat_map(|text| words(text)).map(|(_, word)| word).collect();
        all.extend(self.labels.iter().map(|label| label_token(label)));
        all.insert(client_token(self.client));
        all.into_iter().collect::<Vec<_>>().join(" ")
    }
}

fn label_token(label: &str) -> String {
    debug_assert!(label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    format!("_l{label}")
}

fn client_token(client: Uuid) -> String {
    format!("_c{}", client.simple())
}

/// What must be in an entry: of each, any. With `true` it may go on.
type Needs = Vec<(BTreeSet<String>, bool)>;

impl Tx<'_, '_, Reached> {
    /// Lets an entry be found.
    pub fn index(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let place = entry.place.packed()?;
        self.unit().within_reach(entry.client)?;
        let provider = self.scope().provider();
        match self.engine() {
            Engine::Sqlite => sqlite::add(self.unit(), provider, (place, entry.tokens())),
            Engine::Postgres => postgres::add(self.unit(), provider, place, entry),
        }
    }

    /// The newest entries within reach that have all that is looked for, from before a place on.
    pub fn search(&mut self, query: &Query, before: Place, most: usize) -> Result<Vec<Place>, Error> {
        let scope = self.scope();
        let mut needs: Needs = Vec::new();
        match scope.reach() {
            Reach::All => {}
            Reach::Client(client) => needs.push((BTreeSet::from([client_token(client)]), false)),
            Reach::Listed(membership) => {
                let list = match self.engine() {
                    Engine::Sqlite => {
                        "SELECT client_id FROM reach WHERE provider_id = ?1 AND membership_id = ?2"
                    }
                    Engine::Postgres => {
                        "SELECT client_id FROM reach WHERE provider_id = $1 AND membership_id = $2"
                    }
                };
                let values = [Value::Uuid(scope.provider()), Value::Uuid(membership)];
                let listed: Vec<(Uuid,)> = read(self.unit().rows(list, &values)?)?;
                needs.push((listed.into_iter().map(|(client,)| client_token(client)).collect(), false));
            }
        }
        needs.extend(query.labels.iter().map(|label| (BTreeSet::from([label_token(label)]), false)));
        needs.extend(query.wanted.iter().map(|wanted| (wanted.any.clone(), wanted.begins)));
        if needs.iter().any(|(any, _)| any.is_empty()) {
            return Ok(Vec::new());
        }
        let before = before.packed()?;
        let found = match self.engine() {
            Engine::Sqlite => sqlite::search(self.unit(), scope.provider(), &needs, (before, most))?,
            Engine::Postgres => postgres::search(self.unit(), scope.provider(), &needs, (before, most))?,
        };
        Ok(found.into_iter().map(Place::unpacked).collect())
    }

    /// The places of all entries within reach with a number from `first` to `last`, in order. For looking whether they are the right ones.
    pub fn indexed(&mut self, first: i64, last: i64) -> Result<Vec<Place>, Error> {
        let from = Place { number: first, part: 0 }.packed()?;
        let to = Place { number: last, part: Place::END.part }.packed()?;
        let provider = self.scope().provider();
        let found = match self.engine() {
            Engine::Sqlite => sqlite::between(self.unit(), provider, (from, to))?,
            Engine::Postgres => postgres::between(self.unit(), provider, (from, to))?,
        };
        Ok(found.into_iter().map(Place::unpacked).collect())
    }
}

fn read<R: FromRow>(rows: Vec<Row>) -> Result<Vec<R>, Error> {
    rows.into_iter().map(R::from_row).collect()
}
