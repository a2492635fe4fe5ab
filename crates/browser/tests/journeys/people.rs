//! Somebody is suspended, comes back, and leaves.

use super::World;

#[test]
fn a_technician_is_suspended_reinstated_and_seen_out() {
    let Some(world) = World::demo() else { return };
    let (mut owner, mut technician) = (world.sign_in("Owner"), world.sign_in("Technician"));
    technician.open("/me");
    let name = technician.eval("return document.querySelector('h1').textContent.trim();");
    let name = name.as_str().expect("it is a text").to_owned();
    owner.follow("People");
    world.check(&mut owner);
    while !owner.text().contains(&name) {
        owner.follow("More");
    }
    owner.follow(&name);
    world.check(&mut owner);
    owner.follow("Suspend");
    world.check(&mut owner);
    owner.follow("Suspend");
    owner.says("suspended");
    world.check(&mut owner);
    technician.open("/clients");
    assert!(technician.address().starts_with("/sign-in"), "their sessions end at once");
    owner.follow("Reinstate");
    world.check(&mut owner);
    owner.follow("Reinstate");
    owner.follow("Departure");
    world.check(&mut owner);
    owner.follow("See them out");
    owner.says("left");
    world.check(&mut owner);
    owner.follow("Audit");
    owner.says("person.leave");
    world.check(&mut owner);
}
