//! Versions of a matrix: their history, their signatures, and files of them.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Date, Id};
use remit_web::Error;
use remit_web::etag::Etag;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{For, Operation, ROOT, Routes, Sample};
use super::wire::{
    Asked, Named, Nothing, Paging, day, id, instant, maybe_instant, sample_at, sample_day, sample_id, tagged,
};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{
    Exported, Side, Signature, Signed, Standing, Version, export_draft, export_version, find, sign,
    signed_history, withdraw,
};
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Versions";
/// Names the list in cursors.
const VERSIONS: &str = "api: versions";
/// What files are.
const FILES: &[&str] = &[
    "application/toml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "application/json",
    "text/html",
];
const FILES_OF_DRAFTS: &[&str] = FILES.split_at(4).0;
type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

/// A version of a client's matrix.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Version")]
pub(crate) struct VersionOut {
    /// Its id.
    #[schemars(schema_with = "id::<Version>")]
    pub id: Id<Version>,
    /// Of which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// Counted from 1 for each client.
    pub number: i64,
    /// What both sides sign.
    pub hash: String,
    /// The first day for which it was proposed.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
    /// Where it stands.
    pub standing: VersionStanding,
    /// From when on it holds, once both have signed.
    #[schemars(schema_with = "maybe_instant")]
    pub in_force_from: Option<At>,
    /// Who has signed.
    pub signatures: Vec<SignatureOut>,
    /// The matrix in its text form; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VersionStanding {
    /// Waits for one signature or both.
    Proposed,
    /// Taken back before both had signed.
    Withdrawn,
    /// Signed by both.
    Published,
}

/// A signature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Signature")]
pub(crate) struct SignatureOut {
    /// For which side.
    pub side: SideOut,
    /// Their name at the time.
    pub name: String,
    /// Their role at the time.
    pub role: String,
    /// When.
    #[schemars(schema_with = "instant")]
    pub signed_at: At,
}

/// The two that sign.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Side")]
pub(crate) enum SideOut {
    Provider,
    Client,
}

/// A signature that is to be given.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewSignature")]
pub(crate) struct SignatureIn {
    /// The hash of the version as the signer saw it.
    pub hash: String,
}

impl From<Signed> for VersionOut {
    fn from(found: Signed) -> Self {
        let (standing, in_force_from) = match found.standing {
            Standing::Proposed => (VersionStanding::Proposed, None),
            Standing::Withdrawn => (VersionStanding::Withdrawn, None),
            Standing::Published { from } => (VersionStanding::Published, Some(from)),
        };
        Self {
            id: found.id,
            client: found.client,
            number: found.number,
            hash: found.hash,
            starts_on: found.starts_on,
            standing,
            in_force_from,
            signatures: found.signatures.into_iter().map(SignatureOut::from).collect(),
            text: Some(found.text).filter(|text| !text.is_empty()),
        }
    }
}

impl From<Signature> for SignatureOut {
    fn from(found: Signature) -> Self {
        let side = match found.side {
            Side::Provider => SideOut::Provider,
            Side::Client => SideOut::Client,
        };
        Self { side, name: found.name, role: found.role, signed_at: found.signed_at }
    }
}

impl Sample for VersionOut {
    fn sample() -> Self {
        let name = "Maria Santos".to_owned();
        let signature = SignatureOut {
            side: SideOut::Provider,
            name,
            role: "service-manager".to_owned(),
            signed_at: sample_at(),
        };
        Self {
            id: sample_id(),
            client: sample_id(),
            number: 2,
            hash: SignatureIn::sample().hash,
            starts_on: sample_day(),
            standing: VersionStanding::Proposed,
            in_force_from: None,
            signatures: vec![signature],
            text: None,
        }
    }
}

