//! Pages: who owns what by service and hours, through a week, at an instant; the draft; versions, their signatures and what they change.

mod difference;
mod draft;
mod files;
mod grid;
mod history;
mod live;
mod version;
mod week;
mod who;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::routing::{get, post};
use remit_core::Id;
use remit_draw::Hue;
use remit_matrix::{Matrix, ask};
use remit_web::layout::{Chrome, Link};

use super::{Signed as Version, Standing};
use crate::clients::{Client, Summary};
use crate::site::{Signed, Site, chrome};

type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/matrix", get(grid::in_force_now))
        .route("/clients/{id}/matrix/week", get(week::show))
        .route("/clients/{id}/matrix/who", get(who::show))
        .route("/clients/{id}/matrix/history", get(history::show))
        .route("/clients/{id}/matrix/difference", get(difference::show))
        .route("/clients/{id}/matrix/draft", get(draft::show).post(draft::save))
        .route("/clients/{id}/matrix/draft/check", post(draft::check_text))
        .route("/clients/{id}/matrix/draft/fix", post(draft::fix))
        .route("/clients/{id}/matrix/draft/undo", post(draft::take_back))
        .route("/clients/{id}/matrix/draft/state", get(draft::state))
        .route("/clients/{id}/matrix/draft/import", post(files::into_draft))
        .route("/clients/{id}/matrix/draft/export/{form}", get(files::of_draft))
        .route("/clients/{id}/matrix/live", get(live::listen))
        .route("/clients/{id}/matrix/proposals", post(draft::propose))
        .route("/matrix/{version}", get(version::show))
        .route("/matrix/{version}/state", get(version::state))
        .route("/matrix/{version}/export/{form}", get(files::of_version))
        .route("/matrix/{version}/grid", get(grid::of_version))
        .route("/matrix/{version}/signatures", post(version::sign))
        .route("/matrix/{version}/withdrawal", post(version::withdraw))
}

/// The pages of one client's matrix, beside each other.
#[derive(Template)]
#[template(path = "matrix/tabs.html")]
struct Tabs {
    client: Id<Client>,
    current: &'static str,
}

impl HtmlSafe for Tabs {}

impl Tabs {
    const ALL: [(&'static str, &'static str); 5] = [
        ("Services and hours", ""),
        ("Week", "/week"),
        ("Who owns it?", "/who"),
        ("History", "/history"),
        ("Draft", "/draft"),
    ];

    /// `current` is the end of the address of the page.
    fn new(client: &Summary, current: &'static str) -> Self {
        Self { client: client.id, current }
    }
}

/// What is around a page of a client's matrix.
fn frame(signed: &Signed, client: &Summary, title: &str) -> Chrome {
    let mut chrome = chrome(signed, &format!("{}: {title}", client.name), "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(&client.name, format!("/clients/{}", client.id)));
    chrome.live = Some(format!("/clients/{}/matrix/live", client.id));
    chrome
}

/// The parties of a matrix, each with its hue: what the marks on a page mean.
fn parties(matrix: &Matrix) -> Vec<(Hue, String)> {
    let numbers = (0..matrix.parties.len()).map(|n| remit_matrix::model::PartyIx(n as u16));
    let mut parties: Vec<(Hue, String)> =
        numbers.map(|party| (ask::hue(matrix, party), matrix.party(party).name.clone())).collect();
    parties.sort();
    parties
}
