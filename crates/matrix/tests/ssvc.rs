//! Decision tables that others published as complete and unambiguous (CERT/CC and CISA, SSVC), read as matrices.
//!
//! Their terms do not let the files ship, so they are read from the folder named by `REMIT_DATA`.

#![expect(clippy::unwrap_used, reason = "a test whose input cannot be read fails")]

use std::path::PathBuf;

use remit_matrix::engine::{Answer, Certificate, DIMS, Row, Space, Table, Verdict, certificate};
use serde_json::Value;

/// The tables, or nothing when `REMIT_DATA` is not set.
fn tables() -> Vec<(String, Table)> {
    let Some(data) = std::env::var_os("REMIT_DATA") else {
        eprintln!("skipped: REMIT_DATA does not name the folder with the data sets that may not ship");
        return Vec::new();
    };
    let folder = PathBuf::from(data).join("ssvc");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let json: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            (json["name"].as_str().unwrap().to_owned(), table(&json))
        })
        .collect()
}

fn table(json: &Value) -> Table {
    let outcome = json["outcome"].as_str().unwrap();
    let points = json["decision_points"].as_object().unwrap();
    let keys = |name: &str| -> Vec<String> {
        let values = points[name]["values"].as_array().unwrap();
        values.iter().map(|v| v["key"].as_str().unwrap().to_owned()).collect()
    };
    let inputs: Vec<(&String, Vec<String>)> =
        points.keys().filter(|k| *k != outcome).map(|k| (k, keys(k))).collect();
    let mut atoms = [1; DIMS];
    for (d, (_, values)) in inputs.iter().enumerate() {
        atoms[d] = values.len();
    }
    let mut table = Table::new(Space::new(atoms));
    let outcomes = keys(outcome);
    for line in json["mapping"].as_array().unwrap() {
        let mut cuboid = table.space.full().to_vec().into_boxed_slice();
        for (d, (name, values)) in inputs.iter().enumerate() {
            let value = line[name.as_str()].as_str().unwrap();
            table.space.set_mut(&mut cuboid, d).fill(0);
            table.space.insert(&mut cuboid, d, values.iter().position(|v| v == value).unwrap());
        }
        let owner = outcomes.iter().position(|o| *o == line[outcome].as_str().unwrap()).unwrap() as u32;
        table.rows.push(Row { cuboid, owner, promise: 0 });
    }
    table
}

#[test]
fn every_published_table_is_complete_and_unambiguous() {
    for (name, table) in tables() {
        let verdict = Verdict::new(&table);
        assert!(verdict.is_sound(), "{name}: {verdict:?}");
        assert!(verdict.dead.is_empty() && verdict.redundant.is_empty(), "{name}");
        let inputs: usize = (0..DIMS).map(|d| table.space.atoms(d)).product();
        assert_eq!(table.rows.len(), inputs, "{name}: one row for every combination of inputs");
        certificate::check(&Certificate::new(&table).unwrap()).unwrap();
    }
}

#[test]
fn with_one_row_removed_exactly_that_hole_is_found() {
    for (name, table) in tables() {
        for row in 0..table.rows.len() {
            let mut holed = table.clone();
            let gone = holed.rows.remove(row);
            let verdict = Verdict::new(&holed);
            assert_eq!(verdict.gaps, [gone.cuboid], "{name}, row {row}");
            assert!(verdict.conflicts.is_empty(), "{name}, row {row}");
        }
    }
}

#[test]
fn with_one_outcome_contradicted_exactly_that_conflict_is_found() {
    for (name, table) in tables() {
        for row in (0..table.rows.len()).step_by(5) {
            let mut torn = table.clone();
            let mut other = torn.rows[row].clone();
            other.owner += 1;
            torn.rows.push(other);
            let verdict = Verdict::new(&torn);
            assert_eq!(verdict.conflicts.len(), 1, "{name}, row {row}");
            assert_eq!(verdict.conflicts[0].rows, [row as u32, table.rows.len() as u32]);
            let point = std::array::from_fn(|d| {
                (0..table.space.atoms(d))
                    .find(|&a| table.space.contains(&table.rows[row].cuboid, d, a))
                    .unwrap()
            });
            assert!(matches!(torn.owner_by_definition(&point), Answer::Conflict(_)));
        }
    }
}
