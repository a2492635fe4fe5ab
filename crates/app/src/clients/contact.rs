//! Whom to call at a client, whether or not they sign in here.

use remit_core::Id;
use remit_db::{FromRow, Row, Tx, sql};

use super::{Client, Contact, Site, find, site};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Refused, folded};

/// What is written about somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactText {
    /// Name.
    pub name: String,
    /// What they are asked about; may be empty.
    pub about: String,
    /// Where they get mail; may be empty.
    pub email: String,
    /// Where they are called; may be empty.
    pub phone: String,
    /// Where they are, if that is known.
    pub site: Option<Id<Site>>,
}

/// A contact as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSummary {
    /// Its id.
    pub id: Id<Contact>,
    /// Of which client.
    pub client: Id<Client>,
    /// What is written.
    pub text: ContactText,
    /// The name of the site; empty without one.
    pub site_name: String,
    /// Changes whenever it does.
    pub version: i64,
}

impl FromRow for ContactSummary {
    fn from_row(mut row: Row) -> Result<Self, remit_db::Error> {
        let text = ContactText {
            name: row.get(2)?,
            about: row.get(3)?,
            email: row.get(4)?,
            phone: row.get(5)?,
            site: row.get(6)?,
        };
        let site_name: Option<String> = row.get(7)?;
        let site_name = site_name.unwrap_or_default();
        Ok(Self { id: row.get(0)?, client: row.get(1)?, text, site_name, version: row.get(8)? })
    }
}

/// Adds somebody to the contacts of a client.
pub fn add_contact(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    text: &ContactText,
) -> Result<Id<Contact>, Refused> {
    act.require(Permission::ManageClientPeople)?;
    find(tx, act, client)?;
    let text = check(tx, act, client, text)?;
    let id: Id<Contact> = act.id();
    let add = sql!(
        "INSERT INTO contact (provider_id, id, client_id, site_id, name, folded, about, email, phone, version, created_at) \
         VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9, 1, $10)"
    );
    let folded = folded(&text.name);
    tx.exec(add, (id, client, text.site, &text.name, folded, &text.about, &text.email, &text.phone, act.at))?;
    note(tx, act, "contact.add", (id, client), &text.name)?;
    Ok(id)
}

/// Changes what is written about somebody, if it is still at the version that the caller read.
pub fn change_contact(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Contact>, i64),
    text: &ContactText,
) -> Result<Id<Client>, Refused> {
    act.require(Permission::ManageClientPeople)?;
    let before = contact(tx, act, id)?;
    let text = check(tx, act, before.client, text)?;
    let set = sql!(
        "UPDATE contact SET site_id = $4, name = $5, folded = $6, about = $7, email = $8, phone = $9, version = version + 1 \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
    );
    let folded = folded(&text.name);
    let values = (id, version, text.site, &text.name, folded, &text.about, &text.email, &text.phone);
    if tx.exec(set, values)? == 0 {
        return Err(Refused::Stale);
    }
    let detail = if before.text.name == text.name {
        text.name
    } else {
        format!("{} to {}", before.text.name, text.name)
    };
    note(tx, act, "contact.change", (id, before.client), &detail)?;
    Ok(before.client)
}

/// Takes somebody out of the contacts.
pub fn remove_contact(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Contact>) -> Result<Id<Client>, Refused> {
    act.require(Permission::ManageClientPeople)?;
    let before = contact(tx, act, id)?;
    let remove = sql!("DELETE FROM contact WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
    tx.exec(remove, (id,))?;
    note(tx, act, "contact.remove", (id, before.client), &before.text.name)?;
    Ok(before.client)
}

/// A contact within reach.
pub fn contact(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Contact>) -> Result<ContactSummary, Refused> {
    act.require(Permission::ReadPeople)?;
    let get = sql!(
        "SELECT c.id, c.client_id, c.name, c.about, c.email, c.phone, c.site_id, s.name, c.version FROM contact c \
         LEFT JOIN site s ON s.provider_id = c.provider_id AND s.id = c.site_id \
         WHERE c.provider_id = $1 AND {reach: c.client_id} AND c.id = $2"
    );
    tx.find(get, (id,))?.ok_or(Refused::NotFound)
}

/// The contacts of a client by name, at most 500.
pub fn contacts(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<ContactSummary>, Refused> {
    act.require(Permission::ReadPeople)?;
    let list = sql!(
        "SELECT c.id, c.client_id, c.name, c.about, c.email, c.phone, c.site_id, s.name, c.version FROM contact c \
         LEFT JOIN site s ON s.provider_id = c.provider_id AND s.id = c.site_id \
         WHERE c.provider_id = $1 AND {reach: c.client_id} AND c.client_id = $2 ORDER BY c.folded, c.id LIMIT 500"
    );
    Ok(tx.rows(list, (client,))?)
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    action: &'static str,
    (id, client): (Id<Contact>, Id<Client>),
    detail: &str,
) -> Result<(), Refused> {
    audit::note(tx, act, Event { action, subject: id.to_string(), client: Some(client), detail })
}

fn check(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    text: &ContactText,
) -> Result<ContactText, Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", &text.name).unwrap_or_default();
    let mut line = |field: &'static str, text: &str| {
        let odd = text.chars().count() > 200 || text.chars().any(char::is_control);
        let line =
            if odd { Err("write at most 200 characters, on one line") } else { Ok(text.trim().to_owned()) };
        faults.take(field, line).unwrap_or_default()
    };
    let (about, email, phone) =
        (line("about", &text.about), line("email", &text.email), line("phone", &text.phone));
    if !email.is_empty() && !email.contains('@') {
        faults.take::<(), _>("email", Err("write an address with an @, or leave it empty"));
    }
    if let Some(at) = text.site {
        let own = site(tx, act, at).is_ok_and(|site| site.client == client);
        faults.take("site", if own { Ok(()) } else { Err("choose a site of this client") });
    }
    faults.end()?;
    Ok(ContactText { name, about, email, phone, site: text.site })
}
