//! A provider with everything, and another beside it.

use super::*;
use crate::promises;

/// A provider with everything, and another beside it that nobody of the first may learn of.
pub struct World {
    pub provider: Id<people::Provider>,
    pub browser: Browser,
    pub callers: Vec<(String, Option<Role>, String)>,
    pub own: Things,
    /// Another client of the same provider.
    pub foreign: Things,
    /// Of another provider.
    pub other: Things,
}

/// What stands in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Things {
    pub client: String,
    pub version: String,
    pub person: String,
    pub site: String,
    pub contact: String,
    pub team: String,
    /// Of its internal IT.
    pub party: String,
    /// The number of one.
    pub ticket: String,
    /// An attachment of it.
    pub attachment: String,
    /// Something promised to it.
    pub rule: String,
    /// A checklist of the provider.
    pub checklist: String,
    /// A field of the provider's own.
    pub field: String,
    /// A plan of it.
    pub plan: String,
    /// A macro for its tickets.
    pub macro_id: String,
    /// What its people can ask for.
    pub request: String,
}

impl World {
    pub async fn new(test: &TestApp) -> Self {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let browser = Browser::new(test);
        let own = Things::of(test, &operator, "Ardent Manufacturing").await;
        let foreign = Things::of(test, &operator, "Harbor Dental").await;
        let other = canary(test, &operator, Id::parse(&foreign.client).unwrap()).await;
        let mut callers = vec![
            ("nobody".to_owned(), None, String::new()),
            ("somebody with a forged cookie".to_owned(), None, format!("remit={}", "0".repeat(96))),
        ];
        for member in &made.roles {
            let cookie = browser.sign_in(test, &operator, member.id).await;
            callers.push((member.role.name().to_owned(), Some(member.role), cookie));
        }
        let gone = browser.sign_in(test, &operator, made.roles[0].id).await;
        browser.send(Method::POST, "/sign-out", &gone, "").await;
        callers.push(("somebody who has signed out".to_owned(), None, gone));
        Self { provider: made.provider, browser, callers, own, foreign, other }
    }

    pub async fn ask(&self, (method, path, _, form): &Rule, cookie: &str, things: &Things) -> Seen {
        let address = things.fill(path);
        let method = method.parse().unwrap();
        if path.ends_with("/import") {
            let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"m.toml\"\r\n\r\nx\r\n--b--\r\n";
            let kind = (cookie, "multipart/form-data; boundary=b");
            return self.browser.send_as(method, &address, kind, file).await;
        }
        self.browser.send(method, &address, cookie, form).await
    }
}

