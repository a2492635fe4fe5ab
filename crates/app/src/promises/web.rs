//! Pages: what is promised to everybody, and to one client.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{At, Date, Edge, Id, Millis, Slug, Zone};
use remit_db::Tx;
use remit_draw::Hue;
use remit_matrix::draft::CalendarDraft;
use remit_promise::{Hours, Kind, Promise, Target, Term, Wait, Waits, Within};
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::{
    ListedCalendar, ListedRule, NewCalendar, NewRule, Rule, add_calendar, add_rule, calendars, end_rule,
    find_rule, rules, words,
};
use crate::act::Act;
use crate::clients::{self, Client, Summary};
use crate::people::{Party, PartyKind, Permission, list_parties};
use crate::refused::Refused;
use crate::settings;
use crate::site::{Signed, Site, chrome, shell, told};
use crate::tickets::Priority;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/promises", get(show_all).post(promise_all))
        .route("/promises/calendars", post(count_all))
        .route("/promises/{id}/end", post(end))
        .route("/clients/{id}/promises", get(show_client).post(promise_client))
        .route("/clients/{id}/promises/calendars", post(count_client))
}

/// What a clock can stand still for.
const WAITS: [(&str, &str); 4] = [
    ("requester", "the requester is waited for"),
    ("vendor", "a vendor is waited for"),
    ("window", "it waits for an agreed day"),
    ("approval", "it waits for an approval"),
];

/// What can be promised.
const PROMISES: [(&str, Kind, Target); 11] = [
    ("sla.response", Kind::Sla, Target::Response),
    ("sla.update", Kind::Sla, Target::Update),
    ("sla.resolution", Kind::Sla, Target::Resolution),
    ("ola.response", Kind::Ola, Target::Response),
    ("ola.update", Kind::Ola, Target::Update),
    ("ola.resolution", Kind::Ola, Target::Resolution),
    ("ola.acceptance", Kind::Ola, Target::Acceptance),
    ("uc.response", Kind::Uc, Target::Response),
    ("uc.update", Kind::Uc, Target::Update),
    ("uc.resolution", Kind::Uc, Target::Resolution),
    ("uc.acceptance", Kind::Uc, Target::Acceptance),
];

/// The promise with a key such as `sla.response`.
pub(crate) fn promise_of(key: &str) -> Option<Promise> {
    let found = PROMISES.into_iter().find(|(known, ..)| *known == key);
    found.map(|(_, kind, target)| Promise { kind, target })
}

/// The key of a promise.
pub(crate) fn key_of(promise: Promise) -> &'static str {
    let found = PROMISES.iter().find(|(_, kind, target)| (*kind, *target) == (promise.kind, promise.target));
    found.map_or("", |(key, ..)| key)
}

struct ShownRule {
    id: Id<Rule>,
    promise: &'static str,
    party: Option<(String, Hue)>,
    scope: String,
    own: bool,
    term: String,
    from: At,
    later: bool,
    ends: bool,
}

struct ShownCalendar {
    name: Slug,
    of: String,
    week: String,
    zone: String,
    holidays: String,
    from: String,
}

type Parties = Vec<(Id<Party>, PartyKind, String)>;

#[derive(Template)]
#[template(path = "promises/page.html")]
struct Page<'p> {
    client: Option<Summary>,
    /// The address of the page.
    base: String,
    rules: Vec<ShownRule>,
    /// Rules that are over.
    over: usize,
    calendars: Vec<ShownCalendar>,
    /// Parties, by their ids.
    known: Vec<(String, String)>,
    /// Calendars that rules can name.
    names: Vec<String>,
    form: &'p Form,
    calendar: &'p Form,
    may_manage: bool,
    zone: Zone,
}

