//! Signing in through the issuer of one's party: who gets in, and who does not, whatever the issuer says.

mod issuer;

use axum::http::{Method, StatusCode};
use remit_core::{Id, Millis};
use remit_web::Transport;

use self::issuer::{Server, Visitor};
use super::{Browser, Seen, form};
use crate::act::Caller;
use crate::people::{Invitation, Membership, Party, PartyKind, Role, invite, list_parties};
use crate::sign_in::{Address, Issuers, Networks, TRIP};
use crate::site::Site;
use crate::testing::{TestApp, on_each};

const BACK: &str = "https://remit.example/sign-in/back";
const PASSWORD: &str = "correct horse battery";

/// A client whose internal IT has set an issuer.
struct Company {
    browser: Browser,
    server: Server,
    party: Id<Party>,
    /// Of internal IT.
    cookie: String,
}

async fn invited(test: &TestApp, party: Id<Party>, role: Role, email: &str) -> Id<Membership> {
    let (name, email) = (format!("{} at {email}", role.name()), email.to_owned());
    let invitation = Invitation { party, role, name, email, everywhere: true, clients: Vec::new() };
    let made = test.app.write(&test.operator(), move |tx, act| invite(tx, act, &invitation)).await;
    made.expect("somebody is invited")
}

fn site(test: &TestApp) -> Site {
    let address = Address::parse("https://remit.example").expect("it is an address");
    let issuers = Issuers::new(&address, Networks::Loopback).expect("there is TLS");
    Site::new(test.app.clone(), Transport::Loopback).with_mail().with_issuers(issuers)
}

impl Company {
    async fn new(test: &TestApp, settings: &[(&str, &str)]) -> Option<Self> {
        let server = Server::start(BACK)?;
        let now = Visitor::new().clock(&server).await;
        test.pass(now - test.app.now());
        let client = test.client("Harbor Dental").await;
        let parties = test.app.read(&test.operator(), move |tx, _| list_parties(tx, Some(client))).await;
        let parties = parties.expect("they are listed");
        let party = parties.iter().find(|party| party.1 == PartyKind::Internal).expect("it has one").0;
        let it = invited(test, party, Role::ClientIt, "it@harbor.example").await;
        let browser = Browser::of(site(test));
        let cookie = browser.sign_in(test, &test.operator(), it).await;
        let this = Self { browser, server, party, cookie };
        let seen = this.set(settings).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        Some(this)
    }

    /// Sets the issuer with its usual values, or others.
    async fn set(&self, others: &[(&str, &str)]) -> Seen {
        let mut all = vec![
            ("url", self.server.url.as_str()),
            ("audience", "remit"),
            ("secret", "between us"),
            ("domains", "harbor.example"),
            ("version", "0"),
        ];
        for (name, value) in others {
            all.retain(|(own, _)| own != name);
            all.push((name, value));
        }
        let path = format!("/parties/{}/sign-in", self.party);
        self.browser.send(Method::POST, &path, &self.cookie, &form(&all)).await
    }

    /// Sets out with a work address; says where to and the cookie.
    async fn set_out(&self, work: &str) -> (String, String) {
        let fields = form(&[("work", work), ("next", "/me")]);
        let seen = self.browser.send(Method::POST, "/sign-in/company", "", &fields).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        (leads_to(&seen), seen.cookie.expect("the browser keeps something"))
    }

    /// All the way as an account of the issuer.
    async fn sign_in(&self, account: &str) -> Seen {
        let (to, cookie) = self.set_out("somebody@harbor.example").await;
        let back = Visitor::new().log_in(&to, account, BACK).await;
        self.browser.get(&back, &cookie).await
    }
}

fn leads_to(seen: &Seen) -> String {
    let (_, link) = seen.text.split_once("<a class=\"button first\" href=\"").expect("there is a link");
    link.split('"').next().unwrap_or_default().replace("&#38;", "&")
}