impl Things {
    async fn of(test: &TestApp, operator: &Caller, client: &str) -> Self {
        let client = client.to_owned();
        let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let id = clients::named(tx, act, &client)?.ok_or(crate::Refused::NotFound)?;
            let version = matrix::history(tx, act, id)?.first().map(|version| version.id);
            let mut after = None;
            loop {
                let page = people::list(tx, act, after, 200)?;
                if let Some(person) =
                    page.iter().find(|one| one.client == Some(id) && one.role == Role::Requester)
                {
                    return Ok((id, version, person.id));
                }
                let last = page.last().ok_or(crate::Refused::NotFound)?;
                after = Some((crate::refused::folded(&last.name), last.id.uuid()));
            }
        };
        let (client, version, person) = test.app.read(operator, read).await.unwrap();
        let version = version.expect("it has a matrix").to_string();
        let rest = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let site = clients::sites(tx, act, client)?.remove(0).id.to_string();
            let contact = clients::contacts(tx, act, client)?.remove(0).id.to_string();
            let parties = people::list_parties(tx, Some(client))?;
            let party = parties.iter().find(|(_, kind, _)| *kind == people::PartyKind::Internal).unwrap().0;
            let team = people::teams(tx, act)?.into_iter().find(|team| team.client == Some(client));
            let team = match team {
                Some(team) => team.id,
                None => people::found_team(tx, act, party, "Desk", "UTC")?,
            };
            let rule = promised(tx, act, client)?;
            Ok((site, contact, team.to_string(), party.to_string(), (rule, field(tx, act, "Serial number")?)))
        };
        let (site, contact, team, party, (rule, field)) = test.app.write(operator, rest).await.unwrap();
        let (ticket, attachment) = opened(test, operator, client, (person, "No network drive")).await;
        let checklist = listed(test, operator, &format!("New starter {client}")).await;
        Self {
            client: client.to_string(),
            version,
            person: person.to_string(),
            site,
            contact,
            team,
            party,
            ticket,
            attachment,
            rule,
            checklist,
            field,
            plan: planned(test, operator, client, person).await,
            macro_id: kept(test, operator, client).await,
            request: asked_for(test, operator, client).await,
        }
    }

    /// The address of a route.
    pub fn fill(&self, path: &str) -> String {
        let id = match path {
            path if path.starts_with("/people/teams") => &self.team,
            path if path.starts_with("/people") => &self.person,
            path if path.starts_with("/parties") => &self.party,
            path if path.starts_with("/contacts") => &self.contact,
            path if path.starts_with("/sites") => &self.site,
            path if path.starts_with("/promises") => &self.rule,
            path if path.starts_with("/settings/checklists") => &self.checklist,
            _ => &self.client,
        };
        path.replace("{id}", id)
            .replace("{party}", id)
            .replace("{version}", &self.version)
            .replace("{number}", &self.ticket)
            .replace("{attachment}", &self.attachment)
            .replace("{field}", &self.field)
            .replace("{plan}", &self.plan)
            .replace("{macro}", &self.macro_id)
            .replace("{request}", &self.request)
            .replace("{slip}", "none")
            .replace("{view}", "view_01890a5d-ac96-774b-bcce-b302099a8057")
            .replace("{form}", "toml")
            .replace("{secret}", &"0".repeat(96))
    }

    /// Like these, but never made.
    pub fn absent(&self) -> Self {
        let never = |id: &str| {
            let end = id.len() - 1;
            let last = if id.ends_with('0') { "1" } else { "0" };
            format!("{}{last}", &id[..end])
        };
        Self {
            client: never(&self.client),
            version: never(&self.version),
            person: never(&self.person),
            site: never(&self.site),
            contact: never(&self.contact),
            team: never(&self.team),
            party: never(&self.party),
            // Far behind all that there are.
            ticket: "4711".to_owned(),
            attachment: never(&self.attachment),
            rule: never(&self.rule),
            checklist: never(&self.checklist),
            field: never(&self.field),
            plan: never(&self.plan),
            macro_id: never(&self.macro_id),
            request: never(&self.request),
        }
    }
}

/// Another provider, all of whose names hold the word; its matrix is that of a client of the first, under another name.
async fn canary(test: &TestApp, of: &Caller, like: Id<clients::Client>) -> Things {
    let client = test.client("Canary Works").await;
    let requester = test.caller(Role::Requester, Some(client)).await;
    let read =
        move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| Ok(matrix::history(tx, act, like)?.remove(0));
    let version = test.app.read(of, read).await.unwrap();
    let draft = version.text.replace("Harbor Dental", "Canary Works");
    let fill = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        matrix::start(tx, act, client, &draft)?;
        let checked = matrix::check(&draft, version.starts_on);
        let version = matrix::propose(tx, act, client, 1, &checked)?;
        let site = clients::add_site(tx, act, client, "Canary Street", "UTC")?;
        let words = clients::ContactText {
            name: "Canary Contact".to_owned(),
            about: String::new(),
            email: String::new(),
            phone: String::new(),
            site: None,
        };
        let contact = clients::add_contact(tx, act, client, &words)?;
        let parties = people::list_parties(tx, Some(client))?;
        let internal = parties.iter().find(|(_, kind, _)| *kind == people::PartyKind::Internal).unwrap().0;
        let team = people::found_team(tx, act, internal, "Canary Team", "UTC")?;
        let rule = promised(tx, act, client)?;
        Ok((version, site, contact, team, internal, (rule, field(tx, act, "Canary sign")?)))
    };
    let (version, site, contact, team, party, (rule, field)) =
        test.app.write(&test.operator(), fill).await.unwrap();
    let plan = planned(test, &test.operator(), client, requester.membership.unwrap()).await;
    let macro_id = kept(test, &test.operator(), client).await;
    let request = asked_for(test, &test.operator(), client).await;
    // With a number that the first provider has not given.
    let (mut ticket, mut attachment) = (String::new(), String::new());
    for _ in 0..5 {
        (ticket, attachment) =
            opened(test, &test.operator(), client, (requester.membership.unwrap(), "Canary sings")).await;
    }
    let checklist = listed(test, &test.operator(), "Canary list").await;
    Things {
        client: client.to_string(),
        version: version.to_string(),
        person: requester.membership.unwrap().to_string(),
        site: site.to_string(),
        contact: contact.to_string(),
        team: team.to_string(),
        party: party.to_string(),
        ticket,
        attachment,
        rule,
        checklist,
        field,
        plan,
        macro_id,
        request,
    }
}

