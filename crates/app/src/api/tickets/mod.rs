//! Tickets: what the pages do, for programs.

mod approval;
mod attachment;
mod bulk;
mod checklist;
mod desk;
mod field;
mod relation;
mod saved;
mod sent;
mod sharing;
mod shown;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use remit_core::Id;
use remit_db::Tx;
use remit_web::Error;
use remit_web::etag::Etag;
use remit_web::paging::{Key, Page};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes};
use super::wire::{Asked, Named, Paging, wrong_parameter};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{self, Classification, Extra, Hand, Narrowed, Next, Pile, Ticket, View};
use sent::{
    AnswerIn, LineIn, MatterIn, OfferIn, RefusalIn, StatusIn, SubjectIn, TagsIn, TicketIn, WarmIn, WeightIn,
    Which, WorkerIn,
};
use shown::{LineOut, TicketOut, Whole};

const GROUP: &str = "Tickets";

pub(super) fn routes(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    let held = "Only the party that holds a ticket can.";
    let routes = routes
        .on(
            Operation::get("/tickets", "listTickets", GROUP, "List tickets")
                .query::<Which>()
                .page::<TicketOut>("Tickets within reach."),
            list,
        )
        .on(
            Operation::post("/tickets", "openTicket", GROUP, "Open a ticket")
                .about("It is with the team that the matrix in force names, from its first instant on.")
                .body::<TicketIn>()
                .conflicts()
                .made::<TicketOut>("The ticket."),
            open,
        )
        .on(
            Operation::get("/tickets/{ticket}", "getTicket", GROUP, "Show a ticket")
                .ok::<TicketOut>("The ticket.")
                .tagged(),
            show,
        )
        .on(
            Operation::get(
                "/tickets/{ticket}/lines",
                "listTicketLines",
                GROUP,
                "List what happened, oldest first",
            )
            .query::<Paging>()
            .page::<LineOut>("The lines that you may read."),
            lines,
        )
        .on(
            deed("/tickets/{ticket}/lines", "writeTicketLine", "Write into a ticket")
                .body::<LineIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            write,
        )
        .on(
            deed("/tickets/{ticket}/status", "moveTicket", "Move its status")
                .about(held)
                .body::<StatusIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            set_status,
        );
    let routes = field::routes(sharing::routes(relation::help_routes(relation::routes(saved::routes(
        said(handing(routes)),
    )))));
    approval::routes(bulk::routes(attachment::routes(checklist::routes(desk::routes(routes)))))
}

/// What can be said anew.
fn said(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    let again = "Where the matrix names another owner for that, it is offered to them.";
    routes
        .on(
            deed("/tickets/{ticket}/worker", "assignTicket", "Say who works on it first")
                .body::<WorkerIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            assign,
        )
        .on(
            deed("/tickets/{ticket}/subject", "renameTicket", "Give it another subject")
                .body::<SubjectIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            rename,
        )
        .on(
            deed("/tickets/{ticket}/tags", "tagTicket", "Put words on it and take others off")
                .about("Both IT teams see them, and nobody else. What is there already, or is not there, is left as it is.")
                .body::<TagsIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            tag,
        )
        .on(
            deed("/tickets/{ticket}/weight", "weighTicket", "Say how pressing it is")
                .about(again)
                .body::<WeightIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            weigh,
        )
        .on(
            deed("/tickets/{ticket}/matter", "classifyTicket", "Say what it is about")
                .about(again)
                .body::<MatterIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            classify,
        )
}

/// How it changes hands.
fn handing(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    routes
        .on(
            Operation::get(
                "/tickets/{ticket}/targets",
                "listTargets",
                GROUP,
                "List the teams that it can be offered to",
            )
            .ok::<Vec<Hand>>("Teams, at most 200."),
            targets,
        )
        .on(
            deed("/tickets/{ticket}/offers", "offerTicket", "Hand it on")
                .about("It stays where it is until it is accepted.")
                .body::<OfferIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            offer,
        )
        .on(
            deed("/tickets/{ticket}/hand-back", "handBackTicket", "Offer it back to whoever handed it over")
                .body::<WarmIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            hand_back,
        )
        .on(
            deed("/tickets/{ticket}/escalation", "escalateTicket", "Take it to the next line")
                .about("Whom the matrix names for that is offered it; where it names nobody else, the holder goes on.")
                .body::<WarmIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            escalate,
        )
        .on(
            deed("/tickets/{ticket}/acceptance", "acceptTicket", "Take it")
                .about("From now on your team holds it, and you work on it.")
                .body::<AnswerIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            accept,
        )
        .on(
            deed("/tickets/{ticket}/refusal", "declineTicket", "Do not take it")
                .about("Whoever the matrix names next is asked at once.")
                .body::<RefusalIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            decline,
        )
        .on(
            deed("/tickets/{ticket}/recall", "recallTicket", "Take an offer back")
                .body::<AnswerIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            recall,
        )
}

