//! Kills a process that writes, at random instants, and checks what it left: whatever it had acknowledged is there once and whole, and
//! nothing is half done.
//!
//! The process is this program again, as `remit-load work FOLDER SEED`: it opens a database on SQLite as a server does, works on it with
//! several verbs at once, and names on stdout what was acknowledged. `SIGKILL` gives it no time to tidy up. What this does **not** show is
//! a loss of power: the kernel still writes what it was handed. For that, every acknowledgement waits for `fsync` (WAL with
//! `synchronous=FULL`), which nothing here can take away.

mod check;
pub mod work;

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use check::Books;

/// So many kills hit one database before the next begins with a new one.
const PER_DATABASE: u32 = 20;

/// What a campaign has seen.
#[derive(Debug, Default)]
struct Seen {
    early: u32,
    acknowledged: u64,
    unheard: u64,
}

/// Kills so many processes, and fails at the first thing that is not as it should be.
pub fn campaign(points: u32, first: u64) -> Result<(), String> {
    let (began, mut dice, mut seen) = (Instant::now(), Dice::new(first), Seen::default());
    let mut home = None;
    for point in 0..points {
        if point % PER_DATABASE == 0 {
            home = Some((tempfile::tempdir().map_err(|e| e.to_string())?, Books::default()));
        }
        let Some((folder, books)) = &mut home else { unreachable!("the first point makes a folder") };
        let run = u64::from(point) + (first << 32);
        let heard = kill_one(folder.path(), run, &mut dice, &mut seen)?;
        let left = books.check(folder.path(), &heard).map_err(|wrong| {
            format!(
                "point {point} of seed {first}: {wrong}\nthe database is kept in {}",
                folder.path().display()
            )
        });
        match left {
            Ok(unheard) => seen.unheard += unheard,
            Err(wrong) => {
                // For whoever looks into it.
                let _ = home.map(|(folder, _)| folder.keep());
                return Err(wrong);
            }
        }
        if (point + 1) % 100 == 0 {
            eprintln!("{} of {points} kills", point + 1);
        }
    }
    println!(
        "{points} kills (seed {first}), {} of them before the database was open; {} deeds acknowledged, all there once and whole; \
         {} more kept whose acknowledgement was cut off; nothing half done; {:.0} s",
        seen.early,
        seen.acknowledged,
        seen.unheard,
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Starts a process, kills it, and says what it had acknowledged.
fn kill_one(
    folder: &std::path::Path,
    run: u64,
    dice: &mut Dice,
    seen: &mut Seen,
) -> Result<Vec<String>, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut child = Command::new(program)
        .arg("work")
        .arg(folder)
        .arg(run.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot start the load: {e}"))?;
    // One in five dies while it starts: opening, migrating, recovering from the last kill.
    let most = if dice.below(5) == 0 { 12_000 } else { 90_000 };
    std::thread::sleep(Duration::from_micros(dice.below(most)));
    child.kill().map_err(|e| format!("cannot kill the load: {e}"))?;
    let mut said = String::new();
    let mut out = child.stdout.take().ok_or("it has no output")?;
    out.read_to_string(&mut said).map_err(|e| e.to_string())?;
    child.wait().map_err(|e| e.to_string())?;
    // The last line may be cut off; then nobody has heard it.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    let mut lines = whole.lines();
    match lines.next() {
        Some("open") => {}
        Some(odd) => return Err(format!("the load ended by itself: {odd}")),
        None => seen.early += 1,
    }
    let heard: Vec<String> = lines.map(str::to_owned).collect();
    if let Some(odd) = heard.iter().find(|line| line.starts_with("failed")) {
        return Err(odd.clone());
    }
    seen.acknowledged += heard.len() as u64;
    Ok(heard)
}
