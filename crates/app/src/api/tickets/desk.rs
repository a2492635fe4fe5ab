//! What is at hand while somebody works on a ticket: what they have not sent yet, who else is there, who could take it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GROUP;
use crate::act::Act;
use crate::api::gate::Who;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, Routes, Sample};
use crate::api::wire::{Named, id, maybe_instant, sample_at, sample_id};
use crate::people::Membership;
use crate::site::Site;
use crate::tickets::{self, Doing, Draft, Hand, Hindrance, Present, Taking, Ticket, Visibility};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/tickets/{ticket}/draft", "getTicketDraft", GROUP, "Show what you have not sent yet")
                .ok::<DraftOut>("Your draft; an empty text where there is none. Nobody else reads it."),
            draft,
        )
        .on(
            Operation::post("/tickets/{ticket}/draft", "keepTicketDraft", GROUP, "Keep what you have not sent yet")
                .about("In place of the draft before. An empty text throws it away; so does writing into the ticket.")
                .body::<DraftIn>()
                .ok::<DraftOut>("Your draft as it is now."),
            keep,
        )
        .on(
            Operation::get("/tickets/{ticket}/presence", "listTicketPresence", GROUP, "List who else is at it just now")
                .ok::<Vec<PresentOut>>("Those who were heard within the last minute, at most 20."),
            present,
        )
        .on(
            Operation::post("/tickets/{ticket}/presence", "sayTicketPresence", GROUP, "Say that you are at it")
                .about("Say it again within a minute while you are. Only those who work on tickets are seen.")
                .body::<DoingIn>()
                .ok::<Vec<PresentOut>>("Who else is."),
            heard,
        )
        .on(
            Operation::get(
                "/tickets/{ticket}/takers/{membership}",
                "canTakeTicket",
                GROUP,
                "Say whether somebody can take it, and why not",
            )
            .ok::<TakingOut>("The answer, with all that hinders."),
            taking,
        )
        .on(
            Operation::get("/tickets/{ticket}/similar", "listSimilarTickets", GROUP, "List solved tickets that are like it")
                .about("By the words of its subject; a rare one counts for more. What helped there may help here.")
                .ok::<Vec<SimilarOut>>("The most alike first, at most 5."),
            similar,
        )
}

/// What is not sent yet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicketDraft")]
pub(crate) struct DraftIn {
    /// Who would read it.
    pub visibility: Visibility,
    /// What is there so far.
    pub text: String,
}

impl Sample for DraftIn {
    fn sample() -> Self {
        Self { visibility: Visibility::Public, text: "We have found".to_owned() }
    }
}

/// What is not sent yet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketDraft")]
pub(crate) struct DraftOut {
    /// Who would read it; none where there is none.
    pub visibility: Option<Visibility>,
    /// What is there so far.
    pub text: String,
    /// When it was kept.
    #[schemars(schema_with = "maybe_instant")]
    pub kept_at: Option<At>,
}

impl From<Option<Draft>> for DraftOut {
    fn from(draft: Option<Draft>) -> Self {
        match draft {
            Some(Draft { visibility, text, kept_at }) => {
                Self { visibility: Some(visibility), text, kept_at: Some(kept_at) }
            }
            None => Self { visibility: None, text: String::new(), kept_at: None },
        }
    }
}

impl Sample for DraftOut {
    fn sample() -> Self {
        Some(Draft { visibility: Visibility::Public, text: "We have found".to_owned(), kept_at: sample_at() })
            .into()
    }
}

/// What you do.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewPresence")]
pub(crate) struct DoingIn {
    /// What.
    pub doing: Doing,
}

impl Sample for DoingIn {
    fn sample() -> Self {
        Self { doing: Doing::Writes }
    }
}

/// Somebody who is at a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Presence")]
pub(crate) struct PresentOut {
    /// Who.
    #[schemars(schema_with = "id::<Membership>")]
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// What they do.
    pub doing: Doing,
}

impl From<Present> for PresentOut {
    fn from(Present { who, name, doing }: Present) -> Self {
        Self { who, name, doing }
    }
}

