use std::io::Write;

use super::*;
use crate::testing::{header, text};

fn range(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(RANGE, value.parse().unwrap())])
}

fn download() -> Download {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"0123456789").unwrap();
    let name = "Plan “é\".pdf".to_owned();
    Download { file, size: 10, etag: Etag::of(b"x"), media: "application/pdf".to_owned(), name, shown: false }
}

#[test]
fn one_part_is_given_and_nothing_else_is_a_part() {
    let etag = Etag::of(b"x");
    let cases = [
        ("bytes=0-0", Wanted::Part(0..1)),
        ("bytes=2-5", Wanted::Part(2..6)),
        ("bytes=2-", Wanted::Part(2..10)),
        ("bytes=-3", Wanted::Part(7..10)),
        ("bytes=-30", Wanted::Part(0..10)),
        ("bytes=5-99", Wanted::Part(5..10)),
        ("bytes=10-", Wanted::Beyond),
        ("bytes=10-12", Wanted::Beyond),
        ("bytes=-0", Wanted::Beyond),
        ("bytes=5-2", Wanted::Whole),
        ("bytes=0-1,4-5", Wanted::Whole),
        ("bytes=+1-2", Wanted::Whole),
        ("bytes=-", Wanted::Whole),
        ("lines=1-2", Wanted::Whole),
        ("bytes=99999999999999999999-", Wanted::Whole),
        ("bytes=0-18446744073709551615", Wanted::Part(0..10)),
    ];
    for (text, expected) in cases {
        assert_eq!(wanted(&range(text), 10, &etag), expected, "{text}");
    }
    assert_eq!(wanted(&range("bytes=0-"), 0, &etag), Wanted::Beyond);
    assert_eq!(wanted(&HeaderMap::new(), 10, &etag), Wanted::Whole);
}

#[test]
fn a_part_is_of_the_version_that_is_meant() {
    let etag = Etag::of(b"x");
    let mut headers = range("bytes=0-1");
    headers.insert(IF_RANGE, etag.to_string().parse().unwrap());
    assert_eq!(wanted(&headers, 10, &etag), Wanted::Part(0..2));
    headers.insert(IF_RANGE, "\"other\"".parse().unwrap());
    assert_eq!(wanted(&headers, 10, &etag), Wanted::Whole);
}

#[tokio::test]
async fn the_bytes_come_with_what_keeps_them_harmless() {
    let response = download().answer(&HeaderMap::new());
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header(&response, "content-length"), "10");
    let named = "attachment; filename=\"Plan ___.pdf\"; filename*=UTF-8''Plan%20%E2%80%9C%C3%A9%22.pdf";
    assert_eq!(header(&response, "content-disposition"), named);
    assert_eq!(text(response).await, "0123456789");
    let part = download().answer(&range("bytes=3-5"));
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 3-5/10"));
    assert_eq!(text(part).await, "345");
    let beyond = download().answer(&range("bytes=30-"));
    assert_eq!((beyond.status().as_u16(), header(&beyond, "content-range")), (416, "bytes */10"));
}
