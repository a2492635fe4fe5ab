//! Where a client works. The short name of a site stands in the rows of matrices, so it stays when the name changes.

use remit_core::{Id, Slug, Zone};
use remit_db::{Error, Tx, sql};

use super::{Client, Site, find};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};

/// Most sites of a client.
const MOST: usize = 500;

/// A site as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSummary {
    /// Its id.
    pub id: Id<Site>,
    /// Whose it is.
    pub client: Id<Client>,
    /// As it stands in rows of a matrix.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its IANA zone.
    pub zone: String,
    /// Changes whenever it does.
    pub version: i64,
}

type Found = (Id<Site>, Id<Client>, String, String, String, i64);

/// Adds a site to a client. Its short name comes from its name.
pub fn add_site(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    name: &str,
    zone: &str,
) -> Result<Id<Site>, Refused> {
    act.require(Permission::ManageClients)?;
    find(tx, act, client)?;
    let (name, zone) = check(name, zone)?;
    let slug = short(&name)?;
    if sites(tx, act, client)?.len() >= MOST {
        return Err(Refused::Conflict(format!("a client has at most {MOST} sites")));
    }
    let id: Id<Site> = act.id();
    let add = sql!(
        "INSERT INTO site (provider_id, id, client_id, slug, name, zone, version) VALUES ($1, $2, {client: $3}, $4, $5, $6, 1)"
    );
    tx.exec(add, (id, client, &slug, &name, &zone)).map_err(|error| taken(error, &slug))?;
    audit::note(
        tx,
        act,
        Event { action: "site.add", subject: id.to_string(), client: Some(client), detail: &name },
    )?;
    Ok(id)
}

/// Gives a site another name or zone, if it is still at the version that the caller read.
pub fn change_site(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Site>, i64),
    name: &str,
    zone: &str,
) -> Result<(), Refused> {
    act.require(Permission::ManageClients)?;
    let before = site(tx, act, id)?;
    let (name, zone) = check(name, zone)?;
    let set = sql!(
        "UPDATE site SET name = $4, zone = $5, version = version + 1 \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
    );
    if tx.exec(set, (id, version, &name, &zone))? == 0 {
        return Err(Refused::Stale);
    }
    let detail = format!("{} ({}) to {name} ({zone})", before.name, before.zone);
    let event = Event {
        action: "site.change",
        subject: id.to_string(),
        client: Some(before.client),
        detail: &detail,
    };
    audit::note(tx, act, event)
}

/// A site within reach.
pub fn site(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Site>) -> Result<SiteSummary, Refused> {
    act.require(Permission::ReadClients)?;
    let get = sql!(
        "SELECT id, client_id, slug, name, zone, version FROM site WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    tx.find::<Found, _>(get, (id,))?.map(summary).ok_or(Refused::NotFound)
}

/// The sites of a client by name.
pub fn sites(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<SiteSummary>, Refused> {
    act.require(Permission::ReadClients)?;
    let list = sql!(
        "SELECT id, client_id, slug, name, zone, version FROM site \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 ORDER BY name, id LIMIT 500"
    );
    Ok(tx.rows::<Found, _>(list, (client,))?.into_iter().map(summary).collect())
}

fn summary((id, client, slug, name, zone, version): Found) -> SiteSummary {
    SiteSummary { id, client, slug, name, zone, version }
}

fn check(name: &str, zone: &str) -> Result<(String, String), Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", name).unwrap_or_default();
    faults.take("zone", Zone::parse(zone.trim()));
    faults.end()?;
    Ok((name, zone.trim().to_owned()))
}

/// The short name that a name gives: `main-street` for `Main Street`.
fn short(name: &str) -> Result<String, Refused> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = Slug::parse(&words.collect::<Vec<_>>().join("-").to_ascii_lowercase());
    let why =
        "begin it with a letter of a to z, and write fewer than 100: rows of the matrix name the site by it";
    slug.map(|slug| slug.as_str().to_owned()).map_err(|_| Refused::Invalid(vec![Field::new("name", why)]))
}

fn taken(error: Error, slug: &str) -> Refused {
    if error.is_unique("site.client_id, site.slug") {
        Refused::Conflict(format!("this client has a site {slug} already"))
    } else {
        error.into()
    }
}
