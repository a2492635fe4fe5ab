//! How attachments come in: counted, cut off where they are too large, and looked at before anything is kept.

use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use remit_web::limits::Limit;
use remit_web::upload::{Coming, Part};
use remit_web::{Error, Form, Upload};
use tokio::task::spawn_blocking;

use super::store::{Incoming, Store};
use super::{AN_HOUR, FORM, LARGEST, MOST, Received, media, name};
use crate::App;
use crate::act::Caller;
use crate::refused::Refused;
use crate::site::Site;

/// The field of a form in which they are chosen.
pub(crate) const FIELD: &str = "files";
/// What is said where nothing was kept.
pub(crate) const CHOOSE_AGAIN: &str = "Nothing was kept: choose your files again.";
/// Bytes that are written at once.
const PIECE: usize = 256 * 1024;
/// The longest that is kept of what a file was said to be, in characters.
const LONGEST_SAID: usize = 100;

/// A form that was sent, and the files with it.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// What was typed, and what is wrong with it or with the files.
    pub form: Form,
    files: Vec<Waiting>,
    had_files: bool,
    /// Whether a file was larger than may be.
    too_large: bool,
}

/// A file that came whole, and is gone unless it is kept.
#[derive(Debug)]
pub(crate) struct Waiting {
    incoming: Incoming,
    name: String,
    said: String,
    media: &'static str,
}

/// How often somebody may send a file.
pub(crate) fn limit() -> Limit {
    let count = NonZeroU32::new(AN_HOUR).expect("it is more than none");
    Limit::new("attachments", count, Duration::from_hours(1))
}

impl Sent {
    /// The status of the page that shows the form again.
    pub fn status(&self) -> StatusCode {
        if self.too_large { StatusCode::PAYLOAD_TOO_LARGE } else { self.form.status() }
    }

    /// Whether files were sent, whatever became of them.
    pub fn had_files(&self) -> bool {
        self.had_files
    }

    /// Whether there are any files.
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Keeps the files: from here on their bytes are on the disk.
    pub async fn keep(&mut self, app: &App, caller: &Caller) -> Result<Vec<Received>, Error> {
        let mut kept = Vec::new();
        for file in std::mem::take(&mut self.files) {
            kept.push(file.keep(app, caller).await?);
        }
        Ok(kept)
    }
}

impl Waiting {
    /// Keeps its bytes.
    pub async fn keep(self, app: &App, caller: &Caller) -> Result<Received, Error> {
        let store = Arc::clone(app.store()?);
        let (provider, at) = (caller.provider, app.now());
        let Self { incoming, name, said, media } = self;
        let size = i64::try_from(incoming.size).expect("it is not larger than may be");
        let hash = outside(move || store.keep(provider, incoming, at)).await?;
        Ok(Received { name, size, media: media.to_owned(), said, hash: hash.to_hex().to_string() })
    }

    /// Tells its bytes from others.
    pub fn hash(&self) -> blake3::Hash {
        self.incoming.hash()
    }
}

/// Reads a form, with files or without.
pub(crate) async fn receive(site: &Site, caller: &Caller, request: Request) -> Result<Sent, Error> {
    if !Upload::is(&request) {
        return Ok(Sent { form: Form::from_request(request, site).await?, ..Sent::default() });
    }
    let mut upload = Upload::of(request, site, FORM).await?;
    let (mut fields, mut wrong, mut sent) = (Vec::new(), Vec::new(), Sent::default());
    let mut seen = 0;
    while let Some(part) = upload.next().await? {
        let mut file = match part {
            Part::Field(name, value) => {
                fields.push((name, value));
                continue;
            }
            Part::File(file) if file.field != FIELD => {
                return Err(Error::malformed("This form takes no file in that field."));
            }
            Part::File(file) => file,
        };
        if file.name.is_empty() {
            // A browser sends this where nothing was chosen.
            continue;
        }
        (seen, sent.had_files) = (seen + 1, true);
        if seen > MOST {
            wrong.push(format!("Choose at most {MOST} files."));
            break;
        }
        match one(site, caller, &mut file).await? {
            Ok(waiting) => sent.files.push(waiting),
            Err(why) => {
                sent.too_large |= why.too_large;
                wrong.push(why.words);
            }
        }
    }
    sent.form = Form::filled(fields);
    for words in wrong {
        sent.form.wrong(FIELD, words);
    }
    if !sent.form.valid() {
        sent.form.wrong(FIELD, CHOOSE_AGAIN);
        sent.files.clear();
    }
    Ok(sent)
}

