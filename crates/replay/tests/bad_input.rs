//! Everything that can be wrong with a log: the message names the place and says what to write instead, and nothing panics.

use std::io::Write;

use proptest::prelude::*;
use remit_replay::{FindingKind, Limits, Mapping, Options, ReadError, Report, Source, run};

const HEADER: &str = "number,incident_state,sys_updated_at,assignment_group,priority\n";

fn read_with(bytes: &[u8], options: &Options) -> Result<Report, ReadError> {
    let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
    run(Source::Stream { name: "log".to_owned(), reader }, options, &mut [], &mut |_| {})
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    read_with(bytes, &Options::default())
}

fn message(bytes: &[u8]) -> String {
    read(bytes).expect_err("bad input is refused").to_string()
}

fn rows(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).and_then(|()| gzip.finish()).expect("memory can be written")
}

fn zip(members: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut archive = zip::ZipWriter::new(&mut file);
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(bytes).expect("a member");
    }
    archive.finish().expect("an archive");
    file
}

fn zip_message(members: &[(&str, &[u8])]) -> String {
    let file = zip(members);
    run(Source::file(file.path()), &Options::default(), &mut [], &mut |_| {})
        .expect_err("bad input is refused")
        .to_string()
}

const GOOD: &str = "INC1,New,1/2/2016 08:00,Group 1,1 - Critical";

#[test]
fn a_bad_date_names_line_column_and_form() {
    let error = read(rows(&[GOOD, "INC1,New,30/2/2016 08:00,Group 1,?"]).as_bytes()).unwrap_err();
    assert_eq!((error.line, error.column.as_deref()), (Some(3), Some("sys_updated_at")));
    assert!(
        error.to_string().contains("`30/2/2016 08:00` is not a date of the form `%d/%m/%Y %H:%M`"),
        "{error}"
    );
}

#[test]
fn a_few_bad_rows_are_findings_when_the_limits_allow_them() {
    let text = rows(&[GOOD, "INC1,New,x,Group 1,?", "INC1,Closed,2/2/2016 08:00,Group 1,?"]);
    let options = Options { limits: Limits { bad_rows: 1, ..Limits::default() }, ..Options::default() };
    let report = read_with(text.as_bytes(), &options).unwrap();
    assert_eq!(report.overall.events, 2);
    let skipped = report.findings.iter().find(|finding| finding.kind == FindingKind::Skipped).unwrap();
    assert_eq!(skipped.lines, [3]);
    assert!(read(text.as_bytes()).is_err());
}

#[test]
fn a_wrong_column_gets_a_suggestion() {
    let text = HEADER.replace("sys_updated_at", "sys_update_at") + GOOD;
    assert!(
        message(text.as_bytes()).contains("Did you mean `sys_update_at`?"),
        "{}",
        message(text.as_bytes())
    );
    let unknown = message(b"a,b,c\n1,2,3\n");
    assert!(unknown.contains("`a`, `b`, `c`") && unknown.contains("mapping"), "{unknown}");
}

#[test]
fn rows_of_another_width_and_without_a_ticket_are_refused() {
    assert!(
        message(rows(&["INC1,New"]).as_bytes()).contains("line 2: the row has 2 fields but the header has 5")
    );
    assert!(message(rows(&["?,New,1/2/2016 08:00,Group 1,?"]).as_bytes()).contains("the number of a ticket"));
}

#[test]
fn an_empty_log_is_refused() {
    for empty in [&b""[..], b"  \n", HEADER.as_bytes(), b"\xef\xbb\xbf", b"<log></log>"] {
        assert!(message(empty).contains("nothing in it"), "{}", message(empty));
    }
}

#[test]
fn a_cut_off_or_damaged_gzip_is_told_apart() {
    let packed = gzip(rows(&[GOOD; 400]).as_bytes());
    assert!(
        message(&packed[..packed.len() / 2]).contains("cut off"),
        "{}",
        message(&packed[..packed.len() / 2])
    );
    let mut damaged = packed;
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 0xff;
    assert!(message(&damaged).contains("damaged"), "{}", message(&damaged));
}

#[test]
fn text_in_utf_16_is_read_with_its_mark_and_named_without() {
    let text = rows(&[GOOD]);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(message(&wide).contains("utf-16le"), "{}", message(&wide));
    let marked = [b"\xff\xfe".as_slice(), &wide].concat();
    assert_eq!(read(&marked).unwrap().overall.events, 1);
}

#[test]
fn latin_1_is_named_and_read_when_the_mapping_says_so() {
    let text = rows(&["INC1,New,1/2/2016 08:00,M\u{fc}nchen,?"]);
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let error = read(&latin).unwrap_err();
    assert_eq!((error.line, error.column.as_deref()), (Some(2), Some("assignment_group")));
    assert!(error.to_string().contains("windows-1252"), "{error}");
    let mapping = "name = \"x\"\nencoding = \"latin1\"\ndate = \"%d/%m/%Y %H:%M\"\n[columns]\nticket = \"number\"\n\
                   at = \"sys_updated_at\"\nstatus = \"incident_state\"\nteam = \"assignment_group\"\n";
    let options = Options { mapping: Some(Mapping::parse(mapping, "m").unwrap()), ..Options::default() };
    assert_eq!(read_with(&latin, &options).unwrap().teams[0].name, "München");
}

