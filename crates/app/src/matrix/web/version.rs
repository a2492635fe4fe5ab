//! One version: what it changes, who signed it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{Date, Id, Zone};
use remit_matrix::text;
use remit_web::layout::fragment;
use remit_web::{Error, Form};

use super::difference::{ChangeList, Changes};
use super::{Standing, Tabs, Tx, Version, frame};
use crate::Act;
use crate::clients::{self, Summary};
use crate::matrix::aside;
use crate::matrix::{Side, find, in_force};
use crate::people::Permission;
use crate::site::{Signed, Site, shell};

#[derive(Template)]
#[template(path = "matrix/version.html")]
struct VersionPage {
    tabs: Tabs,
    client: Summary,
    version: Version,
    changes: Option<Result<Changes, String>>,
    before: Option<i64>,
    zone: Zone,
    /// The side for which the viewer can sign now.
    may_sign: Option<Side>,
    may_withdraw: bool,
}

impl VersionPage {
    fn list(changes: &Changes) -> ChangeList<'_> {
        ChangeList { changes }
    }

    /// Whether a side has signed.
    fn signed_by(&self, side: Side) -> Option<&crate::matrix::Signature> {
        self.version.signatures.iter().find(|signature| signature.side == side)
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<crate::matrix::Version>>,
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
    let today = client.wall_clock()?.local(site.app.now()).date();
    let changes = match before.clone() {
        Some(before) => {
            let (text, from) = (version.text.clone(), version.starts_on.max(today));
            aside(move || changes(&before.text, &text, from)).await?
        }
        None => None,
    };
    let signed_already = |side: &Side| version.signatures.iter().any(|signature| signature.side == *side);
    let page = VersionPage {
        tabs: Tabs::new(&client, "/history"),
        changes,
        before: before.map(|before| before.number),
        zone: signed.caller.zone.clone(),
        may_sign: may.filter(|side| open && !signed_already(side)),
        may_withdraw: open && signed.caller.may(Permission::EditMatrix),
        client,
        version,
    };
    let title = format!("version {}", page.version.number);
    Ok(shell(frame(&signed, &page.client, &title), &page).answer(&headers))
}

/// How many signatures somebody looks at.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: usize,
}

/// Whether a version stands as somebody sees it, as part of a page that is alive.
pub(super) async fn state(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<crate::matrix::Version>>,
    Query(Seen { seen }): Query<Seen>,
) -> Result<Response, Error> {
    let version = site.app.read(&signed.caller, move |tx, act| find(tx, act, id)).await?;
    let news = match version.standing {
        Standing::Withdrawn => Some("It was withdrawn."),
        _ if version.signatures.len() == seen => None,
        Standing::Published { .. } => Some("Both sides have signed it."),
        Standing::Proposed => Some("The other side has signed it."),
    };
    let html = news.map_or_else(String::new, |news| {
        format!("<p class=\"notice done\" role=\"status\">{news} <a href=\"/matrix/{id}\">Show it as it stands</a></p>")
    });
    Ok(fragment(StatusCode::OK, html))
}

/// What changes between two texts, if both can be read.
fn changes(before: &str, after: &str, from: Date) -> Option<Result<Changes, String>> {
    let read = |written: &str| text::read("matrix.toml", written).ok().map(Arc::new);
    Some(Changes::between(&read(before)?, &read(after)?, from))
}

pub(super) async fn sign(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<crate::matrix::Version>>,
    form: Form,
) -> Result<Response, Error> {
    form.only(&["hash"])?;
    let hash = form.value("hash").to_owned();
    site.app.write(&signed.caller, move |tx, act| crate::matrix::sign(tx, act, id, &hash)).await?;
    Ok(Redirect::to(&format!("/matrix/{id}")).into_response())
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<crate::matrix::Version>>,
) -> Result<Response, Error> {
    site.app.write(&signed.caller, move |tx, act| crate::matrix::withdraw(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/matrix/{id}")).into_response())
}
