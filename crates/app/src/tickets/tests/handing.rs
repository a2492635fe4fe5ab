//! What follows from handing over: who reads the form, what another version of the matrix does, what a reply to something solved does.

use super::*;

#[test]
fn whoever_is_asked_reads_what_was_said_for_them() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Line")).await.unwrap().id;
        test.app
            .write(&world.it, move |tx, act| write(tx, act, ticket, Visibility::Teams, "Between us."))
            .await
            .unwrap();
        let to = team(test, ticket, "isp-support").await;
        test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm())).await.unwrap();
        let lines = told(test, &world.vendor, ticket).await;
        assert!(
            lines.iter().any(
                |line| matches!(&line.happened, Happened::Offered { said, .. } if said[1].answer == "VPN")
            ),
            "{lines:?}"
        );
        assert!(lines.iter().all(|line| line.text != "Between us."));
        let asked = told(test, &world.requester, ticket).await;
        assert!(asked.iter().all(|line| !matches!(line.happened, Happened::Offered { .. })));
    });
}

#[test]
fn another_version_of_the_matrix_asks_anew_and_takes_nothing_away() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Old")).await.unwrap().id;
        let (client, manager) = (world.client, world.manager.clone());
        let text =
            AFTER_HOURS.replace("responsible = \"it\"\nfallback", "responsible = \"isp-support\"\nfallback");
        let text = text.replace(
            "id = \"day\"\ntime = \"office\"\naccountable = \"internal\"",
            "id = \"day\"\ntime = \"office\"\naccountable = \"isp\"",
        );
        let today = "2026-11-23".parse().unwrap();
        let version = test.app.write(&manager, move |tx, act| {
            let draft = matrix::draft(tx, act, client)?.expect("there is a draft");
            let version = matrix::edit(tx, act, client, draft.version, &text)?;
            matrix::propose(tx, act, client, version, &matrix::check(&text, today))
        });
        let version = version.await.unwrap_or_else(|refused| panic!("{refused}"));
        for caller in [manager, world.approver.clone()] {
            let signed = test.app.write(&caller, move |tx, act| {
                let hash = matrix::find(tx, act, version)?.hash;
                matrix::sign(tx, act, version, &hash)
            });
            signed.await.unwrap();
        }
        assert_eq!(sweep(&test.app).await.unwrap(), Sweep { seen: 1, failed: 0 });
        assert_eq!(holder(test, ticket).await, "it", "it is never just taken away");
        assert_eq!(offered(test, ticket).await.map(|(team, _)| team), Some("isp-support".to_owned()));
    });
}

#[test]
fn what_is_not_solved_after_all_need_not_be_closed() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Again")).await.unwrap().id;
        let to = team(test, ticket, "isp-support").await;
        test.app.write(&world.it, move |tx, act| offer(tx, act, ticket, to, &warm())).await.unwrap();
        test.app.write(&world.vendor, move |tx, act| accept(tx, act, ticket, 1)).await.unwrap();
        let solve = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::act::Act, from, to, id| {
            set_status(tx, act, id, (from, to))
        };
        test.app
            .write(&world.vendor, move |tx, act| solve(tx, act, Status::New, Status::Solved, ticket))
            .await
            .unwrap();
        assert_eq!(offered(test, ticket).await, Some(("it".to_owned(), 2)), "its owner is to close it");
        test.app
            .write(&world.requester, move |tx, act| {
                write(tx, act, ticket, Visibility::Public, "No, it is not.")
            })
            .await
            .unwrap();
        assert_eq!(offered(test, ticket).await, None);
        let found = test.app.read(&world.it, move |tx, act| find(tx, act, ticket)).await.unwrap();
        assert_eq!(found.status, Status::Working);
    });
}

#[test]
fn the_newest_lines_of_a_long_ticket_are_read_first_and_all_can_be_reached() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Long")).await.unwrap().id;
        test.app
            .write(&world.it, move |tx, act| {
                for n in 0..230 {
                    write(tx, act, ticket, Visibility::Public, &format!("word {n}"))?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let page = async |before: i64| {
            let read = test.app.read(&world.requester, move |tx, act| {
                let ticket = find(tx, act, ticket)?;
                event::latest(tx, act, &ticket, (before, event::PAGE))
            });
            read.await.unwrap()
        };
        let newest = page(i64::MAX).await;
        assert_eq!((newest.len(), newest[199].text.as_str()), (200, "word 229"));
        let rest = page(newest[0].seq).await;
        assert_eq!((rest.len(), rest[0].seq), (31, 1));
    });
}

