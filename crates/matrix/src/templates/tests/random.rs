//! Any options that a template accepts give a sound matrix.

use proptest::prelude::*;

use super::proof::findings;
use super::{ARRANGEMENT_SETS, set_of};
use crate::catalogue::Catalogue;
use crate::templates::{Offshore, TemplateError, TemplateOptions, Vendor, draft};

const ANY_ZONE: [&str; 10] = [
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Manila",
    "Pacific/Chatham",
];
const ANY_HOLIDAYS: [&str; 6] = ["US-CA", "GB-SCT", "DE-BY", "PH", "BR", "AU"];
const DAYS: [&str; 5] = ["mon-fri", "daily", "mon-sat", "sun-thu", "tue, thu"];

fn week() -> impl Strategy<Value = Vec<(String, String)>> {
    let window = (0u32..24 * 4, 1u32..24 * 4).prop_map(|(start, length)| {
        let text = |quarters: u32| format!("{:02}:{:02}", quarters / 4 % 24, quarters % 4 * 15);
        format!("{}-{}", text(start), text(start + length))
    });
    (prop::sample::select(&DAYS[..]), window).prop_map(|(days, window)| vec![(days.to_owned(), window)])
}

fn zone() -> impl Strategy<Value = String> {
    prop::sample::select(&ANY_ZONE[..]).prop_map(str::to_owned)
}

fn holidays() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(&ANY_HOLIDAYS[..], 0..3)
        .prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}

fn offshore() -> impl Strategy<Value = Option<Offshore>> {
    let there = (zone(), week(), holidays());
    let there = there.prop_map(|(zone, week, holidays)| Offshore {
        place: "Elsewhere".to_owned(),
        zone,
        week,
        holidays,
    });
    prop::option::of(there)
}

/// One or two vendors with any services below the branches, never the same ones.
fn vendors() -> impl Strategy<Value = Vec<Vendor>> {
    let services: Vec<_> =
        Catalogue::builtin().nodes().iter().filter(|node| node.depth > 0 && node.is_leaf()).collect();
    let ids: Vec<String> = services.iter().map(|node| node.id.to_string()).collect();
    prop::sample::subsequence(ids, 0..6).prop_map(|ids| {
        let halves = ids.chunks(3).enumerate();
        let vendor = |(number, ids): (usize, &[String])| {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let vendor = Vendor::new(&format!("vendor-{number}"), "Some vendor", &ids).answering("6h");
            if number == 0 { vendor.at_any_hour() } else { vendor }
        };
        halves.map(vendor).collect()
    })
}

fn options() -> impl Strategy<Value = TemplateOptions> {
    let shape = (0..ARRANGEMENT_SETS, any::<bool>());
    (shape, zone(), holidays(), week(), offshore(), vendors()).prop_map(
        |((set, internal_helpdesk), zone, holidays, office, offshore, vendors)| {
            let base = match (set, internal_helpdesk) {
                (0, false) => TemplateOptions::fully_managed("Acme", &zone),
                (set, _) => TemplateOptions::co_managed("Acme", &zone, &set_of(set)),
            };
            TemplateOptions { internal_helpdesk, offshore, vendors, holidays, office, ..base }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_options_are_sound_or_say_why_not(options in options()) {
        match draft(&options) {
            Ok(_) => prop_assert_eq!(findings(&options), Vec::<String>::new()),
            // The only options drawn here that make no sense: help for hours that do not exist.
            Err(TemplateError::NothingAfterHours(_) | TemplateError::OffshoreNeverHelps { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
