//! Tickets from their first word: routed, held, handed over, read by whom they should be.

mod approving;
mod asking;
mod checking;
mod desk;
mod fielding;
mod handing;
mod helping;
mod macros;
mod narrowing;
mod relating;
mod sending;
mod several;
mod similar;
mod tagging;
mod unlisting;

use remit_core::{Id, Millis};

use super::*;
use crate::act::Caller;
use crate::matrix;
use crate::people::{self, Permission, Role};
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};

/// Internal IT has the office hours of Monday to Friday, the provider the rest; who declines leaves it to the duty manager.
pub(crate) const AFTER_HOURS: &str = r#"
client = "Harbor Dental"
zone = "America/Los_Angeles"
model = "co-managed"
last-resort = "duty"
[parties]
internal = { name = "Harbor IT", kind = "internal" }
isp = { name = "Bayline Internet", kind = "vendor" }
provider = { name = "Northwind", kind = "provider" }
[teams]
it = { party = "internal", hours = "office" }
on-call = { party = "provider", hours = "always" }
duty = { party = "provider", hours = "always" }
isp-support = { party = "isp", hours = "always" }
[calendars.office]
week = { mon-fri = "08:00-18:00" }
[[rows]]
id = "day"
time = "office"
accountable = "internal"
responsible = "it"
fallback = "on-call"
[[rows]]
id = "night"
time = "not office"
accountable = "provider"
responsible = "on-call"
[[rows]]
id = "line-day"
service = "network"
time = "office"
accountable = "isp"
responsible = "isp-support"
[[rows]]
id = "line-night"
service = "network"
time = "not office"
accountable = "isp"
responsible = "isp-support"
"#;

/// Everybody around one client whose matrix both sides have signed.
pub(crate) struct World {
    pub client: Id<Client>,
    pub manager: Caller,
    pub technician: Caller,
    pub it: Caller,
    pub approver: Caller,
    pub requester: Caller,
    pub vendor: Caller,
}

pub(crate) async fn world(test: &TestApp) -> World {
    let client = test.client("Harbor Dental").await;
    let manager = test.caller(Role::ServiceManager, None).await;
    let technician = test.caller(Role::Technician, None).await;
    let it = test.caller(Role::ClientIt, Some(client)).await;
    let approver = test.caller(Role::ClientApprover, Some(client)).await;
    let requester = test.caller(Role::Requester, Some(client)).await;
    let vendor = test.caller(Role::VendorContact, Some(client)).await;
    let today = "2026-11-23".parse().unwrap();
    let (signs, sign) = ([manager.clone(), approver.clone()], test.app.clone());
    let version = test
        .app
        .write(&manager, move |tx, act| {
            matrix::start(tx, act, client, AFTER_HOURS)?;
            let draft = matrix::draft(tx, act, client)?.expect("there is a draft");
            matrix::propose(tx, act, client, draft.version, &matrix::check(&draft.text, today))
        })
        .await
        .unwrap();
    for caller in signs {
        let signed = sign.write(&caller, move |tx, act| {
            let hash = matrix::find(tx, act, version)?.hash;
            matrix::sign(tx, act, version, &hash)
        });
        signed.await.unwrap();
    }
    World { client, manager, technician, it, approver, requester, vendor }
}

pub(crate) fn incident(client: Id<Client>, subject: &str) -> NewTicket {
    NewTicket {
        client,
        kind: Kind::Incident,
        subject: subject.to_owned(),
        text: "It has been so since this morning.".to_owned(),
        impact: Impact::Medium,
        urgency: Urgency::Medium,
        service: "helpdesk".to_owned(),
        tier: Tier::Unsaid,
        site: None,
        asset_class: String::new(),
        requester: None,
    }
}

fn warm() -> Warm {
    let text = |text: &str| text.to_owned();
    Warm {
        tried: text("restarted it"),
        access: text("VPN"),
        impact: text("two people"),
        next: text("look at the log"),
        answers: Vec::new(),
    }
}

