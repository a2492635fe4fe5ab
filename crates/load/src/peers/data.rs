//! The tickets that all of them get, as lines of JSON.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde_json::json;

use crate::desk::Words;
use crate::dice::Dice;

/// Clients, people who ask and people who work.
const COUNTS: (u64, u64, u64) = (60, 500, 20);
/// Replies to a ticket.
const REPLIES: u64 = 4;
/// The first second, and over how many tickets are spread: a year.
const BASE: (u64, u64) = (1_760_000_000, 365 * 86_400);

/// So many tickets.
pub struct Data<'w> {
    /// How many.
    pub tickets: u64,
    /// What is written in them.
    pub words: &'w Words,
}

impl Data<'_> {
    /// Writes them into a folder.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let (clients, people, technicians) = COUNTS;
        let client = |n: u64| json!({"id": n, "name": format!("Client {n:02}")});
        lines(folder, "clients", (1..=clients).map(client))?;
        let person = |n: u64| {
            let client = (n - 1) % clients + 1;
            json!({"id": n, "client": client, "name": format!("Requester Number{n}"), "email": format!("person{n}@client{client}.example")})
        };
        lines(folder, "people", (1..=people).map(person))?;
        let technician = |n: u64| json!({"id": n, "name": format!("Technician Number{n}"), "login": format!("tech{n:02}"), "email": format!("tech{n:02}@desk.example")});
        lines(folder, "technicians", (1..=technicians).map(technician))?;
        lines(folder, "tickets", (1..=self.tickets).map(|n| self.ticket(n)))?;
        readable(folder)
    }

    fn ticket(&self, n: u64) -> serde_json::Value {
        let mut dice = Dice::new(n.wrapping_mul(13));
        let (clients, people, technicians) = COUNTS;
        let requester = dice.below(people) + 1;
        let opened = BASE.0 + BASE.1 * n / self.tickets.max(1);
        let at = |k: u64| opened + k * 3600;
        let reply = |k: u64| {
            let by = if k.is_multiple_of(2) { "requester" } else { "technician" };
            json!({"at": at(k), "by": by, "text": self.words.text(n, k + 1)})
        };
        json!({
            "id": n,
            "requester": requester,
            "client": (requester - 1) % clients + 1,
            "technician": dice.below(technicians) + 1,
            "subject": self.words.subject(n),
            "text": self.words.text(n, 1),
            "priority": match dice.below(20) { 0 => 1, 1..=4 => 2, 5..=14 => 3, _ => 4 },
            "open": dice.below(4) == 0,
            "opened": opened,
            "changed": at(REPLIES + 1),
            "replies": (1..=REPLIES).map(reply).collect::<Vec<_>>(),
        })
    }
}

fn lines(folder: &Path, name: &str, rows: impl Iterator<Item = serde_json::Value>) -> Result<(), String> {
    let path = folder.join(format!("{name}.jsonl"));
    let failed = |e: std::io::Error| format!("cannot write {}: {e}", path.display());
    let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
    for row in rows {
        writeln!(file, "{row}").map_err(failed)?;
    }
    file.flush().map_err(failed)
}

/// Whoever the peers run as reads it too.
#[cfg(unix)]
fn readable(folder: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder, open).map_err(|e| e.to_string())
}

#[cfg(not(unix))]
fn readable(_: &Path) -> Result<(), String> {
    Ok(())
}
