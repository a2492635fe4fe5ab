//! Pages: who owns what, the draft, a version and its signatures.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{Date, Id, Zone};
use remit_draw::Hue;
use remit_matrix::draft::{Names, RowDraft};
use remit_matrix::model::Dimension;
use remit_matrix::verify::Finding;
use remit_matrix::{Matrix, templates, text};
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::question::{self, Answer, Asked, ask};
use super::{
    Checked, Side, Signed as Version, Standing, check, draft, edit, find, in_force, propose, sign, start,
    withdraw,
};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/matrix", get(show_matrix))
        .route("/clients/{id}/matrix/draft", get(show_draft).post(edit_draft))
        .route("/clients/{id}/matrix/proposals", post(create_proposal))
        .route("/matrix/{version}", get(show_version))
        .route("/matrix/{version}/signatures", post(create_signature))
        .route("/matrix/{version}/withdrawal", post(create_withdrawal))
}

/// Sentences that a difference shows.
const SENTENCES: usize = 60;

type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

#[derive(Template)]
#[template(path = "matrix/show.html")]
struct ShowPage<'p> {
    client: Summary,
    version: Option<Version>,
    matrix: Option<Arc<Matrix>>,
    asked: &'p Asked,
    answer: Option<Answer>,
}

impl ShowPage<'_> {
    fn names(names: &Names) -> String {
        if names.is_empty() { "every service".to_owned() } else { names.as_slice().join(", ") }
    }

    /// All conditions of a row but its services.
    fn conditions(row: &RowDraft) -> String {
        let listed = [
            ("line", &row.tier),
            ("priority", &row.priority),
            ("site", &row.site),
            ("asset class", &row.asset_class),
            ("requester group", &row.requester_group),
            ("kind", &row.kind),
        ];
        let listed = listed.into_iter().filter(|(_, names)| !names.is_empty());
        let mut words: Vec<String> = row.time.iter().cloned().collect();
        words.extend(listed.map(|(what, names)| format!("{what} {}", names.as_slice().join(", "))));
        if words.is_empty() { "always".to_owned() } else { words.join("; ") }
    }

    fn hue(matrix: &Matrix, id: &str) -> Hue {
        let party = matrix.parties.iter().find(|party| party.id == id);
        party.map_or(Hue::Neutral, |party| question::hue(party.kind))
    }

    fn party(matrix: &Matrix, id: &str) -> String {
        matrix
            .parties
            .iter()
            .find(|party| party.id == id)
            .map_or_else(|| id.to_owned(), |party| party.name.clone())
    }
}

async fn show_matrix(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        Ok((clients::find(tx, act, id)?, in_force(tx, act, id, act.at)?))
    };
    let (client, version) = site.app.read(&signed.caller, read).await?;
    let matrix =
        version.as_ref().and_then(|version| text::read("matrix.toml", &version.text).ok().map(Arc::new));
    let answer =
        matrix.as_ref().filter(|_| !asked.service.is_empty()).map(|m| ask(m, &asked, site.app.now()));
    let page = ShowPage { version, matrix, asked: &asked, answer, client };
    let mut chrome = chrome(&signed, &format!("{}: who owns what", page.client.name), "/clients");
    crumbs(&mut chrome.crumbs, &page.client);
    Ok(shell(chrome, &page).answer(&headers))
}

fn crumbs(crumbs: &mut Vec<Link>, client: &Summary) {
    crumbs.push(Link::new("Clients", "/clients"));
    crumbs.push(Link::new(&client.name, format!("/clients/{}", client.id)));
}

#[derive(Template)]
#[template(path = "matrix/draft.html")]
struct DraftPage<'p> {
    client: &'p Summary,
    form: &'p Form,
    version: Option<i64>,
    checked: &'p Checked,
    may_edit: bool,
    today: Date,
}

impl DraftPage<'_> {
    /// Whether it may be proposed.
    fn is_sound(&self) -> bool {
        self.checked.is_sound() && !self.findings().iter().any(|finding| finding.kind.blocks())
    }

    fn findings(&self) -> &[Finding] {
        self.checked.report.as_ref().map_or(&[], |report| &report.findings)
    }
}

async fn show_draft(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| Ok((clients::find(tx, act, id)?, draft(tx, act, id)?));
    let (client, draft) = site.app.read(&signed.caller, read).await?;
    let version = draft.as_ref().map(|draft| draft.version);
    let text = draft.map_or_else(|| first_draft(&client), |draft| draft.text);
    let filled = Form::filled([("text", text)]);
    Ok(draft_page(&site, &signed, &client, version, &filled)?.into_response())
}

/// What a draft begins with: the template of how the client is served.
fn first_draft(client: &Summary) -> String {
    let arrangements =
        client.agreement.as_ref().map(|agreement| agreement.arrangements.clone()).unwrap_or_default();
    let options = if arrangements.is_empty() {
        templates::TemplateOptions::fully_managed(&client.name, &client.zone)
    } else {
        templates::TemplateOptions::co_managed(&client.name, &client.zone, &arrangements)
    };
    templates::draft(&options).map(|draft| text::write(&draft)).unwrap_or_default()
}

