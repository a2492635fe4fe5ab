//! Drafts of any content in the normal form, hostile texts included.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::catalogue::{Arrangement, NewNode, Owner, Owners};
use crate::draft::{
    CalendarDraft, Draft, Names, PartyDraft, PartyKind, RowDraft, ServiceModel, TeamDraft, ValuesDraft,
};

/// Texts that have broken spreadsheets, and any others.
fn text() -> impl Strategy<Value = String> {
    let traps = [
        "",
        " ",
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "'=1",
        "''",
        "'",
        "[About]",
        "[",
        "\"",
        "\"\"",
        "\"a\"",
        "a, b",
        "a;b",
        "a\nb",
        "a\r\nb",
        "\n",
        " a ",
        "week:mon",
        "date:x",
        "2026-12-24",
        "1",
        "1.0",
        "true",
        "#REF!",
        "#note",
        "_x0041_",
        "_x005F_x0041_",
        "\u{0}",
        "\u{1f}",
        "\u{feff}a",
        "\u{fffe}",
        "ünï",
        "😀",
        "<a&b>",
        "]]>",
        "0012",
        "sep=;",
        "x,\"y\",z",
    ];
    prop_oneof![3 => "[a-z][a-z0-9-]{0,8}", 2 => select(traps.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn names() -> impl Strategy<Value = Names> {
    vec(text(), 0..4).prop_map(|names| names.into_iter().collect())
}

fn party() -> impl Strategy<Value = PartyDraft> {
    let kind = select(vec![PartyKind::Provider, PartyKind::Internal, PartyKind::Vendor]);
    (text(), kind).prop_map(|(name, kind)| PartyDraft { name, kind })
}

fn team() -> impl Strategy<Value = TeamDraft> {
    (option::of(text()), text(), text()).prop_map(|(name, party, hours)| TeamDraft { name, party, hours })
}

fn days() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(prop_oneof![Just("mon-fri".to_owned()), Just("2026-12-24".to_owned()), text()], text(), 0..3)
}

fn calendar() -> impl Strategy<Value = CalendarDraft> {
    (option::of(text()), days(), vec(text(), 0..3), days())
        .prop_map(|(zone, week, holidays, days)| CalendarDraft { zone, week, holidays, days })
}

fn values() -> impl Strategy<Value = ValuesDraft> {
    let list = || vec(text(), 0..4);
    (list(), list(), list(), list(), list(), list()).prop_map(
        |(tier, priority, site, asset_class, requester_group, kind)| ValuesDraft {
            tier,
            priority,
            site,
            asset_class,
            requester_group,
            kind,
        },
    )
}

fn owners() -> impl Strategy<Value = Owners> {
    let owner =
        || select(vec![Owner::Provider, Owner::Internal, Owner::Shared, Owner::Vendor, Owner::NotApplicable]);
    (owner(), owner(), vec(select(Arrangement::ALL.to_vec()), 0..3))
        .prop_map(|(managed, co_managed, provider_in)| Owners { managed, co_managed, provider_in })
}

fn service() -> impl Strategy<Value = NewNode> {
    let lists = (vec(text(), 0..3), vec(text(), 0..3));
    (text(), text(), text(), option::of(owners()), any::<bool>(), option::of(text()), lists).prop_map(
        |(id, name, description, owner, outside_fee, itil, (csf, also))| NewNode {
            id,
            name,
            description,
            owner,
            outside_fee,
            itil,
            csf,
            also,
        },
    )
}

fn row() -> impl Strategy<Value = RowDraft> {
    let conditions = (names(), names(), names(), names(), names(), names(), names());
    let people = (text(), text(), names(), names(), names());
    let promise = (option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    (text(), conditions, option::of(text()), people, promise).prop_map(
        |(id, (service, tier, priority, site, asset_class, requester_group, kind), time, people, promise)| {
            RowDraft {
                id,
                service,
                tier,
                priority,
                site,
                asset_class,
                requester_group,
                kind,
                time,
                accountable: people.0,
                responsible: people.1,
                consulted: people.2,
                informed: people.3,
                fallback: people.4,
                respond: promise.0,
                resolve: promise.1,
                clock: promise.2,
                note: promise.3,
            }
        },
    )
}

/// Any draft in the normal form.
pub(super) fn draft() -> impl Strategy<Value = Draft> {
    let model = select(vec![ServiceModel::FullyManaged, ServiceModel::CoManaged]);
    let arrangements = vec(select(Arrangement::ALL.to_vec()), 0..3);
    let about = (any::<u32>(), text(), text(), model, arrangements, any::<u32>(), option::of(text()), text());
    let maps = (
        btree_map(text(), party(), 0..3),
        btree_map(text(), team(), 0..3),
        btree_map(text(), calendar(), 0..3),
    );
    (about, maps, values(), vec(service(), 0..3), vec(row(), 0..5)).prop_map(
        |(about, (parties, teams, calendars), values, services, rows)| Draft {
            format: about.0,
            client: about.1,
            zone: about.2,
            model: about.3,
            arrangements: about.4,
            version: about.5,
            in_force_from: about.6,
            last_resort: about.7,
            parties,
            teams,
            calendars,
            values,
            services,
            rows,
        },
    )
}
