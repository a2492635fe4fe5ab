//! Work at the desk: a row in each table of it.

use super::*;

/// At each client a ticket that somebody works on, offered to another team.
pub(super) async fn tickets(test: &TestApp, operator: &Caller) {
    let open = |tx: &mut Tx<'_, '_>, act: &crate::Act| {
        let mut all = Vec::new();
        for client in clients::list(tx, act, None, 50)? {
            let site = clients::sites(tx, act, client.id)?.first().map(|site| site.id);
            let mut after = None;
            let somebody = loop {
                let page = people::list(tx, act, after, 200)?;
                if let Some(one) = page.iter().find(|one| {
                    one.client == Some(client.id)
                        && one.name == "Somebody Twice"
                        && one.state == people::State::Invited
                }) {
                    break one.id;
                }
                let last = page.last().expect("somebody is there");
                after = Some((crate::refused::folded(&last.name), last.id.uuid()));
            };
            all.push((client.id, site, somebody));
        }
        Ok(all)
    };
    let all: Vec<_> = test.app.read(operator, open).await.unwrap();
    let list = test.app.write(operator, settings).await.unwrap();
    for (client, site, somebody) in all {
        let new = crate::tickets::NewTicket {
            site,
            requester: Some(somebody),
            ..crate::tickets::tests::incident(client, "Slow")
        };
        let other = crate::tickets::open(&test.app, operator, new.clone()).await.unwrap();
        let third = crate::tickets::open(&test.app, operator, new.clone()).await.unwrap();
        let ticket = crate::tickets::open(&test.app, operator, new).await.unwrap();
        let file = (crate::tickets::Visibility::Public, "notes.txt", &b"notes"[..]);
        crate::attachments::tests::attach(test, operator, ticket.id, file).await;
        let work = move |tx: &mut Tx<'_, '_>, act: &crate::Act| {
            crate::tickets::known_as(tx, act, ticket.id, "INC0001")?;
            worked(tx, act, &ticket)?;
            ticked(tx, act, ticket.id, list)?;
            promises::add_rule(tx, act, &update(client))?;
            crate::tickets::set_priorities(tx, act, &crate::tickets::PriorityTable::USUAL)?;
            crate::tickets::tag(tx, act, ticket.id, (&["vpn".to_owned()], &[]))?;
            unused(tx, act, ticket.number)?;
            crate::portal::add_request_type(tx, act, &crate::portal::tests::starter(Some(client)))?;
            filled(tx, act, ticket.id)?;
            planned(tx, act, (client, somebody))?;
            crate::tickets::merge(tx, act, third.id, ticket.number)?;
            crate::tickets::watch(tx, act, ticket.id, Some(somebody))?;
            shared(tx, act, (client, somebody), ticket.id)?;
            crate::tickets::link(tx, act, other.id, (crate::tickets::LinkKind::Child, ticket.number))?;
            let all = crate::tickets::targets(tx, &ticket)?;
            let to = all.into_iter().find(|hand| hand.team_name == "Night desk");
            approving(tx, act, other.id)?;
            to.map_or(Ok(()), |to| crate::tickets::offer(tx, act, ticket.id, to.team, &warm()).map(drop))
        };
        test.app.write(operator, work).await.unwrap();
    }
}

/// Tickets that nobody is asked to take are solved later than was promised, and all have their outcomes.
pub(super) async fn late(test: &TestApp, operator: &Caller) {
    let ids = |tx: &mut Tx<'_, '_>, _: &crate::Act| crate::tickets::ids(tx, None, 500);
    for id in test.app.read(operator, ids).await.unwrap() {
        let find = move |tx: &mut Tx<'_, '_>, act: &crate::Act| crate::tickets::find(tx, act, id);
        let ticket = test.app.read(operator, find).await.unwrap();
        if ticket.status == crate::tickets::Status::WaitingApproval {
            let new = crate::tickets::NewTicket {
                requester: Some(ticket.requester),
                ..crate::tickets::tests::incident(ticket.client, "Late")
            };
            crate::tickets::open(&test.app, operator, new).await.unwrap();
        }
    }
    test.pass(remit_core::Millis::from_hours(60 * 24));
    for id in test.app.read(operator, ids).await.unwrap() {
        let solve = move |tx: &mut Tx<'_, '_>, act: &crate::Act| {
            let ticket = crate::tickets::find(tx, act, id)?;
            let (waits, to) = (crate::tickets::Status::WaitingApproval, crate::tickets::Status::Solved);
            if ticket.status.is_open() && ticket.status != waits && ticket.custody.offer().is_none() {
                crate::tickets::set_status(tx, act, id, (ticket.status, to))?;
                rated(tx, act, &ticket)?;
            }
            Ok(())
        };
        test.app.write(operator, solve).await.unwrap();
    }
    // That they were looked for is kept too.
    crate::tickets::outcome::fill(&test.app).await.unwrap();
}

