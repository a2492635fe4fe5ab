//! The engine against brute force: every point of small tables, and known answers on large ones.

use super::bitmap::Bitmap;
use super::certificate::{self, Certificate};
use super::difference::difference;
use super::edit::{self, Live};
use super::generate::{self, Rng};
use super::space::{Cuboid, DIMS, Space, within};
use super::table::{Answer, Row, Table};
use super::verdict::Verdict;

fn small_space() -> Space {
    Space::new([4, 2, 3, 1, 1, 1, 2, 5]).weighted(7, vec![7, 1, 30, 2, 11])
}

fn points(space: &Space) -> Vec<[usize; DIMS]> {
    let mut points = vec![[0; DIMS]];
    for d in 0..DIMS {
        let widen = |p: &[usize; DIMS]| {
            let p = *p;
            (0..space.atoms(d)).map(move |a| {
                let mut q = p;
                q[d] = a;
                q
            })
        };
        points = points.iter().flat_map(widen).collect();
    }
    points
}

fn has(space: &Space, cuboid: &Cuboid, point: &[usize; DIMS]) -> bool {
    (0..DIMS).all(|d| space.contains(cuboid, d, point[d]))
}

fn short(point: &[usize; DIMS]) -> [u16; DIMS] {
    point.map(|a| a as u16)
}

fn random_tables(n: usize) -> impl Iterator<Item = Table> {
    let mut rng = Rng::new(20_261_122);
    let space = small_space();
    (0..n).map(move |i| match i % 5 {
        0 => generate::partition(&space, 2 + i % 23, 3, i as u64),
        1 => generate::overrides(&space, None, 4 + i % 30, 3, i as u64),
        2 => {
            let mut table = generate::partition(&space, 12, 3, i as u64);
            generate::shrink(&mut table, 20, i as u64);
            generate::enlarge(&mut table, 20, i as u64);
            table
        }
        _ => {
            let rows = 1 + rng.below(9);
            generate::random(&space, rows, 2, &mut rng)
        }
    })
}

#[test]
fn gaps_and_conflicts_are_exactly_the_points_that_brute_force_finds() {
    for (i, table) in random_tables(600).enumerate() {
        let verdict = Verdict::new(&table);
        for point in points(&table.space) {
            let truth = table.owner_by_definition(&point);
            let gap = verdict.gaps.iter().any(|g| has(&table.space, g, &point));
            assert_eq!(gap, truth == Answer::Gap, "gap in table {i} at {point:?}");
            let conflict =
                verdict.conflicts.iter().any(|c| c.cells.iter().any(|x| has(&table.space, x, &point)));
            assert_eq!(conflict, matches!(truth, Answer::Conflict(_)), "conflict in table {i} at {point:?}");
        }
    }
}

#[test]
fn the_gap_volume_is_the_weight_of_the_points_that_no_row_covers() {
    for table in random_tables(300) {
        let weight = |p: &[usize; DIMS]| {
            (0..DIMS).map(|d| u128::from(table.space.atom_weight(d, p[d]))).product::<u128>()
        };
        let open = points(&table.space).into_iter().filter(|p| table.owner_by_definition(p) == Answer::Gap);
        assert_eq!(Verdict::new(&table).gap_volume, open.map(|p| weight(&p)).sum::<u128>());
    }
}

#[test]
fn no_gap_box_can_grow_and_none_is_needless() {
    for table in random_tables(300) {
        let gaps = Verdict::new(&table).gaps;
        let open = |c: &Cuboid| table.rows.iter().all(|r| !table.space.meets(c, &r.cuboid));
        for (i, gap) in gaps.iter().enumerate() {
            for d in 0..DIMS {
                for a in (0..table.space.atoms(d)).filter(|&a| !table.space.contains(gap, d, a)) {
                    let mut wider = gap.clone();
                    table.space.insert(&mut wider, d, a);
                    assert!(!open(&wider), "a gap box could be wider");
                }
            }
            let alone = |p: &[usize; DIMS]| {
                gaps.iter().enumerate().filter(|(_, g)| has(&table.space, g, p)).map(|(j, _)| j).eq([i])
            };
            assert!(points(&table.space).iter().any(alone), "a gap box repeats the others");
        }
    }
}

