//! What hand-offs are asked, service by service.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, Routes, Sample};
use super::wire::{Named, instant, sample_at};
use crate::act::Act;
use crate::people::Permission;
use crate::site::Site;
use crate::tickets::{self, HandOffForm, Question, Ticket};

const GROUP: &str = "Hand-offs";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/hand-off-forms", "listHandOffForms", GROUP, "List what hand-offs are asked")
                .about("Besides the four usual questions. The narrowest form speaks alone: that of the service of a ticket, else that of the service above, at last that for any.")
                .ok::<Vec<FormOut>>("Forms, that for any service first."),
            list,
        )
        .on(
            Operation::post("/hand-off-forms", "setHandOffForm", GROUP, "Say what is asked for a service")
                .body::<FormIn>()
                .ok::<FormOut>("The form."),
            set,
        )
        .on(
            Operation::post("/hand-off-forms/remove", "removeHandOffForm", GROUP, "Take the form of a service away")
                .about("A wider one speaks again, if there is one.")
                .body::<FormOf>()
                .ok::<Vec<FormOut>>("The forms that are left."),
            remove,
        )
        .on(
            Operation::get(
                "/tickets/{ticket}/hand-off",
                "listTicketQuestions",
                "Tickets",
                "List what is asked whoever hands it on",
            )
            .about("Besides what was tried, access, impact and what is next.")
            .ok::<Vec<QuestionOut>>("Questions in order, at most ten."),
            questions,
        )
}

/// Something that a hand-off has to say.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewHandOffQuestion")]
pub(crate) struct QuestionIn {
    /// In a line of 1 to 120 characters.
    pub question: String,
    /// Whether a hand-off is refused without an answer.
    #[serde(default)]
    pub required: bool,
}

/// Something that a hand-off has to say.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HandOffQuestion")]
pub(crate) struct QuestionOut {
    /// What is asked.
    pub question: String,
    /// Whether a hand-off is refused without an answer.
    pub required: bool,
}

/// What is asked for a service.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewHandOffForm")]
pub(crate) struct FormIn {
    /// A service of the catalogue; empty for any.
    pub service: String,
    /// The version that you read, 0 where there is none yet; 412 where it is another by now.
    pub version: i64,
    /// At most ten; none where nothing more is asked for this service.
    #[schemars(length(max = 10))]
    pub questions: Vec<QuestionIn>,
}

/// Which form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "HandOffFormOf")]
pub(crate) struct FormOf {
    /// That of a service of the catalogue; empty for any.
    pub service: String,
}

/// What is asked for a service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HandOffForm")]
pub(crate) struct FormOut {
    /// A service of the catalogue; empty for any.
    pub service: String,
    /// Changes whenever it does.
    pub version: i64,
    /// In order.
    pub questions: Vec<QuestionOut>,
    /// When it was changed last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
}

impl From<Question> for QuestionOut {
    fn from(Question { text, required }: Question) -> Self {
        Self { question: text, required }
    }
}

impl From<HandOffForm> for FormOut {
    fn from(form: HandOffForm) -> Self {
        let HandOffForm { service, questions, version, changed_at } = form;
        Self {
            service,
            version,
            questions: questions.into_iter().map(QuestionOut::from).collect(),
            changed_at,
        }
    }
}

impl Sample for Vec<QuestionOut> {
    fn sample() -> Self {
        vec![QuestionOut { question: "Number of the circuit".to_owned(), required: true }]
    }
}

impl Sample for FormIn {
    fn sample() -> Self {
        let question = QuestionIn { question: "Number of the circuit".to_owned(), required: true };
        Self { service: "network.wan".to_owned(), version: 0, questions: vec![question] }
    }
}

impl Sample for FormOf {
    fn sample() -> Self {
        Self { service: "network.wan".to_owned() }
    }
}

impl Sample for FormOut {
    fn sample() -> Self {
        let questions = Vec::<QuestionOut>::sample();
        Self { service: "network.wan".to_owned(), version: 1, questions, changed_at: sample_at() }
    }
}

impl Sample for Vec<FormOut> {
    fn sample() -> Self {
        vec![FormOut::sample()]
    }
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::hand_off_forms).await?;
    Ok(Json(found.into_iter().map(FormOut::from).collect::<Vec<_>>()).into_response())
}

async fn set(once: Once<FormIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        let question = |QuestionIn { question, required }| Question { text: question, required };
        let questions: Vec<Question> = new.questions.into_iter().map(question).collect();
        let form = tickets::set_hand_off_form(tx, act, (&new.service, new.version), &questions)?;
        Ok(Made::now(FormOut::from(form)))
    })
    .await
}

async fn remove(once: Once<FormOf>) -> Result<Response, Error> {
    once.make(move |tx, act, of| {
        tickets::remove_hand_off_form(tx, act, &of.service)?;
        let left = tickets::hand_off_forms(tx, act)?;
        Ok(Made::now(left.into_iter().map(FormOut::from).collect::<Vec<_>>()))
    })
    .await
}

/// What else is asked whoever hands it on.
async fn questions(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        act.require(Permission::WorkTickets)?;
        tickets::hand_off_questions(tx, &ticket)
    };
    let found = site.app.read(&who.caller, read).await?;
    let found: Vec<QuestionOut> = found.into_iter().map(QuestionOut::from).collect();
    Ok(Json(found).into_response())
}
