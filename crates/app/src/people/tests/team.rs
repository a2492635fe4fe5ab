//! Teams hold people of their own party.

use crate::people::{
    Role, change_team, found_team, join_team, joinable, list_parties, part_team, team, team_members, teams,
};
use crate::refused::Refused;
use crate::testing::on_each;

#[test]
fn a_team_takes_people_of_its_own_party_and_no_others() {
    on_each(async |test| {
        let client = test.client("Own").await;
        let (manager, technician) =
            (test.caller(Role::ServiceManager, None).await, test.caller(Role::Technician, None).await);
        let it = test.caller(Role::ClientIt, Some(client)).await;
        let (party, who, stranger) = (test.party, technician.membership.unwrap(), it.membership.unwrap());
        let id = test
            .app
            .write(&manager, move |tx, act| found_team(tx, act, party, "Night desk", "Asia/Manila"))
            .await
            .unwrap();
        let again = test
            .app
            .write(&manager, move |tx, act| found_team(tx, act, party, "NIGHT desk", "Asia/Manila"))
            .await;
        assert!(matches!(again, Err(Refused::Conflict(_))), "{again:?}");
        let refused = test.app.write(&manager, move |tx, act| join_team(tx, act, id, stranger)).await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        let refused = test.app.write(&technician, move |tx, act| join_team(tx, act, id, who)).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        for _ in 0..2 {
            test.app.write(&manager, move |tx, act| join_team(tx, act, id, who)).await.unwrap();
        }
        let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let team = team(tx, act, id)?;
            Ok((team.size, team_members(tx, act, id)?, joinable(tx, act, &team)?))
        };
        let (size, members, others) = test.app.read(&manager, read).await.unwrap();
        assert_eq!((size, members.len(), members[0].id), (1, 1, who));
        assert!(others.iter().all(|member| member.id != who && member.party == test.party), "{others:?}");
        test.app
            .write(&manager, move |tx, act| change_team(tx, act, (id, 1), "Nights", "Asia/Manila"))
            .await
            .unwrap();
        let late = test
            .app
            .write(&manager, move |tx, act| change_team(tx, act, (id, 1), "Late", "Asia/Manila"))
            .await;
        assert_eq!(late, Err(Refused::Stale));
        test.app.write(&manager, move |tx, act| part_team(tx, act, id, who)).await.unwrap();
        assert_eq!(
            test.app.write(&manager, move |tx, act| part_team(tx, act, id, who)).await,
            Err(Refused::NotFound)
        );
    });
}

#[test]
fn a_team_of_another_client_looks_as_if_it_were_not_there() {
    on_each(async |test| {
        let (own, other) = (test.client("Own").await, test.client("Other").await);
        let operator = test.operator();
        let parties = test.app.read(&operator, move |tx, _| list_parties(tx, Some(other))).await.unwrap();
        let theirs = parties.iter().find(|(.., name)| name == "Other IT").expect("it is there").0;
        let id = test
            .app
            .write(&operator, move |tx, act| found_team(tx, act, theirs, "Desk", "Asia/Manila"))
            .await
            .unwrap();
        let it = test.caller(Role::ClientIt, Some(own)).await;
        assert_eq!(test.app.read(&it, move |tx, act| team(tx, act, id)).await, Err(Refused::NotFound));
        let refused =
            test.app.write(&it, move |tx, act| found_team(tx, act, theirs, "Mine", "Asia/Manila")).await;
        assert_eq!(refused, Err(Refused::NotFound));
        assert_eq!(test.app.read(&it, teams).await.unwrap(), []);
    });
}
