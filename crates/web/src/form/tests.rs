use axum::Router;
use axum::routing::post;

use super::*;
use crate::testing::{ask, send};

fn form(text: &str) -> Form {
    Form::parse(text.as_bytes(), 10_000).unwrap()
}

#[test]
fn all_errors_are_found_at_once_and_nothing_typed_is_lost() {
    let mut form = form("name=+&seats=many&note=" /* empty */);
    assert_eq!(form.required("name", 10), None);
    assert_eq!(form.parsed::<u32>("seats"), None);
    assert_eq!(form.optional("note", 10), Some(None));
    assert_eq!(form.parsed_optional::<u32>("note"), Some(None));
    let wrong: Vec<&str> = form.errors().iter().map(|(name, _)| name).collect();
    assert_eq!(wrong, ["name", "seats"]);
    assert_eq!((form.value("seats"), form.status().as_u16()), ("many", 422));
    assert_eq!(form.error("seats"), Some("“many” cannot be used: invalid digit found in string."));
}

#[test]
fn texts_are_trimmed_and_have_one_kind_of_line_end() {
    assert_eq!(form("a=+x%0D%0Ay+").required("a", 10).as_deref(), Some("x\ny"));
}

#[test]
fn lengths_count_characters() {
    assert!(form("a=%C3%A9%C3%A9").required("a", 2).is_some());
    let mut long = form("a=abc");
    assert_eq!(long.required("a", 2), None);
    assert_eq!(long.error("a"), Some("Enter at most 2 characters; these are 3."));
}

#[test]
fn a_field_that_comes_twice_is_wrong_unless_it_may() {
    let mut form = form("role=a&role=b");
    assert_eq!(form.values("role").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(form.required("role", 9), None);
    assert_eq!(form.error("role"), Some("Enter this once."));
}

#[test]
fn unknown_fields_are_refused() {
    assert!(form("name=a").only(&["name"]).is_ok());
    assert!(matches!(form("name=a&provider_id=2").only(&["name"]), Err(Error::Malformed { .. })));
}

#[test]
fn size_and_number_of_fields_are_limited() {
    assert!(matches!(Form::parse(&[b'a'; 11], 10), Err(Error::TooLarge(10))));
    let many = "a=1&".repeat(FORM_FIELDS);
    assert!(matches!(Form::parse(many.as_bytes(), 1 << 20), Err(Error::Malformed { .. })));
    assert!(matches!(Form::parse(b"a=%00", 10), Err(Error::Malformed { .. })));
}

#[test]
fn a_printed_form_shows_names_only() {
    assert_eq!(format!("{:?}", form("password=hunter2")), r#"["password"]"#);
}

#[test]
fn a_control_ties_label_hint_and_error_together_and_escapes_what_was_typed() {
    let mut form = form("name=%3Cb%3E%22");
    form.wrong("name", "Enter a <name>.");
    let html = form.line("name", "Name").hint("As on the contract.").to_string();
    assert!(html.contains(r#"<label for="field-name">Name</label>"#), "{html}");
    assert!(html.contains(r#"aria-describedby="hint-name error-name" aria-invalid="true""#), "{html}");
    assert!(html.contains("value=\"&#60;b&#62;&#34;\""), "{html}");
    assert!(form.summary().to_string().contains(r##"<a href="#field-name">Enter a &#60;name&#62;.</a>"##));
}

#[test]
fn a_choice_marks_what_was_chosen_and_a_password_is_not_sent_back() {
    let form = form("tier=2&password=hunter2&live=on");
    let html = form.choice("tier", "Tier", [("1", "one"), ("2", "two")]).to_string();
    assert!(html.contains(r#"<option value="1">one</option>"#), "{html}");
    assert!(html.contains(r#"<option value="2" selected>two</option>"#), "{html}");
    assert!(!form.line("password", "Password").input("password").to_string().contains("hunter2"));
    assert!(form.tick("live", "Live").to_string().contains(" checked"));
    assert!(
        form.area("none", "Note", 3).to_string().contains("></textarea>")
            || form.area("none", "Note", 3).to_string().contains(">\n</textarea>")
    );
}

#[tokio::test]
async fn only_urlencoded_bodies_are_forms() {
    let router: Router = Router::new().route("/", post(async |form: Form| form.value("a").to_owned()));
    let status = async |kind: &str| {
        let headers = [("content-type", kind)];
        ask(&router, send("POST", "/", &headers, "a=1")).await.status().as_u16()
    };
    assert_eq!(status("application/x-www-form-urlencoded; charset=utf-8").await, 200);
    assert_eq!(status("application/json").await, 415);
    assert_eq!(status("multipart/form-data; boundary=x").await, 415);
}

#[tokio::test]
async fn a_body_over_the_limit_of_the_route_is_too_large() {
    let router: Router =
        Router::new().route("/", post(async |_: Form| "ok")).layer(axum::extract::DefaultBodyLimit::max(8));
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(ask(&router, send("POST", "/", &headers, "a=123456789")).await.status(), 413);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_a_form_or_an_error(bytes in proptest::collection::vec(0_u8.., 0..400)) {
        if let Ok(form) = Form::parse(&bytes, 300) {
            let _ = form.line("a", "A").to_string();
            let _ = form.check();
        }
    }
}
