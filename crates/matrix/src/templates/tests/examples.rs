//! The matrices that ship in the folder `examples` are what the templates give, and sound.

use std::path::PathBuf;

use super::proof::findings_in;
use crate::templates::{Offshore, TemplateOptions, Vendor, draft};
use crate::text;

/// Set this variable to 1 to write the files anew instead of comparing them.
const WRITE: &str = "REMIT_WRITE_EXAMPLES";

const HEADER: &str = "\
# Serra Clara Foods and Lanternworks IT are invented. The zone and the holidays are those that the days without
# tickets in the public incident log (2016 and 2017) fit best, so that the log can be replayed under this matrix.
";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

fn serra_clara(names: &[&str]) -> TemplateOptions {
    let options = TemplateOptions::shaped("Serra Clara Foods", "America/Sao_Paulo", names).unwrap();
    let options = options.holidays(["BR"]).in_force_from("2016-01-01").vendor(Vendor::isp("Fibra Norte"));
    let internal = if names.contains(&"fully-managed") { "Serra Clara management" } else { "Serra Clara IT" };
    options.names("Lanternworks IT", internal)
}

fn is_shipped(name: &str, options: &TemplateOptions) {
    let expected = format!("{HEADER}{}", text::write(&draft(options).unwrap()));
    if std::env::var_os(WRITE).is_some_and(|value| value == "1") {
        std::fs::write(path(name), &expected).unwrap();
    }
    let shipped = std::fs::read_to_string(path(name)).unwrap();
    assert!(shipped == expected, "examples/{name} is not what the template gives; {WRITE}=1 writes it anew");
    sound(name);
}

fn sound(name: &str) {
    let text = std::fs::read_to_string(path(name)).unwrap();
    let matrix = text::read(name, &text).unwrap();
    assert_eq!(findings_in(matrix), Vec::<String>::new());
}

#[test]
fn the_fully_managed_example_is_the_template() {
    let vendors =
        serra_clara(&["fully-managed", "offshore"]).vendor(Vendor::line_of_business("Balcão Systems"));
    is_shipped("fully-managed.toml", &vendors);
}

#[test]
fn the_co_managed_example_is_the_template() {
    is_shipped("co-managed.toml", &serra_clara(&["tier-3-escalation", "after-hours", "offshore"]));
}

#[test]
fn the_example_edited_by_hand_is_sound() {
    sound("harbor-dental.toml");
}

#[test]
#[ignore = "prints the template that harbor-dental.toml was edited from"]
fn the_template_behind_harbor_dental() {
    let options =
        TemplateOptions::shaped("Harbor Dental", "America/Los_Angeles", &["fully-managed", "offshore"])
            .unwrap();
    let options = options.holidays(["US-CA"]).sites(["main-street", "marina"]).in_force_from("2026-10-01");
    let options = options.office([("mon-thu", "07:30-18:00"), ("fri", "07:30-13:00")]);
    let options =
        options.vendor(Vendor::isp("Bayline Internet")).names("Lanternworks IT", "Harbor Dental management");
    assert!(Offshore::manila() == options.offshore.clone().unwrap());
    println!("{}", text::write(&draft(&options).unwrap()));
}
