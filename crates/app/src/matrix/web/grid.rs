//! Services down the side, kinds of hours across, who owns it in each cell.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{Id, Zone};
use remit_draw::Hue;
use remit_matrix::ask::Grid;
use remit_matrix::ask::grid::{Cell, Share};
use remit_web::Error;

use super::{Standing, Tabs, Tx, Version, frame, parties};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::{draft, find, in_force_signed};
use crate::site::{Signed, Site, shell};

/// Services with the same owners that are named; the catalogue has fewer in a branch, and a client adds some.
const LEAVES: usize = 200;
/// Groups of services with the same owners that are shown in a branch.
const GROUPS: usize = 200;

/// How the page is opened.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Shown {
    /// `all` opens every branch, the id of a branch opens that one.
    #[serde(default)]
    open: String,
}

#[derive(Template)]
#[template(path = "matrix/grid.html")]
struct GridPage {
    tabs: Tabs,
    client: Summary,
    version: Option<Version>,
    has_draft: bool,
    picture: Option<Picture>,
    zone: Zone,
    shown: Shown,
}

struct Picture {
    grid: Arc<Grid>,
    parties: Vec<(Hue, String)>,
    rows: usize,
    zone: String,
    from: String,
    to: String,
}

impl GridPage {
    fn is_open(&self, branch: &str) -> bool {
        self.shown.open == "all" || self.shown.open == branch
    }

    /// Where the cells of a branch are not all one party's, how many of its services each has.
    fn part(cell: &Cell, share: &Share, all: usize) -> String {
        let services = share.services;
        if cell.is_whole() || services == all { String::new() } else { format!("{services} of {all}") }
    }
}

pub(super) async fn in_force_now(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let version = in_force_signed(tx, act, id, act.at)?;
        Ok((clients::find(tx, act, id)?, version, draft(tx, act, id)?.is_some()))
    };
    let (client, version, has_draft) = site.app.read(&signed.caller, read).await?;
    let picture = match &version {
        Some(version) => Some(picture(&site, &client, version).await?),
        None => None,
    };
    let (tabs, zone) = (Tabs::new(&client, ""), signed.caller.zone.clone());
    let page = GridPage { tabs, client, version, has_draft, picture, zone, shown };
    Ok(shell(frame(&signed, &page.client, "who owns what"), &page).answer(&headers))
}

pub(super) async fn of_version(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<crate::matrix::Version>>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let version = find(tx, act, id)?;
        Ok((clients::find(tx, act, version.client)?, version))
    };
    let (client, version) = site.app.read(&signed.caller, read).await?;
    let picture = Some(picture(&site, &client, &version).await?);
    let title = format!("who owns what in version {}", version.number);
    let tabs = Tabs::new(&client, "/history");
    let zone = signed.caller.zone.clone();
    let page = GridPage { tabs, client, version: Some(version), has_draft: true, picture, zone, shown };
    Ok(shell(frame(&signed, &page.client, &title), &page).answer(&headers))
}

/// From today, or from the first day of a version that begins later.
async fn picture(site: &Site, client: &Summary, version: &Version) -> Result<Picture, Error> {
    let shelf = site.app.shelf();
    let matrix = shelf.matrix(&version.text).await?;
    let first = client.wall_clock()?.local(site.app.now()).date().max(version.starts_on);
    let grid = shelf.grid(&version.text, first).await?;
    let day = |at| matrix.zone.local(at).date().to_string();
    Ok(Picture {
        parties: parties(&matrix),
        rows: matrix.rows.len(),
        zone: matrix.zone.name().to_owned(),
        from: day(grid.horizon.start),
        to: day(grid.horizon.end),
        grid,
    })
}
