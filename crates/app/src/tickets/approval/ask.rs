//! Asking for an approval, and taking that back.

use remit_core::{At, Id, Millis};
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, sql};
use uuid::Uuid;

use super::super::change::moved;
use super::super::event::Happened;
use super::super::kind::Status;
use super::super::ticket::Change;
use super::super::visibility::{Sight, Visibility};
use super::super::{Ticket, custody, open, store};
use super::answer::decide;
use super::{Approval, ApprovalState, Approver, MOST, on, one, open_on};
use crate::act::Act;
use crate::people::{Membership, Permission, Role};
use crate::refused::{Faults, Field, Refused};

/// The most who are asked at once.
pub const MOST_ASKED: usize = 20;
/// The longest time to answer in.
pub const LONGEST_TIME: Millis = Millis::from_hours(90 * 24);
/// The shortest.
const SHORTEST_TIME: Millis = Millis::from_minutes(15);
/// The longest of what else is said, in bytes.
const LONGEST_TEXT: usize = 2 * 1024;
/// The most people who can be chosen from.
const MOST_PEOPLE: u16 = 1000;

/// An approval that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApproval {
    /// What is asked, in plain words: a line of at most 200 characters.
    pub question: String,
    /// What else there is to say, at most 2 kB; may be empty.
    pub text: String,
    /// Who is asked: at most 20.
    pub people: Vec<Id<Membership>>,
    /// How many of them must say yes; all with none.
    pub needed: Option<u32>,
    /// Until when: at least a quarter of an hour, at most 90 days from now.
    pub until: At,
}

/// Somebody who can be asked, or cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Whether the request is their own.
    pub own: bool,
    /// Whether they are all that the client has to approve.
    pub alone: bool,
    /// Who they are, in whatever membership.
    pub(super) person: Uuid,
}

impl Candidate {
    /// Whether they approve for the client by their role.
    pub fn approves(&self) -> bool {
        self.role.may(Permission::SignForClient)
    }

    /// Whether they can be asked: their own request is for others, if there are any.
    pub fn can_be_asked(&self) -> bool {
        !self.own || self.alone
    }

    pub(super) fn approver(&self) -> Approver {
        Approver { who: self.who, name: self.name.clone(), own: self.own }
    }
}

/// Somebody who may see the ticket, or will when they are asked.
struct Somebody {
    who: Id<Membership>,
    name: String,
    role: Role,
    person: Uuid,
}

impl FromRow for Somebody {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let role: String = row.get(2)?;
        let role = Role::from_key(&role).ok_or_else(|| Error::Other(format!("there is no role `{role}`")))?;
        Ok(Self { who: row.get(0)?, name: row.get(1)?, role, person: row.get(3)? })
    }
}

