//! A large database out of a small one: the rows of tickets that were played, again and again, each time for another ticket with another
//! number, other texts and other instants.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use remit_core::{At, Id};
use remit_db::copy::{Shape, Sink, dump};
use remit_db::testing::TestDb;
use remit_db::{Error, Value};

use super::bulk::{Bulk, Table, bulk};
use super::samples::Sample;
use super::words::Words;
use crate::dice::Dice;

/// Tickets whose rows are handed over at once.
const GROUP: u64 = 2000;
/// Over how long tickets were opened, in milliseconds: two years.
const SPREAD: i64 = 730 * 24 * 3_600_000;
/// The newest, in milliseconds, are all open.
const FRESH: i64 = 3 * 24 * 3_600_000;
const HOUR: i64 = 3_600_000;

/// What is in a column of a row.
#[derive(Debug, Clone)]
enum Cell {
    /// The same in each.
    Same(Value),
    /// The ticket.
    Ticket,
    /// An id of its own.
    Own,
    /// The number of the ticket.
    Number,
    /// The subject.
    Subject,
    /// What somebody wrote.
    Text,
    /// So many milliseconds behind the first instant.
    At(i64),
    /// Something that is still to come.
    Later,
    /// When it is due.
    Due,
    /// A text that names the ticket as a number, parted there.
    Named(Vec<String>),
}

/// The rows of a ticket, by table.
type Rows = Vec<(usize, Vec<Cell>)>;
/// Rows that are ready, by table.
type Ready = BTreeMap<usize, Vec<Vec<Value>>>;

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Tickets and lines altogether.
    pub tickets: u64,
    /// The same.
    pub lines: u64,
    /// The numbers of those that are open.
    pub open: Vec<i64>,
    /// Of those, the ones that a team of the provider works on and that were never offered.
    pub at_hand: Vec<i64>,
    /// The first number.
    pub first: i64,
}

/// Makes so many tickets out of samples that were opened at `origin`.
pub fn stamp(
    home: &TestDb,
    (samples, words): (&[Sample], &Words),
    (many, origin, now): (u64, At, At),
    is_at_hand: impl Fn(&Sample) -> bool,
) -> Result<Made, String> {
    let failed = |error: Error| error.to_string();
    let mut press = Press::default();
    let ids = samples.iter().map(|sample| *sample.ticket.id.uuid().as_bytes());
    press.samples = ids.enumerate().map(|(n, id)| (id, n)).collect();
    press.rows = vec![Rows::new(); samples.len()];
    press.origin = origin.millis();
    dump(home.place(), &mut press).map_err(failed)?;
    let first = samples.iter().map(|sample| sample.ticket.number).max().unwrap_or(0) + 1;
    let mut made = Made { first, ..Made::default() };
    let choice = Choice::of(samples, many, now);
    let (tables, press) = (press.tables.clone(), &press);
    let is_at_hand: Vec<bool> = samples.iter().map(is_at_hand).collect();
    std::thread::scope(|threads| {
        let (sender, receiver) = sync_channel::<Ready>(4);
        let (made, choice) = (&mut made, &choice);
        threads.spawn(move || {
            let mut ready = Ready::new();
            for n in 0..many {
                let (sample, at) = choice.pick(n);
                made.count(n, (&samples[sample], is_at_hand[sample]));
                press.print(sample, (n, first + n as i64), (at, now), (words, &mut ready));
                let full = (n + 1) % GROUP == 0 || n + 1 == many;
                // Whoever takes them may have failed; that is told there.
                if full && sender.send(std::mem::take(&mut ready)).is_err() {
                    return;
                }
            }
        });
        bulk(home, &tables, |bulk| {
            for ready in receiver {
                put(bulk, &tables, &ready)?;
            }
            bulk.batch(&format!("UPDATE ticket_count SET last = {}", first + many as i64 - 1))
        })
    })?;
    Ok(made)
}

fn put(bulk: &mut Bulk, tables: &[Table], ready: &Ready) -> Result<(), String> {
    // Tickets before what refers to them.
    let order = |table: &&usize| usize::from(tables[**table].name != "ticket");
    let mut there: Vec<&usize> = ready.keys().collect();
    there.sort_by_key(order);
    there.into_iter().try_for_each(|table| bulk.put(*table, &ready[table]))
}

impl Made {
    fn count(&mut self, n: u64, (sample, is_at_hand): (&Sample, bool)) {
        self.tickets += 1;
        self.lines += sample.ticket.lines as u64;
        let number = self.first + n as i64;
        if sample.is_open() {
            self.open.push(number);
        }
        if is_at_hand {
            self.at_hand.push(number);
        }
    }
}

/// Which sample a ticket is made of, and when it was opened.
struct Choice {
    /// Samples by client: those that are open and those that are over.
    clients: Vec<[Vec<usize>; 2]>,
    many: u64,
    now: i64,
}

impl Choice {
    fn of(samples: &[Sample], many: u64, now: At) -> Self {
        let count = samples.iter().map(|sample| sample.company + 1).max().unwrap_or(0);
        let mut clients = vec![[Vec::new(), Vec::new()]; count];
        for (n, sample) in samples.iter().enumerate() {
            clients[sample.company][usize::from(!sample.is_open())].push(n);
        }
        clients.retain(|[open, over]| !open.is_empty() && !over.is_empty());
        Self { clients, many, now: now.millis() }
    }

