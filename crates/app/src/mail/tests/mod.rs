//! Letters to a real mail server, and what is in the database meanwhile.

mod server;

use remit_core::{Id, Millis};
use remit_db::system_sql;
use remit_jobs::upkeep;

use self::server::{Seen, Server};
use super::{Asking, Encryption, Letter, Login, MailSettings, ask_for_link, post};
use crate::notices::{self, Wish};
use crate::people::{self, Invitation, Membership, Role, State};
use crate::sign_in::{Begun, Secret, resume, use_link};
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{incident, world};
use crate::tickets::{self, Visibility};
use crate::{audit, work};

async fn invite(test: &TestApp, email: &str) -> Id<Membership> {
    let (email, party, operator) = (email.to_owned(), test.party, test.operator());
    let made = test.app.write(&operator, move |tx, act| {
        let invitation = Invitation {
            party,
            role: Role::Technician,
            name: "Ana Reyes".to_owned(),
            email,
            everywhere: true,
            clients: Vec::new(),
        };
        people::invite(tx, act, &invitation)
    });
    made.await.unwrap()
}

/// Payloads and errors of all jobs.
async fn kept(test: &TestApp) -> Vec<(Option<String>, Option<String>, Option<String>)> {
    let all = system_sql!("SELECT payload, last_error, outcome FROM job ORDER BY made_at, id LIMIT 100");
    test.app.db.system_read("a test", move |tx| tx.rows(all, ())).await.unwrap()
}

fn session(begun: Begun) -> Secret {
    let Begun::Session(secret) = begun else { panic!("a code was asked for") };
    secret
}

#[test]
fn an_invitation_arrives_and_its_link_signs_in_once() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        let member = invite(test, "ana@northwind.example").await;
        assert_eq!(work::letters_waiting(&test.app).await.unwrap(), 1);
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        assert_eq!(worker.run_due().await.unwrap(), 1);
        let mail = server.arrived();
        assert_eq!((mail.to.as_str(), mail.auto.as_str()), ("ana@northwind.example", "auto-generated"));
        assert_eq!(
            (mail.from.as_str(), mail.subject.as_str()),
            ("Northwind <desk@northwind.example>", "Northwind invites you")
        );
        assert!(mail.message_id.ends_with("@northwind.example>"), "{}", mail.message_id);
        assert!(mail.html.contains(mail.secret()), "{}", mail.html);
        let [(payload, _, outcome)] = kept(test).await.try_into().unwrap();
        assert_eq!((payload, outcome.as_deref()), (None, Some("done")));

        let link = Secret::parse(mail.secret()).unwrap();
        let session = session(use_link(&test.app, &link, "a browser").await.unwrap());
        let (caller, _) = resume(&test.app, &session).await.unwrap().unwrap();
        assert_eq!(caller.membership, Some(member));
        assert!(use_link(&test.app, &link, "a browser").await.is_err(), "once");
    });
}

#[test]
fn a_letter_that_is_sent_again_is_the_same_letter_with_the_same_link() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&["remit", "a password"]) else { return };
        let settings = server.settings(Some(("remit", "a password")));
        let member = invite(test, "ana@northwind.example").await;
        for login in [None, Some(("remit", "another password"))] {
            let wrong = server.settings(login);
            work::worker(&test.app, Some(&wrong)).unwrap().run_due().await.unwrap();
            assert_eq!(
                kept(test).await[0].2,
                None,
                "a wrong login is the operator's to mend, and no end of a letter"
            );
            test.pass(Millis::from_minutes(2));
        }
        work::worker(&test.app, Some(&settings)).unwrap().run_due().await.unwrap();
        let first = server.arrived();
        // As if the worker had been lost between sending and noting it.
        test.home().tamper(&format!(
            "UPDATE job SET ended_at = NULL, outcome = NULL, payload = '{}'",
            serde_json::to_string(&Letter::Invitation { membership: member }).unwrap()
        ));
        test.pass(Millis::from_hours(30));
        work::worker(&test.app, Some(&settings)).unwrap().run_due().await.unwrap();
        let second = server.arrived();
        assert_eq!(
            (first.message_id.as_str(), first.secret()),
            (second.message_id.as_str(), second.secret())
        );
        let link = Secret::parse(second.secret()).unwrap();
        assert!(use_link(&test.app, &link, "a browser").await.is_ok(), "good from when it was sent last");
    });
}

