//! The draft of a client's matrix: its text, its changes, and proposing it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Date, Id};
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::versions::VersionOut;
use super::wire::{Named, Nothing, day, instant, sample_at, sample_day, tagged};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{self, Checked, Draft, draft, edit, first_text, mended, propose, start, undo};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Drafts";
/// Bytes of a request with the text of a matrix, or of a file.
pub(super) const LONG: usize = 2 * 1024 * 1024 - 16 * 1024;
type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

/// The draft of a client's matrix.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Draft")]
pub(crate) struct DraftOut {
    /// The matrix in its text form (TOML). It can be anything; see whether it is sound by a check.
    pub text: String,
    /// When it was last edited.
    #[schemars(schema_with = "instant")]
    pub edited_at: At,
    /// Whether the last change can be taken back.
    pub may_undo: bool,
}

/// A text for a draft.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "DraftText")]
pub(crate) struct DraftText {
    /// The matrix in its text form.
    pub text: String,
}

/// What a draft begins with.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "DraftStart")]
pub(crate) struct DraftStart {
    /// The matrix in its text form; the template of how the client is served if there is none.
    #[serde(default)]
    pub text: Option<String>,
}

/// Which finding is to be mended.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Mend")]
pub(crate) struct MendIn {
    /// The id of the row that a check proposed.
    pub row: String,
}

/// From when on a version is to hold.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Proposal")]
pub(crate) struct ProposalIn {
    /// The first day, on the client's wall clock; today or later.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
}

impl From<Draft> for DraftOut {
    fn from(found: Draft) -> Self {
        Self { text: found.text, edited_at: found.edited_at, may_undo: found.former.is_some() }
    }
}

impl Sample for DraftOut {
    fn sample() -> Self {
        Self { text: DraftText::sample().text, edited_at: sample_at(), may_undo: false }
    }
}
impl Sample for DraftText {
    fn sample() -> Self {
        Self { text: "schema = \"remit-matrix/1\"\n".to_owned() }
    }
}
impl Sample for DraftStart {
    fn sample() -> Self {
        Self { text: None }
    }
}
impl Sample for MendIn {
    fn sample() -> Self {
        Self { row: "gap-1".to_owned() }
    }
}
impl Sample for ProposalIn {
    fn sample() -> Self {
        Self { starts_on: sample_day() }
    }
}
pub(super) fn routes(routes: Routes) -> Routes {
    let path = "/clients/{client}/matrix/draft";
    let now = "The draft as it is now.";
    changes(routes)
        .on(
            Operation::get(path, "getDraft", GROUP, "Show the draft").ok::<DraftOut>("The draft.").tagged(),
            show,
        )
        .on(
            Operation::post(path, "startDraft", GROUP, "Begin a draft where there is none")
                .body::<DraftStart>()
                .made::<DraftOut>("The draft.")
                .tagged(),
            begin,
        )
        .on(
            Operation::put(path, "editDraft", GROUP, "Replace the text of the draft")
                .about("Whether the text is a sound matrix does not matter here.")
                .body::<DraftText>()
                .up_to(LONG)
                .must_match()
                .ok::<DraftOut>(now)
                .tagged(),
            replace,
        )
}

/// What else is done with a draft that is there.
fn changes(routes: Routes) -> Routes {
    let now = "The draft as it is now.";
    routes
        .on(
            Operation::post(
                "/clients/{client}/matrix/draft/fix",
                "mendDraft",
                GROUP,
                "Add the row that mends a finding",
            )
            .body::<MendIn>()
            .must_match()
            .ok::<DraftOut>(now)
            .tagged(),
            add_fix,
        )
        .on(
            Operation::post(
                "/clients/{client}/matrix/draft/undo",
                "undoDraft",
                GROUP,
                "Take the last change back",
            )
            .about("A second time brings it back.")
            .body::<Nothing>()
            .must_match()
            .ok::<DraftOut>(now)
            .tagged(),
            take_back,
        )
        .on(
            Operation::post(
                "/clients/{client}/matrix/versions",
                "propose",
                GROUP,
                "Freeze the draft as a version that both sides can sign",
            )
            .about("It must be sound. If-Match names the draft.")
            .body::<ProposalIn>()
            .must_match()
            .made::<VersionOut>("The version.")
            .tagged(),
            freeze,
        )
}

