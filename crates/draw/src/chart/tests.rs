use std::collections::BTreeSet;

use jiff::civil::date;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::*;
use crate::text::width as text_width;
use crate::{
    Bars, Columns, Flow, HeatMap, Hold, Lines, PairBars, Place, Sparkline, Timeline, Unit, Week, WeekGrid,
    WeekStrip,
};

/// A name that tries to leave its place in every way at once.
pub const HOSTILE: &str = "\"><script>alert(1)</script>&'<!--]]>\u{0}\u{1b}[2J\u{202e}\u{fffe}${x}`url(#y)";

const HUES: [Hue; 8] = [
    Hue::Provider,
    Hue::Internal,
    Hue::Vendor(0),
    Hue::Vendor(1),
    Hue::Vendor(2),
    Hue::Vendor(7),
    Hue::Nobody,
    Hue::Neutral,
];

/// Every kind of chart, with `name` wherever a text can be given.
pub fn every_chart(name: &str) -> Vec<Box<dyn Chart>> {
    let unit = Unit::count(name).one(name);
    let stack =
        |base: f64| HUES.iter().enumerate().map(|(n, hue)| (*hue, base * n as f64)).collect::<Vec<_>>();
    let week = (0..56u16)
        .fold(Week::new(), |week, n| week.run(n * 180, n * 180 + 170, HUES[usize::from(n % 8)], name));
    let mut hours = [[0.0; 24]; 7];
    hours[2] = std::array::from_fn(|hour| hour as f64 * 41.0);
    hours[6][23] = f64::NAN;
    let days: Vec<_> = (0..60).map(|n| date(2016, 3, 7).saturating_add(jiff::Span::new().weeks(n))).collect();
    let points =
        |base: f64| days.iter().map(move |day| (*day, base + f64::from(day.day()))).collect::<Vec<_>>();
    let mut columns = Columns::new(name, unit.clone(), 7);
    for day in &days {
        columns = columns.column(*day, stack(f64::from(day.day())));
    }
    let mut flow = Flow::new(name, unit.clone());
    for (n, hue) in HUES.iter().enumerate() {
        let place = |at: usize| Place::new(*hue, &format!("{name} {at}"));
        flow = flow.pair(place(n), place(n / 3), 10.0 * n as f64 + 1.0).pair(place(n), place(n + 1), 1.0);
    }
    let mut timeline = Timeline::new(name);
    for (n, hue) in (0u32..).zip(HUES) {
        let hold = [Hold::Held, Hold::Offered, Hold::Waiting][n as usize % 3];
        timeline = timeline.hold((n * n * 10, (n + 1) * (n + 1) * 10), hue, name, hold).event(n * 70, name);
    }
    let lines =
        HUES.iter().fold(Lines::new(name, unit.clone()), |lines, hue| lines.line(name, *hue, points(100.0)));
    vec![
        Box::new(WeekStrip::new(name, name, week.clone()).now(5000)),
        Box::new(WeekGrid::new(name, name).row(name, week.clone()).row("short", week).now(5000)),
        Box::new(HeatMap::new(name, unit.clone(), name, hours)),
        Box::new(Bars::new(name, unit.clone()).bar(name, stack(7.0)).bar("short", 12345.0).bar("", f64::NAN)),
        Box::new(columns),
        Box::new(lines.line("gap", Hue::Provider, [(date(2016, 5, 1), 3.0), (date(2016, 6, 1), f64::NAN)])),
        Box::new(
            PairBars::new(name, unit.clone(), (name, name))
                .pair(name, stack(9.0), stack(4.0))
                .pair(name, 0.0, 5.0),
        ),
        Box::new(flow),
        Box::new(timeline),
        Box::new(Sparkline::new(name, unit, [3.0, 1.0, f64::NAN, 4.0])),
    ]
}

