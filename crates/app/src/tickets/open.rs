//! A new ticket: checked, numbered, and with the team that the matrix names from its first instant on.

use std::collections::BTreeMap;

use remit_core::{At, Id};
use remit_custody::{Custody, Item};
use remit_db::{Tx, shared_sql, sql};
use remit_matrix::catalogue::Catalogue;

use super::event::Happened;
use super::kind::{Impact, Kind, Priority, Status, Tier, Urgency};
use super::priority::priorities;
use super::route::{Matter, Routed, route};
use super::sharing::Readers;
use super::ticket::{Change, hand};
use super::visibility::{Sight, Visibility};
use super::{NO_PROMISE, Ticket, approval, checklist, custody, field, sharing, watch};
use crate::App;
use crate::act::{Act, Caller};
use crate::attachments::{self, Received};
use crate::clients::{Client, Site};
use crate::people::{Membership, PartyKind, Permission};
use crate::refused::{Faults, Field, Refused};

/// How often a ticket is routed anew because another matrix came into force just then.
const TRIES: usize = 3;
/// The longest that is written in one go, in bytes.
pub(super) const LONGEST_TEXT: usize = 64 * 1024;

/// A ticket that is to be opened.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// For which client.
    pub client: Id<Client>,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line.
    pub subject: String,
    /// What there is to say about it, which everybody who sees the ticket reads. May be empty.
    pub text: String,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue; empty where nobody knows.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
    /// Where.
    pub site: Option<Id<Site>>,
    /// The class of the thing that it is about; may be empty.
    pub asset_class: String,
    /// For whom; none for oneself.
    pub requester: Option<Id<Membership>>,
}

/// A ticket that was checked and routed, and is not there yet.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    new: NewTicket,
    priority: Priority,
    routed: Routed,
    extra: Extra,
}

/// What comes with a new ticket.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    /// Files.
    pub files: Vec<Received>,
    /// What was filled into the provider's own fields, by their keys; none where nobody was asked, as where a rule opens it.
    pub fields: Option<BTreeMap<String, String>>,
    /// Whether colleagues of whoever asks read it, if they may share.
    pub shared: bool,
}

impl Opening {
    /// The same with files that come with it.
    pub fn with_files(mut self, files: Vec<Received>) -> Self {
        self.extra.files = files;
        self
    }

    /// When the owner changes next, as far as a week can be seen.
    pub fn until(&self) -> Option<At> {
        self.routed.until()
    }
}

/// Opens a ticket.
pub async fn open(app: &App, caller: &Caller, new: NewTicket) -> Result<Ticket, Refused> {
    open_with(app, caller, (new, Extra::default())).await
}

/// The same with what comes with it.
pub(crate) async fn open_with(
    app: &App,
    caller: &Caller,
    (new, extra): (NewTicket, Extra),
) -> Result<Ticket, Refused> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let opening = prepare_with(app, caller, (new.clone(), extra.clone())).await?;
        match app.write(caller, move |tx, act| open_prepared(tx, act, &opening)).await {
            Err(Refused::Stale) if tries > 0 => {}
            done => return done,
        }
    }
}

/// Checks and routes it: what is done before the unit of work that opens it.
pub(crate) async fn prepare(app: &App, caller: &Caller, new: NewTicket) -> Result<Opening, Refused> {
    prepare_with(app, caller, (new, Extra::default())).await
}

/// The same with what comes with it.
pub(crate) async fn prepare_with(
    app: &App,
    caller: &Caller,
    (new, extra): (NewTicket, Extra),
) -> Result<Opening, Refused> {
    caller.require(Permission::AskForHelp)?;
    let table = app.read(caller, |tx, _| priorities(tx)).await?;
    let priority = table.of(new.impact, new.urgency);
    let (given, checked) = (matter(&new, priority), checked(new));
    // A client out of reach is not there, whatever else is wrong.
    let routed = route(app, caller, checked.as_ref().map_or(given, |new| matter(new, priority))).await?;
    let opening = Opening { new: checked?, priority, routed, extra };
    if opening.extra.fields.is_none() {
        return Ok(opening);
    }
    let check = move |tx: &mut Tx<'_, '_>, act: &Act| first(tx, act, &opening).map(|_| opening);
    app.read(caller, check).await
}

fn matter(new: &NewTicket, priority: Priority) -> Matter {
    Matter {
        client: new.client,
        kind: new.kind,
        priority,
        service: new.service.clone(),
        tier: new.tier,
        site: new.site,
        asset_class: new.asset_class.clone(),
    }
}

fn checked(new: NewTicket) -> Result<NewTicket, Refused> {
    let mut faults = Faults::default();
    let subject = faults.name("subject", &new.subject).unwrap_or_default();
    let service = faults.take("service", service(&new.service)).unwrap_or_default();
    let text = faults.take("text", prose(&new.text)).unwrap_or_default();
    faults.end()?;
    Ok(NewTicket { subject, text, service, ..new })
}

/// A service by its id, or nothing.
pub(crate) fn service(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let known = Catalogue::builtin();
    match known.get(text) {
        Some(service) => Ok(service.id.to_string()),
        None => match known.find(text).first() {
            Some(near) => Err(format!("there is no service `{text}`; did you mean `{}`?", near.service.id)),
            None => Err(format!("there is no service `{text}`; choose one of the list")),
        },
    }
}

/// What somebody wrote, with its lines ended one way.
pub(crate) fn prose(text: &str) -> Result<String, String> {
    if text.len() > LONGEST_TEXT {
        return Err(format!(
            "this is {} kB long; at most {} kB go into one line of a ticket: attach the rest as a file",
            text.len() / 1024,
            LONGEST_TEXT / 1024
        ));
    }
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("it holds control characters: paste it as plain text".to_owned());
    }
    Ok(text.trim_end().to_owned())
}

