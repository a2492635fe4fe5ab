//! A year in the demo is what tickets are everywhere: numbered, held by one team, timed, and in a log that nobody touched.

use std::collections::BTreeMap;

use remit_app::testing::{TestApp, on_each};
use remit_app::tickets::{self, Happened, Listed, Status, View};
use remit_app::{Caller, Refused, clients, demo, doctor};
use remit_core::{At, Id};
use remit_custody::{Chain, Phase};

use super::of_the_demo;

/// So many incidents of the log are told here.
const INCIDENTS: usize = 312;

#[test]
fn the_log_is_there_whole() {
    let (log, credit) = of_the_demo(1).unwrap();
    assert_eq!(log.incidents.len(), 24_918);
    assert_eq!(log.incidents.iter().map(|incident| incident.moments.len()).sum::<usize>(), 141_712);
    assert_eq!(log.services.len(), 21, "twenty of the mapping, and the one for all others");
    assert!(log.incidents.iter().all(|incident| incident.opened <= incident.moments[0].at));
    assert!(credit.contains("CC BY 4.0"));
}

/// All tickets of all clients.
async fn all(test: &TestApp, caller: &Caller) -> Vec<Listed> {
    let read = |tx: &mut remit_db::Tx<'_, '_>, act: &remit_app::Act| {
        let mut found = Vec::new();
        for client in clients::list(tx, act, None, 100)? {
            found.extend(tickets::list(tx, act, View::Client(client.id), (None, None, 1000))?);
        }
        Ok::<_, Refused>(found)
    };
    test.app.read(caller, read).await.unwrap()
}

#[test]
fn a_year_of_incidents_is_numbered_held_timed_and_sealed() {
    on_each(async |test| {
        let (log, _) = of_the_demo(80).unwrap();
        assert_eq!(log.incidents.len(), INCIDENTS);
        let mut steps = 0;
        let made = demo::make_with_past(&test.app, log, &mut |done, _| steps = done).await.unwrap();
        assert!(steps > 1500, "{steps} steps");
        let operator = Caller::operator(made.provider);
        let (found, now) = (all(test, &operator).await, test.app.now());

        let mut numbers: Vec<i64> = found.iter().map(|listed| listed.ticket.number).collect();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(1..=INCIDENTS as i64), "{numbers:?}");
        for Listed { ticket, .. } in &found {
            assert_eq!(ticket.timer_at.is_none(), ticket.status == Status::Closed, "#{}", ticket.number);
            assert!(ticket.opened_at < now && ticket.changed_at <= now, "#{}", ticket.number);
            assert!(!ticket.subject.contains(['{', '}']), "{}", ticket.subject);
        }
        let count = |of: &dyn Fn(&Listed) -> bool| found.iter().filter(|listed| of(listed)).count();
        let open = count(&|listed| listed.ticket.status.is_open());
        let solved = count(&|listed| listed.ticket.status == Status::Solved);
        assert!((3..60).contains(&open) && solved > 0, "{open} open, {solved} solved");
        let moved = count(&|listed| listed.ticket.custody.epoch().0 > 0);
        assert!(moved > 50, "{moved} have changed hands");
        let subjects: BTreeMap<&str, usize> = found.iter().fold(BTreeMap::new(), |mut seen, listed| {
            *seen.entry(listed.ticket.subject.as_str()).or_default() += 1;
            seen
        });
        assert!(subjects.len() > 100, "{} subjects", subjects.len());
        let asked = test.app.read(&operator, |tx, act| tickets::all_approvals(tx, act, (None, 200))).await;
        assert!(!asked.unwrap().is_empty(), "something is to be approved");
        for Listed { ticket, .. } in found {
            held(test, &operator, ticket, now).await;
        }
        let mut listed = 0;
        for one in all(test, &operator).await {
            let read = test.app.read(&operator, move |tx, act| {
                tickets::ticket_checklists(tx, act, one.ticket.id).map(|lists| lists.len())
            });
            let lists = read.await.unwrap();
            assert!(lists == 0 || one.ticket.status.is_open(), "#{}", one.ticket.number);
            listed += lists;
        }
        assert!((1..=24).contains(&listed), "{listed} open tickets have a checklist");
        let looks = doctor::examine(&test.app, &mut |_| ()).await.unwrap();
        // The provider that every test begins with has nobody.
        let own = looks.iter().filter(|look| !look.what.ends_with("Northwind"));
        let findings: Vec<_> = own.flat_map(|look| &look.findings).collect();
        assert!(findings.is_empty(), "{findings:?}");
    });
}

/// Its lines follow each other in time and say of every instant who held it: the times add up to its life.
async fn held(test: &TestApp, operator: &Caller, ticket: tickets::Ticket, now: At) {
    let asked = ticket.clone();
    let lines =
        test.app.read(operator, move |tx, act| tickets::lines(tx, act, &asked, (0, 1000))).await.unwrap();
    let number = ticket.number;
    assert!(lines.iter().map(|line| line.seq).eq(1..=ticket.lines), "#{number}");
    assert!(lines.is_sorted_by_key(|line| line.at), "#{number}");
    let mut chain: Option<Chain<Id<remit_app::people::Team>>> = None;
    let mut phase = Phase::Working;
    for line in &lines {
        let holder = match &line.happened {
            Happened::Opened { to, .. } => Some(to.team),
            Happened::Accepted { from, to, .. } => {
                assert_eq!(chain.as_ref().and_then(Chain::holder), Some(from.team), "#{number}");
                Some(to.team)
            }
            Happened::Status { to, .. } => {
                phase = to.phase();
                None
            }
            _ => None,
        };
        match &mut chain {
            None => chain = Some(Chain::start(line.at, holder, phase)),
            Some(chain) => chain.tell(line.at, holder, phase).unwrap(),
        }
    }
    let mut chain = chain.unwrap();
    assert_eq!((chain.started(), chain.holder()), (ticket.opened_at, Some(ticket.team)), "#{number}");
    assert_eq!(chain.holder().as_ref(), Some(ticket.custody.holder()), "#{number}");
    assert_eq!(chain.hand_offs().len(), ticket.custody.epoch().0 as usize, "#{number}");
    let until = ticket.closed_at.unwrap_or(now);
    chain.end(until.max(chain.ended())).unwrap();
    let total: i64 = chain.holders().iter().map(|team| chain.held(Some(*team)).total()).sum();
    assert_eq!(total, chain.life(), "#{number}");
}
