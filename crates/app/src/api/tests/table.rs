//! Every operation for every role, by key and in a session, for a client within reach and for one that is not: from a table, so that an
//! operation without a row is missed.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use remit_core::Id;
use serde_json::{Value, json};

use super::{Program, Told, document, key, session};
use crate::act::Caller;
use crate::api::operations;
use crate::people::{Permission as P, Role};
use crate::testing::{TestApp, on_each, on_forgetful};
use crate::{clients, demo, matrix, people, tickets};

/// Who may do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    /// Whoever is signed in.
    Signed,
    /// People in a session.
    Person,
    /// Roles with a permission.
    With(P),
    /// The same, and only with the whole provider in reach.
    Whole(P),
    /// Whoever may sign for a side, in a session.
    Sign,
    /// Everybody.
    Anybody,
}

/// An operation, who may do it, and what is sent: a body, which is sound as JSON and changes nothing when it is refused for what it says.
const TABLE: &[(&str, May, &str)] = &[
    ("getDocument", May::Anybody, ""),
    ("getYou", May::Signed, ""),
    ("listMemberships", May::Person, ""),
    ("listSessions", May::Person, ""),
    ("endSession", May::Person, ""),
    ("endSessions", May::Person, ""),
    ("listKeys", May::Person, ""),
    ("createKey", May::Person, r#"{"name": "x", "days": 999}"#),
    ("revokeKey", May::Person, ""),
    ("listClients", May::With(P::ReadClients), ""),
    ("createClient", May::With(P::ManageClients), r#"{"name": "", "zone": "Nowhere"}"#),
    ("getClient", May::With(P::ReadClients), ""),
    ("changeClient", May::With(P::ManageClients), r#"{"name": ""}"#),
    ("listAgreements", May::With(P::ReadClients), ""),
    ("agree", May::With(P::ManageClients), r#"{"model": "co-managed", "starts-on": "2027-01-01"}"#),
    ("listParties", May::With(P::ReadPeople), ""),
    ("addVendor", May::With(P::ManageProviderPeople), r#"{"name": "", "slug": "A B"}"#),
    ("listPeople", May::With(P::ReadPeople), ""),
    (
        "invite",
        May::With(P::ManageClientPeople),
        r#"{"party": "{party}", "role": "requester", "name": "New", "email": "new@ardent.example"}"#,
    ),
    ("getPerson", May::With(P::ReadPeople), ""),
    ("listHoldings", May::With(P::ManageProviderPeople), ""),
    ("suspend", May::With(P::ManageProviderPeople), "{}"),
    ("assign", May::With(P::ManageProviderPeople), r#"{"role": "requester"}"#),
    ("reinstate", May::With(P::ManageProviderPeople), "{}"),
    ("leave", May::With(P::ManageProviderPeople), r#"{"seen": "another list"}"#),
    ("getMatrix", May::With(P::ReadMatrix), ""),
    ("whoOwns", May::With(P::ReadMatrix), ""),
    ("getWeek", May::With(P::ReadMatrix), ""),
    ("compare", May::With(P::ReadMatrix), ""),
    ("getDraft", May::With(P::ReadMatrix), ""),
    ("startDraft", May::With(P::EditMatrix), "{}"),
    ("editDraft", May::With(P::EditMatrix), r#"{"text": "nothing"}"#),
    ("checkDraft", May::With(P::ReadMatrix), "{}"),
    ("mendDraft", May::With(P::EditMatrix), r#"{"row": "none"}"#),
    ("undoDraft", May::With(P::EditMatrix), "{}"),
    ("importMatrix", May::With(P::EditMatrix), "{}"),
    ("propose", May::With(P::EditMatrix), r#"{"starts-on": "2020-01-01"}"#),
    ("listVersions", May::With(P::ReadMatrix), ""),
    ("getVersion", May::With(P::ReadMatrix), ""),
    ("sign", May::Sign, r#"{"hash": "another"}"#),
    ("withdraw", May::With(P::EditMatrix), "{}"),
    ("exportVersion", May::With(P::ReadMatrix), ""),
    ("exportDraft", May::With(P::ReadMatrix), ""),
    ("listAudit", May::With(P::ReadAudit), ""),
    ("verifyAudit", May::Whole(P::ReadAudit), ""),
    ("listNotices", May::Signed, ""),
    ("readNotices", May::Signed, "{}"),
    ("listPromises", May::With(P::ReadClients), ""),
    ("promise", May::Whole(P::ManageClients), r#"{"promise":"sla.none"}"#),
    ("endPromise", May::With(P::ManageClients), ""),
    ("listPromiseCalendars", May::With(P::ReadClients), ""),
    ("addPromiseCalendar", May::Whole(P::ManageClients), r#"{"name":"","hours":{"week":{}}}"#),
    ("getTicketClocks", May::With(P::AskForHelp), ""),
    ("listPlans", May::With(P::PlanTickets), ""),
    (
        "addPlan",
        May::With(P::PlanTickets),
        r#"{"subject": "", "kind": "task", "impact": "low", "urgency": "low", "requester": "membership_01890a5d-ac96-774b-bcce-b302099a8057", "rule": "FREQ=HOURLY", "starts-on": "2027-01-01", "time": "08:00"}"#,
    ),
    ("getPlan", May::With(P::PlanTickets), ""),
    (
        "changePlan",
        May::With(P::PlanTickets),
        r#"{"version": 999, "plan": {"subject": "", "kind": "task", "impact": "low", "urgency": "low", "requester": "membership_01890a5d-ac96-774b-bcce-b302099a8057", "rule": "FREQ=HOURLY", "starts-on": "2027-01-01", "time": "08:00"}}"#,
    ),
    ("restPlan", May::With(P::PlanTickets), "{}"),
    ("resumePlan", May::With(P::PlanTickets), "{}"),
    ("endPlan", May::With(P::PlanTickets), ""),
    ("getDeskReport", May::With(P::ReadTickets), ""),
    ("listLoad", May::With(P::ReadLoad), ""),
    ("search", May::Signed, ""),
    ("listTickets", May::With(P::ReadTickets), ""),
    ("listTicketViews", May::Signed, ""),
    ("keepTicketView", May::With(P::AskForHelp), r#"{"name": "", "query": ""}"#),
    ("dropTicketView", May::With(P::AskForHelp), ""),
    (
        "openTicket",
        May::With(P::AskForHelp),
        r#"{"client": "{client}", "kind": "incident", "subject": "", "impact": "low", "urgency": "low"}"#,
    ),
    ("getTicket", May::With(P::AskForHelp), ""),
    ("listTicketLines", May::With(P::AskForHelp), ""),
    ("writeTicketLine", May::With(P::AskForHelp), r#"{"visibility": "public", "text": ""}"#),
    ("moveTicket", May::With(P::WorkTickets), r#"{"from": "closed", "to": "closed"}"#),
    (
        "assignTicket",
        May::With(P::WorkTickets),
        r#"{"worker": "membership_01890a5d-ac96-774b-bcce-b302099a8057"}"#,
    ),
    ("renameTicket", May::With(P::WorkTickets), r#"{"subject": ""}"#),
    ("tagTicket", May::With(P::WorkTickets), r#"{"add": ["two words"]}"#),
    (
        "changeTickets",
        May::With(P::WorkTickets),
        r#"{"tickets": ["ticket_01890a5d-ac96-774b-bcce-b302099a8057"], "deed": {"do": "assign", "worker": null}}"#,
    ),
    ("listTicketChecklists", May::With(P::AskForHelp), ""),
    (
        "attachTicketChecklist",
        May::With(P::WorkTickets),
        r#"{"checklist": "checklist_01890a5d-ac96-774b-bcce-b302099a8057"}"#,
    ),
    ("tickTicketItem", May::With(P::WorkTickets), r#"{"item": 999, "to": "done"}"#),
    ("removeTicketChecklist", May::With(P::WorkTickets), r#"{"number": 999, "reason": "x"}"#),
    ("listTicketQuestions", May::With(P::WorkTickets), ""),
    ("listHandOffForms", May::With(P::ManageSettings), ""),
    (
        "setHandOffForm",
        May::With(P::ManageSettings),
        r#"{"service": "none of these", "version": 0, "questions": []}"#,
    ),
    ("removeHandOffForm", May::With(P::ManageSettings), r#"{"service": "none of these"}"#),
    ("listTicketApprovals", May::With(P::AskForHelp), ""),
    ("listTicketApprovers", May::With(P::WorkTickets), ""),
    (
        "askTicketApproval",
        May::With(P::WorkTickets),
        r#"{"question": "", "people": [], "until": "2020-01-01T00:00:00Z"}"#,
    ),
    (
        "answerTicketApproval",
        May::Person,
        r#"{"approval": "approval_01890a5d-ac96-774b-bcce-b302099a8057", "answer": "yes"}"#,
    ),
    (
        "passTicketApproval",
        May::Person,
        r#"{"approval": "approval_01890a5d-ac96-774b-bcce-b302099a8057", "to": "membership_01890a5d-ac96-774b-bcce-b302099a8057"}"#,
    ),
    (
        "withdrawTicketApproval",
        May::With(P::WorkTickets),
        r#"{"approval": "approval_01890a5d-ac96-774b-bcce-b302099a8057"}"#,
    ),
    ("listWaitingApprovals", May::Signed, ""),
    ("listApprovals", May::With(P::ReadTickets), ""),
    ("listApprovalRules", May::With(P::ManageSettings), ""),
    (
        "setApprovalRule",
        May::With(P::ManageSettings),
        r#"{"kind": "incident", "question": "", "hours": 0, "version": 0}"#,
    ),
    (
        "removeApprovalRule",
        May::With(P::ManageSettings),
        r#"{"kind": "request", "service": "none of these"}"#,
    ),
    ("listChecklists", May::With(P::WorkTickets), ""),
    ("createChecklist", May::With(P::ManageSettings), r#"{"name": "", "items": []}"#),
    ("getChecklist", May::With(P::WorkTickets), ""),
    ("changeChecklist", May::With(P::ManageSettings), r#"{"name": "", "items": []}"#),
    ("retireChecklist", May::With(P::ManageSettings), "{}"),
    ("restoreChecklist", May::With(P::ManageSettings), "{}"),
    ("listSimilarTickets", May::With(P::WorkTickets), ""),
    ("listRequestTypes", May::With(P::AskForHelp), ""),
    (
        "createRequestType",
        May::With(P::PlanTickets),
        r#"{"client": "client_01890a5d-ac96-774b-bcce-b302099a8057", "name": "", "kind": "request", "urgency": "low"}"#,
    ),
    ("getRequestType", May::With(P::AskForHelp), ""),
    ("changeRequestType", May::With(P::PlanTickets), r#"{"name": "", "kind": "request", "urgency": "low"}"#),
    ("removeRequestType", May::With(P::PlanTickets), ""),
    ("getSharing", May::With(P::ManageClientPeople), ""),
    ("setSharing", May::With(P::ManageClientPeople), r#"{"readers": "chosen", "addresses": []}"#),
    ("shareTicket", May::With(P::AskForHelp), r#"{"with-colleagues": false}"#),
    ("listRatings", May::With(P::ReadTickets), ""),
    ("rateTicket", May::With(P::AskForHelp), r#"{"grade": "good"}"#),
    ("followRatingUp", May::With(P::WorkTickets), r#"{"done": ""}"#),
    ("listMacros", May::With(P::WorkTickets), ""),
    ("createMacro", May::With(P::WorkTickets), r#"{"name": "", "visibility": "public"}"#),
    ("getMacro", May::With(P::WorkTickets), ""),
    ("changeMacro", May::With(P::WorkTickets), r#"{"name": "", "visibility": "public"}"#),
    ("removeMacro", May::With(P::WorkTickets), ""),
    ("fillMacro", May::With(P::WorkTickets), ""),
    ("listFields", May::With(P::AskForHelp), ""),
    (
        "addField",
        May::With(P::ManageSettings),
        r#"{"key": "A", "definition": {"label": "", "shape": {"type": "line"}, "read-by": "public"}}"#,
    ),
    (
        "changeField",
        May::With(P::ManageSettings),
        r#"{"version": 999, "definition": {"label": "A", "shape": {"type": "line"}, "read-by": "public"}}"#,
    ),
    ("retireField", May::With(P::ManageSettings), "{}"),
    ("reviveField", May::With(P::ManageSettings), "{}"),
    ("fillTicket", May::With(P::WorkTickets), r#"{"fields": {"none": "x"}}"#),
    ("weighTicket", May::With(P::WorkTickets), r#"{"impact": "low", "urgency": "low"}"#),
    ("classifyTicket", May::With(P::WorkTickets), r#"{"service": "none of these"}"#),
    ("listTargets", May::With(P::WorkTickets), ""),
    (
        "offerTicket",
        May::With(P::WorkTickets),
        r#"{"to": "team_01890a5d-ac96-774b-bcce-b302099a8057", "hand-over": {"tried": "", "access": "", "impact": "", "next": ""}}"#,
    ),
    ("handBackTicket", May::With(P::WorkTickets), r#"{"tried": "", "access": "", "impact": "", "next": ""}"#),
    ("escalateTicket", May::With(P::WorkTickets), r#"{"tried": "", "access": "", "impact": "", "next": ""}"#),
    ("acceptTicket", May::With(P::WorkTickets), r#"{"offer": 999}"#),
    ("declineTicket", May::With(P::WorkTickets), r#"{"offer": 999, "why": ""}"#),
    ("listTicketLinks", May::With(P::AskForHelp), ""),
    ("linkTicket", May::With(P::WorkTickets), r#"{"kind": "related", "number": 999999}"#),
    ("unlinkTicket", May::With(P::WorkTickets), r#"{"kind": "related", "number": 999999}"#),
    ("mergeTicket", May::With(P::WorkTickets), r#"{"into": 999999}"#),
    (
        "splitTicket",
        May::With(P::WorkTickets),
        r#"{"ticket": {"client": "{client}", "kind": "incident", "subject": "", "impact": "low", "urgency": "low"}}"#,
    ),
    ("getTicketDraft", May::With(P::AskForHelp), ""),
    ("keepTicketDraft", May::With(P::AskForHelp), r#"{"visibility": "public", "text": ""}"#),
    ("listTicketPresence", May::With(P::AskForHelp), ""),
    ("sayTicketPresence", May::With(P::AskForHelp), r#"{"doing": "looks"}"#),
    ("canTakeTicket", May::With(P::WorkTickets), ""),
    ("watchTicket", May::With(P::AskForHelp), r#"{"who": "{membership}"}"#),
    ("listTicketHelpers", May::With(P::WorkTickets), ""),
    ("helpWithTicket", May::With(P::WorkTickets), r#"{"who": "{membership}"}"#),
    ("endHelpWithTicket", May::With(P::WorkTickets), r#"{"who": "{membership}"}"#),
    ("unwatchTicket", May::With(P::AskForHelp), r#"{"who": "{membership}"}"#),
    ("listAttachments", May::With(P::AskForHelp), ""),
    ("addAttachment", May::With(P::AskForHelp), ""),
    ("getAttachment", May::With(P::AskForHelp), ""),
    ("removeAttachment", May::With(P::AskForHelp), ""),
    ("recallTicket", May::With(P::WorkTickets), r#"{"offer": 999}"#),
];

/// What stands behind `?`.
const QUERIES: [(&str, &str); 5] = [
    ("addAttachment", "?name=notes.txt&visibility=public"),
    ("search", "?q=slow"),
    ("whoOwns", "?service=helpdesk&at=2027-01-03T02:00"),
    ("getWeek", "?from=2027-01-04"),
    ("compare", "?from=1&to=draft"),
];

struct World {
    program: Program,
    document: Value,
    /// A client with its version, somebody of the provider, the party of its IT, and a ticket.
    own: [String; 5],
    /// The same of another.
    foreign: [String; 5],
}

impl World {
    async fn new(test: &TestApp, operator: &Caller, shown: Vec<Id<people::Membership>>) -> Self {
        let ids = test.app.read(operator, move |tx, act| {
            let all = clients::list(tx, act, None, 50)?;
            let people = people::list(tx, act, None, 500)?;
            let technician = people
                .iter()
                .find(|one| one.role == Role::Technician && !shown.contains(&one.id))
                .expect("there are several");
            let of = |name: &str| all.iter().find(|client| client.name == name).expect("it is there").id;
            let mut each = Vec::new();
            for client in [of("Ardent Manufacturing"), of("Harbor Dental")] {
                let version = matrix::history(tx, act, client)?[0].id;
                let parties = people::list_parties(tx, Some(client))?;
                let it = parties
                    .iter()
                    .find(|(_, kind, _)| *kind == people::PartyKind::Internal)
                    .expect("it is there")
                    .0;
                let other = people.iter().find(|one| one.client == Some(client)).expect("it has people").id;
                let person = if each.is_empty() { technician.id } else { other };
                each.push((client, version.to_string(), person.to_string(), it.to_string(), other));
            }
            Ok(each)
        });
        let mut all = Vec::new();
        for (client, version, person, it, requester) in ids.await.unwrap() {
            let new = tickets::NewTicket {
                requester: Some(requester),
                impact: tickets::Impact::Low,
                urgency: tickets::Urgency::Low,
                ..tickets::tests::incident(client, "Slow")
            };
            let ticket = tickets::open(&test.app, operator, new).await.unwrap().id.to_string();
            all.push([client.to_string(), version, person, it, ticket]);
        }
        let [own, foreign] = all.try_into().unwrap();
        Self { program: Program::new(test), document: document::of(test), own, foreign }
    }

    /// Where an operation is, and by which method.
    fn place(&self, id: &str) -> (Method, String) {
        for (path, methods) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["operationId"] == id {
                    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                    return (method, path.trim_start_matches("/api/v1").to_owned());
                }
            }
        }
        panic!("{id} is in the table and not in the document")
    }

    async fn ask(&self, (id, body): (&str, &str), of: &[String; 5], signed: (&str, &str)) -> Told {
        let (method, path) = self.place(id);
        let [client, version, person, party, ticket] = of;
        let path = path
            .replace("{client}", client)
            .replace("{version}", version)
            .replace("{ticket}", ticket)
            .replace("{membership}", person)
            .replace("{session}", "session_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{checklist}", "checklist_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{promise}", "promise_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{attachment}", "attachment_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{plan}", "plan_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{request}", "request_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{macro}", "macro_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{view}", "view_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{field}", "field_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{key}", "key_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{form}", "toml");
        let query = QUERIES.iter().find(|(name, _)| *name == id).map_or("", |(_, query)| query);
        let body: Option<Value> = (!body.is_empty()).then(|| {
            serde_json::from_str(
                &body
                    .replace("{membership}", "membership_01890a5d-ac96-774b-bcce-b302099a8057")
                    .replace("{party}", party)
                    .replace("{client}", client),
            )
            .unwrap()
        });
        let told = self
            .program
            .send((method.clone(), &format!("{path}{query}"), &[signed, ("if-match", "*")], body.as_ref()))
            .await;
        self.conforms(id, &method, &told);
        told
    }

    /// What was answered is what the document says.
    fn conforms(&self, id: &str, method: &Method, told: &Told) {
        let (_, path) = self.place(id);
        let operation =
            &self.document["paths"][format!("/api/v1{path}")][method.as_str().to_ascii_lowercase()];
        let mut answer = &operation["responses"][told.status.as_str()];
        assert!(!answer.is_null(), "{id}: {} is not in the document: {}", told.status, told.text());
        if let Some(to) = answer["$ref"].as_str() {
            answer = self.document.pointer(&to[1..]).unwrap();
        }
        let media = told.header("content-type").split(';').next().unwrap();
        if media.is_empty() {
            return;
        }
        let content = &answer["content"][media];
        assert!(!content.is_null(), "{id}: {} is not said to be {media}", told.status);
        if content["schema"].is_object() {
            let validator = document::validator(&self.document, &content["schema"]);
            let told = told.json();
            let faults: Vec<String> = validator
                .iter_errors(&told)
                .map(|fault| format!("{}: {fault}", fault.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{id}: {}\n{told:#}", faults.join("; "));
        }
    }
}

fn allowed(may: May, member: &people::Member, by_key: bool) -> bool {
    let role = member.role;
    match may {
        May::Anybody | May::Signed => true,
        May::Person => !by_key,
        May::With(permission) => role.may(permission),
        May::Whole(permission) => role.may(permission) && member.client.is_none() && member.everywhere,
        May::Sign => !by_key && (role.may(P::SignForProvider) || role.may(P::SignForClient)),
    }
}

/// Whether the answer to a role is what its row says.
fn judge((id, may): (&str, May), member: &people::Member, by_key: bool, told: &Told) {
    let role = member.role;
    let what = format!("{id} as {role:?}, by a key: {by_key}: {}\n{}", told.status, told.text());
    // Who reaches some clients alone may not reach this one at all, which looks as if it were not there.
    let listed = matches!(role, Role::OffshoreTechnician | Role::VendorContact);
    // A requester sees their own tickets alone, and this one is not.
    let others = role == Role::Requester
        && (id.contains("Ticket") || id.contains("Attachment") || id == "listTargets");
    let away = (listed || others) && told.status == StatusCode::NOT_FOUND;
    if allowed(may, member, by_key) {
        assert_ne!(told.status, StatusCode::FORBIDDEN, "{what}");
        assert_ne!(told.status, StatusCode::UNAUTHORIZED, "{what}");
    } else {
        assert!(told.status == StatusCode::FORBIDDEN || away, "{what}");
    }
    assert!(!told.status.is_server_error(), "{what}");
    let quiet = member.client.is_none() || !told.text().contains("Harbor Dental");
    assert!(quiet, "{what}");
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    on_each(async |test| {
        let site = crate::site::Site::new(test.app.clone(), remit_web::Transport::Loopback);
        let mut there: BTreeSet<&str> = operations(&site).operations.iter().map(|one| one.id).collect();
        there.insert("getDocument");
        let rows: BTreeSet<&str> = TABLE.iter().map(|(id, ..)| *id).collect();
        assert_eq!(there, rows);
        assert_eq!(rows.len(), TABLE.len(), "no operation has two rows");
    });
}

#[test]
fn every_operation_answers_every_role_as_the_table_says() {
    on_each(every_operation_and_role);
}

#[test]
fn every_operation_answers_every_role_as_the_table_says_when_statements_forget_their_scope() {
    on_forgetful(35, every_operation_and_role);
}

async fn every_operation_and_role(test: &TestApp) {
    let made = demo::make(&test.app).await.unwrap();
    let operator = Caller::operator(made.provider);
    let world = World::new(test, &operator, made.roles.iter().map(|member| member.id).collect()).await;
    for member in &made.roles {
        let by_key = key(test, &operator, member.id, false).await;
        for (id, may, body) in TABLE {
            let cookie = session(test, &operator, member.id).await;
            for signed in [("authorization", by_key.as_str()), ("cookie", cookie.as_str())] {
                let told = world.ask((id, body), &world.own, signed).await;
                judge((id, *may), member, signed.0 == "authorization", &told);
            }
        }
    }
}

#[test]
fn what_is_not_yours_looks_exactly_like_what_is_not_there() {
    on_each(not_yours_and_not_there);
}

#[test]
fn what_is_not_yours_looks_exactly_like_what_is_not_there_when_statements_forget_their_scope() {
    on_forgetful(30, not_yours_and_not_there);
}

async fn not_yours_and_not_there(test: &TestApp) {
    let made = demo::make(&test.app).await.unwrap();
    let operator = Caller::operator(made.provider);
    let world = World::new(test, &operator, Vec::new()).await;
    let nowhere = [
        "client_01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        "matrix_01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        "membership_01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        "party_01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        "ticket_01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
    ];
    let told_apart = |told: &Told| {
        let mut body = told.json();
        body["instance"] = json!("");
        (told.status, body)
    };
    for member in made.roles.iter().filter(|member| member.client.is_some()) {
        for (id, may, body) in TABLE {
            let (_, path) = world.place(id);
            let about =
                ["{client}", "{version}", "{membership}", "{ticket}"].iter().any(|part| path.contains(part));
            if !(about || ["invite", "openTicket"].contains(id)) || !allowed(*may, member, false) {
                continue;
            }
            let cookie = session(test, &operator, member.id).await;
            let foreign = world.ask((id, body), &world.foreign, ("cookie", &cookie)).await;
            let absent = world.ask((id, body), &nowhere, ("cookie", &cookie)).await;
            assert_eq!(told_apart(&foreign), told_apart(&absent), "{id} as {:?}", member.role);
            assert_eq!(
                foreign.status,
                StatusCode::NOT_FOUND,
                "{id} as {:?}: {}",
                member.role,
                foreign.text()
            );
        }
    }
}

#[test]
fn nobody_is_told_how_to_sign_in() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let world = World::new(test, &Caller::operator(made.provider), Vec::new()).await;
        let forged = format!("remit={}", "0".repeat(96));
        for (id, may, body) in TABLE.iter().filter(|(_, may, _)| *may != May::Anybody) {
            for signed in [
                ("accept", "application/json"),
                ("cookie", &forged),
                ("authorization", "Bearer remit_x"),
                ("authorization", "Basic eDp5"),
            ] {
                let told = world.ask((id, body), &world.own, signed).await;
                assert_eq!(told.status, StatusCode::UNAUTHORIZED, "{id} ({may:?}): {}", told.text());
                assert_eq!(told.header("www-authenticate"), "Bearer", "{id}");
            }
        }
    });
}
