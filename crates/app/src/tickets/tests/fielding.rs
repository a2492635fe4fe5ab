//! The provider's own fields: what is asked of which ticket, who fills it in, who reads it.

use std::collections::BTreeMap;

use super::*;

fn field(label: &str, shape: Shape) -> Definition {
    Definition {
        label: label.to_owned(),
        hint: String::new(),
        shape,
        kinds: Vec::new(),
        service: String::new(),
        needed: Needed::Never,
        read_by: Visibility::Public,
        place: 10,
    }
}

async fn added(test: &TestApp, key: &'static str, new: Definition) -> Result<CustomField, Refused> {
    test.app.write(&test.operator(), move |tx, act| add_field(tx, act, key, new)).await
}

async fn opened(
    test: &TestApp,
    by: &Caller,
    new: NewTicket,
    given: &[(&str, &str)],
) -> Result<Ticket, Refused> {
    let given: BTreeMap<String, String> =
        given.iter().map(|(key, to)| ((*key).to_owned(), (*to).to_owned())).collect();
    open_with(&test.app, by, (new, Extra { fields: Some(given), ..Extra::default() })).await
}

async fn filled(
    test: &TestApp,
    by: &Caller,
    id: Id<Ticket>,
    given: &[(&str, Option<&str>, &str)],
) -> Result<Ticket, Refused> {
    let filling = |(key, was, to): &(&str, Option<&str>, &str)| Filling {
        key: (*key).to_owned(),
        was: was.map(str::to_owned),
        to: (*to).to_owned(),
    };
    let given: Vec<Filling> = given.iter().map(filling).collect();
    test.app.write(by, move |tx, act| fill(tx, act, id, &given)).await
}

/// What stands in fields, as people read it.
async fn on(test: &TestApp, by: &Caller, id: Id<Ticket>) -> Vec<(String, String)> {
    let read = test.app.read(by, move |tx, act| {
        let ticket = find(tx, act, id)?;
        values(tx, act, &ticket)
    });
    read.await.unwrap().into_iter().map(|one| (one.field.key, one.shown)).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(key, shown)| ((*key).to_owned(), (*shown).to_owned())).collect()
}

#[test]
fn what_is_asked_is_filled_in_when_a_ticket_is_opened_and_stands_in_it() {
    on_each(async |test| {
        let world = world(test).await;
        let serial = Definition { needed: Needed::Opening, ..field("Serial number", Shape::Line) };
        added(test, "serial", Definition { kinds: vec![Kind::Incident], ..serial }).await.unwrap();
        let size = Shape::Number { unit: "GB".to_owned(), least: Some("1".to_owned()), most: None };
        added(test, "size", Definition { place: 20, ..field("Size", size) }).await.unwrap();
        let risk =
            Definition { read_by: Visibility::Teams, needed: Needed::Opening, ..field("Risk", Shape::YesNo) };
        added(test, "risk", Definition { place: 30, ..risk }).await.unwrap();
        let new = || incident(world.client, "Slow");
        let none = opened(test, &world.requester, new(), &[]).await.unwrap_err().to_string();
        assert!(none.contains("fields.serial: Serial number: fill it in"), "{none}");
        let odd =
            opened(test, &world.requester, new(), &[("serial", "C02"), ("size", "0.5"), ("risk", "yes")]);
        let odd = odd.await.unwrap_err().to_string();
        // What they do not read is not there for them.
        assert!(odd.contains("at least 1 GB") && odd.contains("fields.risk: no such field"), "{odd}");
        assert!(!odd.contains("serial, size, risk"), "{odd}");
        let ticket =
            opened(test, &world.requester, new(), &[("serial", " C02 "), ("size", "08.50")]).await.unwrap();
        assert_eq!(
            on(test, &world.requester, ticket.id).await,
            pairs(&[("serial", "C02"), ("size", "8.5 GB")])
        );
        let whole = pairs(&[("serial", "C02"), ("size", "8.5 GB"), ("risk", "")]);
        assert_eq!(on(test, &world.it, ticket.id).await, whole);
        let second = &told(test, &world.requester, ticket.id).await[1];
        let Happened::Filled { fields } = &second.happened else { panic!("{second:?}") };
        assert_eq!((second.visibility, fields.len()), (Visibility::Public, 2));
        assert_eq!((fields[1].label.as_str(), fields[1].to.as_str()), ("Size", "8.5 GB"));
        // Of another kind it is not asked, and who works on tickets is asked what both teams read.
        let task = NewTicket { kind: Kind::Task, ..new() };
        let refused =
            opened(test, &world.it, task.clone(), &[("serial", "C02"), ("risk", "no")]).await.unwrap_err();
        assert!(refused.to_string().contains("those that are: size, risk"), "{refused}");
        let refused = opened(test, &world.it, task.clone(), &[]).await.unwrap_err().to_string();
        assert!(refused.contains("Risk: fill it in"), "{refused}");
        opened(test, &world.it, task, &[("risk", "No")]).await.unwrap();
        // What a rule opens, nobody was asked.
        open(&test.app, &world.requester, new()).await.unwrap();
    });
}

