//! Every page for every role, and for nobody: from a table, so that a page without a row is missed.

mod approval;
mod attachment;
mod board;
mod bulk;
mod checklist;
mod company;
mod departure;
mod drafting;
mod export;
mod hand_off;
mod key;
mod macros;
mod passkey;
mod plan;
mod policy;
mod portal;
mod rating;
mod report;
mod second_factor;
mod visibility;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use remit_core::Id;
use remit_web::{ErrorPages, Settings, Transport, stack};
use tower::ServiceExt;

use super::{Site, routes};
use crate::act::Caller;
use crate::people::{Permission, Role};
use crate::testing::{TestApp, on_each, on_forgetful};
use crate::{clients, demo, matrix, people, sign_in, tickets};

/// A page, and the permission that it takes; none is for everybody who is signed in.
const PAGES: &[(&str, Option<Permission>)] = &[
    ("/me", None),
    ("/me/company", None),
    ("/me/keys", None),
    ("/api", None),
    ("/me/passkeys", None),
    ("/me/second-factor", None),
    ("/clients", Some(Permission::ReadClients)),
    ("/clients/new", Some(Permission::ManageClients)),
    ("/notices", None),
    ("/settings/priorities", Some(Permission::ManageSettings)),
    ("/settings/hand-off", Some(Permission::ManageSettings)),
    ("/settings/hand-off?service=", Some(Permission::ManageSettings)),
    ("/settings/approvals", Some(Permission::ManageSettings)),
    ("/settings/approvals?kind=request&service=none", Some(Permission::ManageSettings)),
    ("/settings/checklists", Some(Permission::ManageSettings)),
    ("/settings/checklists/new", Some(Permission::ManageSettings)),
    ("/settings/fields", Some(Permission::ManageSettings)),
    ("/settings/fields/new", Some(Permission::ManageSettings)),
    ("/tickets?client={client}", Some(Permission::ReadTickets)),
    ("/promises", Some(Permission::ReadClients)),
    ("/reports/desk", Some(Permission::ReadTickets)),
    ("/reports/desk?month=2026-10&client={client}", Some(Permission::ReadTickets)),
    ("/reports/desk?format=csv", Some(Permission::ReadTickets)),
    ("/reports/desk/tickets", Some(Permission::ReadTickets)),
    ("/reports/desk/tickets?month=2026-11&which=opened&client={client}", Some(Permission::ReadTickets)),
    ("/reports/desk/tickets?which=missed-sla.resolution&format=xlsx", Some(Permission::ReadTickets)),
    ("/clients/{client}/promises", Some(Permission::ReadClients)),
    ("/clients/{client}", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix?open=all", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/who", Some(Permission::ReadMatrix)),
    (
        "/clients/{client}/matrix/who?service=helpdesk&at=2027-01-03T02:00&tier=L1",
        Some(Permission::ReadMatrix),
    ),
    ("/clients/{client}/matrix/who?service=zzz&at=yesterday&kind=song", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/week", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/week?service=helpdesk&from=2027-03-10&tier=L1", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/week?service=zzz&from=never", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/history", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/history?on=2027-02-30&before=1", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/difference?from=1&to=draft", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/draft", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/draft/state?seen=1", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/draft/export/toml", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/draft/export/csv", Some(Permission::ReadMatrix)),
    ("/clients/{client}/matrix/draft/export/json", Some(Permission::ReadMatrix)),
    ("/matrix/{version}", Some(Permission::ReadMatrix)),
    ("/matrix/{version}/grid", Some(Permission::ReadMatrix)),
    ("/matrix/{version}/state?seen=0", Some(Permission::ReadMatrix)),
    ("/matrix/{version}/export/toml", Some(Permission::ReadMatrix)),
    ("/matrix/{version}/export/html", Some(Permission::ReadMatrix)),
    ("/clients/{client}/sites/new", Some(Permission::ManageClients)),
    ("/sites/{site}", Some(Permission::ManageClients)),
    ("/portal", Some(Permission::AskForHelp)),
    ("/clients/{client}/sharing", Some(Permission::ManageClientPeople)),
    ("/requests", Some(Permission::PlanTickets)),
    ("/requests/new", Some(Permission::PlanTickets)),
    ("/ratings", Some(Permission::ReadTickets)),
    ("/ratings?which=to-follow&client={client}", Some(Permission::ReadTickets)),
    ("/ratings?which=poor&format=csv", Some(Permission::ReadTickets)),
    ("/macros", Some(Permission::WorkTickets)),
    ("/macros/new", Some(Permission::WorkTickets)),
    ("/go", None),
    ("/styleguide", None),
    ("/go?q=har", None),
    ("/go?q=%00%22OR", None),
    ("/me/preferences", None),
    ("/approvals", Some(Permission::AskForHelp)),
    ("/approvals?format=csv", Some(Permission::AskForHelp)),
    ("/approvals?view=all", Some(Permission::ReadTickets)),
    ("/approvals?view=all&format=xlsx", Some(Permission::ReadTickets)),
    ("/board", Some(Permission::ReadLoad)),
    ("/board?by=status", Some(Permission::ReadLoad)),
    ("/board?by=zzz&moved=0&seen=1", Some(Permission::ReadLoad)),
    ("/load", Some(Permission::ReadLoad)),
    ("/load?format=csv", Some(Permission::ReadLoad)),
    ("/load?format=xlsx", Some(Permission::ReadLoad)),
    ("/tickets?pile=late&team={team}", Some(Permission::ReadLoad)),
    ("/tickets?pile=waiting-vendor&team={team}&format=csv", Some(Permission::ReadLoad)),
    ("/tickets?pile=works&person={person}", Some(Permission::ReadLoad)),
    ("/tickets", Some(Permission::AskForHelp)),
    ("/tickets?view=open&priority=P1", Some(Permission::AskForHelp)),
    ("/tickets?view=open&choose=page", Some(Permission::AskForHelp)),
    ("/tickets?view=zzz&after=", Some(Permission::AskForHelp)),
    ("/clients/{client}/plans", Some(Permission::PlanTickets)),
    ("/clients/{client}/plans/new", Some(Permission::PlanTickets)),
    ("/tickets/views", Some(Permission::AskForHelp)),
    ("/tickets?kind=incident&status=new&priority=P3&service=helpdesk", Some(Permission::AskForHelp)),
    ("/tickets?view=open&text=vpn&kind=incident&format=csv", Some(Permission::AskForHelp)),
    ("/tickets?text=%22%3E%3Cb%3E&kind=x&status=x", Some(Permission::AskForHelp)),
    ("/tickets?tag=none", Some(Permission::AskForHelp)),
    ("/tickets?tag=%22%3E%3Cb%3E&format=csv", Some(Permission::AskForHelp)),
    ("/tickets/new", Some(Permission::AskForHelp)),
    ("/clients/{client}/contacts/new", Some(Permission::ManageClientPeople)),
    ("/contacts/{contact}", Some(Permission::ManageClientPeople)),
    ("/people", Some(Permission::ReadPeople)),
    ("/people/teams", Some(Permission::ReadPeople)),
    ("/people/teams/new", Some(Permission::ManageClientPeople)),
    ("/people/teams/{team}", Some(Permission::ReadPeople)),
    ("/people/{person}", Some(Permission::ReadPeople)),
    ("/people/{person}/suspend", Some(Permission::ManageProviderPeople)),
    ("/people/{person}/reinstate", Some(Permission::ManageProviderPeople)),
    ("/people/{person}/leave", Some(Permission::ManageProviderPeople)),
    ("/parties/{own}/sign-in", Some(Permission::ManageSettings)),
    ("/parties/{internal}/sign-in", Some(Permission::ManageClientSignIn)),
    ("/audit", Some(Permission::ReadAudit)),
    ("/tickets?format=csv", Some(Permission::AskForHelp)),
    ("/tickets?view=own&format=xlsx", Some(Permission::AskForHelp)),
    ("/people?format=csv", Some(Permission::ReadPeople)),
    ("/clients?format=csv", Some(Permission::ReadClients)),
    ("/audit?format=xlsx", Some(Permission::ReadAudit)),
    ("/search", Some(Permission::AskForHelp)),
    ("/search?q=slow", Some(Permission::AskForHelp)),
    ("/search?q=%00%22OR&after=", Some(Permission::AskForHelp)),
    ("/settings", None),
];

