//! What to suggest when a zone is not known.

use super::DATABASE;

/// A name that is no time zone of the IANA database, with the names that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a time zone{}", advice(.reason, .suggestions))]
pub struct UnknownZone {
    name: String,
    reason: &'static str,
    suggestions: Vec<String>,
}

/// Longest name that is compared with the database.
const LONGEST: usize = 64;

/// Names that people write and that are not places, each with the places they may mean, the likeliest first. Matched
/// without regard to case; the entries with spaces are the names of Windows and of everyday speech.
pub(super) const SPOKEN: &[(&str, &[&str])] = &[
    ("est", &["America/New_York", "America/Panama"]),
    ("edt", &["America/New_York"]),
    ("et", &["America/New_York"]),
    ("eastern time", &["America/New_York"]),
    ("eastern standard time", &["America/New_York"]),
    ("us eastern", &["America/New_York"]),
    ("cst", &["America/Chicago", "Asia/Shanghai"]),
    ("cdt", &["America/Chicago"]),
    ("ct", &["America/Chicago"]),
    ("central time", &["America/Chicago"]),
    ("central standard time", &["America/Chicago"]),
    ("us central", &["America/Chicago"]),
    ("mst", &["America/Denver", "America/Phoenix"]),
    ("mdt", &["America/Denver"]),
    ("mt", &["America/Denver"]),
    ("mountain time", &["America/Denver", "America/Phoenix"]),
    ("mountain standard time", &["America/Denver"]),
    ("us mountain standard time", &["America/Phoenix"]),
    ("pst", &["America/Los_Angeles", "Asia/Manila"]),
    ("pdt", &["America/Los_Angeles"]),
    ("pt", &["America/Los_Angeles"]),
    ("pacific time", &["America/Los_Angeles"]),
    ("pacific standard time", &["America/Los_Angeles"]),
    ("us pacific", &["America/Los_Angeles"]),
    ("akst", &["America/Anchorage"]),
    ("alaskan standard time", &["America/Anchorage"]),
    ("hst", &["Pacific/Honolulu"]),
    ("hawaiian standard time", &["Pacific/Honolulu"]),
    ("ast", &["America/Halifax", "Asia/Riyadh"]),
    ("nst", &["America/St_Johns"]),
    ("bst", &["Europe/London", "Asia/Dhaka"]),
    ("gmt standard time", &["Europe/London"]),
    ("uk", &["Europe/London"]),
    ("british summer time", &["Europe/London"]),
    ("wet", &["Europe/Lisbon"]),
    ("west", &["Europe/Lisbon"]),
    ("cet", &["Europe/Berlin", "Europe/Paris"]),
    ("cest", &["Europe/Berlin", "Europe/Paris"]),
    ("met", &["Europe/Berlin"]),
    ("mez", &["Europe/Berlin"]),
    ("central european time", &["Europe/Berlin", "Europe/Paris"]),
    ("w. europe standard time", &["Europe/Berlin", "Europe/Amsterdam"]),
    ("romance standard time", &["Europe/Paris", "Europe/Madrid"]),
    ("central europe standard time", &["Europe/Budapest", "Europe/Prague"]),
    ("central european standard time", &["Europe/Warsaw"]),
    ("eet", &["Europe/Athens", "Europe/Helsinki"]),
    ("eest", &["Europe/Athens", "Europe/Helsinki"]),
    ("fle standard time", &["Europe/Helsinki", "Europe/Kyiv"]),
    ("gtb standard time", &["Europe/Athens", "Europe/Bucharest"]),
    ("msk", &["Europe/Moscow"]),
    ("ist", &["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
    ("india standard time", &["Asia/Kolkata"]),
    ("indian time", &["Asia/Kolkata"]),
    ("npt", &["Asia/Kathmandu"]),
    ("nepal standard time", &["Asia/Kathmandu"]),
    ("pht", &["Asia/Manila"]),
    ("philippine time", &["Asia/Manila"]),
    ("manila time", &["Asia/Manila"]),
    ("sgt", &["Asia/Singapore"]),
    ("singapore standard time", &["Asia/Singapore"]),
    ("hkt", &["Asia/Hong_Kong"]),
    ("jst", &["Asia/Tokyo"]),
    ("tokyo standard time", &["Asia/Tokyo"]),
    ("kst", &["Asia/Seoul"]),
    ("aest", &["Australia/Sydney", "Australia/Brisbane"]),
    ("aedt", &["Australia/Sydney"]),
    ("aus eastern standard time", &["Australia/Sydney"]),
    ("acst", &["Australia/Adelaide", "Australia/Darwin"]),
    ("awst", &["Australia/Perth"]),
    ("nzst", &["Pacific/Auckland"]),
    ("nzdt", &["Pacific/Auckland"]),
    ("new zealand standard time", &["Pacific/Auckland"]),
    ("brt", &["America/Sao_Paulo"]),
    ("e. south america standard time", &["America/Sao_Paulo"]),
    ("sast", &["Africa/Johannesburg"]),
    ("south africa standard time", &["Africa/Johannesburg"]),
    ("z", &["UTC"]),
    ("zulu time", &["UTC"]),
    ("utc+0", &["UTC"]),
    ("coordinated universal time", &["UTC"]),
];

/// Whether the name is an abbreviation that the database happens to know but that names no place.
pub(super) fn is_abbreviation(name: &str) -> bool {
    ["EST", "MST", "HST", "CET", "MET", "EET", "WET"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl UnknownZone {
    pub(super) fn new(name: &str) -> UnknownZone {
        let mut shown: String = name.chars().take(LONGEST).collect();
        if shown.len() < name.len() {
            shown.push_str("...");
            return UnknownZone { name: shown, reason: "", suggestions: Vec::new() };
        }
        let spoken = name.trim().replace('_', " ").to_lowercase();
        if let Some((_, places)) = SPOKEN.iter().find(|(said, _)| *said == spoken) {
            let suggestions = places.iter().map(|place| (*place).to_owned()).collect();
            return UnknownZone {
                name: shown,
                reason: "a zone is named by a place, not by its clock",
                suggestions,
            };
        }
        if spoken.starts_with("utc") || spoken.starts_with("gmt") || spoken.starts_with(['+', '-']) {
            let reason = "an offset does not say when the clocks change";
            return UnknownZone { name: shown, reason, suggestions: Vec::new() };
        }
        UnknownZone { suggestions: nearest(&spoken), name: shown, reason: "" }
    }

    /// The name that was not known.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names that may have been meant, the likeliest first; at most three.
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }
}

/// The zones whose whole name, or whose place alone, is at most a third of its letters away from what was written.
fn nearest(spoken: &str) -> Vec<String> {
    let spoken = spoken.replace(' ', "_");
    let most = spoken.len() / 3;
    let mut by_distance: Vec<(usize, String)> = DATABASE
        .available()
        .filter_map(|zone| {
            let name = zone.as_str();
            let lower = name.to_lowercase();
            let place = lower.rsplit('/').next().unwrap_or(&lower);
            // Names differ by at least the difference of their lengths, which is quicker to see.
            let possible = |name: &str| name.len().abs_diff(spoken.len()) <= most;
            let distances = [lower.as_str(), place].into_iter().filter(|name| possible(name));
            let distance = distances.map(|name| strsim::osa_distance(&spoken, name)).min()?;
            (distance <= most).then(|| (distance, name.to_owned()))
        })
        .collect();
    by_distance.sort();
    by_distance.into_iter().take(3).map(|(_, name)| name).collect()
}

fn advice(reason: &str, suggestions: &[String]) -> String {
    let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    match suggestions {
        [] => format!("{why}; write a name of the IANA database, such as Europe/Berlin or America/New_York"),
        [only] => format!("{why}; did you mean {only}?"),
        [first @ .., last] => format!("{why}; did you mean {} or {last}?", first.join(", ")),
    }
}
