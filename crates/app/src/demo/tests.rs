//! The demo is what it says it is.

use super::{find, make};
use crate::act::Caller;
use crate::people::Role;
use crate::testing::on_each;
use crate::{audit, clients, matrix, tickets};

#[test]
fn the_demo_has_twelve_clients_with_signed_matrices_and_somebody_for_each_role() {
    on_each(async |test| {
        let demo = make(&test.app).await.unwrap();
        let roles: Vec<Role> = demo.roles.iter().map(|member| member.role).collect();
        assert_eq!(roles, Role::ALL);
        let again = find(&test.app).await.unwrap().unwrap();
        assert_eq!(again.provider, demo.provider);
        assert_eq!(again.roles.iter().map(|member| member.role).collect::<Vec<_>>(), Role::ALL);
        let operator = Caller::operator(demo.provider);
        let clients = test.app.read(&operator, |tx, act| clients::list(tx, act, None, 100)).await.unwrap();
        assert_eq!(clients.len(), 12);
        let words: Vec<String> = clients.iter().map(|c| c.agreement.as_ref().unwrap().words()).collect();
        assert_eq!(words.iter().filter(|words| words.starts_with("fully managed")).count(), 5, "{words:?}");
        let mut holes = 0;
        for client in clients {
            let id = client.id;
            let (in_force, draft, versions) = test
                .app
                .read(&operator, move |tx, act| {
                    let in_force = matrix::in_force(tx, act, id, act.at)?.expect("a matrix is in force");
                    let draft = matrix::draft(tx, act, id)?.expect("there is a draft");
                    Ok((in_force, draft, matrix::history(tx, act, id)?.len()))
                })
                .await
                .unwrap();
            let day = in_force.starts_on;
            assert!(matrix::check(&in_force.text, day).is_sound(), "{}", client.name);
            if let Some(report) = matrix::check(&draft.text, day).report.filter(|report| !report.sound) {
                let found: Vec<&str> = report.findings.iter().map(|finding| finding.kind.label()).collect();
                assert_eq!(found, ["gap"], "{}", draft.text);
                holes += 1;
            }
            assert_eq!(versions, if client.name == "Palisade Hotels" { 2 } else { 1 });
        }
        assert_eq!(holes, 1, "one draft has a hole");
        let key = test.app.key().clone();
        let head = test.app.read(&operator, move |tx, _| audit::verify(&mut tx.whole()?, &key, None)).await;
        assert!(head.unwrap().unwrap().seq > 300, "more than 300 people were invited");
    });
}

#[test]
fn the_demo_has_checklists_and_asks_of_hand_offs_by_service() {
    on_each(async |test| {
        let demo = make(&test.app).await.unwrap();
        let operator = Caller::operator(demo.provider);
        let lists = test.app.read(&operator, tickets::checklists).await.unwrap();
        let from_start = lists.iter().filter(|list| list.text.from_start.is_some()).count();
        assert_eq!((lists.len(), from_start), (4, 3));
        for list in &lists {
            assert!(list.text.items.iter().any(|item| item.required), "{}", list.text.name);
        }
        let forms = test.app.read(&operator, tickets::hand_off_forms).await.unwrap();
        let services: Vec<&str> = forms.iter().map(|form| form.service.as_str()).collect();
        assert_eq!(services, ["backup", "network"]);
        assert!(forms.iter().all(|form| form.questions.iter().any(|question| question.required)));
    });
}
