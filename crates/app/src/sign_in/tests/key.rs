//! A key does what its maker may do on that day, or less, and ends with them.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use remit_core::{Id, Millis};

use super::signed_in;
use crate::act::Caller;
use crate::clients::{self, Client};
use crate::people::{Invitation, Permission, Role, invite, suspend};
use crate::refused::Refused;
use crate::sign_in::key_text::reads_back;
use crate::sign_in::{
    NewKey, bearer, by_key, create_key, list_keys, make_link, resume, revoke_key, set_password, use_link,
};
use crate::testing::{TestApp, on_each};

fn new(reads_only: bool, clients: &[Id<Client>], days: u16) -> NewKey {
    NewKey { name: "nightly report".to_owned(), reads_only, clients: clients.to_vec(), days }
}

async fn made(test: &TestApp, caller: &Caller, new: &NewKey) -> String {
    create_key(&test.app, caller, new, "").await.expect("a key is made")
}

async fn resolved(test: &TestApp, key: &str) -> Option<Caller> {
    by_key(&test.app, key).await.expect("the database answers")
}

async fn seen(test: &TestApp, caller: &Caller) -> Vec<String> {
    let all = test.app.read(caller, |tx, act| clients::list(tx, act, None, 50)).await;
    all.expect("they may see clients").into_iter().map(|client| client.name).collect()
}

#[test]
fn a_key_acts_as_its_maker_until_it_ends_or_is_revoked() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::ServiceManager, None).await;
        let key = made(test, &caller, &new(false, &[], 90)).await;
        let found = resolved(test, &key).await.unwrap();
        assert_eq!(
            (found.role, found.scope, found.membership),
            (caller.role, caller.scope, caller.membership)
        );
        assert_eq!(found.name, "Service manager Test, by the key “nightly report”");
        assert!(found.may(Permission::ManageClients) && !found.may(Permission::SignForProvider));
        let refused = create_key(&test.app, &found, &new(false, &[], 90), "").await;
        assert_eq!(refused, Err(Refused::NotFound), "a key makes no keys");
        let refused = set_password(&test.app, &found, "", "correct horse battery").await;
        assert_eq!(refused, Err(Refused::NotFound), "nor does it change how somebody signs in");

        let kept = list_keys(&test.app, &caller).await.unwrap();
        assert_eq!(kept[0].used_on.as_deref(), Some("2026-11-23"));
        let (stranger, _) = signed_in(test, Role::Owner, None).await;
        assert_eq!(revoke_key(&test.app, &stranger, kept[0].id).await, Err(Refused::NotFound));
        revoke_key(&test.app, &caller, kept[0].id).await.unwrap();
        assert_eq!(resolved(test, &key).await, None);

        let short = made(test, &caller, &new(false, &[], 1)).await;
        test.pass(Millis::from_millis(Millis::from_hours(24).millis() - 1));
        assert!(resolved(test, &short).await.is_some());
        test.pass(Millis::from_millis(1));
        assert_eq!(resolved(test, &short).await, None, "its days are over");
    });
}

#[test]
fn a_key_that_only_reads_changes_nothing() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Owner, None).await;
        let reader = resolved(test, &made(test, &caller, &new(true, &[], 90)).await).await.unwrap();
        for permission in Permission::ALL {
            let reads = permission.words().starts_with("see") || permission == Permission::ReadAudit;
            assert_eq!(reader.may(permission), reads, "{permission:?}");
        }
        let refused = test.app.write(&reader, |tx, act| clients::create(tx, act, "New", "UTC")).await;
        assert_eq!(refused, Err(Refused::BeyondKey(Permission::ManageClients)));
    });
}

#[test]
fn a_key_for_some_clients_reaches_no_others_and_nothing_of_the_provider() {
    on_each(async |test| {
        let (one, _two) = (test.client("One").await, test.client("Two").await);
        let (caller, _) = signed_in(test, Role::ServiceManager, None).await;
        let limited = resolved(test, &made(test, &caller, &new(false, &[one], 90)).await).await.unwrap();
        assert_eq!(seen(test, &limited).await, ["One"]);
        assert!(!limited.may(Permission::ManageProviderPeople));
        let refused = test.app.write(&limited, |tx, act| clients::create(tx, act, "New", "UTC")).await;
        assert!(refused.is_err(), "a new client is none of those");
        let other = test.client("Three").await;
        let (it, _) = signed_in(test, Role::ClientIt, Some(one)).await;
        let refused = create_key(&test.app, &it, &new(false, &[other], 90), "").await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        let own = resolved(test, &made(test, &it, &new(false, &[one], 90)).await).await.unwrap();
        assert_eq!(own.scope, it.scope);
    });
}

