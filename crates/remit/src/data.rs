//! The folder of an installation: what it is told, its database, and beside that the key of its audit log.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use remit_app::attachments::Store;
use remit_app::audit::Key;
use remit_app::{App, Clock, MIGRATIONS};
use remit_core::At;
use remit_db::Db;
use remit_db::migrate::Start;
use remit_web::{Random, SystemRandom};

use crate::clock;
use crate::config::Config;
use crate::failure::Failure;

/// Which installation.
#[derive(Debug, Clone, clap::Args)]
pub struct Folder {
    /// The folder of the installation
    #[arg(long, value_name = "DIR", default_value = "remit-data")]
    pub data: PathBuf,
}

/// An installation that is open.
#[derive(Debug)]
pub struct Installation {
    /// What it is told.
    pub config: Config,
    /// The application.
    pub app: App,
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> At {
        clock::now()
    }
}

impl Folder {
    /// What the installation is told.
    pub fn config(&self) -> Result<Config, Failure> {
        Config::load(&self.data)
    }

    /// Opens it as it is; fails where it is not there or not of this version.
    pub fn open(&self) -> Result<Installation, Failure> {
        open(self.config()?, Start::MustBeCurrent)
    }
}

/// Opens an installation. With [`Start::Migrate`] it is made where there is none.
pub fn open(config: Config, start: Start) -> Result<Installation, Failure> {
    let db = Db::open(&config.place, MIGRATIONS, start)?;
    let key = key(&config.key_file, start)?;
    let app = App::new(db, Arc::new(SystemClock), Arc::new(SystemRandom), key);
    Ok(Installation { app: app.keeping(Store::at(&config.attachments)), config })
}

/// Makes the folder, for nobody else to look into, where there is none.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|e| Failure::new(format!("cannot make the folder {}: {e}", folder.display())))
}

/// Reads the key. It is made with the database, and never again: another key would make the whole log look tampered with.
fn key(path: &Path, start: Start) -> Result<Key, Failure> {
    if start != Start::MustBeCurrent && !path.exists() {
        let mut bits = [0; 32];
        SystemRandom.fill(&mut bits);
        private(path).and_then(|mut file| file.write_all(&bits)).map_err(|e| unusable(path, &e))?;
    }
    read_key(path)
}

/// Reads the key of an audit log.
pub fn read_key(path: &Path) -> Result<Key, Failure> {
    let bits: Result<[u8; 32], _> = std::fs::read(path).map_err(|e| unusable(path, &e))?.try_into();
    bits.map(Key::new).map_err(|_| Failure::new(format!("{} is no key of 32 bytes", path.display())))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::new(format!("cannot use {}: {error}", path.display()));
    if error.kind() == std::io::ErrorKind::NotFound {
        return failure.hint("this is the key of the audit log; put the copy there that was kept of it");
    }
    failure
}

/// A new file that nobody else on this machine may read.
pub fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
