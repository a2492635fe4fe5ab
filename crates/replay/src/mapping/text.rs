//! The TOML form of a mapping.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use remit_core::Zone;
use serde::Deserialize;

use super::{Columns, Format, Lines, Mapping, OneOrMore, Parties, Pattern};
use crate::date::DatePattern;
use crate::error::{Problem, ReadError, shown};
use crate::event::{Line, State};

const UCI: &str = include_str!("../../../../data/uci_incident/mapping.toml");
const SERVICENOW: &str = include_str!("servicenow.toml");
const XES: &str = include_str!("xes.toml");
const LARGEST: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Text {
    name: String,
    credit: Option<String>,
    format: Option<Format>,
    #[serde(default = "utc")]
    zone: String,
    #[serde(default = "iso")]
    date: String,
    delimiter: Option<String>,
    encoding: Option<String>,
    #[serde(default)]
    unknown: Vec<String>,
    #[serde(default)]
    assumptions: Vec<String>,
    columns: ColumnsText,
    #[serde(default)]
    status: StatusText,
    #[serde(default)]
    sla: SlaText,
    #[serde(default)]
    priorities: BTreeMap<String, String>,
    #[serde(default)]
    services: ServicesText,
    #[serde(default)]
    lines: LinesText,
    #[serde(default)]
    parties: PartiesText,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn iso() -> String {
    "iso".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsText {
    ticket: String,
    at: String,
    status: OneOrMore,
    team: Option<String>,
    person: Option<String>,
    line: Option<String>,
    priority: Option<String>,
    category: Option<String>,
    sla: Option<String>,
    opened: Option<String>,
    resolved: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct StatusText {
    working: Vec<String>,
    waiting: Vec<String>,
    resolved: Vec<String>,
    closed: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct SlaText {
    kept: Vec<String>,
    missed: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ServicesText {
    default: Option<String>,
    categories: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct LinesText {
    default: Option<Line>,
    suffix: BTreeMap<String, Line>,
    teams: BTreeMap<Line, Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct PartiesText {
    default: Option<String>,
    by_line: BTreeMap<Line, String>,
    teams: BTreeMap<String, Vec<String>>,
    names: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads the TOML form. `file` is named in errors. See the built-in mapping of the UCI log for every key.
    pub fn parse(text: &str, file: &str) -> Result<Self, ReadError> {
        if text.len() > LARGEST {
            let limit = format!("{} MiB", LARGEST >> 20);
            let hint = "A mapping is a small TOML file: is this one the log itself?";
            return Err(Problem::Limit { what: "mapping", limit, hint }.in_file(file));
        }
        let parsed: Text = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count() as u64);
            let message = error.message().trim_end().replace('\n', " ");
            ReadError { line, ..Problem::Mapping(message).in_file(file) }
        })?;
        parsed.compile().map_err(|message| Problem::Mapping(message).in_file(file))
    }

    /// The mapping of the UCI incident log, which the repository holds.
    pub fn uci() -> Self {
        Self::parse(UCI, "data/uci_incident/mapping.toml")
            .expect("the built-in mapping is valid, as a test says")
    }

    /// The mapping of any other incident export with ServiceNow's column names and dates.
    pub fn servicenow() -> Self {
        Self::parse(SERVICENOW, "servicenow.toml").expect("the built-in mapping is valid, as a test says")
    }

    /// The mapping of XES with standard attributes and the statuses and team names of the BPI Challenge 2013.
    pub fn xes() -> Self {
        Self::parse(XES, "xes.toml").expect("the built-in mapping is valid, as a test says")
    }

    /// The same with another zone for dates that have no offset.
    #[must_use]
    pub fn in_zone(mut self, zone: Zone) -> Self {
        self.date = DatePattern::new(self.date.source(), zone.clone()).expect("the pattern compiled before");
        self.zone = zone;
        self
    }
}

impl Text {
    fn compile(self) -> Result<Mapping, String> {
        let zone = Zone::parse(&self.zone).map_err(|error| error.to_string())?;
        let date = DatePattern::new(&self.date, zone.clone())?;
        let delimiter = self.delimiter.map(|text| delimiter(&text)).transpose()?;
        let encoding = self.encoding.map(|label| encoding(&label)).transpose()?;
        let states = [
            (self.status.working, State::Working),
            (self.status.waiting, State::Waiting),
            (self.status.resolved, State::Resolved),
            (self.status.closed, State::Closed),
        ];
        let states = states
            .into_iter()
            .flat_map(|(texts, state)| texts.into_iter().map(move |text| (Pattern::new(&text), state)));
        Ok(Mapping {
            name: self.name,
            credit: self.credit,
            format: self.format,
            zone,
            date,
            delimiter,
            encoding,
            unknown: self.unknown,
            columns: self.columns.compile(),
            assumptions: self.assumptions,
            states: states.collect(),
            sla_kept: self.sla.kept,
            sla_missed: self.sla.missed,
            priorities: self.priorities,
            services: self.services.categories,
            default_service: self.services.default,
            lines: self.lines.compile()?,
            parties: self.parties.compile()?,
        })
    }
}

impl ColumnsText {
    fn compile(self) -> Columns {
        Columns {
            ticket: self.ticket,
            at: self.at,
            status: self.status.into_vec(),
            team: self.team,
            person: self.person,
            line: self.line,
            priority: self.priority,
            category: self.category,
            sla: self.sla,
            opened: self.opened,
            resolved: self.resolved,
        }
    }
}

impl LinesText {
    fn compile(self) -> Result<Lines, String> {
        Ok(Lines { default: self.default, suffix: self.suffix, teams: by_team(self.teams, "lines.teams")? })
    }
}

impl PartiesText {
    fn compile(self) -> Result<Parties, String> {
        let teams = by_team(self.teams, "parties.teams")?;
        Ok(Parties { default: self.default, by_line: self.by_line, teams, names: self.names })
    }
}

/// Turns "line or party → its teams" round; a team that is named twice is an error.
fn by_team<P: Clone>(table: BTreeMap<P, Vec<String>>, key: &str) -> Result<BTreeMap<String, P>, String> {
    let mut turned = BTreeMap::new();
    for (place, teams) in table {
        for team in teams {
            if let Some(twice) = turned.insert(team.clone(), place.clone()).map(|_| team) {
                return Err(format!("{key}: `{twice}` is named twice; keep one"));
            }
        }
    }
    Ok(turned)
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'"' => Ok(*byte),
        _ => Err(format!(
            "delimiter: `{}` is not one sign; write \",\", \";\", \"\\t\" or \"|\"",
            shown(text.as_bytes())
        )),
    }
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        format!(
            "encoding: `{}` is not known; write \"utf-8\", \"utf-16le\" or \"windows-1252\"",
            shown(label.as_bytes())
        )
    })
}
