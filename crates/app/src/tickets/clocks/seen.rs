//! Clocks as they are shown: each part by part, and whose time was used.

use remit_core::{At, Id, Millis};
use remit_db::Tx;
use remit_promise::{Clock, Clocks, Kind, PartyId, Segment, State, Still, Wait, Why};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Story, holding};
use crate::act::Act;
use crate::people::PartyKind;
use crate::promises::{promise_key, promise_words};
use crate::refused::Refused;
use crate::tickets::visibility::Sight;
use crate::tickets::{Hand, Ticket, find};

/// The clocks of a ticket that a caller may see.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketClocks")]
pub struct Seen {
    /// When they were reckoned.
    #[schemars(with = "String")]
    pub at: At,
    /// Each promise, in the order in which they began.
    pub clocks: Vec<ClockSeen>,
    /// How much of what was promised to the client each party used; adds up to what the SLA of the solution has used.
    pub shares: Vec<ShareSeen>,
}

/// A clock.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Clock")]
pub struct ClockSeen {
    /// What it measures, such as `sla.response`.
    pub promise: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub name: &'static str,
    /// Whose promise; null for an SLA, which is the provider's.
    pub party: Option<Named>,
    /// Of updates the round from 1, of hand-offs the offer, else 1.
    pub number: u32,
    /// `running`, `paused`, `met`, `breached`, `lapsed` or `no-promise`.
    pub state: &'static str,
    /// The same in words, with what it stands still for.
    pub words: &'static str,
    /// Whether it has ended.
    pub ended: bool,
    /// What is promised, such as `4 h`.
    #[schemars(with = "Option<String>")]
    pub length: Option<Millis>,
    /// What is used.
    #[schemars(with = "String")]
    pub consumed: Millis,
    /// When it is up if all goes on as now.
    #[schemars(with = "Option<String>")]
    pub due: Option<At>,
    /// When it happened.
    #[schemars(with = "Option<String>")]
    pub met: Option<At>,
    /// When its time was up.
    #[schemars(with = "Option<String>")]
    pub breached: Option<At>,
    /// Who says what is promised.
    pub said_by: String,
    /// Its life without a hole; what counted adds up to what is used.
    pub parts: Vec<PartSeen>,
}

/// A stretch of a clock's life.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ClockPart")]
pub struct PartSeen {
    /// From when, included.
    #[schemars(with = "String")]
    pub from: At,
    /// To when, excluded.
    #[schemars(with = "String")]
    pub to: At,
    /// Who held the ticket.
    pub holder: Named,
    /// What of it counted: all or nothing.
    #[schemars(with = "String")]
    pub counted: Millis,
    /// Why it counted, or why not.
    pub why: String,
}

/// What one party used.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ClockShare")]
pub struct ShareSeen {
    /// Who.
    pub party: Named,
    /// What of the time promised to the client.
    #[schemars(with = "String")]
    pub used: Millis,
    /// What of that came after its own promise was broken.
    #[schemars(with = "String")]
    pub beyond: Millis,
}

/// A party by its name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ClockParty")]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: PartyKind,
}

/// The clocks of a ticket now: a vendor sees its own, whoever asked those of the client, all others all.
pub fn clocks(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<(Ticket, Seen), Refused> {
    let (ticket, sight) = (find(tx, act, id)?, Sight::of(act)?);
    let story = Story::of(tx, act, &ticket)?;
    let mut seen = Seen { at: act.at, clocks: Vec::new(), shares: Vec::new() };
    let Some(clocks) = story.at(&ticket, act.at) else { return Ok((ticket, seen)) };
    let own = clocks.all().iter().filter(|clock| sees(sight, clock));
    seen.clocks = own.map(|clock| of_clock(&story, &clocks, clock)).collect();
    if matches!(sight, Sight::Working(_) | Sight::Reading) {
        let shares = clocks.account().into_iter().flat_map(|account| account.shares).map(|share| {
            let party = named(&story, share.party);
            ShareSeen { party, used: share.used, beyond: share.beyond }
        });
        seen.shares = shares.collect();
    }
    Ok((ticket, seen))
}

fn sees(sight: Sight, clock: &Clock) -> bool {
    match sight {
        Sight::Working(_) | Sight::Reading => true,
        Sight::Vendor(party) => clock.party == Some(PartyId(party.uuid().as_u128())),
        Sight::Own(_) => clock.promise.kind == Kind::Sla,
    }
}

fn named(story: &Story, party: PartyId) -> Named {
    let found = story.names.get(&party);
    let (name, kind) = found.cloned().unwrap_or_else(|| ("somebody".to_owned(), PartyKind::Provider));
    Named { name, kind }
}

fn of_clock(story: &Story, clocks: &Clocks<'_>, clock: &Clock) -> ClockSeen {
    let (state, words) = state(clock.state);
    ClockSeen {
        promise: promise_key(clock.promise),
        name: promise_words(clock.promise),
        party: clock.party.map(|party| named(story, party)),
        number: clock.number,
        state,
        words,
        ended: clock.ended.is_some(),
        length: clock.length,
        consumed: clock.consumed,
        due: clock.due,
        met: clock.met,
        breached: clock.breached,
        said_by: clock.by.map(|by| story.said_by(by)).unwrap_or_default(),
        parts: clocks.explain(clock).into_iter().map(|segment| part(story, &segment)).collect(),
    }
}

fn part(story: &Story, segment: &Segment) -> PartSeen {
    PartSeen {
        from: segment.from,
        to: segment.to,
        holder: named(story, segment.holder.party.id),
        counted: segment.counted,
        why: why(&segment.why),
    }
}

const fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Running => ("running", "runs"),
        State::Paused(still) => ("paused", stands(still)),
        State::Met => ("met", "kept"),
        State::Breached => ("breached", "not kept in time"),
        State::Lapsed => ("lapsed", "came to nothing"),
        State::NoPromise => ("no-promise", "nothing is promised"),
    }
}

const fn stands(still: Still) -> &'static str {
    match still {
        Still::Waiting(Wait::Requester) => "stands still: the requester is waited for",
        Still::Waiting(Wait::Vendor) => "stands still: a vendor is waited for",
        Still::Waiting(Wait::Window) => "stands still until the agreed day",
        Still::Waiting(Wait::Approval) => "stands still: an approval is waited for",
        Still::NotHeld => "stands still: another party holds it",
        Still::Rest(_) => "stands still: the work is done",
    }
}

fn why(why: &Why) -> String {
    match why {
        Why::Counted => "counted".to_owned(),
        Why::Closed => "outside the hours that count".to_owned(),
        Why::Holiday(name) => format!("holiday: {name}"),
        Why::Paused(still) => stands(*still).to_owned(),
        Why::NoPromise => "nothing is promised".to_owned(),
        Why::Changed { length: Some(length) } => {
            format!("from here on {length} are promised; what was used stays used")
        }
        Why::Changed { length: None } => "from here on nothing is promised".to_owned(),
    }
}

/// What somebody finds who would take it now: what is left of what is promised to the client, and whether their own promise is longer. None
/// where nothing is promised to the client.
pub(crate) fn left_for(story: &Story, (ticket, now): (&Ticket, At), next: &Hand) -> Option<(String, bool)> {
    let clocks = story.at(ticket, now)?;
    let chained = clocks.chained(holding(next))?;
    let left = if chained.left < Millis::ZERO {
        "what was promised to the client is over already".to_owned()
    } else {
        format!("{} are left of what was promised to the client", chained.left)
    };
    Some(match chained.own {
        Some(own) if chained.short => (format!("{left}, {own} of {}’s own promise", next.party_name), true),
        _ => (left, false),
    })
}
