//! How attachments go out, and how they are taken away.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use blake3::Hash;
use remit_core::Id;
use remit_db::Tx;
use remit_web::download::Download;
use remit_web::etag::Etag;
use remit_web::{Error, Form};

use super::receive::outside;
use super::{Attachment, media};
use crate::App;
use crate::act::{Act, Caller};
use crate::audit::{self, Event};
use crate::refused::Refused;
use crate::site::{Signed, Site};
use crate::tickets::{self, Ticket};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/tickets/{number}/attachments/{attachment}", get(show))
        .route("/tickets/{number}/attachments/{attachment}/removal", post(remove))
}

/// What a path names. What cannot be an id is not there.
fn parsed(id: &str) -> Result<Id<Attachment>, Error> {
    Id::parse(id).map_err(|_| Error::NotFound)
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path((number, id)): Path<(i64, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = parsed(&id)?;
    let find = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find_number(tx, act, number)?;
        let one = super::find(tx, act, &ticket, id)?;
        Ok((ticket, one))
    };
    let (ticket, one) = site.app.read(&signed.caller, find).await?;
    given(&site.app, &signed.caller, (ticket, one), &headers).await
}

/// The bytes of an attachment, for somebody who may read it. Whoever is given them is noted.
pub(crate) async fn given(
    app: &App,
    caller: &Caller,
    (ticket, one): (Ticket, Attachment),
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let etag = Etag::of(one.hash.as_bytes());
    if let Some(unchanged) = etag.unchanged(headers) {
        return Ok(unchanged);
    }
    let hash = Hash::from_hex(&one.hash).map_err(Error::internal)?;
    let (store, provider) = (Arc::clone(app.store()?), caller.provider);
    let file = outside(move || store.open(provider, &hash)).await;
    let file =
        file.inspect_err(|error| tracing::error!(?error, id = %one.about.id, "an attachment has no bytes"))?;
    let note = move |tx: &mut Tx<'_, '_>, act: &Act| read(tx, act, (&ticket, one.seq, one.about.id));
    app.write(caller, note).await?;
    let download = Download {
        file,
        size: one.about.size.unsigned_abs(),
        etag,
        media: media::served(&one.about.media).to_owned(),
        name: one.about.name,
        shown: media::is_shown(&one.about.media),
    };
    Ok(download.answer(headers))
}

fn read(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, seq, id): (&Ticket, i64, Id<Attachment>),
) -> Result<(), Refused> {
    let detail = format!("#{} line {seq}", ticket.number);
    let (subject, client) = (id.to_string(), Some(ticket.client));
    audit::note(tx, act, Event { action: "attachment.read", subject, client, detail: &detail })
}

async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path((number, id)): Path<(i64, String)>,
    form: Form,
) -> Result<Response, Error> {
    let id = parsed(&id)?;
    let find = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find_number(tx, act, number)?;
        super::find(tx, act, &ticket, id).map(|_| ticket.id)
    };
    let ticket = site.app.read(&signed.caller, find).await?;
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| super::detach(tx, act, ticket, id)).await?;
    Ok(Redirect::to(&format!("/tickets/{number}")).into_response())
}
