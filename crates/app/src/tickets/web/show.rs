//! One ticket: who holds it, what happened, and what can be done.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id, Zone};
use remit_custody::Reason;
use remit_db::Tx;
use remit_draw::Hue;
use remit_web::layout::Shell;
use remit_web::{Error, Form};

use super::super::clocks::{Story, left_for};
use super::super::event::{PAGE, Said, latest, moves};
use super::super::route::proposed;
use super::super::sharing::{self, Readers};
use super::super::ticket::{Hand, hand};
use super::super::visibility::Sight;
use super::super::{
    Answer, ApprovalState, Doing, Draft, Happened, Impact, ItemState, Line, LinkKind, Linked, Listed, Macro,
    Needed, Present, Sending, Status, Ticket, TicketChecklist, Tier, Urgency, Value, Visibility, Why, draft,
    find_number, heard, helpers, links, macros, presence, present, sending, shown, store, values, watchers,
};
use super::checks::{OnIt, on_it};
use super::macros::{Group, grouped};
use super::{frame, span};
use crate::act::Act;
use crate::attachments::{self, Attached, Attachment};
use crate::clients;
use crate::notices;
use crate::people::{Membership, Permission};
use crate::ratings::{self, Given, Grade};
use crate::refused::Refused;
use crate::site::{Signed, Site, shell};

/// Cells of the strip that draws who held it when.
const CELLS: i64 = 48;

/// A stretch of the strip.
struct Stretch {
    hue: Hue,
    cells: i64,
    words: String,
}

#[derive(Template)]
#[template(path = "tickets/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct ShowPage<'p> {
    listed: Listed,
    lines: Vec<Line>,
    strip: Vec<Stretch>,
    form: &'p Form,
    /// When what stands in it was kept, where it is a draft.
    kept_at: Option<At>,
    /// What the caller has sent and can take back, and whether the next can be taken back.
    sending: Option<Sending>,
    undo: bool,
    /// Macros that can be put into what is written.
    macros: Vec<Group>,
    /// Who else is there.
    others: Vec<Present>,
    writes: &'static [Visibility],
    workers: Vec<(Id<Membership>, String)>,
    /// The row of the matrix that would end its going to and fro.
    proposed: Option<String>,
    /// How the client is served.
    served: Option<String>,
    links: Vec<Linked>,
    attachments: Vec<Attachment>,
    /// Those that the caller may take away.
    removable: Vec<Id<Attachment>>,
    watchers: Vec<(Id<Membership>, String)>,
    /// Who helps, and who can be asked to.
    helpers: Workers,
    can_help: Workers,
    /// What both IT teams put on it, and whether the caller is of one of them.
    on_it: OnIt,
    /// The provider's own fields of it.
    fields: Vec<Value>,
    /// How it was, as whoever asked for it said; and whether the caller is asked that.
    rated: Option<Given>,
    rates: bool,
    /// Whether colleagues of whoever asked read it, for those who say so.
    sharing: Option<bool>,
    tagging: bool,
    own: Option<Id<Membership>>,
    /// Whether the caller's party holds it, and works on it.
    holds: bool,
    /// The number of the offer that the caller's party is to answer.
    to_answer: Option<u32>,
    /// What whoever is asked would find left of what is promised.
    left: Option<String>,
    /// Whether the caller sees how the teams work with each other.
    works: bool,
    /// Before which line the page ends, where it is not the newest one; and before which there are more.
    before: Option<i64>,
    earlier: Option<i64>,
    zone: Zone,
    now: At,
}

