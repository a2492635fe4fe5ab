//! In which order everything happens: the moments of the log, and what follows from them, by time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use remit_core::{At, Id, Millis};

use super::cast::Cast;
use super::words::Scene;
use super::{Incident, Log, Moment, mixed};
use crate::App;
use crate::act::Caller;
use crate::clients::Site;
use crate::refused::Refused;
use crate::tickets::told::{About, Word, ask};
use crate::tickets::{Impact, Kind, NewTicket, Opening, Priority, Status, Urgency, prepare};

const WEEK: i64 = 7 * 24 * 3_600_000;
const MINUTE: i64 = 60_000;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It is opened.
    Open,
    /// The log says something: its moment of that number.
    Moment(u16),
    /// Whoever is asked takes it, if it is on offer.
    Take,
    /// The matrix is asked anew, for its hours have changed since.
    Look,
    /// It is offered shortly before now, and nobody has answered yet.
    Offer,
}

/// A step, with what was asked before it.
pub struct Deed {
    pub at: At,
    pub incident: u32,
    pub step: Step,
    pub opening: Option<Opening>,
    pub word: Option<Word>,
}

type Due = Reverse<(At, u64, u32, Step)>;

/// What is still to happen.
pub struct Plan {
    log: Arc<Log>,
    cast: Arc<Cast>,
    now: At,
    due: BinaryHeap<Due>,
    pushed: u64,
    /// Moments that are still to be told.
    left: u64,
    /// Until when the owner of each stays, by what the matrix said last.
    until: Vec<Option<At>>,
}

/// When an incident of the log was opened if this is now, and by how much its instants are moved. The offset is that of the client's clock.
pub fn shifted(log: &Log, incident: &Incident, (now, offset): (At, Millis)) -> (At, i64) {
    let weeks = (now + offset - log.cut).millis().div_euclid(WEEK);
    let mut by = weeks * WEEK - offset.millis();
    if incident.opened.millis() + by >= now.millis() {
        by -= 52 * WEEK;
    }
    (At::from_millis(incident.opened.millis() + by), by)
}

impl Plan {
    pub fn new(log: Arc<Log>, cast: Arc<Cast>, now: At) -> Self {
        let until = vec![None; log.incidents.len()];
        let mut this = Self { log, cast, now, due: BinaryHeap::new(), pushed: 0, left: 0, until };
        for n in 0..this.log.incidents.len() {
            let incident = u32::try_from(n).unwrap_or(u32::MAX);
            let (opened, _) = this.shift(incident);
            this.left += 1 + this.log.incidents[n].moments.len() as u64;
            this.push(opened, incident, Step::Open);
        }
        this
    }

    /// About how many steps are still to come.
    pub fn left(&self) -> u64 {
        self.left.max(self.due.len() as u64)
    }

    fn shift(&self, incident: u32) -> (At, i64) {
        let offset = self.cast.places[self.cast.place(incident)].offset;
        shifted(&self.log, &self.log.incidents[incident as usize], (self.now, offset))
    }

    fn push(&mut self, at: At, incident: u32, step: Step) {
        if at < self.now {
            self.pushed += 1;
            self.due.push(Reverse((at, self.pushed, incident, step)));
        }
    }

    /// The next steps, in the order of time, with what the matrices say about them; none when all is told.
    pub async fn next(&mut self, app: &App, operator: &Caller, most: usize) -> Result<Vec<Deed>, Refused> {
        let mut deeds = Vec::with_capacity(most);
        while deeds.len() < most {
            let Some(Reverse((at, _, incident, step))) = self.due.pop() else { break };
            let mut deed = Deed { at, incident, step, opening: None, word: None };
            let then = app.as_of(at);
            match step {
                Step::Open => {
                    let new = self.new_ticket(incident);
                    let opening = prepare(&then, operator, new).await?;
                    self.until[incident as usize] = opening.until();
                    deed.opening = Some(opening);
                }
                Step::Moment(n) if self.asks(incident, n, at) => {
                    deed.word = Some(self.ask(&then, operator, (incident, n)).await?);
                }
                Step::Look => {
                    let n = self.latest(incident);
                    deed.word = Some(self.ask(&then, operator, (incident, n)).await?);
                }
                Step::Moment(_) | Step::Take | Step::Offer => {}
            }
            self.follow(at, incident, step);
            deeds.push(deed);
        }
        Ok(deeds)
    }

