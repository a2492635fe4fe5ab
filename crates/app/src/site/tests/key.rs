//! Making an API key in the pages.

use axum::http::{Method, StatusCode};

use super::{Browser, form, hidden};
use crate::act::Caller;
use crate::demo;
use crate::people::Role;
use crate::sign_in::by_key;
use crate::testing::on_each;

#[test]
fn a_key_is_made_shown_once_and_revoked_in_the_pages() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let member = made.roles.iter().find(|member| member.role == Role::ServiceManager).unwrap();
        let browser = Browser::new(test);
        let cookie = browser.sign_in(test, &Caller::operator(made.provider), member.id).await;
        let page = browser.get("/me/keys", &cookie).await.text;
        let client = hidden(&page, "client").to_owned();
        let post = async |path: &str, fields: &[(&str, &str)]| {
            browser.send(Method::POST, path, &cookie, &form(fields)).await
        };
        let odd = post("/me/keys", &[("name", "Report"), ("days", "many"), ("client", "x")]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.text.contains("value=\"Report\"") && odd.text.contains("Choose clients of the list"));
        let fields = [("name", "Report"), ("days", "30"), ("reads_only", "on"), ("client", client.as_str())];
        let page = post("/me/keys", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let (_, key) = page.text.split_once("<p class=\"mono scroll\">").expect("the key is shown");
        let key = key.split('<').next().unwrap_or_default();
        assert!(by_key(&test.app, key).await.unwrap().is_some(), "{key}");
        let page = browser.get("/me/keys", &cookie).await.text;
        assert!(page.contains("Report") && page.contains("1 client<") && !page.contains(key));
        let revoked = post("/me/keys/revoke", &[("key", hidden(&page, "key"))]).await;
        assert_eq!(revoked.status, StatusCode::SEE_OTHER, "{}", revoked.text);
        assert_eq!(by_key(&test.app, key).await.unwrap(), None);
        let again = post("/me/keys/revoke", &[("key", hidden(&page, "key"))]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    });
}
