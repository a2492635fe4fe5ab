//! Writes a page with every kind of picture to the path given as argument: `cargo run --example gallery -- out.html`.

use std::error::Error;

use jiff::civil::{Date, date};
use remit_draw::{
    Bars, Cell, Chart, Column, Columns, Figure, Flow, HeatMap, Hold, Html, Hue, KeyFigure, Lines, Page,
    PairBars, Place, Section, Sparkline, Stack, Table, Timeline, Unit, Week, WeekGrid, WeekStrip, term,
};

const I: Hue = Hue::Internal;
const P: Hue = Hue::Provider;
const V: Hue = Hue::Vendor(0);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of the page to write")?;
    let page = Page::new("Gallery of the pictures")
        .subtitle(
            "Every chart with made-up figures, to be looked at wide, on a phone, in the dark and in print.",
        )
        .figure(KeyFigure::new("24,918", "tickets").note("3 March 2016 to 18 February 2017"))
        .figure(KeyFigure::new("1,204", "hand-offs").note("−31% against the first matrix"))
        .figure(KeyFigure::new("98.2%", "answered within the promise").note(spark("key")))
        .figure(
            KeyFigure::new("95 min", "a week owned by nobody")
                .note(Html::who(Hue::Nobody, "Sun 02:00–03:35")),
        )
        .section(weeks())
        .section(load())
        .section(comparison())
        .section(custody())
        .section(tables())
        .section(agreement())
        .footnote("A ticket counts in the week in which it was opened.")
        .footnote(
            "Times are wall time of the client's zone; a week with a change of clocks has 167 or 169 hours.",
        )
        .credit(
            Html::from("Invented figures, ").then(Html::link("no source", "https://example.org/")).then("."),
        );
    std::fs::write(&path, page.render())?;
    std::fs::write(format!("{path}.svg"), strip().document(800.0))?;
    let (zone, paint, week) = ("America/Los_Angeles", term::Paint::Colour, office_week());
    let tickets = Unit::count("tickets");
    let bars =
        [("Service desk", Stack::from([(I, 12310.0), (P, 2095.0)])), ("Network", Stack::from([(P, 4200.0)]))];
    println!("{}", term::week(&week, zone, paint));
    println!("{}", term::weeks(&[("Help desk, tier 1", &week), ("Mail flow", &week)], zone, paint));
    println!("{}", term::bars(&bars, &tickets, paint));
    println!("{}", term::heat(&opened(), &tickets, zone, paint));
    Ok(())
}

/// Internal by day, provider at night, a vendor on Saturday and a hole on Sunday.
fn office_week() -> Week {
    let mut week = Week::new();
    for day in 0..5u16 {
        let start = day * 1440;
        week =
            week.run(start, start + 480, P, "Night desk").run(start + 480, start + 1080, I, "Service desk");
        week = week.run(start + 1080, start + 1440, P, "Night desk");
    }
    week.run(7200, 7920, V, "Backup vendor")
        .run(7920, 8520, Hue::Vendor(1), "Line carrier")
        .run(8520, 8760, P, "Night desk")
        .run(8760, 8855, Hue::Nobody, "")
        .run(8855, 9600, P, "On call")
        .run(9600, 9690, Hue::Nobody, "no on-call")
        .run(9690, 10080, P, "On call")
}

fn strip() -> WeekStrip {
    WeekStrip::new("Backup, failed job: who owns which hour", "America/Los_Angeles", office_week())
        .now(2 * 1440 + 615)
}

fn weeks() -> Section {
    let always = |hue, label: &str| Week::new().run(0, 10080, hue, label);
    let grid = WeekGrid::new("Who owns the week, by duty", "America/Los_Angeles")
        .row("Help desk, tier 1", office_week())
        .row("Help desk, tier 2 and 3", always(P, "Network and systems"))
        .row("Patching, exceptions", Week::new().run(480, 7560, I, "Workplace").run(7560, 10080, P, ""))
        .row("Backup review", always(V, "Backup vendor"))
        .row("Mail flow", always(I, ""))
        .row("Microsoft 365 administration and licences", office_week())
        .row("Line and carrier", always(Hue::Vendor(1), "Line carrier"))
        .row("Printers", always(Hue::Vendor(2), "Print vendor"))
        .row("Telephony", always(Hue::Vendor(3), "Telephony"))
        .row("Restore test", Week::new().run(480, 1080, I, "").run(1080, 10080, Hue::Nobody, ""))
        .now(2 * 1440 + 615);
    Section::new("weeks", "Weeks")
        .text(
            Html::from("One party owns every minute; a minute that nobody owns is hatched.")
                .then(Html::note_ref(2)),
        )
        .figure(Figure::new(strip()))
        .figure(Figure::new(grid).note("Backup review is the vendor's at every hour."))
}

