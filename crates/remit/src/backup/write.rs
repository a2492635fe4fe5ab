//! Writing a backup.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_app::people::Provider;
use remit_core::{At, Id};
use remit_db::copy::{Shape, Sink, dump};
use remit_db::{Place, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::attached::{self, Columns};
use super::{Fault, MANIFEST, Manifest, Origin, SCHEMA, SEAL, Step, Table, entry, fingerprint, seal};

/// Writes a backup of a database as of one moment, and of the attachments that it names; others write on meanwhile. `told` hears of
/// every thousandth row. Attachments are never changed, and stay for a week when they are taken away, so those of that moment are there.
pub fn write(
    origin: Origin<'_>,
    at: At,
    to: &File,
    told: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<Manifest, Fault> {
    let Origin { place, store, key } = origin;
    let zip = ZipWriter::new(BufWriter::new(to));
    let mut sink =
        Writing { zip, open: None, done: Vec::new(), line: Vec::new(), named: BTreeSet::new(), told };
    let migrations = dump(place, &mut sink)?;
    sink.close();
    let engine = match place {
        Place::Sqlite(_) => "sqlite",
        Place::Postgres(_) => "postgresql",
    };
    let hash = |bytes| blake3::Hash::from_bytes(bytes).to_hex().to_string();
    let (mut zip, named) = (sink.zip, sink.named);
    let attachments =
        attached::write(&mut zip, store, &named, &mut |files| (sink.told)("attachments", files))?;
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        remit: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: at,
        engine: engine.to_owned(),
        key: fingerprint(key),
        migrations: migrations
            .iter()
            .map(|done| Step { number: done.number, hash: hash(done.hash) })
            .collect(),
        tables: sink.done,
        attachments,
    };
    let text = serde_json::to_vec_pretty(&manifest).expect("a manifest is plain data");
    for (name, bytes) in [(MANIFEST, &text[..]), (SEAL, seal(key, &text).as_bytes())] {
        zip.start_file(name, options())?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(manifest)
}

fn options() -> SimpleFileOptions {
    // Beyond 4 GiB too. The time stands in the manifest.
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true)
        .unix_permissions(0o600)
}

struct Writing<'f, 't> {
    zip: ZipWriter<BufWriter<&'f File>>,
    open: Option<(Shape, u64, blake3::Hasher)>,
    done: Vec<Table>,
    line: Vec<u8>,
    /// The attachments that rows name.
    named: BTreeSet<(Id<Provider>, [u8; 32])>,
    told: &'t mut (dyn FnMut(&str, u64) + Send),
}

impl Writing<'_, '_> {
    /// Ends the table that is open.
    fn close(&mut self) {
        if let Some((shape, rows, hash)) = self.open.take() {
            let blake3 = hash.finalize().to_hex().to_string();
            self.done.push(Table { name: shape.table, columns: shape.columns, rows, blake3 });
        }
    }
}

impl Sink for Writing<'_, '_> {
    type Error = Fault;

    fn table(&mut self, shape: &Shape) -> Result<(), Fault> {
        self.close();
        self.zip.start_file(entry(&shape.table), options())?;
        self.open = Some((shape.clone(), 0, blake3::Hasher::new()));
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> Result<(), Fault> {
        let (shape, rows, hash) = self.open.as_mut().expect("a table begins before its rows");
        if shape.table == attached::TABLE
            && let Some((provider, hash)) =
                Columns::of(&shape.columns).and_then(|columns| columns.named(&values))
        {
            self.named.insert((provider, *hash.as_bytes()));
        }
        self.line.clear();
        line(&values, &mut self.line);
        hash.update(&self.line);
        self.zip.write_all(&self.line)?;
        *rows += 1;
        if rows.is_multiple_of(1000) {
            (self.told)(&shape.table, *rows);
        }
        Ok(())
    }
}

/// A row as a line of JSON.
pub(super) fn line(values: &[Value], out: &mut Vec<u8>) {
    out.push(b'[');
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Value::Text(text) => {
                serde_json::to_writer(&mut *out, text).expect("a text is written to memory");
            }
            Value::Bytes(bytes) => {
                out.extend_from_slice(b"{\"b\":\"");
                out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
                out.extend_from_slice(b"\"}");
            }
            Value::Bool(_) | Value::Uuid(_) => unreachable!("a database is read as numbers, texts and bytes"),
        }
    }
    out.extend_from_slice(b"]\n");
}
