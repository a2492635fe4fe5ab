//! A database, and how units of work are handed to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{broadcast, oneshot};
use tracing::Span;
use tracing::field::Empty;

use crate::error::Error;
use crate::link::{Connect, Trouble};
use crate::migrate::{self, Migration, Start};
use crate::pg::Postgres;
use crate::readers::Readers;
use crate::scope::Scope;
use crate::sqlite::{Purpose, Sqlite};
use crate::statement::{Engine, Reached, System};
use crate::tx::{Connection, Tx, Unit};
use crate::work::{Announce, CHANNEL, Job, Ran, Workers};

/// Changes that a slow listener may be behind before it misses some.
const BEHIND: usize = 1024;

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// The address of a server, `postgres://user:password@host/database`.
    Postgres(String),
}

/// A database with its threads. Dropping it waits for what is under way.
pub struct Db {
    engine: Engine,
    writer: Workers,
    readers: Readers,
    changes: broadcast::Sender<String>,
    trouble: Trouble,
}

impl Place {
    /// Reads `postgres://...`, `sqlite:FILE` or the path of a file.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(text.to_owned());
        }
        Self::Sqlite(text.strip_prefix("sqlite:").unwrap_or(text).into())
    }

    /// What is wrong with it, as far as can be told without going there.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => crate::pg::fault(url),
        }
    }

    pub(crate) fn connect(&self, purpose: Purpose) -> Result<Box<dyn Connection>, Error> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(Sqlite::open(path, purpose)?),
            Self::Postgres(url) => Box::new(Postgres::open(url)?),
        })
    }
}

impl std::fmt::Debug for Place {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => {
                let host = url.rsplit_once('@').map_or_else(|| "postgres://", |(_, host)| host);
                write!(f, "PostgreSQL at {host}")
            }
        }
    }
}

impl Db {
    /// Opens a database whose schema is that of `migrations`; see [`Start`] for what happens when it is not.
    pub fn open(place: &Place, migrations: &[Migration], start: Start) -> Result<Self, Error> {
        Self::open_by(Place::connect, place, migrations, start)
    }

    /// The same with connections of another make.
    pub(crate) fn open_by(
        make: impl Fn(&Place, Purpose) -> Result<Box<dyn Connection>, Error> + Clone + Send + Sync + 'static,
        place: &Place,
        migrations: &[Migration],
        start: Start,
    ) -> Result<Self, Error> {
        if let (Place::Sqlite(path), Start::MustBeCurrent) = (place, start) {
            must_exist(path)?;
        }
        let (changes, _) = broadcast::channel(BEHIND);
        let engine = match place {
            Place::Sqlite(_) => Engine::Sqlite,
            Place::Postgres(_) => Engine::Postgres,
        };
        // In a thread of its own: the driver of PostgreSQL must not be called from within a runtime.
        let opened = std::thread::scope(|threads| {
            let open = || {
                prepare(place, migrations, start)?;
                match place {
                    Place::Sqlite(_) => Ok(()),
                    Place::Postgres(url) => Postgres::listen(url, CHANNEL, &changes),
                }
            };
            threads.spawn(open).join()
        });
        opened.unwrap_or(Err(Error::Panicked))?;
        let place = place.clone();
        let connect = move |purpose| -> Connect {
            let (place, make) = (place.clone(), make.clone());
            Box::new(move || make(&place, purpose))
        };
        let trouble = Trouble::default();
        let announce = announce(engine, changes.clone());
        Ok(Self {
            engine,
            writer: Workers::writer(connect(Purpose::Write), announce, trouble.clone())?,
            readers: Readers::new(engine, move || connect(Purpose::Read))?,
            changes,
            trouble,
        })
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether it can be read and written, as far as is known. Where writing failed of late, it is tried: a row is written as it is.
    pub async fn ready(&self) -> Result<(), Error> {
        let look = |unit: &mut Unit<'_>| unit.connection.rows("SELECT 1", &[], &mut |_| {});
        answer(self.reading(None, Span::none(), look).await)?;
        if self.trouble.get().is_some() {
            let touch = |unit: &mut Unit<'_>| Unit::touch(unit);
            answer::<_, Error>(self.writing(None, Span::none(), touch).await)?;
        }
        Ok(())
    }

    /// Topics that were announced, from now on, by this and other processes. A listener that is far behind is told so.
    pub fn changes(&self) -> broadcast::Receiver<String> {
        self.changes.subscribe()
    }

    /// Runs a unit of work that may write. When it returns, what it did is on the disk; when it fails, nothing was done.
    pub async fn write<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let span = self.span("write");
        answer(self.writing(Some(scope), span, |unit| work(&mut Tx::<Reached>::new(unit))).await)
    }

