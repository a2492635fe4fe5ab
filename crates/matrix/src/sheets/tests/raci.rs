//! RACI grids as providers have them.

use super::super::{RaciImport, RaciOptions, SheetError, from_raci};
use crate::catalogue::Catalogue;
use crate::draft::{PartyKind, RowDraft};

const GRID: &str = "\
RACI for Cascade Timber,,,,
,,,,
Function,MSP,Client IT,ISP,Notes
Help desk,I,A/R,,
Help desk (after hours),\"R,A\",I,,Manila
Security,,,,
Endpoint protection,A/R,C,,
Firewall rules,R,A,C,
Forklift terminals,,X,,the yard
Patching - servers,A,I,,
Operating system patches,A,A,,
Backup review,R,,,
Restore tests,C,C,,
Internet line,I,C,A R,
Weekend maintenance,A/R,ask Tom,,
R = Responsible,,,,
";

fn options() -> RaciOptions {
    RaciOptions {
        client: "Cascade Timber".to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        ..RaciOptions::default()
    }
}

fn import(grid: &str) -> RaciImport {
    from_raci(grid.as_bytes(), &options()).unwrap()
}

fn rows<'i>(import: &'i RaciImport, text: &str) -> Vec<&'i RowDraft> {
    let service =
        &import.matched.iter().find(|matched| matched.text == text).expect("the grid has it").service;
    import.draft.rows.iter().filter(|row| row.service.as_slice() == [service.clone()]).collect()
}

fn doubts(import: &RaciImport, text: &str) -> String {
    import.doubts.iter().filter(|doubt| doubt.contains(text)).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn columns_become_parties_with_a_team_each() {
    let draft = import(GRID).draft;
    let kinds: Vec<_> =
        draft.parties.iter().map(|(id, party)| (id.as_str(), party.name.as_str(), party.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("internal", "Client IT", PartyKind::Internal),
            ("isp", "ISP", PartyKind::Vendor),
            ("provider", "MSP", PartyKind::Provider)
        ]
    );
    assert_eq!(draft.teams.keys().collect::<Vec<_>>(), ["client-it", "isp-team", "msp"]);
    assert_eq!(draft.last_resort, "msp");
}

#[test]
fn clear_lines_become_rows() {
    let import = import(GRID);
    let help = rows(&import, "Help desk");
    assert_eq!(help.len(), 2);
    assert_eq!((help[0].accountable.as_str(), help[0].responsible.as_str()), ("internal", "client-it"));
    assert_eq!(help[0].informed.as_slice(), ["msp"]);
    assert_eq!((help[1].time.as_deref(), help[1].accountable.as_str()), (Some("not office"), "provider"));
    assert_eq!(help[1].note.as_deref(), Some("Manila"));
    assert!(import.draft.calendars.contains_key("office"));
    assert!(!doubts(&import, "08:00-18:00 in America/Los_Angeles").is_empty());
    let line = rows(&import, "Internet line");
    assert_eq!((line[0].accountable.as_str(), line[0].responsible.as_str()), ("isp", "isp-team"));
}

#[test]
fn what_is_unclear_is_reported_and_not_smoothed_over() {
    let import = import(GRID);
    let both = rows(&import, "Operating system patches");
    assert_eq!(both.iter().map(|row| row.accountable.as_str()).collect::<Vec<_>>(), ["provider", "internal"]);
    assert!(doubts(&import, "`Operating system patches`").contains("MSP and Client IT are all accountable"));
    assert!(rows(&import, "Restore tests").is_empty());
    assert!(doubts(&import, "`Restore tests`").contains("no row was written"));
    assert!(doubts(&import, "`Backup review`").contains("who alone is responsible"));
    assert!(doubts(&import, "`Firewall rules`").contains("MSP does the work too (R) but Client IT answers"));
    assert_eq!(rows(&import, "Firewall rules")[0].consulted.as_slice(), ["msp", "isp-team"]);
    assert!(doubts(&import, "line 15, column 3").contains("`ask Tom` is not R, A, C or I"));
    assert!(doubts(&import, "`Weekend maintenance`").contains("hours without exact meaning"));
    assert!(doubts(&import, "headings").contains("line 6, column 1 `Security`"));
    assert!(doubts(&import, "Responsible").is_empty() || !doubts(&import, "headings").contains("R ="));
}

#[test]
fn a_duty_that_the_catalogue_lacks_becomes_the_clients_own() {
    let import = import(GRID);
    let own = import.matched.iter().find(|matched| matched.text == "Forklift terminals").unwrap();
    assert!(own.service.ends_with("forklift-terminals") && own.sure == 0.0, "{own:?}");
    assert!(doubts(&import, "`Forklift terminals`").contains("the client's own service"));
    assert!(Catalogue::builtin().extended(import.draft.services.clone()).is_ok());
    assert_eq!(rows(&import, "Forklift terminals")[0].note.as_deref(), Some("the yard"));
}

#[test]
fn two_lines_for_one_service_are_kept_apart() {
    let import =
        import("Task,MSP,Client IT\nPassword reset,A/R,\nAccount unlock,,A/R\nPassword reset,A/R,\n");
    let services: Vec<_> = import.matched.iter().map(|matched| matched.service.as_str()).collect();
    assert_eq!(
        services,
        ["helpdesk.password-reset", "helpdesk.password-reset.account-unlock", "helpdesk.password-reset"]
    );
    assert!(doubts(&import, "line 3").contains("its service already stands for another line"));
    assert!(doubts(&import, "line 4").contains("there twice"));
}

#[test]
fn several_columns_of_the_provider_are_teams_of_one_party() {
    let import = import(
        "Area;Activity;MSP service desk;MSP NOC;Internal IT\nBackup;Monitoring;I;R;A\n;Restore tests;;A/R;I\n",
    );
    assert_eq!(import.draft.parties["provider"].name, "Provider");
    assert_eq!(import.draft.teams["msp-noc"].party, "provider");
    assert_eq!(import.matched[0].service, "backup.monitoring");
    assert_eq!(rows(&import, "Restore tests")[0].responsible, "msp-noc");
}

#[test]
fn a_grid_whose_columns_name_no_provider_asks_for_it() {
    let grid = "Function,Northgate,Cascade\nBackups,A/R,I\n";
    let error = from_raci(grid.as_bytes(), &options()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1, column 1: none of the columns is known to be the provider; say which one is: Northgate, Cascade"
    );
    let named = RaciOptions {
        provider: Some("northgate".to_owned()),
        internal: Some("Cascade".to_owned()),
        ..options()
    };
    assert_eq!(from_raci(grid.as_bytes(), &named).unwrap().draft.rows[0].accountable, "provider");
    let misspelt = RaciOptions { provider: Some("Nortgate".to_owned()), ..options() };
    let error = from_raci(grid.as_bytes(), &misspelt).unwrap_err().to_string();
    assert!(error.ends_with("no column is named `Nortgate`: did you mean `Northgate`?"), "{error}");
}

#[test]
fn a_file_without_a_grid_says_what_one_looks_like() {
    assert!(
        matches!(from_raci(b"a,b\nc,d\n", &options()), Err(SheetError::Layout(message)) if message.contains("R, A, C or I"))
    );
}

#[test]
fn an_imported_grid_is_a_matrix_that_the_checker_accepts() {
    crate::model::Matrix::check(import(GRID).draft).unwrap();
    crate::model::Matrix::check(super::round_trip::example()).unwrap();
}
