//! Pages: the report of the desk, and the tickets that one of its numbers stands for.

mod files;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_core::Id;
use remit_db::Tx;
use remit_draw::{Bars, Chart, Columns, Hue, Unit};
use remit_promise::{Kind, Promise};
use remit_web::Error;
use remit_web::layout::Link;
use remit_web::paging::Key;

use super::{LATE, Missed, Month, Report, Which, desk, in_minutes, tickets};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::export::Form;
use crate::people::{PartyKind, Permission};
use crate::promises::promise_words;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell};
use crate::tickets::outcome::{Figures, Outcome, PROMISES, SolvedBy};
use crate::tickets::{Listed, Ticket};

/// Tickets on a page.
const PAGE: usize = 50;
/// Clients that can be chosen in the form; a page of a client leads here too.
const CLIENTS: u16 = 500;
/// Widths of drawings in CSS pixels: for a screen, and for a phone.
const WIDTHS: [f64; 2] = [760.0, 320.0];

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/reports/desk", get(show)).route("/reports/desk/tickets", get(list))
}

#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    which: String,
    after: Option<String>,
    format: Option<String>,
}

impl Asked {
    /// The month and the client that are meant; none where nothing is said.
    fn read(&self) -> Result<(Option<Month>, Option<Id<Client>>), Error> {
        let wrong = |name, why: String| Error::malformed(format!("The {name} cannot be read: {why}."));
        let month = match self.month.trim() {
            "" => None,
            text => Some(text.parse().map_err(|why| wrong("month", why))?),
        };
        let client = match self.client.trim() {
            "" => None,
            text => Some(Id::parse(text).map_err(|_| Error::NotFound)?),
        };
        Ok((month, client))
    }
}

/// An address with what is said behind `?`.
pub(crate) fn address(path: &str, said: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(said.iter().filter(|(_, value)| !value.is_empty()));
    format!("{path}?{}", query.finish())
}

/// A number with the tickets that it stands for.
struct Linked {
    words: &'static str,
    number: i64,
    to: String,
}

/// A promise as it is shown.
struct ShownPromise {
    words: &'static str,
    /// How often it was kept, and how often it was missed.
    sides: [Linked; 2],
}

/// What one party used, as it is shown.
struct ShownShare {
    name: String,
    hue: Hue,
    minutes: String,
}

/// What was missed, as it is shown.
struct ShownMissed {
    words: &'static str,
    times: i64,
    to: String,
    total: String,
    shares: Vec<ShownShare>,
}

/// A drawing, for a screen and for a phone.
struct Drawn {
    wide: String,
    narrow: String,
}

#[derive(Template)]
#[template(path = "reports/desk.html")]
struct DeskPage {
    report: Report,
    /// Clients that can be chosen; none where there is but one within reach.
    clients: Vec<(Id<Client>, String)>,
    numbers: Vec<Linked>,
    promises: Vec<ShownPromise>,
    missed: Vec<ShownMissed>,
    /// Each month with its numbers, the newest first.
    months: Vec<(Month, Vec<(String, i64)>)>,
    heads: Vec<String>,
    solved: Drawn,
    whose: Option<Drawn>,
}

impl DeskPage {
    fn client(&self) -> String {
        self.report.client.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default()
    }

    /// How many tickets are late now, in words.
    fn late(&self) -> String {
        match self.report.late {
            1 => "1 ticket is late".to_owned(),
            many if many >= i64::from(LATE) => format!("{many} tickets or more are late"),
            many => format!("{many} tickets are late"),
        }
    }

    /// The list that begins with them.
    fn late_ones(&self) -> String {
        match self.client().as_str() {
            "" => "/tickets?view=open".to_owned(),
            client => address("/tickets", &[("client", client)]),
        }
    }

    /// What was said of tickets, of one kind.
    fn ratings(&self, which: &str) -> String {
        address("/ratings", &[("client", &self.client()), ("which", which)])
    }

    /// The same report of another month, or as a file.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn other(&self, month: &Month, format: &str) -> String {
        let (month, client) = (month.to_string(), self.client());
        address("/reports/desk", &[("month", &month), ("client", &client), ("format", format)])
    }
}

