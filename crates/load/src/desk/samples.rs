//! Some tickets of each client that are played from the first word to the last by the product's own verbs. A large database is made of their
//! rows: so whatever the product keeps about a ticket is there as it would be.

use remit_app::tickets::{
    self, Impact, Kind, NewTicket, Said, Status, Ticket, Tier, Urgency, Visibility, Warm, accept, assign,
    hand_off_questions, offer, open, set_status, targets, write,
};
use remit_app::{Act, App, Caller, Refused};
use remit_core::{Id, Millis};
use remit_db::Tx;

use super::cast::Cast;
use super::words::Words;

/// Samples of each client; so many are still open.
pub const EACH: usize = 20;
const OPEN: usize = 5;
/// Lines that a ticket has when it is over, more or less.
const LINES: i64 = 10;
/// Between two lines.
const PAUSE: Millis = Millis::from_minutes(7);

/// What a request is about is not what the demo asks an approver for: answers are not what is measured.
const SERVICES: [&str; 10] = [
    "helpdesk.tier-1",
    "users.access-requests",
    "devices.printers",
    "network.wan",
    "backup.operation",
    "users.mfa",
    "devices.repair",
    "helpdesk.how-to",
    "patching.failures",
    "",
];

/// A ticket that was played.
#[derive(Debug, Clone)]
pub struct Sample {
    /// As it is now.
    pub ticket: Ticket,
    /// Of which client: its place in the cast.
    pub company: usize,
}

impl Sample {
    /// Whether there is still something to do.
    pub fn is_open(&self) -> bool {
        self.ticket.closed_at.is_none()
    }
}

/// Plays all of them.
pub async fn play(app: &App, cast: &Cast, words: &Words) -> Result<Vec<Sample>, Refused> {
    let by = Caller::operator(cast.provider);
    let mut played = Vec::new();
    for (company, at) in cast.companies.iter().enumerate() {
        for n in 0..EACH {
            let Some(requester) = at.requesters.get(n % at.requesters.len().max(1)) else { continue };
            let number = (company * EACH + n) as u64;
            let (impact, urgency) = weight(company + n);
            let new = NewTicket {
                client: at.id,
                kind: [Kind::Incident, Kind::Request, Kind::Incident, Kind::Task][n % 4],
                subject: words.subject(number),
                text: words.text(number, 1),
                impact,
                urgency,
                service: SERVICES[n % SERVICES.len()].to_owned(),
                tier: [Tier::Unsaid, Tier::L1, Tier::L2][n % 3],
                site: None,
                asset_class: String::new(),
                requester: Some(requester.id),
            };
            let asks = Caller::member(cast.provider, None, requester);
            let id = open(app, &asks, new).await?.id;
            let (cast, texts) = (cast.clone(), (2..=20).map(|line| words.text(number, line)).collect());
            let ticket = app
                .write(&by, move |tx, act| {
                    Stage { act: act.clone(), cast, id, n, who: company + n, texts, asks }.run(tx)
                })
                .await?;
            played.push(Sample { ticket, company });
        }
    }
    Ok(played)
}

/// Few are pressing.
fn weight(n: usize) -> (Impact, Urgency) {
    match n % 25 {
        0 => (Impact::High, Urgency::High),
        1..=3 => (Impact::Medium, Urgency::High),
        4..=9 => (Impact::Low, Urgency::Low),
        _ => (Impact::Medium, Urgency::Medium),
    }
}

/// A ticket in play.
struct Stage {
    act: Act,
    cast: Cast,
    id: Id<Ticket>,
    /// Which sample of its client it is: what becomes of it.
    n: usize,
    /// Which of a party's people works on it.
    who: usize,
    texts: Vec<String>,
    asks: Caller,
}

