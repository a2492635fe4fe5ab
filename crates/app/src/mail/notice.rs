//! Letters about tickets. What was written is read as whoever the letter is for, when it is sent: nobody is mailed what they may not read.

use askama::Template;
use lettre::message::Mailbox;
use remit_core::{At, Id};
use remit_db::{System, Tx};
use remit_jobs::{Failed, Task};
use uuid::Uuid;

use super::letter::Envelope;
use super::send::Sender;
use crate::act::Caller;
use crate::notices::{self, Notice, What};
use crate::people::{Membership, State};
use crate::ratings::{self, Grade, Slip};
use crate::refused::Refused;
use crate::sign_in;
use crate::tickets;

/// The longest text that is mailed; all of it stands in the ticket.
const LONGEST: usize = 8 * 1024;

/// What stands in a letter about a ticket.
#[derive(Debug)]
pub(super) struct Words {
    name: String,
    email: String,
    notice: Notice,
    /// What was written, and by whom; empty where nothing was, or where they may not read it.
    text: String,
    by: String,
    link: String,
    /// Where whoever asked for it says how it was, without signing in; empty where that is not asked.
    rate: String,
    wishes: String,
}

#[derive(Template)]
#[template(path = "mail/notice.txt")]
struct Plain<'w> {
    words: &'w Words,
}

#[derive(Template)]
#[template(path = "mail/notice.html")]
struct Html<'w> {
    words: &'w Words,
}

impl Words {
    /// Where it goes.
    pub(super) fn email(&self) -> &str {
        &self.email
    }

    /// The whole message.
    pub(super) fn message(&self, sender: &Mailbox, id: Uuid, at: At) -> Result<lettre::Message, String> {
        let plain = Plain { words: self }.render().expect("a letter is written to a text");
        let html = Html { words: self }.render().expect("a letter is written to a text");
        let subject = format!("#{} {}", self.notice.number, self.notice.subject);
        let about = Some(self.notice.ticket.uuid());
        Envelope { name: &self.name, email: &self.email, subject, about }.message(
            (plain, html),
            sender,
            (id, at),
        )
    }
}

/// What stands in the letter; nothing when whom it is for cannot sign in any more, or may not see the ticket any more.
pub(super) async fn words(
    sender: &Sender,
    task: &Task,
    (notice, membership): (Id<Notice>, Id<Membership>),
) -> Result<Option<Words>, Failed> {
    let Some(provider) = task.provider else {
        return Err(Failed::ForGood("a letter of no provider".to_owned()));
    };
    let app = sender.app.clone();
    let again = |refused: Refused| Failed::Again(refused.to_string());
    let who = app.db.system_read("whoever a letter is for", move |tx: &mut Tx<'_, '_, System>| {
        sign_in::mailed_member(tx, provider, membership)
    });
    let Some((provider, state, member)) = who.await.map_err(again)? else { return Ok(None) };
    if matches!(state, State::Suspended | State::Left) {
        return Ok(None);
    }
    let caller = Caller::member(provider, None, &member);
    let read = app.read(&caller, move |tx, act| {
        let Some(found) = notices::find(tx, act, notice)? else { return Ok(None) };
        let ticket = tickets::find(tx, act, found.ticket)?;
        let line = tickets::lines(tx, act, &ticket, (found.seq - 1, 1))?.into_iter().next();
        let says = |line: &tickets::Line| {
            use tickets::Happened as H;
            matches!(line.happened, H::Wrote { .. } | H::ApprovalAsked { .. } | H::Rated { .. })
        };
        let rates = found.what == What::Solved && ratings::may_rate(act, &ticket).is_ok();
        Ok(Some((found, line.filter(says), rates)))
    });
    let found = match read.await {
        Ok(found) => found,
        Err(Refused::NotFound | Refused::Forbidden(_)) => None,
        Err(refused) => return Err(again(refused)),
    };
    let Some((notice, line, rates)) = found else { return Ok(None) };
    // The line after the one that is meant is another one: it was not theirs to read.
    let line = line.filter(|line| line.seq == notice.seq);
    let (text, by) = line.map(|wrote| (shortened(told(&wrote)), wrote.name)).unwrap_or_default();
    let address = format!("{}/tickets/{}", sender.pages, notice.number);
    let wishes = format!("{}/notices", sender.pages);
    let slip = Slip { provider: provider.uuid(), ticket: notice.ticket, membership };
    let rate = if rates { format!("{}/rate/{}", sender.pages, slip.write(&app)) } else { String::new() };
    Ok(Some(Words { name: member.name, email: member.email, notice, text, by, link: address, rate, wishes }))
}

/// What somebody wrote or asked, and the names of what came with it; the files themselves are read where it is seen who reads them.
fn told(line: &tickets::Line) -> String {
    if let tickets::Happened::ApprovalAsked { question, .. } = &line.happened {
        return if line.text.is_empty() { question.clone() } else { format!("{question}\n\n{}", line.text) };
    }
    let names: Vec<&str> = line.happened.files().iter().map(|file| file.name.as_str()).collect();
    match (line.text.as_str(), names.as_slice()) {
        (text, []) => text.to_owned(),
        ("", names) => format!("Attached: {}", names.join(", ")),
        (text, names) => format!("{text}\n\nAttached: {}", names.join(", ")),
    }
}

fn shortened(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
