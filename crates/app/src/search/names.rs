//! Names by their words. There are few enough of them for a plain table: a row for each word, and one for its first letters with each of
//! them left out, among which a mistyped word finds it.

use std::collections::BTreeSet;

use remit_core::Id;
use remit_db::search::{Query, words};
use remit_db::{FromValue, Tx, sql};

use super::Whose;
use crate::clients::Client;
use crate::people::Membership;
use crate::refused::Refused;

/// Letters of a word whose slips are looked up.
const FIRST: usize = 4;
/// Names that are looked through for one word.
const MOST: u16 = 300;

/// A client has a name from now on.
pub(crate) fn client_named(tx: &mut Tx<'_, '_>, id: Id<Client>, name: &str) -> Result<(), Refused> {
    named(tx, Whose::Client(id), name)
}

/// Somebody has a name and an address from now on.
pub(crate) fn person_named(
    tx: &mut Tx<'_, '_>,
    (id, client): (Id<Membership>, Option<Id<Client>>),
    (name, email): (&str, &str),
) -> Result<(), Refused> {
    named(tx, Whose::Person(id, client), &format!("{name} {email}"))
}

fn named(tx: &mut Tx<'_, '_>, whose: Whose, name: &str) -> Result<(), Refused> {
    let (kind, id, client) = match whose {
        Whose::Client(id) => ("client", id.uuid(), Some(id)),
        Whose::Person(id, client) => ("person", id.uuid(), client),
    };
    let all: BTreeSet<String> = words(name).map(|(_, word)| word).collect();
    let remove = sql!(
        "DELETE FROM search_name WHERE provider_id = $1 AND {reach?: client_id} AND kind = $2 AND id = $3"
    );
    tx.exec(remove, (kind, id))?;
    let add = sql!(
        "INSERT INTO search_name (provider_id, kind, near, id, client_id, words) VALUES ($1, $2, $3, $4, {client?: $5}, $6)"
    );
    let line = all.iter().cloned().collect::<Vec<_>>().join(" ");
    let near: BTreeSet<String> = all.iter().flat_map(|word| slips(word)).chain(all.clone()).collect();
    for near in near {
        tx.exec(add, (kind, near, id, client, &line))?;
    }
    Ok(())
}

/// The first letters of a word as they are, and with each left out. Two words that one slip tells apart have one of these in common.
fn slips(word: &str) -> BTreeSet<String> {
    let first: Vec<char> = word.chars().take(FIRST).collect();
    if first.len() < FIRST {
        return BTreeSet::new();
    }
    let without = |place: usize| -> String {
        let letters = first.iter().enumerate().filter(|(n, _)| *n != place).map(|(_, c)| *c);
        std::iter::once('~').chain(letters).collect()
    };
    (0..=FIRST).map(without).collect()
}

/// Clients within reach whose names have the words.
pub(super) fn clients(tx: &mut Tx<'_, '_>, query: &Query, most: usize) -> Result<Vec<Id<Client>>, Refused> {
    matching(tx, "client", query, most)
}

/// People within reach whose names and addresses have the words.
pub(super) fn people(
    tx: &mut Tx<'_, '_>,
    query: &Query,
    most: usize,
) -> Result<Vec<Id<Membership>>, Refused> {
    matching(tx, "person", query, most)
}

fn matching<I: FromValue + Ord + Copy>(
    tx: &mut Tx<'_, '_>,
    kind: &str,
    query: &Query,
    most: usize,
) -> Result<Vec<I>, Refused> {
    let mut typed: Vec<(String, bool)> =
        query.typed().map(|(word, begins)| (word.to_owned(), begins)).collect();
    // The longest says most.
    typed.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
    let Some((word, begins)) = typed.into_iter().next() else { return Ok(Vec::new()) };
    let mut looked: Vec<(String, String)> = Vec::new();
    if query.is_tolerant() {
        looked.extend(slips(&word).into_iter().map(|slip| (slip.clone(), format!("{slip}\u{1}"))));
    }
    let end = if begins { '\u{10FFFF}' } else { '\u{1}' };
    looked.push((word.clone(), format!("{word}{end}")));
    let list = sql!(
        "SELECT id, words FROM search_name WHERE provider_id = $1 AND {reach?: client_id} AND kind = $2 AND near >= $3 AND near < $4 \
         ORDER BY near, id LIMIT $5"
    );
    let mut found: Vec<I> = Vec::new();
    for (from, to) in looked {
        let rows: Vec<(I, String)> = tx.rows(list, (kind, from, to, MOST))?;
        let fits = rows.into_iter().filter(|(_, words)| query.fits(&words.split(' ')));
        for (id, _) in fits {
            if !found.contains(&id) && found.len() < most {
                found.push(id);
            }
        }
    }
    Ok(found)
}
