//! Requests of programs that are repeated: at once, after their connection was cut off, on another node, with another body. Whatever comes of
//! it, the effect is there once and the answer is the same.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use remit_app::api::Rates;
use remit_app::sign_in;
use remit_app::site::{Site, routes};
use remit_app::{Caller, Refused};
use remit_web::Transport;
use remit_web::serve::{Patience, Stop, serve};
use std::time::Duration;
use tokio::net::TcpListener;

use super::world::World;
use crate::browser::{Browser, Request};
use crate::dice::Dice;

/// Requests that are under way at once.
const TASKS: u64 = 8;
/// Nodes that they land on.
const NODES: usize = 2;
/// Times that a request is sent again until it is answered.
const PATIENCE: usize = 200;
/// What may be said to one that is repeated: done, or being done.
const ANSWERS: &[u16] = &[200, 201, 409];
/// The same, or that the key stands for another request.
const OTHER: &[u16] = &[409, 422];

/// What was done.
#[derive(Debug, Default)]
pub struct Repeated {
    /// Tickets that were opened.
    pub opened: u64,
    sent: u64,
    cut: u64,
    refused: u64,
}

impl fmt::Display for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opened, sent, cut, refused } = self;
        write!(
            f,
            "{opened} requests sent {sent} times, {cut} of these cut off: one effect and one answer each; {refused} with the key of another \
             refused"
        )
    }
}

/// Somebody who asks.
struct Asker {
    nodes: Vec<SocketAddr>,
    cookie: String,
    body: String,
    dice: Dice,
    done: Repeated,
}

/// Repeats so many requests.
pub async fn race(world: &World, many: u64, seed: u64) -> Result<Repeated, String> {
    let failed = |e: Refused| e.to_string();
    let stop = Stop::new();
    let mut nodes = Vec::new();
    for n in 0..NODES {
        let app = world.apps[n % world.apps.len()].clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        nodes.push(listener.local_addr().map_err(|e| e.to_string())?);
        // Nobody is held back for asking often: that is another test.
        let rates = Rates { each_minute: NonZeroU32::MAX, strangers_minute: NonZeroU32::MAX };
        let site = Site::new(app, Transport::Loopback).at_rates(rates);
        let patience = Patience::new(Duration::from_secs(1));
        tokio::spawn(serve(listener, routes(site), stop.stopping(), patience));
    }
    let (by, who) = (Caller::operator(world.provider), world.technicians[0].id);
    let link =
        world.apps[0].write(&by, move |tx, act| sign_in::make_link(tx, act, who)).await.map_err(failed)?;
    let cookie = Browser::sign_in(nodes[0], &link.reveal()).await?;
    let body = format!(
        "{{\"client\":\"{}\",\"requester\":\"{}\",\"kind\":\"incident\",\"impact\":\"low\",\"urgency\":\"low\",\"subject\":",
        world.client, world.requester.id
    );
    let (nodes, cookie, body) = (Arc::new(nodes), Arc::new(cookie), Arc::new(body));
    let running: Vec<_> = (0..TASKS)
        .map(|task| {
            let asker = Asker {
                nodes: nodes.to_vec(),
                cookie: cookie.to_string(),
                body: body.to_string(),
                dice: Dice::new(seed.wrapping_mul(77) + task),
                done: Repeated::default(),
            };
            tokio::spawn(asker.run(task, many / TASKS + u64::from(task < many % TASKS)))
        })
        .collect();
    let mut all = Repeated::default();
    for task in running {
        let done = task.await.map_err(|e| e.to_string())??;
        all.opened += done.opened;
        all.sent += done.sent;
        all.cut += done.cut;
        all.refused += done.refused;
    }
    stop.begin();
    Ok(all)
}

impl Asker {
    async fn run(mut self, task: u64, many: u64) -> Result<Repeated, String> {
        for n in 0..many {
            self.repeat(&format!("{task}-{n}"))
                .await
                .map_err(|wrong| format!("request {task}-{n}: {wrong}"))?;
        }
        Ok(self.done)
    }

    fn request(&self, key: &str, subject: &str, good: &'static [u16]) -> Request {
        let head = format!("Content-Type: application/json\r\nIdempotency-Key: race-{key}\r\n");
        let body = format!("{}\"{subject}\"}}", self.body);
        Request { method: "POST", path: "/api/v1/tickets".to_owned(), head, body, good }
    }

    async fn browser(&mut self) -> Result<Browser, String> {
        let node = self.nodes[self.dice.below(self.nodes.len() as u64) as usize];
        Browser::connect(node, &self.cookie).await
    }

    /// One request under one key, again and again.
    async fn repeat(&mut self, key: &str) -> Result<(), String> {
        let request = self.request(key, &format!("repeated {key}"), ANSWERS);
        let mut answers: Vec<String> = Vec::new();
        // Some at once, some of which nobody waits for.
        let mut waiting = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let (browser, request) = (self.browser().await?, request.clone());
            self.done.sent += 1;
            if self.dice.below(3) == 0 {
                self.done.cut += 1;
                browser.abandon(&request).await?;
            } else {
                let mut browser = browser;
                waiting.push(tokio::spawn(async move { browser.right(&request).await }));
            }
        }
        for asked in waiting {
            let answer = asked.await.map_err(|e| e.to_string())??;
            if answer.status != 409 {
                answers.push(answer.text());
            }
        }
        // Then until it is answered, and once more.
        for _ in 0..PATIENCE {
            if answers.len() > 1 {
                break;
            }
            self.done.sent += 1;
            let answer = self.browser().await?.right(&request).await?;
            if answer.status == 409 {
                tokio::task::yield_now().await;
            } else {
                answers.push(answer.text());
            }
        }
        let Some(first) = answers.first() else { return Err("it was never answered".to_owned()) };
        if answers.iter().any(|answer| answer != first) {
            return Err(format!("it was answered in two ways: {}", answers.join(" | ")));
        }
        self.done.opened += 1;
        if self.dice.below(4) == 0 {
            let other = self.request(key, "something else", OTHER);
            self.browser().await?.right(&other).await?;
            self.done.refused += 1;
        }
        Ok(())
    }
}
