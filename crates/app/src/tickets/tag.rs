//! Words on tickets, to find them again: those of both IT teams see them and put them there, nobody else does.
//!
//! A word belongs to the provider, so that the same one finds tickets of all clients. It is there as long as it is on a ticket. Who works for
//! one client is shown the words on that client's tickets only: a word can say something about another.

use remit_core::{Id, Kind as IdKind};
use remit_db::{Tx, shared_sql, sql};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::event::Happened;
use super::named::{among, found_among};
use super::ticket::Change;
use super::visibility::Sight;
use super::{Ticket, store};
use crate::act::Act;
use crate::clients::Client;
use crate::keyed::texts;
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};

/// The longest word, in characters.
const LONGEST: usize = 40;
/// The most words on one ticket.
pub const MOST_TAGS: usize = 20;
/// The most words of one provider.
const MOST_WORDS: i64 = 2000;
/// Words that are proposed for a ticket.
const PROPOSED: u16 = 200;

texts! {
    TAGS_OF_TICKETS = concat!(
        "SELECT x.ticket_id, g.name FROM ticket_tag x JOIN tag g ON g.provider_id = x.provider_id AND g.id = x.tag_id \
         WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.ticket_id ", among!(), " ORDER BY x.ticket_id, g.name LIMIT 1280"
    );
}

/// A word that stands on tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag;

impl IdKind for Tag {
    const PREFIX: &'static str = "tag";
}

/// A word as it is kept: lower case, composed, without a sign before it.
///
/// # Errors
///
/// What is wrong with it, and what to write instead.
pub fn word(text: &str) -> Result<String, String> {
    let text = text.trim().trim_start_matches('#');
    if text.len() > LONGEST * 16 {
        return Err(format!("write at most {LONGEST} characters"));
    }
    let word: String = text.to_lowercase().nfc().collect();
    match word.chars().next() {
        None => return Err("write a word".to_owned()),
        Some(first) if !first.is_alphanumeric() => {
            return Err(format!("`{}` begins with no letter or digit", plain(&word)));
        }
        Some(_) => {}
    }
    if word.chars().count() > LONGEST {
        return Err(format!("write at most {LONGEST} characters"));
    }
    let fits = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "-_.+/:".contains(c);
    if !word.chars().all(fits) {
        return Err(format!("`{}` is not one word: use letters, digits and - _ . + / :", plain(&word)));
    }
    Ok(word)
}

/// The same without what does not show, to be named in a message.
fn plain(word: &str) -> String {
    word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(LONGEST).collect()
}

/// Words as people type them into one field: between commas or spaces.
pub(super) fn typed(text: &str) -> Vec<String> {
    let between = |c: char| c.is_whitespace() || c == ',' || c == ';';
    // More than fit on a ticket are counted and refused, not read.
    text.split(between).filter(|word| !word.is_empty()).take(MOST_TAGS + 1).map(str::to_owned).collect()
}

/// All of some words, each once.
pub(super) fn words(name: &'static str, given: &[String], faults: &mut Faults) -> Vec<String> {
    if given.len() > MOST_TAGS {
        faults.take::<(), _>(name, Err(format!("name at most {MOST_TAGS} at once")));
        return Vec::new();
    }
    let mut words: Vec<String> = given.iter().filter_map(|text| faults.take(name, word(text))).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Puts words on a ticket and takes others off it. What is there already, or is not there, is left as it is.
pub fn tag(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (add, remove): (&[String], &[String]),
) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    if !Sight::of(act)?.reads_teams() {
        return Err(Refused::Conflict("the words on a ticket are for both IT teams".to_owned()));
    }
    let mut faults = Faults::default();
    let (add, remove) = (words("add", add, &mut faults), words("remove", remove, &mut faults));
    faults.end()?;
    if add.is_empty() && remove.is_empty() {
        return Err(Refused::Invalid(vec![Field::new("add", "write a word")]));
    }
    if add.iter().any(|word| remove.contains(word)) {
        return Err(Refused::Invalid(vec![Field::new("remove", "a word is added or removed, not both")]));
    }
    let before = tags(tx, act, ticket.id)?;
    let added: Vec<String> = add.into_iter().filter(|word| !before.contains(word)).collect();
    let removed: Vec<String> = remove.into_iter().filter(|word| before.contains(word)).collect();
    if before.len() + added.len() - removed.len() > MOST_TAGS {
        let words = format!("a ticket has at most {MOST_TAGS} words, this one has {}", before.len());
        return Err(Refused::Invalid(vec![Field::new("add", words)]));
    }
    let mut change = Change::of(ticket);
    changed(tx, act, &mut change, (added, removed))?;
    change.keep(tx, act)
}

/// Changes them, and says so in a line.
fn changed(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    (added, removed): (Vec<String>, Vec<String>),
) -> Result<(), Refused> {
    // In one order everywhere: two who change the same words wait for each other and not in a ring.
    let mut all: Vec<(&str, bool)> = removed.iter().map(|word| (word.as_str(), false)).collect();
    all.extend(added.iter().map(|word| (word.as_str(), true)));
    all.sort_unstable();
    for (word, on) in all {
        if on {
            put_on(tx, act, &change.ticket, word)?;
        } else {
            take_off(tx, change.ticket.id, word)?;
        }
    }
    if !added.is_empty() || !removed.is_empty() {
        change.happened(act, Happened::Tagged { added, removed });
    }
    Ok(())
}

