use super::phrase::{self, Names};
use super::{Attached, to_html, to_markdown};
use crate::draft::Draft;

fn example() -> Draft {
    toml::from_str(include_str!("../sheets/tests/example.toml")).expect("the example is a draft")
}

struct Nobody;

impl Names for Nobody {
    fn who(&self, id: &str) -> String {
        id.to_owned()
    }
}

#[test]
fn times_are_said_in_words() {
    let cases = [
        ("always", "at all hours"),
        ("not office", "outside office hours"),
        ("sat-sun or holidays(office)", "Sat–Sun or public holidays of the office calendar"),
        (
            "mon-fri 08:00-18:00 and not holidays(office)",
            "Mon–Fri 08:00–18:00 and except public holidays of the office calendar",
        ),
        ("2026-12-24..2027-01-02", "24 December 2026 to 2 January 2027"),
        ("not on-duty(night-desk)", "while night-desk is off duty"),
        ("not (office or sat)", "not (office hours or Sat)"),
        ("not not office", "office hours"),
        ("2026-13-40", "2026-13-40"),
        ("monday-club", "monday-club hours"),
        ("holidays(", "public holidays of the  calendar"),
    ];
    for (expression, words) in cases {
        assert_eq!(phrase::when(expression, &Nobody), words);
    }
}

#[test]
fn durations_are_said_in_words() {
    assert_eq!(
        ["1h", "30m", "2d", "1h30m", "soon", ""].map(phrase::duration),
        ["1 hour", "30 minutes", "2 days", "1h30m", "soon", ""]
    );
}

#[test]
fn the_document_reads_like_one() {
    let findings = ["`backup-review` is never done at night: nobody of IT desk is on duty.".to_owned()];
    let attached = Attached { hash: "6f1c09e2a7", findings: &findings };
    insta::assert_snapshot!(to_markdown(&example(), attached));
}

#[test]
fn the_page_names_every_duty_owner_and_signer() {
    let html = to_html(&example(), Attached { hash: "6f1c09e2a7", findings: &[] });
    for text in [
        "Responsibility matrix: Cascade Timber",
        "Co-managed: tier 3 escalation and after-hours cover",
        "outside office hours",
        "Saw optimiser",
        "For Northgate IT",
        "For Rainier Fibre",
        "answer in 1 hour, solved in 8 hours, office hours counted",
        "counter(pages)",
        "6f1c09e2a7",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("Findings"));
    assert_eq!(html, to_html(&example(), Attached { hash: "6f1c09e2a7", findings: &[] }));
}

#[test]
fn text_of_the_draft_stays_text() {
    let mut draft = example();
    draft.client = "<script>*x*</script> | \"A\\B\" } </style>".to_owned();
    draft.rows[0].note = Some("a | b\n[c](javascript:d) <img src=x>".to_owned());
    let html = to_html(&draft, Attached::default());
    assert!(!html.contains("<script>*x*") && !html.contains("<img"));
    assert_eq!(html.matches("</style>").count(), 1);
    let markdown = to_markdown(&draft, Attached::default());
    assert!(markdown.contains(r"\<script\>\*x\*\</script\> \| "));
    assert!(markdown.contains(r"a \| b<br>\[c\](javascript:d) \<img src=x\>"));
}

#[test]
fn a_client_without_internal_it_signs_itself() {
    let mut draft = example();
    draft.parties.remove("internal");
    assert!(to_markdown(&draft, Attached::default()).contains("**For Cascade Timber**"));
}

#[test]
fn a_draft_that_names_nothing_that_exists_is_still_written() {
    let mut draft = example();
    draft.parties.clear();
    draft.teams.clear();
    draft.calendars.clear();
    draft.rows[1].service = "no.such.duty".into();
    draft.services[0].id = "!".to_owned();
    let markdown = to_markdown(&draft, Attached::default());
    assert!(markdown.contains("### Other duties") && markdown.contains("no.such.duty"));
}