impl ShowPage<'_> {
    /// Whether the caller follows it.
    fn follows(&self) -> bool {
        self.watchers.iter().any(|(id, _)| Some(*id) == self.own)
    }

    /// Whether something must be filled in before it is solved.
    fn lacks(&self) -> bool {
        let lacks = |one: &Value| one.value.is_empty() && one.field.definition.needed != Needed::Never;
        self.listed.ticket.status.is_open() && self.fields.iter().any(lacks)
    }

    /// The number of an offer that the holder has made and can take back; those of the matrix are not theirs.
    fn own_offer(&self) -> Option<u32> {
        let custody = &self.listed.ticket.custody;
        let own = custody.round()?.reason != Reason::Matrix;
        custody.offer().filter(|_| own).map(|offer| offer.turn.0)
    }

    /// Where its status can go; it is closed by whoever answers for the outcome, or stands in for them.
    fn next(&self) -> Vec<Status> {
        let ticket = &self.listed.ticket;
        let closes = ticket.custody.may_close(&ticket.team);
        ticket.status.next().filter(|to| *to != Status::Closed || closes).collect()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn chosen(&self, visibility: &Visibility) -> bool {
        let given = self.form.value("visibility");
        if given.is_empty() { *visibility == self.writes[0] } else { given == visibility.key() }
    }

    /// The key that chooses who reads it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn key(visibility: &Visibility) -> &'static str {
        match visibility {
            Visibility::Public => "1",
            Visibility::Teams => "2",
            Visibility::Party => "3",
        }
    }

    /// Whether the caller is to follow a bad rating up.
    fn to_follow(&self) -> bool {
        let open = |given: &Given| given.grade == Grade::Poor && given.followed_at.is_none();
        self.tagging && self.rated.as_ref().is_some_and(open)
    }

    /// Whether the caller works on it already.
    fn helping(&self) -> bool {
        self.own.is_none()
            || self.own == self.listed.ticket.worker
            || self.helpers.iter().any(|(id, _)| Some(*id) == self.own)
    }

    /// The macro that was put in, where it does something besides.
    fn with(&self) -> Option<&Macro> {
        let chosen = self.form.value("macro");
        let mut all = self.macros.iter().flat_map(|group| &group.macros);
        all.find(|one| one.acts() && one.id.to_string() == chosen)
    }

    /// The class of a line: what is not public looks different, and is never taken for it.
    fn class(line: &Line) -> &'static str {
        match (&line.happened, line.visibility) {
            (Happened::Opened { .. } | Happened::Wrote { .. }, Visibility::Public) => "said public",
            (Happened::Wrote { .. }, Visibility::Teams) => "said teams",
            (Happened::Wrote { .. }, Visibility::Party) => "said party",
            _ => "done",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn why(why: &Why) -> &'static str {
        match why {
            Why::HandOff => "handed on",
            Why::HandBack => "handed back",
            Why::Matrix => "as the matrix names them now",
            Why::Escalation => "escalated: nobody has taken it",
            Why::Solved => "solved: its owner is to close it",
        }
    }

    /// What came with a line: each, and whether it is there still.
    fn came_with<'l>(&'l self, line: &'l Line) -> Vec<(&'l Attached, bool)> {
        let there = |file: &Attached| self.attachments.iter().any(|one| one.about.id == file.id);
        line.happened.files().iter().map(|file| (file, there(file))).collect()
    }

    /// Items of all checklists: those that are settled, all, and those that it waits for.
    fn checked(&self) -> (usize, usize, usize) {
        let waits = self.on_it.checklists.iter().flat_map(TicketChecklist::open).filter(|item| item.required);
        let all = self.on_it.checklists.iter().map(|list| list.items.len()).sum();
        (self.on_it.checklists.iter().map(TicketChecklist::settled).sum(), all, waits.count())
    }

    /// Whether the caller may skip something of a checklist.
    fn may_skip(&self, list: &TicketChecklist) -> bool {
        list.open().any(|item| item.yours || self.holds)
    }

    fn said(line: &Line) -> &[Said] {
        match &line.happened {
            Happened::Offered { said, .. } => said,
            _ => &[],
        }
    }
}

/// Which lines.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    /// Those before this one.
    before: Option<i64>,
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    Query(Asked { before }): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let page = page(&site, &signed, (number, before), &Form::default()).await?;
    // Whoever sees the ticket has read what they were told of it.
    let waits = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let id = find_number(tx, act, number)?.id;
        Ok((id, notices::waits(tx, act, id)?, presence::is_due(tx, act, id)?))
    };
    let (id, waits, due) = site.app.read(&signed.caller, waits).await?;
    if waits || due {
        let note = move |tx: &mut Tx<'_, '_>, act: &Act| {
            if waits {
                notices::read(tx, act, Some(id))?;
            }
            if due { heard(tx, act, id, Doing::Looks) } else { Ok(()) }
        };
        site.app.write(&signed.caller, note).await?;
    }
    Ok(page.answer(&headers))
}