impl Page<'_> {
    fn promises<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        PROMISES.into_iter().map(|(key, kind, target)| (key, words::promise(Promise { kind, target })))
    }

    fn priorities<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "all")).chain(Priority::pairs())
    }

    fn parties(&self) -> impl Iterator<Item = (&str, &str)> {
        self.or_party("whoever it is")
    }

    fn parties_of_hours(&self) -> impl Iterator<Item = (&str, &str)> {
        self.or_party(if self.client.is_some() { "the client: its SLAs" } else { "everybody" })
    }

    fn or_party(&self, nobody: &'static str) -> impl Iterator<Item = (&str, &str)> {
        let known = self.known.iter().map(|(id, name)| (id.as_str(), name.as_str()));
        std::iter::once(("", nobody)).chain(known)
    }

    fn hours(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = std::iter::once(("", "every minute, day and night"));
        all.chain(self.names.iter().map(|name| (name.as_str(), name.as_str())))
    }

    /// All are chosen until somebody has said otherwise.
    fn pauses(&self, key: &str) -> bool {
        self.form.value("promise").is_empty() || self.form.has("pause", key)
    }
}

type Read = (Option<Summary>, Zone, Vec<ListedRule>, Vec<ListedCalendar>, Parties);

fn read(tx: &mut Tx<'_, '_>, act: &Act, client: Option<Id<Client>>) -> Result<Read, Refused> {
    let rules = rules(tx, act, client)?;
    let client = client.map(|id| clients::find(tx, act, id)).transpose()?;
    let zone = match &client {
        Some(client) => client.zone.clone(),
        None => settings::settings(tx)?.zone,
    };
    let zone = Zone::parse(&zone).unwrap_or_else(|_| Zone::utc());
    let id = client.as_ref().map(|client| client.id);
    Ok((client, zone, rules, calendars(tx, act, id)?, list_parties(tx, id)?))
}

async fn page(
    site: &Site,
    signed: &Signed,
    client: Option<Id<Client>>,
    (form, calendar): (&Form, &Form),
) -> Result<Shell, Error> {
    let (client, zone, listed, calendars, known) =
        site.app.read(&signed.caller, move |tx, act| read(tx, act, client)).await?;
    let base = client
        .as_ref()
        .map_or_else(|| "/promises".to_owned(), |client| format!("/clients/{}/promises", client.id));
    let (rules, over) = shown(&listed, &known, (client.is_some(), site.app.now()));
    let mut names: Vec<String> = calendars
        .iter()
        .filter(|calendar| calendar.name.parts().next() != Some(super::MATRIX))
        .map(|calendar| calendar.name.to_string())
        .collect();
    names.dedup();
    let mut chrome = match &client {
        Some(client) => {
            let mut chrome = chrome(signed, &format!("What is promised to {}", client.name), "/clients");
            chrome.crumbs.push(Link::new("Clients", "/clients"));
            chrome.crumbs.push(Link::new(&client.name, format!("/clients/{}", client.id)));
            chrome
        }
        None => chrome(signed, "What is promised", "/promises"),
    };
    chrome.live = None;
    let page = Page {
        base,
        rules,
        over,
        calendars: calendars.iter().map(|calendar| shown_hours(calendar, &known)).collect(),
        known: known.into_iter().map(|(id, _, name)| (id.to_string(), name)).collect(),
        names,
        form,
        calendar,
        may_manage: signed.caller.may(Permission::ManageClients),
        zone,
        client,
    };
    let status = if form.valid() { calendar.status() } else { form.status() };
    Ok(shell(chrome, &page).status(status))
}

