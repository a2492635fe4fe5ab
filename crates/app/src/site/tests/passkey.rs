//! Passkeys of a device in software, through the pages: added, used as both proofs, as the first and as the second, and refused.

use axum::http::{Method, StatusCode};
use ciborium::Value;
use data_encoding::BASE64URL_NOPAD;
use remit_core::{Id, Millis};
use remit_web::Transport;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

use super::{Browser, Seen, form, hidden};
use crate::people::{Membership, Role};
use crate::sign_in::totp::Shared;
use crate::sign_in::{Address, CEREMONY, Passkeys};
use crate::site::Site;
use crate::testing::{TestApp, on_each};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 5;
const PASSWORD: &str = "correct horse battery";

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A device with one passkey.
struct Device {
    pair: Pair,
    credential: Vec<u8>,
    /// Whose it is, once it is made.
    user: String,
    uses: u32,
    flags: u8,
    origin: &'static str,
    host: &'static str,
}

impl Device {
    fn new(pair: Pair) -> Self {
        let public = match &pair {
            Pair::Ecdsa(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        };
        let credential = digest(&SHA256, &public).as_ref().to_vec();
        let (origin, host) = ("https://remit.example", "remit.example");
        Self { pair, credential, user: String::new(), uses: 0, flags: VERIFIED, origin, host }
    }

    fn ecdsa() -> Self {
        let (how, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a key is made");
        Self::new(Pair::Ecdsa(EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).expect("it is a key")))
    }

    fn ed25519() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key is made");
        Self::new(Pair::Ed25519(Ed25519KeyPair::from_pkcs8(made.as_ref()).expect("it is a key")))
    }

    fn cose(&self) -> Vec<u8> {
        let (number, bytes) = (Value::from, |bytes: &[u8]| Value::Bytes(bytes.to_vec()));
        let map = match &self.pair {
            Pair::Ecdsa(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                vec![(1, number(2)), (3, number(-7)), (-1, number(1)), (-2, bytes(x)), (-3, bytes(y))]
            }
            Pair::Ed25519(pair) => {
                vec![
                    (1, number(1)),
                    (3, number(-8)),
                    (-1, number(6)),
                    (-2, bytes(pair.public_key().as_ref())),
                ]
            }
        };
        written(&Value::Map(map.into_iter().map(|(label, value)| (Value::from(label), value)).collect()))
    }

    fn said(&self, more: u8) -> Vec<u8> {
        let mut said = digest(&SHA256, self.host.as_bytes()).as_ref().to_vec();
        said.push(self.flags | more);
        said.extend(self.uses.to_be_bytes());
        said
    }

    fn client(&self, kind: &str, page: &str) -> Vec<u8> {
        let challenge = data(page, "challenge");
        format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{}\",\"crossOrigin\":false}}",
            self.origin
        )
        .into_bytes()
    }

    /// What a browser sends for the page that asks for a new passkey.
    fn make(&mut self, page: &str) -> String {
        self.user = data(page, "user").to_owned();
        let mut device = self.said(1 << 6);
        device.extend([0; 16]);
        device.extend((self.credential.len() as u16).to_be_bytes());
        device.extend(&self.credential);
        device.extend(self.cose());
        let text = |text: &str| Value::Text(text.to_owned());
        let object = written(&Value::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Value::Map(Vec::new())),
            (text("authData"), Value::Bytes(device)),
        ]));
        let client = self.client("webauthn.create", page);
        form(&[("client", &sent(&client)), ("attestation", &sent(&object))])
    }

    /// What a browser sends for the page that asks for a passkey.
    fn answer(&mut self, page: &str) -> String {
        self.uses += 1;
        let (client, device) = (self.client("webauthn.get", page), self.said(0));
        let mut signed = device.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        let signature = match &self.pair {
            Pair::Ecdsa(pair) => {
                pair.sign(&SystemRandom::new(), &signed).expect("it signs").as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(&signed).as_ref().to_vec(),
        };
        form(&[
            ("credential", &sent(&self.credential)),
            ("user", &self.user),
            ("client", &sent(&client)),
            ("device", &sent(&device)),
            ("signature", &sent(&signature)),
            ("next", hidden(page, "next")),
        ])
    }
}

fn written(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("writing into memory does not fail");
    bytes
}

fn sent(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// What a page tells the script.
fn data<'t>(page: &'t str, name: &str) -> &'t str {
    let (_, after) = page.split_once(&format!("data-{name}=\"")).expect("the page has it");
    after.split('"').next().unwrap_or_default()
}

/// What is wrong with a device.
type Change = fn(&mut Device);

