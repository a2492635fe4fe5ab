//! Who may invite whom, and what they see of each other.

mod assignment;
mod standing;
mod team;

use super::{Invitation, Permission, Role, State, invite, list, list_parties, member};
use crate::refused::Refused;
use crate::testing::on_each;

#[test]
fn a_role_belongs_to_one_kind_of_party_and_is_read_back() {
    for role in Role::ALL {
        assert_eq!(Role::from_key(role.key()), Some(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.key());
    }
}

#[test]
fn only_clients_sign_for_clients_and_only_the_provider_for_the_provider() {
    for role in Role::ALL {
        let both = role.may(Permission::SignForClient) && role.may(Permission::SignForProvider);
        assert!(!both, "{role:?} could sign a matrix alone");
        if role.may(Permission::SignForClient) {
            assert_eq!(role.party(), super::PartyKind::Internal);
        }
    }
}

#[test]
fn nobody_invites_into_a_role_that_may_do_what_they_may_not() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let it = test.caller(Role::ClientIt, Some(client)).await;
        let manager = test.caller(Role::ServiceManager, None).await;
        let (provider, n) = (test.party, std::cell::Cell::new(0));
        let internal = test.app.read(&it, move |tx, _| list_parties(tx, Some(client))).await.unwrap();
        let internal = internal.iter().find(|(_, kind, _)| *kind == super::PartyKind::Internal).unwrap().0;
        for (caller, party, role, allowed) in [
            (&it, internal, Role::ClientIt, Ok(())),
            (&it, internal, Role::Requester, Ok(())),
            (&it, internal, Role::ClientApprover, Ok(())),
            (&it, provider, Role::Technician, Err(Permission::ManageProviderPeople)),
            (&manager, provider, Role::Technician, Ok(())),
            (&manager, provider, Role::Owner, Err(Permission::ManageSettings)),
            (&manager, internal, Role::ClientIt, Ok(())),
        ] {
            n.set(n.get() + 1);
            let (name, email) =
                (format!("Somebody {}", n.get()), format!("Some.Body{}@Example.ORG ", n.get()));
            let invitation = Invitation { party, role, name, email, everywhere: true, clients: vec![client] };
            let done = test.app.write(caller, move |tx, act| {
                let id = invite(tx, act, &invitation)?;
                member(tx, act, id)
            });
            match (done.await, allowed) {
                (Ok(member), Ok(())) => {
                    assert_eq!(member.state, State::Invited);
                    assert_eq!(member.email, format!("some.body{}@example.org", n.get()));
                    assert_eq!(member.client.is_some(), party == internal);
                }
                (Err(Refused::Forbidden(found)), Err(wanted)) => assert_eq!(found, wanted, "{role:?}"),
                (done, _) => panic!("{role:?}: {done:?}"),
            }
        }
    });
}

#[test]
fn what_cannot_be_used_is_told_at_once_and_nothing_is_kept() {
    on_each(async |test| {
        let (operator, party) = (test.operator(), test.party);
        for email in ["", "ana", "ana@", "@b.c", "a@b", "a b@c.d", "a@b..c", "a@b.c>", "a@b@c.d"] {
            let invitation = Invitation {
                party,
                role: Role::ClientIt,
                name: " \t".to_owned(),
                email: email.to_owned(),
                everywhere: false,
                clients: Vec::new(),
            };
            let refused =
                test.app.write(&operator, move |tx, act| invite(tx, act, &invitation)).await.unwrap_err();
            let Refused::Invalid(fields) = refused else { panic!("{refused}") };
            assert_eq!(
                fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>(),
                ["name", "email", "role"],
                "{email}"
            );
        }
        assert_eq!(test.app.read(&operator, |tx, act| list(tx, act, None, 9)).await, Ok(Vec::new()));
    });
}

#[test]
fn one_person_can_belong_to_parties_that_do_not_see_each_other() {
    on_each(async |test| {
        let (one, other) = (test.client("One").await, test.client("Other").await);
        let first = test.caller(Role::ClientIt, Some(one)).await;
        let second = test.caller(Role::ClientIt, Some(other)).await;
        for (caller, own) in [(&first, first.membership), (&second, second.membership)] {
            let seen = test.app.read(caller, |tx, act| list(tx, act, None, 9)).await.unwrap();
            assert_eq!(seen.iter().map(|member| Some(member.id)).collect::<Vec<_>>(), [own]);
        }
        let twice = test.app.read(&first, move |tx, act| member(tx, act, second.membership.unwrap())).await;
        assert_eq!(twice, Err(Refused::NotFound));
    });
}
