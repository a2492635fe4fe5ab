//! The lines of each sheet as the parts of a draft.

use std::collections::BTreeMap;

use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, de::DeserializeOwned};

use super::super::error::{hint, plain, shown};
use super::super::layout::{ARRANGEMENTS, FACTS, MODELS, OWNERS, PARTY_KINDS};
use super::super::write::is_date;
use super::super::{Places, SheetError};
use super::header::{Entry, Head};
use crate::catalogue::{NewNode, Owners};
use crate::draft::{
    CalendarDraft, Draft, FORMAT, Names, PartyDraft, RowDraft, ServiceModel, TeamDraft, ValuesDraft,
};

/// Reads sheet by sheet and notes where everything stands.
#[derive(Default)]
pub(super) struct Reader {
    pub places: Places,
}

impl Reader {
    /// The facts about the matrix; parties, teams and the rest still empty.
    pub fn about(&mut self, head: &Head<'_>) -> Result<Draft, SheetError> {
        let mut facts: BTreeMap<&'static str, Entry<'_>> = BTreeMap::new();
        for entry in head.entries() {
            let label = entry.need("field")?;
            if label.starts_with('#') {
                continue;
            }
            let known =
                |&(field, name): &(&str, &str)| plain(field) == plain(&label) || plain(name) == plain(&label);
            let Some(&(field, name)) = FACTS.iter().find(|fact| known(fact)) else {
                let names: Vec<_> = FACTS.iter().map(|(_, name)| *name).collect();
                let problem = format!("`{}` is not known here: {}", shown(&label), hint(&label, &names));
                return Err(SheetError::at(entry.place("field"), problem));
            };
            if facts.insert(field, entry).is_some() {
                return Err(SheetError::at(
                    entry.place("field"),
                    format!("`{name}` is there twice; delete one"),
                ));
            }
            self.places.cell(field.to_owned(), entry.place("value"));
        }
        let facts = Facts { head, facts };
        let arrangements = facts
            .entry("arrangements")
            .map_or(Ok(Vec::new()), |entry| words_of(&entry, "value", ARRANGEMENTS))?;
        Ok(Draft {
            format: facts.number("format", FORMAT)?,
            client: facts.need("client")?,
            zone: facts.need("zone")?,
            model: facts.model()?,
            arrangements,
            version: facts.number("version", 1)?,
            in_force_from: facts.entry("in-force-from").and_then(|entry| entry.text("value")),
            last_resort: facts.need("last-resort")?,
            parties: BTreeMap::new(),
            teams: BTreeMap::new(),
            calendars: BTreeMap::new(),
            values: ValuesDraft::default(),
            services: Vec::new(),
            rows: Vec::new(),
        })
    }

    /// The parties by id.
    pub fn parties(&mut self, head: &Head<'_>) -> Result<BTreeMap<String, PartyDraft>, SheetError> {
        self.by_id(head, "parties", |entry| {
            let kind = entry.need("kind")?;
            let kind = of_word(entry.known("kind", &kind, PARTY_KINDS)?);
            Ok(PartyDraft { name: entry.need("name")?, kind })
        })
    }

    /// The teams by id.
    pub fn teams(&mut self, head: &Head<'_>) -> Result<BTreeMap<String, TeamDraft>, SheetError> {
        self.by_id(head, "teams", |entry| {
            let hours = entry.text("hours").unwrap_or_else(|| "always".to_owned());
            Ok(TeamDraft { name: entry.text("name"), party: entry.need("party")?, hours })
        })
    }

    /// The calendars by id, each of one or more lines.
    pub fn calendars(&mut self, head: &Head<'_>) -> Result<BTreeMap<String, CalendarDraft>, SheetError> {
        let block = self.places.block(head.table.sheet.clone(), head.columns());
        let mut calendars: BTreeMap<String, CalendarDraft> = BTreeMap::new();
        for entry in head.entries() {
            let id = entry.need("id")?;
            let path = format!("calendars.{id}");
            if !calendars.contains_key(&id) {
                self.places.line(path.clone(), block, entry.number());
            }
            let calendar = calendars.entry(id).or_default();
            if let Some(zone) = entry.text("zone") {
                if calendar.zone.as_ref().is_some_and(|other| *other != zone) {
                    let problem = "this calendar already has another zone; one calendar has one zone";
                    return Err(SheetError::at(entry.place("zone"), problem));
                }
                self.places.cell(format!("{path}.zone"), entry.place("zone"));
                calendar.zone = Some(zone);
            }
            let holidays = entry.names("holidays");
            if !holidays.is_empty() && holidays != calendar.holidays {
                if !calendar.holidays.is_empty() {
                    let problem = "this calendar already has other holidays; write all regions in one cell";
                    return Err(SheetError::at(entry.place("holidays"), problem));
                }
                self.places.cell(format!("{path}.holidays"), entry.place("holidays"));
                calendar.holidays = holidays;
            }
            self.day(calendar, &path, &entry)?;
        }
        Ok(calendars)
    }

