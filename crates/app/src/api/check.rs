//! What a text or a file is worth as a matrix: nothing is kept.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_matrix::forms::import;
use remit_matrix::sheets::RaciOptions;
use remit_matrix::text;
use remit_matrix::verify::Kind;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draft::{DraftText, LONG};
use super::gate::Who;
use super::once::Once;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Named};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{Checked, draft};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Drafts";
type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

/// What is checked.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "DraftCheck")]
pub(crate) struct DraftCheck {
    /// A text; the draft as it is kept if there is none.
    #[serde(default)]
    pub text: Option<String>,
}

/// What a text is worth.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Check")]
pub(crate) struct CheckOut {
    /// Whether it may be proposed.
    pub sound: bool,
    /// What keeps it from being read as a matrix.
    pub faults: Vec<FaultOut>,
    /// What the proof over 13 months found, what blocks first.
    pub findings: Vec<FindingOut>,
}

/// A mistake in a text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Fault")]
pub(crate) struct FaultOut {
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The column, counted from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Something that a proof found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Finding")]
pub(crate) struct FindingOut {
    /// What kind it is.
    pub kind: FindingKind,
    /// Whether it keeps the matrix from being proposed.
    pub blocks: bool,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub advice: String,
    /// Ids of the rows concerned.
    pub rows: Vec<String>,
    /// A row that would mend it.
    pub fix: Option<FixOut>,
}

/// A row that would mend a finding.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Fix")]
pub(crate) struct FixOut {
    /// Its id.
    pub row: String,
    /// The row in the text form.
    pub text: String,
}

/// What kind of finding it is.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FindingKind {
    Gap,
    Conflict,
    Promise,
    Uncovered,
    Dead,
    Redundant,
}

/// What a file says of itself.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "FileName")]
pub(crate) struct FileName {
    /// Its name; the ending says what form it has.
    #[serde(default = "nameless")]
    #[schemars(length(max = 200))]
    pub name: String,
    /// In a RACI grid, the column of the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub provider: Option<String>,
    /// In a RACI grid, the column of the internal IT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub internal: Option<String>,
}

fn nameless() -> String {
    "file".to_owned()
}

/// A file as a text. Nothing is kept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Imported")]
pub(crate) struct ImportedOut {
    /// The text form.
    pub text: String,
    /// What was unclear or had to be assumed.
    pub doubts: Vec<String>,
}

impl From<Kind> for FindingKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Gap => Self::Gap,
            Kind::Conflict => Self::Conflict,
            Kind::Promise => Self::Promise,
            Kind::Uncovered => Self::Uncovered,
            Kind::Dead => Self::Dead,
            Kind::Redundant => Self::Redundant,
        }
    }
}

impl From<&Checked> for CheckOut {
    fn from(checked: &Checked) -> Self {
        let sound = checked.is_sound();
        let faults = checked.faults.iter().map(|fault| FaultOut {
            line: fault.place.as_ref().map(|place| place.line),
            column: fault.place.as_ref().map(|place| place.column),
            message: fault.message.clone(),
            hint: fault.hint.clone(),
        });
        let findings = checked.report.iter().flat_map(|report| &report.findings);
        let findings = findings.map(|found| FindingOut {
            kind: found.kind.into(),
            blocks: found.kind.blocks(),
            message: found.message.clone(),
            advice: found.advice.clone(),
            rows: found.rows.clone(),
            fix: found.fix.as_ref().map(|fix| FixOut { row: fix.id.clone(), text: text::write_row(fix) }),
        });
        let (faults, findings): (_, Vec<FindingOut>) = (faults.collect(), findings.collect());
        Self { sound: sound && !findings.iter().any(|found| found.blocks), faults, findings }
    }
}

impl Sample for DraftCheck {
    fn sample() -> Self {
        Self { text: None }
    }
}
impl Sample for CheckOut {
    fn sample() -> Self {
        let (message, advice) =
            ("nobody owns Failed backup, tier L1".to_owned(), "add a row for it".to_owned());
        let fix = FixOut { row: "gap-1".to_owned(), text: "[[rows]]\nid = \"gap-1\"\n".to_owned() };
        let found = FindingOut {
            kind: FindingKind::Gap,
            blocks: true,
            message,
            advice,
            rows: Vec::new(),
            fix: Some(fix),
        };
        Self { sound: false, faults: Vec::new(), findings: vec![found] }
    }
}
impl Sample for FileName {
    fn sample() -> Self {
        Self { name: "matrix.csv".to_owned(), provider: None, internal: None }
    }
}
impl Sample for ImportedOut {
    fn sample() -> Self {
        Self { text: DraftText::sample().text, doubts: Vec::new() }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::post(
                "/clients/{client}/matrix/draft/check",
                "checkDraft",
                GROUP,
                "Prove a text for 13 months from today",
            )
            .about("Nothing is kept.")
            .body::<DraftCheck>()
            .up_to(LONG)
            .without_effect()
            .ok::<CheckOut>("What the text is worth."),
            prove,
        )
        .on(
            Operation::post(
                "/clients/{client}/matrix/import",
                "importMatrix",
                GROUP,
                "Read a file into a text",
            )
            .about("TOML, JSON, CSV, XLSX, or a RACI grid. Nothing is kept.")
            .query::<FileName>()
            .file()
            .up_to(LONG)
            .without_effect()
            .ok::<ImportedOut>("The text."),
            read_file,
        )
}

async fn prove(Named(id): Named<Id<Client>>, once: Once<DraftCheck>) -> Result<Response, Error> {
    let given = once.body.text;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        act.require(Permission::ReadMatrix)?;
        let client = clients::find(tx, act, id)?;
        let text = match given {
            Some(text) => text,
            None => draft(tx, act, id)?.ok_or(Refused::NotFound)?.text,
        };
        Ok((text, client.wall_clock()?.local(act.at).date()))
    };
    let app = &once.site.app;
    let (text, today) = app.read(&once.who.caller, read).await?;
    let checked = app.shelf().check(&text, today).await?;
    Ok(Json(CheckOut::from(&*checked)).into_response())
}

async fn read_file(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(file): Asked<FileName>,
    bytes: Bytes,
) -> Result<Response, Error> {
    who.caller.require(Permission::EditMatrix)?;
    let client = site.app.read(&who.caller, move |tx, act| clients::find(tx, act, id)).await?;
    if bytes.len() > LONG {
        return Err(Error::TooLarge(LONG));
    }
    let raci = RaciOptions {
        client: client.name,
        zone: client.zone,
        provider: file.provider,
        internal: file.internal,
    };
    let name: String = file.name.chars().filter(|c| !c.is_control()).take(200).collect();
    let read = tokio::task::spawn_blocking(move || import(&name, &bytes, &raci)).await;
    match read.map_err(Error::internal)? {
        Ok(read) => Ok(Json(ImportedOut { text: read.text, doubts: read.doubts }).into_response()),
        Err(faults) => {
            let all: Vec<String> = faults.iter().take(10).map(ToString::to_string).collect();
            Err(Error::field("file", all.join("; ")))
        }
    }
}