/// Heads of columns of the months, and what is below them.
fn cells(figures: &Figures) -> Vec<(String, i64)> {
    let mut all = vec![("Opened".to_owned(), figures.opened()), ("Solved".to_owned(), figures.solved())];
    all.extend(SolvedBy::ALL.iter().map(|by| (solved_by(*by).to_owned(), figures.by(*by))));
    all.push(("Handed over".to_owned(), figures.handed()));
    all.push(("Bounced".to_owned(), figures.bounced()));
    for (name, kind) in [("SLA", Kind::Sla), ("OLA", Kind::Ola), ("UC", Kind::Uc)] {
        let of = PROMISES.into_iter().filter(|promise| promise.kind == kind);
        let both = of.map(|promise| figures.promise(promise));
        let (kept, missed) = both.fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
        all.push((format!("{name} kept"), kept));
        all.push((format!("{name} missed"), missed));
    }
    all
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadTickets)?;
    let form = Form::asked(asked.format.as_deref())?;
    let wanted = asked.read()?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| Ok((desk(tx, act, wanted)?, choice(tx, act)?));
    let (report, clients) = site.app.read(&signed.caller, read).await?;
    if let Some(form) = form {
        return files::months((&site, &signed), form, report).await;
    }
    let page = DeskPage {
        numbers: numbers(&report),
        promises: promises(&report),
        missed: report.missed.iter().map(|missed| shown(&report, missed)).collect(),
        solved: drawn("solved", &columns(&report)),
        whose: (!report.missed.is_empty()).then(|| drawn("whose", &bars(&report))),
        months: report.months.iter().rev().map(|(month, figures)| (*month, cells(figures))).collect(),
        heads: cells(report.figures()).into_iter().map(|(head, _)| head).collect(),
        clients,
        report,
    };
    Ok(shell(chrome(&signed, "Report of the desk", "/reports/desk"), &page).answer(&headers))
}

/// The clients within reach, where there are several.
fn choice(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<(Id<Client>, String)>, Refused> {
    let all = clients::list(tx, act, None, CLIENTS)?;
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    Ok(all.into_iter().map(|client| (client.id, client.name)).collect())
}

fn to(report: &Report, which: Which) -> String {
    let client = report.client.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
    let (month, which) = (report.chosen.to_string(), which.key());
    address("/reports/desk/tickets", &[("month", &month), ("client", &client), ("which", &which)])
}

fn linked(report: &Report, words: &'static str, number: i64, which: Which) -> Linked {
    Linked { words, number, to: to(report, which) }
}

/// What is counted of the chosen month besides promises.
fn numbers(report: &Report) -> Vec<Linked> {
    let figures = report.figures();
    let mut all = vec![
        linked(report, "Opened", figures.opened(), Which::Opened),
        linked(report, "Solved", figures.solved(), Which::Solved),
    ];
    all.extend(
        SolvedBy::ALL.iter().map(|by| linked(report, solved_by(*by), figures.by(*by), Which::By(*by))),
    );
    all.push(linked(report, "Handed over", figures.handed(), Which::Handed));
    all.push(linked(report, "Bounced", figures.bounced(), Which::Bounced));
    all
}

/// Who solved it, as the head of a column.
pub(super) const fn solved_by(by: SolvedBy) -> &'static str {
    match by {
        SolvedBy::L1 => "Solved by L1",
        SolvedBy::L2 => "Solved by L2",
        SolvedBy::L3 => "Solved by L3",
        SolvedBy::Unsaid => "Solved, no line said",
        SolvedBy::Internal => "Solved by internal IT",
        SolvedBy::Vendor => "Solved by a vendor",
    }
}

/// What was promised in the chosen month.
fn promises(report: &Report) -> Vec<ShownPromise> {
    let each = PROMISES.into_iter().filter_map(|promise: Promise| {
        let (kept, missed) = report.figures().promise(promise);
        (kept + missed > 0).then(|| ShownPromise {
            words: promise_words(promise),
            sides: [
                linked(report, "kept", kept, Which::Kept(promise)),
                linked(report, "missed", missed, Which::Missed(promise)),
            ],
        })
    });
    each.collect()
}

fn minutes(minutes: i64) -> String {
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {} min", minutes / 60, minutes % 60) }
}

fn shown(report: &Report, missed: &Missed) -> ShownMissed {
    let each = in_minutes(missed.shares.iter().map(|share| share.millis));
    let shares = missed.shares.iter().zip(&each).map(|(share, used)| ShownShare {
        name: share.name.clone(),
        hue: share.kind.map_or(Hue::Neutral, PartyKind::hue),
        minutes: minutes(*used),
    });
    ShownMissed {
        words: promise_words(missed.promise),
        times: missed.times,
        to: to(report, Which::Missed(missed.promise)),
        total: minutes(each.iter().sum()),
        shares: shares.collect(),
    }
}

