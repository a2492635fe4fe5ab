//! Sessions.

use std::sync::Arc;

use remit_core::{At, Id, Millis, Zone};
use remit_db::{Error, FromRow, Row, System, Tx, system_sql};
use uuid::Uuid;

use super::turn::{self, Known, Standing};
use super::{IDLE, LONGEST, Listed, Secret, Session, issuer};
use crate::App;
use crate::act::{Access, Act, Caller};
use crate::audit::{self, Event};
use crate::people::{Member, Membership, Party, Person, Provider, State};
use crate::preferences::Preferences;
use crate::refused::Refused;
use crate::waits::Waits;

/// How far the noted time of last use may be behind.
const COARSE: Millis = Millis::from_minutes(5);
/// The longest that is kept of what a browser says it is.
const AGENT: usize = 200;

/// A membership and whose it is.
#[derive(Debug)]
pub(super) struct Found {
    pub provider: Id<Provider>,
    pub person: Id<Person>,
    pub member: Member,
    pub state: State,
    pub zone: String,
}

impl FromRow for Found {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (provider, person, zone) = (row.get(8)?, row.get(9)?, row.get(10)?);
        let member = Member::from_row(row)?;
        Ok(Self { provider, person, state: member.state, zone, member })
    }
}

impl FromRow for Listed {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (seen_at, last): (At, At) = (row.get(3)?, row.get(5)?);
        Ok(Self {
            id: row.get(0)?,
            membership: row.get(1)?,
            made_at: row.get(2)?,
            seen_at,
            ends_at: last.min(seen_at + IDLE),
            agent: row.get(4)?,
        })
    }
}

impl Found {
    /// Whether the membership is in use, or waits to be.
    pub fn may_sign_in(&self) -> bool {
        matches!(self.state, State::Invited | State::Active)
    }

    /// Them, as they act.
    pub fn caller(&self) -> Caller {
        let caller = Caller::member(self.provider, Some(self.person), &self.member);
        // A zone that a newer release took out of its data leaves them with UTC.
        Caller { zone: Zone::parse(&self.zone).unwrap_or(caller.zone), ..caller }
    }
}

/// A membership of whatever provider.
pub(super) fn member(
    tx: &mut Tx<'_, '_, System>,
    provider: Uuid,
    id: Id<Membership>,
) -> Result<Option<Found>, Refused> {
    let find = system_sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere, m.provider_id, m.person_id, \
         COALESCE(c.zone, p.zone) FROM membership m JOIN provider p ON p.provider_id = m.provider_id \
         LEFT JOIN client c ON c.provider_id = m.provider_id AND c.id = m.client_id WHERE m.provider_id = $1 AND m.id = $2"
    );
    Ok(tx.find(find, (provider, id))?)
}

/// Whom a letter is for, and whether they can still sign in.
pub(crate) fn mailed_member(
    tx: &mut Tx<'_, '_, System>,
    provider: Uuid,
    id: Id<Membership>,
) -> Result<Option<(Id<Provider>, State, Member)>, Refused> {
    Ok(member(tx, provider, id)?.map(|found| (found.provider, found.state, found.member)))
}

/// Who a present secret stands for, and how its session is; one statement, for it is asked with every request.
struct Present {
    found: Found,
    id: Id<Session>,
    seen_at: At,
    /// When the secret is from, and when the next was offered.
    turned: (At, Option<At>),
    vouched_by: Option<Id<Party>>,
}

impl FromRow for Present {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (id, seen_at, vouched_by) = (row.get(11)?, row.get(12)?, row.get(15)?);
        let turned = (row.get(13)?, row.get(14)?);
        Ok(Self { found: Found::from_row(row)?, id, seen_at, turned, vouched_by })
    }
}

impl Present {
    fn known(self, now: At) -> (Found, Known) {
        let due = turn::is_due(self.turned.0, self.turned.1, now);
        let known = Known {
            membership: self.found.member.id,
            id: self.id,
            seen_at: self.seen_at,
            standing: Standing::Present { due },
            vouched_by: self.vouched_by,
        };
        (self.found, known)
    }
}

fn present(tx: &mut Tx<'_, '_, System>, secret: &Secret, now: At) -> Result<Option<Present>, Refused> {
    let find = system_sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere, m.provider_id, m.person_id, \
         COALESCE(c.zone, p.zone), s.id, s.seen_at, COALESCE(s.turned_at, s.made_at), s.next_at, s.vouched_by FROM session s \
         JOIN membership m ON m.provider_id = s.provider_id AND m.id = s.membership_id \
         JOIN provider p ON p.provider_id = s.provider_id \
         LEFT JOIN client c ON c.provider_id = m.provider_id AND c.id = m.client_id \
         WHERE s.provider_id = $1 AND s.hash = $2 AND s.ends_at > $3 AND s.seen_at > $4"
    );
    Ok(tx.find(find, (secret.provider, secret.hash(), now, now - IDLE))?)
}

