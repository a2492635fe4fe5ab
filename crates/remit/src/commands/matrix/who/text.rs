//! The answer of `who` for people.

use std::fmt::Write;

use remit_matrix::ask::{
    Answer, Change, Owner, PromiseWords, RowWords, Share, TakerWords, Target, Verdict, Why,
};
use remit_matrix::model::{Dimension, OTHER};

use crate::party::{lettered, mark, marked};
use crate::screen::{BOLD, DIM};
use crate::table::{Listing, counted, hanging, paragraph, plain};
use remit_draw::Hue;

/// Near misses that are shown unless all are asked for.
const NEAR: usize = 6;
/// Values of one owner that are shown.
const VALUES: usize = 5;
/// Width of the names of facts.
const NAME: usize = 13;
/// Where facts begin.
const FACT: usize = NAME + 2;

/// The answer as text with escape sequences for colour.
pub fn render(answer: &Answer, all: bool) -> String {
    let mut out = head(answer);
    match answer.verdict {
        Verdict::Owned => owned(&mut out, answer),
        Verdict::Gap => {
            fact(
                &mut out,
                "owner",
                &format!("{} {BOLD}nobody{BOLD:#}: no row covers this", mark(Hue::Nobody)),
            );
        }
        Verdict::Conflict => conflict(&mut out, answer),
    }
    if let Some(change) = &answer.next_change {
        fact(&mut out, "until", &until(change, answer));
    }
    for note in &answer.notes {
        fact(&mut out, "note", &hanging(note, FACT, FACT));
    }
    rows(&mut out, "Give way to it", &answer.beaten);
    near_misses(&mut out, answer, all);
    for dependence in &answer.depends_on {
        let label = dependence.dimension.label();
        shares(&mut out, &format!("Depends on the {label}, which was not given"), &dependence.answers);
    }
    let below = format!("Below {}, where the service is more exactly known", answer.service);
    shares(&mut out, &below, &answer.below);
    out
}

fn head(answer: &Answer) -> String {
    let name = &answer.service_name;
    let mut out = format!("{BOLD}{} ({name}) at {}{BOLD:#}\n", answer.service, answer.local);
    let asked = answer.asked.iter().filter(|a| a.given || a.value != OTHER);
    let asked: Vec<String> = asked.map(|a| format!("{} {}", a.dimension.label(), a.value)).collect();
    let asked = if asked.is_empty() { String::new() } else { format!(" · {}", asked.join(" · ")) };
    let _ = writeln!(out, "{DIM}{} · {}{asked}{DIM:#}\n", plain(&answer.client), answer.zone);
    out
}

fn fact(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "  {DIM}{name:<NAME$}{DIM:#}{}", value.trim_end());
}

fn owned(out: &mut String, answer: &Answer) {
    let (Some(owner), Some(row), Some(taker)) = (&answer.owner, &answer.row, &answer.taker) else { return };
    fact(out, "owner", &format!("{} {BOLD}{}{BOLD:#}", mark(owner.hue), plain(&owner.party_name)));
    fact(out, "responsible", &plain(&owner.team_name));
    fact(out, "takes it now", &takes(owner, taker));
    promise(out, answer.promise.as_ref());
    for (name, people) in [("consulted", &answer.consulted), ("informed", &answer.informed)] {
        if !people.is_empty() {
            fact(out, name, &plain(&people.join(", ")));
        }
    }
    fact(out, "because", &hanging(&because(row, answer), FACT, FACT));
    if let Some(note) = &row.note {
        fact(out, "", &format!("{DIM}{}{DIM:#}", hanging(note, FACT, FACT).trim_end()));
    }
}

fn takes(owner: &Owner, taker: &TakerWords) -> String {
    let name = plain(&taker.team_name);
    match taker.why {
        Why::OnDuty => format!("{name}, on duty"),
        Why::Fallback => format!("{name}, the fallback: {} is not on duty", plain(&owner.team_name)),
        Why::LastResort => {
            format!("{name}, the {BOLD}last resort{BOLD:#}: nobody that the row names is on duty")
        }
    }
}