/// What people of a client can ask for.
async fn asked_for(test: &TestApp, operator: &Caller, client: Id<clients::Client>) -> String {
    let says = crate::portal::tests::starter(Some(client));
    let made = test.app.write(operator, move |tx, act| crate::portal::add_request_type(tx, act, &says));
    made.await.unwrap().to_string()
}

/// A macro for the tickets of a client.
async fn kept(test: &TestApp, operator: &Caller, client: Id<clients::Client>) -> String {
    let says = tickets::MacroText {
        name: "Works again".to_owned(),
        of: tickets::Of::Client(client),
        text: "Does it work again, {first-name}?".to_owned(),
        visibility: tickets::Visibility::Public,
        status: None,
        tags: Vec::new(),
    };
    let made = test.app.write(operator, move |tx, act| tickets::add_macro(tx, act, &says));
    made.await.unwrap().to_string()
}

/// A plan for a client.
async fn planned(
    test: &TestApp,
    operator: &Caller,
    client: Id<clients::Client>,
    requester: Id<people::Membership>,
) -> String {
    let template = crate::recurring::Template {
        kind: tickets::Kind::Task,
        subject: "Check the backups".to_owned(),
        text: String::new(),
        impact: tickets::Impact::Low,
        urgency: tickets::Urgency::Low,
        service: String::new(),
        tier: tickets::Tier::Unsaid,
        requester,
    };
    let says = crate::recurring::NewPlan {
        template,
        rule: "FREQ=DAILY".parse().unwrap(),
        starts_on: "2026-01-01".parse().unwrap(),
        time: "08:00".parse().unwrap(),
    };
    let add = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        crate::recurring::add_plan(tx, act, client, says)
    };
    test.app.write(operator, add).await.unwrap().id.to_string()
}

/// A checklist that is put on tickets by hand.
async fn listed(test: &TestApp, operator: &Caller, name: &str) -> String {
    let item = tickets::ToDo { text: format!("Read {name}"), required: false, side: tickets::Side::Holder };
    let says = tickets::ChecklistText { name: name.to_owned(), from_start: None, items: vec![item] };
    let made = test.app.write(operator, move |tx, act| tickets::create_checklist(tx, act, &says));
    made.await.unwrap().to_string()
}

/// A field, of which there is one with each label.
fn field(tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act, label: &str) -> Result<String, crate::Refused> {
    let new = tickets::Definition {
        label: label.to_owned(),
        hint: String::new(),
        shape: tickets::Shape::Line,
        kinds: Vec::new(),
        service: String::new(),
        needed: tickets::Needed::Never,
        read_by: tickets::Visibility::Public,
        place: 0,
    };
    let there = tickets::custom_fields(tx, act)?.into_iter().find(|field| field.definition.label == label);
    let field = there.map_or_else(|| tickets::add_field(tx, act, "field", new), Ok)?;
    Ok(field.id.to_string())
}

/// A ticket of somebody of a client, with an attachment. Says its number, and which.
async fn opened(
    test: &TestApp,
    operator: &Caller,
    client: Id<clients::Client>,
    (requester, subject): (Id<people::Membership>, &str),
) -> (String, String) {
    let new = tickets::NewTicket {
        client,
        kind: tickets::Kind::Incident,
        subject: subject.to_owned(),
        text: String::new(),
        impact: tickets::Impact::Low,
        urgency: tickets::Urgency::Low,
        service: String::new(),
        tier: tickets::Tier::Unsaid,
        site: None,
        asset_class: String::new(),
        requester: Some(requester),
    };
    let ticket = tickets::open(&test.app, operator, new).await.unwrap();
    let file = (tickets::Visibility::Public, "notes.txt", subject.as_bytes());
    let attachment = crate::attachments::tests::attach(test, operator, ticket.id, file).await;
    (ticket.number.to_string(), attachment.to_string())
}

/// Promises a client of its own that printing takes no longer than a day.
fn promised(
    tx: &mut remit_db::Tx<'_, '_>,
    act: &crate::Act,
    client: Id<clients::Client>,
) -> Result<String, crate::Refused> {
    let term =
        remit_promise::Term::Within(remit_promise::Within::every_minute(remit_core::Millis::from_hours(24)));
    let rule = promises::NewRule {
        promise: remit_promise::Promise::UPDATE,
        client: Some(client),
        tier: String::new(),
        service: String::new(),
        priority: None,
        party: None,
        from: None,
        term,
    };
    promises::add_rule(tx, act, &rule).map(|id| id.to_string())
}
