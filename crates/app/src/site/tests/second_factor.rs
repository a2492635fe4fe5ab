//! Setting up an authenticator app in the pages, and signing in with it.

use axum::http::{Method, StatusCode};
use remit_core::Millis;

use super::{Browser, form};
use crate::act::Caller;
use crate::demo;
use crate::people::Role;
use crate::sign_in::TURN;
use crate::sign_in::totp::Shared;
use crate::testing::on_each;

const PASSWORD: &str = "correct horse battery";

/// What stands between two texts of a page.
fn between<'t>(page: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = page.split_once(before).expect("the page has it");
    rest.split(after).next().unwrap_or_default()
}

#[test]
fn an_app_is_set_up_and_asked_for_in_the_pages() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let member = made.roles.iter().find(|member| member.role == Role::Technician).unwrap();
        let browser = Browser::new(test);
        let cookie = browser.sign_in(test, &Caller::operator(made.provider), member.id).await;
        let post = async |path: &str, cookie: &str, fields: &[(&str, &str)]| {
            browser.send(Method::POST, path, cookie, &form(fields)).await
        };
        let set = post("/me/password", &cookie, &[("password", PASSWORD)]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
        let cookie = set.cookie.expect("a session gets a new secret when somebody proves who they are");
        let wrong = post("/me/second-factor", &cookie, &[("step", "begin"), ("proof", "guess")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("neither your password") && !wrong.text.contains("guess"));
        let begun = post("/me/second-factor", &cookie, &[("step", "begin"), ("proof", PASSWORD)]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        let cookie = begun.cookie.expect("and again");
        let page = browser.get("/me/second-factor", &cookie).await.text;
        assert!(page.contains("<svg width=\"220\""), "{page}");
        let shared = Shared::read(between(&page, "<dd class=\"mono\">", "</dd>"));
        let code = shared.code(test.app.now());
        let codes = post("/me/second-factor", &cookie, &[("step", "confirm"), ("code", &code)]).await;
        let codes = between(&codes.text, "<ul class=\"mono\">", "</ul>");
        assert_eq!(codes.matches("<li>").count(), 10, "{codes}");
        let recovery = between(codes, "<li>", "</li>").to_owned();

        let password = [("email", member.email.as_str()), ("password", PASSWORD), ("next", "/people")];
        let half = post("/sign-in", "", &password).await;
        assert_eq!((half.status, half.to.as_str()), (StatusCode::SEE_OTHER, "/sign-in/code?next=%2Fpeople"));
        let cookie = half.cookie.unwrap();
        let half_cookie = cookie.clone();
        assert_eq!(browser.get("/people", &cookie).await.status, StatusCode::SEE_OTHER, "half is not enough");
        assert_eq!(browser.get(&half.to, &cookie).await.status, StatusCode::OK);
        let wrong = post("/sign-in/code", &cookie, &[("code", &code), ("next", "/people")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "it was taken before");
        test.pass(Millis::from_millis(30_000));
        let code = shared.code(test.app.now());
        let whole = post("/sign-in/code", &cookie, &[("code", &code), ("next", "/people")]).await;
        assert_eq!((whole.status, whole.to.as_str()), (StatusCode::SEE_OTHER, "/people"));
        let cookie = whole.cookie.unwrap();
        assert_eq!(browser.get("/people", &cookie).await.cookie, None, "the secret is young");
        test.pass(TURN);
        let turned = browser.get("/people", &cookie).await;
        assert_eq!(turned.status, StatusCode::OK);
        let cookie = turned.cookie.expect("the next secret is handed over");
        assert_eq!(browser.get("/people", &cookie).await.status, StatusCode::OK);
        let again = post("/sign-in/code", &half_cookie, &[("code", &recovery), ("next", "/people")]).await;
        assert_eq!(
            (again.status, again.to.as_str()),
            (StatusCode::SEE_OTHER, "/sign-in"),
            "the half is used up"
        );
    });
}

#[test]
fn whoever_guesses_passwords_is_told_when_to_come_back() {
    on_each(async |test| {
        let browser = Browser::new(test);
        let guess = form(&[("email", "ana@example.org"), ("password", "guess"), ("next", "")]);
        for _ in 0..5 {
            let seen = browser.send(Method::POST, "/sign-in", "", &guess).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let seen = browser.send(Method::POST, "/sign-in", "", &guess).await;
        assert_eq!((seen.status, seen.retry_after.as_deref()), (StatusCode::TOO_MANY_REQUESTS, Some("30")));
        assert!(
            seen.text.contains("value=\"ana@example.org\"") && seen.text.contains("try again in a minute")
        );
        assert!(!seen.text.contains("guess"), "a password is not sent back");
    });
}
