//! What the templates say is what a provider would sign.

use std::collections::BTreeSet;
use std::sync::Arc;

use remit_core::{At, Horizon};

use super::{ARRANGEMENT_SETS, set_of, shapes_of};
use crate::catalogue::{Catalogue, Owner};
use crate::draft::{Draft, PartyKind};
use crate::templates::{Offshore, TemplateError, TemplateOptions, Vendor, draft, shapes};
use crate::{Compiled, Matrix, Query, Resolver};

fn shaped(names: &[&str]) -> TemplateOptions {
    TemplateOptions::shaped("Acme", "America/Los_Angeles", names).unwrap()
}

fn resolver(draft: Draft) -> Resolver {
    let matrix = Arc::new(Matrix::check(draft).unwrap());
    let horizon = Horizon::months(remit_core::Date::constant(2026, 1, 1), &matrix.zone, 13);
    Resolver::new(Compiled::new(matrix, horizon).unwrap())
}

/// Who is responsible: id of the team.
fn owner(resolver: &Resolver, query: &Query<'_>) -> String {
    let row = resolver.resolve(query).unwrap().expect("a template is sound");
    resolver.compiled.matrix.team(row.responsible).id.clone()
}

/// A Tuesday at noon in Los Angeles.
fn noon() -> At {
    At::parse("2026-03-17T12:00:00-07:00").unwrap()
}

#[test]
fn planned_work_goes_to_the_catalogues_typical_owner() {
    for set in 1..ARRANGEMENT_SETS {
        let arrangements = set_of(set);
        let resolver = resolver(
            draft(&TemplateOptions::co_managed("Acme", "America/Los_Angeles", &arrangements)).unwrap(),
        );
        let matrix = &resolver.compiled.matrix;
        for service in Catalogue::builtin().listed().filter(|service| service.is_leaf()) {
            let query = Query { kind: "task", ..Query::new(&service.id, noon()) };
            let row = resolver.resolve(&query).unwrap().expect("a template is sound");
            let kind = matrix.party(row.accountable).kind;
            match service.owner.in_arrangements(&arrangements) {
                Owner::Provider => {
                    assert_eq!(kind, PartyKind::Provider, "{} in {arrangements:?}", service.id);
                }
                Owner::Internal => {
                    assert_eq!(kind, PartyKind::Internal, "{} in {arrangements:?}", service.id);
                }
                // Without a vendor party somebody else owns it, and whoever that is can be argued about.
                Owner::Vendor => assert_ne!(kind, PartyKind::Vendor, "{}", service.id),
                Owner::Shared | Owner::NotApplicable => {
                    panic!("{} has no owner in {arrangements:?}", service.id)
                }
            }
        }
    }
}

#[test]
fn a_fully_managed_client_owns_its_approvals_and_nothing_else() {
    let draft = draft(&shaped(&["fully-managed"])).unwrap();
    let own = draft.rows.iter().filter(|row| row.accountable == "client");
    let services: BTreeSet<_> = own.flat_map(|row| row.service.as_slice().iter().cloned()).collect();
    let expected = ["compliance.risk-acceptance", "projects.acceptance", "projects.change-approval"];
    assert_eq!(services, expected.map(str::to_owned).into());
}

#[test]
fn a_critical_ticket_is_answered_within_an_hour_at_any_time() {
    for names in [&["fully-managed"][..], &["after-hours"], &["after-hours", "tier-3-escalation", "offshore"]]
    {
        let draft = draft(&shaped(names)).unwrap();
        let critical = draft.rows.iter().filter(|row| row.priority.as_slice() == ["P1"]);
        for row in critical {
            let respond = remit_core::Millis::parse(row.respond.as_deref().unwrap()).unwrap();
            assert!((15..=60).contains(&respond.minutes()), "{}", row.id);
            assert_eq!(row.clock, None, "{}: the night counts", row.id);
        }
    }
}

