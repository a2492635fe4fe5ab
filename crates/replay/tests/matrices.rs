//! Logs tried under matrices.

use std::sync::Arc;

use remit_draw::Hue;
use remit_matrix::Matrix;
use remit_matrix::catalogue::Arrangement;
use remit_matrix::templates::{TemplateOptions, draft};
use remit_replay::{Line, MatrixOwnership, Options, Owner, Ownership, Query, Report, Source, run};

/// Provider by day and internal IT by night, but L3 always with the provider; nobody owns printers.
struct DayAndNight;

impl Ownership for DayAndNight {
    fn label(&self) -> &'static str {
        "Day and night"
    }

    fn parties(&self) -> Vec<(String, Hue)> {
        vec![("Provider".to_owned(), Hue::Provider), ("Internal IT".to_owned(), Hue::Internal)]
    }

    fn teams(&self) -> Vec<String> {
        vec!["Desk".to_owned(), "Night".to_owned(), "Engineers".to_owned()]
    }

    fn has_service(&self, _: &str) -> bool {
        true
    }

    fn owner(&mut self, query: &Query<'_>) -> Option<Owner> {
        let hour = query.at.millis().rem_euclid(86_400_000) / 3_600_000;
        let (party, team) = match (query.line, hour) {
            (Line::L3, _) => (0, 2),
            (_, 8..18) => (0, 0),
            _ => (1, 1),
        };
        let owner = Owner { party, team, last_resort: false };
        (query.service != "devices.printers").then_some(owner)
    }
}

/// Category 9 is `devices.printers` in the mapping of the UCI log; its groups 70, 20 and 39 are L1, L2 and L3.
fn log(rows: &[&str]) -> Vec<u8> {
    let header = "number,incident_state,made_sla,opened_at,sys_updated_at,category,priority,assignment_group,assigned_to,resolved_at";
    format!("{header}\n{}\n", rows.join("\n")).into_bytes()
}

fn tried(rows: &[&str]) -> Report {
    let reader = Box::new(std::io::Cursor::new(log(rows)));
    let source = Source::Stream { name: "log".to_owned(), reader };
    run(source, &Options::default(), &mut [&mut DayAndNight], &mut |_| {}).expect("a good log")
}

fn row(ticket: &str, state: &str, at: &str, category: &str, group: &str) -> String {
    format!("{ticket},{state},true,1/2/2016 09:00,1/2/2016 {at},{category},1 - Critical,{group},?,?")
}

#[test]
fn a_hand_off_between_teams_of_one_owner_falls_away_and_one_to_another_owner_remains() {
    let rows = [
        row("A", "New", "09:00", "Category 42", "Group 70"),
        row("A", "Active", "10:00", "Category 42", "Group 20"),
        row("A", "Active", "11:00", "Category 42", "Group 39"),
        row("A", "Closed", "12:00", "Category 42", "Group 39"),
    ];
    let report = tried(&rows.each_ref().map(String::as_str));
    let moves = &report.matrices[0].moves;
    assert_eq!((moves.logged, moves.fall_away, moves.remain, moves.added, moves.by_clock), (2, 1, 1, 0, 0));
    assert_eq!(moves.asked, 3);
    assert_eq!(
        report.matrices[0].parties[0].lines.each_ref().map(|line| line.iter().sum::<u64>()),
        [1, 1, 1]
    );
    // 2016-02-01 was a Monday.
    assert_eq!(report.matrices[0].parties[0].lines[0][9], 1);
}

#[test]
fn what_goes_to_and_fro_is_counted_by_the_rule_of_custody() {
    let rows = [
        row("A", "New", "09:00", "Category 42", "Group 70"),
        row("A", "Active", "10:00", "Category 42", "Group 39"),
        row("A", "Active", "11:00", "Category 42", "Group 70"),
        row("A", "Active", "12:00", "Category 42", "Group 39"),
        row("A", "Closed", "13:00", "Category 42", "Group 39"),
    ];
    let report = tried(&rows.each_ref().map(String::as_str));
    let moves = &report.matrices[0].moves;
    assert_eq!((moves.logged, moves.remain), (3, 3));
    // Desk, engineers, desk, engineers: the second move is a hand-back, the third a hand-over anew; both are bounces.
    assert_eq!((moves.hand_backs, moves.bounces), (1, 2));
}

#[test]
fn a_change_of_owner_by_the_clock_is_no_hand_off() {
    let rows = [
        row("A", "New", "09:00", "Category 42", "Group 70"),
        row("A", "Active", "20:00", "Category 42", "Group 20"),
        row("A", "Active", "23:00", "Category 42", "Group 20"),
    ];
    let report = tried(&rows.each_ref().map(String::as_str));
    let moves = &report.matrices[0].moves;
    assert_eq!((moves.logged, moves.fall_away, moves.remain, moves.by_clock), (1, 1, 0, 1));
    assert_eq!(report.matrices[0].tickets_across_parties, 1);
}

#[test]
fn work_that_nobody_owns_is_listed() {
    let report = tried(&[&row("A", "New", "09:00", "Category 9", "Group 70")]);
    let tried = &report.matrices[0];
    assert_eq!((tried.moves.nobody, tried.unowned.len()), (1, 1));
    assert_eq!(tried.unowned[0].service, "devices.printers");
    assert_eq!((tried.unowned[0].line, tried.unowned[0].priority.as_str()), (Line::L1, "P1"));
}

fn ownership(label: &str, options: &TemplateOptions) -> MatrixOwnership {
    let draft = draft(options).expect("the template is sound");
    MatrixOwnership::new(label, Arc::new(Matrix::check(draft).expect("the template is sound")))
}

#[test]
fn the_uci_log_under_two_templates_adds_up() {
    let mut full = ownership("Fully managed", &TemplateOptions::fully_managed("Example", "Europe/Berlin"));
    let shared = TemplateOptions::co_managed("Example", "Europe/Berlin", &[Arrangement::Tier3Escalation]);
    let mut shared = ownership("Co-managed", &shared);
    let source =
        Source::file(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/uci_incident/incident_event_log.zip"));
    let report = run(source, &Options::default(), &mut [&mut full, &mut shared], &mut |_| {})
        .expect("the shipped log");
    for tried in &report.matrices {
        let moves = &tried.moves;
        assert_eq!(moves.fall_away + moves.remain, moves.logged, "{}", tried.matrix);
        assert_eq!(moves.nobody, 0, "a sound matrix leaves nothing without an owner");
        let load: u64 = tried.parties.iter().map(|load| load.total).sum();
        assert_eq!(load + moves.nobody, moves.asked);
        assert_eq!(tried.teams.iter().map(|(_, count)| count).sum::<u64>(), load);
    }
    let logged = |n: usize| report.matrices[n].moves.logged;
    assert_eq!((logged(0), logged(1)), (report.overall.by_team.hand_offs, report.overall.by_team.hand_offs));
    assert_eq!(report.matrices[0].tickets_across_parties, 0, "one provider owns everything");
    assert!(report.matrices[1].tickets_across_parties > 0);
    let page = report.to_page();
    for text in ["Fully managed", "Co-managed", "CC BY 4.0", "doi:10.24432/C57S4H", "24,918"] {
        assert!(page.contains(text), "{text}");
        assert!(
            text.starts_with("doi") || text.starts_with("CC") || report.to_text(100).contains(text),
            "{text}"
        );
    }
}
