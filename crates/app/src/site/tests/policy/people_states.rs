//! One route of each kind, for every state that somebody, their session or their key can be in: from one table.

use axum::http::header::{ACCEPT, AUTHORIZATION, HeaderName};
use http_body_util::BodyExt;
use remit_core::Millis;

use super::*;
use crate::people::{Departure, Invitation, Membership, State};
use crate::sign_in::totp::Shared;
use crate::sign_in::{
    Begun, Factor, LONGEST, NewKey, Secret, begin_factor, confirm_factor, create_key, list_keys, make_link,
    resume, revoke_key, second_factor, set_password, use_link,
};

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It is shown, or done.
    Yes,
    /// Whoever they are, they may not.
    No,
    /// To sign in.
    Who,
}

use Told::{No, Who as Whom, Yes};

/// The routes of the columns: a page, a form, what a program reads, what it writes, and what is open for good.
const ROUTES: [(&str, &str); 5] = [
    ("GET", "/clients"),
    ("POST", "/clients"),
    ("GET", "/api/v1/clients"),
    ("POST", "/api/v1/clients"),
    ("GET", "/clients/{id}/matrix/live"),
];

/// How somebody stands who comes with something that was good once, or never quite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    InSession,
    WithALinkAlone,
    Suspended,
    Reinstated,
    Left,
    SignedOut,
    SessionTooOld,
    HalfSession,
    Key,
    ReadOnlyKey,
    KeyTooOld,
    KeyRevoked,
    KeyOfSuspended,
    KeyOfReinstated,
    KeyOfLeft,
}

#[rustfmt::skip]
const ROWS: [(Stands, [Told; 5]); 15] = [
    //                          page  form  read  write live
    (Stands::InSession,        [Yes,  Yes,  Yes,  Yes,  Yes]),
    (Stands::WithALinkAlone,   [Whom, Whom, Whom, Whom, Whom]),
    (Stands::Suspended,        [Whom, Whom, Whom, Whom, Whom]),
    (Stands::Reinstated,       [Whom, Whom, Whom, Whom, Whom]),
    (Stands::Left,             [Whom, Whom, Whom, Whom, Whom]),
    (Stands::SignedOut,        [Whom, Whom, Whom, Whom, Whom]),
    (Stands::SessionTooOld,    [Whom, Whom, Whom, Whom, Whom]),
    (Stands::HalfSession,      [Whom, Whom, Whom, Whom, Whom]),
    (Stands::Key,              [Whom, Whom, Yes,  Yes,  Whom]),
    (Stands::ReadOnlyKey,      [Whom, Whom, Yes,  No,   Whom]),
    (Stands::KeyTooOld,        [Whom, Whom, Whom, Whom, Whom]),
    (Stands::KeyRevoked,       [Whom, Whom, Whom, Whom, Whom]),
    (Stands::KeyOfSuspended,   [Whom, Whom, Whom, Whom, Whom]),
    (Stands::KeyOfReinstated,  [Whom, Whom, Whom, Whom, Whom]),
    (Stands::KeyOfLeft,        [Whom, Whom, Whom, Whom, Whom]),
];

/// The rows for a state of a membership. A state that the program gets is not compiled without its rows.
fn rows_of(state: State) -> &'static [Stands] {
    match state {
        State::Invited => &[Stands::WithALinkAlone],
        State::Active => &[Stands::InSession, Stands::Key, Stands::Reinstated],
        State::Suspended => &[Stands::Suspended, Stands::KeyOfSuspended],
        State::Left => &[Stands::Left, Stands::KeyOfLeft],
    }
}

/// Somebody, and what they come with: a cookie or a key.
struct Somebody<'t> {
    test: &'t TestApp,
    member: Id<Membership>,
}