#[test]
fn a_busy_mailbox_is_tried_again_and_one_that_is_not_there_is_told() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        invite(test, "later@northwind.example").await;
        invite(test, "never@northwind.example").await;
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        assert_eq!(worker.run_due().await.unwrap(), 2);
        assert!(matches!((server.next(), server.next()), (Seen::Refused { .. }, Seen::Refused { .. })));
        let mut ends: Vec<_> =
            kept(test).await.into_iter().map(|(_, error, outcome)| (outcome, error)).collect();
        ends.sort();
        assert!(ends[0].0.is_none() && ends[0].1.as_deref().unwrap().contains("busy"), "{ends:?}");
        assert!(
            ends[1].0.as_deref() == Some("dead") && ends[1].1.as_deref().unwrap().contains("no such"),
            "{ends:?}"
        );
        assert_eq!(upkeep::dead(&test.app.db).await.unwrap().len(), 1);
        let lines = test.app.read(&test.operator(), |tx, act| audit::list(tx, act, None, 50)).await.unwrap();
        let told = lines.iter().find(|line| line.action == "mail.undelivered").unwrap();
        assert!(
            told.detail.contains("never@northwind.example") && told.detail.contains("no such"),
            "{told:?}"
        );
        test.pass(Millis::from_hours(3));
        assert_eq!(worker.run_due().await.unwrap(), 1, "only the busy one");
    });
}

#[test]
fn mail_crosses_the_network_under_a_certificate_that_is_trusted_or_not_at_all() {
    on_each(async |test| {
        for encryption in [Encryption::StartTls, Encryption::Tls] {
            let Some(mut server) = Server::protected(encryption, &["remit", "a password"]) else { return };
            let login = Some(("remit", "a password"));
            invite(test, &format!("{encryption:?}@northwind.example")).await;
            let strange = MailSettings { authority: None, ..server.settings(login) };
            work::worker(&test.app, Some(&strange)).unwrap().run_due().await.unwrap();
            test.pass(Millis::from_hours(1));
            // Had it been sent before, this would be the second copy.
            let mut worker = work::worker(&test.app, Some(&server.settings(login))).unwrap();
            assert_eq!(worker.run_due().await.unwrap(), 1, "{encryption:?}");
            assert_eq!(server.arrived().to, format!("{encryption:?}@northwind.example").to_lowercase());
        }
        // A server that does not offer it is sent nothing.
        let Some(server) = Server::start(&[]) else { return };
        invite(test, "open@northwind.example").await;
        let wanted = MailSettings { encryption: Encryption::StartTls, ..server.settings(None) };
        work::worker(&test.app, Some(&wanted)).unwrap().run_due().await.unwrap();
        let waiting: Vec<_> =
            kept(test).await.into_iter().filter(|(.., outcome)| outcome.is_none()).collect();
        assert!(matches!(&waiting[..], [(Some(_), Some(_), None)]), "{waiting:?}");
    });
}

#[test]
fn no_secret_of_a_link_waits_in_the_database() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        invite(test, "ana@northwind.example").await;
        let before = format!("{:?}", kept(test).await);
        work::worker(&test.app, Some(&server.settings(None))).unwrap().run_due().await.unwrap();
        let mail = server.arrived();
        // The second half is the secret itself; the first names the provider.
        let (_, bits) = mail.secret().split_at(32);
        assert!(!before.contains(bits));
        if let remit_db::Place::Sqlite(path) = test.home().place() {
            let raw: Vec<u8> =
                (0..64).step_by(2).map(|i| u8::from_str_radix(&bits[i..i + 2], 16).unwrap()).collect();
            for file in [path.clone(), path.with_extension("db-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
                assert!(!has(bits.as_bytes()) && !has(&raw), "{}", file.display());
            }
        }
    });
}

