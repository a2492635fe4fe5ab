//! FTS5. It writes a piece of its index at the end of each unit of work, which costs ten times what the words of one entry do. So
//! entries wait in a plain table that every search reads too, until there are enough of them; whoever brings the last one puts them in.
//!
//! `rowid` is the place with the number of the provider before it: provider and order need no other table.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use uuid::Uuid;

use super::{Needs, PLACE, read};
use crate::error::Error;
use crate::tx::Unit;
use crate::value::Value;

/// Entries that wait.
const WAITING: i64 = 512;
/// Every so many entries it is looked how many wait.
const LOOK: i64 = 16;
/// Words that stand for one that is unfinished; where there are more, the engine looks through all of them.
const WORDS: usize = 300;

pub(super) fn add(unit: &mut Unit<'_>, provider: Uuid, (place, tokens): (i64, String)) -> Result<(), Error> {
    let number = match number(unit, provider)? {
        Some(number) => number,
        None => numbered(unit, provider)?,
    };
    let doc = number << PLACE | place;
    let add = "INSERT INTO index_waiting (doc, tokens) VALUES (?1, ?2)";
    unit.exec(add, &[Value::Int(doc), Value::Text(tokens)])?;
    let (count, part) = (place >> super::PART, place & (LOOK - 1));
    if (count + part) % LOOK != 0 {
        return Ok(());
    }
    let waiting: Vec<(i64,)> = read(unit.rows("SELECT COUNT(*) FROM index_waiting", &[])?)?;
    if waiting.first().is_some_and(|(waiting,)| *waiting >= WAITING) { put_in(unit) } else { Ok(()) }
}

/// Puts what waits into the index.
fn put_in(unit: &mut Unit<'_>) -> Result<(), Error> {
    let waiting: Vec<(i64, String)> =
        read(unit.rows("SELECT doc, tokens FROM index_waiting ORDER BY doc LIMIT 1000", &[])?)?;
    let mut words: BTreeSet<(i64, &str)> = BTreeSet::new();
    for (doc, tokens) in &waiting {
        let add = "INSERT INTO index_text (rowid, tokens) VALUES (?1, ?2)";
        unit.exec(add, &[Value::Int(*doc), Value::Text(tokens.clone())])?;
        unit.exec("DELETE FROM index_waiting WHERE doc = ?1", &[Value::Int(*doc)])?;
        let own = tokens.split(' ').filter(|token| !token.starts_with('_'));
        words.extend(own.map(|word| (doc >> PLACE, word)));
    }
    for (provider, word) in words {
        let add = "INSERT INTO index_word (provider, word) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        unit.exec(add, &[Value::Int(provider), Value::Text(word.to_owned())])?;
    }
    Ok(())
}

fn number(unit: &mut Unit<'_>, provider: Uuid) -> Result<Option<i64>, Error> {
    let get = "SELECT number FROM index_provider WHERE provider_id = ?1";
    let found: Vec<(i64,)> = read(unit.rows(get, &[Value::Uuid(provider)])?)?;
    Ok(found.first().map(|(number,)| *number))
}

/// One writes at a time, so no two get the same number.
fn numbered(unit: &mut Unit<'_>, provider: Uuid) -> Result<i64, Error> {
    let add = "INSERT INTO index_provider (provider_id, number) SELECT ?1, COALESCE(MAX(number), 0) + 1 FROM index_provider";
    unit.exec(add, &[Value::Uuid(provider)])?;
    number(unit, provider)?.ok_or_else(|| Error::Other("a provider has no number in the index".to_owned()))
}