impl Somebody<'_> {
    /// A service manager of their own.
    async fn new(test: &TestApp, number: usize) -> Somebody<'_> {
        let party = test.party;
        let invite = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let invitation = Invitation {
                party,
                role: Role::ServiceManager,
                name: format!("Manager {number}"),
                email: format!("manager{number}@test.example"),
                everywhere: true,
                clients: Vec::new(),
            };
            people::invite(tx, act, &invitation)
        };
        Somebody { test, member: test.app.write(&test.operator(), invite).await.unwrap() }
    }

    async fn link(&self) -> Secret {
        let member = self.member;
        self.test.app.write(&self.test.operator(), move |tx, act| make_link(tx, act, member)).await.unwrap()
    }

    async fn session(&self) -> (Caller, Secret) {
        let Begun::Session(secret) = use_link(&self.test.app, &self.link().await, "a test").await.unwrap()
        else {
            panic!("there is no second factor")
        };
        (resume(&self.test.app, &secret).await.unwrap().unwrap().0, secret)
    }

    async fn half(&self) -> Secret {
        let (app, (caller, _)) = (&self.test.app, self.session().await);
        let password = "correct horse battery";
        set_password(app, &caller, "", password).await.unwrap();
        begin_factor(app, &caller, password).await.unwrap();
        let Factor::Begun(enrolment) = second_factor(app, &caller).await.unwrap() else {
            panic!("it was begun")
        };
        confirm_factor(app, &caller, &Shared::read(&enrolment.secret).code(app.now())).await.unwrap();
        let Begun::Half(secret) = use_link(app, &self.link().await, "a test").await.unwrap() else {
            panic!("a code is asked for")
        };
        secret
    }

    async fn turn(&self, state: State) {
        let id = self.member;
        let change = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| match state {
            State::Suspended => people::suspend(tx, act, id),
            State::Active => people::reinstate(tx, act, id),
            State::Left => {
                let seen = people::seen(&people::holds(tx, act, id)?);
                people::leave(tx, act, id, &Departure { successor: None, seen })
            }
            State::Invited => unreachable!("nobody becomes invited"),
        };
        self.test.app.write(&self.test.operator(), change).await.unwrap();
    }

    /// What they come with, as a header.
    async fn comes_with(&self, stands: Stands, browser: &Browser) -> (HeaderName, String) {
        let cookie = |secret: &Secret| format!("remit={}", secret.reveal());
        match stands {
            Stands::WithALinkAlone => return (COOKIE, cookie(&self.link().await)),
            Stands::HalfSession => return (COOKIE, cookie(&self.half().await)),
            _ => {}
        }
        let (caller, secret) = self.session().await;
        let reads_only = stands == Stands::ReadOnlyKey;
        let days = if stands == Stands::KeyTooOld { 1 } else { 300 };
        let new = NewKey { name: "a key".to_owned(), reads_only, clients: Vec::new(), days };
        let key = create_key(&self.test.app, &caller, &new, "").await.unwrap();
        match stands {
            Stands::Suspended | Stands::KeyOfSuspended => self.turn(State::Suspended).await,
            Stands::Left | Stands::KeyOfLeft => self.turn(State::Left).await,
            Stands::Reinstated | Stands::KeyOfReinstated => {
                self.turn(State::Suspended).await;
                self.turn(State::Active).await;
            }
            Stands::SignedOut => drop(browser.send(Method::POST, "/sign-out", &cookie(&secret), "").await),
            Stands::KeyRevoked => {
                let kept = list_keys(&self.test.app, &caller).await.unwrap();
                revoke_key(&self.test.app, &caller, kept[0].id).await.unwrap();
            }
            // Keys that are good for long outlive the oldest session.
            Stands::SessionTooOld => self.test.pass(LONGEST + Millis::from_millis(1)),
            Stands::KeyTooOld => self.test.pass(Millis::from_hours(24)),
            Stands::InSession | Stands::Key | Stands::ReadOnlyKey => {}
            Stands::WithALinkAlone | Stands::HalfSession => unreachable!("they were seen to"),
        }
        if format!("{stands:?}").contains("Key") {
            return (AUTHORIZATION, format!("Bearer {key}"));
        }
        (COOKIE, cookie(&secret))
    }
}

