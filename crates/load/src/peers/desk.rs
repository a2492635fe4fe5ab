//! How each of them is asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ask::Deed;
use crate::browser::{Answer, Browser, Request, escaped};
use crate::desk::{RARE, TEXT};
use crate::dice::Dice;

/// Sessions of each: some do one thing at a time for a session, and Redmine keeps ten for a person.
const SESSIONS: usize = 8;
/// The password of its administrator, and the one that Request Tracker comes with.
const PASSWORD: &str = "Remit-bench-1";
const FIRST_PASSWORD: &str = "password";
/// What they say when something was done.
const DONE: &[u16] = &[200, 201, 204];

/// A help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// Request Tracker.
    RequestTracker,
    /// Redmine.
    Redmine,
    /// django-helpdesk.
    Helpdesk,
}

type Facts = BTreeMap<String, String>;
type Make = Box<dyn Fn(u64) -> Vec<Request> + Send + Sync>;

impl Desk {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RequestTracker, Self::Redmine, Self::Helpdesk];

    /// Its name, and that of its folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RequestTracker => "request-tracker",
            Self::Redmine => "redmine",
            Self::Helpdesk => "django-helpdesk",
        }
    }

    /// Where it listens.
    pub const fn port(self) -> u16 {
        match self {
            Self::RequestTracker => 18_181,
            Self::Redmine => 18_182,
            Self::Helpdesk => 18_183,
        }
    }

    /// Signs in a few times, and says the cookies.
    pub async fn sign_in(self, address: SocketAddr) -> Result<Vec<String>, String> {
        let mut cookies = Vec::new();
        for _ in 0..SESSIONS {
            cookies.push(self.session(address).await?);
        }
        Ok(cookies)
    }

    async fn session(self, address: SocketAddr) -> Result<String, String> {
        let (path, user, password) = match self {
            Self::RequestTracker => ("/NoAuth/Login.html", "user", "pass"),
            Self::Redmine => ("/login", "username", "password"),
            Self::Helpdesk => ("/login/", "username", "password"),
        };
        let (name, secret, token) = match self {
            Self::RequestTracker => ("root", FIRST_PASSWORD, None),
            Self::Redmine => ("admin", PASSWORD, Some("authenticity_token")),
            Self::Helpdesk => ("admin", PASSWORD, Some("csrfmiddlewaretoken")),
        };
        let asked = Browser::connect(address, "").await?.right(&Request::page(path)).await?;
        let mut jar = BTreeMap::new();
        keep(&mut jar, &asked);
        let mut fields = vec![(user, name.to_owned()), (password, secret.to_owned())];
        if let Some(token) = token {
            fields.push((token, hidden(&asked.text(), token).ok_or_else(|| format!("there is no {token}"))?));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let form = Request { good: &[200, 302], ..Request::form(path, &fields) };
        let answer = Browser::connect(address, &line(&jar)).await?.right(&form).await?;
        keep(&mut jar, &answer);
        Ok(line(&jar))
    }

    /// The requests of a deed.
    pub fn requests(self, deed: Deed, facts: &Facts, tickets: u64) -> Result<Make, String> {
        let fact = |name: &str| facts.get(name).cloned().ok_or_else(|| format!("it does not say its {name}"));
        let first: u64 = fact("first")?.parse().map_err(|_| "its first id is no number".to_owned())?;
        let some = move |n: u64| first + Dice::new(n).below(tickets);
        Ok(match self {
            Self::RequestTracker => request_tracker(deed, some),
            Self::Redmine => redmine(deed, some, (&fact("token")?, &fact("tracker")?, &fact("priority")?)),
            Self::Helpdesk => helpdesk(deed, some, &fact("queue")?),
        })
    }
}

fn page(path: String) -> Make {
    Box::new(move |_| vec![Request::page(&path)])
}

fn sent(method: &'static str, path: String, head: &str, body: &serde_json::Value) -> Request {
    let head = format!("Content-Type: application/json\r\n{head}");
    Request { method, path, head, body: body.to_string(), good: DONE }
}