pub(super) fn search(
    unit: &mut Unit<'_>,
    provider: Uuid,
    needs: &Needs,
    (before, most): (i64, usize),
) -> Result<Vec<i64>, Error> {
    let Some(number) = number(unit, provider)? else { return Ok(Vec::new()) };
    let (first, before) = (number << PLACE, number << PLACE | before);
    let own = [Value::Int(first), Value::Int(before)];
    let list = "SELECT doc, tokens FROM index_waiting WHERE doc >= ?1 AND doc < ?2";
    let waiting: Vec<(i64, String)> = read(unit.rows(list, &own)?)?;
    let fits = |tokens: &str| {
        let has = |any: &BTreeSet<String>, begins: bool, token: &str| {
            any.contains(token) || begins && token.char_indices().any(|(end, _)| any.contains(&token[..end]))
        };
        needs.iter().all(|(any, begins)| tokens.split(' ').any(|token| has(any, *begins, token)))
    };
    let mut found: Vec<i64> =
        waiting.into_iter().filter(|(_, tokens)| fits(tokens)).map(|(doc, _)| doc).collect();
    if let Some(asked) = asked(unit, number, needs)? {
        let list = "SELECT rowid FROM index_text WHERE index_text MATCH ?3 AND rowid >= ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?4";
        let most = Value::Int(i64::try_from(most).unwrap_or(i64::MAX));
        let [first, before] = own;
        let rows: Vec<(i64,)> = read(unit.rows(list, &[first, before, Value::Text(asked), most])?)?;
        found.extend(rows.into_iter().map(|(doc,)| doc));
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(most);
    Ok(found)
}

/// The question in the words of FTS5; none where a word is nowhere.
fn asked(unit: &mut Unit<'_>, provider: i64, needs: &Needs) -> Result<Option<String>, Error> {
    let mut asked = String::new();
    for (any, begins) in needs {
        let terms = terms(unit, provider, any, *begins)?;
        if terms.is_empty() {
            return Ok(None);
        }
        let and = if asked.is_empty() { "" } else { " AND " };
        let _ = write!(asked, "{and}({})", terms.join(" OR "));
    }
    Ok(Some(asked))
}

/// The words that there are of those that would do. Only those that are nowhere can be left out.
fn terms(
    unit: &mut Unit<'_>,
    provider: i64,
    any: &BTreeSet<String>,
    begins: bool,
) -> Result<Vec<String>, Error> {
    // Words and labels hold letters, figures and `_` alone: nothing in them needs quoting.
    let exact = |word: &String| format!("\"{word}\"");
    // What narrows down is no word, and is not among them.
    if !begins && (any.len() == 1 || any.iter().all(|token| token.starts_with('_'))) {
        return Ok(any.iter().map(exact).collect());
    }
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut wide: Vec<String> = Vec::new();
    for word in any {
        let most = i64::try_from(if begins { WORDS + 1 } else { 1 }).unwrap_or(1);
        let list = "SELECT word FROM index_word WHERE provider = ?1 AND word >= ?2 AND word < ?3 ORDER BY word LIMIT ?4";
        let end = if begins { format!("{word}\u{10FFFF}") } else { format!("{word}\u{1}") };
        let own = [Value::Int(provider), Value::Text(word.clone()), Value::Text(end), Value::Int(most)];
        let found: Vec<(String,)> = read(unit.rows(list, &own)?)?;
        if found.len() > WORDS {
            wide.push(format!("\"{word}\"*"));
        } else {
            known.extend(found.into_iter().map(|(word,)| word));
        }
    }
    Ok(known.iter().map(exact).chain(wide).collect())
}

pub(super) fn between(
    unit: &mut Unit<'_>,
    provider: Uuid,
    (from, to): (i64, i64),
) -> Result<Vec<i64>, Error> {
    let Some(number) = number(unit, provider)? else { return Ok(Vec::new()) };
    let list = "SELECT id FROM index_text_docsize WHERE id >= ?1 AND id <= ?2 \
                UNION ALL SELECT doc FROM index_waiting WHERE doc >= ?1 AND doc <= ?2 ORDER BY 1";
    let own = [Value::Int(number << PLACE | from), Value::Int(number << PLACE | to)];
    let found: Vec<(i64,)> = read(unit.rows(list, &own)?)?;
    Ok(found.into_iter().map(|(doc,)| doc).collect())
}
