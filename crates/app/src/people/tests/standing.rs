//! Suspension ends what can be used at once, departure leaves nothing behind, and nobody shuts everybody out.

use remit_core::Id;

use crate::act::Caller;
use crate::audit;
use crate::clients::{self, Client};
use crate::matrix;
use crate::people::{
    Departure, Fate, Held, Invitation, Membership, Role, State, holds, invite, leave, member, reinstate,
    seen, suspend,
};
use crate::refused::Refused;
use crate::sign_in::{Begun, Secret, make_link, resume, use_link};
use crate::testing::{TestApp, on_each};

async fn signed_in(test: &TestApp, role: Role, client: Option<Id<Client>>) -> (Caller, Secret) {
    let invited = test.caller(role, client).await;
    let membership = invited.membership.expect("it is a membership");
    let secret = enter(test, membership).await;
    let resumed = resume(&test.app, &secret).await.expect("the database answers");
    (resumed.expect("it is a session").0, secret)
}

async fn enter(test: &TestApp, membership: Id<Membership>) -> Secret {
    let link = test.app.write(&test.operator(), move |tx, act| make_link(tx, act, membership)).await;
    let begun = use_link(&test.app, &link.expect("a link is made"), "").await.expect("the link is good");
    let Begun::Session(secret) = begun else { panic!("a code was asked for") };
    secret
}

async fn is_good(test: &TestApp, session: &Secret) -> bool {
    resume(&test.app, session).await.expect("the database answers").is_some()
}

async fn held(test: &TestApp, by: &Caller, id: Id<Membership>) -> Vec<Held> {
    test.app.read(by, move |tx, act| holds(tx, act, id)).await.expect("the caller may look")
}

async fn see_out(
    test: &TestApp,
    by: &Caller,
    id: Id<Membership>,
    successor: Option<Id<Membership>>,
) -> Result<(), Refused> {
    let seen = seen(&held(test, by, id).await);
    test.app.write(by, move |tx, act| leave(tx, act, id, &Departure { successor, seen })).await
}

async fn state(test: &TestApp, id: Id<Membership>) -> State {
    test.app.read(&test.operator(), move |tx, act| member(tx, act, id)).await.expect("it is there").state
}

#[test]
fn a_suspension_ends_sessions_and_links_at_once_and_is_taken_back() {
    on_each(async |test| {
        let (manager, _) = signed_in(test, Role::ServiceManager, None).await;
        let (caller, session) = signed_in(test, Role::Technician, None).await;
        let id = caller.membership.unwrap();
        let link = test.app.write(&test.operator(), move |tx, act| make_link(tx, act, id)).await.unwrap();
        test.app.write(&manager, move |tx, act| suspend(tx, act, id)).await.unwrap();
        assert!(!is_good(test, &session).await);
        let twice = test.app.write(&manager, move |tx, act| suspend(tx, act, id)).await;
        assert!(matches!(twice, Err(Refused::Conflict(_))), "{twice:?}");
        test.app.write(&manager, move |tx, act| reinstate(tx, act, id)).await.unwrap();
        assert_eq!(state(test, id).await, State::Active);
        assert!(!is_good(test, &session).await, "what ended stays ended");
        assert_eq!(use_link(&test.app, &link, "").await, Err(Refused::NotFound));
        enter(test, id).await;
        let lines = test.app.read(&test.operator(), |tx, act| audit::list(tx, act, None, 50)).await.unwrap();
        let suspended = lines.iter().find(|line| line.action == "person.suspend").unwrap();
        assert!(suspended.detail.ends_with("1 session, 1 link to sign in ended"), "{}", suspended.detail);
        assert!(lines.iter().any(|line| line.action == "person.reinstate"));
    });
}

#[test]
fn nobody_ends_themselves_the_last_owner_or_a_role_that_may_do_more() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let (owner, _) = signed_in(test, Role::Owner, None).await;
        let (manager, _) = signed_in(test, Role::ServiceManager, None).await;
        let (technician, _) = signed_in(test, Role::Technician, None).await;
        let (it, _) = signed_in(test, Role::ClientIt, Some(client)).await;
        let (approver, _) = signed_in(test, Role::ClientApprover, Some(client)).await;
        let try_it = async |by: &Caller, whom: &Caller| {
            let id = whom.membership.unwrap();
            test.app.write(by, move |tx, act| suspend(tx, act, id)).await
        };
        for (by, whom) in [(&technician, &manager), (&manager, &owner), (&it, &technician), (&approver, &it)]
        {
            assert!(
                matches!(try_it(by, whom).await, Err(Refused::Forbidden(_))),
                "{} {}",
                by.name,
                whom.name
            );
        }
        for by in [&owner, &test.operator()] {
            let refused = try_it(by, &owner).await;
            assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        }
        let own = try_it(&manager, &manager).await;
        assert!(matches!(&own, Err(Refused::Conflict(why)) if why.contains("this is you")), "{own:?}");
        try_it(&it, &approver).await.unwrap();
        try_it(&manager, &it).await.unwrap();
        try_it(&owner, &manager).await.unwrap();
    });
}