#[test]
fn dead_rows_are_exactly_those_that_never_win() {
    for (i, table) in random_tables(400).enumerate() {
        let all = points(&table.space);
        let stands_somewhere = |row: u32| {
            all.iter().any(|p| {
                let applies = |r: &u32| has(&table.space, &table.rows[*r as usize].cuboid, p);
                let refined = |o: u32| applies(&o) && table.refines(o, row);
                applies(&row) && !(0..table.rows.len() as u32).any(refined)
            })
        };
        let dead: Vec<u32> = Verdict::new(&table).dead.iter().map(|d| d.row).collect();
        let truth: Vec<u32> = (0..table.rows.len() as u32).filter(|&r| !stands_somewhere(r)).collect();
        let copies =
            |r: &&u32| table.rows[..**r as usize].iter().any(|o| o.cuboid == table.rows[**r as usize].cuboid);
        let truth: Vec<u32> = truth.iter().filter(|r| !copies(r)).copied().collect();
        assert_eq!(dead, truth, "table {i}");
    }
}

#[test]
fn deleting_a_redundant_row_changes_no_owner() {
    let owner = |t: &Table, a: Answer| match a {
        Answer::Owned(r) => Some(t.rows[r as usize].owner),
        _ => None,
    };
    let mut found = 0;
    for table in random_tables(600) {
        let verdict = Verdict::new(&table);
        for redundant in verdict.redundant.iter().filter(|_| verdict.is_sound()) {
            found += 1;
            let mut without = table.clone();
            without.rows.remove(redundant.row as usize);
            for p in points(&table.space) {
                let before = owner(&table, table.owner_by_definition(&p));
                assert_eq!(owner(&without, without.owner_by_definition(&p)), before);
            }
        }
    }
    assert!(found > 20, "only {found} redundant rows were tried");
}

#[test]
fn the_bitmaps_answer_as_the_definition_does() {
    for table in random_tables(400) {
        let bitmap = Bitmap::new(&table);
        for point in points(&table.space) {
            agrees(&bitmap, &table, &point);
        }
    }
}

#[test]
fn the_bitmaps_answer_as_the_definition_does_in_large_tables() {
    let space = generate::bench_space(1);
    let words = generate::Vocabulary::realistic(&space, 9);
    let mut nested = Table::new(space.clone());
    for depth in 0..250 {
        // Each row lies inside the one before: a chain as long as the table.
        let mut cuboid: Cuboid = space.full().into();
        for atom in 0..depth {
            space.set_mut(&mut cuboid, DIMS - 1)[atom / 64] &= !(1 << (atom % 64));
        }
        nested.rows.push(Row { cuboid, owner: depth as u32 % 7, promise: 0 });
    }
    let mut holes = generate::overrides(&space, None, 700, 5, 4);
    generate::shrink(&mut holes, 10, 5);
    generate::enlarge(&mut holes, 10, 6);
    for table in [nested, holes, generate::partition_in_words(&space, &words, 700, 5, 3)] {
        let bitmap = Bitmap::new(&table);
        let mut rng = Rng::new(11);
        for _ in 0..400 {
            let point: [usize; DIMS] = std::array::from_fn(|d| rng.below(space.atoms(d)));
            agrees(&bitmap, &table, &point);
        }
    }
}

fn agrees(bitmap: &Bitmap, table: &Table, point: &[usize; DIMS]) {
    let truth = table.owner_by_definition(point);
    let point = short(point);
    assert_eq!(bitmap.answer(table, &point), truth);
    assert_eq!(bitmap.reason(table, &point).answer, truth);
    let row = if let Answer::Owned(row) = truth { Some(row) } else { None };
    assert_eq!(bitmap.row(table, &point), row);
}

#[test]
fn near_misses_fail_in_exactly_the_named_dimension() {
    for table in random_tables(200) {
        let bitmap = Bitmap::new(&table);
        for point in points(&table.space) {
            let reason = bitmap.reason(&table, &short(&point));
            for (row, r) in table.rows.iter().enumerate() {
                let fails: Vec<usize> =
                    (0..DIMS).filter(|&d| !table.space.contains(&r.cuboid, d, point[d])).collect();
                let named = reason.near.iter().find(|(n, _)| *n as usize == row).map(|(_, d)| *d);
                assert_eq!(named, (fails.len() == 1).then(|| fails[0]));
            }
        }
    }
}