#[test]
fn only_who_holds_a_ticket_fills_it_in_and_nobody_overwrites_what_they_have_not_seen() {
    on_each(async |test| {
        let world = world(test).await;
        added(test, "serial", field("Serial number", Shape::Line)).await.unwrap();
        added(test, "site_contact", field("Contact", Shape::Person)).await.unwrap();
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let contact = world.requester.membership.unwrap().to_string();
        let refused = filled(test, &world.technician, ticket.id, &[("serial", None, "C02")]).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        let refused = filled(test, &world.requester, ticket.id, &[("serial", None, "C02")]).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        let both = [("serial", Some(""), "C02"), ("site_contact", Some(""), contact.as_str())];
        let after = filled(test, &world.it, ticket.id, &both).await.unwrap();
        assert_eq!(after.lines, ticket.lines + 1);
        let seen = on(test, &world.requester, ticket.id).await;
        assert_eq!(seen, pairs(&[("site_contact", "Requester Test"), ("serial", "C02")]));
        // Seen before: refused as long as it is not seen; not touched: left as it is.
        let late = [("serial", Some(""), "D03"), ("site_contact", Some(""), "")];
        let refused = filled(test, &world.it, ticket.id, &late).await.unwrap_err().to_string();
        assert!(refused.contains("it holds `C02` now") && !refused.contains("site_contact"), "{refused}");
        let same = filled(test, &world.it, ticket.id, &[("serial", Some("D03"), "C02")]).await.unwrap();
        assert_eq!(same.lines, after.lines);
        // All or none.
        let stranger = world.technician.membership.unwrap().to_string();
        let odd = [("serial", None, "E04"), ("site_contact", None, stranger.as_str()), ("none", None, "x")];
        let refused = filled(test, &world.it, ticket.id, &odd).await.unwrap_err().to_string();
        assert!(
            refused.contains("somebody of this client") && refused.contains("fields.none: there is no"),
            "{refused}"
        );
        assert_eq!(on(test, &world.it, ticket.id).await[1].1, "C02");
        let emptied = filled(test, &world.it, ticket.id, &[("serial", Some("C02"), " ")]).await.unwrap();
        assert_eq!(emptied.lines, after.lines + 1);
        assert_eq!(on(test, &world.it, ticket.id).await[1].1, "");
        let last = told(test, &world.it, ticket.id).await.pop().unwrap();
        let Happened::Filled { fields } = last.happened else { panic!("{last:?}") };
        assert_eq!((fields[0].from.as_str(), fields[0].to.as_str()), ("C02", ""));
    });
}

#[test]
fn a_ticket_is_not_solved_before_what_is_needed_stands_in_it() {
    on_each(async |test| {
        let world = world(test).await;
        let cause =
            Definition { needed: Needed::Solving, read_by: Visibility::Teams, ..field("Cause", Shape::Text) };
        added(test, "cause", Definition { service: "helpdesk".to_owned(), ..cause }).await.unwrap();
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        let to = |to| {
            move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                set_status(tx, act, ticket, (Status::New, to))
            }
        };
        for end in [Status::Solved, Status::Closed] {
            let refused = test.app.write(&world.it, to(end)).await.unwrap_err().to_string();
            assert!(refused.contains("before it is solved, fill in: Cause"), "{refused}");
        }
        filled(test, &world.it, ticket, &[("cause", None, "A full disk.")]).await.unwrap();
        let found = test.app.read(&world.it, |tx, act| {
            let query = remit_db::search::Query::read("full disk").expect("it has words");
            by_words(tx, act, &query, (None, 10))
        });
        assert_eq!(found.await.unwrap().tickets.len(), 1, "it is found by what stands in it");
        test.app.write(&world.it, to(Status::Solved)).await.unwrap();
    });
}

