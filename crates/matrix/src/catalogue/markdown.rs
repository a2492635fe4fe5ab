//! The catalogue as a document.

use std::fmt::Write as _;

use super::{Catalogue, Service};

impl Catalogue {
    /// The whole catalogue as Markdown: one section per top-level branch, one table row per service. The implicit
    /// `other` leaves are told once at the top instead of in every table.
    pub fn to_markdown(&self) -> String {
        let mut text = format!(
            "# Service catalogue\n\n{} services in {} branches. Every branch also has an entry `other` for what it \
             does not name, and so has the catalogue as a whole. *Outside the fee* marks what a fully managed fee \
             usually leaves out. Owners are the typical ones; a client's matrix decides.\n",
            self.listed().count(),
            self.roots().filter(|root| !root.is_other()).count()
        );
        for root in self.roots().filter(|root| !root.is_other()) {
            let _ = write!(
                text,
                "\n## {}\n\n{}\n\n| id | service | what it is | fully managed | co-managed | ITIL 4 | NIST CSF 2.0 |\n\
                 |---|---|---|---|---|---|---|\n",
                cell(&root.name),
                root.description
            );
            for node in &self.nodes()[root.span.0 as usize..root.span.1 as usize] {
                if !node.is_other() {
                    row(&mut text, node);
                }
            }
        }
        text
    }
}

fn row(text: &mut String, node: &Service) {
    let outside = if node.outside_fee { " *Outside the fee.*" } else { "" };
    let _ = writeln!(
        text,
        "| `{}` | {} | {}{outside} | {} | {} | {} | {} |",
        node.id,
        cell(&node.name),
        cell(&node.description),
        node.owner.managed.label(),
        node.owner.co_managed.label(),
        node.itil.as_deref().unwrap_or(""),
        node.csf.join(", ")
    );
}

/// Text that stays inside its table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