/// Rules that speak or will, and how many are over.
fn shown(listed: &[ListedRule], known: &Parties, (own, now): (bool, At)) -> (Vec<ShownRule>, usize) {
    let parties: BTreeMap<u128, (&str, Hue)> =
        known.iter().map(|(id, kind, name)| (id.uuid().as_u128(), (name.as_str(), kind.hue()))).collect();
    let mut rules = Vec::new();
    let mut over = 0;
    for (at, one) in listed.iter().enumerate() {
        let same = |other: &&ListedRule| {
            (other.rule.promise, &other.rule.scope) == (one.rule.promise, &one.rule.scope)
        };
        let next = listed[at + 1..].iter().find(same);
        let passed = next.is_some_and(|next| next.rule.from <= now);
        if passed || (one.rule.term == Term::Withdrawn && one.rule.from <= now) {
            over += 1;
            continue;
        }
        let party = one.rule.scope.party.and_then(|party| parties.get(&party.0));
        rules.push(ShownRule {
            id: one.id,
            promise: words::promise(one.rule.promise),
            party: party.map(|(name, hue)| ((*name).to_owned(), *hue)),
            scope: words::scope(&one.rule.scope),
            own: own && one.client.is_some(),
            term: words::term(&one.rule.term),
            from: one.rule.from,
            later: one.rule.from > now,
            // A client's page takes back what is the client's own.
            ends: next.is_none() && one.rule.term != Term::Withdrawn && own == one.client.is_some(),
        });
    }
    rules.sort_by(|a, b| (a.promise, &a.scope, a.from).cmp(&(b.promise, &b.scope, b.from)));
    (rules, over)
}

fn shown_hours(calendar: &ListedCalendar, known: &Parties) -> ShownCalendar {
    let party = calendar.party.and_then(|party| known.iter().find(|(id, ..)| *id == party));
    let of = match (party, calendar.client) {
        (Some((_, _, name)), _) => name.clone(),
        (None, Some(_)) if calendar.name.parts().next() == Some(super::MATRIX) => "the matrix".to_owned(),
        (None, Some(_)) => "the client".to_owned(),
        (None, None) => "everybody".to_owned(),
    };
    let hours = &calendar.hours;
    let week: Vec<String> = hours.week.iter().map(|(days, windows)| format!("{days} {windows}")).collect();
    let zone = hours.zone.clone().unwrap_or_else(|| "UTC".to_owned());
    let clock = Zone::parse(&zone).unwrap_or_else(|_| Zone::utc());
    let always = calendar.from <= At::from_millis(0);
    ShownCalendar {
        name: calendar.name.clone(),
        of,
        week: week.join("; "),
        zone,
        holidays: hours.holidays.join(" "),
        from: if always { "always".to_owned() } else { crate::site::when(&calendar.from, &clock) },
    }
}

async fn show_all(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    page(&site, &signed, None, (&Form::default(), &Form::default())).await
}

