use super::*;

#[test]
fn the_built_in_catalogue_reads() {
    assert!(Catalogue::builtin().get("helpdesk").is_some());
}
