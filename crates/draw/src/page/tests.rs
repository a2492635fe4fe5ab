use std::collections::BTreeSet;

use super::*;
use crate::chart::tests::{HOSTILE, attribute, every_chart, tags};
use crate::{Bars, Cell, Column, Figure, Hue, Table, Unit};

/// A page with every part, and `text` wherever a text can be given.
fn page(text: &str) -> Page {
    let table = Table::new(text).column(Column::text(text)).column(Column::number(text)).group(text);
    let table = table.row([Cell::text(text), Cell::count(1234)]).row([Cell::who(Hue::Provider, text)]);
    let table = table.total([Cell::text(text), Cell::share(0.5), Cell::text("one too many")]);
    let section =
        Section::new(text, text).text(text).note(text).heading(text).list([text]).facts([(text, text)]);
    let section =
        section.table(&table).signatures([text]).markup(Html::link(text, text).then(Html::mono(text)));
    let charts = every_chart(text).into_iter().map(|chart| Figure::boxed(chart).note(text));
    let charts = charts.fold(Section::new("charts", text), Section::figure);
    Page::new(text)
        .subtitle(text)
        .language(text)
        .figure(KeyFigure::new(text, text).note(text))
        .section(section)
        .section(charts)
        .footnote(text)
        .credit(Html::strong(text).then(Html::quiet(text)))
}

/// The page without its script, which is not XML.
fn as_xml(html: &str) -> String {
    let (before, rest) = html.split_once("<script>").expect("a page has its script");
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    before.strip_prefix("<!doctype html>").expect("a page is HTML").to_owned() + after
}

#[test]
fn a_page_is_well_formed_whatever_its_texts_are() {
    for text in ["plain", "", HOSTILE] {
        let html = page(text).render();
        let tags = tags(&as_xml(&html));
        assert_eq!(html.matches("<script").count(), 1, "only the page's own script");
        let handlers =
            tags.iter().flat_map(|tag| ["onclick", "onload", "onerror"].map(|name| attribute(tag, name)));
        assert_eq!(handlers.flatten().count(), 0);
    }
}

#[test]
fn a_page_asks_nothing_of_any_network() {
    let html = page("plain").render();
    let tags = tags(&as_xml(&html));
    for name in ["src", "srcset", "data", "poster", "action"] {
        assert!(tags.iter().all(|tag| attribute(tag, name).is_none()), "{name}");
    }
    assert!(tags.iter().all(|tag| tag.name().as_ref() != "link"));
    for call in ["@import", "@font-face", "fetch(", "XMLHttpRequest", "url(http", "import("] {
        assert!(!html.contains(call), "{call}");
    }
    assert!(html.contains("default-src 'none'") || html.contains("default-src &#39;none&#39;"));
}

#[test]
fn every_id_of_a_page_is_used_once_and_every_inner_link_has_its_target() {
    let html = page("plain").render();
    let tags = tags(&as_xml(&html));
    let ids: Vec<String> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for link in tags.iter().filter_map(|tag| attribute(tag, "href")) {
        let target = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} is an inner link"));
        assert!(ids.iter().any(|id| id == target), "{link}");
    }
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    assert_eq!(page("x").render(), page("x").render());
}

#[test]
fn a_row_has_as_many_cells_as_there_are_columns() {
    let table = Table::new("t").column(Column::text("a")).column(Column::number("b"));
    let html = table.row([Cell::text("one")]).row([Cell::text("1"), Cell::count(2), Cell::count(3)]).html();
    assert_eq!(html.as_str().matches("<td").count(), 2);
    assert!(html.as_str().contains("<td class=\"num\" data-key=\"2\">2</td>"));
}

#[test]
fn a_table_with_groups_cannot_be_sorted() {
    let table = Table::new("t").column(Column::text("a")).row([Cell::text("one")]);
    assert!(table.html().as_str().contains("sortable"));
    assert!(!table.group("g").html().as_str().contains("sortable"));
}

#[test]
fn a_figure_stands_for_wide_and_narrow_screens_with_its_table() {
    let bars = || Figure::new(Bars::new("Held", Unit::count("tickets")).bar("Network", 4242.0));
    let html = Page::new("t").section(Section::new("s", "S").figure(bars())).render();
    assert_eq!(html.matches("<svg").count(), 2);
    assert!(html.contains("<details>"));
    let without = Page::new("t").section(Section::new("s", "S").figure(bars().without_table())).render();
    assert!(!without.contains("<details>"));
}

#[test]
fn a_line_on_every_sheet_cannot_leave_the_stylesheet() {
    let page = Page::new("t").running("</style><b>\"}\\", "v3").render();
    assert!(page.contains("content: \"\\3c /style\\3e \\3c b\\3e \\22 \\7d \\5c \""), "{page}");
    assert!(page.contains("content: \"v3\"") && page.contains("counter(pages)"));
}
