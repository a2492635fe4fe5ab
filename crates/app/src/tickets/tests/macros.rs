//! Macros: what they say on a ticket, what is done with them, and who has them.

use remit_db::Tx;

use super::*;
use crate::act::Act;

fn says(name: &str, of: Of) -> MacroText {
    MacroText {
        name: name.to_owned(),
        of,
        text: "{first-name}, {number} “{subject}” at {client} works again, says {me}.".to_owned(),
        visibility: Visibility::Public,
        status: None,
        tags: Vec::new(),
    }
}

async fn kept(test: &TestApp, by: &Caller, new: MacroText) -> Result<Id<Macro>, Refused> {
    test.app.write(by, move |tx, act| add_macro(tx, act, &new)).await
}

#[test]
fn a_macro_says_what_the_ticket_says_and_names_what_it_cannot() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let id = kept(test, &world.it, says("Works again", Of::Own)).await.unwrap();
        let filled = move |tx: &mut Tx<'_, '_>, act: &Act| fill_macro(tx, act, (ticket.id, id));
        let told = test.app.read(&world.it, filled).await.unwrap();
        assert_eq!(told.missing, Vec::<String>::new());
        assert!(told.text.contains(&format!("#{} “{}”", ticket.number, ticket.subject)), "{}", told.text);
        assert!(told.text.ends_with(&format!("says {}.", world.it.name)), "{}", told.text);
        assert!(!told.text.contains('{'), "{}", told.text);

        let wrong = MacroText { text: "{nme}".to_owned(), ..says("Wrong", Of::Own) };
        let refused = kept(test, &world.it, wrong).await.unwrap_err().to_string();
        assert!(refused.contains("{nme} stands for nothing"), "{refused}");
        let nothing = MacroText { text: String::new(), ..says("Nothing", Of::Own) };
        assert!(matches!(kept(test, &world.it, nothing).await, Err(Refused::Invalid(_))));
        let again = kept(test, &world.it, says("works AGAIN ", Of::Own)).await.unwrap_err().to_string();
        assert!(again.contains("already"), "{again}");
        let approval =
            MacroText { status: Some(Status::WaitingApproval), ..says("Waits for nobody", Of::Own) };
        assert!(matches!(kept(test, &world.it, approval).await, Err(Refused::Invalid(_))));
    });
}

#[test]
fn what_is_sent_with_a_macro_and_what_it_does_are_one_deed() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let (holder, other) = if ticket.party == world.it.party.unwrap() {
            (&world.it, &world.technician)
        } else {
            (&world.technician, &world.it)
        };
        let new = MacroText {
            status: Some(Status::WaitingRequester),
            tags: vec!["Asked-Back".to_owned()],
            ..says("Asks back", Of::Client(world.client))
        };
        let id = kept(test, holder, new).await.unwrap();
        let said = (Visibility::Public, "Does it work again?", &[][..]);

        // Whoever does not hold it says nothing either.
        let refused =
            test.app.write(other, move |tx, act| write_and(tx, act, ticket.id, said, Some(id))).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        let read =
            move |tx: &mut Tx<'_, '_>, act: &Act| Ok((find(tx, act, ticket.id)?, tags(tx, act, ticket.id)?));
        let (there, words) = test.app.read(holder, read).await.unwrap();
        assert_eq!((there.lines, words.len()), (ticket.lines, 0));
        let refused = test.app.write(other, move |tx, act| send(tx, act, ticket.id, said, Some(id))).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");

        // It can be taken back, and nothing is done then.
        test.app.write(holder, move |tx, act| send(tx, act, ticket.id, said, Some(id))).await.unwrap();
        let (there, words) = test.app.read(holder, read).await.unwrap();
        assert_eq!((there.status, words.len()), (ticket.status, 0));
        test.app.write(holder, move |tx, act| unsend(tx, act, ticket.id)).await.unwrap();
        test.app.write(holder, move |tx, act| send(tx, act, ticket.id, said, Some(id))).await.unwrap();
        test.app.write(holder, move |tx, act| send_now(tx, act, ticket.id)).await.unwrap();
        let (there, words) = test.app.read(holder, read).await.unwrap();
        assert_eq!((there.status, words), (Status::WaitingRequester, vec!["asked-back".to_owned()]));

        // One that is gone meanwhile is not done, and nothing is sent without it.
        test.app.write(holder, move |tx, act| drop_macro(tx, act, id)).await.unwrap();
        let gone = test.app.write(holder, move |tx, act| write_and(tx, act, ticket.id, said, Some(id))).await;
        assert!(matches!(gone, Err(Refused::Conflict(_))), "{gone:?}");
        let (after, _) = test.app.read(holder, read).await.unwrap();
        assert_eq!(after.lines, there.lines);
        let waits = test.app.read(holder, move |tx, act| sending(tx, act, ticket.id)).await.unwrap();
        assert_eq!(waits, None);
    });
}

#[test]
fn ones_own_are_seen_by_nobody_else_and_those_of_a_client_by_both_its_teams() {
    on_each(async |test| {
        let world = world(test).await;
        let (it, provider, client) = (&world.it, &world.technician, world.client);
        let own = kept(test, it, says("Mine", Of::Own)).await.unwrap();
        let ours = kept(test, it, says("Ours", Of::Client(client))).await.unwrap();
        let all = kept(test, &test.operator(), says("Of all", Of::All)).await.unwrap();
        let names = async |by: &Caller| -> Vec<String> {
            let found = test.app.read(by, move |tx, act| macros(tx, act, Some(client))).await.unwrap();
            found.into_iter().map(|one| one.says.name).collect()
        };
        assert_eq!(names(it).await, ["Mine", "Of all", "Ours"]);
        assert_eq!(names(provider).await, ["Of all", "Ours"]);
        let other = test.client("Another").await;
        let stranger = test.caller(Role::ClientIt, Some(other)).await;
        assert_eq!(names(&stranger).await, ["Of all"]);
        for id in [own, ours] {
            let seen = test.app.read(&stranger, move |tx, act| find_macro(tx, act, id)).await;
            assert_eq!(seen.unwrap_err(), Refused::NotFound);
            let cut = test.app.write(&stranger, move |tx, act| drop_macro(tx, act, id)).await;
            assert_eq!(cut.unwrap_err(), Refused::NotFound);
        }
        let seen = test.app.read(provider, move |tx, act| find_macro(tx, act, own)).await;
        assert_eq!(seen.unwrap_err(), Refused::NotFound);

        // Both teams change what is of both; what is of all, those who may change settings.
        let new = says("Ours, better", Of::Own);
        let set = move |tx: &mut Tx<'_, '_>, act: &Act| change_macro(tx, act, (ours, 1), &new);
        test.app.write(provider, set.clone()).await.unwrap();
        assert_eq!(test.app.write(it, set).await.unwrap_err(), Refused::Stale);
        let now = test.app.read(it, move |tx, act| find_macro(tx, act, ours)).await.unwrap();
        assert_eq!((now.says.of, now.says.name.as_str()), (Of::Client(client), "Ours, better"));
        let new = says("Of nobody", Of::All);
        let refused = test.app.write(it, move |tx, act| change_macro(tx, act, (all, 1), &new)).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        assert!(matches!(kept(test, it, says("Everybody’s", Of::All)).await, Err(Refused::Forbidden(_))));
        // Of another client: it is not there.
        let refused = kept(test, it, says("Theirs", Of::Client(other))).await.unwrap_err();
        assert!(matches!(refused, Refused::NotFound | Refused::Db(_)), "{refused:?}");
    });
}
