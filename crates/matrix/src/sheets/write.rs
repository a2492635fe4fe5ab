//! A draft as lines of cells, sheet by sheet, in the columns of [`super::layout`].

use super::cell::{list_cell, text_cell};
use super::layout::FACTS;
use crate::catalogue::{NewNode, Owner};
use crate::draft::{CalendarDraft, Draft, Names, PartyKind, RowDraft, ServiceModel};

/// The lines of one sheet, without its header.
pub(super) type Lines = Vec<Vec<String>>;

/// The lines of every sheet in the order of [`super::layout::SHEETS`].
pub(super) fn lines(draft: &Draft) -> [Lines; 7] {
    [
        draft.rows.iter().map(row).collect(),
        about(draft),
        draft
            .parties
            .iter()
            .map(|(id, party)| vec![one(id), one(&party.name), kind_word(party.kind).to_owned()])
            .collect(),
        teams(draft),
        draft.calendars.iter().flat_map(|(id, calendar)| calendar_lines(id, calendar)).collect(),
        values(draft),
        draft.services.iter().map(service).collect(),
    ]
}

fn row(row: &RowDraft) -> Vec<String> {
    let names = |names: &Names| list_cell(names.as_slice());
    let text = |text: &Option<String>| text_cell(text.as_deref());
    vec![
        one(&row.id),
        names(&row.service),
        names(&row.tier),
        names(&row.priority),
        names(&row.site),
        names(&row.asset_class),
        names(&row.requester_group),
        names(&row.kind),
        text(&row.time),
        one(&row.accountable),
        one(&row.responsible),
        names(&row.consulted),
        names(&row.informed),
        names(&row.fallback),
        text(&row.respond),
        text(&row.resolve),
        text(&row.clock),
        text(&row.note),
    ]
}

fn about(draft: &Draft) -> Lines {
    let arrangements: Vec<_> = draft.arrangements.iter().map(|a| a.key()).collect();
    let value = |field: &str| match field {
        "client" => one(&draft.client),
        "zone" => one(&draft.zone),
        "model" => model_word(draft.model).to_owned(),
        "arrangements" => list_cell(&arrangements),
        "version" => draft.version.to_string(),
        "in-force-from" => text_cell(draft.in_force_from.as_deref()),
        "last-resort" => one(&draft.last_resort),
        _ => draft.format.to_string(),
    };
    FACTS.iter().map(|&(field, label)| vec![label.to_owned(), value(field)]).collect()
}

fn teams(draft: &Draft) -> Lines {
    let teams = draft.teams.iter();
    teams
        .map(|(id, team)| vec![one(id), text_cell(team.name.as_deref()), one(&team.party), one(&team.hours)])
        .collect()
}

/// The first line carries zone and holidays too; a calendar without days has that line alone.
fn calendar_lines(id: &str, calendar: &CalendarDraft) -> Lines {
    let week = calendar.week.iter().map(|(days, hours)| (day_cell(days, "week", !is_date(days)), one(hours)));
    let dates = calendar.days.iter().map(|(date, hours)| (day_cell(date, "date", is_date(date)), one(hours)));
    let mut days: Vec<_> = week.chain(dates).collect();
    if days.is_empty() {
        days.push((String::new(), String::new()));
    }
    let lines = days.into_iter().enumerate().map(|(n, (day, hours))| {
        let (zone, holidays) = match n {
            0 => (text_cell(calendar.zone.as_deref()), list_cell(&calendar.holidays)),
            _ => (String::new(), String::new()),
        };
        vec![one(id), zone, holidays, day, hours]
    });
    lines.collect()
}

/// Days and dates share a column. Where the first character would mislead, `week:` or `date:` goes before.
fn day_cell(days: &str, word: &str, plain: bool) -> String {
    let marked = days.starts_with("week:") || days.starts_with("date:");
    if plain && !marked { one(days) } else { one(&format!("{word}:{days}")) }
}

/// Whether a day of a calendar is a date rather than weekdays.
pub(super) fn is_date(days: &str) -> bool {
    days.starts_with(|c: char| c.is_ascii_digit())
}

/// The values of each dimension below one another.
fn values(draft: &Draft) -> Lines {
    let v = &draft.values;
    let columns = [&v.tier, &v.priority, &v.site, &v.asset_class, &v.requester_group, &v.kind];
    let longest = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let line = |n: usize| columns.iter().map(|column| text_cell(column.get(n).map(String::as_str))).collect();
    (0..longest).map(line).collect()
}

fn service(node: &NewNode) -> Vec<String> {
    let owner = |pick: fn(&crate::catalogue::Owners) -> Owner| {
        node.owner.as_ref().map_or("", |owners| owner_word(pick(owners))).to_owned()
    };
    let provider_in: Vec<_> = node.owner.iter().flat_map(|o| &o.provider_in).map(|a| a.key()).collect();
    vec![
        one(&node.id),
        one(&node.name),
        text_cell(Some(node.description.as_str()).filter(|text| !text.is_empty())),
        owner(|owners| owners.managed),
        owner(|owners| owners.co_managed),
        list_cell(&provider_in),
        if node.outside_fee { "yes".to_owned() } else { String::new() },
        text_cell(node.itil.as_deref()),
        list_cell(&node.csf),
        list_cell(&node.also),
    ]
}

fn one(text: &str) -> String {
    text_cell(Some(text))
}

/// The word for how a client is served.
pub(crate) fn model_word(model: ServiceModel) -> &'static str {
    match model {
        ServiceModel::FullyManaged => "fully-managed",
        ServiceModel::CoManaged => "co-managed",
    }
}

fn kind_word(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Provider => "provider",
        PartyKind::Internal => "internal",
        PartyKind::Vendor => "vendor",
    }
}

fn owner_word(owner: Owner) -> &'static str {
    match owner {
        Owner::Provider => "provider",
        Owner::Internal => "internal",
        Owner::Shared => "shared",
        Owner::Vendor => "vendor",
        Owner::NotApplicable => "not-applicable",
    }
}
