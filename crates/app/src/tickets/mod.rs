//! Pieces of work, from the first word to the last: routed by the matrix, held by exactly one team, and never without a next step.
//!
//! A **ticket** has a kind, a status, a priority that follows from impact and urgency, and **lines**: everything that happened to it, in order.
//! A line is **public**, for **both IT teams**, or for **one party**; that is chosen before it is written, and nobody ever reads below it.
//!
//! **Custody** is apart from status. The matrix in force names the owner when a ticket is opened; from then on only an accepted offer moves it. The
//! holder **offers** it with what the next one needs to know, **recalls** an offer, or **hands** it **back**; whoever is asked **accepts** or
//! **declines** with a reason. Silence goes to those that the matrix names next and at last to the last resort, whose use stands in the ticket.
//!
//! **Fields** are what a provider asks of its tickets besides what every ticket has, by kind and by service.
//!
//! **Tags** are words on a ticket, for both IT teams, by which tickets of all clients are found.
//!
//! A service can ask more of a hand-off than the four usual questions.
//!
//! **Macros** are what people say and do on tickets again and again.
//!
//! **Checklists** say what is to be done before a ticket is solved; they are for both IT teams too.
//!
//! An **approval** is what people say yes or no to before the work goes on: everybody who sees the ticket sees it.
//!
//! Rules: a ticket has one holder at every instant. Only the holding party moves its status, and only it offers it. A number is never given
//! twice and none is left out. Nothing is computed from what is stored beside the lines.

mod approval;
mod bulk;
mod change;
mod checklist;
pub(crate) mod clocks;
mod custody;
mod draft;
mod event;
pub(crate) mod field;
pub mod figures;
mod hand_off;
mod helping;
mod kind;
mod load;
mod macros;
mod named;
mod narrow;
mod open;
pub(crate) mod outcome;
mod pile;
mod post;
mod presence;
mod priority;
mod relation;
mod route;
mod saved;
mod sending;
pub(crate) mod sharing;
mod similar;
pub(crate) mod store;
mod sweep;
mod tag;
mod taker;
mod tell;
#[cfg(test)]
pub(crate) mod tests;
mod ticket;
pub(crate) mod told;
mod visibility;
mod watch;
pub(crate) mod web;
mod words;

use remit_core::{At, Id, Kind as IdKind};
use remit_custody::Custody;

use crate::clients::{Client, Site};
use crate::matrix::Version;
use crate::people::{Membership, Party, Team};

pub use approval::{
    Answer, Approval, ApprovalRule, ApprovalState, Approver, Asked, Candidate, LONGEST_TIME, ListedApproval,
    Looked, MOST_ASKED, NewApproval, Tally, Verdict, all_approvals, answer_approval, approval_rules,
    approvals, approvers, ask_approval, look_due, pass_approval, remove_approval_rule, set_approval_rule,
    stand_ins, waiting_approvals, withdraw_approval,
};
pub(crate) use approval::{approvals_wait, compare_approvals, on_clock, pass_asked, waiting_of};
pub use bulk::{BulkDeed, MOST_AT_ONCE, Outcome, bulk};
pub(crate) use bulk::{few, why};
pub use change::{Classification, assign, classify, escalate, rename, set_status, weigh};
pub(crate) use change::{
    change_prepared, look_again, pass_work, prepare_escalation, prepare_matter, prepare_weight, reckon_again,
    worked_by,
};
pub use checklist::{
    Checklist, ChecklistText, FromStart, Item, ItemState, MOST_ITEMS, Side, TicketChecklist, ToDo, attach,
    change_checklist, checklist, checklists, create_checklist, restore_checklist, retire_checklist, take_off,
    tick, ticket_checklists,
};
pub use custody::{Warm, accept, decline, hand_back, offer, recall, targets};
pub(crate) use custody::{answer_within, held};
pub use draft::{Draft, draft, drop_draft, keep_draft};
pub(crate) use event::read_by;
pub use event::{Happened, Line, Promised, RowRef, Said, Why, lines};
pub use field::{
    CustomField, Definition, Filled, Filling, MOST_FIELDS, Needed, Shape, Value, add_field, change_field,
    custom_field, custom_fields, fields_of, fill, retire_field, values,
};
pub use hand_off::{
    HandOffForm, MOST_QUESTIONS, Question, hand_off_form, hand_off_forms, hand_off_questions,
    remove_hand_off_form, set_hand_off_form,
};
pub use helping::{end_help, help, helpers};
pub use kind::{Impact, Kind, Priority, Status, Tier, Urgency};
pub use load::{PersonLoad, TeamLoad};
pub(crate) use load::{active_teams, people_load, team_load};
pub use macros::{
    FilledMacro, Macro, MacroText, NAMES, Of, add_macro, change_macro, drop_macro, fill_macro, find_macro,
    macro_statuses, macros, may_change,
};
pub use named::{Listed, Named};
pub(crate) use narrow::teams as own_teams;
pub use narrow::{Narrow, Narrowed, Next, narrowed};
pub(crate) use open::{Extra, Opening, open_prepared, open_with, prepare, prepare_with, prose, service};
pub use open::{NewTicket, open};
pub use outcome::SolvedBy;
pub use pile::Pile;
pub(crate) use pile::{Stack, stacks};
pub(crate) use post::{detached, followed_up, may_write, rated};
pub use post::{write, write_with};
pub use presence::{Doing, LASTS, Present, heard, present};
pub use priority::{PriorityTable, priorities, set_priorities};
pub use relation::{LinkKind, Linked, link, links, merge, split, unlink};
pub(crate) use relation::{prepare_split, split_prepared};
pub use saved::{MOST_VIEWS, SavedView, drop_view, save_view, saved_views};
pub use sending::{Sending, UNDO, send_now, sending, unsend};
pub(crate) use sending::{send, write_and};
pub(crate) use sharing::reads_shared;
pub use sharing::{Readers, Sharing, set_sharing, share, sharing};
pub use similar::{MOST_SIMILAR, Similar, similar};
pub(crate) use store::{COUNTED, ids, late, listed_by};
pub use store::{View, find, find_number, list, shown};
pub use sweep::{Sweep, sweep};
pub(crate) use sweep::{handlers, schedule};
pub use tag::{MOST_TAGS, Tag, proposed_tags, tag, tag_named, tags, tags_of};
pub use taker::{Hindrance, Taking, taking};
pub use ticket::Hand;
pub use visibility::Visibility;
pub use watch::{unwatch, watch, watchers};
pub(crate) use words::compare;
pub use words::{Hit, Hits, by_number, by_words, known_as, newest};

