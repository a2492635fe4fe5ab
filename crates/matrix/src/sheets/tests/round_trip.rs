//! Writing and reading give back the same draft.

use proptest::prelude::*;

use super::super::{from_csv, from_xlsx, to_csv, to_xlsx};
use super::arbitrary;
use crate::draft::{Draft, Names};

/// A real co-managed client, as the README of a provider would show it.
pub(super) fn example() -> Draft {
    let mut draft: Draft = toml::from_str(include_str!("example.toml")).expect("the example is a draft");
    for row in &mut draft.rows {
        let lists = [
            &mut row.service,
            &mut row.tier,
            &mut row.priority,
            &mut row.site,
            &mut row.asset_class,
            &mut row.requester_group,
            &mut row.kind,
            &mut row.consulted,
            &mut row.informed,
            &mut row.fallback,
        ];
        for list in lists {
            *list = list.as_slice().iter().cloned().collect::<Names>();
        }
    }
    draft
}

#[test]
fn the_example_comes_back_from_a_workbook() {
    let (draft, places) = from_xlsx(&to_xlsx(&example()).unwrap()).unwrap();
    assert_eq!(draft, example());
    let at = |path: &str| places.get(path).map(|place| place.to_string()).unwrap_or_default();
    assert_eq!(at("rows.3.time"), "sheet Matrix, cell I5");
    assert_eq!(at("rows.3.consulted.1"), "sheet Matrix, cell L5");
    assert_eq!(at("client"), "sheet About, cell B2");
    assert_eq!(at("parties.isp.kind"), "sheet Parties, cell C3");
    assert_eq!(at("teams.noc.hours"), "sheet Teams, cell D6");
    assert_eq!(at("calendars.office.week.fri"), "sheet Calendars, cell E3");
    assert_eq!(at("calendars.office.days.2026-12-31"), "sheet Calendars, cell E6");
    assert_eq!(at("calendars.office.zone"), "sheet Calendars, cell B3");
    assert_eq!(at("values.asset-class.2"), "sheet Values, cell D4");
    assert_eq!(at("services.0.owner.managed"), "sheet Services, cell D2");
}

#[test]
fn the_example_comes_back_from_a_csv_file() {
    let csv = to_csv(&example());
    let (draft, places) = from_csv(&csv).unwrap();
    assert_eq!(draft, example());
    // The fifth row's note holds a line break, so what follows stands a line lower.
    let line = |needle: &str| {
        String::from_utf8_lossy(&csv).split("\r\n").position(|line| line.contains(needle)).unwrap()
    };
    let inner = 2;
    assert_eq!(
        places.get("rows.5.asset-class").unwrap().to_string(),
        format!("line {}, column 6", line("patching-exceptions") + inner)
    );
}

#[test]
fn the_same_draft_gives_the_same_bytes() {
    assert_eq!(to_xlsx(&example()).unwrap(), to_xlsx(&example()).unwrap());
    assert_eq!(to_csv(&example()), to_csv(&example()));
}

#[test]
fn a_csv_file_may_come_with_a_mark_other_delimiters_and_other_line_ends() {
    let csv = String::from_utf8(to_csv(&example())).unwrap();
    // No cell of the example but those in quotation marks holds a comma or a semicolon.
    let rewrite = |delimiter: u8, end: ::csv::Terminator| {
        let mut out = vec![0xEF, 0xBB, 0xBF];
        let mut reader =
            ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
        let mut writer = ::csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .terminator(end)
            .from_writer(&mut out);
        for record in reader.records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        drop(writer);
        out
    };
    for delimiter in [b',', b';', b'\t'] {
        for end in [::csv::Terminator::CRLF, ::csv::Terminator::Any(b'\n'), ::csv::Terminator::Any(b'\r')] {
            assert_eq!(from_csv(&rewrite(delimiter, end)).unwrap().0, example(), "{delimiter} {end:?}");
        }
    }
}

#[test]
fn no_cell_of_a_csv_file_is_a_formula() {
    let csv = to_csv(&example());
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&csv[..]);
    for cell in
        reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
    {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(String::from_utf8(csv).unwrap().contains("'=HYPERLINK"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_draft_comes_back_from_a_csv_file(draft in arbitrary::draft()) {
        prop_assert_eq!(from_csv(&to_csv(&draft)).unwrap().0, draft);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_draft_comes_back_from_a_workbook(draft in arbitrary::draft()) {
        prop_assert_eq!(from_xlsx(&to_xlsx(&draft).unwrap()).unwrap().0, draft);
    }
}
