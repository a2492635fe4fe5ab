//! What is sent to people by mail.
//!
//! A **letter** says what is to be told to whom, by ids. It is a job in the queue `mail`, added by the unit of work that causes it; it is
//! written out when it is sent. Its Message-ID is made of the job's id, so that a second copy, sent because a worker was lost between
//! sending and noting it, can be told by whoever gets it.
//!
//! Rules: no secret waits in the queue. The secret of a link is made when the letter is sent, out of the job's id and a key that is not in
//! the database: so each try sends the same link, and neither the queue nor a backup of the database holds one, before or after.
//! What waits longer than a link is good for is sent with a link that is good from then on. Nobody but the owner of an address is told
//! whether it is known here.
//!
//! Without [`MailSettings`], letters wait, and the operator is told how many.

mod ask;
mod letter;
mod notice;
mod send;
#[cfg(test)]
mod tests;

use remit_core::Id;
use remit_db::Tx;
use remit_jobs::{Backoff, Handlers, Order, Work, enqueue};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::act::Act;
use crate::clients::Client;
use crate::notices::Notice;
use crate::people::Membership;
use crate::refused::Refused;

pub use ask::{Asking, ask_for_link};
pub use send::{Encryption, Login, MailSettings};

/// The queue that letters wait in.
pub const QUEUE: &str = "mail";

/// What is told to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// Somebody was invited, and can sign in.
    Invitation {
        /// Who.
        membership: Id<Membership>,
    },
    /// Something happened to a ticket that concerns somebody.
    Notice {
        /// What.
        notice: Id<Notice>,
        /// Whom.
        membership: Id<Membership>,
    },
    /// Somebody asked for a link to sign in with.
    Link {
        /// Who.
        membership: Id<Membership>,
    },
}

impl Work for Letter {
    const KIND: &'static str = "mail.letter";
    const QUEUE: &'static str = QUEUE;
}

/// Thirty tries over about a day: a mail server that is being moved comes back.
const POLICY: remit_jobs::handlers::Policy = remit_jobs::handlers::Policy {
    backoff: Backoff {
        first: remit_core::Millis::from_millis(30_000),
        longest: remit_core::Millis::from_hours(2),
        tries: 30,
    },
    timeout: remit_core::Millis::from_minutes(2),
};

/// Sends a letter once this unit of work is kept.
pub fn post(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
    letter: &Letter,
) -> Result<(), Refused> {
    let order = Order::new(act.id::<Posted>().uuid(), act.at).client(client.map(Id::uuid));
    enqueue(tx, letter, order)?;
    Ok(())
}

/// Names a letter that was posted.
pub(crate) enum Posted {}

impl remit_core::Kind for Posted {
    const PREFIX: &'static str = "mail";
}

/// Adds those who send letters. Says what is wrong with the settings.
pub fn handlers(app: &App, handlers: Handlers, settings: &MailSettings) -> Result<Handlers, String> {
    let sender = send::Sender::new(app.clone(), settings)?;
    let app = app.clone();
    Ok(handlers
        .add(POLICY, move |task, letter| send::send(sender.clone(), task, letter))
        .add(POLICY, move |task, asked| ask::answer(app.clone(), task, asked)))
}
