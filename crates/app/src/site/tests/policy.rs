//! Every route, for every kind of caller, on what is theirs, what is not and what is nothing: from one table. A route without a row fails
//! the first test. What nobody but another provider may see holds the word `canary`; no answer ever does.

mod people_states;
mod sources;
mod versions;
mod world;

use std::collections::BTreeSet;

use super::*;
use crate::go::DOORS;
use crate::people::Permission as P;
use sources::{ELSEWHERE, routes_in_sources};
use world::{Things, World};

/// Who gets past the door of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Whoever asks.
    Anybody,
    /// Whoever is signed in.
    Signed,
    /// Whoever has the permission.
    May(P),
    /// Whoever has one of two.
    Either(P, P),
}

/// A row: the method, the route as it is written in the router, who gets in, and a form that is refused only late, so that nothing is
/// done by whoever gets in.
type Rule = (&'static str, &'static str, Who, &'static str);

const MANAGE: Who = Who::Either(P::ManageProviderPeople, P::ManageClientPeople);
const SIGN: Who = Who::Either(P::SignForProvider, P::SignForClient);

#[rustfmt::skip]
const RULES: &[Rule] = &[
    ("GET", "/", Who::Signed, ""),
    ("GET", "/audit", Who::May(P::ReadAudit), ""),
    ("GET", "/clients", Who::May(P::ReadClients), ""),
    ("POST", "/clients", Who::May(P::ManageClients), "name=&zone=Nowhere"),
    ("GET", "/clients/new", Who::May(P::ManageClients), ""),
    ("GET", "/clients/{id}", Who::May(P::ReadClients), ""),
    ("GET", "/clients/{id}/agreement", Who::May(P::ManageClients), ""),
    ("POST", "/clients/{id}/agreement", Who::May(P::ManageClients), "model=co-managed&starts_on=2027-01-01"),
    ("GET", "/clients/{id}/name", Who::May(P::ManageClients), ""),
    ("POST", "/clients/{id}/name", Who::May(P::ManageClients), "name=New&version=999"),
    ("GET", "/clients/{id}/matrix", Who::May(P::ReadMatrix), ""),
    ("GET", "/clients/{id}/matrix/difference", Who::May(P::ReadMatrix), ""),
    ("GET", "/clients/{id}/matrix/draft", Who::May(P::ReadMatrix), ""),
    ("POST", "/clients/{id}/matrix/draft", Who::May(P::EditMatrix), "text=x&version=999"),
    ("POST", "/clients/{id}/matrix/draft/check", Who::May(P::ReadMatrix), "text=x&version=999"),
    ("GET", "/clients/{id}/matrix/draft/export/{form}", Who::May(P::ReadMatrix), ""),
    ("POST", "/clients/{id}/matrix/draft/fix", Who::May(P::EditMatrix), "text=x&version=999&fix=none"),
    ("POST", "/clients/{id}/matrix/draft/import", Who::May(P::EditMatrix), "text=x&version=999"),
    ("GET", "/clients/{id}/matrix/draft/state", Who::May(P::ReadMatrix), ""),
    ("POST", "/clients/{id}/matrix/draft/undo", Who::May(P::EditMatrix), "version=999"),
    ("GET", "/clients/{id}/matrix/history", Who::May(P::ReadMatrix), ""),
    ("GET", "/clients/{id}/matrix/live", Who::May(P::ReadMatrix), ""),
    ("POST", "/clients/{id}/matrix/proposals", Who::May(P::EditMatrix), "version=999&starts_on=2027-01-01"),
    ("GET", "/clients/{id}/matrix/week", Who::May(P::ReadMatrix), ""),
    ("GET", "/clients/{id}/matrix/who", Who::May(P::ReadMatrix), ""),
    ("GET", "/clients/{id}/contacts/new", Who::May(P::ManageClientPeople), ""),
    ("POST", "/clients/{id}/contacts/new", Who::May(P::ManageClientPeople), "name="),
    ("GET", "/clients/{id}/sites/new", Who::May(P::ManageClients), ""),
    ("POST", "/clients/{id}/sites/new", Who::May(P::ManageClients), "name=&zone=Nowhere"),
    ("GET", "/contacts/{id}", Who::May(P::ManageClientPeople), ""),
    ("POST", "/contacts/{id}", Who::May(P::ManageClientPeople), "name=New&version=999"),
    ("POST", "/contacts/{id}/removal", Who::May(P::ManageClientPeople), "unknown=1"),
    ("GET", "/settings/fields", Who::May(P::ManageSettings), ""),
    ("GET", "/settings/fields/new", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/fields/new", Who::May(P::ManageSettings), "key=A&label=&shape=line&needed=never&read-by=public&place=1"),
    ("GET", "/settings/fields/{field}", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/fields/{field}", Who::May(P::ManageSettings), "label=A&shape=date&needed=never&read-by=public&place=1&version=999"),
    ("POST", "/settings/fields/{field}/retirement", Who::May(P::ManageSettings), "unknown=1"),
    ("GET", "/settings/priorities", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/priorities", Who::May(P::ManageSettings), "high-high=P9"),
    ("GET", "/settings/hand-off", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/hand-off", Who::May(P::ManageSettings), "service=none+of+these&version=0"),
    ("POST", "/settings/hand-off/removal", Who::May(P::ManageSettings), "service=none+of+these"),
    ("GET", "/settings/checklists", Who::May(P::ManageSettings), ""),
    ("GET", "/settings/checklists/new", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/checklists/new", Who::May(P::ManageSettings), "name=&from-start=hand"),
    ("GET", "/settings/checklists/{id}", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/checklists/{id}", Who::May(P::ManageSettings), "name=New&from-start=hand&text=x&side=holder&version=999"),
    ("POST", "/settings/checklists/{id}/retirement", Who::May(P::ManageSettings), "unknown=1"),
    ("POST", "/settings/checklists/{id}/restoration", Who::May(P::ManageSettings), "unknown=1"),
    ("GET", "/settings/approvals", Who::May(P::ManageSettings), ""),
    ("POST", "/settings/approvals", Who::May(P::ManageSettings), "kind=incident&question=&hours=0&version=0"),
    ("POST", "/settings/approvals/removal", Who::May(P::ManageSettings), "kind=request&service=none+of+these"),
    ("GET", "/approvals", Who::May(P::AskForHelp), ""),
    ("GET", "/tickets/{number}/approval", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/approval", Who::May(P::WorkTickets), "question=&until=never"),
    ("GET", "/tickets/{number}/approval/answer", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/{number}/approval/answer", Who::May(P::AskForHelp), "approval=approval_01890a5d-ac96-774b-bcce-b302099a8057&answer=yes&reason="),
    ("POST", "/tickets/{number}/approval/stand-in", Who::May(P::AskForHelp), "approval=approval_01890a5d-ac96-774b-bcce-b302099a8057&to=none"),
    ("POST", "/tickets/{number}/approval/withdrawal", Who::May(P::WorkTickets), "approval=approval_01890a5d-ac96-774b-bcce-b302099a8057"),
    ("GET", "/macros", Who::May(P::WorkTickets), ""),
    ("GET", "/macros/new", Who::May(P::WorkTickets), ""),
    ("POST", "/macros/new", Who::May(P::WorkTickets), "name=&of=own&visibility=public"),
    ("GET", "/macros/{macro}", Who::May(P::WorkTickets), ""),
    ("POST", "/macros/{macro}", Who::May(P::WorkTickets), "name=&visibility=public&version=999"),
    ("POST", "/macros/{macro}/removal", Who::May(P::WorkTickets), "unknown=1"),
    ("GET", "/tickets/{number}/similar", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/helpers", Who::May(P::WorkTickets), "helper=none"),
    ("POST", "/tickets/{number}/helpers/removal", Who::May(P::WorkTickets), "helper=none"),
    ("GET", "/portal", Who::May(P::AskForHelp), ""),
    ("GET", "/requests", Who::May(P::PlanTickets), ""),
    ("GET", "/requests/new", Who::May(P::PlanTickets), ""),
    ("POST", "/requests/new", Who::May(P::PlanTickets), "client=none&name=&kind=request&urgency=low"),
    ("GET", "/requests/{request}", Who::May(P::PlanTickets), ""),
    ("POST", "/requests/{request}", Who::May(P::PlanTickets), "name=&kind=request&urgency=low&version=999"),
    ("POST", "/requests/{request}/removal", Who::May(P::PlanTickets), "unknown=1"),
    ("GET", "/clients/{id}/sharing", Who::May(P::ManageClientPeople), ""),
    ("POST", "/clients/{id}/sharing", Who::May(P::ManageClientPeople), "readers=chosen&addresses=&version=999"),
    ("POST", "/tickets/{number}/sharing", Who::May(P::AskForHelp), "with=whom"),
    ("GET", "/ratings", Who::May(P::ReadTickets), ""),
    ("GET", "/rate/{slip}", Who::Anybody, ""),
    ("POST", "/rate/{slip}", Who::Anybody, "grade=none"),
    ("POST", "/tickets/{number}/rating", Who::May(P::AskForHelp), "grade=none"),
    ("POST", "/tickets/{number}/rating/follow-up", Who::May(P::WorkTickets), "done="),
    ("POST", "/tickets/{number}/macro", Who::May(P::WorkTickets), "put=&visibility=public&text="),
    ("GET", "/go", Who::Signed, ""),
    ("GET", "/styleguide", Who::Signed, ""),
    ("POST", "/styleguide", Who::Signed, "name=&seats=many"),
    ("GET", "/me/preferences", Who::Signed, ""),
    ("POST", "/me/preferences", Who::Signed, "theme=none&density=dense"),
    ("GET", "/notices", Who::Signed, ""),
    ("GET", "/notices/live", Who::Signed, ""),
    ("POST", "/notices/read", Who::Signed, "unknown=1"),
    ("POST", "/notices/mail", Who::Signed, "mail=never"),
    ("GET", "/promises", Who::May(P::ReadClients), ""),
    ("GET", "/reports/desk", Who::May(P::ReadTickets), ""),
    ("GET", "/reports/desk/tickets", Who::May(P::ReadTickets), ""),
    ("POST", "/promises", Who::May(P::ManageClients), "promise=none&within=never"),
    ("POST", "/promises/calendars", Who::May(P::ManageClients), "name=&zone=Nowhere"),
    ("POST", "/promises/{id}/end", Who::May(P::ManageClients), "unknown=1"),
    ("GET", "/clients/{id}/promises", Who::May(P::ReadClients), ""),
    ("POST", "/clients/{id}/promises", Who::May(P::ManageClients), "promise=none&within=never"),
    ("POST", "/clients/{id}/promises/calendars", Who::May(P::ManageClients), "name=&zone=Nowhere"),
    ("GET", "/board", Who::May(P::ReadLoad), ""),
    ("GET", "/load", Who::May(P::ReadLoad), ""),
    ("GET", "/tickets/{number}/move", Who::May(P::ReadLoad), ""),
    ("POST", "/tickets/{number}/move", Who::May(P::ReadLoad), "by=status&was=none&to=none"),
    ("GET", "/tickets/{number}/clocks", Who::May(P::AskForHelp), ""),
    ("GET", "/tickets", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/bulk", Who::May(P::WorkTickets), "ticket=none&deed=none"),
    ("GET", "/tickets/live", Who::May(P::AskForHelp), ""),
    ("GET", "/tickets/new", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/new", Who::May(P::AskForHelp), "subject=&kind=none"),
    ("GET", "/tickets/{number}", Who::May(P::AskForHelp), ""),
    ("GET", "/tickets/{number}/live", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/{number}/lines", Who::May(P::AskForHelp), "visibility=none&text=x"),
    ("POST", "/tickets/{number}/sending", Who::May(P::AskForHelp), "unknown=1"),
    ("POST", "/tickets/{number}/sending/undo", Who::May(P::AskForHelp), "unknown=1"),
    ("POST", "/tickets/{number}/draft", Who::May(P::AskForHelp), "visibility=none&text=x"),
    ("GET", "/tickets/{number}/presence", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/{number}/presence", Who::May(P::AskForHelp), "doing=none"),
    ("GET", "/tickets/{number}/takers", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/status", Who::May(P::WorkTickets), "from=none&to=none"),
    ("POST", "/tickets/{number}/worker", Who::May(P::WorkTickets), "worker=none"),
    ("POST", "/tickets/{number}/weight", Who::May(P::WorkTickets), "impact=none&urgency=none"),
    ("POST", "/tickets/{number}/matter", Who::May(P::WorkTickets), "service=none+of+these&tier=none"),
    ("POST", "/tickets/{number}/subject", Who::May(P::WorkTickets), "subject="),
    ("GET", "/tickets/{number}/offer", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/offer", Who::May(P::WorkTickets), "to=none"),
    ("GET", "/tickets/{number}/escalation", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/escalation", Who::May(P::WorkTickets), "tried="),
    ("GET", "/tickets/{number}/hand-back", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/hand-back", Who::May(P::WorkTickets), "tried="),
    ("POST", "/tickets/{number}/acceptance", Who::May(P::WorkTickets), "offer=999"),
    ("GET", "/tickets/{number}/refusal", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/refusal", Who::May(P::WorkTickets), "offer=999&why="),
    ("POST", "/tickets/{number}/links", Who::May(P::WorkTickets), "kind=none&number=0"),
    ("POST", "/tickets/{number}/links/remove", Who::May(P::WorkTickets), "kind=none&number=0"),
    ("POST", "/tickets/{number}/merge", Who::May(P::WorkTickets), "into=0"),
    ("GET", "/tickets/{number}/split", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/split", Who::May(P::WorkTickets), "subject="),
    ("GET", "/tickets/{number}/attachments/{attachment}", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/{number}/attachments/{attachment}/removal", Who::May(P::AskForHelp), "unknown=1"),
    ("GET", "/clients/{id}/plans", Who::May(P::PlanTickets), ""),
    ("POST", "/clients/{id}/plans", Who::May(P::PlanTickets), "subject=&rule=FREQ=HOURLY"),
    ("GET", "/clients/{id}/plans/new", Who::May(P::PlanTickets), ""),
    ("GET", "/plans/{plan}", Who::May(P::PlanTickets), ""),
    ("POST", "/plans/{plan}", Who::May(P::PlanTickets), "subject=&version=999"),
    ("POST", "/plans/{plan}/rest", Who::May(P::PlanTickets), "unknown=1"),
    ("POST", "/plans/{plan}/end", Who::May(P::PlanTickets), "unknown=1"),
    ("GET", "/tickets/views", Who::May(P::AskForHelp), ""),
    ("POST", "/tickets/views", Who::May(P::AskForHelp), "name=&query="),
    ("POST", "/tickets/views/{view}/removal", Who::May(P::AskForHelp), "unknown=1"),
    ("GET", "/tickets/{number}/fields", Who::May(P::WorkTickets), ""),
    ("POST", "/tickets/{number}/fields", Who::May(P::WorkTickets), "fields.none=x"),
    ("POST", "/tickets/{number}/tags", Who::May(P::WorkTickets), "add=aword-that-is-longer-than-the-forty-characters-of-a-tag"),
    ("POST", "/tickets/{number}/checklists", Who::May(P::WorkTickets), "checklist=none"),
    ("POST", "/tickets/{number}/checklists/items", Who::May(P::WorkTickets), "item=0&to=none"),
    ("POST", "/tickets/{number}/checklists/removal", Who::May(P::WorkTickets), "number=0&reason="),
    ("POST", "/tickets/{number}/watch", Who::May(P::AskForHelp), "unknown=1"),
    ("POST", "/tickets/{number}/unwatch", Who::May(P::AskForHelp), "unknown=1"),
    ("POST", "/tickets/{number}/recall", Who::May(P::WorkTickets), "offer=999"),
    ("GET", "/sites/{id}", Who::May(P::ManageClients), ""),
    ("POST", "/sites/{id}", Who::May(P::ManageClients), "name=New&zone=UTC&version=999"),
    ("GET", "/people/teams", Who::May(P::ReadPeople), ""),
    ("GET", "/people/teams/new", MANAGE, ""),
    ("POST", "/people/teams/new", MANAGE, "party=none&name=&zone=UTC"),
    ("GET", "/people/teams/{id}", Who::May(P::ReadPeople), ""),
    ("POST", "/people/teams/{id}", MANAGE, "name=New&zone=UTC&version=999"),
    ("POST", "/people/teams/{id}/members", MANAGE, "member=none"),
    ("POST", "/people/teams/{id}/removal", MANAGE, "member=none"),
    ("GET", "/search", Who::Signed, ""),
    ("GET", "/settings", Who::Signed, ""),
    ("POST", "/settings", Who::May(P::ManageSettings), "name=New&zone=UTC&version=999"),
    ("GET", "/matrix/{version}", Who::May(P::ReadMatrix), ""),
    ("GET", "/matrix/{version}/export/{form}", Who::May(P::ReadMatrix), ""),
    ("GET", "/matrix/{version}/grid", Who::May(P::ReadMatrix), ""),
    ("POST", "/matrix/{version}/signatures", SIGN, "hash=0"),
    ("GET", "/matrix/{version}/state", Who::May(P::ReadMatrix), ""),
    ("POST", "/matrix/{version}/withdrawal", Who::May(P::EditMatrix), ""),
    ("GET", "/me", Who::Signed, ""),
    ("GET", "/me/keys", Who::Signed, ""),
    ("POST", "/me/keys", Who::Signed, "name=&days=0"),
    ("POST", "/me/keys/revoke", Who::Signed, "key=none"),
    ("POST", "/me/membership", Who::Signed, "membership=none"),
    ("POST", "/me/password", Who::Signed, "password=short"),
    ("GET", "/me/second-factor", Who::Signed, ""),
    ("POST", "/me/second-factor", Who::Signed, "deed=none"),
    ("POST", "/me/second-factor/codes", Who::Signed, "proof="),
    ("POST", "/me/sessions/end", Who::Signed, "session=none"),
    ("GET", "/me/company", Who::Signed, ""),
    ("POST", "/me/company", Who::Signed, "unknown=1"),
    ("POST", "/me/company/remove", Who::Signed, "party=none&subject=none&proof="),
    ("GET", "/me/passkeys", Who::Signed, ""),
    ("POST", "/me/passkeys", Who::Signed, "client=none&attestation=none"),
    ("POST", "/me/passkeys/begin", Who::Signed, "name=&proof="),
    ("POST", "/me/passkeys/remove", Who::Signed, "passkey=none&proof="),
    ("GET", "/parties/{party}/sign-in", Who::Either(P::ManageSettings, P::ManageClientSignIn), ""),
    ("POST", "/parties/{party}/sign-in", Who::Either(P::ManageSettings, P::ManageClientSignIn), "url=none&version=999"),
    ("POST", "/parties/{party}/sign-in/remove", Who::Either(P::ManageSettings, P::ManageClientSignIn), "version=999"),
    ("GET", "/people", Who::May(P::ReadPeople), ""),
    ("POST", "/people", MANAGE, "name=&email=&party=none&role=none&reach=all"),
    ("GET", "/people/new", MANAGE, ""),
    ("GET", "/people/{id}", Who::May(P::ReadPeople), ""),
    ("GET", "/people/{id}/leave", MANAGE, ""),
    ("POST", "/people/{id}/leave", MANAGE, "successor=none&seen=none"),
    ("GET", "/people/{id}/reinstate", MANAGE, ""),
    ("POST", "/people/{id}/reinstate", MANAGE, "unknown=1"),
    ("GET", "/people/{id}/role", MANAGE, ""),
    ("POST", "/people/{id}/role", MANAGE, "role=none&reach=all"),
    ("GET", "/people/{id}/suspend", MANAGE, ""),
    ("POST", "/people/{id}/suspend", MANAGE, "unknown=1"),
    ("GET", "/sign-in", Who::Anybody, ""),
    ("POST", "/sign-in", Who::Anybody, "email=nobody%40example.com&password=nothing+at+all&next="),
    ("POST", "/sign-in/ask", Who::Anybody, "address="),
    ("GET", "/sign-in/back", Who::Anybody, ""),
    ("POST", "/sign-in/company", Who::Anybody, "work=&next="),
    ("POST", "/sign-in/passkey", Who::Anybody, "credential=none&user=none&client=none&device=none&signature=none&next="),
    ("POST", "/sign-in/passkey/begin", Who::Anybody, "unknown=1"),
    ("GET", "/sign-in/code", Who::Anybody, ""),
    ("POST", "/sign-in/code", Who::Anybody, "code=000000&next="),
    ("GET", "/sign-in/link/{secret}", Who::Anybody, ""),
    ("POST", "/sign-in/link/{secret}", Who::Anybody, ""),
    ("POST", "/sign-out", Who::Signed, "unknown=1"),
];

#[test]
fn every_route_has_a_row() {
    let written = routes_in_sources();
    assert!(written.len() > 40, "the sources were read: {written:?}");
    let known: BTreeSet<(String, String)> =
        RULES.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    let elsewhere = |(_, path): &&(String, String)| ELSEWHERE.iter().any(|start| path.starts_with(start));
    let without: Vec<_> = written.difference(&known).filter(|route| !elsewhere(route)).collect();
    assert!(without.is_empty(), "routes without a row in the table above: {without:?}");
    let gone: Vec<_> = known.difference(&written).collect();
    assert!(gone.is_empty(), "rows without a route: {gone:?}");
}

fn gets_in(who: Who, role: Role) -> bool {
    match who {
        Who::Anybody | Who::Signed => true,
        Who::May(permission) => role.may(permission),
        Who::Either(one, two) => role.may(one) || role.may(two),
    }
}

#[test]
fn every_route_answers_every_caller_as_the_table_says() {
    on_each(every_route_and_caller);
}

/// The same callers, and the same answers: row-level security alone shows nothing foreign either, and lets nothing be done to it.
#[test]
fn every_route_answers_every_caller_as_the_table_says_when_statements_forget_their_scope() {
    on_forgetful(45, every_route_and_caller);
}

async fn every_route_and_caller(test: &TestApp) {
    let world = World::new(test).await;
    let before = lines(test).await;
    let has_id = |path: &str| {
        ["{id}", "{version}", "{party}", "{number}", "{macro}", "{request}"]
            .iter()
            .any(|part| path.contains(part))
    };
    for (name, role, cookie) in &world.callers {
        for row @ (method, path, who, good) in RULES {
            // Open for good: it has tests of its own.
            if path.ends_with("/live") || *path == "/sign-out" {
                continue;
            }
            // Where the form has no fields, whoever is shut out sends it as it is; whoever gets in must not do it here.
            let shut_out = role.is_some_and(|role| !gets_in(*who, role));
            let form = if shut_out && *good == "unknown=1" { "" } else { *good };
            let row = &(row.0, row.1, row.2, form);
            let seen = world.ask(row, cookie, &world.own).await;
            let told = format!("{method} {path} as {name}: {}\n{}", seen.status, seen.text);
            sane(&seen, &told);
            match role {
                None if *who == Who::Anybody => {}
                None => assert!(
                    [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&seen.status),
                    "{told}"
                ),
                Some(role) if gets_in(*who, *role) => {
                    let hidden =
                        *role == Role::OffshoreTechnician || *role == Role::VendorContact || has_id(path);
                    let shut = seen.status == StatusCode::FORBIDDEN && !matches!(who, Who::Either(..));
                    assert!(!shut || hidden && seen.status == StatusCode::NOT_FOUND, "{told}");
                }
                Some(_) => {
                    assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&seen.status), "{told}");
                }
            }
            if has_id(path) {
                strangers(&world, row, (name, *role, cookie)).await;
            }
        }
    }
    let after = lines(test).await;
    let done: Vec<_> = after.difference(&before).collect();
    assert!(done.is_empty(), "done: {done:?}");
}

/// Never a fault of ours, and never a word of another provider.
fn sane(seen: &Seen, told: &str) {
    assert!(!seen.status.is_server_error(), "{told}");
    assert!(!seen.text.to_lowercase().contains("canary"), "{told}");
}

/// What belongs to another provider looks exactly like what is not there; so does another client's, for whoever has one only.
async fn strangers(world: &World, row: &Rule, (name, role, cookie): (&str, Option<Role>, &str)) {
    let nothing = world.own.absent();
    let absent = world.ask(row, cookie, &nothing).await;
    let mut hidden = vec![&world.other];
    if role.is_some_and(|role| role.party() == people::PartyKind::Internal) {
        hidden.push(&world.foreign);
    }
    for things in hidden {
        let seen = world.ask(row, cookie, things).await;
        let told = format!("{} {} as {name}: {}\n{}", row.0, things.fill(row.1), seen.status, seen.text);
        sane(&seen, &told);
        assert!(!seen.status.is_success(), "{told}");
        assert_eq!(seen.status, absent.status, "{told}");
        let plain = |seen: &Seen, of: &Things| {
            let mut text = seen.text.clone();
            let own =
                [&of.client, &of.version, &of.person, &of.site, &of.contact, &of.team, &of.party, &of.rule];
            for id in own.into_iter().chain([
                &of.attachment,
                &of.checklist,
                &of.field,
                &of.plan,
                &of.macro_id,
                &of.request,
            ]) {
                text = text.replace(id.as_str(), "ID");
            }
            text.replace(&format!("tickets/{}", of.ticket), "tickets/ID")
        };
        assert_eq!(plain(&seen, things), plain(&absent, &nothing), "{told}");
    }
}

/// What people and programs write where an id or a word is wanted.
const ODD: [&str; 12] = [
    "x",
    "client_",
    "matrix_",
    "%00",
    "%FF",
    "%C3%A9",
    "..%2F..",
    "client_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    "00000000-0000-0000-0000-000000000000",
    "-1",
    "%27%20OR%201%3D1",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];
/// What follows an address.
const QUERIES: [&str; 5] = [
    "?",
    "?after=x",
    "?service=%00&at=%FF",
    "?from=-1&to=%E2%80%8B",
    "?seen=x&before=x&on=x&open=x&client=x",
];
/// What is sent in place of a form.
const FORMS: [&str; 9] = [
    "",
    "=",
    "&&&",
    "a",
    "unknown=1",
    "%",
    "%FF=%FF",
    "text=%00&version=%00",
    "version=-9223372036854775809",
];

/// The addresses and forms to try a route with.
fn degenerate((method, path, _, good): &Rule, own: &Things) -> Vec<(String, String)> {
    let mut asked = Vec::new();
    for odd in ODD.iter().filter(|_| path.contains('{')) {
        let odd_one = || (*odd).to_owned();
        let things = Things {
            client: odd_one(),
            version: odd_one(),
            person: odd_one(),
            site: odd_one(),
            contact: odd_one(),
            team: odd_one(),
            party: odd_one(),
            attachment: odd_one(),
            ticket: odd_one(),
            checklist: odd_one(),
            rule: odd_one(),
            field: odd_one(),
            plan: odd_one(),
            request: odd_one(),
            macro_id: odd_one(),
        };
        let address = things.fill(path).replace("toml", odd).replace(&"0".repeat(96), odd);
        asked.push((address, (*good).to_owned()));
    }
    let address = own.fill(path);
    if *method == "GET" {
        asked.extend(QUERIES.iter().map(|query| (format!("{address}{query}"), String::new())));
    } else {
        // A route that wants no fields takes an empty form, and does what it does.
        let forms =
            FORMS.iter().filter(|form| !["", "&&&"].contains(form) || !["", "unknown=1"].contains(good));
        asked.extend(forms.map(|form| (address.clone(), (*form).to_owned())));
    }
    asked
}

#[test]
fn whatever_is_typed_into_an_address_or_a_form_is_refused_and_nothing_is_done() {
    on_each(async |test| {
        let world = World::new(test).await;
        let owner = world.callers.iter().find(|(_, role, _)| *role == Some(Role::Owner)).unwrap().2.clone();
        let before = lines(test).await;
        let much = "a=".to_owned() + &"b".repeat(3 << 20);
        for rule @ (method, path, who, good) in RULES {
            if path.ends_with("/live") || path.starts_with("/sign-out") {
                continue;
            }
            for (address, form) in degenerate(rule, &world.own) {
                let seen = world.browser.send(method.parse().unwrap(), &address, &owner, &form).await;
                let told = format!("{method} {address} with `{form}`: {}\n{}", seen.status, seen.text);
                sane(&seen, &told);
                // Checking a text changes nothing, whatever the text.
                let reads = *method == "GET" || path.ends_with("/check");
                let refused = seen.status.is_client_error() || reads || *who == Who::Anybody;
                assert!(refused, "{told}");
            }
            if *method == "POST" {
                let address = world.own.fill(path);
                let plain = (owner.as_str(), "text/plain");
                let seen = world.browser.send_as(Method::POST, &address, plain, good).await;
                assert!(seen.status.is_client_error(), "{path} took text/plain: {}", seen.status);
                let seen = world.browser.send(Method::POST, &address, &owner, &much).await;
                // What wants a file, or nothing at all, does not even look at a form.
                let looks = !path.ends_with("/import") && !good.is_empty();
                let right = if looks { StatusCode::PAYLOAD_TOO_LARGE } else { seen.status };
                assert!(seen.status.is_client_error(), "{path} took 3 MB");
                assert_eq!(seen.status, right, "{path} with 3 MB");
            }
        }
        let after = lines(test).await;
        let done: Vec<_> = after.difference(&before).collect();
        assert!(done.is_empty(), "done: {done:?}");
    });
}

/// Lines of the audit logs, but for those about signing in and about reading.
async fn lines(test: &TestApp) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (provider, _) in test.app.providers().await.unwrap() {
        let caller = Caller::operator(provider);
        let read = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| crate::audit::list(tx, act, None, 5000);
        let found = test.app.read(&caller, read).await.unwrap();
        let deed = |line: &crate::audit::Line| {
            let read = line.action.ends_with(".export") || line.action == "attachment.read";
            !line.action.starts_with("sign-in.") && !read
        };
        let said =
            |line: &crate::audit::Line| format!("{provider} {} {} {}", line.seq, line.action, line.actor);
        all.extend(found.iter().filter(|line| deed(line)).map(said));
    }
    all
}

#[test]
fn every_page_with_an_address_of_its_own_has_a_door_that_opens_to_the_same_people() {
    let pages = RULES.iter().filter(|(method, path, who, _)| {
        let own = !path.contains('{') && !path.starts_with("/api/") && !path.ends_with("/live");
        *method == "GET" && own && *who != Who::Anybody && !["/", "/go"].contains(path)
    });
    for (_, path, who, _) in pages {
        let door =
            DOORS.iter().find(|door| door.href == *path).unwrap_or_else(|| panic!("no door to {path}"));
        let may = match who {
            Who::May(one) => vec![*one],
            Who::Either(one, other) => vec![*one, *other],
            Who::Anybody | Who::Signed => Vec::new(),
        };
        assert_eq!(door.may, may, "{path}");
    }
}
