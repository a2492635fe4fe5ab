//! The document as a page for print.

use remit_draw::{Cell, Column, Html, Hue, Page, Section, Table};

use super::content::{Calendar, Content, Line};
use crate::draft::PartyKind;

/// How the lines of the matrix work together.
pub(super) const HOW_TO_READ: &str = "Where two lines fit the same work, the narrower one counts: a line for one duty goes \
    before a line for its whole area, a line for certain hours before a line for all hours. The order of the lines means \
    nothing.";

/// Renders the document.
pub(super) fn render(content: &Content) -> String {
    let facts = content.facts.iter().map(|(name, value)| (*name, value));
    let mut agreement = Section::new("agreement", "Agreement").facts(facts);
    let mut signatures = Section::new("signatures", "Signatures").signatures(&content.signers);
    if !content.hash.is_empty() {
        let hash = |text: &str| Html::from(text).then(" ").then(Html::mono(&content.hash));
        agreement = agreement.note(hash("Content hash"));
        signatures = signatures.note(hash("Signed for the content with the hash"));
    }
    let mut page = Page::new(&content.title)
        .subtitle(&content.subtitle)
        .running(&content.title, &content.foot())
        .section(agreement)
        .section(people(content));
    if !content.calendars.is_empty() {
        page = page.section(content.calendars.iter().fold(Section::new("hours", "Hours"), hours));
    }
    page = page.section(duties(content)).section(words(content));
    if !content.findings.is_empty() {
        page = page.section(Section::new("findings", "Findings").list(&content.findings));
    }
    page.section(signatures).render()
}

/// The role of a party in words.
pub(super) fn kind_word(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Provider => "Provider",
        PartyKind::Internal => "Internal IT",
        PartyKind::Vendor => "Vendor",
    }
}

/// Who is asked and who is told, each with the letter.
pub(super) fn with_letters(line: &Line) -> String {
    let asked = if line.consulted.is_empty() { String::new() } else { format!("C: {}", line.consulted) };
    let told = if line.informed.is_empty() { String::new() } else { format!("I: {}", line.informed) };
    [asked, told].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

impl Content {
    fn who(&self, party: Option<usize>, name: &str) -> Cell {
        let hue = party.and_then(|number| self.parties.get(number)).map_or(Hue::Neutral, |party| match party
            .kind
        {
            PartyKind::Provider => Hue::Provider,
            PartyKind::Internal => Hue::Internal,
            PartyKind::Vendor => Hue::Vendor(party.vendor),
        });
        Cell::who(hue, name)
    }

    /// The start of the hash is enough to tell that two sheets of paper belong together.
    fn foot(&self) -> String {
        let version = self.facts.iter().filter(|(name, _)| ["Version", "In force from"].contains(name));
        let mut parts: Vec<String> = version.map(|(name, value)| format!("{name} {value}")).collect();
        if !self.hash.is_empty() {
            parts.push(self.hash.chars().take(16).collect());
        }
        parts.join(" · ")
    }
}

fn people(content: &Content) -> Section {
    let mut parties =
        Table::new("Parties").column(Column::text("Party")).column(Column::text("Role")).fixed();
    for (number, party) in content.parties.iter().enumerate() {
        parties = parties.row([content.who(Some(number), &party.name), Cell::text(kind_word(party.kind))]);
    }
    let columns = ["Team", "Belongs to", "On duty"];
    let mut teams = columns
        .into_iter()
        .fold(Table::new("Teams").fixed(), |table, title| table.column(Column::text(title)));
    for team in &content.teams {
        teams = teams.row([
            Cell::text(&team.name),
            content.who(team.party, &team.party_name),
            Cell::text(&team.hours),
        ]);
    }
    Section::new("people", "Who is who").table(&parties).table(&teams)
}

fn hours(section: Section, calendar: &Calendar) -> Section {
    let heading = Html::from(&calendar.name).then(Html::quiet(format!(" · {}", calendar.zone)));
    let open = if calendar.week.is_empty() { "never".to_owned() } else { calendar.week.join("; ") };
    let mut lines = vec![Html::from("Open: ").then(open)];
    if !calendar.regions.is_empty() {
        lines.push(Html::from("Closed on public holidays of ").then(&calendar.regions));
    }
    if !calendar.days.is_empty() {
        lines.push(Html::from("Own dates: ").then(calendar.days.join("; ")));
    }
    let section = section.heading(heading).list(lines);
    if calendar.holidays.is_empty() {
        return section;
    }
    section
        .note(Html::from("Public holidays in the first twelve months: ").then(calendar.holidays.join("; ")))
}

fn duties(content: &Content) -> Section {
    let columns = ["Duty", "When and for what", "Answers (A)", "Does it (R), by when", "Asked (C), told (I)"];
    let mut table =
        columns.into_iter().fold(Table::new("").fixed(), |table, title| table.column(Column::text(title)));
    for group in &content.groups {
        table = table.group(&group.title);
        for line in &group.lines {
            table = table.row([
                Cell::text(duty(line)),
                Cell::text(&line.conditions),
                content.who(line.party, &line.accountable),
                Cell::text(does_it(line)),
                Cell::text(broken(&with_letters(line))),
            ]);
        }
    }
    Section::new("duties", "Duties").text(HOW_TO_READ).table(&table)
}

/// The team that does the work, below it those that take over in their order, and the promise.
fn does_it(line: &Line) -> Html {
    let mut cell = Html::from(&line.responsible);
    if !line.fallback.is_empty() {
        cell = cell.then(Html::line_break()).then(Html::quiet(format!("then {}", line.fallback)));
    }
    if !line.promise.is_empty() {
        cell = cell.then(Html::line_break()).then(&line.promise);
    }
    cell
}

fn duty(line: &Line) -> Html {
    let duty = Html::from(&line.duties).then(Html::line_break()).then(Html::quiet(Html::mono(&line.id)));
    if line.note.is_empty() {
        return duty;
    }
    duty.then(Html::quiet(Html::line_break().then(broken(&line.note))))
}

/// Text with its line breaks.
fn broken(text: &str) -> Html {
    let mut lines = text.lines();
    let first = Html::from(lines.next().unwrap_or(""));
    lines.fold(first, |html, line| html.then(Html::line_break()).then(line))
}

fn words(content: &Content) -> Section {
    let letters = content.letters.iter().map(|(word, meaning)| Html::strong(*word).then(": ").then(*meaning));
    Section::new("words", "Words").list(letters)
}
