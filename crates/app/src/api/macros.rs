//! Macros: what people say and do on tickets again and again.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id};
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Named, id, instant, maybe_id, sample_at, sample_id, tagged};
use crate::clients::Client;
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{self, Macro, MacroText, Of, Status, Ticket, Visibility};

const GROUP: &str = "Macros";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/macros", "listMacros", GROUP, "List macros")
                .about("By name: your own, and those of both IT teams within reach.")
                .ok::<Vec<MacroOut>>("Macros, at most 700."),
            list,
        )
        .on(
            Operation::post("/macros", "createMacro", GROUP, "Keep a macro")
                .about("For all clients: needs `manage settings` besides.")
                .body::<MacroIn>()
                .conflicts()
                .made::<MacroOut>("The macro."),
            create,
        )
        .on(
            Operation::get("/macros/{macro}", "getMacro", GROUP, "Show a macro")
                .ok::<MacroOut>("The macro.")
                .tagged(),
            show,
        )
        .on(
            Operation::put("/macros/{macro}", "changeMacro", GROUP, "Write a macro anew")
                .about("Whose it is stays.")
                .body::<MacroIn>()
                .must_match()
                .conflicts()
                .ok::<MacroOut>("The macro as it is now.")
                .tagged(),
            change,
        )
        .on(
            Operation::delete("/macros/{macro}", "removeMacro", GROUP, "Take a macro away")
                .about("What was sent with it stays as it is."),
            remove,
        )
        .on(
            Operation::get("/tickets/{ticket}/macros/{macro}", "fillMacro", GROUP, "Fill a macro in")
                .about("What it would say on a ticket. Nothing is sent.")
                .conflicts()
                .ok::<FilledOut>("What it says, and does."),
            fill,
        )
}

/// Whose a macro is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MacroOwner")]
pub(crate) enum WhoseOut {
    /// Yours alone.
    Own,
    /// Of both IT teams of one client.
    Client,
    /// Of both IT teams of all clients.
    All,
}

/// A macro to keep.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewMacro")]
pub(crate) struct MacroIn {
    /// What people call it, at most 60 characters.
    pub name: String,
    /// The client whose two IT teams have it.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// Whether both IT teams of all clients have it. Without this and without a client it is yours alone.
    #[serde(default)]
    pub for_all: bool,
    /// What it says. `{requester}`, `{first-name}`, `{number}`, `{subject}`, `{client}`, `{team}`, `{me}`, `{due}` and `{today}` are filled in.
    #[serde(default)]
    pub text: String,
    /// Who reads it.
    pub visibility: Visibility,
    /// Where the status goes then; null where it stays.
    #[serde(default)]
    pub status: Option<Status>,
    /// Tags that are put on the ticket then.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub tags: Vec<String>,
}

/// A macro.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Macro")]
pub(crate) struct MacroOut {
    /// Its id.
    #[schemars(schema_with = "id::<Macro>")]
    pub id: Id<Macro>,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub whose: WhoseOut,
    /// The client whose two IT teams have it.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// What it says, with names in braces.
    pub text: String,
    /// Who reads it.
    pub visibility: Visibility,
    /// Where the status goes then; null where it stays.
    pub status: Option<Status>,
    /// Tags that are put on the ticket then.
    pub tags: Vec<String>,
    /// When it was changed last.
    #[schemars(schema_with = "instant")]
    pub changed_at: At,
}

/// What a macro says on a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "FilledMacro")]
pub(crate) struct FilledOut {
    /// What it says.
    pub text: String,
    /// Names that stand for nothing on this ticket: they are still in the text.
    pub missing: Vec<String>,
    /// Who reads it, of those that you may write for.
    pub visibility: Visibility,
    /// Where the status goes then; null where it stays.
    pub status: Option<Status>,
    /// Tags that are put on the ticket then.
    pub tags: Vec<String>,
}