#[test]
fn archives_without_one_clear_log_are_refused() {
    let log = rows(&[GOOD]);
    assert!(zip_message(&[]).contains("empty"));
    assert!(zip_message(&[("read.me", b"x")]).contains("no .csv or .xes"));
    let several = zip_message(&[("a.csv", log.as_bytes()), ("b.csv", log.as_bytes())]);
    assert!(several.contains("2 logs") && several.contains("a.csv, b.csv"), "{several}");
    assert!(zip_message(&[("[Content_Types].xml", b"x")]).contains("Office"));
    let file = zip(&[("a.csv", log.as_bytes()), ("b.csv.gz", &gzip(log.as_bytes())), (".x.csv", b"")]);
    for member in ["a.csv", "b.csv.gz"] {
        let source = Source::File { path: file.path().to_owned(), member: Some(member.to_owned()) };
        assert_eq!(run(source, &Options::default(), &mut [], &mut |_| {}).unwrap().overall.events, 1);
    }
}

#[test]
fn a_bomb_is_stopped() {
    let bomb = gzip(&vec![b'a'; 80 << 20]);
    assert!(message(&bomb).contains("more than"), "{}", message(&bomb));
    let limits = Limits { unpacked_bytes: 10_000, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let text = rows(&vec![GOOD; 4000]);
    let error = read_with(&gzip(text.as_bytes()), &options).unwrap_err();
    assert!(error.to_string().contains("more than 10000 bytes"), "{error}");
}

#[test]
fn broken_xes_is_refused_with_its_line() {
    let event = "<event><string key=\"concept:name\" value=\"Accepted\"/><date key=\"time:timestamp\" value=\"2010-03-31T16:59:42+02:00\"/></event>";
    let trace = format!("<trace><string key=\"concept:name\" value=\"1\"/>\n{event}</trace>");
    assert_eq!(read(format!("<log>{trace}</log>").as_bytes()).unwrap().overall.events, 1);
    let cut = message(format!("<log>{trace}\n<trace>").as_bytes());
    assert!(cut.contains("line 3") && cut.contains("cut off"), "{cut}");
    assert!(message(format!("<log>{trace}</lag>").as_bytes()).contains("broken"));
    assert!(message(b"<html></html>").contains("<html>"));
    assert!(message(b"<!DOCTYPE x [<!ENTITY a \"b\">]><log/>").contains("document type"));
    let nameless = message(format!("<log><trace>{event}</trace></log>").as_bytes());
    assert!(nameless.contains("the trace has no attribute `concept:name`"), "{nameless}");
    let undated = message(b"<log><trace><string key=\"concept:name\" value=\"1\"/><event><date key=\"time:timestmp\" value=\"\"/></event></trace></log>");
    assert!(undated.contains("Did you mean `time:timestmp`?"), "{undated}");
}

#[test]
fn endless_xml_is_stopped() {
    let deep = "<log>".to_owned() + &"<a>".repeat(100);
    assert!(message(deep.as_bytes()).contains("levels of XML"), "{}", message(deep.as_bytes()));
    let long = format!("<log><a b=\"{}", "x".repeat(3 << 20));
    assert!(message(long.as_bytes()).contains("length of a tag"), "{}", message(long.as_bytes()));
    let wide = format!("<log><trace>{}", "<string key=\"a\" value=\"b\"/>".repeat(5000));
    assert!(message(wide.as_bytes()).contains("attributes of an event"), "{}", message(wide.as_bytes()));
}

#[test]
fn what_is_no_log_is_named() {
    assert!(message(b"SQLite format 3\0").contains("SQLite"));
    assert!(message(b"{\"a\": 1}").contains("JSON"));
    assert!(message(b"\x7fELF\0\x01\x02\x03\x04").contains("no text"));
    let missing = run(Source::file("/no/such/file"), &Options::default(), &mut [], &mut |_| {}).unwrap_err();
    assert!(missing.to_string().starts_with("/no/such/file: cannot be read"), "{missing}");
    let folder = run(Source::file("/"), &Options::default(), &mut [], &mut |_| {}).unwrap_err();
    assert!(folder.to_string().contains("folder"), "{folder}");
}

#[test]
fn events_in_any_order_give_the_same_custody() {
    let told = [GOOD, "INC1,Active,1/2/2016 09:00,Group 2,?", "INC1,Closed,1/2/2016 10:00,Group 1,?"];
    let sorted = read(rows(&told).as_bytes()).unwrap();
    let shuffled = read(rows(&[told[2], told[0], told[1]]).as_bytes()).unwrap();
    assert_eq!((sorted.overall.by_team.hand_offs, sorted.overall.by_team.hand_backs), (2, 1));
    assert_eq!(shuffled.overall.by_team.hand_backs, 1);
    assert_eq!(shuffled.findings.iter().filter(|finding| finding.kind == FindingKind::OutOfOrder).count(), 1);
}

#[test]
fn a_repeated_row_counts_once_in_the_chain_and_is_a_finding() {
    let report = read(rows(&[GOOD, GOOD, "INC1,Closed,1/2/2016 10:00,Group 1,?"]).as_bytes()).unwrap();
    let repeated = report.findings.iter().find(|finding| finding.kind == FindingKind::Repeated).unwrap();
    assert_eq!((report.overall.events, repeated.count), (3, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_damage_to_a_log_makes_a_reader_panic(at in 0usize..2000, bytes in prop::collection::vec(any::<u8>(), 1..9)) {
        let event = "<event><string key=\"concept:name\" value=\"a&amp;b\"/><date key=\"time:timestamp\" value=\"2010-03-31T16:59:42+02:00\"/></event>";
        let xes = format!("<log><trace><string key=\"concept:name\" value=\"1\"/>{event}{event}</trace></log>");
        for log in [rows(&[GOOD; 5]).into_bytes(), xes.into_bytes(), gzip(rows(&[GOOD; 50]).as_bytes())] {
            let mut log = log;
            let at = at % log.len();
            let end = (at + bytes.len()).min(log.len());
            log[at..end].copy_from_slice(&bytes[..end - at]);
            let _ = read(&log);
        }
    }
}
