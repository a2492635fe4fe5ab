//! What is wrong is said with its place, and nothing that is read makes the reader panic.

use std::io::{Cursor, Read as _, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::super::{
    MAX_UNPACKED, RaciOptions, SheetError, from_csv, from_raci, from_xlsx, is_raci_grid, to_csv, to_xlsx,
};
use super::arbitrary;
use super::round_trip::example;

fn csv() -> String {
    String::from_utf8(to_csv(&example())).unwrap()
}

fn fault(csv: &str) -> String {
    from_csv(csv.as_bytes()).unwrap_err().to_string()
}

/// A workbook with one part changed by a function.
fn changed(part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    with_parts(|name, content| if name == part { change(content) } else { content })
}

/// A workbook with every part passed through a function.
fn with_parts(change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let bytes = to_xlsx(&example()).unwrap();
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut file = old.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let content = change(&name, content);
        new.start_file(name, SimpleFileOptions::default()).unwrap();
        new.write_all(&content).unwrap();
    }
    new.finish().unwrap().into_inner()
}

fn replaced(part: &str, old: &str, new: &str) -> Vec<u8> {
    changed(part, |content| {
        let text = String::from_utf8(content).unwrap();
        assert!(text.contains(old), "{old} is not in {part}");
        text.replace(old, new).into_bytes()
    })
}

#[test]
fn a_misspelt_column_or_block_is_named_with_what_was_meant() {
    assert_eq!(
        fault(&csv().replacen(",Accountable,", ",Acountable,", 1)),
        "line 2, column 10: Matrix has no column `Acountable`: did you mean `Accountable`?; a label that starts with `#` is \
         left unread"
    );
    let message = fault(&csv().replacen("[Parties]", "[Partys]", 1));
    assert!(message.contains("there is no block named `Partys`: did you mean `Parties`?"), "{message}");
    let error = from_xlsx(&replaced("xl/workbook.xml", "name=\"Teams\"", "name=\"Taems\"")).unwrap_err();
    assert!(error.to_string().contains("no sheet named `Taems`: did you mean `Teams`?"), "{error}");
}

#[test]
fn a_blank_cell_or_unknown_word_is_named_with_its_place() {
    let message = fault(&csv().replacen("internal,it-desk", ",it-desk", 1));
    assert_eq!(message, "line 3, column 10: `Accountable` is blank; every line needs one");
    let message = fault(&csv().replacen("Rainier Fibre,vendor", "Rainier Fibre,vendr", 1));
    assert!(message.ends_with("column 3: `vendr` is not known here: did you mean `vendor`?"), "{message}");
    let message = fault(&csv().replacen("Version,3", "Version,three", 1));
    assert!(message.ends_with("column 2: `three` is not a number; write one such as 1"), "{message}");
    let message = fault(&csv().replacen("Zone,America/Los_Angeles\r\n", "", 1));
    assert!(message.contains("the line `Zone` is missing from About"), "{message}");
    let message = fault(&csv().replacen("isp,Rainier Fibre,vendor", "internal,Rainier Fibre,vendor", 1));
    assert!(message.contains("this id is already used (line"), "{message}");
}

#[test]
fn a_missing_block_is_named_with_its_columns() {
    let csv = csv();
    let (before, rest) = csv.split_once("[Teams]").unwrap();
    let after = &rest[rest.find("[Calendars]").unwrap()..];
    let message = fault(&format!("{before}{after}"));
    assert_eq!(message, "the block `[Teams]` is missing; add it with the columns Id, Name, Party, Hours");
}

#[test]
fn notes_of_ones_own_are_left_unread() {
    let notes = csv() + "\r\n[# ideas]\r\nanything,goes\r\n";
    assert_eq!(from_csv(notes.as_bytes()).unwrap().0, example());
    let column =
        csv().replacen("Kind\r\n", "Kind,#since\r\n", 1).replacen("IT,provider", "IT,provider,2019", 1);
    assert_eq!(from_csv(column.as_bytes()).unwrap().0, example());
}

#[test]
fn what_is_no_spreadsheet_is_called_what_it_is() {
    let unreadable = |bytes: &[u8]| match from_xlsx(bytes) {
        Err(SheetError::Unreadable(message)) => message,
        other => panic!("{other:?}"),
    };
    let mut old = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    assert!(unreadable(&old).contains("old .xls form"));
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(unreadable(&old).contains("password"));
    assert!(unreadable(b"").contains("empty"));
    assert!(unreadable(b"id,service").contains("not an .xlsx workbook"));
    assert!(unreadable(b"PK\x03\x04 and then nothing").contains("damaged"));
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    assert!(unreadable(&other.finish().unwrap().into_inner()).contains(".ods"));
    assert!(from_csv(&[0xFF, 0xFE, b'a', 0]).unwrap_err().to_string().contains("UTF-16"));
    assert_eq!(
        from_csv(b"[Matrix]\r\nId,Servi\xE7e").unwrap_err().to_string(),
        "line 2, character 9: the file is not UTF-8; save it as \"CSV UTF-8\""
    );
    assert!(fault("").contains("the block `[Matrix]` is missing"));
}

