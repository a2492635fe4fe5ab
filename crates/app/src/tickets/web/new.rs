//! A new ticket.

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::{Tx, sql};
use remit_matrix::catalogue::Catalogue;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::sharing::{self, Readers};
use super::super::visibility::Sight;
use super::super::{Extra, Impact, Kind, NewTicket, Tier, Urgency, open_with, prepare_with};
use super::field::{Ask, GIVEN, asks, asks_more, given, people};
use crate::act::Act;
use crate::attachments::{self, CHOOSE_AGAIN, FIELD, Sent};
use crate::clients::Client;
use crate::people::{Membership, PartyKind, Permission};
use crate::portal::{RequestType, request_type};
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

const FIELDS: [&str; 13] = [
    "client",
    "requester",
    "kind",
    "subject",
    "text",
    "impact",
    "urgency",
    "service",
    "tier",
    "site",
    "type",
    "for",
    "shared",
];

/// What is said where more is asked than the form showed.
const MORE: &str = "More is asked of such a ticket: fill it in below, and send it again.";

/// A client or a person that can be chosen.
type Choice = (String, String);

#[derive(Template)]
#[template(path = "tickets/new.html")]
struct NewPage<'p> {
    form: &'p Form,
    /// More than one for those who reach more than one.
    clients: Vec<Choice>,
    people: Vec<Choice>,
    sites: Vec<Choice>,
    services: Vec<Choice>,
    /// What the provider asks besides.
    asks: Vec<Ask>,
    /// Whether the trade words are asked for too.
    works: bool,
    /// Whether somebody of a client asks, who can do so for a colleague.
    behalf: bool,
    /// What was chosen by its name.
    named: Option<RequestType>,
    /// With whom it can be shared, if with anybody.
    shares: Option<Readers>,
}

impl NewPage<'_> {
    fn is_private(named: &RequestType) -> bool {
        named.says.private
    }

    /// What somebody asks who does not know the trade words.
    fn plain_kinds<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        [("incident", "Something does not work"), ("request", "I need something")].into_iter()
    }

    fn clients(&self) -> impl Iterator<Item = (&str, &str)> {
        self.clients.iter().map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// The name of the client that was chosen.
    fn client(&self) -> &str {
        let chosen = self.form.value("client");
        self.clients
            .iter()
            .find(|(key, _)| key == chosen)
            .map_or("a client that is not there", |(_, name)| name)
    }

    fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        let myself = ("", "myself");
        std::iter::once(myself).chain(self.people.iter().map(|(key, name)| (key.as_str(), name.as_str())))
    }

    fn sites(&self) -> impl Iterator<Item = (&str, &str)> {
        let none = ("", "not said");
        std::iter::once(none).chain(self.sites.iter().map(|(key, name)| (key.as_str(), name.as_str())))
    }
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    client: Option<Id<Client>>,
    /// What was chosen by its name.
    r#type: Option<Id<RequestType>>,
    /// What was begun on another page.
    #[serde(default)]
    subject: String,
}

pub(super) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Shell, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    let client = asked.client.map(|client| client.to_string()).unwrap_or_default();
    let mut usual = vec![
        ("client", client),
        ("kind", "incident".to_owned()),
        ("impact", "low".to_owned()),
        ("urgency", "medium".to_owned()),
        ("subject", asked.subject),
        ("shared", "on".to_owned()),
    ];
    if let Some(id) = asked.r#type {
        let one = site.app.read(&signed.caller, move |tx, act| request_type(tx, act, id)).await?;
        usual.retain(|(name, _)| ["client", "impact", "shared"].contains(name));
        usual.extend([
            ("type", id.to_string()),
            ("subject", one.says.name),
            ("kind", one.says.kind.key().to_owned()),
            ("service", one.says.service),
            ("urgency", one.says.urgency.key().to_owned()),
        ]);
    }
    page(&site, &signed, &Form::filled(usual)).await
}

