//! The draft: its text, what is wrong with it, and proposing it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{Date, Id};
use remit_matrix::verify::Finding;
use remit_matrix::{templates, text};
use remit_web::layout::Shell;
use remit_web::{Error, Form};

use super::{Tabs, Tx, frame, zone_of};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::{self, Checked, check, edit, start};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell, told};

#[derive(Template)]
#[template(path = "matrix/draft.html")]
struct DraftPage<'p> {
    tabs: Tabs,
    client: &'p Summary,
    form: &'p Form,
    version: Option<i64>,
    checked: &'p Checked,
    may_edit: bool,
    today: Date,
    in_force: Option<i64>,
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

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Response, Error> {
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| Ok((clients::find(tx, act, id)?, matrix::draft(tx, act, id)?));
    let (client, draft) = site.app.read(&signed.caller, read).await?;
    let version = draft.as_ref().map(|draft| draft.version);
    let text = draft.map_or_else(|| first_draft(&client), |draft| draft.text);
    let filled = Form::filled([("text", text)]);
    Ok(draft_page(&site, &signed, &client, version, &filled).await?.into_response())
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

async fn draft_page(
    site: &Site,
    signed: &Signed,
    client: &Summary,
    version: Option<i64>,
    form: &Form,
) -> Result<Shell, Error> {
    let id = client.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| matrix::in_force(tx, act, id, act.at);
    let in_force = site.app.read(&signed.caller, read).await?.map(|version| version.number);
    let today = zone_of(client)?.local(site.app.now()).date();
    let checked = check(form.value("text"), today);
    let may_edit = signed.caller.role.may(Permission::EditMatrix);
    let tabs = Tabs::new(client, "/draft");
    let body = DraftPage { tabs, client, form, version, checked: &checked, may_edit, today, in_force };
    let page = shell(frame(signed, client, "draft"), &body);
    Ok(if form.valid() { page } else { page.status(form.status()) })
}

pub(super) async fn save(
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
    Ok(draft_page(&site, &signed, &client, version.flatten(), &form).await?.into_response())
}

pub(super) async fn propose(
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
    let write = move |tx: &mut Tx<'_, '_>, act: &Act| matrix::propose(tx, act, id, version, day);
    let proposed = site.app.write(&signed.caller, write).await?;
    Ok(Redirect::to(&format!("/matrix/{proposed}")).into_response())
}
