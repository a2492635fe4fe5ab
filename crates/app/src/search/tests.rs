//! Whoever searches finds what they may read, all of it, and nothing else.

use std::collections::BTreeSet;

use remit_core::{Id, Millis};
use remit_db::search::words;

use super::*;
use crate::act::Caller;
use crate::people::{Permission, Role};
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{incident, world};
use crate::tickets::{
    Happened, NewTicket, Ticket, View, Visibility, Warm, accept, decline, lines, list, offer, open, rename,
    targets, write,
};

const WORDS: [&str; 10] =
    ["printer", "tunnel", "tunnels", "Büro", "invoice", "invoices", "slow", "vpn", "backup", "restored"];

/// `SplitMix64`, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^= z >> 27;
        (z % sides as u64) as usize
    }

    fn text(&mut self) -> String {
        let one = (0..=self.of(4)).map(|_| WORDS[self.of(WORDS.len())]).collect::<Vec<_>>();
        one.join(", ")
    }
}

/// All that is found, with where it stands.
async fn all(test: &TestApp, caller: &Caller, asked: &str) -> BTreeSet<(i64, i64)> {
    let (mut found, mut further) = (BTreeSet::new(), None);
    loop {
        let typed = asked.to_owned();
        let page = test.app.read(caller, move |tx, act| find(tx, act, &typed, (further, 2))).await.unwrap();
        for hit in page.tickets {
            for line in hit.lines {
                assert!(found.insert((hit.listed.ticket.number, line.seq)), "twice: {asked}");
            }
        }
        match page.next {
            Some(next) => further = Some(next),
            None => return found,
        }
    }
}

/// The lines of all tickets that a caller reads, with the words that each is to be found by.
async fn read(test: &TestApp, caller: &Caller, all: &[Id<Ticket>]) -> Vec<(i64, i64, Vec<String>)> {
    let all = all.to_vec();
    let read = test.app.read(caller, move |tx, act| {
        let mut told = Vec::new();
        for id in all {
            let Ok(ticket) = tickets::find(tx, act, id) else { continue };
            let mut subject = ticket.subject.clone();
            for line in lines(tx, act, &ticket, (0, 500))?.into_iter().rev() {
                let mut texts = line.texts();
                if line.names() {
                    texts.push(&subject);
                }
                let own = texts.iter().flat_map(|text| words(text)).map(|(_, word)| word).collect();
                told.push((ticket.number, line.seq, own));
                if let Happened::Renamed { from } = line.happened {
                    subject = from;
                }
            }
        }
        Ok(told)
    });
    read.await.unwrap()
}

/// One of the many things that can be done to a ticket; many are refused.
async fn step(test: &TestApp, dice: &mut Dice, caller: &Caller, ticket: Id<Ticket>) {
    let (what, said) = (dice.of(6), dice.text());
    let visibility = [Visibility::Public, Visibility::Teams, Visibility::Party][dice.of(3)];
    let pick = dice.of(8);
    let deed = test.app.write(caller, move |tx, act| {
        let number = tickets::find(tx, act, ticket)?.custody.offer().map_or(0, |offer| offer.turn.0);
        match what {
            0 => rename(tx, act, ticket, &said).map(drop),
            1 => {
                let found = tickets::find(tx, act, ticket)?;
                let all = targets(tx, &found)?;
                let warm = Warm {
                    tried: said.clone(),
                    access: said.clone(),
                    impact: said.clone(),
                    next: said,
                    answers: Vec::new(),
                };
                offer(tx, act, ticket, all[pick % all.len()].team, &warm).map(drop)
            }
            2 => accept(tx, act, ticket, number).map(drop),
            3 => decline(tx, act, (ticket, number), &said).map(drop),
            _ => write(tx, act, ticket, visibility, &said).map(drop),
        }
    });
    // What this caller may not do is refused, and leaves nothing to be found.
    let _ = deed.await;
}

#[test]
fn whoever_searches_finds_exactly_the_texts_that_they_may_read() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Mill Street").await;
        let callers = [
            world.technician.clone(),
            world.it.clone(),
            world.approver.clone(),
            world.requester.clone(),
            world.vendor.clone(),
            test.caller(Role::ClientLeadership, Some(other)).await,
            test.caller(Role::OffshoreTechnician, Some(other)).await,
            test.operator(),
        ];
        let (mut dice, mut opened) = (Dice(4), Vec::new());
        for n in 0..160 {
            let caller = callers[dice.of(callers.len())].clone();
            if n % 5 == 0 {
                let client = if dice.of(4) == 0 { other } else { world.client };
                let service = ["helpdesk", "network.wan"][dice.of(2)].to_owned();
                let new = NewTicket { text: dice.text(), service, ..incident(client, &dice.text()) };
                opened.extend(open(&test.app, &caller, new).await.map(|ticket| ticket.id));
            } else if !opened.is_empty() {
                let ticket = opened[dice.of(opened.len())];
                step(test, &mut dice, &caller, ticket).await;
            }
            test.pass(Millis::from_minutes(1));
        }
        let mut finds = 0;
        for caller in &callers {
            let read = read(test, caller, &opened).await;
            for asked in ["tunn", "buro", "invoice slow", "printer vpn", "pritner", "tunnels"] {
                let found = all(test, caller, asked).await;
                let query = Query::read(asked).unwrap();
                let query = if asked == "pritner" { query.tolerant() } else { query };
                let fits =
                    |(.., words): &&(i64, i64, Vec<String>)| query.fits(&words.iter().map(String::as_str));
                let wanted: BTreeSet<(i64, i64)> =
                    read.iter().filter(fits).map(|(number, seq, _)| (*number, *seq)).collect();
                if wanted.is_empty() {
                    // Nothing has the words: what is one letter away is another question.
                    continue;
                }
                assert_eq!(found, wanted, "{asked} as {}", caller.role.name());
                finds += found.len();
            }
        }
        assert!(finds > 100, "only {finds} texts were found at all");
        let seen = compare(&test.app, &test.operator()).await.unwrap();
        assert_eq!((seen.missing, seen.surplus), (0, 0), "the index is that of the lines");
    });
}

