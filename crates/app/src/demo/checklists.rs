//! What is to be done step by step, and what a hand-off has to say besides.

use remit_core::Id;
use remit_db::Tx;

use super::{Made, MadeClient};
use crate::act::{Act, Caller};
use crate::refused::Refused;
use crate::tickets::{
    Checklist, ChecklistText, FromStart, ItemState, Kind, Question, Side, Ticket, ToDo, View, attach,
    create_checklist, list, set_hand_off_form, tick,
};

/// An item: what, whether a ticket waits for it, and who does it.
type Step = (&'static str, bool, Side);
/// A checklist: its name, the kind and the service of tickets that have it from the start, and its items. One without a kind is put on by hand.
type Told = (&'static str, Option<(Kind, &'static str)>, &'static [Step]);

const LISTS: [Told; 4] = [
    (
        "Somebody starts",
        Some((Kind::Request, "users.onboarding")),
        &[
            ("Who they report to, and their first day", true, Side::Internal),
            ("Account, groups and mailbox", true, Side::Provider),
            ("Second factor is set up with them", true, Side::Provider),
            ("Device, badge and desk", true, Side::Internal),
            ("They were called on the second day", false, Side::Holder),
        ],
    ),
    (
        "Somebody leaves",
        Some((Kind::Request, "users.offboarding")),
        &[
            ("Sign-in is blocked and sessions are ended", true, Side::Provider),
            ("Who gets the mailbox and the files", true, Side::Internal),
            ("Devices and badge are back", true, Side::Internal),
            ("Licences are free again", false, Side::Provider),
        ],
    ),
    (
        "Before a change",
        Some((Kind::Change, "")),
        &[
            ("The way back is written down and was tried", true, Side::Holder),
            ("Whoever it meets knows when", true, Side::Internal),
            ("There is a backup of today", true, Side::Provider),
            ("It was looked at an hour later", false, Side::Holder),
        ],
    ),
    (
        "Before it is called solved",
        None,
        &[
            ("The one who reported it has tried it", true, Side::Holder),
            ("What helped is written down for the next time", false, Side::Holder),
        ],
    ),
];

/// What is asked besides: the service, and questions, each with whether an answer is needed.
type Form = (&'static str, &'static [(&'static str, bool)]);

const FORMS: [Form; 2] = [
    (
        "network",
        &[
            ("Number of the circuit", true),
            ("Lights of the router", false),
            ("Since when, and for whom", false),
        ],
    ),
    ("backup", &[("Which job, and its last good run", true), ("Was the store full?", false)]),
];

/// Tickets of each client that the provider has on its desk and that somebody goes through a list for.
const SHOWN: usize = 2;

/// Writes them down. The last is put on by hand.
pub(super) fn write_down(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    for (name, from_start, steps) in LISTS {
        let from_start =
            from_start.map(|(kind, service)| FromStart { kind: Some(kind), service: service.to_owned() });
        let to_do = |(text, required, side): &Step| ToDo {
            text: (*text).to_owned(),
            required: *required,
            side: *side,
        };
        let items = steps.iter().map(to_do).collect();
        create_checklist(tx, act, &ChecklistText { name: name.to_owned(), from_start, items })?;
    }
    for (service, questions) in FORMS {
        let asked =
            |(text, required): &(&str, bool)| Question { text: (*text).to_owned(), required: *required };
        let questions: Vec<Question> = questions.iter().map(asked).collect();
        set_hand_off_form(tx, act, (service, 0), &questions)?;
    }
    Ok(())
}

/// Puts the last of them on some open tickets of a client that the provider holds; of each second one what helped is written down.
pub(super) fn go_through(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (made, client): (&Made, &MadeClient),
    of: Id<Checklist>,
) -> Result<(), Refused> {
    let act = Act { caller: Caller::member(act.caller.provider, None, &made.manager), ..act.clone() };
    let newest = list(tx, &act, View::Client(client.id), (None, None, 50))?;
    let held = newest
        .into_iter()
        .map(|listed| listed.ticket)
        .filter(|ticket| ticket.status.is_open() && Some(ticket.party) == act.caller.party);
    let open: Vec<Id<Ticket>> = held.map(|ticket| ticket.id).take(SHOWN).collect();
    for (n, id) in open.into_iter().enumerate() {
        attach(tx, &act, id, of)?;
        if n % 2 == 0 {
            tick(tx, &act, (id, 2), (ItemState::Done, ""))?;
        }
    }
    Ok(())
}

/// The one that is put on by hand.
pub(super) fn by_hand(all: &[Checklist]) -> Option<Id<Checklist>> {
    all.iter().find(|list| list.text.from_start.is_none()).map(|list| list.id)
}
