//! Which service somebody means.

use crate::catalogue::{Catalogue, Found, Service};

use super::Unclear;

/// From this score on, the best match is what was meant for about nine in ten texts.
const SURE: f64 = 0.75;

/// A service that was asked about, and how sure it is that this one was meant.
#[derive(Debug)]
pub struct Meant<'c> {
    /// The service.
    pub service: &'c Service,
    /// Says which was taken, where the text is not its id.
    pub note: Option<String>,
}

/// The service of an id or of free text such as "failed backups".
pub fn meant<'c>(catalogue: &'c Catalogue, text: &str) -> Result<Meant<'c>, Unclear> {
    if let Some(service) = catalogue.get(text.trim()) {
        return Ok(Meant { service, note: None });
    }
    let found = catalogue.find(text);
    match found.first() {
        Some(best) if best.score >= SURE => {
            Ok(Meant { service: best.service, note: Some(note(text, &found)) })
        }
        Some(_) => {
            let near: Vec<String> = found.iter().take(3).map(said).collect();
            let unclear = Unclear::new(format!("no service is surely meant by `{text}`"));
            Err(unclear.hint(format!("did you mean {}?", near.join(", "))))
        }
        None => Err(Unclear::new(format!("there is no service `{text}`"))),
    }
}

fn said(found: &Found<'_>) -> String {
    format!("`{}` ({})", found.service.id, found.service.name)
}

fn note(text: &str, found: &[Found<'_>]) -> String {
    let others: Vec<String> = found[1..].iter().filter(|f| f.score >= SURE).take(2).map(said).collect();
    let taken = format!("`{text}` is taken to mean {}", said(&found[0]));
    if others.is_empty() { taken } else { format!("{taken}; near it: {}", others.join(", ")) }
}
