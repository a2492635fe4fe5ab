//! Tickets: what the pages do, for programs.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::etag::Etag;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{
    Asked, Named, Paging, id, instant, maybe_id, maybe_instant, sample_at, sample_id, tagged, wrong_parameter,
};
use crate::act::Act;
use crate::clients::{Client, Site as Place};
use crate::people::{Membership, Permission, Team};
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{
    self, Classification, Hand, Happened, Impact, Kind, Line, Listed, NO_PROMISE, NewTicket, Priority,
    Status, Ticket, Tier, Urgency, View, Visibility, Warm,
};

const GROUP: &str = "Tickets";

/// A ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Ticket")]
pub(crate) struct TicketOut {
    /// Its id.
    #[schemars(schema_with = "id::<Ticket>")]
    pub id: Id<Ticket>,
    /// What people say on the phone.
    pub number: i64,
    /// For which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line.
    pub subject: String,
    /// Where the work stands.
    pub status: Status,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// What follows from both.
    pub priority: Priority,
    /// A service of the catalogue; empty where nobody has said.
    pub service: String,
    /// How far up it has to go; empty where nobody has said.
    pub tier: Tier,
    /// Where.
    #[schemars(schema_with = "maybe_id::<Place>")]
    pub site: Option<Id<Place>>,
    /// For whom it is done.
    #[schemars(schema_with = "id::<Membership>")]
    pub requester: Id<Membership>,
    /// Who of the holding team works on it first.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub worker: Option<Id<Membership>>,
    /// The team that holds it.
    #[schemars(schema_with = "id::<Team>")]
    pub team: Id<Team>,
    /// Its name, and that of its party.
    pub held_by: String,
    /// The offer that waits for an answer.
    pub offer: Option<OfferOut>,
    /// When it was opened.
    #[schemars(schema_with = "instant")]
    pub opened_at: At,
    /// When something happened last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
    /// The next promised instant; null where nothing is promised.
    #[schemars(schema_with = "maybe_instant")]
    pub due_at: Option<At>,
    /// When it was solved.
    #[schemars(schema_with = "maybe_instant")]
    pub solved_at: Option<At>,
    /// When it was closed.
    #[schemars(schema_with = "maybe_instant")]
    pub closed_at: Option<At>,
}

/// An offer. The holder goes on holding until it is accepted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Offer")]
pub(crate) struct OfferOut {
    /// Its number within the ticket: an answer names it, so that a late one answers no other.
    pub number: u32,
    /// To which team.
    #[schemars(schema_with = "id::<Team>")]
    pub to: Id<Team>,
    /// Until when it is to be answered.
    #[schemars(schema_with = "maybe_instant")]
    pub answer_by: Option<At>,
}

/// A line of a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketLine")]
pub(crate) struct LineOut {
    /// Counted from 1; those that you may not read are left out.
    pub seq: i64,
    /// When.
    #[schemars(schema_with = "instant")]
    pub at: At,
    /// Who; null for what happened by itself.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub by: Option<Id<Membership>>,
    /// Their name at the time.
    pub name: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// What they wrote; may be empty.
    pub text: String,
    /// What happened.
    pub happened: Happened,
}

/// A ticket that is to be opened.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicket")]
pub(crate) struct TicketIn {
    /// For which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line, at most 200 characters.
    pub subject: String,
    /// What there is to say about it; everybody who sees the ticket reads it. At most 64 kB.
    #[serde(default)]
    pub text: String,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue; empty where nobody knows.
    #[serde(default)]
    pub service: String,
    /// How far up it has to go.
    #[serde(default = "unsaid")]
    pub tier: Tier,
    /// Where.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Place>")]
    pub site: Option<Id<Place>>,
    /// For whom; yourself where it is not said.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub requester: Option<Id<Membership>>,
}

const fn unsaid() -> Tier {
    Tier::Unsaid
}

/// Something to write into a ticket.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicketLine")]
pub(crate) struct LineIn {
    /// Who may read it. There is no usual one.
    pub visibility: Visibility,
    /// What, at most 64 kB.
    pub text: String,
}

/// A move of the status.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "StatusMove")]
pub(crate) struct StatusIn {
    /// Where it stood when you looked; 412 where it stands elsewhere by now.
    pub from: Status,
    /// Where it is to stand.
    pub to: Status,
}

/// Who works on a ticket first.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WorkerChoice")]
pub(crate) struct WorkerIn {
    /// Somebody of the party that holds it; null for nobody.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub worker: Option<Id<Membership>>,
}

/// Another subject.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewSubject")]
pub(crate) struct SubjectIn {
    /// In a line, at most 200 characters.
    pub subject: String,
}

/// How pressing a ticket is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Weight")]
pub(crate) struct WeightIn {
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
}

/// What a ticket is about.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Matter")]
pub(crate) struct MatterIn {
    /// A service of the catalogue; empty where nobody knows.
    pub service: String,
    /// How far up it has to go.
    #[serde(default = "unsaid")]
    pub tier: Tier,
}

