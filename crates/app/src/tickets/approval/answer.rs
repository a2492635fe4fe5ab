//! Answering: yes, no with a reason, or somebody else in one's place; and what that decides.

use remit_core::Id;
use remit_db::{Tx, sql};
use uuid::Uuid;

use super::super::change::moved;
use super::super::event::Happened;
use super::super::kind::Status;
use super::super::ticket::Change;
use super::super::visibility::Visibility;
use super::super::{Ticket, custody, open, store};
use super::ask::{Candidate, candidates, wrong};
use super::{Answer, Approval, ApprovalState, Asked, Verdict, one};
use crate::act::{Access, Act};
use crate::people::{Membership, PartyKind, Permission};
use crate::refused::{Faults, Refused};

/// The longest reason, in bytes.
const LONGEST_REASON: usize = 2 * 1024;
/// The most that can wait for one who leaves.
const MOST_LEFT: u16 = 500;

/// Says yes or no. The same answer again changes nothing; another one is refused.
pub fn answer_approval(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, approval): (Id<Ticket>, Id<Approval>),
    (answer, reason): (Answer, &str),
) -> Result<Ticket, Refused> {
    let (ticket, mut found, place) = theirs(tx, act, (id, approval))?;
    let own = found.asked[place].clone();
    match own.answer {
        Some(said) if said == answer => return Ok(ticket),
        Some(said) => {
            let words = format!("you have said {} already: an answer stays as it is", said.name());
            return Err(Refused::Conflict(words));
        }
        None => is_waited_for(act, &found)?,
    }
    let mut faults = Faults::default();
    let reason = faults.take("reason", why(answer, reason)).unwrap_or_default();
    faults.end()?;
    let set = sql!(
        "UPDATE approval_asked SET answer = $4, reason = $5, answered_at = $6, waits_until = NULL WHERE provider_id = $1 \
         AND {reach: client_id} AND approval_id = $2 AND place = $3 AND answer IS NULL"
    );
    if tx.exec(set, (approval, own.place, answer, &reason, act.at))? == 0 {
        return Err(Refused::Stale);
    }
    let mut change = Change::of(ticket);
    let happened = Happened::ApprovalAnswered {
        approval,
        question: found.question.clone(),
        answer,
        instead_of: own.instead_of.map(|(_, name)| name),
        own: own.own,
    };
    change.wrote(act, Visibility::Public, happened, &reason);
    found.asked[place].answer = Some(answer);
    match found.tally().verdict() {
        Verdict::Undecided => {}
        Verdict::Granted => decide(tx, act, &mut change, (&found, ApprovalState::Granted))?,
        Verdict::Refused => decide(tx, act, &mut change, (&found, ApprovalState::Refused))?,
    }
    custody::settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// The ticket, the approval, and which of those who are asked the caller is.
fn theirs(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, approval): (Id<Ticket>, Id<Approval>),
) -> Result<(Ticket, Approval, usize), Refused> {
    let ticket = store::find(tx, act, id)?;
    let found = one(tx, id, approval)?;
    if !matches!(act.caller.access, Access::Whole | Access::Vouched) {
        let words = "a person answers this after signing in; a key cannot";
        return Err(Refused::Conflict(words.to_owned()));
    }
    let own = act.caller.membership;
    if let Some(place) = found.asked.iter().position(|one| own == Some(one.who)) {
        return Ok((ticket, found, place));
    }
    let passed = |one: &&Asked| one.instead_of.as_ref().is_some_and(|(by, _)| own == Some(*by));
    let words = match found.asked.iter().find(passed) {
        Some(one) => format!("you have named {} in your place: it is their word now", one.name),
        None => "you are not asked: only those who are can answer".to_owned(),
    };
    Err(Refused::Conflict(words))
}

/// Refuses an answer that comes too late.
fn is_waited_for(act: &Act, approval: &Approval) -> Result<(), Refused> {
    let over = match approval.state {
        ApprovalState::Open if approval.until > act.at => return Ok(()),
        ApprovalState::Open | ApprovalState::Lapsed => "its time is up: it has lapsed without your word",
        ApprovalState::Granted => "it is granted already, without your word",
        ApprovalState::Refused => "it is refused already, without your word",
        ApprovalState::Withdrawn => "it was withdrawn: nothing is asked any more",
    };
    Err(Refused::Conflict(over.to_owned()))
}

/// Why somebody says so: for no it is needed.
fn why(answer: Answer, reason: &str) -> Result<String, String> {
    let reason = open::prose(reason.trim())?;
    match answer {
        Answer::No if reason.is_empty() => {
            Err("write why not: whoever asked has to know what to do".to_owned())
        }
        _ if reason.len() > LONGEST_REASON => Err("write at most 2 kB".to_owned()),
        Answer::Yes | Answer::No => Ok(reason),
    }
}

/// Ends an approval. The ticket is worked on again.
pub(super) fn decide(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    (approval, to): (&Approval, ApprovalState),
) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE approval SET state = $3, decided_at = $4, look_at = NULL WHERE provider_id = $1 AND {reach: client_id} AND id = $2 \
         AND state = 'open'"
    );
    if tx.exec(set, (approval.id, to, act.at))? == 0 {
        return Err(Refused::Stale);
    }
    let rest = sql!(
        "UPDATE approval_asked SET waits_until = NULL WHERE provider_id = $1 AND {reach: client_id} AND approval_id = $2 \
         AND waits_until IS NOT NULL"
    );
    tx.exec(rest, (approval.id,))?;
    let tally = approval.tally();
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    change.happened(
        act,
        Happened::ApprovalDecided {
            approval: approval.id,
            question: approval.question.clone(),
            to,
            yes: count(tally.yes),
            no: count(tally.no),
            needed: count(tally.needed),
            of: count(tally.of),
            asker: approval.asker,
        },
    );
    if change.ticket.status == Status::WaitingApproval {
        moved(tx, act, change, Status::Working)?;
    }
    Ok(())
}

