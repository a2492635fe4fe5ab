//! A draft as a workbook: one sheet per part, with comments, filters and drop-downs.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::super::SheetError;
use super::super::cell::is_active;
use super::super::layout::{CATALOGUE, Choice, Column, FACTS, MODELS, SHEETS, Sheet};
use super::super::write::{Lines, lines};
use crate::catalogue::Catalogue;
use crate::draft::{Draft, ValuesDraft};
use crate::model::Dimension;

/// Lines below the last one that have drop-downs too, for what is still to be written.
const SPARE: u32 = 500;
/// The longest list of words that a drop-down holds by itself.
const LONGEST_LIST: usize = 255;

/// A draft as the bytes of a workbook; the same draft gives the same bytes.
pub(in super::super) fn to_xlsx(draft: &Draft) -> Result<Vec<u8>, SheetError> {
    let all = lines(draft);
    fits(&all)?;
    let pens = Pens::new();
    let offers = Offers::of(draft);
    let mut workbook = Workbook::new();
    // A workbook holds the moment it was made; a fixed one keeps the bytes a function of the draft.
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|error| unwritable(&error))?;
    workbook.set_properties(&DocProperties::new().set_title(&draft.client).set_creation_datetime(&made));
    for (sheet, lines) in SHEETS.into_iter().zip(&all) {
        let worksheet = workbook.add_worksheet();
        sheet_of(worksheet, sheet, lines, &pens).map_err(|error| unwritable(&error))?;
        drop_downs(worksheet, sheet, lines.len() as u32, &offers).map_err(|error| unwritable(&error))?;
    }
    catalogue(workbook.add_worksheet(), &pens).map_err(|error| unwritable(&error))?;
    workbook.save_to_buffer().map_err(|error| unwritable(&error))
}

/// The formats of the workbook.
struct Pens {
    header: Format,
    text: Format,
    /// For a text that would be a formula if it were typed: it stays a text when somebody edits it.
    literal: Format,
}

impl Pens {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
        let header = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Bottom)
            .set_background_color(Color::RGB(0x00EE_F0F4))
            .set_border_bottom(FormatBorder::Thin);
        Self { header, literal: text.clone().set_quote_prefix(), text }
    }

    fn of(&self, cell: &str) -> &Format {
        if is_active(cell) { &self.literal } else { &self.text }
    }
}

fn sheet_of(worksheet: &mut Worksheet, sheet: &Sheet, lines: &Lines, pens: &Pens) -> Result<(), XlsxError> {
    worksheet.set_name(sheet.title)?;
    for (column, spec) in (0..).zip(sheet.columns) {
        worksheet.set_column_width(column, f64::from(spec.width))?;
        // New lines are text as well: a day or a number stays as it is typed.
        worksheet.set_column_format(column, &pens.text)?;
        worksheet.write_string_with_format(0, column, spec.label, &pens.header)?;
        let note = Note::new(spec.help).add_author_prefix(false).set_width(260).set_height(96);
        worksheet.insert_note(0, column, &note)?;
    }
    for (line, cells) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            worksheet.write_string_with_format(line, column, cell, pens.of(cell))?;
        }
    }
    let last = lines.len() as u32;
    worksheet.autofilter(0, 0, last.max(1), sheet.columns.len() as u16 - 1)?;
    worksheet.set_freeze_panes(1, 1)?;
    worksheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// The built-in services, to look ids up and for the drop-down of the column Service.
