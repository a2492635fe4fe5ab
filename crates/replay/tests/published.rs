//! The figures that others published about three real logs, reached on the very files.

mod logs;

use std::io::Read;
use std::sync::LazyLock;

use remit_replay::{FindingKind, Line, Mapping, Options, Report, Source, State, run};

/// Read once for all tests.
fn uci() -> &'static Report {
    static UCI: LazyLock<Report> = LazyLock::new(|| {
        logs::report(Source::file(logs::shipped("uci_incident/incident_event_log.zip")), &Options::default())
    });
    &UCI
}

fn status<'r>(report: &'r Report, status: &str) -> &'r remit_replay::Status {
    report.statuses.iter().find(|known| known.status == status).expect("the log has the status")
}

/// A share in hundredths of a percent.
fn per_myriad(part: u64, whole: u64) -> u64 {
    (part * 10_000 + whole / 2) / whole
}

#[test]
fn the_uci_log_has_its_published_figures() {
    let report = uci();
    let overall = &report.overall;
    assert_eq!((overall.events, overall.tickets, overall.most_events), (141_712, 24_918, 58));
    assert_eq!(format!("{:.1}", overall.events as f64 / overall.tickets as f64), "5.7");
    assert_eq!(overall.resolved, 23_362);
    let sla = overall.sla.unwrap();
    assert_eq!((sla.kept + sla.missed, sla.missed), (23_362, 8_930));
    assert_eq!(format!("{:.1}", sla.missed_share() * 100.0), "38.2");
    assert_eq!((sla.kept_of_all + sla.missed_of_all, sla.missed_of_all), (24_918, 9_115));
    assert_eq!(overall.by_team.hand_offs, 19_087);
}

#[test]
fn the_dirt_of_the_uci_log_is_found_and_not_stumbled_over() {
    let report = uci();
    let found = |kind| report.findings.iter().find(|finding| finding.kind == kind).unwrap();
    let dirt = found(FindingKind::UnknownStatus);
    assert_eq!((dirt.count, dirt.example.as_deref()), (5, Some("-100")));
    assert_eq!(dirt.lines, [115_643, 115_644, 124_509, 124_510, 124_511]);
    assert_eq!(status(report, "-100").means, State::Unknown);
    assert_eq!(found(FindingKind::OutOfOrder).lines, [360]);
    assert_eq!(found(FindingKind::TeamNotSaid).count, 14_213);
    assert_eq!(found(FindingKind::NeverAssigned).count, 373);
    assert_eq!(found(FindingKind::OpenedLate).count, 5);
    assert_eq!(found(FindingKind::ClosedUnresolved).count, 1_556);
    assert!(report.findings.iter().all(|f| !matches!(f.kind, FindingKind::Late | FindingKind::Repeated)));
}

#[test]
fn time_held_by_all_teams_adds_up_to_the_life_of_all_tickets() {
    let report = uci();
    let held = report.overall.held;
    let by_team: i64 =
        report.teams.iter().map(|team| team.held.working + team.held.waiting + team.held.done).sum();
    let unassigned = report.overall.unassigned;
    let total = held.working + held.waiting + held.done;
    assert_eq!(by_team + unassigned.working + unassigned.waiting + unassigned.done, total);
    assert_eq!(total / report.overall.tickets as i64, report.overall.life.mean);
    for level in [&report.teams, &report.lines, &report.parties] {
        let (given, taken): (u64, u64) = level
            .iter()
            .fold((0, 0), |sum, holder| (sum.0 + holder.hand_offs_out, sum.1 + holder.hand_offs_in));
        assert_eq!(given, taken);
    }
}

#[test]
fn the_assumed_lines_of_the_uci_groups_follow_their_rule() {
    let report = uci();
    assert_eq!(report.teams.len(), 78);
    for team in &report.teams {
        let expected = match (3 * team.first, team.tickets) {
            (first, tickets) if first >= 2 * tickets => Line::L1,
            (first, tickets) if first >= tickets => Line::L2,
            _ => Line::L3,
        };
        assert_eq!(team.line, Some(expected), "{}: first of {} in {}", team.name, team.tickets, team.first);
    }
}