/// The oldest membership of somebody, first of those that do not have to be come to through an issuer; another can be chosen once inside.
pub(super) fn first(
    tx: &mut Tx<'_, '_, System>,
    (provider, person): (Uuid, Id<Person>),
) -> Result<Option<Found>, Refused> {
    let find = system_sql!(
        "SELECT m.id FROM membership m LEFT JOIN issuer i ON i.provider_id = m.provider_id AND i.party_id = m.party_id \
         WHERE m.provider_id = $1 AND m.person_id = $2 AND m.state = 'active' ORDER BY COALESCE(i.required, FALSE), m.id LIMIT 1"
    );
    match tx.find::<(Id<Membership>,), _>(find, (provider, person))? {
        Some((id,)) => member(tx, provider, id),
        None => Ok(None),
    }
}

/// Begins a session. Says its secret.
pub(super) fn begin(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    found: &Found,
    (vouched_by, agent): (Option<Id<Party>>, &str),
) -> Result<Secret, Refused> {
    if found.state != State::Active {
        return Err(Refused::NotFound);
    }
    let secret = Secret::new(found.provider.uuid(), &*act.random);
    let add = system_sql!(
        "INSERT INTO session (provider_id, hash, id, person_id, membership_id, made_at, seen_at, ends_at, agent, vouched_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)"
    );
    let id: Id<Session> = act.id();
    let ends_at = act.at + LONGEST;
    tx.exec(
        add,
        (
            found.provider,
            secret.hash(),
            id,
            found.person,
            found.member.id,
            act.at,
            ends_at,
            self::agent(agent),
            vouched_by,
        ),
    )?;
    let event = Event {
        action: "session.begin",
        subject: id.to_string(),
        client: found.member.client,
        detail: found.member.role.name(),
    };
    tx.within(act.caller.scope, |tx| audit::note(tx, act, event))??;
    Ok(secret)
}

/// What is kept of what a browser says it is.
pub(super) fn agent(agent: &str) -> String {
    agent.chars().filter(|c| !c.is_control()).take(AGENT).collect()
}

/// Who a cookie stands for, if the session is still good.
pub async fn resume(app: &App, secret: &Secret) -> Result<Option<(Caller, Id<Session>)>, Refused> {
    let resumed = go_on(app, secret, Offer::Never).await?;
    Ok(resumed.map(|resumed| (resumed.caller, resumed.session)))
}

/// The same, with the next secret when it is time for one: for answers that can hand over a cookie.
pub async fn resume_and_turn(app: &App, secret: &Secret) -> Result<Option<Resumed>, Refused> {
    go_on(app, secret, Offer::WhenDue).await
}

/// A session that goes on.
#[derive(Debug)]
pub struct Resumed {
    /// Whose it is.
    pub caller: Caller,
    /// Which.
    pub session: Id<Session>,
    /// What waits for them.
    pub waits: Waits,
    /// How they want the pages.
    pub preferences: Preferences,
    /// The secret to use from now on, where there is a new one.
    pub next: Option<Secret>,
}

/// Whether the next secret may be offered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    Never,
    WhenDue,
}

async fn go_on(app: &App, secret: &Secret, offer: Offer) -> Result<Option<Resumed>, Refused> {
    let (secret, now) = (secret.clone(), app.now());
    let why = "nobody is in a scope before it is known who they are";
    let read = secret.clone();
    let found = app.db.system_read(why, move |tx| {
        let found = match present(tx, &read, now)? {
            Some(present) => Some(present.known(now)),
            None => match turn::find_other(tx, &read, now)? {
                Some(known) => member(tx, read.provider, known.membership)?.map(|found| (found, known)),
                None => None,
            },
        };
        let Some((found, known)) = found.filter(|(found, _)| found.state == State::Active) else {
            return Ok::<_, Refused>(None);
        };
        let (caller, own) = (found.caller(), found.member.id);
        let around = tx.within(caller.scope, |tx| {
            Ok::<_, Refused>((Waits::of(tx, own)?, Preferences::of(tx, own)?))
        })??;
        Ok(Some((caller, known, around)))
    });
    let Some((caller, known, (waits, preferences))) = found.await? else { return Ok(None) };
    let due = offer == Offer::WhenDue && known.standing == Standing::Present { due: true };
    let mut next = None;
    if due || known.standing == Standing::Next || now - known.seen_at > COARSE {
        let app = app.clone();
        let db = Arc::clone(&app.db);
        let work = move |tx: &mut Tx<'_, '_, System>| {
            let set = system_sql!("UPDATE session SET seen_at = $3 WHERE provider_id = $1 AND id = $2");
            tx.exec(set, (secret.provider, known.id, now))?;
            if known.standing == Standing::Next {
                turn::take(tx, &secret, now)?;
            }
            if due { turn::offer(tx, &app, &secret, now) } else { Ok::<_, Refused>(None) }
        };
        next = db.system(why, work).await?;
    }
    let access = if known.vouched_by.is_some() { Access::Vouched } else { Access::Whole };
    Ok(Some(Resumed { caller: Caller { access, ..caller }, session: known.id, waits, preferences, next }))
}