/// Who the caller can name in their place: people of their own side who are not asked already and whose own request it is not. Whoever does not
/// see people can name the approvers of their company.
pub fn stand_ins(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, approval): (Id<Ticket>, Id<Approval>),
) -> Result<Vec<Candidate>, Refused> {
    let (ticket, found, place) = theirs(tx, act, (id, approval))?;
    if found.asked[place].instead_of.is_some() {
        return Ok(Vec::new());
    }
    let all = candidates(tx, &ticket, found.asker)?;
    let own = all.iter().find(|one| Some(one.who) == act.caller.membership).map(|one| one.person);
    let (side, sees) = (act.caller.role.party(), act.caller.may(Permission::ReadPeople));
    let asked = asked_persons(&all, &found);
    let fits = |one: &Candidate| {
        let knows = sees || (side == PartyKind::Internal && one.approves());
        let free = !one.own && Some(one.person) != own && !asked.contains(&one.person);
        one.role.party() == side && knows && free
    };
    Ok(all.into_iter().filter(fits).collect())
}

/// Who those are who are asked: one person can have several memberships, and has one word.
fn asked_persons(all: &[Candidate], approval: &Approval) -> Vec<Uuid> {
    let asked = |one: &&Candidate| approval.asked.iter().any(|other| other.who == one.who);
    all.iter().filter(asked).map(|one| one.person).collect()
}

/// Names somebody who answers in the caller's place: once, and not back.
pub fn pass_approval(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, approval): (Id<Ticket>, Id<Approval>),
    to: Id<Membership>,
) -> Result<Ticket, Refused> {
    let (ticket, found, place) = theirs(tx, act, (id, approval))?;
    let own = &found.asked[place];
    if let Some(said) = own.answer {
        let words = format!("you have said {} already: an answer stays as it is", said.name());
        return Err(Refused::Conflict(words));
    }
    is_waited_for(act, &found)?;
    if let Some((_, name)) = &own.instead_of {
        let words = format!("{name} has named you: say yes or no, it is not passed on again");
        return Err(Refused::Conflict(words));
    }
    let all = stand_ins(tx, act, (id, approval))?;
    let to = all.iter().find(|one| one.who == to);
    let to = to.ok_or_else(|| wrong("to", "choose somebody of the list"))?;
    passed(tx, act, ticket, (&found, own, to))
}

fn passed(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (approval, from, to): (&Approval, &Asked, &Candidate),
) -> Result<Ticket, Refused> {
    let set = sql!(
        "UPDATE approval_asked SET membership_id = $4, name = $5, passed_by = $6, passed_name = $7, own = FALSE WHERE provider_id = $1 \
         AND {reach: client_id} AND approval_id = $2 AND place = $3 AND answer IS NULL AND passed_by IS NULL"
    );
    if tx.exec(set, (approval.id, from.place, to.who, &to.name, from.who, &from.name))? == 0 {
        return Err(Refused::Stale);
    }
    let mut change = Change::of(ticket);
    let (question, from) = (approval.question.clone(), from.name.clone());
    change
        .happened(act, Happened::ApprovalPassed { approval: approval.id, question, from, to: to.approver() });
    change.keep(tx, act)
}

/// The numbers of tickets with an approval that waits for somebody's word.
pub(crate) fn waiting_of(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Vec<i64>, Refused> {
    let mut numbers: Vec<i64> = left(tx, who)?.into_iter().map(|(_, _, number)| number).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

type Left = (Id<Ticket>, Id<Approval>, i64);

fn left(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Vec<Left>, Refused> {
    let list = sql!(
        "SELECT a.ticket_id, a.approval_id, t.number FROM approval_asked a \
         JOIN ticket t ON t.provider_id = a.provider_id AND t.id = a.ticket_id WHERE a.provider_id = $1 AND {reach: a.client_id} \
         AND a.membership_id = $2 AND a.waits_until IS NOT NULL ORDER BY a.waits_until, a.approval_id LIMIT $3"
    );
    Ok(tx.rows(list, (who, MOST_LEFT))?)
}

/// What waits for the word of somebody who leaves waits for that of an heir, where the heir can be asked; else it is left unanswered.
pub(crate) fn pass_asked(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    from: Id<Membership>,
    heir: Option<Id<Membership>>,
) -> Result<(), Refused> {
    let Some(heir) = heir else { return Ok(()) };
    for (id, approval, _) in left(tx, from)? {
        let ticket = store::get(tx, id)?;
        let found = one(tx, id, approval)?;
        let all = candidates(tx, &ticket, found.asker)?;
        let asked = asked_persons(&all, &found);
        let to = all.iter().find(|one| one.who == heir && !one.own && !asked.contains(&one.person));
        let own = found.asked.iter().find(|one| one.who == from && one.instead_of.is_none());
        if let (Some(to), Some(own)) = (to, own) {
            passed(tx, act, ticket, (&found, own, to))?;
        }
    }
    Ok(())
}