#[test]
fn tier_3_and_after_hours_meet_without_a_quarrel() {
    let resolver = resolver(draft(&shaped(&["tier-3-escalation", "after-hours"])).unwrap());
    let night = At::parse("2026-03-17T23:00:00-07:00").unwrap();
    let ask = |at, tier, priority| {
        let query = Query { tier, priority, kind: "incident", ..Query::new("applications", at) };
        owner(&resolver, &query)
    };
    assert_eq!(ask(noon(), "L1", "P1"), "internal-it");
    assert_eq!(ask(noon(), "L3", "P1"), "engineering");
    assert_eq!(ask(night, "L1", "P1"), "on-call");
    assert_eq!(ask(night, "L3", "P1"), "on-call");
    assert_eq!(ask(night, "L3", "P2"), "on-call");
    assert_eq!(ask(night, "L3", "P3"), "engineering");
    assert_eq!(ask(night, "L1", "P3"), "internal-it");
}

#[test]
fn the_offshore_desk_follows_its_own_clock() {
    let resolver = resolver(draft(&shaped(&["fully-managed"]).offshore(Offshore::manila())).unwrap());
    let ask = |at: &str| {
        let at = At::parse(at).unwrap();
        owner(&resolver, &Query { tier: "L1", priority: "P3", kind: "request", ..Query::new("helpdesk", at) })
    };
    // 08:00 to 20:00 in Manila is 16:00 to 04:00 in the winter of Los Angeles and 17:00 to 05:00 in its summer.
    assert_eq!(ask("2026-02-10T03:59:00-08:00"), "offshore");
    assert_eq!(ask("2026-02-10T04:00:00-08:00"), "service-desk");
    assert_eq!(ask("2026-07-14T04:59:00-07:00"), "offshore");
    assert_eq!(ask("2026-07-14T05:00:00-07:00"), "service-desk");
    assert_eq!(ask("2026-07-14T17:30:00-07:00"), "service-desk", "the office is still open");
}

#[test]
fn security_tickets_reach_the_specialists_where_they_are_agreed() {
    let at = noon();
    let query =
        Query { tier: "L1", priority: "P2", kind: "alert", ..Query::new("security.endpoint-protection", at) };
    for (names, team) in [
        (&["fully-managed"][..], "security"),
        (&["hybrid-expertise"], "security"),
        (&["internal-helpdesk"], "security"),
        (&["tools-only"], "internal-it"),
    ] {
        assert_eq!(owner(&resolver(draft(&shaped(names)).unwrap()), &query), team, "{names:?}");
    }
}

#[test]
fn strategy_and_infrastructure_go_to_the_provider_beside_an_internal_help_desk() {
    let resolver = resolver(draft(&shaped(&["internal-helpdesk"])).unwrap());
    let ask = |service, tier| {
        owner(&resolver, &Query { tier, priority: "P3", kind: "incident", ..Query::new(service, noon()) })
    };
    assert_eq!(ask("helpdesk", "L1"), "internal-it");
    assert_eq!(ask("devices.printers", "L2"), "internal-it");
    assert_eq!(ask("devices.printers", "L3"), "engineering");
    assert_eq!(ask("infrastructure.storage", "L1"), "engineering");
    assert_eq!(ask("network.wifi", "L1"), "engineering");
    assert_eq!(ask("strategy.roadmap", "other"), "vcio");
    assert_eq!(ask("strategy.budget", "other"), "it-lead");
}

#[test]
fn a_vendor_owns_its_duty_and_somebody_else_does_without_one() {
    let query = Query { kind: "change", ..Query::new("network.internet", noon()) };
    for (names, without) in [(&["fully-managed"][..], "engineering"), (&["tools-only"], "internal-it")] {
        assert_eq!(owner(&resolver(draft(&shaped(names)).unwrap()), &query), without);
        let with = shaped(names).vendor(Vendor::isp("Fibra Norte"));
        assert_eq!(owner(&resolver(draft(&with).unwrap()), &query), "isp-support");
    }
}

#[test]
fn a_template_can_be_read_in_one_sitting() {
    for set in 0..ARRANGEMENT_SETS {
        for options in shapes_of(set, "Europe/London") {
            for options in
                [options.clone(), options.offshore(Offshore::manila()).vendor(Vendor::isp("Fibra Norte"))]
            {
                let draft = draft(&options).unwrap();
                let ids: BTreeSet<_> = draft.rows.iter().map(|row| &row.id).collect();
                assert_eq!(ids.len(), draft.rows.len(), "ids are unique");
                assert!((8..=50).contains(&draft.rows.len()), "{} rows: {options:?}", draft.rows.len());
                let numbered =
                    |id: &&&String| id.rsplit('.').next().is_some_and(|word| word.parse::<u32>().is_ok());
                assert_eq!(ids.iter().find(numbered), None, "every share has a name of its own");
            }
        }
    }
}