/// Who can be asked about a ticket that the caller's party holds: approvers of the client, the rest of its people, those of the provider who
/// reach it. Whoever works for a vendor can ask the approvers.
pub fn approvers(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<Candidate>, Refused> {
    let ticket = custody::held(tx, act, id)?;
    let vendor = matches!(Sight::of(act)?, Sight::Vendor(_));
    let mut all = candidates(tx, &ticket, act.caller.membership)?;
    all.retain(|one| !vendor || one.approves());
    Ok(all)
}

/// The same for whoever asks, who does not approve their own request either.
pub(super) fn candidates(
    tx: &mut Tx<'_, '_>,
    ticket: &Ticket,
    asker: Option<Id<Membership>>,
) -> Result<Vec<Candidate>, Refused> {
    let own = persons(tx, [Some(ticket.requester), ticket.submitter, asker])?;
    let of_client = sql!(
        "SELECT id, name, role, person_id FROM membership WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         AND state IN ('active', 'invited') ORDER BY folded, id LIMIT $3"
    );
    let of_provider = sql!(
        "SELECT m.id, m.name, m.role, m.person_id FROM membership m WHERE m.provider_id = $1 AND {reach?: m.client_id} \
         AND m.client_id IS NULL AND m.role <> 'vendor-contact' AND m.state IN ('active', 'invited') AND (m.everywhere = TRUE \
         OR EXISTS (SELECT 1 FROM reach r WHERE r.provider_id = m.provider_id AND r.membership_id = m.id AND r.client_id = $2)) \
         ORDER BY m.folded, m.id LIMIT $3"
    );
    let mut all: Vec<Somebody> = tx.rows(of_client, (ticket.client, MOST_PEOPLE))?;
    // Those who approve by their role stand first.
    all.sort_by_key(|one| !one.role.may(Permission::SignForClient));
    let mut approve: Vec<Uuid> =
        all.iter().filter(|one| one.role.may(Permission::SignForClient)).map(|one| one.person).collect();
    approve.sort_unstable();
    approve.dedup();
    all.extend(tx.rows::<Somebody, _>(of_provider, (ticket.client, MOST_PEOPLE))?);
    let candidate = |Somebody { who, name, role, person }: Somebody| Candidate {
        alone: role.may(Permission::SignForClient) && approve == [person],
        own: own.contains(&person),
        who,
        name,
        role,
        person,
    };
    Ok(all.into_iter().map(candidate).collect())
}

/// Who some memberships are: one person can have several.
fn persons(tx: &mut Tx<'_, '_>, of: [Option<Id<Membership>>; 3]) -> Result<Vec<Uuid>, Refused> {
    let find =
        sql!("SELECT person_id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
    let mut found = Vec::new();
    for who in of.into_iter().flatten() {
        found.extend(tx.find::<(Uuid,), _>(find, (who,))?.map(|(person,)| person));
    }
    Ok(found)
}

/// Asks for an approval of a ticket that the caller's party holds. It waits for that from now on.
pub fn ask_approval(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    new: &NewApproval,
) -> Result<Ticket, Refused> {
    let ticket = custody::held(tx, act, id)?;
    none_open(tx, &ticket)?;
    if !ticket.status.is_open() {
        return Err(Refused::Conflict("it is solved; open it again first".to_owned()));
    }
    let all = approvers(tx, act, id)?;
    let (new, people) = checked(act, new, &all)?;
    let asker = (act.caller.membership, act.caller.name.as_str());
    asked(tx, act, ticket, (&new, &people, Some(asker)))
}

fn checked<'c>(
    act: &Act,
    new: &NewApproval,
    all: &'c [Candidate],
) -> Result<(NewApproval, Vec<&'c Candidate>), Refused> {
    let mut faults = Faults::default();
    let question = faults.take("question", line(&new.question)).unwrap_or_default();
    let text = open::prose(new.text.trim()).and_then(|text| {
        if text.len() > LONGEST_TEXT { Err("write at most 2 kB".to_owned()) } else { Ok(text) }
    });
    let text = faults.take("text", text).unwrap_or_default();
    let people = faults.take("people", chosen(&new.people, all)).unwrap_or_default();
    let many = u32::try_from(people.len()).unwrap_or(u32::MAX);
    if new.needed.is_some_and(|needed| needed == 0 || needed > many) && !people.is_empty() {
        faults.take::<(), _>("needed", Err(format!("write a number from 1 to {many}: so many are asked")));
    }
    let time = new.until - act.at;
    if time < SHORTEST_TIME {
        faults.take::<(), _>("until", Err("leave at least a quarter of an hour to answer in"));
    } else if time > LONGEST_TIME {
        faults.take::<(), _>("until", Err("write an instant within 90 days"));
    }
    faults.end()?;
    Ok((NewApproval { question, text, ..new.clone() }, people))
}

/// A question in a line.
pub(super) fn line(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("write what is to be approved"),
        long if long.chars().count() > 200 => Err("write at most 200 characters"),
        odd if odd.chars().any(char::is_control) => Err("write it on one line, without control characters"),
        good => Ok(good.to_owned()),
    }
}

/// Those who are asked, once each.
fn chosen<'c>(people: &[Id<Membership>], all: &'c [Candidate]) -> Result<Vec<&'c Candidate>, String> {
    let mut found: Vec<&Candidate> = Vec::new();
    for who in people {
        let candidate = all.iter().find(|one| one.who == *who);
        let candidate = candidate.ok_or("choose people of the list: of the client, or of the provider")?;
        if !candidate.can_be_asked() {
            return Err(format!("the request is {}’s own: ask somebody else", candidate.name));
        }
        if found.iter().any(|other| other.who != *who && other.person == candidate.person) {
            return Err(format!("{} is chosen in two roles: one is enough", candidate.name));
        }
        if !found.iter().any(|other| other.who == *who) {
            found.push(candidate);
        }
    }
    match found.len() {
        0 => Err("choose at least one who is asked".to_owned()),
        many if many > MOST_ASKED => Err(format!("ask at most {MOST_ASKED} people, these are {many}")),
        _ => Ok(found),
    }
}

/// Who asks; nobody where a rule does.
pub(super) type Asker<'a> = Option<(Option<Id<Membership>>, &'a str)>;

