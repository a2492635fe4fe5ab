//! Where ratings are kept: one for each ticket, and the sums of them for each month of a client.

use std::collections::BTreeMap;

use remit_core::{At, Id};
use remit_db::{Error, FromRow, Row, Tx, sql};
use uuid::Uuid;

use super::{Grade, Sums, Which, reads_words};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::keyed::texts;
use crate::people::{Membership, Permission};
use crate::refused::Refused;
use crate::tickets::Ticket;
use crate::tickets::outcome::month;

/// Ratings that are looked at, at once, where sums are added up again.
const AT_ONCE: i64 = 1000;

/// What was said of one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// How it was.
    pub grade: Grade,
    /// In their words; empty where they said nothing, and for whoever does not read them.
    pub comment: String,
    /// When.
    pub at: At,
    /// How often they have said it.
    pub times: i64,
    /// When somebody said what was done about it.
    pub followed_at: Option<At>,
    month: String,
}

/// A rating in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Of which ticket.
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// The client's name.
    pub client: String,
    /// Who said it.
    pub name: String,
    /// How it was.
    pub grade: Grade,
    /// In their words; empty where they said nothing, and for whoever does not read them.
    pub comment: String,
    /// When.
    pub at: At,
    /// Who said what was done about it, and when.
    pub followed: Option<(String, At)>,
}

impl FromRow for Given {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self {
            grade: row.get(0)?,
            comment: row.get(1)?,
            month: row.get(2)?,
            at: row.get(3)?,
            times: row.get(4)?,
            followed_at: row.get(5)?,
        })
    }
}

impl FromRow for Listed {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let followed: (Option<String>, Option<At>) = (row.get(8)?, row.get(9)?);
        Ok(Self {
            ticket: row.get(0)?,
            number: row.get(1)?,
            subject: row.get(2)?,
            client: row.get(3)?,
            name: row.get(4)?,
            grade: row.get(5)?,
            comment: row.get(6)?,
            at: row.get(7)?,
            followed: followed.1.map(|at| (followed.0.unwrap_or_default(), at)),
        })
    }
}

/// Ratings, the newest first, from behind one on; what follows is the rest of the condition.
macro_rules! ratings {
    ($rest:literal) => {
        concat!(
            "SELECT r.ticket_id, t.number, t.subject, c.name, m.name, r.grade, r.comment, r.at, f.name, r.followed_at FROM rating r \
             JOIN ticket t ON t.provider_id = r.provider_id AND t.id = r.ticket_id \
             JOIN client c ON c.provider_id = r.provider_id AND c.id = r.client_id \
             JOIN membership m ON m.provider_id = r.provider_id AND m.id = r.membership_id \
             LEFT JOIN membership f ON f.provider_id = r.provider_id AND f.id = r.followed_by \
             WHERE r.provider_id = $1 AND {reach: r.client_id} AND (r.at, r.ticket_id) < ($2, $3)",
            $rest,
            " ORDER BY r.at DESC, r.ticket_id DESC LIMIT $4"
        )
    };
}

texts! {
    RATINGS = ratings!(" AND (r.grade = $5 OR $5 = '')");
    RATINGS_OF_CLIENT = ratings!(" AND (r.grade = $5 OR $5 = '') AND r.client_id = $6");
    RATINGS_TO_FOLLOW = ratings!(" AND r.grade = 'poor' AND r.followed_at IS NULL");
    RATINGS_TO_FOLLOW_OF_CLIENT = ratings!(" AND r.grade = 'poor' AND r.followed_at IS NULL AND r.client_id = $5");
}

/// Where a list goes on.
pub(crate) type Behind = (At, Id<Ticket>);

/// What was said of a ticket that the caller sees; nothing where nobody has said.
pub fn given(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Option<Given>, Refused> {
    let get = sql!(
        "SELECT grade, comment, month, at, times, followed_at, membership_id FROM rating \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
    );
    let Some(Said(mut found, who)) = tx.find(get, (id,))? else { return Ok(None) };
    if act.caller.membership != Some(who) && !reads_words(act) {
        found.comment.clear();
    }
    Ok(Some(found))
}

struct Said(Given, Id<Membership>);

impl FromRow for Said {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let who = row.get(6)?;
        Ok(Self(Given::from_row(row)?, who))
    }
}

/// Ratings within reach, the newest first, from behind one on.
pub fn list(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    which: Which,
    (behind, most): (Option<Behind>, u16),
) -> Result<Vec<Listed>, Refused> {
    act.require(Permission::ReadTickets)?;
    let (at, id) = behind.map_or((At::from_millis(i64::MAX), Uuid::max()), |(at, id)| (at, id.uuid()));
    let grade = which.grade.map_or("", Grade::key);
    let mut found: Vec<Listed> = match (which.to_follow, which.client) {
        (false, None) => tx.rows(sql!(RATINGS), (at, id, most, grade))?,
        (false, Some(client)) => tx.rows(sql!(RATINGS_OF_CLIENT), (at, id, most, grade, client))?,
        (true, None) => tx.rows(sql!(RATINGS_TO_FOLLOW), (at, id, most))?,
        (true, Some(client)) => tx.rows(sql!(RATINGS_TO_FOLLOW_OF_CLIENT), (at, id, most, client))?,
    };
    if !reads_words(act) {
        for one in &mut found {
            one.comment.clear();
        }
    }
    Ok(found)
}

