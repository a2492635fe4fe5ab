//! What becomes of attachments: who takes them away, where they go with a ticket, what is collected, what is found to be wrong.

mod keeping;

use remit_core::Id;

use super::*;
use crate::act::Caller;
use crate::testing::TestApp;
use crate::tickets::{self, Ticket, Visibility};

/// A file in the store, as if it had come in.
pub(crate) fn stored(test: &TestApp, caller: &Caller, file: (&str, &[u8])) -> Received {
    received(&test.app, caller, file)
}

/// Attaches a file to a ticket.
pub(crate) async fn attach(
    test: &TestApp,
    caller: &Caller,
    ticket: Id<Ticket>,
    (visibility, name, bytes): (Visibility, &str, &[u8]),
) -> Id<Attachment> {
    let file = stored(test, caller, (name, bytes));
    let write = test.app.write(caller, move |tx, act| {
        let ticket = tickets::write_with(tx, act, ticket, (visibility, "", &[file]))?;
        Ok(of(tx, act, &ticket)?.pop().expect("it is there").about.id)
    });
    write.await.expect("it is attached")
}

/// How many files there are in the store, those that are not whole yet included.
pub(crate) fn files(test: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        let paths = entries.map(|entry| entry.expect("it is read").path());
        paths.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(test.app.stored().expect("tests have a store").folder())
}
