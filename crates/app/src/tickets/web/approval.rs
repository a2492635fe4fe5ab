//! Approvals on a ticket: asking for one, answering it, naming somebody else, taking it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{At, DateTime, Edge, Id, Millis, Zone};
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::approval::clock_of;
use super::super::visibility::Sight;
use super::super::{
    Answer, Approval, ApprovalState, Asked, Candidate, NewApproval, Ticket, answer_approval, approvals,
    approvers, ask_approval, pass_approval, stand_ins, withdraw_approval,
};
use super::deed::{back, worked};
use super::{frame, seen};
use crate::act::Act;
use crate::people::{Membership, PartyKind};
use crate::refused::Refused;
use crate::site::{Signed, Site, shell, told};

/// How long there is to answer, unless somebody says something else.
const USUAL: Millis = Millis::from_hours(72);
/// As browsers write it.
const WRITTEN: &str = "%Y-%m-%dT%H:%M";

/// The approvals of a ticket, and what the caller can do about them.
pub(super) struct Approving {
    /// The newest first.
    pub all: Vec<Approval>,
    /// The clock of the client.
    pub zone: Zone,
    /// Whether the caller is asked just now.
    pub answers: bool,
    /// Whether the caller can take back what is open.
    pub may_withdraw: bool,
    /// Whether the caller can ask for one.
    pub may_ask: bool,
}

impl Approving {
    /// The one that is open.
    pub fn open(&self) -> Option<&Approval> {
        self.all.iter().find(|one| one.state == ApprovalState::Open)
    }
}

pub(super) fn approving(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Approving, Refused> {
    let (all, zone) = (approvals(tx, act, ticket.id)?, clock_of(tx, ticket.client)?);
    let works = matches!(Sight::of(act)?, Sight::Working(_) | Sight::Vendor(_));
    let holds = works && act.caller.party.is_none_or(|party| party == ticket.party);
    let open = all.iter().find(|one| one.state == ApprovalState::Open);
    let own = act.caller.membership;
    Ok(Approving {
        answers: open.is_some_and(|open| open.waits_for(own).is_some()),
        may_withdraw: open.is_some_and(|open| holds || works && own.is_some() && open.asker == own),
        may_ask: holds && open.is_none() && ticket.status.is_open(),
        all,
        zone,
    })
}

#[derive(Template)]
#[template(path = "tickets/approval_ask.html")]
struct AskPage<'p> {
    ticket: &'p Ticket,
    form: &'p Form,
    people: Vec<Candidate>,
    /// Whose clock it is.
    clock: String,
}

impl AskPage<'_> {
    /// Those who can be asked: approvers, the rest of the client, the provider.
    fn groups(&self) -> Vec<(&'static str, Vec<&Candidate>)> {
        let of = |fits: &dyn Fn(&Candidate) -> bool| {
            self.people.iter().filter(|one| one.can_be_asked() && fits(one)).collect::<Vec<_>>()
        };
        let internal = |one: &Candidate| one.role.party() == PartyKind::Internal;
        let groups = [
            ("Approvers of the client", of(&Candidate::approves)),
            ("Other people of the client", of(&|one| internal(one) && !one.approves())),
            ("People of the provider", of(&|one| !internal(one))),
        ];
        groups.into_iter().filter(|(_, people)| !people.is_empty()).collect()
    }

    fn is_chosen(&self, one: &Candidate) -> bool {
        self.form.has("people", &one.who.to_string())
    }

    /// The approvers, and where somebody is chosen, are shown at once.
    fn is_open(&self, group: &[&Candidate]) -> bool {
        group.first().is_some_and(|one| one.approves()) || group.iter().any(|one| self.is_chosen(one))
    }
}

async fn ask_page(site: &Site, signed: &Signed, number: i64, form: Option<&Form>) -> Result<Shell, Error> {
    let id = worked(site, signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let people = approvers(tx, act, id)?;
        let ticket = super::super::find(tx, act, id)?;
        let zone = clock_of(tx, ticket.client)?;
        Ok((ticket, people, zone))
    };
    let (ticket, people, zone) = site.app.read(&signed.caller, read).await?;
    let usual = zone.local(site.app.now() + USUAL).strftime("%Y-%m-%dT%H:00").to_string();
    let usual = Form::filled([("until", usual)]);
    let form = form.unwrap_or(&usual);
    let clock = format!("On the client’s clock, that of {}.", zone.name());
    let page = AskPage { ticket: &ticket, form, people, clock };
    let mut chrome = frame(signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    Ok(shell(chrome, &page).status(form.status()))
}

pub(super) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    ask_page(&site, &signed, number, None).await
}

/// An instant as it is typed, on a clock.
fn instant(text: &str, zone: &Zone) -> Option<At> {
    let text = text.trim().replace(' ', "T");
    let local =
        DateTime::strptime(WRITTEN, &text).or_else(|_| DateTime::strptime("%Y-%m-%dT%H:%M:%S", &text));
    local.ok().filter(|local| (1900..=9000).contains(&local.year())).map(|local| zone.at(local, Edge::Start))
}

