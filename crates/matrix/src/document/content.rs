//! What the document says, before it is Markdown or HTML.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use remit_core::HolidaySet;
use remit_core::holidays::regions;

use super::Attached;
use super::phrase::{self, date, duration, joined, when};
use crate::catalogue::Catalogue;
use crate::draft::{CalendarDraft, Draft, Names, PartyKind, RowDraft, ServiceModel};

/// The whole document in words.
pub(super) struct Content {
    pub title: String,
    pub subtitle: String,
    pub facts: Vec<(&'static str, String)>,
    pub parties: Vec<Party>,
    pub teams: Vec<Team>,
    pub calendars: Vec<Calendar>,
    pub groups: Vec<Group>,
    pub letters: Vec<(&'static str, &'static str)>,
    pub findings: Vec<String>,
    pub signers: Vec<String>,
    pub hash: String,
}

/// One company.
pub(super) struct Party {
    pub name: String,
    pub kind: PartyKind,
    /// Among the vendors, which one, counted from 0.
    pub vendor: u8,
}

/// One team.
pub(super) struct Team {
    pub name: String,
    /// Number of its party in [`Content::parties`], if there is such a party.
    pub party: Option<usize>,
    pub party_name: String,
    pub hours: String,
}

/// One calendar.
pub(super) struct Calendar {
    pub name: String,
    pub zone: String,
    pub week: Vec<String>,
    pub regions: String,
    /// Public holidays of the twelve months from the first day in force.
    pub holidays: Vec<String>,
    pub days: Vec<String>,
}

/// The rows of one branch of the catalogue.
pub(super) struct Group {
    pub title: String,
    pub lines: Vec<Line>,
}

/// One row.
pub(super) struct Line {
    pub duties: String,
    pub id: String,
    pub conditions: String,
    /// Number in [`Content::parties`], if there is such a party.
    pub party: Option<usize>,
    pub accountable: String,
    pub responsible: String,
    pub fallback: String,
    pub consulted: String,
    pub informed: String,
    pub promise: String,
    pub note: String,
}

impl Content {
    /// Puts a draft into words.
    pub fn of(draft: &Draft, attached: Attached<'_>) -> Self {
        let writer = Writer::of(draft);
        Self {
            title: format!("Responsibility matrix: {}", draft.client),
            subtitle: "Who answers for which duty at which hour.".to_owned(),
            facts: writer.facts(),
            parties: writer.parties(),
            teams: writer.teams(),
            calendars: draft.calendars.iter().map(|(id, calendar)| writer.calendar(id, calendar)).collect(),
            groups: writer.groups(),
            letters: LETTERS.to_vec(),
            findings: attached.findings.to_vec(),
            signers: writer.signers(),
            hash: attached.hash.to_owned(),
        }
    }
}

const LETTERS: [(&str, &str); 6] = [
    ("A, answers", "The one party that answers for the outcome. Every duty has exactly one at every hour."),
    ("R, does it", "The team of that party that does the work."),
    ("C, is asked", "Teams or parties whose advice is asked before."),
    ("I, is told", "Teams or parties that are told after."),
    (
        "Takes over",
        "Teams that take over, in this order, while nobody of the team that does the work is on duty.",
    ),
    ("Promise", "The time to the first answer and to the solution, counted in the hours named."),
];

/// Puts the parts of one draft into words.
struct Writer<'d> {
    draft: &'d Draft,
    catalogue: Cow<'static, Catalogue>,
    party_numbers: BTreeMap<&'d str, usize>,
}

impl phrase::Names for Writer<'_> {
    fn who(&self, id: &str) -> String {
        let team = self.draft.teams.get(id).map(|team| team.name.clone().unwrap_or_else(|| id.to_owned()));
        let party = || self.draft.parties.get(id).map(|party| party.name.clone());
        team.or_else(party).unwrap_or_else(|| id.to_owned())
    }
}