impl Stage {
    fn run(mut self, tx: &mut Tx<'_, '_>) -> Result<Ticket, Refused> {
        // New: nobody has looked at it.
        if self.n == 0 {
            return self.now(tx);
        }
        self.moves(tx, Status::Working)?;
        self.works(tx)?;
        self.says(tx, Visibility::Public)?;
        // Every other one that is over was with another team in between; what is open has not moved.
        if self.n >= OPEN && self.n.is_multiple_of(2) {
            self.hands_on(tx)?;
            self.takes(tx)?;
            self.works(tx)?;
        }
        let fill = if self.n < OPEN { LINES } else { LINES - 2 };
        let kinds = [Visibility::Teams, Visibility::Public, Visibility::Party, Visibility::Public];
        for n in 0.. {
            if self.now(tx)?.lines >= fill {
                break;
            }
            self.says(tx, kinds[n % kinds.len()])?;
        }
        match self.n {
            1 => {}
            2 => self.moves(tx, Status::WaitingRequester)?,
            3 => self.hands_on(tx)?,
            4 => self.moves(tx, Status::Solved)?,
            _ => self.ends(tx)?,
        }
        self.now(tx)
    }

    /// Solved, and closed by whoever answers for the outcome.
    fn ends(&mut self, tx: &mut Tx<'_, '_>) -> Result<(), Refused> {
        self.moves(tx, Status::Solved)?;
        if self.now(tx)?.custody.offer().is_some() {
            self.takes(tx)?;
        }
        self.moves(tx, Status::Closed)
    }

    fn now(&self, tx: &mut Tx<'_, '_>) -> Result<Ticket, Refused> {
        tickets::find(tx, &self.act, self.id)
    }

    /// The next moment, for whoever speaks for the party that holds it.
    fn next(&mut self, tx: &mut Tx<'_, '_>) -> Result<(Ticket, Act), Refused> {
        let ticket = self.now(tx)?;
        self.act.at = self.act.at + PAUSE;
        let mut act = self.act.clone();
        act.caller = self.cast.speaker(ticket.party, self.who);
        Ok((ticket, act))
    }

    fn moves(&mut self, tx: &mut Tx<'_, '_>, to: Status) -> Result<(), Refused> {
        let (ticket, act) = self.next(tx)?;
        set_status(tx, &act, self.id, (ticket.status, to)).map(drop)
    }

    fn works(&mut self, tx: &mut Tx<'_, '_>) -> Result<(), Refused> {
        let (_, act) = self.next(tx)?;
        match act.caller.membership {
            Some(worker) => assign(tx, &act, self.id, Some(worker)).map(drop),
            None => Ok(()),
        }
    }

    fn says(&mut self, tx: &mut Tx<'_, '_>, visibility: Visibility) -> Result<(), Refused> {
        let (ticket, mut act) = self.next(tx)?;
        // The one who asked answers now and then.
        if visibility == Visibility::Public && ticket.lines % 3 == 0 {
            act.caller = self.asks.clone();
        }
        let text = self.texts.pop().unwrap_or_else(|| "Nothing new.".to_owned());
        write(tx, &act, self.id, visibility, &text).map(drop)
    }

    fn hands_on(&mut self, tx: &mut Tx<'_, '_>) -> Result<(), Refused> {
        let (ticket, act) = self.next(tx)?;
        let all = targets(tx, &ticket)?;
        let to = all.get(self.n % all.len().max(1)).ok_or(Refused::NotFound)?.team;
        let asked = hand_off_questions(tx, &ticket)?.into_iter();
        let answers =
            asked.map(|question| Said { question: question.text, answer: "nothing yet".to_owned() });
        offer(tx, &act, self.id, to, &Warm { answers: answers.collect(), ..warm() }).map(drop)
    }

    fn takes(&mut self, tx: &mut Tx<'_, '_>) -> Result<(), Refused> {
        let (ticket, mut act) = self.next(tx)?;
        let asked = ticket.custody.offer().ok_or(Refused::NotFound)?;
        let (to, number) = (asked.to, asked.turn.0);
        let known = targets(tx, &ticket)?;
        let party = known.iter().find(|hand| hand.team == to).ok_or(Refused::NotFound)?.party;
        act.caller = self.cast.speaker(party, self.who);
        accept(tx, &act, self.id, number).map(drop)
    }
}

/// What the next holder is told.
pub fn warm() -> Warm {
    let text = |text: &str| text.to_owned();
    Warm {
        tried: text("Restarted it and checked the cable; no change."),
        access: text("Through the management console; the key is in the vault."),
        impact: text("Four people of one office."),
        next: text("Look at the queue of the server."),
        answers: Vec::new(),
    }
}
