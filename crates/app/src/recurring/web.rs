//! Pages: the plans of a client, and one of them. On which days it comes is chosen field by field, and looked at before it is kept.

mod dates;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{At, Date, Id, Time, Zone};
use remit_db::Tx;
use remit_web::layout::{Chrome, Link, Shell};
use remit_web::{Error, Form};

use super::{
    NewPlan, Plan, Template as Says, add_plan, change_plan, end_plan, plan, plans, rest_plan, zone_of,
};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};
use crate::tickets::web::people;
use crate::tickets::{Impact, Kind, Tier, Urgency};

/// Instants that are shown ahead, and before it is kept.
const AHEAD: usize = 10;
const LOOKED_AT: usize = 5;
const FIELDS: [&str; 12] = [
    "subject",
    "text",
    "kind",
    "impact",
    "urgency",
    "service",
    "tier",
    "requester",
    "starts-on",
    "time",
    "step",
    "seen",
];

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/plans", get(list).post(make))
        .route("/clients/{id}/plans/new", get(ask))
        .route("/plans/{plan}", get(show).post(change))
        .route("/plans/{plan}/rest", post(rest))
        .route("/plans/{plan}/end", post(end))
}

#[derive(Template)]
#[template(path = "recurring/list.html")]
struct ListPage {
    client: clients::Summary,
    plans: Vec<Plan>,
    zone: Zone,
}

#[derive(Template)]
#[template(path = "recurring/plan.html")]
struct PlanPage<'p> {
    client: clients::Summary,
    /// None where it is new.
    plan: Option<Plan>,
    form: &'p Form,
    people: Vec<(String, String)>,
    /// When it falls due next.
    ahead: Vec<At>,
    /// What it would be, to be looked at before it is kept.
    look: Option<Look>,
    zone: Zone,
}

/// When something would be opened that is not kept yet.
struct Look {
    words: String,
    /// The next instants on the client's clock, with the day of the week.
    next: Vec<String>,
    seen: String,
    /// They are others than those that were looked at.
    changed: bool,
}

impl Look {
    /// What a plan would be; none, with a word in the form, where it would never fall due.
    fn of(form: &mut Form, new: &NewPlan, (zone, now): (&Zone, At)) -> Option<Self> {
        let next = new.next(zone, now, LOOKED_AT);
        if next.is_empty() {
            form.wrong(
                "often",
                "It never falls due from now on: look at the days, the first and the last one.",
            );
            return None;
        }
        let words = format!("{} at {}", new.rule.words(), new.time.strftime("%H:%M"));
        let changed = form.value("step") == KEEP;
        let day = |at: &At| zone.local(*at).strftime("%A, %Y-%m-%d %H:%M").to_string();
        let next = next.iter().map(day).collect();
        Some(Self { words, next, seen: days_of(new), changed })
    }
}

/// The step that keeps what was looked at.
const KEEP: &str = "keep";

/// What decides on which days it comes: what is kept must be what was looked at.
fn days_of(plan: &NewPlan) -> String {
    format!("{} {} {}", plan.rule, plan.starts_on, plan.time.strftime("%H:%M"))
}

impl PlanPage<'_> {
    fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        self.people.iter().map(|(key, name)| (key.as_str(), name.as_str()))
    }
}

fn frame(signed: &Signed, title: &str, client: &clients::Summary) -> Chrome {
    let mut chrome = chrome(signed, title, "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(&client.name, format!("/clients/{}", client.id)));
    chrome
}

async fn list(State(site): State<Site>, signed: Signed, Path(id): Path<Id<Client>>) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        Ok((clients::find(tx, act, id)?, plans(tx, act, id)?, zone_of(tx, act, id)?))
    };
    let (client, plans, zone) = site.app.read(&signed.caller, read).await?;
    let chrome = frame(&signed, "Planned tickets", &client);
    Ok(shell(chrome, &ListPage { client, plans, zone }))
}