#[test]
fn whoever_is_invited_comes_in_by_a_verified_address_and_from_then_on_by_the_account() {
    on_each(async |test| {
        let Some(company) = Company::new(test, &[]).await else { return };
        invited(test, company.party, Role::ClientLeadership, "ana@harbor.example").await;
        let (to, cookie) = company.set_out("ana@harbor.example").await;
        assert!(to.starts_with(&company.server.url) && to.contains("code_challenge_method=S256"), "{to}");
        let back = Visitor::new().log_in(&to, "ana@harbor.example", BACK).await;
        let seen = company.browser.get(&back, &cookie).await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/me"), "{}", seen.text);
        let session = seen.cookie.expect("a session begins");
        let me = company.browser.get("/me", &session).await;
        assert!(me.text.contains("Leadership at ana@harbor.example"), "{}", me.text);
        assert!(company.browser.get("/me/company", &session).await.text.contains("Harbor Dental"));
        let set = form(&[("password", PASSWORD)]);
        let set = company.browser.send(Method::POST, "/me/password", &session, &set).await;
        assert_eq!(
            set.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "a way in of their own, good in other parties"
        );

        let again = company.browser.get(&back, &cookie).await;
        assert_eq!((again.status, again.cookie), (StatusCode::CONFLICT, None), "nobody comes back twice");
        let other = company.sign_in("ana@harbor.example~recycled").await;
        assert_eq!(other.status, StatusCode::CONFLICT, "the same address, another account: {}", other.text);
        test.home()
            .tamper("UPDATE person SET email = 'ana.new@harbor.example' WHERE email = 'ana@harbor.example'");
        let later = company.sign_in("ana@harbor.example").await;
        assert_eq!(
            later.status,
            StatusCode::SEE_OTHER,
            "the account counts, not the address: {}",
            later.text
        );
        test.home().tamper("UPDATE membership SET state = 'suspended' WHERE email = 'ana@harbor.example'");
        assert_eq!(company.sign_in("ana@harbor.example").await.status, StatusCode::CONFLICT);
    });
}

#[test]
fn nobody_comes_in_by_a_token_that_cannot_be_believed() {
    on_each(async |test| {
        let Some(company) = Company::new(test, &[]).await else { return };
        let faults = [
            "nonce",
            "expired",
            "old",
            "audience",
            "second",
            "issuer",
            "unsigned",
            "symmetric",
            "key",
            "unverified",
        ];
        for fault in faults {
            let email = format!("{fault}@harbor.example");
            invited(test, company.party, Role::Requester, &email).await;
            let seen = company.sign_in(&format!("{email}~{fault}")).await;
            assert_eq!((seen.status, seen.cookie), (StatusCode::CONFLICT, None), "{fault}: {}", seen.text);
            let sound = company.sign_in(&email).await;
            assert_eq!(sound.status, StatusCode::SEE_OTHER, "{fault} was the only fault: {}", sound.text);
        }
        for (email, is_invited) in [("eve@elsewhere.example", true), ("nobody@harbor.example", false)] {
            if is_invited {
                invited(test, company.party, Role::Requester, email).await;
            }
            let seen = company.sign_in(email).await;
            assert_eq!((seen.status, seen.cookie), (StatusCode::CONFLICT, None), "{email}: {}", seen.text);
        }
    });
}

#[test]
fn a_trip_is_of_one_browser_and_ends_in_time() {
    on_each(async |test| {
        let Some(company) = Company::new(test, &[]).await else { return };
        invited(test, company.party, Role::Requester, "ana@harbor.example").await;
        let (to, _) = company.set_out("ana@harbor.example").await;
        let (_, other) = company.set_out("ana@harbor.example").await;
        let back = Visitor::new().log_in(&to, "ana@harbor.example", BACK).await;
        for cookie in [other.as_str(), "", company.cookie.as_str()] {
            assert_eq!(
                company.browser.get(&back, cookie).await.status,
                StatusCode::CONFLICT,
                "of another browser"
            );
        }
        let (to, cookie) = company.set_out("ana@harbor.example").await;
        let back = Visitor::new().log_in(&to, "ana@harbor.example", BACK).await;
        let (_, query) = back.split_once('?').expect("there is a query");
        let forged = format!("/sign-in/back?{}", query.replace("state=", "state=0"));
        assert_eq!(company.browser.get(&forged, &cookie).await.status, StatusCode::CONFLICT, "wrong state");
        let issuer = format!("{back}&iss=https%3A%2F%2Flogin.example.com");
        assert_ne!(company.browser.get(&issuer, &cookie).await.status, StatusCode::SEE_OTHER);
        let (to, cookie) = company.set_out("ana@harbor.example").await;
        let back = Visitor::new().log_in(&to, "ana@harbor.example", BACK).await;
        test.pass(TRIP);
        assert_eq!(company.browser.get(&back, &cookie).await.status, StatusCode::CONFLICT, "too late");
        test.pass(Millis::from_millis(0) - TRIP);
        for bad in
            ["/sign-in/back", "/sign-in/back?state=&code=", "/sign-in/back?error=access_denied&state=x"]
        {
            assert_eq!(company.browser.get(bad, &cookie).await.status, StatusCode::CONFLICT, "{bad}");
        }
    });
}

