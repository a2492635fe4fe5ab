//! Checklists in the pages: written in a form without a script, ticked on a ticket.

use super::*;
use crate::tickets::tests::{incident, world};

const NEW: &str = "name=Starter&from-start=start&kind=incident&service=helpdesk&text=Zebra+account&side=holder&text=&side=holder\
    &text=Laptop+%3Cb%3E&side=provider&required=3&required=1";

async fn posted(browser: &Browser, path: &str, cookie: &str, form: &str) -> Seen {
    browser.send(Method::POST, path, cookie, form).await
}

/// It comes off the ticket with a reason, which stays.
async fn taken_off(browser: &Browser, path: &str, it: &str) {
    let items = format!("{path}/checklists/items");
    let shown = browser.get(path, it).await;
    assert!(!shown.text.contains("Why “Starter” is taken off"), "it proves what was done: {}", shown.text);
    posted(browser, &items, it, "item=1&to=open").await;
    let shown = browser.get(path, it).await;
    assert!(shown.text.contains("Why “Starter” is taken off"), "{}", shown.text);
    let removal = format!("{path}/checklists/removal");
    let silent = posted(browser, &removal, it, "number=1&reason=+").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("write why it is taken off"), "{}", silent.text);
    posted(browser, &items, it, "item=2&to=open").await;
    let off = posted(browser, &removal, it, "number=1&reason=Another+Anna").await;
    assert_eq!((off.status, off.to), (StatusCode::SEE_OTHER, format!("{path}#checklists")));
    let shown = browser.get(path, it).await;
    for word in
        ["took the checklist “Starter” off it", "not done: Zebra account; Laptop &#60;b&#62;", "Another Anna"]
    {
        assert!(shown.text.contains(word), "{word}: {}", shown.text);
    }
    assert!(!shown.text.contains("role=\"checkbox\""), "{}", shown.text);
}

#[test]
fn a_checklist_is_written_in_a_form_and_ticked_on_a_ticket() {
    on_each(async |test| {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = browser.sign_in(test, &operator, owner).await;
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let requester = browser.sign_in(test, &operator, world.requester.membership.unwrap()).await;
        let empty = browser.get("/settings/checklists", &owner).await;
        assert!(empty.text.contains("No checklist yet"), "{}", empty.text);

        let odd = NEW.replace("name=Starter", "name=").replace("Zebra", &"Zebra".repeat(50));
        let odd = posted(&browser, "/settings/checklists/new", &owner, &odd).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in
            ["item 1: write at most 200 characters", "Laptop &#60;b&#62;", "ZebraZebra", "write a name"]
        {
            assert!(odd.text.contains(kept), "{kept}: {}", odd.text);
        }
        let both = NEW.replace("from-start=start", "from-start=hand");
        let both = posted(&browser, "/settings/checklists/new", &owner, &both).await;
        assert!(both.text.contains("leave both empty"), "{}", both.text);
        let made = posted(&browser, "/settings/checklists/new", &owner, NEW).await;
        assert_eq!((made.status, made.to.as_str()), (StatusCode::SEE_OTHER, "/settings/checklists"));

        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap();
        let path = format!("/tickets/{}", ticket.number);
        let shown = browser.get(&path, &it).await;
        for word in ["0 of 2 done", "2 required", "Zebra account", "Laptop &#60;b&#62;", "role=\"checkbox\""]
        {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        let foreign = browser.get(&path, &requester).await;
        assert!(!foreign.text.contains("Zebra") && !foreign.text.contains("hecklist"), "{}", foreign.text);
        let early = posted(&browser, &format!("{path}/status"), &it, "from=new&to=solved").await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.text.contains("it waits for items of its checklists"), "{}", early.text);
        let items = format!("{path}/checklists/items");
        let done = posted(&browser, &items, &it, "item=1&to=done").await;
        assert_eq!((done.status, done.to), (StatusCode::SEE_OTHER, format!("{path}#checklists")));
        let not = posted(&browser, &items, &it, "item=2&to=done").await;
        assert!(not.text.contains("is for the provider"), "{}", not.text);
        posted(&browser, &items, &it, "item=2&to=skipped&reason=Own+one").await;
        let shown = browser.get(&path, &it).await;
        for word in ["2 of 2 done", "Own one", "aria-checked=\"true\""] {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        taken_off(&browser, &path, &it).await;
        let solved = posted(&browser, &format!("{path}/status"), &it, "from=new&to=solved").await;
        assert_eq!(solved.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_checklist_is_changed_by_who_saw_the_last_one_and_retired() {
    on_each(async |test| {
        let (browser, operator) = (Browser::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = browser.sign_in(test, &operator, owner).await;
        posted(&browser, "/settings/checklists/new", &owner, NEW).await;
        let all = test.app.read(&operator, tickets::checklists).await.unwrap();
        let path = format!("/settings/checklists/{}", all[0].id);
        let form = browser.get(&path, &owner).await;
        for word in
            ["value=\"Starter\"", "Zebra account", "value=\"helpdesk\"", "name=\"version\" value=\"1\""]
        {
            assert!(form.text.contains(word), "{word}: {}", form.text);
        }
        let new = format!("{}&version=1", NEW.replace("Starter", "Beginner"));
        assert_eq!(posted(&browser, &path, &owner, &new).await.status, StatusCode::SEE_OTHER);
        let late = posted(&browser, &path, &owner, &new.replace("Beginner", "Novice")).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text.contains("Novice"), "what was typed is kept: {}", late.text);
        let gone = posted(&browser, &format!("{path}/retirement"), &owner, "").await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let list = browser.get("/settings/checklists", &owner).await;
        assert!(list.text.contains("Retired") && list.text.contains("No checklist yet"), "{}", list.text);
        let back = posted(&browser, &format!("{path}/restoration"), &owner, "").await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        let list = browser.get("/settings/checklists", &owner).await;
        assert!(list.text.contains("each incident about helpdesk"), "{}", list.text);
        let much = "text=x&side=holder&".repeat(51) + "name=Much&from-start=hand";
        let much = posted(&browser, "/settings/checklists/new", &owner, &much).await;
        assert!(much.text.contains("at most 50 items, these are 51"), "{}", much.text);
    });
}