/// Why a file is not taken.
pub(crate) struct NotTaken {
    /// In words.
    pub words: String,
    /// Whether it is larger than may be.
    pub too_large: bool,
}

/// Reads one file of a form. What comes after the largest that may be is not kept.
async fn one(
    site: &Site,
    caller: &Caller,
    file: &mut Coming<'_>,
) -> Result<Result<Waiting, NotTaken>, Error> {
    let mut receiving = Receiving::begin(site, caller, (&file.name, &file.said)).await?;
    while let Some(bytes) = file.chunk().await? {
        receiving.add(&bytes).await?;
    }
    receiving.end().await
}

/// Reads a body that is one file.
pub(crate) async fn waiting(
    site: &Site,
    caller: &Caller,
    (name, request): (&str, Request),
) -> Result<Waiting, Error> {
    use http_body_util::BodyExt as _;
    let said = request.headers().get(axum::http::header::CONTENT_TYPE);
    let said = said.and_then(|said| said.to_str().ok()).unwrap_or_default().to_owned();
    let mut receiving = Receiving::begin(site, caller, (name, &said)).await?;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::malformed("The file broke off."))?;
        if let Some(bytes) = frame.data_ref() {
            receiving.add(bytes).await?;
        }
        if receiving.size > LARGEST {
            return Err(Error::TooLarge(LARGEST));
        }
    }
    receiving.end().await?.map_err(|why| Error::field("name", why.words))
}

/// A file on its way to the disk.
struct Receiving {
    incoming: Option<Incoming>,
    piece: Vec<u8>,
    size: usize,
    name: String,
    said: String,
}

impl Receiving {
    async fn begin(site: &Site, caller: &Caller, (name, said): (&str, &str)) -> Result<Self, Error> {
        let who = caller.membership.map(|id| id.to_string()).unwrap_or_default();
        site.uploads.check(&who)?;
        let (store, random) = (Arc::clone(site.app.store()?), site.app.random_bits());
        let incoming = outside(move || store.begin(&*random)).await?;
        let said = said.chars().filter(|c| !c.is_control()).take(LONGEST_SAID).collect();
        Ok(Self { incoming: Some(incoming), piece: Vec::new(), size: 0, name: name::cleaned(name), said })
    }

    async fn add(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.size = self.size.saturating_add(bytes.len());
        if self.size > LARGEST {
            // What was written goes at once.
            self.incoming = None;
            self.piece = Vec::new();
            return Ok(());
        }
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let piece = std::mem::take(&mut self.piece);
        if let Some(mut incoming) = self.incoming.take() {
            let written = outside(move || incoming.write(&piece).map(|()| incoming));
            self.incoming = Some(written.await?);
        }
        Ok(())
    }

    async fn end(mut self) -> Result<Result<Waiting, NotTaken>, Error> {
        self.flush().await?;
        let Self { incoming, name, said, .. } = self;
        let not = |words: String, too_large| Ok(Err(NotTaken { words, too_large }));
        let Some(incoming) = incoming else {
            let most = LARGEST / (1024 * 1024);
            return not(format!("“{name}” is larger than {most} MB, which is the most that is taken."), true);
        };
        if incoming.size == 0 {
            return not(format!("“{name}” is empty."), false);
        }
        match media::told(&incoming.head, &name) {
            Ok(media) => Ok(Ok(Waiting { incoming, name, said, media })),
            Err(why) => not(format!("{why}."), false),
        }
    }
}

/// Does something with the disk, beside the threads that answer.
pub(super) async fn outside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = spawn_blocking(work).await.map_err(Error::internal)?;
    done.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            tracing::error!(%error, "no room for attachments");
            Error::NoRoom
        }
        _ => Error::internal(error),
    })
}

/// A file in the store, as if it had come in.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn received(app: &App, caller: &Caller, (name, bytes): (&str, &[u8])) -> Received {
    let store = app.stored().expect("tests have a store");
    let mut incoming = store.begin(app.random()).expect("a file begins");
    incoming.write(bytes).expect("it is written");
    let hash = store.keep(caller.provider, incoming, app.now()).expect("it is kept");
    Received {
        name: name::cleaned(name),
        size: i64::try_from(bytes.len()).expect("it is small"),
        media: media::told(bytes, name).expect("it is harmless").to_owned(),
        said: String::new(),
        hash: hash.to_hex().to_string(),
    }
}

impl App {
    /// Where attachments stand.
    pub(crate) fn store(&self) -> Result<&Arc<Store>, Refused> {
        let none = "this installation has no place for attachments";
        self.stored().ok_or_else(|| Refused::Conflict(none.to_owned()))
    }
}