/// What the next holder needs to know.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "HandOver")]
pub(crate) struct WarmIn {
    /// What was tried, and what came of it.
    pub tried: String,
    /// How to get in.
    pub access: String,
    /// Who cannot work meanwhile.
    pub impact: String,
    /// What is to be done next.
    pub next: String,
}

/// A ticket that is offered to a team.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewOffer")]
pub(crate) struct OfferIn {
    /// To which team.
    #[schemars(schema_with = "id::<Team>")]
    pub to: Id<Team>,
    /// What it needs to know.
    pub hand_over: WarmIn,
}

/// The number of an offer.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "OfferNumber")]
pub(crate) struct AnswerIn {
    /// Which offer.
    pub offer: u32,
}

/// An offer that is not taken.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Refusal")]
pub(crate) struct RefusalIn {
    /// Which offer.
    pub offer: u32,
    /// Why; whoever is asked next reads it.
    pub why: String,
}

/// Which tickets are listed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WhichTickets")]
pub(crate) struct Which {
    /// `my-teams`, `mine`, `offered`, `open` (by what is due first), `own` or `client` (the newest first).
    #[serde(default = "usual_view")]
    #[schemars(regex(pattern = "^(my-teams|mine|offered|open|own|client)$"))]
    pub view: String,
    /// Of which client, with the view `client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Client>")]
    pub client: Option<Id<Client>>,
    /// Of one priority alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Entries on the page.
    #[serde(default = "usual")]
    #[schemars(range(min = 1, max = 200))]
    pub limit: u16,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
}

fn usual_view() -> String {
    "open".to_owned()
}

const fn usual() -> u16 {
    50
}

impl From<Listed> for TicketOut {
    fn from(Listed { ticket, named }: Listed) -> Self {
        let offer = ticket.custody.offer().map(|offer| OfferOut {
            number: offer.turn.0,
            to: offer.to,
            answer_by: ticket.answer_by,
        });
        Self {
            offer,
            held_by: format!("{} of {}", named.team, named.party),
            id: ticket.id,
            number: ticket.number,
            client: ticket.client,
            kind: ticket.kind,
            subject: ticket.subject,
            status: ticket.status,
            impact: ticket.impact,
            urgency: ticket.urgency,
            priority: ticket.priority,
            service: ticket.service,
            tier: ticket.tier,
            site: ticket.site,
            requester: ticket.requester,
            worker: ticket.worker,
            team: ticket.team,
            opened_at: ticket.opened_at,
            changed_at: ticket.changed_at,
            due_at: Some(ticket.due_at).filter(|due| *due < NO_PROMISE),
            solved_at: ticket.solved_at,
            closed_at: ticket.closed_at,
        }
    }
}

impl From<Line> for LineOut {
    fn from(line: Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            by: line.by,
            name: line.name,
            visibility: line.visibility,
            text: line.text,
            happened: line.happened,
        }
    }
}

impl From<WarmIn> for Warm {
    fn from(said: WarmIn) -> Self {
        Self { tried: said.tried, access: said.access, impact: said.impact, next: said.next }
    }
}

fn words(text: &str) -> String {
    text.to_owned()
}

impl Sample for TicketOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            number: 48_213,
            client: sample_id(),
            kind: Kind::Incident,
            subject: words("VPN down, whole site"),
            status: Status::Working,
            impact: Impact::High,
            urgency: Urgency::High,
            priority: Priority::P1,
            service: words("network.vpn"),
            tier: Tier::L3,
            site: None,
            requester: sample_id(),
            worker: None,
            team: sample_id(),
            held_by: words("Internal IT of Mill Street Dental IT"),
            offer: Some(OfferOut { number: 1, to: sample_id(), answer_by: Some(sample_at()) }),
            opened_at: sample_at(),
            changed_at: sample_at(),
            due_at: None,
            solved_at: None,
            closed_at: None,
        }
    }
}

impl Sample for LineOut {
    fn sample() -> Self {
        Self {
            seq: 2,
            at: sample_at(),
            by: Some(sample_id()),
            name: words("Joe Martin"),
            visibility: Visibility::Teams,
            text: words("The tunnel is up, the route is not."),
            happened: Happened::Wrote,
        }
    }
}

impl Sample for Hand {
    fn sample() -> Self {
        Self {
            party: sample_id(),
            party_name: words("Lanternworks IT"),
            kind: crate::people::PartyKind::Provider,
            team: sample_id(),
            team_name: words("Service desk"),
        }
    }
}

impl Sample for TicketIn {
    fn sample() -> Self {
        Self {
            client: sample_id(),
            kind: Kind::Incident,
            subject: words("VPN down, whole site"),
            text: words("Since 08:10 nobody gets in."),
            impact: Impact::High,
            urgency: Urgency::High,
            service: words("network.vpn"),
            tier: Tier::L3,
            site: None,
            requester: None,
        }
    }
}

