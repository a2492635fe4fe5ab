//! What a service asks of a hand-off: who says so, which form speaks, and what is refused.

use super::*;

fn asks(text: &str, required: bool) -> Question {
    Question { text: text.to_owned(), required }
}

async fn set(
    test: &TestApp,
    (service, version): (&'static str, i64),
    questions: Vec<Question>,
) -> Result<HandOffForm, Refused> {
    let set = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        set_hand_off_form(tx, act, (service, version), &questions)
    };
    test.app.write(&test.operator(), set).await
}

fn answering(answers: &[(&str, &str)]) -> Warm {
    let said = |(question, answer): &(&str, &str)| Said {
        question: (*question).to_owned(),
        answer: (*answer).to_owned(),
    };
    Warm { answers: answers.iter().map(said).collect(), ..warm() }
}

/// What is wrong, field by field.
fn wrong(refused: &Refused) -> Vec<(&str, &str)> {
    let Refused::Invalid(fields) = refused else { panic!("{refused}") };
    fields.iter().map(|field| (&*field.name, field.message.as_str())).collect()
}

#[test]
fn a_hand_off_answers_what_its_service_asks_and_the_receiver_reads_it() {
    on_each(async |test| {
        let world = world(test).await;
        set(test, ("helpdesk", 0), vec![asks("Who was told?", true), asks("Which room?", false)])
            .await
            .unwrap();
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        let to = team(test, ticket, "on-call").await;
        let offering = async |warm: Warm| {
            test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm)).await
        };
        let none = offering(warm()).await.unwrap_err();
        assert_eq!(wrong(&none).len(), 1);
        let (name, why) = wrong(&none)[0];
        assert!(
            name == "answer-1" && why.contains("“Who was told?”") && why.contains("nothing yet"),
            "{why}"
        );
        let cold = Warm { tried: String::new(), ..answering(&[("Who was told?", " ")]) };
        let cold = offering(cold).await.unwrap_err();
        assert_eq!(wrong(&cold).iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["tried", "answer-1"]);
        let other = answering(&[("Who was told?", "Anna"), ("Which floor?", "2")]);
        let other = offering(other).await.unwrap_err();
        assert_eq!(
            wrong(&other),
            [("answers", "“Which floor?” is not asked; these are: “Who was told?”, “Which room?”")]
        );
        let twice = answering(&[("Who was told?", "Anna"), ("who was TOLD? ", "Bob")]);
        let twice = offering(twice).await.unwrap_err();
        assert!(wrong(&twice)[0].1.contains("answered twice"), "{twice}");
        let long = "x".repeat(8 * 1024 + 1);
        let long = offering(answering(&[("Who was told?", &long)])).await.unwrap_err();
        assert!(wrong(&long)[0].1.contains("at most 8 kB"), "{long}");
        offering(answering(&[("who was told?", "Anna")])).await.unwrap();
        let lines = told(test, &world.technician, ticket).await;
        let Happened::Offered { said, .. } = &lines.last().unwrap().happened else { panic!("{lines:?}") };
        let last = said.last().unwrap();
        assert_eq!((said.len(), last.question.as_str(), last.answer.as_str()), (5, "Who was told?", "Anna"));
        test.app.write(&world.technician, move |tx, act| accept(tx, act, ticket, 1)).await.unwrap();
        let back =
            test.app.write(&world.technician, move |tx, act| hand_back(tx, act, ticket, &warm())).await;
        assert_eq!(wrong(&back.unwrap_err())[0].0, "answer-1");
        let up = escalate(&test.app, &world.technician, ticket, &warm()).await.unwrap_err();
        assert_eq!(wrong(&up)[0].0, "answer-1");
        let said = answering(&[("Who was told?", "Nobody"), ("Which room?", "12")]);
        escalate(&test.app, &world.technician, ticket, &said).await.unwrap();
    });
}

#[test]
fn the_narrowest_form_speaks_alone() {
    on_each(async |test| {
        let world = world(test).await;
        set(test, ("", 0), vec![asks("Any?", true)]).await.unwrap();
        set(test, ("helpdesk", 0), vec![asks("Desk?", true)]).await.unwrap();
        set(test, ("helpdesk.intake.phone", 0), Vec::new()).await.unwrap();
        for (service, asked) in [
            ("", Some("Any?")),
            ("users.onboarding", Some("Any?")),
            ("helpdesk", Some("Desk?")),
            ("helpdesk.intake.email", Some("Desk?")),
            ("helpdesk.intake.phone", None),
        ] {
            let new = NewTicket { service: service.to_owned(), ..incident(world.client, "Slow") };
            let ticket = open(&test.app, &world.requester, new).await.unwrap();
            let read = move |tx: &mut remit_db::Tx<'_, '_>, _: &crate::Act| hand_off_questions(tx, &ticket);
            let found = test.app.read(&world.it, read).await.unwrap();
            assert_eq!(found.first().map(|one| one.text.as_str()), asked, "{service}");
        }
        let remove =
            |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| remove_hand_off_form(tx, act, "helpdesk");
        test.app.write(&test.operator(), remove).await.unwrap();
        assert_eq!(test.app.write(&test.operator(), remove).await, Err(Refused::NotFound));
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let read = move |tx: &mut remit_db::Tx<'_, '_>, _: &crate::Act| hand_off_questions(tx, &ticket);
        let found = test.app.read(&world.it, read).await.unwrap();
        assert_eq!(found, [asks("Any?", true)]);
    });
}

#[test]
fn forms_are_set_by_who_saw_the_last_one_within_limits() {
    on_each(async |test| {
        let world = world(test).await;
        let first = set(test, ("", 0), vec![asks(" Circuit? ", true)]).await.unwrap();
        assert_eq!((first.version, first.questions[0].text.as_str()), (1, "Circuit?"));
        assert_eq!(set(test, ("", 0), Vec::new()).await, Err(Refused::Stale));
        assert_eq!(set(test, ("", 1), vec![asks("Other?", false)]).await.unwrap().version, 2);
        let many = set(test, ("", 2), (0..11).map(|n| asks(&format!("{n}?"), false)).collect()).await;
        assert!(many.unwrap_err().to_string().contains("at most 10 questions, these are 11"));
        let odd = vec![
            asks("", true),
            asks(&"x".repeat(121), true),
            asks("a\nb", true),
            asks("A", true),
            asks("a", true),
        ];
        let odd = set(test, ("", 2), odd).await.unwrap_err();
        assert_eq!(wrong(&odd).len(), 4, "{odd}");
        assert!(wrong(&odd).iter().all(|(name, _)| *name == "questions"));
        assert!(
            odd.to_string().contains("question 2: write at most 120")
                && odd.to_string().contains("question 5: it is")
        );
        let usual = set(test, ("", 2), vec![asks("how to get in", true)]).await.unwrap_err().to_string();
        assert!(usual.contains("asked already"), "{usual}");
        let nowhere = set(test, ("netwrok", 0), Vec::new()).await.unwrap_err();
        assert_eq!(wrong(&nowhere)[0].0, "service");
        for by in [&world.manager, &world.it, &world.requester, &world.vendor] {
            let set =
                |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| set_hand_off_form(tx, act, ("", 2), &[]);
            assert!(matches!(test.app.write(by, set).await, Err(Refused::Forbidden(_))));
            assert!(matches!(test.app.read(by, hand_off_forms).await, Err(Refused::Forbidden(_))));
        }
    });
}
