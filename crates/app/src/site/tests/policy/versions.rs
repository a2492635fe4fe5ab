//! Every route that names a version of a matrix, for every caller, in every state that a version can be in: from one table.

use axum::http::header::ACCEPT;
use http_body_util::BodyExt;

use super::*;
use crate::api::operation_paths;
use crate::matrix::{Side, Signed, Standing, Version};

/// The states of a version, in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Proposed,
    SignedByProvider,
    SignedByClient,
    Withdrawn,
    Superseded,
    InForce,
}

const STATES: [State; 6] = [
    State::Proposed,
    State::SignedByProvider,
    State::SignedByClient,
    State::Withdrawn,
    State::Superseded,
    State::InForce,
];

/// What those are told who get past the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It is there to read.
    Shown,
    /// It is done.
    Done,
    /// It is done for one side; the other has signed already.
    For(Side),
    /// It cannot be done any more.
    Late,
}

use Told::{Done, Late, Shown};

/// A row: the method, the route, who gets in, what is sent, and what they are told in each state.
type Row = (&'static str, &'static str, Who, &'static str, [Told; 6]);

const READ: Who = Who::May(P::ReadMatrix);
const EDIT: Who = Who::May(P::EditMatrix);
const SIGNED: [Told; 6] = [Done, Told::For(Side::Client), Told::For(Side::Provider), Late, Late, Late];
const TAKEN_BACK: [Told; 6] = [Done, Done, Done, Late, Late, Late];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("GET", "/matrix/{version}", READ, "", [Shown; 6]),
    ("GET", "/matrix/{version}/grid", READ, "", [Shown; 6]),
    ("GET", "/matrix/{version}/state", READ, "", [Shown; 6]),
    ("GET", "/matrix/{version}/export/{form}", READ, "", [Shown; 6]),
    ("POST", "/matrix/{version}/signatures", SIGN, "hash={hash}", SIGNED),
    ("POST", "/matrix/{version}/withdrawal", EDIT, "", TAKEN_BACK),
    ("GET", "/clients/{id}/matrix/difference?from={number}&to={number}", READ, "", [Shown; 6]),
    ("GET", "/api/v1/versions/{version}", READ, "", [Shown; 6]),
    ("GET", "/api/v1/versions/{version}/export/{form}", READ, "", [Shown; 6]),
    ("POST", "/api/v1/versions/{version}/signatures", SIGN, r#"{"hash": "{hash}"}"#, SIGNED),
    ("POST", "/api/v1/versions/{version}/withdrawal", EDIT, "{}", TAKEN_BACK),
    ("GET", "/api/v1/clients/{id}/matrix/difference?from={number}&to={number}", READ, "", [Shown; 6]),
];

#[test]
fn every_route_that_names_a_version_has_a_row() {
    on_each(async |test| {
        let site = Site::new(test.app.clone(), Transport::Loopback);
        let mut written = routes_in_sources();
        written.extend(operation_paths(&site).map(|(method, path)| (method.to_string(), path)));
        written.retain(|(_, path)| path.contains("{version}"));
        let known: BTreeSet<(String, String)> =
            ROWS.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
        let without: Vec<_> = written.difference(&known).collect();
        assert!(written.len() > 8 && without.is_empty(), "without a row in the table above: {without:?}");
    });
}

/// A client, a sound text of its matrix, and who signs for which side.
struct Signers {
    client: Id<clients::Client>,
    operator: Caller,
    provider: people::Member,
    approver: people::Member,
}

impl Signers {
    /// A version of its own in a state.
    async fn version(&self, test: &TestApp, state: State) -> Signed {
        let id = self.proposed(test).await;
        let sides: &[Side] = match state {
            State::Proposed | State::Withdrawn => &[],
            State::SignedByProvider => &[Side::Provider],
            State::SignedByClient => &[Side::Client],
            State::Superseded | State::InForce => &[Side::Provider, Side::Client],
        };
        self.sign(test, id, sides).await;
        if state == State::Withdrawn {
            test.app.write(&self.operator, move |tx, act| matrix::withdraw(tx, act, id)).await.unwrap();
        }
        if state == State::Superseded {
            let next = self.proposed(test).await;
            self.sign(test, next, &[Side::Provider, Side::Client]).await;
        }
        self.find(test, id).await
    }

    async fn proposed(&self, test: &TestApp) -> Id<Version> {
        let client = self.client;
        let propose = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let draft = matrix::draft(tx, act, client)?.ok_or(crate::Refused::NotFound)?;
            let today = "2026-11-23".parse().expect("it is a date");
            matrix::propose(tx, act, client, draft.version, &matrix::check(&draft.text, today))
        };
        test.app.write(&self.operator, propose).await.unwrap()
    }

    async fn sign(&self, test: &TestApp, id: Id<Version>, sides: &[Side]) {
        for side in sides {
            let member = if *side == Side::Provider { &self.provider } else { &self.approver };
            let signer = Caller::member(self.operator.provider, None, member);
            let hash = self.find(test, id).await.hash;
            test.app.write(&signer, move |tx, act| matrix::sign(tx, act, id, &hash)).await.unwrap();
        }
    }

    async fn find(&self, test: &TestApp, id: Id<Version>) -> Signed {
        test.app.read(&self.operator, move |tx, act| matrix::find(tx, act, id)).await.unwrap()
    }
}

