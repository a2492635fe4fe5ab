use super::*;
use crate::testing::{header, text};
use proptest::prelude::*;

fn cursors() -> Cursors {
    Cursors::new([1; 32])
}

fn refused<T: FromKeys>(list: &str, cursor: &str) -> bool {
    matches!(cursors().read::<T>(list, cursor), Err(Error::Malformed { .. }))
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(int: i64, words in ".{0,60}", id: u128) {
        let keys = [Key::from(int), Key::from(&*words), Key::from(Uuid::from_u128(id))];
        let cursor = cursors().write("a", &keys);
        prop_assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        let read: (i64, String, Uuid) = cursors().read("a", &cursor).unwrap();
        prop_assert_eq!(read, (int, words, Uuid::from_u128(id)));
    }

    #[test]
    fn any_change_of_one_character_is_refused(at in 0_usize..40, to in "[A-Za-z0-9_-]") {
        let mut cursor = cursors().write("a", &[Key::from(5), Key::from("xyz")]);
        let at = at % cursor.len();
        if cursor[at..=at] != to {
            cursor.replace_range(at..=at, &to);
            prop_assert!(refused::<(i64, String)>("a", &cursor));
        }
    }

    #[test]
    fn any_text_is_refused_and_nothing_panics(text in ".{0,80}") {
        prop_assert!(refused::<(i64,)>("a", &text));
    }
}

#[test]
fn a_cursor_of_another_list_key_or_shape_is_refused() {
    let cursor = cursors().write("a", &[Key::from(5)]);
    assert!(refused::<(i64,)>("b", &cursor));
    assert!(refused::<(String,)>("a", &cursor));
    assert!(refused::<(i64, i64)>("a", &cursor));
    assert!(Cursors::new([2; 32]).read::<(i64,)>("a", &cursor).is_err());
    assert!(refused::<(i64,)>("a", &"A".repeat(LONGEST + 1)));
}

#[tokio::test]
async fn the_next_page_is_in_the_header_and_in_the_body() {
    let uri: Uri = "/api/sites?after=old&q=a%26b&limit=2".parse().unwrap();
    let response = Page { items: vec![1, 2], next: Some("new".to_owned()) }.answer(&uri);
    assert_eq!(header(&response, "link"), "</api/sites?q=a%26b&limit=2&after=new>; rel=\"next\"");
    assert_eq!(text(response).await, r#"{"items":[1,2],"next":"new"}"#);
    let last = Page::<u8> { items: vec![], next: None }.answer(&uri);
    assert_eq!(header(&last, "link"), "");
    assert_eq!(text(last).await, r#"{"items":[],"next":null}"#);
}

#[test]
fn a_limit_is_within_bounds_or_refused() {
    assert_eq!(limit(None, 50, 200).unwrap(), 50);
    assert_eq!(limit(Some("200"), 50, 200).unwrap(), 200);
    for wrong in ["0", "201", "-1", "x", ""] {
        assert!(limit(Some(wrong), 50, 200).is_err(), "{wrong}");
    }
}
