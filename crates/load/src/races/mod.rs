//! Sets many against each other on the same few tickets, and looks what is left: no change is lost, none has an effect twice, no ticket has
//! two holders, and numbers go from 1 to the last without a hole.
//!
//! | file | question it answers |
//! |---|---|
//! | `world` | on what, and by whom? |
//! | `deeds` | what does each of them try, and what were they told? |
//! | `check` | is what was told what is there? |
//! | `retries` | does a request that is repeated have one effect, and one answer? |
//!
//! Whoever tries looks first and acts later, as people do, so most of what is tried was decided on what no longer holds. On PostgreSQL half of
//! them come through another process's eyes: an application of its own on the same database.

mod check;
mod deeds;
mod retries;
mod world;

use std::time::Instant;

use remit_db::testing::engines;

use deeds::Told;
use world::World;

/// Of so many steps, one is a request that is repeated.
const RETRIES: u64 = 20;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Deeds that are tried on each engine.
    pub steps: u64,
    /// Which deeds.
    pub seed: u64,
}

impl Options {
    /// Reads arguments.
    pub fn read(args: &[&str]) -> Result<Self, String> {
        let mut options = Self { steps: 100_000, seed: 1 };
        for pair in args.chunks(2) {
            let number =
                |text: &str| text.replace('_', "").parse().map_err(|_| format!("`{text}` is no number"));
            match pair {
                ["--steps", n] => options.steps = number(n)?,
                ["--seed", n] => options.seed = number(n)?,
                odd => return Err(format!("there is no option `{}`", odd.join(" "))),
            }
        }
        Ok(options)
    }
}

/// Runs it on each engine, and fails at the first thing that is not as it should be.
pub fn campaign(options: Options) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    for engine in engines() {
        let begun = Instant::now();
        let said = runtime.block_on(async {
            let world = World::make(engine).await?;
            let told = deeds::race(&world, options.steps, options.seed).await?;
            let seen = check::deeds(&world, &told).await?;
            let repeated = retries::race(&world, options.steps.div_ceil(RETRIES), options.seed).await?;
            check::numbers(&world, told.opened + repeated.opened).await?;
            let Told { kept, refused, .. } = told;
            Ok::<_, String>(format!(
                "{} deeds tried at once on few tickets, {kept} kept and all there once, {refused} refused and nothing of them there; \
                 {} tickets with {} lines, one holder each at every line, numbers without a hole; {repeated}",
                options.steps, seen.tickets, seen.lines
            ))
        });
        let said = said.map_err(|wrong| format!("{engine:?}, seed {}: {wrong}", options.seed))?;
        println!("{engine:?} (seed {}): {said}; {:.0} s", options.seed, begun.elapsed().as_secs_f64());
    }
    Ok(())
}
