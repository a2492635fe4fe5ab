//! What comes again and again for the clients.

use remit_core::{Date, Time};
use remit_db::Tx;

use super::MadeClient;
use crate::act::Act;
use crate::people::Role;
use crate::recurring::{NewPlan, Template, add_plan};
use crate::refused::Refused;
use crate::tickets::{Impact, Kind, Tier, Urgency};

/// What is planned: the subject, what is to be done, the service, and on which days.
const PLANNED: [(&str, &str, &str, &str); 2] = [
    (
        "Check the backups of the week",
        "Every job has run and was read again. Note what was not, and open a ticket for it.",
        "backup",
        "FREQ=WEEKLY;BYDAY=MO",
    ),
    (
        "Restore drill",
        "Restore one server and one mailbox to a place apart. Note how long it took and what was missing.",
        "backup",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU",
    ),
];

/// Plans it for a client, from today on.
pub(super) fn plan(tx: &mut Tx<'_, '_>, act: &Act, client: &MadeClient, today: Date) -> Result<(), Refused> {
    let asks = [Role::ClientIt, Role::ClientApprover];
    let Some(requester) = client.people.iter().find(|one| asks.contains(&one.role)) else { return Ok(()) };
    for (subject, text, service, rule) in PLANNED {
        let template = Template {
            kind: Kind::Task,
            subject: subject.to_owned(),
            text: text.to_owned(),
            impact: Impact::Low,
            urgency: Urgency::Medium,
            service: service.to_owned(),
            tier: Tier::Unsaid,
            requester: requester.id,
        };
        let rule = rule.parse().expect("it is a rule");
        let time = Time::constant(8, 0, 0, 0);
        add_plan(tx, act, client.id, NewPlan { template, rule, starts_on: today, time })?;
    }
    Ok(())
}
