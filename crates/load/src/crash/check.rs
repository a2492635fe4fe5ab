//! What must hold of a database whose writer was killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use remit_app::clients::Client;
use remit_app::people::Membership;
use remit_app::{App, Caller, Clock, MIGRATIONS, audit};
use remit_core::{At, Id, Kind};
use remit_db::copy::{Shape, Sink, dump};
use remit_db::migrate::Start;
use remit_db::{Db, Error, Value};
use remit_web::SystemRandom;

use super::work::{key, place};

/// Every acknowledgement of one database, and how many deeds it had when it was last looked at.
#[derive(Debug, Default)]
pub struct Books {
    heard: Vec<String>,
    kept: usize,
}

/// All rows by table.
#[derive(Debug, Default)]
struct Rows {
    tables: BTreeMap<String, (Vec<String>, Vec<Vec<Value>>)>,
    open: String,
}

/// A line of the audit log: what was done, on what, and the detail.
type Line = (String, String, String);

struct Standing;

impl Clock for Standing {
    fn now(&self) -> At {
        At::from_millis(0)
    }
}

impl Sink for Rows {
    type Error = Error;

    fn table(&mut self, shape: &Shape) -> Result<(), Error> {
        self.open.clone_from(&shape.table);
        self.tables.insert(shape.table.clone(), (shape.columns.clone(), Vec::new()));
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> Result<(), Error> {
        if let Some((_, rows)) = self.tables.get_mut(&self.open) {
            rows.push(values);
        }
        Ok(())
    }
}

impl Rows {
    /// Some columns of a table.
    fn of<const N: usize>(&self, table: &str, columns: [&str; N]) -> Result<Vec<[Value; N]>, String> {
        let (names, rows) = self.tables.get(table).ok_or(format!("there is no table {table}"))?;
        let place = |column: &str| names.iter().position(|name| name == column);
        let places: Vec<usize> = columns
            .iter()
            .map(|c| place(c).ok_or(format!("{table} has no {c}")))
            .collect::<Result<_, _>>()?;
        Ok(rows.iter().map(|row| std::array::from_fn(|n| row[places[n]].clone())).collect())
    }
}

impl Books {
    /// Checks everything, and says how many deeds were kept that nobody had heard of.
    pub fn check(&mut self, folder: &Path, heard: &[String]) -> Result<u64, String> {
        self.heard.extend_from_slice(heard);
        let place = place(folder);
        if !folder.join("remit.db").exists() {
            return if self.heard.is_empty() { Ok(0) } else { Err("the database is gone".to_owned()) };
        }
        // As the next start would: what was cut short is taken back, and the log is whole.
        sealed(folder)?;
        let damage = remit_db::check(&place).map_err(|e| e.to_string())?;
        if let Some(damage) = damage.first() {
            return Err(damage.clone());
        }
        let mut rows = Rows::default();
        dump(&place, &mut rows).map_err(|e| e.to_string())?;
        let lines: Vec<Line> = rows
            .of("audit", ["action", "subject", "detail"])?
            .into_iter()
            .map(|line| line.map(text).into())
            .collect();
        for look in [clients, people, drafts] {
            look(&rows, &lines)?;
        }
        self.compare(&lines)
    }

    /// Whatever was acknowledged was done once; what was refused was not done at all.
    fn compare(&mut self, lines: &[Line]) -> Result<u64, String> {
        let mut done: BTreeMap<String, u32> = BTreeMap::new();
        for (action, subject, detail) in lines {
            let deed = match action.as_str() {
                "client.create" => format!("client {detail}"),
                "client.rename" => format!("renamed {subject} {}", last_word(detail)),
                "person.invite" => format!("person {}", detail.split(' ').next().unwrap_or_default()),
                "matrix.start" | "matrix.edit" => format!("draft {subject} {}", last_word(detail)),
                "provider.found" => continue,
                odd => return Err(format!("nobody did {odd}")),
            };
            if deed.contains("half") {
                return Err(format!("what was refused is half done: {deed}"));
            }
            *done.entry(deed).or_default() += 1;
        }
        if let Some((deed, times)) = done.iter().find(|(_, times)| **times != 1) {
            return Err(format!("done {times} times: {deed}"));
        }
        let mut heard = 0;
        for line in self.heard.iter().filter(|line| !line.starts_with("refused ")) {
            heard += 1;
            if !done.contains_key(&as_noted(line)) {
                return Err(format!("acknowledged, and not there: {line}"));
            }
        }
        let unheard = done.len() - heard;
        let before = std::mem::replace(&mut self.kept, unheard);
        Ok(unheard.saturating_sub(before) as u64)
    }
}

/// An acknowledgement in the words of the log: of a draft, it has the hash of the text.
fn as_noted(heard: &str) -> String {
    match heard.split(' ').collect::<Vec<_>>().as_slice() {
        ["draft", client, name] => {
            format!("draft {client} {}", blake3_of(&name.repeat(2000)))
        }
        _ => heard.to_owned(),
    }
}

fn blake3_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// The log fits together from its first line to its head.
fn sealed(folder: &Path) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| e.to_string())?.block_on(async {
        let start = Start::Migrate(At::from_millis(0));
        let db = Db::open(&place(folder), MIGRATIONS, start).map_err(|e| e.to_string())?;
        let app = App::new(db, Arc::new(Standing), Arc::new(SystemRandom), key());
        for (provider, _) in app.providers().await.map_err(|e| e.to_string())? {
            let caller = Caller::operator(provider);
            let checked = app.read(&caller, |tx, _| audit::verify(&mut tx.whole()?, &key(), None)).await;
            checked.map_err(|e| e.to_string())?.map_err(|e| format!("the audit log: {e}"))?;
        }
        Ok(())
    })
}

