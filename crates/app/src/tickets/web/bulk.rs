//! One deed for the tickets that were chosen in a list, and what became of each.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::layout::Link;
use remit_web::{Error, Form};

use super::super::bulk::few;
use super::super::tag::typed;
use super::super::{BulkDeed, Outcome, Status, Ticket, bulk};
use crate::people::{Membership, Permission};
use crate::site::{Signed, Site, chrome, shell};

/// What can be done to those that are chosen in a list.
pub(super) struct Several {
    /// Whether all of the page are.
    pub chosen: bool,
    /// Who can work on them, besides the caller.
    pub colleagues: Vec<(Id<Membership>, String)>,
}

/// The fields of the form below a list.
const FIELDS: [&str; 7] = ["ticket", "deed", "worker", "to", "add", "remove", "into"];

#[derive(Template)]
#[template(path = "tickets/bulk.html")]
struct Page {
    all: Vec<Outcome>,
    words: &'static str,
}

impl Page {
    fn done(&self) -> usize {
        self.all.iter().filter(|one| one.why_not.is_none()).count()
    }
}

/// What is to be done, and what it is called.
fn deed(form: &mut Form, signed: &Signed) -> Result<(BulkDeed, &'static str), Error> {
    Ok(match form.value("deed") {
        "assign" => {
            let worker = match form.value("worker") {
                "me" => signed.caller.membership,
                _ => form.parsed_optional("worker").ok_or_else(|| Error::malformed("That is nobody."))?,
            };
            (BulkDeed::Assign(worker), "Say who works on them")
        }
        "status" => {
            let to = Status::from_key(form.value("to"));
            (
                BulkDeed::Status(to.ok_or_else(|| Error::malformed("There is no such status."))?),
                "Move their status",
            )
        }
        "tag" => {
            let (add, remove) = (typed(form.value("add")), typed(form.value("remove")));
            (BulkDeed::Tag { add, remove }, "Tag them")
        }
        "watch" => (BulkDeed::Watch, "Follow them"),
        "merge" => (BulkDeed::Merge(form.given("into")?), "Merge them into another"),
        _ => return Err(Error::field("deed", "Choose what is to be done.")),
    })
}

pub(super) async fn act(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    signed.caller.require(Permission::WorkTickets)?;
    form.only(&FIELDS)?;
    few(form.values("ticket").count())?;
    let parsed: Result<Vec<Id<Ticket>>, _> = form.values("ticket").map(Id::parse).collect();
    let ids = parsed.map_err(|_| Error::field("ticket", "Choose tickets of the list."))?;
    let (deed, words) = deed(&mut form, &signed)?;
    let all = bulk(&site.app, &signed.caller, &ids, &deed).await?;
    let mut chrome = chrome(&signed, words, "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    Ok(shell(chrome, &Page { all, words }).into_response())
}
