//! Pages: the teams within reach, a new one, and one with its people.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::Id;
use remit_db::Tx;
use remit_web::etag::Etag;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::team::{change_team, found_team, join_team, joinable, may_found, part_team, team, team_members};
use super::{Member, Membership, Party, PartyKind, Permission, Team, TeamSummary, list_parties, teams};
use crate::act::{Act, Caller};
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/people/teams", get(list_teams))
        .route("/people/teams/new", get(new_team).post(create_team))
        .route("/people/teams/{id}", get(show_team).post(update_team))
        .route("/people/teams/{id}/members", post(create_member))
        .route("/people/teams/{id}/removal", post(create_removal))
}

/// Refuses whoever may not found a team of any party, before anything is said about what they sent.
fn require_any(caller: &Caller) -> Result<(), Refused> {
    let provider = caller.may(Permission::ManageProviderPeople);
    if provider { Ok(()) } else { caller.require(Permission::ManageClientPeople) }
}

#[derive(Template)]
#[template(path = "people/teams.html")]
struct ListPage {
    teams: Vec<TeamSummary>,
    may_found: bool,
}

async fn list_teams(State(site): State<Site>, signed: Signed, headers: HeaderMap) -> Result<Response, Error> {
    let read = |tx: &mut Tx<'_, '_>, act: &Act| {
        Ok(ListPage { teams: teams(tx, act)?, may_found: require_any(&act.caller).is_ok() })
    };
    let page = site.app.read(&signed.caller, read).await?;
    Ok(shell(frame(&signed, "Teams"), &page).answer(&headers))
}

fn frame(signed: &Signed, title: &str) -> remit_web::Chrome {
    let mut chrome = chrome(signed, title, "/people");
    chrome.crumbs.push(Link::new("People", "/people"));
    chrome
}

#[derive(Template)]
#[template(path = "people/new_team.html")]
struct NewPage<'p> {
    form: &'p Form,
    parties: Vec<(String, String)>,
}

impl NewPage<'_> {
    /// The choices of the field.
    fn choices(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parties.iter().map(|(id, name)| (id.as_str(), name.as_str()))
    }
}

/// The form, with the parties whose teams the caller may found: of clients those of which the caller is one, for their lists are long
/// otherwise.
async fn new_page(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    let own = signed.caller.role.party() == PartyKind::Internal;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        require_any(&act.caller)?;
        let client = match act.caller.scope.reach() {
            remit_db::Reach::Client(client) if own => Some(client),
            _ => None,
        };
        list_parties(tx, client.and_then(|client| client.to_string().parse().ok()))
    };
    let mut parties = site.app.read(&signed.caller, read).await?;
    let act = site.app.act(&signed.caller);
    parties.retain(|(_, kind, _)| may_found(&act, *kind).is_ok());
    let parties = parties.into_iter().map(|(id, _, name)| (id.to_string(), name)).collect();
    Ok(shell(frame(signed, "New team"), &NewPage { form, parties }).status(form.status()))
}

async fn new_team(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    let filled = Form::filled([("zone", signed.caller.zone.name())]);
    new_page(&site, &signed, &filled).await
}

async fn create_team(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    require_any(&signed.caller)?;
    form.only(&["party", "name", "zone"])?;
    if let Some(party) = form.parsed::<Id<Party>>("party") {
        let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
        let found = move |tx: &mut Tx<'_, '_>, act: &Act| found_team(tx, act, party, &name, &zone);
        match site.app.write(&signed.caller, found).await {
            Ok(id) => return Ok(Redirect::to(&format!("/people/teams/{id}")).into_response()),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    Ok(new_page(&site, &signed, &form).await?.into_response())
}

#[derive(Template)]
#[template(path = "people/team.html")]
struct TeamPage<'p> {
    team: TeamSummary,
    members: Vec<Member>,
    /// Who could join, for those who may change the team.
    others: Option<Vec<(String, String)>>,
    form: &'p Form,
}

impl TeamPage<'_> {
    /// The choices of the field.
    fn choices(&self) -> impl Iterator<Item = (&str, &str)> {
        let others = self.others.iter().flatten();
        std::iter::once(("", "Choose somebody")).chain(others.map(|(id, name)| (id.as_str(), name.as_str())))
    }
}

/// The page; `typed` is what was typed into it, none when it is opened.
async fn team_page(
    site: &Site,
    signed: &Signed,
    id: Id<Team>,
    typed: Option<&Form>,
) -> Result<(Shell, i64), Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let team = team(tx, act, id)?;
        let others = may_found(act, team.kind).is_ok().then(|| joinable(tx, act, &team)).transpose()?;
        Ok((team_members(tx, act, id)?, team, others))
    };
    let (members, team, others) = site.app.read(&signed.caller, read).await?;
    let others = others.map(|others| {
        others.iter().map(|m| (m.id.to_string(), format!("{}, {}", m.name, m.role.name()))).collect()
    });
    let version = team.version.to_string();
    let opened = Form::filled([("name", &team.name), ("zone", &team.zone), ("version", &version)]);
    let form = typed.unwrap_or(&opened);
    let mut chrome = frame(signed, &team.name);
    chrome.crumbs.push(Link::new("Teams", "/people/teams"));
    let version = team.version;
    Ok((shell(chrome, &TeamPage { team, members, others, form }).status(form.status()), version))
}

async fn show_team(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Team>>,
) -> Result<Response, Error> {
    let (page, version) = team_page(&site, &signed, id, None).await?;
    Ok(Etag::version(version).on(page))
}

async fn update_team(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Team>>,
    mut form: Form,
) -> Result<Response, Error> {
    require_any(&signed.caller)?;
    form.only(&["name", "zone", "version"])?;
    let version: i64 = form.given("version")?;
    let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
    let change = move |tx: &mut Tx<'_, '_>, act: &Act| change_team(tx, act, (id, version), &name, &zone);
    let stale = match site.app.write(&signed.caller, change).await {
        Ok(()) => return Ok(Redirect::to(&format!("/people/teams/{id}")).into_response()),
        Err(Refused::Stale) => {
            form.wrong("name", CHANGED);
            true
        }
        Err(refused) => {
            told(&mut form, "name", refused)?;
            false
        }
    };
    let (page, _) = team_page(&site, &signed, id, Some(&form)).await?;
    Ok(if stale { page.status(StatusCode::PRECONDITION_FAILED) } else { page }.into_response())
}

async fn create_member(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Team>>,
    form: Form,
) -> Result<Response, Error> {
    change_members(&site, &signed, (id, form), join_team).await
}

async fn create_removal(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Team>>,
    form: Form,
) -> Result<Response, Error> {
    change_members(&site, &signed, (id, form), part_team).await
}

/// Lets somebody into a team, or out of it.
async fn change_members(
    site: &Site,
    signed: &Signed,
    (id, mut form): (Id<Team>, Form),
    change: impl FnOnce(&mut Tx<'_, '_>, &Act, Id<Team>, Id<Membership>) -> Result<(), Refused> + Send + 'static,
) -> Result<Response, Error> {
    require_any(&signed.caller)?;
    form.only(&["member"])?;
    let who: Id<Membership> = form.given("member")?;
    site.app.write(&signed.caller, move |tx, act| change(tx, act, id, who)).await?;
    Ok(Redirect::to(&format!("/people/teams/{id}")).into_response())
}