/// The page again, with what is wrong in the form at its foot.
pub(super) async fn again(site: &Site, signed: &Signed, number: i64, form: &Form) -> Result<Response, Error> {
    Ok(page(site, signed, (number, None), form).await?.into_response())
}

/// People by name.
type Workers = Vec<(Id<Membership>, String)>;
type Texts = (Vec<Line>, Vec<Stretch>);
type Related = (Vec<Linked>, Vec<(Id<Membership>, String)>, (Vec<Attachment>, Vec<Id<Attachment>>));
type Around = (Related, (Option<String>, Option<String>), OnIt);
type AtHand =
    ((Option<Draft>, Option<Sending>, Vec<Group>), Vec<Present>, Vec<Value>, (Option<Given>, Option<bool>));
type Read = (
    Listed,
    Texts,
    ((Workers, Workers, Workers), Around, AtHand),
    (Sight, bool, bool, Option<(u32, Option<String>)>),
);

/// All that the page shows.
fn read(tx: &mut Tx<'_, '_>, act: &Act, (number, before): (i64, Option<i64>)) -> Result<Read, Refused> {
    let ticket = find_number(tx, act, number)?;
    let (sight, party) = (Sight::of(act)?, act.caller.party);
    let listed = shown(tx, act, ticket.id)?;
    let works = matches!(sight, Sight::Working(_) | Sight::Vendor(_));
    let holds = works && party.is_none_or(|party| party == ticket.party);
    let asked = if works { asked(tx, act, &ticket)? } else { None };
    let lines = latest(tx, act, &ticket, (before.unwrap_or(i64::MAX), PAGE))?;
    let strip = if works { strip(&ticket, &moves(tx, &ticket)?, act.at) } else { Vec::new() };
    let workers = if holds { store::workers(tx, &ticket)? } else { Vec::new() };
    let can_help = if sight.reads_teams() { store::both_teams(tx, &ticket)? } else { Vec::new() };
    let workers = (workers, helpers(tx, act, &ticket)?, can_help);
    let around = (links(tx, act, &ticket)?, watchers(tx, act, &ticket)?, attached(tx, act, &ticket)?);
    let proposed = if works { proposed(tx, &ticket)? } else { None };
    let around = (around, (proposed, served(tx, act, &ticket)?), on_it(tx, act, &ticket)?);
    let macros = if works && ticket.status != Status::Closed {
        let all = macros(tx, act, Some(ticket.client))?;
        grouped(all, &BTreeMap::from([(ticket.client.uuid(), listed.named.client.clone())]))
    } else {
        Vec::new()
    };
    let own = (draft(tx, act, ticket.id)?, sending(tx, act, ticket.id)?, macros);
    let over = !ticket.status.is_open();
    let rated = if over { ratings::given(tx, act, ticket.id)? } else { None };
    let rated = (rated, shared_with(tx, act, &ticket)?);
    let at_hand = (own, present(tx, act, ticket.id)?, values(tx, act, &ticket)?, rated);
    Ok((listed, (lines, strip), (workers, around, at_hand), (sight, works, holds, asked)))
}

