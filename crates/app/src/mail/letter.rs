//! Letters written out.

use std::time::{Duration, SystemTime};

use askama::Template;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, MultiPartKind, SinglePart};
use remit_core::At;
use uuid::Uuid;

use super::Letter;

/// What stands in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// Which letter.
    pub letter: Letter,
    /// The provider's name.
    pub provider: String,
    /// The addressee's name.
    pub name: String,
    /// The addressee's address.
    pub email: String,
    /// Where they sign in.
    pub link: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Plain<'w> {
    words: &'w Words,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'w> {
    words: &'w Words,
}

impl Words {
    pub(super) fn invited(&self) -> bool {
        matches!(self.letter, Letter::Invitation { .. })
    }

    fn subject(&self) -> String {
        if self.invited() {
            format!("{} invites you", one_line(&self.provider))
        } else {
            format!("Your link to sign in at {}", one_line(&self.provider))
        }
    }

    /// The whole message. Everything in it is made of its arguments, so that it is the same in every try.
    pub(super) fn message(&self, sender: &Mailbox, id: Uuid, at: At) -> Result<lettre::Message, String> {
        let plain = Plain { words: self }.render().expect("a letter is written to a text");
        let html = Html { words: self }.render().expect("a letter is written to a text");
        let subject = self.subject();
        let envelope = Envelope { name: &self.name, email: &self.email, subject, about: None };
        envelope.message((plain, html), sender, (id, at))
    }
}

/// What stands on a letter.
#[derive(Debug)]
pub(super) struct Envelope<'w> {
    /// The addressee's name.
    pub name: &'w str,
    /// The addressee's address.
    pub email: &'w str,
    /// What it is about.
    pub subject: String,
    /// The ticket that it is about: mail programs show all letters about it together.
    pub about: Option<Uuid>,
}

impl Envelope<'_> {
    /// The message, as text and as HTML.
    pub(super) fn message(
        self,
        (plain, html): (String, String),
        sender: &Mailbox,
        (id, at): (Uuid, At),
    ) -> Result<lettre::Message, String> {
        let domain = sender.email.domain();
        let address =
            self.email.parse().map_err(|error| format!("the address cannot be written to: {error}"))?;
        let part = |kind: ContentType, text: String| SinglePart::builder().header(kind).body(text);
        let body = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("remit-{}", id.simple()))
            .singlepart(part(ContentType::TEXT_PLAIN, plain))
            .singlepart(part(ContentType::TEXT_HTML, html));
        // RFC 3834: nobody's absence note answers it.
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        let mut builder = lettre::Message::builder()
            .from(sender.clone())
            .to(Mailbox::new(Some(one_line(self.name)), address))
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{}@{domain}>", id.as_hyphenated())))
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(at.millis().max(0).unsigned_abs()));
        if let Some(about) = self.about {
            builder = builder.references(format!("<ticket-{}@{domain}>", about.as_hyphenated()));
        }
        builder
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .multipart(body)
            .map_err(|error| format!("the letter cannot be written: {error}"))
    }
}

/// A name as it can stand in a header.
pub(super) fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
