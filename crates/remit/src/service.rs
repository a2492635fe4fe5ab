//! Which service somebody means on the command line.

use remit_matrix::ask::{self, Meant};
use remit_matrix::catalogue::Catalogue;

use crate::failure::Failure;

/// The service of an id or of free text such as "failed backups".
pub fn meant<'c>(catalogue: &'c Catalogue, text: &str) -> Result<Meant<'c>, Failure> {
    ask::meant(catalogue, text).map_err(|mut unclear| {
        unclear.hint.get_or_insert_with(|| "list them all with: remit matrix services --tree".to_owned());
        unclear.into()
    })
}