#[test]
fn an_open_quotation_mark_is_found_where_it_opens() {
    let message = fault("[Matrix]\r\nId,Service\r\na,\"b\r\nc,d\r\n");
    assert!(message.starts_with("line 3, column 2: a quotation mark opens this cell"), "{message}");
}

#[test]
fn a_small_archive_that_unpacks_to_much_is_refused() {
    let bomb = changed("docProps/app.xml", |_| vec![b' '; MAX_UNPACKED + 1]);
    assert!(bomb.len() < 1_000_000);
    assert!(matches!(from_xlsx(&bomb), Err(SheetError::TooLarge(_))));
}

#[test]
fn one_text_that_a_million_cells_share_is_refused() {
    let row = |row: u32| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>");
    let cells: String = (1..4_000).map(row).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(30_000));
    let shared = with_parts(|name, content| match name {
        "xl/worksheets/sheet1.xml" => sheet.clone().into_bytes(),
        "xl/sharedStrings.xml" => strings.clone().into_bytes(),
        _ => content,
    });
    assert!(matches!(from_xlsx(&shared), Err(SheetError::TooLarge(_))));
}

#[test]
fn a_cell_far_out_costs_no_memory() {
    let far = changed("xl/worksheets/sheet1.xml", |_| {
        b"<worksheet><sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>".to_vec()
    });
    assert_eq!(
        from_xlsx(&far).unwrap_err().to_string(),
        "sheet Matrix, cell XFD1048576: there are more than 256 columns; delete what does not belong here"
    );
}

#[test]
fn dates_numbers_and_formulas_are_read_as_what_they_show() {
    let sheet = |cell: &str| {
        let cells = format!(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Field</t></is></c>\
             <c r=\"B1\" t=\"inlineStr\"><is><t>Value</t></is></c></row>\
             <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Client</t></is></c>{cell}</row></sheetData></worksheet>"
        );
        changed("xl/worksheets/sheet2.xml", move |_| cells.clone().into_bytes())
    };
    let message = |cell: &str| from_xlsx(&sheet(cell)).unwrap_err().to_string();
    assert_eq!(
        message("<c r=\"B2\" t=\"e\"><v>#REF!</v></c>"),
        "sheet About, cell B2: the formula here gives #REF!; write the value itself"
    );
    assert!(message("<c r=\"B2\"><v>3</v></c>").contains("`Zone` is missing"));
}

#[test]
fn a_text_longer_than_a_cell_is_refused_on_writing() {
    let mut draft = example();
    draft.rows[2].note = Some("é".repeat(32_768));
    let error = to_xlsx(&draft).unwrap_err().to_string();
    assert!(error.starts_with("sheet Matrix, line 4: `Note` is longer than the 32767 characters"), "{error}");
}

#[test]
fn a_raci_grid_is_not_taken_for_a_broken_matrix() {
    let grid = b"Function,MSP,Client IT\nPatching,A/R,I\nBackups,R,A\n";
    assert!(
        is_raci_grid(grid)
            && !is_raci_grid(&to_csv(&example()))
            && !is_raci_grid(&to_xlsx(&example()).unwrap())
    );
    assert!(matches!(from_csv(grid), Err(SheetError::RaciGrid(_))));
}

fn read_every_way(bytes: &[u8]) {
    let options = RaciOptions { client: "C".to_owned(), zone: "UTC".to_owned(), ..RaciOptions::default() };
    let _ = (from_csv(bytes).is_ok(), from_xlsx(bytes).is_ok(), from_raci(bytes, &options).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_every_way(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\[(Matrix|About|Teams)\\]\n)?([A-Za-z\"',;/=\\[\\]\t\n -]{0,80})(\n[ARCIarcix/,\"\n]{0,60})?") {
        read_every_way(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_damaged_file_makes_the_reader_panic(
        draft in arbitrary::draft(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut csv = to_csv(&draft);
        let mut xlsx = to_xlsx(&draft).unwrap();
        for (at, byte) in hits {
            let (c, x) = (at.index(csv.len()), at.index(xlsx.len()));
            (csv[c], xlsx[x]) = (byte, byte);
        }
        read_every_way(&csv);
        read_every_way(&xlsx);
    }

    #[test]
    fn no_damaged_part_makes_the_reader_panic(
        part in prop::sample::select(vec![
            "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml",
            "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/worksheets/sheet2.xml",
        ]),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"<>\"'/&;=0 9AZ\xFF".to_vec())), 1..12),
    ) {
        let damaged = changed(part, |mut content| {
            for (at, byte) in &hits {
                let at = at.index(content.len());
                content[at] = *byte;
            }
            content
        });
        read_every_way(&damaged);
    }
}
