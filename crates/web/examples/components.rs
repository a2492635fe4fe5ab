//! Every part of a page, to look at: `cargo run -p remit-web --example components` and open the address it prints.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_draw::Hue;
use remit_web::layout::{Chrome, Flash, Link, Shell, Tone, Viewer};
use remit_web::live::{SameOrigin, events};
use remit_web::serve::{Patience, Stop, serve};
use remit_web::{Error, ErrorPages, Form, Random, Settings, SystemRandom, Transport, assets, stack};
use tokio::sync::broadcast::Sender;
use uuid::Uuid;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (stop, topics) = (Stop::new(), Sender::<String>::new(16));
    let (stopping, heard) = (stop.stopping(), topics.clone());
    let count = Arc::new(AtomicU64::new(0));
    let shown = count.clone();
    let routes = Router::new()
        .route("/", get(page).post(page_again))
        .route("/broken", get(async || Error::internal("the reason stays in the log")))
        .route("/count", get(async move || shown.load(Ordering::Relaxed).to_string()))
        .route(
            "/live",
            get(async move |same: SameOrigin| {
                events(same, heard.subscribe(), |_| true, || std::future::ready(true), stopping)
            }),
        )
        .merge(assets::router());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            count.fetch_add(1, Ordering::Relaxed);
            // Nobody listening is no failure.
            let _ = topics.send("count".to_owned());
        }
    });
    let ids = Arc::new(|| {
        let mut bytes = [0; 16];
        SystemRandom.fill(&mut bytes);
        Uuid::from_bytes(bytes)
    });
    let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: None };
    let site = stack(routes, Settings::new(Transport::Loopback, errors, ids))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
    println!("http://{}/", listener.local_addr()?);
    tokio::spawn(stop.at_signal()?);
    println!("{:?}", serve(listener, site, stop.stopping(), Patience::new(Duration::from_secs(5))).await?);
    Ok(())
}

async fn page(headers: HeaderMap) -> Response {
    let mut form =
        Form::filled([("name", "Harbor Dental"), ("seats", "many"), ("tier", "2"), ("live", "on")]);
    form.wrong("seats", "“many” cannot be used: write a number, say 25.");
    show(&form, &headers)
}

async fn page_again(headers: HeaderMap, mut form: Form) -> Result<Response, Error> {
    form.only(&["name", "seats", "tier", "note", "live"])?;
    form.required("name", 80);
    form.parsed::<u32>("seats");
    Ok(show(&form, &headers))
}

fn show(form: &Form, headers: &HeaderMap) -> Response {
    let fields = [
        form.summary().to_string(),
        form.line("name", "Name").hint("As it is on the contract.").to_string(),
        form.line("seats", "People").to_string(),
        form.choice("tier", "Tier", [("1", "First"), ("2", "Second")]).to_string(),
        form.area("note", "Note", 3).optional().to_string(),
        form.tick("live", "Show this at once").to_string(),
    ];
    let body = format!(
        "{}<form class=\"form\" method=\"post\" novalidate>{}\
        <div class=\"actions\"><button class=\"first\">Save</button><a href=\"/\">Cancel</a></div></form></section>",
        include_str!("components.html"),
        fields.concat()
    );
    Shell::new(chrome(), body).status(form.status()).answer(headers)
}

fn chrome() -> Chrome {
    let mut chrome = Chrome::new("Remit", "Every part of a page");
    chrome.nav =
        ["Queue", "Owners", "Coverage", "Reports", "Settings"].map(|text| Link::new(text, "/")).to_vec();
    chrome.nav[0] = Link::new("Queue", "/").waiting(Some("23".to_owned())).current();
    chrome.crumbs = vec![Link::new("Places", "/"), Link::new("Harbor Dental", "/")];
    chrome.search = Some("/".to_owned());
    chrome.live = Some("/live".to_owned());
    chrome.viewer = Some(Viewer {
        name: "Ana Reyes".to_owned(),
        party: Hue::Provider,
        party_name: "Northwind IT".to_owned(),
        href: "/".to_owned(),
    });
    chrome.flash = Some(Flash { tone: Tone::Done, text: "The draft was saved.".to_owned() });
    chrome
}
