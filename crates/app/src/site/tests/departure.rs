//! Seeing somebody out in the pages.

use axum::http::{Method, StatusCode};

use super::{Browser, form, hidden};
use crate::act::Caller;
use crate::demo;
use crate::people::Role;
use crate::testing::on_each;

#[test]
fn the_page_of_a_leaver_shows_what_they_hold_and_asks_for_a_successor() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let browser = Browser::new(test);
        let member = |role: Role| made.roles.iter().find(|member| member.role == role).unwrap();
        let manager = browser.sign_in(test, &operator, member(Role::ServiceManager).id).await;
        let leaver = browser.sign_in(test, &operator, member(Role::ClientIt).id).await;
        let page = format!("/people/{}", member(Role::ClientIt).id);
        let client = format!("/clients/{}", member(Role::ClientIt).client.unwrap());
        let draft = browser.get(&format!("{client}/matrix/draft"), &leaver).await.text;
        let saved = form(&[("text", "# mine"), ("version", hidden(&draft, "version"))]);
        let saved = browser.send(Method::POST, &format!("{client}/matrix/draft"), &leaver, &saved).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);

        assert!(browser.get(&page, &manager).await.text.contains("the draft of the matrix of"));
        let asked = browser.get(&format!("{page}/leave"), &manager).await.text;
        let seen = hidden(&asked, "seen").to_owned();
        let nobody = form(&[("successor", ""), ("seen", &seen)]);
        let refused = browser.send(Method::POST, &format!("{page}/leave"), &manager, &nobody).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("choose who takes over"), "{}", refused.text);
        let odd = form(&[("successor", "nonsense"), ("seen", &seen)]);
        let refused = browser.send(Method::POST, &format!("{page}/leave"), &manager, &odd).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let successor = member(Role::ServiceManager).id.to_string();
        let right = form(&[("successor", &successor), ("seen", &seen)]);
        let done = browser.send(Method::POST, &format!("{page}/leave"), &manager, &right).await;
        assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, page.as_str()));
        assert!(browser.get(&page, &manager).await.text.contains("<span class=\"state faint\">left</span>"));
        assert_eq!(browser.get("/me", &leaver).await.status, StatusCode::SEE_OTHER, "they are signed out");
        let gone = browser.send(Method::POST, &format!("{page}/suspend"), &manager, "").await;
        assert_eq!(gone.status, StatusCode::CONFLICT);
    });
}
