//! Preferences are one's own, what cannot be pressed is refused where it was written, and every key of a page is on the list.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::people::Role;
use crate::testing::on_each;

fn keys(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, own)| ((*id).to_owned(), (*own).to_owned())).collect()
}

/// What is told at which field.
fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut faults = Faults::default();
    Keys::chosen(&keys(pairs), &mut faults);
    match faults.end() {
        Ok(()) => Vec::new(),
        Err(Refused::Invalid(fields)) => {
            fields.into_iter().map(|field| (field.name.into_owned(), field.message)).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn everybody_has_their_own() {
    on_each(async |test| {
        let (one, other) = (test.caller(Role::Owner, None).await, test.caller(Role::Technician, None).await);
        let wish = keys(&[("new", "t"), ("why", ""), ("tickets", "g  q")]);
        let wanted = Preferences {
            theme: Theme::Dark,
            density: Density::Comfortable,
            single_keys: false,
            undo: false,
            keys: Keys::default(),
        };
        let kept = test.app.write(&one, move |tx, act| prefer(tx, act, &wanted, &wish)).await.unwrap();
        let read = async |caller: &crate::Caller| {
            let own = caller.membership.unwrap();
            test.app.read(caller, move |tx, _| Preferences::of(tx, own)).await.unwrap()
        };
        assert_eq!(read(&one).await, kept);
        assert_eq!(kept.keys.for_scripts().unwrap(), r#"{"g t":"g q","n":"t"}"#);
        assert_eq!(read(&other).await, Preferences::default());
        test.app.write(&one, |tx, act| prefer(tx, act, &Preferences::default(), &[])).await.unwrap();
        assert_eq!(read(&one).await, Preferences::default(), "what is empty is as it usually is");
    });
}

#[test]
fn what_cannot_be_pressed_or_is_pressed_already_is_told_at_its_field() {
    assert_eq!(told(&[("new", "t"), ("accept", "t"), ("next", "k"), ("before", "j")]), []);
    let wrong = told(&[("new", "Enter"), ("none", "q"), ("send", "q"), ("go", "q")]);
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["key-new", "key-none", "key-send", "key-go"]);
    assert!(wrong[0].1.contains("one key"), "{wrong:?}");
    let taken = told(&[("new", "x")]);
    assert_eq!(taken, [("key-new".to_owned(), "“x” is there already: choose it, or not".to_owned())]);
    assert_eq!(told(&[("accept", "x")]), [], "lists are not tickets");
    assert!(told(&[("accept", "/")])[0].1.contains("search"), "everywhere is on tickets too");
    assert!(told(&[("accept", "g")])[0].1.contains("go to"), "it is how others begin");
    assert_eq!(told(&[("new", "x"), ("choose", "n")]), [], "two that change places");
}

#[test]
fn the_usual_keys_are_not_in_each_others_way_and_what_was_kept_is_read() {
    let all: Vec<(String, String)> = KEYS
        .iter()
        .filter(|key| key.place != Place::Typing)
        .map(|key| (key.id.to_owned(), key.usual.to_owned()))
        .collect();
    let pairs: Vec<(&str, &str)> = all.iter().map(|(id, own)| (id.as_str(), own.as_str())).collect();
    assert_eq!(told(&pairs), []);
    for (n, key) in KEYS.iter().enumerate() {
        for other in &KEYS[n + 1..] {
            assert_ne!(key.id, other.id);
            let apart = key.place != other.place
                && key.place != Place::Everywhere
                && other.place != Place::Everywhere;
            assert!(apart || key.usual != other.usual, "{key:?} and {other:?}");
        }
    }
    let mut faults = Faults::default();
    let kept = Keys::chosen(&keys(&[("new", "g q"), ("why", "!")]), &mut faults);
    assert_eq!(Keys::read(&kept.written()), kept);
    assert_eq!(Keys::read("gone q\n\nnew"), Keys::default());
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

#[test]
fn every_key_of_a_page_is_on_the_list() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut templates = Vec::new();
    files(&crates.join("app/src"), "html", &mut templates);
    files(&crates.join("web/templates"), "html", &mut templates);
    let mut seen = 0;
    for path in templates {
        let text = fs::read_to_string(&path).unwrap();
        for mark in ["data-key=\"", ".key(\""] {
            for rest in text.split(mark).skip(1) {
                let key = rest.split('"').next().unwrap();
                if key.starts_with("{{") {
                    continue;
                }
                let listed = KEYS.iter().any(|listed| listed.usual == key && listed.place != Place::Typing);
                assert!(listed, "{}: `{key}` is not in KEYS", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "only {seen} keys were found");
}
