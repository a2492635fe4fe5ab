//! The board and the load in the pages: a card is moved, moved back, and not moved, each in words; every figure leads to as many tickets.

use super::*;
use crate::board::tests::{busy, joined};
use crate::tickets::tests::{World, incident, world};

async fn signed(test: &TestApp, browser: &Browser, who: &Caller) -> String {
    browser.sign_in(test, &test.operator(), who.membership.unwrap()).await
}

async fn opened(test: &TestApp, world: &World, subject: &str) {
    tickets::open(&test.app, &world.requester, incident(world.client, subject)).await.unwrap();
}

/// What stands in hidden fields of the form that takes a move back.
fn undo(page: &str) -> String {
    let form =
        page.split("<form method=\"post\" action=\"/tickets/1/move\">").nth(1).expect("there is a way back");
    let fields = form.split("</form>").next().unwrap_or_default().split("name=\"").skip(1);
    let pair = |field: &str| {
        let (name, rest) = field.split_once('"').expect("a name ends");
        let value = rest.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        format!("{name}={value}")
    };
    fields.map(pair).collect::<Vec<_>>().join("&")
}

#[test]
fn a_card_is_moved_and_moved_back_without_a_script() {
    on_each(async |test| {
        let world = world(test).await;
        opened(test, &world, "Slow <b>").await;
        let team = joined(test, "it", &world.it).await;
        let browser = Browser::new(test);
        let it = signed(test, &browser, &world.it).await;
        let board = browser.get("/board", &it).await;
        assert!(
            board.text.contains("Nobody yet") && board.text.contains("Slow &#60;b&#62;"),
            "{}",
            board.text
        );
        let ask = browser.get(&format!("/tickets/1/move?team={team}"), &it).await;
        assert!(
            ask.text.contains("nobody works on it yet") && ask.text.contains("works on nothing"),
            "{}",
            ask.text
        );
        let own = world.it.membership.unwrap();
        let form = format!("team={team}&by=person&after=&was=&to={own}");
        let post = async |form: &str| browser.send(Method::POST, "/tickets/1/move", &it, form).await;
        let done = post(&form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let at = done.to;
        assert!(at.ends_with("#card-1"), "{at}");
        let page = browser.get(at.split('#').next().unwrap(), &it).await;
        assert!(page.text.contains("works on it first") && page.text.contains("Undo"), "{}", page.text);
        // Seen before it was moved.
        let late = post(&form).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(
            late.text.contains("was not moved") && late.text.contains("somebody else has moved it"),
            "{}",
            late.text
        );
        let back = post(&undo(&page.text)).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        let page = browser.get(back.to.split('#').next().unwrap(), &it).await;
        assert!(page.text.contains("nobody works on it yet") && !page.text.contains("Undo"), "{}", page.text);
        let refused = post(&format!("team={team}&by=status&was=new&to=waiting-approval")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("that follows from an approval"), "{}", refused.text);
        // The other side looks, and does not move.
        let manager = signed(test, &browser, &world.manager).await;
        let board = browser.get(&format!("/board?team={team}"), &manager).await;
        assert!(
            board.text.contains("Slow &#60;b&#62;") && !board.text.contains("draggable=\"true\""),
            "{}",
            board.text
        );
        let ask = browser.get(&format!("/tickets/1/move?team={team}"), &manager).await;
        assert!(ask.text.contains("It cannot be moved") && ask.text.contains("holds it"), "{}", ask.text);
        let form = format!("team={team}&by=status&was=new&to=working");
        let refused = browser.send(Method::POST, "/tickets/1/move", &manager, &form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        for odd in ["/board?team=none", "/board?team=team_01890a5d-ac96-774b-bcce-b302099a8057"] {
            assert_eq!(browser.get(odd, &it).await.status, StatusCode::NOT_FOUND, "{odd}");
        }
    });
}

/// What links of the load lead to lists of tickets, each with the number that stands there.
fn numbers(text: &str) -> Vec<(String, String)> {
    let links = text.split("href=\"/tickets?pile=").skip(1);
    let link = |rest: &str| {
        let (address, rest) = rest.split_once('"')?;
        let (label, _) = rest.strip_prefix(" aria-label=\"")?.split_once(", show the tickets\"")?;
        let number = label.rsplit(": ").next()?;
        Some((address.replace("&amp;", "&").replace("&#38;", "&"), number.to_owned()))
    };
    links.filter_map(link).collect()
}

#[test]
fn every_figure_of_the_load_leads_to_its_tickets() {
    on_each(async |test| {
        let world = world(test).await;
        busy(test, &world).await;
        let browser = Browser::new(test);
        let it = signed(test, &browser, &world.it).await;
        let page = browser.get("/load", &it).await;
        assert!(
            page.text.contains("role=\"img\"") && page.text.contains("Held by each team"),
            "{}",
            page.text
        );
        let found = numbers(&page.text);
        // Held, late, with nobody, paused; worked on first, and late of that.
        let figures: Vec<&str> = found.iter().map(|(_, number)| number.as_str()).collect();
        assert_eq!(figures, ["5", "2", "3", "1", "2", "1"], "{found:?}");
        for (address, number) in found {
            let list = browser.get(&format!("/tickets?pile={address}"), &it).await;
            assert_eq!(list.status, StatusCode::OK, "{address}");
            assert_eq!(
                list.text.matches("<th scope=\"row\"><a href=\"/tickets/").count().to_string(),
                number,
                "{address}"
            );
            let file = browser.get(&format!("/tickets?pile={address}&format=csv"), &it).await;
            assert_eq!((file.text.trim_end().lines().count() - 1).to_string(), number, "{}", file.text);
        }
        let file = browser.get("/load?format=csv", &it).await;
        let told: Vec<&str> = file.text.trim_end().lines().collect();
        assert_eq!(told.len(), 3, "{}", file.text);
        assert!(told[1].ends_with("it,,5,2,0,3,1,0,,"), "{}", told[1]);
        assert!(told[2].ends_with("Internal IT Test,,1,,,,,2,0"), "{}", told[2]);
    });
}
