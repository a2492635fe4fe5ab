//! One ticket: who holds it, what happened, and what can be done.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id, Zone};
use remit_custody::{Chain, Phase, Reason};
use remit_db::Tx;
use remit_draw::Hue;
use remit_web::{Error, Form};

use super::super::event::{PAGE, Said};
use super::super::visibility::Sight;
use super::super::{
    Happened, Impact, Line, Listed, Status, Tier, Urgency, Visibility, Why, find_number, lines, shown, store,
};
use super::{frame, span};
use crate::act::Act;
use crate::people::Membership;
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
struct ShowPage<'p> {
    listed: Listed,
    lines: Vec<Line>,
    strip: Vec<Stretch>,
    form: &'p Form,
    writes: &'static [Visibility],
    workers: Vec<(Id<Membership>, String)>,
    /// Whether the caller's party holds it, and works on it.
    holds: bool,
    /// The number of the offer that the caller's party is to answer.
    to_answer: Option<u32>,
    /// Whether the caller sees how the teams work with each other.
    works: bool,
    zone: Zone,
    now: At,
}

impl ShowPage<'_> {
    /// The number of an offer that the holder has made and can take back; those of the matrix are not theirs.
    fn own_offer(&self) -> Option<u32> {
        let custody = &self.listed.ticket.custody;
        let own = custody.round()?.reason != Reason::Matrix;
        custody.offer().filter(|_| own).map(|offer| offer.turn.0)
    }

    fn next(&self) -> Vec<Status> {
        self.listed.ticket.status.next().collect()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn chosen(&self, visibility: &Visibility) -> bool {
        let given = self.form.value("visibility");
        if given.is_empty() { *visibility == self.writes[0] } else { given == visibility.key() }
    }

    /// The class of a line: what is not public looks different, and is never taken for it.
    fn class(line: &Line) -> &'static str {
        match (&line.happened, line.visibility) {
            (Happened::Opened { .. } | Happened::Wrote, Visibility::Public) => "said public",
            (Happened::Wrote, Visibility::Teams) => "said teams",
            (Happened::Wrote, Visibility::Party) => "said party",
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

    fn said(line: &Line) -> &[Said] {
        match &line.happened {
            Happened::Offered { said, .. } => said,
            _ => &[],
        }
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let page = page(&site, &signed, number, &Form::default(), StatusCode::OK).await?;
    Ok(page.answer(&headers))
}

/// The page again, with what is wrong in the form at its foot.
pub(super) async fn again(site: &Site, signed: &Signed, number: i64, form: &Form) -> Result<Response, Error> {
    let status = form.status();
    Ok(page(site, signed, number, form, status).await?.into_response())
}

async fn page(
    site: &Site,
    signed: &Signed,
    number: i64,
    form: &Form,
    status: StatusCode,
) -> Result<remit_web::layout::Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = find_number(tx, act, number)?;
        let sight = Sight::of(act)?;
        let listed = shown(tx, act, ticket.id)?;
        let party = act.caller.party;
        let works = matches!(sight, Sight::Working(_) | Sight::Vendor(_));
        let holds = works && party.is_none_or(|party| party == ticket.party);
        let asked = match ticket.custody.offer() {
            Some(offer) if works => {
                let to = super::super::ticket::hand(tx, offer.to)?;
                party.is_none_or(|party| party == to.party).then_some(offer.turn.0)
            }
            _ => None,
        };
        let lines = lines(tx, act, &ticket, (0, PAGE))?;
        let workers = if holds { store::workers(tx, &ticket)? } else { Vec::new() };
        Ok((listed, lines, workers, (sight, works, holds, asked)))
    };
    let (listed, lines, workers, (sight, works, holds, to_answer)) =
        site.app.read(&signed.caller, read).await?;
    let now = site.app.now();
    let strip = if works { strip(&listed, &lines, now) } else { Vec::new() };
    let mut chrome = frame(signed, &listed.ticket);
    chrome.live = Some(format!("/tickets/{number}/live"));
    let page = ShowPage {
        strip,
        lines,
        form,
        writes: sight.writes(),
        workers,
        holds,
        to_answer,
        works,
        zone: signed.caller.zone.clone(),
        now,
        listed,
    };
    Ok(shell(chrome, &page).status(status))
}

/// Who held it from its first instant on, each as wide as it was long.
fn strip(listed: &Listed, lines: &[Line], now: At) -> Vec<Stretch> {
    let ticket = &listed.ticket;
    let mut hands = Vec::new();
    let mut chain: Option<Chain<usize>> = None;
    for line in lines {
        let (Happened::Opened { to, .. } | Happened::Accepted { to, .. }) = &line.happened else { continue };
        hands.push(to);
        let holder = hands.len() - 1;
        match &mut chain {
            None => chain = Some(Chain::start(line.at, Some(holder), Phase::Working)),
            // Lines are in the order of time.
            Some(chain) => chain.tell(line.at, Some(holder), Phase::Working).unwrap_or_default(),
        }
    }
    let Some(mut chain) = chain else { return Vec::new() };
    let end = ticket.closed_at.unwrap_or(now).max(chain.ended());
    chain.end(end).unwrap_or_default();
    let life = chain.life().max(1);
    let stint = |stint: remit_custody::Stint<usize>| {
        let hand = hands[stint.holder];
        let cells = ((stint.to - stint.from).millis() * CELLS / life).clamp(1, CELLS);
        let words = format!("{}: {}", hand.team_name, span(&stint.from, &stint.to));
        Stretch { hue: hand.kind.hue(), cells, words }
    };
    chain.stints().map(stint).collect()
}
