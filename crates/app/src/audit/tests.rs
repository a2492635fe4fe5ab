//! Every way of tampering with the log shows.

use proptest::prelude::*;
use remit_core::At;

use super::seal::FIRST;
use super::{Head, Key, Line, Tampered, Walk, list, verify};
use crate::clients;
use crate::people::Role;
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};

async fn verified(test: &TestApp, key: Key, kept: Option<Head>) -> Result<Head, Tampered> {
    let operator = test.operator();
    let checked = test.app.read(&operator, move |tx, _| verify(&mut tx.whole()?, &key, kept)).await;
    checked.unwrap()
}

#[test]
fn what_was_done_stands_in_the_log() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let it = test.caller(Role::ClientIt, Some(client)).await;
        let operator = test.operator();
        let lines: Vec<Line> = test.app.read(&operator, |tx, act| list(tx, act, None, 10)).await.unwrap();
        let told: Vec<_> =
            lines.iter().map(|line| (line.seq, line.action.as_str(), line.detail.as_str())).collect();
        assert_eq!(
            told,
            [
                (3, "person.invite", "Internal IT Test <client-it@test.example> as Internal IT"),
                (2, "client.create", "Harbor Dental"),
                (1, "provider.found", "Northwind"),
            ]
        );
        // The client sees its own lines only.
        let own: Vec<Line> = test.app.read(&it, |tx, act| list(tx, act, None, 10)).await.unwrap();
        assert_eq!(own.iter().map(|line| line.seq).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(verified(test, test.app.key().clone(), None).await.map(|head| head.seq), Ok(3));
    });
}

#[test]
fn what_was_not_kept_leaves_no_line() {
    on_each(async |test| {
        let operator = test.operator();
        let failed: Result<(), Refused> = test
            .app
            .write(&operator, |tx, act| {
                clients::create(tx, act, "Harbor Dental", "America/Los_Angeles")?;
                Err(Refused::Stale)
            })
            .await;
        failed.unwrap_err();
        assert_eq!(verified(test, test.app.key().clone(), None).await.map(|head| head.seq), Ok(1));
    });
}

#[test]
fn what_was_changed_behind_the_back_of_the_application_shows() {
    on_each(async |test| {
        for name in ["a", "b", "c", "d"] {
            test.client(name).await;
        }
        let key = test.app.key().clone();
        let end = verified(test, key.clone(), None).await.unwrap();
        for (change, undo, wanted) in [
            (
                "UPDATE audit SET detail = 'x' WHERE seq = 3",
                "UPDATE audit SET detail = 'b' WHERE seq = 3",
                Tampered::Changed(3),
            ),
            (
                "UPDATE audit SET seq = -seq WHERE seq IN (2, 3); UPDATE audit SET seq = 5 + seq WHERE seq < 0",
                "UPDATE audit SET seq = -seq WHERE seq IN (2, 3); UPDATE audit SET seq = 5 + seq WHERE seq < 0",
                Tampered::Changed(2),
            ),
            (
                "UPDATE audit SET seq = -4 WHERE seq = 4",
                "UPDATE audit SET seq = 4 WHERE seq = -4",
                Tampered::Missing(4),
            ),
            ("UPDATE audit_head SET seq = 4", "UPDATE audit_head SET seq = 5", Tampered::Cut(4)),
        ] {
            test.home().tamper(change);
            assert_eq!(verified(test, key.clone(), None).await, Err(wanted), "{change}");
            test.home().tamper(undo);
            assert_eq!(verified(test, key.clone(), None).await, Ok(end), "{undo}");
        }
        test.home().tamper("DELETE FROM audit WHERE seq = 5");
        assert_eq!(verified(test, key.clone(), None).await, Err(Tampered::Cut(5)), "its end was cut off");
        assert_eq!(
            verified(test, key, Some(end)).await,
            Err(Tampered::Replaced(5)),
            "as whoever kept its head can tell"
        );
    });
}

/// A log of `count` lines and its head.
fn log(count: i64, key: &Key) -> (Vec<Line>, (i64, [u8; 32], [u8; 32])) {
    let mut before = FIRST;
    let mut lines = Vec::new();
    for seq in 1..=count {
        let mut line = Line {
            seq,
            at: At::from_millis(seq * 1000),
            actor_id: (seq % 3 > 0).then(|| uuid::Uuid::from_u128(seq as u128)),
            actor: "Ana".to_owned(),
            action: "client.rename".to_owned(),
            subject: format!("client {seq}"),
            client: (seq % 2 > 0).then(|| uuid::Uuid::from_u128(77)),
            detail: "a to b".to_owned(),
            seal: FIRST,
        };
        line.seal = key.seal(&line, &before);
        before = line.seal;
        lines.push(line);
    }
    (lines, (count, before, key.seal_head(count, &before)))
}

fn walked(lines: &[Line], head: Option<(i64, [u8; 32], [u8; 32])>, key: &Key) -> Result<Head, Tampered> {
    let mut walk = Walk::new(key, None);
    lines.iter().try_for_each(|line| walk.step(line))?;
    walk.end(head)
}

/// Changes something about a log, in one of twelve ways; `n` and `m` say where.
fn tamper(
    way: usize,
    (n, m): (usize, usize),
    lines: &mut Vec<Line>,
    head: &mut Option<(i64, [u8; 32], [u8; 32])>,
) {
    let (count, n, m) = (lines.len(), n % lines.len(), m % lines.len());
    let line = &mut lines[n];
    match way {
        0 => line.at = At::from_millis(line.at.millis() + 1),
        1 => line.actor_id = line.actor_id.map_or(Some(uuid::Uuid::nil()), |_| None),
        2 => line.actor.push('!'),
        // What moves from one field to the next reads the same when it is put together.
        3 => line.subject.insert(0, line.action.pop().expect("it has letters")),
        4 => line.client = line.client.map_or(Some(uuid::Uuid::from_u128(78)), |_| None),
        5 => line.detail.clear(),
        6 => line.seal[m % 32] ^= 1 << (m % 8),
        7 => drop(lines.remove(n)),
        8 if n != m => lines.swap(n, m),
        8 | 9 => lines.truncate(n),
        10 => {
            let copy = Line { seq: count as i64 + 1, ..line.clone() };
            lines.push(copy);
        }
        _ => *head = if m % 2 == 0 { None } else { head.map(|(seq, last, seal)| (seq - 1, last, seal)) },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_thousand_random_tamperings_all_show(way in 0usize..12, count in 1i64..40, n in 0usize..40, m in 0usize..40) {
        let key = Key::new([3; 32]);
        let (mut lines, head) = log(count, &key);
        prop_assert!(walked(&lines, Some(head), &key).is_ok());
        prop_assert!(walked(&lines, Some(head), &Key::new([4; 32])).is_err(), "another key");
        let mut head = Some(head);
        tamper(way, (n, m), &mut lines, &mut head);
        prop_assert!(walked(&lines, head, &key).is_err());
    }
}