#[test]
fn whoever_asks_for_a_link_learns_nothing_and_whoever_has_the_address_gets_it() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        let asking = Asking::new();
        let member = invite(test, "ana@northwind.example").await;
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        worker.run_due().await.unwrap();
        server.arrived();
        for email in ["nobody@elsewhere.example", " Ana@Northwind.example "] {
            ask_for_link(&test.app, &asking, email, None).await.unwrap();
        }
        assert_eq!(worker.run_due().await.unwrap(), 3, "two questions, one letter");
        let mail = server.arrived();
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("ana@northwind.example", "Your link to sign in at Northwind")
        );
        let begun = use_link(&test.app, &Secret::parse(mail.secret()).unwrap(), "a browser").await.unwrap();
        let session = session(begun);
        assert_eq!(resume(&test.app, &session).await.unwrap().unwrap().0.membership, Some(member));
        for _ in 0..10 {
            ask_for_link(&test.app, &asking, "ana@northwind.example", None).await.unwrap();
        }
        assert_eq!(worker.run_due().await.unwrap(), 6, "three more questions and letters in this hour");
    });
}

#[test]
fn one_place_on_the_network_asks_only_so_often() {
    on_each(async |test| {
        let asking = Asking::new();
        let ask = async |number: u32, place: &str| {
            let (email, place) = (format!("p{number}@northwind.example"), place.parse().unwrap());
            ask_for_link(&test.app, &asking, &email, Some(place)).await.is_ok()
        };
        for number in 0..20 {
            assert!(ask(number, &format!("2001:db8::{number:x}")).await);
        }
        assert!(!ask(20, "2001:db8::ffff").await, "the same customer of the same network");
        assert!(ask(21, "2001:db8:1::1").await);
    });
}

#[test]
fn letters_wait_without_settings_and_those_to_suspended_people_are_not_sent() {
    on_each(async |test| {
        let member = invite(test, "ana@northwind.example").await;
        assert_eq!(work::worker(&test.app, None).unwrap().run_due().await.unwrap(), 0);
        assert_eq!(work::letters_waiting(&test.app).await.unwrap(), 1);
        test.home().tamper(&format!(
            "UPDATE membership SET state = '{}' WHERE name = 'Ana Reyes'",
            State::Suspended.key()
        ));
        let Some(server) = Server::start(&[]) else { return };
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        assert_eq!(worker.run_due().await.unwrap(), 1, "done, without a mail: {member}");
        let links = system_sql!("SELECT COUNT(*) FROM link");
        let links: Option<(i64,)> =
            test.app.db.system_read("a test", move |tx| tx.find(links, ())).await.unwrap();
        assert_eq!(links, Some((0,)));
    });
}

#[test]
fn settings_that_cannot_work_are_told_and_the_password_is_not() {
    on_each(async |test| {
        let good = MailSettings {
            host: "mail.northwind.example".to_owned(),
            port: 587,
            encryption: Encryption::StartTls,
            login: Some(Login { user: "remit".to_owned(), password: "swordfish".to_owned() }),
            authority: None,
            sender: "desk@northwind.example".to_owned(),
            pages: "https://remit.northwind.example".to_owned(),
        };
        assert!(work::worker(&test.app, Some(&good)).is_ok());
        assert!(!format!("{good:?}").contains("swordfish"));
        for (wrong, word) in [
            (MailSettings { encryption: Encryption::None, ..good.clone() }, "in the open"),
            (MailSettings { sender: "desk".to_owned(), ..good.clone() }, "no address"),
            (MailSettings { pages: "remit".to_owned(), ..good.clone() }, "https://"),
            (MailSettings { authority: Some(b"nonsense".to_vec()), ..good.clone() }, "certificate"),
        ] {
            let why = work::worker(&test.app, Some(&wrong)).err().unwrap();
            assert!(why.contains(word), "{why}");
        }
    });
}