/// Keeps a rating, and moves the sums by what it differs from the one before. `stays`: it stays followed up.
pub(super) fn keep(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, before, stays): (&Ticket, Option<&Given>, bool),
    (grade, comment): (Grade, &str),
) -> Result<(), Refused> {
    let now = month(&clients::zone(tx, ticket.client)?, act.at);
    if before.is_none() {
        let add = sql!(
            "INSERT INTO rating (provider_id, ticket_id, client_id, membership_id, grade, comment, month, at, times) \
             VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, 1)"
        );
        tx.exec(add, (ticket.id, ticket.client, ticket.requester, grade, comment, &now, act.at))?;
    } else {
        let set = sql!(
            "UPDATE rating SET grade = $3, comment = $4, month = $5, at = $6, times = times + 1 \
             WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
        );
        tx.exec(set, (ticket.id, grade, comment, &now, act.at))?;
        if !stays {
            let open = sql!(
                "UPDATE rating SET followed_by = NULL, followed_at = NULL WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
            );
            tx.exec(open, (ticket.id,))?;
        }
    }
    if let Some(before) = before {
        moved(tx, ticket.client, (&before.month, before.grade, -1))?;
    }
    moved(tx, ticket.client, (&now, grade, 1))
}

fn moved(
    tx: &mut Tx<'_, '_>,
    client: Id<Client>,
    (month, grade, by): (&str, Grade, i64),
) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO rating_month (provider_id, month, client_id, good, fair, poor) VALUES ($1, $2, {client: $3}, $4, $5, $6) \
         ON CONFLICT (provider_id, month, client_id) DO UPDATE SET good = rating_month.good + excluded.good, \
         fair = rating_month.fair + excluded.fair, poor = rating_month.poor + excluded.poor"
    );
    let of = |one: Grade| if one == grade { by } else { 0 };
    tx.exec(add, (month, client, of(Grade::Good), of(Grade::Fair), of(Grade::Poor)))?;
    Ok(())
}

/// Notes that the caller has followed it up.
pub(super) fn followed(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE rating SET followed_by = $3, followed_at = $4 WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
    );
    tx.exec(set, (id, act.caller.membership, act.at))?;
    Ok(())
}

/// The sums of months, from one to another: of all within reach, or of one client.
pub(crate) fn months(
    tx: &mut Tx<'_, '_>,
    (from, to): (&str, &str),
    client: Option<Id<Client>>,
) -> Result<BTreeMap<String, Sums>, Refused> {
    type One = (String, i64, i64, i64);
    let of_all = sql!(
        "SELECT month, CAST(SUM(good) AS BIGINT), CAST(SUM(fair) AS BIGINT), CAST(SUM(poor) AS BIGINT) FROM rating_month \
         WHERE provider_id = $1 AND {reach: client_id} AND month >= $2 AND month <= $3 GROUP BY month ORDER BY month"
    );
    let of_one = sql!(
        "SELECT month, good, fair, poor FROM rating_month \
         WHERE provider_id = $1 AND {reach: client_id} AND month >= $2 AND month <= $3 AND client_id = $4 ORDER BY month"
    );
    let found: Vec<One> = match client {
        None => tx.rows(of_all, (from, to))?,
        Some(client) => tx.rows(of_one, (from, to, client))?,
    };
    Ok(found.into_iter().map(|(month, good, fair, poor)| (month, Sums { good, fair, poor })).collect())
}

/// Adds the sums up again out of all ratings within reach; in words, where others are kept. Gives how many ratings there were.
pub(crate) fn compare(tx: &mut Tx<'_, '_>) -> Result<(u64, Vec<String>), Refused> {
    let list = sql!(
        "SELECT ticket_id, client_id, month, grade FROM rating \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id > $2 ORDER BY ticket_id LIMIT $3"
    );
    let (mut again, mut seen, mut behind) = (BTreeMap::<(String, Uuid), Sums>::new(), 0, Uuid::nil());
    loop {
        let page: Vec<(Id<Ticket>, Uuid, String, Grade)> = tx.rows(list, (behind, AT_ONCE))?;
        let Some((ticket, ..)) = page.last() else { break };
        behind = ticket.uuid();
        for (_, client, month, grade) in page {
            seen += 1;
            let sums = again.entry((month, client)).or_default();
            match grade {
                Grade::Good => sums.good += 1,
                Grade::Fair => sums.fair += 1,
                Grade::Poor => sums.poor += 1,
            }
        }
    }
    let mut kept = kept(tx)?;
    kept.retain(|_, sums| *sums != Sums::default());
    let keys = again.keys().chain(kept.keys());
    let mut odd: Vec<String> = keys
        .filter(|key| again.get(*key) != kept.get(*key))
        .map(|(month, _)| format!("{month}: the ratings of a client are summed otherwise than they add up"))
        .collect();
    odd.sort();
    odd.dedup();
    Ok((seen, odd))
}

fn kept(tx: &mut Tx<'_, '_>) -> Result<BTreeMap<(String, Uuid), Sums>, Refused> {
    let list = sql!(
        "SELECT month, client_id, good, fair, poor FROM rating_month \
         WHERE provider_id = $1 AND {reach: client_id} AND (month, client_id) > ($2, $3) ORDER BY month, client_id LIMIT $4"
    );
    let (mut all, mut behind) = (BTreeMap::new(), (String::new(), Uuid::nil()));
    loop {
        let page: Vec<(String, Uuid, i64, i64, i64)> = tx.rows(list, (&behind.0, behind.1, AT_ONCE))?;
        let Some((month, client, ..)) = page.last() else { return Ok(all) };
        behind = (month.clone(), *client);
        all.extend(
            page.into_iter()
                .map(|(month, client, good, fair, poor)| ((month, client), Sums { good, fair, poor })),
        );
    }
}
