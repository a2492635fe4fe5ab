//! What the parameters of a statement stand beside, and values for them out of rows that are there.

use std::collections::BTreeMap;

use remit_db::Value;
use remit_db::testing::Written;
use uuid::Uuid;

/// A table: its columns, and its rows.
#[derive(Debug, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// All tables, by name.
pub type Rows = BTreeMap<String, Table>;

/// A row with the names of its columns.
#[derive(Clone, Copy)]
pub struct Named<'t>(pub &'t Table, pub &'t [Value]);

/// A statement, read.
#[derive(Debug)]
pub struct Read {
    pub written: Written,
    pub text: String,
    /// The table that it is about.
    pub table: String,
    /// Its own parameters, `$2` first.
    pub parameters: Vec<Parameter>,
}

/// What a parameter stands beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    table: String,
    column: String,
    beside: Beside,
    /// Whether it must be a client within reach: `{client: $3}`.
    pub guarded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Equal,
    Other,
    Above,
    Below,
    Limit,
}

impl<'t> Named<'t> {
    /// The value in a column; none where there is no such column.
    pub fn get(&self, column: &str) -> Option<&'t Value> {
        self.0.columns.iter().position(|name| name == column).map(|place| &self.1[place])
    }
}

impl Read {
    /// Reads a statement as it is written in the sources.
    pub fn of(written: Written, text: &str) -> Self {
        let names = names(text);
        let table = about(text, &names);
        let highest = (2..100).take_while(|n| find(text, *n).is_some()).count();
        let parameter = |n| parameter(text, n, &names, &table);
        let parameters = (2..highest + 2).map(parameter).collect();
        Self { written, text: text.to_owned(), table, parameters }
    }

    /// Whether it adds rows.
    pub fn adds(&self) -> bool {
        self.text.starts_with("INSERT")
    }

    /// The tables out of which its parameters are taken, the one with most rows to choose from first.
    fn sources(&self) -> Vec<&str> {
        let equal = |one: &&Parameter| one.beside == Beside::Equal;
        let mut all: Vec<&str> = self.parameters.iter().filter(equal).map(|one| one.table.as_str()).collect();
        if all.is_empty() {
            all.push(&self.table);
        }
        all.dedup();
        all
    }

    /// Its parameters out of each row that `fits`; where they stand beside columns of several tables, out of rows of each in turn.
    pub fn values(&self, rows: &Rows, fits: impl Fn(&str, Named<'_>) -> bool) -> Vec<Vec<Value>> {
        let mut fitting: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
        for name in self.sources() {
            let table = &rows[name];
            let named = table.rows.iter().map(|row| Named(table, row));
            fitting.insert(name, named.filter(|row| fits(name, *row)).collect());
        }
        let many = fitting.values().map(Vec::len).max().unwrap_or_default();
        if fitting.values().any(Vec::is_empty) {
            return Vec::new();
        }
        let of = |n: usize| {
            let value = |one: &Parameter| {
                let rows = fitting.get(one.table.as_str());
                let row = rows.map(|rows| rows[n % rows.len()]);
                one.value(row.and_then(|row| row.get(&one.column)), rows.is_some())
            };
            self.parameters.iter().map(value).collect()
        };
        (0..many).map(of).collect()
    }
}

impl Parameter {
    /// The column that it stands beside.
    pub fn column(&self) -> &str {
        &self.column
    }

    fn value(&self, there: Option<&Value>, known: bool) -> Value {
        match (self.beside, there) {
            (Beside::Limit, _) => Value::Int(500),
            (Beside::Equal, Some(there)) => there.clone(),
            (Beside::Equal, None) => panic!("{self:?}: there is no such column, the table is known: {known}"),
            (Beside::Below, Some(Value::Text(_))) => Value::Text("~".to_owned()),
            (Beside::Below, Some(Value::Uuid(_))) => Value::Uuid(Uuid::max()),
            (Beside::Below, _) => Value::Int(i64::MAX),
            (Beside::Above | Beside::Other, Some(Value::Text(_))) => Value::Text(String::new()),
            (Beside::Above | Beside::Other, Some(Value::Uuid(_))) => Value::Uuid(Uuid::nil()),
            (Beside::Above | Beside::Other, _) => Value::Int(-1),
        }
    }
}

/// The tables of a statement by the names that it gives them; what has none is there under its own.
fn names(text: &str) -> BTreeMap<String, String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || "(),".contains(c)).filter(|w| !w.is_empty()).collect();
    let mut found = BTreeMap::new();
    for (n, word) in words.iter().enumerate() {
        let begins = matches!(*word, "FROM" | "JOIN" | "INTO") || *word == "UPDATE" && n == 0;
        // What is put in brackets has tables of its own.
        let Some(table) = words.get(n + 1).filter(|table| begins && **table != "SELECT") else { continue };
        let is_name = |next: &&&str| next.chars().all(|c| c.is_ascii_lowercase()) && !table.is_empty();
        let name = words.get(n + 2).filter(is_name).filter(|_| *word != "INTO").unwrap_or(table);
        found.insert((*name).to_owned(), (*table).to_owned());
    }
    found
}