/// What was typed, or none where something is to be mended.
fn typed(form: &mut Form, zone: &Zone) -> Result<Option<NewApproval>, Error> {
    let people: Vec<Id<Membership>> = form
        .values("people")
        .map(|text| Id::parse(text).map_err(|_| Error::malformed("That is nobody who could be asked.")))
        .collect::<Result<_, _>>()?;
    let needed: Option<Option<u32>> = form.parsed_optional("needed");
    let until = instant(form.value("until"), zone);
    if until.is_none() {
        form.wrong("until", "Write a day and a time, such as 2027-01-31T17:00.");
    }
    let (question, text) = (form.value("question").to_owned(), form.value("text").to_owned());
    let (Some(needed), Some(until)) = (needed, until) else { return Ok(None) };
    Ok(Some(NewApproval { question, text, people, needed, until }))
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let ticket = worked(&site, &signed, number).await?;
    form.only(&["question", "text", "people", "needed", "until"])?;
    let (id, client) = (ticket.id, ticket.client);
    let zone = site.app.read(&signed.caller, move |tx, _| clock_of(tx, client)).await?;
    if let Some(new) = typed(&mut form, &zone)? {
        match site.app.write(&signed.caller, move |tx, act| ask_approval(tx, act, id, &new)).await {
            Ok(_) => return Ok(over(number)),
            Err(Refused::Stale) => form.wrong("question", crate::site::CHANGED),
            Err(refused) => told(&mut form, "question", refused)?,
        }
    }
    Ok(ask_page(&site, &signed, number, Some(&form)).await?.into_response())
}

/// Back to the approvals of the ticket.
fn over(number: i64) -> Response {
    Redirect::to(&format!("/tickets/{number}#approvals")).into_response()
}

#[derive(Template)]
#[template(path = "tickets/approval_answer.html")]
struct AnswerPage<'p> {
    ticket: &'p Ticket,
    approval: &'p Approval,
    own: Asked,
    form: &'p Form,
    zone: Zone,
    /// Who can answer in their place.
    stand_ins: Vec<(String, String)>,
}

impl AnswerPage<'_> {
    fn others(&self) -> impl Iterator<Item = (&str, &str)> {
        self.stand_ins.iter().map(|(key, name)| (key.as_str(), name.as_str()))
    }
}

/// The question, for those whose word is waited for; everybody else is sent to the ticket.
async fn answer_page(site: &Site, signed: &Signed, number: i64, form: &Form) -> Result<Response, Error> {
    let ticket = seen(site, signed, number).await?;
    let (id, client) = (ticket.id, ticket.client);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let all = approvals(tx, act, id)?;
        let own = act.caller.membership;
        let Some(approval) = all.into_iter().find(|one| one.waits_for(own).is_some()) else {
            return Ok(None);
        };
        let others = stand_ins(tx, act, (id, approval.id))?;
        Ok(Some((approval, others, clock_of(tx, client)?)))
    };
    let Some((approval, others, zone)) = site.app.read(&signed.caller, read).await? else {
        return Ok(over(number));
    };
    let Some(own) = approval.waits_for(signed.caller.membership).cloned() else { return Ok(over(number)) };
    let other = |one: Candidate| (one.who.to_string(), format!("{}, {}", one.name, one.role.name()));
    let stand_ins = others.into_iter().map(other).collect();
    let page = AnswerPage { ticket: &ticket, approval: &approval, own, form, zone, stand_ins };
    let mut chrome = frame(signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    Ok(shell(chrome, &page).status(form.status()).into_response())
}

pub(super) async fn ask_answer(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Response, Error> {
    answer_page(&site, &signed, number, &Form::default()).await
}

pub(super) async fn answer(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    form.only(&["approval", "answer", "reason"])?;
    let approval: Id<Approval> = form.given("approval")?;
    let said = Answer::from_key(form.value("answer"));
    let said = said.ok_or_else(|| Error::malformed("Say yes or no."))?;
    let reason = form.value("reason").to_owned();
    let verb =
        move |tx: &mut Tx<'_, '_>, act: &Act| answer_approval(tx, act, (id, approval), (said, &reason));
    match site.app.write(&signed.caller, verb).await {
        Ok(_) => Ok(over(number)),
        Err(Refused::Invalid(fields)) => {
            told(&mut form, "reason", Refused::Invalid(fields))?;
            answer_page(&site, &signed, number, &form).await
        }
        // It is over by now: the ticket says how.
        Err(refused) => back(&site, &signed, number, (Form::default(), Err(refused))).await,
    }
}

pub(super) async fn pass_on(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    form.only(&["approval", "to"])?;
    let (approval, to): (Id<Approval>, Id<Membership>) = (form.given("approval")?, form.given("to")?);
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| pass_approval(tx, act, (id, approval), to);
    match site.app.write(&signed.caller, verb).await {
        // Who was named sees it now; who named them need not any more.
        Ok(_) => Ok(over(number)),
        Err(Refused::Invalid(fields)) => {
            told(&mut form, "to", Refused::Invalid(fields))?;
            answer_page(&site, &signed, number, &form).await
        }
        Err(refused) => back(&site, &signed, number, (Form::default(), Err(refused))).await,
    }
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["approval"])?;
    let approval: Id<Approval> = form.given("approval")?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| withdraw_approval(tx, act, (id, approval));
    match site.app.write(&signed.caller, verb).await {
        Ok(_) => Ok(over(number)),
        Err(refused) => back(&site, &signed, number, (Form::default(), Err(refused))).await,
    }
}
