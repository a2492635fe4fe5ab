//! Whom an event of a ticket concerns, and what they are told.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::Ticket;
use super::event::{Happened, Line};
use super::helping::helping;
use super::kind::{Priority, Status};
use super::visibility::Visibility;
use super::watch::watched_by;
use crate::act::Act;
use crate::notices::{self, News, What};
use crate::people::{Membership, Team};
use crate::ratings::Grade;
use crate::refused::Refused;

/// The most people of a team, and the most who lead, that are told at once.
const MOST: u16 = 100;

/// Tells those whom the lines concern. `worker` is who worked on it before.
pub(super) fn tell(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, worker): (&Ticket, Option<Id<Membership>>),
    lines: &[Line],
) -> Result<(), Refused> {
    for line in lines {
        let Some(what) = what(ticket, line) else { continue };
        let mut who = Vec::new();
        match (&line.happened, what) {
            (Happened::Opened { to, .. } | Happened::Offered { to, .. }, _) => team(tx, to.team, &mut who)?,
            (Happened::Accepted { from, .. }, _) => match worker {
                Some(worker) => who.push(worker),
                None => team(tx, from.team, &mut who)?,
            },
            (Happened::LastResort { .. } | Happened::Bouncing { .. }, _) => leads(tx, ticket, &mut who)?,
            (_, What::Answered | What::Solved) => {
                who.push(ticket.requester);
                who.extend(watched_by(tx, ticket.id)?.into_iter().map(|(id, _)| id));
            }
            (Happened::Wrote { .. }, _) => {
                who.extend(ticket.worker);
                let helping = helping(tx, ticket.id)?.into_iter();
                // What one party writes for itself is told to its own.
                let own =
                    helping.filter(|(.., of)| line.visibility != Visibility::Party || *of == line.party);
                who.extend(own.map(|(id, ..)| id));
            }
            (Happened::Helped { who: helps, .. }, _) => who.push(*helps),
            (Happened::Rated { .. }, _) => {
                who.extend(ticket.worker);
                leads(tx, ticket, &mut who)?;
            }
            (Happened::ApprovalAsked { people, .. } | Happened::ApprovalReminded { people, .. }, _) => {
                who.extend(people.iter().map(|one| one.who));
            }
            (Happened::ApprovalPassed { to, .. }, _) => who.push(to.who),
            _ => match ticket.worker {
                Some(worker) => who.push(worker),
                None if matches!(what, What::Assigned) => {}
                None => team(tx, ticket.team, &mut who)?,
            },
        }
        if what == What::Broken {
            leads(tx, ticket, &mut who)?;
        }
        if let Happened::ApprovalDecided { asker, .. } = &line.happened {
            who.extend(*asker);
        }
        who.sort_unstable();
        who.dedup();
        let urgent = what == What::Critical || ticket.priority <= Priority::P2 && what != What::Wrote;
        let news = News { ticket: ticket.id, client: ticket.client, seq: line.seq, what, urgent };
        for who in who {
            notices::tell(tx, act, who, news)?;
        }
    }
    Ok(())
}

/// What is told of a line; nothing, where whoever it concerns sees it in their lists.
fn what(ticket: &Ticket, line: &Line) -> Option<What> {
    let asks = line.by == Some(ticket.requester);
    Some(match &line.happened {
        Happened::Opened { priority: Priority::P1, .. } => What::Critical,
        Happened::Wrote { .. } if line.visibility == Visibility::Public && !asks => What::Answered,
        // What one party writes for itself concerns a worker of that party alone.
        Happened::Wrote { .. } if line.visibility != Visibility::Party || line.party == ticket.party => {
            What::Wrote
        }
        Happened::Status { to: Status::Solved, .. } => What::Solved,
        Happened::Assigned { to: Some(_) } | Happened::Helped { helps: true, .. } => What::Assigned,
        Happened::Rated { grade: Grade::Poor } => What::Poor,
        Happened::Offered { .. } => What::Asked,
        Happened::Accepted { .. } => What::Displaced,
        Happened::Declined { .. } | Happened::Expired { .. } => What::Refused,
        Happened::ApprovalAsked { .. } | Happened::ApprovalPassed { .. } => What::Approve,
        Happened::ApprovalReminded { .. } => What::ApproveSoon,
        Happened::ApprovalDecided { .. } => What::Decided,
        Happened::Nearing { .. } => What::Near,
        Happened::Broken { .. } => What::Broken,
        Happened::LastResort { .. } => What::LastResort,
        Happened::Bouncing { .. } => What::Bouncing,
        _ => return None,
    })
}

fn team(tx: &mut Tx<'_, '_>, team: Id<Team>, who: &mut Vec<Id<Membership>>) -> Result<(), Refused> {
    let list = sql!(
        "SELECT m.id FROM team_member t JOIN membership m ON m.provider_id = t.provider_id AND m.id = t.membership_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND t.team_id = $2 AND m.state IN ('active', 'invited') ORDER BY m.id LIMIT $3"
    );
    let found: Vec<(Id<Membership>,)> = tx.rows(list, (team, MOST))?;
    who.extend(found.into_iter().map(|(id,)| id));
    Ok(())
}

/// Who runs the service at the provider, and the internal IT of the client.
fn leads(tx: &mut Tx<'_, '_>, ticket: &Ticket, who: &mut Vec<Id<Membership>>) -> Result<(), Refused> {
    let list = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND role IN ('service-manager', 'client-it') \
         AND (role = 'service-manager' OR client_id = $2) AND state IN ('active', 'invited') ORDER BY id LIMIT $3"
    );
    let found: Vec<(Id<Membership>,)> = tx.rows(list, (ticket.client, MOST))?;
    who.extend(found.into_iter().map(|(id,)| id));
    Ok(())
}
