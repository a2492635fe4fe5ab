//! Ratings: how it was, as whoever asked for a ticket says.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Named, Paging, id, instant, maybe_id, maybe_instant, sample_at, sample_id, usual};
use crate::act::Act;
use crate::clients::Client;
use crate::ratings::{self, Given, Grade, Listed, Which};
use crate::site::Site;
use crate::tickets::Ticket;

const GROUP: &str = "Ratings";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/ratings", "listRatings", GROUP, "List how it was, newest first")
                .about("What whoever asked for a ticket said once it was solved. Their words are for both IT teams.")
                .query::<WhichIn>()
                .page::<RatingOut>("Ratings."),
            list,
        )
        .on(
            Operation::post("/tickets/{ticket}/rating", "rateTicket", GROUP, "Say how it was")
                .about("Whoever asked for it, once it is solved, and up to sixty days later. The last time counts.")
                .conflicts()
                .body::<RateIn>()
                .ok::<GivenOut>("What was said."),
            rate,
        )
        .on(
            Operation::post("/tickets/{ticket}/rating/follow-up", "followRatingUp", GROUP, "Say what was done about a bad one")
                .about("A note for both IT teams; it is not to be followed up any more.")
                .conflicts()
                .body::<FollowIn>()
                .ok::<GivenOut>("What was said."),
            follow,
        )
}

/// Which ratings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WhichRatings")]
pub(crate) struct WhichIn {
    /// Of one client.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// Of one grade.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Bad ones that nobody has followed up.
    #[serde(default)]
    pub to_follow: bool,
    /// Entries on the page.
    #[serde(default = "usual")]
    #[schemars(range(min = 1, max = 200))]
    pub limit: u16,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
}

impl Sample for WhichIn {
    fn sample() -> Self {
        Self { client: None, grade: Some(Grade::Poor), to_follow: true, limit: usual(), after: None }
    }
}

/// A rating.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Rating")]
pub(crate) struct RatingOut {
    /// Of which ticket.
    #[schemars(schema_with = "id::<Ticket>")]
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// The client's name.
    pub client: String,
    /// Who said it.
    pub name: String,
    /// How it was.
    pub grade: Grade,
    /// In their words; empty where they said nothing, or you do not read them.
    pub comment: String,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// When somebody said what was done about it.
    #[schemars(schema_with = "maybe_instant")]
    pub followed_at: Option<At>,
}

impl From<Listed> for RatingOut {
    fn from(one: Listed) -> Self {
        let Listed { ticket, number, subject, client, name, grade, comment, at, followed } = one;
        let followed_at = followed.map(|(_, at)| at);
        Self { ticket, number, subject, client, name, grade, comment, at, followed_at }
    }
}

impl Sample for RatingOut {
    fn sample() -> Self {
        Self {
            ticket: sample_id(),
            number: 4711,
            subject: "Printer on the second floor does not print".to_owned(),
            client: "Mill Street Dental".to_owned(),
            name: "Mara Lopez".to_owned(),
            grade: Grade::Poor,
            comment: "It took three days, and nobody rang.".to_owned(),
            at: sample_at(),
            followed_at: None,
        }
    }
}

/// How it was.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewRating")]
pub(crate) struct RateIn {
    /// How.
    pub grade: Grade,
    /// In your words, at most 4 kB.
    #[serde(default)]
    pub comment: String,
}

impl Sample for RateIn {
    fn sample() -> Self {
        Self { grade: Grade::Good, comment: "Quick and kind.".to_owned() }
    }
}

/// What was done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "RatingFollowUp")]
pub(crate) struct FollowIn {
    /// In a note for both IT teams, at most 4 kB.
    pub done: String,
}

impl Sample for FollowIn {
    fn sample() -> Self {
        Self { done: "Rang her, and showed her the new form.".to_owned() }
    }
}

/// What was said of a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "GivenRating")]
pub(crate) struct GivenOut {
    /// How it was.
    pub grade: Grade,
    /// In their words; empty where they said nothing, or you do not read them.
    pub comment: String,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// How often it was said.
    pub times: i64,
    /// When somebody said what was done about it.
    #[schemars(schema_with = "maybe_instant")]
    pub followed_at: Option<At>,
}

impl From<Given> for GivenOut {
    fn from(given: Given) -> Self {
        let Given { grade, comment, at, times, followed_at, .. } = given;
        Self { grade, comment, at, times, followed_at }
    }
}

impl Sample for GivenOut {
    fn sample() -> Self {
        Self {
            grade: Grade::Good,
            comment: "Quick and kind.".to_owned(),
            at: sample_at(),
            times: 1,
            followed_at: None,
        }
    }
}

async fn list(
    State(site): State<Site>,
    who: Who,
    Asked(asked): Asked<WhichIn>,
    uri: Uri,
) -> Result<Response, Error> {
    let WhichIn { client, grade, to_follow, limit, after } = asked;
    let paging = Paging { limit, after };
    let which = Which { client, grade, to_follow };
    let name = format!("api: ratings {which:?}");
    let most = paging.most()?;
    let behind = paging.keys::<(i64, String)>(&site, &name)?;
    let behind = behind.and_then(|(at, id)| Some((At::from_millis(at), Id::parse(&id).ok()?)));
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| ratings::list(tx, act, which, (behind, most));
    let found = site.app.read(&who.caller, read).await?;
    let keys = |one: &Listed| vec![Key::Int(one.at.millis()), Key::Text(one.ticket.to_string())];
    Ok(paging.page((&site, &name, &uri), found, keys, RatingOut::from))
}

async fn rate(Named(id): Named<Id<Ticket>>, once: Once<RateIn>) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        Ok(Made::now(GivenOut::from(ratings::rate(tx, act, id, (body.grade, &body.comment))?)))
    })
    .await
}

async fn follow(Named(id): Named<Id<Ticket>>, once: Once<FollowIn>) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        Ok(Made::now(GivenOut::from(ratings::follow_up(tx, act, id, &body.done)?)))
    })
    .await
}