struct Desk {
    browser: Browser,
    cookie: String,
}

impl Desk {
    async fn new(test: &TestApp, role: Role) -> Self {
        let address = Address::parse("https://remit.example").expect("it is an address");
        let site = Site::new(test.app.clone(), Transport::Loopback).with_mail();
        let browser = Browser::of(site.with_passkeys(Passkeys::new(&address)));
        let member: Id<Membership> = test.caller(role, None).await.membership.expect("they are a member");
        let cookie = browser.sign_in(test, &test.operator(), member).await;
        Self { browser, cookie }
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> Seen {
        self.browser.send(Method::POST, path, cookie, form).await
    }

    /// The page that asks for a new passkey; the cookie may be a new one.
    async fn begin(&mut self, proof: &str) -> String {
        let fields = form(&[("name", "blue key"), ("proof", proof)]);
        let seen = self.post("/me/passkeys/begin", &self.cookie, &fields).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        self.cookie = seen.cookie.expect("a new secret after a proof");
        seen.text
    }

    async fn add(&mut self, device: &mut Device, proof: &str) {
        let page = self.begin(proof).await;
        let seen = self.post("/me/passkeys", &self.cookie, &device.make(&page)).await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/me/passkeys"), "{}", seen.text);
    }

    /// Uses a device; with the cookie of a half session, as the second proof.
    async fn enter(&self, device: &mut Device, cookie: &str) -> Seen {
        let page = self.post("/sign-in/passkey/begin", cookie, &form(&[("next", "/people")])).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        self.post("/sign-in/passkey", cookie, &device.answer(&page.text)).await
    }
}

#[test]
fn a_passkey_is_both_proofs_where_its_device_has_asked_for_one() {
    on_each(async |test| {
        let mut desk = Desk::new(test, Role::Technician).await;
        for mut device in [Device::ecdsa(), Device::ed25519()] {
            desk.add(&mut device, "").await;
            let seen = desk.enter(&mut device, "").await;
            assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/people"), "{}", seen.text);
            let session = seen.cookie.expect("a session begins");
            assert_eq!(desk.browser.get("/people", &session).await.status, StatusCode::OK);
        }
        assert!(desk.browser.get("/me/passkeys", &desk.cookie).await.text.contains("blue key"));
    });
}

#[test]
fn without_a_pin_it_is_the_first_proof_and_beside_a_password_the_second() {
    on_each(async |test| {
        let mut desk = Desk::new(test, Role::Technician).await;
        let set = desk.post("/me/password", &desk.cookie, &form(&[("password", PASSWORD)])).await;
        desk.cookie = set.cookie.expect("a new secret");
        let begun = desk
            .post("/me/second-factor", &desk.cookie, &form(&[("step", "begin"), ("proof", PASSWORD)]))
            .await;
        desk.cookie = begun.cookie.expect("a new secret");
        let page = desk.browser.get("/me/second-factor", &desk.cookie).await.text;
        let (_, secret) = page.split_once("<dd class=\"mono\">").expect("the secret is shown");
        let shared = Shared::read(secret.split('<').next().unwrap_or_default());
        let code = shared.code(test.app.now());
        let done = desk
            .post("/me/second-factor", &desk.cookie, &form(&[("step", "confirm"), ("code", &code)]))
            .await;
        desk.cookie = done.cookie.expect("a new secret");

        let mut device = Device::ecdsa();
        desk.add(&mut device, PASSWORD).await;
        device.flags = PRESENT;
        let first = desk.enter(&mut device, "").await;
        assert!(first.to.starts_with("/sign-in/code"), "{} {}", first.status, first.to);
        let typed =
            form(&[("email", "technician@test.example"), ("password", PASSWORD), ("next", "/people")]);
        let half = desk.post("/sign-in", "", &typed).await.cookie.expect("a half session");
        let mut stranger = Desk::new(test, Role::Billing).await;
        let mut other = Device::ecdsa();
        stranger.add(&mut other, "").await;
        let theirs = desk.enter(&mut other, &half).await;
        assert_eq!(
            (theirs.status, theirs.cookie),
            (StatusCode::UNPROCESSABLE_ENTITY, None),
            "of somebody else"
        );
        let page = desk.post("/sign-in/passkey/begin", &half, &form(&[("next", "/people")])).await.text;
        assert_eq!(data(&page, "credentials"), sent(&device.credential));
        let whole = desk.enter(&mut device, &half).await;
        assert_eq!((whole.status, whole.to.as_str()), (StatusCode::SEE_OTHER, "/people"), "{}", whole.text);
    });
}

#[test]
fn what_is_not_for_this_question_this_site_and_this_key_signs_nobody_in() {
    on_each(async |test| {
        let mut desk = Desk::new(test, Role::Technician).await;
        let mut device = Device::ecdsa();
        desk.add(&mut device, "").await;
        let page = desk.post("/sign-in/passkey/begin", "", "next=%2F").await.text;
        let good = device.answer(&page);
        assert_eq!(desk.post("/sign-in/passkey", "", &good).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            desk.post("/sign-in/passkey", "", &good).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "twice"
        );
        let page = desk.post("/sign-in/passkey/begin", "", "next=%2F").await.text;
        test.pass(CEREMONY);
        let late = desk.post("/sign-in/passkey", "", &device.answer(&page)).await;
        assert_eq!((late.status, late.cookie), (StatusCode::UNPROCESSABLE_ENTITY, None), "too late");

        let changes: [(&str, Change); 5] = [
            ("another origin", |device| device.origin = "https://remit.example.evil.example"),
            ("another host", |device| device.host = "evil.example"),
            ("nobody has touched it", |device| device.flags = 0),
            ("another key", |device| {
                let own = std::mem::take(&mut device.credential);
                let user = device.user.clone();
                *device = Device::ecdsa();
                (device.credential, device.user) = (own, user);
            }),
            ("another person", |device| device.user = sent(&[7; 32])),
        ];
        for (what, change) in changes {
            let mut odd = Device::ecdsa();
            desk.add(&mut odd, "").await;
            change(&mut odd);
            let seen = desk.enter(&mut odd, "").await;
            assert_eq!((seen.status, seen.cookie), (StatusCode::UNPROCESSABLE_ENTITY, None), "{what}");
        }
        for odd in ["", "credential=AA&user=AA&client=AA&device=AA&signature=AA&next=", "client=%FF&next="] {
            let seen = desk.post("/sign-in/passkey", "", odd).await;
            assert_eq!((seen.status, seen.cookie), (StatusCode::UNPROCESSABLE_ENTITY, None), "{odd}");
        }
    });
}

#[test]
fn a_copied_device_is_noted_and_a_removed_passkey_is_over() {
    on_each(async |test| {
        let mut desk = Desk::new(test, Role::Owner).await;
        let mut device = Device::ecdsa();
        desk.add(&mut device, "").await;
        desk.enter(&mut device, "").await;
        desk.enter(&mut device, "").await;
        device.uses = 0;
        assert_eq!(desk.enter(&mut device, "").await.status, StatusCode::SEE_OTHER);
        let log = desk.browser.get("/audit", &desk.cookie).await.text;
        assert!(log.contains("passkey.add") && log.contains("passkey.regress"), "{log}");

        let page = desk.browser.get("/me/passkeys", &desk.cookie).await.text;
        let (_, id) = page.split_once("name=\"passkey\" value=\"").expect("it is listed");
        let id = id.split('"').next().unwrap_or_default().to_owned();
        let stranger = Desk::new(test, Role::Billing).await;
        let fields = form(&[("passkey", &id), ("proof", "")]);
        let stolen = stranger.post("/me/passkeys/remove", &stranger.cookie, &fields).await;
        assert_eq!(stolen.status, StatusCode::NOT_FOUND, "not yours looks like not there");
        let removed = desk.post("/me/passkeys/remove", &desk.cookie, &fields).await;
        assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
        let seen = desk.enter(&mut device, "").await;
        assert_eq!((seen.status, seen.cookie), (StatusCode::UNPROCESSABLE_ENTITY, None));
    });
}

#[test]
fn a_new_passkey_is_of_whoever_asked_for_it_in_time_and_proved_who_they_are() {
    on_each(async |test| {
        let mut desk = Desk::new(test, Role::Technician).await;
        let mut other = Desk::new(test, Role::Billing).await;
        let mut device = Device::ecdsa();
        let theirs = other.begin("").await;
        let stolen = desk.post("/me/passkeys", &desk.cookie, &device.make(&theirs)).await;
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY, "asked by somebody else");
        let page = desk.begin("").await;
        test.pass(CEREMONY);
        let late = desk.post("/me/passkeys", &desk.cookie, &device.make(&page)).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "too late");
        test.pass(Millis::from_millis(1));
        let set = desk.post("/me/password", &desk.cookie, &form(&[("password", PASSWORD)])).await;
        desk.cookie = set.cookie.expect("a new secret");
        let fields = form(&[("name", "blue key"), ("proof", "a guess")]);
        let guess = desk.post("/me/passkeys/begin", &desk.cookie, &fields).await;
        assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!guess.text.contains("a guess"));
    });
}
