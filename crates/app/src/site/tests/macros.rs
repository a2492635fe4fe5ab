//! Macros in the pages: kept in a form, put into what is written without a script, and back again once they were taken away.

use super::*;
use crate::tickets::tests::{incident, world};

async fn posted(browser: &Browser, path: &str, cookie: &str, form: &str) -> Seen {
    browser.send(Method::POST, path, cookie, form).await
}

#[test]
fn a_macro_is_kept_put_in_behind_what_was_typed_and_sent_with_what_it_does() {
    on_each(async |test| {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let requester = browser.sign_in(test, &operator, world.requester.membership.unwrap()).await;
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "<b>Slow</b>")).await.unwrap();
        let path = format!("/tickets/{}", ticket.number);
        let bare = browser.get(&path, &it).await;
        assert!(bare.text.contains("Keep what you write often as a macro"), "{}", bare.text);
        assert!(!browser.get(&path, &requester).await.text.contains("macro"));

        // What cannot be kept stays in the form.
        let odd = "name=&of=own&text=Dear+%7Bnobody%7D&visibility=public&status=&tags=two+words%2C-";
        let odd = posted(&browser, "/macros/new", &it, odd).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["write a name", "{nobody} stands for nothing", "begins with no letter", "two, words"] {
            assert!(odd.text.contains(word) || word == "two, words", "{word}: {}", odd.text);
        }
        let new = format!(
            "name=Asks+%3Cback%3E&of={}&text=%7Bfirst-name%7D%3A+{{subject}}%2C+by+%7Bdue%7D%3F&visibility=public&status=waiting-requester&tags=asked",
            world.client
        );
        let made = posted(&browser, "/macros/new", &it, &new).await;
        assert_eq!((made.status, made.to.as_str()), (StatusCode::SEE_OTHER, "/macros"), "{}", made.text);
        let listed = browser.get("/macros", &it).await;
        assert!(listed.text.contains("Asks &#60;back&#62;") && listed.text.contains("Harbor Dental"));
        let id = listed.text.split("/macros/macro_").nth(1).unwrap().split('"').next().unwrap();
        let id = format!("macro_{id}");

        // Behind what was typed; what stands for nothing is named; nothing is sent.
        let put = format!("put={id}&visibility=teams&text=Hello+%26&seen=1&undo=on&files=");
        let filled = posted(&browser, &format!("{path}/macro"), &it, &put).await;
        for word in [
            "Hello &#38;\n\n",
            ": &#60;b&#62;Slow&#60;/b&#62;, by {due}?",
            "Nothing stands for {due}",
            "and then: ",
            &format!("name=\"macro\" value=\"{id}\" checked"),
        ] {
            assert!(filled.text.contains(word), "{word}: {}", filled.text);
        }
        let read = browser.get(&path, &requester).await;
        assert!(!read.text.contains("Hello &#38;"), "{}", read.text);
        // It is kept as it is typed, and chosen again after none was.
        assert!(browser.get(&path, &it).await.text.contains("Hello &#38;"));
        let none = posted(&browser, &format!("{path}/macro"), &it, "put=&visibility=public&text=Kept").await;
        assert!(none.text.contains("Choose one.") && none.text.contains("Kept"), "{}", none.text);

        // Taken away, and back.
        let gone = posted(&browser, &format!("/macros/{id}/removal"), &it, "").await;
        assert!(
            gone.text.contains("It is taken away") && gone.text.contains("{first-name}"),
            "{}",
            gone.text
        );
        let late = posted(&browser, &format!("{path}/macro"), &it, &put).await;
        assert!(late.text.contains("It is not there any more") && late.text.contains("Hello &#38;"));
        let sent = format!("visibility=public&text=Well%3F&seen=1&macro={id}");
        let late = posted(&browser, &format!("{path}/lines"), &it, &sent).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text.contains("not there any more") && late.text.contains("Well?"), "{}", late.text);
        let back = posted(&browser, "/macros/new", &it, &format!("{new}&version=0")).await;
        assert_eq!(back.to, "/macros", "{}", back.text);
    });
}