async fn holder(test: &TestApp, ticket: Id<Ticket>) -> String {
    let found = test.app.read(&test.operator(), move |tx, act| shown(tx, act, ticket)).await.unwrap();
    found.named.team
}

async fn offered(test: &TestApp, ticket: Id<Ticket>) -> Option<(String, u32)> {
    let found = test.app.read(&test.operator(), move |tx, act| shown(tx, act, ticket)).await.unwrap();
    let number = found.ticket.custody.offer().map(|offer| offer.turn.0);
    found.named.offered.map(|(team, _)| team).zip(number)
}

async fn told(test: &TestApp, caller: &Caller, ticket: Id<Ticket>) -> Vec<Line> {
    let read = test.app.read(caller, move |tx, act| {
        let ticket = find(tx, act, ticket)?;
        lines(tx, act, &ticket, (0, 200))
    });
    read.await.unwrap()
}

async fn team(test: &TestApp, ticket: Id<Ticket>, name: &'static str) -> Id<Team> {
    let operator = test.operator();
    let found = test.app.read(&operator, move |tx, act| {
        let ticket = find(tx, act, ticket)?;
        targets(tx, &ticket)
    });
    found.await.unwrap().into_iter().find(|hand| hand.team_name == name).expect("there is such a team").team
}

/// Somebody more of the client, who sees nothing but their own tickets.
pub(crate) async fn colleague(test: &TestApp, client: Id<Client>, name: &'static str) -> Caller {
    let operator = test.operator();
    let made = test.app.write(&operator, move |tx, act| {
        let parties = people::list_parties(tx, Some(client))?;
        let party =
            parties.iter().find(|(_, kind, _)| *kind == people::PartyKind::Internal).expect("it is there").0;
        let email = format!("{name}@test.example");
        let (role, clients) = (Role::Requester, Vec::new());
        let name = name.to_owned();
        let id = people::invite(
            tx,
            act,
            &people::Invitation { party, role, name, email, everywhere: false, clients },
        )?;
        people::member(tx, act, id)
    });
    Caller::member(test.provider, None, &made.await.unwrap())
}

#[test]
fn a_ticket_is_with_the_team_that_the_matrix_names_from_its_first_instant_on() {
    on_each(async |test| {
        let world = world(test).await;
        let first =
            open(&test.app, &world.requester, incident(world.client, "No network drive")).await.unwrap();
        assert_eq!((first.number, first.status, first.priority), (1, Status::New, Priority::P3));
        assert_eq!((holder(test, first.id).await, first.row.as_str()), ("it".to_owned(), "day"));
        let line = NewTicket { service: "network.wan".to_owned(), ..incident(world.client, "Line down") };
        let line = open(&test.app, &world.technician, line).await;
        let line = line.unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!((holder(test, line.id).await, line.row.as_str()), ("isp-support".to_owned(), "line-day"));
        test.pass(Millis::from_hours(12));
        let night =
            open(&test.app, &world.requester, incident(world.client, "Still no drive")).await.unwrap();
        assert_eq!((night.number, holder(test, night.id).await), (3, "on-call".to_owned()));
        assert!(night.timer_at.is_some(), "somebody will look at it");
    });
}

#[test]
fn without_an_agreement_the_service_desk_takes_it() {
    on_each(async |test| {
        let client = test.client("Nothing Agreed").await;
        let requester = test.caller(Role::Requester, Some(client)).await;
        let ticket = open(&test.app, &requester, incident(client, "Hello")).await.unwrap();
        assert_eq!((holder(test, ticket.id).await, ticket.version), ("Service desk".to_owned(), None));
    });
}