impl Sample for SignatureIn {
    fn sample() -> Self {
        Self { hash: "4d6f1c0a9be2d3f7".repeat(4) }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    let one = "/versions/{version}";
    routes
        .on(
            Operation::get("/clients/{client}/matrix/versions", "listVersions", GROUP, "List the versions of a client's matrix, newest first")
                .query::<Paging>()
                .page::<VersionOut>("Versions, without their texts."),
            list_versions,
        )
        .on(Operation::get(one, "getVersion", GROUP, "Show a version").ok::<VersionOut>("The version.").tagged(), show)
        .on(
            Operation::post("/versions/{version}/signatures", "sign", GROUP, "Sign a version for one's side")
                .about("A person signs, in a session of their own; a key never does. With the second signature the version is published. 412 when the hash is another.")
                .only(For::Person)
                .body::<SignatureIn>()
                .made::<VersionOut>("The version as it is now.")
                .tagged(),
            give_signature,
        )
        .on(
            Operation::post("/versions/{version}/withdrawal", "withdraw", GROUP, "Take a proposal back")
                .body::<Nothing>()
                .ok::<VersionOut>("The version as it is now.")
                .tagged(),
            take_back,
        )
        .on(
            Operation::get("/versions/{version}/export/{form}", "exportVersion", GROUP, "Write a version as a file")
                .about("`toml`, `xlsx`, `csv`, `json`, `html` for print, or `certificate`, the proof. The reading is noted in the audit log.")
                .download(&["toml", "xlsx", "csv", "json", "html", "certificate"], FILES),
            write_version,
        )
        .on(
            Operation::get("/clients/{client}/matrix/draft/export/{form}", "exportDraft", "Drafts", "Write the draft as a file")
                .about("`toml`, `xlsx`, `csv` or `json`. The reading is noted in the audit log.")
                .download(&["toml", "xlsx", "csv", "json"], FILES_OF_DRAFTS),
            write_draft,
        )
}

/// Changes with every signature, and when it is taken back.
pub(super) fn etag(version: &Signed) -> Etag {
    let standing = format!("{:?} {}", version.standing, version.signatures.len());
    Etag::of(format!("{} {} {standing}", version.id, version.hash).as_bytes())
}

fn now(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Version>) -> Result<Made<VersionOut>, Refused> {
    let found = find(tx, act, id)?;
    let etag = etag(&found);
    Ok(Made::now(VersionOut::from(found)).tagged(etag))
}

async fn list_versions(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let list = format!("{VERSIONS} of {id}");
    let (most, after) = (paging.most()?, paging.keys::<(i64,)>(&site, &list)?);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        clients::find(tx, act, id)?;
        signed_history(tx, act, id, after.map(|(number,)| number), most)
    };
    let found = site.app.read(&who.caller, read).await?;
    Ok(paging.page((&site, &list, &uri), found, |version| vec![Key::Int(version.number)], VersionOut::from))
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Version>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| find(tx, act, id)).await?;
    let etag = etag(&found);
    Ok(tagged(&headers, &VersionOut::from(found), &etag))
}

async fn give_signature(Named(id): Named<Id<Version>>, once: Once<SignatureIn>) -> Result<Response, Error> {
    once.make(move |tx, act, given| {
        sign(tx, act, id, &given.hash)?;
        let made = now(tx, act, id)?;
        let location = Some(format!("{ROOT}/versions/{id}"));
        Ok(Made { status: axum::http::StatusCode::CREATED, location, ..made })
    })
    .await
}

async fn take_back(Named(id): Named<Id<Version>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, Nothing {}| {
        withdraw(tx, act, id)?;
        now(tx, act, id)
    })
    .await
}

async fn write_version(
    State(site): State<Site>,
    who: Who,
    Named((id, form)): Named<(Id<Version>, String)>,
) -> Result<Response, Error> {
    Ok(download(export_version(&site.app, &who.caller, id, form).await?))
}

async fn write_draft(
    State(site): State<Site>,
    who: Who,
    Named((id, form)): Named<(Id<Client>, String)>,
) -> Result<Response, Error> {
    Ok(download(export_draft(&site.app, &who.caller, id, form).await?))
}

fn download(file: Exported) -> Response {
    let attached = format!("attachment; filename=\"{}\"", file.name);
    let headers = [(CONTENT_TYPE, file.media.to_owned()), (CONTENT_DISPOSITION, attached)];
    (headers, Body::from(file.bytes)).into_response()
}