struct Browser {
    site: Router,
}

struct Seen {
    status: StatusCode,
    to: String,
    cookie: Option<String>,
    retry_after: Option<String>,
    text: String,
}

impl Browser {
    fn new(test: &TestApp) -> Self {
        Self::of(Site::new(test.app.clone(), Transport::Loopback).with_mail())
    }

    fn of(site: Site) -> Self {
        let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: Some("/sign-in") };
        let mut settings = Settings::new(Transport::Loopback, errors, Arc::new(|| uuid::Uuid::from_u128(1)));
        settings.uploads = Some(super::UPLOADS);
        Self { site: stack(routes(site), settings).unwrap() }
    }

    async fn send(&self, method: Method, path: &str, cookie: &str, form: &str) -> Seen {
        self.send_as(method, path, (cookie, "application/x-www-form-urlencoded"), form).await
    }

    async fn send_as(&self, method: Method, path: &str, (cookie, kind): (&str, &str), body: &str) -> Seen {
        let response = self.respond(method, path, (cookie, kind), body).await;
        let header =
            |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, to, cookie) =
            (response.status(), header(LOCATION).unwrap_or_default(), header(SET_COOKIE));
        let retry_after = header(RETRY_AFTER);
        let cookie = cookie.map(|cookie| cookie.split(';').next().unwrap_or_default().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Seen { status, to, cookie, retry_after, text: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn respond(
        &self,
        method: Method,
        path: &str,
        (cookie, kind): (&str, &str),
        body: &str,
    ) -> axum::response::Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(COOKIE, cookie)
            .header("host", "remit.example")
            .header(ORIGIN, "http://remit.example")
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header(CONTENT_TYPE, kind)
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.site.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> Seen {
        self.send(Method::GET, path, cookie, "").await
    }

    /// Signs somebody in as they would, and says their cookie.
    async fn sign_in(&self, test: &TestApp, operator: &Caller, member: Id<people::Membership>) -> String {
        let link =
            test.app.write(operator, move |tx, act| sign_in::make_link(tx, act, member)).await.unwrap();
        let path = format!("/sign-in/link/{}", link.reveal());
        assert_eq!(self.get(&path, "").await.status, StatusCode::OK, "looking does not use it up");
        let seen = self.send(Method::POST, &path, "", "").await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/"));
        seen.cookie.unwrap()
    }
}

/// Names of the table, and what they stand for.
type Named = [(&'static str, String); 8];

/// A client that people of Ardent Manufacturing do not reach, and what the names in the table stand for: all of it of Ardent, and somebody
/// who is not one of those that sign in.
fn named(
    tx: &mut remit_db::Tx<'_, '_>,
    act: &crate::Act,
    shown: &[Id<people::Membership>],
) -> Result<(Id<clients::Client>, Named), crate::Refused> {
    let all = clients::list(tx, act, None, 50)?;
    let client = |name: &str| all.iter().find(|client| client.name == name).expect("it is there").id;
    let (ardent, harbor) = (client("Ardent Manufacturing"), client("Harbor Dental"));
    let people = people::list(tx, act, None, 500)?;
    let one = |member: &&people::Member| member.role == Role::Technician && !shown.contains(&member.id);
    let person = people.iter().find(one).expect("there are several technicians").id;
    let parties = people::list_parties(tx, Some(ardent))?;
    let of = |kind| parties.iter().find(|party| party.1 == kind).expect("it is there").0;
    let ids = [
        ("{own}", of(people::PartyKind::Provider).to_string()),
        ("{internal}", of(people::PartyKind::Internal).to_string()),
        ("{client}", ardent.to_string()),
        ("{version}", matrix::history(tx, act, ardent)?[0].id.to_string()),
        ("{person}", person.to_string()),
        ("{site}", clients::sites(tx, act, ardent)?[0].id.to_string()),
        ("{contact}", clients::contacts(tx, act, ardent)?[0].id.to_string()),
        ("{team}", people::teams(tx, act)?[0].id.to_string()),
    ];
    Ok((harbor, ids))
}

#[test]
fn every_page_answers_every_role_as_the_table_says() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let browser = Browser::new(test);
        let shown: Vec<_> = made.roles.iter().map(|member| member.id).collect();
        let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| named(tx, act, &shown);
        let (harbor, named) = test.app.read(&operator, read).await.unwrap();
        for member in &made.roles {
            let cookie = browser.sign_in(test, &operator, member.id).await;
            for (path, permission) in PAGES {
                let path = named.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
                let seen = browser.get(&path, &cookie).await;
                let allowed = permission.is_none_or(|permission| member.role.may(permission));
                let right = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
                // A technician abroad may not reach this client at all, which looks as if it were not there.
                let hidden = member.role == Role::OffshoreTechnician && seen.status == StatusCode::NOT_FOUND;
                assert!(
                    seen.status == right || hidden,
                    "{path} as {:?}: {}\n{}",
                    member.role,
                    seen.status,
                    seen.text
                );
                assert!(
                    !seen.text.contains("Harbor Dental") || member.client.is_none(),
                    "{path} as {:?}",
                    member.role
                );
                let nobody = browser.get(&path, "").await;
                assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{path}");
                assert!(nobody.to.starts_with("/sign-in?next="), "{path}: {}", nobody.to);
                let forged = browser.get(&path, &format!("remit={}", "0".repeat(96))).await;
                assert_eq!(forged.status, StatusCode::SEE_OTHER, "{path}");
            }
            if member.client.is_some() && member.role.may(Permission::ReadMatrix) {
                for path in [format!("/clients/{harbor}"), format!("/clients/{harbor}/matrix")] {
                    let seen = browser.get(&path, &cookie).await;
                    assert_eq!(seen.status, StatusCode::NOT_FOUND, "{path} as {:?}", member.role);
                }
            }
        }
    });
}