#[test]
fn an_issuer_opens_no_other_party_and_a_required_one_leaves_no_other_way() {
    on_each(async |test| {
        let Some(company) = Company::new(test, &[]).await else { return };
        let (browser, operator) = (&company.browser, test.operator());
        // An owner of the provider whom internal IT has invited too, and whom their own issuer can say to be.
        let owner = invited(test, test.party, Role::Owner, "sam@northwind.example").await;
        invited(test, company.party, Role::Requester, "sam@northwind.example").await;
        let own = browser.sign_in(test, &operator, owner).await;
        let set = browser.send(Method::POST, "/me/password", &own, &form(&[("password", PASSWORD)])).await;
        let own = set.cookie.expect("a new secret");
        let claimed = company.set(&[("version", "1"), ("domains", "harbor.example northwind.example")]).await;
        assert_eq!(claimed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", claimed.text);
        assert_eq!(company.sign_in("sam@northwind.example").await.status, StatusCode::CONFLICT);

        let early = company.set(&[("version", "1"), ("required", "on")]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has come through it yet");
        let link = browser.send(Method::POST, "/me/company", &company.cookie, "").await;
        assert_eq!(link.status, StatusCode::OK, "{}", link.text);
        let back = Visitor::new().log_in(&leads_to(&link), "it@harbor.example~strong", BACK).await;
        assert_eq!(browser.get(&back, &own).await.status, StatusCode::CONFLICT, "of somebody else");
        let link = browser.send(Method::POST, "/me/company", &company.cookie, "").await;
        let back = Visitor::new().log_in(&leads_to(&link), "it@harbor.example~strong", BACK).await;
        assert_eq!(browser.get(&back, &company.cookie).await.to, "/me/company");
        let seen = company.set(&[("version", "1"), ("required", "on"), ("strong", "mfa")]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);

        let moved = browser
            .send(Method::POST, "/me/password", &company.cookie, &form(&[("password", PASSWORD)]))
            .await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        for (email, status) in [
            ("it@harbor.example", StatusCode::UNPROCESSABLE_ENTITY),
            ("sam@northwind.example", StatusCode::SEE_OTHER),
        ] {
            let typed = form(&[("email", email), ("password", PASSWORD), ("next", "")]);
            let seen = browser.send(Method::POST, "/sign-in", "", &typed).await;
            assert_eq!(seen.status, status, "{email}: {}", seen.text);
        }
        assert_eq!(company.sign_in("it@harbor.example~strong").await.to, "/me");
        let ana = invited(test, company.party, Role::Requester, "ana@harbor.example").await;
        browser.sign_in(test, &operator, ana).await;
        test.home().tamper("UPDATE link SET mailed = TRUE, used_at = NULL");
        let link =
            test.app.write(&operator, move |tx, act| crate::sign_in::make_link(tx, act, ana)).await.unwrap();
        test.home().tamper("UPDATE link SET mailed = TRUE");
        let path = format!("/sign-in/link/{}", link.reveal());
        let refused = browser.send(Method::POST, &path, "", "").await;
        assert_eq!((refused.status, refused.cookie), (StatusCode::CONFLICT, None), "{}", refused.text);
        assert!(refused.text.contains("its own sign-in"), "{}", refused.text);
    });
}

#[test]
fn nothing_is_asked_of_what_is_no_issuer() {
    on_each(async |test| {
        let Some(company) = Company::new(test, &[]).await else { return };
        for url in [
            "http://169.254.169.254/",
            "https://10.0.0.1/",
            "http://login.example.com/",
            "ftp://x.example/",
            "x",
        ] {
            let seen = company.set(&[("url", url), ("version", "1")]).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {}", seen.text);
            assert!(!seen.text.contains("between us"), "a secret is not sent back");
        }
        let late = company.set(&[]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "it was changed since");
        let elsewhere = company.set(&[("version", "1"), ("secret", ""), ("audience", "")]).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        let typed = form(&[("work", "ana@unknown.example"), ("next", "")]);
        let unknown = company.browser.send(Method::POST, "/sign-in/company", "", &typed).await;
        assert_eq!((unknown.status, unknown.cookie), (StatusCode::UNPROCESSABLE_ENTITY, None));
        let stranger = Caller::operator(test.provider);
        assert_eq!(stranger.person, None);
    });
}
