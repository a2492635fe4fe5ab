//! Files: downloads of drafts and versions, and a file read into the draft.

use axum::body::Body;
use axum::extract::{Multipart, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_matrix::forms::import;
use remit_matrix::sheets::RaciOptions;
use remit_web::{Error, Form};

use super::Tx;
use super::draft::{Read, draft_page};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{self, Exported, export_draft, export_version};
use crate::people::Permission;
use crate::site::{Signed, Site};

/// The largest file that is read, in bytes: with its frame it fits into a request.
const LARGEST: usize = 2 * 1024 * 1024 - 16 * 1024;
/// The longest text of a field beside the file.
const FIELD: usize = 200;

pub(super) async fn of_version(
    State(site): State<Site>,
    signed: Signed,
    Path((id, form)): Path<(Id<matrix::Version>, String)>,
) -> Result<Response, Error> {
    Ok(download(export_version(&site.app, &signed.caller, id, form).await?))
}

pub(super) async fn of_draft(
    State(site): State<Site>,
    signed: Signed,
    Path((id, form)): Path<(Id<Client>, String)>,
) -> Result<Response, Error> {
    Ok(download(export_draft(&site.app, &signed.caller, id, form).await?))
}

fn download(file: Exported) -> Response {
    let attached = format!("attachment; filename=\"{}\"", file.name);
    let headers = [(CONTENT_TYPE, file.media.to_owned()), (CONTENT_DISPOSITION, attached)];
    (headers, Body::from(file.bytes)).into_response()
}

/// What was uploaded.
#[derive(Default)]
struct Upload {
    name: String,
    bytes: Vec<u8>,
    provider: String,
    internal: String,
}

/// Reads a file into the text of the draft page. Nothing is kept until somebody saves it.
pub(super) async fn into_draft(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    parts: Multipart,
) -> Result<Response, Error> {
    signed.caller.require(Permission::EditMatrix)?;
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| Ok((clients::find(tx, act, id)?, matrix::draft(tx, act, id)?));
    let (client, draft) = site.app.read(&signed.caller, read).await?;
    let upload = uploaded(parts).await?;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let raci = RaciOptions {
        client: client.name.clone(),
        zone: client.zone.clone(),
        provider: given(&upload.provider),
        internal: given(&upload.internal),
    };
    let version = draft.as_ref().map(|draft| draft.version);
    let was = draft.map(|draft| draft.text).unwrap_or_default();
    let fields = |text: String| {
        Form::filled([
            ("text", text),
            ("provider", upload.provider.clone()),
            ("internal", upload.internal.clone()),
        ])
    };
    let name = if upload.name.is_empty() { "file".to_owned() } else { upload.name.clone() };
    let (form, read) = if upload.bytes.is_empty() {
        let mut form = fields(was);
        form.wrong("file", "Choose a file that is not empty.");
        (form, None)
    } else {
        match import(&name, &upload.bytes, &raci) {
            Ok(read) => (fields(read.text.clone()), Some(Read { name, read })),
            Err(faults) => {
                let mut form = fields(was);
                let all: Vec<String> = faults.iter().take(10).map(ToString::to_string).collect();
                form.wrong("file", all.join("; "));
                (form, None)
            }
        }
    };
    let page = draft_page(&site, &signed, (&client, version), &form, read.as_ref()).await?;
    Ok(page.into_response())
}

async fn uploaded(mut parts: Multipart) -> Result<Upload, Error> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Error::TooLarge(LARGEST)
        } else {
            Error::malformed("The upload broke off.")
        }
    };
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let (field, file) =
            (part.name().unwrap_or_default().to_owned(), part.file_name().map(ToOwned::to_owned));
        let bytes = part.bytes().await.map_err(broken)?;
        let short = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(FIELD)]).into_owned();
        match field.as_str() {
            "file" if bytes.len() > LARGEST => return Err(Error::TooLarge(LARGEST)),
            "file" => {
                upload.name =
                    file.unwrap_or_default().chars().filter(|c| !c.is_control()).take(FIELD).collect();
                upload.bytes = bytes.to_vec();
            }
            "provider" => upload.provider = short(&bytes),
            "internal" => upload.internal = short(&bytes),
            _ => return Err(Error::malformed("This form has no such field.")),
        }
    }
    Ok(upload)
}
