//! The audit log.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id};
use remit_web::Error;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::Serialize;

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Paging, instant, maybe_id, sample_at, sample_id};
use crate::audit::{Line, list, verify};
use crate::clients::Client;
use crate::people::{Membership, Permission};
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Audit";
/// Names the list in cursors.
const LINES: &str = "api: audit";

/// A line of the audit log.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AuditLine")]
pub(crate) struct LineOut {
    /// Counted from 1, without a hole.
    pub seq: i64,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// The membership of whoever did it; null for the operator at the command line.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub actor_id: Option<Id<Membership>>,
    /// Their name at the time.
    pub actor: String,
    /// What was done: a noun and a verb.
    pub action: String,
    /// On what.
    pub subject: String,
    /// For which client.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// What changed.
    pub detail: String,
    /// The seal over this line and the one before.
    pub seal: String,
}

/// Whether the log is as it was written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AuditVerification")]
pub(crate) struct Verification {
    /// Whether it is.
    pub sound: bool,
    /// How many lines it has, if it is.
    pub lines: Option<i64>,
    /// Where it ends: the number and the seal of its last line. Keep it elsewhere, to compare with later.
    pub head: Option<String>,
    /// What is wrong, if it is not.
    pub fault: Option<String>,
}

impl From<Line> for LineOut {
    fn from(line: Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            actor_id: line.actor_id.and_then(Id::from_uuid),
            actor: line.actor,
            action: line.action,
            subject: line.subject,
            client: line.client.and_then(Id::from_uuid),
            detail: line.detail,
            seal: blake3::Hash::from(line.seal).to_hex().to_string(),
        }
    }
}

impl Sample for LineOut {
    fn sample() -> Self {
        Self {
            seq: 41,
            at: sample_at(),
            actor_id: Some(sample_id()),
            actor: "Ana Reyes".to_owned(),
            action: "client.create".to_owned(),
            subject: sample_id::<Client>().to_string(),
            client: Some(sample_id()),
            detail: "Mill Street Dental".to_owned(),
            seal: "4d6f1c0a9be2d3f7".repeat(4),
        }
    }
}

impl Sample for Verification {
    fn sample() -> Self {
        Self {
            sound: true,
            lines: Some(41),
            head: Some(format!("41:{}", LineOut::sample().seal)),
            fault: None,
        }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/audit", "listAudit", GROUP, "List what was done, the newest first")
                .query::<Paging>()
                .page::<LineOut>("Lines within reach."),
            list_lines,
        )
        .on(
            Operation::get(
                "/audit/verification",
                "verifyAudit",
                GROUP,
                "Check that the whole log is as it was written",
            )
            .about("For callers who reach the whole provider.")
            .ok::<Verification>("What the check found."),
            check_log,
        )
}

async fn list_lines(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let (most, after) = (paging.most()?, paging.keys::<(i64,)>(&site, LINES)?);
    let before = after.map(|(seq,)| seq);
    let found = site.app.read(&who.caller, move |tx, act| list(tx, act, before, most)).await?;
    Ok(paging.page((&site, LINES, &uri), found, |line| vec![Key::Int(line.seq)], LineOut::from))
}

async fn check_log(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    who.caller.require(Permission::ReadAudit)?;
    if who.caller.scope.reach() != remit_db::Reach::All {
        return Err(Error::Forbidden(
            "Only who reaches the whole provider can check the whole log.".to_owned(),
        ));
    }
    let key = site.app.key().clone();
    let found = site.app.read_long(&who.caller, move |tx, _| {
        let mut whole = tx.whole().map_err(Refused::from)?;
        verify(&mut whole, &key, None)
    });
    let found = match found.await? {
        Ok(head) => {
            let end = format!("{}:{}", head.seq, blake3::Hash::from(head.seal).to_hex());
            Verification { sound: true, lines: Some(head.seq), head: Some(end), fault: None }
        }
        Err(fault) => Verification { sound: false, lines: None, head: None, fault: Some(fault.to_string()) },
    };
    Ok(Json(found).into_response())
}