#[test]
fn somebody_of_another_client_is_as_if_they_were_not_there() {
    on_each(async |test| {
        let (one, other) = (test.client("One").await, test.client("Other").await);
        let (it, _) = signed_in(test, Role::ClientIt, Some(one)).await;
        let (theirs, _) = signed_in(test, Role::ClientApprover, Some(other)).await;
        let id = theirs.membership.unwrap();
        let refused = test.app.write(&it, move |tx, act| suspend(tx, act, id)).await;
        assert_eq!(refused, Err(Refused::NotFound));
        let refused = test.app.read(&it, move |tx, act| holds(tx, act, id)).await;
        assert_eq!(refused, Err(Refused::NotFound));
        assert_eq!(state(test, id).await, State::Active);
    });
}

#[test]
fn a_leaver_hands_over_what_does_not_end() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let (manager, _) = signed_in(test, Role::ServiceManager, None).await;
        let (billing, _) = signed_in(test, Role::Billing, None).await;
        let (caller, session) = signed_in(test, Role::Technician, None).await;
        let (id, to) = (caller.membership.unwrap(), manager.membership.unwrap());
        test.app.write(&caller, move |tx, act| matrix::start(tx, act, client, "a draft")).await.unwrap();
        let what = held(test, &manager, id).await;
        assert_eq!(
            what.iter().map(|held| (held.what.as_str(), held.fate)).collect::<Vec<_>>(),
            [("1 session", Fate::Ends), ("the draft of the matrix of Harbor Dental", Fate::Passes)]
        );
        for successor in [None, Some(id), billing.membership] {
            let refused = see_out(test, &manager, id, successor).await;
            assert!(matches!(refused, Err(Refused::Invalid(_))), "{successor:?}: {refused:?}");
        }
        let old = Departure { successor: Some(to), seen: seen(&[]) };
        let stale = test.app.write(&manager, move |tx, act| leave(tx, act, id, &old)).await;
        assert_eq!(stale, Err(Refused::Stale), "the caller has not seen it all");
        assert!(is_good(test, &session).await, "nothing was done so far");

        see_out(test, &manager, id, Some(to)).await.unwrap();
        assert!(!is_good(test, &session).await);
        assert_eq!(state(test, id).await, State::Left);
        assert_eq!(held(test, &manager, id).await, []);
        assert_eq!(held(test, &manager, to).await.len(), 2, "a session and the draft");
        let again = see_out(test, &manager, id, None).await;
        assert!(matches!(again, Err(Refused::Conflict(_))), "{again:?}");
        let link = test.app.write(&test.operator(), move |tx, act| make_link(tx, act, id)).await;
        assert!(matches!(link, Err(Refused::Conflict(_))), "{link:?}");
    });
}

#[test]
fn the_reach_of_a_leaver_goes_to_a_successor_of_the_same_party() {
    on_each(async |test| {
        let (one, two) = (test.client("One").await, test.client("Two").await);
        let (party, operator) = (test.party, test.operator());
        let offshore = async |name: &str, clients: Vec<Id<Client>>| {
            let invitation = Invitation {
                party,
                role: Role::OffshoreTechnician,
                name: name.to_owned(),
                email: format!("{name}@test.example"),
                everywhere: false,
                clients,
            };
            let id = test.app.write(&operator, move |tx, act| invite(tx, act, &invitation)).await.unwrap();
            enter(test, id).await;
            id
        };
        let (leaver, heir) = (offshore("jun", vec![one, two]).await, offshore("lea", vec![one]).await);
        see_out(test, &operator, leaver, Some(heir)).await.unwrap();
        let reached = test.app.read(&operator, move |tx, act| member(tx, act, heir)).await.unwrap();
        let caller = Caller::member(test.provider, None, &reached);
        let clients = test.app.read(&caller, |tx, act| clients::list(tx, act, None, 9)).await.unwrap();
        assert_eq!(clients.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!(held(test, &operator, leaver).await, []);
    });
}

#[test]
fn other_memberships_of_a_leaver_stay() {
    on_each(async |test| {
        let (client, party) = (test.client("Harbor Dental").await, test.party);
        let (it, _) = signed_in(test, Role::ClientIt, Some(client)).await;
        let second = Invitation {
            party,
            role: Role::Technician,
            name: "The same".to_owned(),
            email: "client-it@test.example".to_owned(),
            everywhere: true,
            clients: Vec::new(),
        };
        let operator = test.operator();
        let second = test.app.write(&operator, move |tx, act| invite(tx, act, &second)).await.unwrap();
        let session = enter(test, second).await;
        see_out(test, &operator, it.membership.unwrap(), None).await.unwrap();
        assert!(is_good(test, &session).await);
    });
}
