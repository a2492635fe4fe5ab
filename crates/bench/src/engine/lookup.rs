//! Who owns this point?

use remit_matrix::engine::generate::Rng;
use remit_matrix::engine::{Answer, Bitmap, DIMS, Table};

use super::{Kind, count};
use remit_bench::measure::{Effort, each, per_item, whole};
use remit_bench::report::{Report, Target, Unit};

/// One atom per dimension.
pub type Point = [u16; DIMS];

/// Looks up random points: one after the other, and each waiting for the one before.
pub fn resolve(effort: Effort, rows: usize, tables: &[(Kind, Table)], report: &mut Report) {
    for (kind, table) in tables {
        let what = format!("{} rows {}", count(rows), kind.name());
        let points = random_points(table, effort.calls, 6);
        let bitmap = Bitmap::new(table);
        check(table, &points, |point| bitmap.row(table, point));
        let build = whole(effort, || Bitmap::new(table).bytes());
        report.add(format!("compile, {what}"), Unit::Nanoseconds, Target::NONE, build);
        report.add(format!("compiled, {what}: size"), Unit::Bytes, Target::NONE, bitmap.bytes() as f64);
        lookups(effort, &format!("resolve, {what}"), &points, |point| bitmap.row(table, point), report);
    }
}

fn lookups(
    effort: Effort,
    what: &str,
    points: &[Point],
    row: impl Fn(&Point) -> Option<u32>,
    report: &mut Report,
) {
    let spread = each(points, &row);
    report.add(format!("{what}: p50"), Unit::Nanoseconds, Target::new(60.0, 20.0), spread.p50);
    report.add(format!("{what}: p99"), Unit::Nanoseconds, Target::goal(200.0), spread.p99);
    let sum = || points.iter().fold(0u32, |sum, point| sum.wrapping_add(row(point).unwrap_or(0)));
    let time = per_item(effort, points.len(), sum);
    report.add(format!("{what}: per core"), Unit::PerSecond, Target::new(15e6, 50e6), 1e9 / time);
    let chain = || {
        points.iter().fold(0u16, |before, point| {
            // The answer decides the next question, as far as the processor can tell: nothing overlaps.
            let mut next = *point;
            next[1] ^= before >> 15;
            row(&next).unwrap_or(0) as u16 & 0x7FFF
        })
    };
    let time = per_item(effort, points.len(), chain);
    report.add(format!("{what}: each waiting for the one before"), Unit::Nanoseconds, Target::NONE, time);
}

/// Compares some answers with the definition.
fn check(table: &Table, points: &[Point], row: impl Fn(&Point) -> Option<u32>) {
    for point in points.iter().take(500) {
        let wanted = match table.owner_by_definition(&point.map(usize::from)) {
            Answer::Owned(row) => Some(table.rows[row as usize].owner),
            Answer::Gap | Answer::Conflict(_) => None,
        };
        let found = row(point).map(|row| table.rows[row as usize].owner);
        assert_eq!(found, wanted, "the owner of {point:?}");
    }
}

fn random_points(table: &Table, n: usize, seed: u64) -> Vec<Point> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| std::array::from_fn(|d| rng.below(table.space.atoms(d)) as u16)).collect()
}
