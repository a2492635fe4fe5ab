//! Statements: one text for both engines, checked for its scope when it is compiled.
//!
//! `$1` is the provider; the statement's own parameters begin at `$2`. What a caller may reach is written once, for every
//! kind of scope:
//!
//! | in the text | means |
//! |---|---|
//! | `{reach: s.client_id}` | the client in that column is within reach |
//! | `{reach?: p.client_id}` | the same, or the column is empty: the row belongs to the provider, and clients may see it |
//! | `{client: $3}` | the parameter, which must be a client within reach |
//! | `{client?: $3}` | the same; empty is for callers that reach everything |

use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::scope::Reach;

/// A statement that any scope can run: what is beyond reach is as if it were not there.
#[derive(Debug)]
pub enum Reached {}
/// A statement on what belongs to the provider as a whole.
#[derive(Debug)]
pub enum Whole {}
/// A statement on what everybody within a provider may see, such as its name.
#[derive(Debug)]
pub enum Shared {}
/// A statement across providers: sign-in, schedules, upkeep.
#[derive(Debug)]
pub enum System {}

/// Units of work that may run statements of a kind.
pub trait Allowed<Unit> {}
impl Allowed<Reached> for Reached {}
impl Allowed<Whole> for Reached {}
impl Allowed<Whole> for Whole {}
impl Allowed<Reached> for Shared {}
impl Allowed<Whole> for Shared {}
impl Allowed<System> for System {}

/// The engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite in a file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// A statement. Made by [`sql!`](crate::sql), [`shared_sql!`](crate::shared_sql),
/// [`whole_sql!`](crate::whole_sql) and [`system_sql!`](crate::system_sql) only.
#[derive(Debug)]
pub struct Statement<Kind> {
    text: &'static str,
    /// The text of each kind of reach on each engine, made when first used.
    texts: [OnceLock<Text>; 6],
    kind: PhantomData<fn() -> Kind>,
}

/// A statement as one engine runs it for one kind of reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub sql: String,
    /// Parameters of the statement's own.
    pub own: usize,
    /// Whether the id that the reach stands for is bound after all others.
    pub binds_reach: bool,
    /// Own parameters (counted from 0) that must be clients within reach, and whether they may be empty.
    pub guards: Vec<(usize, bool)>,
}

impl<Kind> Statement<Kind> {
    #[doc(hidden)]
    pub const fn new(text: &'static str) -> Self {
        Self { text, texts: [const { OnceLock::new() }; 6], kind: PhantomData }
    }

    /// As it was written.
    pub fn as_written(&self) -> &'static str {
        self.text
    }

    pub(crate) fn text(&self, engine: Engine, reach: Reach, scoped: bool) -> &Text {
        let reach_index = match reach {
            Reach::All => 0,
            Reach::Client(_) => 1,
            Reach::Listed(_) => 2,
        };
        let index = reach_index * 2 + usize::from(engine == Engine::Postgres);
        self.texts[index].get_or_init(|| expand(self.text, engine, reach, scoped))
    }
}

/// Writes a statement out for an engine and a kind of reach.
pub(crate) fn expand(text: &str, engine: Engine, reach: Reach, scoped: bool) -> Text {
    let highest = highest_parameter(text);
    let own = if scoped { highest.saturating_sub(1) } else { highest };
    let place = format!("${}", highest.max(usize::from(scoped)) + 1);
    let mut out =
        Text { sql: String::with_capacity(text.len()), own, binds_reach: false, guards: Vec::new() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.sql.push_str(before);
        let (token, after) = after.split_once('}').expect("a brace is closed: checked when compiled");
        let (word, operand) = token.split_once(": ").expect("a token has an operand: checked when compiled");
        match word {
            "reach" | "reach?" => {
                out.binds_reach |= reach != Reach::All;
                out.sql.push_str(&within(operand, reach, &place, word == "reach?"));
            }
            _ => {
                let parameter = operand.trim_start_matches('$').parse::<usize>();
                let parameter = parameter.expect("a guarded parameter is one: checked when compiled");
                out.guards.push((parameter - 2, word == "client?"));
                out.sql.push_str(operand);
            }
        }
        rest = after;
    }
    out.sql.push_str(rest);
    if engine == Engine::Sqlite {
        // `$1` is a name to SQLite, numbered by its first appearance; `?1` is a number.
        out.sql = out.sql.replace('$', "?");
    }
    out
}

fn within(operand: &str, reach: Reach, place: &str, or_empty: bool) -> String {
    let within = match reach {
        Reach::All => return "1 = 1".to_owned(),
        Reach::Client(_) => format!("{operand} = {place}"),
        Reach::Listed(_) => {
            format!(
                "{operand} IN (SELECT client_id FROM reach WHERE provider_id = $1 AND membership_id = {place})"
            )
        }
    };
    if or_empty { format!("({operand} IS NULL OR {within})") } else { within }
}

