//! `tsvector` with GIN. Two things stand in its way.
//!
//! Row-level security looks at a row before any condition of a statement that could tell something of it, and `@@` could: the index would
//! not be used. So what is looked for is part of the policy itself, which reads it from the setting `remit.words`; without one nothing
//! is seen.
//!
//! GIN knows no order: whoever wants the newest entries gets all of them first. So each entry is labelled with the stretch of numbers
//! that it is in, of three lengths, and the newest stretches are looked through first: whatever share of the entries has a word, a page of them
//! is sixteen times what was looked for at most, and as much again where the next stretch is needed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use uuid::Uuid;

use super::{Entry, Needs, PART, read};
use crate::error::Error;
use crate::tx::Unit;
use crate::value::Value;

/// Bits of a place within a stretch: 256, 4,096 and 65,536 numbers.
const STRETCHES: [u32; 3] = [PART + 8, PART + 12, PART + 16];

fn provider_token(provider: Uuid) -> String {
    format!("_p{}", provider.simple())
}

fn stretch_token(provider: Uuid, bits: u32, place: i64) -> String {
    format!("_s{bits}x{}x{}", place >> bits, provider.simple())
}

pub(super) fn add(unit: &mut Unit<'_>, provider: Uuid, place: i64, entry: &Entry<'_>) -> Result<(), Error> {
    let mut tokens = entry.tokens();
    for bits in STRETCHES {
        let _ = write!(tokens, " {}", stretch_token(provider, bits, place));
    }
    let _ = write!(tokens, " {}", provider_token(provider));
    let add = "INSERT INTO index_text (provider_id, place, client_id, tokens) \
               VALUES ($1, $2, $3, array_to_tsvector(string_to_array($4, ' ')))";
    let own = [Value::Uuid(provider), Value::Int(place), Value::Uuid(entry.client), Value::Text(tokens)];
    unit.exec(add, &own).map(drop)
}

pub(super) fn search(
    unit: &mut Unit<'_>,
    provider: Uuid,
    needs: &Needs,
    (before, most): (i64, usize),
) -> Result<Vec<i64>, Error> {
    let asked: Vec<String> = needs.iter().map(|(any, begins)| words(any, *begins)).collect();
    let asked = asked.join(" & ");
    for bits in STRETCHES {
        let last = before >> bits;
        let near: BTreeSet<String> = [last - 1, last]
            .into_iter()
            .filter(|stretch| *stretch >= 0)
            .map(|stretch| stretch_token(provider, bits, stretch << bits))
            .collect();
        let found = newest(unit, provider, &format!("{} & {asked}", words(&near, false)), (before, most))?;
        if found.len() == most || last <= 1 {
            return Ok(found);
        }
    }
    newest(unit, provider, &format!("'{}' & {asked}", provider_token(provider)), (before, most))
}

/// Any of some words in the words of `tsquery`. They hold letters, figures and `_` alone.
fn words(any: &BTreeSet<String>, begins: bool) -> String {
    let end = if begins { ":*" } else { "" };
    let any: Vec<String> = any.iter().map(|word| format!("'{word}'{end}")).collect();
    format!("({})", any.join(" | "))
}

fn newest(
    unit: &mut Unit<'_>,
    provider: Uuid,
    asked: &str,
    (before, most): (i64, usize),
) -> Result<Vec<i64>, Error> {
    ask(unit, asked)?;
    // Not from the index of places: how rare the words are is not known to whoever plans this.
    let list = "SELECT place FROM index_text WHERE provider_id = $1 AND place + 0 < $2 ORDER BY place + 0 DESC LIMIT $3";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found: Vec<(i64,)> =
        read(unit.rows(list, &[Value::Uuid(provider), Value::Int(before), Value::Int(most)])?)?;
    Ok(found.into_iter().map(|(place,)| place).collect())
}

/// Tells the policy what is looked for.
fn ask(unit: &mut Unit<'_>, asked: &str) -> Result<(), Error> {
    let set = "SELECT set_config('remit.words', $1, true)";
    unit.rows(set, &[Value::Text(asked.to_owned())]).map(drop)
}

pub(super) fn between(
    unit: &mut Unit<'_>,
    provider: Uuid,
    (from, to): (i64, i64),
) -> Result<Vec<i64>, Error> {
    let [.., bits] = STRETCHES;
    let stretches = (from >> bits..=to >> bits).map(|stretch| stretch_token(provider, bits, stretch << bits));
    ask(unit, &words(&stretches.collect(), false))?;
    let list =
        "SELECT place FROM index_text WHERE provider_id = $1 AND place >= $2 AND place <= $3 ORDER BY place";
    let found: Vec<(i64,)> =
        read(unit.rows(list, &[Value::Uuid(provider), Value::Int(from), Value::Int(to)])?)?;
    Ok(found.into_iter().map(|(place,)| place).collect())
}
