//! The draft in the pages: checked while it is typed, mended by a click, taken back, read from files, and alive.

use axum::http::{Method, StatusCode};
use http_body_util::BodyExt;
use remit_core::Id;

use super::{Browser, form, hidden};
use crate::act::Caller;
use crate::clients::Client;
use crate::demo::{self, Demo};
use crate::people::Role;
use crate::testing::{TestApp, on_each};
use crate::{clients, matrix};

struct World {
    browser: Browser,
    made: Demo,
    operator: Caller,
    ardent: Id<Client>,
    harbor: Id<Client>,
}

impl World {
    async fn new(test: &TestApp) -> Self {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let find = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let all = clients::list(tx, act, None, 50)?;
            let named = |name: &str| all.iter().find(|client| client.name == name).expect("it is there").id;
            Ok((named("Ardent Manufacturing"), named("Harbor Dental")))
        };
        let (ardent, harbor) = test.app.read(&operator, find).await.unwrap();
        Self { browser: Browser::new(test), made, operator, ardent, harbor }
    }

    async fn cookie(&self, test: &TestApp, role: Role) -> String {
        let member = self.made.roles.iter().find(|member| member.role == role).expect("each role is there");
        self.browser.sign_in(test, &self.operator, member.id).await
    }

    async fn text(&self, test: &TestApp) -> String {
        let id = self.ardent;
        let draft = test.app.read(&self.operator, move |tx, act| matrix::draft(tx, act, id)).await.unwrap();
        draft.expect("there is a draft").text
    }
}

#[test]
fn a_hole_is_mended_by_a_click_and_the_click_taken_back() {
    on_each(async |test| {
        let world = World::new(test).await;
        let it = world.cookie(test, Role::ClientIt).await;
        let draft = format!("/clients/{}/matrix/draft", world.ardent);
        let before = world.text(test).await;
        let page = world.browser.get(&draft, &it).await.text;
        let version = hidden(&page, "version").to_owned();
        let (_, fix) = page.split_once("name=\"fix\" value=\"").expect("the hole can be mended");
        let fix = fix.split('"').next().unwrap_or_default().to_owned();

        let fields = form(&[("text", &before), ("version", &version), ("fix", &fix)]);
        let seen = world.browser.send(Method::POST, &format!("{draft}/fix"), &it, &fields).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        let after = world.text(test).await;
        assert!(after.starts_with(before.trim_end()) && after.contains(&fix), "{after}");
        let again = world.browser.send(Method::POST, &format!("{draft}/fix"), &it, &fields).await;
        assert_eq!(again.status, StatusCode::PRECONDITION_FAILED);

        let page = world.browser.get(&draft, &it).await.text;
        let undo = form(&[("version", hidden(&page, "version"))]);
        let seen = world.browser.send(Method::POST, &format!("{draft}/undo"), &it, &undo).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        assert_eq!(world.text(test).await, before);
        let late = world.browser.send(Method::POST, &format!("{draft}/undo"), &it, &undo).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    });
}

#[test]
fn what_is_typed_is_checked_and_not_kept() {
    on_each(async |test| {
        let world = World::new(test).await;
        let it = world.cookie(test, Role::ClientIt).await;
        let check = format!("/clients/{}/matrix/draft/check", world.ardent);
        let before = world.text(test).await;
        for (text, said) in [("client = 5", "line 1, column 10"), (before.as_str(), "nobody owns")] {
            let seen = world
                .browser
                .send(Method::POST, &check, &it, &form(&[("text", text), ("version", "1")]))
                .await;
            assert_eq!(seen.status, StatusCode::OK);
            assert!(seen.text.contains(said) && !seen.text.contains("<html"), "{}", seen.text);
        }
        // Longer than an ordinary form may be.
        let long = form(&[("text", &"# long\n".repeat(40_000)), ("version", "1")]);
        let seen = world.browser.send(Method::POST, &check, &it, &long).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert_eq!(world.text(test).await, before);
        let elsewhere = check.replace(&world.ardent.to_string(), &world.harbor.to_string());
        let seen = world.browser.send(Method::POST, &elsewhere, &it, &form(&[("text", "x")])).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND);
    });
}

/// A file as browsers upload it.
fn upload(name: &str, content: &str) -> String {
    format!(
        "--line\r\ncontent-disposition: form-data; name=\"provider\"\r\n\r\nMSP\r\n\
         --line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--line--\r\n"
    )
}

