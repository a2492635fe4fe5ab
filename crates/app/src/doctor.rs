//! Whether what is stored still holds: looked at by the operator, from time to time and after anything odd.
//!
//! The database itself is looked at by [`remit_db::check`]. Here is what only the product knows: that every audit log is as it was
//! written, that every matrix in force is the text that was signed and is still proved, that every attachment is there, and that every provider has somebody who can
//! look after it.

use remit_core::{At, Millis, Zone};
use remit_db::Tx;
use remit_jobs::upkeep;

use crate::App;
use crate::act::{Act, Caller};
use crate::audit;
use crate::clients::{self, Summary};
use crate::matrix;
use crate::people::{self, Role, State};
use crate::refused::{Refused, folded};
use crate::{attachments, ratings, search, tickets};

/// Clients and people that are looked at in one unit of work.
const PAGE: u16 = 500;
/// Letters may wait so long before it is a finding.
const LATE: Millis = Millis::from_hours(1);

/// One look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What was looked at.
    pub what: String,
    /// How many there were.
    pub seen: u64,
    /// What is wrong, and what to do; nothing, when all is well.
    pub findings: Vec<String>,
}

/// Looks at everything that the product knows. `told` hears what comes next.
pub async fn examine(app: &App, told: &mut dyn FnMut(&str)) -> Result<Vec<Look>, Refused> {
    let mut looks = Vec::new();
    for (provider, name) in app.providers().await? {
        let caller = Caller::operator(provider);
        told(&format!("{name}: audit log"));
        looks.push(log(app, &caller, &name).await?);
        told(&format!("{name}: people"));
        looks.push(owners(app, &caller, &name).await?);
        told(&format!("{name}: matrices"));
        looks.push(matrices(app, &caller, &name).await?);
        told(&format!("{name}: clocks of tickets"));
        looks.push(clocks(app, &caller, &name).await?);
        told(&format!("{name}: report of the desk"));
        looks.push(report(app, &caller, &name).await?);
        told(&format!("{name}: ratings"));
        looks.push(rated(app, &caller, &name).await?);
        told(&format!("{name}: approvals"));
        looks.push(approvals(app, &caller, &name).await?);
        told(&format!("{name}: search"));
        looks.push(found(app, &caller, &name).await?);
        told(&format!("{name}: attachments"));
        let (seen, findings) = attachments::look(app, &caller).await?;
        looks.push(Look { what: format!("attachments of {name}"), seen, findings });
    }
    told("jobs");
    looks.push(jobs(app).await?);
    Ok(looks)
}

async fn log(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let key = app.key().clone();
    let checked = app.read_long(caller, move |tx, _| audit::verify(&mut tx.whole()?, &key, None)).await?;
    let (seen, findings) = match checked {
        Ok(head) => (head.seq.unsigned_abs(), Vec::new()),
        Err(fault) => (0, vec![format!("tampered with: {fault}; compare it with a backup")]),
    };
    Ok(Look { what: format!("audit log of {name}"), seen, findings })
}

/// Somebody must be able to look after the provider.
async fn owners(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (mut seen, mut owners, mut after) = (0, 0, None);
    loop {
        let page = app.read(caller, move |tx, act| people::list(tx, act, after.clone(), PAGE)).await?;
        seen += page.len() as u64;
        owners += page
            .iter()
            .filter(|one| one.role == Role::Owner && matches!(one.state, State::Active | State::Invited))
            .count();
        let Some(last) = page.last().filter(|_| page.len() == usize::from(PAGE)) else { break };
        after = Some((folded(&last.name), last.id.uuid()));
    }
    let none = "no owner can sign in: reinstate one, or found the provider anew with `remit admin init`";
    let findings = if owners == 0 { vec![none.to_owned()] } else { Vec::new() };
    Ok(Look { what: format!("people of {name}"), seen, findings })
}

/// Every matrix in force is the text that both sides signed, and is still proved from today on: holidays, daylight-saving rules and
/// contracts change after a matrix was published.
async fn matrices(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (mut seen, mut findings, mut after) = (0, Vec::new(), None::<String>);
    loop {
        let look = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let clients = clients::list(tx, act, after.as_deref(), PAGE)?;
            let found = clients
                .iter()
                .map(|client| Ok((client.clone(), matrix::in_force(tx, act, client.id, act.at)?)));
            found.collect::<Result<Vec<_>, Refused>>()
        };
        let page = app.read(caller, look).await?;
        let last = page.last().map(|(client, _)| client.name.clone());
        let more = page.len() == usize::from(PAGE);
        for (client, version) in page {
            let Some(version) = version else { continue };
            seen += 1;
            findings.extend(proved(&client, &version, app.now()));
        }
        match last.filter(|_| more) {
            Some(name) => after = Some(name),
            None => break,
        }
    }
    Ok(Look { what: format!("matrices in force at {name}"), seen, findings })
}

