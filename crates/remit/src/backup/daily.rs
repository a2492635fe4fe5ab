//! Backups that come by themselves, every day, and the old ones that go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use remit_app::App;
use remit_core::{At, Millis, Time, Zone};
use remit_db::Place;
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{self, Schedule};
use remit_jobs::{Backoff, Failed, Handlers, Recurrence, Work};
use serde::{Deserialize, Serialize};

use super::{Origin, make};
use crate::clock;
use crate::failure::Failure;
use crate::files::Existing;

/// When, where to, and how many are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daily {
    /// The folder they are written to.
    pub folder: PathBuf,
    /// The time of day in UTC.
    pub time: Time,
    /// How many of them stay; the oldest go.
    pub keep: usize,
}

/// The newest backup is late when it is older than this.
const LATE: Millis = Millis::from_hours(36);
/// Names the schedule of the installation.
const NAME: &str = "daily backup";
/// A large database takes a while; what fails is tried again within the hour.
const POLICY: Policy = Policy {
    backoff: Backoff { first: Millis::from_minutes(1), longest: Millis::from_hours(1), tries: 8 },
    timeout: Millis::from_hours(6),
};

/// A backup that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Due {}

impl Work for Due {
    const KIND: &'static str = "backup.write";
    const QUEUE: &'static str = "backup";
}

/// Sees to it that backups come as they are wanted, or not any more. Called at every start.
pub async fn schedule(app: &App, daily: Option<&Daily>) -> Result<(), Failure> {
    let (now, time) = (app.now(), daily.map(|daily| daily.time));
    let set = app.db.system("the backup is that of the whole installation", move |tx| match time {
        Some(time) => {
            let recurrence = Recurrence::daily(time, Zone::utc());
            let name = NAME.to_owned();
            schedule::set(tx, &Schedule { provider: None, client: None, name, recurrence }, &Due {}, now)
        }
        None => schedule::remove(tx, None, NAME).map(drop),
    });
    set.await.map_err(Failure::from)
}

/// Who makes the backups.
pub fn handlers(handlers: Handlers, daily: &Daily, place: &Place, app: &App) -> Handlers {
    let shared = Arc::new((daily.clone(), place.clone(), app.clone()));
    handlers.at_once(Due::QUEUE, 1).add(POLICY, move |_, _: Due| {
        let shared = Arc::clone(&shared);
        async move {
            let write = move || {
                let (daily, place, app) = &*shared;
                let store = app.stored().ok_or_else(|| Failure::new("there is no place for attachments"))?;
                daily.write(Origin { place, store, key: app.key() })
            };
            let written = tokio::task::spawn_blocking(write).await;
            let again = |why: String| Failed::Again(why);
            written.map_err(|e| again(e.to_string()))?.map_err(|failure| again(failure.line()))
        }
    })
}

impl Daily {
    /// Writes a backup, and takes the oldest away.
    fn write(&self, origin: Origin<'_>) -> Result<(), Failure> {
        crate::data::make_folder(&self.folder)?;
        let path = self.folder.join(name(clock::now()));
        let (manifest, bytes) = make(origin, (&path, Existing::Keep), &mut |_| {})?;
        let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
        tracing::info!(file = %path.display(), rows, bytes, "backup written and read again");
        for old in self.found()?.into_iter().rev().skip(self.keep) {
            let path = self.folder.join(&old);
            std::fs::remove_file(&path).map_err(|e| {
                Failure::new(format!("cannot take the old backup {} away: {e}", path.display()))
            })?;
            tracing::info!(file = %path.display(), "old backup taken away");
        }
        Ok(())
    }

    /// The backups that are there, the oldest first. Files with other names are nobody's business here.
    fn found(&self) -> Result<Vec<String>, Failure> {
        let unreadable = |e| Failure::new(format!("cannot look into {}: {e}", self.folder.display()));
        let entries = match std::fs::read_dir(&self.folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| made_at(name).is_some()).collect();
        names.sort();
        Ok(names)
    }

    /// What is wrong with the backups that are there. Says how many there are.
    pub fn look(&self, now: At) -> Result<(u64, Vec<String>), Failure> {
        let found = self.found()?;
        let newest = found.last().and_then(|name| made_at(name));
        let folder = self.folder.display();
        let finding = match newest {
            None => Some(format!("there is none in {folder} yet: is `remit serve` running?")),
            Some(at) if at + LATE < now => Some(format!(
                "the newest in {folder} is of {at}: look at `remit jobs list`, and whether `remit serve` is running"
            )),
            Some(_) => None,
        };
        Ok((found.len() as u64, finding.into_iter().collect()))
    }
}

/// `remit-20270131T023000Z.zip`.
fn name(at: At) -> String {
    Zone::utc().local(at).strftime("remit-%Y%m%dT%H%M%SZ.zip").to_string()
}

fn made_at(name: &str) -> Option<At> {
    let stem = Path::new(name).file_stem()?.to_str()?;
    let text = stem.strip_prefix("remit-")?;
    let local = remit_core::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let at = Zone::utc().at(local, remit_core::Edge::Start);
    (self::name(at) == name).then_some(at)
}

#[cfg(test)]
mod tests {
    use remit_db::migrate::Start;

    use super::*;

    fn daily(folder: &Path) -> Daily {
        Daily { folder: folder.to_owned(), time: Time::constant(2, 30, 0, 0), keep: 2 }
    }

    #[test]
    fn a_name_says_when_and_other_names_say_nothing() {
        let at: At = "2027-01-31T02:30:05Z".parse().unwrap();
        assert_eq!(name(at), "remit-20270131T023005Z.zip");
        assert_eq!(made_at(&name(at)), Some(at));
        for odd in [
            "remit.zip",
            "remit-20270131T023005Z.zip.part",
            "remit-20271331T023005Z.zip",
            "x-20270131T023005Z.zip",
            "remit-2027-01-31.zip",
        ] {
            assert_eq!(made_at(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_oldest_go_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let data = tempfile::tempdir().unwrap();
        let place = Place::Sqlite(data.path().join("remit.db"));
        drop(remit_db::Db::open(&place, remit_app::MIGRATIONS, Start::Migrate(clock::now())).unwrap());
        let (daily, key) = (daily(folder.path()), remit_app::audit::Key::new([7; 32]));
        let store = remit_app::attachments::Store::at(data.path().join("attachments"));
        let names =
            ["remit-20200101T000000Z.zip", "remit-20200102T000000Z.zip", "notes.txt", "remit-2020.zip"];
        for name in names {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let at = |text: &str| text.parse::<At>().unwrap();
        assert_eq!(daily.look(at("2020-01-03T11:00Z")).unwrap(), (2, Vec::new()));
        assert_eq!(daily.look(at("2020-01-03T13:00Z")).unwrap().1.len(), 1, "36 hours are late");
        daily.write(Origin { place: &place, store: &store, key: &key }).unwrap();
        let left = daily.found().unwrap();
        assert_eq!((left.len(), left[0].as_str()), (2, "remit-20200102T000000Z.zip"));
        assert!(folder.path().join("notes.txt").exists() && folder.path().join("remit-2020.zip").exists());
        let archive = super::super::Archive::open(&folder.path().join(&left[1])).unwrap();
        archive.check_seal(&key).unwrap();
    }

    #[test]
    fn a_folder_without_any_is_a_finding() {
        let folder = tempfile::tempdir().unwrap();
        let daily = daily(&folder.path().join("not there"));
        let (seen, findings) = daily.look(clock::now()).unwrap();
        assert_eq!((seen, findings.len()), (0, 1));
    }
}