#[test]
fn the_difference_is_exactly_the_points_whose_owner_differs() {
    let mut rng = Rng::new(7);
    let space = small_space();
    let owner = |t: &Table, p: &[usize; DIMS]| match t.owner_by_definition(p) {
        Answer::Owned(r) => Ok(Some(t.rows[r as usize].owner)),
        Answer::Gap => Ok(None),
        Answer::Conflict(_) => Err(()),
    };
    for i in 0..200 {
        let before = generate::overrides(&space, None, 10 + i % 12, 3, i as u64);
        let mut after = before.clone();
        for _ in 0..=(i % 3) {
            let at = rng.below(after.rows.len());
            match rng.below(3) {
                0 => after.rows[at].owner = rng.below(3) as u32,
                1 => drop(after.rows.remove(at)),
                _ => {
                    generate::shrink(&mut after, 15, i as u64);
                }
            }
        }
        let changes = difference(&before, &after);
        for p in points(&space) {
            let (Ok(from), Ok(to)) = (owner(&before, &p), owner(&after, &p)) else { continue };
            let found: Vec<_> =
                changes.iter().filter(|c| c.cells.iter().any(|x| has(&space, x, &p))).collect();
            if from == to {
                assert!(found.is_empty(), "{i}: no change at {p:?}, but {found:?}");
            } else {
                assert!(
                    found.len() == 1 && found[0].from == from && found[0].to == to,
                    "{i}: {p:?} {from:?} {to:?}"
                );
            }
        }
    }
}

#[test]
fn certificates_of_sound_tables_pass_and_forged_ones_do_not() {
    let mut sound = 0;
    for table in random_tables(400) {
        let is_sound =
            points(&table.space).iter().all(|p| matches!(table.owner_by_definition(p), Answer::Owned(_)));
        let proof = Certificate::new(&table);
        assert_eq!(proof.is_some(), is_sound);
        let Some(proof) = proof else { continue };
        sound += 1;
        certificate::check(&proof).unwrap();
        for piece in 0..proof.pieces.len() {
            let mut forged = proof.clone();
            forged.pieces.remove(piece);
            assert!(certificate::check(&forged).is_err(), "a missing piece went unnoticed");
        }
        for row in 0..proof.rows.len() {
            let mut forged = proof.clone();
            let d = (0..DIMS).find(|&d| forged.rows[row].0[d].len() > 1);
            let Some(d) = d else { continue };
            if forged.pieces.iter().all(|(_, r)| *r as usize != row) {
                continue;
            }
            forged.rows[row].0[d].clear();
            assert!(certificate::check(&forged).is_err(), "a piece outside its row went unnoticed");
        }
    }
    assert!(sound > 100, "only {sound} sound tables");
}

#[test]
fn a_certificate_cannot_weigh_a_hole_away() {
    let forged = |weights: &[u64], rest: u64| Certificate {
        weights: vec![weights.to_vec(), vec![rest], vec![rest]],
        rows: vec![(vec![vec![0], vec![0], vec![0]], 1)],
        pieces: vec![(vec![vec![0], vec![0], vec![0]], 0)],
        decided: Vec::new(),
    };
    assert_eq!(certificate::check(&forged(&[5], 1)), Ok(()));
    assert_eq!(
        certificate::check(&forged(&[5, 0], 1)),
        Err(certificate::Flaw::Weights(0)),
        "an atom of no weight"
    );
    let wraps = certificate::check(&forged(&[u64::MAX], u64::MAX));
    assert_eq!(wraps, Err(certificate::Flaw::Weights(2)), "sums that wrap around");
}

#[test]
fn the_order_of_rows_never_changes_a_verdict() {
    for (i, table) in random_tables(200).enumerate() {
        let mut rng = Rng::new(i as u64);
        let mut shuffled = table.clone();
        for k in (1..shuffled.rows.len()).rev() {
            shuffled.rows.swap(k, rng.below(k + 1));
        }
        let (a, b) = (Verdict::new(&table), Verdict::new(&shuffled));
        assert_eq!(a.gap_volume, b.gap_volume);
        assert_eq!(a.is_sound(), b.is_sound());
        assert_eq!(a.dead.len(), b.dead.len());
        assert_eq!(a.conflicts.len(), b.conflicts.len());
    }
}

