//! Approvals in the pages: asked and answered in forms without a script, listed, and as a file.

use super::*;
use crate::tickets::tests::{incident, world};

async fn posted(browser: &Browser, path: &str, cookie: &str, form: &str) -> Seen {
    browser.send(Method::POST, path, cookie, form).await
}

/// What stands in a hidden field.
fn hidden(text: &str, name: &str) -> String {
    let at = format!("name=\"{name}\" value=\"");
    let rest = text.split(&at).nth(1).unwrap_or_else(|| panic!("no field {name} in {text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// A ticket, and who is around it.
struct Around {
    browser: Browser,
    it: String,
    approver: String,
    requester: String,
    /// Where the ticket is.
    path: String,
    /// The approver, somebody of the provider and the requester, as a form names them.
    people: [String; 3],
}

impl Around {
    async fn new(test: &TestApp) -> Self {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let approver = browser.sign_in(test, &operator, world.approver.membership.unwrap()).await;
        let requester = browser.sign_in(test, &operator, world.requester.membership.unwrap()).await;
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap();
        let people = [&world.approver, &world.technician, &world.requester];
        let people = people.map(|one| one.membership.unwrap().to_string());
        Self { browser, it, approver, requester, path: format!("/tickets/{}", ticket.number), people }
    }

    /// A form that can be sent.
    fn good(&self) -> String {
        let [approver, technician, _] = &self.people;
        format!(
            "question=May+we+%3Cb%3Ebuy+it%3F&text=&people={approver}&people={technician}&needed=2&until=2026-11-25T17:00"
        )
    }

    async fn ask(&self) -> Seen {
        posted(&self.browser, &format!("{}/approval", self.path), &self.it, &self.good()).await
    }
}

#[test]
fn an_approval_is_asked_for_in_a_form() {
    on_each(async |test| {
        let around = Around::new(test).await;
        let Around { browser, it, requester, path, people, .. } = &around;
        assert!(browser.get(path, it).await.text.contains("Ask for an approval"));
        let plain = browser.get(path, requester).await;
        assert!(!plain.text.contains("Ask for an approval") && !plain.text.contains("id=\"approvals\""));
        let ask = format!("{path}/approval");
        let shown = browser.get(&ask, it).await;
        for word in ["Approver Test", "that of America/Los_Angeles", "datetime-local", "Technician Test"] {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        assert!(!shown.text.contains(&people[2]), "whose request it is cannot be chosen");
        let odd = posted(browser, &ask, it, "question=&text=Kept+%3Cb%3E&needed=7&until=never").await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["Kept &#60;b&#62;", "Write a day and a time"] {
            assert!(odd.text.contains(word), "{word}: {}", odd.text);
        }
        let many = posted(browser, &ask, it, &around.good().replace("needed=2", "needed=3")).await;
        assert!(many.text.contains("from 1 to 2"), "{}", many.text);
        let made = around.ask().await;
        assert_eq!((made.status, made.to), (StatusCode::SEE_OTHER, format!("{path}#approvals")));
        let shown = browser.get(path, it).await;
        for word in [
            "May we &#60;b&#62;buy it?",
            "0 of 2 needed said yes",
            "2026-11-25 17:00 (America/Los_Angeles)",
            "Waiting for approval",
            "It goes on when its approval is decided",
            "Withdraw it",
        ] {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        let read = browser.get(path, requester).await.text;
        assert!(read.contains("2 of 2 must say yes") && !read.contains("Withdraw it"), "{read}");
        let solved = posted(browser, &format!("{path}/status"), it, "from=waiting-approval&to=solved").await;
        assert_eq!(solved.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(solved.text.contains("withdraw that first"), "{}", solved.text);
    });
}

#[test]
fn an_approval_is_answered_in_a_form_listed_and_a_file() {
    on_each(async |test| {
        let around = Around::new(test).await;
        let Around { browser, it, approver, requester, path, .. } = &around;
        around.ask().await;
        let list = browser.get("/approvals", approver).await;
        assert!(list.text.contains(&format!("{path}/approval/answer")), "{}", list.text);
        assert!(browser.get("/approvals", it).await.text.contains("Nothing waits for your word"));
        assert!(browser.get(path, approver).await.text.contains("You are asked to approve"));
        let answer = format!("{path}/approval/answer");
        let elsewhere = browser.get(&answer, it).await;
        assert_eq!((elsewhere.status, elsewhere.to), (StatusCode::SEE_OTHER, format!("{path}#approvals")));
        let id = hidden(&browser.get(&answer, approver).await.text, "approval");
        let silent = posted(browser, &answer, approver, &format!("approval={id}&answer=no&reason=")).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.text.contains("write why not"), "{}", silent.text);
        let said = format!("approval={id}&answer=no&reason=Zebra+%3Cb%3E");
        let no = posted(browser, &answer, approver, &said).await;
        assert_eq!((no.status, no.to), (StatusCode::SEE_OTHER, format!("{path}#approvals")));
        let again = posted(browser, &answer, approver, &said).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "sent twice, it is there once");
        let turned = posted(browser, &answer, approver, &format!("approval={id}&answer=yes&reason=")).await;
        assert_eq!(turned.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(turned.text.contains("an answer stays as it is"), "{}", turned.text);
        let shown = browser.get(path, requester).await;
        for word in ["did not approve", "Zebra &#60;b&#62;", "refused", "In progress"] {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        let file = browser.get("/approvals?view=all&format=csv", it).await;
        let rows: Vec<&str> = file.text.lines().collect();
        assert_eq!(rows.len(), 3, "{}", file.text);
        let first = rows[1].contains("Approver Test") && rows[1].contains("2026-11-25T17:00:00-08:00");
        let second = rows[2].contains("Technician Test") && rows[2].contains(",refused,");
        assert!(first && second, "{}", file.text);
    });
}

#[test]
fn a_rule_is_written_changed_and_taken_away_in_a_form() {
    on_each(async |test| {
        let (browser, operator) = (Browser::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = browser.sign_in(test, &operator, owner).await;
        let page = "/settings/approvals";
        assert!(browser.get(page, &owner).await.text.contains("Nothing is asked by itself yet"));
        let new = "kind=request&service=devices&question=May+%3Cb%3E+be+bought%3F&needed=&hours=72&version=0";
        let odd = posted(&browser, page, &owner, &new.replace("hours=72", "hours=0")).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.text.contains("hours from 1 to 2160"), "{}", odd.text);
        assert_eq!(posted(&browser, page, &owner, new).await.status, StatusCode::SEE_OTHER);
        let twice = posted(&browser, page, &owner, new).await;
        assert!(twice.text.contains("There is a rule for this already"), "{}", twice.text);
        let shown = browser.get(&format!("{page}?kind=request&service=devices"), &owner).await;
        assert!(shown.text.contains("May &#60;b&#62; be bought?"), "{}", shown.text);
        assert_eq!(hidden(&shown.text, "version"), "1");
        let two = new.replace("needed=", "needed=2").replace("n=0", "n=1");
        assert_eq!(posted(&browser, page, &owner, &two).await.status, StatusCode::SEE_OTHER);
        let late = posted(&browser, page, &owner, &new.replace("n=0", "n=1")).await;
        assert!(late.text.contains("Somebody else has changed this"), "{}", late.text);
        let gone = posted(&browser, &format!("{page}/removal"), &owner, "kind=request&service=devices").await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let again =
            posted(&browser, &format!("{page}/removal"), &owner, "kind=request&service=devices").await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    });
}