impl<'d> Writer<'d> {
    fn of(draft: &'d Draft) -> Self {
        let builtin = Catalogue::builtin();
        let catalogue = builtin.extended(draft.services.clone()).map_or(Cow::Borrowed(builtin), Cow::Owned);
        let mut ids: Vec<&str> = draft.parties.keys().map(String::as_str).collect();
        ids.sort_by_key(|id| draft.parties[*id].kind);
        let party_numbers = ids.into_iter().zip(0..).collect();
        Self { draft, catalogue, party_numbers }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let draft = self.draft;
        let model = match draft.model {
            ServiceModel::FullyManaged => "Fully managed".to_owned(),
            ServiceModel::CoManaged => {
                let words: Vec<_> = draft.arrangements.iter().map(|a| a.words()).collect();
                if words.is_empty() {
                    "Co-managed".to_owned()
                } else {
                    format!("Co-managed: {}", joined(&words, "and"))
                }
            }
        };
        let from = draft.in_force_from.as_deref().map_or_else(|| "not yet dated".to_owned(), date);
        vec![
            ("Client", draft.client.clone()),
            ("Service model", model),
            ("Version", draft.version.to_string()),
            ("In force from", from),
            ("Time zone", draft.zone.clone()),
            ("Last resort, when nobody on duty can take it", phrase::Names::who(self, &draft.last_resort)),
        ]
    }

    fn parties(&self) -> Vec<Party> {
        let mut ordered: Vec<_> =
            self.party_numbers.iter().map(|(id, number)| (*number, &self.draft.parties[*id])).collect();
        ordered.sort_by_key(|(number, _)| *number);
        let mut vendors = 0u8;
        let party = |(_, party): (usize, &crate::draft::PartyDraft)| {
            let vendor = vendors;
            vendors = vendors.saturating_add(u8::from(party.kind == PartyKind::Vendor));
            Party { name: party.name.clone(), kind: party.kind, vendor }
        };
        ordered.into_iter().map(party).collect()
    }

    fn teams(&self) -> Vec<Team> {
        let teams = self.draft.teams.iter().map(|(id, team)| Team {
            name: phrase::Names::who(self, id),
            party: self.party_numbers.get(team.party.as_str()).copied(),
            party_name: phrase::Names::who(self, &team.party),
            hours: when(&team.hours, self),
        });
        let mut teams: Vec<_> = teams.collect();
        teams.sort_by_key(|team| team.party);
        teams
    }

    fn calendar(&self, id: &str, calendar: &CalendarDraft) -> Calendar {
        let names: BTreeMap<&str, &str> = regions().into_iter().collect();
        let region = |code: &String| {
            let name = names.get(code.trim().to_ascii_uppercase().as_str());
            name.map_or_else(|| code.clone(), |name| format!("{name} ({code})"))
        };
        let regions: Vec<String> = calendar.holidays.iter().map(region).collect();
        let day = |(day, hours): (&String, &String)| {
            let hours = if hours == "closed" { hours.clone() } else { hours.replace('-', "–") };
            (day.clone(), hours)
        };
        let mut week: Vec<_> = calendar.week.iter().map(day).collect();
        week.sort_by_key(|(days, _)| position(days));
        Calendar {
            name: id.to_owned(),
            zone: calendar.zone.clone().unwrap_or_else(|| self.draft.zone.clone()),
            week: week
                .into_iter()
                .map(|(days, hours)| format!("{} {hours}", phrase::weekdays(&days)))
                .collect(),
            regions: joined(&regions, "and"),
            holidays: self.holidays(&calendar.holidays),
            days: calendar
                .days
                .iter()
                .map(day)
                .map(|(day, hours)| format!("{}: {hours}", date(&day)))
                .collect(),
        }
    }

    /// The public holidays by name from the first day in force through twelve months; none for a matrix without that day.
    fn holidays(&self, codes: &[String]) -> Vec<String> {
        let first = self.draft.in_force_from.as_deref().and_then(|day| day.trim().parse::<Date>().ok());
        let (Some(first), Ok(set)) = (first, HolidaySet::parse(codes)) else {
            return Vec::new();
        };
        let mut days: Vec<(Date, String)> = [first.year(), first.year().saturating_add(1)]
            .into_iter()
            .flat_map(|year| set.in_year(year))
            .filter(|holiday| holiday.date >= first && (holiday.date - first).get_days() < 365)
            .map(|holiday| (holiday.date, holiday.name))
            .collect();
        days.sort();
        days.dedup();
        days.into_iter().map(|(day, name)| format!("{} {name}", day.strftime("%-d %b %Y"))).collect()
    }

