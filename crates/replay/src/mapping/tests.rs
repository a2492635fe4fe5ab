use super::*;
use crate::error::ReadError;

const SMALL: &str = "name = \"x\"\n[columns]\nticket = \"id\"\nat = \"when\"\nstatus = \"state\"\n";

fn error(text: &str) -> ReadError {
    Mapping::parse(text, "m.toml").unwrap_err()
}

#[test]
fn the_built_in_mappings_are_valid() {
    assert_eq!(Mapping::uci().state("Awaiting Vendor"), State::Waiting);
    assert_eq!(Mapping::servicenow().state("Resolved"), State::Resolved);
    assert_eq!(Mapping::xes().state("Accepted/Wait - User"), State::Waiting);
}

#[test]
fn a_line_is_the_suffix_of_a_team_name() {
    let mapping = Mapping::xes();
    assert_eq!(mapping.line("V5 3rd"), Some(Line::L3));
    assert_eq!(mapping.line("G230 2nd"), Some(Line::L2));
    assert_eq!(mapping.line("V30"), Some(Line::L1));
}

#[test]
fn a_team_has_the_party_of_its_table_before_that_of_its_line() {
    let text = format!(
        "{SMALL}[lines]\ndefault = \"L2\"\n[parties]\ndefault = \"them\"\nby-line = {{ L2 = \"us\" }}\nteams = {{ vendor = [\"X\"] }}\n"
    );
    let mapping = Mapping::parse(&text, "m.toml").unwrap();
    assert_eq!(mapping.party("X", mapping.line("X")), "vendor");
    assert_eq!(mapping.party("Y", mapping.line("Y")), "us");
    assert_eq!(mapping.party("Y", None), "them");
    assert_eq!(Mapping::parse(SMALL, "m.toml").unwrap().party("Y", None), NO_PARTY);
}

#[test]
fn a_wrong_key_is_named_with_its_line() {
    let wrong = error(&format!("{SMALL}tem = \"group\"\n"));
    assert_eq!(wrong.line, Some(6), "{wrong}");
    assert!(wrong.to_string().contains("`tem`"), "{wrong}");
}

#[test]
fn wrong_values_say_what_to_write() {
    assert!(error(&format!("zone = \"Europe/Berlon\"\n{SMALL}")).to_string().contains("Europe/Berlin"));
    assert!(error(&format!("encoding = \"utf-99\"\n{SMALL}")).to_string().contains("windows-1252"));
    assert!(error(&format!("delimiter = \"ab\"\n{SMALL}")).to_string().contains("\";\""));
    assert!(error(&format!("date = \"dd/mm\"\n{SMALL}")).to_string().contains("%d/%m/%Y"));
    assert!(
        error(&format!("{SMALL}[lines.teams]\nL1 = [\"A\"]\nL2 = [\"A\"]\n"))
            .to_string()
            .contains("named twice")
    );
}
