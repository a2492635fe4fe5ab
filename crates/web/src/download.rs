//! Files that go out: whole or one part of them (RFC 9110, section 14), with a name for whoever keeps them (RFC 6266, RFC 8187).

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

use crate::etag::Etag;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// What a file that somebody sent may do in a browser: nothing.
const POLICY: &str = "sandbox; default-src 'none'";

/// A file, and how it is given.
#[derive(Debug)]
pub struct Download {
    /// The bytes.
    pub file: File,
    /// How many there are.
    pub size: u64,
    /// What tells these bytes from others.
    pub etag: Etag,
    /// What they are.
    pub media: String,
    /// What it is called.
    pub name: String,
    /// Whether a browser may show it rather than keep it.
    pub shown: bool,
}

/// What is asked for of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    Beyond,
}

impl Download {
    /// The whole of it, or the part that is asked for. Whether the caller has it already is asked before, with [`Etag::unchanged`].
    pub fn answer(self, headers: &HeaderMap) -> Response {
        let (status, range) = match wanted(headers, self.size, &self.etag) {
            Wanted::Whole => (StatusCode::OK, 0..self.size),
            Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Wanted::Beyond => {
                let none = format!("bytes */{}", self.size);
                return (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, none)]).into_response();
            }
        };
        let mut response = (status, body(self.file, range.clone())).into_response();
        let told = response.headers_mut();
        let part = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), self.size);
        let all = [
            (CONTENT_TYPE, Some(self.media)),
            (CONTENT_DISPOSITION, Some(disposition(self.shown, &self.name))),
            (CONTENT_SECURITY_POLICY, Some(POLICY.to_owned())),
            (CONTENT_LENGTH, Some((range.end - range.start).to_string())),
            (ACCEPT_RANGES, Some("bytes".to_owned())),
            (CONTENT_RANGE, (status == StatusCode::PARTIAL_CONTENT).then_some(part)),
        ];
        for (name, value) in all {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                told.insert(name, value);
            }
        }
        self.etag.on(response)
    }
}

/// One part, if one is asked for that can be given; of several, and of what cannot be read, the whole.
fn wanted(headers: &HeaderMap, size: u64, etag: &Etag) -> Wanted {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    // Parts of two versions are never put together.
    if text(IF_RANGE).is_some_and(|known| known != etag.to_string()) {
        return Wanted::Whole;
    }
    let Some((first, last)) =
        text(RANGE).and_then(|range| range.strip_prefix("bytes=")?.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    match (first, last, number(first), number(last)) {
        ("", _, _, Some(0)) => Wanted::Beyond,
        ("", _, _, Some(end)) if size > 0 => Wanted::Part(size.saturating_sub(end)..size),
        (_, "", Some(first), _) if first < size => Wanted::Part(first..size),
        (_, _, Some(first), Some(last)) if first <= last && first < size => {
            Wanted::Part(first..last.saturating_add(1).min(size))
        }
        (_, "", Some(_), _) | ("", _, _, Some(_)) => Wanted::Beyond,
        (_, _, Some(first), Some(last)) if first <= last => Wanted::Beyond,
        _ => Wanted::Whole,
    }
}

/// The bytes of a range, piece by piece.
fn body(file: File, range: Range<u64>) -> Body {
    let pieces = try_unfold((file, range), async |(mut file, range): (File, Range<u64>)| {
        if range.is_empty() {
            return Ok::<_, io::Error>(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let most = usize::try_from(range.end - range.start).unwrap_or(PIECE).min(PIECE);
            let mut piece = vec![0; most];
            file.seek(SeekFrom::Start(range.start))?;
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
            }
            piece.truncate(read);
            Ok((piece, file, range.start + read as u64..range.end))
        });
        let (piece, file, left) = read.await.map_err(io::Error::other)??;
        Ok(Some((Bytes::from(piece), (file, left))))
    });
    Body::from_stream(Box::pin(pieces))
}

/// `Content-Disposition`: the name in ASCII for old programs, and as it is for all others.
fn disposition(shown: bool, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let kind = if shown { "inline" } else { "attachment" };
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}
