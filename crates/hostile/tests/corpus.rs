//! Replays the inputs that are kept in `fuzz/corpus`, and small damage done to each of them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use remit_hostile::{PROMISES, Promise};

/// Inputs longer than this are damaged in their first part only.
const DAMAGED: usize = 2_000;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The paths of what stands in a folder, in their order.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
    let mut paths = read().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    paths.sort();
    paths
}

fn names(folder: &Path) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    entries(folder).into_iter().filter_map(stem).collect()
}

fn each_target(run: impl Fn(Promise, &[u8])) {
    for (name, promise) in PROMISES {
        let inputs = entries(&fuzz().join("corpus").join(name));
        assert!(!inputs.is_empty(), "fuzz/corpus/{name} is empty");
        for path in inputs {
            run(*promise, &fs::read(&path).expect("a file that was just listed can be read"));
        }
    }
}

#[test]
fn every_promise_has_a_fuzz_target_and_a_corpus() {
    let promised: BTreeSet<String> = PROMISES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), promised);
    assert_eq!(names(&fuzz().join("corpus")), promised);
}

#[test]
fn the_kept_inputs_break_no_promise() {
    each_target(|promise, input| promise(input));
}

#[test]
fn inputs_that_end_too_early_break_no_promise() {
    each_target(|promise, input| {
        let step = (input.len() / 40).max(1);
        (0..input.len()).step_by(step).for_each(|end| promise(&input[..end]));
    });
}

#[test]
fn inputs_with_a_damaged_byte_break_no_promise() {
    each_target(|promise, input| {
        let reach = input.len().min(DAMAGED);
        for (turn, at) in (0..reach).step_by((reach / 60).max(1)).enumerate() {
            for damage in [[0x00, b'9'], [0xFF, b'-'], [b'"', b'\n']][turn % 3] {
                let mut damaged = input.to_vec();
                damaged[at] = damage;
                promise(&damaged);
            }
        }
    });
}
