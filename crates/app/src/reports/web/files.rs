//! The report as a file, and the tickets that one of its numbers stands for.

use axum::response::Response;
use remit_core::Id;
use remit_db::Tx;
use remit_promise::Promise;
use remit_web::Error;

use super::{Month, Report, Which, in_minutes, solved_by, tickets};
use crate::act::Act;
use crate::clients::Client;
use crate::export::{Cell, Form, List, file, heads};
use crate::promises::promise_words;
use crate::ratings::Sums;
use crate::site::{Signed, Site};
use crate::tickets::outcome::{Figures, Outcome, PROMISES, SolvedBy};
use crate::tickets::{Listed, Ticket};

/// Every month of the report.
pub(super) async fn months(
    (site, signed): (&Site, &Signed),
    form: Form,
    report: Report,
) -> Result<Response, Error> {
    let mut columns = heads(&["Month", "Opened", "Solved"]);
    columns.extend(SolvedBy::ALL.iter().map(|by| solved_by(*by).to_owned()));
    columns.extend(heads(&["Handed over", "Bounced", "Good", "All right", "Not good"]));
    let of = |promise: Promise| ["kept", "missed"].map(|end| format!("{}, {end}", promise_words(promise)));
    columns.extend(PROMISES.into_iter().flat_map(of));
    let name = format!("desk-{}", report.chosen);
    let kept = List { name, action: "report.export", columns };
    let page = move |_: &mut Tx<'_, '_>, _: &Act, _: Option<()>, _| {
        let each = report.months.iter().map(|(month, figures)| row((*month, figures), report.rated(month)));
        Ok((each.collect(), None))
    };
    file((site, signed), form, kept, page).await
}

fn row((month, figures): (Month, &Figures), rated: Sums) -> Vec<Cell> {
    let mut cells = vec![month.to_string().as_str().into()];
    let mut add = |number| cells.push(Cell::Number(number));
    add(figures.opened());
    add(figures.solved());
    for by in SolvedBy::ALL {
        add(figures.by(*by));
    }
    add(figures.handed());
    add(figures.bounced());
    add(rated.good);
    add(rated.fair);
    add(rated.poor);
    for promise in PROMISES {
        let (kept, missed) = figures.promise(promise);
        add(kept);
        add(missed);
    }
    cells
}

/// The tickets that a number stands for.
pub(super) async fn tickets_of(
    (site, signed): (&Site, &Signed),
    form: Form,
    (month, client, which): (Month, Option<Id<Client>>, Which),
) -> Result<Response, Error> {
    let columns = heads(&[
        "Number",
        "Client",
        "Subject",
        "Opened",
        "Solved",
        "Solved by",
        "Handed over",
        "Bounced",
        "Promises kept",
        "Promises missed",
        "Minutes that missed promises took",
    ]);
    let name = format!("desk-{month}-{}", which.key().replace('.', "-"));
    let kept = List { name, action: "report.export", columns };
    let page = move |tx: &mut Tx<'_, '_>, act: &Act, behind: Option<Id<Ticket>>, most: u16| {
        let (found, next) = tickets(tx, act, (month, client, which), (behind, most.into()))?;
        Ok((found.iter().map(|(listed, outcome)| cells(listed, outcome)).collect(), next))
    };
    file((site, signed), form, kept, page).await
}

fn cells(Listed { ticket, named }: &Listed, outcome: &Outcome) -> Vec<Cell> {
    let mut cells = vec![
        Cell::Number(ticket.number),
        named.client.as_str().into(),
        ticket.subject.as_str().into(),
        outcome.opened.as_deref().into(),
    ];
    match &outcome.solved {
        None => cells.extend(std::iter::repeat_n(Cell::Empty, 7)),
        Some(solved) => {
            let facts = &solved.facts;
            let used: i64 = facts.used.values().flatten().map(|(_, millis)| millis).sum();
            cells.push(solved.month.as_str().into());
            cells.push(solved.by.name().into());
            let missed = facts.missed.values().sum();
            let numbers = [facts.handed, facts.bounced, facts.kept.values().sum(), missed];
            cells.extend(numbers.map(Cell::Number));
            cells.extend(in_minutes([used]).into_iter().map(Cell::Number));
        }
    }
    cells
}
