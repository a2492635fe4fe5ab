//! Lists narrowed down by several things at once, and lists that are kept.

use super::*;

/// The numbers on each page of a list, in order.
async fn pages(
    test: &TestApp,
    by: &Caller,
    (view, narrow): (View, Narrow),
    most: u16,
) -> Result<Vec<Vec<i64>>, Refused> {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let (mut pages, mut from) = (Vec::new(), None);
        loop {
            let Narrowed { found, next } = narrowed(tx, act, (view, &narrow), (from, most))?;
            pages.push(found.iter().map(|listed| listed.ticket.number).collect());
            let Some(next) = next else { return Ok(pages) };
            // As an address carries it.
            from = Next::read(next.keys(), &narrow);
            assert!(from.is_some());
        }
    };
    test.app.read(by, read).await
}

async fn numbers(test: &TestApp, by: &Caller, list: (View, Narrow)) -> Vec<i64> {
    let mut all: Vec<i64> = pages(test, by, list, 2).await.unwrap().concat();
    all.sort_unstable();
    all
}

/// Twelve tickets: every third a request, every second about a network, those by four closed.
async fn twelve(test: &TestApp, world: &World) {
    for n in 1..=12 {
        let service = if n % 2 == 0 { "network.wan" } else { "helpdesk" };
        let kind = if n % 3 == 0 { Kind::Request } else { Kind::Incident };
        let says = if n % 6 < 2 { "The turbine hums." } else { "It is quiet." };
        let urgency = if n == 12 { Urgency::High } else { Urgency::Medium };
        let new = NewTicket {
            kind,
            urgency,
            text: says.to_owned(),
            service: service.to_owned(),
            ..incident(world.client, &format!("Thing {n}"))
        };
        let id = open(&test.app, &world.requester, new).await.unwrap().id;
        if n % 4 == 0 {
            let close = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                set_status(tx, act, id, (Status::New, Status::Closed))
            };
            test.app.write(&test.operator(), close).await.unwrap();
        }
    }
}

#[test]
fn a_list_is_narrowed_by_several_things_and_goes_on_where_it_stopped() {
    on_each(async |test| {
        let world = world(test).await;
        twelve(test, &world).await;
        let wide = Narrow::default;
        let all: Vec<i64> = (1..=12).collect();
        assert_eq!(numbers(test, &world.it, (View::Client(world.client), wide())).await, all);
        assert_eq!(numbers(test, &world.it, (View::Open, wide())).await, [1, 2, 3, 5, 6, 7, 9, 10, 11]);
        let of = |narrow: Narrow| (View::Open, narrow);
        let network = Narrow { service: "network".to_owned(), ..wide() };
        assert_eq!(numbers(test, &world.it, of(network.clone())).await, [2, 6, 10]);
        let requests = Narrow { kind: Some(Kind::Request), ..wide() };
        assert_eq!(numbers(test, &world.it, of(requests.clone())).await, [3, 6, 9]);
        assert_eq!(
            numbers(test, &world.it, of(Narrow { service: "net".to_owned(), ..wide() })).await,
            [0; 0]
        );
        let both = Narrow { kind: Some(Kind::Request), ..network };
        assert_eq!(numbers(test, &world.it, of(both.clone())).await, [6]);
        assert_eq!(numbers(test, &world.it, (View::Client(world.client), both.clone())).await, [6, 12]);
        let closed = Narrow { status: Some(Status::Closed), ..wide() };
        assert_eq!(numbers(test, &world.it, (View::Client(world.client), closed)).await, [4, 8, 12]);
        let urgent = Narrow { priority: Some(Priority::P2), ..both };
        assert_eq!(numbers(test, &world.it, (View::Client(world.client), urgent)).await, [12]);
        // By the requester, of their own.
        assert_eq!(numbers(test, &world.requester, (View::Own, requests)).await, [3, 6, 9, 12]);
    });
}

#[test]
fn words_and_tags_find_the_tickets_and_the_rest_narrows_them_down() {
    on_each(async |test| {
        let world = world(test).await;
        twelve(test, &world).await;
        let with = |text: &str, tag: &str| Narrow {
            text: text.to_owned(),
            tag: tag.to_owned(),
            ..Narrow::default()
        };
        let everywhere = View::Client(world.client);
        assert_eq!(numbers(test, &world.it, (everywhere, with("turbine", ""))).await, [1, 6, 7, 12]);
        assert_eq!(numbers(test, &world.it, (View::Open, with("turbine", ""))).await, [1, 6, 7]);
        let requests = Narrow { kind: Some(Kind::Request), ..with("turbine", "") };
        assert_eq!(numbers(test, &world.it, (View::Open, requests)).await, [6]);
        for number in [1, 2, 6] {
            let put = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                let id = find_number(tx, act, number)?.id;
                tag(tx, act, id, (&["plant".to_owned()], &[]))
            };
            test.app.write(&test.operator(), put).await.unwrap();
        }
        assert_eq!(numbers(test, &world.it, (View::Open, with("", "Plant"))).await, [1, 2, 6]);
        assert_eq!(numbers(test, &world.it, (View::Open, with("turbine", "plant"))).await, [1, 6]);
        assert_eq!(numbers(test, &world.it, (View::Mine, with("", "plant"))).await, [0; 0]);
        let mine = numbers(test, &world.requester, (View::Own, with("turbine", ""))).await;
        assert_eq!(mine, [1, 6, 7, 12]);
        let refused = pages(test, &world.requester, (View::Own, with("", "plant")), 2).await.unwrap_err();
        assert!(refused.to_string().contains("both IT teams"), "{refused}");
        let refused = pages(test, &world.it, (View::Open, with("--", "")), 2).await.unwrap_err().to_string();
        assert!(refused.contains("write a word"), "{refused}");
        let refused = pages(test, &world.requester, (View::Open, with("turbine", "")), 2).await.unwrap_err();
        assert!(matches!(refused, Refused::Forbidden(_)), "{refused}");
    });
}

#[test]
fn lists_are_kept_by_whoever_keeps_them_and_seen_by_nobody_else() {
    on_each(async |test| {
        let world = world(test).await;
        let keep = |name: &'static str, query: &'static str| {
            test.app.write(&world.it, move |tx, act| save_view(tx, act, (name, query)))
        };
        let first = keep("Urgent", "view=open&priority=P1&text=").await.unwrap();
        assert_eq!(first.query, "view=open&priority=P1");
        let again = keep("Urgent", "?view=open&priority=P2").await.unwrap();
        assert_eq!((again.id, again.query.as_str()), (first.id, "view=open&priority=P2"));
        let refused = keep("", "format=csv").await.unwrap_err().to_string();
        assert!(refused.contains("write a name") && refused.contains("no `format`"), "{refused}");
        assert_eq!(test.app.read(&world.it, saved_views).await.unwrap(), [again]);
        assert!(test.app.read(&world.technician, saved_views).await.unwrap().is_empty());
        let id = first.id;
        let theirs = test.app.write(&world.technician, move |tx, act| drop_view(tx, act, id)).await;
        assert_eq!(theirs, Err(Refused::NotFound));
        test.app.write(&world.it, move |tx, act| drop_view(tx, act, id)).await.unwrap();
        assert!(test.app.read(&world.it, saved_views).await.unwrap().is_empty());
        for n in 0..MOST_VIEWS {
            let name = format!("List {n}");
            test.app.write(&world.it, move |tx, act| save_view(tx, act, (&name, "view=open"))).await.unwrap();
        }
        let refused = keep("One more", "view=open").await.unwrap_err().to_string();
        assert!(refused.contains("30 lists already"), "{refused}");
    });
}