#[test]
fn only_acceptance_moves_it_and_it_goes_back_the_way_it_came() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        let to = team(test, ticket, "on-call").await;
        let other =
            test.app.write(&world.technician, move |tx, act| offer(tx, act, ticket, to, &warm())).await;
        assert!(matches!(&other, Err(Refused::Conflict(why)) if why.contains("it of Harbor")), "{other:?}");
        let cold = Warm { tried: String::new(), ..warm() };
        let refused =
            test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &cold)).await.unwrap_err();
        assert!(refused.to_string().contains("tried"), "{refused}");
        test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm())).await.unwrap();
        assert_eq!(holder(test, ticket).await, "it", "an offer leaves it where it is");
        assert_eq!(offered(test, ticket).await, Some(("on-call".to_owned(), 1)));
        let own = test.app.write(&world.it, move |tx, act| accept(tx, act, ticket, 1)).await;
        assert!(matches!(own, Err(Refused::Conflict(_))), "{own:?}");
        let taken =
            test.app.write(&world.technician, move |tx, act| accept(tx, act, ticket, 1)).await.unwrap();
        assert_eq!(
            (holder(test, ticket).await.as_str(), taken.worker),
            ("on-call", world.technician.membership)
        );
        let twice = test.app.write(&world.technician, move |tx, act| accept(tx, act, ticket, 1)).await;
        assert!(matches!(twice, Err(Refused::Conflict(_))), "{twice:?}");
        test.app.write(&world.technician, move |tx, act| hand_back(tx, act, ticket, &warm())).await.unwrap();
        assert_eq!(offered(test, ticket).await, Some(("it".to_owned(), 2)));
        test.app.write(&world.technician, move |tx, act| recall(tx, act, ticket, 2)).await.unwrap();
        let late = test.app.write(&world.it, move |tx, act| accept(tx, act, ticket, 2)).await;
        assert!(matches!(&late, Err(Refused::Conflict(why)) if why.contains("taken back")), "{late:?}");
        test.app.write(&world.technician, move |tx, act| hand_back(tx, act, ticket, &warm())).await.unwrap();
        test.app.write(&world.it, move |tx, act| accept(tx, act, ticket, 3)).await.unwrap();
        assert_eq!(holder(test, ticket).await, "it");
        let back = told(test, &world.it, ticket).await;
        assert!(
            back.iter().any(|line| matches!(line.happened, Happened::Accepted { back: true, .. })),
            "{back:?}"
        );
    });
}

#[test]
fn who_declines_says_why_and_the_next_that_the_matrix_names_is_asked() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Odd")).await.unwrap().id;
        let to = team(test, ticket, "isp-support").await;
        test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm())).await.unwrap();
        let silent = test
            .app
            .write(&world.vendor, move |tx, act| decline(tx, act, (ticket, 1), " "))
            .await
            .unwrap_err();
        assert!(silent.to_string().contains("say why"), "{silent}");
        test.app
            .write(&world.vendor, move |tx, act| decline(tx, act, (ticket, 1), "Not our line."))
            .await
            .unwrap();
        assert_eq!(
            (holder(test, ticket).await.as_str(), offered(test, ticket).await),
            ("it", Some(("on-call".to_owned(), 2)))
        );
        let lines = told(test, &world.technician, ticket).await;
        assert!(lines.iter().any(|line| line.text == "Not our line."));
    });
}

#[test]
fn silence_goes_up_to_the_last_resort_and_that_is_seen() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Quiet")).await.unwrap().id;
        let to = team(test, ticket, "isp-support").await;
        test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm())).await.unwrap();
        assert_eq!(sweep(&test.app).await.unwrap().seen, 0, "nothing is due yet");
        let mut asked = Vec::new();
        for _ in 0..4 {
            test.pass(Millis::from_hours(2));
            let swept = sweep(&test.app).await.unwrap();
            assert_eq!((swept.seen, swept.failed), (1, 0));
            asked.push(offered(test, ticket).await.expect("somebody is asked").0);
        }
        assert_eq!(asked, ["on-call", "duty", "duty", "duty"]);
        assert_eq!(holder(test, ticket).await, "it", "nobody has accepted");
        let lines = told(test, &world.it, ticket).await;
        assert!(
            lines
                .iter()
                .any(|line| matches!(&line.happened, Happened::LastResort { to } if to.team_name == "duty"))
        );
    });
}