#[test]
fn a_letter_posted_by_somebody_of_a_client_is_for_that_client() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let caller = test.caller(Role::ClientApprover, Some(client)).await;
        let membership = caller.membership.unwrap();
        let posted =
            test.app.write(&caller, move |tx, act| post(tx, act, Some(client), &Letter::Link { membership }));
        posted.await.unwrap();
        let other = test.client("Ardent").await;
        let refused = test
            .app
            .write(&caller, move |tx, act| post(tx, act, Some(other), &Letter::Link { membership }))
            .await;
        assert!(refused.is_err());
    });
}

#[test]
fn an_answer_is_mailed_to_whoever_asked_and_a_note_between_teams_never_is() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        let world = world(test).await;
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        for _ in 0..worker.run_due().await.unwrap() {
            let invitation = server.arrived();
            // Who was invited and never came is no reader that could be suspended.
            if invitation.to == "requester@test.example" {
                use_link(&test.app, &Secret::parse(invitation.secret()).unwrap(), "a browser").await.unwrap();
            }
        }
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        test.app.write(&world.requester, |tx, act| notices::set_wish(tx, act, Wish::All)).await.unwrap();
        for (visibility, text) in
            [(Visibility::Teams, "It is their own fault."), (Visibility::Public, "We are <b>on</b> it.")]
        {
            let say =
                test.app.write(&world.it, move |tx, act| tickets::write(tx, act, ticket, visibility, text));
            say.await.unwrap();
        }
        assert_eq!(worker.run_due().await.unwrap(), 1);
        let mail = server.arrived();
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("requester@test.example", "#1 Slow"));
        assert!(mail.html.contains("We are &#60;b&#62;on&#60;/b&#62; it."), "{}", mail.html);
        assert!(!mail.html.contains("fault"));
        // Who has left meanwhile gets nothing, and it is no fault.
        test.app
            .write(&world.it, move |tx, act| tickets::write(tx, act, ticket, Visibility::Public, "Done."))
            .await
            .unwrap();
        let gone = world.requester.membership.unwrap();
        test.app.write(&test.operator(), move |tx, act| people::suspend(tx, act, gone)).await.unwrap();
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert!(kept(test).await.iter().all(|(_, _, outcome)| outcome.as_deref() == Some("done")));
    });
}

#[test]
fn whoever_asked_is_asked_how_it_was_in_the_letter_that_says_that_it_is_solved() {
    on_each(async |test| {
        let Some(mut server) = Server::start(&[]) else { return };
        let world = world(test).await;
        let mut worker = work::worker(&test.app, Some(&server.settings(None))).unwrap();
        for _ in 0..worker.run_due().await.unwrap() {
            server.arrived();
        }
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        // Who follows it is told that it is solved, and not asked how it was.
        test.app.write(&world.approver, move |tx, act| tickets::watch(tx, act, ticket, None)).await.unwrap();
        let solve = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            tickets::set_status(tx, act, ticket, (tickets::Status::New, tickets::Status::Solved))
        };
        test.app.write(&world.it, solve).await.unwrap();
        let mut letters = Vec::new();
        for _ in 0..worker.run_due().await.unwrap() {
            letters.push(server.arrived());
        }
        let of = |role: &str| letters.iter().find(|mail| mail.to.starts_with(role)).unwrap();
        assert!(!of("client-approver").html.contains("/rate/"));
        let mail = of("requester");
        for (text, end) in [(&mail.html, '"'), (&mail.plain, '\n')] {
            let (_, link) = text.split_once("http://remit.example/rate/").expect("a link is in it");
            let (slip, rest) = link.split_once("?grade=").unwrap();
            let found = crate::ratings::Slip::read(&test.app, slip).unwrap();
            assert_eq!((found.ticket, Some(found.membership)), (ticket, world.requester.membership));
            assert_eq!(rest.split(end).next().unwrap().trim(), "good");
            assert_eq!(text.matches("?grade=").count(), 3, "{text}");
        }
    });
}
