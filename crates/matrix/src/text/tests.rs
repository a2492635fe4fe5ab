use super::*;

const GOOD: &str = r#"
client = "Harbor Dental"
zone = "America/Los_Angeles"
model = "co-managed"
last-resort = "duty"

[parties.provider]
name = "Northwind"
kind = "provider"

[parties.internal]
name = "Harbor IT"
kind = "internal"

[teams.desk]
party = "provider"
[teams.duty]
party = "provider"
[teams.it]
party = "internal"
hours = "office"

[calendars.office]
week = { mon-fri = "08:00-12:00, 13:00-18:00", sat = "09:00-12:00" }
holidays = ["US-CA"]
days = { 2026-12-24 = "08:00-12:00" }

[values]
site = ["Long Beach", "Torrance"]

[[services]]
id = "applications.dentrix"
name = "Dentrix"
description = "The practice software."

[[rows]]
id = "default"
accountable = "provider"
responsible = "desk"

[[rows]]
id = "daytime"
service = ["helpdesk", "applications.dentrix"]
tier = "L1"
time = "office"
accountable = "internal"
responsible = "it"
informed = ["provider", "duty"]
respond = "30m"
clock = "office"
note = "with \"quotes\""
"#;

fn mistake(from: &str, to: &str) -> Diagnostic {
    assert!(GOOD.contains(from), "{from}");
    read("m.toml", &GOOD.replacen(from, to, 1)).unwrap_err().0.remove(0)
}

#[test]
fn what_is_written_is_what_is_read_back() {
    let matrix = read("m.toml", GOOD).unwrap();
    let text = write(&matrix.draft);
    let again = read("again.toml", &text).unwrap();
    assert_eq!(again.draft, matrix.draft);
    assert_eq!(again.hash(), matrix.hash());
    assert_eq!(write(&again.draft), text);
}

#[test]
fn the_hash_ignores_layout_and_the_order_of_rows_and_nothing_else() {
    let matrix = read("m.toml", GOOD).unwrap();
    let mut turned = matrix.draft.clone();
    turned.rows.reverse();
    assert_eq!(Matrix::check(turned.clone()).unwrap().hash(), matrix.hash());
    turned.rows[0].note = Some("other".to_owned());
    assert_ne!(Matrix::check(turned).unwrap().hash(), matrix.hash());
}

#[test]
fn every_mistake_is_shown_where_it_stands_with_a_way_out() {
    for (from, to, line, column, says, hint) in [
        ("zone = \"America/Los_Angeles\"", "zone = \"America/Los_Angles\"", 3, 8, "America/Los_Angles", ""),
        (
            "party = \"provider\"\n[teams.duty]",
            "party = \"provder\"\n[teams.duty]",
            16,
            9,
            "no party `provder`",
            "provider",
        ),
        ("hours = \"office\"", "hours = \"offize\"", 21, 9, "no calendar `offize`", "office"),
        ("tier = \"L1\"", "tier = \"L7\"", 44, 8, "no tier `L7`", "L1"),
        ("\"helpdesk\", ", "\"helpdsk\", ", 43, 12, "no service `helpdsk`", "helpdesk"),
        ("time = \"office\"\nacc", "time = \"office or\"\nacc", 45, 18, "ends too early", "calendar"),
        ("13:00-18:00", "11:00-18:00", 24, 0, "overlap", ""),
        ("2026-12-24 =", "2026-02-30 =", 26, 0, "2026-02-30", "exists"),
        ("\"US-CA\"", "\"US-XX\"", 25, 0, "US-XX", ""),
        ("respond = \"30m\"", "respond = \"30 parsecs\"", 49, 11, "30 parsecs", ""),
        ("responsible = \"it\"", "responsible = \"desk\"", 47, 15, "belongs to `provider`", ""),
        ("note =", "notes =", 51, 1, "no field `notes`", "note"),
        ("kind = \"internal\"", "kind = \"interal\"", 13, 8, "interal", "internal"),
        ("id = \"daytime\"", "id = \"default\"", 42, 6, "already", "unique"),
        ("client = \"Harbor Dental\"\n", "", 1, 1, "`client` is missing", "client"),
        ("site = [", "site = [\"other\", ", 29, 9, "cannot be listed", "always there"),
    ] {
        let found = mistake(from, to);
        let place = found.place.unwrap();
        assert_eq!(place.line, line, "{found}");
        assert!(column == 0 || place.column == column, "{found}");
        assert!(found.message.contains(says), "{found}");
        assert!(found.hint.unwrap_or_default().contains(hint), "{to}: no hint with {hint}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let text = GOOD
        .replace("\"L1\"", "\"L9\"")
        .replace("\"it\"", "\"itt\"")
        .replace("hours = \"office\"", "hours = \"x\"");
    assert_eq!(read("m.toml", &text).unwrap_err().0.len(), 3);
}

#[test]
fn the_schema_names_every_field_of_the_text_form() {
    let schema = schema().to_string();
    for field in
        ["last-resort", "arrangements", "asset-class", "requester-group", "in-force-from", "fallback"]
    {
        assert!(schema.contains(field), "{field}");
    }
}
