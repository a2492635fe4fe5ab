//! `remit restore`.

use std::path::PathBuf;

use remit_app::attachments::Store;
use remit_app::{Caller, MIGRATIONS, audit, search};
use remit_db::copy::{dump, load};
use remit_db::migrate::Start;
use serde::Serialize;

use crate::backup::{Archive, Digesting, Manifest};
use crate::commands::backup::bar;
use crate::config::Config;
use crate::data::{Folder, Installation, make_folder, open, read_key};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::table::{Listing, grouped};
use crate::{clock, server};

/// Make an installation from a backup, or look at what is in one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Put the audit.key that belongs to the backup into the folder first. Restore into a folder without a database; for PostgreSQL, write \
remit.toml first, or set REMIT_DATABASE_PLACE, and name an empty database. What was restored is read again and compared table by table, \
and the audit log is checked. A backup of an older Remit is brought to this one; nobody is signed out, and links that were used stay used.

Examples:
  remit restore remit-2027-01-31.zip --inspect
  remit restore remit-2027-01-31.zip --data /var/lib/remit
  REMIT_DATABASE_PLACE=postgres://remit:PASSWORD@127.0.0.1/remit remit restore remit-2027-01-31.zip --data /var/lib/remit")]
pub struct Args {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    folder: Folder,
    /// Only say what is in it, and whether it is as it was written
    #[arg(long)]
    inspect: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Inspected<'m> {
    schema: &'static str,
    manifest: &'m Manifest,
    tables_as_written: bool,
    seal: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Restored {
    schema: &'static str,
    tables: usize,
    rows: u64,
    attachments: u64,
    compared: &'static str,
    logs_checked: usize,
}

/// Restores a backup, or looks at it.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let file = args.file.display().to_string();
    let mut archive = Archive::open(&args.file).map_err(|e| Failure::from(e).of_file(&file))?;
    let bar = bar(screen);
    let checked = archive.check_tables(&mut |table| bar.set_message(format!("{table}: reading it")));
    let checked = checked
        .and_then(|()| archive.check_attachments(&mut || bar.set_message("attachments: reading them")));
    checked.map_err(|e| Failure::from(e).of_file(&file))?;
    bar.finish_and_clear();
    let config = args.folder.config()?;
    if args.inspect { inspect(&archive, &config, screen) } else { restore(args, archive, config, screen) }
}

fn inspect(archive: &Archive, config: &Config, screen: Screen) -> Result<Outcome, Failure> {
    let seal = match read_key(&config.key_file) {
        Err(_) => "not checked: its key is not at hand",
        Ok(key) if archive.check_seal(&key).is_ok() => "unbroken",
        Ok(_) => "broken, or made with another key",
    };
    let answer = Inspected {
        schema: "remit-backup-inspected/1",
        manifest: &archive.manifest,
        tables_as_written: true,
        seal,
    };
    screen.answer(&answer, || {
        let Manifest { remit, made_at, engine, key, migrations, tables, attachments, .. } = &archive.manifest;
        let mut listing = Listing::new(&["table", "#rows"]);
        for table in tables {
            listing.row([table.name.clone(), grouped(table.rows)]);
        }
        format!(
            "{BOLD}a backup of {made_at}{BOLD:#}, by Remit {remit} from {engine}, {} migrations\n\
             every table is as it was written; the seal is {seal}; key {key}; {} attachments{}\n\n{}",
            migrations.len(),
            attachments.files,
            if attachments.missing.is_empty() {
                String::new()
            } else {
                format!(", {} were missing when it was made", attachments.missing.len())
            },
            listing.text()
        )
    })?;
    Ok(Outcome::findings(seal.starts_with("broken")))
}

fn restore(args: &Args, mut archive: Archive, config: Config, screen: Screen) -> Result<Outcome, Failure> {
    let file = args.file.display().to_string();
    let of_file = |e| Failure::from(e).of_file(&file);
    archive.check_seal(&read_key(&config.key_file)?).map_err(of_file)?;
    let migrations = archive.migrations(MIGRATIONS).map_err(of_file)?;
    make_folder(&args.folder.data)?;
    let bar = bar(screen);
    bar.set_message("putting the rows in");
    load(&config.place, migrations, clock::now(), &mut archive)?;
    bar.set_message("putting the attachments in");
    let attachments =
        archive.restore_attachments(&Store::at(&config.attachments), &mut || bar.tick()).map_err(of_file)?;
    bar.set_message("reading the rows again");
    let mut digesting = Digesting::default();
    dump(&config.place, &mut digesting)?;
    let (found, wanted) = (digesting.end(), archive.digests());
    if let Some((table, _)) = found.iter().find(|(table, digest)| wanted.get(*table) != Some(*digest)) {
        return Err(Failure::new(format!(
            "the table {table} is not what the backup holds; do not use what was restored"
        )));
    }
    let Installation { app, .. } = open(config, Start::Migrate(clock::now()))?;
    let logs_checked = server::runtime()?.block_on(async {
        let providers = app.providers().await?;
        for (provider, name) in &providers {
            let (caller, key) = (Caller::operator(*provider), app.key().clone());
            let checked = app.read(&caller, move |tx, _| audit::verify(&mut tx.whole()?, &key, None)).await?;
            checked.map_err(|e| Failure::new(format!("the audit log of {name} was tampered with: {e}")))?;
            // What texts are found by is not in a backup.
            bar.set_message(format!("{name}: letting texts be found"));
            search::mend(&app, &caller).await?;
        }
        Ok::<_, Failure>(providers.len())
    })?;
    bar.finish_and_clear();
    let rows = archive.manifest.tables.iter().map(|table| table.rows).sum();
    let answer = Restored {
        schema: "remit-restored/1",
        tables: archive.manifest.tables.len(),
        rows,
        attachments,
        compared: "equal",
        logs_checked,
    };
    screen.answer(&answer, || {
        format!(
            "{BOLD}restored{BOLD:#}: {rows} rows of {} tables, read again and the same; {attachments} attachments; audit logs checked: {logs_checked}\n\
             {DIM}Next: remit serve --data {}{DIM:#}\n",
            answer.tables,
            args.folder.data.display()
        )
    })?;
    Ok(Outcome::Sound)
}
