//! Opening a log: what kind of file it is, is told from its content and never from its name.

mod streams;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::{Problem, ReadError, shown};
use crate::limits::Limits;
use crate::mapping::{Format, Mapping};
use streams::{Counted, Guarded, Packed, Transcoded};

pub(crate) use streams::Meter;

/// Where a log comes from.
pub enum Source {
    /// A file: CSV or XES, plain, in gzip or in a zip archive.
    File {
        /// Its path.
        path: PathBuf,
        /// The member of an archive with several.
        member: Option<String>,
    },
    /// Anything that can be read once. A zip archive cannot: it needs a file.
    Stream {
        /// What to call it in messages.
        name: String,
        /// The bytes.
        reader: Box<dyn Read>,
    },
}

impl Source {
    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), member: None }
    }

    /// What it is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::File { path, member: None } => path.display().to_string(),
            Self::File { path, member: Some(member) } => format!("{}:{member}", path.display()),
            Self::Stream { name, .. } => name.clone(),
        }
    }
}

/// An opened log, unpacked and decoded to UTF-8.
pub(crate) struct Opened<'a> {
    pub input: &'a mut dyn BufRead,
    pub format: Format,
    pub file: &'a str,
}

/// What has to be known to open a log.
pub(crate) struct Opening<'a> {
    pub limits: &'a Limits,
    pub mapping: Option<&'a Mapping>,
    pub meter: Rc<Meter>,
}

pub(crate) type Use<'u, T> = Box<dyn FnOnce(Opened<'_>) -> Result<T, ReadError> + 'u>;

const HEAD: usize = 4096;
const BUFFER: usize = 128 << 10;
/// How often something packed may lie inside something packed: a zip archive of `.csv.gz` files is two.
const NESTED: usize = 2;

impl Opening<'_> {
    /// Opens `source` and hands it to `then`.
    pub fn open<T>(&self, source: Source, then: Use<'_, T>) -> Result<T, ReadError> {
        match source {
            Source::File { path, member } => self.open_file(&path, member.as_deref(), then),
            Source::Stream { name, reader } => {
                let (head, reader) = head(Box::new(Counted::new(reader, &self.meter)), &name)?;
                if head.starts_with(b"PK\x03\x04") {
                    let text =
                        "a zip archive cannot be read from a stream; give its path, or unpack it first";
                    return Err(Problem::Members(text.to_owned()).in_file(&name));
                }
                self.unpack(reader, &name, 0, then)
            }
        }
    }

    fn open_file<T>(&self, path: &Path, member: Option<&str>, then: Use<'_, T>) -> Result<T, ReadError> {
        let name = path.display().to_string();
        let io = |error| Problem::Io(error).in_file(&name);
        let file = File::open(path).map_err(io)?;
        let about = file.metadata().map_err(io)?;
        if about.is_dir() {
            return Err(io(std::io::Error::other("it is a folder; name the log inside it")));
        }
        self.meter.total.set(about.is_file().then_some(about.len()));
        let (first, reader) = head(Box::new(&file), &name)?;
        if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
            drop(reader);
            return self.open_zip(&file, &name, member, then);
        }
        if member.is_some() {
            let text = "a member was named, but this is no zip archive";
            return Err(Problem::Members(text.to_owned()).in_file(&name));
        }
        self.unpack(Box::new(Counted::new(reader, &self.meter)), &name, 0, then)
    }

    fn open_zip<T>(
        &self,
        file: &File,
        name: &str,
        member: Option<&str>,
        then: Use<'_, T>,
    ) -> Result<T, ReadError> {
        let refuse = |error: ZipError| match error {
            ZipError::Io(error) => Problem::from_io(error).in_file(name),
            other => Problem::Damaged(other.to_string()).in_file(name),
        };
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(refuse)?;
        let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
        let chosen = choose_member(&names, member).map_err(|text| Problem::Members(text).in_file(name))?;
        let inside = format!("{name}:{chosen}");
        let unpacked = archive.by_name(&chosen).map_err(refuse)?;
        self.meter.total.set(Some(unpacked.size()));
        let packed = Packed::Known(unpacked.compressed_size());
        let guarded = Guarded::new(unpacked, self.limits, packed);
        self.unpack(Box::new(Counted::new(guarded, &self.meter)), &inside, 1, then)
    }

    fn unpack<T>(
        &self,
        reader: Box<dyn Read + '_>,
        name: &str,
        nested: usize,
        then: Use<'_, T>,
    ) -> Result<T, ReadError> {
        let (first, reader) = head(reader, name)?;
        if !first.starts_with(&[0x1f, 0x8b]) {
            return self.decode(&first, reader, name, then);
        }
        if nested >= NESTED {
            let text = "it is packed again and again; unpack it first";
            return Err(Problem::Members(text.to_owned()).in_file(name));
        }
        let packed = Rc::new(Meter::default());
        let counted = BufReader::with_capacity(BUFFER, Counted::new(reader, &packed));
        let guarded = Guarded::new(MultiGzDecoder::new(counted), self.limits, Packed::Counted(packed));
        self.unpack(Box::new(guarded), name, nested + 1, then)
    }

    fn decode<T>(
        &self,
        first: &[u8],
        reader: Box<dyn Read + '_>,
        name: &str,
        then: Use<'_, T>,
    ) -> Result<T, ReadError> {
        let (marked, mark) =
            Encoding::for_bom(first).map_or((None, 0), |(encoding, mark)| (Some(encoding), mark));
        let encoding = marked.or(self.mapping.and_then(|mapping| mapping.encoding)).unwrap_or(UTF_8);
        if first.is_empty() {
            return Err(Problem::Empty.in_file(name));
        }
        let mut reader = reader;
        std::io::copy(&mut reader.by_ref().take(mark as u64), &mut std::io::sink())
            .map_err(|error| Problem::from_io(error).in_file(name))?;
        let plain: Box<dyn Read + '_> = if encoding == UTF_8 {
            recognise(first).map_err(|problem| problem.in_file(name))?;
            reader
        } else {
            Box::new(Transcoded::new(reader, encoding))
        };
        let (first, plain) = head(plain, name)?;
        let text = first.trim_ascii_start();
        if text.is_empty() {
            return Err(Problem::Empty.in_file(name));
        }
        let format = if text.starts_with(b"<") { Format::Xes } else { Format::Csv };
        let mut input = BufReader::with_capacity(BUFFER, plain);
        then(Opened { input: &mut input, format, file: name })
    }
}

