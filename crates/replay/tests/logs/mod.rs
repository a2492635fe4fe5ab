//! Where the logs of the tests are.

use std::path::PathBuf;

use remit_replay::{Options, Report, Source, run};

/// A file of the repository's `data` folder.
pub fn shipped(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name)
}

/// A file that may not be shipped, in the folder named by `REMIT_DATA`; says so when the variable is not set.
pub fn outside(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("REMIT_DATA") else {
        println!("skipped: REMIT_DATA is not set, so {name} is not there");
        return None;
    };
    Some(PathBuf::from(folder).join(name))
}

/// The report of a log without a matrix.
pub fn report(source: Source, options: &Options) -> Report {
    run(source, options, &mut [], &mut |_| {}).unwrap_or_else(|error| panic!("{error}"))
}