async fn show_client(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Shell, Error> {
    page(&site, &signed, Some(id), (&Form::default(), &Form::default())).await
}

async fn promise_all(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    promised(&site, &signed, None, form).await
}

async fn promise_client(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    form: Form,
) -> Result<Response, Error> {
    promised(&site, &signed, Some(id), form).await
}

/// The zone in which days are written on the page; refuses whoever may not manage what is on it.
async fn zone_of(site: &Site, signed: &Signed, client: Option<Id<Client>>) -> Result<Zone, Error> {
    let (_, zone, ..) = site.app.read(&signed.caller, move |tx, act| read(tx, act, client)).await?;
    signed.caller.require(Permission::ManageClients)?;
    Ok(zone)
}

/// The first instant of a day that was written; none where nothing was.
fn from(form: &mut Form, zone: &Zone, now: At) -> Option<At> {
    let text = form.value("from").trim().to_owned();
    if text.is_empty() {
        return None;
    }
    match text.parse::<Date>() {
        // Today means from now on.
        Ok(day) if day == zone.local(now).date() => None,
        Ok(day) => Some(zone.at(day.at(0, 0, 0, 0), Edge::Start)),
        Err(_) => {
            form.wrong("from", "Write a day that exists, such as 2027-01-31.");
            None
        }
    }
}

async fn promised(
    site: &Site,
    signed: &Signed,
    client: Option<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    let zone = zone_of(site, signed, client).await?;
    form.only(&["promise", "priority", "tier", "service", "party", "within", "hours", "pause", "from"])?;
    let promise = promise_of(form.value("promise"));
    if promise.is_none() {
        form.wrong("promise", "Choose what is promised.");
    }
    let party: Option<Option<Id<Party>>> = form.parsed_optional("party");
    let priority = Priority::from_key(form.value("priority"));
    let term = term(&mut form);
    let from = from(&mut form, &zone, site.app.now());
    if let (Some(promise), Some(party), Some(term), true) = (promise, party, term, form.valid()) {
        let text = |name: &str| form.value(name).to_owned();
        let (tier, service) = (text("tier"), text("service"));
        let new = NewRule { promise, client, tier, service, priority, party, from, term };
        match site.app.write(&signed.caller, move |tx, act| add_rule(tx, act, &new)).await {
            Ok(_) => return Ok(back(client)),
            Err(refused) => told(&mut form, "promise", refused)?,
        }
    }
    Ok(page(site, signed, client, (&form, &Form::default())).await?.into_response())
}

fn back(client: Option<Id<Client>>) -> Response {
    let to = client.map_or_else(|| "/promises".to_owned(), |id| format!("/clients/{id}/promises"));
    Redirect::to(&to).into_response()
}

/// What is said in the form: so much of some hours, or nothing.
fn term(form: &mut Form) -> Option<Term> {
    let text = form.value("within").trim().to_owned();
    if text == "none" {
        return Some(Term::NoPromise);
    }
    let length = match Millis::parse(&text) {
        Ok(length) => length,
        Err(error) => {
            form.wrong("within", error.to_string());
            return None;
        }
    };
    let hours = match form.value("hours") {
        "" => Hours::EveryMinute,
        name => match Slug::parse(name) {
            Ok(name) => Hours::Calendar(name),
            Err(error) => {
                form.wrong("hours", error.to_string());
                return None;
            }
        },
    };
    let waits = [Wait::Requester, Wait::Vendor, Wait::Window, Wait::Approval];
    let chosen = WAITS.iter().zip(waits).filter(|((key, _), _)| form.has("pause", key));
    let paused_by = chosen.fold(Waits::NONE, |all, (_, wait)| all.with(wait));
    Some(Term::Within(Within { length, hours, paused_by }))
}

async fn end(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Rule>>,
    form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    site.app.read(&signed.caller, move |tx, act| find_rule(tx, act, id)).await?;
    form.only(&[])?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| end_rule(tx, act, id);
    let client = site.app.write(&signed.caller, verb).await?;
    Ok(back(client))
}

async fn count_all(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    counted(&site, &signed, None, form).await
}

async fn count_client(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    form: Form,
) -> Result<Response, Error> {
    counted(&site, &signed, Some(id), form).await
}

async fn counted(
    site: &Site,
    signed: &Signed,
    client: Option<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    let zone = zone_of(site, signed, client).await?;
    form.only(&["name", "party", "zone", "week", "holidays", "from"])?;
    let party: Option<Option<Id<Party>>> = form.parsed_optional("party");
    let from = from(&mut form, &zone, site.app.now());
    let week = form.value("week").lines().map(str::trim).filter(|line| !line.is_empty());
    let week = week.map(|line| line.split_once(char::is_whitespace).unwrap_or((line, "")));
    let hours = CalendarDraft {
        zone: Some(form.value("zone").trim().to_owned()),
        week: week.map(|(days, windows)| (days.to_owned(), windows.trim().to_owned())).collect(),
        holidays: form.value("holidays").split_whitespace().map(ToOwned::to_owned).collect(),
        days: BTreeMap::new(),
    };
    if let (Some(party), true) = (party, form.valid()) {
        let new = NewCalendar { client, party, name: form.value("name").to_owned(), from, hours };
        match site.app.write(&signed.caller, move |tx, act| add_calendar(tx, act, &new)).await {
            Ok(_) => return Ok(back(client)),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    Ok(page(site, signed, client, (&Form::default(), &form)).await?.into_response())
}
