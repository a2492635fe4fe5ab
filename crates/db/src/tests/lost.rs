//! A database that goes away, fills up or becomes read-only while it is used: nothing that was acknowledged is lost, nothing that was
//! refused is kept, and when the cause is gone, the same process goes on.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use super::{ACME, SCHEMA, add_site, id, migrate, names, on_each};
use crate::migrate::Start;
use crate::testing::{SERVER, TestDb};
use crate::{Db, Engine, Error, Place, Scope};

fn acme() -> Scope {
    Scope::all(id(ACME))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future)
}

/// Sets how many pages the file may have; SQLite then says that the disk is full, in the midst of a statement.
async fn most_pages(db: &Db, pages: &str) {
    let set = format!("PRAGMA max_page_count = {pages}");
    db.write(acme(), move |tx| tx.raw(&set).map(drop)).await.unwrap();
}

#[test]
fn when_the_file_is_full_what_was_acknowledged_stays_and_nothing_else() {
    block_on(async {
        let home = TestDb::new(Engine::Sqlite);
        let db = Arc::new(home.open(SCHEMA));
        // As many as there are already: not one more.
        most_pages(&db, "1").await;
        let mut acknowledged = Vec::new();
        let mut refused = 0;
        for round in 0..4 {
            // Held up, so that all of a round are in one group.
            let (go, held) = mpsc::channel::<()>();
            let holding = db.clone();
            let waiting = tokio::spawn(async move {
                let wait =
                    move |_: &mut crate::Tx<'_, '_>| held.recv().map_err(|e| Error::Other(e.to_string()));
                holding.write(acme(), wait).await
            });
            tokio::task::yield_now().await;
            let adding: Vec<_> = (0..40)
                .map(|n| {
                    let (db, name) = (db.clone(), format!("{round:02}-{n:02}-{}", "x".repeat(200)));
                    tokio::spawn(
                        async move { (add_site(&db, acme(), round * 100 + n, 1, &name).await, name) },
                    )
                })
                .collect();
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            let _ = waiting.await.unwrap();
            for adding in adding {
                match adding.await.unwrap() {
                    (Ok(_), name) => acknowledged.push(name),
                    (Err(Error::Full), _) => refused += 1,
                    (Err(other), name) => panic!("{name}: {other}"),
                }
            }
        }
        assert!(refused > 0, "it was full");
        acknowledged.sort_unstable();
        assert_eq!(names(&db, acme()).await, acknowledged, "what is there is what was acknowledged");
        most_pages(&db, "1000000").await;
        add_site(&db, acme(), 999, 1, "room again").await.unwrap();
        assert_eq!(db.ready().await, Ok(()));
        assert_eq!(names(&db, acme()).await.len(), acknowledged.len() + 1);
    });
}

/// Ends every other session on the database of a test.
const END_SESSIONS: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Makes the database of a test read-only for sessions to come, or writable again.
fn read_only(home: &TestDb, how: &str) {
    home.tamper(&format!(
        "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {how}', current_database()); END $$; COMMIT"
    ));
}

#[test]
fn a_server_that_ended_its_sessions_is_asked_again_and_nobody_notices() {
    on_each(async |db, home| {
        if db.engine() == Engine::Sqlite {
            return;
        }
        add_site(db, acme(), 1, 1, "before").await.unwrap();
        assert_eq!(names(db, acme()).await, ["before"]);
        home.tamper(END_SESSIONS);
        add_site(db, acme(), 2, 1, "after").await.unwrap();
        for _ in 0..8 {
            assert_eq!(names(db, acme()).await, ["after", "before"]);
        }
        // In the midst of a unit of work: that one is lost, and says so.
        let cut = "SELECT pg_terminate_backend(pg_backend_pid())";
        let lost = db.write(acme(), move |tx| tx.raw(cut).map(drop)).await.unwrap_err();
        assert!(matches!(lost, Error::Gone(_)), "{lost}");
        assert_eq!(db.ready().await, Ok(()));
        add_site(db, acme(), 3, 1, "later").await.unwrap();
        assert_eq!(names(db, acme()).await, ["after", "before", "later"]);
    });
}

#[test]
fn a_database_that_becomes_read_only_is_read_until_it_can_be_written_again() {
    on_each(async |db, home| {
        if db.engine() == Engine::Sqlite {
            return;
        }
        add_site(db, acme(), 1, 1, "before").await.unwrap();
        read_only(home, "SET default_transaction_read_only = on");
        home.tamper(END_SESSIONS);
        for start in [Start::MustBeCurrent, migrate()] {
            let refused = Db::open(home.place(), SCHEMA, start).err().unwrap();
            assert!(
                matches!(&refused, Error::ReadOnly(why) if why.contains("default_transaction_read_only"))
            );
        }
        let refused = add_site(db, acme(), 2, 1, "refused").await.unwrap_err();
        assert!(matches!(refused, Error::ReadOnly(_)), "{refused}");
        assert_eq!(names(db, acme()).await, ["before"]);
        assert!(matches!(db.ready().await, Err(Error::ReadOnly(_))));
        read_only(home, "RESET default_transaction_read_only");
        assert_eq!(db.ready().await, Ok(()));
        add_site(db, acme(), 3, 1, "after").await.unwrap();
        assert_eq!(names(db, acme()).await, ["after", "before"]);
    });
}

/// A way to the server that can be closed and opened again.
struct Way {
    port: u16,
    closed: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    thread: Option<JoinHandle<()>>,
}

impl Way {
    fn open(port: u16, to: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        let port = listener.local_addr().expect("it listens").port();
        let (closed, open) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (ended, kept) = (closed.clone(), open.clone());
        let carry = move || {
            for here in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (here, there) =
                    (here.expect("it came"), TcpStream::connect(&to).expect("the server is there"));
                kept.lock().expect("nobody panicked").extend([copy(&here), copy(&there)]);
                for (mut from, mut to) in [(copy(&here), copy(&there)), (there, here)] {
                    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                }
            }
        };
        Self { port, closed, open, thread: Some(std::thread::spawn(carry)) }
    }

    fn close(mut self) -> u16 {
        self.closed.store(true, Ordering::SeqCst);
        // So that it looks.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().expect("it runs").join().expect("it ended");
        for stream in self.open.lock().expect("nobody panicked").drain(..) {
            // The other end may have closed it.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.port
    }
}

fn copy(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("it can be had twice")
}

#[test]
fn a_server_that_cannot_be_reached_is_said_so_until_it_can() {
    if std::env::var_os(SERVER).is_none() {
        return;
    }
    let home = TestDb::new(Engine::Postgres);
    let Place::Postgres(url) = home.place() else { unreachable!("it is on a server") };
    let (user, rest) = url.rsplit_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    let way = Way::open(0, host.to_owned());
    let place = Place::Postgres(format!("{user}@127.0.0.1:{}/{name}", way.port));
    let db = Db::open(&place, SCHEMA, migrate()).unwrap();
    block_on(async {
        add_site(&db, acme(), 1, 1, "before").await.unwrap();
        let port = way.close();
        for _ in 0..2 {
            let refused = add_site(&db, acme(), 2, 1, "refused").await.unwrap_err();
            assert!(matches!(&refused, Error::Gone(why) if why.contains("refused")), "{refused}");
        }
        assert!(matches!(db.ready().await, Err(Error::Gone(_))));
        let way = Way::open(port, host.to_owned());
        assert_eq!(db.ready().await, Ok(()));
        add_site(&db, acme(), 3, 1, "after").await.unwrap();
        assert_eq!(names(&db, acme()).await, ["after", "before"]);
        drop(db);
        way.close();
    });
}
