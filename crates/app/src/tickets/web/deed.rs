//! What can be done to a ticket.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::clocks::{Story, left_for};
use super::super::hand_off::ANSWERS;
use super::super::ticket::Hand;
use super::super::{
    Classification, Impact, Macro, Question, Status, Ticket, Tier, Urgency, Visibility, Warm, custody,
    hand_off_questions, send, targets, write_and,
};
use super::answers::{FIELDS, QUESTIONS, beside, warm};
use super::new::chosen;
use super::show::again;
use super::{frame, is_said, seen};
use crate::act::Act;
use crate::attachments;
use crate::people::{Membership, Permission, Team};
use crate::refused::{Field, Refused};
use crate::site::{Signed, Site, shell, told};

/// Back to the ticket, or the ticket with what is wrong at its foot.
pub(super) async fn back(
    site: &Site,
    signed: &Signed,
    number: i64,
    (mut form, done): (Form, Result<Ticket, Refused>),
) -> Result<Response, Error> {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{number}")).into_response()),
        Err(refused) if is_said(&refused) => {
            let stale = "Somebody else has changed this ticket just now. It is shown as it is; try again if it still makes sense.";
            match refused {
                Refused::Stale => form.wrong("text", stale),
                // Of a form that is folded away: it is said where it is seen.
                Refused::Invalid(fields) => {
                    for Field { name, message } in fields {
                        if name == "files" {
                            form.wrong(&name, message);
                            continue;
                        }
                        let words = if name == "text" || name == "visibility" {
                            message
                        } else {
                            format!("{name}: {message}")
                        };
                        form.wrong("text", words);
                    }
                }
                other => told(&mut form, "text", other)?,
            }
            again(site, signed, number, &form).await
        }
        Err(refused) => Err(refused.into()),
    }
}

/// The ticket of a page, for those who work on tickets: said before anything that was typed is looked at.
pub(super) async fn worked(site: &Site, signed: &Signed, number: i64) -> Result<Ticket, Error> {
    let ticket = seen(site, signed, number).await?;
    signed.caller.require(Permission::WorkTickets)?;
    Ok(ticket)
}

pub(super) async fn write(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    request: Request,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    let mut sent = attachments::receive(&site, &signed.caller, request).await?;
    sent.form.only(&["visibility", "text", "seen", "undo", "put", "macro"])?;
    // The page says whether it can be taken back for a moment.
    let undo = sent.form.has("undo", "on");
    let text = sent.form.value("text").to_owned();
    let with: Option<Option<Id<Macro>>> = sent.form.parsed_optional("macro");
    let with = with.ok_or_else(|| Error::malformed("There is no such macro."))?;
    // What is read by whom is said before it is written: without that word, nothing is.
    let visibility = Visibility::from_key(sent.form.value("visibility"));
    let Some(visibility) = visibility else { return Err(Error::malformed("Say who reads it.")) };
    if !sent.form.valid() {
        let mut page = again(&site, &signed, number, &sent.form).await?;
        *page.status_mut() = sent.status();
        return Ok(page);
    }
    if sent.has_files() {
        // Nothing is put on the disk for a line that cannot be.
        let asked = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::may_write(tx, act, id, visibility);
        if let Err(refused) = site.app.read(&signed.caller, asked).await {
            return back(&site, &signed, number, (sent.form, Err(refused))).await;
        }
    }
    let files = sent.keep(&site.app, &signed.caller).await?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let said = (visibility, text.as_str(), files.as_slice());
        if undo { send(tx, act, id, said, with) } else { write_and(tx, act, id, said, with) }
    };
    let done = site.app.write(&signed.caller, verb).await;
    if done.is_err() && sent.had_files() {
        // A browser does not keep which files were chosen.
        sent.form.wrong(attachments::FIELD, attachments::CHOOSE_AGAIN);
    }
    back(&site, &signed, number, (sent.form, done)).await
}

