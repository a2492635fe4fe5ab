//! Links are good once, sessions end when they should, and nobody learns what they should not.

use remit_core::{Id, Millis};

mod attempt;
mod factor;
mod key;
mod turn;

use super::{
    Begun, IDLE, LINK, LONGEST, Secret, end, end_all, list, make_link, others, resume, set_password, switch,
    use_link, with_password,
};
use crate::act::Caller;
use crate::clients::Client;
use crate::people::{Invitation, Role, invite};
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};

/// The session, where no code was asked for.
fn session(begun: Begun) -> Secret {
    let Begun::Session(secret) = begun else { panic!("a code was asked for") };
    secret
}

async fn link_for(test: &TestApp, by: &Caller, whom: &Caller) -> Result<Secret, Refused> {
    let membership = whom.membership.unwrap();
    test.app.write(by, move |tx, act| make_link(tx, act, membership)).await
}

async fn signed_in(test: &TestApp, role: Role, client: Option<Id<Client>>) -> (Caller, Secret) {
    let invited = test.caller(role, client).await;
    let link = link_for(test, &test.operator(), &invited).await.unwrap();
    let session = session(use_link(&test.app, &link, "Firefox").await.unwrap());
    (resume(&test.app, &session).await.unwrap().unwrap().0, session)
}

async fn is_good(test: &TestApp, session: &Secret) -> bool {
    resume(&test.app, session).await.unwrap().is_some()
}

#[test]
fn a_link_signs_in_once_and_in_time() {
    on_each(async |test| {
        let invited = test.caller(Role::ServiceManager, None).await;
        let operator = test.operator();
        let link = link_for(test, &operator, &invited).await.unwrap();
        let session = session(use_link(&test.app, &link, "Firefox").await.unwrap());
        let (caller, _) = resume(&test.app, &session).await.unwrap().unwrap();
        assert_eq!(
            (caller.name.as_str(), caller.role, caller.scope),
            ("Service manager Test", Role::ServiceManager, invited.scope)
        );
        assert_eq!(use_link(&test.app, &link, "").await, Err(Refused::NotFound), "it is used up");
        let late = link_for(test, &operator, &invited).await.unwrap();
        test.pass(LINK);
        assert_eq!(use_link(&test.app, &late, "").await, Err(Refused::NotFound), "it is too late");
        assert_eq!(resume(&test.app, &link).await.unwrap(), None, "a link is no session");
    });
}

#[test]
fn a_session_ends_after_a_while_without_use_and_in_the_end() {
    on_each(async |test| {
        let (_, session) = signed_in(test, Role::Technician, None).await;
        test.pass(IDLE);
        assert!(!is_good(test, &session).await, "nobody used it");
        let (_, session) = signed_in(test, Role::Billing, None).await;
        let hour = Millis::from_hours(1);
        for _ in 0..LONGEST.minutes() / 60 - 1 {
            test.pass(hour);
            assert!(is_good(test, &session).await);
        }
        test.pass(hour);
        assert!(!is_good(test, &session).await, "it is over, used or not");
    });
}

#[test]
fn sessions_are_listed_and_ended_by_their_owner_only() {
    on_each(async |test| {
        let (caller, first) = signed_in(test, Role::Technician, None).await;
        test.pass(Millis::from_millis(1));
        let link = link_for(test, &test.operator(), &caller).await.unwrap();
        let second = session(use_link(&test.app, &link, "Safari\n<script>").await.unwrap());
        let (_, other) = signed_in(test, Role::Billing, None).await;
        let all = list(&test.app, &caller).await.unwrap();
        assert_eq!(
            all.iter().map(|session| session.agent.as_str()).collect::<Vec<_>>(),
            ["Safari<script>", "Firefox"]
        );
        let (stranger, _) = resume(&test.app, &other).await.unwrap().unwrap();
        assert_eq!(end(&test.app, &stranger, all[0].id).await, Err(Refused::NotFound));
        end(&test.app, &caller, all[0].id).await.unwrap();
        assert!(!is_good(test, &second).await);
        assert!(is_good(test, &first).await);
        assert_eq!(end_all(&test.app, &caller).await, Ok(1));
        assert!(!is_good(test, &first).await);
        assert!(is_good(test, &other).await);
    });
}

