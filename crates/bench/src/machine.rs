//! What a figure depends on beside the code.

use std::fs;

use serde::Serialize;

/// The machine as it was when the run began.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Name of the processor, where the system tells it.
    pub processor: Option<String>,
    /// How many threads it runs at once.
    pub cores: usize,
    /// Mean number of busy threads over the last minute; more than a little above 0 means that figures are too high.
    pub load: Option<f64>,
}

/// Looks at the machine.
pub fn facts() -> Machine {
    let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processor = text("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, name)| name.trim().to_owned());
    let load = text("/proc/loadavg").split(' ').next().and_then(|load| load.parse().ok());
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    Machine { processor, cores, load }
}