fn because(row: &RowWords, answer: &Answer) -> String {
    let why = match answer.beaten.len() {
        0 => "the only row that applies".to_owned(),
        1 => "narrower than the other row that applies".to_owned(),
        n => format!("narrower than the {n} other rows that apply"),
    };
    format!("row `{}` ({}): {why}", row.id, row.conditions)
}

fn promise(out: &mut String, promise: Option<&PromiseWords>) {
    let Some(promise) = promise else {
        fact(out, "promise", "none");
        return;
    };
    let target = |verb: &str, target: &Target| {
        let due = target.due_local.as_deref().unwrap_or("more than two years away");
        format!("{verb} within {}: due {BOLD}{due}{BOLD:#}", target.within)
    };
    let parts = [("an answer", &promise.respond), ("a solution", &promise.resolve)];
    let lines: Vec<String> = parts.iter().filter_map(|(verb, t)| Some(target(verb, t.as_ref()?))).collect();
    for (n, line) in lines.iter().enumerate() {
        fact(out, if n == 0 { "promise" } else { "" }, line);
    }
    let clock = match &promise.clock {
        Some(clock) => format!("counted in the hours of `{clock}`"),
        None => "every minute counts".to_owned(),
    };
    fact(out, "", &format!("{DIM}{clock}{DIM:#}"));
}

fn until(change: &Change, answer: &Answer) -> String {
    let then = match (&change.owner, &change.taker) {
        (None, _) => "nobody has it alone".to_owned(),
        (Some(owner), Some(taker)) if Some(owner) == answer.owner.as_ref() => {
            format!("{} takes it", plain(&taker.team_name))
        }
        (Some(owner), _) => marked(owner),
    };
    format!("{}, then {then}", change.local)
}

fn conflict(out: &mut String, answer: &Answer) {
    let count = answer.conflict.len();
    let words = format!("{} {BOLD}in dispute{BOLD:#}: {count} rows name different owners", mark(Hue::Nobody));
    fact(out, "owner", &words);
    rows(out, "Rows in dispute", &answer.conflict);
    out.push('\n');
    out.push_str(&paragraph("Narrow one of them, or add a row for what they share.", 2));
}

fn rows(out: &mut String, title: &str, rows: &[RowWords]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
    let mut listing = Listing::new(&["row", "owner", "holds for"]);
    for row in rows {
        listing.row([row.id.clone(), lettered(&row.owner), row.conditions.clone()]);
    }
    out.push_str(&listing.text());
}

fn near_misses(out: &mut String, answer: &Answer, all: bool) {
    let misses = &answer.near_misses;
    // Rows about other services are near in number only.
    let near = misses.iter().filter(|miss| all || miss.dimension != Dimension::Service);
    let shown: Vec<_> = near.take(if all { usize::MAX } else { NEAR }).collect();
    if misses.is_empty() {
        return;
    }
    if !shown.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Near misses: one condition keeps them out{BOLD:#}");
        let mut listing = Listing::new(&["row", "owner", "condition", "asked"]);
        for miss in &shown {
            let condition = format!("{} {}", miss.dimension.label(), miss.demands);
            listing.row([miss.row.id.clone(), lettered(&miss.row.owner), condition, miss.asked.clone()]);
        }
        out.push_str(&listing.text());
    }
    let hidden = misses.len() - shown.len();
    if hidden > 0 {
        let (gap, more) = if shown.is_empty() { ("\n", "") } else { ("", " more") };
        let misses = counted(hidden, "near miss", "near misses");
        let _ = writeln!(out, "{gap}  {DIM}{misses}{more}, most for other services: --all{DIM:#}");
    }
}

fn shares(out: &mut String, title: &str, shares: &[Share]) {
    if shares.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
    let mut listing = Listing::new(&["owner", "where"]);
    for share in shares {
        let owner = share.owner.as_ref().map_or_else(|| "! nobody alone".to_owned(), lettered);
        let more = share.values.len().saturating_sub(VALUES);
        let values = share.values[..share.values.len() - more].join(", ");
        listing.row([owner, if more > 0 { format!("{values} and {more} more") } else { values }]);
    }
    out.push_str(&listing.text());
}