fn draft_page(
    site: &Site,
    signed: &Signed,
    client: &Summary,
    version: Option<i64>,
    form: &Form,
) -> Result<Shell, Error> {
    let today = today(site, client)?;
    let checked = check(form.value("text"), today);
    let may_edit = signed.caller.role.may(Permission::EditMatrix);
    let body = DraftPage { client, form, version, checked: &checked, may_edit, today };
    let mut chrome = chrome(signed, &format!("{}: draft", client.name), "/clients");
    crumbs(&mut chrome.crumbs, client);
    let page = shell(chrome, &body);
    Ok(if form.valid() { page } else { page.status(form.status()) })
}

/// Today at the client.
fn today(site: &Site, client: &Summary) -> Result<Date, Error> {
    Ok(Zone::parse(&client.zone).map_err(Error::internal)?.local(site.app.now()).date())
}

async fn edit_draft(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["text", "version"])?;
    let version: Option<Option<i64>> = form.parsed_optional("version");
    // Browsers send lines with CR LF.
    let written = form.value("text").replace("\r\n", "\n");
    let write = {
        let written = written.clone();
        move |tx: &mut Tx<'_, '_>, act: &Act| match version.flatten() {
            Some(version) => edit(tx, act, id, version, &written).map(drop),
            None => start(tx, act, id, &written),
        }
    };
    match site.app.write(&signed.caller, write).await {
        Ok(()) => return Ok(Redirect::to(&format!("/clients/{id}/matrix/draft")).into_response()),
        Err(Refused::Stale) => form.wrong("text", "Somebody else has changed the draft since you opened it. Copy what you wrote, open the draft again, and put it in."),
        Err(refused) => told(&mut form, "text", refused)?,
    }
    let client = site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?;
    Ok(draft_page(&site, &signed, &client, version.flatten(), &form)?.into_response())
}

async fn create_proposal(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["version", "starts_on"])?;
    let (version, day): (Option<i64>, Option<Date>) = (form.parsed("version"), form.parsed("starts_on"));
    let (Some(version), Some(day)) = (version, day) else {
        return Err(form.check().err().unwrap_or(Error::NotFound));
    };
    let proposed = site.app.write(&signed.caller, move |tx, act| propose(tx, act, id, version, day)).await?;
    Ok(Redirect::to(&format!("/matrix/{proposed}")).into_response())
}

#[derive(Template)]
#[template(path = "matrix/version.html")]
struct VersionPage {
    client: Summary,
    version: Version,
    sentences: Vec<String>,
    before: Option<i64>,
    zone: Zone,
    /// The side for which the viewer can sign now.
    may_sign: Option<Side>,
    may_withdraw: bool,
}

async fn show_version(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<super::Version>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let version = find(tx, act, id)?;
        let client = clients::find(tx, act, version.client)?;
        let before = in_force(tx, act, version.client, act.at)?.filter(|before| before.id != id);
        Ok((version, client, before, Side::of(act)))
    };
    let (version, client, before, may) = site.app.read(&signed.caller, read).await?;
    let open = version.standing == Standing::Proposed;
    let signed_already = |side: &Side| version.signatures.iter().any(|signature| signature.side == *side);
    let page = VersionPage {
        sentences: before.as_ref().map(|before| difference(before, &version)).unwrap_or_default(),
        before: before.map(|before| before.number),
        zone: signed.caller.zone.clone(),
        may_sign: may.filter(|side| open && !signed_already(side)),
        may_withdraw: open && signed.caller.role.may(Permission::EditMatrix),
        client,
        version,
    };
    let mut chrome =
        chrome(&signed, &format!("{}: version {}", page.client.name, page.version.number), "/clients");
    crumbs(&mut chrome.crumbs, &page.client);
    Ok(shell(chrome, &page).answer(&headers))
}

/// What changes against the version in force, in plain words.
fn difference(before: &Version, after: &Version) -> Vec<String> {
    let read = |version: &Version| text::read("matrix.toml", &version.text).ok().map(Arc::new);
    let (Some(old), Some(new)) = (read(before), read(after)) else { return Vec::new() };
    let horizon =
        remit_core::Horizon::months(after.starts_on, &new.zone, remit_matrix::verify::HORIZON_MONTHS);
    match remit_matrix::diff::diff(&old, &new, horizon) {
        Ok(found) => {
            found.changes.iter().flat_map(remit_matrix::diff::Change::sentences).take(SENTENCES).collect()
        }
        Err(error) => vec![error.to_string()],
    }
}

async fn create_signature(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<super::Version>>,
    form: Form,
) -> Result<Response, Error> {
    form.only(&["hash"])?;
    let hash = form.value("hash").to_owned();
    site.app.write(&signed.caller, move |tx, act| sign(tx, act, id, &hash)).await?;
    Ok(Redirect::to(&format!("/matrix/{id}")).into_response())
}

async fn create_withdrawal(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<super::Version>>,
) -> Result<Response, Error> {
    site.app.write(&signed.caller, move |tx, act| withdraw(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/matrix/{id}")).into_response())
}
