//! The duties of a grid as services.

use std::collections::{HashMap, HashSet};

use super::super::error::plain;
use super::{RaciMatch, free, slug};
use crate::catalogue::{Catalogue, NewNode};

/// From this score on a service is what was meant; see [`crate::catalogue::Found::score`].
const SURE: f64 = 0.75;
/// From this score on the branch of a service is the nearest one.
const NEAR: f64 = 0.4;
/// An area or heading counts this much against the duty's own words.
const AREA_SHARE: f64 = 0.9;

/// One duty as it is looked up.
pub(super) struct Duty<'t> {
    /// As it is written.
    pub text: &'t str,
    /// Without the hours it names.
    pub words: &'t str,
    /// The area or heading it stands under.
    pub area: &'t str,
    /// The time expression that its name says.
    pub time: Option<&'static str>,
}

/// Finds services and makes those that the catalogue does not have.
#[derive(Default)]
pub(super) struct Services {
    pub new: Vec<NewNode>,
    pub matched: Vec<RaciMatch>,
    /// What a service already stands for at a time.
    taken: HashMap<(String, Option<&'static str>), String>,
    ids: HashSet<String>,
}

/// A service for a duty, and what is doubtful about it.
pub(super) struct Served {
    pub id: String,
    pub doubt: Option<String>,
}

impl Services {
    /// The service of a duty.
    pub fn of(&mut self, duty: &Duty<'_>) -> Served {
        let (found, score) = best(duty);
        let sure = score >= SURE;
        let served = match found {
            Some(id) if sure => self.exact(duty, id),
            Some(id) if score >= NEAR => {
                self.own(duty, Some(branch_of(id)), "no service of the catalogue is surely meant")
            }
            _ => {
                let branch = branch_by(duty.area);
                self.own(duty, branch, "the catalogue has nothing like it")
            }
        };
        let is_own = self.ids.contains(&served.id);
        let sure = if is_own { 0.0 } else { score };
        self.matched.push(RaciMatch { text: duty.text.to_owned(), service: served.id.clone(), sure });
        served
    }

    /// A service of the catalogue; a part of it when it already stands for another duty.
    fn exact(&mut self, duty: &Duty<'_>, id: &str) -> Served {
        let key = (id.to_owned(), duty.time);
        match self.taken.get(&key).cloned() {
            None => {
                self.taken.insert(key, plain(duty.text));
                Served { id: id.to_owned(), doubt: None }
            }
            Some(other) if other == plain(duty.text) => Served {
                id: id.to_owned(),
                doubt: Some("this duty is there twice; both lines became rows".to_owned()),
            },
            Some(_) => self.own(duty, Some(id), "its service already stands for another line"),
        }
    }

    fn own(&mut self, duty: &Duty<'_>, parent: Option<&str>, why: &str) -> Served {
        let name = slug(duty.words, "duty");
        let name = if name == crate::catalogue::OTHER { "other-duty".to_owned() } else { name };
        let id = parent.map_or_else(|| name.clone(), |parent| format!("{parent}.{name}"));
        let id = free(&id, |id| self.ids.contains(id) || Catalogue::builtin().get(id).is_some());
        self.ids.insert(id.clone());
        self.new.push(NewNode { id: id.clone(), name: duty.text.to_owned(), ..NewNode::default() });
        let doubt = format!("{why}; it became the client's own service `{id}`");
        Served { id, doubt: Some(doubt) }
    }
}

/// The service that the words name best, alone or together with their area. "Monitoring" under "Backup" is the
/// monitoring of backups: what both name surely within the area's branch goes before what the words name alone.
fn best(duty: &Duty<'_>) -> (Option<&'static str>, f64) {
    let find =
        |text: &str| Catalogue::builtin().find(text).first().map(|found| (&*found.service.id, found.score));
    let words = if duty.words.is_empty() { duty.text } else { duty.words };
    let alone = find(words);
    let whole = find(duty.area);
    let both =
        find(&format!("{} {words}", duty.area)).filter(|(id, _)| whole.is_none_or(|(area, _)| area != *id));
    let inside = both.filter(|(id, score)| *score >= SURE && branch_by(duty.area) == Some(branch_of(id)));
    let weaker = both.map(|(id, score)| (id, score * AREA_SHARE)).filter(|_| !duty.area.is_empty());
    let better = inside.or_else(|| [weaker, alone].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1)));
    better.map_or((None, 0.0), |(id, score)| (Some(id), score))
}

/// The top-level branch of a service.
fn branch_of(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// The top-level branch that an area or heading names.
fn branch_by(area: &str) -> Option<&'static str> {
    let found = Catalogue::builtin().find(area);
    found.first().filter(|found| found.score >= NEAR).map(|found| branch_of(&found.service.id))
}