fn etag(draft: &Draft) -> Etag {
    Etag::version(draft.version)
}

/// The draft, if it is one of those that the caller means.
fn wanted(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Client>, wanted: &IfMatch) -> Result<Draft, Refused> {
    act.require(Permission::EditMatrix)?;
    let found = draft(tx, act, id)?.ok_or(Refused::NotFound)?;
    if wanted.names(&etag(&found)) { Ok(found) } else { Err(Refused::Stale) }
}

/// The draft after a change.
fn changed(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Client>) -> Result<Made<DraftOut>, Refused> {
    let found = draft(tx, act, id)?.ok_or(Refused::NotFound)?;
    let etag = etag(&found);
    Ok(Made::now(DraftOut::from(found)).tagged(etag))
}

/// What the draft is worth from a day on, or from today at the client. Asked before the unit of work, in which it is heeded only after
/// it is known that the caller may do it and has not done it before.
async fn proved<T>(
    once: &Once<T>,
    id: Id<Client>,
    day: Option<Date>,
) -> Result<Result<Arc<Checked>, Refused>, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let zone = clients::find(tx, act, id)?.wall_clock()?;
        let found = draft(tx, act, id)?.ok_or(Refused::NotFound)?;
        Ok((found.text, day.unwrap_or_else(|| zone.local(act.at).date())))
    };
    let app = &once.site.app;
    Ok(match app.read(&once.who.caller, read).await {
        Ok((text, day)) => Ok(app.shelf().check(&text, day).await?),
        Err(refused) => Err(refused),
    })
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found =
        site.app.read(&who.caller, move |tx, act| draft(tx, act, id)?.ok_or(Refused::NotFound)).await?;
    let etag = etag(&found);
    Ok(tagged(&headers, &DraftOut::from(found), &etag))
}

async fn begin(Named(id): Named<Id<Client>>, once: Once<DraftStart>) -> Result<Response, Error> {
    once.make(move |tx, act, begun| {
        let client = clients::find(tx, act, id)?;
        start(tx, act, id, &begun.text.unwrap_or_else(|| first_text(&client)))?;
        let made = changed(tx, act, id)?;
        let at = format!("{ROOT}/clients/{id}/matrix/draft");
        Ok(Made { status: axum::http::StatusCode::CREATED, location: Some(at), ..made })
    })
    .await
}

async fn replace(Named(id): Named<Id<Client>>, once: Once<DraftText>) -> Result<Response, Error> {
    let tags = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, new| {
        let found = wanted(tx, act, id, &tags)?;
        edit(tx, act, id, found.version, &new.text)?;
        changed(tx, act, id)
    })
    .await
}

async fn add_fix(Named(id): Named<Id<Client>>, once: Once<MendIn>) -> Result<Response, Error> {
    let tags = IfMatch::of(&once.headers)?;
    let checked = proved(&once, id, None).await?;
    once.make(move |tx, act, asked| {
        let found = wanted(tx, act, id, &tags)?;
        let checked = checked?;
        if !checked.is_of(&found.text) {
            return Err(Refused::Stale);
        }
        edit(tx, act, id, found.version, &mended(&found.text, &checked, &asked.row)?)?;
        changed(tx, act, id)
    })
    .await
}

async fn take_back(Named(id): Named<Id<Client>>, once: Once<Nothing>) -> Result<Response, Error> {
    let tags = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, Nothing {}| {
        let found = wanted(tx, act, id, &tags)?;
        undo(tx, act, id, found.version)?;
        changed(tx, act, id)
    })
    .await
}

async fn freeze(Named(id): Named<Id<Client>>, once: Once<ProposalIn>) -> Result<Response, Error> {
    let tags = IfMatch::of(&once.headers)?;
    let checked = proved(&once, id, Some(once.body.starts_on)).await?;
    once.make(move |tx, act, _| {
        let found = wanted(tx, act, id, &tags)?;
        let made = propose(tx, act, id, found.version, &*checked?)?;
        let made = matrix::find(tx, act, made)?;
        let etag = super::versions::etag(&made);
        Ok(Made::at(format!("{ROOT}/versions/{}", made.id), VersionOut::from(made)).tagged(etag))
    })
    .await
}