impl Sample for Vec<PresentOut> {
    fn sample() -> Self {
        vec![PresentOut { who: sample_id(), name: "Ana Reyes".to_owned(), doing: Doing::Writes }]
    }
}

/// Whether somebody can take a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Taking")]
pub(crate) struct TakingOut {
    /// Who.
    pub name: String,
    /// Whether they can.
    pub can: bool,
    /// The team that is asked, where they would accept an offer; none where their party has it already.
    pub asked: Option<Hand>,
    /// When that offer runs out.
    #[schemars(schema_with = "maybe_instant")]
    pub until: Option<At>,
    /// What hinders, each with what would help; empty where they can.
    pub hindrances: Vec<String>,
}

impl Sample for TakingOut {
    fn sample() -> Self {
        Self {
            name: "Ana Reyes".to_owned(),
            can: false,
            asked: None,
            until: None,
            hindrances: vec!["they are suspended: reinstate them first".to_owned()],
        }
    }
}

async fn draft(State(site): State<Site>, who: Who, Named(id): Named<Id<Ticket>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::draft(tx, act, id);
    Ok(axum::Json(DraftOut::from(site.app.read(&who.caller, read).await?)).into_response())
}

async fn keep(Named(id): Named<Id<Ticket>>, once: Once<DraftIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        tickets::keep_draft(tx, act, (id, None), (new.visibility, &new.text))?;
        Ok(Made::now(DraftOut::from(tickets::draft(tx, act, id)?)))
    })
    .await
}

async fn present(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::present(tx, act, id);
    let found = site.app.read(&who.caller, read).await?;
    Ok(axum::Json(found.into_iter().map(PresentOut::from).collect::<Vec<_>>()).into_response())
}

async fn heard(Named(id): Named<Id<Ticket>>, once: Once<DoingIn>) -> Result<Response, Error> {
    once.make(move |tx, act, said| {
        tickets::heard(tx, act, id, said.doing)?;
        let others = tickets::present(tx, act, id)?;
        Ok(Made::now(others.into_iter().map(PresentOut::from).collect::<Vec<_>>()))
    })
    .await
}

async fn taking(
    State(site): State<Site>,
    who: Who,
    Named((id, member)): Named<(Id<Ticket>, Id<Membership>)>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::taking(tx, act, id, member);
    let (member, taking) = site.app.read(&who.caller, read).await?;
    let mut out =
        TakingOut { name: member.name, can: true, asked: None, until: None, hindrances: Vec::new() };
    match taking {
        Taking::Assigned => {}
        Taking::Accepted { to, until } => (out.asked, out.until) = (Some(to), until),
        Taking::Not(why) => {
            out.can = false;
            out.hindrances = why.iter().map(Hindrance::words).collect();
        }
    }
    Ok(axum::Json(out).into_response())
}

/// A solved ticket that is like another.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "SimilarTicket")]
pub(crate) struct SimilarOut {
    /// It.
    #[schemars(schema_with = "id::<Ticket>")]
    pub id: Id<Ticket>,
    /// What people say on the phone.
    pub number: i64,
    /// In a line.
    pub subject: String,
    /// When it was solved.
    #[schemars(schema_with = "maybe_instant")]
    pub solved_at: Option<At>,
    /// The words of the other's subject that it has.
    pub words: Vec<String>,
}

impl Sample for Vec<SimilarOut> {
    fn sample() -> Self {
        vec![SimilarOut {
            id: sample_id(),
            number: 4711,
            subject: "VPN certificate expired".to_owned(),
            solved_at: Some(sample_at()),
            words: vec!["certificate".to_owned(), "expired".to_owned()],
        }]
    }
}

async fn similar(
    State(site): State<Site>,
    who: Who,
    Named(ticket): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::similar(tx, act, ticket);
    let found = site.app.read(&who.caller, read).await?;
    let out = |tickets::Similar { listed, words }| SimilarOut {
        id: listed.ticket.id,
        number: listed.ticket.number,
        subject: listed.ticket.subject,
        solved_at: listed.ticket.solved_at,
        words,
    };
    Ok(axum::Json(found.into_iter().map(out).collect::<Vec<_>>()).into_response())
}
