//! What is done later, by whom: the worker of this process, with all kinds of work that the product knows.

use std::sync::Arc;

use remit_core::At;
use remit_jobs::{Handlers, Outside, Worker, upkeep};

use crate::App;
use crate::api;
use crate::mail::{self, MailSettings};
use crate::refused::Refused;

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

/// The worker of this process. Without settings for mail, letters wait. Says what is wrong with the settings.
pub fn worker(app: &App, mail: Option<&MailSettings>) -> Result<Worker, String> {
    let handlers = api::handlers(app, Handlers::new());
    let handlers = if let Some(settings) = mail {
        mail::handlers(app, handlers, settings)?
    } else {
        tracing::warn!("no mail server is named: letters wait in the queue until one is");
        handlers
    };
    Ok(Worker::new(Arc::clone(&app.db), Arc::new(app.clone()), handlers))
}

/// How many letters wait; for the operator who has not said how mail is sent.
pub async fn letters_waiting(app: &App) -> Result<i64, Refused> {
    let depths = upkeep::depths(&app.db, app.now()).await?;
    Ok(depths.iter().find(|depth| depth.queue == mail::QUEUE).map_or(0, |depth| depth.waiting))
}
