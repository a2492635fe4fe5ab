//! `remit admin`: what only whoever runs the server may do.

use remit_app::{App, Caller, MIGRATIONS, NewProvider, search, sign_in};
use remit_db::migrate::{Start, done};
use serde::Serialize;

use crate::commands::config::example;
use crate::config::{Config, FILE};
use crate::data::{Folder, Installation, make_folder, open, private};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::{clock, server};

/// What only whoever runs the server may do.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  remit admin init --data /var/lib/remit --provider \"Lanternworks IT\" --zone America/New_York \\
      --owner \"Mara Quist\" --email mara@example.com
  remit admin link --data /var/lib/remit mara@example.com
  remit admin migrate --data /var/lib/remit")]
pub enum Command {
    /// Make an installation: its folder, its database, a provider, and the link that signs its first owner in
    Init(Init),
    /// Make a link that signs somebody in once
    Link(Link),
    /// Bring the database of an older Remit to this one
    Migrate(Migrate),
    /// Let texts and names be found that `remit doctor` says are not
    Index(Index),
}

/// Makes an installation. There is no page for this: whoever can run it is whoever owns the machine.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The database is the file remit.db in the folder. For PostgreSQL, write remit.toml first, or set REMIT_DATABASE_PLACE. Keep a copy of \
audit.key elsewhere: without it the audit log cannot be checked, and backups do not hold it. Run it again with another name to serve \
a second provider from the same installation.

Examples:
  remit admin init --provider \"Lanternworks IT\" --zone America/New_York --owner \"Mara Quist\" --email mara@example.com
  REMIT_DATABASE_PLACE=postgres://remit:PASSWORD@127.0.0.1/remit remit admin init --data /var/lib/remit \\
      --provider \"Lanternworks IT\" --zone America/New_York --owner \"Mara Quist\" --email mara@example.com")]
pub struct Init {
    #[command(flatten)]
    folder: Folder,
    /// The name of the provider
    #[arg(long, value_name = "NAME")]
    provider: String,
    /// The zone in which it works
    #[arg(long, value_name = "ZONE")]
    zone: String,
    /// The name of its first owner
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// The address of its first owner
    #[arg(long, value_name = "ADDRESS")]
    email: String,
}

/// Makes a link for somebody who cannot sign in otherwise. It is good once, for a day. Hand it to that person and to nobody else.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  remit admin link mara@example.com
  remit admin link --data /var/lib/remit mara@example.com --format json")]
pub struct Link {
    #[command(flatten)]
    folder: Folder,
    /// Whom it signs in
    #[arg(value_name = "ADDRESS")]
    email: String,
}

/// Brings the schema of the database to that of this Remit. Make a backup first.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each step is kept as a whole or not at all; one that is cut short is done again by the next run.

Examples:
  remit backup --data /var/lib/remit --out before.zip
  remit admin migrate --data /var/lib/remit")]
pub struct Migrate {
    #[command(flatten)]
    folder: Folder,
}

/// Puts into the index what is missing in it. Nothing else is changed, and what is there is left as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It can run while `remit serve` does.

Examples:
  remit doctor --data /var/lib/remit
  remit admin index --data /var/lib/remit")]
