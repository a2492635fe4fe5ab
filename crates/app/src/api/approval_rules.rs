//! What approvers are asked by itself, kind by kind and service by service.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::At;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, Routes, Sample};
use super::wire::{instant, sample_at};
use crate::site::Site;
use crate::tickets::{self, ApprovalRule, Kind};

const GROUP: &str = "Approvals";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/approval-rules", "listApprovalRules", GROUP, "List what approvers are asked by itself")
                .about("As soon as a request or a change is opened. The narrowest rule speaks alone: that of the service of a ticket, else that of the service above, at last that for any.")
                .ok::<Vec<RuleOut>>("Rules."),
            list,
        )
        .on(
            Operation::post("/approval-rules", "setApprovalRule", GROUP, "Say what approvers are asked by itself")
                .body::<RuleIn>()
                .ok::<RuleOut>("The rule."),
            set,
        )
        .on(
            Operation::post("/approval-rules/remove", "removeApprovalRule", GROUP, "Take a rule away")
                .about("A wider one speaks again, if there is one.")
                .body::<RuleOf>()
                .ok::<Vec<RuleOut>>("The rules that are left."),
            remove,
        )
}

/// What the client's approvers are asked when a ticket is opened.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewApprovalRule")]
pub(crate) struct RuleIn {
    /// Of which kind: a request or a change.
    pub kind: Kind,
    /// A service of the catalogue and those below it; empty for any.
    #[serde(default)]
    pub service: String,
    /// What is asked, in plain words: a line of at most 200 characters.
    pub question: String,
    /// How many of the client's approvers must say yes; 0 for all.
    #[serde(default)]
    pub needed: u32,
    /// In how many hours they are to answer, at most 2160.
    pub hours: u32,
    /// That of the rule as you read it; 0 where there was none.
    pub version: i64,
}

/// Which rule.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ApprovalRuleChoice")]
pub(crate) struct RuleOf {
    /// Of which kind.
    pub kind: Kind,
    /// Of which service; empty for any.
    #[serde(default)]
    pub service: String,
}

/// What the client's approvers are asked when a ticket is opened.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalRule")]
pub(crate) struct RuleOut {
    /// Of which kind.
    pub kind: Kind,
    /// A service of the catalogue and those below it; empty for any.
    pub service: String,
    /// What is asked.
    pub question: String,
    /// How many of the client's approvers must say yes; 0 for all.
    pub needed: u32,
    /// In how many hours they are to answer.
    pub hours: u32,
    /// Changes whenever it does.
    pub version: i64,
    /// When it was changed last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
}

impl From<ApprovalRule> for RuleOut {
    fn from(rule: ApprovalRule) -> Self {
        let ApprovalRule { kind, service, question, needed, hours, version, changed_at } = rule;
        Self { kind, service, question, needed, hours, version, changed_at }
    }
}

impl From<RuleIn> for ApprovalRule {
    fn from(new: RuleIn) -> Self {
        let RuleIn { kind, service, question, needed, hours, version } = new;
        Self { kind, service, question, needed, hours, version, changed_at: At::from_millis(0) }
    }
}

impl Sample for RuleIn {
    fn sample() -> Self {
        Self {
            kind: Kind::Request,
            service: "devices".to_owned(),
            question: "May this be bought?".to_owned(),
            needed: 1,
            hours: 72,
            version: 0,
        }
    }
}

impl Sample for RuleOf {
    fn sample() -> Self {
        Self { kind: Kind::Request, service: "devices".to_owned() }
    }
}

impl Sample for RuleOut {
    fn sample() -> Self {
        Self::from(ApprovalRule { version: 1, changed_at: sample_at(), ..RuleIn::sample().into() })
    }
}

impl Sample for Vec<RuleOut> {
    fn sample() -> Self {
        vec![RuleOut::sample()]
    }
}

fn out(rules: Vec<ApprovalRule>) -> Vec<RuleOut> {
    rules.into_iter().map(RuleOut::from).collect()
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::approval_rules).await?;
    Ok(Json(out(found)).into_response())
}

async fn set(once: Once<RuleIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        let rule = tickets::set_approval_rule(tx, act, &new.into())?;
        Ok(Made::now(RuleOut::from(rule)))
    })
    .await
}

async fn remove(once: Once<RuleOf>) -> Result<Response, Error> {
    once.make(move |tx, act, of| {
        tickets::remove_approval_rule(tx, act, (of.kind, &of.service))?;
        Ok(Made::now(out(tickets::approval_rules(tx, act)?)))
    })
    .await
}
