//! The draft of a client's matrix.

use remit_core::{At, Id};
use remit_db::{Tx, sql};
use remit_matrix::{templates, text};

use super::Checked;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client, Summary};
use crate::people::Permission;
use crate::refused::{Field, Refused};

/// The longest text of a matrix in bytes: some ten thousand rows.
const LONGEST: usize = 4 << 20;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// Changes whenever it does.
    pub version: i64,
    /// When it was last edited.
    pub edited_at: At,
    /// What it said before that, if it was ever edited.
    pub former: Option<String>,
}

/// Begins a draft with a text, where there is none.
pub fn start(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, text: &str) -> Result<(), Refused> {
    act.require(Permission::EditMatrix)?;
    clients::find(tx, act, client)?;
    fits(text)?;
    let add = sql!(
        "INSERT INTO matrix_draft (provider_id, client_id, text, version, edited_at, edited_by) \
         VALUES ($1, {client: $2}, $3, 1, $4, $5)"
    );
    tx.exec(add, (client, text, act.at, editor(act))).map_err(|error| {
        if error.is_unique("matrix_draft.client_id") {
            Refused::Conflict("there is a draft already".to_owned())
        } else {
            error.into()
        }
    })?;
    note(tx, act, client, "matrix.start", text)
}

/// What a draft begins with unless somebody has a text: the template of how the client is served.
pub fn first_text(client: &Summary) -> String {
    let arrangements =
        client.agreement.as_ref().map(|agreement| agreement.arrangements.clone()).unwrap_or_default();
    let options = if arrangements.is_empty() {
        templates::TemplateOptions::fully_managed(&client.name, &client.zone)
    } else {
        templates::TemplateOptions::co_managed(&client.name, &client.zone, &arrangements)
    };
    templates::draft(&options).map(|draft| text::write(&draft)).unwrap_or_default()
}

/// The draft of a client, if there is one.
pub fn draft(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Option<Draft>, Refused> {
    act.require(Permission::ReadMatrix)?;
    let find = sql!(
        "SELECT text, version, edited_at, former FROM matrix_draft WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2"
    );
    let found: Option<(String, i64, At, Option<String>)> = tx.find(find, (client,))?;
    Ok(found.map(|(text, version, edited_at, former)| Draft { text, version, edited_at, former }))
}

/// Replaces the text of a draft, if it is still at the version that the caller read. Says the new version. Whether the text is a sound
/// matrix does not matter here.
pub fn edit(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    version: i64,
    text: &str,
) -> Result<i64, Refused> {
    act.require(Permission::EditMatrix)?;
    draft(tx, act, client)?.ok_or(Refused::NotFound)?;
    fits(text)?;
    let set = sql!(
        "UPDATE matrix_draft SET former = text, text = $4, version = version + 1, edited_at = $5, edited_by = $6 \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND version = $3"
    );
    if tx.exec(set, (client, version, text, act.at, editor(act)))? == 0 {
        return Err(Refused::Stale);
    }
    note(tx, act, client, "matrix.edit", text)?;
    Ok(version + 1)
}

/// A text with the row that mends a finding. `row` is the id of the proposed row.
pub fn mended(text: &str, checked: &Checked, row: &str) -> Result<String, Refused> {
    let findings = checked.report.iter().flat_map(|report| &report.findings);
    let fix = findings.filter_map(|finding| finding.fix.as_ref()).find(|fix| fix.id == row);
    let fix =
        fix.ok_or_else(|| Refused::Conflict("what it mends is no longer found; check again".to_owned()))?;
    Ok(format!("{}\n\n{}", text.trim_end(), text::write_row(fix)))
}

/// Takes the last change of a draft back; a second time brings it back. Says the new version.
pub fn undo(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, version: i64) -> Result<i64, Refused> {
    act.require(Permission::EditMatrix)?;
    let draft = draft(tx, act, client)?.ok_or(Refused::NotFound)?;
    let former =
        draft.former.ok_or_else(|| Refused::Conflict("there is no change to take back".to_owned()))?;
    edit(tx, act, client, version, &former)
}

fn fits(text: &str) -> Result<(), Refused> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let message =
        format!("a matrix has at most {} MB of text; this one has {}", LONGEST >> 20, text.len() >> 20);
    Err(Refused::Invalid(vec![Field::new("text", message)]))
}

/// Whoever edits; the provider's id stands for its operator.
fn editor(act: &Act) -> uuid::Uuid {
    act.caller.membership.map_or(act.caller.provider.uuid(), Id::uuid)
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    action: &'static str,
    text: &str,
) -> Result<(), Refused> {
    let detail = format!("{} bytes, blake3 {}", text.len(), blake3::hash(text.as_bytes()).to_hex());
    audit::note(
        tx,
        act,
        Event { action, subject: client.to_string(), client: Some(client), detail: &detail },
    )?;
    tx.announce(format!("matrix {client}"));
    Ok(())
}