pub struct Index {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Indexed {
    schema: &'static str,
    seen: u64,
    put_in: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Made {
    schema: &'static str,
    name: String,
    link: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Migrated {
    schema: &'static str,
    before: usize,
    after: usize,
}

impl Command {
    /// Does it.
    pub fn run(&self, screen: Screen) -> Result<Outcome, Failure> {
        match self {
            Self::Init(args) => init(args, screen)?,
            Self::Link(args) => link(args, screen)?,
            Self::Migrate(args) => migrate(args, screen)?,
            Self::Index(args) => index(args, screen)?,
        }
        Ok(Outcome::Sound)
    }
}

fn init(args: &Init, screen: Screen) -> Result<(), Failure> {
    let config = args.folder.config()?;
    make_folder(&args.folder.data)?;
    let Installation { app, config } = open(config, Start::Migrate(clock::now()))?;
    write_example(args)?;
    let new = NewProvider {
        name: args.provider.clone(),
        zone: args.zone.clone(),
        owner: args.owner.clone(),
        email: args.email.clone(),
    };
    let secret = server::runtime()?.block_on(async {
        let name = new.name.trim();
        if app.providers().await?.iter().any(|(_, known)| known == name) {
            let failure = Failure::new(format!("the provider {name} is there already"));
            return Err(failure.hint("for another link, write: remit admin link ADDRESS"));
        }
        Ok(app.establish(new).await?.1)
    })?;
    let made =
        Made { schema: "remit-admin-init/1", name: args.owner.clone(), link: address(&config, &secret) };
    screen.answer(&made, || {
        format!(
            "{BOLD}{}{BOLD:#} is there, in {}\n\n{} signs in with this link, once, within a day:\n  {}\n\n\
             {DIM}Next: remit serve --data {}\nKeep a copy of {} elsewhere.{DIM:#}\n",
            args.provider.trim(),
            args.folder.data.display(),
            args.owner.trim(),
            made.link,
            args.folder.data.display(),
            config.key_file.display()
        )
    })
}

/// The file with every setting, where there is none yet.
fn write_example(args: &Init) -> Result<(), Failure> {
    use std::io::Write;
    let path = args.folder.data.join(FILE);
    if path.exists() {
        return Ok(());
    }
    let written = private(&path).and_then(|mut file| file.write_all(example().as_bytes()));
    written.map_err(|e| Failure::new(format!("cannot write {}: {e}", path.display())))
}

fn link(args: &Link, screen: Screen) -> Result<(), Failure> {
    let Installation { app, config } = args.folder.open()?;
    let (member, secret) = server::runtime()?.block_on(found(&app, &args.email))?;
    let made = Made { schema: "remit-admin-link/1", name: member, link: address(&config, &secret) };
    screen.answer(&made, || {
        format!("{BOLD}{}{BOLD:#} signs in with this link, once, within a day:\n  {}\n", made.name, made.link)
    })
}

async fn found(app: &App, email: &str) -> Result<(String, sign_in::Secret), Failure> {
    match sign_in::make_link_for(app, email).await {
        Ok((member, secret)) => Ok((format!("{}, {}", member.name, member.role.name()), secret)),
        Err(remit_app::Refused::NotFound) => {
            let failure = Failure::new(format!("nobody here has the address {email}"));
            Err(failure.hint("people are invited in the product; the first owner by `remit admin init`"))
        }
        Err(other) => Err(other.into()),
    }
}

fn address(config: &Config, secret: &sign_in::Secret) -> String {
    format!("{}/sign-in/link/{}", config.address, secret.reveal())
}

fn index(args: &Index, screen: Screen) -> Result<(), Failure> {
    let Installation { app, .. } = args.folder.open()?;
    let answer = server::runtime()?.block_on(async {
        let mut answer = Indexed { schema: "remit-admin-index/1", seen: 0, put_in: 0 };
        for (provider, _) in app.providers().await? {
            let seen = search::mend(&app, &Caller::operator(provider)).await?;
            answer.seen += seen.seen;
            answer.put_in += seen.missing;
        }
        Ok::<_, Failure>(answer)
    })?;
    screen.answer(&answer, || match answer.put_in {
        0 => format!("nothing to do: all {} lines and names are found\n", answer.seen),
        some => format!("{BOLD}{some} put in{BOLD:#}, of {} lines and names\n", answer.seen),
    })
}

fn migrate(args: &Migrate, screen: Screen) -> Result<(), Failure> {
    let config = args.folder.config()?;
    let before = done(&config.place)?.len();
    if before == 0 {
        return Err(Failure::new("there is no installation here yet").hint("make one with: remit admin init"));
    }
    open(config, Start::Migrate(clock::now()))?;
    let answer = Migrated { schema: "remit-admin-migrate/1", before, after: MIGRATIONS.len() };
    screen.answer(&answer, || match answer.after - answer.before {
        0 => format!("nothing to do: all {before} migrations are done\n"),
        some => format!("{BOLD}{some} done{BOLD:#}: the database has had {} migrations\n", answer.after),
    })
}
