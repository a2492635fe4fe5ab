//! Checklists on a ticket.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shown::words;
use super::{GROUP, TicketOut, done};
use crate::act::Act;
use crate::api::gate::Who;
use crate::api::once::Once;
use crate::api::operation::{Operation, Routes, Sample};
use crate::api::wire::{Named, id, maybe_instant, sample_at, sample_id};
use crate::site::Site;
use crate::tickets::{self, Checklist, Item, ItemState, Side, Ticket, TicketChecklist};

pub(super) fn routes(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    routes
        .on(
            Operation::get("/tickets/{ticket}/checklists", "listTicketChecklists", GROUP, "List its checklists")
                .about("Both IT teams see them; for everybody else the list is empty.")
                .ok::<Vec<OnTicketOut>>("Checklists in the order in which they came, at most 20."),
            list,
        )
        .on(
            deed("/tickets/{ticket}/checklists", "attachTicketChecklist", "Put a checklist on it")
                .about("It keeps the items as they are now, whatever becomes of the checklist.")
                .body::<WhichIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            attach,
        )
        .on(
            deed("/tickets/{ticket}/checklists/items", "tickTicketItem", "Say where an item of its checklists stands")
                .about("Whoever does it says so; whoever holds the ticket can skip it with a reason, or have it done again.")
                .body::<TickIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            tick,
        )
        .on(
            deed("/tickets/{ticket}/checklists/remove", "removeTicketChecklist", "Take a checklist off it")
                .about("Whoever holds it does, with a reason. One of which something required is done stays.")
                .body::<OffIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            take_off,
        )
}

/// A checklist to put on a ticket.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ChecklistChoice")]
pub(crate) struct WhichIn {
    /// Which; one that is in use.
    #[schemars(schema_with = "id::<Checklist>")]
    pub checklist: Id<Checklist>,
}

/// A checklist to take off a ticket.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ChecklistRemoval")]
pub(crate) struct OffIn {
    /// The number of the checklist on the ticket.
    pub number: i64,
    /// Why, at most 1 kB.
    pub reason: String,
}

/// Where an item stands.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ChecklistTick")]
pub(crate) struct TickIn {
    /// The number of the item on the ticket.
    pub item: i64,
    /// Where it stands.
    pub to: ItemState,
    /// Why it is skipped, at most 1 kB; of others nothing is said.
    #[serde(default)]
    pub reason: String,
}

/// A checklist on a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketChecklist")]
pub(crate) struct OnTicketOut {
    /// Counted from 1 on each ticket.
    pub number: i64,
    /// What it was called when it was put there.
    pub name: String,
    /// Which it is.
    #[schemars(schema_with = "id::<Checklist>")]
    pub checklist: Id<Checklist>,
    /// Its items, in order.
    pub items: Vec<ItemOut>,
}

/// An item on a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketItem")]
pub(crate) struct ItemOut {
    /// Counted from 1 on each ticket, over all its checklists.
    pub number: i64,
    /// What is to be done.
    pub text: String,
    /// Whether the ticket is neither solved nor closed before.
    pub required: bool,
    /// Who does it.
    pub side: Side,
    /// Whether you are of that side.
    pub yours: bool,
    /// Where it stands.
    pub state: ItemState,
    /// Who said so last; null where nobody has said anything.
    pub by: Option<String>,
    /// When.
    #[schemars(schema_with = "maybe_instant")]
    pub at: Option<At>,
    /// Why it was skipped; may be empty.
    pub reason: String,
}

impl From<Item> for ItemOut {
    fn from(item: Item) -> Self {
        let Item { number, text, required, side, state, by, at, reason, yours } = item;
        Self { number, text, required, side, yours, state, by: at.map(|_| by), at, reason }
    }
}

impl From<TicketChecklist> for OnTicketOut {
    fn from(list: TicketChecklist) -> Self {
        let TicketChecklist { number, name, checklist, items } = list;
        Self { number, name, checklist, items: items.into_iter().map(ItemOut::from).collect() }
    }
}

impl Sample for WhichIn {
    fn sample() -> Self {
        Self { checklist: sample_id() }
    }
}

impl Sample for OffIn {
    fn sample() -> Self {
        Self { number: 1, reason: words("It is nobody new, only another name.") }
    }
}

impl Sample for TickIn {
    fn sample() -> Self {
        Self { item: 2, to: ItemState::Skipped, reason: words("She brings her own laptop.") }
    }
}

impl Sample for Vec<OnTicketOut> {
    fn sample() -> Self {
        let item = ItemOut {
            number: 1,
            text: words("Account in the directory"),
            required: true,
            side: Side::Provider,
            yours: true,
            state: ItemState::Done,
            by: Some(words("Joe Martin")),
            at: Some(sample_at()),
            reason: String::new(),
        };
        vec![OnTicketOut { number: 1, name: words("New starter"), checklist: sample_id(), items: vec![item] }]
    }
}

async fn list(State(site): State<Site>, who: Who, Named(id): Named<Id<Ticket>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::ticket_checklists(tx, act, id);
    let found = site.app.read(&who.caller, read).await?;
    Ok(axum::Json(found.into_iter().map(OnTicketOut::from).collect::<Vec<_>>()).into_response())
}

async fn attach(Named(id): Named<Id<Ticket>>, once: Once<WhichIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, which| tickets::attach(tx, act, id, which.checklist)).await
}

async fn tick(Named(id): Named<Id<Ticket>>, once: Once<TickIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, said| tickets::tick(tx, act, (id, said.item), (said.to, &said.reason)))
        .await
}

async fn take_off(Named(id): Named<Id<Ticket>>, once: Once<OffIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, off| tickets::take_off(tx, act, (id, off.number), &off.reason)).await
}