#[test]
fn a_number_leads_to_its_ticket_first_also_one_that_it_had_elsewhere() {
    on_each(async |test| {
        let world = world(test).await;
        let first = open(&test.app, &world.requester, incident(world.client, "One")).await.unwrap();
        let second = open(&test.app, &world.approver, incident(world.client, "Two, not 1")).await.unwrap();
        let known = test.app.write(&world.it, move |tx, act| {
            tickets::known_as(tx, act, first.id, "INC0012345")?;
            tickets::known_as(tx, act, second.id, "1")
        });
        known.await.unwrap();
        let meant = async |caller: &Caller, asked: &'static str| -> Vec<i64> {
            let found = test.app.read(caller, move |tx, act| find(tx, act, asked, (None, 20))).await.unwrap();
            found.meant.iter().map(|listed| listed.ticket.number).collect()
        };
        assert_eq!(meant(&world.it, " 1 ").await, [1, 2]);
        assert_eq!(meant(&world.it, "#2").await, [2]);
        assert_eq!(meant(&world.it, "inc0012345").await, [1]);
        assert_eq!(meant(&world.requester, "1").await, [1], "the other is somebody else's");
        assert_eq!(meant(&world.vendor, "1").await, [] as [i64; 0]);
    });
}

#[test]
fn people_and_clients_are_found_by_who_sees_their_lists() {
    on_each(async |test| {
        let world = world(test).await;
        test.client("Mill Street").await;
        let names = async |caller: &Caller, asked: &'static str| -> Vec<String> {
            let found = test.app.read(caller, move |tx, act| find(tx, act, asked, (None, 20))).await.unwrap();
            let clients = found.clients.into_iter().map(|client| client.name);
            clients.chain(found.people.into_iter().map(|one| one.name)).collect()
        };
        assert_eq!(names(&world.technician, "mill").await, ["Mill Street"]);
        assert_eq!(names(&world.technician, "streat mill").await, ["Mill Street"], "mistyped");
        assert_eq!(names(&world.technician, "test tehcnic").await, ["Technician Test"]);
        assert_eq!(names(&world.it, "mill").await, [] as [&str; 0], "another client");
        assert_eq!(names(&world.it, "harbor").await, ["Harbor Dental"]);
        assert_eq!(names(&world.requester, "harbor").await, [] as [&str; 0]);
        assert!(!world.requester.may(Permission::ReadPeople));
        let id = world.client;
        let operator = test.operator();
        let renamed =
            test.app.write(&operator, move |tx, act| clients::rename(tx, act, id, 1, "Pier Dental"));
        renamed.await.unwrap();
        assert_eq!(names(&world.technician, "harbor dental").await, [] as [&str; 0]);
        assert_eq!(names(&world.technician, "pier").await, ["Pier Dental"]);
    });
}

#[test]
fn whatever_is_typed_is_answered_or_refused_with_a_word() {
    on_each(async |test| {
        let world = world(test).await;
        open(&test.app, &world.requester, incident(world.client, "Hello \u{5E9}\u{5DC}\u{5D5}\u{5DD}"))
            .await
            .unwrap();
        let long = "word ".repeat(2000);
        let many = "ab ".repeat(11);
        let odd = [
            "a",
            "\"",
            "\" OR 1=1 --",
            "NEAR(a b)",
            "text:*",
            "a AND",
            "(((",
            "^a",
            "\0",
            "a\0b",
            "😀",
            "\u{202E}abc",
            "שלום",
            "' & ! | <-> :*",
            "_c",
            "%",
            "\\",
            "-1",
            "99999999999999999999",
            "",
            "   ",
            &long,
            &many,
        ];
        for asked in odd {
            let typed = asked.to_owned();
            let found =
                test.app.read(&world.technician, move |tx, act| find(tx, act, &typed, (None, 20))).await;
            match found {
                Ok(found) => assert_eq!(!found.tickets.is_empty(), asked == "שלום", "{asked}"),
                Err(Refused::Invalid(fields)) => assert_eq!(fields[0].name, "q", "{asked}"),
                Err(other) => panic!("{asked}: {other}"),
            }
        }
    });
}

#[test]
fn what_an_index_has_lost_is_noticed_and_put_in_again() {
    on_each(async |test| {
        let world = world(test).await;
        open(&test.app, &world.requester, incident(world.client, "Tunnel")).await.unwrap();
        let operator = test.operator();
        match test.app.db.engine() {
            remit_db::Engine::Sqlite => test.home().tamper("DELETE FROM index_waiting"),
            remit_db::Engine::Postgres => test.home().tamper("TRUNCATE index_text"),
        }
        test.home().tamper("DELETE FROM search_name");
        assert!(all(test, &world.it, "tunnel").await.is_empty());
        let seen = compare(&test.app, &operator).await.unwrap();
        assert_eq!((seen.missing, seen.surplus), (seen.seen, 0));
        mend(&test.app, &operator).await.unwrap();
        assert_eq!(all(test, &world.it, "tunnel").await, BTreeSet::from([(1, 1)]));
        assert_eq!(compare(&test.app, &operator).await.unwrap().missing, 0);
        let listed =
            test.app.read(&world.it, |tx, act| list(tx, act, View::Open, (None, None, 9))).await.unwrap();
        assert_eq!(listed.len(), 1);
    });
}