    /// Puts into the queue what comes after a step.
    fn follow(&mut self, at: At, incident: u32, step: Step) {
        let moment = match step {
            Step::Open => None,
            Step::Moment(n) => Some(n),
            Step::Take | Step::Look | Step::Offer => return,
        };
        self.left = self.left.saturating_sub(1);
        let (_, by) = self.shift(incident);
        let next = moment.map_or(0, |n| n + 1);
        let after =
            self.log.incidents[incident as usize].moments.get(usize::from(next)).map(|m| m.at.millis() + by);
        if moment.is_some() {
            // An offer is answered within some minutes, and before anything else happens.
            let minutes = 1 + mixed(u64::from(incident), u64::from(next) + 50) % 12;
            let room = after.map_or(i64::MAX, |after| (after - at.millis()) / 2);
            let wait = (minutes as i64 * MINUTE).min(room).max(0);
            self.push(at + Millis::from_millis(wait), incident, Step::Take);
        }
        match after {
            Some(after) if after.max(at.millis()) < self.now.millis() => {
                self.push(At::from_millis(after.max(at.millis())), incident, Step::Moment(next));
            }
            _ => self.stay(incident, next.saturating_sub(1), at),
        }
    }

    /// What becomes of one that is not over by now: the hours of its matrix have been followed, and few wait for an answer.
    fn stay(&mut self, incident: u32, latest: u16, at: At) {
        let moment = *self.moment(incident, latest);
        if moment.status == Status::Closed {
            return;
        }
        let ago = |minutes: u64| (self.now - Millis::from_minutes(minutes as i64)).max(at);
        let by = mixed(u64::from(incident), 7);
        let (look, take, offer) = (ago(12 + by % 50), ago(4 + by % 7), ago(1 + by % 11));
        self.push(look, incident, Step::Look);
        if !by.is_multiple_of(23) {
            self.push(take, incident, Step::Take);
            if by % 23 < 3 && moment.status.is_open() {
                self.push(offer.max(take), incident, Step::Offer);
            }
        }
    }

    fn moment(&self, incident: u32, n: u16) -> &Moment {
        let moments = &self.log.incidents[incident as usize].moments;
        moments.get(usize::from(n)).or(moments.first()).expect("an incident has a moment")
    }

    /// The latest moment that has happened.
    fn latest(&self, incident: u32) -> u16 {
        let (_, by) = self.shift(incident);
        let moments = &self.log.incidents[incident as usize].moments;
        let past = moments.iter().take_while(|moment| moment.at.millis() + by < self.now.millis()).count();
        u16::try_from(past.saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// Whether the matrix has to be asked: it is about something else than before, or the hours have changed since.
    fn asks(&self, incident: u32, n: u16, at: At) -> bool {
        let moment = self.moment(incident, n);
        if matches!(moment.status, Status::Closed) {
            return false;
        }
        let matter = |moment: &Moment| (moment.service, moment.tier, moment.priority);
        let before = n.checked_sub(1).map(|before| matter(self.moment(incident, before)));
        let anew = before.is_some_and(|before| before != matter(moment));
        anew || self.until[incident as usize].is_some_and(|until| until <= at)
    }

    async fn ask(
        &mut self,
        then: &App,
        operator: &Caller,
        (incident, n): (u32, u16),
    ) -> Result<Word, Refused> {
        let word = ask(then, operator, self.about(incident, n)).await?;
        self.until[incident as usize] = word.until();
        Ok(word)
    }

    fn about(&self, incident: u32, n: u16) -> About {
        let (moment, place) = (self.moment(incident, n), self.cast.place(incident));
        let (impact, urgency) = weight(moment.priority);
        About {
            client: self.cast.places[place].id,
            impact,
            urgency,
            service: self.log.services.get(usize::from(moment.service)).cloned().unwrap_or_default(),
            tier: moment.tier,
            site: self.site(incident).map(|(site, _)| *site),
        }
    }

    fn site(&self, incident: u32) -> Option<&(Id<Site>, String)> {
        let place = &self.cast.places[self.cast.place(incident)];
        super::chosen(&place.sites, mixed(u64::from(incident), 13))
    }

    fn new_ticket(&self, incident: u32) -> NewTicket {
        let About { client, impact, urgency, service, tier, site } = self.about(incident, 0);
        let place = self.cast.place(incident);
        let scene = Scene::of(&self.cast.places[place], &service, u64::from(incident));
        let (subject, text) = scene.report();
        let requester = self.cast.requester(place, mixed(u64::from(incident), 17)).membership;
        let asset_class = String::new();
        NewTicket {
            client,
            kind: Kind::Incident,
            subject,
            text,
            impact,
            urgency,
            service,
            tier,
            site,
            asset_class,
            requester,
        }
    }
}

/// Impact and urgency that give a priority.
fn weight(priority: Priority) -> (Impact, Urgency) {
    match priority {
        Priority::P1 => (Impact::High, Urgency::High),
        Priority::P2 => (Impact::High, Urgency::Medium),
        Priority::P3 => (Impact::Medium, Urgency::Medium),
        Priority::P4 => (Impact::Low, Urgency::Low),
    }
}