fn request_tracker(deed: Deed, some: impl Fn(u64) -> u64 + Send + Sync + 'static) -> Make {
    let query = |text: &str| escaped(text);
    match deed {
        Deed::List => page(format!(
            "/Search/Results.html?Query={}&Rows=50&OrderBy=LastUpdated&Order=DESC",
            query("Status='open'")
        )),
        Deed::Search => page(format!(
            "/REST/2.0/tickets?query={}&per_page=50&fields=Subject,Status,LastUpdated",
            query(&format!("Content LIKE '{RARE}'"))
        )),
        Deed::Page => Box::new(move |n| vec![Request::page(format!("/Ticket/Display.html?id={}", some(n)))]),
        Deed::Reply => Box::new(move |n| {
            let path = format!("/REST/2.0/ticket/{}/correspond", some(n));
            vec![sent("POST", path, "", &serde_json::json!({"Content": TEXT, "ContentType": "text/plain"}))]
        }),
        Deed::Create => Box::new(|n| {
            let person = n % 500 + 1;
            let body = serde_json::json!({
                "Queue": "Support", "Requestor": format!("person{person}@client{}.example", (person - 1) % 60 + 1),
                "Subject": format!("Printer offline {n}"), "Content": TEXT, "ContentType": "text/plain",
            });
            vec![sent("POST", "/REST/2.0/ticket".to_owned(), "", &body)]
        }),
    }
}

fn redmine(
    deed: Deed,
    some: impl Fn(u64) -> u64 + Send + Sync + 'static,
    (token, tracker, priority): (&str, &str, &str),
) -> Make {
    let head = format!("X-Redmine-API-Key: {token}\r\n");
    let (tracker, priority) = (tracker.to_owned(), priority.to_owned());
    match deed {
        Deed::List => page("/issues?set_filter=1&status_id=o&sort=updated_on:desc&per_page=50".to_owned()),
        Deed::Search => {
            let search =
                Request { head, ..Request::page(format!("/search.json?q={RARE}&issues=1&limit=50")) };
            Box::new(move |_| vec![search.clone()])
        }
        Deed::Page => Box::new(move |n| vec![Request::page(format!("/issues/{}", some(n)))]),
        Deed::Reply => Box::new(move |n| {
            let body = serde_json::json!({"issue": {"notes": TEXT}});
            vec![sent("PUT", format!("/issues/{}.json", some(n)), &head, &body)]
        }),
        Deed::Create => Box::new(move |n| {
            let body = serde_json::json!({"issue": {
                "project_id": format!("client{}", n % 60 + 1), "tracker_id": tracker, "priority_id": priority,
                "subject": format!("Printer offline {n}"), "description": TEXT,
            }});
            vec![sent("POST", "/issues.json".to_owned(), &head, &body)]
        }),
    }
}

fn helpdesk(deed: Deed, some: impl Fn(u64) -> u64 + Send + Sync + 'static, queue: &str) -> Make {
    let queue: u64 = queue.parse().unwrap_or(1);
    let rows = |query: &serde_json::Value, column: u8| {
        let query = STANDARD.encode(query.to_string());
        format!(
            "/datatables_ticket_list/{query}?draw=1&start=0&length=50&order[0][column]={column}&order[0][dir]=desc"
        )
    };
    match deed {
        Deed::List => page(rows(
            &serde_json::json!({
                "filtering": {"status__in": [1]}, "filtering_null": {}, "sorting": "last_followup", "sortreverse": true, "search_string": "",
            }),
            9,
        )),
        Deed::Search => page(rows(
            &serde_json::json!({"search_string": RARE, "sorting": "created", "sortreverse": true}),
            5,
        )),
        Deed::Page => Box::new(move |n| vec![Request::page(format!("/tickets/{}/", some(n)))]),
        Deed::Reply => Box::new(move |n| {
            let body =
                serde_json::json!({"ticket": some(n), "title": "Comment", "comment": TEXT, "public": true});
            vec![sent("POST", "/api/followups/".to_owned(), "", &body)]
        }),
        Deed::Create => Box::new(move |n| {
            let body = serde_json::json!({
                "queue": queue + n % 60, "title": format!("Printer offline {n}"), "description": TEXT,
                "submitter_email": "person1@client1.example", "priority": 3, "status": 1,
            });
            vec![sent("POST", "/api/tickets/".to_owned(), "", &body)]
        }),
    }
}

fn keep(jar: &mut BTreeMap<String, String>, answer: &Answer) {
    for cookie in answer.headers("set-cookie") {
        if let Some((name, value)) = cookie.split(';').next().and_then(|cookie| cookie.split_once('=')) {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn line(jar: &BTreeMap<String, String>) -> String {
    jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> Option<String> {
    let field = page.split("<input").find(|part| part.contains(&format!("name=\"{name}\"")))?;
    field.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}