fn catalogue(worksheet: &mut Worksheet, pens: &Pens) -> Result<(), XlsxError> {
    worksheet.set_name(CATALOGUE)?;
    for (column, (label, width)) in (0..).zip([("Id", 30.0), ("Name", 34.0), ("Description", 90.0)]) {
        worksheet.set_column_width(column, width)?;
        worksheet.write_string_with_format(0, column, label, &pens.header)?;
    }
    let help = "The built-in services. This sheet is for looking up; it is not read back.";
    worksheet.insert_note(0, 0, &Note::new(help).add_author_prefix(false))?;
    let mut last = 0;
    for (line, service) in (1..).zip(Catalogue::builtin().listed()) {
        for (column, text) in (0..).zip([&*service.id, &service.name, &service.description]) {
            worksheet.write_string_with_format(line, column, text, &pens.text)?;
        }
        last = line;
    }
    worksheet.autofilter(0, 0, last, 2)?;
    worksheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn drop_downs(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    lines: u32,
    offers: &Offers<'_>,
) -> Result<(), XlsxError> {
    if sheet.title == "About" {
        return about_drop_downs(worksheet);
    }
    for (column, spec) in (0..).zip(sheet.columns) {
        if let Some(offer) = offer(spec, offers)? {
            worksheet.add_data_validation(1, column, lines + SPARE, column, &offer)?;
        }
    }
    Ok(())
}

fn about_drop_downs(worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (line, (field, _)) in (1..).zip(FACTS) {
        let offer = match field {
            "model" => only(DataValidation::new().allow_list_strings(MODELS)?)?,
            "last-resort" => only(DataValidation::new().allow_list_formula(entries("Teams", 'A')))?,
            _ => continue,
        };
        worksheet.add_data_validation(line, 1, line, 1, &offer)?;
    }
    Ok(())
}

fn offer(column: &Column, offers: &Offers<'_>) -> Result<Option<DataValidation>, XlsxError> {
    let list = DataValidation::new();
    Ok(Some(match column.choice {
        Choice::Free => return Ok(None),
        Choice::Words(words) => only(list.allow_list_strings(words)?)?,
        Choice::SomeWords(words) => list.allow_list_strings(words)?.show_error_message(false),
        Choice::Entry(sheet) => only(list.allow_list_formula(entries(sheet, 'A')))?,
        Choice::SomeEntries(sheet) => list.allow_list_formula(entries(sheet, 'A')).show_error_message(false),
        Choice::Values(letter, dimension) => values(list, letter, offers.listed(dimension), dimension)?,
        Choice::Time | Choice::Calendar => {
            let words =
                if matches!(column.choice, Choice::Time) { &offers.expressions } else { &offers.calendars };
            if words.is_empty() {
                return Ok(None);
            }
            list.allow_list_strings(words)?.show_error_message(false)
        }
    }))
}

/// A list from which only its own entries may be chosen.
fn only(list: DataValidation) -> Result<DataValidation, XlsxError> {
    list.set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Not in the list")?
        .set_error_message("Choose one of the list, or add it to its sheet first.")
}

/// The filled cells of a column below its header, however many there come to be.
fn entries(sheet: &str, letter: char) -> Formula {
    Formula::new(format!("OFFSET({sheet}!${letter}$2,0,0,MAX(1,COUNTA({sheet}!${letter}:${letter})-1),1)"))
}

/// The values of a dimension: those of the sheet Values, or the built-in ones while it lists none.
fn values(
    list: DataValidation,
    letter: char,
    listed: bool,
    dimension: Dimension,
) -> Result<DataValidation, XlsxError> {
    let builtin = dimension.default_values();
    let list = if listed || builtin.is_empty() {
        list.allow_list_formula(entries("Values", letter))
    } else {
        list.allow_list_strings(builtin)?
    };
    Ok(list.show_error_message(false))
}

/// What the drop-downs offer that depends on the draft.
struct Offers<'d> {
    values: &'d ValuesDraft,
    calendars: Vec<String>,
    expressions: Vec<String>,
}

impl<'d> Offers<'d> {
    fn of(draft: &'d Draft) -> Self {
        let listable = |name: &&String| !name.is_empty() && !name.contains([',', '"']);
        let calendars: Vec<String> = draft.calendars.keys().filter(listable).cloned().collect();
        let both = calendars.iter().flat_map(|name| [name.clone(), format!("not {name}")]);
        let expressions = ["always".to_owned()].into_iter().chain(both).collect();
        Self { values: &draft.values, calendars: shortened(calendars), expressions: shortened(expressions) }
    }

    /// Whether the draft lists values of its own for a dimension.
    fn listed(&self, dimension: Dimension) -> bool {
        let values = self.values;
        let list = match dimension {
            Dimension::Tier => &values.tier,
            Dimension::Priority => &values.priority,
            Dimension::Site => &values.site,
            Dimension::AssetClass => &values.asset_class,
            Dimension::RequesterGroup => &values.requester_group,
            Dimension::Kind => &values.kind,
            Dimension::Service | Dimension::Time => return false,
        };
        !list.is_empty()
    }
}

/// As many words as a drop-down holds.
fn shortened(words: Vec<String>) -> Vec<String> {
    let mut length = 0;
    let fits = |word: &String| {
        length += word.encode_utf16().count() + 1;
        length <= LONGEST_LIST
    };
    words.into_iter().take_while(fits).collect()
}

/// Refuses a draft that a workbook cannot hold.
fn fits(all: &[Lines]) -> Result<(), SheetError> {
    const LONGEST: usize = 32_767;
    for (sheet, lines) in SHEETS.into_iter().zip(all) {
        if lines.len() > super::super::MAX_LINES {
            let problem = format!(
                "the draft has more than {} lines for the sheet {}",
                super::super::MAX_LINES,
                sheet.title
            );
            return Err(SheetError::Unwritable(problem));
        }
        for (line, cells) in (2u32..).zip(lines) {
            let long = cells.iter().position(|cell| cell.encode_utf16().count() > LONGEST);
            if let Some(column) = long {
                let problem = format!(
                    "sheet {}, line {line}: `{}` is longer than the {LONGEST} characters that a cell of a workbook holds; \
                     shorten it, or export as CSV",
                    sheet.title, sheet.columns[column].label
                );
                return Err(SheetError::Unwritable(problem));
            }
        }
    }
    Ok(())
}

fn unwritable(error: &XlsxError) -> SheetError {
    SheetError::Unwritable(format!("the workbook cannot be written: {error}"))
}