/// Tickets by hour of the week: a morning and an afternoon peak, quiet weekends.
fn opened() -> [[f64; 24]; 7] {
    let mut hours = [[0.0; 24]; 7];
    for (day, row) in hours.iter_mut().enumerate() {
        for (hour, value) in row.iter_mut().enumerate() {
            let work = (-((hour as f64 - 11.0) / 3.6).powi(2)).exp()
                + 0.6 * (-((hour as f64 - 15.5) / 2.2).powi(2)).exp();
            *value = (work * if day < 5 { 260.0 - 14.0 * day as f64 } else { 18.0 }).floor();
        }
    }
    hours
}

fn load() -> Section {
    let map = HeatMap::new(
        "Opened, by hour of the week",
        Unit::count("tickets").one("ticket"),
        "America/Los_Angeles",
        opened(),
    );
    let starts: Vec<Date> =
        (0..50i64).map(|week| date(2016, 3, 7).saturating_add(jiff::Span::new().weeks(week))).collect();
    let wave =
        |n: usize, base: f64| base * (1.0 + 0.3 * (n as f64 / 5.0).sin() + 0.1 * (n as f64 * 1.7).cos());
    let columns = starts.iter().enumerate().fold(
        Columns::new("Opened per week, by who owned them first", Unit::count("tickets"), 7),
        |columns, (n, start)| {
            columns.column(
                *start,
                [
                    (P, wave(n, 110.0).round()),
                    (I, wave(n + 9, 260.0).round()),
                    (V, wave(n + 3, 30.0).round()),
                ],
            )
        },
    );
    let line = |base: f64, shift: usize| {
        starts.iter().enumerate().map(move |(n, start)| (*start, wave(n + shift, base).round()))
    };
    let lines = Lines::new("Open at the end of each week", Unit::count("tickets"))
        .line("provider", P, line(410.0, 2))
        .line("internal IT", I, line(430.0, 14))
        .line("vendors", V, line(90.0, 4));
    Section::new("load", "Load")
        .figure(Figure::new(map))
        .figure(Figure::new(columns))
        .figure(Figure::new(lines))
}

fn comparison() -> Section {
    let tickets = Unit::count("tickets").one("ticket");
    let bars = Bars::new("Tickets by team", tickets.clone())
        .bar("Service desk", [(I, 12310.0), (P, 2095.0)])
        .bar("Network", [(P, 4200.0), (V, 800.0)])
        .bar(
            "Identity, mail flow and Microsoft 365 administration (all regions)",
            [(I, 1500.0), (P, 900.0), (V, 60.0)],
        )
        .bar("Backup", [(V, 700.0), (Hue::Vendor(1), 300.0), (Hue::Vendor(2), 260.0), (Hue::Nobody, 420.0)])
        .bar("Telephony", [(Hue::Vendor(3), 410.0)])
        .bar("All other teams", 2210.0)
        .bar("No team", [(Hue::Nobody, 95.0)]);
    let pairs = PairBars::new("First owner under two matrices", tickets, ("fully managed", "co-managed"))
        .pair("Tier 1", [(P, 17245.0)], [(I, 12900.0), (P, 4345.0)])
        .pair("Tier 2 and 3", [(P, 6890.0), (V, 783.0)], [(P, 5200.0), (I, 1690.0), (V, 783.0)])
        .pair("Owned by nobody", [(Hue::Nobody, 0.0)], [(Hue::Nobody, 212.0)])
        .pair("Hand-offs", 1740.0, 1204.0);
    let flow =
        Flow::new("Who hands to whom, the ten largest pairs", Unit::count("hand-offs").one("hand-off"))
            .pair(Place::new(I, "Service desk"), Place::new(P, "Network"), 412.0)
            .pair(Place::new(I, "Service desk"), Place::new(P, "Systems"), 230.0)
            .pair(Place::new(I, "Service desk"), Place::new(V, "Backup vendor"), 96.0)
            .pair(Place::new(P, "Network"), Place::new(I, "Service desk"), 118.0)
            .pair(Place::new(P, "Systems"), Place::new(I, "Service desk"), 74.0)
            .pair(Place::new(P, "Night desk"), Place::new(I, "Service desk"), 160.0)
            .pair(Place::new(P, "Night desk"), Place::new(P, "Network"), 88.0)
            .pair(Place::new(V, "Backup vendor"), Place::new(P, "Systems"), 21.0)
            .pair(Place::new(I, "Workplace, sites north and south"), Place::new(P, "Systems"), 15.0)
            .pair("unknown", Place::new(P, "Systems"), 9.0);
    Section::new("comparison", "Comparison")
        .text(
            Html::from("Under the co-managed matrix, tier 1 goes to ")
                .then(Html::who(I, "internal IT"))
                .then(" in its hours."),
        )
        .figure(Figure::new(bars))
        .figure(Figure::new(pairs))
        .figure(Figure::new(flow).note("A hand-off counts when the receiving team accepts it."))
}

