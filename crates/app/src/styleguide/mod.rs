//! Page: every part that pages are made of, as it is, in the colours and the density of its reader. It holds nothing of anybody.
//!
//! A part that is changed is looked at here first; a part that is new gets its place here. The words of the stylesheet are listed in the README
//! of `remit-web`.

use askama::Template;
use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_draw::{Hue, tokens};
use remit_web::layout::{Flash, Link, Shell, Tone};
use remit_web::{Error, Form};

use crate::site::{Signed, Site, chrome, shell};

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/styleguide", get(show).post(again))
}

/// Sizes of text: the class, or none, and what it is for.
const SIZES: [(&str, &str); 3] = [
    ("large", "Titles, and figures that are read from afar"),
    ("", "Everything that is read"),
    ("small", "What is said beside: when, by whom, how"),
];

#[derive(Template)]
#[template(path = "styleguide/page.html")]
struct Page<'p> {
    form: &'p Form,
}

impl Page<'_> {
    /// Whom hues stand for.
    const HUES: [Hue; 5] = [Hue::Provider, Hue::Internal, Hue::Vendor(0), Hue::Nobody, Hue::Neutral];

    /// Something to choose from.
    fn tiers() -> [(&'static str, &'static str); 2] {
        [("1", "First"), ("2", "Second")]
    }

    /// The name of each colour, and its values in light and in dark.
    fn colours() -> Vec<(&'static str, &'static str, &'static str)> {
        tokens().collect()
    }
}

fn page(signed: &Signed, form: &Form) -> Shell {
    let mut chrome = chrome(signed, "Style guide", "/styleguide");
    chrome.crumbs = vec![Link::new("You", "/me"), Link::new("Preferences", "/me/preferences")];
    chrome.flash =
        Some(Flash { tone: Tone::Note, text: "This is how a page says what it has just done.".to_owned() });
    shell(chrome, &Page { form })
}

async fn show(signed: Signed, headers: HeaderMap) -> Response {
    let mut form = Form::filled([("name", "Larch Dental"), ("seats", "many"), ("tier", "2"), ("live", "on")]);
    form.wrong("seats", "“many” cannot be used: write a number, say 25.");
    // Something wrong is shown, and nothing was sent: the answer is no refusal.
    page(&signed, &form).answer(&headers)
}

/// The form, as it answers.
async fn again(signed: Signed, headers: HeaderMap, mut form: Form) -> Result<Response, Error> {
    form.only(&["name", "seats", "tier", "note", "live"])?;
    form.required("name", 80);
    form.parsed::<u32>("seats");
    Ok(page(&signed, &form).status(form.status()).answer(&headers))
}
