//! Whom the matrix names for a ticket.

use remit_core::{At, Id};
use remit_custody::{Named, Version};
use remit_db::{Tx, sql};
use remit_matrix::model::Dimension;

use super::Ticket;
use super::event::RowRef;
use super::kind::{Kind, Priority, Tier};
use crate::App;
use crate::act::{Act, Caller};
use crate::clients::{Client, Site};
use crate::matrix::{self, Ruling, Work};
use crate::people::{Party, PartyKind, Team, TeamName, named_team};
use crate::refused::{Field, Refused};

/// What a ticket is routed by.
#[derive(Debug, Clone)]
pub(super) struct Matter {
    pub client: Id<Client>,
    pub kind: Kind,
    pub priority: Priority,
    pub service: String,
    pub tier: Tier,
    pub site: Option<Id<Site>>,
    pub asset_class: String,
}

impl Matter {
    /// Of a ticket.
    pub fn of(ticket: &Ticket) -> Self {
        Self {
            client: ticket.client,
            kind: ticket.kind,
            priority: ticket.priority,
            service: ticket.service.clone(),
            tier: ticket.tier,
            site: ticket.site,
            asset_class: ticket.asset_class.clone(),
        }
    }
}

/// The owner of a matter at an instant, and those who are asked after it.
#[derive(Debug, Clone)]
pub(super) struct Routed {
    matter: Matter,
    at: At,
    ruling: Option<Ruling>,
}

/// Asks the matrix in force. That is done before the unit of work which uses it; [`Routed::owner`] sees whether it still holds.
pub(super) async fn route(app: &App, caller: &Caller, matter: Matter) -> Result<Routed, Refused> {
    let at = app.now();
    let (client, place) = (matter.client, matter.site);
    let read = move |tx: &mut Tx<'_, '_>, _: &Act| {
        reached(tx, client)?;
        place.map(|place| slug(tx, (client, place))).transpose()
    };
    let site = app.read(caller, read).await?;
    let values = [
        (Dimension::Kind, matter.kind.key()),
        (Dimension::Priority, matter.priority.key()),
        (Dimension::Tier, matter.tier.key()),
        (Dimension::Site, site.as_deref().unwrap_or_default()),
        (Dimension::AssetClass, matter.asset_class.as_str()),
    ];
    let work = Work {
        client: matter.client,
        at,
        service: matter.service.clone(),
        values: values.map(|(dimension, value)| (dimension, value.to_owned())).to_vec(),
    };
    let ruling = matrix::route(app, caller, &work).await?;
    Ok(Routed { matter, at, ruling })
}

impl Routed {
    /// Whom the matrix names, and the party of the owner. Refused as stale where another version came into force meanwhile: route again.
    pub fn named(&self, tx: &mut Tx<'_, '_>, act: &Act) -> Result<(Id<Party>, Named<Id<Team>>), Refused> {
        let client = self.matter.client;
        if !matrix::still_rules(tx, (client, self.at), self.ruling.as_ref())? {
            return Err(Refused::Stale);
        }
        let since = self.at;
        let Some(ruling) = &self.ruling else {
            let (party, owner) = named_team(tx, act, client, &desk())?;
            return Ok((
                party,
                Named { version: Version(0), since, owner, fallback: Vec::new(), duty_manager: owner },
            ));
        };
        let (party, owner) = named_team(tx, act, client, &ruling.owner)?;
        let mut team = |named| named_team(tx, act, client, named).map(|(_, team)| team);
        let fallback = ruling.fallback.iter().map(&mut team).collect::<Result<_, _>>()?;
        let duty_manager = team(&ruling.last_resort)?;
        let version = Version(u32::try_from(ruling.number).unwrap_or(0));
        Ok((party, Named { version, since, owner, fallback, duty_manager }))
    }

    /// The version of the matrix.
    pub fn version(&self) -> Option<Id<matrix::Version>> {
        self.ruling.as_ref().map(|ruling| ruling.version)
    }

    /// The row that says so.
    pub fn row(&self) -> Option<RowRef> {
        let ruling = self.ruling.as_ref()?;
        Some(RowRef { version: ruling.number, row: ruling.row.clone()?, targets: ruling.targets.clone() })
    }

    /// Whether the last resort takes it, for nobody else that is named is on duty.
    pub fn takes_last_resort(&self) -> bool {
        self.ruling.as_ref().is_some_and(|ruling| ruling.takes_last_resort)
    }

    /// When the owner changes next, as far as a week can be seen.
    pub fn until(&self) -> Option<At> {
        self.ruling.as_ref()?.until
    }
}

/// The row that would end its going to and fro: what it is about goes to whoever has it now. None while it does not.
pub(super) fn proposed(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Option<String>, Refused> {
    if ticket.custody.is_bouncing().is_none() {
        return Ok(None);
    }
    let find = sql!(
        "SELECT t.slug, p.slug FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND t.id = $2"
    );
    let found: Option<(String, String)> = tx.find(find, (ticket.team,))?;
    let Some((team, party)) = found else { return Ok(None) };
    let number = ticket.number;
    let conditions =
        [("service", ticket.service.as_str()), ("tier", ticket.tier.key()), ("kind", ticket.kind.key())];
    let said = conditions.into_iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
    let said = said.concat();
    Ok(Some(format!(
        "[[rows]]\nid = \"like-{number}\"\n{said}accountable = \"{party}\"\nresponsible = \"{team}\"\n"
    )))
}

/// Who takes what nobody has agreed on: the provider's service desk.
fn desk() -> TeamName {
    let words = |slug: &str, name: &str| (slug.to_owned(), name.to_owned());
    TeamName {
        kind: PartyKind::Provider,
        party: words("provider", "Provider"),
        team: words("service-desk", "Service desk"),
        zone: "UTC".to_owned(),
        known: None,
    }
}

fn slug(tx: &mut Tx<'_, '_>, (client, site): (Id<Client>, Id<Site>)) -> Result<String, Refused> {
    let get = sql!(
        "SELECT slug FROM site WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND client_id = $3"
    );
    let found: Option<(String,)> = tx.find(get, (site, client))?;
    let wrong = || Refused::Invalid(vec![Field::new("site", "choose a site of this client")]);
    found.map(|(slug,)| slug).ok_or_else(wrong)
}

/// The client must be within reach; whoever asks for help need not be one who may read about clients.
fn reached(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<(), Refused> {
    let find = sql!("SELECT state FROM client WHERE provider_id = $1 AND {reach: id} AND id = $2");
    tx.find::<(String,), _>(find, (client,))?.map(drop).ok_or(Refused::NotFound)
}