/// Whoever asked for it was not content.
fn rated(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    ticket: &crate::tickets::Ticket,
) -> Result<(), crate::refused::Refused> {
    let caller = Caller { membership: Some(ticket.requester), ..act.caller.clone() };
    let own = crate::Act { caller, ..act.clone() };
    crate::ratings::rate(tx, &own, ticket.id, (crate::ratings::Grade::Poor, "Slow."))?;
    Ok(())
}

/// Somebody reads what colleagues share, and something is shared.
fn shared(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    (client, who): (Id<clients::Client>, Id<people::Membership>),
    ticket: Id<crate::tickets::Ticket>,
) -> Result<(), crate::refused::Refused> {
    let address = people::member(tx, act, who)?.email;
    crate::tickets::set_sharing(tx, act, (client, 0), (crate::tickets::Readers::Chosen, &[address]))?;
    crate::tickets::share(tx, act, ticket, true).map(drop)
}

/// A word that was just taken off its last ticket: it is gone before anybody else could see it.
fn unused(tx: &mut Tx<'_, '_>, act: &crate::Act, number: i64) -> Result<(), crate::refused::Refused> {
    let add = remit_db::shared_sql!("INSERT INTO tag (provider_id, id, name, uses) VALUES ($1, $2, $3, 0)");
    tx.exec(add, (act.id::<crate::tickets::Tag>(), format!("unused-{number}")))?;
    Ok(())
}

/// People of the provider are asked to approve something, and one of them has answered.
fn approving(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    ticket: Id<crate::tickets::Ticket>,
) -> Result<(), crate::refused::Refused> {
    use crate::tickets::{Answer, NewApproval, answer_approval, approvals, approvers, ask_approval};
    let all = approvers(tx, act, ticket)?;
    let of_provider = all.iter().filter(|one| one.role.party() == PartyKind::Provider && one.can_be_asked());
    let new = NewApproval {
        question: "May it be done?".to_owned(),
        text: String::new(),
        people: of_provider.map(|one| one.who).take(3).collect(),
        needed: Some(2),
        until: act.at + remit_core::Millis::from_hours(24),
    };
    ask_approval(tx, act, ticket, &new)?;
    let approval = approvals(tx, act, ticket)?.remove(0);
    let first = people::member(tx, act, approval.asked[0].who)?;
    let own = crate::Act { caller: Caller::member(act.caller.provider, None, &first), ..act.clone() };
    answer_approval(tx, &own, (ticket, approval.id), (Answer::Yes, "")).map(drop)
}

/// A ticket has a checklist, and one item of it is done.
fn ticked(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    ticket: Id<crate::tickets::Ticket>,
    list: Id<crate::tickets::Checklist>,
) -> Result<(), crate::refused::Refused> {
    let ticket_there = crate::tickets::attach(tx, act, ticket, list)?;
    // One without items, which can be taken off by itself.
    let bare = remit_db::sql!(
        "INSERT INTO ticket_checklist (provider_id, ticket_id, number, client_id, checklist_id, name) \
         VALUES ($1, $2, 9, {client: $3}, $4, 'Bare')"
    );
    tx.exec(bare, (ticket, ticket_there.client, list))?;
    crate::tickets::tick(tx, act, (ticket, 2), (crate::tickets::ItemState::Done, "")).map(drop)
}

fn warm() -> crate::tickets::Warm {
    let said = || "said".to_owned();
    let answers = Vec::new();
    crate::tickets::Warm { tried: said(), access: said(), impact: said(), next: said(), answers }
}