/// The table whose rows the statement is bound to a provider by.
fn about(text: &str, names: &BTreeMap<String, String>) -> String {
    if let Some(rest) = text.strip_prefix("INSERT INTO ") {
        return rest.split_whitespace().next().unwrap_or_default().to_owned();
    }
    let before = text.split("provider_id = $1").next().unwrap_or_default();
    let alias = before.strip_suffix('.').and_then(|before| before.rsplit([' ', '(']).next());
    let bare = || names.iter().find(|(name, table)| name == table).map(|(_, table)| table.clone());
    alias.and_then(|alias| names.get(alias).cloned()).or_else(bare).expect("it is bound to a provider")
}

/// Where a parameter stands.
fn find(text: &str, number: usize) -> Option<usize> {
    let sign = format!("${number}");
    let mut places = text.match_indices(&sign).map(|(place, _)| place);
    places.find(|place| !text[place + sign.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

fn parameter(text: &str, number: usize, names: &BTreeMap<String, String>, table: &str) -> Parameter {
    let place = find(text, number).expect("it was counted");
    let here = |column: &str, beside, guarded| {
        let (table, column) = match column.split_once('.') {
            Some((name, column)) => (names[name].clone(), column),
            None => (table.to_owned(), column),
        };
        Parameter { table, column: column.to_owned(), beside, guarded }
    };
    if let Some((columns, values)) = text.split_once(" VALUES (").filter(|_| text.starts_with("INSERT")) {
        let columns = columns.split_once('(').expect("it names its columns").1.trim_end_matches(')');
        let sign = format!("${number}");
        let values = values.split(')').next().unwrap_or_default();
        let (column, value) = columns
            .split(',')
            .zip(values.split(','))
            .find(|(_, value)| value.trim().trim_end_matches('}').ends_with(&sign))
            .expect("its values are parameters");
        return here(column.trim(), Beside::Equal, value.contains('{'));
    }
    for (sign, beside) in [(") > (", Beside::Above), (") < (", Beside::Below), (") <= (", Beside::Below)] {
        let Some(at) = text[..place].rfind(sign) else { continue };
        let values = &text[at + sign.len()..place];
        if !values.contains(')') {
            let columns = text[..at].rsplit('(').next().unwrap_or_default();
            let column =
                columns.split(", ").nth(values.matches('$').count()).expect("each value has its column");
            return here(column, beside, false);
        }
    }
    if let Some(at) = text[..place].rfind(" IN (")
        && text[at + " IN (".len()..place].chars().all(|c| c.is_ascii_digit() || "$, ".contains(c))
    {
        // One of several: beside the column that is before the list.
        return here(text[..at].rsplit([' ', '(']).next().unwrap_or_default(), Beside::Equal, false);
    }
    let mut words = text[..place].split_whitespace().rev();
    let next = match words.next() {
        // What is only set where it is given.
        Some("COALESCE(") => words.next(),
        next => next,
    };
    let beside = match next {
        Some("LIMIT") => return here("", Beside::Limit, false),
        Some("=") => Beside::Equal,
        // IS NOT DISTINCT FROM: the same, and nothing is like nothing.
        Some("FROM") if words.by_ref().take(3).eq(["DISTINCT", "NOT", "IS"]) => Beside::Equal,
        Some("<>") => Beside::Other,
        Some("<" | "<=") => Beside::Below,
        Some(">" | ">=") => Beside::Above,
        other => panic!("what is beside ${number} in: {text}: {other:?}"),
    };
    let column = words.next().unwrap_or_default().trim_start_matches('(');
    if column.starts_with('\'') {
        // Beside a value: it stands for the column that has that value.
        let before = text.split(&format!(" = {column}")).next().unwrap_or_default();
        return here(before.rsplit(' ').next().unwrap_or_default(), beside, false);
    }
    here(column, beside, false)
}

#[test]
fn parameters_are_read_out_of_statements() {
    let read = Read::of(
        Written::Reached,
        "SELECT m.id FROM team_member t JOIN membership m ON m.id = t.membership_id WHERE t.provider_id = $1 AND {reach?: m.client_id} \
         AND t.team_id = $2 AND m.made <= $3 AND (m.folded, m.id) > ($4, $5) ORDER BY m.id LIMIT $6",
    );
    let said: Vec<String> =
        read.parameters.iter().map(|p| format!("{}.{} {:?}", p.table, p.column, p.beside)).collect();
    assert_eq!(
        said,
        [
            "team_member.team_id Equal",
            "membership.made Below",
            "membership.folded Above",
            "membership.id Above",
            "team_member. Limit"
        ]
    );
    assert_eq!(read.table, "team_member");
    let page = Read::of(
        Written::Reached,
        "SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.priority = 'P1' AND ('P1' = $4 OR $4 = '') \
         AND (x.due_at, x.id) > ($2, $3) AND (x.due_at, x.id) <= ($5, $6) LIMIT $7",
    );
    let said: Vec<String> = page.parameters.iter().map(|p| format!("{} {:?}", p.column, p.beside)).collect();
    assert_eq!(said, ["due_at Above", "id Above", "priority Equal", "due_at Below", "id Below", " Limit"]);
    let added = Read::of(
        Written::Reached,
        "INSERT INTO site (provider_id, id, client_id) VALUES ($1, $2, {client: $3})",
    );
    assert_eq!((added.table.as_str(), added.parameters[1].guarded), ("site", true));
    assert_eq!(added.parameters[1].column, "client_id");
}