    /// Runs a unit of work that only reads; all of it sees the same state.
    pub async fn read<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let span = self.span("read");
        answer(self.reading(Some(scope), span, |unit| work(&mut Tx::<Reached>::new(unit))).await)
    }

    /// The same for one that takes its time, such as a walk over a whole table.
    pub async fn read_long<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, told) = job(Some(scope), self.span("read"), |unit| work(&mut Tx::<Reached>::new(unit)));
        self.readers.submit_long(job);
        answer(told.await)
    }

    /// Runs a unit of work across providers that may write. `why` is for the reader: each use is on a list that the gate checks.
    pub async fn system<T, E>(
        &self,
        why: &'static str,
        work: impl FnOnce(&mut Tx<'_, '_, System>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        tracing::trace!(why, "unit of work across providers");
        let span = self.span("write");
        answer(self.writing(None, span, |unit| work(&mut Tx::<System>::new(unit))).await)
    }

    /// Runs a unit of work across providers that only reads.
    pub async fn system_read<T, E>(
        &self,
        why: &'static str,
        work: impl FnOnce(&mut Tx<'_, '_, System>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        tracing::trace!(why, "unit of work across providers");
        let span = self.span("read");
        answer(self.reading(None, span, |unit| work(&mut Tx::<System>::new(unit))).await)
    }

    fn writing<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        scope: Option<Scope>,
        span: Span,
        work: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, E>> {
        let (job, told) = job(scope, span, work);
        self.writer.submit(job);
        told
    }

    fn reading<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        scope: Option<Scope>,
        span: Span,
        work: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, E>> {
        let (job, told) = job(scope, span, work);
        self.readers.submit(job);
        told
    }

    /// For a unit of work that belongs to something: it lasts until the caller is told, and is entered while the unit runs, so that
    /// what it is idle is time in the queue and in the commit. What nobody asked for, such as looking for jobs, has none.
    fn span(&self, access: &'static str) -> Span {
        if Span::current().is_none() {
            return Span::none();
        }
        let engine = match self.engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgresql",
        };
        tracing::debug_span!("unit", engine, access, failed = Empty)
    }
}

/// A unit of work to hand in; its answer comes when it is known whether it was kept.
fn job<T, E>(
    scope: Option<Scope>,
    span: Span,
    work: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    let run = move |unit: Result<&mut Unit<'_>, Error>| {
        let done = unit.map_err(E::from).and_then(|unit| span.in_scope(|| work(unit)));
        let keep = done.is_ok();
        // Whoever waited may have gone; what was done stays done.
        let finish = move |kept: Result<(), Error>| {
            if kept.is_err() {
                span.record("failed", true);
            }
            // Over before the caller goes on, for what it belongs to may end then.
            drop(span);
            drop(tell.send(kept.map_err(E::from).and(done)));
        };
        Ran { keep, finish: Box::new(finish) }
    };
    (Job { scope, run: Box::new(run) }, told)
}

/// What a unit of work answered; one that panicked answers nothing.
fn answer<T, E: From<Error>>(told: Result<Result<T, E>, oneshot::error::RecvError>) -> Result<T, E> {
    told.unwrap_or_else(|_| Err(Error::Panicked.into()))
}

/// On PostgreSQL, the server tells this process of its own changes along with those of others.
fn announce(engine: Engine, changes: broadcast::Sender<String>) -> Announce {
    Arc::new(move |topics| {
        if engine == Engine::Sqlite {
            for topic in topics {
                // Nobody may be listening.
                let _ = changes.send(topic);
            }
        }
    })
}

/// Looks whether a database can be used, and brings it to the current schema where that is asked for. Looks first, and with a
/// connection that changes nothing: a database of another version, or of another program, stays as it is to the last byte.
fn prepare(place: &Place, migrations: &[Migration], start: Start) -> Result<(), Error> {
    let new = matches!(place, Place::Sqlite(path) if !path.exists());
    let due = new || {
        let mut connection = place.connect(Purpose::Look)?;
        connection.may_write()?;
        migrate::is_due(&mut *connection, migrations, start)?
    };
    if due { migrate::run(&mut *place.connect(Purpose::Write)?, migrations, start) } else { Ok(()) }
}

fn must_exist(path: &Path) -> Result<(), Error> {
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Unusable(format!(
            "there is no database at {}; make one with `remit admin init`",
            path.display()
        ))),
        Err(error) => Err(Error::Unusable(format!("cannot look at {}: {error}", path.display()))),
    }
}
