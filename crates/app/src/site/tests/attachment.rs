//! Attachments through pages: how they come in, how they go out, and that nothing of what is refused stays.

use axum::response::Response;

use super::*;
use crate::attachments::LARGEST;
use crate::attachments::tests::files;
use crate::tickets::tests::{World, incident, world};

const KIND: &str = "multipart/form-data; boundary=edge";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const PROGRAM: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0";

/// A name and bytes.
type File<'f> = (&'f str, &'f [u8]);

/// A form of fields and files.
fn form(fields: &[(&str, &str)], files: &[File<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    body
}

struct Desk<'t> {
    test: &'t TestApp,
    browser: Browser,
    world: World,
    ticket: tickets::Ticket,
}

impl<'t> Desk<'t> {
    async fn new(test: &'t TestApp) -> Self {
        let world = world(test).await;
        let new = incident(world.client, "No network drive");
        let ticket = tickets::open(&test.app, &world.requester, new).await.unwrap();
        Self { test, browser: Browser::new(test), world, ticket }
    }

    async fn cookie(&self, caller: &Caller) -> String {
        self.browser.sign_in(self.test, &self.test.operator(), caller.membership.unwrap()).await
    }

    async fn ask(&self, (method, path): (Method, &str), headers: &[(&str, &str)], body: Vec<u8>) -> Response {
        let mut request = Request::builder().method(method).uri(path).header("host", "remit.example");
        for (name, value) in
            headers.iter().chain(&[("sec-fetch-site", "same-origin"), ("accept", "text/html")])
        {
            request = request.header(*name, *value);
        }
        self.browser.site.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    async fn write(&self, cookie: &str, visibility: &str, files: &[File<'_>]) -> (StatusCode, String) {
        let body = form(&[("visibility", visibility), ("text", "see this")], files);
        self.send(cookie, body).await
    }

    async fn send(&self, cookie: &str, body: Vec<u8>) -> (StatusCode, String) {
        let path = format!("/tickets/{}/lines", self.ticket.number);
        let headers = [("cookie", cookie), ("content-type", KIND)];
        let response = self.ask((Method::POST, &path), &headers, body).await;
        (response.status(), text(response).await)
    }

    /// The addresses of the attachments on the page of the ticket.
    async fn links(&self, cookie: &str) -> Vec<String> {
        let page = self.browser.get(&format!("/tickets/{}", self.ticket.number), cookie).await.text;
        let hrefs = page.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut links: Vec<String> =
            hrefs.filter(|href| href.contains("/attachments/")).map(str::to_owned).collect();
        links.sort();
        links.dedup();
        links
    }
}

async fn text(response: Response) -> String {
    String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[test]
fn what_comes_with_a_line_goes_out_to_whoever_reads_it() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let it = desk.cookie(&desk.world.it).await;
        let (status, _) = desk.write(&it, "teams", &[("Screen.png", PNG), ("again.png", PNG)]).await;
        assert_eq!((status, files(test)), (StatusCode::SEE_OTHER, 1), "the same bytes are one file");
        let links = desk.links(&it).await;
        assert_eq!(links.len(), 2);
        let response = desk.ask((Method::GET, &links[0]), &[("cookie", &it)], Vec::new()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let headers = [
            ("content-type", "image/png"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "private, no-cache"),
            ("accept-ranges", "bytes"),
        ];
        for (name, value) in headers {
            assert_eq!(header(&response, name), value, "{name}");
        }
        assert!(header(&response, "content-disposition").starts_with("inline; filename=\""));
        let etag = header(&response, "etag").to_owned();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), PNG);
        let known = [("cookie", it.as_str()), ("if-none-match", etag.as_str())];
        assert_eq!(
            desk.ask((Method::GET, &links[0]), &known, Vec::new()).await.status(),
            StatusCode::NOT_MODIFIED
        );
        let part = [("cookie", it.as_str()), ("range", "bytes=1-3")];
        let part = desk.ask((Method::GET, &links[0]), &part, Vec::new()).await;
        assert_eq!((part.status(), text(part).await.as_str()), (StatusCode::PARTIAL_CONTENT, "PNG"));
        let requester = desk.cookie(&desk.world.requester).await;
        let never = links[0].replace(&links[0][links[0].len() - 4..], "0000");
        let (hidden, absent) =
            (desk.browser.get(&links[0], &requester).await, desk.browser.get(&never, &requester).await);
        assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(hidden.text.replace(&links[0], ""), absent.text.replace(&never, ""));
        let noted =
            test.app.read(&test.operator(), |tx, act| crate::audit::list(tx, act, None, 200)).await.unwrap();
        let reads = noted.iter().filter(|line| line.action == "attachment.read").count();
        assert_eq!(reads, 2, "each answer with bytes is noted, and nothing else");
    });
}