pub(super) async fn set_status(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["from", "to"])?;
    let status =
        |name| Status::from_key(form.value(name)).ok_or_else(|| Error::malformed("There is no such status."));
    let (from, to) = (status("from")?, status("to")?);
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::set_status(tx, act, id, (from, to));
    let done = site.app.write(&signed.caller, verb).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

pub(super) async fn assign(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["worker"])?;
    let worker: Option<Option<Id<Membership>>> = form.parsed_optional("worker");
    let worker = worker.ok_or_else(|| Error::malformed("That is nobody."))?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::assign(tx, act, id, worker);
    let done = site.app.write(&signed.caller, verb).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

pub(super) async fn weigh(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["impact", "urgency"])?;
    let odd = || Error::malformed("There is no such impact or urgency.");
    let impact = Impact::from_key(form.value("impact")).ok_or_else(odd)?;
    let urgency = Urgency::from_key(form.value("urgency")).ok_or_else(odd)?;
    let done = super::super::weigh(&site.app, &signed.caller, id, (impact, urgency)).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

pub(super) async fn classify(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["service", "tier"])?;
    let tier = chosen(&mut form, "tier", Tier::from_key, Tier::Unsaid);
    let to = Classification { service: form.value("service").to_owned(), tier };
    let done = super::super::classify(&site.app, &signed.caller, id, to).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

pub(super) async fn rename(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["subject"])?;
    let subject = form.value("subject").to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::rename(tx, act, id, &subject);
    let done = site.app.write(&signed.caller, verb).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

/// Which way a ticket goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfferWay {
    /// To a team that is chosen.
    On,
    /// To whoever handed it over.
    Back,
    /// To the next line, as the matrix says.
    Up,
}

impl OfferWay {
    const fn words(self) -> &'static str {
        match self {
            Self::On => "Hand on",
            Self::Back => "Hand back",
            Self::Up => "Take to the next line",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::On => "offer",
            Self::Back => "hand-back",
            Self::Up => "escalation",
        }
    }
}

/// A form for whoever comes next.
#[derive(Template)]
#[template(path = "tickets/offer.html")]
struct OfferPage<'p> {
    ticket: &'p Ticket,
    form: &'p Form,
    way: OfferWay,
    /// To whom it can go; empty where it goes back.
    targets: Vec<(String, String)>,
    /// For whom too little is left of what is promised to the client.
    short: Vec<String>,
    /// What is asked for its service besides.
    questions: Vec<Question>,
}

impl OfferPage<'_> {
    /// What is asked besides: the field of its answer, that which says to what, and the question.
    fn asked(&self) -> impl Iterator<Item = (&'static str, &'static str, &Question)> {
        ANSWERS
            .into_iter()
            .zip(QUESTIONS)
            .zip(&self.questions)
            .map(|((answer, of), question)| (answer, of, question))
    }

    fn targets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.targets.iter().map(|(key, name)| (key.as_str(), name.as_str()))
    }
}

/// The form, for those whose party holds the ticket.
async fn offer_page(
    site: &Site,
    signed: &Signed,
    number: i64,
    (form, way): (&Form, OfferWay),
) -> Result<Shell, Error> {
    let id = worked(site, signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = custody::held(tx, act, id)?;
        let targets = if way == OfferWay::On { targets(tx, &ticket)? } else { Vec::new() };
        let story = Story::of(tx, act, &ticket)?;
        let mut short: Vec<String> = Vec::new();
        for hand in &targets {
            if let Some((words, true)) = left_for(&story, (&ticket, act.at), hand)
                && !short.contains(&words)
            {
                short.push(words);
            }
        }
        let questions = hand_off_questions(tx, &ticket)?;
        Ok((ticket, targets, (short, questions)))
    };
    let (ticket, targets, (short, questions)) = site.app.read(&signed.caller, read).await?;
    let words = |hand: Hand| (hand.team.to_string(), format!("{}: {}", hand.party_name, hand.team_name));
    let mut chrome = frame(signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    let (targets, form) = (targets.into_iter().map(words).collect(), &beside(form, &questions));
    let page = OfferPage { ticket: &ticket, form, way, targets, short, questions };
    Ok(shell(chrome, &page).status(form.status()))
}

pub(super) async fn ask_offer(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    offer_page(&site, &signed, number, (&Form::default(), OfferWay::On)).await
}

pub(super) async fn ask_hand_back(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    offer_page(&site, &signed, number, (&Form::default(), OfferWay::Back)).await
}

pub(super) async fn ask_escalation(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    offer_page(&site, &signed, number, (&Form::default(), OfferWay::Up)).await
}

pub(super) async fn escalate(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&FIELDS[1..])?;
    let done = super::super::escalate(&site.app, &signed.caller, id, &warm(&form)).await;
    handed(&site, &signed, number, (form, OfferWay::Up, done)).await
}

