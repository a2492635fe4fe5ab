//! `remit backup`.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::ProgressBar;
use remit_app::attachments::Store;
use serde::Serialize;

use crate::backup::{Manifest, Origin, make};
use crate::data::{Folder, read_key};
use crate::failure::Failure;
use crate::files::Existing;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};

/// Write everything of an installation into one file, while it serves
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file holds every row as of one moment and every attachment, can be restored into SQLite and into PostgreSQL alike, and can be read without Remit: it is \
a ZIP of JSON lines and of the files. It is read again and compared before it gets its name. It does not hold audit.key: keep a copy of that elsewhere. \
What it holds is as confidential as the database. `backup.folder` in remit.toml makes `remit serve` write one every day.

Examples:
  remit backup --data /var/lib/remit --out /backup/remit-2027-01-31.zip
  remit restore /backup/remit-2027-01-31.zip --inspect")]
pub struct Args {
    #[command(flatten)]
    folder: Folder,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace the file where there is one
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'m> {
    file: String,
    bytes: u64,
    manifest: &'m Manifest,
    schema: &'static str,
}

/// Writes a backup.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let config = args.folder.config()?;
    let key = read_key(&config.key_file)?;
    let store = Store::at(&config.attachments);
    let origin = Origin { place: &config.place, store: &store, key: &key };
    let bar = bar(screen);
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let (manifest, bytes) = make(origin, (&args.out, existing), &mut |what| bar.set_message(what))?;
    bar.finish_and_clear();
    let answer = Answer {
        schema: "remit-backup-made/1",
        file: args.out.display().to_string(),
        bytes,
        manifest: &manifest,
    };
    screen.answer(&answer, || text(&answer))?;
    Ok(Outcome::Sound)
}

fn text(answer: &Answer<'_>) -> String {
    let rows: u64 = answer.manifest.tables.iter().map(|table| table.rows).sum();
    let missing = match answer.manifest.attachments.missing.len() {
        0 => String::new(),
        some => format!("{some} attachments are missing or damaged: `remit doctor` says which\n"),
    };
    format!(
        "{BOLD}{}{BOLD:#}: {rows} rows of {} tables, {} attachments, {} bytes, read again and the same\n{missing}\
         {DIM}To restore it, the key {} is needed; it is not in the file.{DIM:#}\n",
        answer.file,
        answer.manifest.tables.len(),
        answer.manifest.attachments.files,
        answer.bytes,
        answer.manifest.key
    )
}

/// Shows where a long piece of work is.
pub fn bar(screen: Screen) -> ProgressBar {
    if screen.is_json() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