async fn page(
    site: &Site,
    signed: &Signed,
    (number, before): (i64, Option<i64>),
    form: &Form,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| read(tx, act, (number, before));
    let (
        listed,
        (lines, strip),
        (
            (workers, helpers, can_help),
            ((related, watchers, (attachments, removable)), (proposed, served), on_it),
            ((kept, sending, macros), others, fields, (rated, shared)),
        ),
        (sight, works, holds, to_answer),
    ) = site.app.read(&signed.caller, read).await?;
    let begun = begun(kept, form);
    let (form, kept_at) = begun.as_ref().map_or((form, None), |(form, at)| (form, Some(*at)));
    let mut chrome = frame(signed, &listed.ticket);
    chrome.live = Some(format!("/tickets/{number}/live"));
    let page = ShowPage {
        strip,
        form,
        kept_at,
        sending,
        undo: works && signed.preferences.undo,
        macros,
        others,
        writes: sight.writes(),
        workers,
        proposed,
        served,
        links: related,
        attachments,
        removable,
        watchers,
        helpers,
        can_help,
        fields,
        sharing: shared,
        rates: ratings::may_rate(&site.app.act(&signed.caller), &listed.ticket).is_ok(),
        rated,
        on_it,
        tagging: sight.reads_teams(),
        own: signed.caller.membership,
        holds,
        to_answer: to_answer.as_ref().map(|(number, _)| *number),
        left: to_answer.and_then(|(_, left)| left),
        works,
        before,
        earlier: page_begins(&lines),
        zone: signed.caller.zone.clone(),
        now: site.app.now(),
        lines,
        listed,
    };
    Ok(shell(chrome, &page).status(form.status()))
}

/// Whether colleagues of whoever asked read it, for those who say so; none where they cannot.
fn shared_with(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Option<bool>, Refused> {
    if !sharing::may_share(act, ticket) {
        return Ok(None);
    }
    let shared = sharing::shared(tx, ticket)?;
    let can = shared || sharing::offered(tx, ticket.client)? != Readers::Nobody;
    Ok(can.then_some(shared))
}

/// What was begun and not sent, as a form. What was refused just now is newer.
fn begun(kept: Option<Draft>, form: &Form) -> Option<(Form, At)> {
    let Draft { visibility, text, kept_at } = kept.filter(|_| form.value("text").is_empty())?;
    Some((Form::filled([("text", text.as_str()), ("visibility", visibility.key())]), kept_at))
}

/// What is attached to a ticket, and which of it the caller may take away.
fn attached(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
) -> Result<(Vec<Attachment>, Vec<Id<Attachment>>), Refused> {
    let all = attachments::of(tx, act, ticket)?;
    let removable = all.iter().filter(|one| attachments::may_detach(act, ticket, one));
    let removable = removable.map(|one| one.about.id).collect();
    Ok((all, removable))
}

/// How the client is served now, for those who see clients.
fn served(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Option<String>, Refused> {
    if !act.caller.may(Permission::ReadClients) {
        return Ok(None);
    }
    Ok(Some(clients::find(tx, act, ticket.client)?.served()))
}

/// The offer that the caller's party is to answer, and what it would find left of what is promised.
fn asked(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Option<(u32, Option<String>)>, Refused> {
    let Some(offer) = ticket.custody.offer() else { return Ok(None) };
    let to = hand(tx, offer.to)?;
    if act.caller.party.is_some_and(|party| party != to.party) {
        return Ok(None);
    }
    let left = left_for(&Story::of(tx, act, ticket)?, (ticket, act.at), &to);
    Ok(Some((offer.turn.0, left.map(|(words, _)| format!("If you take it now, {words}.")))))
}

/// Before which line there are more, where the page is full.
fn page_begins(lines: &[Line]) -> Option<i64> {
    lines.first().filter(|_| lines.len() == usize::from(PAGE)).map(|line| line.seq)
}

/// Who held it, each as wide as it was long.
fn strip(ticket: &Ticket, moves: &[(At, Hand)], now: At) -> Vec<Stretch> {
    let Some((first, _)) = moves.first() else { return Vec::new() };
    let end = ticket.closed_at.unwrap_or(now);
    let life = (end - *first).millis().max(1);
    let ends = moves.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let stretch = |((from, hand), to): (&(At, Hand), At)| {
        let cells = ((to - *from).millis() * CELLS / life).clamp(1, CELLS);
        let words = format!("{}: {}", hand.team_name, span(from, &to));
        Stretch { hue: hand.kind.hue(), cells, words }
    };
    moves.iter().zip(ends).map(stretch).collect()
}