pub(super) async fn offer(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&FIELDS)?;
    let to: Id<Team> = form.given("to")?;
    let warm = warm(&form);
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::offer(tx, act, id, to, &warm);
    let done = site.app.write(&signed.caller, verb).await;
    handed(&site, &signed, number, (form, OfferWay::On, done)).await
}

pub(super) async fn hand_back(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&FIELDS[1..])?;
    let warm = warm(&form);
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::hand_back(tx, act, id, &warm);
    let done = site.app.write(&signed.caller, verb).await;
    handed(&site, &signed, number, (form, OfferWay::Back, done)).await
}

async fn handed(
    site: &Site,
    signed: &Signed,
    number: i64,
    (mut form, way, done): (Form, OfferWay, Result<Ticket, Refused>),
) -> Result<Response, Error> {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{number}")).into_response()),
        Err(Refused::Stale) => {
            form.wrong("tried", crate::site::CHANGED);
            Ok(offer_page(site, signed, number, (&form, way)).await?.into_response())
        }
        Err(refused) => {
            told(&mut form, "tried", refused)?;
            Ok(offer_page(site, signed, number, (&form, way)).await?.into_response())
        }
    }
}

pub(super) async fn accept(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["offer"])?;
    let offer: u32 = form.given("offer")?;
    let done = site.app.write(&signed.caller, move |tx, act| super::super::accept(tx, act, id, offer)).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

pub(super) async fn recall(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["offer"])?;
    let offer: u32 = form.given("offer")?;
    let done = site.app.write(&signed.caller, move |tx, act| super::super::recall(tx, act, id, offer)).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

#[derive(Template)]
#[template(path = "tickets/refusal.html")]
struct RefusalPage<'p> {
    ticket: &'p Ticket,
    form: &'p Form,
}

fn refusal_page(signed: &Signed, ticket: &Ticket, form: &Form) -> Shell {
    let mut chrome = frame(signed, ticket);
    chrome.crumbs.push(Link::new(format!("#{}", ticket.number), format!("/tickets/{}", ticket.number)));
    shell(chrome, &RefusalPage { ticket, form }).status(form.status())
}

pub(super) async fn ask_decline(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    let id = worked(&site, &signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| custody::asked(tx, act, id).map(|(ticket, _)| ticket);
    let ticket = site.app.read(&signed.caller, read).await?;
    let offer = ticket.custody.offer().map(|offer| offer.turn.0.to_string()).unwrap_or_default();
    Ok(refusal_page(&signed, &ticket, &Form::filled([("offer", offer)])))
}

pub(super) async fn decline(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let ticket = worked(&site, &signed, number).await?;
    form.only(&["offer", "why"])?;
    let offer: u32 = form.given("offer")?;
    let why = form.value("why").to_owned();
    let id = ticket.id;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::decline(tx, act, (id, offer), &why);
    match site.app.write(&signed.caller, verb).await {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{number}")).into_response()),
        Err(refused) => {
            told(&mut form, "why", refused)?;
            Ok(refusal_page(&signed, &ticket, &form).into_response())
        }
    }
}
