//! What was written is read the same, and what was changed is told.

use std::io::{Read, Write};
use std::path::Path;

use remit_app::MIGRATIONS;
use remit_app::attachments::{Found, Store};
use remit_app::audit::Key;
use remit_app::testing::on_each;
use remit_core::At;
use remit_db::Place;
use remit_db::copy::{dump, load};
use remit_db::testing::{TestDb, engines};

use super::{Archive, Digesting, Fault, MANIFEST, Origin, write};

fn key() -> Key {
    Key::new([7; 32])
}

fn digests(place: &Place) -> super::read::Digests {
    let mut digesting = Digesting::default();
    dump(place, &mut digesting).unwrap();
    digesting.end()
}

/// A database with rows of every kind of value, and a backup of it.
fn backup(folder: &Path, home: &TestDb) -> std::path::PathBuf {
    drop(home.open(MIGRATIONS));
    let id = match home.place() {
        Place::Sqlite(_) => "x'01900000000070008000000000000001'",
        Place::Postgres(_) => "'01900000-0000-7000-8000-000000000001'",
    };
    home.tamper(&format!(
        "INSERT INTO provider (provider_id, name, zone, created_at) VALUES \
         ({id}, 'Quist \"é\u{1F600}\" \\ Sons\u{2028}', 'UTC', -9223372036854775807)"
    ));
    let path = folder.join("backup.zip");
    let file = std::fs::File::create(&path).unwrap();
    let store = Store::at(folder.join("attachments"));
    let origin = Origin { place: home.place(), store: &store, key: &key() };
    let manifest = write(origin, At::from_millis(1), &file, &mut |_, _| {}).unwrap();
    assert_eq!(manifest.tables.iter().map(|table| table.rows).sum::<u64>(), 1);
    path
}

#[test]
fn a_backup_of_each_engine_is_restored_into_each() {
    for first in engines() {
        let (folder, home) = (tempfile::tempdir().unwrap(), TestDb::new(first));
        let path = backup(folder.path(), &home);
        for second in engines() {
            let mut archive = Archive::open(&path).unwrap();
            archive.check_seal(&key()).unwrap();
            archive.check_tables(&mut |_| {}).unwrap();
            let other = TestDb::new(second);
            let migrations = archive.migrations(MIGRATIONS).unwrap();
            load(other.place(), migrations, At::from_millis(0), &mut archive).unwrap();
            assert_eq!(digests(other.place()), archive.digests(), "{first:?} into {second:?}");
            assert_eq!(digests(home.place()), archive.digests());
        }
    }
}

/// Writes the file anew with one of its entries changed.
fn change(path: &Path, name: &str, change: impl Fn(&mut Vec<u8>)) {
    let mut from = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..from.len() {
        let mut entry = from.by_index(n).unwrap();
        let (entry_name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        if entry_name == name {
            change(&mut bytes);
        }
        to.start_file(entry_name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    std::fs::write(path, to.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn whatever_was_changed_is_told() {
    let (folder, home) = (tempfile::tempdir().unwrap(), TestDb::new(engines()[0]));
    let path = backup(folder.path(), &home);
    let whole = std::fs::read(&path).unwrap();
    let replaced = |bytes: &mut Vec<u8>, from: &str, to: &str| {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace(from, to).into_bytes();
    };
    let check = |path: &Path| -> Result<(), Fault> {
        let mut archive = Archive::open(path)?;
        archive.check_tables(&mut |_| {})?;
        archive.check_seal(&key())
    };
    check(&path).unwrap();
    change(&path, "tables/provider.jsonl", |bytes| replaced(bytes, "Quist", "Quest"));
    assert!(
        check(&path)
            .unwrap_err()
            .to_string()
            .contains("tables/provider.jsonl in it cannot be used: it is not as")
    );
    std::fs::write(&path, &whole).unwrap();
    change(&path, "tables/provider.jsonl", Vec::clear);
    check(&path).unwrap_err();
    std::fs::write(&path, &whole).unwrap();
    change(&path, MANIFEST, |bytes| replaced(bytes, "1970", "1971"));
    assert!(check(&path).unwrap_err().to_string().contains("its seal is broken"));
    std::fs::write(&path, &whole).unwrap();
    let other = Archive::open(&path).unwrap().check_seal(&Key::new([8; 32])).unwrap_err();
    assert!(other.to_string().contains("it was made with another key"), "{other}");
    for (change_to, said) in [("remit-backup/2", "a backup of the form"), ("{", "cannot be used")] {
        change(&path, MANIFEST, |bytes| replaced(bytes, super::SCHEMA, &format!("{change_to}\"\"")));
        let told = check(&path).unwrap_err().to_string();
        assert!(told.contains("manifest.json") || told.contains(said), "{told}");
        std::fs::write(&path, &whole).unwrap();
    }
    for end in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert!(check(&path).unwrap_err().to_string().contains("it is no backup"));
    }
}

#[test]
fn a_backup_of_a_newer_remit_is_refused() {
    let (folder, home) = (tempfile::tempdir().unwrap(), TestDb::new(engines()[0]));
    let archive = Archive::open(&backup(folder.path(), &home)).unwrap();
    let newer = archive.migrations(&MIGRATIONS[..1]).unwrap_err().to_string();
    assert!(newer.contains("it is of a newer Remit"), "{newer}");
    let mut other = MIGRATIONS.to_vec();
    other[0].text = "SELECT 1;";
    assert!(archive.migrations(&other).unwrap_err().to_string().contains("its migration 1 is not the one"));
}

#[test]
fn attachments_go_into_a_backup_and_come_out_of_it() {
    on_each(async |test| {
        let (folder, key) = (tempfile::tempdir().unwrap(), key());
        let store = test.app.stored().unwrap();
        let [whole, lost, torn] = test.attached().await;
        let place = |hash: &blake3::Hash| {
            let (name, provider) = (hash.to_hex(), test.provider.uuid().simple().to_string());
            store.folder().join(provider).join(&name[..2]).join(name.as_str())
        };
        std::fs::remove_file(place(&lost)).unwrap();
        std::fs::write(place(&torn), "others").unwrap();
        let path = folder.path().join("backup.zip");
        let file = std::fs::File::create(&path).unwrap();
        let origin = Origin { place: test.home().place(), store, key: &key };
        let manifest = write(origin, At::from_millis(1), &file, &mut |_, _| {}).unwrap();
        assert_eq!((manifest.attachments.files, manifest.attachments.missing.len()), (1, 2));
        let mut archive = Archive::open(&path).unwrap();
        archive.check_tables(&mut |_| {}).unwrap();
        archive.check_attachments(&mut || {}).unwrap();
        let other = Store::at(folder.path().join("restored"));
        assert_eq!(archive.restore_attachments(&other, &mut || {}).unwrap(), 1);
        assert_eq!(other.check(test.provider, &whole).unwrap(), Found::Whole);
        assert_eq!(other.check(test.provider, &torn).unwrap(), Found::Missing);
        let name = format!("attachments/{}/{}", test.provider.uuid().simple(), whole.to_hex());
        change(&path, &name, |bytes| bytes.push(b'x'));
        let mut archive = Archive::open(&path).unwrap();
        assert!(
            archive.check_attachments(&mut || {}).unwrap_err().to_string().contains("it is not as it was")
        );
        assert!(archive.restore_attachments(&other, &mut || {}).is_err());
    });
}