fn custody() -> Section {
    let line = Timeline::new("Custody of 48213, VPN down, whole site")
        .hold((0, 140), I, "Service desk", Hold::Held)
        .hold((140, 151), P, "Night desk", Hold::Offered)
        .hold((151, 420), P, "Night desk", Hold::Held)
        .hold((420, 900), P, "waiting for carrier", Hold::Waiting)
        .hold((900, 1020), Hue::Vendor(1), "Line carrier", Hold::Held)
        .hold((1020, 1100), Hue::Nobody, "", Hold::Held)
        .hold((1100, 1290), P, "Network", Hold::Held)
        .event(6, "answered")
        .event(1290, "resolved");
    Section::new("custody", "Custody").figure(Figure::new(line))
}

fn spark(id: &str) -> Html {
    let values = [62.0, 64.0, 61.0, 66.0, 71.0, 69.0, 74.0, 79.0, 78.0, 83.0];
    Sparkline::new("Share by month", Unit::count("tickets"), values).draw(id, 96.0).into()
}

fn tables() -> Section {
    let teams = [
        ("Service desk", I, 14405u64, 0.982),
        ("Network", P, 5000, 0.9131),
        ("Backup", V, 1260, 0.77),
        ("Night desk", P, 4053, 0.99999),
    ];
    let table =
        ["Team", "Held by"].iter().fold(Table::new("Teams"), |table, name| table.column(Column::text(*name)));
    let table = table
        .column(Column::number("Tickets"))
        .column(Column::number("In time"))
        .column(Column::text("Trend"));
    let table = teams.iter().enumerate().fold(table, |table, (n, (name, hue, count, share))| {
        let trend = Cell::text(spark(&format!("spark-{n}")));
        table.row([
            Cell::text(*name),
            Cell::who(*hue, hue.word()),
            Cell::count(*count),
            Cell::share(*share),
            trend,
        ])
    });
    let table = table.total([
        Cell::text("All"),
        Cell::text(""),
        Cell::count(24718),
        Cell::share(0.9623),
        Cell::text(""),
    ]);
    Section::new("tables", "Tables").table(&table)
}

fn agreement() -> Section {
    let who = |hue| Cell::who(hue, "");
    let table = ["Duty", "Mon–Fri 8–18", "Nights", "Weekend", "Holidays"]
        .iter()
        .fold(Table::new(""), |table, name| table.column(Column::text(*name)))
        .group("Help desk")
        .row([Cell::text("Tier 1"), who(I), who(P), who(P), who(P)])
        .row([Cell::text("Tier 2 and 3"), who(P), who(P), who(P), who(P)])
        .group("Backup")
        .row([
            Cell::text("Failed job"),
            who(I),
            who(V),
            Cell::who(Hue::Nobody, "02:00–03:35"),
            who(Hue::Vendor(1)),
        ]);
    Section::new("agreement", "Agreement")
        .facts([
            ("Client", "Harbor Dental"),
            ("In force since", "1 October 2026"),
            ("Zone", "America/Los_Angeles"),
        ])
        .table(&table)
        .signatures(["For the provider", "For the client"])
}