    fn pick(&self, n: u64) -> (usize, i64) {
        let mut dice = Dice::new(n.wrapping_mul(7) + 5);
        let age = SPREAD - (SPREAD as f64 * (n as f64 / self.many as f64)) as i64;
        // The smaller of two throws: some clients are much larger than others.
        let count = self.clients.len() as u64;
        let client = &self.clients[dice.below(count).min(dice.below(count)) as usize];
        let open = age < FRESH || dice.below(4) == 0;
        let from = &client[usize::from(!open)];
        (from[dice.below(from.len() as u64) as usize], self.now - age)
    }
}

/// The rows of all samples, ready to be printed again.
#[derive(Default)]
struct Press {
    samples: BTreeMap<[u8; 16], usize>,
    rows: Vec<Rows>,
    /// Tables that have rows of tickets.
    tables: Vec<Table>,
    /// Where the table that is being read names the ticket, if it does.
    open: Option<usize>,
    origin: i64,
}

impl Sink for Press {
    type Error = Error;

    fn table(&mut self, shape: &Shape) -> Result<(), Error> {
        let names = |column: &String| {
            if shape.table == "ticket" { column == "id" } else { column == "ticket_id" }
        };
        self.open = shape.columns.iter().position(names);
        if self.open.is_some() {
            self.tables.push(Table { name: shape.table.clone(), columns: shape.columns.clone() });
        }
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> Result<(), Error> {
        let Some(place) = self.open else { return Ok(()) };
        let Value::Bytes(id) = &values[place] else { return Ok(()) };
        let Ok(id) = <[u8; 16]>::try_from(id.as_slice()) else { return Ok(()) };
        let Some(sample) = self.samples.get(&id) else { return Ok(()) };
        let table = self.tables.len() - 1;
        let Table { name, columns } = &self.tables[table];
        let is_ticket = name == "ticket";
        let cells = values.into_iter().zip(columns);
        let cells = cells.map(|(value, column)| cell(value, column, (is_ticket, id, self.origin)));
        self.rows[*sample].push((table, cells.collect()));
        Ok(())
    }
}

fn cell(value: Value, column: &str, (is_ticket, id, origin): (bool, [u8; 16], i64)) -> Cell {
    match (value, column) {
        (Value::Bytes(bytes), _) if bytes == id => Cell::Ticket,
        (Value::Bytes(_), "id") => Cell::Own,
        (Value::Int(_), "number") if is_ticket => Cell::Number,
        (Value::Text(_), "subject") if is_ticket => Cell::Subject,
        (Value::Text(text), "text") if !text.is_empty() => Cell::Text,
        (Value::Int(_), "timer_at" | "answer_by" | "owner_until") => Cell::Later,
        (Value::Int(_), "due_at") => Cell::Due,
        (Value::Int(at), "at") => Cell::At(at - origin),
        (Value::Int(at), column) if column.ends_with("_at") => Cell::At(at - origin),
        (Value::Text(text), _) => {
            let number = u128::from_be_bytes(id).to_string();
            if text.contains(&number) {
                Cell::Named(text.split(&number).map(str::to_owned).collect())
            } else {
                Cell::Same(Value::Text(text))
            }
        }
        (value, _) => Cell::Same(value),
    }
}

impl Press {
    /// The rows of a sample for the ticket with a number, opened at an instant.
    fn print(
        &self,
        sample: usize,
        (n, number): (u64, i64),
        (at, now): (i64, At),
        (words, ready): (&Words, &mut Ready),
    ) {
        let mut dice = Dice::new(n.wrapping_mul(11) + 1);
        let mut random = [0; 10];
        for byte in &mut random {
            *byte = dice.below(256) as u8;
        }
        let id = Id::<remit_app::tickets::Ticket>::new(At::from_millis(at), random).uuid();
        let later = now.millis() + 2 * HOUR + dice.below(7 * 24) as i64 * HOUR + dice.below(3_600_000) as i64;
        let due = now.millis() - 24 * HOUR + dice.below(15 * 24 * 3_600_000) as i64;
        let mut line = 0;
        for (table, cells) in &self.rows[sample] {
            let row = cells.iter().map(|cell| match cell {
                Cell::Same(value) => value.clone(),
                Cell::Ticket => Value::Uuid(id),
                Cell::Own => {
                    let mut own = *id.as_bytes();
                    own[8..].iter_mut().for_each(|byte| *byte = dice.below(256) as u8);
                    own[8] = (own[8] & 0x3f) | 0x80;
                    Value::Bytes(own.to_vec())
                }
                Cell::Number => Value::Int(number),
                Cell::Subject => Value::Text(words.subject(n)),
                Cell::Text => {
                    line += 1;
                    Value::Text(words.text(n, line))
                }
                Cell::At(behind) => Value::Int(at + behind),
                Cell::Later => Value::Int(later),
                Cell::Due => Value::Int(due),
                Cell::Named(parts) => Value::Text(parts.join(&id.as_u128().to_string())),
            });
            ready.entry(*table).or_default().push(row.collect());
        }
    }
}