async fn page(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    let chosen: Option<Id<Client>> = Id::parse(form.value("client")).ok();
    let (kind, service) = about(form);
    let named: Option<Id<RequestType>> = Id::parse(form.value("type")).ok();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let works = matches!(Sight::of(act)?, Sight::Working(_));
        let clients = clients(tx)?;
        let client = chosen.or_else(|| Some(clients.first()?.0).filter(|_| clients.len() == 1));
        let people = match client {
            Some(client) if works => people(tx, client)?,
            _ => Vec::new(),
        };
        let sites = client.map(|client| sites(tx, client)).transpose()?.unwrap_or_default();
        let asks =
            client.map(|client| asks(tx, act, (client, kind, &service))).transpose()?.unwrap_or_default();
        let named = named.map(|id| request_type(tx, act, id)).transpose()?;
        let shares = client.map_or(Ok(Readers::Nobody), |client| sharing::offered(tx, client))?;
        let private = named.as_ref().is_some_and(|named: &RequestType| named.says.private);
        let shares = Some(shares).filter(|readers| *readers != Readers::Nobody && !private && !works);
        Ok((works, clients, people, sites, (asks, named, shares)))
    };
    let (works, clients, people, sites, (asks, named, shares)) = site.app.read(&signed.caller, read).await?;
    let choice = |(id, name): (Id<Client>, String)| (id.to_string(), name);
    let services = Catalogue::builtin().listed();
    let page = NewPage {
        form,
        clients: clients.into_iter().map(choice).collect(),
        people: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        sites: sites.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        services: services.map(|service| (service.id.to_string(), service.name.clone())).collect(),
        asks,
        works,
        behalf: signed.caller.role.party() == PartyKind::Internal,
        named,
        shares,
    };
    let mut chrome = chrome(signed, "New ticket", "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    Ok(shell(chrome, &page).status(form.status()))
}

/// Of which kind it is to be, and about which service.
fn about(form: &Form) -> (Kind, String) {
    let kind = Kind::from_key(form.value("kind")).unwrap_or(Kind::Incident);
    (kind, form.value("service").trim().to_owned())
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    request: Request,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    let mut sent = attachments::receive(&site, &signed.caller, request).await?;
    sent.form.only_and(&FIELDS, &[GIVEN])?;
    let Some((new, private)) = read(&site, &signed, &mut sent.form).await? else {
        return again(&site, &signed, &mut sent).await;
    };
    let about = (new.client, new.kind, new.service.clone());
    let asked = move |tx: &mut Tx<'_, '_>, act: &Act| asks(tx, act, (about.0, about.1, &about.2));
    let asks = site.app.read(&signed.caller, asked).await?;
    if asks_more(&sent.form, &asks) {
        sent.form.wrong(if new.service.is_empty() { "kind" } else { "service" }, MORE);
        return again(&site, &signed, &mut sent).await;
    }
    let shared = !private && sent.form.has("shared", "on");
    let mut extra = Extra { files: Vec::new(), fields: Some(given(&sent.form, &asks)), shared };
    if sent.has_files() {
        // Nothing is put on the disk for a ticket that cannot be.
        if let Err(refused) = prepare_with(&site.app, &signed.caller, (new.clone(), extra.clone())).await {
            told(&mut sent.form, "subject", refused)?;
            return again(&site, &signed, &mut sent).await;
        }
    }
    extra.files = sent.keep(&site.app, &signed.caller).await?;
    match open_with(&site.app, &signed.caller, (new, extra)).await {
        Ok(ticket) => Ok(Redirect::to(&format!("/tickets/{}", ticket.number)).into_response()),
        Err(refused) => {
            told(&mut sent.form, "subject", refused)?;
            again(&site, &signed, &mut sent).await
        }
    }
}

/// The form again, with what is wrong. A browser does not keep which files were chosen.
async fn again(site: &Site, signed: &Signed, sent: &mut Sent) -> Result<Response, Error> {
    if sent.had_files() && sent.form.error(FIELD).is_none() {
        sent.form.wrong(FIELD, CHOOSE_AGAIN);
    }
    let mut answer = page(site, signed, &sent.form).await?.into_response();
    *answer.status_mut() = sent.status();
    Ok(answer)
}

