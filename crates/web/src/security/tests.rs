use axum::routing::{get, post};

use super::*;
use crate::testing::{ask, counting, get as request, header, send, text};

fn settings(transport: Transport) -> Settings {
    let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: None };
    let mut settings = Settings::new(transport, errors, counting());
    settings.body_limit = 100;
    settings.timeout = Duration::from_secs(5);
    settings.origins = vec!["https://desk.example.com".to_owned()];
    settings
}

fn site(transport: Transport) -> Router {
    let routes = Router::new()
        .route("/", get(async || "home ".repeat(100)))
        .route("/own", get(async || ([("content-security-policy", "sandbox")], "x")))
        .route("/sent", post(async |body: String| body))
        .route("/panic", get(panics))
        .route("/api/panic", get(panics))
        .route("/never", get(std::future::pending::<()>));
    stack(routes, settings(transport)).unwrap()
}

async fn panics() -> &'static str {
    panic!("secret of the house")
}

#[tokio::test]
async fn every_response_has_the_headers_even_when_nothing_is_there() {
    for path in ["/", "/absent", "/panic"] {
        let response = ask(&site(Transport::Https), request(path, &[])).await;
        for (name, value) in HEADERS {
            assert_eq!(header(&response, name), value, "{path}");
        }
        assert_eq!(header(&response, "strict-transport-security"), HSTS);
        assert!(header(&response, "x-request-id").starts_with("00000000"), "{path}");
    }
}

#[tokio::test]
async fn a_route_can_be_stricter_and_plain_http_promises_no_https() {
    let response = ask(&site(Transport::Loopback), request("/own", &[])).await;
    assert_eq!(header(&response, "content-security-policy"), "sandbox");
    assert_eq!(header(&response, "strict-transport-security"), "");
}

#[tokio::test]
async fn a_panic_is_an_internal_error_that_says_nothing() {
    for path in ["/panic", "/api/panic"] {
        let response = ask(&site(Transport::Https), request(path, &[])).await;
        assert_eq!(response.status(), 500);
        let body = text(response).await;
        assert!(body.contains("it is our fault") && !body.contains("secret"), "{body}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let site = site(Transport::Https);
    let status = async |headers: &[(&str, &str)]| {
        ask(&site, send("POST", "/sent", headers, "x")).await.status().as_u16()
    };
    let host = ("host", "remit.example.com");
    assert_eq!(status(&[host, ("sec-fetch-site", "same-origin")]).await, 200);
    assert_eq!(status(&[host, ("origin", "https://remit.example.com")]).await, 200);
    assert_eq!(
        status(&[host, ("origin", "https://desk.example.com"), ("sec-fetch-site", "cross-site")]).await,
        200
    );
    assert_eq!(status(&[host, ("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(status(&[host, ("sec-fetch-site", "same-site")]).await, 403);
    assert_eq!(status(&[host, ("origin", "https://evil.example.com")]).await, 403);
    assert_eq!(status(&[host, ("origin", "null")]).await, 403);
}

#[tokio::test]
async fn a_refused_form_gets_a_page_like_any_other_failure() {
    let headers = [("host", "a.example"), ("sec-fetch-site", "cross-site")];
    let response = ask(&site(Transport::Https), send("POST", "/sent", &headers, "x")).await;
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert!(text(response).await.contains("You may not do this"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let site = site(Transport::Https);
    let long = "x".repeat(101);
    assert_eq!(ask(&site, send("POST", "/sent", &[], &long)).await.status(), 413);
    assert_eq!(ask(&site, send("POST", "/sent", &[("content-length", "101")], &long)).await.status(), 413);
}

#[tokio::test]
async fn where_files_are_sent_the_limit_is_another() {
    let mut settings = settings(Transport::Https);
    settings.uploads =
        Some(Uploads { at: |path| path == "/sent", body_limit: 200, timeout: Duration::from_mins(1) });
    let both = Router::new()
        .route("/sent", post(async |body: String| body).layer(DefaultBodyLimit::max(200)))
        .route("/other", post(async |body: String| body));
    let site = stack(both, settings).unwrap();
    let status = async |path: &str, bytes: usize| {
        ask(&site, send("POST", path, &[], &"x".repeat(bytes))).await.status().as_u16()
    };
    assert_eq!((status("/sent", 200).await, status("/sent", 201).await), (200, 413));
    assert_eq!((status("/other", 100).await, status("/other", 101).await), (200, 413));
}

#[tokio::test]
async fn what_is_given_in_parts_is_not_compressed() {
    let file = Router::new().route("/", get(async || ([("accept-ranges", "bytes")], "home ".repeat(100))));
    let site = stack(file, settings(Transport::Https)).unwrap();
    let response = ask(&site, request("/", &[("accept-encoding", "gzip")])).await;
    assert_eq!(header(&response, "content-encoding"), "");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_given_up() {
    let response = ask(&site(Transport::Https), request("/never", &[])).await;
    assert_eq!(response.status(), 504);
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_can() {
    let response = ask(&site(Transport::Https), request("/", &[("accept-encoding", "gzip")])).await;
    assert_eq!(header(&response, "content-encoding"), "gzip");
    let response = ask(&site(Transport::Https), request("/", &[])).await;
    assert_eq!(header(&response, "content-encoding"), "");
}

#[test]
fn what_is_no_origin_is_a_mistake_of_the_settings() {
    let mut settings = settings(Transport::Https);
    settings.origins = vec!["desk.example.com/path".to_owned()];
    assert!(stack(Router::new(), settings).is_err());
}
