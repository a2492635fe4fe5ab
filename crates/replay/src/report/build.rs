//! From the ledger to the report.

use remit_core::At;
use remit_custody::Held;
use remit_draw::Hue;
use rustc_hash::FxHashMap;

use super::{
    Durations, Holder, Load, Month, Moved, Overall, Pair, Report, Sla, Source, Status, Stay, Time, Tried,
    share,
};
use crate::event::Line;
use crate::findings::FindingKind;
use crate::ledger::{Ledger, Level, MOST_HAND_OFFS, Tally, Totals};
use crate::names::NameId;
use crate::trial::Trial;

/// How many pairs are listed.
const PAIRS: usize = 30;

impl Report {
    /// The report of a finished ledger.
    pub(crate) fn build(mut ledger: Ledger<'_>, file: &str) -> Self {
        let teams = holders(
            &ledger.teams,
            |id| ledger.names.teams.text(id).to_owned(),
            |id, holder| {
                let place = ledger.places.get(id as usize);
                holder.line = place.and_then(|place| place.line);
                holder.party = place.map(|place| party(&ledger, place.party));
                holder.hue = place.map_or(Hue::Neutral, |place| hue(&ledger, place.party));
            },
        );
        let mut lines = holders(&ledger.lines, line_name, |_, _| {});
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        let team = |id| ledger.names.teams.text(id).to_owned();
        let report = Self {
            schema: "remit-replay/1",
            source: Source {
                file: file.to_owned(),
                log: ledger.mapping.name.clone(),
                credit: ledger.mapping.credit.clone(),
                zone: ledger.zone.name().to_owned(),
                assumptions: ledger.mapping.assumptions.clone(),
            },
            overall: overall(&ledger),
            teams,
            lines,
            parties: holders(
                &ledger.parties,
                |id| party(&ledger, id),
                |id, holder| holder.hue = hue(&ledger, id),
            ),
            hand_off_pairs: pairs(&ledger.teams.pairs, team),
            ping_pong_pairs: pairs(&ledger.teams.ping_pongs, team),
            line_pairs: pairs(&ledger.lines.pairs, line_name),
            party_pairs: pairs(&ledger.parties.pairs, |id| party(&ledger, id)),
            statuses: statuses(&ledger),
            longest: longest(&ledger),
            arrivals: ledger.overall.arrivals.clone(),
            months: months(&ledger),
            matrices: ledger.trials.iter().map(tried).collect(),
            findings: Vec::new(),
        };
        note_names(&mut ledger);
        Self { findings: std::mem::take(&mut ledger.findings).finish(), ..report }
    }
}

fn party(ledger: &Ledger<'_>, id: NameId) -> String {
    ledger.mapping.party_name(ledger.names.parties.text(id)).to_owned()
}

/// The hue of a party by its id in the mapping: `provider`, `internal` or one that begins with `vendor`.
fn hue(ledger: &Ledger<'_>, id: NameId) -> Hue {
    match ledger.names.parties.text(id) {
        "provider" => Hue::Provider,
        "internal" => Hue::Internal,
        vendor if vendor.starts_with("vendor") => Hue::Vendor(0),
        _ => Hue::Neutral,
    }
}

fn line_name(id: NameId) -> String {
    Line::ALL.get(id as usize).map_or("?", |line| line.name()).to_owned()
}

fn note_names(ledger: &mut Ledger<'_>) {
    let unknown =
        ledger.names.priorities.texts().iter().filter(|text| ledger.mapping.priority(text).is_none());
    for text in unknown {
        ledger.findings.add(FindingKind::UnknownPriority, 0, || Some(text.clone()));
    }
    if ledger.trials.is_empty() {
        return;
    }
    for (category, count) in &ledger.categories {
        let text = ledger.names.categories.text(*category);
        for _ in 0..if ledger.mapping.service(text).is_none() { *count } else { 0 } {
            ledger.findings.add(FindingKind::NoService, 0, || None);
        }
    }
}

fn overall(ledger: &Ledger<'_>) -> Overall {
    let all = &ledger.overall;
    let instant = |millis| At::from_millis(millis).to_string();
    let told = all.sla_kept_all + all.sla_missed_all > 0;
    let mut held = Held::default();
    for part in ledger.teams.tallies.iter().map(|tally| tally.held).chain([ledger.teams.unassigned]) {
        held.working = held.working.saturating_add(part.working);
        held.waiting = held.waiting.saturating_add(part.waiting);
        held.done = held.done.saturating_add(part.done);
    }
    Overall {
        events: all.events,
        tickets: all.tickets,
        most_events: all.most_events,
        first: instant(all.first_at),
        last: instant(all.last_at),
        resolved: all.resolved,
        reopened: all.reopened,
        sla: told.then_some(Sla {
            kept: all.sla_kept,
            missed: all.sla_missed,
            kept_of_all: all.sla_kept_all,
            missed_of_all: all.sla_missed_all,
        }),
        life: Durations {
            mean: (all.life_sum / i128::from(all.tickets.max(1))) as i64,
            median: all.life.at(0.5),
            p90: all.life.at(0.9),
        },
        by_team: moved(&ledger.teams.totals),
        by_line: moved(&ledger.lines.totals),
        by_party: moved(&ledger.parties.totals),
        passed_within_team: all.passed_within_team,
        tickets_by_hand_offs: trimmed(&ledger.teams.by_hand_offs),
        held: time(held),
        unassigned: time(ledger.teams.unassigned),
    }
}

