//! Where the clients work, whom to call there, and in which teams people are.

use remit_core::Id;
use remit_db::Tx;

use super::names::Names;
use super::story::Story;
use crate::act::Act;
use crate::clients::{self, Client, ContactText};
use crate::people::{self, Member, Party, Role};
use crate::refused::Refused;

/// The sites of each client, by its domain.
const PLACES: [(&str, &[&str]); 12] = [
    ("harbor-dental.example", &["Harbor Street practice", "Lakeside practice"]),
    ("bellweather.example", &["Chambers on Cedar Street"]),
    ("copperkettle.example", &["Head office", "Bakery", "Cold store"]),
    ("quincerowe.example", &["Studio"]),
    ("serraclara.example", &["Main hospital", "Day clinic", "Records centre"]),
    ("ardent.example", &["Head office", "Plant Joliet", "Plant Rockford"]),
    ("meridian.example", &["Main branch", "Mesa branch", "Operations centre"]),
    ("tidewater.example", &["Terminal", "Dispatch"]),
    ("lumen.example", &["Laboratory", "Offices"]),
    ("granite.example", &["Granite Tower", "Claims office"]),
    ("northgate.example", &["District office", "North high school", "West elementary school"]),
    ("palisade.example", &["Bayview hotel", "Old Town hotel"]),
];

/// The teams of the provider that the matrices name: name, role of their people, and which of those.
const TEAMS: [(&str, Role, std::ops::Range<usize>); 7] = [
    ("Service desk", Role::Technician, 0..5),
    ("Engineers for servers, network and cloud", Role::Technician, 5..9),
    ("On-call engineer", Role::Technician, 3..7),
    ("Security and compliance", Role::Technician, 7..9),
    ("Manila desk", Role::OffshoreTechnician, 0..8),
    ("Duty manager", Role::ServiceManager, 0..2),
    ("vCIO and account management", Role::Owner, 0..1),
];

/// Sites and contacts of a client, and the team of its internal IT where it has one.
pub fn furnish(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    story: &Story,
    (client, n): (Id<Client>, usize),
    people: &[Member],
) -> Result<(), Refused> {
    let places =
        PLACES.iter().find(|(domain, _)| *domain == story.domain).map_or(&[][..], |(_, places)| places);
    let mut sites = Vec::new();
    for place in places {
        sites.push(clients::add_site(tx, act, client, place, story.zone)?);
    }
    let mut names = Names::new(700 + n * 3, story.domain);
    for (i, (site, about)) in
        sites.iter().zip(["reception, keys, visitors", "deliveries, doors", "the site"]).enumerate()
    {
        let (name, email) = names.next();
        let phone = format!("555-01{:02}", (n * 3 + i) % 100);
        let text = ContactText { name, about: about.to_owned(), email, phone, site: Some(*site) };
        clients::add_contact(tx, act, client, &text)?;
    }
    if let Some(approver) = people.iter().find(|member| member.role == Role::ClientApprover) {
        let (name, email) = (approver.name.clone(), approver.email.clone());
        let about = "approvals, the agreement".to_owned();
        let text =
            ContactText { name, about, email, phone: format!("555-02{n:02}"), site: sites.first().copied() };
        clients::add_contact(tx, act, client, &text)?;
    }
    let internal: Vec<&Member> = people.iter().filter(|member| member.role == Role::ClientIt).collect();
    if let Some(first) = internal.first() {
        gather(tx, act, first.party, ("Internal IT", story.zone), &internal)?;
    }
    Ok(())
}

/// Puts the provider's people into its teams, which are there since matrices were signed that name them.
pub fn teams(tx: &mut Tx<'_, '_>, act: &Act, party: Id<Party>, staff: &[Member]) -> Result<(), Refused> {
    let known = people::teams(tx, act)?;
    for (name, role, which) in TEAMS {
        let team =
            known.iter().find(|team| team.party == party && team.name == name).ok_or(Refused::NotFound)?.id;
        let people: Vec<&Member> = staff.iter().filter(|member| member.role == role).collect();
        for member in &people[which] {
            people::join_team(tx, act, team, member.id)?;
        }
    }
    Ok(())
}

/// Puts internal IT into the teams that a client's matrix names besides its own, which are there since it was signed.
pub fn internal_teams(tx: &mut Tx<'_, '_>, act: &Act, internal: &[Member]) -> Result<(), Refused> {
    let Some(head) = internal.first() else { return Ok(()) };
    for team in people::teams(tx, act)? {
        if team.party != head.party || team.size > 0 {
            continue;
        }
        let people = if team.name.starts_with("Head") { &internal[..1] } else { internal };
        people.iter().try_for_each(|member| people::join_team(tx, act, team.id, member.id))?;
    }
    Ok(())
}

fn gather(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    party: Id<Party>,
    (name, zone): (&str, &str),
    people: &[&Member],
) -> Result<(), Refused> {
    let team = people::found_team(tx, act, party, name, zone)?;
    people.iter().try_for_each(|member| people::join_team(tx, act, team, member.id))
}
