//! Matrices that were read, proved and compiled, kept for the next who asks.
//!
//! All of it follows from a text and a day alone and is known by the hash of the text. So nothing here ever goes stale: an edited text is
//! another one. What is rarely asked for makes room.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use remit_core::{At, Date, Horizon, Id};
use remit_matrix::ask::{Asker, Grid, Lanes, Unclear, week_around};
use remit_matrix::verify::HORIZON_MONTHS;
use remit_matrix::{Matrix, text};
use remit_web::Error;
use uuid::Uuid;

use super::{Checked, Version, check};
use crate::people::{Party, Team};

/// Text, in kilobytes, whose matrices are kept. What follows from a text takes some twenty times its room.
const MATRICES: u64 = 1024;
/// Text, in kilobytes, for which proofs, pictures, days and weeks are kept; of each so much.
const ANSWERS: u64 = 512;

/// Versions whose teams are kept.
const VERSIONS: usize = 4096;

/// A text and a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    text: [u8; 32],
    bytes: usize,
    day: i64,
}

impl Key {
    fn new(text: &str, day: i64) -> Self {
        Self { text: *blake3::hash(text.as_bytes()).as_bytes(), bytes: text.len(), day }
    }

    fn on(text: &str, day: Date) -> Self {
        let number = |part: i8| i64::from(part);
        Self::new(text, i64::from(day.year()) * 512 + number(day.month()) * 32 + number(day.day()))
    }
}

#[derive(Debug, Clone)]
struct Kilobytes;

impl<V> Weighter<Key, V> for Kilobytes {
    fn weight(&self, key: &Key, _: &V) -> u64 {
        1 + (key.bytes >> 10) as u64
    }
}

type Kept<V> = Cache<Key, V, Kilobytes>;

#[derive(Debug, Clone)]
struct OfText;

impl Weighter<Uuid, Arc<str>> for OfText {
    fn weight(&self, _: &Uuid, text: &Arc<str>) -> u64 {
        1 + (text.len() >> 10) as u64
    }
}

/// What each team of a version is here, in its order.
pub(crate) type Teams = Arc<[(Id<Party>, Id<Team>)]>;

/// What is kept. Shared by all who ask.
pub(crate) struct Shelf {
    texts: Cache<Uuid, Arc<str>, OfText>,
    teams: Cache<Uuid, Teams>,
    matrices: Kept<Arc<Matrix>>,
    lines: Kept<Arc<[usize]>>,
    checks: Kept<Arc<Checked>>,
    grids: Kept<Arc<Grid>>,
    days: Kept<Result<Arc<Asker>, Unclear>>,
    weeks: Kept<Result<Arc<Lanes>, Unclear>>,
}

impl Default for Shelf {
    fn default() -> Self {
        fn room<V: Clone>(kilobytes: u64) -> Kept<V> {
            // A usual matrix has some ten kilobytes of text.
            Cache::with_weighter(kilobytes as usize / 8, kilobytes, Kilobytes)
        }
        Self {
            texts: Cache::with_weighter(MATRICES as usize / 8, MATRICES, OfText),
            teams: Cache::new(VERSIONS),
            matrices: room(MATRICES),
            lines: room(MATRICES),
            checks: room(ANSWERS),
            grids: room(ANSWERS),
            days: room(ANSWERS),
            weeks: room(ANSWERS),
        }
    }
}

impl Shelf {
    /// The text of a version, which never changes.
    pub async fn text<E>(
        &self,
        version: Id<Version>,
        read: impl AsyncFnOnce() -> Result<Arc<str>, E>,
    ) -> Result<Arc<str>, E> {
        self.texts.get_or_insert_async(&version.uuid(), read()).await
    }

    /// What the teams of a version are here. Neither it nor they change; nothing is kept while one of them is still to be founded.
    pub async fn teams<E>(
        &self,
        version: Id<Version>,
        look: impl AsyncFnOnce() -> Result<Option<Teams>, E>,
    ) -> Result<Option<Teams>, E> {
        if let Some(kept) = self.teams.get(&version.uuid()) {
            return Ok(Some(kept));
        }
        let found = look().await?;
        if let Some(teams) = &found {
            self.teams.insert(version.uuid(), Arc::clone(teams));
        }
        Ok(found)
    }

    /// The matrix of a version. It was proved when it was proposed, so it can be read.
    pub async fn matrix(&self, written: &str) -> Result<Arc<Matrix>, Error> {
        let text = written.to_owned();
        let read = move || text::read("matrix.toml", &text).map(Arc::new).map_err(Error::internal);
        kept(&self.matrices, Key::new(written, 0), read).await
    }

    /// The line of each row in the text of a version.
    pub async fn row_lines(&self, written: &str) -> Result<Arc<[usize]>, Error> {
        let text = written.to_owned();
        kept(&self.lines, Key::new(written, 0), move || Ok(text::row_lines(&text).into())).await
    }