/// What hand-offs are asked, and a checklist with something that a ticket waits for.
fn settings(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
) -> Result<Id<crate::tickets::Checklist>, crate::refused::Refused> {
    let side = crate::tickets::Side::Holder;
    let item = |text: &str, required| crate::tickets::ToDo { text: text.to_owned(), required, side };
    let text = crate::tickets::ChecklistText {
        name: "New starter".to_owned(),
        from_start: None,
        items: vec![item("Account", true), item("Laptop", false)],
    };
    let question = crate::tickets::Question { text: "Number of the circuit".to_owned(), required: false };
    crate::tickets::set_hand_off_form(tx, act, ("", 0), &[question])?;
    crate::tickets::create_checklist(tx, act, &text)
}

/// Somebody works on a ticket: nobody where the team that holds it is empty, as at a client without internal IT.
fn worked(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    ticket: &crate::tickets::Ticket,
) -> Result<(), crate::refused::Refused> {
    let Some((worker, _)) = crate::tickets::store::workers(tx, ticket)?.into_iter().next() else {
        return Ok(());
    };
    crate::tickets::assign(tx, act, ticket.id, Some(worker))?;
    let worker = people::member(tx, act, worker)?;
    let caller = Caller::member(act.caller.provider, None, &worker);
    let own = crate::Act { caller, ..act.clone() };
    let helps = crate::tickets::store::both_teams(tx, ticket)?.into_iter().find(|(id, _)| *id != worker.id);
    if let Some((helps, _)) = helps {
        crate::tickets::help(tx, act, ticket.id, helps)?;
    }
    notices::set_wish(tx, &own, notices::Wish::All)?;
    let teams = crate::tickets::Visibility::Teams;
    for said in ["We are on it.", "We have found it."] {
        crate::tickets::write(tx, &own, ticket.id, teams, said)?;
    }
    crate::tickets::save_view(tx, &own, ("Network", "view=open&service=network"))?;
    crate::preferences::prefer(tx, &own, &crate::preferences::Preferences::default(), &[])?;
    for of in [crate::tickets::Of::Own, crate::tickets::Of::Client(ticket.client)] {
        let says = crate::tickets::MacroText {
            name: format!("Found {}", ticket.number),
            of,
            text: "{first-name}, we have found it.".to_owned(),
            visibility: teams,
            status: None,
            tags: Vec::new(),
        };
        crate::tickets::add_macro(tx, &own, &says)?;
    }
    crate::tickets::send(tx, &own, ticket.id, (teams, "It was the cable.", &[]), None)?;
    crate::tickets::keep_draft(tx, &own, (ticket.id, None), (teams, "It is"))?;
    crate::tickets::heard(tx, &own, ticket.id, crate::tickets::Doing::Looks)
}

/// Fills in a field of the provider's own: the same for all clients.
fn filled(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    ticket: Id<crate::tickets::Ticket>,
) -> Result<(), crate::Refused> {
    use crate::tickets::{Definition, Filling, Needed, Shape, Visibility, add_field, custom_fields, fill};
    let new = Definition {
        label: "Serial number".to_owned(),
        hint: String::new(),
        shape: Shape::Line,
        kinds: Vec::new(),
        service: String::new(),
        needed: Needed::Never,
        read_by: Visibility::Teams,
        place: 0,
    };
    if !custom_fields(tx, act)?.iter().any(|field| field.key == "serial") {
        add_field(tx, act, "serial", new)?;
    }
    let serial = Filling { key: "serial".to_owned(), was: None, to: "C02XG1".to_owned() };
    fill(tx, act, ticket, &[serial]).map(drop)
}

/// Plans something for a client.
fn planned(
    tx: &mut Tx<'_, '_>,
    act: &crate::Act,
    (client, requester): (Id<clients::Client>, Id<people::Membership>),
) -> Result<(), crate::Refused> {
    use crate::tickets::{Impact, Kind, Tier, Urgency};
    let template = crate::recurring::Template {
        kind: Kind::Task,
        subject: "Check the backups".to_owned(),
        text: String::new(),
        impact: Impact::Low,
        urgency: Urgency::Low,
        service: String::new(),
        tier: Tier::Unsaid,
        requester,
    };
    let says = crate::recurring::NewPlan {
        template,
        rule: "FREQ=DAILY".parse().expect("it is a rule"),
        starts_on: "2026-01-01".parse().expect("it is a day"),
        time: "08:00".parse().expect("it is a time"),
    };
    crate::recurring::add_plan(tx, act, client, says).map(drop)
}