/// Asks, once it is known that the caller may and that all of it can be meant.
pub(super) fn asked(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (new, people, asker): (&NewApproval, &[&Candidate], Asker<'_>),
) -> Result<Ticket, Refused> {
    let before = on(tx, ticket.id)?;
    let number = before.first().map_or(1, |last| last.number + 1);
    if number > i64::from(MOST) {
        return Err(Refused::Conflict(format!("a ticket has at most {MOST} approvals: open another one")));
    }
    let approval: Id<Approval> = act.id();
    let needed = new.needed.unwrap_or(u32::MAX).min(u32::try_from(people.len()).unwrap_or(u32::MAX));
    let mut change = Change::of(ticket);
    let happened = Happened::ApprovalAsked {
        approval,
        question: new.question.clone(),
        people: people.iter().map(|one| one.approver()).collect(),
        needed,
        until: new.until,
        by_rule: asker.is_none(),
    };
    change.wrote(act, Visibility::Public, happened, &new.text);
    moved(tx, act, &mut change, Status::WaitingApproval)?;
    custody::settled(tx, act, &mut change)?;
    let ticket = change.keep(tx, act)?;
    let add = sql!(
        "INSERT INTO approval (provider_id, id, ticket_id, number, client_id, question, text, asker_id, asker, asked_at, needed, \
         until_at, look_at, state, decided_at) VALUES ($1, $2, $3, $4, {client: $5}, $6, $7, $8, $9, $10, $11, $12, $13, 'open', NULL)"
    );
    let half = Millis::from_millis((new.until - act.at).millis() / 2);
    let own: Vec<Value> = vec![
        approval.into_value(),
        ticket.id.into_value(),
        number.into_value(),
        ticket.client.into_value(),
        (&new.question).into_value(),
        (&new.text).into_value(),
        asker.and_then(|(who, _)| who).into_value(),
        asker.map_or("a rule of the provider", |(_, name)| name).into_value(),
        act.at.into_value(),
        needed.into_value(),
        new.until.into_value(),
        (act.at + half).into_value(),
    ];
    tx.exec(add, own)?;
    add_people(tx, &ticket, (approval, new.until), people)?;
    Ok(ticket)
}

fn add_people(
    tx: &mut Tx<'_, '_>,
    ticket: &Ticket,
    (approval, until): (Id<Approval>, At),
    people: &[&Candidate],
) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO approval_asked (provider_id, approval_id, place, client_id, ticket_id, membership_id, name, passed_by, passed_name, \
         own, answer, reason, answered_at, waits_until) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, NULL, '', $8, NULL, '', NULL, $9)"
    );
    for (place, one) in (1_i64..).zip(people) {
        let own: Vec<Value> = vec![
            approval.into_value(),
            place.into_value(),
            ticket.client.into_value(),
            ticket.id.into_value(),
            one.who.into_value(),
            (&one.name).into_value(),
            one.own.into_value(),
            until.into_value(),
        ];
        tx.exec(add, own)?;
    }
    Ok(())
}

/// Refuses what cannot be done to a ticket while an approval is open on it.
pub(in super::super) fn none_open(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<(), Refused> {
    if ticket.status != Status::WaitingApproval {
        return Ok(());
    }
    match open_on(tx, ticket.id)? {
        None => Ok(()),
        Some(question) => Err(Refused::Conflict(format!(
            "#{} waits for an approval, “{question}”: withdraw that first, or wait until it is decided",
            ticket.number
        ))),
    }
}

/// Whether a ticket waits for an approval that nobody asked for, which nothing but a fault of ours brings about.
pub(in super::super) fn is_stuck(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<bool, Refused> {
    Ok(ticket.status == Status::WaitingApproval && open_on(tx, ticket.id)?.is_none())
}

/// Takes back what was asked: whoever asked does, or the party that holds the ticket by now. What is withdrawn stays so.
pub fn withdraw_approval(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, approval): (Id<Ticket>, Id<Approval>),
) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let found = one(tx, id, approval)?;
    let asked = found.asker.is_some() && found.asker == act.caller.membership;
    if !asked {
        custody::held(tx, act, id)?;
    }
    match found.state {
        ApprovalState::Open => {}
        ApprovalState::Withdrawn => return Ok(ticket),
        over => {
            let words = format!("it is {} already: what is decided is not taken back", over.name());
            return Err(Refused::Conflict(words));
        }
    }
    let mut change = Change::of(ticket);
    decide(tx, act, &mut change, (&found, ApprovalState::Withdrawn))?;
    custody::settled(tx, act, &mut change)?;
    change.keep(tx, act)
}

/// Something wrong with who is named.
pub(super) fn wrong(name: &'static str, why: impl Into<String>) -> Refused {
    Refused::Invalid(vec![Field::new(name, why)])
}