/// What was typed, and whether nobody else may read it; or none where something is to be mended.
async fn read(site: &Site, signed: &Signed, form: &mut Form) -> Result<Option<(NewTicket, bool)>, Error> {
    let client = if form.value("client").is_empty() {
        let all = site.app.read(&signed.caller, |tx, _| clients(tx)).await?;
        if let [(only, _)] = all.as_slice() {
            Some(*only)
        } else {
            form.wrong("client", "Choose a client.");
            None
        }
    } else {
        form.parsed("client")
    };
    let (mut requester, place) = (form.parsed_optional("requester"), form.parsed_optional("site"));
    if let Some(client) = client
        && !form.value("for").trim().is_empty()
    {
        requester = colleague(site, signed, (client, form)).await?.map(Some);
    }
    let named: Option<Option<Id<RequestType>>> = form.parsed_optional("type");
    let named = match named.flatten() {
        Some(id) => Some(site.app.read(&signed.caller, move |tx, act| request_type(tx, act, id)).await?.says),
        None => None,
    };
    let kind = chosen(form, "kind", Kind::from_key, Kind::Incident);
    let impact = chosen(form, "impact", Impact::from_key, Impact::Low);
    let urgency = chosen(form, "urgency", Urgency::from_key, Urgency::Medium);
    let tier = chosen(form, "tier", Tier::from_key, Tier::Unsaid);
    let text = |name: &str| form.value(name).to_owned();
    let (subject, said, mut service) = (text("subject"), text("text"), text("service"));
    let (mut kind, mut private) = (kind, false);
    // What was chosen by its name stands for its kind and its service, whatever else was sent.
    if let Some(named) = named {
        (kind, service, private) = (named.kind, named.service, named.private);
    }
    let (Some(client), Some(requester), Some(place), true) = (client, requester, place, form.valid()) else {
        return Ok(None);
    };
    let new = NewTicket {
        client,
        kind,
        subject,
        text: said,
        impact,
        urgency,
        service,
        tier,
        site: place,
        asset_class: String::new(),
        requester,
    };
    Ok(Some((new, private)))
}

/// The colleague for whom somebody asks, by their address; nobody else is found.
async fn colleague(
    site: &Site,
    signed: &Signed,
    (client, form): (Id<Client>, &mut Form),
) -> Result<Option<Id<Membership>>, Error> {
    let address = form.value("for").trim().to_lowercase();
    let find = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND client_id = $2 AND email = $3 \
         AND state IN ('active', 'invited') ORDER BY folded, id LIMIT 1"
    );
    let read =
        move |tx: &mut Tx<'_, '_>, _: &Act| Ok(tx.find::<(Id<Membership>,), _>(find, (client, address))?);
    let found = site.app.read(&signed.caller, read).await?;
    if found.is_none() {
        form.wrong("for", "Nobody of your company has this address here: look how it is written, or leave it empty and say in the text for whom it is.");
    }
    Ok(found.map(|(id,)| id))
}

/// One of a list; what is not said is the usual one.
pub(super) fn chosen<T>(form: &mut Form, name: &str, from: impl Fn(&str) -> Option<T>, usual: T) -> T {
    let text = form.value(name).to_owned();
    if text.is_empty() {
        return usual;
    }
    from(&text).unwrap_or_else(|| {
        form.wrong(name, "Choose one of the list.");
        usual
    })
}

fn clients(tx: &mut Tx<'_, '_>) -> Result<Vec<(Id<Client>, String)>, Refused> {
    let list =
        sql!("SELECT id, name FROM client WHERE provider_id = $1 AND {reach: id} ORDER BY folded LIMIT 500");
    Ok(tx.rows(list, ())?)
}

fn sites(
    tx: &mut Tx<'_, '_>,
    client: Id<Client>,
) -> Result<Vec<(Id<crate::clients::Site>, String)>, Refused> {
    let list = sql!(
        "SELECT id, name FROM site WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 ORDER BY name, id LIMIT 500"
    );
    Ok(tx.rows(list, (client,))?)
}
