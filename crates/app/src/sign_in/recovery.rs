//! Recovery codes: for the day on which the authenticator app is gone.

use data_encoding::BASE32_NOPAD;
use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use crate::App;
use crate::people::Person;
use crate::refused::Refused;

/// How many somebody has.
pub const CODES: usize = 10;
/// Random bytes of a code: 16 letters.
const BYTES: usize = 10;

/// Replaces the codes of a person. They are shown now and never again.
pub(super) fn replace(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    whose: (Uuid, Id<Person>),
) -> Result<Vec<String>, Refused> {
    forget(tx, whose)?;
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let mut bits = [0; BYTES];
        app.random().fill(&mut bits);
        let letters = BASE32_NOPAD.encode(&bits).to_ascii_lowercase();
        let add = system_sql!("INSERT INTO recovery_code (provider_id, person_id, hash) VALUES ($1, $2, $3)");
        tx.exec(add, (whose.0, whose.1, hash(app, whose.1, &letters)))?;
        let groups = letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>();
        codes.push(groups.join("-"));
    }
    Ok(codes)
}

/// Takes a code, if it is one of this person and was not used yet.
pub(super) fn take(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    whose: (Uuid, Id<Person>),
    code: &str,
    at: At,
) -> Result<bool, Refused> {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let set = system_sql!(
        "UPDATE recovery_code SET used_at = $4 WHERE provider_id = $1 AND person_id = $2 AND hash = $3 AND used_at IS NULL"
    );
    let hash = hash(app, whose.1, &letters.to_ascii_lowercase());
    Ok(tx.exec(set, (whose.0, whose.1, hash, at))? == 1)
}

/// How many codes of a person are left.
pub(super) fn left(tx: &mut Tx<'_, '_, System>, whose: (Uuid, Id<Person>)) -> Result<i64, Refused> {
    let count = system_sql!(
        "SELECT COUNT(*) FROM recovery_code WHERE provider_id = $1 AND person_id = $2 AND used_at IS NULL"
    );
    Ok(tx.find::<(i64,), _>(count, whose)?.map_or(0, |(left,)| left))
}

/// Removes all codes of a person.
pub(super) fn forget(tx: &mut Tx<'_, '_, System>, whose: (Uuid, Id<Person>)) -> Result<(), Refused> {
    let remove = system_sql!("DELETE FROM recovery_code WHERE provider_id = $1 AND person_id = $2");
    tx.exec(remove, whose)?;
    Ok(())
}

/// With a key that is not in the database: whoever has stolen that cannot try codes against it.
fn hash(app: &App, person: Id<Person>, letters: &str) -> [u8; 32] {
    let mut hash = blake3::Hasher::new_keyed(&app.key().derive("remit 2026-11 recovery codes"));
    hash.update(person.uuid().as_bytes()).update(letters.as_bytes());
    *hash.finalize().as_bytes()
}
