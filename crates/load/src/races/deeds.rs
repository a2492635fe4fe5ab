//! What each of them tries, and what they were told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use remit_app::tickets::{
    self, Status, Ticket, Visibility, accept, assign, decline, offer, open, recall, set_status, write,
};
use remit_app::{App, Caller, Refused};
use remit_core::Id;

use super::world::World;
use crate::desk::warm;
use crate::dice::Dice;

/// Who tries at once.
const TASKS: u64 = 8;
/// Tickets that all of them have in hand.
const FEW: usize = 6;
/// Of a thousand deeds, so many take a ticket away and open another.
const RENEWED: u64 = 15;

/// What they were told.
#[derive(Debug, Default)]
pub struct Told {
    /// Deeds that were kept.
    pub kept: u64,
    /// Deeds that were refused.
    pub refused: u64,
    /// Tickets that were opened.
    pub opened: u64,
    /// Texts that were kept, each written once.
    pub texts: BTreeSet<String>,
    /// Texts that were refused.
    pub refused_texts: BTreeSet<String>,
    /// Offers that somebody took: ticket and number; how often that was acknowledged.
    pub taken: BTreeMap<(Id<Ticket>, u32), u32>,
    /// How often each ticket was moved to each status.
    pub moved: BTreeMap<(Id<Ticket>, &'static str), u32>,
}

/// One of those who try.
struct Racer {
    app: App,
    by: Caller,
    task: u64,
    dice: Dice,
    hand: Arc<Mutex<Vec<Id<Ticket>>>>,
    world: Arc<Parts>,
    told: Told,
}

/// What all of them know.
struct Parts {
    new: tickets::NewTicket,
    teams: Vec<Id<remit_app::people::Team>>,
    people: Vec<Id<remit_app::people::Membership>>,
}

/// Lets them race.
pub async fn race(world: &World, steps: u64, seed: u64) -> Result<Told, String> {
    let parts = Arc::new(Parts {
        new: world.ticket(""),
        teams: world.teams.clone(),
        people: world.technicians.iter().map(|who| who.id).collect(),
    });
    let hand = Arc::new(Mutex::new(Vec::new()));
    let racer = |task: u64| Racer {
        app: world.apps[task as usize % world.apps.len()].clone(),
        by: world.technician(task),
        task,
        dice: Dice::new(seed.wrapping_mul(1000) + task),
        hand: Arc::clone(&hand),
        world: Arc::clone(&parts),
        told: Told::default(),
    };
    let share = |task: u64| steps / TASKS + u64::from(task < steps % TASKS);
    let running: Vec<_> = (0..TASKS).map(|task| tokio::spawn(racer(task).run(share(task)))).collect();
    let mut told = Told { opened: world.opened, ..Told::default() };
    for task in running {
        told.add(task.await.map_err(|e| e.to_string())??);
    }
    Ok(told)
}

impl Told {
    fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.refused += other.refused;
        self.opened += other.opened;
        self.texts.extend(other.texts);
        self.refused_texts.extend(other.refused_texts);
        for (key, count) in other.taken {
            *self.taken.entry(key).or_default() += count;
        }
        for (key, count) in other.moved {
            *self.moved.entry(key).or_default() += count;
        }
    }
}

impl Racer {
    async fn run(mut self, steps: u64) -> Result<Told, String> {
        for n in 0..steps {
            match self.step(n).await {
                Ok(()) => self.told.kept += 1,
                Err(Refused::Stale | Refused::Conflict(_) | Refused::Invalid(_) | Refused::NotFound) => {
                    self.told.refused += 1;
                }
                Err(odd) => return Err(format!("a deed failed: {odd}")),
            }
        }
        Ok(self.told)
    }

    async fn step(&mut self, n: u64) -> Result<(), Refused> {
        let place = self.dice.below(FEW as u64) as usize;
        let id = self.hand.lock().unwrap_or_else(PoisonError::into_inner).get(place).copied();
        let Some(id) = id.filter(|_| self.dice.below(1000) >= RENEWED) else {
            return self.renew(place, n).await;
        };
        // What they see now, and act on later.
        let seen = self.app.read(&self.by, move |tx, act| tickets::find(tx, act, id)).await?;
        tokio::task::yield_now().await;
        match self.dice.below(10) {
            0..=3 => self.say(seen, n).await,
            4 | 5 => self.shift(seen).await,
            6 => self.work(seen).await,
            _ => self.hand_on(seen).await,
        }
    }

    async fn renew(&mut self, place: usize, n: u64) -> Result<(), Refused> {
        let subject = format!("race {} {n}", self.task);
        let made =
            open(&self.app, &self.by, tickets::NewTicket { subject, ..self.world.new.clone() }).await?;
        self.told.opened += 1;
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        match hand.get_mut(place) {
            Some(known) => *known = made.id,
            None => hand.push(made.id),
        }
        Ok(())
    }

    async fn say(&mut self, seen: Ticket, n: u64) -> Result<(), Refused> {
        let text = format!("said {} {n}", self.task);
        let said = text.clone();
        let done = self
            .app
            .write(&self.by, move |tx, act| write(tx, act, seen.id, Visibility::Public, &said).map(drop));
        let done = done.await;
        let list = if done.is_ok() { &mut self.told.texts } else { &mut self.told.refused_texts };
        list.insert(text);
        done
    }

    async fn shift(&mut self, seen: Ticket) -> Result<(), Refused> {
        let next: Vec<Status> = seen.status.next().collect();
        let (from, to) = (seen.status, next[self.dice.below(next.len() as u64) as usize]);
        let done =
            self.app.write(&self.by, move |tx, act| set_status(tx, act, seen.id, (from, to)).map(drop)).await;
        if done.is_ok() {
            *self.told.moved.entry((seen.id, to.key())).or_default() += 1;
        }
        done
    }

    async fn work(&mut self, seen: Ticket) -> Result<(), Refused> {
        let who = self.world.people[self.dice.below(self.world.people.len() as u64) as usize];
        self.app.write(&self.by, move |tx, act| assign(tx, act, seen.id, Some(who)).map(drop)).await
    }

    async fn hand_on(&mut self, seen: Ticket) -> Result<(), Refused> {
        let id = seen.id;
        let Some(number) = seen.custody.offer().map(|offer| offer.turn.0) else {
            let to = self.world.teams.iter().copied().find(|team| *team != seen.team).unwrap_or(seen.team);
            return self.app.write(&self.by, move |tx, act| offer(tx, act, id, to, &warm()).map(drop)).await;
        };
        match self.dice.below(4) {
            0 => self.app.write(&self.by, move |tx, act| recall(tx, act, id, number).map(drop)).await,
            1 => {
                let no = move |tx: &mut remit_db::Tx<'_, '_>, act: &remit_app::Act| {
                    decline(tx, act, (id, number), "not ours").map(drop)
                };
                self.app.write(&self.by, no).await
            }
            _ => {
                let done =
                    self.app.write(&self.by, move |tx, act| accept(tx, act, id, number).map(drop)).await;
                if done.is_ok() {
                    *self.told.taken.entry((id, number)).or_default() += 1;
                }
                done
            }
        }
    }
}