#[test]
fn when_the_hour_comes_it_is_offered_to_the_next_owner_and_never_dropped() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Evening")).await.unwrap();
        // 09:00 to 18:00.
        assert_eq!(ticket.owner_until, Some(ticket.opened_at + Millis::from_hours(9)));
        test.pass(Millis::from_hours(9));
        sweep(&test.app).await.unwrap();
        assert_eq!(holder(test, ticket.id).await, "it");
        assert_eq!(offered(test, ticket.id).await.map(|(team, _)| team), Some("on-call".to_owned()));
    });
}

#[test]
fn nobody_reads_below_their_visibility() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Seen")).await.unwrap().id;
        for (caller, visibility) in [
            (&world.it, Visibility::Teams),
            (&world.it, Visibility::Party),
            (&world.technician, Visibility::Teams),
            (&world.technician, Visibility::Party),
            (&world.it, Visibility::Public),
        ] {
            let text = format!("{} of {}", visibility.key(), caller.role.key());
            test.app.write(caller, move |tx, act| write(tx, act, ticket, visibility, &text)).await.unwrap();
        }
        let texts = async |caller: &Caller| -> Vec<String> {
            told(test, caller, ticket)
                .await
                .into_iter()
                .map(|line| line.text)
                .filter(|text| text.contains(" of "))
                .collect()
        };
        assert_eq!(
            texts(&world.it).await,
            ["teams of client-it", "party of client-it", "teams of technician", "public of client-it"]
        );
        assert_eq!(
            texts(&world.technician).await,
            ["teams of client-it", "teams of technician", "party of technician", "public of client-it"]
        );
        for caller in [&world.requester, &world.approver] {
            assert_eq!(texts(caller).await, ["public of client-it"]);
            for visibility in [Visibility::Teams, Visibility::Party] {
                let below =
                    test.app.write(caller, move |tx, act| write(tx, act, ticket, visibility, "x")).await;
                assert!(matches!(below, Err(Refused::Invalid(_))), "{below:?}");
            }
        }
        let absent = test.app.read(&world.vendor, move |tx, act| find(tx, act, ticket)).await;
        assert_eq!(absent, Err(Refused::NotFound), "a vendor sees what it holds or is offered");
        let other = test.caller(Role::ClientLeadership, Some(test.client("Other").await)).await;
        let absent = test.app.read(&other, move |tx, act| find(tx, act, ticket)).await;
        assert_eq!(absent, Err(Refused::NotFound));
    });
}

#[test]
fn requesters_see_their_own_tickets_alone() {
    on_each(async |test| {
        let world = world(test).await;
        let own = open(&test.app, &world.requester, incident(world.client, "Own")).await.unwrap().id;
        let other =
            open(&test.app, &world.approver, incident(world.client, "Of somebody else")).await.unwrap().id;
        let seen = test
            .app
            .read(&world.requester, |tx, act| list(tx, act, View::Own, (None, None, 50)))
            .await
            .unwrap();
        assert_eq!(seen.iter().map(|listed| listed.ticket.id).collect::<Vec<_>>(), [own]);
        let absent = test.app.read(&world.requester, move |tx, act| find(tx, act, other)).await;
        assert_eq!(absent, Err(Refused::NotFound));
        for view in
            [View::Open, View::MyTeams, View::Soon, View::Mine, View::Offered, View::Client(world.client)]
        {
            let refused =
                test.app.read(&world.requester, move |tx, act| list(tx, act, view, (None, None, 50))).await;
            assert_eq!(refused, Err(Refused::Forbidden(Permission::ReadTickets)), "{view:?}");
        }
    });
}

