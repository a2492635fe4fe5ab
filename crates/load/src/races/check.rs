//! Whether what was told is what is there.

use std::collections::{BTreeMap, BTreeSet};

use remit_app::audit::{self, Key};
use remit_app::tickets::{self, Happened, Line, Ticket};
use remit_app::{Act, App, Caller, Refused};
use remit_core::Id;
use remit_db::Tx;

use super::deeds::Told;
use super::world::{KEY, World};

/// Lines that are read at once.
const PAGE: u16 = 200;

/// What was looked at.
#[derive(Debug, Default)]
pub struct Seen {
    /// Tickets.
    pub tickets: u64,
    /// Their lines.
    pub lines: u64,
    texts: BTreeSet<String>,
    taken: BTreeMap<(Id<Ticket>, u32), u32>,
    moved: BTreeMap<(Id<Ticket>, &'static str), u32>,
}

/// Looks at every ticket and compares it with what was told.
pub async fn deeds(world: &World, told: &Told) -> Result<Seen, String> {
    let (app, by) = (&world.apps[0], Caller::operator(world.provider));
    let mut seen = Seen::default();
    for number in 1.. {
        match ticket(app, &by, number).await.map_err(|e| e.to_string())? {
            Some((ticket, lines)) => {
                seen.look(&ticket, &lines).map_err(|wrong| format!("ticket {number}: {wrong}"))?;
            }
            None => break,
        }
    }
    if seen.tickets != told.opened {
        return Err(format!("{} tickets were opened, {} are there", told.opened, seen.tickets));
    }
    if let Some(lost) = told.texts.difference(&seen.texts).next() {
        return Err(format!("acknowledged, and not there: {lost}"));
    }
    if let Some(half) = told.refused_texts.intersection(&seen.texts).next() {
        return Err(format!("refused, and there: {half}"));
    }
    if seen.taken != told.taken {
        return Err("what was taken is not what was acknowledged".to_owned());
    }
    for (key, count) in &told.moved {
        let there = seen.moved.get(key).copied().unwrap_or(0);
        // What somebody writes may set a ticket to work as well; more than was told is no effect twice there.
        if there < *count {
            return Err(format!("{} was moved to {} {count} times, {there} are there", key.0, key.1));
        }
    }
    sealed(app, &by).await?;
    Ok(seen)
}

/// Numbers go from 1 to the last, and there are no more tickets than were opened.
pub async fn numbers(world: &World, opened: u64) -> Result<(), String> {
    let (app, by) = (&world.apps[0], Caller::operator(world.provider));
    let has = async |number: u64| {
        let found = ticket(app, &by, number as i64).await.map_err(|e| e.to_string());
        found.map(|found| found.is_some())
    };
    for number in 1..=opened {
        if !has(number).await? {
            return Err(format!("number {number} of {opened} was left out"));
        }
    }
    if has(opened + 1).await? {
        return Err(format!("there are more tickets than the {opened} that were opened"));
    }
    sealed(app, &by).await
}

async fn ticket(app: &App, by: &Caller, number: i64) -> Result<Option<(Ticket, Vec<Line>)>, Refused> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = match tickets::find_number(tx, act, number) {
            Ok(ticket) => ticket,
            Err(Refused::NotFound) => return Ok(None),
            Err(refused) => return Err(refused),
        };
        let mut lines: Vec<Line> = Vec::new();
        loop {
            let after = lines.last().map_or(0, |line| line.seq);
            match tickets::lines(tx, act, &ticket, (after, PAGE))? {
                page if page.is_empty() => return Ok(Some((ticket, lines))),
                page => lines.extend(page),
            }
        }
    };
    app.read(by, read).await
}

/// The audit log fits together from its first line to its head.
async fn sealed(app: &App, by: &Caller) -> Result<(), String> {
    let checked = app.read(by, |tx, _| audit::verify(&mut tx.whole()?, &Key::new(KEY), None)).await;
    checked.map_err(|e| e.to_string())?.map(drop).map_err(|e| format!("the audit log: {e}"))
}

impl Seen {
    /// Goes through a ticket: each line follows from the one before, and the last leads to how it stands.
    fn look(&mut self, ticket: &Ticket, lines: &[Line]) -> Result<(), String> {
        self.tickets += 1;
        self.lines += lines.len() as u64;
        let (mut holder, mut status, mut numbers) = (None, "new", BTreeSet::new());
        for (line, seq) in lines.iter().zip(1..) {
            if line.seq != seq {
                return Err(format!("line {seq} is missing"));
            }
            if !line.text.is_empty() && line.text.starts_with("said") && !self.texts.insert(line.text.clone())
            {
                return Err(format!("there twice: {}", line.text));
            }
            match &line.happened {
                Happened::Opened { to, .. } => holder = Some(to.team),
                Happened::Accepted { number, from, to, .. } => {
                    if holder.replace(to.team) != Some(from.team) {
                        return Err(format!("line {seq}: whoever handed it over did not hold it"));
                    }
                    if !numbers.insert(*number) {
                        return Err(format!("offer {number} was accepted twice"));
                    }
                    *self.taken.entry((ticket.id, *number)).or_default() += 1;
                }
                Happened::Status { from, to } => {
                    if std::mem::replace(&mut status, to.key()) != from.key() {
                        return Err(format!("line {seq}: a move of the status was lost before it"));
                    }
                    *self.moved.entry((ticket.id, to.key())).or_default() += 1;
                }
                _ => {}
            }
        }
        let ends = (ticket.lines, ticket.status.key(), Some(ticket.team), *ticket.custody.holder());
        if ends != (lines.len() as i64, status, holder, ticket.team) {
            return Err("it does not stand as its lines say".to_owned());
        }
        Ok(())
    }
}