#[test]
fn asking_for_a_link_answers_the_same_for_every_address_and_shows_no_link() {
    on_each(async |test| {
        let somebody = test.caller(Role::Technician, None).await;
        let browser = Browser::new(test);
        assert!(browser.get("/sign-in", "").await.text.contains("Send me a link"));
        let mut answers = Vec::new();
        for email in ["technician@test.example", "nobody@test.example", "technician@test.example"] {
            let form = form(&[("address", email)]);
            let seen = browser.send(Method::POST, "/sign-in/ask", "", &form).await;
            assert_eq!((seen.status, seen.cookie), (StatusCode::OK, None), "{}", somebody.name);
            answers.push(seen.text);
        }
        assert_eq!((&answers[0], &answers[0]), (&answers[1], &answers[2]));
        assert!(
            !answers[0].contains("/sign-in/link/") && !answers[0].contains("technician"),
            "{}",
            answers[0]
        );
        let empty = browser.send(Method::POST, "/sign-in/ask", "", "address=").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for form in ["address=a%40b.example&next=%2F", ""] {
            let seen = browser.send(Method::POST, "/sign-in/ask", "", form).await;
            assert_ne!(seen.status, StatusCode::OK, "{form}");
        }
    });
}

/// Fields as browsers send them, each byte written out.
fn form(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        text.extend(["&", name, "="]);
        for byte in value.bytes() {
            write!(text, "%{byte:02X}").expect("writing into a text does not fail");
        }
    }
    text.trim_start_matches('&').to_owned()
}

