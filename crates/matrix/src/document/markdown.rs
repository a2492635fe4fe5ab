//! The document as Markdown.

use std::fmt::Write as _;

use super::content::{Calendar, Content, Line};
use super::page::{HOW_TO_READ, kind_word, with_letters};

/// Renders the document.
pub(super) fn render(content: &Content) -> String {
    let mut out = format!("# {}\n\n{}\n", text(&content.title), text(&content.subtitle));
    table(&mut out, ["", ""], content.facts.iter().map(|(name, value)| [(*name).to_owned(), text(value)]));
    if !content.hash.is_empty() {
        let _ = write!(out, "\nContent hash: {}\n", text(&content.hash));
    }
    out.push_str("\n## Who is who\n");
    let parties = content.parties.iter().map(|party| [text(&party.name), kind_word(party.kind).to_owned()]);
    table(&mut out, ["Party", "Role"], parties);
    let teams =
        content.teams.iter().map(|team| [text(&team.name), text(&team.party_name), text(&team.hours)]);
    table(&mut out, ["Team", "Belongs to", "On duty"], teams);
    if !content.calendars.is_empty() {
        out.push_str("\n## Hours\n");
        content.calendars.iter().for_each(|calendar| hours(&mut out, calendar));
    }
    let _ = write!(out, "\n## Duties\n\n{HOW_TO_READ}\n");
    for group in &content.groups {
        let _ = write!(out, "\n### {}\n", text(&group.title));
        let head = [
            "Duty",
            "When and for what",
            "Answers (A)",
            "Does it (R)",
            "Takes over",
            "Asked, told",
            "Promise",
        ];
        table(&mut out, head, group.lines.iter().map(cells));
    }
    out.push_str("\n## Words\n\n");
    for (word, meaning) in &content.letters {
        let _ = writeln!(out, "- **{word}**: {meaning}");
    }
    if !content.findings.is_empty() {
        out.push_str("\n## Findings\n\n");
        content.findings.iter().for_each(|finding| {
            let _ = writeln!(out, "- {}", text(finding));
        });
    }
    signatures(&mut out, content);
    out
}

fn hours(out: &mut String, calendar: &Calendar) {
    let _ = write!(out, "\n**{}** ({})\n\n", text(&calendar.name), text(&calendar.zone));
    let mut lines = vec![("Open", calendar.week.join("; "))];
    lines.push(("Closed on public holidays of", calendar.regions.clone()));
    lines.push(("Public holidays in the first twelve months", calendar.holidays.join("; ")));
    lines.push(("Own dates", calendar.days.join("; ")));
    for (label, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "- {label}: {}", text(&value));
    }
}

fn cells(line: &Line) -> [String; 7] {
    let note = if line.note.is_empty() { String::new() } else { format!("<br>*{}*", text(&line.note)) };
    [
        format!("{} (`{}`){note}", text(&line.duties), line.id.replace(['`', '|', '\n', '\r'], "")),
        text(&line.conditions),
        text(&line.accountable),
        text(&line.responsible),
        text(&line.fallback),
        text(&with_letters(line)),
        text(&line.promise),
    ]
}

fn signatures(out: &mut String, content: &Content) {
    out.push_str("\n## Signatures\n");
    if !content.hash.is_empty() {
        let _ = write!(out, "\nSigned for the content with the hash {}.\n", text(&content.hash));
    }
    for signer in &content.signers {
        let _ = write!(out, "\n**{}**\n\n", text(signer));
        for line in ["Name", "Role", "Date", "Signature"] {
            let _ = writeln!(out, "- {line}: {}", "_".repeat(30));
        }
    }
}

fn table<const N: usize>(out: &mut String, head: [&str; N], lines: impl Iterator<Item = [String; N]>) {
    let _ = write!(out, "\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for line in lines {
        let _ = writeln!(out, "| {} |", line.join(" | "));
    }
}

/// Text that stays text: no markup, no link, no new line or cell.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '\r' => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
