//! What its clients' people can ask for, by name.

use remit_db::Tx;

use crate::act::Act;
use crate::portal::{NewRequestType, add_request_type};
use crate::refused::Refused;
use crate::tickets::{Kind, Urgency};

/// One: its head, its name, what it is, the kind and the service behind it, and how soon it hurts.
type Told = (&'static str, &'static str, &'static str, Kind, &'static str, Urgency);

/// What is nobody else's business.
const PRIVATE: &str = "Somebody leaves";

const TYPES: [Told; 9] = [
    (
        "People",
        "New starter",
        "Account, mailbox, device and keys for somebody who begins soon. Three working days.",
        Kind::Request,
        "users.onboarding",
        Urgency::Medium,
    ),
    (
        "People",
        "Somebody leaves",
        "Accounts are closed and the device comes back on the last day.",
        Kind::Request,
        "users.offboarding",
        Urgency::Medium,
    ),
    (
        "People",
        "More rights",
        "Access to a folder, a mailbox or an application. Your approver is asked.",
        Kind::Request,
        "users.access-requests",
        Urgency::Low,
    ),
    (
        "Sign-in",
        "I cannot sign in",
        "A forgotten password, a locked account or a lost phone.",
        Kind::Incident,
        "helpdesk.password-reset",
        Urgency::High,
    ),
    (
        "Devices",
        "My computer or phone is broken",
        "Repair, or another one meanwhile.",
        Kind::Incident,
        "devices.repair",
        Urgency::High,
    ),
    (
        "Devices",
        "New device",
        "A computer, a phone or what belongs to it. Your approver is asked.",
        Kind::Request,
        "vendors.hardware-purchase",
        Urgency::Low,
    ),
    (
        "Devices",
        "Printer trouble",
        "It does not print, or not as it should.",
        Kind::Incident,
        "devices.printers",
        Urgency::Medium,
    ),
    (
        "Programs",
        "I need a program",
        "Installed and licensed on your computer.",
        Kind::Request,
        "helpdesk.software-request",
        Urgency::Low,
    ),
    (
        "Programs",
        "How do I …?",
        "Ask how something is done; somebody shows you.",
        Kind::Request,
        "helpdesk.how-to",
        Urgency::Low,
    ),
];

/// Writes them down for the people of all clients.
pub(super) fn write_down(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    for (head, name, about, kind, service, urgency) in TYPES {
        let says = NewRequestType {
            client: None,
            name: name.to_owned(),
            about: about.to_owned(),
            head: head.to_owned(),
            kind,
            service: service.to_owned(),
            urgency,
            private: name == PRIVATE,
        };
        add_request_type(tx, act, &says)?;
    }
    Ok(())
}