#[test]
fn the_assumed_services_of_the_uci_categories_exist_in_the_catalogue() {
    let mapping = Mapping::uci();
    let catalogue = remit_matrix::catalogue::Catalogue::builtin();
    let mut count = 0;
    for service in mapping.services() {
        assert!(catalogue.leaves(service).is_some(), "{service}");
        count += 1;
    }
    assert_eq!(count, 21);
}

#[test]
fn the_bpi_2013_log_has_its_published_figures() {
    let Some(path) = logs::outside("bpic2013/bpi_challenge_2013_incidents.xes.gz") else { return };
    let report = logs::report(Source::file(path), &Options::default());
    let overall = &report.overall;
    assert_eq!((overall.events, overall.tickets), (65_533, 7_554));
    let median = overall.life.median.unwrap();
    assert!(median.exact);
    assert_eq!(format!("{:.1}", median.millis as f64 / 3_600_000.0), "181.2");
    assert_eq!(format!("{:.2}", overall.life.mean as f64 / 86_400_000.0), "12.08");
    let lines = |line| report.teams.iter().filter(|team| team.line == Some(line)).count();
    assert_eq!((lines(Line::L1), lines(Line::L2), lines(Line::L3)), (235, 306, 108));
    assert_eq!(status(&report, "Unmatched/Unmatched").means, State::Unknown);
    assert_eq!(status(&report, "Accepted/Wait - User").means, State::Waiting);
}

fn check_helpdesk(report: &Report) {
    let tickets = report.overall.tickets;
    assert_eq!((report.overall.events, tickets), (21_348, 4_580));
    assert_eq!(per_myriad(status(report, "Resolve ticket").tickets, tickets), 9_976);
    assert_eq!(per_myriad(status(report, "Wait").tickets, tickets), 2_699);
    assert_eq!(per_myriad(status(report, "Assign seriousness").first, tickets), 9_572);
}

#[test]
fn the_italian_help_desk_has_its_published_figures_as_xes_and_as_csv() {
    let Some(xes) = logs::outside("helpdesk_italian/Helpdesk.xes.gz") else { return };
    let Some(csv) = logs::outside("helpdesk_italian/helpdesk_full_columns.csv.gz") else { return };
    let mapping = |name: &str| {
        let path = format!("{}/tests/mappings/{name}", env!("CARGO_MANIFEST_DIR"));
        let mapping = Some(Mapping::parse(&std::fs::read_to_string(path).unwrap(), name).unwrap());
        Options { mapping, ..Options::default() }
    };
    check_helpdesk(&logs::report(Source::file(xes), &mapping("helpdesk-xes.toml")));
    check_helpdesk(&logs::report(Source::file(csv), &mapping("helpdesk-csv.toml")));
}

#[test]
fn plain_gzip_and_zip_give_the_same_report() {
    let path = logs::shipped("uci_incident/incident_event_log.zip");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut plain = Vec::new();
    archive.by_index(0).unwrap().read_to_end(&mut plain).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut plain.as_slice(), &mut gzip).unwrap();
    let packed = gzip.finish().unwrap();
    let stream = |bytes: Vec<u8>| Source::Stream {
        name: "log".to_owned(),
        reader: Box::new(std::io::Cursor::new(bytes)),
    };
    let read = |source| {
        let mut report = run(source, &Options::default(), &mut [], &mut |_| {}).unwrap();
        report.source.file.clear();
        serde_json::to_string(&report).unwrap()
    };
    let from_zip = read(Source::file(logs::shipped("uci_incident/incident_event_log.zip")));
    assert!(from_zip == read(stream(plain)), "plain");
    assert!(from_zip == read(stream(packed)), "gzip");
}
