//! Finding something by a few words.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Page;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, id, instant, sample_at, sample_id, wrong_parameter};
use crate::act::Act;
use crate::clients::Client;
use crate::people::Membership;
use crate::refused::Refused;
use crate::search::{Found, Further, Piece, excerpt, find, web};
use crate::site::Site;
use crate::tickets::{Hit, Listed, Ticket};

const GROUP: &str = "Search";
/// Tickets on a page unless somebody asks for more or fewer, and at most.
const USUAL: usize = 20;
const MOST: usize = 50;

/// What is looked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Wanted")]
pub(crate) struct Wanted {
    /// At most ten words, which all have to stand in one text; the last may be unfinished. Or a number, also one that a ticket had elsewhere.
    #[schemars(length(min = 1, max = 200))]
    pub q: String,
    /// Tickets on the page.
    #[serde(default = "usual")]
    #[schemars(range(min = 1, max = 50))]
    pub limit: usize,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
}

const fn usual() -> usize {
    USUAL
}

/// Something that was found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[schemars(rename = "Found")]
pub(crate) enum FoundOut {
    /// A ticket.
    Ticket {
        /// Its id.
        #[schemars(schema_with = "id::<Ticket>")]
        id: Id<Ticket>,
        /// Its number.
        number: i64,
        /// In a line.
        subject: String,
        /// For which client.
        #[schemars(schema_with = "id::<Client>")]
        client: Id<Client>,
        /// Lines that have the words, the newest first; none where it is meant by its number.
        lines: Vec<LineFound>,
    },
    /// A client.
    Client {
        /// Its id.
        #[schemars(schema_with = "id::<Client>")]
        id: Id<Client>,
        /// Its name.
        name: String,
    },
    /// Somebody.
    Person {
        /// The id of the membership.
        #[schemars(schema_with = "id::<Membership>")]
        id: Id<Membership>,
        /// Their name.
        name: String,
        /// Where they get mail.
        email: String,
    },
}

/// A line in which the words stand.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "LineFound")]
pub(crate) struct LineFound {
    /// Its number within the ticket.
    pub seq: i64,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// Who wrote it.
    pub name: String,
    /// The words and what surrounds them; empty where they stand in the subject.
    pub excerpt: Vec<Piece>,
}

impl Sample for Wanted {
    fn sample() -> Self {
        Self { q: "vpn tun".to_owned(), limit: USUAL, after: None }
    }
}

impl Sample for FoundOut {
    fn sample() -> Self {
        let piece = |text: &str, marked| Piece { text: text.to_owned(), marked };
        let excerpt = vec![piece("The ", false), piece("tunnel", true), piece(" is up.", false)];
        let line = LineFound { seq: 2, at: sample_at(), name: "Joe Martin".to_owned(), excerpt };
        let subject = "VPN down, whole site".to_owned();
        Self::Ticket { id: sample_id(), number: 48_213, subject, client: sample_id(), lines: vec![line] }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(
        Operation::get("/search", "search", GROUP, "Find tickets, people and clients")
            .about(
                "What you may read, and nothing else. What is meant by a number comes first, then clients, people, and tickets with the words \
                 in them, the newest first. Where nothing has the words, words one letter away are looked for. A page can be empty and \
                 still have a next one.",
            )
            .query::<Wanted>()
            .page::<FoundOut>("What was found."),
        look,
    )
}

async fn look(
    State(site): State<Site>,
    who: Who,
    Asked(wanted): Asked<Wanted>,
    uri: Uri,
) -> Result<Response, Error> {
    if !(1..=MOST).contains(&wanted.limit) {
        return Err(wrong_parameter("limit", format!("Write a number from 1 to {MOST}.")));
    }
    let name = format!("api {}", web::list_of(&who.caller, &wanted.q));
    let behind: Option<Further> =
        wanted.after.as_deref().map(|text| site.cursors.read(&name, text)).transpose()?.map(web::further);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| find(tx, act, &wanted.q, (behind, wanted.limit));
    let found = match site.app.read(&who.caller, read).await {
        Err(Refused::Invalid(fields)) => {
            let why: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            return Err(wrong_parameter("q", why.join("; ")));
        }
        done => done?,
    };
    let next = found.next.map(|next| site.cursors.write(&name, &web::keys(next)));
    Ok(Page { items: shown(found), next }.answer(&uri))
}

fn shown(found: Found) -> Vec<FoundOut> {
    let ticket = |listed: Listed, lines: Vec<LineFound>| FoundOut::Ticket {
        id: listed.ticket.id,
        number: listed.ticket.number,
        subject: listed.ticket.subject,
        client: listed.ticket.client,
        lines,
    };
    let Found { meant, clients, people, tickets, query, .. } = found;
    let lines = |hit: &Hit| {
        let shown = hit.lines.iter().map(|line| LineFound {
            seq: line.seq,
            at: line.at,
            name: line.name.clone(),
            excerpt: query
                .as_ref()
                .and_then(|query| line.texts().into_iter().find_map(|text| excerpt(text, query)))
                .unwrap_or_default(),
        });
        shown.collect()
    };
    let meant = meant.into_iter().map(|listed| ticket(listed, Vec::new()));
    let clients = clients.into_iter().map(|client| FoundOut::Client { id: client.id, name: client.name });
    let people =
        people.into_iter().map(|one| FoundOut::Person { id: one.id, name: one.name, email: one.email });
    let tickets = tickets.into_iter().map(|hit| {
        let lines = lines(&hit);
        ticket(hit.listed, lines)
    });
    meant.chain(clients).chain(people).chain(tickets).collect()
}
