//! Sites and contacts: added and changed by whoever may, seen by whoever reaches the client, and by nobody else.

use crate::clients::{
    ContactText, add_contact, add_site, change_contact, change_site, contacts, remove_contact, site, sites,
};
use crate::people::Role;
use crate::refused::Refused;
use crate::testing::on_each;

const ZONE: &str = "America/Los_Angeles";

#[test]
fn a_site_keeps_its_short_name_when_its_name_changes() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let manager = test.caller(Role::ServiceManager, None).await;
        let id = test
            .app
            .write(&manager, move |tx, act| add_site(tx, act, client, "Lakeside 2", ZONE))
            .await
            .unwrap();
        let again =
            test.app.write(&manager, move |tx, act| add_site(tx, act, client, "LAKESIDE - 2", ZONE)).await;
        assert!(matches!(again, Err(Refused::Conflict(_))), "{again:?}");
        let change = move |version| {
            move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                change_site(tx, act, (id, version), "Shore", "Asia/Manila")
            }
        };
        test.app.write(&manager, change(1)).await.unwrap();
        assert_eq!(test.app.write(&manager, change(1)).await, Err(Refused::Stale));
        let seen = test.app.read(&manager, move |tx, act| sites(tx, act, client)).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|s| (s.slug.as_str(), s.name.as_str(), s.zone.as_str())).collect();
        assert_eq!(seen, [("lakeside-2", "Shore", "Asia/Manila")]);
        let odd = test.app.write(&manager, move |tx, act| add_site(tx, act, client, "7", "Mars/Base")).await;
        assert!(matches!(odd, Err(Refused::Invalid(_))), "{odd:?}");
    });
}

#[test]
fn sites_and_contacts_of_another_client_look_as_if_they_were_not_there() {
    on_each(async |test| {
        let (own, other) = (test.client("Own").await, test.client("Other").await);
        let operator = test.operator();
        let place =
            test.app.write(&operator, move |tx, act| add_site(tx, act, other, "Yard", ZONE)).await.unwrap();
        let it = test.caller(Role::ClientIt, Some(own)).await;
        assert_eq!(test.app.read(&it, move |tx, act| site(tx, act, place)).await, Err(Refused::NotFound));
        let somebody = ContactText { name: "Ana Reyes".to_owned(), site: Some(place), ..Default::default() };
        let foreign = somebody.clone();
        let refused = test.app.write(&it, move |tx, act| add_contact(tx, act, own, &foreign)).await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        let there = somebody.clone();
        let refused = test.app.write(&it, move |tx, act| add_contact(tx, act, other, &there)).await;
        assert_eq!(refused, Err(Refused::NotFound));
        let id =
            test.app.write(&operator, move |tx, act| add_contact(tx, act, other, &somebody)).await.unwrap();
        let text = ContactText { name: "Mine".to_owned(), ..Default::default() };
        let refused = test.app.write(&it, move |tx, act| change_contact(tx, act, (id, 1), &text)).await;
        assert_eq!(refused, Err(Refused::NotFound));
        assert_eq!(
            test.app.write(&it, move |tx, act| remove_contact(tx, act, id)).await,
            Err(Refused::NotFound)
        );
    });
}

#[test]
fn internal_it_keeps_the_contacts_of_its_own_company() {
    on_each(async |test| {
        let client = test.client("Own").await;
        let it = test.caller(Role::ClientIt, Some(client)).await;
        let wrong = ContactText { name: String::new(), email: "nowhere".to_owned(), ..Default::default() };
        let refused =
            test.app.write(&it, move |tx, act| add_contact(tx, act, client, &wrong)).await.unwrap_err();
        let Refused::Invalid(fields) = refused else { panic!("{refused}") };
        assert_eq!(fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(), ["name", "email"]);
        let text =
            ContactText { name: "Ana Reyes".to_owned(), phone: "555-0100".to_owned(), ..Default::default() };
        let changed = ContactText { about: "keys".to_owned(), ..text.clone() };
        let id = test.app.write(&it, move |tx, act| add_contact(tx, act, client, &text)).await.unwrap();
        test.app.write(&it, move |tx, act| change_contact(tx, act, (id, 1), &changed)).await.unwrap();
        let seen = test.app.read(&it, move |tx, act| contacts(tx, act, client)).await.unwrap();
        assert_eq!((seen.len(), seen[0].text.about.as_str(), seen[0].version), (1, "keys", 2));
        let leader = test.caller(Role::ClientLeadership, Some(client)).await;
        let refused = test.app.write(&leader, move |tx, act| remove_contact(tx, act, id)).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        test.app.write(&it, move |tx, act| remove_contact(tx, act, id)).await.unwrap();
        assert_eq!(test.app.read(&it, move |tx, act| contacts(tx, act, client)).await.unwrap(), []);
    });
}