#[test]
fn only_people_who_are_named_are_in_the_draft() {
    let draft = draft(&shaped(&["after-hours"]).team_name("on-call", "Night watch")).unwrap();
    assert_eq!(draft.teams["on-call"].name.as_deref(), Some("Night watch"));
    assert!(!draft.teams.contains_key("internal-on-call"), "the provider has the nights");
    assert!(!draft.teams.contains_key("offshore"));
    assert!(!draft.parties.contains_key("client"));
    let error = super::super::draft(&shaped(&["after-hours"]).team_name("offshore", "Manila")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("there is no team `offshore` in this template; its teams are duty-manager, ")
    );
}

#[test]
fn options_that_make_no_sense_say_what_to_change() {
    let refused = |options: TemplateOptions| draft(&options).unwrap_err().to_string();
    let acme = || shaped(&["after-hours"]);
    let always = [("daily", "00:00-24:00")];
    for (message, part) in [
        (refused(TemplateOptions { client: " ".into(), ..acme() }), "name is empty"),
        (refused(TemplateOptions { zone: "Los Angeles".into(), ..acme() }), "America/Los_Angeles"),
        (refused(acme().holidays(["US-XX"])), "US-XX"),
        (refused(acme().office([("mon-fri", "8-18")])), "office hours: "),
        (refused(acme().office([])), "never opens"),
        (refused(acme().office([("mon", "08:00-12:00, 11:00-13:00")])), "overlap"),
        (refused(acme().in_force_from("1.1.2027")), "2027-01-01"),
        (refused(shaped(&[])), "at least one arrangement"),
        (refused(shaped(&["fully-managed", "after-hours"])), "`after-hours` divides work"),
        (refused(shaped(&["fully-managed", "internal-helpdesk"])), "`internal-helpdesk` divides work"),
        (refused(acme().office(always)), "leave out after-hours"),
        (refused(shaped(&["fully-managed", "offshore"]).office(always)), "leave out offshore"),
        (refused(acme().vendor(Vendor::new("ISP", "x", &["network.internet"]))), "no id"),
        (refused(acme().vendor(Vendor::new("provider", "x", &["network.internet"]))), "taken"),
        (refused(acme().vendor(Vendor::new("isp", "x", &[]))), "owns no service"),
        (refused(acme().vendor(Vendor::new("isp", "x", &["network.internt"]))), "`network.internet`"),
        (refused(acme().vendor(Vendor::new("isp", "x", &["network"]))), "whole branch"),
        (refused(acme().vendor(Vendor::isp("x")).vendor(Vendor::isp("y"))), "taken"),
        (
            refused(acme().vendor(Vendor::isp("x")).vendor(Vendor::new(
                "isp-support",
                "y",
                &["network.dns"],
            ))),
            "taken",
        ),
        (refused(acme().vendor(Vendor::isp("x").answering("soon"))), "soon"),
        (
            refused(acme().vendor(Vendor::isp("x")).vendor(Vendor::new("b", "y", &["network.internet"]))),
            "another vendor owns",
        ),
    ] {
        assert!(message.contains(part), "`{message}` does not say `{part}`");
    }
    let same_day = Offshore::manila().shift([("mon-fri", "09:00-17:00")]);
    let there = TemplateOptions::fully_managed("Acme", "Asia/Manila").holidays(["PH"]).offshore(same_day);
    assert_eq!(draft(&there), Err(TemplateError::OffshoreNeverHelps { zone: "Asia/Manila".into() }));
    let error = TemplateOptions::shaped("Acme", "UTC", &["after-ours"]).unwrap_err().to_string();
    assert!(error.contains("there is no template `after-ours`; there are fully-managed, "), "{error}");
}

#[test]
fn every_shape_can_be_drawn_up_by_its_name() {
    for shape in shapes() {
        let names =
            if shape.name == "offshore" { vec!["fully-managed", "offshore"] } else { vec![shape.name] };
        assert!(draft(&shaped(&names)).is_ok(), "{}", shape.name);
        assert!(shape.description.ends_with('.'), "{}", shape.name);
    }
}
