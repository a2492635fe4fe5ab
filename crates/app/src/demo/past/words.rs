//! The words of an incident: the same whenever they are asked for.

use super::cast::Place;
use super::topics::{self, ANSWERS, NEXT, NOTES, Topic};
use super::{chosen, mixed};
use crate::tickets::Warm;

/// Where an incident plays.
pub struct Scene<'p> {
    topic: &'static Topic,
    place: &'p str,
    by: u64,
}

impl<'p> Scene<'p> {
    /// Of an incident about a service at a client.
    pub fn of(place: &'p Place, service: &str, incident: u64) -> Self {
        let topic = topics::of(service);
        // The site is drawn as the plan draws it.
        let site = chosen(&place.sites, mixed(incident, 13)).map_or(place.name, |(_, name)| name.as_str());
        Self { topic, place: site, by: incident }
    }

    /// Its subject, and what the requester reports.
    pub fn report(&self) -> (String, String) {
        let (subject, text) = chosen(self.topic.cases, mixed(self.by, 19)).copied().unwrap_or_default();
        (capital(&self.fill(subject)), capital(&self.fill(text)))
    }

    /// What was tried, or how it goes on; another each time, until all has been said.
    pub fn note(&self, n: u64) -> String {
        let said: Vec<&str> = self.topic.tried.iter().chain(NOTES).copied().collect();
        // It steps by a number that has no factor in common with how many there are.
        let by = mixed(self.by, 100).wrapping_add(n.wrapping_mul(5));
        capital(&self.fill(chosen(&said, by).copied().unwrap_or_default()))
    }

    /// What is asked of the requester.
    pub fn question(&self) -> String {
        self.fill(self.topic.asked)
    }

    /// What the requester answers.
    pub fn answer(&self, n: u64) -> String {
        capital(&self.fill(chosen(ANSWERS, mixed(self.by, 200 + n)).copied().unwrap_or_default()))
    }

    /// What mended it.
    pub fn mended(&self) -> String {
        capital(&self.fill(chosen(self.topic.mended, mixed(self.by, 23)).copied().unwrap_or_default()))
    }

    /// What the next holder needs to know.
    pub fn warm(&self, n: u64) -> Warm {
        let by = mixed(self.by, 300 + n);
        let access = [
            "Remote support is agreed.",
            "The site contact lets us in until five.",
            "By the usual account; nothing else is needed.",
        ];
        let impact = [
            "One person; has another device meanwhile.",
            "The people at {room}; they share one desk.",
            "Nobody stands still, it is slow.",
        ];
        let say = |of: &[&str], by| self.fill(chosen(of, by).copied().unwrap_or_default());
        Warm {
            tried: capital(&say(self.topic.tried, by)),
            access: say(&access, by >> 4),
            impact: say(&impact, by >> 8),
            next: say(NEXT, by >> 12),
            answers: Vec::new(),
        }
    }

    /// Puts what is of this incident into a text.
    fn fill(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let by = mixed(self.by, 29);
        let device = format!("{}-{:04}", ["PC", "NB", "WS"][(by % 3) as usize], 100 + by / 3 % 1900);
        let room = format!("room {}.{:02}", by / 7 % 4, 1 + by / 29 % 32);
        let number = (2 + by / 101 % 8).to_string();
        text.replace("{device}", &device)
            .replace("{place}", self.place)
            .replace("{room}", &room)
            .replace("{n}", &number)
    }
}

/// With a capital at its beginning.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_topic_has_words_for_everything_and_every_blank_is_filled() {
        for (n, topic) in topics::all().enumerate() {
            assert!(
                topic.cases.len() >= 6 && topic.tried.len() >= 3 && topic.mended.len() >= 3,
                "{}",
                topic.service
            );
            let mut subjects = BTreeSet::new();
            for by in 0..60 {
                let scene = Scene { topic, place: "Terminal", by: by * 31 + n as u64 };
                let (subject, text) = scene.report();
                let warm = scene.warm(by);
                let said =
                    [&subject, &text, &scene.note(by), &scene.question(), &scene.answer(by), &scene.mended()];
                let said = said.into_iter().chain([&warm.tried, &warm.access, &warm.impact, &warm.next]);
                for words in said {
                    assert!(!words.is_empty() && !words.contains(['{', '}']), "{}: {words}", topic.service);
                }
                assert!(subject.chars().count() <= 80, "{subject}");
                assert_ne!(scene.note(by), scene.note(by + 1), "{}", topic.service);
                subjects.insert(subject);
            }
            assert!(subjects.len() >= 6, "{}: {subjects:?}", topic.service);
        }
    }

    #[test]
    fn the_services_are_of_the_catalogue() {
        let catalogue = remit_matrix::catalogue::Catalogue::builtin();
        for topic in topics::all() {
            assert!(catalogue.get(topic.service).is_some(), "{}", topic.service);
        }
    }
}
