//! What is asked of tickets.

use std::collections::BTreeMap;

use remit_core::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::operation::Sample;
use super::super::wire::{id, maybe_id, sample_id};
use super::shown::words;
use crate::clients::{Client, Site as Place};
use crate::people::{Membership, Team};
use crate::tickets::{
    Impact, Kind, Narrow, NewTicket, Priority, Said, Status, Tier, Urgency, Visibility, Warm,
};

/// A ticket that is to be opened.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicket")]
pub(crate) struct TicketIn {
    /// For which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line, at most 200 characters.
    pub subject: String,
    /// What there is to say about it; everybody who sees the ticket reads it. At most 64 kB.
    #[serde(default)]
    pub text: String,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue; empty where nobody knows.
    #[serde(default)]
    pub service: String,
    /// How far up it has to go.
    #[serde(default = "unsaid")]
    pub tier: Tier,
    /// Where.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Place>")]
    pub site: Option<Id<Place>>,
    /// For whom; yourself where it is not said.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub requester: Option<Id<Membership>>,
    /// What stands in the provider's own fields, by their keys; see `listFields`.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 200))]
    pub fields: BTreeMap<String, String>,
    /// Whether colleagues of whoever asks read it, where the client lets them.
    #[serde(default)]
    pub shared: bool,
}

const fn unsaid() -> Tier {
    Tier::Unsaid
}

/// Something to write into a ticket.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicketLine")]
pub(crate) struct LineIn {
    /// Who may read it. There is no usual one.
    pub visibility: Visibility,
    /// What, at most 64 kB.
    pub text: String,
}

/// A move of the status.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "StatusMove")]
pub(crate) struct StatusIn {
    /// Where it stood when you looked; 412 where it stands elsewhere by now.
    pub from: Status,
    /// Where it is to stand.
    pub to: Status,
}

/// Who works on a ticket first.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WorkerChoice")]
pub(crate) struct WorkerIn {
    /// Somebody of the party that holds it; null for nobody.
    // Null takes it from whoever has it, so it must be said.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub worker: Option<Id<Membership>>,
}

/// Another subject.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewSubject")]
pub(crate) struct SubjectIn {
    /// In a line, at most 200 characters.
    pub subject: String,
}

/// Words to put on a ticket and to take off it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "TagChange")]
pub(crate) struct TagsIn {
    /// Words of at most 40 characters, kept in lower case; a ticket has at most 20. Those that it has already stay.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub add: Vec<String>,
    /// Words that it has no longer; those that it has not are left out.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub remove: Vec<String>,
}

impl Sample for TagsIn {
    fn sample() -> Self {
        Self { add: vec![words("vpn")], remove: Vec::new() }
    }
}

/// How pressing a ticket is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Weight")]
pub(crate) struct WeightIn {
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
}

/// What a ticket is about.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Matter")]
pub(crate) struct MatterIn {
    /// A service of the catalogue; empty where nobody knows.
    pub service: String,
    /// How far up it has to go.
    #[serde(default = "unsaid")]
    pub tier: Tier,
}

/// What the next holder needs to know.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "HandOver")]
pub(crate) struct WarmIn {
    /// What was tried, and what came of it.
    pub tried: String,
    /// How to get in.
    pub access: String,
    /// Who cannot work meanwhile.
    pub impact: String,
    /// What is to be done next.
    pub next: String,
    /// What else is asked for its service, and what there is to say to it.
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub answers: Vec<SaidIn>,
}

/// An answer to what is asked besides.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "HandOverAnswer")]
pub(crate) struct SaidIn {
    /// The question, as it is asked.
    pub question: String,
    /// What there is to say, at most 8 kB.
    pub answer: String,
}

/// A ticket that is offered to a team.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewOffer")]
pub(crate) struct OfferIn {
    /// To which team.
    #[schemars(schema_with = "id::<Team>")]
    pub to: Id<Team>,
    /// What it needs to know.
    pub hand_over: WarmIn,
}

/// The number of an offer.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "OfferNumber")]
pub(crate) struct AnswerIn {
    /// Which offer.
    pub offer: u32,
}

/// An offer that is not taken.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Refusal")]
pub(crate) struct RefusalIn {
    /// Which offer.
    pub offer: u32,
    /// Why; whoever is asked next reads it.
    pub why: String,
}

