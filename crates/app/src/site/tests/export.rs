//! A list as a file is what its pages show, to the same people.

use std::collections::BTreeSet;

use super::*;
use crate::Act;

/// All that the pages of a list lead to, by following them to the end.
async fn linked(browser: &Browser, cookie: &str, (list, thing): (&str, &str)) -> BTreeSet<String> {
    let (mut all, mut next) = (BTreeSet::new(), Some(list.to_owned()));
    while let Some(path) = next {
        let page = browser.get(&path, cookie).await.text;
        let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        all.extend(links.filter_map(|link| link.strip_prefix(thing)).map(str::to_owned));
        let more =
            page.split_once("<p class=\"more\"><a href=\"").and_then(|(_, rest)| rest.split('"').next());
        next = more.map(|more| more.replace("&amp;", "&"));
    }
    all.retain(|id| !id.contains(['/', '?']) && id != "new" && id != "teams");
    all
}

/// The rows of a file.
fn records(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.expect("it is CSV")).collect()
}

#[test]
fn a_file_has_what_the_pages_show_for_every_role_and_is_noted() {
    on_each(async |test| {
        let made = demo::make(&test.app).await.unwrap();
        let operator = Caller::operator(made.provider);
        let of = |role| made.roles.iter().find(|member| member.role == role).expect("each role is there");
        let (client, requester) = (of(Role::ClientIt).client.unwrap(), of(Role::Requester).id);
        for subject in ["=HYPERLINK(\"http://x\")", "Two, \"quoted\"", "Three"] {
            let new = tickets::NewTicket {
                requester: Some(requester),
                ..tickets::tests::incident(client, subject)
            };
            tickets::open(&test.app, &operator, new).await.unwrap();
        }
        let browser = Browser::new(test);
        let lists = [
            ("/people", "/people/", 5, Permission::ReadPeople),
            ("/clients", "/clients/", 5, Permission::ReadClients),
            ("/tickets?view=open", "/tickets/", 0, Permission::ReadTickets),
        ];
        for role in [
            Role::Owner,
            Role::ClientIt,
            Role::OffshoreTechnician,
            Role::ClientLeadership,
            Role::VendorContact,
        ] {
            let cookie = browser.sign_in(test, &operator, of(role).id).await;
            for (list, thing, column, permission) in lists {
                let join = if list.contains('?') { '&' } else { '?' };
                let file = browser.get(&format!("{list}{join}format=csv"), &cookie).await;
                if !role.may(permission) {
                    assert!(
                        list.starts_with("/tickets") || file.status == StatusCode::FORBIDDEN,
                        "{list} as {role:?}"
                    );
                    continue;
                }
                assert_eq!(file.status, StatusCode::OK, "{}", file.text);
                let rows = records(&file.text);
                let ids: BTreeSet<String> = rows.iter().map(|row| row[column].to_owned()).collect();
                assert_eq!(ids.len(), rows.len(), "each is there once");
                assert_eq!(ids, linked(&browser, &cookie, (list, thing)).await, "{list} as {role:?}");
            }
        }
        let owner = browser.sign_in(test, &operator, of(Role::Owner).id).await;
        let file = browser.get("/tickets?view=open&format=csv", &owner).await.text;
        let subjects: Vec<String> = records(&file).iter().map(|row| row[3].to_owned()).collect();
        assert!(subjects.contains(&"'=HYPERLINK(\"http://x\")".to_owned()), "{subjects:?}");
        assert!(records(&file)[0][18].contains('T') && records(&file)[0][18].ends_with(":00"), "an offset");
        let odd = browser.get("/people?format=pdf", &owner).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
        let noted =
            test.app.read(&operator, |tx, act: &Act| crate::audit::list(tx, act, None, 200)).await.unwrap();
        let noted: Vec<_> = noted.iter().filter(|line| line.action == "ticket.export").collect();
        assert_eq!(noted[0].detail, "3 rows as csv");
    });
}
