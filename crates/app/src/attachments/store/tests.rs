use super::*;
use crate::testing::seeded;

fn provider(n: u8) -> Id<Provider> {
    Id::new(At::from_millis(1), [n; 10])
}

fn kept(store: &Store, of: u8, bytes: &[u8], at: i64) -> Hash {
    let mut incoming = store.begin(&*seeded(u64::from(of) * 1000 + at.unsigned_abs())).unwrap();
    for piece in bytes.chunks(3) {
        incoming.write(piece).unwrap();
    }
    store.keep(provider(of), incoming, At::from_millis(at)).unwrap()
}

fn files(folder: &Path) -> usize {
    let count = |path: PathBuf| if path.is_dir() { files(&path) } else { 1 };
    entries(folder).unwrap().into_iter().map(count).sum()
}

#[test]
fn the_same_bytes_are_one_file_within_a_provider_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let first = kept(&store, 1, b"same bytes", 10);
    assert_eq!(first, blake3::hash(b"same bytes"));
    assert_eq!((kept(&store, 1, b"same bytes", 20), files(folder.path())), (first, 1));
    assert_eq!((kept(&store, 2, b"same bytes", 30), files(folder.path())), (first, 2));
    assert!(store.open(provider(3), &first).is_err());
}

#[test]
fn what_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let mut incoming = store.begin(&*seeded(1)).unwrap();
    incoming.write(b"half").unwrap();
    assert_eq!(files(folder.path()), 1);
    drop(incoming);
    assert_eq!(files(folder.path()), 0);
}

#[test]
fn what_a_machine_that_stopped_left_half_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    std::mem::forget(store.begin(&*seeded(1)).unwrap());
    assert_eq!((store.clear(SystemTime::UNIX_EPOCH).unwrap(), files(folder.path())), (0, 1));
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 33);
    assert_eq!((store.clear(later).unwrap(), files(folder.path())), (1, 0));
}

#[test]
fn what_is_missing_or_changed_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let hash = kept(&store, 1, b"bytes", 10);
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Whole);
    fs::write(store.place(provider(1), &hash), "others").unwrap();
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Damaged);
    fs::remove_file(store.place(provider(1), &hash)).unwrap();
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Missing);
}

#[test]
fn what_was_sent_again_meanwhile_is_not_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let hash = kept(&store, 1, b"bytes", 1_000);
    let before = At::from_millis(5_000);
    assert_eq!(store.older(provider(1), before).unwrap(), [hash]);
    kept(&store, 1, b"bytes", 6_000);
    assert_eq!(store.remove(provider(1), &hash, before).unwrap(), None);
    assert!(store.older(provider(1), before).unwrap().is_empty());
    assert_eq!(store.remove(provider(1), &hash, At::from_millis(7_000)).unwrap(), Some(5));
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Missing);
}

#[test]
fn bytes_out_of_a_backup_are_those_of_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let (hash, at) = (blake3::hash(b"bytes"), At::from_millis(1));
    let restore = |mut bytes: &[u8]| store.restore(provider(1), &hash, (&mut bytes, at), &*seeded(3));
    assert!(restore(b"others").is_err());
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Missing);
    restore(b"bytes").unwrap();
    assert_eq!(store.check(provider(1), &hash).unwrap(), Found::Whole);
}