/// Which tickets are listed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WhichTickets")]
pub(crate) struct Which {
    /// `my-teams`, `soon` (of them, what is late or due within the hour), `mine`, `offered`, `open`, `pile` (by what is due first), `own`, `shared` (what colleagues share), `client` or `tagged` (the newest first).
    #[serde(default = "usual_view")]
    #[schemars(regex(pattern = "^(my-teams|soon|mine|offered|open|pile|own|shared|client|tagged)$"))]
    pub view: String,
    /// Of one client; the view `client` takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Client>")]
    pub client: Option<Id<Client>>,
    /// For the view `pile`, of a `team`: `held`, `late`, `soon`, `nobody` (nobody works on it yet), `paused`, `offered` or a status; of a `person`: `works`, `works-late` or `helps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub pile: Option<String>,
    /// Whose pile, where it is a team’s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Team>")]
    pub team: Option<Id<Team>>,
    /// Whose pile, where it is somebody’s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Membership>")]
    pub person: Option<Id<Membership>>,
    /// With a word on them; the view `tagged` takes one. The newest first then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tag: Option<String>,
    /// Of one priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// In one status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// About a service, or one below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub service: Option<String>,
    /// With these words in them; the newest first then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub text: Option<String>,
    /// Entries on the page.
    #[serde(default = "usual")]
    #[schemars(range(min = 1, max = 200))]
    pub limit: u16,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
}

fn usual_view() -> String {
    "open".to_owned()
}

const fn usual() -> u16 {
    50
}

impl From<WarmIn> for Warm {
    fn from(said: WarmIn) -> Self {
        let said_to = |SaidIn { question, answer }| Said { question, answer };
        Self {
            tried: said.tried,
            access: said.access,
            impact: said.impact,
            next: said.next,
            answers: said.answers.into_iter().map(said_to).collect(),
        }
    }
}

impl From<TicketIn> for NewTicket {
    fn from(new: TicketIn) -> Self {
        Self {
            client: new.client,
            kind: new.kind,
            subject: new.subject,
            text: new.text,
            impact: new.impact,
            urgency: new.urgency,
            service: new.service,
            tier: new.tier,
            site: new.site,
            asset_class: String::new(),
            requester: new.requester,
        }
    }
}

impl Sample for TicketIn {
    fn sample() -> Self {
        Self {
            client: sample_id(),
            kind: Kind::Incident,
            subject: words("VPN down, whole site"),
            text: words("Since 08:10 nobody gets in."),
            impact: Impact::High,
            urgency: Urgency::High,
            service: words("network.vpn"),
            tier: Tier::L3,
            site: None,
            requester: None,
            fields: BTreeMap::new(),
            shared: false,
        }
    }
}

impl Sample for LineIn {
    fn sample() -> Self {
        Self { visibility: Visibility::Public, text: words("We are on it.") }
    }
}

impl Sample for StatusIn {
    fn sample() -> Self {
        Self { from: Status::Working, to: Status::Solved }
    }
}

impl Sample for WorkerIn {
    fn sample() -> Self {
        Self { worker: Some(sample_id()) }
    }
}

impl Sample for SubjectIn {
    fn sample() -> Self {
        Self { subject: words("VPN down in Lakeside") }
    }
}

impl Sample for WeightIn {
    fn sample() -> Self {
        Self { impact: Impact::Medium, urgency: Urgency::High }
    }
}

impl Sample for MatterIn {
    fn sample() -> Self {
        Self { service: words("network.vpn"), tier: Tier::L2 }
    }
}

impl Sample for WarmIn {
    fn sample() -> Self {
        Self {
            tried: words("Restarted the tunnel; it comes up and falls within a minute."),
            access: words("Jump host, account of the desk."),
            impact: words("Forty people at Lakeside."),
            next: words("Read the log of the firewall."),
            answers: vec![SaidIn { question: words("Number of the circuit"), answer: words("41-7731") }],
        }
    }
}

impl Sample for OfferIn {
    fn sample() -> Self {
        Self { to: sample_id(), hand_over: WarmIn::sample() }
    }
}

impl Sample for AnswerIn {
    fn sample() -> Self {
        Self { offer: 1 }
    }
}

impl Sample for RefusalIn {
    fn sample() -> Self {
        Self { offer: 1, why: words("Not our line: the fault is before the modem.") }
    }
}

impl Which {
    /// What the list is narrowed down to.
    pub fn narrow(&self) -> Narrow {
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        Narrow {
            kind: self.kind,
            status: self.status,
            priority: self.priority,
            service: text(&self.service),
            client: self.client.filter(|_| self.view != "client"),
            tag: if self.view == "tagged" { String::new() } else { text(&self.tag) },
            text: text(&self.text),
        }
    }
}

impl Sample for Which {
    fn sample() -> Self {
        Self {
            view: usual_view(),
            client: None,
            pile: None,
            team: None,
            person: None,
            tag: None,
            priority: None,
            kind: None,
            status: None,
            service: None,
            text: None,
            limit: usual(),
            after: None,
        }
    }
}