fn proved(client: &Summary, version: &matrix::Signed, now: At) -> Option<String> {
    let (Summary { name, .. }, number) = (client, version.number);
    let zone = Zone::parse(&client.zone).unwrap_or_else(|_| Zone::utc());
    let checked = matrix::check(&version.text, zone.local(now).date());
    if checked.matrix.as_ref().is_some_and(|matrix| !matrix::is_as_signed(version, matrix)) {
        return Some(format!(
            "{name}, version {number}: the text is not the one that was signed; compare it with a backup"
        ));
    }
    if checked.is_sound() {
        return None;
    }
    Some(match (&checked.report, checked.faults.first()) {
        (Some(report), _) => format!(
            "{name}, version {number}: no longer proved, with {} findings; draft the next version and look there",
            report.findings.len()
        ),
        (None, Some(fault)) => {
            format!("{name}, version {number}: cannot be read any more: {}", fault.message)
        }
        (None, None) => format!("{name}, version {number}: cannot be proved"),
    })
}

/// What is kept of the clocks of every ticket is what its lines say.
async fn clocks(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (mut seen, mut findings, mut after) = (0, Vec::new(), None);
    loop {
        let look = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let ids = tickets::ids(tx, after, PAGE)?;
            let wrong = ids.iter().map(|id| tickets::clocks::rebuilt(tx, act, *id));
            Ok((wrong.collect::<Result<Vec<_>, Refused>>()?, ids.last().copied()))
        };
        let (wrong, last) = app.read_long(caller, look).await?;
        seen += wrong.len() as u64;
        let more = wrong.len() == usize::from(PAGE);
        findings.extend(wrong.into_iter().flatten().take(PAGE.into()));
        after = last;
        if !more {
            break;
        }
    }
    Ok(Look { what: format!("clocks of the tickets of {name}"), seen, findings })
}

/// The sums of the report are those of the tickets.
async fn report(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (seen, findings) = app.read_long(caller, |tx, _| tickets::outcome::compare(tx)).await?;
    let findings = findings.into_iter().take(PAGE.into()).collect();
    Ok(Look { what: format!("report of the desk of {name}"), seen, findings })
}

/// The sums of ratings are what they add up to.
async fn rated(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (seen, findings) = app.read_long(caller, |tx, _| ratings::compare(tx)).await?;
    Ok(Look { what: format!("ratings at {name}"), seen, findings })
}

/// Every approval stands as its answers say, and its ticket waits while it is open.
async fn approvals(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let (seen, findings) = app.read_long(caller, |tx, _| tickets::compare_approvals(tx)).await?;
    Ok(Look { what: format!("approvals at {name}"), seen, findings })
}

/// What is found by its words is what there is.
async fn found(app: &App, caller: &Caller, name: &str) -> Result<Look, Refused> {
    let search::Compared { seen, missing, surplus } = search::compare(app, caller).await?;
    let mend = "run `remit admin index`";
    let mut findings = Vec::new();
    if missing > 0 {
        findings.push(format!("{missing} lines or names are not found by their words: {mend}"));
    }
    if surplus > 0 {
        findings.push(format!("{surplus} lines are found that are not there; they are shown to nobody"));
    }
    Ok(Look { what: format!("search at {name}"), seen, findings })
}

async fn jobs(app: &App) -> Result<Look, Refused> {
    let now = app.now();
    let (mut seen, mut findings) = (0, Vec::new());
    for depth in upkeep::depths(&app.db, now).await? {
        seen += depth.waiting.unsigned_abs();
        if depth.dead > 0 {
            findings.push(format!(
                "{} jobs of {} were given up: see `remit jobs list`, and `remit jobs revive` when it is mended",
                depth.dead, depth.queue
            ));
        }
        if depth.oldest.is_some_and(|oldest| oldest + LATE < now) {
            findings.push(format!(
                "{} jobs of {} wait, the oldest for over an hour: is `remit serve` running, and is mail configured?",
                depth.waiting, depth.queue
            ));
        }
    }
    Ok(Look { what: "jobs that wait".to_owned(), seen, findings })
}