/// What a form holds in a hidden field.
fn hidden<'t>(page: &'t str, name: &str) -> &'t str {
    let field = format!("name=\"{name}\" value=\"");
    let (_, after) = page.split_once(&field).expect("the form has the field");
    after.split('"').next().unwrap_or_default()
}

#[test]
fn a_hole_is_seen_mended_proposed_and_signed_by_both_in_the_pages() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let browser = Browser::new(test);
        let as_role =
            |role: Role| made.roles.iter().find(|member| member.role == role).expect("each role is there").id;
        let it = browser.sign_in(test, &operator, as_role(Role::ClientIt)).await;
        let manager = browser.sign_in(test, &operator, as_role(Role::ServiceManager)).await;
        let approver = browser.sign_in(test, &operator, as_role(Role::ClientApprover)).await;
        let list = browser.get("/clients", &it).await.text;
        let (_, client) = list.split_once("href=\"/clients/client_").expect("internal IT sees its company");
        let client = format!("/clients/client_{}", client.split('"').next().unwrap_or_default());

        let draft = browser.get(&format!("{client}/matrix/draft"), &it).await.text;
        assert!(draft.contains("nobody owns") && draft.contains("holidays(office)"), "{draft}");
        let (_, text) = draft.split_once("name=\"text\"").expect("the text is there");
        let text =
            text.split_once('>').expect("the field begins").1.split("</textarea>").next().unwrap_or_default();
        let text = text.replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'");
        let mended = text.trim().replace("not office and not holidays(office)", "not office");
        let version = hidden(&draft, "version").to_owned();
        let saved = form(&[("text", &mended), ("version", &version)]);
        let seen = browser.send(Method::POST, &format!("{client}/matrix/draft"), &it, &saved).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        let late = browser.send(Method::POST, &format!("{client}/matrix/draft"), &manager, &saved).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
        assert!(late.text.contains("Somebody else has changed the draft"));

        let draft = browser.get(&format!("{client}/matrix/draft"), &it).await.text;
        assert!(draft.contains("Proved: every duty has exactly one owner"), "{draft}");
        let proposal = form(&[("version", hidden(&draft, "version")), ("starts_on", "2026-12-01")]);
        let seen = browser.send(Method::POST, &format!("{client}/matrix/proposals"), &it, &proposal).await;
        assert!(seen.to.starts_with("/matrix/matrix_"), "{} {}", seen.status, seen.text);
        for cookie in [&manager, &approver] {
            let page = browser.get(&seen.to, cookie).await.text;
            let hash = form(&[("hash", hidden(&page, "hash"))]);
            let signed = browser.send(Method::POST, &format!("{}/signatures", seen.to), cookie, &hash).await;
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        }
        let page = browser.get(&seen.to, &it).await.text;
        assert!(page.contains("signed by both"), "{page}");
    });
}