/// Reads the first bytes and puts them back in front.
fn head<'r>(mut reader: Box<dyn Read + 'r>, name: &str) -> Result<(Vec<u8>, Box<dyn Read + 'r>), ReadError> {
    let mut first = Vec::with_capacity(HEAD);
    let got = reader.by_ref().take(HEAD as u64).read_to_end(&mut first);
    got.map_err(|error| Problem::from_io(error).in_file(name))?;
    Ok((first.clone(), Box::new(Cursor::new(first).chain(reader))))
}

/// Refuses what is plainly no UTF-8 text, and says what it is.
fn recognise(first: &[u8]) -> Result<(), Problem> {
    let known: [(&[u8], &str); 5] = [
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV"),
        (b"PK\x03\x04", "a zip archive inside another: unpack it first"),
        (b"SQLite format 3", "an SQLite database: export the table as CSV"),
        (b"{", "JSON: export the log as CSV or XES"),
        (b"[{", "JSON: export the log as CSV or XES"),
    ];
    if let Some((_, what)) = known.iter().find(|(start, _)| first.starts_with(start)) {
        return Err(Problem::Members(format!("this is {what}")));
    }
    let zeros = |from: usize| first.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let half = first.len() / 4;
    let (label, wide) = if zeros(1) > half { ("utf-16le", true) } else { ("utf-16be", zeros(0) > half) };
    if wide {
        let hint = format!("Write encoding = \"{label}\" in the mapping, or save the file as UTF-8");
        return Err(Problem::Encoding { what: "this looks like UTF-16 without its mark".to_owned(), hint });
    }
    if first.contains(&0) {
        let hint = "Give a CSV or XES log, plain, in gzip or in a zip archive".to_owned();
        return Err(Problem::Encoding { what: "this is no text".to_owned(), hint });
    }
    Ok(())
}

/// The one log of an archive, or the named one.
fn choose_member(names: &[String], wanted: Option<&str>) -> Result<String, String> {
    let list = |names: &[&String]| {
        let shown: Vec<String> = names.iter().take(8).map(|name| shown(name.as_bytes())).collect();
        let more = if names.len() > 8 { format!(" and {} more", names.len() - 8) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    let all: Vec<&String> = names.iter().collect();
    if let Some(wanted) = wanted {
        let found = names.iter().find(|name| name.as_str() == wanted).cloned();
        return found
            .ok_or_else(|| format!("there is no `{wanted}` in the archive; it holds {}", list(&all)));
    }
    if names.iter().any(|name| name == "[Content_Types].xml") {
        return Err("this is an Office document: save the sheet as CSV".to_owned());
    }
    let is_log = |name: &&String| {
        let lower = name.to_lowercase();
        let hidden =
            lower.starts_with("__macosx/") || lower.rsplit('/').next().is_some_and(|n| n.starts_with('.'));
        let ending =
            [".csv", ".tsv", ".txt", ".xes", ".xml", ".csv.gz", ".xes.gz"].iter().any(|e| lower.ends_with(e));
        ending && !hidden
    };
    let logs: Vec<&String> = names.iter().filter(is_log).collect();
    match logs.as_slice() {
        [one] => Ok((*one).clone()),
        [] if names.is_empty() => Err("the archive is empty".to_owned()),
        [] => Err(format!("there is no .csv or .xes file in the archive; it holds {}", list(&all))),
        several => Err(format!(
            "there are {} logs in the archive: {}. Name one, as in `archive.zip:{}`",
            several.len(),
            list(several),
            several[0]
        )),
    }
}
