use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::*;

mod duties;
mod finding;

fn node(id: &str) -> NewNode {
    NewNode { id: id.to_owned(), name: format!("Service {id}"), ..NewNode::default() }
}

#[test]
fn the_built_in_catalogue_has_the_size_of_a_real_one() {
    let catalogue = Catalogue::builtin();
    let branches = catalogue.roots().filter(|root| !root.is_other()).count();
    assert!(catalogue.listed().count() >= 120, "{} services", catalogue.listed().count());
    assert!((12..=18).contains(&branches), "{branches} branches");
    assert!(catalogue.listed().all(|service| service.depth <= 2));
    assert!(catalogue.leaf_count() <= 256, "four machine words hold a set of leaves");
}

#[test]
fn every_service_says_what_it_is_who_owns_it_and_where_it_belongs() {
    for service in Catalogue::builtin().listed() {
        let words = service.description.split_whitespace().count();
        assert!((5..=35).contains(&words), "{}: {words} words", service.id);
        assert!(service.description.ends_with('.'), "{}", service.id);
        assert!(service.itil.is_some(), "{}: every duty belongs to one ITIL practice", service.id);
        assert_eq!(service.origin, Origin::BuiltIn);
    }
}

#[test]
fn the_built_in_entries_write_their_owners_down_instead_of_inheriting_them() {
    let file: CatalogueFile = toml::from_str(include_str!("catalogue.toml")).unwrap();
    assert!(file.service.iter().all(|entry| entry.owner.is_some()));
}

#[test]
fn ids_names_and_other_names_are_unique() {
    let mut ids = HashSet::new();
    let mut names: HashMap<String, &str> = HashMap::new();
    for service in Catalogue::builtin().listed() {
        assert!(ids.insert(&service.id), "{}", service.id);
        for name in service.also.iter().chain([&service.name]) {
            let before = names.insert(name.to_lowercase(), &service.id);
            assert!(before.is_none(), "{name} names both {before:?} and {}", service.id);
        }
    }
}

