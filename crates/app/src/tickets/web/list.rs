//! Lists of tickets.

use askama::Template;
use axum::extract::{OriginalUri, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Id};
use remit_web::Error;
use remit_web::paging::Key;

use super::super::sharing;
use super::super::visibility::Sight;
use super::super::{
    Kind, Listed, Narrow, Narrowed, Next, Pile, Priority, SavedView, Status, View, narrowed, pile,
    saved_views, store, tag_named, tags_of,
};
use super::bulk::Several;
use super::{export, is_said};
use crate::act::Act;
use crate::clients::Client;
use crate::export::Form;
use crate::people::{Membership, Permission, Team};
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

/// Who has what, and how much.
const BESIDE: [(&str, &str); 2] = [("Board", "/board"), ("Load", "/load")];
/// Tickets on a page.
const PAGE: u16 = 50;

#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    priority: String,
    client: Option<Id<Client>>,
    /// A pile of the load, of a team or of somebody.
    #[serde(default)]
    pile: String,
    team: Option<Id<Team>>,
    person: Option<Id<Membership>>,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    text: String,
    after: Option<String>,
    format: Option<String>,
    /// `page` where all of the page are chosen.
    #[serde(default)]
    choose: String,
}

impl Asked {
    /// The list as an address says it, without where its page begins.
    fn query(&self, key: &str) -> String {
        let client = self.client.map(|client| client.to_string()).unwrap_or_default();
        let pile = self.pile();
        let key = if pile.is_some() { "" } else { key };
        let of = |said: Option<String>| said.filter(|_| pile.is_some()).unwrap_or_default();
        let (team, person) =
            (of(self.team.map(|id| id.to_string())), of(self.person.map(|id| id.to_string())));
        let said = [
            ("view", key),
            ("client", &client),
            ("pile", pile.map_or("", Pile::key)),
            ("team", &team),
            ("person", &person),
            ("kind", &self.kind),
            ("status", &self.status),
            ("priority", &self.priority),
            ("service", &self.service),
            ("tag", &self.tag),
            ("text", &self.text),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(said.into_iter().filter(|(_, value)| !value.trim().is_empty()));
        query.finish()
    }

    /// The pile that is asked for.
    fn pile(&self) -> Option<Pile> {
        Pile::from_key(&self.pile, self.team, self.person)
    }

    /// What it is narrowed down to. Whoever may not see the words on tickets is shown the list without them.
    fn narrow(&self, sight: Sight) -> Narrow {
        let tag = if sight.reads_teams() { self.tag.trim() } else { "" };
        Narrow {
            kind: Kind::from_key(&self.kind),
            status: Status::from_key(&self.status),
            priority: Priority::from_key(&self.priority),
            service: self.service.trim().to_owned(),
            client: None,
            tag: tag.to_owned(),
            text: self.text.trim().to_owned(),
        }
    }
}

/// A list that can be chosen.
struct Tab {
    key: &'static str,
    name: &'static str,
    current: bool,
    /// How many wait there; nothing where none do.
    count: Option<String>,
}

#[derive(Template)]
#[template(path = "tickets/list.html")]
struct ListPage {
    /// Each with the words on it.
    tickets: Vec<(Listed, Vec<String>)>,
    tabs: Vec<Tab>,
    view: &'static str,
    /// What the list is narrowed down to.
    form: remit_web::Form,
    narrows: bool,
    tagging: bool,
    /// The address of the list.
    query: String,
    /// Lists that the caller has kept.
    saved: Vec<SavedView>,
    /// The word on all of them, where they are listed by one.
    tag: Option<String>,
    /// What they are, where they are a pile.
    pile: Option<String>,
    /// Pages about all of them, for those whom they are for.
    beside: &'static [(&'static str, &'static str)],
    more: Option<String>,
    may_open: bool,
    /// What can be done to those that are chosen; nothing by whoever does not work on tickets.
    several: Option<Several>,
    now: At,
    /// The address of the page, for what is alive on it.
    here: String,
}

/// The lists of a caller, the usual one first.
fn views(sight: Sight, shared: bool) -> &'static [(&'static str, &'static str, View)] {
    match sight {
        Sight::Working(_) => &[
            ("team", "My teams", View::MyTeams),
            ("mine", "Mine", View::Mine),
            ("soon", "Due soon", View::Soon),
            ("offered", "Offered to us", View::Offered),
            ("open", "All open", View::Open),
            ("own", "Asked by me", View::Own),
        ],
        Sight::Vendor(_) => &[
            ("team", "My teams", View::MyTeams),
            ("soon", "Due soon", View::Soon),
            ("offered", "Offered to us", View::Offered),
        ],
        Sight::Reading => &[("open", "All open", View::Open), ("own", "Asked by me", View::Own)],
        Sight::Own(_) if shared => {
            &[("own", "Asked by me", View::Own), ("shared", "Asked by colleagues", View::Shared)]
        }
        Sight::Own(_) => &[("own", "Asked by me", View::Own)],
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let sight = Sight::of(&site.app.act(&signed.caller))?;
    let shared = site.app.read(&signed.caller, sharing::reads_shared).await?;
    let all = views(sight, shared);
    let (mut key, _, mut view) = *all.iter().find(|(key, ..)| *key == asked.view).unwrap_or(&all[0]);
    if let Some(client) = asked.client {
        (key, view) = ("client", View::Client(client));
    } else if let Some(pile) = asked.pile() {
        (key, view) = ("pile", View::Pile(pile));
    }
    let narrow = asked.narrow(sight);
    let tag = Some(narrow.tag.clone()).filter(|tag| !tag.is_empty());
    if let (Some(text), true, None) =
        (tag.clone(), asked.view.is_empty() && key != "pile" || asked.view == "tag", asked.client)
    {
        let found = site.app.read(&signed.caller, move |tx, _| tag_named(tx, &text)).await?;
        (key, view) = ("tag", View::Tagged(found));
    }
    let form = Form::asked(asked.format.as_deref())?;
    if let Some(form) = form {
        let name = if let View::Pile(pile) = view { pile.key() } else { key };
        return export::view((&site, &signed), form, (name, view), narrow).await;
    }
    let query = asked.query(key);
    let name = format!("tickets: {query}");
    let mut typed = remit_web::Form::filled([
        ("kind", &asked.kind),
        ("status", &asked.status),
        ("priority", &asked.priority),
        ("service", &asked.service),
        ("tag", &asked.tag),
        ("text", &asked.text),
    ]);
    let next = begins(&site, (&name, &narrow), asked.after)?;
    let (found, next, around) = read(&site, &signed, (view, &narrow), (next, &mut typed)).await?;
    let keys = next.map(Next::keys).map(|(first, second)| vec![Key::Int(first), Key::Text(second)]);
    let status = typed.status();
    let page = ListPage {
        more: keys.map(|keys| site.cursors.write(&name, &keys)),
        tabs: tabs(all, key, &around.counts),
        may_open: signed.caller.may(Permission::AskForHelp),
        several: around.colleagues.map(|colleagues| Several { chosen: asked.choose == "page", colleagues }),
        now: site.app.now(),
        here: uri.path_and_query().map_or_else(|| "/tickets".to_owned(), ToString::to_string),
        tickets: found,
        view: key,
        narrows: key != "tag" && narrow != Narrow::default(),
        tagging: sight.reads_teams(),
        form: typed,
        query,
        saved: around.saved,
        tag: tag.filter(|_| key == "tag"),
        pile: around.pile,
        beside: if signed.caller.may(Permission::ReadLoad) { &BESIDE } else { &[] },
    };
    let mut chrome = chrome(&signed, "Tickets", "/tickets");
    chrome.live = Some("/tickets/live".to_owned());
    Ok(shell(chrome, &page).status(status).answer(&headers))
}

/// Lists of which one wants to know how many are on them before one opens them.
const COUNTED: [View; 3] = [View::Mine, View::Soon, View::Offered];
/// So many are counted at most.
const MOST: u16 = 100;

fn tabs(all: &[(&'static str, &'static str, View)], current: &str, counts: &[(View, usize)]) -> Vec<Tab> {
    let count = |view: View| {
        let (_, count) = counts.iter().find(|(counted, count)| *counted == view && *count > 0)?;
        Some(if *count >= usize::from(MOST) { format!("{}+", MOST - 1) } else { count.to_string() })
    };
    all.iter()
        .map(|(key, name, view)| Tab { key, name, current: *key == current, count: count(*view) })
        .collect()
}

/// What stands around a list.
struct Around {
    /// How many are on other lists.
    counts: Vec<(View, usize)>,
    saved: Vec<SavedView>,
    /// What is listed, where it is a pile.
    pile: Option<String>,
    /// Who can work on those that are chosen; none where the caller does not work on tickets.
    colleagues: Option<Vec<(Id<Membership>, String)>>,
}

type Found = (Vec<(Listed, Vec<String>)>, Option<Next>, Around);

/// The tickets of a page, each with the words on it, and what stands around them: all as of one moment. What cannot be looked for is said
/// in the form.
async fn read(
    site: &Site,
    signed: &Signed,
    (view, narrow): (View, &Narrow),
    (next, typed): (Option<Next>, &mut remit_web::Form),
) -> Result<Found, Error> {
    let wanted = narrow.clone();
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &Act| {
        let works = act.caller.may(Permission::WorkTickets);
        let colleagues = works.then(|| store::colleagues(tx, act)).transpose()?;
        let counted = views(Sight::of(act)?, false)
            .iter()
            .map(|(.., view)| *view)
            .filter(|view| COUNTED.contains(view));
        let count = |view| Ok::<_, Refused>((view, store::counted(tx, act, (view, MOST))?));
        let counts = counted.map(count).collect::<Result<_, _>>()?;
        let pile = if let View::Pile(pile) = view { Some(pile::words(tx, act, pile)?) } else { None };
        let around = Around { counts, saved: saved_views(tx, act)?, pile, colleagues };
        let Narrowed { found, next } = match narrowed(tx, act, (view, &wanted), (next, PAGE)) {
            Err(refused) if is_said(&refused) => return Ok((Err(refused), around)),
            page => page?,
        };
        let ids: Vec<_> = found.iter().map(|listed| listed.ticket.id).collect();
        let tags = tags_of(tx, act, &ids)?;
        Ok((Ok((found.into_iter().zip(tags).collect(), next)), around))
    };
    match site.app.read(&signed.caller, read).await? {
        (Err(refused), around) => {
            told(typed, "text", refused)?;
            Ok((Vec::new(), None, around))
        }
        (Ok((found, next)), around) => Ok((found, next, around)),
    }
}

/// From where a page goes on.
fn begins(
    site: &Site,
    (name, narrow): (&str, &Narrow),
    after: Option<String>,
) -> Result<Option<Next>, Error> {
    let Some(text) = after.filter(|after| !after.is_empty()) else { return Ok(None) };
    let odd = || Error::malformed("This is not where a list goes on.");
    Next::read(site.cursors.read(name, &text)?, narrow).map(Some).ok_or_else(odd)
}

impl ListPage {
    fn kinds<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "any")).chain(Kind::pairs())
    }

    fn statuses<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "any")).chain(Status::pairs())
    }

    fn priorities<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "any")).chain(Priority::pairs())
    }

    /// What the list is narrowed down to, in words.
    fn words(&self) -> Vec<&str> {
        let said = |name: &'static str| Some(self.form.value(name).trim()).filter(|text| !text.is_empty());
        let named = [
            Kind::from_key(self.form.value("kind")).map(Kind::name),
            Status::from_key(self.form.value("status")).map(Status::name),
            Priority::from_key(self.form.value("priority")).map(Priority::name),
        ];
        ["text", "tag", "service"].map(said).into_iter().chain(named).flatten().collect()
    }

    /// What says which list it is besides the view, to be kept in the form.
    fn kept(&self) -> Vec<(String, String)> {
        let said = form_urlencoded::parse(self.query.as_bytes()).into_owned();
        said.filter(|(name, _)| ["client", "pile", "team", "person"].contains(&name.as_str())).collect()
    }

    /// The list without what it is narrowed down to.
    fn whole(&self) -> String {
        let mut query = form_urlencoded::Serializer::new("/tickets?".to_owned());
        let (view, kept) = (["client", "pile"].contains(&self.view), self.kept());
        if !view {
            query.append_pair("view", self.view);
        }
        query.extend_pairs(kept);
        query.finish()
    }
}
