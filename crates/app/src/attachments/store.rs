//! Where the bytes of attachments stand: a folder for each provider, and in it each file under the BLAKE3 of its bytes.
//!
//! A file is written beside its place, made safe on the disk, and moved there; so it is whole or not there. The same bytes twice are one
//! file, within a provider: one provider cannot learn what another has by sending it.

#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use blake3::{Hash, Hasher};
use remit_core::{At, Id};
use remit_web::Random;

use super::media::HEAD;
use crate::people::Provider;

/// Files that are not whole yet.
const INCOMING: &str = "incoming";

/// The folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Whoever moves a file to its place, and whoever takes one away, do so one after the other.
    moving: Mutex<()>,
}

/// A file that is being written. It is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Incoming {
    path: PathBuf,
    file: File,
    hasher: Hasher,
    /// Bytes so far.
    pub size: u64,
    /// The first of them.
    pub head: Vec<u8>,
}

/// How a file of the store was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// As it was written.
    Whole,
    /// Not at all.
    Missing,
    /// With other bytes.
    Damaged,
}

impl Store {
    /// The store in a folder, which is made when something is written.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), moving: Mutex::new(()) }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn of(&self, provider: Id<Provider>) -> PathBuf {
        self.folder.join(provider.uuid().simple().to_string())
    }

    fn place(&self, provider: Id<Provider>, hash: &Hash) -> PathBuf {
        let name = hash.to_hex();
        self.of(provider).join(&name[..2]).join(name.as_str())
    }

    /// Begins a file.
    pub(crate) fn begin(&self, random: &dyn Random) -> io::Result<Incoming> {
        let folder = self.folder.join(INCOMING);
        make(&folder)?;
        let mut name = [0; 16];
        random.fill(&mut name);
        let path = folder.join(format!("{:032x}", u128::from_be_bytes(name)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Incoming { path, file, hasher: Hasher::new(), size: 0, head: Vec::new() })
    }

    /// Moves a file to its place, where it is on the disk when this is done. `at` is when, for whoever collects.
    pub(crate) fn keep(&self, provider: Id<Provider>, incoming: Incoming, at: At) -> io::Result<Hash> {
        let hash = incoming.hasher.finalize();
        let place = self.place(provider, &hash);
        let folder = place.parent().expect("a place is in a folder");
        make(folder)?;
        incoming.file.set_modified(SystemTime::UNIX_EPOCH + since(at))?;
        incoming.file.sync_all()?;
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        // Also where it is already: the bytes are the same, and they are new to whoever collects.
        fs::rename(&incoming.path, &place)?;
        drop(incoming);
        File::open(folder)?.sync_all()?;
        Ok(hash)
    }

    /// Puts bytes in their place that come with their hash, out of a backup.
    pub fn restore(
        &self,
        provider: Id<Provider>,
        hash: &Hash,
        (from, at): (&mut dyn Read, At),
        random: &dyn Random,
    ) -> io::Result<()> {
        let mut incoming = self.begin(random)?;
        let mut piece = vec![0; 1 << 16];
        loop {
            match from.read(&mut piece)? {
                0 => break,
                read => incoming.write(&piece[..read])?,
            }
        }
        if incoming.hasher.finalize() != *hash {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written"));
        }
        self.keep(provider, incoming, at).map(drop)
    }

    /// Opens a file to read it.
    pub fn open(&self, provider: Id<Provider>, hash: &Hash) -> io::Result<File> {
        File::open(self.place(provider, hash))
    }

    /// Reads a file and compares it with its name.
    pub fn check(&self, provider: Id<Provider>, hash: &Hash) -> io::Result<Found> {
        let file = match self.open(provider, hash) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            file => file?,
        };
        let read = Hasher::new().update_reader(file)?.finalize();
        Ok(if read == *hash { Found::Whole } else { Found::Damaged })
    }

    /// The files of a provider that were written before an instant.
    pub(crate) fn older(&self, provider: Id<Provider>, before: At) -> io::Result<Vec<Hash>> {
        let mut old = Vec::new();
        for folder in entries(&self.of(provider))? {
            for path in entries(&folder)? {
                let hash = path.file_name().and_then(|name| Hash::from_hex(name.to_str()?).ok());
                if let Some(hash) = hash.filter(|_| is_older(&path, before)) {
                    old.push(hash);
                }
            }
        }
        Ok(old)
    }

    /// Takes a file away that is still as old, and says how many bytes went.
    pub(crate) fn remove(&self, provider: Id<Provider>, hash: &Hash, before: At) -> io::Result<Option<u64>> {
        let place = self.place(provider, hash);
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_older(&place, before) {
            return Ok(None);
        }
        let size = fs::metadata(&place)?.len();
        fs::remove_file(&place)?;
        Ok(Some(size))
    }

    /// Takes away what never became whole, because a machine stopped.
    pub(crate) fn clear(&self, before: SystemTime) -> io::Result<u64> {
        let mut gone = 0;
        for path in entries(&self.folder.join(INCOMING))? {
            if fs::metadata(&path).and_then(|about| about.modified()).is_ok_and(|at| at < before) {
                fs::remove_file(&path)?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

impl Incoming {
    /// Tells its bytes from others.
    pub fn hash(&self) -> Hash {
        self.hasher.finalize()
    }

    /// Adds some bytes.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        Ok(())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It is not there any more once it is kept.
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes a folder that nobody else on this machine looks into.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What is in a folder; nothing, where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        found => found?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn since(at: At) -> Duration {
    Duration::from_millis(at.millis().max(0).unsigned_abs())
}

fn is_older(path: &Path, before: At) -> bool {
    let modified = fs::metadata(path).and_then(|about| about.modified());
    modified.is_ok_and(|at| at < SystemTime::UNIX_EPOCH + since(before))
}