#[test]
fn to_the_next_line_is_one_deed_and_stops_at_the_third() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Deep")).await.unwrap().id;
        let cold = Warm { next: String::new(), ..warm() };
        assert!(
            escalate(&test.app, &world.it, ticket, &cold).await.unwrap_err().to_string().contains("next")
        );
        let other = escalate(&test.app, &world.technician, ticket, &warm()).await;
        assert!(matches!(other, Err(Refused::Conflict(_))), "only who holds it: {other:?}");
        // The matrix of this client knows no lines: the holder goes on.
        assert_eq!(escalate(&test.app, &world.it, ticket, &warm()).await.unwrap().tier, Tier::L2);
        assert_eq!(escalate(&test.app, &world.it, ticket, &warm()).await.unwrap().tier, Tier::L3);
        assert_eq!(holder(test, ticket).await, "it");
        let top = escalate(&test.app, &world.it, ticket, &warm()).await.unwrap_err().to_string();
        assert!(top.contains("third line"), "{top}");
    });
}

#[test]
fn the_next_line_is_offered_what_it_needs_to_know() {
    on_each(async |test| {
        let world = world(test).await;
        let (client, manager) = (world.client, world.manager.clone());
        let third =
            "[[rows]]\nid = \"deep\"\ntier = \"L2\"\naccountable = \"isp\"\nresponsible = \"isp-support\"\n";
        let narrower = |row: &str, time: &str| {
            format!(
                "[[rows]]\nid = \"{row}\"\nservice = \"network\"\ntier = \"L2\"\ntime = \"{time}\"\naccountable = \"isp\"\nresponsible = \"isp-support\"\n"
            )
        };
        let day =
            third.replace("tier = \"L2\"", "tier = \"L2\"\ntime = \"office\"").replace("deep", "deep-day");
        let night = third
            .replace("tier = \"L2\"", "tier = \"L2\"\ntime = \"not office\"")
            .replace("deep", "deep-night");
        let text = format!(
            "{AFTER_HOURS}{day}{night}{}{}",
            narrower("both-day", "office"),
            narrower("both-night", "not office")
        );
        let today = "2026-11-23".parse().unwrap();
        let version = test.app.write(&manager, move |tx, act| {
            let draft = matrix::draft(tx, act, client)?.expect("there is a draft");
            let version = matrix::edit(tx, act, client, draft.version, &text)?;
            matrix::propose(tx, act, client, version, &matrix::check(&text, today))
        });
        let version = version.await.unwrap_or_else(|refused| panic!("{refused}"));
        for caller in [manager, world.approver.clone()] {
            let signed = test.app.write(&caller, move |tx, act| {
                let hash = matrix::find(tx, act, version)?.hash;
                matrix::sign(tx, act, version, &hash)
            });
            signed.await.unwrap();
        }
        let ticket = open(&test.app, &world.requester, incident(world.client, "Deep")).await.unwrap().id;
        assert_eq!(holder(test, ticket).await, "it");
        escalate(&test.app, &world.it, ticket, &warm()).await.unwrap();
        assert_eq!(offered(test, ticket).await.map(|(team, _)| team), Some("isp-support".to_owned()));
        let lines = told(test, &world.vendor, ticket).await;
        assert!(
            lines
                .iter()
                .any(|line| matches!(&line.happened, Happened::Offered { said, .. } if said.len() == 4)),
            "{lines:?}"
        );
    });
}

#[test]
fn what_goes_to_and_fro_brings_the_row_that_would_end_it() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Ball")).await.unwrap().id;
        let row = async || {
            let read = test.app.read(&world.it, move |tx, act| {
                let ticket = find(tx, act, ticket)?;
                route::proposed(tx, &ticket)
            });
            read.await.unwrap()
        };
        assert_eq!(row().await, None);
        let on_call = team(test, ticket, "on-call").await;
        for n in 0..8 {
            let (gives, takes) =
                if n % 2 == 0 { (&world.it, &world.technician) } else { (&world.technician, &world.it) };
            let handed = test.app.write(gives, move |tx, act| {
                if n % 2 == 0 {
                    offer(tx, act, ticket, on_call, &warm())
                } else {
                    hand_back(tx, act, ticket, &warm())
                }
            });
            handed.await.unwrap();
            test.app.write(takes, move |tx, act| accept(tx, act, ticket, n + 1)).await.unwrap();
        }
        let row = row().await.expect("it goes to and fro");
        assert!(row.contains("service = \"helpdesk\"") && row.contains("responsible = \"it\""), "{row}");
        let text = format!("{AFTER_HOURS}{row}");
        let today = "2026-11-23".parse().unwrap();
        assert!(matrix::check(&text, today).matrix.is_some(), "it can be read in the matrix");
    });
}
