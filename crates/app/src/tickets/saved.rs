//! Lists that somebody keeps: each is a name for the address of a list, and theirs alone.

use remit_core::{Id, Kind as IdKind};
use remit_db::{Error, FromRow, Row, Tx, shared_sql};

use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};

/// The most that somebody keeps.
pub const MOST_VIEWS: usize = 30;
/// The longest name, in characters, and the longest address, in bytes.
const LONGEST: (usize, usize) = (60, 1000);
/// What the address of a list can say.
const NAMES: [&str; 8] = ["view", "client", "kind", "status", "priority", "service", "tag", "text"];

/// A list that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: Id<SavedView>,
    /// What they call it.
    pub name: String,
    /// The list, as what stands behind `?` in its address.
    pub query: String,
}

impl IdKind for SavedView {
    const PREFIX: &'static str = "view";
}

impl FromRow for SavedView {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, query: row.get(2)? })
    }
}

/// Those of the caller, the oldest first.
pub fn saved_views(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<SavedView>, Refused> {
    let list = shared_sql!(
        "SELECT id, name, query FROM saved_view WHERE provider_id = $1 AND membership_id = $2 ORDER BY id LIMIT 30"
    );
    Ok(tx.rows(list, (act.caller.membership,))?)
}

/// The address of a list: what it says that a list does not know is refused.
fn query(text: &str) -> Result<String, String> {
    if text.len() > LONGEST.1 {
        return Err(format!("it is longer than {} letters", LONGEST.1));
    }
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(text.trim_start_matches('?').as_bytes()) {
        if !NAMES.contains(&name.as_ref()) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            return Err(format!("lists know no `{name}`: they know {}", NAMES.join(", ")));
        }
        if !value.trim().is_empty() {
            kept.append_pair(&name, value.trim());
        }
    }
    let kept = kept.finish();
    if kept.is_empty() { Err("say which list".to_owned()) } else { Ok(kept) }
}

/// In the audit log: that it was, not what they look for.
fn noted(tx: &mut Tx<'_, '_>, act: &Act, action: &'static str, id: Id<SavedView>) -> Result<(), Refused> {
    audit::note(tx, act, Event { action, subject: id.to_string(), client: None, detail: "" })
}

/// Keeps a list under a name. One of the same name is kept in its place.
pub fn save_view(tx: &mut Tx<'_, '_>, act: &Act, (name, list): (&str, &str)) -> Result<SavedView, Refused> {
    act.require(Permission::AskForHelp)?;
    let own = act.caller.membership.ok_or(Refused::NotFound)?;
    let mut faults = Faults::default();
    let name = faults.name("name", name).unwrap_or_default();
    if name.chars().count() > LONGEST.0 {
        faults.take::<(), _>("name", Err(format!("write at most {} characters", LONGEST.0)));
    }
    let query = faults.take("query", query(list)).unwrap_or_default();
    faults.end()?;
    let there = saved_views(tx, act)?;
    if let Some(same) = there.iter().find(|one| one.name == name) {
        let set = shared_sql!(
            "UPDATE saved_view SET query = $4 WHERE provider_id = $1 AND membership_id = $2 AND id = $3"
        );
        tx.exec(set, (own, same.id, &query))?;
        noted(tx, act, "view.keep", same.id)?;
        return Ok(SavedView { query, ..same.clone() });
    }
    if there.len() >= MOST_VIEWS {
        let why = format!("you keep {MOST_VIEWS} lists already: take one away first");
        return Err(Refused::Invalid(vec![Field::new("name", why)]));
    }
    let new = SavedView { id: act.id(), name, query };
    let add = shared_sql!(
        "INSERT INTO saved_view (provider_id, membership_id, id, name, query, made_at) VALUES ($1, $2, $3, $4, $5, $6)"
    );
    tx.exec(add, (own, new.id, &new.name, &new.query, act.at))?;
    noted(tx, act, "view.keep", new.id)?;
    Ok(new)
}

/// Takes one away.
pub fn drop_view(tx: &mut Tx<'_, '_>, act: &Act, id: Id<SavedView>) -> Result<(), Refused> {
    act.require(Permission::AskForHelp)?;
    let cut = shared_sql!("DELETE FROM saved_view WHERE provider_id = $1 AND membership_id = $2 AND id = $3");
    match tx.exec(cut, (act.caller.membership, id))? {
        0 => Err(Refused::NotFound),
        _ => noted(tx, act, "view.drop", id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_kept_as_its_address_says_it_and_nothing_else() {
        assert_eq!(
            query("?view=open&kind=incident&status=&text=two+words").unwrap(),
            "view=open&kind=incident&text=two+words"
        );
        assert!(query("view=open&after=x").unwrap_err().contains("no `after`"));
        assert!(query("kind=").unwrap_err().contains("which list"));
        assert!(query(&format!("text={}", "x".repeat(1000))).unwrap_err().contains("longer"));
    }
}
