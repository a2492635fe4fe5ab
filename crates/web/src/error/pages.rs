//! Shows failures to whoever asked: a page, a fragment, or problem+json.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Problem;
use crate::layout::{Chrome, Shell, wants_fragment};
use crate::request_id::RequestId;

/// How failures are shown.
#[derive(Debug, Clone)]
pub struct ErrorPages {
    /// The name of the product, for titles.
    pub product: &'static str,
    /// Below this path every answer is for programs, say `/api/`.
    pub api: &'static str,
    /// Where browsers are led when nobody is signed in; gets `?next=PATH`. Without it they see a page that says so.
    pub sign_in: Option<&'static str>,
}

/// What a failure depends on, kept from the request.
struct Asker {
    program: bool,
    fragment: bool,
    reads: bool,
    place: Uri,
    id: Option<String>,
}

/// Middleware. Dresses every response that carries a [`Problem`], and every bare one with a status of 400 or more.
pub async fn dress(State(pages): State<ErrorPages>, request: Request, next: Next) -> Response {
    let asker = Asker {
        program: wants_json(&pages, request.uri(), request.headers()),
        fragment: wants_fragment(request.headers()),
        reads: matches!(*request.method(), Method::GET | Method::HEAD),
        place: request.uri().clone(),
        id: request.extensions().get::<RequestId>().map(ToString::to_string),
    };
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>().or_else(|| bare(&response)) else {
        return response;
    };
    let dressed = pages.show(&problem, &asker);
    merge(response, dressed)
}

/// The failure behind a response that a layer made without words.
fn bare(response: &Response) -> Option<Problem> {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let wordless = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    ((status.is_client_error() || status.is_server_error()) && wordless).then(|| Problem::of(status.as_u16()))
}

/// Whether a program asked: by the place, or because it prefers JSON to HTML.
fn wants_json(pages: &ErrorPages, uri: &Uri, headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let json = accept.contains("application/json") || accept.contains("application/problem+json");
    uri.path().starts_with(pages.api) || (json && !accept.contains("text/html"))
}

/// The new body and type, with what else the first response said (`Retry-After`, cookies, `Allow`).
fn merge(first: Response, dressed: Response) -> Response {
    let (mut parts, _) = first.into_parts();
    let (new, body) = dressed.into_parts();
    parts.status = new.status;
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(new.headers);
    Response::from_parts(parts, body)
}

impl ErrorPages {
    fn show(&self, problem: &Problem, asker: &Asker) -> Response {
        if asker.program {
            return program(problem, asker);
        }
        match self.sign_in {
            Some(page) if problem.status() == StatusCode::UNAUTHORIZED => sign_in(page, asker),
            _ => self.page(problem, asker),
        }
    }

    fn page(&self, problem: &Problem, asker: &Asker) -> Response {
        let view =
            ErrorView { problem, place: asker.place.path(), id: asker.id.as_deref(), full: !asker.fragment };
        let body = view.render().unwrap_or_else(|_| problem.text());
        let html = if asker.fragment {
            body
        } else {
            Shell::new(Chrome::new(self.product, problem.title()), body).render()
        };
        let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (VARY, "HX-Request")];
        (problem.status(), headers, html).into_response()
    }
}

fn program(problem: &Problem, asker: &Asker) -> Response {
    let body = problem.json(asker.place.path(), asker.id.as_deref()).to_string();
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    let mut response = (problem.status(), kind, body).into_response();
    if problem.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Leads to the sign-in page and back. After a form was sent, back is the first page: a form cannot be repeated by a link.
fn sign_in(page: &str, asker: &Asker) -> Response {
    let next =
        if asker.reads { asker.place.path_and_query().map_or("/", |place| place.as_str()) } else { "/" };
    let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let target = format!("{page}?next={query}");
    if asker.fragment {
        // A redirect would be followed inside the page, and the sign-in page would end up in a table cell.
        return (StatusCode::UNAUTHORIZED, [("HX-Redirect", target)]).into_response();
    }
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorView<'a> {
    problem: &'a Problem,
    place: &'a str,
    id: Option<&'a str>,
    full: bool,
}