#[test]
fn the_order_of_dimensions_never_changes_a_verdict() {
    for (i, table) in random_tables(200).enumerate() {
        let turn = 1 + i % (DIMS - 1);
        let from = |d: usize| (d + turn) % DIMS;
        let mut space = Space::new(std::array::from_fn(|d| table.space.atoms(from(d))));
        for d in 0..DIMS {
            let weights = (0..space.atoms(d)).map(|a| table.space.atom_weight(from(d), a)).collect();
            space = space.weighted(d, weights);
        }
        let mut turned = Table::new(space);
        for row in &table.rows {
            let mut cuboid = turned.space.empty();
            for d in 0..DIMS {
                let set = turned.space.set_mut(&mut cuboid, d);
                set.copy_from_slice(table.space.set(&row.cuboid, from(d)));
            }
            turned.rows.push(Row { cuboid, ..row.clone() });
        }
        let (a, b) = (Verdict::new(&table), Verdict::new(&turned));
        let found = |v: &Verdict| (v.gap_volume, v.conflicts.len(), v.dead.clone(), v.redundant.clone());
        assert_eq!(found(&a), found(&b), "table {i}");
    }
}

#[test]
fn a_large_partition_is_proved_and_its_holes_are_found_one_by_one() {
    let space = generate::bench_space(1);
    let mut table = generate::partition(&space, 1_500, 5, 3);
    assert!(Verdict::new(&table).is_sound());
    let holes = generate::shrink(&mut table, 10, 4);
    let verdict = Verdict::new(&table);
    assert_eq!(verdict.gap_volume, holes.boxes.iter().map(|h| space.volume(h)).sum::<u128>());
    assert!(
        verdict.gaps.len() <= holes.boxes.len(),
        "{} boxes for {} holes",
        verdict.gaps.len(),
        holes.boxes.len()
    );
    assert!(holes.boxes.iter().all(|h| !table.rows.iter().any(|r| space.meets(h, &r.cuboid))));
    for gap in &verdict.gaps {
        assert!(holes.boxes.iter().any(|h| space.meets(h, gap)));
    }
    for hole in &holes.boxes {
        let boxes = verdict.gaps.iter().map(|g| &**g);
        assert!(super::cover::Cover::new(&space, hole, boxes).is_complete());
    }
}

#[test]
fn a_comb_conflicts_at_every_crossing_and_identical_rows_are_one_finding() {
    let comb = Verdict::new(&generate::comb(20));
    assert_eq!(comb.conflicts.len(), 400);
    assert_eq!(comb.gaps.len(), 1);
    let mut table = Table::new(small_space());
    for owner in 0..100 {
        table.rows.push(Row { cuboid: table.space.full().into(), owner: owner % 2, promise: 0 });
    }
    let verdict = Verdict::new(&table);
    assert_eq!(verdict.conflicts.len(), 1);
    assert_eq!(verdict.conflicts[0].rows.len(), 100);
    assert!(within(table.space.full(), &verdict.conflicts[0].cells[0]));
}

#[test]
fn every_edit_gives_the_verdict_that_starting_again_gives() {
    let mut rng = Rng::new(99);
    for (i, table) in random_tables(120).enumerate() {
        let space = table.space.clone();
        let mut live = Live::new(table);
        for step in 0..12 {
            let fresh = generate::random(&space, 1, 3, &mut rng).rows.remove(0);
            let row = rng.below(live.table().rows.len()) as u32;
            match rng.below(6) {
                0 => drop(live.add(fresh.cuboid, fresh.owner)),
                1 => live.remove(row),
                2 => live.set(row, live.table().cuboid(row).into(), fresh.owner),
                3 => {
                    let wider: Cuboid =
                        live.table().cuboid(row).iter().zip(&fresh.cuboid).map(|(a, b)| a | b).collect();
                    live.set(row, wider, live.table().rows[row as usize].owner);
                }
                _ => live.set(row, fresh.cuboid, fresh.owner),
            }
            let verdict = Verdict::new(live.table());
            assert_eq!(live.is_sound(), verdict.is_sound(), "table {i}, step {step}");
            assert_eq!(edit::volume(&space, live.gaps()), verdict.gap_volume, "table {i}, step {step}");
            for point in points(&space) {
                let truth = live.table().owner_by_definition(&point);
                let gap = live.gaps().iter().any(|g| has(&space, g, &point));
                assert_eq!(gap, truth == Answer::Gap, "table {i}, step {step}, gap at {point:?}");
                let conflict = live.conflicts().values().flatten().any(|c| has(&space, c, &point));
                assert_eq!(
                    conflict,
                    matches!(truth, Answer::Conflict(_)),
                    "table {i}, step {step}, at {point:?}"
                );
            }
        }
    }
}
