use std::fmt::Write as _;

use axum::Router;
use axum::routing::post;

use super::*;
use crate::testing::{ask, send, text};

const KIND: (&str, &str) = ("content-type", "multipart/form-data; boundary=b");

async fn told(request: Request) -> Result<String, Error> {
    let mut upload = Upload::of(request, &(), 400).await?;
    let mut all = String::new();
    loop {
        match upload.next().await? {
            None => return Ok(all),
            Some(Part::Field(name, value)) => write!(all, "{name}={value};").unwrap(),
            Some(Part::File(mut file)) => {
                let mut bytes = 0;
                while let Some(some) = file.chunk().await? {
                    bytes += some.len();
                }
                write!(all, "{}:{}:{bytes};", file.field, file.name).unwrap();
            }
        }
    }
}

async fn sent(kind: (&str, &str), body: &str) -> (u16, String) {
    let site = Router::new().route("/", post(told));
    let response = ask(&site, send("POST", "/", &[kind], body)).await;
    (response.status().as_u16(), text(response).await)
}

fn part(head: &str, body: &str) -> String {
    format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
}

#[tokio::test]
async fn fields_and_files_come_in_their_order() {
    let body =
        part("name=\"text\"", "hello") + &part("name=\"files\"; filename=\"a.txt\"", "12345") + "--b--\r\n";
    assert_eq!(sent(KIND, &body).await, (200, "text=hello;files:a.txt:5;".to_owned()));
}

#[tokio::test]
async fn what_breaks_off_is_refused() {
    let whole = part("name=\"files\"; filename=\"a.txt\"", "12345") + "--b--\r\n";
    for end in [10, 60, 80, whole.len() - 8] {
        let (status, told) = sent(KIND, &whole[..end]).await;
        assert_eq!(status, 400, "{end}: {told}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_off() {
    let body = part("name=\"files\"; filename=\"a.txt\"", &"x".repeat(500)) + "--b--\r\n";
    assert_eq!(sent(KIND, &body).await.0, 413);
}

#[tokio::test]
async fn what_is_no_such_form_is_refused() {
    assert_eq!(sent(("content-type", "text/plain"), "x").await.0, 415);
    assert_eq!(sent(("content-type", "multipart/form-data"), "x").await.0, 400);
    assert_eq!(sent(KIND, &(part("name=\"a\0b\"", "x") + "--b--\r\n")).await.0, 400);
    assert_eq!(sent(KIND, &(part("name=\"a\"", "x\0") + "--b--\r\n")).await.0, 400);
}