#[test]
fn a_field_is_changed_by_whoever_has_seen_it_and_asked_no_more_once_it_is_retired() {
    on_each(async |test| {
        let world = world(test).await;
        let owner = test.caller(Role::Owner, None).await;
        for (key, new, word) in [
            ("sErial", field("A", Shape::Line), "small letters"),
            ("1st", field("A", Shape::Line), "a letter first"),
            ("a", field(" ", Shape::Line), "write a label"),
            (
                "a",
                Definition { service: "nothing-like-it".to_owned(), ..field("A", Shape::Line) },
                "no service",
            ),
            ("a", Definition { read_by: Visibility::Party, ..field("A", Shape::Line) }, "both IT teams"),
            ("a", Definition { place: -1, ..field("A", Shape::Line) }, "from 0 to 9999"),
            ("a", field("A", Shape::Choice { options: vec!["one".to_owned()] }), "2 to 50"),
        ] {
            let refused = added(test, key, new).await.unwrap_err().to_string();
            assert!(refused.contains(word), "{refused}");
        }
        let refused =
            test.app.write(&world.manager, |tx, act| add_field(tx, act, "a", field("A", Shape::Line))).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        let one = added(test, "serial", field("Serial", Shape::Line)).await.unwrap();
        let twice = added(test, "serial", field("Other", Shape::Line)).await.unwrap_err().to_string();
        assert!(twice.contains("`serial` already"), "{twice}");
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        filled(test, &world.it, ticket, &[("serial", None, "C02")]).await.unwrap();
        let change = |version: i64, new: Definition| {
            let id = one.id;
            test.app.write(&owner, move |tx, act| change_field(tx, act, (id, version), new))
        };
        let shape = change(1, field("Serial", Shape::Date)).await.unwrap_err().to_string();
        assert!(shape.contains("retire it"), "{shape}");
        assert_eq!(change(1, field("Serial no.", Shape::Line)).await.unwrap().version, 2);
        assert_eq!(change(1, field("Serial", Shape::Line)).await.unwrap_err(), Refused::Stale);
        let id = one.id;
        test.app.write(&owner, move |tx, act| retire_field(tx, act, id, true)).await.unwrap();
        assert_eq!(on(test, &world.it, ticket).await, pairs(&[("serial", "C02")]), "what stands in it stays");
        let refused =
            filled(test, &world.it, ticket, &[("serial", None, "D03")]).await.unwrap_err().to_string();
        assert!(refused.contains("emptied alone"), "{refused}");
        let refused =
            opened(test, &world.it, incident(world.client, "New"), &[("serial", "x")]).await.unwrap_err();
        assert!(refused.to_string().contains("there are none"), "{refused}");
        test.app.write(&owner, move |tx, act| retire_field(tx, act, id, false)).await.unwrap();
        opened(test, &world.it, incident(world.client, "New"), &[("serial", "x")]).await.unwrap();
    });
}

#[test]
fn what_is_merged_brings_what_stands_in_its_fields_where_the_other_has_nothing() {
    on_each(async |test| {
        let world = world(test).await;
        added(test, "serial", field("Serial", Shape::Line)).await.unwrap();
        let secret = Definition { read_by: Visibility::Teams, ..field("Risk", Shape::YesNo) };
        added(test, "risk", secret).await.unwrap();
        let first = open(&test.app, &world.requester, incident(world.client, "Printer")).await.unwrap();
        let other = open(&test.app, &world.requester, incident(world.client, "Printer again")).await.unwrap();
        filled(test, &world.it, first.id, &[("serial", None, "C02")]).await.unwrap();
        filled(test, &world.it, other.id, &[("serial", None, "D03"), ("risk", None, "yes")]).await.unwrap();
        let into = first.number;
        test.app.write(&world.it, move |tx, act| merge(tx, act, other.id, into)).await.unwrap();
        assert_eq!(on(test, &world.it, first.id).await, pairs(&[("risk", "yes"), ("serial", "C02")]));
        assert_eq!(on(test, &world.it, other.id).await, pairs(&[("risk", "yes"), ("serial", "D03")]));
        assert_eq!(on(test, &world.requester, first.id).await, pairs(&[("serial", "C02")]));
        let lists =
            test.app.read(&world.it, move |tx, act| fields_of(tx, act, &[other.id, first.id])).await.unwrap();
        assert_eq!((lists[0]["serial"].as_str(), lists[1]["risk"].as_str()), ("D03", "yes"));
        let lists =
            test.app.read(&world.requester, move |tx, act| fields_of(tx, act, &[first.id])).await.unwrap();
        assert_eq!(lists[0].keys().collect::<Vec<_>>(), ["serial"]);
    });
}
