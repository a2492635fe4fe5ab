//! The draft: its text, what is wrong with it, and proposing it.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{Date, Id};
use remit_matrix::forms::Imported;
use remit_matrix::text;
use remit_matrix::verify::Finding;
use remit_web::etag::Etag;
use remit_web::layout::{Shell, fragment};
use remit_web::{Error, Form};

use super::{Tabs, Tx, frame};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::{self, Checked, edit, first_text, mended, start, undo};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell, told};

/// What is wrong with a text, or that nothing is. Part of the page, and asked for alone while somebody types.
#[derive(Template)]
#[template(path = "matrix/findings.html")]
pub(super) struct Findings {
    client: Id<Client>,
    checked: Arc<Checked>,
    /// Whether a finding can be mended by a click: by who may edit a draft that is kept.
    may_mend: bool,
}

impl HtmlSafe for Findings {}

impl Findings {
    /// Whether it may be proposed.
    fn is_sound(&self) -> bool {
        self.checked.is_sound() && !self.list().iter().any(|finding| finding.kind.blocks())
    }

    /// Until when it is proved, on the client's wall clock.
    fn until(&self) -> String {
        let checked = self.checked.matrix.as_ref().zip(self.checked.report.as_ref());
        checked
            .map_or_else(String::new, |(matrix, report)| crate::site::when(&report.horizon.end, &matrix.zone))
    }

    fn list(&self) -> &[Finding] {
        self.checked.report.as_ref().map_or(&[], |report| &report.findings)
    }
}

/// A file that was read into the text, and is not kept yet.
pub(super) struct Read {
    pub name: String,
    pub read: Imported,
}

#[derive(Template)]
#[template(path = "matrix/draft.html")]
struct DraftPage<'p> {
    tabs: Tabs,
    client: &'p Summary,
    form: &'p Form,
    version: Option<i64>,
    findings: Findings,
    may_edit: bool,
    may_undo: bool,
    today: Date,
    in_force: Option<i64>,
    read: Option<&'p Read>,
}

/// A form with the text of a matrix, which is longer than forms are.
pub(super) struct LongForm(Form);

/// The forms in which a draft can be had.
const ENDINGS: [&str; 4] = ["toml", "xlsx", "csv", "json"];
/// Bytes of a form with a text, as browsers encode it.
const LONGEST: usize = 2 * 1024 * 1024;

impl FromRequest<Site> for LongForm {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Error> {
        const KIND: &str = "application/x-www-form-urlencoded";
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(KIND)) {
            return Err(Error::MediaType(KIND));
        }
        let body = Bytes::from_request(request, site).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Error::TooLarge(LONGEST)
            } else {
                Error::malformed("The body broke off.")
            }
        })?;
        Form::parse(&body, LONGEST).map(Self)
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Response, Error> {
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| Ok((clients::find(tx, act, id)?, matrix::draft(tx, act, id)?));
    let (client, draft) = site.app.read(&signed.caller, read).await?;
    let version = draft.as_ref().map(|draft| draft.version);
    let text = draft.map_or_else(|| first_text(&client), |draft| draft.text);
    let filled = Form::filled([("text", text)]);
    let page = draft_page(&site, &signed, (&client, version), &filled, None).await?;
    Ok(Etag::version(version.unwrap_or(0)).on(page))
}

/// The page with a text and the version that it is an edit of.
pub(super) async fn draft_page(
    site: &Site,
    signed: &Signed,
    (client, version): (&Summary, Option<i64>),
    form: &Form,
    read: Option<&Read>,
) -> Result<Shell, Error> {
    let id = client.id;
    let around = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let former = matrix::draft(tx, act, id)?.and_then(|draft| draft.former).is_some();
        Ok((matrix::in_force(tx, act, id, act.at)?.map(|version| version.number), former))
    };
    let (in_force, former) = site.app.read(&signed.caller, around).await?;
    let today = client.wall_clock()?.local(site.app.now()).date();
    let may_edit = signed.caller.may(Permission::EditMatrix);
    let written = form.value("text").replace("\r\n", "\n");
    let checked = site.app.shelf().check(&written, today).await?;
    let body = DraftPage {
        tabs: Tabs::new(client, "/draft"),
        client,
        form,
        version,
        findings: Findings { client: id, checked, may_mend: may_edit && version.is_some() },
        may_edit,
        may_undo: may_edit && former && form.valid() && read.is_none(),
        today,
        in_force,
        read,
    };
    let page = shell(frame(signed, client, "draft"), &body);
    Ok(if form.valid() { page } else { page.status(form.status()) })
}

/// What was typed: the version that it is an edit of, if any, and the text. Browsers send lines with CR LF.
fn typed(form: &mut Form) -> (Option<i64>, String) {
    let version: Option<Option<i64>> = form.parsed_optional("version");
    (version.flatten(), form.value("text").replace("\r\n", "\n"))
}

