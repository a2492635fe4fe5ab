//! Without a pointer.

use super::World;

#[test]
fn the_keyboard_alone_leads_from_the_link_to_an_answer() {
    let Some(world) = World::demo() else { return };
    let mut page = world.somebody();
    page.open(&world.product.link("Internal IT"));
    page.tab_to("Sign in");
    page.enter();
    page.tab_to("Ardent Manufacturing");
    page.enter();
    page.tab_to("Who owns what");
    page.enter();
    page.tab_to("open all");
    page.enter();
    assert_eq!(page.eval("return document.querySelectorAll('details.branch:not([open])').length"), 0);
    while page.eval("return document.activeElement.tagName") != "SUMMARY" {
        page.key("Tab");
        assert_eq!(page.eval("return document.hasFocus() && document.activeElement !== document.body"), true);
    }
    page.key("Space");
    assert_eq!(page.eval("return document.activeElement.parentElement.open"), false, "it closes");
    page.key("w");
    assert_eq!(page.eval("return document.activeElement.name"), "service", "w asks who");
    page.type_text("failed backup");
    page.enter();
    page.says("Takes it then");
    page.is_sound("", &[]);
}

#[test]
fn the_first_key_of_a_page_offers_to_skip_to_its_content() {
    let Some(world) = World::demo() else { return };
    let mut page = world.sign_in("Owner");
    page.key("Tab");
    assert_eq!(page.eval("return document.activeElement.textContent"), "Skip to content");
    page.key("Enter");
    page.until("document.activeElement.id === 'main'");
    page.is_sound("", &[]);
}
