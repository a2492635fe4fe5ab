//! Reading a backup. Nothing in it is believed before it was checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_app::attachments::Store;
use remit_app::audit::Key;
use remit_db::copy::{Shape, Sink, Source};
use remit_db::{Error, Migration, Value};
use remit_web::SystemRandom;
use zip::ZipArchive;

use super::attached::{self, Columns, Named};
use super::{Fault, MANIFEST, Manifest, SCHEMA, SEAL, entry, fingerprint, seal};

/// More than a manifest has, with a thousand tables.
const LONGEST_MANIFEST: u64 = 8 << 20;
/// More than a row has; texts and attachments have limits of their own.
const LONGEST_LINE: u64 = 256 << 20;

/// A backup that is open.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// What it says of itself.
    pub manifest: Manifest,
    text: Vec<u8>,
    seal: String,
}

/// BLAKE3 of each table, by name.
pub type Digests = BTreeMap<String, String>;

impl Archive {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let mut zip = ZipArchive::new(BufReader::new(File::open(path)?))
            .map_err(|error| Fault::Form(format!("it is no backup: {error}")))?;
        let text = small(&mut zip, MANIFEST)?;
        let seal = String::from_utf8_lossy(&small(&mut zip, SEAL)?).into_owned();
        let kind: serde_json::Value =
            serde_json::from_slice(&text).map_err(|error| odd(MANIFEST, &error.to_string()))?;
        if kind["schema"] != SCHEMA {
            return Err(Fault::Form(format!(
                "it is a backup of the form {}; this Remit reads {SCHEMA}",
                kind["schema"]
            )));
        }
        let manifest = serde_json::from_slice(&text).map_err(|error| odd(MANIFEST, &error.to_string()))?;
        Ok(Self { zip, manifest, text, seal })
    }

    /// Checks that it was made by whoever has the key, and not changed since.
    pub fn check_seal(&self, key: &Key) -> Result<(), Fault> {
        let (own, its) = (fingerprint(key), &self.manifest.key);
        if own != *its {
            return Err(Fault::Form(format!(
                "it was made with another key: {its}, not {own}; put the audit.key there that belongs to it"
            )));
        }
        if seal(key, &self.text) == self.seal {
            return Ok(());
        }
        Err(Fault::Form(format!("{MANIFEST} is not as it was written: its seal is broken")))
    }

    /// Checks that every table is as it was written. `told` hears the table that comes next.
    pub fn check_tables(&mut self, told: &mut dyn FnMut(&str)) -> Result<(), Fault> {
        for table in self.manifest.tables.clone() {
            told(&table.name);
            let (mut hash, mut rows) = (blake3::Hasher::new(), 0);
            self.lines(&table.name, |line| {
                hash.update(line);
                rows += 1;
                Ok(())
            })?;
            if rows != table.rows || hash.finalize().to_hex().as_str() != table.blake3 {
                return Err(odd(&entry(&table.name), "it is not as it was written"));
            }
        }
        Ok(())
    }

    /// The attachments that it holds: those that its rows name, but for what was missing.
    pub fn attachments(&mut self) -> Result<Vec<Named>, Fault> {
        let Some(table) = self.manifest.tables.iter().find(|table| table.name == attached::TABLE) else {
            return Ok(Vec::new());
        };
        let name = entry(attached::TABLE);
        let columns = Columns::of(&table.columns).ok_or_else(|| odd(&name, "it lacks a column"))?;
        let missing: BTreeSet<String> = self.manifest.attachments.missing.iter().cloned().collect();
        let mut named = BTreeMap::new();
        self.lines(attached::TABLE, |line| {
            let row = row(line).ok_or_else(|| odd(&name, "a line of it is no row"))?;
            if let Some(one) = columns.named(&row) {
                named.insert(attached::entry(&one), one);
            }
            Ok(())
        })?;
        Ok(named.into_iter().filter(|(entry, _)| !missing.contains(entry)).map(|(_, one)| one).collect())
    }

    /// Checks that every attachment is there and as it was written. `told` hears each.
    pub fn check_attachments(&mut self, told: &mut dyn FnMut()) -> Result<(), Fault> {
        for one in self.attachments()? {
            told();
            let whole = self.attachment(&one, |from| attached::is_whole(from, &one.1))?;
            if !whole {
                return Err(odd(&attached::entry(&one), "it is not as it was written"));
            }
        }
        Ok(())
    }

    /// Puts every attachment into a store. Says how many.
    pub fn restore_attachments(&mut self, store: &Store, told: &mut dyn FnMut()) -> Result<u64, Fault> {
        let all = self.attachments()?;
        for one in &all {
            told();
            let at = self.manifest.made_at;
            self.attachment(one, |from| store.restore(one.0, &one.1, (from, at), &SystemRandom))?;
        }
        Ok(all.len() as u64)
    }

    fn attachment<T>(
        &mut self,
        one: &Named,
        read: impl FnOnce(&mut dyn Read) -> std::io::Result<T>,
    ) -> Result<T, Fault> {
        let name = attached::entry(one);
        let mut file = self.zip.by_name(&name).map_err(|error| odd(&name, &error.to_string()))?;
        read(&mut file).map_err(|error| odd(&name, &error.to_string()))
    }

    /// The first of the migrations that the database had had when the backup was made, from those that are known.
    pub fn migrations<'m>(&self, known: &'m [Migration]) -> Result<&'m [Migration], Fault> {
        let had = &self.manifest.migrations;
        if had.len() > known.len() {
            return Err(Fault::Form(format!(
                "it is of a newer Remit, {}: its database had had {} migrations, this one knows {}",
                self.manifest.remit,
                had.len(),
                known.len()
            )));
        }
        for (step, known) in had.iter().zip(known) {
            let hash = blake3::hash(known.text.as_bytes()).to_hex();
            if step.number != known.number || step.hash != hash.as_str() {
                let why = format!("its migration {} is not the one that this Remit knows", step.number);
                return Err(Fault::Form(why));
            }
        }
        Ok(&known[..had.len()])
    }

    /// BLAKE3 of each table as the manifest has it.
    pub fn digests(&self) -> Digests {
        self.manifest.tables.iter().map(|table| (table.name.clone(), table.blake3.clone())).collect()
    }

    /// Calls `each` for every line of a table, with its end.
    fn lines(&mut self, table: &str, mut each: impl FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        let name = entry(table);
        let file = self.zip.by_name(&name).map_err(|error| odd(&name, &error.to_string()))?;
        let (mut reader, mut line) = (BufReader::with_capacity(1 << 16, file), Vec::new());
        loop {
            line.clear();
            let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
            match read.map_err(|error| odd(&name, &error.to_string()))? {
                0 => return Ok(()),
                _ if line.last() != Some(&b'\n') => return Err(odd(&name, "a line of it does not end")),
                _ => each(&line)?,
            }
        }
    }
}

