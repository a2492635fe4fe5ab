//! Stylesheet, scripts and icon, each under a name that changes with its content, so that caches may keep it for good.
//!
//! ```
//! let url = remit_web::assets::url("app.css");
//! assert!(url.starts_with("/assets/app-") && url.ends_with(".css"));
//! ```

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use remit_draw::{CHART_CSS, TOKENS_CSS};

use crate::Error;

/// One file that pages need.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: Cow<'static, [u8]>,
    url: String,
}

/// The parts of the stylesheet, in order; colours and charts come from `draw`.
const CSS: [&str; 11] = [
    TOKENS_CSS,
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/frame.css"),
    include_str!("../assets/css/form.css"),
    include_str!("../assets/css/table.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/owns.css"),
    include_str!("../assets/css/desk.css"),
    include_str!("../assets/css/board.css"),
    CHART_CSS,
    include_str!("../assets/css/print.css"),
];

const JS: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut all = vec![
        asset("app.css", "text/css; charset=utf-8", Cow::Owned(CSS.concat().into_bytes())),
        asset("remit.js", JS, Cow::Borrowed(include_bytes!("../assets/remit.js"))),
        asset("passkey.js", JS, Cow::Borrowed(include_bytes!("../assets/passkey.js"))),
        asset("htmx.js", JS, Cow::Borrowed(include_bytes!("../assets/htmx/htmx.min.js"))),
        asset("mark.svg", "image/svg+xml", Cow::Borrowed(include_bytes!("../assets/mark.svg"))),
        asset("mark-192.png", "image/png", Cow::Borrowed(include_bytes!("../assets/mark-192.png"))),
        asset("mark-512.png", "image/png", Cow::Borrowed(include_bytes!("../assets/mark-512.png"))),
    ];
    let manifest = manifest(&all);
    all.push(asset("app.webmanifest", "application/manifest+json", Cow::Owned(manifest)));
    all
});

/// What a browser needs to install the site beside other programs (W3C Web Application Manifest).
fn manifest(all: &[Asset]) -> Vec<u8> {
    let icon = |name: &str, sizes: &str, purpose: &str| {
        let found = all.iter().find(|asset| asset.name == name).expect("the icon is one of them");
        serde_json::json!({"src": found.url, "sizes": sizes, "type": found.kind, "purpose": purpose})
    };
    let told = serde_json::json!({
        "name": "Remit",
        "short_name": "Remit",
        "description": "Who looks after what, and what became of it.",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfbf9",
        "theme_color": "#fbfbf9",
        "icons": [
            icon("mark.svg", "any", "any"),
            icon("mark-192.png", "192x192", "any"),
            icon("mark-512.png", "512x512", "any"),
            icon("mark-512.png", "512x512", "maskable"),
        ],
        "shortcuts": [
            {"name": "New ticket", "url": "/tickets/new"},
            {"name": "Tickets", "url": "/tickets"},
        ],
    });
    told.to_string().into_bytes()
}

fn asset(name: &'static str, kind: &'static str, bytes: Cow<'static, [u8]>) -> Asset {
    let hash = blake3::hash(&bytes).to_hex();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, kind, bytes, url: format!("/assets/{stem}-{}.{extension}", &hash[..16]) }
}

/// Where an asset is. The names are `app.css`, `remit.js`, `passkey.js`, `htmx.js`, `mark.svg`, `mark-192.png`, `mark-512.png` and
/// `app.webmanifest`; another is a mistake in a template, which panics in every test that renders it.
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    &found.expect("templates name only assets that there are").url
}

/// The routes under `/assets/`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Response {
    let found = ASSETS.iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(file.as_str()));
    let Some(asset) = found else {
        return Error::NotFound.into_response();
    };
    let headers = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, axum::body::Bytes::from_static(asset.bytes.as_ref())).into_response()
}
