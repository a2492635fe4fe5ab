//! What people do at a desk, and how long it may take.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use remit_app::Caller;
use remit_app::tickets::{Impact, Kind, NewTicket, Tier, Urgency, open};
use remit_bench::report::Report;
use remit_db::Engine;

use super::installation::Installation;
use super::words::{FREQUENT, RARE, Words};
use crate::browser::{Browser, Request};
use crate::dice::Dice;
use crate::peers;
use crate::window::{Goal, Seen, load};

/// Goals, on two cores: lists and the page of a ticket, and search, in nanoseconds.
const READ: f64 = 20e6;
const SEARCH: f64 = 100e6;
/// Tickets a second on SQLite, with so many connections.
const CREATES: [(usize, f64); 2] = [(16, 2500.0), (64, 4000.0)];
/// How many pages deep the list is that is measured behind its first page.
const DEEP: usize = 20;

/// One of them.
pub struct Deed {
    /// What it is called.
    pub name: &'static str,
    /// What it is compared with in other help desks.
    pub beside: Option<peers::Deed>,
    what: What,
}

const fn alone(name: &'static str, what: What) -> Deed {
    Deed { name, beside: None, what }
}

const fn beside(name: &'static str, beside: peers::Deed, what: What) -> Deed {
    Deed { name, beside: Some(beside), what }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Create,
    Reply,
    HandOff,
    Page,
    List(&'static str),
    Deep,
    /// A list, narrowed down by a word.
    Words(&'static str, &'static str),
    Search(&'static str),
}

/// All of them, those that change something last.
pub const ALL: &[Deed] = &[
    alone("my queue by due time", What::List("/tickets?view=team")),
    alone("my queue, one priority", What::List("/tickets?view=team&priority=P2")),
    alone("what I work on", What::List("/tickets?view=mine")),
    alone("offered to us", What::List("/tickets?view=offered")),
    beside("all open", peers::Deed::List, What::List("/tickets?view=open")),
    alone("all open, a rare priority", What::List("/tickets?view=open&priority=P1")),
    alone("all open, twenty pages deep", What::Deep),
    alone(
        "all open, a priority, a frequent word",
        What::Words("/tickets?view=open&priority=P3&text=", FREQUENT),
    ),
    alone(
        "my queue, waiting, a frequent word",
        What::Words("/tickets?view=team&status=waiting-requester&text=", FREQUENT),
    ),
    alone("my queue, a rare word", What::Words("/tickets?view=team&text=", RARE)),
    alone(
        "all open, three filters, no words",
        What::List("/tickets?view=open&kind=task&status=new&priority=P1"),
    ),
    beside("page of a ticket", peers::Deed::Page, What::Page),
    beside("search, a rare word", peers::Deed::Search, What::Search(RARE)),
    alone("search, a frequent word", What::Search(FREQUENT)),
    beside("reply", peers::Deed::Reply, What::Reply),
    alone("hand-off, offered and accepted", What::HandOff),
    beside("new ticket by form", peers::Deed::Create, What::Create),
];

impl Deed {
    /// How many connections it is measured with.
    pub fn connections(&self, engine: Engine) -> &'static [usize] {
        if self.what == What::Create && engine == Engine::Sqlite { &[1, 4, 16, 64] } else { &[1, 4, 16] }
    }

    /// What is needed.
    pub fn goal(&self, engine: Engine, connections: usize) -> Goal {
        match self.what {
            What::Create => creates(engine, connections),
            What::Reply | What::HandOff => Goal::default(),
            What::Search(_) => Goal::p99(SEARCH),
            What::Page | What::List(_) | What::Words(..) | What::Deep => Goal::p99(READ),
        }
    }
}

fn creates(engine: Engine, connections: usize) -> Goal {
    let known = CREATES.iter().find(|(at, _)| *at == connections && engine == Engine::Sqlite);
    known.map_or_else(Goal::default, |(_, rate)| Goal::rate(*rate))
}

/// Tickets opened by the verb without HTTP: what durable writing costs by itself.
pub async fn verbs(
    name: &str,
    at: &Installation,
    window: Duration,
    report: &mut Report,
) -> Result<(), String> {
    let app = at.app();
    let engine = app.db.engine();
    for tasks in [1, 4, 16, 64] {
        let (app, cast) = (app.clone(), at.cast.clone());
        let work = move |n: u64| {
            let company = cast.companies[n as usize % cast.companies.len()].clone();
            let (app, provider) = (app.clone(), cast.provider);
            async move {
                let who = &company.requesters[n as usize / 64 % company.requesters.len()];
                let new = NewTicket {
                    client: company.id,
                    kind: Kind::Incident,
                    subject: format!("By the verb, {tasks} {n}"),
                    text: "The printer on the second floor does not print since this morning.".to_owned(),
                    impact: Impact::Low,
                    urgency: Urgency::Medium,
                    service: "devices.printers".to_owned(),
                    tier: Tier::Unsaid,
                    site: None,
                    asset_class: String::new(),
                    requester: None,
                };
                let by = Caller::member(provider, None, who);
                open(&app, &by, new).await.map(drop).map_err(|e| e.to_string())
            }
        };
        let seen = load(tasks, window, Arc::new(work)).await?;
        let what = format!("{name}: new ticket, verb alone, {tasks} at a time");
        seen.report(report, &what, creates(engine, tasks));
    }
    Ok(())
}

/// Somebody at the desk.
pub struct Deeds<'d> {
    at: &'d Installation,
    words: &'d Words,
    address: SocketAddr,
    cookies: [String; 1],
    window: Duration,
    /// The page so many pages deep in the list of all that is open.
    deep: String,
    /// How many hand-offs there were already: each ticket at hand is handed on in its turn.
    handed: Arc<AtomicUsize>,
    searches: bool,
}