/// The sessions of the caller, newest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Listed>, Refused> {
    let (provider, person, now) = (caller.provider, caller.person, app.now());
    let why = "sessions of a person span their memberships";
    let read = move |tx: &mut Tx<'_, '_, System>| {
        let list = system_sql!(
            "SELECT id, membership_id, made_at, seen_at, agent, ends_at FROM session \
             WHERE provider_id = $1 AND person_id = $2 AND ends_at > $3 AND seen_at > $4 ORDER BY made_at DESC LIMIT 200"
        );
        tx.rows(list, (provider, person, now, now - IDLE))
    };
    Ok(app.db.system_read(why, read).await?)
}

/// Ends one session of the caller at once, on every node.
pub async fn end(app: &App, caller: &Caller, session: Id<Session>) -> Result<(), Refused> {
    let ended = remove(app, caller, Some(session)).await?;
    if ended == 0 { Err(Refused::NotFound) } else { Ok(()) }
}

/// Ends all sessions of the caller. Says how many.
pub async fn end_all(app: &App, caller: &Caller) -> Result<u64, Refused> {
    remove(app, caller, None).await
}

async fn remove(app: &App, caller: &Caller, session: Option<Id<Session>>) -> Result<u64, Refused> {
    let act = app.act(caller);
    app.db
        .system("sessions of a person span their memberships", move |tx| {
            let person = act.caller.person;
            let ended = if let Some(id) = session {
                let one =
                    system_sql!("DELETE FROM session WHERE provider_id = $1 AND person_id = $2 AND id = $3");
                tx.exec(one, (act.caller.provider, person, id))?
            } else {
                let all = system_sql!("DELETE FROM session WHERE provider_id = $1 AND person_id = $2");
                tx.exec(all, (act.caller.provider, person))?
            };
            if ended > 0 {
                let subject = session.map_or_else(|| "all".to_owned(), |id| id.to_string());
                let detail = format!("{ended} ended");
                let event = Event { action: "session.end", subject, client: None, detail: &detail };
                tx.within(act.caller.scope, |tx| audit::note(tx, &act, event))??;
            }
            Ok(ended)
        })
        .await
}

/// The other memberships of the caller, in which they could act instead. Of those of other parties, none is known to whoever comes through
/// an issuer.
pub async fn others(app: &App, caller: &Caller) -> Result<Vec<Member>, Refused> {
    let (provider, person, own) = (caller.provider, caller.person, caller.membership);
    let list = system_sql!(
        "SELECT id, party_id, client_id, role, name, email, state, everywhere FROM membership \
         WHERE provider_id = $1 AND person_id = $2 AND id <> $3 AND state = 'active' ORDER BY folded, id LIMIT 100"
    );
    let party = system_sql!("SELECT party_id FROM membership WHERE provider_id = $1 AND id = $2");
    let (why, stays) = ("memberships of a person span parties", caller.access == Access::Vouched);
    let read = move |tx: &mut Tx<'_, '_, System>| {
        let mut all: Vec<Member> = tx.rows(list, (provider, person, own))?;
        let home: Option<(Id<Party>,)> = tx.find(party, (provider, own))?;
        all.retain(|member| !stays || Some((member.party,)) == home);
        Ok(all)
    };
    app.db.system_read(why, read).await
}

/// Goes on in another membership of the same person: another session, and the old one ends. What an issuer has vouched for stays within its
/// party, and where a party has its people come through its issuer, nobody gets in from another.
pub async fn switch(
    app: &App,
    caller: &Caller,
    old: Id<Session>,
    to: Id<Membership>,
) -> Result<Secret, Refused> {
    let (app, caller) = (app.clone(), caller.clone());
    let db = Arc::clone(&app.db);
    db.system("memberships of a person span parties", move |tx| {
        let found =
            member(tx, caller.provider.uuid(), to)?.filter(|found| Some(found.person) == caller.person);
        let found = found.ok_or(Refused::NotFound)?;
        let end = system_sql!(
            "DELETE FROM session WHERE provider_id = $1 AND person_id = $2 AND id = $3 RETURNING agent, vouched_by"
        );
        let (agent, vouched_by): (String, Option<Id<Party>>) =
            tx.find(end, (caller.provider, caller.person, old))?.ok_or(Refused::NotFound)?;
        match vouched_by {
            Some(party) if party != found.member.party => return Err(Refused::NotFound),
            None if issuer::is_required(tx, found.provider.uuid(), found.member.party)? => {
                return Err(issuer::required());
            }
            Some(_) | None => {}
        }
        begin(tx, &app.act(&found.caller()), &found, (vouched_by, &agent))
    })
    .await
}
