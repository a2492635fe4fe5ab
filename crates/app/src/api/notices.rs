//! Notices: what the one who asks was told.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Paging, id, instant, maybe_id, sample_at, sample_id};
use crate::act::Act;
use crate::notices::{self, Notice, What};
use crate::site::Site;
use crate::tickets::Ticket;

const GROUP: &str = "Notices";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/notices", "listNotices", GROUP, "List what you were told, newest first")
                .query::<Paging>()
                .page::<NoticeOut>("Notices. A key that belongs to nobody is told nothing."),
            list,
        )
        .on(
            Operation::post("/notices/read", "readNotices", GROUP, "Say that you have read them")
                .body::<ReadIn>()
                .ok::<UnreadOut>("What is left."),
            read,
        )
}

/// A notice.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Notice")]
pub(crate) struct NoticeOut {
    /// Its id.
    #[schemars(schema_with = "id::<Notice>")]
    pub id: Id<Notice>,
    /// Of which ticket.
    #[schemars(schema_with = "id::<Ticket>")]
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// What.
    pub what: What,
    /// The line that it is about; you may not be able to read it.
    pub line: i64,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// Whether you have read it.
    pub read: bool,
}

impl From<Notice> for NoticeOut {
    fn from(notice: Notice) -> Self {
        let Notice { id, ticket, number, subject, what, at, read, seq, .. } = notice;
        Self { id, ticket, number, subject, what, line: seq, at, read }
    }
}

impl Sample for NoticeOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            ticket: sample_id(),
            number: 4711,
            subject: "Printer on the second floor does not print".to_owned(),
            what: What::Asked,
            line: 3,
            at: sample_at(),
            read: false,
        }
    }
}

/// What was read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ReadNotices")]
pub(crate) struct ReadIn {
    /// Of which ticket; all when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Ticket>")]
    pub ticket: Option<Id<Ticket>>,
}

impl Sample for ReadIn {
    fn sample() -> Self {
        Self { ticket: None }
    }
}

/// How much is left.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "UnreadNotices")]
pub(crate) struct UnreadOut {
    /// Notices that are not read; counted to 100.
    pub unread: i64,
}

impl Sample for UnreadOut {
    fn sample() -> Self {
        Self { unread: 0 }
    }
}

async fn list(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let name = "api: notices";
    let (most, before) = (paging.most()?, paging.keys::<(String,)>(&site, name)?);
    let before = before.and_then(|(id,)| Id::parse(&id).ok());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| notices::list(tx, act, before, most);
    let found = site.app.read(&who.caller, read).await?;
    let keys = |notice: &Notice| vec![Key::Text(notice.id.to_string())];
    Ok(paging.page((&site, name, &uri), found, keys, NoticeOut::from))
}

async fn read(once: Once<ReadIn>) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        notices::read(tx, act, body.ticket)?;
        Ok(Made::now(UnreadOut { unread: notices::unread(tx, act)? }))
    })
    .await
}
