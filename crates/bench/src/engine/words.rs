//! From the words of a ticket to its owner: text in, row out, on a matrix made of a template.

use std::sync::Arc;

use remit_core::{At, Horizon};
use remit_matrix::catalogue::Arrangement;
use remit_matrix::engine::generate::Rng;
use remit_matrix::templates::{self, Offshore, TemplateOptions};
use remit_matrix::{Compiled, Matrix, Query, Resolver};

use remit_bench::measure::{Effort, each, per_item, whole};
use remit_bench::report::{Report, Target, Unit};

/// Questions as a ticket system asks them: a service, a tier, a priority, a kind and an RFC 3339 instant.
type Question = (&'static str, &'static str, &'static str, &'static str, String);

/// Measures the whole way from text, and what is done once per matrix.
pub fn resolve(effort: Effort, report: &mut Report) {
    let arrangements = [Arrangement::Tier3Escalation, Arrangement::AfterHours];
    let options = TemplateOptions::co_managed("Harbor Dental", "America/Los_Angeles", &arrangements);
    let options = options.holidays(["US-CA"]).offshore(Offshore::manila());
    let draft = templates::draft(&options).expect("the template is sound");
    let matrix = Arc::new(Matrix::check(draft).expect("the template is well formed"));
    let horizon = Horizon::months("2026-01-01".parse().expect("the date exists"), &matrix.zone, 13);
    let compile = || Compiled::new(Arc::clone(&matrix), horizon).expect("a template compiles");
    let resolver = Resolver::new(compile());

    let questions = questions(effort.calls / 4);
    let owner = |(service, tier, priority, kind, at): &Question| {
        let mut query = Query::new(service, At::parse(at).expect("the instant is well written"));
        (query.tier, query.priority, query.kind) = (*tier, *priority, *kind);
        resolver.resolve(&query).expect("the words are known").map(|row| row.responsible)
    };
    assert!(
        questions.iter().take(1_000).all(|question| owner(question).is_some()),
        "a template leaves no gap"
    );
    let what =
        format!("resolve from strings and an RFC 3339 instant, template of {} rows", matrix.rows.len());
    let mean = per_item(effort, questions.len(), || {
        questions.iter().filter(|question| owner(question).is_some()).count()
    });
    report.add(&what, Unit::Nanoseconds, Target::new(300.0, 150.0), mean);
    report.add(format!("{what}: p99"), Unit::Nanoseconds, Target::NONE, each(&questions, owner).p99);
    report.add(
        "compile the template over 13 months",
        Unit::Nanoseconds,
        Target::NONE,
        whole(effort, compile),
    );
    let compiled = compile();
    report.add(
        "verify the template, findings in words",
        Unit::Nanoseconds,
        Target::NONE,
        whole(effort, || compiled.verify()),
    );
}

fn questions(n: usize) -> Vec<Question> {
    const SERVICES: [&str; 6] = ["helpdesk", "backup", "patching", "network", "users", "security"];
    const TIERS: [&str; 3] = ["L1", "L2", "L3"];
    const PRIORITIES: [&str; 4] = ["P1", "P2", "P3", "P4"];
    const KINDS: [&str; 3] = ["incident", "request", "alert"];
    let mut rng = Rng::new(13);
    let question = |_| {
        let mut pick = |words: &[&'static str]| words[rng.below(words.len())];
        let (service, tier, priority, kind) =
            (pick(&SERVICES), pick(&TIERS), pick(&PRIORITIES), pick(&KINDS));
        let (month, day) = (1 + rng.below(12), 1 + rng.below(28));
        let (hour, minute) = (rng.below(24), rng.below(60));
        (service, tier, priority, kind, format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00-08:00"))
    };
    (0..n).map(question).collect()
}
