//! The folder of an installation: its database, and beside it the key of its audit log.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use remit_app::audit::Key;
use remit_app::{App, Clock, MIGRATIONS};
use remit_core::At;
use remit_db::migrate::Start;
use remit_db::{Db, Place};
use remit_web::{Random, SystemRandom};

use crate::clock;
use crate::failure::Failure;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> At {
        clock::now()
    }
}

/// Opens the installation in a folder. With [`Start::Migrate`] it is made where there is none.
pub fn open(folder: &Path, start: Start) -> Result<App, Failure> {
    if start != Start::MustBeCurrent {
        std::fs::create_dir_all(folder)
            .map_err(|e| Failure::new(format!("cannot make the folder {}: {e}", folder.display())))?;
    }
    let place = Place::Sqlite(folder.join("remit.db"));
    let db = Db::open(&place, MIGRATIONS, start).map_err(|e| Failure::new(e.to_string()))?;
    Ok(App::new(db, Arc::new(SystemClock), Arc::new(SystemRandom), key(folder, start)?))
}

/// The key of the audit log stands beside the database, not in it. It is made with it, and never again: another key would make the
/// whole log look tampered with.
fn key(folder: &Path, start: Start) -> Result<Key, Failure> {
    let path = folder.join("audit.key");
    let failed = |e: std::io::Error| Failure::new(format!("cannot use {}: {e}", path.display()));
    if start != Start::MustBeCurrent && !path.exists() {
        let mut bits = [0; 32];
        SystemRandom.fill(&mut bits);
        private(&path).and_then(|mut file| file.write_all(&bits)).map_err(failed)?;
    }
    let bits: Result<[u8; 32], _> = std::fs::read(&path).map_err(failed)?.try_into();
    bits.map(Key::new).map_err(|_| Failure::new(format!("{} is no key of 32 bytes", path.display())))
}

/// A new file that nobody else on this machine may read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
