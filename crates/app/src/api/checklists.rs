//! Checklists as the provider writes them down.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id};
use remit_db::Tx;
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Named, Nothing, id, instant, maybe_instant, sample_at, sample_id, tagged};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{self, Checklist, ChecklistText, FromStart, Kind, Side, ToDo};

const GROUP: &str = "Checklists";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/checklists", "listChecklists", GROUP, "List the checklists of the provider")
                .about("By name, those that are retired too. Both IT teams see them.")
                .ok::<Vec<ChecklistOut>>("Checklists, at most 500."),
            list,
        )
        .on(
            Operation::post("/checklists", "createChecklist", GROUP, "Write a checklist down")
                .body::<ChecklistIn>()
                .conflicts()
                .made::<ChecklistOut>("The checklist."),
            create,
        )
        .on(
            Operation::get("/checklists/{checklist}", "getChecklist", GROUP, "Show a checklist")
                .ok::<ChecklistOut>("The checklist.")
                .tagged(),
            show,
        )
        .on(
            Operation::put("/checklists/{checklist}", "changeChecklist", GROUP, "Write a checklist anew")
                .about("What is on tickets stays as it was put there.")
                .body::<ChecklistIn>()
                .must_match()
                .conflicts()
                .ok::<ChecklistOut>("The checklist as it is now.")
                .tagged(),
            change,
        )
        .on(
            Operation::post(
                "/checklists/{checklist}/retire",
                "retireChecklist",
                GROUP,
                "Put it on no ticket any more",
            )
            .about("Tickets that have it keep it. One that is retired stays so.")
            .conflicts()
            .ok::<ChecklistOut>("The checklist as it is now."),
            retire,
        )
        .on(
            Operation::post("/checklists/{checklist}/restore", "restoreChecklist", GROUP, "Use it again")
                .about("One that is in use stays so.")
                .conflicts()
                .ok::<ChecklistOut>("The checklist as it is now."),
            restore,
        )
}

/// Something that is to be done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewChecklistItem")]
pub(crate) struct ItemIn {
    /// What, in a line of at most 200 characters.
    pub text: String,
    /// Whether a ticket is neither solved nor closed before it is done, or skipped with a reason.
    #[serde(default)]
    pub required: bool,
    /// Who does it.
    #[serde(default = "holder")]
    pub side: Side,
}

const fn holder() -> Side {
    Side::Holder
}

/// Something that is to be done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ChecklistItem")]
pub(crate) struct ItemOut {
    /// What.
    pub text: String,
    /// Whether a ticket is neither solved nor closed before it is done, or skipped with a reason.
    pub required: bool,
    /// Who does it.
    pub side: Side,
}

/// Which tickets have a checklist from the start.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewChecklistFromStart")]
pub(crate) struct FromStartIn {
    /// Those of one kind; all when null.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Those about a service of the catalogue or one below it; all when empty.
    #[serde(default)]
    pub service: String,
}

/// Which tickets have a checklist from the start.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ChecklistFromStart")]
pub(crate) struct FromStartOut {
    /// Those of one kind; all when null.
    pub kind: Option<Kind>,
    /// Those about a service of the catalogue or one below it; all when empty.
    pub service: String,
}

/// What a checklist says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewChecklist")]
pub(crate) struct ChecklistIn {
    /// What people call it, at most 200 characters. No other has the name, be it retired.
    pub name: String,
    /// Which tickets have it from the start; null where it is put on them by hand alone.
    #[serde(default)]
    pub from_start: Option<FromStartIn>,
    /// What is to be done, in order: 1 to 50.
    #[schemars(length(min = 1, max = 50))]
    pub items: Vec<ItemIn>,
}

/// A checklist.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Checklist")]
pub(crate) struct ChecklistOut {
    /// Its id.
    #[schemars(schema_with = "id::<Checklist>")]
    pub id: Id<Checklist>,
    /// What people call it.
    pub name: String,
    /// Which tickets have it from the start; null where it is put on them by hand alone.
    pub from_start: Option<FromStartOut>,
    /// What is to be done, in order.
    pub items: Vec<ItemOut>,
    /// When it was changed last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
    /// Since when it is put on no ticket any more; null while it is in use.
    #[schemars(schema_with = "maybe_instant")]
    pub retired_at: Option<At>,
}

