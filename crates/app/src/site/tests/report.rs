//! The report of the desk in the pages: every number of the month leads to as many tickets, and the drawings have words.

use remit_core::Millis;

use super::*;
use crate::promises::{NewRule, add_rule};
use crate::tickets::tests::{World, incident, world};

/// What links of a page lead to lists of tickets, each with the number that stands there.
fn numbers(text: &str) -> Vec<(String, String)> {
    let links = text.split("href=\"/reports/desk/tickets?").skip(1);
    let link = |rest: &str| {
        let (address, rest) = rest.split_once('"')?;
        let (label, _) = rest.strip_prefix(" aria-label=\"")?.split_once(", show the tickets\"")?;
        let number = label.rsplit(": ").next()?;
        Some((address.replace("&amp;", "&").replace("&#38;", "&"), number.to_owned()))
    };
    links.filter_map(link).collect()
}

/// Three tickets: one is solved in time, one late, one not yet.
async fn late(test: &TestApp, world: &World) {
    let new = NewRule {
        promise: remit_promise::Promise::RESOLUTION,
        client: None,
        tier: String::new(),
        service: String::new(),
        priority: None,
        party: None,
        from: None,
        term: remit_promise::Term::Within(remit_promise::Within::every_minute(Millis::from_hours(1))),
    };
    test.app.write(&test.operator(), move |tx, act| add_rule(tx, act, &new)).await.unwrap();
    let mut all = Vec::new();
    for subject in ["Slow <b>", "Slower", "Slowest"] {
        all.push(
            tickets::open(&test.app, &world.requester, incident(world.client, subject)).await.unwrap().id,
        );
    }
    for (id, wait) in [(all[0], 0), (all[1], 90)] {
        test.pass(Millis::from_minutes(wait));
        let solve = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            tickets::set_status(tx, act, id, (tickets::Status::New, tickets::Status::Solved))
        };
        test.app.write(&world.it, solve).await.unwrap();
    }
}

#[test]
fn every_number_of_the_month_leads_to_its_tickets() {
    on_each(async |test| {
        let world = world(test).await;
        late(test, &world).await;
        let browser = Browser::new(test);
        let it = browser.sign_in(test, &test.operator(), world.it.membership.unwrap()).await;
        let page = browser.get("/reports/desk", &it).await;
        assert_eq!(page.status, StatusCode::OK);
        for words in ["role=\"img\"", "SLA: solution, missed 1 time", "1 h 30 min", "November 2026"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let found = numbers(&page.text);
        // Opened, solved, solved by internal IT, one kept and one missed.
        assert_eq!(
            found.iter().map(|(_, n)| n.as_str()).collect::<Vec<_>>(),
            ["3", "2", "2", "1", "1"],
            "{found:?}"
        );
        for (address, number) in found {
            let list = browser.get(&format!("/reports/desk/tickets?{address}"), &it).await;
            assert_eq!(list.status, StatusCode::OK, "{address}");
            assert_eq!(
                list.text.matches("<th scope=\"row\"><a href=\"/tickets/").count().to_string(),
                number,
                "{address}"
            );
            let file = browser.get(&format!("/reports/desk/tickets?{address}&format=csv"), &it).await;
            assert_eq!((file.text.trim_end().lines().count() - 1).to_string(), number, "{}", file.text);
        }
        let months = browser.get("/reports/desk?format=csv", &it).await;
        assert!(
            months.text.lines().count() == 13 && months.text.contains("2026-11,3,2,0,0,0,0,2,0,"),
            "{}",
            months.text
        );
        for odd in ["/reports/desk?month=soon", "/reports/desk/tickets?which=all", "/reports/desk?format=pdf"]
        {
            assert_eq!(browser.get(odd, &it).await.status, StatusCode::BAD_REQUEST, "{odd}");
        }
        assert_eq!(browser.get("/reports/desk?client=nobody", &it).await.status, StatusCode::NOT_FOUND);
    });
}