impl Sample for LineIn {
    fn sample() -> Self {
        Self { visibility: Visibility::Public, text: words("We are on it.") }
    }
}

impl Sample for StatusIn {
    fn sample() -> Self {
        Self { from: Status::Working, to: Status::Solved }
    }
}

impl Sample for WorkerIn {
    fn sample() -> Self {
        Self { worker: Some(sample_id()) }
    }
}

impl Sample for SubjectIn {
    fn sample() -> Self {
        Self { subject: words("VPN down in Lakeside") }
    }
}

impl Sample for WeightIn {
    fn sample() -> Self {
        Self { impact: Impact::Medium, urgency: Urgency::High }
    }
}

impl Sample for MatterIn {
    fn sample() -> Self {
        Self { service: words("network.vpn"), tier: Tier::L2 }
    }
}

impl Sample for WarmIn {
    fn sample() -> Self {
        Self {
            tried: words("Restarted the tunnel; it comes up and falls within a minute."),
            access: words("Jump host, account of the desk."),
            impact: words("Forty people at Lakeside."),
            next: words("Read the log of the firewall."),
        }
    }
}

impl Sample for OfferIn {
    fn sample() -> Self {
        Self { to: sample_id(), hand_over: WarmIn::sample() }
    }
}

impl Sample for AnswerIn {
    fn sample() -> Self {
        Self { offer: 1 }
    }
}

impl Sample for RefusalIn {
    fn sample() -> Self {
        Self { offer: 1, why: words("Not our line: the fault is before the modem.") }
    }
}

impl Sample for Which {
    fn sample() -> Self {
        Self { view: usual_view(), client: None, priority: None, limit: usual(), after: None }
    }
}

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
    said(handing(routes))
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

impl Sample for Vec<Hand> {
    fn sample() -> Self {
        vec![Hand::sample()]
    }
}

async fn list(
    State(site): State<Site>,
    who: Who,
    Asked(which): Asked<Which>,
    uri: Uri,
) -> Result<Response, Error> {
    let view = match (which.view.as_str(), which.client) {
        ("my-teams", None) => View::MyTeams,
        ("mine", None) => View::Mine,
        ("offered", None) => View::Offered,
        ("open", None) => View::Open,
        ("own", None) => View::Own,
        ("client", Some(client)) => View::Client(client),
        ("client", None) => return Err(wrong_parameter("client", "Say of which client.")),
        (_, Some(_)) => return Err(wrong_parameter("client", "Only the view `client` takes one.")),
        _ => return Err(wrong_parameter("view", "Write my-teams, mine, offered, open, own or client.")),
    };
    let paging = Paging { limit: which.limit, after: which.after };
    let name = format!("api: tickets {}", which.view);
    let (most, after) = (paging.most()?, paging.keys::<(i64, String)>(&site, &name)?);
    let behind =
        after.map(|(due, id)| Some((At::from_millis(due), Id::parse(&id).ok()?))).unwrap_or_default();
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| tickets::list(tx, act, view, (which.priority, behind, most));
    let found = site.app.read(&who.caller, read).await?;
    let keys = |listed: &Listed| {
        let ticket = &listed.ticket;
        let due = if view == View::Offered { ticket.answer_by.unwrap_or(NO_PROMISE) } else { ticket.due_at };
        vec![Key::Int(due.millis()), Key::Text(ticket.id.to_string())]
    };
    Ok(paging.page((&site, &name, &uri), found, keys, TicketOut::from))
}

async fn open(once: Once<TicketIn>) -> Result<Response, Error> {
    let new = NewTicket {
        client: once.body.client,
        kind: once.body.kind,
        subject: once.body.subject.clone(),
        text: once.body.text.clone(),
        impact: once.body.impact,
        urgency: once.body.urgency,
        service: once.body.service.clone(),
        tier: once.body.tier,
        site: once.body.site,
        asset_class: String::new(),
        requester: once.body.requester,
    };
    let opening = tickets::prepare(&once.site.app, &once.who.caller, new).await?;
    once.make(move |tx, act, _| {
        let made = tickets::open_prepared(tx, act, &opening)?;
        let out = TicketOut::from(tickets::shown(tx, act, made.id)?);
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
    let found = site.app.read(&who.caller, move |tx, act| tickets::shown(tx, act, id)).await?;
    let etag = Etag::version(found.ticket.lines);
    Ok(tagged(&headers, &TicketOut::from(found), &etag))
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
        Ok(Made::now(TicketOut::from(tickets::shown(tx, act, id)?)))
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

async fn offer(Named(id): Named<Id<Ticket>>, once: Once<OfferIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, new| tickets::offer(tx, act, id, new.to, &new.hand_over.into())).await
}

async fn hand_back(Named(id): Named<Id<Ticket>>, once: Once<WarmIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, said| tickets::hand_back(tx, act, id, &said.into())).await
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