/// The form: of a plan, or of a new one.
async fn page(
    site: &Site,
    signed: &Signed,
    (client, of): (Id<Client>, Option<Id<Plan>>),
    (form, look): (&Form, Option<Look>),
) -> Result<Shell, Error> {
    let now = site.app.now();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        // Whether they may at all is said first.
        plans(tx, act, client)?;
        let plan = of.map(|id| plan(tx, act, id)).transpose()?;
        Ok((clients::find(tx, act, client)?, plan, people(tx, client)?, zone_of(tx, act, client)?))
    };
    let (client, plan, people, zone) = site.app.read(&signed.caller, read).await?;
    let title = plan.as_ref().map_or("New plan", |plan| plan.says.template.subject.as_str()).to_owned();
    let mut chrome = frame(signed, &title, &client);
    chrome.crumbs.push(Link::new("Planned tickets", format!("/clients/{}/plans", client.id)));
    let ahead = plan.as_ref().filter(|plan| plan.next_at.is_some());
    let ahead = ahead.map(|plan| plan.says.next(&zone, now, AHEAD)).unwrap_or_default();
    let people = people.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    Ok(shell(chrome, &PlanPage { client, plan, form, people, ahead, look, zone }).status(form.status()))
}

async fn ask(State(site): State<Site>, signed: Signed, Path(id): Path<Id<Client>>) -> Result<Shell, Error> {
    let usual = [("kind", "task"), ("impact", "low"), ("urgency", "medium"), ("time", "08:00")];
    let weekly = "FREQ=WEEKLY;BYDAY=MO".parse().expect("it is a rule");
    let usual = usual.map(|(name, value)| (name, value.to_owned())).into_iter();
    let form = Form::filled(usual.chain(dates::fields(&weekly)));
    page(&site, &signed, (id, None), (&form, None)).await
}

/// What was typed, or none where something is to be mended.
fn read(form: &mut Form, today: Date) -> Option<NewPlan> {
    fn chosen<T>(form: &mut Form, name: &str, from: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = from(form.value(name));
        if found.is_none() {
            form.wrong(name, "Choose one of the list.");
        }
        found
    }
    let kind = chosen(form, "kind", Kind::from_key);
    let impact = chosen(form, "impact", Impact::from_key);
    let urgency = chosen(form, "urgency", Urgency::from_key);
    let tier = chosen(form, "tier", Tier::from_key);
    let requester = form.parsed("requester");
    let rule = dates::read(form);
    let starts_on = match form.value("starts-on").trim() {
        "" => Some(today),
        text => text.parse::<Date>().ok().filter(|day| (1900..=9000).contains(&day.year())),
    };
    if starts_on.is_none() {
        form.wrong("starts-on", "Write a day that exists, such as 2027-01-31.");
    }
    let time = Time::strptime("%H:%M", form.value("time").trim()).ok();
    if time.is_none() {
        form.wrong("time", "Write a time of day, such as 08:00.");
    }
    let text = |name: &str| form.value(name).to_owned();
    let (subject, said, service) = (text("subject"), text("text"), text("service"));
    let template = Says {
        kind: kind?,
        subject,
        text: said,
        impact: impact?,
        urgency: urgency?,
        service,
        tier: tier?,
        requester: requester?,
    };
    Some(NewPlan { template, rule: rule?, starts_on: starts_on?, time: time? })
}

/// What is wrong, in the form; what cannot be said there is the answer.
fn said(form: &mut Form, refused: Refused) -> Result<(), Error> {
    match refused {
        Refused::Stale => {
            form.wrong("subject", CHANGED);
            Ok(())
        }
        Refused::Invalid(mut fields) => {
            // That it never falls due is said where the days are chosen.
            fields
                .iter_mut()
                .filter(|field| field.name == "rule")
                .for_each(|field| field.name = "often".into());
            told(form, "subject", Refused::Invalid(fields))
        }
        other => told(form, "subject", other),
    }
}