/// The statements here that are put together of parts, under their names.
#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [store::TEXTS, pile::TEXTS, named::TEXTS, tag::TEXTS, field::TEXTS, approval::TEXTS].into_iter().flatten()
}

/// A ticket as it stands. Its lines say how it came to be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: Id<Ticket>,
    /// For which client.
    pub client: Id<Client>,
    /// What people say on the phone: counted from 1 for each provider.
    pub number: i64,
    /// What kind of work it is.
    pub kind: Kind,
    /// In a line.
    pub subject: String,
    /// Where the work stands.
    pub status: Status,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// What follows from both.
    pub priority: Priority,
    /// A service of the catalogue; empty where nobody has said.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
    /// Where.
    pub site: Option<Id<Site>>,
    /// The class of the thing that it is about, as the matrix calls it; empty where nobody has said.
    pub asset_class: String,
    /// For whom it is done.
    pub requester: Id<Membership>,
    /// Who wrote it down.
    pub submitter: Option<Id<Membership>>,
    /// Who of the holding team works on it first; others help.
    pub worker: Option<Id<Membership>>,
    /// The version of the matrix that it is routed by; none where nothing was agreed.
    pub version: Option<Id<Version>>,
    /// The row of it that names the owner.
    pub row: String,
    /// The owner that the matrix names.
    pub owner: (Id<Party>, Id<Team>),
    /// When the matrix names another, as far as a week can be seen.
    pub owner_until: Option<At>,
    /// The party that holds it.
    pub party: Id<Party>,
    /// The team that holds it.
    pub team: Id<Team>,
    /// Who holds it, what is on offer, and how it came here.
    pub custody: Custody<Id<Team>>,
    /// Until when the offer is to be answered.
    pub answer_by: Option<At>,
    /// When it is looked at next without anybody asking; none once it is closed.
    pub timer_at: Option<At>,
    /// The next promised instant; far away where nothing is promised.
    pub due_at: At,
    /// Of which promise that is, such as `SLA resolution`; empty where nothing is promised.
    pub due_what: String,
    /// How many lines it has.
    pub lines: i64,
    /// When it was opened.
    pub opened_at: At,
    /// When something happened last.
    pub changed_at: At,
    /// When it was solved.
    pub solved_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
}

impl IdKind for Ticket {
    const PREFIX: &'static str = "ticket";
}

/// Due when nothing is promised: behind everything that is.
pub(crate) const NO_PROMISE: At = At::from_millis(253_402_300_799_999);