fn put_on(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket, word: &str) -> Result<(), Refused> {
    if named(tx, word)?.is_none() {
        let count = shared_sql!("SELECT COUNT(*) FROM tag WHERE provider_id = $1");
        let (known,): (i64,) = tx.find(count, ())?.unwrap_or_default();
        if known >= MOST_WORDS {
            let words = format!("there are {MOST_WORDS} words already: use one of them instead of `{word}`");
            return Err(Refused::Invalid(vec![Field::new("add", words)]));
        }
    }
    let use_it = shared_sql!(
        "INSERT INTO tag (provider_id, id, name, uses) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (provider_id, name) DO UPDATE SET uses = tag.uses + 1 RETURNING id"
    );
    let new: Id<Tag> = act.id();
    let (tag,): (Id<Tag>,) = tx.find(use_it, (new, word))?.ok_or(Refused::NotFound)?;
    let add = sql!(
        "INSERT INTO ticket_tag (provider_id, ticket_id, tag_id, client_id) VALUES ($1, $2, $3, {client: $4}) \
         ON CONFLICT DO NOTHING"
    );
    // Somebody else has put it there since this one looked.
    if tx.exec(add, (ticket.id, tag, ticket.client))? == 0 { Err(Refused::Stale) } else { Ok(()) }
}

fn take_off(tx: &mut Tx<'_, '_>, ticket: Id<Ticket>, word: &str) -> Result<(), Refused> {
    let Some(tag) = named(tx, word)? else { return Ok(()) };
    let cut = sql!(
        "DELETE FROM ticket_tag WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND tag_id = $3"
    );
    if tx.exec(cut, (ticket, tag))? == 0 {
        return Ok(());
    }
    tx.exec(shared_sql!("UPDATE tag SET uses = uses - 1 WHERE provider_id = $1 AND id = $2"), (tag,))?;
    tx.exec(shared_sql!("DELETE FROM tag WHERE provider_id = $1 AND id = $2 AND uses = 0"), (tag,))?;
    Ok(())
}

fn named(tx: &mut Tx<'_, '_>, word: &str) -> Result<Option<Id<Tag>>, Refused> {
    let find = shared_sql!("SELECT id FROM tag WHERE provider_id = $1 AND name = $2");
    Ok(tx.find::<(Id<Tag>,), _>(find, (word,))?.map(|(id,)| id))
}

/// The word that a list is asked for; none when no ticket has it. Whether one within reach has it, the list shows.
pub fn tag_named(tx: &mut Tx<'_, '_>, text: &str) -> Result<Option<Id<Tag>>, Refused> {
    word(text).map_or(Ok(None), |word| named(tx, &word))
}

/// The words on a ticket, in order; none for whoever is of neither IT team.
pub fn tags(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<String>, Refused> {
    Ok(tags_of(tx, act, &[id])?.pop().unwrap_or_default())
}

/// The same of many tickets, in their order.
pub fn tags_of(tx: &mut Tx<'_, '_>, act: &Act, of: &[Id<Ticket>]) -> Result<Vec<Vec<String>>, Refused> {
    let mut all = vec![Vec::new(); of.len()];
    if !Sight::of(act)?.reads_teams() {
        return Ok(all);
    }
    for (id, name) in found_among::<Ticket, (Id<Ticket>, String)>(tx, sql!(TAGS_OF_TICKETS), of)? {
        let at = of.iter().position(|one| *one == id);
        all[at.expect("only these were asked for")].push(name);
    }
    Ok(all)
}

/// The words on tickets of a client, in order: what is proposed when one is typed.
pub fn proposed_tags(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<String>, Refused> {
    if !Sight::of(act)?.reads_teams() {
        return Ok(Vec::new());
    }
    let list = sql!(
        "SELECT g.name FROM tag g WHERE g.provider_id = $1 AND EXISTS (SELECT x.tag_id FROM ticket_tag x WHERE x.provider_id = $1 \
         AND {reach: x.client_id} AND x.client_id = $2 AND x.tag_id = g.id) ORDER BY g.name LIMIT $3"
    );
    Ok(tx.rows::<(String,), _>(list, (client, PROPOSED))?.into_iter().map(|(name,)| name).collect())
}

/// The words of a ticket that goes on in another go on with it, as many as fit.
pub(super) fn unite(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    from: Id<Ticket>,
) -> Result<(), Refused> {
    let before = tags(tx, act, change.ticket.id)?;
    let mut added = tags(tx, act, from)?;
    added.retain(|word| !before.contains(word));
    added.truncate(MOST_TAGS.saturating_sub(before.len()));
    changed(tx, act, change, (added, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_word_however_it_is_typed() {
        for (typed, kept) in [
            ("VPN", "vpn"),
            (" #Printer-2 ", "printer-2"),
            ("Cafe\u{301}", "caf\u{e9}"),
            ("STRASSE", "strasse"),
            ("\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}", "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}"),
            ("a/b:c.d+e_f", "a/b:c.d+e_f"),
        ] {
            assert_eq!(word(typed).as_deref(), Ok(kept), "{typed}");
        }
        assert!(word(&"\u{e9}".repeat(40)).is_ok());
        for odd in ["", "#", "-x", "two words", "a,b", "a\u{0}b", "a\u{202e}b", "a\u{200b}b", "<b>"] {
            assert!(word(odd).is_err(), "{odd:?}");
        }
        assert!(word(&"a".repeat(41)).unwrap_err().contains("40"));
        assert!(word(&"a".repeat(1_000_000)).is_err());
    }

    #[test]
    fn words_are_typed_between_commas_or_spaces() {
        assert_eq!(typed(" vpn, printer\tlan;;wan "), ["vpn", "printer", "lan", "wan"]);
        assert!(typed(" , ").is_empty());
        assert_eq!(typed(&"a ".repeat(100_000)).len(), MOST_TAGS + 1);
    }
}
