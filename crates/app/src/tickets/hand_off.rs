//! What a hand-off has to say besides the four questions of [`Warm`]: the provider asks it, service by service.
//!
//! A form is for a service and those below it, or for any service. The narrowest one speaks alone: that of the service of a ticket, else that of
//! the service above, at last that for any. One without questions asks nothing more.

use remit_core::At;
use remit_db::{Error, FromRow, Row, Tx, shared_sql};
use serde::{Deserialize, Serialize};

use super::event::Said;
use super::{Ticket, Warm, open};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused, folded};

/// The most questions of one form.
pub const MOST_QUESTIONS: usize = 10;
/// The longest question, in characters.
const LONGEST_QUESTION: usize = 120;
/// The most forms: more than there are services.
const MOST: u16 = 1000;

/// What an answer is called where it is typed, in the order of the questions.
pub const ANSWERS: [&str; MOST_QUESTIONS] = [
    "answer-1",
    "answer-2",
    "answer-3",
    "answer-4",
    "answer-5",
    "answer-6",
    "answer-7",
    "answer-8",
    "answer-9",
    "answer-10",
];

/// Something that a hand-off has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// In a line of 1 to 120 characters.
    pub text: String,
    /// Whether a hand-off is refused without an answer.
    pub required: bool,
}

/// What is asked for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOffForm {
    /// A service of the catalogue; empty for any.
    pub service: String,
    /// In order.
    pub questions: Vec<Question>,
    /// Changes whenever it does, from 1 on.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: At,
}

impl FromRow for HandOffForm {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let questions: String = row.get(1)?;
        let questions = serde_json::from_str(&questions)
            .map_err(|e| Error::Other(format!("the questions of a hand-off cannot be read: {e}")))?;
        Ok(Self { service: row.get(0)?, questions, version: row.get(2)?, changed_at: row.get(3)? })
    }
}

/// All forms, that for any service first.
pub fn hand_off_forms(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<HandOffForm>, Refused> {
    act.require(Permission::ManageSettings)?;
    let list = shared_sql!(
        "SELECT service, questions, version, changed_at FROM hand_off_form WHERE provider_id = $1 ORDER BY service LIMIT $2"
    );
    Ok(tx.rows(list, (MOST,))?)
}

fn form(tx: &mut Tx<'_, '_>, service: &str) -> Result<Option<HandOffForm>, Refused> {
    let find = shared_sql!(
        "SELECT service, questions, version, changed_at FROM hand_off_form WHERE provider_id = $1 AND service = $2"
    );
    Ok(tx.find(find, (service,))?)
}

/// The form for exactly this service; none where a wider one speaks.
pub fn hand_off_form(tx: &mut Tx<'_, '_>, act: &Act, service: &str) -> Result<Option<HandOffForm>, Refused> {
    act.require(Permission::ManageSettings)?;
    let service = known(service)?;
    form(tx, &service)
}

/// What whoever hands a ticket on is asked besides the four questions.
pub fn hand_off_questions(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Vec<Question>, Refused> {
    let mut service = ticket.service.as_str();
    loop {
        if let Some(form) = form(tx, service)? {
            return Ok(form.questions);
        }
        match service.rsplit_once('.') {
            Some((above, _)) => service = above,
            None if service.is_empty() => return Ok(Vec::new()),
            None => service = "",
        }
    }
}

/// A service of the catalogue, or any.
fn known(service: &str) -> Result<String, Refused> {
    let mut faults = Faults::default();
    let service = faults.take("service", open::service(service)).unwrap_or_default();
    faults.end()?;
    Ok(service)
}

/// Says what is asked for a service, if nobody else has since the caller read it: 0 is the version of what is not there yet.
pub fn set_hand_off_form(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (service, version): (&str, i64),
    questions: &[Question],
) -> Result<HandOffForm, Refused> {
    act.require(Permission::ManageSettings)?;
    let service = known(service)?;
    let questions = checked(questions)?;
    let before = form(tx, &service)?;
    if before.map_or(0, |form| form.version) != version {
        return Err(Refused::Stale);
    }
    let set = shared_sql!(
        "INSERT INTO hand_off_form (provider_id, service, questions, version, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (provider_id, service) DO UPDATE SET questions = excluded.questions, version = excluded.version, \
         changed_at = excluded.changed_at WHERE hand_off_form.version = excluded.version - 1"
    );
    let text = serde_json::to_string(&questions).expect("questions are plain data");
    if tx.exec(set, (&service, text, version + 1, act.at))? == 0 {
        return Err(Refused::Stale);
    }
    note(tx, act, "hand-off.change", &format!("{}: {}", about(&service), questions.len()))?;
    Ok(HandOffForm { service, questions, version: version + 1, changed_at: act.at })
}

/// Takes the form of a service away: a wider one speaks again, if there is one.
pub fn remove_hand_off_form(tx: &mut Tx<'_, '_>, act: &Act, service: &str) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let service = known(service)?;
    let cut = shared_sql!("DELETE FROM hand_off_form WHERE provider_id = $1 AND service = $2");
    if tx.exec(cut, (&service,))? == 0 {
        return Err(Refused::NotFound);
    }
    note(tx, act, "hand-off.remove", about(&service))
}

fn about(service: &str) -> &str {
    if service.is_empty() { "any service" } else { service }
}

fn note(tx: &mut Tx<'_, '_>, act: &Act, action: &'static str, detail: &str) -> Result<(), Refused> {
    let subject = act.caller.provider.to_string();
    audit::note(tx, act, Event { action, subject, client: None, detail })
}

/// Questions that can be asked, with all that is wrong with them.
fn checked(questions: &[Question]) -> Result<Vec<Question>, Refused> {
    let mut faults = Faults::default();
    if questions.len() > MOST_QUESTIONS {
        let words = format!("ask at most {MOST_QUESTIONS} questions, these are {}", questions.len());
        faults.take::<(), _>("questions", Err(words));
    }
    let mut all: Vec<Question> = Vec::new();
    for (number, question) in (1..).zip(questions.iter().take(MOST_QUESTIONS)) {
        let text = line(&question.text).and_then(|text| {
            let usual = Warm::QUESTIONS.iter().any(|(_, words)| folded(words) == folded(&text));
            let twice = all.iter().any(|other| folded(&other.text) == folded(&text));
            if usual || twice { Err("it is asked already") } else { Ok(text) }
        });
        let text = text.map_err(|why| format!("question {number}: {why}"));
        all.extend(faults.take("questions", text).map(|text| Question { text, ..question.clone() }));
    }
    faults.end()?;
    Ok(all)
}

fn line(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("write what is asked"),
        long if long.chars().count() > LONGEST_QUESTION => Err("write at most 120 characters"),
        odd if odd.chars().any(char::is_control) => Err("write it on one line, without control characters"),
        good => Ok(good.to_owned()),
    }
}

