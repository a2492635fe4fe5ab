//! The first page of those who ask: what can be asked for by its name, for whom, and what becomes of it.

use super::*;
use crate::portal::add_request_type;
use crate::portal::tests::starter;
use crate::tickets::tests::world;

#[test]
fn what_is_asked_for_by_its_name_is_routed_by_what_stands_behind_it() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let client = world.client;
        let add = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            add_request_type(tx, act, &starter(Some(client)))
        };
        let id = test.app.write(&world.it, add).await.unwrap();
        let cookie = browser.sign_in(test, &test.operator(), world.requester.membership.unwrap()).await;
        let first = browser.send(Method::GET, "/", &cookie, "").await;
        assert_eq!(first.to, "/portal");
        let page = browser.send(Method::GET, "/portal", &cookie, "").await;
        assert!(page.text.contains("New starter") && page.text.contains("answers"), "{}", page.text);
        let form = browser.send(Method::GET, &format!("/tickets/new?type={id}"), &cookie, "").await;
        assert!(
            form.text.contains("Account, mailbox and keys.") && form.text.contains("For a colleague"),
            "{}",
            form.text
        );
        assert!(!form.text.contains("users.onboarding"), "who asks need not know it: {}", form.text);
        // What else is sent for the kind and the service does not count; an address of nobody keeps what was typed.
        let wrong = format!("type={id}&subject=Mia+begins&text=On+Monday&for=nobody%40example.com");
        let again = browser.send(Method::POST, "/tickets/new", &cookie, &wrong).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
        assert!(
            again.text.contains("Nobody of your company has this address")
                && again.text.contains("On Monday"),
            "{}",
            again.text
        );
        let sent = format!(
            "type={id}&subject=Mia+begins&kind=incident&service=devices&for=CLIENT-APPROVER%40test.example"
        );
        let done = browser.send(Method::POST, "/tickets/new", &cookie, &sent).await;
        assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/tickets/1"), "{}", done.text);
        let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| tickets::find_number(tx, act, 1);
        let ticket = test.app.read(&world.it, read).await.unwrap();
        assert_eq!((ticket.kind, ticket.service.as_str()), (tickets::Kind::Request, "users.onboarding"));
        assert_eq!(ticket.requester, world.approver.membership.unwrap());
        // What is not there, or is another client's, cannot be asked for.
        let none = browser
            .send(Method::GET, "/tickets/new?type=request_01890a5d-ac96-774b-bcce-b302099a8057", &cookie, "")
            .await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    });
}
