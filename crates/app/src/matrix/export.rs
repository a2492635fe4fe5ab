//! Versions and drafts as files.

use std::sync::Arc;

use remit_core::{Horizon, Id, Zone};
use remit_db::Tx;
use remit_matrix::document::{self, Attached};
use remit_matrix::engine::Certificate;
use remit_matrix::forms::{self, Form};
use remit_matrix::verify::{Document, HORIZON_MONTHS};
use remit_matrix::{Compiled, text};

use super::{Version, draft, find};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::refused::Refused;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// What to call it.
    pub name: String,
    /// What it is, as a media type.
    pub media: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Writes a version: `toml`, `xlsx`, `csv`, `json`, `html` for print, or `certificate`, the proof from its first day on. The reading is
/// noted in the audit log.
pub fn export_version(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Version>,
    form: &str,
) -> Result<Exported, Refused> {
    let version = find(tx, act, id)?;
    let client = clients::find(tx, act, version.client)?;
    let stem = format!("{}-v{}", stem(&client.name), version.number);
    let bytes = match form {
        "toml" => version.text.into_bytes(),
        "html" | "certificate" => {
            let zone = Zone::parse(&client.zone).map_err(|error| Refused::Conflict(error.to_string()))?;
            proved(&version.text, Horizon::months(version.starts_on, &zone, HORIZON_MONTHS), form)?
        }
        other => written(&version.text, other)?,
    };
    note(tx, act, version.client, (&id.to_string(), form))?;
    Ok(exported(&stem, form, bytes))
}

/// Writes the draft of a client: `toml`, `xlsx`, `csv` or `json`. The reading is noted in the audit log.
pub fn export_draft(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    form: &str,
) -> Result<Exported, Refused> {
    let known = clients::find(tx, act, client)?;
    let draft = draft(tx, act, client)?.ok_or(Refused::NotFound)?;
    let bytes = if form == "toml" { draft.text.into_bytes() } else { written(&draft.text, form)? };
    note(tx, act, client, (&client.to_string(), form))?;
    Ok(exported(&format!("{}-draft", stem(&known.name)), form, bytes))
}

fn written(text: &str, form: &str) -> Result<Vec<u8>, Refused> {
    let form = Form::from_ending(form).ok_or(Refused::NotFound)?;
    let draft = text::read_draft("matrix.toml", text)
        .map_err(|faults| Refused::Conflict(format!("it cannot be read as a matrix yet: {faults}")))?;
    forms::write(&draft, form).map_err(|error| Refused::Conflict(error.to_string()))
}

/// A document for print, or the proof.
fn proved(text: &str, horizon: Horizon, form: &str) -> Result<Vec<u8>, Refused> {
    let conflict = |error: String| Refused::Conflict(error);
    let matrix = Arc::new(text::read("matrix.toml", text).map_err(|e| conflict(e.to_string()))?);
    let compiled = Compiled::new(Arc::clone(&matrix), horizon).map_err(|e| conflict(e.to_string()))?;
    let report = compiled.verify();
    if form == "html" {
        let findings: Vec<String> = report.findings.into_iter().map(|finding| finding.message).collect();
        let attached = Attached { hash: &matrix.hash(), findings: &findings };
        return Ok(document::to_html(&matrix.draft, attached).into_bytes());
    }
    let proof = Certificate::new(&compiled.table).filter(|_| report.sound);
    let proof = proof.ok_or_else(|| conflict("only a sound matrix has a certificate".to_owned()))?;
    serde_json::to_vec(&Document::new(&report, proof)).map_err(|e| conflict(e.to_string()))
}

fn exported(stem: &str, form: &str, bytes: Vec<u8>) -> Exported {
    let (ending, media) = match form {
        "xlsx" => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv" => ("csv", "text/csv; charset=utf-8"),
        "json" => ("json", "application/json"),
        "html" => ("html", "text/html; charset=utf-8"),
        "certificate" => ("proof.json", "application/json"),
        _ => ("toml", "application/toml"),
    };
    Exported { name: format!("{stem}.{ending}"), media, bytes }
}

/// The name of a client as part of the name of a file.
fn stem(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let plain: String = plain.collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).take(8).collect();
    if words.is_empty() { "matrix".to_owned() } else { words.join("-") }
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    (subject, form): (&str, &str),
) -> Result<(), Refused> {
    let event = Event {
        action: "matrix.export",
        subject: subject.to_owned(),
        client: Some(client),
        detail: &format!("as {form}"),
    };
    audit::note(tx, act, event)
}