    /// What a text is worth from a day on; see [`check`].
    pub async fn check(&self, written: &str, from: Date) -> Result<Arc<Checked>, Error> {
        let text = written.to_owned();
        kept(&self.checks, Key::on(written, from), move || Ok(Arc::new(check(&text, from)))).await
    }

    /// Who owns what in the 13 months from a day on.
    pub async fn grid(&self, written: &str, from: Date) -> Result<Arc<Grid>, Error> {
        let matrix = self.matrix(written).await?;
        let horizon = Horizon::months(from, &matrix.zone, HORIZON_MONTHS);
        let look = move || Grid::new(&matrix, horizon).map(Arc::new).map_err(Error::internal);
        kept(&self.grids, Key::on(written, from), look).await
    }

    /// A version ready to say who owns a duty at an instant.
    pub async fn asker(&self, written: &str, at: At) -> Result<Result<Arc<Asker>, Unclear>, Error> {
        let matrix = self.matrix(written).await?;
        let ready = move || Ok(Asker::new(&matrix, at).map(Arc::new));
        kept(&self.days, Key::new(written, Asker::day(at)), ready).await
    }

    /// A version ready to say who owns duties through the week that begins on a Monday.
    pub async fn week(&self, written: &str, monday: Date) -> Result<Result<Arc<Lanes>, Unclear>, Error> {
        let matrix = self.matrix(written).await?;
        let ready = move || {
            let around = week_around(monday, &matrix.zone);
            Ok(Lanes::new(&matrix, monday, around).map(Arc::new))
        };
        kept(&self.weeks, Key::on(written, monday), ready).await
    }
}

/// What is kept, or what is made now, once for all who wait for it.
async fn kept<V: Clone + Send + 'static>(
    on: &Kept<V>,
    key: Key,
    make: impl FnOnce() -> Result<V, Error> + Send + 'static,
) -> Result<V, Error> {
    on.get_or_insert_async(&key, async move { aside(make).await? }).await
}

/// Computes something that takes longer than a lookup, beside the threads that answer requests.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(client: &str) -> String {
        let options = remit_matrix::templates::TemplateOptions::fully_managed(client, "UTC");
        text::write(&remit_matrix::templates::draft(&options).unwrap())
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn what_was_worked_out_is_not_worked_out_again_and_another_text_or_day_is_another() {
        let (shelf, one, other) = (Shelf::default(), written("One"), written("Other"));
        let (monday, next) = (day("2026-11-23"), day("2026-11-30"));
        let first = shelf.check(&one, monday).await.unwrap();
        assert!(first.is_sound() && first.is_of(&one));
        assert!(Arc::ptr_eq(&first, &shelf.check(&one, monday).await.unwrap()));
        assert_eq!(shelf.check(&one, next).await.unwrap().from, next);
        assert!(shelf.check(&other, monday).await.unwrap().is_of(&other));

        let matrix = shelf.matrix(&one).await.unwrap();
        assert!(Arc::ptr_eq(&matrix, &shelf.matrix(&one).await.unwrap()));
        assert_eq!(shelf.matrix(&other).await.unwrap().client(), "Other");
        let weeks =
            [shelf.week(&one, monday).await, shelf.week(&one, next).await].map(|week| week.unwrap().unwrap());
        assert!(!Arc::ptr_eq(&weeks[0], &weeks[1]));
    }

    /// The first and the last millisecond of a day ask the same, and are answered as if each had asked alone.
    #[tokio::test]
    async fn instants_of_a_day_share_what_is_ready_for_it() {
        let (shelf, text) = (Shelf::default(), written("One"));
        let instants = ["2026-03-08T00:00Z", "2026-03-08T10:30Z", "2026-03-08T23:59:59.999Z"];
        let instants = instants.map(|text| text.parse::<At>().unwrap());
        let first = shelf.asker(&text, instants[0]).await.unwrap().unwrap();
        let matrix = shelf.matrix(&text).await.unwrap();
        let values = remit_matrix::ask::Values::new(&matrix, |_| None).unwrap();
        for at in instants {
            let ready = shelf.asker(&text, at).await.unwrap().unwrap();
            assert!(Arc::ptr_eq(&first, &ready));
            let service = matrix.services.get("helpdesk").unwrap();
            let answer = ready.answer(service, &values, at).unwrap();
            assert_eq!((answer.at, answer.verdict), (at, remit_matrix::ask::Verdict::Owned));
        }
        let next = instants[2] + remit_core::Millis::from_minutes(1);
        assert!(!Arc::ptr_eq(&first, &shelf.asker(&text, next).await.unwrap().unwrap()));
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let (shelf, monday) = (Shelf::default(), day("2026-11-23"));
        for n in 0..2000 {
            // Not matrices: what is wrong with them is kept all the same.
            shelf.check(&format!("client = \"{n}\"{}", " ".repeat(1 << 12)), monday).await.unwrap();
        }
        assert!(shelf.checks.weight() <= ANSWERS, "{} kB", shelf.checks.weight());
        assert!(shelf.checks.len() > 50, "{} kept", shelf.checks.len());
    }
}
