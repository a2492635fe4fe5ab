use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use serde_json::Value;

use super::pages::{ErrorPages, dress};
use super::*;
use crate::request_id::number;
use crate::testing::{ask, counting, get as request, header, send, text};

fn site() -> Router {
    let fields = || {
        let mut fields = FieldErrors::default();
        fields.add("name", "Enter <a> name.");
        fields
    };
    let pages = ErrorPages { product: "Remit", api: "/api/", sign_in: Some("/sign-in") };
    Router::new()
        .route("/internal", get(async || Error::internal("disk 7 is on fire")))
        .route("/api/internal", get(async || Error::internal("disk 7 is on fire")))
        .route("/api/invalid", post(async move || Error::Invalid(fields())))
        .route("/private", get(async || Error::Unauthenticated).post(async || Error::Unauthenticated))
        .route("/api/private", get(async || Error::Unauthenticated))
        .route("/many", get(async || Error::TooMany { retry_after_s: 7 }))
        .route("/own", get(async || (StatusCode::IM_A_TEAPOT, axum::response::Html("<p>mine</p>"))))
        .route("/bare", get(async || StatusCode::GATEWAY_TIMEOUT))
        .layer(from_fn_with_state(pages, dress))
        .layer(from_fn_with_state(counting(), number))
}

#[tokio::test]
async fn a_browser_sees_a_page_that_says_what_where_and_how_to_mend() {
    let response = ask(&site(), request("/absent?a=1&b=2", &[("accept", "text/html")])).await;
    assert_eq!(response.status(), 404);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert!(header(&response, "vary").contains("HX-Request"));
    let page = text(response).await;
    assert!(page.contains("<h1>There is nothing here</h1>"), "{page}");
    assert!(page.contains("Go back, or start from the first page."), "{page}");
    assert!(page.contains("00000000-0000-0000-0000-000000000001"), "{page}");
    assert!(page.contains("<dd class=\"mono\">/absent</dd>"), "{page}");
}

#[tokio::test]
async fn the_text_of_an_internal_error_stays_inside() {
    for path in ["/internal", "/api/internal"] {
        let response = ask(&site(), request(path, &[])).await;
        assert_eq!(response.status(), 500);
        assert!(!text(response).await.contains("fire"));
    }
}

#[tokio::test]
async fn a_program_gets_problem_json_with_errors_by_field() {
    let response = ask(&site(), send("POST", "/api/invalid", &[("accept", "text/html")], "")).await;
    assert_eq!(response.status(), 422);
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    let body: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(body["status"], 422);
    assert_eq!(body["errors"]["name"][0], "Enter <a> name.");
    assert_eq!(body["instance"], "/api/invalid");
    assert_eq!(body["request-id"], "00000000-0000-0000-0000-000000000001");
}

#[tokio::test]
async fn what_is_accepted_decides_outside_the_api() {
    for (accept, json) in [
        ("application/json", true),
        ("application/problem+json", true),
        ("text/html,application/json", false),
        ("*/*", false),
    ] {
        let response = ask(&site(), request("/internal", &[("accept", accept)])).await;
        assert_eq!(header(&response, "content-type") == "application/problem+json", json, "{accept}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in_page_and_back() {
    let response = ask(&site(), request("/private?a=1&b=//x", &[("accept", "text/html")])).await;
    assert_eq!(response.status(), 303);
    assert_eq!(header(&response, "location"), "/sign-in?next=%2Fprivate%3Fa%3D1%26b%3D%2F%2Fx");
    let response = ask(&site(), send("POST", "/private", &[], "")).await;
    assert_eq!(header(&response, "location"), "/sign-in?next=%2F");
    let response = ask(&site(), request("/private", &[("hx-request", "true")])).await;
    assert_eq!(
        (response.status().as_u16(), header(&response, "hx-redirect")),
        (401, "/sign-in?next=%2Fprivate")
    );
    let response = ask(&site(), request("/api/private", &[])).await;
    assert_eq!((response.status().as_u16(), header(&response, "www-authenticate")), (401, "Bearer"));
}

#[tokio::test]
async fn too_many_requests_say_when_to_come_back() {
    let response = ask(&site(), request("/many", &[])).await;
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (429, "7"));
    assert!(text(response).await.contains("Try again in 7 seconds."));
}

#[tokio::test]
async fn a_part_of_a_page_gets_a_part() {
    let response = ask(&site(), request("/many", &[("hx-request", "true")])).await;
    let part = text(response).await;
    assert!(part.contains("role=\"alert\"") && !part.contains("<html"), "{part}");
}

#[tokio::test]
async fn answers_with_words_of_their_own_are_left_alone_and_bare_ones_are_dressed() {
    assert_eq!(text(ask(&site(), request("/own", &[])).await).await, "<p>mine</p>");
    let response = ask(&site(), request("/bare", &[])).await;
    assert_eq!(response.status(), 504);
    assert!(text(response).await.contains("This took too long"));
    let response = ask(&site(), send("DELETE", "/bare", &[], "")).await;
    assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, "GET,HEAD"));
    assert!(text(response).await.contains("This cannot be done here"));
}

#[tokio::test]
async fn undressed_an_error_is_plain_text() {
    let router: Router = Router::new()
        .route("/", get(async || Error::Conflict("The name is taken.".to_owned())))
        .layer(from_fn(async |request, next: axum::middleware::Next| next.run(request).await));
    let response = ask(&router, request("/", &[])).await;
    assert_eq!(header(&response, "content-type"), "text/plain; charset=utf-8");
    assert!(text(response).await.contains("The name is taken."));
}

#[test]
fn every_kind_has_its_status() {
    let cases = [
        (Error::malformed(""), 400),
        (Error::Unauthenticated, 401),
        (Error::Forbidden(String::new()), 403),
        (Error::NotFound, 404),
        (Error::Conflict(String::new()), 409),
        (Error::Precondition(String::new()), 412),
        (Error::TooLarge(1), 413),
        (Error::MediaType("text/csv"), 415),
        (Error::field("a", "b"), 422),
        (Error::PreconditionRequired(String::new()), 428),
        (Error::TooMany { retry_after_s: 1 }, 429),
        (Error::Busy, 503),
        (Error::Unavailable(String::new()), 503),
        (Error::NoRoom, 507),
        (Error::internal("x"), 500),
    ];
    for (error, status) in cases {
        let name = format!("{error:?}");
        assert_eq!(error.into_response().status(), status, "{name}");
    }
}
