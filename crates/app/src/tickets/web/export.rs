//! Lists of tickets as files.

use std::collections::BTreeMap;

use axum::response::Response;
use remit_core::{At, Id, Zone};
use remit_db::Tx;
use remit_web::Error;

use super::super::field::as_shown;
use super::super::visibility::Sight;
use super::super::{
    CustomField, Listed, NO_PROMISE, Narrow, Narrowed, Ticket, View, custom_fields, fields_of, narrowed,
    tags_of,
};
use crate::act::Act;
use crate::export::{Cell, Form, List, file, heads, instant};
use crate::refused::Refused;
use crate::site::{Signed, Site};

const COLUMNS: &[&str] = &[
    "Number",
    "Client",
    "Kind",
    "Subject",
    "Status",
    "Priority",
    "Impact",
    "Urgency",
    "Service",
    "Tier",
    "Site",
    "Requester",
    "Party",
    "Team",
    "Worker",
    "Offered to",
    "Answer by",
    "Due",
    "Opened",
    "Changed",
    "Solved",
    "Closed",
    "Tags",
];

/// A view as a file: all of it, not the page that is looked at.
pub(super) async fn view(
    (site, signed): (&Site, &Signed),
    form: Form,
    (key, view): (&str, View),
    narrow: Narrow,
) -> Result<Response, Error> {
    let wide = Narrow { priority: narrow.priority, ..Narrow::default() };
    let name = match narrow.priority {
        _ if narrow != wide && key != "tag" => format!("tickets-{key}-narrowed"),
        Some(priority) => format!("tickets-{key}-{}", priority.key()),
        None => format!("tickets-{key}"),
    };
    // The last one is for those who see the words on a ticket.
    let tagged = Sight::of(&site.app.act(&signed.caller))?.reads_teams();
    let columns = if tagged { COLUMNS } else { COLUMNS.split_last().map_or(COLUMNS, |(_, rest)| rest) };
    let fields = site.app.read(&signed.caller, custom_fields).await?;
    let labels = fields.iter().map(|field| field.definition.label.clone());
    let columns = heads(columns).into_iter().chain(labels).collect();
    let kept = List { name, action: "ticket.export", columns };
    let mut zone = Zone::utc();
    let page = move |tx: &mut Tx<'_, '_>, act: &Act, behind, most| {
        let Narrowed { found, next } = narrowed(tx, act, (view, &narrow), (behind, most))?;
        let ids: Vec<Id<Ticket>> = found.iter().map(|listed| listed.ticket.id).collect();
        let mut tags = tags_of(tx, act, &ids)?.into_iter();
        let mut filled = shown(tx, act, (&fields, &ids))?.into_iter();
        let row = |listed: &Listed| {
            let mut cells = row(listed, &mut zone);
            if tagged {
                cells.push(tags.next().unwrap_or_default().join(" ").as_str().into());
            }
            cells.extend(filled.next().unwrap_or_default());
            cells
        };
        Ok((found.iter().map(row).collect(), next))
    };
    file((site, signed), form, kept, page).await
}

/// What stands in fields of tickets, a cell for each.
fn shown(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (fields, ids): (&[CustomField], &[Id<Ticket>]),
) -> Result<Vec<Vec<Cell>>, Refused> {
    let filled = fields_of(tx, act, ids)?;
    let cells = |mut values: BTreeMap<String, String>| {
        let cell = |field: &CustomField| {
            let value = values.remove(&field.key).unwrap_or_default();
            let shown = as_shown(tx, &field.definition.shape, &value)?;
            Ok(if shown.is_empty() { Cell::Empty } else { shown.as_str().into() })
        };
        fields.iter().map(cell).collect()
    };
    filled.into_iter().map(cells).collect()
}

/// A ticket. `zone` is that of the ticket before: lists have many of one client in a row.
fn row(Listed { ticket, named }: &Listed, zone: &mut Zone) -> Vec<Cell> {
    if zone.name() != named.zone {
        // Where a newer release took a zone out of its data, the time is that of UTC, and says so.
        *zone = Zone::parse(&named.zone).unwrap_or_else(|_| Zone::utc());
    }
    let when = |at: Option<At>| at.map_or(Cell::Empty, |at| instant(at, zone));
    vec![
        Cell::Number(ticket.number),
        named.client.as_str().into(),
        ticket.kind.name().into(),
        ticket.subject.as_str().into(),
        ticket.status.name().into(),
        ticket.priority.key().into(),
        ticket.impact.name().into(),
        ticket.urgency.name().into(),
        ticket.service.as_str().into(),
        ticket.tier.key().into(),
        named.site.as_deref().into(),
        named.requester.as_str().into(),
        named.party.as_str().into(),
        named.team.as_str().into(),
        named.worker.as_deref().into(),
        named.offered.as_ref().map(|(team, _)| team.as_str()).into(),
        when(ticket.answer_by),
        when(Some(ticket.due_at).filter(|due| *due < NO_PROMISE)),
        when(Some(ticket.opened_at)),
        when(Some(ticket.changed_at)),
        when(ticket.solved_at),
        when(ticket.closed_at),
    ]
}