#[test]
fn what_could_run_goes_out_to_be_kept() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let requester = desk.cookie(&desk.world.requester).await;
        let page = ("page.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]);
        let drawing = ("a.svg", &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..]);
        assert_eq!(desk.write(&requester, "public", &[page, drawing]).await.0, StatusCode::SEE_OTHER);
        for link in desk.links(&requester).await {
            let response = desk.ask((Method::GET, &link), &[("cookie", &requester)], Vec::new()).await;
            assert_eq!(header(&response, "content-type"), "application/octet-stream");
            assert!(header(&response, "content-disposition").starts_with("attachment; "));
        }
    });
}

#[test]
fn what_is_refused_leaves_nothing_and_what_was_typed_is_kept() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let cookie = desk.cookie(&desk.world.requester).await;
        let eleven: Vec<File<'_>> = vec![("a.txt", b"a"); 11];
        let cases: [(&[File<'_>], &str); 5] = [
            (&[("Invoice.png", PROGRAM)], "says that it is a PNG picture, and is a Windows program"),
            (&[("setup.exe", PROGRAM)], "pack it into a ZIP file"),
            (&[("empty.txt", b"")], "“empty.txt” is empty"),
            (&[("good.txt", b"good"), ("fix.ps1", b"Get-Host")], "pack it into a ZIP file"),
            (&eleven, "Choose at most 10 files"),
        ];
        for (sent, why) in cases {
            let (status, page) = desk.write(&cookie, "public", sent).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
            assert!(page.contains(why), "{why}: {page}");
            assert!(page.contains("see this"), "what was typed is kept");
            assert_eq!(files(test), 0, "{why}");
        }
        let closed = form(&[("visibility", "teams"), ("text", "x")], &[("a.txt", b"a")]);
        assert_eq!(
            desk.send(&cookie, closed).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "who may not write so"
        );
        assert_eq!(files(test), 0);
    });
}

#[test]
fn a_file_over_the_limit_is_cut_off_and_one_at_it_is_taken() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let cookie = desk.cookie(&desk.world.requester).await;
        let large = vec![b'x'; LARGEST + 1];
        let (status, page) = desk.write(&cookie, "public", &[("large.txt", &large)]).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(page.contains("“large.txt” is larger than 25 MB") && page.contains("see this"), "{page}");
        assert_eq!(files(test), 0);
        assert_eq!(
            desk.write(&cookie, "public", &[("large.txt", &large[1..])]).await.0,
            StatusCode::SEE_OTHER
        );
        assert_eq!(files(test), 1);
    });
}

#[test]
fn a_form_that_breaks_off_leaves_nothing() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let cookie = desk.cookie(&desk.world.requester).await;
        let mut whole =
            form(&[("visibility", "public"), ("text", "x")], &[("a.txt", &vec![b'x'; 1_000_000])]);
        whole.truncate(700_000);
        assert_eq!(desk.send(&cookie, whole).await.0, StatusCode::BAD_REQUEST);
        assert_eq!((files(test), desk.links(&cookie).await.len()), (0, 0));
    });
}

#[test]
fn a_new_ticket_comes_with_files_and_hostile_names_are_harmless() {
    on_each(async |test| {
        let desk = Desk::new(test).await;
        let cookie = desk.cookie(&desk.world.requester).await;
        let fields = [("subject", "Broken"), ("text", ""), ("impact", "low"), ("urgency", "low")];
        let named = [("../../<b>x</b>.txt", &b"one"[..]), ("tekst\u{202e}fdp.txt", &b"two"[..])];
        let headers = [("cookie", cookie.as_str()), ("content-type", KIND)];
        let made = desk.ask((Method::POST, "/tickets/new"), &headers, form(&fields, &named)).await;
        assert_eq!(made.status(), StatusCode::SEE_OTHER);
        let page = desk.browser.get(header(&made, "location"), &cookie).await.text;
        assert!(page.contains("b&#62;.txt") || page.contains("b&gt;.txt"), "{page}");
        assert!(
            page.contains("tekstfdp.txt") && !page.contains('\u{202e}') && !page.contains("<b>x"),
            "{page}"
        );
    });
}