async fn make(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    let zone = site
        .app
        .read(&signed.caller, move |tx, act| {
            plans(tx, act, id)?;
            zone_of(tx, act, id)
        })
        .await?;
    form.only(&[FIELDS.as_slice(), &dates::FIELDS].concat())?;
    let (now, mut look) = (site.app.now(), None);
    if let Some(new) = read(&mut form, zone.local(now).date()) {
        look = Look::of(&mut form, &new, (&zone, now));
        if is_kept(&form, &mut look) {
            match site.app.write(&signed.caller, move |tx, act| add_plan(tx, act, id, new)).await {
                Ok(plan) => return Ok(Redirect::to(&format!("/plans/{}", plan.id)).into_response()),
                Err(refused) => said(&mut form, refused)?,
            }
        }
    }
    Ok(page(&site, &signed, (id, None), (&form, look)).await?.into_response())
}

/// Whether it is to be kept, and comes on the days that were looked at.
fn is_kept(form: &Form, look: &mut Option<Look>) -> bool {
    let Some(look) =
        look.as_mut().filter(|look| form.value("step") == KEEP && form.value("seen") == look.seen)
    else {
        return false;
    };
    look.changed = false;
    true
}

async fn named(site: &Site, signed: &Signed, id: Id<Plan>) -> Result<Plan, Error> {
    Ok(site.app.read(&signed.caller, move |tx, act| plan(tx, act, id)).await?)
}

async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<Id<Plan>>) -> Result<Shell, Error> {
    let plan = named(&site, &signed, id).await?;
    let Says { kind, subject, text, impact, urgency, service, tier, requester } = plan.says.template;
    let said = [
        ("subject", subject),
        ("text", text),
        ("kind", kind.key().to_owned()),
        ("impact", impact.key().to_owned()),
        ("urgency", urgency.key().to_owned()),
        ("service", service),
        ("tier", tier.key().to_owned()),
        ("requester", requester.to_string()),
        ("starts-on", plan.says.starts_on.to_string()),
        ("time", plan.says.time.strftime("%H:%M").to_string()),
        ("version", plan.version.to_string()),
    ];
    let form = Form::filled(said.into_iter().chain(dates::fields(&plan.says.rule)));
    page(&site, &signed, (plan.client, Some(id)), (&form, None)).await
}

async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Plan>>,
    mut form: Form,
) -> Result<Response, Error> {
    let before = named(&site, &signed, id).await?;
    form.only(&[FIELDS.as_slice(), &dates::FIELDS, &["version"]].concat())?;
    let version: i64 = form.given("version")?;
    let client = before.client;
    let zone = site.app.read(&signed.caller, move |tx, act| zone_of(tx, act, client)).await?;
    let mut look = None;
    if let Some(new) = read(&mut form, before.says.starts_on) {
        // Days that stay as they are need not be looked at again.
        let same = days_of(&new) == days_of(&before.says) && form.value("step") == KEEP;
        look = Look::of(&mut form, &new, (&zone, site.app.now())).filter(|_| !same);
        if same || is_kept(&form, &mut look) {
            let kept = move |tx: &mut Tx<'_, '_>, act: &Act| change_plan(tx, act, (id, version), new);
            match site.app.write(&signed.caller, kept).await {
                Ok(_) => return Ok(Redirect::to(&format!("/plans/{id}")).into_response()),
                Err(refused) => said(&mut form, refused)?,
            }
        }
    }
    Ok(page(&site, &signed, (client, Some(id)), (&form, look)).await?.into_response())
}

async fn rest(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Plan>>,
    form: Form,
) -> Result<Response, Error> {
    let plan = named(&site, &signed, id).await?;
    form.only(&[])?;
    let rests = plan.next_at.is_some();
    site.app.write(&signed.caller, move |tx, act| rest_plan(tx, act, id, rests)).await?;
    Ok(Redirect::to(&format!("/plans/{id}")).into_response())
}

async fn end(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Plan>>,
    form: Form,
) -> Result<Response, Error> {
    let client = named(&site, &signed, id).await?.client;
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| end_plan(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/clients/{client}/plans")).into_response())
}
