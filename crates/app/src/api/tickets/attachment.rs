//! Files that come with the lines of a ticket, for programs.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::gate::Who;
use super::super::once::{Made, Once};
use super::super::operation::{Operation, ROOT, Routes, Sample};
use super::super::wire::{Asked, Named, done, id, instant, maybe_id, sample_at, sample_id};
use super::GROUP;
use super::shown::words;
use crate::act::Act;
use crate::attachments::{self, Attachment, LARGEST};
use crate::people::Membership;
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{self, Ticket, Visibility};

/// What an attachment goes out as.
const MEDIA: &[&str] = &[
    "application/octet-stream",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
];

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get(
                "/tickets/{ticket}/attachments",
                "listAttachments",
                GROUP,
                "List the attachments of a ticket, oldest first",
            )
            .ok::<Vec<AttachmentOut>>("Those of the lines that you may read, at most 1000."),
            list,
        )
        .on(
            Operation::post("/tickets/{ticket}/attachments", "addAttachment", GROUP, "Attach a file")
                .about(
                    "The body is the file, at most 25 MB; it becomes a line of its own. What it is, is seen in its first bytes: a file \
                     that says something else by its name is refused, and so are programs and scripts, unless they are packed into a ZIP \
                     file.",
                )
                .query::<FileIn>()
                .file()
                .up_to(LARGEST)
                .conflicts()
                .made::<AttachmentOut>("The attachment."),
            add,
        )
        .on(
            Operation::get(
                "/tickets/{ticket}/attachments/{attachment}",
                "getAttachment",
                GROUP,
                "Read an attachment",
            )
            .about("Parts of it can be asked for with `Range`. The reading is noted in the audit log.")
            .download(&[], MEDIA),
            show,
        )
        .on(
            Operation::delete(
                "/tickets/{ticket}/attachments/{attachment}",
                "removeAttachment",
                GROUP,
                "Take an attachment away",
            )
            .about("A line says so; its name stays, its bytes go. Whoever sent it may, and who leads at the party that holds the ticket.")
            .conflicts(),
            remove,
        )
}

/// A file that is to be attached.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewAttachment")]
pub(crate) struct FileIn {
    /// What it is called; a path before it is dropped.
    pub name: String,
    /// Who may read it. There is no usual one.
    pub visibility: Visibility,
}

/// An attachment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Attachment")]
pub(crate) struct AttachmentOut {
    /// Its id.
    #[schemars(schema_with = "id::<Attachment>")]
    pub id: Id<Attachment>,
    /// The line that it came with.
    pub line: i64,
    /// What it is called.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What it is, as a media type, by its first bytes.
    pub media: String,
    /// Who sent it; null for the operator.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub by: Option<Id<Membership>>,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
}

impl From<Attachment> for AttachmentOut {
    fn from(one: Attachment) -> Self {
        let Attachment { about, seq, by, at, .. } = one;
        Self { id: about.id, line: seq, name: about.name, size: about.size, media: about.media, by, at }
    }
}

impl Sample for AttachmentOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            line: 2,
            name: words("router.log"),
            size: 48_213,
            media: words("text/plain"),
            by: Some(sample_id()),
            at: sample_at(),
        }
    }
}

impl Sample for Vec<AttachmentOut> {
    fn sample() -> Self {
        vec![AttachmentOut::sample()]
    }
}

impl Sample for FileIn {
    fn sample() -> Self {
        Self { name: words("router.log"), visibility: Visibility::Public }
    }
}

async fn list(State(site): State<Site>, who: Who, Named(id): Named<Id<Ticket>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        attachments::of(tx, act, &ticket)
    };
    let found = site.app.read(&who.caller, read).await?;
    Ok(Json(found.into_iter().map(AttachmentOut::from).collect::<Vec<_>>()).into_response())
}

async fn add(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
    Asked(FileIn { name, visibility }): Asked<FileIn>,
    request: Request,
) -> Result<Response, Error> {
    let asked = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::may_write(tx, act, id, visibility);
    site.app.read(&who.caller, asked).await?;
    let once = Once::of_file(&site, &name, request).await?.kept().await?;
    once.make(move |tx, act, file| {
        let ticket = tickets::write_with(tx, act, id, (visibility, "", &[file]))?;
        let made = attachments::of(tx, act, &ticket)?.pop().ok_or(Refused::NotFound)?;
        let at = format!("{ROOT}/tickets/{id}/attachments/{}", made.about.id);
        Ok(Made::at(at, AttachmentOut::from(made)))
    })
    .await
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named((id, attachment)): Named<(Id<Ticket>, Id<Attachment>)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let find = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        let one = attachments::find(tx, act, &ticket, attachment)?;
        Ok((ticket, one))
    };
    let found = site.app.read(&who.caller, find).await?;
    attachments::web::given(&site.app, &who.caller, found, &headers).await
}

async fn remove(
    State(site): State<Site>,
    who: Who,
    Named((id, attachment)): Named<(Id<Ticket>, Id<Attachment>)>,
) -> Result<Response, Error> {
    site.app.write(&who.caller, move |tx, act| attachments::detach(tx, act, id, attachment)).await?;
    Ok(done())
}