/// Every kind of chart with nothing in it.
fn every_empty_chart() -> Vec<Box<dyn Chart>> {
    let unit = Unit::count("tickets");
    vec![
        Box::new(WeekStrip::new("t", "UTC", Week::new())),
        Box::new(WeekGrid::new("t", "UTC")),
        Box::new(HeatMap::new("t", unit.clone(), "UTC", [[0.0; 24]; 7])),
        Box::new(Bars::new("t", unit.clone())),
        Box::new(Columns::new("t", unit.clone(), 7)),
        Box::new(Lines::new("t", unit.clone()).line("x", Hue::Provider, [])),
        Box::new(PairBars::new("t", unit.clone(), ("a", "b"))),
        Box::new(Flow::new("t", unit.clone())),
        Box::new(Timeline::new("t")),
        Box::new(Sparkline::new("t", unit, [])),
    ]
}

/// Start tags of a text that must be well-formed XML, in order.
pub fn tags(markup: &str) -> Vec<BytesStart<'static>> {
    let mut reader = Reader::from_str(markup);
    let mut depth = 0;
    let mut tags = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error} in {markup:.300}"));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                tag.attributes()
                    .with_checks(true)
                    .for_each(|attribute| drop(attribute.expect("attributes are sound")));
                tags.push(tag.clone().into_owned());
            }
            Event::Eof => break,
            _ => {}
        }
        depth += i32::from(matches!(event, Event::Start(_))) - i32::from(matches!(event, Event::End(_)));
    }
    assert_eq!(depth, 0, "every element is closed");
    tags
}

/// The value of an attribute, as written.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).expect("attributes are sound")?;
    Some(found.value.into_owned())
}

