//! What is found is what is there, within the scope, on both engines.

use super::{Entry, Place, Query, TABLES, words};
use crate::migrate::Migration;
use crate::testing::{TestDb, engines};
use crate::tests::{ACME, OTHER, SCHEMA, id};
use crate::{Db, Engine, Error, Scope, system_sql};

const WORDS: [&str; 12] = [
    "printer", "print", "prints", "paper", "vpn", "tunnel", "tunnels", "Büro", "drucker", "mail", "inc0012",
    "a",
];

/// Some entry: of which provider and client, where, and what it says.
struct Known {
    provider: u128,
    client: u128,
    place: Place,
    text: String,
}

impl Known {
    /// Whether it is of one of these clients and has what is looked for.
    fn is(&self, query: &Query, (provider, clients): (u128, &[u128])) -> bool {
        let own: Vec<String> = words(&self.text).map(|(_, word)| word).collect();
        let theirs = self.provider == provider && clients.contains(&self.client);
        theirs && query.fits(&own.iter().map(String::as_str))
    }
}

/// Enough of them that some wait on SQLite and some do not, over several stretches of numbers.
fn entries() -> Vec<Known> {
    let entry = |n: i64| {
        let word = |k: i64| WORDS[(n * k % 131 % 12).unsigned_abs() as usize];
        let (provider, client) =
            (if n % 5 == 0 { OTHER } else { ACME }, 1 + u128::from((n % 3).unsigned_abs()));
        let text = format!("{} {}, {}", word(7), word(11), word(3));
        Known { provider, client, place: Place { number: n * 61, part: n % 4 }, text }
    };
    (0..1500).map(entry).collect()
}

async fn fill(db: &Db, all: &[Known]) {
    for known in all.chunks(100) {
        for provider in [ACME, OTHER] {
            let own: Vec<(u128, Place, String)> = known
                .iter()
                .filter(|known| known.provider == provider)
                .map(|known| (known.client, known.place, known.text.clone()))
                .collect();
            let add = db.write(Scope::all(id(provider)), move |tx| {
                for (client, place, text) in &own {
                    let labels = [format!("of{client}")];
                    let texts = [text.as_str()];
                    tx.index(&Entry { client: id(*client), place: *place, texts: &texts, labels: &labels })?;
                }
                Ok::<_, Error>(())
            });
            add.await.unwrap();
        }
    }
    let list = system_sql!("INSERT INTO reach (provider_id, membership_id, client_id) VALUES ($1, $2, $3)");
    let reach = db.system("a test", move |tx| {
        tx.exec(list, (id(ACME), id(77), id(2)))?;
        tx.exec(list, (id(ACME), id(77), id(3)))
    });
    reach.await.unwrap();
}

#[expect(clippy::needless_pass_by_value, reason = "a test is written where it is passed")]
fn on_each(test: impl AsyncFn(&Db)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let schema = [SCHEMA[0], Migration { number: 2, name: "index", text: TABLES }];
    for engine in engines() {
        let home = TestDb::new(engine);
        let db = home.open(&schema);
        runtime.block_on(test(&db));
    }
}

async fn found(db: &Db, scope: Scope, query: &Query) -> Vec<Place> {
    let (mut all, mut before) = (Vec::new(), Place::END);
    loop {
        let query = query.clone();
        let page = db.read(scope, move |tx| tx.search(&query, before, 150)).await.unwrap();
        let Some(last) = page.last() else { return all };
        before = *last;
        all.extend(page);
    }
}

#[test]
fn each_scope_finds_what_it_reaches_the_newest_first() {
    on_each(async |db| {
        let all = entries();
        fill(db, &all).await;
        let scopes: [(Scope, u128, &[u128]); 5] = [
            (Scope::all(id(ACME)), ACME, &[1, 2, 3]),
            (Scope::all(id(OTHER)), OTHER, &[1, 2, 3]),
            (Scope::client(id(ACME), id(1)), ACME, &[1]),
            (Scope::listed(id(ACME), id(77)), ACME, &[2, 3]),
            (Scope::listed(id(ACME), id(78)), ACME, &[]),
        ];
        for typed in ["print", "vpn tunnel", "tunnel paper print", "buro", "a", "pap", "inc001", "nothing"] {
            let exact = Query::read(typed).unwrap();
            for query in [exact.clone(), exact.tolerant(), Query::read("prinetr").unwrap().tolerant()] {
                for (scope, provider, clients) in scopes {
                    let is = |known: &&Known| known.is(&query, (provider, clients));
                    let mut wanted: Vec<Place> = all.iter().filter(is).map(|known| known.place).collect();
                    wanted.sort_unstable_by(|a, b| b.cmp(a));
                    assert_eq!(found(db, scope, &query).await, wanted, "{typed} {scope:?}");
                    let labelled = query.clone().labelled("of2");
                    let of = all.iter().filter(is).filter(|known| known.client == 2).count();
                    assert_eq!(found(db, scope, &labelled).await.len(), of);
                }
            }
        }
    });
}

#[test]
fn all_entries_can_be_counted_and_those_of_others_cannot_be_had() {
    on_each(async |db| {
        let all = entries();
        fill(db, &all).await;
        let (first, last) = (100, 70_000);
        let own = |known: &&Known| {
            known.provider == ACME && known.client == 1 && (first..=last).contains(&known.place.number)
        };
        let places: Vec<Place> = all.iter().filter(own).map(|known| known.place).collect();
        let there = async |scope| db.read(scope, move |tx| tx.indexed(first, last)).await.unwrap();
        let seen = there(Scope::all(id(ACME))).await;
        assert!(places.iter().all(|place| seen.contains(place)));
        if db.engine() == Engine::Postgres {
            assert_eq!(there(Scope::client(id(ACME), id(1))).await, places, "row-level security says so");
        }
        let entry = |tx: &mut crate::Tx<'_, '_>| {
            let place = Place { number: 5, part: 9 };
            tx.index(&Entry { client: id(2), place, texts: &["x"], labels: &[] })
        };
        let beyond = db.write(Scope::client(id(ACME), id(1)), entry).await;
        assert_eq!(beyond, Err(Error::OutOfReach));
    });
}

#[test]
fn what_is_not_kept_is_not_found() {
    on_each(async |db| {
        let scope = Scope::all(id(ACME));
        let undone: Result<(), Error> = db
            .write(scope, |tx| {
                let place = Place { number: 1, part: 1 };
                tx.index(&Entry { client: id(1), place, texts: &["gone"], labels: &[] })?;
                Err(Error::Busy)
            })
            .await;
        assert_eq!(undone, Err(Error::Busy));
        assert_eq!(found(db, scope, &Query::read("gone").unwrap()).await, []);
    });
}
