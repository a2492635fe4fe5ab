//! What its technicians say again and again.

use remit_db::Tx;

use crate::act::Act;
use crate::refused::Refused;
use crate::tickets::{MacroText, Of, Status, Visibility, add_macro};

/// A macro: its name, what it says, who reads it, and where the status goes then.
type Told = (&'static str, &'static str, Visibility, Option<Status>);

const MACROS: [Told; 4] = [
    (
        "Does it work again?",
        "Dear {first-name},\n\nwe have done something about “{subject}”. Please try it, and tell us whether it works now.\n\n{me}, {team}",
        Visibility::Public,
        Some(Status::WaitingRequester),
    ),
    (
        "We are on it",
        "Dear {first-name},\n\nwe are on it, and you hear from us by {due}.\n\n{me}, {team}",
        Visibility::Public,
        Some(Status::Working),
    ),
    (
        "What I see, for the other team",
        "On {today}, {client}:\nSeen: \nTried: \nStill to find out: ",
        Visibility::Teams,
        None,
    ),
    (
        "Solved, with thanks",
        "Dear {first-name},\n\nthank you, that helped: it is solved. If it comes back, answer here.\n\n{me}",
        Visibility::Public,
        Some(Status::Solved),
    ),
];

/// Writes them down for both teams of all clients.
pub(super) fn write_down(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    for (name, text, visibility, status) in MACROS {
        let (name, text) = (name.to_owned(), text.to_owned());
        add_macro(tx, act, &MacroText { name, of: Of::All, text, visibility, status, tags: Vec::new() })?;
    }
    Ok(())
}