#[test]
fn a_key_follows_its_maker_when_they_lose_role_reach_or_membership() {
    on_each(async |test| {
        let (one, two) = (test.client("One").await, test.client("Two").await);
        let (party, operator) = (test.party, test.operator());
        let invitation = Invitation {
            party,
            role: Role::Technician,
            name: "Ravi".to_owned(),
            email: "ravi@test.example".to_owned(),
            everywhere: false,
            clients: vec![one, two],
        };
        let id = test.app.write(&operator, move |tx, act| invite(tx, act, &invitation)).await.unwrap();
        let link = test.app.write(&operator, move |tx, act| make_link(tx, act, id)).await.unwrap();
        let session = super::session(use_link(&test.app, &link, "").await.unwrap());
        let (caller, _) = resume(&test.app, &session).await.unwrap().unwrap();
        let (all, listed) = (
            made(test, &caller, &new(false, &[], 90)).await,
            made(test, &caller, &new(false, &[one, two], 90)).await,
        );
        for key in [&all, &listed] {
            let found = resolved(test, key).await.unwrap();
            assert_eq!(seen(test, &found).await, ["One", "Two"]);
            assert!(found.may(Permission::EditMatrix));
        }
        let hex = two.uuid().simple().to_string();
        test.home().tamper(&match test.app.db.engine() {
            remit_db::Engine::Sqlite => {
                format!(
                    "DELETE FROM reach WHERE client_id = x'{hex}' AND membership_id = x'{}'",
                    id.uuid().simple()
                )
            }
            remit_db::Engine::Postgres => {
                format!("DELETE FROM reach WHERE client_id = '{hex}' AND membership_id = '{}'", id.uuid())
            }
        });
        test.home().tamper("UPDATE membership SET role = 'billing' WHERE role = 'technician'");
        for key in [&all, &listed] {
            let found = resolved(test, key).await.unwrap();
            assert_eq!((seen(test, &found).await, found.role), (vec!["One".to_owned()], Role::Billing));
            assert!(!found.may(Permission::EditMatrix));
        }
        test.app.write(&operator, move |tx, act| suspend(tx, act, id)).await.unwrap();
        for key in [&all, &listed] {
            assert_eq!(resolved(test, key).await, None);
        }
        test.home().tamper("UPDATE membership SET state = 'active'");
        assert_eq!(resolved(test, &all).await, None, "it ended with the suspension");
    });
}

#[test]
fn what_cannot_be_used_is_told_and_no_key_is_made() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        for days in [0, 367] {
            let odd = NewKey { name: " ".to_owned(), ..new(false, &[], days) };
            let refused = create_key(&test.app, &caller, &odd, "").await;
            let Err(Refused::Invalid(fields)) = refused else { panic!("{refused:?}") };
            assert_eq!(fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(), ["name", "days"]);
        }
        set_password(&test.app, &caller, "", "correct horse battery").await.unwrap();
        let refused = create_key(&test.app, &caller, &new(false, &[], 1), "").await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "an open browser is not enough");
        assert_eq!(list_keys(&test.app, &caller).await, Ok(Vec::new()));
    });
}

#[test]
fn a_key_is_recognised_and_nothing_like_it_is_one() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let key = made(test, &caller, &new(false, &[], 90)).await;
        assert!(reads_back(&key), "{key}");
        assert_eq!(key.len(), 6 + 26 + 1 + 52 + 7);
        let (id, secret) = key["remit_".len()..].split_once('_').unwrap();
        assert!((id.len(), secret.len()) == (26, 59) && key.is_ascii());
        for place in ["remit_".len(), 20, 40, 60, key.len() - 1] {
            let mut odd = key.clone().into_bytes();
            odd[place] = if odd[place] == b'a' { b'b' } else { b'a' };
            let odd = String::from_utf8(odd).unwrap();
            assert!(!reads_back(&odd), "{odd}");
            assert_eq!(resolved(test, &odd).await, None);
        }
        let headers = |values: &[&str]| {
            let pair =
                |value: &&str| (AUTHORIZATION, HeaderValue::from_str(value).expect("it fits a header"));
            values.iter().map(pair).fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append(name, value);
                all
            })
        };
        assert_eq!(bearer(&headers(&["bearer  x"])), Some("x"));
        for odd in [&[][..], &["Basic x"], &["x"], &["Bearer x", "Bearer y"]] {
            assert_eq!(bearer(&headers(odd)), None, "{odd:?}");
        }
        for odd in ["", "remit_", &key[1..], &key.to_uppercase(), &format!("{key}a"), &"é".repeat(46)] {
            assert_eq!(resolved(test, odd).await, None, "{odd}");
        }
    });
}