impl<'d> Deeds<'d> {
    /// Signed in with a cookie.
    pub fn new(
        at: &'d Installation,
        words: &'d Words,
        (address, cookie): (SocketAddr, String),
        window: Duration,
    ) -> Self {
        let handed = Arc::default();
        Self { at, words, address, cookies: [cookie], window, deep: String::new(), handed, searches: false }
    }

    /// Looks what there is: whether there is a search, and where a list goes on.
    pub async fn look(&mut self) -> Result<(), String> {
        let mut browser = Browser::connect(self.address, &self.cookies[0]).await?;
        let found = Request { good: &[200, 404], ..Request::page(format!("/search?q={RARE}")) };
        self.searches = browser.right(&found).await?.status == 200;
        "/tickets?view=open".clone_into(&mut self.deep);
        for _ in 0..DEEP {
            let page = browser.right(&Request::page(&self.deep)).await?.text();
            let more = page.split("class=\"more\"").nth(1).and_then(|rest| rest.split('"').nth(1));
            let Some(more) = more else { break };
            self.deep = more.replace("&amp;", "&");
        }
        Ok(())
    }

    /// Does one of them with so many connections; none where there is no such thing.
    pub async fn measure(&mut self, deed: &Deed, connections: usize) -> Result<Option<Seen>, String> {
        if matches!(deed.what, What::Search(_)) && !self.searches {
            return Ok(None);
        }
        let make = self.requests(deed.what);
        let work = Browser::work(self.address, &self.cookies, connections, make).await?;
        load(connections, self.window, Arc::new(work))
            .await
            .map(Some)
            .map_err(|e| format!("{}: {e}", deed.name))
    }

    fn requests(&self, what: What) -> Box<dyn Fn(u64) -> Vec<Request> + Send + Sync> {
        let made = &self.at.made;
        match what {
            What::List(path) => Box::new(move |_| vec![Request::page(path)]),
            What::Search(word) => Box::new(move |_| vec![Request::page(format!("/search?q={word}"))]),
            What::Words(path, word) => Box::new(move |_| vec![Request::page(format!("{path}{word}"))]),
            What::Deep => {
                let path = self.deep.clone();
                Box::new(move |_| vec![Request::page(&path)])
            }
            What::Page => {
                let (first, many) = (made.first, made.tickets);
                Box::new(move |n| {
                    let number = first + Dice::new(n).below(many) as i64;
                    vec![Request::page(format!("/tickets/{number}"))]
                })
            }
            What::Reply => {
                let open = made.open.clone();
                let text = self.words.text(1, 2);
                Box::new(move |n| {
                    let number = open[Dice::new(n).below(open.len() as u64) as usize];
                    let path = format!("/tickets/{number}/lines");
                    vec![Request::form(path, &[("visibility", "public"), ("text", &text)])]
                })
            }
            What::HandOff => self.hand_offs(),
            What::Create => self.creates(),
        }
    }

    fn hand_offs(&self) -> Box<dyn Fn(u64) -> Vec<Request> + Send + Sync> {
        let (at_hand, handed) = (self.at.made.at_hand.clone(), Arc::clone(&self.handed));
        let teams = self.at.cast.teams.map(|team| team.to_string());
        Box::new(move |_| {
            // Where all have been handed on, they go back in the same order.
            let done = handed.fetch_add(1, Ordering::Relaxed);
            let (number, round) = (at_hand[done % at_hand.len()], done / at_hand.len());
            let (to, offered) = (&teams[(round + 1) % 2], (round + 1).to_string());
            let offer = Request::form(
                format!("/tickets/{number}/offer"),
                &[
                    ("to", to),
                    ("tried", "Restarted it and checked the cable; no change."),
                    ("access", "Through the management console; the key is in the vault."),
                    ("impact", "Four people of one office."),
                    ("next", "Look at the queue of the server."),
                ],
            );
            vec![offer, Request::form(format!("/tickets/{number}/acceptance"), &[("offer", &offered)])]
        })
    }

    fn creates(&self) -> Box<dyn Fn(u64) -> Vec<Request> + Send + Sync> {
        let companies = self.at.cast.companies.clone();
        let texts: Vec<(String, String)> =
            (0..500).map(|n| (self.words.subject(n), self.words.text(n, 1))).collect();
        Box::new(move |n| {
            let mut dice = Dice::new(n);
            let company = &companies[dice.below(companies.len() as u64) as usize];
            let who = &company.requesters[dice.below(company.requesters.len() as u64) as usize];
            let (subject, text) = &texts[n as usize % texts.len()];
            vec![Request::form(
                "/tickets/new",
                &[
                    ("client", &company.id.to_string()),
                    ("requester", &who.id.to_string()),
                    ("kind", "incident"),
                    ("subject", subject),
                    ("text", text),
                    ("impact", "low"),
                    ("urgency", "medium"),
                    ("service", "devices.printers"),
                ],
            )]
        })
    }
}