#[test]
fn only_who_holds_it_moves_its_status() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Moves")).await.unwrap().id;
        let go = async |caller: &Caller, from, to| {
            test.app.write(caller, move |tx, act| set_status(tx, act, ticket, (from, to))).await
        };
        assert!(matches!(
            go(&world.technician, Status::New, Status::Working).await,
            Err(Refused::Conflict(_))
        ));
        assert_eq!(go(&world.it, Status::Working, Status::Solved).await, Err(Refused::Stale));
        go(&world.it, Status::New, Status::WaitingRequester).await.unwrap();
        test.app
            .write(&world.requester, move |tx, act| write(tx, act, ticket, Visibility::Public, "Here it is."))
            .await
            .unwrap();
        let solved = go(&world.it, Status::Working, Status::Solved).await.unwrap();
        assert!(solved.solved_at.is_some() && solved.closed_at.is_none());
        let closed = go(&world.it, Status::Solved, Status::Closed).await.unwrap();
        assert!(closed.closed_at.is_some() && closed.timer_at.is_none());
        let late = test
            .app
            .write(&world.requester, move |tx, act| write(tx, act, ticket, Visibility::Public, "Still."))
            .await;
        assert!(matches!(&late, Err(refused) if refused.to_string().contains("closed")), "{late:?}");
        let again = go(&world.it, Status::Closed, Status::Working).await.unwrap();
        assert!(again.closed_at.is_none() && again.solved_at.is_none() && again.timer_at.is_some());
    });
}

#[test]
fn what_is_wrong_with_a_new_ticket_is_said_all_at_once_and_nothing_is_numbered() {
    on_each(async |test| {
        let world = world(test).await;
        let wrong = NewTicket {
            subject: " ".to_owned(),
            service: "failed backup of mars".to_owned(),
            text: "x".repeat(80 * 1024),
            ..incident(world.client, "x")
        };
        let refused = open(&test.app, &world.requester, wrong).await.unwrap_err();
        let Refused::Invalid(fields) = refused else { panic!("{refused}") };
        assert_eq!(
            fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(),
            ["subject", "service", "text"]
        );
        let foreign = test.client("Other").await;
        let absent = open(&test.app, &world.requester, incident(foreign, "Not mine")).await;
        assert_eq!(absent, Err(Refused::NotFound));
        let others =
            NewTicket { requester: world.technician.membership, ..incident(world.client, "For another") };
        let refused = open(&test.app, &world.requester, others).await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        let first = open(&test.app, &world.requester, incident(world.client, "First")).await.unwrap();
        assert_eq!(first.number, 1);
    });
}

#[test]
fn tickets_that_are_opened_at_once_have_numbers_without_a_hole() {
    on_each(async |test| {
        let world = world(test).await;
        let mut opening = tokio::task::JoinSet::new();
        for n in 0..40 {
            let (app, caller, client) = (test.app.clone(), world.requester.clone(), world.client);
            opening.spawn(async move {
                // Every fourth is refused.
                let subject = if n % 4 == 0 { String::new() } else { format!("Ticket {n}") };
                open(&app, &caller, incident(client, &subject)).await.map(|ticket| ticket.number)
            });
        }
        let mut numbers: Vec<i64> = opening.join_all().await.into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
    });
}

#[test]
fn another_word_on_what_it_is_about_offers_it_to_whom_that_names() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "The line")).await.unwrap().id;
        let to = Classification { service: "network.wan".to_owned(), tier: Tier::L2 };
        let changed = classify(&test.app, &world.it, ticket, to).await.unwrap();
        assert_eq!((changed.row.as_str(), holder(test, ticket).await.as_str()), ("line-day", "it"));
        assert_eq!(offered(test, ticket).await.map(|(team, _)| team), Some("isp-support".to_owned()));
        let seen = test.app.read(&world.vendor, move |tx, act| find(tx, act, ticket)).await;
        assert!(seen.is_ok(), "whoever is asked sees it: {seen:?}");
        let pressing = weigh(&test.app, &world.it, ticket, (Impact::High, Urgency::High)).await.unwrap();
        assert_eq!(pressing.priority, Priority::P1);
    });
}

#[test]
fn a_worker_is_somebody_of_the_party_that_holds_it() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Whose")).await.unwrap().id;
        let (own, other) = (world.it.membership, world.technician.membership);
        let refused = test.app.write(&world.it, move |tx, act| assign(tx, act, ticket, other)).await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        let assigned = test.app.write(&world.it, move |tx, act| assign(tx, act, ticket, own)).await.unwrap();
        assert_eq!(assigned.worker, own);
        let members = test.app.read(&test.operator(), people::teams).await.unwrap();
        assert!(
            members.iter().any(|team| team.name == "duty"),
            "teams that the matrix names are there: {members:?}"
        );
    });
}