#[test]
fn other_names_do_not_repeat_what_the_search_sees_as_the_same() {
    let mut seen: HashMap<Vec<String>, &str> = HashMap::new();
    let mut twice = Vec::new();
    for service in Catalogue::builtin().listed() {
        for name in service.also.iter().chain([&service.name]) {
            let before = seen.insert(search::words(name), &service.id);
            twice.extend(before.filter(|id| **id != *service.id).map(|id| (name, id, &service.id)));
        }
    }
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn every_framework_reference_is_in_force() {
    for service in Catalogue::builtin().listed() {
        let distinct: HashSet<_> = service.csf.iter().collect();
        assert_eq!(distinct.len(), service.csf.len(), "{}", service.id);
        for id in &service.csf {
            assert!(CSF_SUBCATEGORIES.contains(&id.as_str()), "{}: {id}", service.id);
        }
        assert!(service.itil.as_ref().is_none_or(|name| ITIL_PRACTICES.contains(&name.as_str())));
    }
    assert_eq!(CSF_SUBCATEGORIES.iter().collect::<HashSet<_>>().len(), 106);
    assert_eq!(ITIL_PRACTICES.iter().collect::<HashSet<_>>().len(), 34);
}

#[test]
fn the_list_of_subcategories_is_the_one_nist_published() {
    let Some(folder) = std::env::var_os("REMIT_DATA") else {
        eprintln!("skipped: REMIT_DATA does not name the folder with oscal/NIST_CSF_v2.0_catalog.xml");
        return;
    };
    let text = std::fs::read_to_string(Path::new(&folder).join("oscal/NIST_CSF_v2.0_catalog.xml")).unwrap();
    let controls =
        text.split("<control id=\"").skip(1).map(|control| control.split("</control>").next().unwrap());
    let in_force: Vec<&str> = controls
        .filter(|control| control.contains("class=\"subcategory\"") && control.contains("name=\"example\""))
        .map(|control| control.split_once('"').unwrap().0)
        .collect();
    assert_eq!(in_force, CSF_SUBCATEGORIES);
}

#[test]
fn intervals_of_leaves_nest_and_leave_nothing_out() {
    let catalogue = Catalogue::builtin().extended(vec![node("patching.os.windows"), node("zoo")]).unwrap();
    let mut next = 0;
    for root in catalogue.roots() {
        assert_eq!(root.leaves().start, next);
        next = root.leaves().end;
    }
    assert_eq!(next, catalogue.leaf_count());
    for service in catalogue.nodes() {
        let children: Vec<_> = catalogue.children(&service.id).collect();
        if service.is_leaf() {
            assert!(children.is_empty());
            assert_eq!(service.leaves().len(), 1, "{}", service.id);
            assert_eq!(catalogue.leaf(service.leaves().start).unwrap().id, service.id);
            continue;
        }
        assert_eq!(children[0].leaves().start, service.leaves().start);
        assert!(children.windows(2).all(|pair| pair[0].leaves().end == pair[1].leaves().start));
        let last = children.last().unwrap();
        assert_eq!(last.leaves().end, service.leaves().end);
        assert_eq!(*last.id, format!("{}.other", service.id));
        assert!(children.iter().all(|child| catalogue.parent(&child.id).unwrap().id == service.id));
    }
    assert_eq!(&*catalogue.roots().last().unwrap().id, OTHER);
}

#[test]
fn a_range_of_leaves_is_named_by_the_widest_services() {
    let catalogue = Catalogue::builtin();
    let ids = |range| catalogue.covering(range).iter().map(|node| node.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(catalogue.leaves("patching").unwrap()), ["patching"]);
    let intake = catalogue.leaves("helpdesk.intake").unwrap();
    let triage = catalogue.leaves("helpdesk.triage").unwrap();
    assert_eq!(ids(intake.start + 4..triage.end), ["helpdesk.intake.other", "helpdesk.triage"]);
    assert_eq!(ids(3..3), [""; 0]);
    let everything = ids(0..catalogue.leaf_count());
    assert_eq!(everything.len(), catalogue.roots().count());
}

#[test]
fn a_clients_services_keep_the_meaning_of_the_old_ids() {
    let before = Catalogue::builtin();
    let after = before
        .extended(vec![
            node("applications.finance.payroll"),
            node("farm"),
            node("farm.tractors"),
            node("patching.telemetry"),
        ])
        .unwrap();
    for old in before.nodes() {
        let new = after.get(&old.id).unwrap();
        assert_eq!((&new.name, &new.owner), (&old.name, &old.owner));
    }
    assert_eq!(after.leaf_count(), before.leaf_count() + 4, "payroll, tractors, farm.other and telemetry");
    let finance = after.leaves("applications.finance").unwrap();
    assert!(before.get("applications.finance").unwrap().is_leaf());
    assert_eq!(finance.len(), 2, "what it was is now payroll and the rest");
    assert_eq!(after.leaf(finance.end - 1).unwrap().id.as_ref(), "applications.finance.other");
    let patching: Vec<_> = after.children("patching").map(|child| child.id.to_string()).collect();
    assert_eq!(patching[patching.len() - 2..], ["patching.telemetry", "patching.other"]);
    assert_eq!(after.get("farm").unwrap().origin, Origin::Client);
}

#[test]
fn an_added_service_without_owners_has_those_of_its_parent() {
    let catalogue =
        Catalogue::builtin().extended(vec![node("applications.plant.line-3"), node("farm")]).unwrap();
    let plant = catalogue.get("applications.plant").unwrap();
    assert_eq!(catalogue.get("applications.plant.line-3").unwrap().owner, plant.owner);
    assert_eq!(catalogue.get("farm").unwrap().owner.co_managed, Owner::Shared);
}

#[test]
fn a_parent_may_be_added_after_its_child() {
    let catalogue = Catalogue::builtin().extended(vec![node("farm.tractors"), node("farm")]).unwrap();
    assert_eq!(catalogue.parent("farm.tractors").unwrap().id.as_ref(), "farm");
    assert_eq!(catalogue.get("farm.tractors").unwrap().depth, 1);
}

#[test]
fn an_extended_catalogue_can_be_extended_again() {
    let once = Catalogue::builtin().extended(vec![node("farm")]).unwrap();
    let twice = once.extended(vec![node("farm.tractors")]).unwrap();
    assert_eq!(twice.get("farm").unwrap().origin, Origin::Client);
    assert_eq!(twice.leaves("farm").unwrap().len(), 2);
    assert_eq!(
        once.extended(vec![node("farm")]).unwrap_err(),
        ExtendError::Duplicate { id: "farm".to_owned() }
    );
}

#[test]
fn wrong_additions_are_refused_with_a_way_out() {
    let refuse = |added| Catalogue::builtin().extended(vec![added]).unwrap_err().to_string();
    assert!(refuse(node("patchin.tractors")).contains("did you mean `patching`?"));
    assert!(refuse(node("patching.os")).contains("in the catalogue already"));
    assert!(refuse(node("patching.other")).contains("`other` is reserved"));
    assert!(refuse(node("other")).contains("`other` is reserved"));
    assert!(refuse(node("patching.other.more")).contains("`other` is reserved"));
    for bad in ["", ".", "a..b", "Farm", "farm house", "-a", "a-", "ä", "a.b.c.d.e.f.g"] {
        assert!(refuse(node(bad)).contains("lower-case words"), "{bad}");
    }
    assert!(refuse(node(&"a".repeat(1_000_000))).len() < 400);
    assert!(refuse(NewNode { name: " ".to_owned(), ..node("farm") }).contains("no name"));
    assert!(refuse(NewNode { name: "x".repeat(201), ..node("farm") }).contains("200 characters"));
    assert!(refuse(NewNode { description: "x".repeat(2_001), ..node("farm") }).contains("2000 characters"));
    assert!(refuse(NewNode { csf: vec!["PR.IP-04".to_owned()], ..node("farm") }).contains("`PR.IP-04`"));
    assert!(refuse(NewNode { itil: Some("Farming".to_owned()), ..node("farm") }).contains("`Farming`"));
    let many = (0..MAX_NODES).map(|number| node(&format!("n{number}"))).collect();
    assert!(matches!(Catalogue::builtin().extended(many), Err(ExtendError::TooMany { .. })));
}

#[test]
fn each_co_managed_arrangement_gives_the_provider_something_and_leaves_the_rest_inside() {
    let catalogue = Catalogue::builtin();
    let owner = |id: &str, arrangement| catalogue.get(id).unwrap().owner.in_arrangements(&[arrangement]);
    assert_eq!(owner("delivery.tools.rmm", Arrangement::ToolsOnly), Owner::Provider);
    assert_eq!(owner("helpdesk.tier-3", Arrangement::Tier3Escalation), Owner::Provider);
    assert_eq!(owner("incidents.after-hours", Arrangement::AfterHours), Owner::Provider);
    assert_eq!(owner("projects.cloud-migration", Arrangement::ProjectAugmentation), Owner::Provider);
    assert_eq!(owner("security.soc", Arrangement::HybridExpertise), Owner::Provider);
    assert_eq!(owner("strategy.roadmap", Arrangement::StrategicPartnership), Owner::Provider);
    for arrangement in Arrangement::ALL {
        assert_eq!(owner("helpdesk.tier-1", arrangement), Owner::Internal);
        assert_eq!(owner("network.internet", arrangement), Owner::Vendor);
        assert_eq!(owner("delivery.mentoring", arrangement), Owner::Provider);
    }
}

#[test]
fn where_the_provider_is_the_whole_it_department_nothing_is_left_to_internal_it() {
    for service in Catalogue::builtin().listed() {
        assert!(!matches!(service.owner.managed, Owner::Internal | Owner::Shared), "{}", service.id);
    }
}

#[test]
fn the_document_lists_every_service_once() {
    let catalogue = Catalogue::builtin();
    let text = catalogue.to_markdown();
    for service in catalogue.listed() {
        assert_eq!(text.matches(&format!("| `{}` |", service.id)).count(), 1, "{}", service.id);
    }
    assert_eq!(text.matches("\n## ").count(), catalogue.roots().count() - 1);
    let columns = |line: &&str| line.replace("\\|", "").matches('|').count() == 8;
    assert!(text.lines().filter(|line| line.starts_with('|')).all(|line| columns(&line)));
}

#[test]
fn a_bar_or_a_line_break_in_a_clients_text_does_not_break_the_table() {
    let added = NewNode { description: "one | two\nthree".to_owned(), ..node("farm") };
    let text = Catalogue::builtin().extended(vec![added]).unwrap().to_markdown();
    assert!(text.contains("one \\| two three"));
}