fn fill(text: &str, version: &Signed) -> String {
    text.replace("{version}", &version.id.to_string())
        .replace("{id}", &version.client.to_string())
        .replace("{hash}", &version.hash)
        .replace("{number}", &version.number.to_string())
        .replace("{form}", "toml")
}

async fn ask(browser: &Browser, row: &Row, cookie: &str, version: &Signed) -> Seen {
    let (method, path, _, body, _) = row;
    let api = path.starts_with("/api");
    let request = Request::builder()
        .method(*method)
        .uri(fill(path, version))
        .header(COOKIE, cookie)
        .header("host", "remit.example")
        .header(ORIGIN, "http://remit.example")
        .header("sec-fetch-site", "same-origin")
        .header(ACCEPT, "*/*")
        .header(CONTENT_TYPE, if api { "application/json" } else { "application/x-www-form-urlencoded" })
        .body(Body::from(fill(body, version)))
        .unwrap();
    let response = browser.site.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Seen { status, to: String::new(), cookie: None, retry_after: None, text }
}

/// Whether a row lets somebody in do it, in the state of its column.
fn does(told: Told, role: Role) -> bool {
    match told {
        Done => true,
        Told::For(side) => (side == Side::Provider) == role.may(P::SignForProvider),
        Late | Shown => false,
    }
}

#[test]
fn every_version_answers_every_caller_as_its_state_says() {
    on_each(async |test| {
        let world = World::new(test).await;
        let (signers, strangers) = signers(test, &world).await;
        for (column, state) in STATES.into_iter().enumerate() {
            let trial = Trial { test, world: &world, signers: &signers, column, state };
            let mut version = signers.version(test, state).await;
            for row in ROWS {
                version = trial.callers(row, version).await;
                trial.strangers(row, &version, &strangers).await;
            }
        }
    });
}

/// A column of the table.
struct Trial<'t> {
    test: &'t TestApp,
    world: &'t World,
    signers: &'t Signers,
    column: usize,
    state: State,
}

impl Trial<'_> {
    /// Everybody asks; says the version that is in the state now.
    async fn callers(&self, row: &Row, mut version: Signed) -> Signed {
        let Self { test, world, signers, column, state } = *self;
        for (name, role, cookie) in &world.callers {
            let seen = ask(&world.browser, row, cookie, &version).await;
            let what = format!("{} {} as {name}, {state:?}: {}\n{}", row.0, row.1, seen.status, seen.text);
            sane(&seen, &what);
            let done = judge(row, column, *role, &seen, &what);
            let after = signers.find(test, version.id).await;
            assert_eq!(after != version, done, "{what}");
            if row.1 == "/matrix/{version}" {
                offered(column, *role, &seen, &what);
            }
            if done {
                version = signers.version(test, state).await;
            }
        }
        version
    }

    /// Those whom it does not concern ask.
    async fn strangers(&self, row: &Row, version: &Signed, strangers: &[(&str, String)]) {
        for (name, cookie) in strangers {
            let seen = ask(&self.world.browser, row, cookie, version).await;
            let what = format!("{} {} as {name}, {:?}: {}", row.0, row.1, self.state, seen.status);
            let hidden = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&seen.status);
            assert!(hidden && !seen.text.contains("Ardent"), "{what}\n{}", seen.text);
            assert_eq!(self.signers.find(self.test, version.id).await, *version, "{what}");
        }
    }
}

