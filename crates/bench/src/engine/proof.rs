//! Is a table sound, where are its gaps, and where do two tables differ?

use remit_matrix::engine::difference::difference;
use remit_matrix::engine::edit::Live;
use remit_matrix::engine::generate::{Rng, shrink};
use remit_matrix::engine::{Certificate, Row, Table, Verdict, certificate};

use super::{Kind, OWNERS, count};
use remit_bench::measure::{Effort, Spread, Stopwatch, whole};
use remit_bench::report::{Report, Target, Unit};

/// Proves sound tables.
pub fn prove(effort: Effort, rows: usize, tables: &[(Kind, Table)], report: &mut Report) {
    let target = if rows < 5_000 { Target::new(5e6, 1e6) } else { Target::new(60e6, 15e6) };
    for (kind, table) in tables {
        assert!(Verdict::new(table).is_sound(), "{} tables are sound by construction", kind.name());
        let time = whole(effort, || Verdict::new(table));
        report.add(format!("prove {} rows, {}", count(rows), kind.name()), Unit::Nanoseconds, target, time);
    }
    let Some((_, table)) = tables.first().filter(|_| rows < 5_000) else { return };
    let proof = Certificate::new(table).expect("a sound table has a certificate");
    assert_eq!(certificate::check(&proof), Ok(()), "the certificate holds");
    let time = whole(effort, || certificate::check(&proof));
    report.add(
        format!("check the certificate of {} rows", count(rows)),
        Unit::Nanoseconds,
        Target::NONE,
        time,
    );
}

/// Lists the gaps after one condition of 10 % of the rows was narrowed.
pub fn gaps(effort: Effort, report: &mut Report) {
    for kind in [Kind::Words, Kind::Cuts] {
        let mut table = kind.table(1_500, 2);
        let holes = shrink(&mut table, 10, 3);
        let verdict = Verdict::new(&table);
        let lost: u128 = holes.boxes.iter().map(|hole| table.space.volume(hole)).sum();
        assert_eq!(verdict.gap_volume, lost, "the gaps are exactly what was taken away");
        let what = format!("list all gaps, 1,500 rows {}, 10 % shrunk", kind.name());
        report.add(&what, Unit::Nanoseconds, Target::new(20e6, 5e6), whole(effort, || Verdict::new(&table)));
        // Neighbouring holes can merge, so there may be fewer boxes than holes.
        let ratio = verdict.gaps.len() as f64 / holes.boxes.len() as f64;
        report.add(
            format!("{what}: boxes for each hole"),
            Unit::Ratio,
            Target { goal: None, ambition: Some(1.05) },
            ratio,
        );
    }
}

/// Compares a table with itself after 5 % of the rows changed hands, and with another table altogether.
pub fn differences(effort: Effort, report: &mut Report) {
    let target = Target::new(20e6, 2e6);
    for kind in Kind::ALL {
        let before = kind.table(1_500, 4);
        let mut after = before.clone();
        let mut rng = Rng::new(5);
        for _ in 0..after.rows.len() / 20 {
            let row = rng.below(after.rows.len());
            after.rows[row].owner = (after.rows[row].owner + 1) % OWNERS;
        }
        assert!(!difference(&before, &after).is_empty(), "rows changed hands");
        let time = whole(effort, || difference(&before, &after));
        report.add(format!("diff 1,500 rows {}, 5 % changed", kind.name()), Unit::Nanoseconds, target, time);
    }
}

/// Takes rows away from 10,000 and puts them back: after each change the verdict is known again.
pub fn edits(effort: Effort, report: &mut Report) {
    for kind in Kind::ALL {
        let mut live = Live::new(kind.table(10_000, 11));
        assert!(live.is_sound(), "{} tables are sound by construction", kind.name());
        let (mut taken, mut put_back) = (Vec::new(), Vec::new());
        let (mut rng, watch) = (Rng::new(12), Stopwatch::new());
        for _ in 0..effort.rounds * 64 {
            let row = rng.below(live.table().rows.len()) as u32;
            let Row { cuboid, owner, .. } = live.table().rows[row as usize].clone();
            taken.push(watch.time(|| live.remove(row)));
            put_back.push(watch.time(|| live.set(row, cuboid, owner)));
            assert!(live.is_sound(), "the row is back");
        }
        let (taken, put_back) = (Spread::of(taken), Spread::of(put_back));
        let what = format!("one edit to a new verdict, 10,000 rows {}", kind.name());
        let target = Target::new(40e3, 10e3);
        report.add(format!("{what}: row taken away, p50"), Unit::Nanoseconds, target, taken.p50);
        report.add(format!("{what}: row put back, p50"), Unit::Nanoseconds, target, put_back.p50);
        report.add(format!("{what}: row put back, p99"), Unit::Nanoseconds, Target::NONE, put_back.p99);
    }
}
