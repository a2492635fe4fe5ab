//! Reading a matrix of whatever form: TOML, JSON, CSV, XLSX.

use std::path::Path;
use std::sync::Arc;

use remit_matrix::draft::Draft;
pub use remit_matrix::forms::Form;
use remit_matrix::{Matrix, Problems, text};

use crate::failure::{Failure, Reason};
use crate::files;

/// A matrix and the text it was read from.
#[derive(Debug)]
pub struct Loaded {
    /// What to call the file.
    pub name: String,
    /// The text of a TOML file; empty for other forms.
    pub text: String,
    /// The matrix.
    pub matrix: Arc<Matrix>,
}

/// Reads and checks a matrix.
pub fn matrix(path: &Path) -> Result<Arc<Matrix>, Failure> {
    load(path).map(|loaded| loaded.matrix)
}

/// Reads and checks a matrix and keeps its text.
pub fn load(path: &Path) -> Result<Loaded, Failure> {
    from_bytes(path, files::read(path, files::LARGEST)?)
}

/// Checks the matrix that a file holds.
pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Loaded, Failure> {
    let name = files::name(path);
    let form = form_of(path, &bytes);
    if form == Form::Toml {
        let text = files::text(&name, bytes)?;
        let matrix = Arc::new(text::read(&name, &text)?);
        return Ok(Loaded { name, text, matrix });
    }
    let (draft, places) = read_draft(&name, bytes, form)?;
    let matrix = Matrix::check(draft).map_err(|problems| located(&name, &problems, &places))?;
    Ok(Loaded { name, text: String::new(), matrix: Arc::new(matrix) })
}

/// What form a file has: by its ending, or by its content where the ending says nothing.
pub fn form_of(path: &Path, bytes: &[u8]) -> Form {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Form::of(ending, bytes)
}

/// Where the fields of a draft stand.
pub enum Places {
    /// The file does not say.
    Unknown,
    /// In the cells of a spreadsheet.
    Cells(remit_matrix::sheets::Places),
}

/// Reads a draft of any form but TOML, with the places of its fields.
fn read_draft(name: &str, bytes: Vec<u8>, form: Form) -> Result<(Draft, Places), Failure> {
    use remit_matrix::sheets;
    let read = match form {
        Form::Json | Form::Toml => return json(name, bytes).map(|draft| (draft, Places::Unknown)),
        Form::Csv => sheets::from_csv(&bytes),
        Form::Xlsx => sheets::from_xlsx(&bytes),
    };
    let (draft, places) = read.map_err(|error| sheet_failure(name, &error))?;
    Ok((draft, Places::Cells(places)))
}

/// A spreadsheet that cannot be read, as a failure.
pub fn sheet_failure(name: &str, error: &remit_matrix::sheets::SheetError) -> Failure {
    use remit_matrix::sheets::SheetError;
    let mut message = Reason { message: error.to_string(), file: Some(name.to_owned()), ..Reason::default() };
    match error {
        SheetError::Cell { place, problem } => {
            message.message.clone_from(problem);
            message.cell = Some(place.to_string());
        }
        SheetError::RaciGrid(place) => {
            "this is a RACI grid (duties against parties), not a matrix".clone_into(&mut message.message);
            message.cell = Some(place.to_string());
            message.hint =
                Some(format!("run: remit matrix import {name} --client NAME --zone ZONE --out client.toml"));
        }
        _ => {}
    }
    message.into()
}

fn json(name: &str, bytes: Vec<u8>) -> Result<Draft, Failure> {
    let text = files::text(name, bytes)?;
    serde_json::from_str(&text).map_err(|error| {
        let message = Reason {
            message: error.to_string(),
            hint: Some("the fields are those of the text form; see: remit schema".to_owned()),
            file: Some(name.to_owned()),
            line: Some(error.line()).filter(|line| *line > 0),
            column: Some(error.column()).filter(|_| error.line() > 0),
            excerpt: text
                .lines()
                .nth(error.line().wrapping_sub(1))
                .filter(|l| l.len() <= 400)
                .map(str::to_owned),
            ..Reason::default()
        };
        message.into()
    })
}

fn located(name: &str, problems: &Problems, places: &Places) -> Failure {
    let errors = problems.0.iter().map(|problem| Reason {
        message: problem.message.clone(),
        hint: problem.hint.clone(),
        file: Some(name.to_owned()),
        cell: match places {
            Places::Unknown => None,
            Places::Cells(cells) => cells.get(&problem.path).map(|place| place.to_string()),
        },
        path: Some(problem.path.clone()),
        ..Reason::default()
    });
    Failure { errors: errors.collect() }
}