    /// The window or date of one line of a calendar, if it has one.
    fn day(&mut self, calendar: &mut CalendarDraft, path: &str, entry: &Entry<'_>) -> Result<(), SheetError> {
        let Some(days) = entry.text("days") else {
            return match entry.text("hours") {
                Some(_) => Err(SheetError::at(
                    entry.place("days"),
                    "`Days` is blank; write the days that the hours are for",
                )),
                None => Ok(()),
            };
        };
        let (days, date) = match (days.strip_prefix("week:"), days.strip_prefix("date:")) {
            (Some(days), _) => (days.to_owned(), false),
            (_, Some(date)) => (date.to_owned(), true),
            _ => (days.clone(), is_date(&days)),
        };
        let hours = entry.need("hours")?;
        let (map, part) = if date { (&mut calendar.days, "days") } else { (&mut calendar.week, "week") };
        self.places.cell(format!("{path}.{part}.{days}"), entry.place("hours"));
        if map.insert(days, hours).is_some() {
            let problem =
                "these days are there twice in this calendar; put all windows in one cell, divided by commas";
            return Err(SheetError::at(entry.place("days"), problem));
        }
        Ok(())
    }

    /// The values of every dimension.
    pub fn values(&mut self, head: &Head<'_>) -> ValuesDraft {
        let mut column = |field: &str| {
            let mut values = Vec::new();
            for entry in head.entries() {
                if let Some(value) = entry.text(field) {
                    self.places.cell(format!("values.{field}.{}", values.len()), entry.place(field));
                    values.push(value);
                }
            }
            values
        };
        ValuesDraft {
            tier: column("tier"),
            priority: column("priority"),
            site: column("site"),
            asset_class: column("asset-class"),
            requester_group: column("requester-group"),
            kind: column("kind"),
        }
    }

    /// The client's own services.
    pub fn services(&mut self, head: &Head<'_>) -> Result<Vec<NewNode>, SheetError> {
        self.in_order(head, "services", |entry| {
            Ok(NewNode {
                id: entry.need("id")?,
                name: entry.need("name")?,
                description: entry.text("description").unwrap_or_default(),
                owner: owners(entry)?,
                outside_fee: yes(entry, "outside-fee")?,
                itil: entry.text("itil"),
                csf: entry.names("csf"),
                also: entry.names("also"),
            })
        })
    }

    /// The rows of the matrix.
    pub fn rows(&mut self, head: &Head<'_>) -> Result<Vec<RowDraft>, SheetError> {
        self.in_order(head, "rows", |entry| {
            let names = |field: &str| entry.names(field).into_iter().collect::<Names>();
            Ok(RowDraft {
                id: entry.need("id")?,
                service: names("service"),
                tier: names("tier"),
                priority: names("priority"),
                site: names("site"),
                asset_class: names("asset-class"),
                requester_group: names("requester-group"),
                kind: names("kind"),
                time: entry.text("time"),
                accountable: entry.need("accountable")?,
                responsible: entry.need("responsible")?,
                consulted: names("consulted"),
                informed: names("informed"),
                fallback: names("fallback"),
                respond: entry.text("respond"),
                resolve: entry.text("resolve"),
                clock: entry.text("clock"),
                note: entry.text("note"),
            })
        })
    }

