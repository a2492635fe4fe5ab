//! Where the clients work, whom to call there, and in which teams people are.

use remit_core::Id;
use remit_db::Tx;

use super::names::Names;
use super::story::{Story, ZONE};
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

/// The teams of the provider: name, zone, role of its people.
const TEAMS: [(&str, &str, Role); 2] = [
    ("Service desk Los Angeles", ZONE, Role::Technician),
    ("Service desk Manila", "Asia/Manila", Role::OffshoreTechnician),
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

/// The teams of the provider.
pub fn teams(tx: &mut Tx<'_, '_>, act: &Act, party: Id<Party>, staff: &[Member]) -> Result<(), Refused> {
    for (name, zone, role) in TEAMS {
        let people: Vec<&Member> = staff.iter().filter(|member| member.role == role).collect();
        gather(tx, act, party, (name, zone), &people)?;
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
