//! Several tickets of a list at once, in the pages and for programs.

use super::*;
use crate::tickets::tests::{incident, world};

#[test]
fn those_that_are_chosen_in_a_list_are_done_and_what_became_of_each_is_shown() {
    on_each(async |test| {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let requester = browser.sign_in(test, &operator, world.requester.membership.unwrap()).await;
        let mut ids = Vec::new();
        for service in ["helpdesk", "helpdesk", "network.wan"] {
            let new = tickets::NewTicket { service: service.to_owned(), ..incident(world.client, "Slow") };
            ids.push(tickets::open(&test.app, &world.requester, new).await.unwrap().id.to_string());
        }
        let list = browser.get("/tickets?view=open", &it).await;
        assert_eq!(list.text.matches("form=\"several\" name=\"ticket\"").count(), 3, "{}", list.text);
        assert!(list.text.contains("/tickets?view=open&amp;choose=page"), "{}", list.text);
        let all = browser.get("/tickets?view=open&choose=page", &it).await;
        assert_eq!(all.text.matches(" checked>").count(), 3, "{}", all.text);
        let own = browser.get("/tickets", &requester).await;
        assert!(!own.text.contains("several"), "{}", own.text);
        let chosen = ids.iter().map(|id| format!("ticket={id}")).collect::<Vec<_>>().join("&");
        let form = format!("{chosen}&deed=assign&worker=me&to=closed&add=&remove=&into=");
        let seen = browser.send(Method::POST, "/tickets/bulk", &it, &form).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(seen.text.contains("Done to 2 of 3") && seen.text.contains("isp-support"), "{}", seen.text);
        let many = format!("{}&deed=watch", vec![format!("ticket={}", ids[0]); 201].join("&"));
        let many = browser.send(Method::POST, "/tickets/bulk", &it, &many).await;
        assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(many.text.contains("at most 200"), "{}", many.text);
        let none = browser.send(Method::POST, "/tickets/bulk", &it, "deed=watch").await;
        assert!(none.text.contains("at least one"), "{}", none.text);
    });
}