#[test]
fn every_drawing_is_well_formed_and_names_itself() {
    for name in ["plain", "", HOSTILE] {
        for (chart, width) in
            every_chart(name).iter().flat_map(|chart| [240.0, 343.0, 800.0].map(|w| (chart, w)))
        {
            let svg = chart.draw("id", width);
            let drawn = tags(svg.as_str());
            let kinds: BTreeSet<String> = drawn.iter().map(|tag| tag.name().as_ref().to_owned()).collect();
            let known =
                ["svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "path", "circle", "text"];
            assert!(kinds.iter().all(|kind| known.contains(&kind.as_str())), "{kinds:?}");
            assert_eq!(attribute(&drawn[0], "role").as_deref(), Some("img"));
            assert!(svg.as_str().chars().all(|c| !c.is_control() && c != '\u{202e}'));
            tags(&chart.document(width));
        }
    }
}

#[test]
fn nothing_to_draw_is_drawn_without_nonsense() {
    for chart in every_empty_chart() {
        let svg = chart.draw("id", 343.0);
        tags(svg.as_str());
        assert!(!svg.as_str().contains("NaN") && !svg.as_str().contains("inf"), "{chart:?}");
        assert!(svg.size().1 >= 0.0, "{chart:?}");
        tags(chart.figures().html().as_str());
    }
}

#[test]
fn every_id_starts_with_the_given_one_and_every_reference_has_its_target() {
    for chart in every_chart("name") {
        let svg = chart.draw("one \"two", 800.0);
        let tags = tags(svg.as_str());
        let ids: Vec<String> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        assert!(ids.iter().all(|id| id.starts_with("one--two-")), "{ids:?}");
        for reference in svg.as_str().split("url(#").skip(1) {
            let target = reference.split(')').next().unwrap();
            assert!(ids.iter().any(|id| id == target), "{target}");
        }
    }
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    for (a, b) in every_chart("x").iter().zip(every_chart("x")) {
        assert_eq!(a.document(640.0), b.document(640.0));
        assert_eq!(a.figures().html(), b.figures().html());
    }
}

/// A text of a drawing: its box as left, right, baseline and size.
#[derive(Debug)]
struct Label {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
}

/// The texts of a drawing where they stand, without tooltips.
fn labels(markup: &str) -> Vec<Label> {
    markup.split("<text ").skip(1).map(label).filter(|label| !label.text.is_empty()).collect()
}

fn label(rest: &str) -> Label {
    let (head, body) = rest.split_once('>').expect("a start tag ends");
    let text = body.split('<').next().expect("there is a first part");
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'");
    let text = text.replace("&quot;", "\"");
    let value = |name: &str| {
        let start = head.find(&format!("{name}=\"")).expect("a text has this attribute") + name.len() + 2;
        head[start..].split('"').next().expect("a value ends").to_owned()
    };
    let class = value("class");
    let has = |name: &str| class.split(' ').any(|found| found == name);
    let size = if has("small") { canvas::SMALL } else { canvas::LABEL };
    // Marks are bold, and a tenth less than the estimate is what the widest face really takes.
    let long = text_width(&text, size) * 0.9;
    let x: f64 = value("x").parse().expect("a number");
    let left = if has("end") {
        x - long
    } else if has("mid") {
        x - long / 2.0
    } else {
        x
    };
    Label { text, left, right: left + long, base: value("y").parse().expect("a number"), size }
}

#[test]
fn labels_stay_inside_and_never_overlap() {
    for name in ["Team", "A team with quite a long name, and more", "WWWWWWWWWWWWWWWWWWWWWWWWWWWW"] {
        for (chart, width) in
            every_chart(name).iter().flat_map(|chart| [343.0, 560.0, 800.0].map(|w| (chart, w)))
        {
            let svg = chart.draw("id", width);
            let labels = labels(svg.as_str());
            for (n, a) in labels.iter().enumerate() {
                assert!(a.left >= -1.0 && a.right <= width + 1.0, "{width}: {a:?} leaves {}", chart.title());
                assert!(a.base <= svg.size().1 + 1.0, "{a:?} is below the drawing");
                for b in &labels[n + 1..] {
                    let apart = a.right <= b.left || b.right <= a.left;
                    let off = (a.base - b.base).abs() >= a.size.min(b.size) * 0.95;
                    assert!(apart || off, "{width}: {a:?} and {b:?} overlap");
                }
            }
        }
    }
}

#[test]
fn a_cut_name_is_whole_in_its_tooltip() {
    let long = "Identity, mail flow and administration of everything else in all regions";
    let svg = Bars::new("t", Unit::count("")).bar(long, 3.0).draw("id", 800.0);
    assert!(svg.as_str().contains("…<title>Identity, mail flow"), "{}", svg.as_str());
}

#[test]
fn a_pair_with_equal_totals_says_what_moved() {
    let pairs = PairBars::new("t", Unit::count(""), ("a", "b"));
    let svg = pairs
        .pair("x", [(Hue::Provider, 9.0)], [(Hue::Provider, 4.0), (Hue::Internal, 5.0)])
        .draw("id", 800.0);
    assert!(svg.as_str().contains(">P −5, I +5<"), "{}", svg.as_str());
}

#[test]
fn runs_of_a_week_are_merged_and_cut_to_the_week() {
    let week = Week::new().run(0, 60, Hue::Provider, "a").run(60, 90, Hue::Provider, "a").run(
        80,
        60000,
        Hue::Nobody,
        "",
    );
    assert_eq!(week.runs().len(), 2);
    assert_eq!((week.runs()[1].from, week.runs()[1].to), (90, 10080));
    assert_eq!(week.day(6).next().unwrap().hours(), "Sun 00:00–24:00");
    assert_eq!(week.runs()[1].hours(), "Mon 01:30 – Sun 24:00");
    let quarters: Vec<(Hue, &str)> =
        (0..672).map(|n| (if n == 5 { Hue::Nobody } else { Hue::Internal }, "")).collect();
    assert_eq!(Week::from_cells(&quarters).minutes(Hue::Nobody), 15);
}

#[test]
fn greys_of_a_heat_map_use_the_whole_ramp() {
    let mut hours = [[0.0; 24]; 7];
    hours[0] = std::array::from_fn(|hour| hour as f64);
    let svg = HeatMap::new("t", Unit::count("tickets"), "UTC", hours).draw("id", 800.0);
    assert!(svg.as_str().contains("class=\"r6\"") && svg.as_str().contains("class=\"r1\""));
    assert!(svg.as_str().contains("Mon 23:00–24:00: 23 tickets"));
}
