//! What is in a file is what the page shows, and nothing in it does anything.

use super::sheet::Writer;
use super::*;

fn written(form: Form, cells: &[Cell]) -> Vec<u8> {
    let mut writer = Writer::new(form, &heads(&["One", "Two"])).unwrap();
    writer.row(cells).unwrap();
    writer.end().unwrap()
}

#[test]
fn what_looks_like_a_formula_is_a_text() {
    for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"] {
        let text = String::from_utf8(written(Form::Csv, &[Cell::from(bad), Cell::Number(-7)])).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((&row[0], &row[1]), (format!("'{bad}").as_str(), "-7"), "a number stays one");
    }
}

#[test]
fn quotes_lines_and_commas_come_back_as_they_were() {
    let text = "a \"b\", c\r\nd; é";
    let bytes = written(Form::Csv, &[Cell::from(text), Cell::Empty]);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!((&row[0], &row[1]), (text, ""));
}

#[test]
fn a_workbook_is_one_and_a_text_that_is_too_long_for_a_cell_is_cut() {
    let long = "x".repeat(40_000);
    let bytes = written(Form::Xlsx, &[Cell::from(long.as_str()), Cell::Number(7)]);
    assert_eq!(&bytes[..4], b"PK\x03\x04");
}

#[test]
fn an_instant_has_the_offset_of_the_zone() {
    let zone = Zone::parse("America/Los_Angeles").unwrap();
    let at = |text| instant(At::parse(text).unwrap(), &zone);
    assert_eq!(at("2026-11-23T17:00:00Z"), Cell::from("2026-11-23T09:00:00-08:00"));
    assert_eq!(at("2026-07-01T17:00:00Z"), Cell::from("2026-07-01T10:00:00-07:00"));
}

#[test]
fn only_two_forms_are_known() {
    assert_eq!(Form::asked(Some("csv")).unwrap(), Some(Form::Csv));
    assert_eq!(Form::asked(Some("")).unwrap(), None);
    assert!(Form::asked(Some("pdf")).is_err());
}