impl From<MacroIn> for MacroText {
    fn from(new: MacroIn) -> Self {
        let of = match (new.for_all, new.client) {
            (true, _) => Of::All,
            (false, Some(client)) => Of::Client(client),
            (false, None) => Of::Own,
        };
        let MacroIn { name, text, visibility, status, tags, .. } = new;
        Self { name, of, text, visibility, status, tags }
    }
}

impl From<Macro> for MacroOut {
    fn from(one: Macro) -> Self {
        let Macro { id, says, changed_at, .. } = one;
        let MacroText { name, of, text, visibility, status, tags } = says;
        let (whose, client) = match of {
            Of::Own => (WhoseOut::Own, None),
            Of::Client(client) => (WhoseOut::Client, Some(client)),
            Of::All => (WhoseOut::All, None),
        };
        Self { id, name, whose, client, text, visibility, status, tags, changed_at }
    }
}

impl Sample for MacroIn {
    fn sample() -> Self {
        Self {
            name: "Does it work again?".to_owned(),
            client: None,
            for_all: false,
            text: "Dear {first-name}, does it work again?".to_owned(),
            visibility: Visibility::Public,
            status: Some(Status::WaitingRequester),
            tags: vec!["asked-back".to_owned()],
        }
    }
}

impl Sample for MacroOut {
    fn sample() -> Self {
        let says = MacroText::from(MacroIn::sample());
        Self::from(Macro { id: sample_id(), version: 1, says, changed_at: sample_at() })
    }
}

impl Sample for Vec<MacroOut> {
    fn sample() -> Self {
        vec![MacroOut::sample()]
    }
}

impl Sample for FilledOut {
    fn sample() -> Self {
        let MacroIn { visibility, status, tags, .. } = MacroIn::sample();
        Self {
            text: "Dear Ana, does it work again?".to_owned(),
            missing: Vec::new(),
            visibility,
            status,
            tags,
        }
    }
}

fn version_of(one: &Macro) -> Etag {
    Etag::version(one.version)
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, |tx, act| tickets::macros(tx, act, None)).await?;
    Ok(Json(found.into_iter().map(MacroOut::from).collect::<Vec<_>>()).into_response())
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Macro>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| tickets::find_macro(tx, act, id)).await?;
    let etag = version_of(&found);
    Ok(tagged(&headers, &MacroOut::from(found), &etag))
}

async fn create(once: Once<MacroIn>) -> Result<Response, Error> {
    once.make(|tx, act, new| {
        let id = tickets::add_macro(tx, act, &new.into())?;
        let made = tickets::find_macro(tx, act, id)?;
        Ok(Made::at(format!("{ROOT}/macros/{id}"), MacroOut::from(made)))
    })
    .await
}

async fn change(Named(id): Named<Id<Macro>>, once: Once<MacroIn>) -> Result<Response, Error> {
    let wanted = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, new| {
        let stored = tickets::find_macro(tx, act, id)?;
        if !wanted.names(&version_of(&stored)) {
            return Err(Refused::Stale);
        }
        tickets::change_macro(tx, act, (id, stored.version), &new.into())?;
        let now = tickets::find_macro(tx, act, id)?;
        let etag = version_of(&now);
        Ok(Made::now(MacroOut::from(now)).tagged(etag))
    })
    .await
}

async fn remove(State(site): State<Site>, who: Who, Named(id): Named<Id<Macro>>) -> Result<Response, Error> {
    site.app.write(&who.caller, move |tx, act| tickets::drop_macro(tx, act, id)).await?;
    Ok(super::wire::done())
}

async fn fill(
    State(site): State<Site>,
    who: Who,
    Named((ticket, id)): Named<(Id<Ticket>, Id<Macro>)>,
) -> Result<Response, Error> {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::act::Act| {
        tickets::fill_macro(tx, act, (ticket, id))
    };
    let filled = site.app.read(&who.caller, read).await?;
    let MacroText { status, tags, .. } = filled.of.says;
    let (text, missing, visibility) = (filled.text, filled.missing, filled.visibility);
    Ok(Json(FilledOut { text, missing, visibility, status, tags }).into_response())
}