    /// The rows under the branch of the service that they name; a row that names several stands under each.
    fn groups(&self) -> Vec<Group> {
        let roots: Vec<_> = self.catalogue.roots().collect();
        let mut found: BTreeMap<usize, Vec<(u32, Line)>> = BTreeMap::new();
        for row in &self.draft.rows {
            let mut by_root: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
            for service in row.service.as_slice() {
                let root = service.split('.').next().unwrap_or("");
                let number = roots.iter().position(|node| *node.id == *root).unwrap_or(roots.len());
                by_root.entry(number + 1).or_default().push(service);
            }
            if by_root.is_empty() {
                by_root.insert(0, Vec::new());
            }
            for (number, services) in by_root {
                let first = services
                    .first()
                    .and_then(|id| self.catalogue.leaves(id))
                    .map_or(0, |leaves| leaves.start);
                found.entry(number).or_default().push((first, self.line(row, &services)));
            }
        }
        let title = |number: usize| match number {
            0 => "All duties, unless a line below says otherwise".to_owned(),
            n => roots.get(n - 1).map_or_else(|| "Other duties".to_owned(), |root| root.name.clone()),
        };
        let group = |(number, mut lines): (usize, Vec<(u32, Line)>)| {
            lines.sort_by_key(|(first, _)| *first);
            Group { title: title(number), lines: lines.into_iter().map(|(_, line)| line).collect() }
        };
        found.into_iter().map(group).collect()
    }

    fn line(&self, row: &RowDraft, services: &[&String]) -> Line {
        let service = |id: &&String| match self.catalogue.get(id) {
            Some(node) if node.depth == 0 && !node.is_leaf() => format!("{}: everything", node.name),
            Some(node) => node.name.clone(),
            None => (*id).clone(),
        };
        let duties: Vec<String> = services.iter().map(service).collect();
        let people = |names: &Names| {
            names.as_slice().iter().map(|id| phrase::Names::who(self, id)).collect::<Vec<_>>()
        };
        Line {
            duties: if duties.is_empty() { "Everything".to_owned() } else { duties.join(", ") },
            id: row.id.clone(),
            conditions: self.conditions(row),
            party: self.party_numbers.get(row.accountable.as_str()).copied(),
            accountable: phrase::Names::who(self, &row.accountable),
            responsible: phrase::Names::who(self, &row.responsible),
            fallback: people(&row.fallback).join(", then "),
            consulted: people(&row.consulted).join(", "),
            informed: people(&row.informed).join(", "),
            promise: promise(row),
            note: row.note.clone().unwrap_or_default(),
        }
    }

    fn conditions(&self, row: &RowDraft) -> String {
        let listed = [
            ("tier", &row.tier),
            ("priority", &row.priority),
            ("site", &row.site),
            ("assets:", &row.asset_class),
            ("requesters:", &row.requester_group),
            ("kind:", &row.kind),
        ];
        let mut parts: Vec<String> = listed
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(label, names)| format!("{label} {}", joined(names.as_slice(), "or")))
            .collect();
        parts.push(row.time.as_deref().map_or_else(|| "at all hours".to_owned(), |time| when(time, self)));
        let text = parts.join("; ");
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// Every party signs; a client without internal IT of its own signs as the client.
    fn signers(&self) -> Vec<String> {
        let parties = self.parties();
        let mut signers: Vec<String> = parties.iter().map(|party| format!("For {}", party.name)).collect();
        if parties.iter().all(|party| party.kind != PartyKind::Internal) {
            let after = parties.iter().filter(|party| party.kind == PartyKind::Provider).count();
            signers.insert(after, format!("For {}", self.draft.client));
        }
        signers
    }
}

/// Monday's windows before Tuesday's.
fn position(days: &str) -> usize {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    DAYS.iter().position(|day| days.starts_with(day)).unwrap_or(DAYS.len())
}

fn promise(row: &RowDraft) -> String {
    let respond = row.respond.as_deref().map(|time| format!("answer in {}", duration(time)));
    let resolve = row.resolve.as_deref().map(|time| format!("solved in {}", duration(time)));
    let mut text = [respond, resolve].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(clock) = row.clock.as_deref().filter(|_| !text.is_empty()) {
        let _ = write!(text, ", {clock} hours counted");
    }
    text
}
