//! What is done later, and by whom.

use remit_core::At;
pub use remit_jobs::upkeep::{Dead, Depth, dead, depths, revive};
use remit_jobs::{Handlers, Outside};

use crate::App;
use crate::api;
use crate::attachments;
use crate::mail::{self, MailSettings};
use crate::recurring;
use crate::refused::Refused;
use crate::search;
use crate::tickets;

impl Outside for App {
    fn now(&self) -> At {
        self.now()
    }

    fn bits(&self) -> u128 {
        let mut bits = [0; 16];
        self.random().fill(&mut bits);
        u128::from_be_bytes(bits)
    }
}

/// All kinds of work that the product knows. Without settings for mail, letters wait. Says what is wrong with the settings.
pub fn handlers(app: &App, mail: Option<&MailSettings>) -> Result<Handlers, String> {
    let handlers = attachments::handlers(app, api::handlers(app, Handlers::new()));
    let handlers = recurring::handlers(app, tickets::handlers(app, handlers));
    let handlers = tickets::outcome::handlers(app, handlers);
    if let Some(settings) = mail {
        mail::handlers(app, handlers, settings)
    } else {
        tracing::warn!("no mail server is named: letters wait in the queue until one is");
        Ok(handlers)
    }
}

/// Sees to it that what comes again comes. Called at every start.
pub async fn schedule(app: &App) -> Result<(), Refused> {
    search::at_start(app).await?;
    api::schedule(app).await?;
    attachments::schedule(app).await?;
    tickets::schedule(app).await?;
    tickets::outcome::schedule(app).await?;
    recurring::schedule(app).await
}

/// A worker that does them.
#[cfg(test)]
pub(crate) fn worker(app: &App, mail: Option<&MailSettings>) -> Result<remit_jobs::Worker, String> {
    Ok(remit_jobs::Worker::new(
        std::sync::Arc::clone(&app.db),
        std::sync::Arc::new(app.clone()),
        handlers(app, mail)?,
    ))
}

/// How many letters wait; for the operator who has not said how mail is sent.
pub async fn letters_waiting(app: &App) -> Result<i64, Refused> {
    let depths = depths(&app.db, app.now()).await?;
    Ok(depths.iter().find(|depth| depth.queue == mail::QUEUE).map_or(0, |depth| depth.waiting))
}