/// What was said for a hand-off of a ticket: the four answers, and those to what else is asked for its service.
pub(super) fn said(tx: &mut Tx<'_, '_>, ticket: &Ticket, warm: &Warm) -> Result<Vec<Said>, Refused> {
    let questions = hand_off_questions(tx, ticket)?;
    let mut wrong = Vec::new();
    let mut all = match warm.said() {
        Ok(said) => said,
        Err(Refused::Invalid(fields)) => {
            wrong.extend(fields);
            Vec::new()
        }
        Err(other) => return Err(other),
    };
    for (name, question) in ANSWERS.into_iter().zip(&questions) {
        let to = |said: &&Said| folded(&said.question) == folded(&question.text);
        let given: Vec<&str> = warm.answers.iter().filter(to).map(|said| said.answer.as_str()).collect();
        let answer = match given.as_slice() {
            [_, _, ..] => Err("it is answered twice".to_owned()),
            given if question.required => Warm::needed(given.first().copied().unwrap_or_default()),
            given => Warm::answer(given.first().copied().unwrap_or_default()),
        };
        match answer {
            // What need not be said, and was not, is not shown.
            Ok(answer) if answer.is_empty() => {}
            Ok(answer) => all.push(Said { question: question.text.clone(), answer }),
            Err(why) => wrong.push(Field::new(name, format!("“{}”: {why}", question.text))),
        }
    }
    let asked = |said: &&Said| questions.iter().any(|one| folded(&one.text) == folded(&said.question));
    if let Some(other) = warm.answers.iter().find(|said| !asked(said)) {
        wrong.push(Field::new("answers", not_asked(&other.question, &questions)));
    }
    if wrong.is_empty() { Ok(all) } else { Err(Refused::Invalid(wrong)) }
}

/// An answer to what nobody asks, and what is asked.
fn not_asked(question: &str, questions: &[Question]) -> String {
    let shown: String = question
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(LONGEST_QUESTION)
        .collect();
    if questions.is_empty() {
        return format!("“{shown}” is not asked: for this service nothing is, besides the four");
    }
    let all: Vec<String> = questions.iter().map(|one| format!("“{}”", one.text)).collect();
    format!("“{shown}” is not asked; these are: {}", all.join(", "))
}
