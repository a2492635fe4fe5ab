//! Versions and drafts as files.

use std::sync::Arc;

use remit_core::{Horizon, Id};
use remit_db::Tx;
use remit_matrix::document::{self, Attached};
use remit_matrix::engine::Certificate;
use remit_matrix::forms::{self, Form};
use remit_matrix::verify::{Document, HORIZON_MONTHS};
use remit_matrix::{Compiled, text};
use remit_web::Error;

use super::{Version, aside, draft, find};
use crate::App;
use crate::act::{Act, Caller};
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
pub async fn export_version(
    app: &App,
    caller: &Caller,
    id: Id<Version>,
    form: String,
) -> Result<Exported, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let version = find(tx, act, id)?;
        Ok((clients::find(tx, act, version.client)?, version))
    };
    let (client, version) = app.read(caller, read).await?;
    let of = client.id;
    let write = move || {
        let bytes = match form.as_str() {
            "toml" => version.text.into_bytes(),
            "html" | "certificate" => {
                let zone = client.wall_clock()?;
                proved(&version.text, Horizon::months(version.starts_on, &zone, HORIZON_MONTHS), &form)?
            }
            other => written(&version.text, other)?,
        };
        Ok::<_, Refused>(exported(format!("{}-v{}", stem(&client.name), version.number), &form, bytes))
    };
    let file = aside(write).await??;
    noted(app, caller, of, id.to_string(), file).await
}

/// Writes the draft of a client: `toml`, `xlsx`, `csv` or `json`. The reading is noted in the audit log.
pub async fn export_draft(
    app: &App,
    caller: &Caller,
    client: Id<Client>,
    form: String,
) -> Result<Exported, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        Ok((clients::find(tx, act, client)?, draft(tx, act, client)?.ok_or(Refused::NotFound)?))
    };
    let (known, draft) = app.read(caller, read).await?;
    let write = move || {
        let bytes = if form == "toml" { draft.text.into_bytes() } else { written(&draft.text, &form)? };
        Ok::<_, Refused>(exported(format!("{}-draft", stem(&known.name)), &form, bytes))
    };
    let file = aside(write).await??;
    noted(app, caller, client, client.to_string(), file).await
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

fn exported(stem: String, form: &str, bytes: Vec<u8>) -> Exported {
    let (ending, media) = match form {
        "xlsx" => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv" => ("csv", "text/csv; charset=utf-8"),
        "json" => ("json", "application/json"),
        "html" => ("html", "text/html; charset=utf-8"),
        "certificate" => ("proof.json", "application/json"),
        _ => ("toml", "application/toml"),
    };
    Exported { name: stem + "." + ending, media, bytes }
}

/// The name of a client as part of the name of a file.
fn stem(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let plain: String = plain.collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).take(8).collect();
    if words.is_empty() { "matrix".to_owned() } else { words.join("-") }
}

/// Notes the reading before the file is given away.
async fn noted(
    app: &App,
    caller: &Caller,
    client: Id<Client>,
    subject: String,
    file: Exported,
) -> Result<Exported, Error> {
    let note = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let detail = format!("as {}", file.name);
        let event = Event { action: "matrix.export", subject, client: Some(client), detail: &detail };
        audit::note(tx, act, event)?;
        Ok(file)
    };
    Ok(app.write(caller, note).await?)
}
