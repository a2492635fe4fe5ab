//! A draft as TOML that people like to read: header, tables sorted by id, one block per row.

use std::fmt::Write;

use crate::catalogue::NewNode;
use crate::draft::{CalendarDraft, Draft, Names, RowDraft};

/// The text of a draft. Reading it gives the same draft.
pub fn write(draft: &Draft) -> String {
    let mut out = Out(String::new());
    out.plain("format", &draft.format.to_string());
    out.text("client", &draft.client);
    out.text("zone", &draft.zone);
    out.plain("model", &word(&draft.model));
    if !draft.arrangements.is_empty() {
        let words: Vec<String> = draft.arrangements.iter().map(word).collect();
        out.plain("arrangements", &format!("[{}]", words.join(", ")));
    }
    out.plain("version", &draft.version.to_string());
    out.optional("in-force-from", draft.in_force_from.as_deref());
    out.text("last-resort", &draft.last_resort);
    for (id, party) in &draft.parties {
        out.head(&format!("[parties.{}]", key(id)));
        out.text("name", &party.name);
        out.plain("kind", &word(&party.kind));
    }
    for (id, team) in &draft.teams {
        out.head(&format!("[teams.{}]", key(id)));
        out.optional("name", team.name.as_deref());
        out.text("party", &team.party);
        out.text("hours", &team.hours);
    }
    for (id, calendar) in &draft.calendars {
        out.calendar(id, calendar);
    }
    out.values(draft);
    for service in &draft.services {
        out.service(service);
    }
    for row in &draft.rows {
        out.row(row);
    }
    out.0
}

/// The text of one row, as it stands in a matrix.
pub fn write_row(row: &RowDraft) -> String {
    let mut out = Out(String::new());
    out.row(row);
    out.0.trim_start().to_owned()
}

struct Out(String);

impl Out {
    fn head(&mut self, head: &str) {
        let _ = writeln!(self.0, "\n{head}");
    }

    fn plain(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.plain(key, &quoted(value));
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn names(&mut self, key: &str, names: &Names) {
        match names {
            Names::Absent => {}
            Names::One(name) => self.text(key, name),
            Names::Many(names) => self.list(key, names),
        }
    }

    fn list(&mut self, key: &str, list: &[String]) {
        let list: Vec<String> = list.iter().map(|v| quoted(v)).collect();
        self.plain(key, &format!("[{}]", list.join(", ")));
    }

    fn calendar(&mut self, id: &str, calendar: &CalendarDraft) {
        self.head(&format!("[calendars.{}]", key(id)));
        self.optional("zone", calendar.zone.as_deref());
        self.map("week", &calendar.week);
        if !calendar.holidays.is_empty() {
            self.list("holidays", &calendar.holidays);
        }
        if !calendar.days.is_empty() {
            self.map("days", &calendar.days);
        }
    }

    fn map(&mut self, name: &str, map: &std::collections::BTreeMap<String, String>) {
        let pairs: Vec<String> = map.iter().map(|(k, v)| format!("{} = {}", key(k), quoted(v))).collect();
        let braced = if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) };
        self.plain(name, &braced);
    }

    fn values(&mut self, draft: &Draft) {
        let values = &draft.values;
        if values.is_empty() {
            return;
        }
        self.head("[values]");
        let lists = [
            ("tier", &values.tier),
            ("priority", &values.priority),
            ("site", &values.site),
            ("asset-class", &values.asset_class),
            ("requester-group", &values.requester_group),
            ("kind", &values.kind),
        ];
        for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            self.list(key, list);
        }
    }

    fn service(&mut self, service: &NewNode) {
        let text = toml::to_string(service).expect("a service is plain data");
        self.head("[[services]]");
        // Sub-tables of a service must be named from the root.
        self.0.push_str(&text.replace("\n[owner]", "\n[services.owner]").replace("\n\n", "\n"));
    }

    fn row(&mut self, row: &RowDraft) {
        self.head("[[rows]]");
        self.text("id", &row.id);
        self.names("service", &row.service);
        self.names("tier", &row.tier);
        self.names("priority", &row.priority);
        self.names("site", &row.site);
        self.names("asset-class", &row.asset_class);
        self.names("requester-group", &row.requester_group);
        self.names("kind", &row.kind);
        self.optional("time", row.time.as_deref());
        self.text("accountable", &row.accountable);
        self.text("responsible", &row.responsible);
        self.names("consulted", &row.consulted);
        self.names("informed", &row.informed);
        self.names("fallback", &row.fallback);
        self.optional("respond", row.respond.as_deref());
        self.optional("resolve", row.resolve.as_deref());
        self.optional("clock", row.clock.as_deref());
        self.optional("note", row.note.as_deref());
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The word of an enum, quoted.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => quoted(&word),
        other => unreachable!("words are strings, not {other:?}"),
    }
}

/// A key, quoted only where it must be.
fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { text.to_owned() } else { quoted(text) }
}