/// Each client has its line, its party, a version for each change, and the name of the last.
fn clients(rows: &Rows, lines: &[Line]) -> Result<(), String> {
    let parties = rows.of("party", ["client_id"])?;
    let found = rows.of("client", ["id", "name", "version"])?;
    expect("client.create", lines, found.len())?;
    for [id, name, version] in found {
        let subject = named::<Client>(&id);
        let own: Vec<&Line> =
            lines.iter().filter(|(action, of, _)| *of == subject && action.starts_with("client.")).collect();
        let last = own.last().map(|(.., detail)| last_word(detail)).unwrap_or_default();
        let fits = own.len() as i64 == number(&version)
            && last == text(name.clone())
            && parties.iter().filter(|[of]| *of == id).count() == 1;
        if !fits {
            return Err(format!("half done: {subject}, {name:?} at {version:?}, with {own:?}"));
        }
    }
    Ok(())
}

/// Each person has a membership, a line, and one client within reach.
fn people(rows: &Rows, lines: &[Line]) -> Result<(), String> {
    let reach = rows.of("reach", ["membership_id"])?;
    let (persons, memberships) = (rows.of("person", ["id"])?, rows.of("membership", ["id", "person_id"])?);
    expect("person.invite", lines, memberships.len())?;
    for [id, person] in &memberships {
        let subject = named::<Membership>(id);
        let count = [
            persons.iter().filter(|[own]| own == person).count(),
            reach.iter().filter(|[of]| of == id).count(),
            lines.iter().filter(|(_, of, _)| *of == subject).count(),
        ];
        if count != [1, 1, 1] {
            return Err(format!("half done: {subject} with {count:?} persons, reach, lines"));
        }
    }
    let whole = persons.len() == memberships.len() && reach.len() == memberships.len();
    if whole { Ok(()) } else { Err("half done: rows without a membership".to_owned()) }
}

/// Each draft has a line for each of its versions, the last with the hash of its text.
fn drafts(rows: &Rows, lines: &[Line]) -> Result<(), String> {
    let found = rows.of("matrix_draft", ["client_id", "text", "version"])?;
    expect("matrix.start", lines, found.len())?;
    for [client, draft, version] in found {
        let subject = named::<Client>(&client);
        let own: Vec<&Line> =
            lines.iter().filter(|(action, of, _)| *of == subject && action.starts_with("matrix.")).collect();
        let last = own.last().map(|(.., detail)| last_word(detail)).unwrap_or_default();
        if own.len() as i64 != number(&version) || last != blake3_of(&text(draft)) {
            return Err(format!("half done: the draft of {subject} at {version:?} with {own:?}"));
        }
    }
    Ok(())
}

fn expect(action: &str, lines: &[Line], rows: usize) -> Result<(), String> {
    let noted = lines.iter().filter(|(done, ..)| done == action).count();
    if noted == rows { Ok(()) } else { Err(format!("half done: {noted} lines {action}, {rows} rows")) }
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or_default()
}

fn text(value: Value) -> String {
    if let Value::Text(text) = value { text } else { format!("{value:?}") }
}

fn number(value: &Value) -> i64 {
    if let Value::Int(number) = value { *number } else { -1 }
}

/// An id as the log names it.
fn named<K: Kind>(value: &Value) -> String {
    let bytes = if let Value::Bytes(bytes) = value { bytes.as_slice() } else { &[] };
    uuid::Uuid::from_slice(bytes)
        .ok()
        .and_then(Id::<K>::from_uuid)
        .map(|id| id.to_string())
        .unwrap_or_default()
}