    fn by_id<T>(
        &mut self,
        head: &Head<'_>,
        path: &str,
        read: impl Fn(&Entry<'_>) -> Result<T, SheetError>,
    ) -> Result<BTreeMap<String, T>, SheetError> {
        let block = self.places.block(head.table.sheet.clone(), head.columns());
        let mut found = BTreeMap::new();
        for entry in head.entries() {
            let id = entry.need("id")?;
            let path = format!("{path}.{id}");
            if let Some(first) = found.insert(id, read(&entry)?).and_then(|_| self.places.get(&path)) {
                let problem = format!("this id is already used ({first}); give each its own");
                return Err(SheetError::at(entry.place("id"), problem));
            }
            self.places.line(path, block, entry.number());
        }
        Ok(found)
    }

    fn in_order<T>(
        &mut self,
        head: &Head<'_>,
        path: &str,
        read: impl Fn(&Entry<'_>) -> Result<T, SheetError>,
    ) -> Result<Vec<T>, SheetError> {
        let block = self.places.block(head.table.sheet.clone(), head.columns());
        let mut found = Vec::new();
        for entry in head.entries() {
            self.places.line(format!("{path}.{}", found.len()), block, entry.number());
            found.push(read(&entry)?);
        }
        Ok(found)
    }
}

/// The lines of the sheet About by their field.
struct Facts<'h> {
    head: &'h Head<'h>,
    facts: BTreeMap<&'static str, Entry<'h>>,
}

impl Facts<'_> {
    fn entry(&self, field: &str) -> Option<Entry<'_>> {
        self.facts.get(field).copied()
    }

    fn need(&self, field: &'static str) -> Result<String, SheetError> {
        let label = FACTS.iter().find(|(name, _)| *name == field).map_or("", |&(_, label)| label);
        let Some(entry) = self.entry(field) else {
            let problem =
                format!("the line `{label}` is missing from About; add it with its value beside it");
            return Err(SheetError::at(self.head.table.start(), problem));
        };
        let blank =
            || SheetError::at(entry.place("value"), format!("`{label}` is blank; write its value here"));
        entry.text("value").ok_or_else(blank)
    }

    fn number(&self, field: &str, absent: u32) -> Result<u32, SheetError> {
        let Some((entry, text)) = self.entry(field).and_then(|entry| Some((entry, entry.text("value")?)))
        else {
            return Ok(absent);
        };
        let problem = || {
            SheetError::at(
                entry.place("value"),
                format!("`{}` is not a number; write one such as 1", shown(&text)),
            )
        };
        text.parse().map_err(|_| problem())
    }

    fn model(&self) -> Result<ServiceModel, SheetError> {
        let text = self.need("model")?;
        let entry = self.entry("model").expect("it was read just now");
        entry.known("value", &text, MODELS).map(of_word)
    }
}

/// The typical owners of a service; `None` when all three cells are blank.
fn owners(entry: &Entry<'_>) -> Result<Option<Owners>, SheetError> {
    const CELLS: [&str; 2] = ["owner.managed", "owner.co-managed"];
    let [managed, co_managed] = [entry.word(CELLS[0], OWNERS)?, entry.word(CELLS[1], OWNERS)?];
    let provider_in = words_of(entry, "owner.provider-in", ARRANGEMENTS)?;
    match (managed, co_managed) {
        (Some(managed), Some(co_managed)) => {
            Ok(Some(Owners { managed: of_word(managed), co_managed: of_word(co_managed), provider_in }))
        }
        (None, None) if provider_in.is_empty() => Ok(None),
        (managed, _) => {
            let blank = if managed.is_none() { CELLS[0] } else { CELLS[1] };
            let problem = "this cell is blank although another owner is given; name the owner in both models or in neither";
            Err(SheetError::at(entry.place(blank), problem))
        }
    }
}

fn yes(entry: &Entry<'_>, field: &str) -> Result<bool, SheetError> {
    let word = entry.word(field, &["yes", "no", "true", "false", "x"])?;
    Ok(matches!(word, Some("yes" | "true" | "x")))
}

fn words_of<T: DeserializeOwned>(
    entry: &Entry<'_>,
    field: &str,
    words: &[&'static str],
) -> Result<Vec<T>, SheetError> {
    entry.names(field).iter().map(|name| entry.known(field, name, words).map(of_word)).collect()
}

/// The value that a word of [`super::super::layout`] stands for.
fn of_word<'de, T: Deserialize<'de>>(word: &'static str) -> T {
    let word: StrDeserializer<'de, ValueError> = word.into_deserializer();
    T::deserialize(word).expect("the words of the layout are those of the draft")
}
