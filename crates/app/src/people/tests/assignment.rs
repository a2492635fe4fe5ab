//! Another role holds at once, gives no more than whoever gives it has, and leaves nothing behind that nobody can work on.

use remit_core::Id;

use crate::act::Caller;
use crate::clients::{self, Client};
use crate::matrix;
use crate::people::{
    Assignment, Departure, Invitation, Member, Membership, Role, State, assign, invite, leave, member, seen,
};
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};

async fn try_assign(
    test: &TestApp,
    by: &Caller,
    id: Id<Membership>,
    (role, everywhere, clients): (Role, bool, &[Id<Client>]),
) -> Result<Member, Refused> {
    let new = Assignment { role, everywhere, clients: clients.to_vec() };
    test.app
        .write(by, move |tx, act| {
            assign(tx, act, id, &new)?;
            member(tx, act, id)
        })
        .await
}

async fn reached(test: &TestApp, member: &Member) -> Vec<String> {
    let caller = Caller::member(test.provider, None, member);
    let list = test.app.read(&caller, |tx, act| clients::list(tx, act, None, 9)).await.unwrap();
    list.into_iter().map(|client| client.name).collect()
}

#[test]
fn another_role_and_reach_replace_those_before() {
    on_each(async |test| {
        let (one, two) = (test.client("One").await, test.client("Two").await);
        let operator = test.operator();
        let id = test.caller(Role::Technician, None).await.membership.unwrap();
        let now = try_assign(test, &operator, id, (Role::OffshoreTechnician, true, &[one])).await.unwrap();
        assert_eq!(
            (now.role, now.everywhere),
            (Role::OffshoreTechnician, false),
            "nobody abroad reaches all"
        );
        assert_eq!(reached(test, &now).await, ["One"]);
        let now = try_assign(test, &operator, id, (Role::Technician, false, &[two, two])).await.unwrap();
        assert_eq!(reached(test, &now).await, ["Two"]);
        let now = try_assign(test, &operator, id, (Role::ServiceManager, true, &[])).await.unwrap();
        assert_eq!(reached(test, &now).await, ["One", "Two"]);
    });
}

#[test]
fn nobody_gives_more_than_they_have_nor_anything_to_themselves() {
    on_each(async |test| {
        let (one, two) = (test.client("One").await, test.client("Two").await);
        let owner = test.caller(Role::Owner, None).await;
        let manager = test.caller(Role::ServiceManager, None).await;
        let (id, operator) = (test.caller(Role::Technician, None).await.membership.unwrap(), test.operator());
        let refused = try_assign(test, &manager, id, (Role::Owner, true, &[])).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        let own = try_assign(test, &owner, owner.membership.unwrap(), (Role::Technician, true, &[])).await;
        assert!(matches!(own, Err(Refused::Conflict(_))), "{own:?}");
        let kind = try_assign(test, &owner, id, (Role::ClientIt, false, &[])).await;
        assert!(matches!(kind, Err(Refused::Invalid(_))), "{kind:?}");

        // A manager who reaches one client gives no more than that one, by invitation or assignment.
        let some = (Role::ServiceManager, false, &[one] as &[_]);
        let few = try_assign(test, &operator, manager.membership.unwrap(), some).await.unwrap();
        let few = Caller::member(test.provider, None, &few);
        let all = try_assign(test, &few, id, (Role::Technician, true, &[])).await;
        assert!(matches!(all, Err(Refused::Invalid(_))), "{all:?}");
        assert_eq!(
            try_assign(test, &few, id, (Role::Technician, false, &[two])).await,
            Err(Refused::Db(remit_db::Error::OutOfReach))
        );
        let party = test.party;
        let invited = test.app.write(&few, move |tx, act| {
            let (name, email) = ("New".to_owned(), "new@test.example".to_owned());
            let (role, clients) = (Role::Technician, Vec::new());
            invite(tx, act, &Invitation { party, role, name, email, everywhere: true, clients })
        });
        let invited = invited.await;
        assert!(matches!(invited, Err(Refused::Invalid(_))), "{invited:?}");
        let kept = test.app.read(&operator, move |tx, act| member(tx, act, id)).await.unwrap();
        assert_eq!((kept.role, kept.everywhere), (Role::Technician, true), "nothing was done");
    });
}

#[test]
fn a_draft_keeps_somebody_who_can_go_on_with_it() {
    on_each(async |test| {
        let (one, two) = (test.client("One").await, test.client("Two").await);
        let technician = test.caller(Role::Technician, None).await;
        let (id, operator) = (technician.membership.unwrap(), test.operator());
        test.app.write(&technician, move |tx, act| matrix::start(tx, act, one, "a draft")).await.unwrap();
        for new in [(Role::Billing, true, &[] as &[_]), (Role::Technician, false, &[two])] {
            let refused = try_assign(test, &operator, id, new).await;
            assert!(
                matches!(&refused, Err(Refused::Conflict(why)) if why.contains("the matrix of One")),
                "{refused:?}"
            );
        }
        try_assign(test, &operator, id, (Role::OffshoreTechnician, false, &[one])).await.unwrap_err();
        test.app.write(&operator, move |tx, act| matrix::edit(tx, act, one, 1, "another")).await.unwrap();
        try_assign(test, &operator, id, (Role::Billing, true, &[])).await.unwrap();
    });
}

#[test]
fn whoever_has_left_is_invited_again_and_begins_with_nothing() {
    on_each(async |test| {
        let one = test.client("One").await;
        let operator = test.operator();
        let id = test.caller(Role::OffshoreTechnician, Some(one)).await.membership.unwrap();
        let gone = Departure { successor: None, seen: seen(&[]) };
        let held = test.app.read(&operator, move |tx, act| crate::people::holds(tx, act, id)).await.unwrap();
        let gone = Departure { seen: seen(&held), ..gone };
        let refused = test.app.write(&operator, move |tx, act| leave(tx, act, id, &gone)).await;
        refused.unwrap();
        let left = try_assign(test, &operator, id, (Role::Technician, true, &[])).await;
        assert!(matches!(left, Err(Refused::Conflict(_))), "{left:?}");
        let again = async |clients: Vec<Id<Client>>| {
            let party = test.party;
            let (name, email) = ("Jun Again".to_owned(), "offshore-technician@test.example".to_owned());
            let role = Role::OffshoreTechnician;
            let invitation = Invitation { party, role, name, email, everywhere: false, clients };
            test.app.write(&operator, move |tx, act| invite(tx, act, &invitation)).await
        };
        assert_eq!(again(Vec::new()).await, Ok(id));
        let now = test.app.read(&operator, move |tx, act| member(tx, act, id)).await.unwrap();
        assert_eq!((now.state, now.name.as_str()), (State::Invited, "Jun Again"));
        assert_eq!(reached(test, &now).await, [] as [&str; 0]);
        let twice = again(vec![one]).await;
        assert!(matches!(twice, Err(Refused::Conflict(_))), "{twice:?}");
    });
}
