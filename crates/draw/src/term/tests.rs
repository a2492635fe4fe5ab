use super::*;
use crate::{Stack, Unit, Week};

fn office() -> Week {
    let week =
        Week::new().run(0, 480, Hue::Provider, "Night desk").run(480, 1080, Hue::Internal, "Service desk");
    week.run(1080, 8760, Hue::Vendor(1), "").run(8760, 8775, Hue::Nobody, "no \u{1b}[31mon-call").run(
        8775,
        10080,
        Hue::Provider,
        "",
    )
}

#[test]
fn no_line_is_wider_than_80_columns() {
    let long = "a name of a team that goes on and on without any end in sight";
    let mut hours = [[0.0; 24]; 7];
    hours[6][23] = 9.0;
    let cells: Vec<(Hue, &str)> = (0..168).map(|n| (Hue::Vendor(n % 12), "")).collect();
    let rows = [(long, Stack::from([(Hue::Provider, 1e9), (Hue::Nobody, 1.0)]))];
    let texts = [
        week(&Week::from_cells(&cells), "UTC", Paint::Plain),
        week(&office(), "America/Argentina/ComodRivadavia", Paint::Plain),
        weeks(
            &[(long, &office()), ("日本語の名前がとても長い場合の表示", &office())],
            "America/Los_Angeles",
            Paint::Plain,
        ),
        bars(&rows, &Unit::count("tickets"), Paint::Plain),
        heat(&hours, &Unit::count(long), "America/Argentina/ComodRivadavia", Paint::Plain),
    ];
    for line in texts.iter().flat_map(|text| text.lines()) {
        let columns: usize = line.chars().map(cell_width).sum();
        assert!(columns <= 80, "{columns}: {line}");
    }
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    for text in [
        week(&office(), "x\u{1b}]0;y", Paint::Plain),
        weeks(&[("a\u{7}\u{202e}b", &office())], "z", Paint::Plain),
    ] {
        assert!(text.chars().all(|c| c == '\n' || !is_unsafe(c)), "{text:?}");
    }
}

#[test]
fn colour_adds_escape_sequences_and_changes_no_letter() {
    let plain = week(&office(), "Europe/Berlin", Paint::Plain);
    let coloured = week(&office(), "Europe/Berlin", Paint::Colour);
    assert_ne!(plain, coloured);
    let mut bare = String::new();
    let mut escape = false;
    for c in coloured.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            c => bare.push(c),
        }
    }
    assert_eq!(bare, plain);
}

#[test]
fn a_hole_of_a_quarter_hour_shows_in_every_strip() {
    let strip = week(&office(), "UTC", Paint::Plain);
    let sunday = strip.lines().find(|line| line.starts_with("Sun")).unwrap();
    assert_eq!(sunday.matches('!').count(), 1);
    assert!(strip.contains("! Sun 02:00–02:15, nobody for 15 min: no"));
    assert!(weeks(&[("x", &office())], "UTC", Paint::Plain).lines().nth(1).unwrap().contains('!'));
}

#[test]
fn a_bar_shows_what_is_little() {
    let rows =
        [("a", Stack::from(1000.0)), ("b", Stack::from([(Hue::Nobody, 1.0)])), ("c", Stack::from(0.0))];
    let text = bars(&rows, &Unit::count(""), Paint::Plain);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].ends_with(" ! 1"), "{}", lines[1]);
    assert!(lines[2].ends_with("  0"), "{}", lines[2]);
}