async fn list(
    State(site): State<Site>,
    who: Who,
    Asked(which): Asked<Which>,
    uri: Uri,
) -> Result<Response, Error> {
    let view = match (which.view.as_str(), which.client) {
        ("my-teams", _) => View::MyTeams,
        ("soon", _) => View::Soon,
        ("mine", _) => View::Mine,
        ("offered", _) => View::Offered,
        ("open", _) => View::Open,
        ("own", _) => View::Own,
        ("shared", _) => View::Shared,
        ("tagged", _) => tagged(&site, &who, &which).await?,
        ("pile", _) => {
            let pile = Pile::from_key(which.pile.as_deref().unwrap_or_default(), which.team, which.person);
            let say = || wrong_parameter("pile", "Say which pile, and of which team or person.");
            View::Pile(pile.ok_or_else(say)?)
        }
        ("client", Some(client)) => View::Client(client),
        ("client", None) => return Err(wrong_parameter("client", "Say of which client.")),
        _ => {
            return Err(wrong_parameter(
                "view",
                "Write my-teams, soon, mine, offered, open, pile, own, shared, client or tagged.",
            ));
        }
    };
    let narrow = which.narrow();
    let name = format!("api: tickets {view:?} {narrow:?}");
    let paging = Paging { limit: which.limit, after: which.after };
    let most = paging.most()? - 1;
    let after = paging.keys::<(i64, String)>(&site, &name)?;
    let odd = || wrong_parameter("after", "This is not where the list goes on.");
    let next = after.map(|keys| Next::read(keys, &narrow).ok_or_else(odd)).transpose()?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let Narrowed { found, next } = tickets::narrowed(tx, act, (view, &narrow), (next, most))?;
        let ids: Vec<Id<Ticket>> = found.iter().map(|listed| listed.ticket.id).collect();
        let around = tickets::tags_of(tx, act, &ids)?.into_iter().zip(tickets::fields_of(tx, act, &ids)?);
        let found = found.into_iter().zip(around).map(|(one, (tags, fields))| (one, tags, fields));
        Ok((found.collect::<Vec<Whole>>(), next))
    };
    let (found, next) = match site.app.read(&who.caller, read).await {
        Err(Refused::Invalid(fields)) => {
            let of = fields.first().map_or("text", |field| if field.name == "tag" { "tag" } else { "text" });
            let why: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            return Err(wrong_parameter(of, why.join("; ")));
        }
        found => found?,
    };
    let keys = next.map(Next::keys).map(|(first, second)| [Key::Int(first), Key::Text(second)]);
    let next = keys.map(|keys| site.cursors.write(&name, &keys));
    Ok(Page { items: found.into_iter().map(TicketOut::from).collect(), next }.answer(&uri))
}

/// The view of one word.
async fn tagged(site: &Site, who: &Who, which: &Which) -> Result<View, Error> {
    let Some(tag) = which.tag.clone() else {
        return Err(wrong_parameter("tag", "Say which word."));
    };
    Ok(View::Tagged(site.app.read(&who.caller, move |tx, _| tickets::tag_named(tx, &tag)).await?))
}

async fn open(once: Once<TicketIn>) -> Result<Response, Error> {
    let extra = Extra { files: Vec::new(), fields: Some(once.body.fields.clone()), shared: once.body.shared };
    let opening =
        tickets::prepare_with(&once.site.app, &once.who.caller, (once.body.clone().into(), extra)).await?;
    once.make(move |tx, act, _| {
        let made = tickets::open_prepared(tx, act, &opening)?;
        let out = TicketOut::of(tx, act, made.id)?;
        Ok(Made::at(format!("{ROOT}/tickets/{}", made.id), out))
    })
    .await
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        Ok((tickets::find(tx, act, id)?.lines, TicketOut::of(tx, act, id)?))
    };
    let (lines, out) = site.app.read(&who.caller, read).await?;
    Ok(super::wire::tagged(&headers, &out, &Etag::version(lines)))
}