impl Source for Archive {
    type Error = Fault;

    fn tables(&self) -> Vec<String> {
        self.manifest.tables.iter().map(|table| table.name.clone()).collect()
    }

    fn rows(
        &mut self,
        table: &str,
        columns: &[String],
        each: &mut dyn FnMut(Vec<Value>) -> Result<(), Error>,
    ) -> Result<(), Fault> {
        // A table that came with a later migration is not in an older backup, and one that is there has these columns.
        let Some(given) = self.manifest.tables.iter().find(|given| given.name == table) else {
            return Ok(());
        };
        if given.columns != columns {
            return Err(odd(&entry(table), "it has other columns than the table"));
        }
        let name = entry(table);
        self.lines(table, |line| {
            let row = row(line).ok_or_else(|| odd(&name, "a line of it is no row"))?;
            Ok(each(row)?)
        })
    }
}

/// Computes the digests of a database, to compare it with a backup.
#[derive(Debug, Default)]
pub struct Digesting {
    done: Digests,
    open: Option<(String, blake3::Hasher)>,
    line: Vec<u8>,
}

impl Digesting {
    /// What was computed.
    pub fn end(mut self) -> Digests {
        self.close();
        self.done
    }

    fn close(&mut self) {
        if let Some((table, hash)) = self.open.take() {
            self.done.insert(table, hash.finalize().to_hex().to_string());
        }
    }
}

impl Sink for Digesting {
    type Error = Fault;

    fn table(&mut self, shape: &Shape) -> Result<(), Fault> {
        self.close();
        self.open = Some((shape.table.clone(), blake3::Hasher::new()));
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> Result<(), Fault> {
        let (_, hash) = self.open.as_mut().expect("a table begins before its rows");
        self.line.clear();
        super::write::line(&values, &mut self.line);
        hash.update(&self.line);
        Ok(())
    }
}

fn small(zip: &mut ZipArchive<BufReader<File>>, name: &str) -> Result<Vec<u8>, Fault> {
    let missing = |_| Fault::Form(format!("it is no backup of Remit: there is no {name} in it"));
    let mut text = Vec::new();
    zip.by_name(name).map_err(missing)?.take(LONGEST_MANIFEST).read_to_end(&mut text)?;
    Ok(text)
}

fn odd(entry: &str, why: &str) -> Fault {
    Fault::Form(format!("{entry} in it cannot be used: {why}"))
}

/// A line of JSON as a row.
fn row(line: &[u8]) -> Option<Vec<Value>> {
    let values: Vec<serde_json::Value> = serde_json::from_slice(line).ok()?;
    let value = |value: serde_json::Value| match value {
        serde_json::Value::Null => Some(Value::Null),
        serde_json::Value::Number(number) => number.as_i64().map(Value::Int),
        serde_json::Value::String(text) => Some(Value::Text(text)),
        serde_json::Value::Object(bytes) => STANDARD.decode(bytes.get("b")?.as_str()?).ok().map(Value::Bytes),
        _ => None,
    };
    values.into_iter().map(value).collect()
}