#[test]
fn a_file_is_read_into_the_page_and_its_mistakes_have_a_place() {
    on_each(async |test| {
        let world = World::new(test).await;
        let it = world.cookie(test, Role::ClientIt).await;
        let kind = (it.as_str(), "multipart/form-data; boundary=line");
        let path = format!("/clients/{}/matrix/draft/import", world.ardent);
        let before = world.text(test).await;
        let send = async |body: String| world.browser.send_as(Method::POST, &path, kind, &body).await;

        let seen = send(upload("raci.csv", "Duty,MSP,Internal IT\nBackups,A/R,I\n")).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(seen.text.contains("raci.csv was read") && seen.text.contains("Backups"), "{}", seen.text);
        for (name, content, said) in [
            ("a.toml", "client = 5", "a.toml:1:10"),
            ("a.csv", "[Matrix]\nid,owner\nx,y\n", "a.csv"),
            ("a.xlsx", "PK\u{3}\u{4}broken", "a.xlsx"),
            ("a.json", "{", "a.json:1"),
            ("", "", "Choose a file"),
        ] {
            let seen = send(upload(name, content)).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(seen.text.contains(said), "{name}: {}", seen.text);
        }
        assert_eq!(send("--line\r\nbroken".to_owned()).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(world.text(test).await, before, "nothing was kept");
        let approver = world.cookie(test, Role::ClientApprover).await;
        let seen =
            world.browser.send_as(Method::POST, &path, (&approver, kind.1), &upload("a.toml", "")).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_download_reads_back_as_what_it_was() {
    on_each(async |test| {
        let world = World::new(test).await;
        let it = world.cookie(test, Role::ClientIt).await;
        let draft = format!("/clients/{}/matrix/draft/export", world.ardent);
        assert_eq!(world.browser.get(&format!("{draft}/toml"), &it).await.text, world.text(test).await);
        let csv = world.browser.get(&format!("{draft}/csv"), &it).await.text;
        let read = remit_matrix::sheets::from_csv(csv.as_bytes()).unwrap().0;
        assert_eq!(read.client, "Ardent Manufacturing");
        assert_eq!(world.browser.get(&format!("{draft}/exe"), &it).await.status, StatusCode::NOT_FOUND);
        let other = draft.replace(&world.ardent.to_string(), &world.harbor.to_string());
        assert_eq!(world.browser.get(&format!("{other}/toml"), &it).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_page_hears_of_its_own_client_alone() {
    on_each(async |test| {
        let world = World::new(test).await;
        let it = world.cookie(test, Role::ClientIt).await;
        let live = |client| format!("/clients/{client}/matrix/live");
        let none = world.browser.get(&live(world.harbor), &it).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        let stream = world.browser.respond(Method::GET, &live(world.ardent), (&it, "text/plain"), "").await;
        assert_eq!(stream.status(), StatusCode::OK);
        let mut stream = stream.into_body();
        stream.frame().await.expect("it greets").unwrap();
        let (ardent, harbor) = (world.ardent, world.harbor);
        for client in [harbor, ardent] {
            let change = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                let draft = matrix::draft(tx, act, client)?;
                match draft {
                    Some(draft) => matrix::edit(tx, act, client, draft.version, "new").map(drop),
                    None => matrix::start(tx, act, client, "new"),
                }
            };
            test.app.write(&world.operator, change).await.unwrap();
        }
        let frame = stream.frame().await.expect("it tells").unwrap().into_data().unwrap();
        let told = String::from_utf8(frame.to_vec()).unwrap();
        assert!(told.contains(&format!("matrix {ardent}")), "{told}");
    });
}

#[test]
fn any_day_is_answered_by_the_version_that_held_then() {
    on_each(async |test| {
        let world = World::new(test).await;
        let manager = world.cookie(test, Role::ServiceManager).await;
        let find = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| clients::list(tx, act, None, 50);
        let all = test.app.read(&world.operator, find).await.unwrap();
        let moving = all.iter().find(|client| client.name == "Palisade Hotels").expect("it is there").id;
        for (path, said) in [
            ("who?service=helpdesk&at=2027-01-06T12:00", ">version 1</a>, in force then"),
            ("who?service=helpdesk&at=2027-01-07T12:00", ">version 2</a>, in force then"),
            ("who?service=helpdesk&at=2020-01-01T12:00", "No matrix was in force then"),
            ("history", "takes over 2027-01-07 00:00"),
            ("history?on=2027-01-06", ">version 1</a> was in force"),
            ("week?from=2027-01-08&service=helpdesk", "version 2 takes over 2027-01-07 00:00"),
            ("difference?from=1&to=2", "Palisade Hotels IT: Internal IT"),
        ] {
            let seen = world.browser.get(&format!("/clients/{moving}/matrix/{path}"), &manager).await;
            assert!(seen.status == StatusCode::OK && seen.text.contains(said), "{path}: {}", seen.text);
        }
        let none =
            world.browser.get(&format!("/clients/{moving}/matrix/difference?from=1&to=9"), &manager).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    });
}
