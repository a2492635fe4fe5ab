//! Rules and events as they are stored, and clocks as they are shown to programs.

use crate::desk::*;
use remit_promise::*;

const CLIENT: ClientId = ClientId(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057);

#[test]
fn a_rule_is_read_as_it_was_written() {
    let within = Within::calendar(length("4h"), slug("office")).paused_by(Waits::NONE.with(Wait::Requester));
    let scope = Scope { client: Some(CLIENT), service: Some(slug("backup")), ..Scope::default() };
    let rule = Rule { scope, ..rule(Promise::RESOLUTION, Term::Within(within)) };
    let rule = Rule { from: at("2026-05-01T00:00:00Z"), ..rule };
    let text = serde_json::to_string(&rule).unwrap();
    assert!(text.contains(r#""client":"01890a5dac96774bbcceb302099a8057""#), "{text}");
    assert!(
        text.contains(r#""within":{"length":"4h","hours":{"calendar":"office"},"paused-by":["requester"]}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
}

#[test]
fn events_are_read_as_they_were_written() {
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened_with(VENDOR)),
        ("2026-05-04T08:10:00.250Z", Event::WaitBegan(Wait::Window)),
        ("2026-05-04T08:20:00Z", Event::Offered { offer: 3, to: INTERNAL }),
        ("2026-05-04T08:20:00Z", Event::Answered { offer: 3, answer: Answer::Declined }),
        ("2026-05-04T08:30:00Z", held(PROVIDER)),
        ("2026-05-04T08:30:00Z", Event::Priority("P1".to_owned())),
        (
            "2026-05-04T08:30:00Z",
            Event::Agreed { promise: Promise::UPDATE, party: Some(PartyId(7)), term: any_hour("1h") },
        ),
        ("2026-05-04T08:40:00Z", Event::Closed),
    ]);
    let text = serde_json::to_string(&events).unwrap();
    assert_eq!(serde_json::from_str::<Vec<(remit_core::At, Event)>>(&text).unwrap(), events);
}

#[test]
fn an_id_is_read_with_and_without_hyphens_and_nothing_else_is_one() {
    let read = |text: &str| {
        serde_json::from_str::<ClientId>(&format!("\"{text}\"")).map_err(|error| error.to_string())
    };
    assert_eq!(read("01890a5d-ac96-774b-bcce-b302099a8057"), Ok(CLIENT));
    assert_eq!(read(&CLIENT.to_string()), Ok(CLIENT));
    for text in ["", "1", "01890a5dac96774bbcceb302099a805g", "01890a5dac96774bbcceb302099a80577", "ü"] {
        assert!(read(text).is_err_and(|message| message.contains("32 hexadecimal digits")), "{text}");
    }
}

#[test]
fn a_rule_with_a_word_too_many_is_refused() {
    let text =
        r#"{"promise":{"kind":"sla","target":"response"},"from":"2026-01-01T00:00:00Z","term":"no-promise""#;
    assert!(serde_json::from_str::<Rule>(&format!("{text}}}")).is_ok());
    assert!(serde_json::from_str::<Rule>(&format!(r#"{text},"scope":{{"prio":"P1"}}}}"#)).is_err());
    assert!(serde_json::from_str::<Rule>(&format!(r#"{text},"until":"2027-01-01T00:00:00Z"}}"#)).is_err());
}

#[test]
fn a_clock_shows_programs_what_it_shows_people() {
    let policy = policy(vec![rule(Promise::RESOLUTION, any_hour("4h"))], vec![]);
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T09:00:00Z", Event::WaitBegan(Wait::Requester)),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T10:00:00Z");
    let shown = serde_json::to_value(clocks.frame().unwrap()).unwrap();
    assert_eq!(shown["promise"]["target"], "resolution");
    assert_eq!(shown["state"]["paused"]["waiting"], "requester");
    assert_eq!((&shown["consumed"], &shown["remaining"]), (&"1h".into(), &"3h".into()));
    assert!(shown["due"].is_null() && shown.get("course").is_none(), "{shown}");
}
