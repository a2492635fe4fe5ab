//! Going somewhere by a few letters: the pages that one may open, the lists that one keeps, and the tickets, clients and people that one
//! may see. It is a page like any other; with scripts, Ctrl-K opens it over the page that one is on.

#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_db::Tx;

use crate::act::{Act, Caller};
use crate::people::Permission as P;
use crate::refused::Refused;
use crate::search::{self, Found};
use crate::tickets::{self, SavedView};

/// A page that has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// What stands on it.
    pub name: &'static str,
    /// Other words for it.
    also: &'static str,
    /// Where it is.
    pub href: &'static str,
    /// Who may open it: whoever may one of these, and everybody where there are none.
    pub(crate) may: &'static [P],
}

const fn door(name: &'static str, also: &'static str, href: &'static str, may: &'static [P]) -> Door {
    Door { name, also, href, may }
}

/// Who looks after people.
const MANAGE: &[P] = &[P::ManageProviderPeople, P::ManageClientPeople];

/// All of them. A page that is not reached by way of another one has a row here: a test compares them with the routes.
pub const DOORS: &[Door] = &[
    door("Tickets", "queue mine team list", "/tickets", &[P::AskForHelp]),
    door("New ticket", "ask report request incident", "/tickets/new", &[P::AskForHelp]),
    door("My tickets", "queue mine work on", "/tickets?view=mine", &[P::WorkTickets]),
    door("Tickets of my teams", "queue team", "/tickets?view=team", &[P::WorkTickets]),
    door("Tickets offered to my teams", "accept take", "/tickets?view=offered", &[P::WorkTickets]),
    door("Open tickets", "all", "/tickets?view=open", &[P::ReadTickets]),
    door("Lists that you keep", "saved views", "/tickets/views", &[P::AskForHelp]),
    door("Board", "dispatch kanban team who works on what", "/board", &[P::ReadLoad]),
    door("Load", "teams people workload figures late", "/load", &[P::ReadLoad]),
    door("Approvals", "approve yes no", "/approvals", &[P::AskForHelp]),
    door("Notices", "told mail notifications", "/notices", &[]),
    door("Search", "find", "/search", &[]),
    door("Clients", "companies customers", "/clients", &[P::ReadClients]),
    door("New client", "company customer add", "/clients/new", &[P::ManageClients]),
    door("Promises", "sla ola uc due agreement", "/promises", &[P::ReadClients]),
    door("Report", "figures month kept", "/reports/desk", &[P::ReadTickets]),
    door("Tickets of the report", "figures month", "/reports/desk/tickets", &[P::ReadTickets]),
    door("How can we help?", "portal home ask catalogue", "/portal", &[P::AskForHelp]),
    door("What people can ask for", "request types catalogue forms portal", "/requests", &[P::PlanTickets]),
    door("New request type", "catalogue form portal add", "/requests/new", &[P::PlanTickets]),
    door("How it was", "ratings satisfaction csat feedback grades", "/ratings", &[P::ReadTickets]),
    door("People", "members users colleagues", "/people", &[P::ReadPeople]),
    door("Invite somebody", "person user add new", "/people/new", MANAGE),
    door("Teams", "groups lines", "/people/teams", &[P::ReadPeople]),
    door("New team", "group line add", "/people/teams/new", MANAGE),
    door("Audit log", "who did what", "/audit", &[P::ReadAudit]),
    door("Settings", "provider name zone roles may", "/settings", &[]),
    door("Priorities", "settings impact urgency", "/settings/priorities", &[P::ManageSettings]),
    door("Fields of tickets", "settings forms custom", "/settings/fields", &[P::ManageSettings]),
    door("New field", "settings forms custom add", "/settings/fields/new", &[P::ManageSettings]),
    door("Checklists", "settings templates", "/settings/checklists", &[P::ManageSettings]),
    door("New checklist", "settings template add", "/settings/checklists/new", &[P::ManageSettings]),
    door("Hand-off forms", "settings questions", "/settings/hand-off", &[P::ManageSettings]),
    door("Rules of approvals", "settings approve", "/settings/approvals", &[P::ManageSettings]),
    door("Macros", "canned replies templates answers", "/macros", &[P::WorkTickets]),
    door("New macro", "canned reply template answer add", "/macros/new", &[P::WorkTickets]),
    door("You", "profile account sign out password sessions", "/me", &[]),
    door("Preferences", "dark light colours density keys shortcuts", "/me/preferences", &[]),
    door("Style guide", "components colours parts", "/styleguide", &[]),
    door("Second factor", "you authenticator codes 2fa mfa", "/me/second-factor", &[]),
    door("Passkeys", "you security key", "/me/passkeys", &[]),
    door("Company sign-in", "you sso oidc account", "/me/company", &[]),
    door("API keys", "you token program", "/me/keys", &[]),
];

/// Tickets, clients and people of each kind that are shown: it is for going somewhere, and the search shows all.
const FEW: usize = 6;

/// Where somebody can go.
#[derive(Debug, Default)]
pub struct Ways {
    /// Pages, the most likely first.
    pub doors: Vec<&'static Door>,
    /// Lists that they keep.
    pub lists: Vec<SavedView>,
    /// What has the words.
    pub found: Found,
}

impl Ways {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.doors.is_empty() && self.lists.is_empty() && self.found.is_empty()
    }
}

/// How well a text answers what was typed: every part of that must begin a word of it. Words of the name count for more than other words.
fn answers(typed: &[String], name: &str, also: &str) -> Option<u8> {
    let begins = |text: &str, part: &String| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| word.to_lowercase().starts_with(part.as_str()))
    };
    let mut far = 0;
    for part in typed {
        if begins(name, part) {
        } else if begins(also, part) {
            far += 1;
        } else {
            return None;
        }
    }
    Some(far)
}

/// The pages that somebody may open and that answer what was typed.
pub fn doors(caller: &Caller, typed: &str) -> Vec<&'static Door> {
    let parts: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let open = DOORS.iter().filter(|door| door.may.is_empty() || door.may.iter().any(|may| caller.may(*may)));
    let mut found: Vec<(u8, &Door)> =
        open.filter_map(|door| Some((answers(&parts, door.name, door.also)?, door))).collect();
    found.sort_by_key(|(far, _)| *far);
    found.into_iter().map(|(_, door)| door).collect()
}

/// Where the caller can go with what was typed; without any, to every page and list.
///
/// # Errors
/// [`Refused::Invalid`] names the field `q` where nothing can be looked for.
pub fn ways(tx: &mut Tx<'_, '_>, act: &Act, typed: &str) -> Result<Ways, Refused> {
    let parts: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let mut lists = if act.caller.may(P::AskForHelp) { tickets::saved_views(tx, act)? } else { Vec::new() };
    lists.retain(|list| answers(&parts, &list.name, "").is_some());
    let looked = !parts.is_empty() && act.caller.may(P::AskForHelp);
    let mut found = if looked { search::find(tx, act, typed, (None, FEW))? } else { Found::default() };
    found.clients.truncate(FEW);
    found.people.truncate(FEW);
    Ok(Ways { doors: doors(&act.caller, typed), lists, found })
}