#[test]
fn every_state_of_somebody_is_answered_as_the_table_says() {
    on_each(async |test| {
        let browser = Browser::new(test);
        let client = test.client("Ardent").await;
        for (number, (stands, told)) in ROWS.iter().enumerate() {
            let somebody = Somebody::new(test, number).await;
            let with = somebody.comes_with(*stands, &browser).await;
            for ((method, path), told) in ROUTES.iter().zip(told) {
                let path = path.replace("{id}", &client.to_string());
                let before = clients_there(test).await;
                let name = format!("Made {number} by {}", path.len());
                let (status, to) = ask(&browser, (method, &path), &with, &name).await;
                let what = format!("{method} {path} as {stands:?}: {status} {to}");
                let yes = status.is_success() || to.starts_with("/clients/client_");
                let seen = match status {
                    StatusCode::FORBIDDEN => No,
                    StatusCode::UNAUTHORIZED => Whom,
                    _ if to.starts_with("/sign-in") => Whom,
                    _ if yes => Yes,
                    _ => panic!("{what}"),
                };
                assert_eq!(seen, *told, "{what}");
                let made = clients_there(test).await - before;
                assert_eq!(made == 1, *method == "POST" && *told == Yes, "{what}");
            }
        }
    });
}

async fn clients_there(test: &TestApp) -> usize {
    test.app.read(&test.operator(), |tx, act| clients::list(tx, act, None, 100)).await.unwrap().len()
}

/// The status, and where to.
async fn ask(
    browser: &Browser,
    (method, path): (&str, &str),
    (header, with): &(HeaderName, String),
    name: &str,
) -> (StatusCode, String) {
    let api = path.starts_with("/api");
    let (kind, body) = match (method, api) {
        ("POST", true) => ("application/json", format!(r#"{{"name": "{name}", "zone": "UTC"}}"#)),
        ("POST", false) => ("application/x-www-form-urlencoded", form(&[("name", name), ("zone", "UTC")])),
        _ => ("text/plain", String::new()),
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header, with)
        .header("host", "remit.example")
        .header(ORIGIN, "http://remit.example")
        .header("sec-fetch-site", "same-origin")
        .header(ACCEPT, if api { "application/json" } else { "text/html" })
        .header(CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap();
    let response = browser.site.clone().oneshot(request).await.unwrap();
    let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    let status = response.status();
    // What is open for good has no end.
    if !path.ends_with("/live") {
        response.into_body().collect().await.unwrap();
    }
    (status, to)
}

#[test]
fn every_state_of_a_membership_has_its_rows() {
    for state in [State::Invited, State::Active, State::Suspended, State::Left] {
        for stands in rows_of(state) {
            assert!(ROWS.iter().any(|row| row.0 == *stands), "{state:?}: {stands:?}");
        }
    }
    assert_eq!(ROWS.map(|row| row.0 as usize), std::array::from_fn(|n| n), "each way to stand has one row");
}

#[test]
fn a_stream_that_is_open_ends_when_its_session_does() {
    on_each(async |test| {
        let browser = Browser::new(test);
        let client = test.client("Ardent").await;
        let start =
            move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| matrix::start(tx, act, client, "first");
        test.app.write(&test.operator(), start).await.unwrap();
        let ends = [Stands::Suspended, Stands::Left, Stands::SignedOut, Stands::InSession];
        for (number, stands) in ends.into_iter().enumerate() {
            let somebody = Somebody::new(test, number).await;
            let (_, secret) = somebody.session().await;
            let cookie = format!("remit={}", secret.reveal());
            let path = format!("/clients/{client}/matrix/live");
            let response = browser.respond(Method::GET, &path, (&cookie, "text/plain"), "").await;
            let mut stream = response.into_body();
            let greeting = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(greeting.starts_with(b"retry"), "{stands:?}");
            match stands {
                Stands::Suspended => somebody.turn(State::Suspended).await,
                Stands::Left => somebody.turn(State::Left).await,
                Stands::SignedOut => drop(browser.send(Method::POST, "/sign-out", &cookie, "").await),
                _ => {}
            }
            let version = i64::try_from(number).unwrap() + 1;
            let text = format!("# {number}");
            let edit = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                matrix::edit(tx, act, client, version, &text)
            };
            test.app.write(&test.operator(), edit).await.unwrap();
            // Where it does not end, it is told of the change.
            let next = stream.frame().await.map(|frame| frame.unwrap().into_data().unwrap());
            assert_eq!(next.is_some(), stands == Stands::InSession, "{stands:?}: {next:?}");
        }
    });
}
