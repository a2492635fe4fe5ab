//! Approvals: what waits for the caller, and all of them; as a page and as a file.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Key;

use super::super::visibility::Sight;
use super::super::{
    Answer, Approval, ApprovalState, Asked as Person, ListedApproval, all_approvals, waiting_approvals,
};
use crate::act::Act;
use crate::export::{Cell, Form, List, file, heads, instant, rows};
use crate::people::{Membership, Permission};
use crate::site::{Signed, Site, chrome, page_of, shell};

/// Names the list in cursors.
const LIST: &str = "approvals";
/// Approvals on a page.
const PAGE: u16 = 50;
const COLUMNS: &[&str] = &[
    "Ticket",
    "Client",
    "Subject",
    "Question",
    "Asked by",
    "Asked at",
    "Needed",
    "Asked of",
    "Until",
    "State",
    "Decided at",
    "Person",
    "In the place of",
    "Own request",
    "Answer",
    "Reason",
    "Answered at",
];

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: String,
    after: Option<String>,
    format: Option<String>,
}

#[derive(Template)]
#[template(path = "tickets/approvals_list.html")]
struct Page {
    approvals: Vec<ListedApproval>,
    /// Whether it is the list of all, and whether the caller may see that.
    all: bool,
    may_all: bool,
    more: Option<String>,
    own: Option<Id<Membership>>,
}

impl Page {
    /// Whether the caller's word is waited for.
    fn is_mine(&self, one: &ListedApproval) -> bool {
        one.approval.waits_for(self.own).is_some()
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    Sight::of(&site.app.act(&signed.caller))?;
    let all = asked.view == "all";
    let may_all = signed.caller.may(Permission::ReadTickets);
    if all {
        signed.caller.require(Permission::ReadTickets)?;
    }
    if let Some(form) = Form::asked(asked.format.as_deref())? {
        return as_file(&site, &signed, form, all).await;
    }
    let after: Option<(String,)> = asked.after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let before = after.and_then(|(id,)| Id::parse(&id).ok());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        if all { all_approvals(tx, act, (before, PAGE + 1)) } else { waiting_approvals(tx, act) }
    };
    let found = site.app.read(&signed.caller, read).await?;
    let (approvals, next) = if all {
        page_of(found, PAGE, |one| vec![Key::Text(one.approval.id.to_string())])
    } else {
        (found, None)
    };
    let more = next.map(|keys| site.cursors.write(LIST, &keys));
    let page = Page { approvals, all, may_all, more, own: signed.caller.membership };
    Ok(shell(chrome(&signed, "Approvals", "/approvals"), &page).into_response())
}

/// The whole list as a file: a row for each who was asked.
async fn as_file(site: &Site, signed: &Signed, form: Form, all: bool) -> Result<Response, Error> {
    let name = if all { "approvals" } else { "approvals-mine" };
    let list = List { name: name.to_owned(), action: "approval.export", columns: heads(COLUMNS) };
    let page = move |tx: &mut Tx<'_, '_>, act: &Act, behind: Option<Id<Approval>>, most: u16| {
        let found = if all { all_approvals(tx, act, (behind, most))? } else { waiting_approvals(tx, act)? };
        let (_, next) = rows(&found, most, |_| Vec::new(), |one| one.approval.id);
        let each = found.iter().flat_map(|one| one.approval.asked.iter().map(move |asked| row(one, asked)));
        Ok((each.collect(), next.filter(|_| all)))
    };
    file((site, signed), form, list, page).await
}

fn row(one: &ListedApproval, asked: &Person) -> Vec<Cell> {
    let when = |at: Option<At>| at.map_or(Cell::Empty, |at| instant(at, &one.zone));
    let count = |many: usize| Cell::Number(i64::try_from(many).unwrap_or(i64::MAX));
    let approval = &one.approval;
    vec![
        Cell::Number(one.number),
        one.client.as_str().into(),
        one.subject.as_str().into(),
        approval.question.as_str().into(),
        approval.asker_name.as_str().into(),
        when(Some(approval.asked_at)),
        count(approval.needed),
        count(approval.asked.len()),
        when(Some(approval.until)),
        approval.state.name().into(),
        when(approval.decided_at),
        asked.name.as_str().into(),
        asked.instead_of.as_ref().map(|(_, name)| name.as_str()).into(),
        if asked.own { "yes" } else { "no" }.into(),
        asked.answer.map(Answer::name).into(),
        Some(asked.reason.as_str()).filter(|reason| !reason.is_empty()).into(),
        when(asked.answered_at),
    ]
}