/// The counts up to the last that is not zero.
fn trimmed(counts: &[u64]) -> Vec<u64> {
    debug_assert!(counts.len() <= MOST_HAND_OFFS + 1);
    let end = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    counts[..end].to_vec()
}

fn moved(totals: &Totals) -> Moved {
    Moved {
        hand_offs: totals.hand_offs,
        hand_backs: totals.hand_backs,
        bounces: totals.bounces,
        ping_pongs: totals.ping_pongs,
        bounced_tickets: totals.bounced_tickets,
        thrice_bounced: totals.thrice_bounced,
    }
}

fn time(held: Held) -> Time {
    Time { working: held.working, waiting: held.waiting, done: held.done }
}

fn holders(
    level: &Level,
    name: impl Fn(NameId) -> String,
    place: impl Fn(NameId, &mut Holder),
) -> Vec<Holder> {
    let touched = level.tallies.iter().enumerate().filter(|(_, tally)| tally.tickets > 0);
    let mut holders: Vec<Holder> = touched
        .map(|(id, tally)| {
            let mut holder = holder(name(id as NameId), tally);
            place(id as NameId, &mut holder);
            holder
        })
        .collect();
    holders.sort_by(|a, b| b.tickets.cmp(&a.tickets).then_with(|| a.name.cmp(&b.name)));
    holders
}

fn holder(name: String, tally: &Tally) -> Holder {
    Holder {
        name,
        line: None,
        party: None,
        hue: Hue::Neutral,
        tickets: tally.tickets,
        first: tally.first,
        resolved: tally.resolved,
        hand_offs_in: tally.hand_offs_in,
        hand_offs_out: tally.hand_offs_out,
        hand_backs: tally.hand_backs,
        bounces: tally.bounces,
        held: time(tally.held),
        working: (tally.working.at(0.5), tally.working.at(0.9)),
        waiting: (tally.waiting.at(0.5), tally.waiting.at(0.9)),
        sla_kept: tally.sla_kept,
        sla_missed: tally.sla_missed,
    }
}

impl Holder {
    /// The share of promises kept among the tickets it resolved; `None` when the log does not tell.
    pub fn sla_share(&self) -> Option<f64> {
        let told = self.sla_kept + self.sla_missed;
        (told > 0).then(|| share(self.sla_kept, told))
    }
}

fn pairs(counts: &FxHashMap<(NameId, NameId), u64>, name: impl Fn(NameId) -> String) -> Vec<Pair> {
    let named =
        counts.iter().map(|((from, to), count)| Pair { from: name(*from), to: name(*to), count: *count });
    let mut pairs: Vec<Pair> = named.collect();
    pairs.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    pairs.truncate(PAIRS);
    pairs
}

fn statuses(ledger: &Ledger<'_>) -> Vec<Status> {
    let names = ledger.names.statuses.texts().iter();
    let known = names.zip(&ledger.states).zip(&ledger.statuses);
    known
        .map(|((status, means), tally)| Status {
            status: status.clone(),
            means: *means,
            events: tally.events,
            tickets: tally.tickets,
            first: tally.first,
        })
        .collect()
}

fn longest(ledger: &Ledger<'_>) -> Vec<Stay> {
    let stays = ledger.longest.stays().iter();
    stays
        .map(|stay| Stay {
            ticket: stay.ticket.clone(),
            team: ledger.names.teams.text(stay.team).to_owned(),
            from: stay.from.to_string(),
            to: stay.to.to_string(),
            working: stay.working,
        })
        .collect()
}

fn months(ledger: &Ledger<'_>) -> Vec<Month> {
    let months = ledger.overall.months.iter();
    months
        .map(|((year, month), tickets)| Month { month: format!("{year:04}-{month:02}"), tickets: *tickets })
        .collect()
}

fn tried(trial: &Trial<'_>) -> Tried {
    let parties = trial.matrix.parties().into_iter().zip(&trial.load).map(|((party, hue), lines)| {
        let total = lines.iter().flatten().sum();
        Load { party, hue, total, lines: lines.clone() }
    });
    let mut unowned = trial.unowned.clone();
    unowned.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.first.cmp(&b.first)));
    Tried {
        matrix: trial.matrix.label().to_owned(),
        moves: trial.moves.clone(),
        tickets_across_parties: trial.across,
        parties: parties.collect(),
        teams: trial.matrix.teams().into_iter().zip(trial.by_team.iter().copied()).collect(),
        unowned,
        without_service: trial.without_service,
    }
}
