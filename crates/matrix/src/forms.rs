//! The forms in which a matrix travels: which one a file has, reading any of them into a text, writing any of them.

use crate::draft::Draft;
use crate::sheets::{self, RaciMatch, RaciOptions, SheetError};
use crate::text::{self, Diagnostic, Place};

/// The forms that a matrix is written in and read back from without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The text form.
    Toml,
    /// The same fields as JSON.
    Json,
    /// A CSV file.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Toml, Self::Xlsx, Self::Csv, Self::Json];

    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The form with this ending.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.ending() == ending)
    }

    /// What form a file has: by the ending of its name, or by its content where the ending says nothing.
    pub fn of(ending: &str, bytes: &[u8]) -> Self {
        match ending.to_ascii_lowercase().as_str() {
            _ if is_workbook(bytes) => Self::Xlsx,
            "toml" => Self::Toml,
            "json" => Self::Json,
            "csv" | "tsv" => Self::Csv,
            "xlsx" | "xlsm" | "xls" => Self::Xlsx,
            _ => sniffed(bytes),
        }
    }
}

fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

fn sniffed(bytes: &[u8]) -> Form {
    let first =
        bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii();
    if first.starts_with(b"{") {
        return Form::Json;
    }
    let has = |byte: u8| first.contains(&byte);
    let comment_or_key = first.starts_with(b"#") || has(b'=');
    let delimited = has(b',')
        || has(b';')
        || has(b'\t')
        || first.starts_with(b"[Matrix]")
        || first.starts_with(b"[About]");
    if delimited && !comment_or_key { Form::Csv } else { Form::Toml }
}

/// Writes a draft in a form.
pub fn write(draft: &Draft, form: Form) -> Result<Vec<u8>, SheetError> {
    Ok(match form {
        Form::Xlsx => sheets::to_xlsx(draft)?,
        Form::Csv => sheets::to_csv(draft),
        Form::Json => format!("{:#}\n", serde_json::json!(draft)).into_bytes(),
        Form::Toml => text::write(draft).into_bytes(),
    })
}

/// A file as a text that can be edited.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The text form; that of a TOML file as it is, comments and all.
    pub text: String,
    /// Of a RACI grid: every duty and the service that it became.
    pub matched: Vec<RaciMatch>,
    /// Of a RACI grid: what was unclear or had to be assumed, each with its place.
    pub doubts: Vec<String>,
}

/// Reads a file of any form, or a RACI grid, into a text. What the text says is not checked. `name` says whose mistakes they
/// are, and by its ending what form it has; `raci` is what a grid does not say itself.
pub fn import(name: &str, bytes: &[u8], raci: &RaciOptions) -> Result<Imported, Vec<Diagnostic>> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let form = Form::of(ending, bytes);
    let sheet = |error: &SheetError| vec![Diagnostic::new(name, None, error.to_string())];
    let draft = match form {
        Form::Toml => {
            let text = utf8(name, bytes)?;
            text::read_draft(name, text).map_err(|faults| faults.0)?;
            return Ok(Imported { text: text.to_owned(), matched: Vec::new(), doubts: Vec::new() });
        }
        Form::Json => json(name, utf8(name, bytes)?)?,
        Form::Csv | Form::Xlsx if sheets::is_raci_grid(bytes) => {
            let grid = sheets::from_raci(bytes, raci).map_err(|error| sheet(&error))?;
            return Ok(Imported {
                text: text::write(&grid.draft),
                matched: grid.matched,
                doubts: grid.doubts,
            });
        }
        Form::Csv => sheets::from_csv(bytes).map_err(|error| sheet(&error))?.0,
        Form::Xlsx => sheets::from_xlsx(bytes).map_err(|error| sheet(&error))?.0,
    };
    Ok(Imported { text: text::write(&draft), matched: Vec::new(), doubts: Vec::new() })
}

fn utf8<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Vec<Diagnostic>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("byte {} is no UTF-8: save the file as UTF-8", error.valid_up_to() + 1);
        vec![Diagnostic::new(name, None, message)]
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn json(name: &str, text: &str) -> Result<Draft, Vec<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| {
        let place = (error.line() > 0).then(|| Place { line: error.line(), column: error.column().max(1) });
        let mut fault = Diagnostic::new(name, place, error.to_string()).excerpt(text);
        fault.hint = Some("the fields are those of the text form".to_owned());
        vec![fault]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::{TemplateOptions, draft};

    fn raci() -> RaciOptions {
        RaciOptions { client: "Acme".to_owned(), zone: "Europe/Berlin".to_owned(), ..RaciOptions::default() }
    }

    #[test]
    fn a_matrix_comes_back_from_every_form() {
        let draft = draft(&TemplateOptions::fully_managed("Acme", "Europe/Berlin")).unwrap();
        for form in Form::ALL {
            let bytes = write(&draft, form).unwrap();
            for name in [format!("acme.{}", form.ending()), "acme".to_owned()] {
                let read = import(&name, &bytes, &raci()).unwrap();
                assert_eq!(text::read_draft("t", &read.text).unwrap().rows.len(), draft.rows.len(), "{name}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let fault = |name: &str, bytes: &[u8]| import(name, bytes, &raci()).unwrap_err().remove(0);
        assert_eq!(fault("a.toml", b"client = 5").place.unwrap().column, 10);
        assert_eq!(fault("a.json", b"{\n\"client\": 5}").place.unwrap().line, 2);
        assert!(fault("a.toml", b"client = \"\xff\"").message.contains("byte 11"));
        assert!(!fault("a.xlsx", b"PK\x03\x04broken").message.is_empty());
    }

    #[test]
    fn a_raci_grid_becomes_a_text_with_what_to_look_at() {
        let grid = "Duty,Provider,Internal IT\nBackups,A/R,I\nOn-site visits,C,A/R\n";
        let read = import("raci.csv", grid.as_bytes(), &raci()).unwrap();
        assert_eq!(read.matched.len(), 2);
        assert!(read.text.contains("client = \"Acme\""));
    }
}