/// Whether the answer is what the table says, and whether something was done.
fn judge(row: &Row, column: usize, role: Option<Role>, seen: &Seen, what: &str) -> bool {
    let (_, path, who, _, told) = row;
    let Some(role) = role else {
        assert!([StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&seen.status), "{what}");
        return false;
    };
    if !gets_in(*who, role) {
        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&seen.status), "{what}");
        return false;
    }
    let done = does(told[column], role);
    let right = match (told[column], done) {
        (Shown, _) => seen.status == StatusCode::OK,
        (_, true) if path.starts_with("/api") => seen.status.is_success(),
        (_, true) => seen.status == StatusCode::SEE_OTHER,
        (_, false) => seen.status == StatusCode::CONFLICT,
    };
    assert!(right, "{what}");
    done
}

/// The page offers what the two rows for pages say that can be done, and nothing else.
fn offered(column: usize, role: Option<Role>, seen: &Seen, what: &str) {
    let Some(role) = role.filter(|role| gets_in(READ, *role)) else { return };
    let can = |end: &str| {
        let row =
            ROWS.iter().find(|row| row.1 == format!("/matrix/{{version}}/{end}")).expect("it has a row");
        gets_in(row.2, role) && does(row.4[column], role)
    };
    for end in ["signatures", "withdrawal"] {
        let there = seen.text.contains(&format!("/{end}\""));
        assert_eq!(there, can(end), "{end} is offered: {what}");
    }
}

/// Who signs, and whose versions these are not: another client's approver and another provider's owner.
async fn signers(test: &TestApp, world: &World) -> (Signers, Vec<(&'static str, String)>) {
    let client: Id<clients::Client> = world.own.client.parse().unwrap();
    let foreign: Id<clients::Client> = world.foreign.client.parse().unwrap();
    let operator = Caller::operator(world.provider);
    let found = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let sound = matrix::in_force(tx, act, client, act.at)?.ok_or(crate::Refused::NotFound)?;
        let draft = matrix::draft(tx, act, client)?.ok_or(crate::Refused::NotFound)?;
        matrix::edit(tx, act, client, draft.version, &sound.text)?;
        let people = people::list(tx, act, None, 500)?;
        let of = |role: Role, client: Option<Id<clients::Client>>| {
            people.iter().find(|one| one.role == role && one.client == client).cloned().expect("it is there")
        };
        let other = of(Role::ClientApprover, Some(foreign));
        Ok((of(Role::ServiceManager, None), of(Role::ClientApprover, Some(client)), other))
    };
    let (provider, approver, other) = test.app.write(&operator, found).await.unwrap();
    let elsewhere = test.caller(Role::Owner, None).await.membership.unwrap();
    let strangers = vec![
        ("an approver of another client", world.browser.sign_in(test, &operator, other.id).await),
        ("an owner of another provider", world.browser.sign_in(test, &test.operator(), elsewhere).await),
    ];
    (Signers { client, operator, provider, approver }, strangers)
}

/// A state of the program has a column: this does not compile without it.
#[test]
fn every_standing_is_a_state_of_the_table() {
    let states = |standing: Standing| match standing {
        Standing::Proposed => &[State::Proposed, State::SignedByProvider, State::SignedByClient][..],
        Standing::Withdrawn => &[State::Withdrawn][..],
        Standing::Published { .. } => &[State::Superseded, State::InForce][..],
    };
    let from = remit_core::At::from_millis(0);
    let all = [Standing::Proposed, Standing::Withdrawn, Standing::Published { from }];
    assert_eq!(all.into_iter().flat_map(states).copied().collect::<Vec<_>>(), STATES);
}
