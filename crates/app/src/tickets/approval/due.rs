//! What time does to approvals: half way, whoever has not answered is reminded; at the end, what is not decided has lapsed.

use remit_core::{At, Id};
use remit_db::{System, Tx, sql, system_sql};
use uuid::Uuid;

use super::super::event::Happened;
use super::super::ticket::Change;
use super::super::{Ticket, custody, store};
use super::answer::decide;
use super::{Approval, ApprovalState, Approver, one};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::Provider;
use crate::refused::Refused;

/// Approvals that are looked at in one go.
const ONCE: i64 = 200;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Approvals that were looked at.
    pub seen: usize,
    /// Of those, the ones that could not be: the log says why, and the next minute tries again.
    pub failed: usize,
}

/// Looks at every approval whose instant has come.
pub async fn look_due(app: &App) -> Result<Looked, Refused> {
    let (now, mut done) = (app.now(), Looked::default());
    let mut behind = (At::from_millis(i64::MIN), Uuid::nil());
    loop {
        let why = "approvals of all providers fall due";
        let due: Vec<Due> = app.db.system_read(why, move |tx| due(tx, now, behind)).await?;
        let Some((_, id, _, at)) = due.last() else { return Ok(done) };
        behind = (*at, id.uuid());
        done.seen += due.len();
        for (provider, id, ticket, _) in due {
            let caller = Caller { name: "Remit, as time passes".to_owned(), ..Caller::operator(provider) };
            if let Err(refused) = app.write(&caller, move |tx, act| look(tx, act, (ticket, id))).await {
                tracing::error!(approval = %id, %refused, "an approval could not be looked at");
                done.failed += 1;
            }
        }
    }
}

type Due = (Id<Provider>, Id<Approval>, Id<Ticket>, At);

fn due(tx: &mut Tx<'_, '_, System>, now: At, (at, id): (At, Uuid)) -> Result<Vec<Due>, Refused> {
    let due = system_sql!(
        "SELECT provider_id, id, ticket_id, look_at FROM approval WHERE look_at <= $1 AND (look_at > $2 OR (look_at = $2 AND id > $3)) \
         ORDER BY look_at, id LIMIT $4"
    );
    Ok(tx.rows(due, (now, at, id, ONCE))?)
}

fn look(tx: &mut Tx<'_, '_>, act: &Act, (ticket, id): (Id<Ticket>, Id<Approval>)) -> Result<(), Refused> {
    let found = one(tx, ticket, id)?;
    // Somebody else was quicker.
    if found.state != ApprovalState::Open {
        return Ok(());
    }
    let mut change = Change::of(store::get(tx, ticket)?);
    if found.until <= act.at {
        decide(tx, act, &mut change, (&found, ApprovalState::Lapsed))?;
        custody::settled(tx, act, &mut change)?;
    } else {
        let set = sql!(
            "UPDATE approval SET look_at = until_at WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND look_at < until_at \
             AND look_at <= $3"
        );
        if tx.exec(set, (id, act.at))? == 0 {
            return Ok(());
        }
        let open = found.asked.iter().filter(|one| one.answer.is_none());
        let people = open.map(|one| Approver { who: one.who, name: one.name.clone(), own: one.own });
        let (question, people) = (found.question.clone(), people.collect());
        change.happened(act, Happened::ApprovalReminded { approval: id, question, people });
    }
    change.keep(tx, act).map(drop)
}
