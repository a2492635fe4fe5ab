//! Approvals as they go over the wire.

use remit_core::{At, Id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::shown::words;
use crate::api::operation::Sample;
use crate::api::wire::{id, ids, instant, maybe_id, maybe_instant, sample_at, sample_id};
use crate::people::{Membership, Role};
use crate::tickets::{
    Answer, Approval, ApprovalState, Asked as Person, Candidate, ListedApproval, NewApproval, Ticket,
};

/// An approval to ask for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewApproval")]
pub(crate) struct NewIn {
    /// What is asked, in plain words: a line of at most 200 characters.
    pub question: String,
    /// What else there is to say, at most 2 kB.
    #[serde(default)]
    pub text: String,
    /// Who is asked, at most 20.
    #[schemars(schema_with = "ids::<Membership>")]
    pub people: Vec<Id<Membership>>,
    /// How many of them must say yes; all when null.
    #[serde(default)]
    pub needed: Option<u32>,
    /// Until when: at least a quarter of an hour, at most 90 days from now.
    #[schemars(schema_with = "instant")]
    pub until: At,
}

/// Which approval.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ApprovalChoice")]
pub(crate) struct WhichIn {
    /// Its id.
    #[schemars(schema_with = "id::<Approval>")]
    pub approval: Id<Approval>,
}

/// Yes or no.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ApprovalWord")]
pub(crate) struct SaidIn {
    /// To which approval.
    #[schemars(schema_with = "id::<Approval>")]
    pub approval: Id<Approval>,
    /// What you say.
    pub answer: Answer,
    /// Why, at most 2 kB; needed for no.
    #[serde(default)]
    pub reason: String,
}

/// Who answers instead.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ApprovalPass")]
pub(crate) struct PassIn {
    /// Which approval.
    #[schemars(schema_with = "id::<Approval>")]
    pub approval: Id<Approval>,
    /// Somebody of your own side who is not asked already.
    #[schemars(schema_with = "id::<Membership>")]
    pub to: Id<Membership>,
}

/// Somebody who is asked.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalAsked")]
pub(crate) struct PersonOut {
    /// Whose word it is.
    #[schemars(schema_with = "id::<Membership>")]
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// Who was asked first and named them; null where they were asked themselves.
    pub instead_of: Option<String>,
    /// Whether the request is their own: the client has no other approver.
    pub own: bool,
    /// What they said; null where they have not.
    pub answer: Option<Answer>,
    /// Why; may be empty.
    pub reason: String,
    /// When they said so.
    #[schemars(schema_with = "maybe_instant")]
    pub answered_at: Option<At>,
}

/// An approval.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Approval")]
pub(crate) struct ApprovalOut {
    /// Its id.
    #[schemars(schema_with = "id::<Approval>")]
    pub id: Id<Approval>,
    /// Of which ticket.
    #[schemars(schema_with = "id::<Ticket>")]
    pub ticket: Id<Ticket>,
    /// Counted from 1 on each ticket.
    pub number: i64,
    /// What is asked.
    pub question: String,
    /// What else there is to say; may be empty.
    pub text: String,
    /// Who asked; null where a rule of the provider did.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub asker: Option<Id<Membership>>,
    /// What they are called.
    pub asker_name: String,
    /// When.
    #[schemars(schema_with = "instant")]
    pub asked_at: At,
    /// How many must say yes.
    pub needed: usize,
    /// Until when.
    #[schemars(schema_with = "instant")]
    pub until: At,
    /// Where it stands.
    pub state: ApprovalState,
    /// When that was decided; null while it is open.
    #[schemars(schema_with = "maybe_instant")]
    pub decided_at: Option<At>,
    /// Who is asked, in order.
    pub asked: Vec<PersonOut>,
}

/// An approval with its ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ListedApproval")]
pub(crate) struct ListedOut {
    /// It.
    pub approval: ApprovalOut,
    /// The number of its ticket.
    pub number: i64,
    /// The subject of its ticket.
    pub subject: String,
    /// The name of the client.
    pub client: String,
    /// The zone of the client, on whose clock people are shown until when.
    pub zone: String,
}

/// Somebody who can be asked, or cannot.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalCandidate")]
pub(crate) struct CandidateOut {
    /// Who.
    #[schemars(schema_with = "id::<Membership>")]
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Whether they can be asked: nobody approves their own request, unless the client has no other approver.
    pub may: bool,
}

impl From<Person> for PersonOut {
    fn from(one: Person) -> Self {
        let Person { who, name, instead_of, own, answer, reason, answered_at, .. } = one;
        Self { who, name, instead_of: instead_of.map(|(_, name)| name), own, answer, reason, answered_at }
    }
}

impl From<Approval> for ApprovalOut {
    fn from(one: Approval) -> Self {
        let Approval { id, ticket, number, question, text, asker, asker_name, .. } = one;
        let Approval { asked_at, needed, until, state, decided_at, .. } = one;
        let asked = one.asked.into_iter().map(PersonOut::from).collect();
        Self {
            id,
            ticket,
            number,
            question,
            text,
            asker,
            asker_name,
            asked_at,
            needed,
            until,
            state,
            decided_at,
            asked,
        }
    }
}

impl From<ListedApproval> for ListedOut {
    fn from(one: ListedApproval) -> Self {
        let ListedApproval { approval, number, subject, client, zone } = one;
        Self { approval: approval.into(), number, subject, client, zone: zone.name().to_owned() }
    }
}

impl From<Candidate> for CandidateOut {
    fn from(one: Candidate) -> Self {
        Self { may: one.can_be_asked(), who: one.who, name: one.name, role: one.role }
    }
}

impl From<NewIn> for NewApproval {
    fn from(new: NewIn) -> Self {
        let NewIn { question, text, people, needed, until } = new;
        Self { question, text, people, needed, until }
    }
}

impl Sample for NewIn {
    fn sample() -> Self {
        Self {
            question: words("May we order a laptop for 1,200 USD?"),
            text: words("Anna begins on the first of January."),
            people: vec![sample_id()],
            needed: Some(1),
            until: sample_at(),
        }
    }
}

impl Sample for WhichIn {
    fn sample() -> Self {
        Self { approval: sample_id() }
    }
}

impl Sample for SaidIn {
    fn sample() -> Self {
        Self { approval: sample_id(), answer: Answer::No, reason: words("The old one is good for a year.") }
    }
}

impl Sample for PassIn {
    fn sample() -> Self {
        Self { approval: sample_id(), to: sample_id() }
    }
}

impl Sample for ApprovalOut {
    fn sample() -> Self {
        let asked = PersonOut {
            who: sample_id(),
            name: words("Ana Reyes"),
            instead_of: None,
            own: false,
            answer: Some(Answer::Yes),
            reason: String::new(),
            answered_at: Some(sample_at()),
        };
        Self {
            id: sample_id(),
            ticket: sample_id(),
            number: 1,
            question: words("May we order a laptop for 1,200 USD?"),
            text: String::new(),
            asker: Some(sample_id()),
            asker_name: words("Joe Martin"),
            asked_at: sample_at(),
            needed: 1,
            until: sample_at(),
            state: ApprovalState::Granted,
            decided_at: Some(sample_at()),
            asked: vec![asked],
        }
    }
}

impl Sample for Vec<ApprovalOut> {
    fn sample() -> Self {
        vec![ApprovalOut::sample()]
    }
}

impl Sample for ListedOut {
    fn sample() -> Self {
        Self {
            approval: ApprovalOut::sample(),
            number: 4711,
            subject: words("A laptop for Anna"),
            client: words("Bayside Clinic"),
            zone: words("America/Los_Angeles"),
        }
    }
}

impl Sample for Vec<ListedOut> {
    fn sample() -> Self {
        vec![ListedOut::sample()]
    }
}

impl Sample for Vec<CandidateOut> {
    fn sample() -> Self {
        let (name, role) = (words("Ana Reyes"), Role::ClientApprover);
        vec![CandidateOut { who: sample_id(), name, role, may: true }]
    }
}