async fn lines(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let name = format!("api: lines of {id}");
    let (most, after) = (paging.most()?, paging.keys::<(i64,)>(&site, &name)?);
    let after = after.map_or(0, |(seq,)| seq);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        tickets::lines(tx, act, &ticket, (after, most))
    };
    let found = site.app.read(&who.caller, read).await?;
    Ok(paging.page((&site, &name, &uri), found, |line| vec![Key::Int(line.seq)], LineOut::from))
}

/// Does something to a ticket, and says how it is then. Who may see it and work on it is said before anything that was sent is looked at.
async fn done<T: Send + 'static>(
    id: Id<Ticket>,
    once: Once<T>,
    verb: impl FnOnce(&mut Tx<'_, '_>, &Act, T) -> Result<Ticket, Refused> + Send + 'static,
) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        tickets::find(tx, act, id)?;
        verb(tx, act, body)?;
        Ok(Made::now(TicketOut::of(tx, act, id)?))
    })
    .await
}

async fn write(Named(id): Named<Id<Ticket>>, once: Once<LineIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, new| tickets::write(tx, act, id, new.visibility, &new.text)).await
}

async fn set_status(Named(id): Named<Id<Ticket>>, once: Once<StatusIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::set_status(tx, act, id, (to.from, to.to))).await
}

async fn assign(Named(id): Named<Id<Ticket>>, once: Once<WorkerIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::assign(tx, act, id, to.worker)).await
}

async fn rename(Named(id): Named<Id<Ticket>>, once: Once<SubjectIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::rename(tx, act, id, &to.subject)).await
}

async fn tag(Named(id): Named<Id<Ticket>>, once: Once<TagsIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, tags| tickets::tag(tx, act, id, (&tags.add, &tags.remove))).await
}

async fn weigh(Named(id): Named<Id<Ticket>>, once: Once<WeightIn>) -> Result<Response, Error> {
    let to = (once.body.impact, once.body.urgency);
    let meant = tickets::prepare_weight(&once.site.app, &once.who.caller, id, to).await?;
    done(id, once, move |tx, act, _| tickets::change_prepared(tx, act, &meant)).await
}

async fn classify(Named(id): Named<Id<Ticket>>, once: Once<MatterIn>) -> Result<Response, Error> {
    let to = Classification { service: once.body.service.clone(), tier: once.body.tier };
    let meant = tickets::prepare_matter(&once.site.app, &once.who.caller, id, to).await?;
    done(id, once, move |tx, act, _| tickets::change_prepared(tx, act, &meant)).await
}

async fn targets(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        act.require(Permission::WorkTickets)?;
        tickets::targets(tx, &ticket)
    };
    let found = site.app.read(&who.caller, read).await?;
    Ok(axum::response::IntoResponse::into_response(axum::Json(found)))
}

/// What is wrong with an answer is wrong with the list of them.
fn in_body(refused: Refused) -> Refused {
    let Refused::Invalid(mut fields) = refused else { return refused };
    for field in fields.iter_mut().filter(|field| field.name.starts_with("answer-")) {
        field.name = "answers".into();
    }
    Refused::Invalid(fields)
}

async fn offer(Named(id): Named<Id<Ticket>>, once: Once<OfferIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, new| {
        tickets::offer(tx, act, id, new.to, &new.hand_over.into()).map_err(in_body)
    })
    .await
}

async fn hand_back(Named(id): Named<Id<Ticket>>, once: Once<WarmIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, said| tickets::hand_back(tx, act, id, &said.into()).map_err(in_body)).await
}

async fn escalate(Named(id): Named<Id<Ticket>>, once: Once<WarmIn>) -> Result<Response, Error> {
    let warm = once.body.clone().into();
    let meant = tickets::prepare_escalation(&once.site.app, &once.who.caller, id, &warm).await;
    let meant = meant.map_err(in_body)?;
    done(id, once, move |tx, act, _| tickets::change_prepared(tx, act, &meant)).await
}

async fn accept(Named(id): Named<Id<Ticket>>, once: Once<AnswerIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::accept(tx, act, id, to.offer)).await
}

async fn recall(Named(id): Named<Id<Ticket>>, once: Once<AnswerIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::recall(tx, act, id, to.offer)).await
}

async fn decline(Named(id): Named<Id<Ticket>>, once: Once<RefusalIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, no| tickets::decline(tx, act, (id, no.offer), &no.why)).await
}
