//! What hand-offs are asked, in the pages: set for a service, answered in the forms of its tickets.

use super::*;
use crate::tickets::tests::{incident, world};

const FOUR: &str = "tried=all&access=all&impact=all&next=all";

async fn posted(browser: &Browser, path: &str, cookie: &str, form: &str) -> Seen {
    browser.send(Method::POST, path, cookie, form).await
}

#[test]
fn a_service_asks_and_the_form_of_a_ticket_answers() {
    on_each(async |test| {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = browser.sign_in(test, &operator, owner).await;
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let settings = "/settings/hand-off";
        let empty = browser.get(settings, &owner).await;
        assert!(empty.text.contains("Nothing more is asked yet"), "{}", empty.text);
        let odd = browser.get("/settings/hand-off?service=helpdsek", &owner).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let open = browser.get("/settings/hand-off?service=helpdesk", &owner).await;
        assert!(open.text.contains("name=\"version\" value=\"0\""), "{}", open.text);
        let long = format!("service=helpdesk&version=0&question={}&question=Room+%3Cb%3E", "x".repeat(121));
        let long = posted(&browser, settings, &owner, &long).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(long.text.contains("at most 120") && long.text.contains("Room &#60;b&#62;"), "{}", long.text);
        let form =
            "service=helpdesk&version=0&question=Who+was+told%3F&question=&question=Room+%3Cb%3E&required=1";
        assert_eq!(posted(&browser, settings, &owner, form).await.status, StatusCode::SEE_OTHER);
        let late = posted(&browser, settings, &owner, form).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        let list = browser.get(settings, &owner).await;
        assert!(list.text.contains("Who was told?") && list.text.contains("optional"), "{}", list.text);

        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let path = format!("/tickets/{}/escalation", ticket.number);
        let asked = browser.get(&path, &it).await;
        for word in ["Who was told?", "Room &#60;b&#62;", "(optional)", "name=\"answer-2\""] {
            assert!(asked.text.contains(word), "{word}: {}", asked.text);
        }
        let questions = "question-1=Who+was+told%3F&question-2=Room+%3Cb%3E";
        let cold = format!("{FOUR}&{questions}&answer-1=&answer-2=Twelve");
        let cold = posted(&browser, &path, &it, &cold).await;
        assert_eq!(cold.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(cold.text.contains("nothing yet") && cold.text.contains("Twelve"), "{}", cold.text);
        // Somebody changes what is asked while it is typed: nothing is lost, and nothing stands beside what it is not for.
        let other = "service=helpdesk&version=1&question=Floor%3F&question=Who+was+told%3F&required=2";
        assert_eq!(posted(&browser, settings, &owner, other).await.status, StatusCode::SEE_OTHER);
        let typed = format!("{FOUR}&{questions}&answer-1=Anna&answer-2=Twelve");
        let seen = posted(&browser, &path, &it, &typed).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["is not asked; these are", "Room &#60;b&#62;: Twelve", "Something else is asked by now"]
        {
            assert!(seen.text.contains(word), "{word}: {}", seen.text);
        }
        let second = seen.text.split("name=\"answer-2\"").nth(1).unwrap();
        assert!(second.split("</textarea>").next().unwrap().contains("Anna"), "{second}");
        let done = format!("{FOUR}&question-1=Floor%3F&answer-1=&question-2=Who+was+told%3F&answer-2=Anna");
        let done = posted(&browser, &path, &it, &done).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let gone = posted(&browser, &format!("{settings}/removal"), &owner, "service=helpdesk").await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let asked = browser.get(&format!("/tickets/{}/offer", ticket.number), &it).await;
        assert!(!asked.text.contains("Who was told"), "{}", asked.text);
    });
}
