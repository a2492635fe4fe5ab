//! What must hold for every page that somebody sees: nothing in the console, nothing refused by the content security policy, nothing loaded
//! from elsewhere, nothing that keeps somebody out, and no page wider than a phone.

use serde_json::Value;

use crate::page::{Page, View};
use crate::wire::Event;

/// Runs axe and says what is serious or worse, one line for each element. Dark differs from light in its colours alone.
const AXE: &str = r#"
const rules = dark ? { runOnly: ["color-contrast"] } : {};
const found = await axe.run(document, { resultTypes: ["violations"], elementRef: false, ...rules });
return found.violations.filter((rule) => ["serious", "critical"].includes(rule.impact))
  .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
"#;
/// Says what is wider than the screen. A phone makes the window as wide as the page, so the window is not asked.
const WIDE: &str = r#"
const wide = document.documentElement.scrollWidth;
if (wide <= width) return [];
const clipped = (at) => at && (getComputedStyle(at).overflowX !== "visible" || clipped(at.parentElement));
const over = [...document.querySelectorAll("body *")].filter((at) => at.getBoundingClientRect().right > width + 1 && !clipped(at.parentElement));
return [`the page is ${wide} wide on ${width}: ` + over.slice(-3).map((at) => at.outerHTML.slice(0, 160)).join(" | ")];
"#;

/// Notes what goes wrong while pages are looked at.
#[derive(Debug)]
pub struct Watch {
    origin: String,
    faults: Vec<String>,
    opened: Vec<String>,
}

impl Watch {
    /// For pages of one origin.
    pub(crate) fn of(origin: &str) -> Self {
        Self { origin: origin.to_owned(), faults: Vec::new(), opened: Vec::new() }
    }

    pub(crate) fn note(&mut self, event: &Event) {
        let params = &event.params;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match event.method.as_str() {
            "Network.requestWillBeSent" => {
                self.sent(&text(&params["request"]["url"]), &text(&params["type"]));
            }
            "Runtime.exceptionThrown" => {
                self.faults.push(format!("exception: {}", params["exceptionDetails"]));
            }
            "Runtime.consoleAPICalled"
                if matches!(params["type"].as_str(), Some("error" | "warning" | "assert")) =>
            {
                self.faults.push(format!("console: {}", params["args"]));
            }
            "Log.entryAdded" => self.logged(&params["entry"]),
            "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue" => {
                self.faults.push(format!("content security policy: {}", params["issue"]["details"]));
            }
            _ => {}
        }
    }

    fn sent(&mut self, url: &str, kind: &str) {
        if !url.starts_with(&format!("{}/", self.origin)) && !url.starts_with("data:") {
            self.faults.push(format!("{kind} from elsewhere: {url}"));
        }
        if kind == "Document" {
            self.opened.push(url.to_owned());
        }
    }

    fn logged(&mut self, entry: &Value) {
        let url = entry["url"].as_str().unwrap_or_default();
        // A form that comes back to be corrected is a page with another status, which is as it should be.
        let page = entry["source"] == "network" && self.opened.iter().any(|opened| opened == url);
        if matches!(entry["level"].as_str(), Some("error" | "warning")) && !page {
            self.faults.push(format!("log: {} {url}", entry["text"]));
        }
    }
}

impl Page {
    /// Fails unless all holds for what is open, as it is looked at in each of these ways.
    pub fn is_sound(&mut self, axe: &str, views: &[View]) {
        self.notice();
        let mut faults = std::mem::take(&mut self.watch.faults);
        if !axe.is_empty() {
            self.define(axe);
        }
        for view in views {
            self.look(*view);
            let found = if axe.is_empty() {
                Vec::new()
            } else {
                lines(&self.eval(&format!("const dark = {};{AXE}", view.dark)))
            };
            let wide = self.eval(&format!("const width = {};{WIDE}", view.width));
            faults.extend(found.into_iter().chain(lines(&wide)).map(|fault| format!("{view:?}: {fault}")));
        }
        self.look(View::DESK);
        assert!(faults.is_empty(), "{}:\n{}", self.address(), faults.join("\n"));
    }
}

fn lines(found: &Value) -> Vec<String> {
    found.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
}
