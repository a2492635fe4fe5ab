//! The forms of a matrix: TOML, hours, sheets, certificates.

use std::sync::Arc;

use remit_core::Horizon;
use remit_matrix::engine::Certificate;
use remit_matrix::engine::certificate;
use remit_matrix::sheets::{self, RaciOptions};
use remit_matrix::time::Expr;
use remit_matrix::{Compiled, Matrix, text};

/// Larger matrices are read, but not proved: that is the bench's business, not a search for crashes.
const PROVED_ROWS: usize = 12;

/// The text form. What can be read is written and read again; a small matrix that is well formed is proved over a month.
pub fn matrix_text(bytes: &[u8]) {
    let Ok(words) = std::str::from_utf8(bytes) else { return };
    match text::read_draft("fuzz.toml", words) {
        Ok(draft) => {
            let written = text::write(&draft);
            let again = text::read_draft("again.toml", &written);
            assert_eq!(again.as_ref().ok(), Some(&draft), "written as:\n{written}");
        }
        Err(found) => assert!(found.to_string().contains("fuzz.toml"), "a mistake names its file"),
    }
    match text::read("fuzz.toml", words) {
        Ok(matrix) if matrix.rows.len() <= PROVED_ROWS => prove(matrix),
        Ok(_) => {}
        Err(found) => assert!(!found.0.is_empty(), "what cannot be read has a mistake"),
    }
}

fn prove(matrix: Matrix) {
    let horizon = Horizon::months("2027-03-01".parse().expect("the date exists"), &matrix.zone, 1);
    if let Ok(compiled) = Compiled::new(Arc::new(matrix), horizon) {
        let proof = Certificate::new(&compiled.table);
        assert_eq!(proof.map_or(Ok(()), |proof| certificate::check(&proof)), Ok(()));
        compiled.verify();
    }
}

/// Expressions of hours: one a line.
pub fn hours(bytes: &[u8]) {
    for line in bytes.split(|&byte| byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()) {
        match Expr::parse(line) {
            Ok(read) => {
                let written = read.to_string();
                assert_eq!(Expr::parse(&written).as_ref(), Ok(&read), "{line:?} was written as {written:?}");
            }
            Err(error) => {
                assert!(error.at <= line.len(), "{line:?}: the mistake is past the end");
                assert!(!error.message.is_empty());
            }
        }
    }
}

/// Spreadsheets, taken as CSV, as XLSX and as a RACI grid.
pub fn spreadsheets(bytes: &[u8]) {
    if let Ok((draft, _)) = sheets::from_csv(bytes) {
        let written = sheets::to_csv(&draft);
        let again = sheets::from_csv(&written).map(|(draft, _)| draft);
        assert_eq!(again.ok(), Some(draft), "written as:\n{}", String::from_utf8_lossy(&written));
    }
    let _ = sheets::from_xlsx(bytes);
    if sheets::is_raci_grid(bytes) {
        let options = RaciOptions {
            client: "Harbor".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            ..RaciOptions::default()
        };
        let _ = sheets::from_raci(bytes, &options);
    }
}

/// Certificates of unknown origin.
pub fn certificates(bytes: &[u8]) {
    if let Ok(proof) = serde_json::from_slice::<Certificate>(bytes) {
        let _ = certificate::check(&proof);
    }
}
