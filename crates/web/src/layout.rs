//! The frame around every page: who is signed in, where one is, and what can be done without a pointer.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use remit_draw::Hue;

use crate::assets;

/// One entry of the navigation or of the crumbs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page is this one or below it.
    pub current: bool,
    /// How many things wait there.
    pub count: Option<String>,
    /// The key that leads there, or two with a blank between them.
    pub key: Option<&'static str>,
}

impl Link {
    /// A link to a page that is not the current one.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), current: false, count: None, key: None }
    }

    /// Gives it a key.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Marks the current page.
    #[must_use]
    pub fn current(mut self) -> Self {
        self.current = true;
        self
    }

    /// Shows how many things wait there, if any do, such as `3` or `9+`.
    #[must_use]
    pub fn waiting(mut self, count: Option<String>) -> Self {
        self.count = count;
        self
    }
}

/// The tone of a [`Flash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// Something to know.
    Note,
    /// It was not done.
    Failed,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Note => "note",
            Self::Failed => "failed",
        }
    }
}

/// What happened just now, shown once at the top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The name to call them by.
    pub name: String,
    /// The party they belong to.
    pub party: Hue,
    /// The name of the party.
    pub party_name: String,
    /// Their own page: profile, sessions, signing out.
    pub href: String,
}

/// Everything around the body of a page.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// The name of the product.
    pub product: &'static str,
    /// What the page is; also its title.
    pub title: String,
    /// The language of the page as a BCP 47 tag.
    pub language: String,
    /// The main navigation.
    pub nav: Vec<Link>,
    /// The way from the first page to here, without the page itself.
    pub crumbs: Vec<Link>,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Where the search field leads, say `/search`; without it there is none.
    pub search: Option<String>,
    /// Where pages that refresh themselves listen, say `/live`.
    pub live: Option<String>,
    /// What happened just now.
    pub flash: Option<Flash>,
    /// A line at the foot, say the version.
    pub foot: String,
    /// `light` or `dark` when the viewer chose; otherwise the system's choice counts.
    pub theme: Option<&'static str>,
    /// Whether text is larger and has more room.
    pub comfortable: bool,
    /// Whether keys without a modifier do anything.
    pub single_keys: bool,
    /// Keys that the viewer changed: a JSON object of what is usual and what they press.
    pub own_keys: Option<String>,
    /// Where one can go from; scripts open it over the page.
    pub go: Option<String>,
    /// Where all keys are listed.
    pub help: Option<String>,
}

impl Chrome {
    /// A frame with a title and nothing else; fill the fields that the page has.
    pub fn new(product: &'static str, title: impl Into<String>) -> Self {
        Self {
            product,
            title: title.into(),
            language: "en".to_owned(),
            nav: Vec::new(),
            crumbs: Vec::new(),
            viewer: None,
            search: None,
            live: None,
            flash: None,
            foot: product.to_owned(),
            theme: None,
            comfortable: false,
            single_keys: true,
            own_keys: None,
            go: None,
            help: None,
        }
    }
}

/// A whole page: the frame around a body that was rendered elsewhere.
///
/// ```
/// use remit_web::layout::{Chrome, Shell};
/// let page = Shell::new(Chrome::new("Remit", "Sites & <places>"), "<h1>Sites</h1>").render();
/// assert!(page.contains("<title>Sites &#38; &#60;places&#62; · Remit</title>"));
/// assert!(page.contains("<h1>Sites</h1>"));
/// ```
#[derive(Debug, Template)]
#[template(path = "shell.html")]
pub struct Shell {
    chrome: Chrome,
    body: String,
    #[template(skip)]
    status: StatusCode,
}

impl Shell {
    /// Puts the frame around `body`, which is HTML: whoever rendered it has escaped what is in it.
    pub fn new(chrome: Chrome, body: impl Into<String>) -> Self {
        Self { chrome, body: body.into(), status: StatusCode::OK }
    }

    /// Answers with another status than 200, as for a form that has to be corrected.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The document.
    pub fn render(&self) -> String {
        Template::render(self).expect("writing into a string does not fail")
    }

    /// The whole page, or its body alone when only that was asked for.
    pub fn answer(self, headers: &HeaderMap) -> Response {
        if wants_fragment(headers) { fragment(self.status, self.body) } else { self.into_response() }
    }
}

impl IntoResponse for Shell {
    fn into_response(self) -> Response {
        html(self.status, self.render())
    }
}

/// A part of a page.
pub fn fragment(status: StatusCode, html: String) -> Response {
    self::html(status, html)
}

/// Whether a part of a page is asked for, and not the page. htmx says `full` when the answer replaces the whole body.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    is("hx-request", "true") && !is("hx-request-type", "full") && !is("hx-history-restore-request", "true")
}

/// Pages hold what only the viewer may see, so no cache keeps them, and a part is never mistaken for the whole.
fn html(status: StatusCode, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "private, no-cache"),
        (VARY, "HX-Request"),
    ];
    (status, headers, text).into_response()
}

/// Where to go after signing in: the path if it is one of this site, otherwise the first page. Texts such as `//evil.example`
/// or `/\evil.example` look like paths and lead away.
///
/// ```
/// use remit_web::layout::local_path;
/// assert_eq!(local_path("/queue?mine=1"), "/queue?mine=1");
/// assert_eq!(local_path("//evil.example"), "/");
/// ```
pub fn local_path(text: &str) -> &str {
    let second = text.as_bytes().get(1);
    let leads_away = matches!(second, Some(b'/' | b'\\')) || text.bytes().any(|b| b <= b' ' || b == 0x7f);
    if text.starts_with('/') && !leads_away { text } else { "/" }
}
