//! What is to be approved: a rule, and some approvals on what is open now.

use remit_core::{At, Millis};
use remit_db::Tx;

use super::{Made, MadeClient};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::{Member, Permission};
use crate::refused::Refused;
use crate::tickets::{
    Answer, ApprovalRule, Kind, NewApproval, View, answer_approval, approvals, ask_approval, list,
    set_approval_rule,
};

/// What is said, and why.
type Said = Option<(Answer, &'static str)>;

/// What is asked, and what is said to it; nothing yet where the answer is waited for.
const ASKED: [(&str, &str, Said); 3] = [
    (
        "May we restart the server during working hours?",
        "It takes about ten minutes, in which nobody can sign in.",
        None,
    ),
    ("May we replace the switch for 640 USD?", "The old one is out of warranty.", Some((Answer::Yes, ""))),
    (
        "May the vendor sign in to the accounting system?",
        "For an hour, with one of us beside them.",
        Some((Answer::No, "Not before the audit is over. Ask again in December.")),
    ),
];
/// Tickets of a client that are looked through for some to ask about.
const LOOKED: u16 = 200;

/// Whoever wants a device asks the client's approvers first.
pub(super) fn rule(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    let rule = ApprovalRule {
        kind: Kind::Request,
        service: "devices".to_owned(),
        question: "May this be bought?".to_owned(),
        needed: 1,
        hours: 72,
        version: 0,
        changed_at: At::from_millis(0),
    };
    set_approval_rule(tx, act, &rule).map(drop)
}

/// Asks on tickets that are open now, and answers some of it.
pub(super) async fn ask(app: &App, made: &Made) -> Result<(), Refused> {
    let operator = Caller::operator(made.demo.provider);
    let people = made.people();
    for client in made.clients.clone() {
        let people = people.clone();
        app.write(&operator, move |tx, act| asked(tx, act, &client, &people)).await?;
    }
    Ok(())
}

fn asked(tx: &mut Tx<'_, '_>, act: &Act, client: &MadeClient, people: &[Member]) -> Result<(), Refused> {
    let approver = client.people.iter().find(|one| one.role.may(Permission::SignForClient));
    let Some(approver) = approver else { return Ok(()) };
    let of =
        |member: &Member| Act { caller: Caller::member(act.caller.provider, None, member), ..act.clone() };
    let mut left = ASKED.iter();
    for ticket in list(tx, act, View::Client(client.id), (None, None, LOOKED))? {
        let ticket = ticket.ticket;
        let own = ticket.requester == approver.id || ticket.submitter == Some(approver.id);
        let holder = people.iter().find(|one| {
            Some(one.id) == ticket.worker
                && one.party == ticket.party
                && one.role.may(Permission::WorkTickets)
        });
        let Some(holder) = holder.filter(|_| ticket.status.is_open() && !own) else { continue };
        let Some((question, text, said)) = left.next() else { return Ok(()) };
        let new = NewApproval {
            question: (*question).to_owned(),
            text: (*text).to_owned(),
            people: vec![approver.id],
            needed: None,
            until: act.at + Millis::from_hours(72),
        };
        let holder = of(holder);
        ask_approval(tx, &holder, ticket.id, &new)?;
        let approval = approvals(tx, &holder, ticket.id)?.first().map(|one| one.id);
        if let (Some(approval), Some(said)) = (approval, said) {
            answer_approval(tx, &of(approver), (ticket.id, approval), *said)?;
        }
    }
    Ok(())
}