impl From<ChecklistIn> for ChecklistText {
    fn from(new: ChecklistIn) -> Self {
        let from_start = new.from_start.map(|from| FromStart { kind: from.kind, service: from.service });
        let item = |ItemIn { text, required, side }| ToDo { text, required, side };
        Self { name: new.name, from_start, items: new.items.into_iter().map(item).collect() }
    }
}

impl From<Checklist> for ChecklistOut {
    fn from(list: Checklist) -> Self {
        let Checklist { id, text, changed_at, retired_at, .. } = list;
        let from_start = text.from_start.map(|from| FromStartOut { kind: from.kind, service: from.service });
        let item = |ToDo { text, required, side }| ItemOut { text, required, side };
        let items = text.items.into_iter().map(item).collect();
        Self { id, name: text.name, from_start, items, changed_at, retired_at }
    }
}

impl Sample for ChecklistIn {
    fn sample() -> Self {
        let item = |text: &str, required, side| ItemIn { text: text.to_owned(), required, side };
        Self {
            name: "New starter".to_owned(),
            from_start: Some(FromStartIn {
                kind: Some(Kind::Request),
                service: "users.onboarding".to_owned(),
            }),
            items: vec![
                item("Account in the directory", true, Side::Provider),
                item("Laptop handed over and signed for", true, Side::Internal),
                item("First sign-in seen", false, Side::Holder),
            ],
        }
    }
}

impl Sample for ChecklistOut {
    fn sample() -> Self {
        let text = ChecklistText::from(ChecklistIn::sample());
        Self::from(Checklist { id: sample_id(), version: 1, text, changed_at: sample_at(), retired_at: None })
    }
}

impl Sample for Vec<ChecklistOut> {
    fn sample() -> Self {
        vec![ChecklistOut::sample()]
    }
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::checklists).await?;
    Ok(Json(found.into_iter().map(ChecklistOut::from).collect::<Vec<_>>()).into_response())
}

fn version_of(list: &Checklist) -> Etag {
    Etag::version(list.version)
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Checklist>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| tickets::checklist(tx, act, id)).await?;
    let etag = version_of(&found);
    Ok(tagged(&headers, &ChecklistOut::from(found), &etag))
}

async fn create(once: Once<ChecklistIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        let id = tickets::create_checklist(tx, act, &new.into())?;
        let made = tickets::checklist(tx, act, id)?;
        Ok(Made::at(format!("{ROOT}/checklists/{id}"), ChecklistOut::from(made)))
    })
    .await
}

async fn change(Named(id): Named<Id<Checklist>>, once: Once<ChecklistIn>) -> Result<Response, Error> {
    let wanted = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, new| {
        act.require(Permission::ManageSettings)?;
        let stored = tickets::checklist(tx, act, id)?;
        if !wanted.names(&version_of(&stored)) {
            return Err(Refused::Stale);
        }
        tickets::change_checklist(tx, act, (id, stored.version), &new.into())?;
        let now = tickets::checklist(tx, act, id)?;
        let etag = version_of(&now);
        Ok(Made::now(ChecklistOut::from(now)).tagged(etag))
    })
    .await
}

/// Does something to a checklist, and says how it is then.
async fn done(
    id: Id<Checklist>,
    once: Once<Nothing>,
    verb: impl FnOnce(&mut Tx<'_, '_>, &Act) -> Result<(), Refused> + Send + 'static,
) -> Result<Response, Error> {
    once.make(move |tx, act, _| {
        verb(tx, act)?;
        Ok(Made::now(ChecklistOut::from(tickets::checklist(tx, act, id)?)))
    })
    .await
}

async fn retire(Named(id): Named<Id<Checklist>>, once: Once<Nothing>) -> Result<Response, Error> {
    done(id, once, move |tx, act| tickets::retire_checklist(tx, act, id)).await
}

async fn restore(Named(id): Named<Id<Checklist>>, once: Once<Nothing>) -> Result<Response, Error> {
    done(id, once, move |tx, act| tickets::restore_checklist(tx, act, id)).await
}