fn drawn(id: &str, chart: &impl Chart) -> Drawn {
    let draw = |id: &str, width| chart.draw(id, width).as_str().to_owned();
    Drawn { wide: draw(id, WIDTHS[0]), narrow: draw(&format!("{id}-narrow"), WIDTHS[1]) }
}

/// What was solved in each month, by company.
#[expect(clippy::cast_precision_loss, reason = "a drawing does not show the difference")]
fn columns(report: &Report) -> Columns {
    let columns = Columns::new("Solved, by month and company", Unit::count("tickets").one("ticket"), 30);
    report.months.iter().fold(columns, |columns, (month, figures)| {
        let of = |kind: PartyKind| {
            let by = SolvedBy::ALL.iter().filter(|by| by.kind() == kind);
            (kind.hue(), by.map(|by| figures.by(*by)).sum::<i64>() as f64)
        };
        let stack = [of(PartyKind::Provider), of(PartyKind::Internal), of(PartyKind::Vendor)];
        columns.column(month.first(), stack)
    })
}

/// Whose time missed promises took in the chosen month.
#[expect(clippy::cast_precision_loss, reason = "a drawing does not show the difference")]
fn bars(report: &Report) -> Bars {
    let bars = Bars::new("Whose time missed promises took", Unit::minutes());
    report.missed.iter().fold(bars, |bars, missed| {
        let of = |kind: Option<PartyKind>| {
            let shares = missed.shares.iter().filter(|share| share.kind == kind);
            let millis: i64 = shares.map(|share| share.millis).sum();
            (kind.map_or(Hue::Neutral, PartyKind::hue), millis as f64 / 60_000.0)
        };
        let kinds = [PartyKind::Provider, PartyKind::Internal, PartyKind::Vendor];
        let stack: Vec<(Hue, f64)> = kinds.into_iter().map(Some).chain([None]).map(of).collect();
        bars.bar(promise_words(missed.promise), stack)
    })
}

#[derive(Template)]
#[template(path = "reports/tickets.html")]
struct TicketsPage {
    tickets: Vec<(Listed, Outcome)>,
    which: Which,
    month: Month,
    /// The address of the list.
    query: String,
    /// The address of the report.
    report: String,
    more: Option<String>,
}

async fn list(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadTickets)?;
    let form = Form::asked(asked.format.as_deref())?;
    let (month, client) = asked.read()?;
    let month = month.unwrap_or_else(|| Month::of(&signed.caller.zone, site.app.now()));
    let which = if asked.which.is_empty() { Some(Which::Solved) } else { Which::from_key(&asked.which) };
    let which = which.ok_or_else(|| {
        Error::malformed("There is no such number: write opened, solved, handed-over, bounced, solved-by-l1 and the like, kept-sla.response or missed-sla.response and the like.")
    })?;
    if let Some(form) = form {
        return files::tickets_of((&site, &signed), form, (month, client, which)).await;
    }
    let said = client.map(|client| client.to_string()).unwrap_or_default();
    let (of, key) = (month.to_string(), which.key());
    let query = address("/reports/desk/tickets", &[("month", &of), ("client", &said), ("which", &key)]);
    let after = asked.after.as_deref().filter(|after| !after.is_empty());
    let before = after.map(|text| site.cursors.read::<(String,)>(&query, text)).transpose()?;
    let odd = || Error::malformed("This is not where a list goes on.");
    let before: Option<Id<Ticket>> = before.map(|(id,)| Id::parse(&id).map_err(|_| odd())).transpose()?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets(tx, act, (month, client, which), (before, PAGE));
    let (tickets, next) = site.app.read(&signed.caller, read).await?;
    let more = next.map(|next| site.cursors.write(&query, &[Key::Text(next.to_string())]));
    let report = address("/reports/desk", &[("month", &of), ("client", &said)]);
    let mut chrome = chrome(&signed, &format!("Tickets {}", which.words()), "/reports/desk");
    chrome.crumbs.push(Link::new("Report of the desk", report.clone()));
    let page = TicketsPage { tickets, which, month, query, report, more };
    Ok(shell(chrome, &page).answer(&headers))
}
