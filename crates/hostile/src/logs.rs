//! Ticket logs, all the way to the page that is shown to a client.

use std::io::Cursor;

use remit_replay::{Limits, Mapping, Options, Source, run};

/// Between a mapping and the log that it is for.
const DIVIDER: &[u8] = b"\n---\n";

/// A log of any known form: the UCI table, XES, plain or packed.
pub fn known_logs(bytes: &[u8]) {
    replay(bytes, None);
}

/// A mapping, a line of three dashes, and a log to read by it.
pub fn mapped_logs(bytes: &[u8]) {
    let at = bytes.windows(DIVIDER.len()).position(|window| window == DIVIDER);
    let (mapping, log) = at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + DIVIDER.len()..]));
    let Ok(mapping) = std::str::from_utf8(mapping) else { return };
    match Mapping::parse(mapping, "mapping.toml") {
        Ok(mapping) => replay(log, Some(mapping)),
        Err(error) => assert!(error.to_string().contains("mapping.toml"), "a mistake names its file"),
    }
}

/// Reads with tight limits. A report must be printable and its page must not let anything out of its text.
fn replay(bytes: &[u8], mapping: Option<Mapping>) {
    let limits =
        Limits { unpacked_bytes: 1 << 20, row_bytes: 1 << 14, names: 500, bad_rows: 3, ..Limits::default() };
    let source =
        Source::Stream { name: "fuzz.log".to_owned(), reader: Box::new(Cursor::new(bytes.to_vec())) };
    let options = Options { mapping, limits, ..Options::default() };
    match run(source, &options, &mut [], &mut |_| ()) {
        Ok(report) => {
            assert!(!report.to_text(80).is_empty());
            let page = report.to_page();
            let scripts = page.matches("<script").count();
            assert_eq!(scripts, page.matches("</script>").count(), "a name of the log became markup");
        }
        Err(error) => assert!(error.to_string().contains("fuzz.log"), "a mistake names its file: {error}"),
    }
}