fn highest_parameter(text: &str) -> usize {
    let numbers = text.split('$').skip(1).map(|after| {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        after[..digits].parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

/// Checks of a text while the crate that has it is compiled. A tripwire, not a proof: the proof is that composite keys, row-level
/// security and the test of every route hold as well.
pub mod check {
    /// Whether `text` has `part`.
    pub const fn has(text: &str, part: &str) -> bool {
        let (text, part) = (text.as_bytes(), part.as_bytes());
        let mut start = 0;
        while start + part.len() <= text.len() {
            let mut same = 0;
            while same < part.len() && text[start + same] == part[same] {
                same += 1;
            }
            if same == part.len() {
                return true;
            }
            start += 1;
        }
        false
    }

    /// A text that any scope can run.
    pub const fn reached(text: &str) {
        provider(text);
        assert!(
            has(text, "{reach: ")
                || has(text, "{reach?: ")
                || has(text, "{client: ")
                || has(text, "{client?: "),
            "the statement does not say what is within reach: write `AND {{reach: client_id}}`, or `{{client: $3}}` for the client of a new \
             row; a statement on what belongs to the provider as a whole is written with whole_sql!"
        );
        braces(text);
    }

    /// A text on what belongs to the provider as a whole.
    pub const fn whole(text: &str) {
        provider(text);
        assert!(!has(text, "{"), "a statement on the whole provider needs no reach: write it with sql!");
        braces(text);
    }

    /// A text across providers.
    pub const fn system(text: &str) {
        assert!(!has(text, "{"), "a statement across providers has no reach");
        braces(text);
    }

    const fn provider(text: &str) {
        assert!(
            has(text, "provider_id = $1")
                || has(text, "(provider_id, ") && has(text, "VALUES ($1, ")
                || has(text, "(provider_id, ") && has(text, "SELECT $1, "),
            "the statement is not bound to a provider: write `provider_id = $1`, or `INSERT INTO t (provider_id, ...) VALUES ($1, ...)`"
        );
    }

    /// Tokens are complete, and nothing is in the text that the two engines read differently.
    const fn braces(text: &str) {
        let bytes = text.as_bytes();
        let (mut at, mut open) = (0, false);
        while at < bytes.len() {
            match bytes[at] {
                b'{' => {
                    assert!(!open, "a brace inside a brace");
                    open = true;
                }
                b'}' => {
                    assert!(open, "a brace closes nothing");
                    open = false;
                }
                b'?' => assert!(open, "parameters are written $1, $2 ..."),
                _ => {}
            }
            at += 1;
        }
        assert!(!open, "a brace is not closed");
        assert!(!has(text, "::"), "write CAST(x AS BIGINT): `::` is PostgreSQL's own");
        assert!(!has(text, "ILIKE"), "ILIKE is PostgreSQL's own; compare a folded column");
        assert!(!has(text, "now("), "time is bound from a clock");
        assert!(!has(text, "SELECT *"), "name the columns");
    }
}

/// A statement that any scope can run; see [`mod@crate::statement`] for what it may say. Without a word on provider and reach it
/// does not compile:
///
/// ```
/// remit_db::sql!("SELECT name FROM site WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
/// ```
/// ```compile_fail
/// remit_db::sql!("SELECT name FROM site WHERE id = $1");
/// ```
/// ```compile_fail
/// remit_db::sql!("SELECT name FROM site WHERE provider_id = $1 AND id = $2");
/// ```
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        const _: () = $crate::statement::check::reached($text);
        static STATEMENT: $crate::Statement<$crate::statement::Reached> = $crate::Statement::new($text);
        &STATEMENT
    }};
}

/// A statement on what belongs to the provider as a whole.
#[macro_export]
macro_rules! whole_sql {
    ($text:expr) => {{
        const _: () = $crate::statement::check::whole($text);
        static STATEMENT: $crate::Statement<$crate::statement::Whole> = $crate::Statement::new($text);
        &STATEMENT
    }};
}

/// A statement on what everybody within a provider may see. Row-level security holds it to tables that are secured as `shared`.
#[macro_export]
macro_rules! shared_sql {
    ($text:expr) => {{
        const _: () = $crate::statement::check::whole($text);
        static STATEMENT: $crate::Statement<$crate::statement::Shared> = $crate::Statement::new($text);
        &STATEMENT
    }};
}

/// A statement across providers.
#[macro_export]
macro_rules! system_sql {
    ($text:expr) => {{
        const _: () = $crate::statement::check::system($text);
        static STATEMENT: $crate::Statement<$crate::statement::System> = $crate::Statement::new($text);
        &STATEMENT
    }};
}