pub(super) async fn save(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    LongForm(mut form): LongForm,
) -> Result<Response, Error> {
    signed.caller.require(Permission::EditMatrix)?;
    form.only(&["text", "version"])?;
    let (version, written) = typed(&mut form);
    let write = move |tx: &mut Tx<'_, '_>, act: &Act| match version {
        Some(version) => edit(tx, act, id, version, &written).map(drop),
        None => start(tx, act, id, &written),
    };
    let done = site.app.write(&signed.caller, write).await;
    answer(&site, &signed, (id, version), form, done).await
}

/// Adds the row that mends a finding, and keeps it with the text.
pub(super) async fn fix(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    LongForm(mut form): LongForm,
) -> Result<Response, Error> {
    signed.caller.require(Permission::EditMatrix)?;
    form.only(&["text", "version", "fix"])?;
    let (version, written) = typed(&mut form);
    let client = site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let today = client.wall_clock()?.local(site.app.now()).date();
    let checked = site.app.shelf().check(&written, today).await?;
    let text = version
        .ok_or(Refused::NotFound)
        .and_then(|version| Ok((version, mended(&written, &checked, form.value("fix"))?)));
    let done = match text {
        Ok((version, text)) => {
            let write = move |tx: &mut Tx<'_, '_>, act: &Act| edit(tx, act, id, version, &text).map(drop);
            site.app.write(&signed.caller, write).await
        }
        Err(refused) => Err(refused),
    };
    answer(&site, &signed, (id, version), form, done).await
}

/// Takes the last change back.
pub(super) async fn take_back(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::EditMatrix)?;
    form.only(&["version"])?;
    let version: i64 = form.given("version")?;
    site.app.write(&signed.caller, move |tx, act| undo(tx, act, id, version)).await?;
    Ok(Redirect::to(&format!("/clients/{id}/matrix/draft")).into_response())
}

/// Back to the page, or the page with what was typed and why it was not kept.
async fn answer(
    site: &Site,
    signed: &Signed,
    (id, version): (Id<Client>, Option<i64>),
    mut form: Form,
    done: Result<(), Refused>,
) -> Result<Response, Error> {
    let stale = done == Err(Refused::Stale);
    match done {
        Ok(()) => return Ok(Redirect::to(&format!("/clients/{id}/matrix/draft")).into_response()),
        Err(Refused::Stale) => form.wrong("text", "Somebody else has changed the draft since you opened it. Copy what you wrote, open the draft again, and put it in."),
        Err(refused) => told(&mut form, "text", refused)?,
    }
    let client = site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let page = draft_page(site, signed, (&client, version), &form, None).await?;
    Ok(if stale { page.status(StatusCode::PRECONDITION_FAILED) } else { page }.into_response())
}

/// What is wrong with a text that somebody is typing. Nothing is kept.
pub(super) async fn check_text(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    LongForm(mut form): LongForm,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadMatrix)?;
    form.only(&["text", "version"])?;
    let (version, written) = typed(&mut form);
    let client = site.app.read(&signed.caller, move |tx, act| {
        act.require(Permission::ReadMatrix)?;
        clients::find(tx, act, id)
    });
    let client = client.await?;
    let today = client.wall_clock()?.local(site.app.now()).date();
    let may_mend = signed.caller.may(Permission::EditMatrix) && version.is_some();
    let checked = site.app.shelf().check(&written, today).await?;
    let findings = Findings { client: id, checked, may_mend };
    Ok(fragment(StatusCode::OK, findings.render().map_err(Error::internal)?))
}

/// Which version somebody looks at.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: i64,
}

/// Whether the draft is still the one that somebody looks at, as part of a page that is alive.
pub(super) async fn state(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(Seen { seen }): Query<Seen>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        clients::find(tx, act, id)?;
        matrix::draft(tx, act, id)
    };
    let draft = site.app.read(&signed.caller, read).await?;
    let html = match draft {
        Some(draft) if draft.version != seen => format!(
            "<p class=\"notice failed\" role=\"status\">The draft was changed at {}. What you see is older: <a href=\"/clients/{id}/matrix/draft\">open it again</a> before you write.</p>",
            crate::site::when(&draft.edited_at, &signed.caller.zone)
        ),
        _ => String::new(),
    };
    Ok(fragment(StatusCode::OK, html))
}

pub(super) async fn propose(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::EditMatrix)?;
    form.only(&["version", "starts_on"])?;
    let (version, day): (i64, Date) = (form.given("version")?, form.given("starts_on")?);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        act.require(Permission::EditMatrix)?;
        matrix::draft(tx, act, id)?.ok_or(Refused::NotFound)
    };
    let draft = site.app.read(&signed.caller, read).await?;
    let checked = site.app.shelf().check(&draft.text, day).await?;
    let write = move |tx: &mut Tx<'_, '_>, act: &Act| matrix::propose(tx, act, id, version, &checked);
    let proposed = site.app.write(&signed.caller, write).await?;
    Ok(Redirect::to(&format!("/matrix/{proposed}")).into_response())
}
