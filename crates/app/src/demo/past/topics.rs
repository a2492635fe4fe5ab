//! What the invented incidents are about: for each service of the mapping, what people report, what is tried and what mends it.

mod people;
mod systems;

/// What is said about the incidents of one service. `{device}`, `{place}`, `{room}` and `{n}` stand for something of the ticket.
pub struct Topic {
    /// The service of the catalogue.
    pub service: &'static str,
    /// Subject, and what the requester reports.
    pub cases: &'static [(&'static str, &'static str)],
    /// What was tried, as those who work on it note it.
    pub tried: &'static [&'static str],
    /// What is asked of the requester.
    pub asked: &'static str,
    /// What mended it.
    pub mended: &'static [&'static str],
}

/// A topic in one line each for service, question, and lists of the rest.
const fn topic(
    service: &'static str,
    cases: &'static [(&'static str, &'static str)],
    tried: &'static [&'static str],
    asked: &'static str,
    mended: &'static [&'static str],
) -> Topic {
    Topic { service, cases, tried, asked, mended }
}

/// All topics; the first is for whatever has none of its own.
pub fn all() -> impl Iterator<Item = &'static Topic> {
    people::TOPICS.iter().chain(systems::TOPICS)
}

/// That of a service.
pub fn of(service: &str) -> &'static Topic {
    all().find(|topic| topic.service == service).unwrap_or(&people::TOPICS[0])
}

/// What is noted about any incident.
pub const NOTES: &[&str] = &[
    "Called the requester: not at the desk, will try again after lunch.",
    "Compared with an earlier ticket from {place}; not the same.",
    "Asked a colleague who knows the set-up at {place}.",
    "Waiting for a restart of {device} tonight.",
    "Seen again at {room}; added to the log.",
    "Told the requester where we are.",
    "Put on the list for the visit at {place}.",
    "Remote session agreed for this afternoon.",
    "No change since yesterday; stays on watch.",
    "Checked with the site contact: only one desk is concerned.",
];

/// What requesters answer.
pub const ANSWERS: &[&str] = &[
    "Since about {n} days, and only on {device}.",
    "I have tried again just now: the same.",
    "Yes, that is fine. I am at {place} until five.",
    "A colleague at {room} has it too.",
    "Here is what you asked for. Please call me if more is needed.",
    "It went away by itself for an hour and is back.",
    "Thank you. Tomorrow morning suits me best.",
];

/// Why the work goes to others.
pub const NEXT: &[&str] = &[
    "Needs rights that we do not have; please look at the settings behind it.",
    "The first line's list is done; please take it from here.",
    "Looks like more than one desk; please find the cause.",
    "Please check with your tools and tell the requester.",
    "It belongs to what you look after; all logs are attached here.",
];