#[test]
fn a_password_signs_in_and_a_wrong_one_does_not() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let refused = set_password(&test.app, &caller, "", "too short").await;
        assert!(matches!(refused, Err(Refused::Invalid(_))));
        let good = "correct horse battery";
        set_password(&test.app, &caller, "", good).await.unwrap();
        let begun =
            with_password(&test.app, " Technician@TEST.example ", good, None, "").await.unwrap().unwrap();
        let session = session(begun);
        assert_eq!(resume(&test.app, &session).await.unwrap().unwrap().0, caller);
        for (email, password) in
            [("technician@test.example", "correct horse batterx"), ("nobody@test.example", good), ("", "")]
        {
            assert_eq!(with_password(&test.app, email, password, None, "").await, Ok(None), "{email}");
        }
        test.home().tamper("UPDATE membership SET state = 'suspended'");
        assert_eq!(with_password(&test.app, "technician@test.example", good, None, "").await, Ok(None));
        assert!(!is_good(test, &session).await, "a suspended membership ends what was begun");
    });
}

#[test]
fn one_person_goes_from_one_membership_to_another() {
    on_each(async |test| {
        let (client, party) = (test.client("Harbor Dental").await, test.party);
        let (caller, session) = signed_in(test, Role::ClientIt, Some(client)).await;
        let operator = test.operator();
        let second = Invitation {
            party,
            role: Role::Technician,
            name: "The same".to_owned(),
            email: "client-it@test.example".to_owned(),
            everywhere: true,
            clients: Vec::new(),
        };
        let second = test.app.write(&operator, move |tx, act| invite(tx, act, &second)).await.unwrap();
        assert_eq!(others(&test.app, &caller).await, Ok(Vec::new()), "an invitation is accepted first");
        let link = test.app.write(&operator, move |tx, act| make_link(tx, act, second)).await.unwrap();
        use_link(&test.app, &link, "").await.unwrap();
        let other = others(&test.app, &caller).await.unwrap();
        assert_eq!(other.iter().map(|member| member.id).collect::<Vec<_>>(), [second]);
        let (_, id) = resume(&test.app, &session).await.unwrap().unwrap();
        let moved = switch(&test.app, &caller, id, second).await.unwrap();
        assert_eq!(resume(&test.app, &moved).await.unwrap().unwrap().0.role, Role::Technician);
        assert!(!is_good(test, &session).await, "the old session is over");
        let stranger = signed_in(test, Role::Billing, None).await;
        let (_, id) = resume(&test.app, &stranger.1).await.unwrap().unwrap();
        let stolen = switch(&test.app, &stranger.0, id, second).await;
        assert_eq!(stolen, Err(Refused::NotFound), "of another person");
    });
}

#[test]
fn nobody_who_is_signed_in_is_shown_a_link() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let owner = test.caller(Role::Owner, None).await;
        let approver = test.caller(Role::ClientApprover, Some(client)).await;
        // With it, the owner could sign for both sides.
        let refused = link_for(test, &owner, &approver).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        link_for(test, &test.operator(), &approver).await.unwrap();
    });
}

#[test]
fn a_secret_is_read_back_and_nothing_else_is_one() {
    let secret = Secret::new(uuid::Uuid::from_u128(5), &Zeros);
    assert_eq!(Secret::parse(&secret.reveal()), Some(secret.clone()));
    assert!(!format!("{secret:?}").contains('0'));
    let long = format!("{}0", secret.reveal());
    let plus = secret.reveal().replacen("00", "+0", 1);
    for odd in ["", "zz", &long, &"é".repeat(48), &plus] {
        assert_eq!(Secret::parse(odd), None, "{odd}");
    }
}

struct Zeros;

impl remit_web::Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}
