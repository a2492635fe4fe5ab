//! What was solved before and is like a ticket: by its rare words, and by no line that is not read.

use remit_db::Tx;

use super::*;
use crate::act::Act;

/// Internal IT opens it, and whoever holds it solves it.
async fn solved(test: &TestApp, world: &World, subject: &str) -> Ticket {
    let ticket = open(&test.app, &world.it, incident(world.client, subject)).await.unwrap();
    let id = ticket.id;
    let solve = move |tx: &mut Tx<'_, '_>, act: &Act| set_status(tx, act, id, (Status::New, Status::Solved));
    test.app.write(&test.operator(), solve).await.unwrap()
}

async fn found(test: &TestApp, by: &Caller, id: Id<Ticket>) -> Vec<(i64, Vec<String>)> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| similar(tx, act, id);
    let found = test.app.read(by, read).await.unwrap();
    found.into_iter().map(|one| (one.listed.ticket.number, one.words)).collect()
}

#[test]
fn what_has_its_rare_words_is_like_it_and_what_is_open_or_not_read_is_not() {
    on_each(async |test| {
        let world = world(test).await;
        let both = solved(test, &world, "Zebrafish scanner offline again").await;
        let one = solved(test, &world, "Scanner offline").await;
        let noted = solved(test, &world, "Something else").await;
        for n in 0..8 {
            solved(test, &world, &format!("Offline since {n} o’clock")).await;
        }
        // Only internal IT reads that word.
        let (id, own) = (noted.id, Visibility::Party);
        test.app.write(&world.it, move |tx, act| write(tx, act, id, own, "Walrus7 did it.")).await.unwrap();
        // Whose request it is, sets it to work again by writing.
        let end =
            move |tx: &mut Tx<'_, '_>, act: &Act| set_status(tx, act, id, (Status::Working, Status::Solved));
        test.app.write(&test.operator(), end).await.unwrap();
        let open_one = open(&test.app, &world.it, incident(world.client, "Zebrafish walrus7")).await.unwrap();
        let new = open(&test.app, &world.it, incident(world.client, "Zebrafish: SCANNER offline, walrus7"));
        let new = new.await.unwrap();

        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let seen = found(test, &world.it, new.id).await;
        assert_eq!(seen[0], (both.number, words(&["zebrafish", "scanner", "offline"])), "{seen:?}");
        assert!(seen.contains(&(noted.number, words(&["walrus7"]))), "{seen:?}");
        assert!(seen.contains(&(one.number, words(&["scanner", "offline"]))), "{seen:?}");
        assert_eq!(
            seen.len(),
            3,
            "what is open is not shown, and one word that many have is chance: {seen:?}"
        );

        let seen = found(test, &world.technician, new.id).await;
        assert!(seen.iter().all(|(number, _)| *number != noted.number), "{seen:?}");
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(!seen.iter().any(|(number, _)| *number == open_one.number));

        let other = test.client("Another").await;
        let stranger = test.caller(Role::ClientIt, Some(other)).await;
        let theirs = open(&test.app, &stranger, incident(other, "Zebrafish scanner offline")).await.unwrap();
        assert_eq!(
            found(test, &stranger, theirs.id).await,
            [],
            "what other clients had is not theirs to see"
        );
        let refused = test.app.read(&world.requester, move |tx, act| similar(tx, act, new.id)).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
    });
}
