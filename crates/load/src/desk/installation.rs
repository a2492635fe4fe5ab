//! A desk to measure: believable clients, people and teams, and as many tickets as are asked for.

use std::sync::Arc;
use std::time::Instant;

use remit_app::audit::Key;
use remit_app::{App, Caller, Clock as _, MIGRATIONS, Refused, search, sign_in};
use remit_core::{At, Millis, Zone};
use remit_db::testing::TestDb;
use remit_db::{Engine, Place};
use remit_web::SystemRandom;
use tempfile::TempDir;

use super::cast::Cast;
use super::samples::{Sample, play};
use super::stamp::{Made, stamp};
use super::words::Words;
use crate::clock::SystemClock;
use crate::dial::Dial;

/// The key of its audit log.
const KEY: [u8; 32] = [5; 32];
/// How long before now the samples are played.
const LONG_AGO: Millis = Millis::from_hours(40 * 24);

/// An installation that nobody has open.
pub struct Installation {
    home: TestDb,
    folder: TempDir,
    /// Who is there.
    pub cast: Cast,
    /// Which tickets.
    pub made: Made,
}

/// The last Wednesday at 18:00 UTC before an instant, when all offices of the demo are open: at night and at weekends their matrices give
/// the work to others, and the tickets would be those of whatever hour somebody measures at.
fn office_hours(before: At) -> At {
    let earlier = before - Millis::from_hours(18);
    let local = Zone::utc().local(earlier);
    let days = i64::from((local.weekday().to_monday_zero_offset() + 5) % 7);
    let minutes = days * 24 * 60 + i64::from(local.hour()) * 60 + i64::from(local.minute());
    earlier - Millis::from_minutes(minutes) + Millis::from_hours(18)
}

impl Installation {
    /// Makes one with so many tickets; ten lines to each, more or less.
    pub async fn fill(engine: Engine, tickets: u64, words: &Words) -> Result<Self, String> {
        let failed = |e: Refused| e.to_string();
        let begun = Instant::now();
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        std::fs::write(folder.path().join("audit.key"), KEY).map_err(|e| e.to_string())?;
        let home = TestDb::new(engine);
        let now = SystemClock.now();
        let origin = office_hours(now - LONG_AGO);
        let dial = Arc::new(Dial::new(origin - Millis::from_hours(24)));
        let app =
            App::new(home.open(MIGRATIONS), Arc::<Dial>::clone(&dial), Arc::new(SystemRandom), Key::new(KEY));
        let cast = Cast::make(&app).await.map_err(failed)?;
        dial.set(origin);
        let samples = play(&app, &cast, words).await.map_err(failed)?;
        drop(app);
        eprintln!(
            "{engine:?}: {} tickets were played in {:.0} s",
            samples.len(),
            begun.elapsed().as_secs_f64()
        );
        let desk = cast.teams[0];
        let at_hand = |sample: &Sample| {
            let ticket = &sample.ticket;
            // Nothing is asked for a hand-off of it besides the usual.
            let plain = !["network", "backup"].iter().any(|service| ticket.service.starts_with(service));
            let waits = ticket.status.is_open() && ticket.custody.turn().0 == 0;
            sample.is_open() && ticket.team == desk && waits && plain
        };
        let made = stamp(&home, (&samples, words), (tickets, origin, now), at_hand)?;
        if made.at_hand.is_empty() {
            return Err("no ticket is with the service desk: there is nothing to hand on".to_owned());
        }
        eprintln!(
            "{engine:?}: {} tickets with {} lines are there after {:.0} s, {} of them open",
            made.tickets,
            made.lines,
            begun.elapsed().as_secs_f64(),
            made.open.len()
        );
        let at = Self { home, folder, cast, made };
        // Rows that are copied are in no index of words; the product's own way of making one anew puts them there.
        let (app, by, begun) = (at.app(), Caller::operator(at.cast.provider), Instant::now());
        let seen = search::mend(&app, &by).await.map_err(failed)?;
        if seen.missing < at.made.tickets {
            return Err(format!("{} lines were put into the index of words: there are more", seen.missing));
        }
        eprintln!(
            "{engine:?}: {} lines are found by their words after {:.0} s more",
            seen.missing,
            begun.elapsed().as_secs_f64()
        );
        Ok(at)
    }

    /// Opens it. To be closed before another process has it.
    pub fn app(&self) -> App {
        App::new(self.home.open(MIGRATIONS), Arc::new(SystemClock), Arc::new(SystemRandom), Key::new(KEY))
    }

    /// A link that signs the technician in, once.
    pub async fn link(&self) -> Result<String, String> {
        let (app, by, who) = (self.app(), Caller::operator(self.cast.provider), self.cast.technician.id);
        let link = app.write(&by, move |tx, act| sign_in::make_link(tx, act, who)).await;
        link.map(|link| link.reveal()).map_err(|e| e.to_string())
    }

    /// Its folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where its database is, as the configuration says it.
    pub fn place(&self) -> String {
        match self.home.place() {
            Place::Sqlite(path) => path.display().to_string(),
            Place::Postgres(url) => url.clone(),
        }
    }
}
