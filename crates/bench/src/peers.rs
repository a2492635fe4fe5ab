//! The same rows and the same questions for other decision engines, which run in a program of their own (`bench/`), so
//! that none of their dependencies reaches the product. The tables go to it as a file of plain numbers.

use std::path::Path;
use std::process::Command;

use remit_matrix::engine::generate::Rng;
use remit_matrix::engine::space::atoms_of;
use remit_matrix::engine::{Bitmap, DIMS, Row, Table};
use serde::{Deserialize, Serialize};

use crate::engine::{Kind, count};
use remit_bench::measure::{Effort, each};
use remit_bench::report::{Peer, Report};

/// Names of the conditions, in the order of the dimensions.
const INPUTS: [&str; DIMS] = ["service", "tier", "priority", "site", "asset", "requester", "kind", "time"];

/// The tables and questions, without a word of the product.
#[derive(Debug, Serialize)]
struct Task {
    inputs: [&'static str; DIMS],
    /// How often each question is asked.
    rounds: usize,
    tables: Vec<RuleList>,
}

/// A table as a list of rules, of which exactly one applies to every question.
#[derive(Debug, Serialize)]
struct RuleList {
    name: String,
    rules: Vec<Rule>,
    cases: Vec<Case>,
}

/// A rule: an interval per input, both ends included, or none where the input does not matter.
#[derive(Debug, Clone, Serialize)]
struct Rule {
    when: [Option<(u16, u16)>; DIMS],
    owner: u32,
}

/// Questions whose answer stands early or late in the list.
#[derive(Debug, Serialize)]
struct Case {
    name: String,
    points: Vec<[u16; DIMS]>,
    owners: Vec<u32>,
}

/// The owner of a point.
type Lookup<'a> = &'a dyn Fn(&[u16; DIMS]) -> Option<u32>;

/// What an engine's run says.
#[derive(Debug, Deserialize)]
struct Timing {
    engine: String,
    case: String,
    p50_ns: f64,
}

/// Measures the product's two forms and a linear scan here, and the others in the given program.
pub fn run(effort: Effort, program: Option<&Path>, report: &mut Report) -> Result<(), String> {
    let program = program.ok_or("the topic `peers` needs --peers-program; `cargo xtask bench` builds it")?;
    // Random cuts are intervals, which every engine can express in its cheapest form.
    let tables = [100, 1_500].map(|rows| (format!("{} rows", count(rows)), Kind::Cuts.table(rows, 9)));
    let rounds = if effort.rounds < Effort::FULL.rounds { 1 } else { 5 };
    let task = Task {
        inputs: INPUTS,
        rounds,
        tables: tables.iter().map(|(name, table)| rule_list(name, table)).collect(),
    };
    for peer in ours(effort, &tables, &task) {
        report.add_peer(peer);
    }
    for peer in theirs(program, &task)? {
        report.add_peer(peer);
    }
    Ok(())
}

fn rule_list(name: &str, table: &Table) -> RuleList {
    let rule = |row: &Row| Rule { when: std::array::from_fn(|d| interval(table, row, d)), owner: row.owner };
    let rules: Vec<Rule> = table.rows.iter().map(rule).collect();
    let twentieth = (rules.len() / 20).max(1);
    let mut rng = Rng::new(10);
    let mut case = |hit: &str, rows: std::ops::Range<usize>| {
        let pick: Vec<usize> = (0..200).map(|_| rows.start + rng.below(rows.len())).collect();
        let points = pick.iter().map(|&row| point_in(table, &table.rows[row], &mut rng)).collect();
        Case {
            name: format!("{name}, {hit} hit"),
            points,
            owners: pick.iter().map(|&row| rules[row].owner).collect(),
        }
    };
    let cases = vec![case("early", 0..twentieth), case("late", rules.len() - twentieth..rules.len())];
    RuleList { name: name.to_owned(), cases, rules: rules.clone() }
}

fn interval(table: &Table, row: &Row, d: usize) -> Option<(u16, u16)> {
    if table.space.is_full(&row.cuboid, d) {
        return None;
    }
    let atoms: Vec<usize> = atoms_of(table.space.set(&row.cuboid, d)).collect();
    assert!(atoms.windows(2).all(|pair| pair[0] + 1 == pair[1]), "random cuts are intervals");
    Some((atoms[0] as u16, atoms[atoms.len() - 1] as u16))
}

fn point_in(table: &Table, row: &Row, rng: &mut Rng) -> [u16; DIMS] {
    std::array::from_fn(|d| {
        let atoms: Vec<usize> = atoms_of(table.space.set(&row.cuboid, d)).collect();
        atoms[rng.below(atoms.len())] as u16
    })
}

/// The bitmaps and a plain scan over the same rules.
fn ours(effort: Effort, tables: &[(String, Table)], task: &Task) -> Vec<Peer> {
    let names = ["remit", "linear scan in Rust"];
    let mut peers = names.map(|name| Peer { engine: name.to_owned(), p50_ns: Vec::new() });
    for ((_, table), rules) in tables.iter().zip(&task.tables) {
        let bitmap = Bitmap::new(table);
        let owner = |row: Option<u32>| row.map(|row| table.rows[row as usize].owner);
        for case in &rules.cases {
            let lookups: [Lookup<'_>; 2] =
                [&|point| owner(bitmap.row(table, point)), &|point| scan(&rules.rules, point)];
            let many: Vec<[u16; DIMS]> = case.points.iter().copied().cycle().take(effort.calls).collect();
            for (peer, lookup) in peers.iter_mut().zip(lookups) {
                let right =
                    case.points.iter().zip(&case.owners).all(|(point, owner)| lookup(point) == Some(*owner));
                assert!(right, "{} answers {} wrongly", peer.engine, case.name);
                peer.p50_ns.push((case.name.clone(), each(&many, lookup).p50));
            }
        }
    }
    peers.into()
}

/// The first rule that applies.
fn scan(rules: &[Rule], point: &[u16; DIMS]) -> Option<u32> {
    let meets = |(when, atom): (&Option<(u16, u16)>, &u16)| {
        when.is_none_or(|(low, high)| (low..=high).contains(atom))
    };
    rules.iter().find(|rule| rule.when.iter().zip(point).all(meets)).map(|rule| rule.owner)
}

fn theirs(program: &Path, task: &Task) -> Result<Vec<Peer>, String> {
    let file = std::env::temp_dir().join(format!("remit-bench-{}.json", std::process::id()));
    let text = serde_json::to_string(task).expect("a task has only text keys");
    std::fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let output = Command::new(program).arg(&file).stderr(std::process::Stdio::inherit()).output();
    // A file in the temporary folder that stays behind harms nobody.
    let _ = std::fs::remove_file(&file);
    let output = output.map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(format!("{} failed ({})", program.display(), output.status));
    }
    let timings: Vec<Timing> =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("{}: {error}", program.display()))?;
    let mut peers: Vec<Peer> = Vec::new();
    for Timing { engine, case, p50_ns } in timings {
        match peers.iter_mut().find(|peer| peer.engine == engine) {
            Some(peer) => peer.p50_ns.push((case, p50_ns)),
            None => peers.push(Peer { engine, p50_ns: vec![(case, p50_ns)] }),
        }
    }
    Ok(peers)
}
