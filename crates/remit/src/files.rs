//! Files in and out: limits and encodings on the way in, all or nothing on the way out.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Reason, nearest};
use crate::screen;

/// Larger files are refused.
pub const LARGEST: u64 = 64 << 20;

/// The path that stands for stdin or stdout.
const DASH: &str = "-";

/// Whether a path stands for stdin or stdout.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == DASH
}

/// What to call a file in messages.
pub fn name(path: &Path) -> String {
    if is_dash(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Reads a file, or stdin for `-`, of at most `most` bytes.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if is_dash(path) {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        if path.is_dir() {
            return Err(Failure::new("this is a folder; name a file in it").of_file(&name(path)));
        }
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    result.map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most {
        let message = format!("the file is larger than {} MiB, which is more than is read", most >> 20);
        return Err(Failure::new(message).of_file(&name(path)));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = match error.kind() {
        io::ErrorKind::NotFound => Failure::new(format!("there is no file `{}`", path.display())),
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("`{}` may not be read by you", path.display()))
        }
        _ => Failure::new(format!("`{}` cannot be read: {error}", path.display())),
    };
    match neighbour(path) {
        Some(near) if error.kind() == io::ErrorKind::NotFound => {
            failure.hint(format!("did you mean `{near}`?"))
        }
        _ => failure,
    }
}

/// A file in the same folder whose name is nearly that of `path`.
fn neighbour(path: &Path) -> Option<String> {
    let folder = folder_of(path);
    let wanted = path.file_name()?.to_str()?;
    let entries = fs::read_dir(folder).ok()?.take(1000).flatten();
    let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let near = nearest(wanted, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near).display().to_string())
}

/// Bytes as text: UTF-8 with or without its mark. Another encoding is named, with a hint.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    if let Some(what) = other_encoding(&bytes) {
        let iconv = format!("save it as UTF-8, or run: iconv -f {} -t UTF-8 {name}", what.1);
        return Err(Failure::new(format!("the file is {}, not UTF-8 text", what.0))
            .hint(iconv)
            .of_file(name));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// What encoding the bytes plainly have, in words and as `iconv` calls it.
fn other_encoding(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = &bytes[..bytes.len().min(1024)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(("in UTF-16", "UTF-16")),
        _ if zeros(1) > head.len() / 4 => Some(("in UTF-16", "UTF-16LE")),
        _ if zeros(0) > head.len() / 4 => Some(("in UTF-16", "UTF-16BE")),
        _ => None,
    }
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Failure {
    let bytes = error.as_bytes();
    let at = error.utf8_error().valid_up_to();
    let before = &bytes[..at];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    let line = String::from_utf8_lossy(before).matches('\n').count() + 1;
    let hint = if bytes.contains(&0) {
        "this is no text; give a matrix as TOML, JSON, CSV or XLSX".to_owned()
    } else {
        format!(
            "it may be Latin-1 or Windows-1252: save it as UTF-8, or run: iconv -f WINDOWS-1252 -t UTF-8 {name}"
        )
    };
    let message = Reason {
        message: format!("the byte 0x{:02X} is not UTF-8 text", bytes[at]),
        hint: Some(hint),
        file: Some(name.to_owned()),
        line: Some(line),
        column: Some(column),
        ..Reason::default()
    };
    message.into()
}

/// Whether a file that exists may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Yes.
    Replace,
    /// No: it is kept, and that is a failure.
    Keep,
}

/// Writes a file whole or not at all, by way of a temporary one beside it. `-` is stdout.
pub fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), Failure> {
    if is_dash(path) {
        return screen::bytes(bytes);
    }
    let path = place(path, existing)?;
    if path.exists() && !path.is_file() {
        // A device is written to as it is.
        let written = File::options().write(true).open(&path).and_then(|mut file| file.write_all(bytes));
        return written.map_err(|error| unwritable(&path, &error));
    }
    replace(&path, bytes, existing).map_err(|error| unwritable(&path, &error))
}

/// Writes a file that nobody else on this machine may read, whole or not at all. `put` fills a temporary one beside it, and can read
/// that again before it gets its name.
pub fn write_private<T>(
    path: &Path,
    existing: Existing,
    put: impl FnOnce(&File, &Path) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let path = place(path, existing)?;
    let file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder_of(&path));
    let file = file.map_err(|error| unwritable(&path, &error))?;
    let done = put(file.as_file(), file.path())?;
    keep(file, &path, existing).map_err(|error| unwritable(&path, &error))?;
    Ok(done)
}

/// How the names of temporary files begin.
const TEMPORARY: &str = ".remit-";

/// Where a file is to be written; a link keeps pointing where it points.
fn place(path: &Path, existing: Existing) -> Result<PathBuf, Failure> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return Err(Failure::new(format!("`{}` is a folder; name a file in it", path.display())));
    }
    if existing == Existing::Keep && path.exists() {
        let failure = Failure::new(format!("`{}` exists already and is kept as it is", path.display()));
        return Err(failure.hint("give another name, or add --force to replace it"));
    }
    Ok(path)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn replace(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: the umask takes away what the user does not want.
        let usual = || fs::Permissions::from_mode(0o666);
        fs::metadata(path).map_or_else(|_| usual(), |about| about.permissions())
    };
    #[cfg(unix)]
    builder.permissions(permissions);
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    keep(file, path, existing)
}

/// Gives a temporary file its name, once it is on the disk.
fn keep(file: tempfile::NamedTempFile, path: &Path, existing: Existing) -> io::Result<()> {
    file.as_file().sync_all()?;
    let persisted = match existing {
        Existing::Replace => file.persist(path),
        Existing::Keep => file.persist_noclobber(path),
    };
    persisted.map(drop).map_err(|error| error.error)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let folder = folder_of(path);
    let why = match error.kind() {
        _ if !folder.is_dir() => "its folder does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not write there".to_owned(),
        _ => error.to_string(),
    };
    let failure = Failure::new(format!("`{}` cannot be written: {why}", path.display()));
    if folder.is_dir() { failure } else { failure.hint(format!("create `{}` first", folder.display())) }
}

/// The matrices in a folder, by name: `*.toml`, `*.csv`, `*.xlsx`.
pub fn matrices_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    const MOST: usize = 10_000;
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let ending = |path: &PathBuf| {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        // Spreadsheets leave a file `~$name.xlsx` beside one that is open.
        let open = path
            .file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n.starts_with("~$") || n.starts_with('.'));
        ["toml", "csv", "xlsx"].contains(&ending.as_str()) && !open && path.is_file()
    };
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(ending).take(MOST + 1).collect();
    found.sort();
    match found.len() {
        0 => {
            let failure = Failure::new("there is no matrix in this folder (*.toml, *.csv or *.xlsx)");
            Err(failure
                .hint("make one with: remit matrix new --client NAME --zone ZONE --out client.toml")
                .of_file(&name(folder)))
        }
        n if n > MOST => Err(Failure::new(format!("there are more than {MOST} matrices in this folder"))
            .of_file(&name(folder))),
        _ => Ok(found),
    }
}
