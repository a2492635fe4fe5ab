//! `remit matrix services`.

use std::fmt::Write;
use std::path::PathBuf;

use remit_matrix::catalogue::{Catalogue, Found, How, Service};
use serde::Serialize;

use crate::failure::Failure;
use crate::load;
use crate::outcome::Outcome;
use crate::screen::{self, BOLD, DIM, Screen};
use crate::table::{Listing, paragraph, plain};

/// List or search the service catalogue
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A text is compared with ids, names and other names; misspelt words are found too. Exit codes: 0 found, \
1 nothing like it, 2 bad input.

Examples:
  remit matrix services
  remit matrix services --tree
  remit matrix services \"new starter\"
  remit matrix services backup --file harbor.toml
  remit matrix services --markdown > services.md")]
pub struct Args {
    /// What to look for
    text: Option<String>,
    /// Draw the whole tree, or the part of it below an id
    #[arg(long)]
    tree: bool,
    /// Print the catalogue as a Markdown document
    #[arg(long, conflicts_with_all = ["tree", "text"])]
    markdown: bool,
    /// With the services that this matrix adds
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'c> {
    schema: &'static str,
    services: Vec<Entry<'c>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Entry<'c> {
    #[serde(flatten)]
    service: &'c Service,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<&'static str>,
}

/// Lists or searches.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let matrix = args.file.as_deref().map(load::matrix).transpose()?;
    let catalogue: &Catalogue = match &matrix {
        Some(matrix) => &matrix.services,
        None => Catalogue::builtin(),
    };
    if args.markdown {
        screen::text(&catalogue.to_markdown())?;
        return Ok(Outcome::Sound);
    }
    if let (Some(text), false) = (&args.text, args.tree) {
        let found = catalogue.find(text);
        let entry = |found: &Found<'_>| Entry {
            service: catalogue.get(&found.service.id).expect("it was found in this catalogue"),
            score: Some(found.score),
            matched: Some(how(found.how)),
        };
        let answer = Answer { schema: "remit-services/1", services: found.iter().map(entry).collect() };
        screen.answer(&answer, || matches(text, &answer.services))?;
        return Ok(Outcome::findings(answer.services.is_empty()));
    }
    let below = args.text.as_deref().map(|text| crate::service::meant(catalogue, text)).transpose()?;
    let leaves = below.map(|meant| meant.service.leaves());
    let inside = |service: &&Service| {
        leaves
            .as_ref()
            .is_none_or(|all| all.start <= service.leaves().start && service.leaves().end <= all.end)
    };
    let services: Vec<&Service> = catalogue.listed().filter(inside).collect();
    let entry = |service: &&'_ Service| catalogue.get(&service.id).expect("it is of this catalogue");
    let answer = Answer {
        schema: "remit-services/1",
        services: services.iter().map(|s| Entry { service: entry(s), score: None, matched: None }).collect(),
    };
    screen.answer(&answer, || if args.tree { tree(&answer.services) } else { overview(&answer.services) })?;
    Ok(Outcome::Sound)
}

fn how(how: How) -> &'static str {
    match how {
        How::Id => "id",
        How::Name => "name",
        How::IdEnd => "end-of-id",
        How::Words => "words",
    }
}

fn matches(text: &str, found: &[Entry<'_>]) -> String {
    if found.is_empty() {
        return format!(
            "nothing in the catalogue is like `{}`; all of it: remit matrix services --tree\n",
            plain(text)
        );
    }
    let mut out = String::new();
    for entry in found {
        let service = entry.service;
        let score = entry.score.unwrap_or_default();
        let _ =
            writeln!(out, "{BOLD}{}{BOLD:#}  {}  {DIM}{score:.2}{DIM:#}", service.id, plain(&service.name));
        out.push_str(&paragraph(&service.description, 4));
        let _ = writeln!(out, "    {DIM}{}{DIM:#}", about(service));
    }
    out
}

/// Owner, practice and framework of a service in one line.
fn about(service: &Service) -> String {
    let owner = &service.owner;
    let mut parts = vec![
        format!("fully managed: {}", owner.managed.label()),
        format!("co-managed: {}", owner.co_managed.label()),
    ];
    parts.extend(service.itil.iter().map(|practice| format!("ITIL {practice}")));
    if !service.csf.is_empty() {
        parts.push(format!("CSF {}", service.csf.join(", ")));
    }
    if service.outside_fee {
        parts.push("usually outside the fee".to_owned());
    }
    parts.join(" · ")
}

fn tree(services: &[Entry<'_>]) -> String {
    let mut out = String::new();
    let top = services.first().map_or(0, |entry| entry.service.depth);
    for entry in services {
        let service = entry.service;
        let indent = "  ".repeat(usize::from(service.depth.saturating_sub(top)));
        let name = plain(&service.name);
        if service.depth == top {
            let _ = writeln!(out, "{BOLD}{}{BOLD:#}  {name}", service.id);
        } else {
            let width = 44usize.saturating_sub(indent.len());
            let _ = writeln!(out, "{indent}{:<width$} {DIM}{name}{DIM:#}", service.id);
        }
    }
    let _ = writeln!(
        out,
        "\n{} services; every branch also has an `other` for what nobody named",
        services.len()
    );
    out
}

fn overview(services: &[Entry<'_>]) -> String {
    let mut listing = Listing::new(&["service", "name", "#below", "what it is"]);
    for entry in services.iter().filter(|entry| entry.service.depth == 0) {
        let service = entry.service;
        let prefix = format!("{}.", service.id);
        let below = services.iter().filter(|other| other.service.id.starts_with(&prefix)).count();
        listing.row([&service.id, &*service.name, &below.to_string(), &service.description]);
    }
    format!("{}\n{} services in all: --tree shows them, a text finds them\n", listing.text(), services.len())
}