/// What it begins with.
fn first(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    Opening { new, extra, .. }: &Opening,
) -> Result<field::First, Refused> {
    match &extra.fields {
        Some(given) => field::opening(tx, act, (new.client, new.kind, &new.service), given),
        None => Ok(Vec::new()),
    }
}

/// Opens it. Refused as stale where another matrix came into force meanwhile.
pub(crate) fn open_prepared(tx: &mut Tx<'_, '_>, act: &Act, opening: &Opening) -> Result<Ticket, Refused> {
    let first = first(tx, act, opening)?;
    let Opening { new, priority, routed, extra: Extra { files, .. } } = opening;
    attachments::few(files)?;
    let requester = requester(tx, act, new)?;
    let (party, named) = routed.named(tx, act)?;
    let team = named.owner;
    let (id, row): (Id<Ticket>, _) = (act.id(), routed.row());
    let ticket = Ticket {
        id,
        client: new.client,
        number: next_number(tx)?,
        kind: new.kind,
        subject: new.subject.clone(),
        status: Status::New,
        impact: new.impact,
        urgency: new.urgency,
        priority: *priority,
        service: new.service.clone(),
        tier: new.tier,
        site: new.site,
        asset_class: new.asset_class.clone(),
        requester,
        submitter: act.caller.membership,
        worker: None,
        version: routed.version(),
        row: row.as_ref().map(|row| row.row.clone()).unwrap_or_default(),
        owner: (party, team),
        owner_until: routed.until(),
        party,
        team,
        custody: Custody::open(Item(id.uuid().as_u128()), team, named),
        answer_by: None,
        timer_at: None,
        due_at: NO_PROMISE,
        due_what: String::new(),
        lines: 0,
        opened_at: act.at,
        changed_at: act.at,
        solved_at: None,
        closed_at: None,
    };
    let to = hand(tx, team)?;
    let mut change = Change::of(ticket);
    let (kind, priority, service, tier) = (new.kind, change.ticket.priority, new.service.clone(), new.tier);
    let named = attachments::named(act, files);
    let happened =
        Happened::Opened { kind, priority, service, tier, to: to.clone(), row, files: named.clone() };
    change.wrote(act, Visibility::Public, happened, &new.text);
    field::told(tx, act, &mut change, &filled(&first))?;
    if routed.takes_last_resort() {
        change.happened(act, Happened::LastResort { to });
    }
    let lists = checklist::from_start(tx, act, &mut change)?;
    custody::arm(&mut change.ticket, act.at);
    let ticket = change.keep_new(tx, act)?;
    checklist::given(tx, &ticket, &lists)?;
    field::begin(tx, &ticket, &first)?;
    attachments::add(tx, act, (&ticket, 1), (&named, files))?;
    lets_read(tx, act, &ticket, opening.extra.shared)?;
    approval::ask_at_opening(tx, act, ticket)
}

/// Who asks for a colleague goes on seeing it, and colleagues where it is shared.
fn lets_read(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket, shared: bool) -> Result<(), Refused> {
    if shared && sharing::offered(tx, ticket.client)? != Readers::Nobody {
        sharing::begin(tx, ticket)?;
    }
    match Sight::of(act)? {
        Sight::Own(own) if own != ticket.requester => watch::keep(tx, ticket, own).map(drop),
        Sight::Own(_) | Sight::Working(_) | Sight::Reading | Sight::Vendor(_) => Ok(()),
    }
}

/// What is filled in from the first instant on: it was empty before.
fn filled(first: &[(field::CustomField, String)]) -> Vec<(field::CustomField, String, String)> {
    first.iter().map(|(field, value)| (field.clone(), String::new(), value.clone())).collect()
}

/// For whom it is done: whoever asks, or somebody of the client for whom somebody who works on tickets writes it down.
fn requester(tx: &mut Tx<'_, '_>, act: &Act, new: &NewTicket) -> Result<Id<Membership>, Refused> {
    let wrong = |why: &str| Refused::Invalid(vec![Field::new("requester", why)]);
    let Some(id) = new.requester.or(act.caller.membership) else {
        return Err(wrong("say for whom it is done: the command line is nobody"));
    };
    if Some(id) == act.caller.membership {
        return Ok(id);
    }
    let colleagues = act.caller.role.party() == PartyKind::Internal;
    if !colleagues && !matches!(Sight::of(act)?, Sight::Working(_)) {
        return Err(wrong("you can ask for help for yourself"));
    }
    let find = sql!(
        "SELECT client_id, state FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    let (client, state): (Option<Id<Client>>, String) =
        tx.find(find, (id,))?.ok_or_else(|| wrong("choose somebody of the list"))?;
    let other = if colleagues {
        client != Some(new.client)
    } else {
        client.is_some_and(|client| client != new.client)
    };
    if other || state == "left" {
        return Err(wrong("choose somebody of this client who has not left"));
    }
    Ok(id)
}

/// The next number of the provider. It is given back with everything else when the ticket is not kept, so none is left out.
fn next_number(tx: &mut Tx<'_, '_>) -> Result<i64, Refused> {
    let next = shared_sql!(
        "INSERT INTO ticket_count (provider_id, last) VALUES ($1, 1) \
         ON CONFLICT (provider_id) DO UPDATE SET last = ticket_count.last + 1 RETURNING last"
    );
    tx.find::<(i64,), _>(next, ())?.map(|(number,)| number).ok_or(Refused::NotFound)
}
