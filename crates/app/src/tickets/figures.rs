//! Figures about tickets for whoever watches the installation. They are counted once a minute and kept: whoever fetches them reads no table.
//!
//! What is open is counted along the index of open tickets, what is offered and what is overdue along theirs, so no count grows with
//! the tickets that are closed.

use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};

use super::event::Happened;
use super::kind::{Priority, Status};
use super::sweep::Sweep;
use crate::App;
use crate::people::Provider;
use crate::refused::Refused;

/// Providers that are told apart; where there are more, they are counted together.
const APART: usize = 50;
/// How all of them are called then.
const ALL: &str = "all";

/// Open tickets of a provider by status and priority, and the offers that wait.
#[derive(Debug, Default)]
struct Count {
    open: Vec<(Status, Priority, i64)>,
    offered: i64,
}

/// Counts what there is, and keeps it until the next time.
pub async fn keep(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let providers: Vec<Id<Provider>> = app.providers().await?.into_iter().map(|(id, _)| id).collect();
    let apart = providers.len() <= APART;
    let mut together = Count::default();
    for provider in providers {
        let counted = app.db.system_read("figures of all providers", move |tx| count(tx, provider)).await?;
        if apart {
            show(&provider.to_string(), &counted);
        } else {
            together.open.extend(counted.open);
            together.offered += counted.offered;
        }
    }
    if !apart {
        show(ALL, &together);
    }
    let overdue = app.db.system_read("figures of all providers", move |tx| overdue(tx, now)).await?;
    metrics::gauge!("ticket_timers_overdue").set(overdue as f64);
    Ok(())
}

fn count(tx: &mut Tx<'_, '_, System>, provider: Id<Provider>) -> Result<Count, Refused> {
    let open = system_sql!(
        "SELECT status, priority, COUNT(*) FROM ticket WHERE provider_id = $1 AND closed_at IS NULL AND due_at > $2 \
         AND priority IN ('P1', 'P2', 'P3', 'P4') GROUP BY status, priority LIMIT 1000"
    );
    let offered =
        system_sql!("SELECT COUNT(*) FROM ticket WHERE provider_id = $1 AND offered_team_id IS NOT NULL");
    let open = tx.rows(open, (provider, i64::MIN))?;
    let offered: Option<(i64,)> = tx.find(offered, (provider,))?;
    Ok(Count { open, offered: offered.map_or(0, |(count,)| count) })
}

fn overdue(tx: &mut Tx<'_, '_, System>, now: At) -> Result<i64, Refused> {
    let overdue = system_sql!("SELECT COUNT(*) FROM ticket WHERE timer_at <= $1");
    Ok(tx.find::<(i64,), _>(overdue, (now,))?.map_or(0, |(count,)| count))
}

/// Shows a count. What there is none of any more is 0, not what it was.
fn show(provider: &str, counted: &Count) {
    for status in Status::ALL.iter().filter(|status| **status != Status::Closed) {
        for priority in Priority::ALL {
            let of = |(s, p, count): &(Status, Priority, i64)| {
                if (s, p) == (status, priority) { *count } else { 0 }
            };
            let open: i64 = counted.open.iter().map(of).sum();
            let labels = [
                ("provider", provider.to_owned()),
                ("status", status.key().to_owned()),
                ("priority", priority.key().to_owned()),
            ];
            metrics::gauge!("tickets_open", &labels).set(open as f64);
        }
    }
    metrics::gauge!("ticket_offers_waiting", "provider" => provider.to_owned()).set(counted.offered as f64);
}

/// Counts what should be rare, as it is decided: a unit of work that cannot be kept in the end is counted all the same.
pub(super) fn happened(happened: &Happened) {
    match happened {
        Happened::Expired { .. } => metrics::counter!("ticket_offers_expired_total").increment(1),
        Happened::LastResort { .. } => metrics::counter!("ticket_last_resort_total").increment(1),
        _ => {}
    }
}

/// Counts a sweep that has lasted from an instant to another.
pub(super) fn swept(done: Sweep, (from, to): (At, At)) {
    metrics::counter!("ticket_sweeps_total").increment(1);
    metrics::counter!("ticket_sweep_seen_total").increment(done.seen as u64);
    metrics::counter!("ticket_sweep_failed_total").increment(done.failed as u64);
    metrics::histogram!("ticket_sweep_seconds").record((to - from).millis() as f64 / 1e3);
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::super::tests::{incident, world};
    use super::super::{open, set_status, sweep};
    use super::*;
    use crate::testing::on_each;

    #[test]
    fn what_is_open_is_counted_and_what_is_no_more_is_none() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let figures = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            on_each(async |test| {
                let world = world(test).await;
                for subject in ["One", "Two"] {
                    open(&test.app, &world.requester, incident(world.client, subject)).await.unwrap();
                }
                let last = open(&test.app, &world.requester, incident(world.client, "Three")).await.unwrap();
                let provider = test.provider;
                let says = |status: &str, count: i64| {
                    let told = format!(
                        "tickets_open{{provider=\"{provider}\",status=\"{status}\",priority=\"P3\"}} {count}\n"
                    );
                    let all = figures.render();
                    assert!(all.contains(&told), "no {told} in {all}");
                };
                keep(&test.app).await.unwrap();
                says("new", 3);
                let work = move |tx: &mut Tx<'_, '_>, act: &crate::Act| {
                    set_status(tx, act, last.id, (Status::New, Status::Working))
                };
                test.app.write(&world.it, work).await.unwrap();
                keep(&test.app).await.unwrap();
                says("new", 2);
                says("working", 1);
                sweep(&test.app).await.unwrap();
                assert!(figures.render().contains("ticket_sweeps_total"), "sweeps are counted");
                assert!(figures.render().contains("ticket_timers_overdue 0"), "{}", figures.render());
            });
        });
    }
}
