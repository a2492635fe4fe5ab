//! One backup: written beside its place, read again, and only then given its name.

use std::path::Path;

use super::{Archive, Manifest, Origin, write};
use crate::clock;
use crate::failure::Failure;
use crate::files::{Existing, write_private};

/// Makes a backup. Says what is in it, and how many bytes it has. `told` hears what is being done.
pub fn make(
    origin: Origin<'_>,
    (out, existing): (&Path, Existing),
    told: &mut (dyn FnMut(String) + Send),
) -> Result<(Manifest, u64), Failure> {
    write_private(out, existing, |file, path| {
        let manifest =
            write(origin, clock::now(), file, &mut |what, so_far| told(format!("{what}: {so_far}")))?;
        let mut archive = Archive::open(path)?;
        archive.check_seal(origin.key)?;
        archive.check_tables(&mut |table| told(format!("{table}: reading it again")))?;
        archive.check_attachments(&mut || told("attachments: reading them again".to_owned()))?;
        let bytes = file.metadata().map_err(|e| Failure::new(e.to_string()))?.len();
        Ok((manifest, bytes))
    })
}
