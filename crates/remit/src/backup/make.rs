//! One backup: written beside its place, read again, and only then given its name.

use std::path::Path;

use remit_app::audit::Key;
use remit_db::Place;

use super::{Archive, Manifest, write};
use crate::clock;
use crate::failure::Failure;
use crate::files::{Existing, write_private};

/// Makes a backup. Says what is in it, and how many bytes it has. `told` hears what is being done.
pub fn make(
    place: &Place,
    key: &Key,
    (out, existing): (&Path, Existing),
    told: &mut (dyn FnMut(String) + Send),
) -> Result<(Manifest, u64), Failure> {
    write_private(out, existing, |file, path| {
        let manifest =
            write(place, key, clock::now(), file, &mut |table, rows| told(format!("{table}: {rows} rows")))?;
        let mut archive = Archive::open(path)?;
        archive.check_seal(key)?;
        archive.check_tables(&mut |table| told(format!("{table}: reading it again")))?;
        let bytes = file.metadata().map_err(|e| Failure::new(e.to_string()))?.len();
        Ok((manifest, bytes))
    })
}
