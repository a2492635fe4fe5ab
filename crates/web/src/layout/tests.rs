use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

fn chrome() -> Chrome {
    let mut chrome = Chrome::new("Remit", "Sites");
    chrome.nav = vec![
        Link::new("Queue", "/queue").waiting(Some("7".to_owned())),
        Link::new("Sites", "/sites").current(),
    ];
    chrome.crumbs = vec![Link::new("Harbor <&>", "/harbor")];
    chrome.viewer = Some(Viewer {
        name: "Ana".to_owned(),
        party: Hue::Provider,
        party_name: "Northwind IT".to_owned(),
        href: "/me".to_owned(),
    });
    chrome
}

#[test]
fn the_frame_says_where_one_is_and_who_is_signed_in() {
    let page = Shell::new(chrome(), "<h1>Sites</h1>").render();
    assert!(page.contains(r#"<a href="/sites" aria-current="page">Sites</a>"#), "{page}");
    assert!(
        page.contains(r#"Queue <span class="count">7<span class="unseen"> waiting</span></span>"#),
        "{page}"
    );
    assert!(page.contains("Harbor &#60;&#38;&#62;"), "{page}");
    assert!(
        page.contains(r#"<span class="mark p" title="Northwind IT" aria-hidden="true">P</span>"#),
        "{page}"
    );
    assert!(
        page.contains(r##"<a class="skip" href="#main">"##) && page.contains(r#"<main id="main""#),
        "{page}"
    );
}

#[test]
fn nothing_in_the_frame_is_inline() {
    let mut chrome = chrome();
    chrome.search = Some("/search".to_owned());
    chrome.live = Some("/live".to_owned());
    chrome.flash = Some(Flash { tone: Tone::Failed, text: "No.".to_owned() });
    let page = Shell::new(chrome, "").render();
    for inline in ["<style", " style=", " onclick", " onload", "javascript:", "<script>"] {
        assert!(!page.contains(inline), "{inline}");
    }
    assert!(page.contains(r#"role="alert">No.</p>"#));
}

#[test]
fn a_chosen_theme_is_on_the_root() {
    let mut chrome = chrome();
    chrome.theme = Some("dark");
    assert!(Shell::new(chrome, "").render().contains(r#"<html lang="en" data-theme="dark">"#));
}

#[test]
fn a_part_is_given_when_a_part_is_asked_for() {
    assert!(wants_fragment(&headers(&[("hx-request", "true")])));
    assert!(wants_fragment(&headers(&[("hx-request", "true"), ("hx-request-type", "partial")])));
    assert!(!wants_fragment(&headers(&[("hx-request", "true"), ("hx-request-type", "full")])));
    assert!(!wants_fragment(&headers(&[("hx-request", "true"), ("hx-history-restore-request", "true")])));
    assert!(!wants_fragment(&HeaderMap::new()));
}

#[tokio::test]
async fn an_answer_is_the_page_or_its_body_and_is_not_cached_for_others() {
    let shell = || Shell::new(chrome(), "<h1>Sites</h1>").status(StatusCode::UNPROCESSABLE_ENTITY);
    let part = shell().answer(&headers(&[("hx-request", "true")]));
    assert_eq!(part.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(part.headers()["vary"], "HX-Request");
    assert_eq!(part.headers()["cache-control"], "private, no-cache");
    assert_eq!(crate::testing::text(part).await, "<h1>Sites</h1>");
    assert!(crate::testing::text(shell().answer(&HeaderMap::new())).await.starts_with("<!doctype html>"));
}

#[test]
fn only_paths_of_this_site_lead_on() {
    for path in ["/", "/a", "/a?b=//c", "/a/b#c"] {
        assert_eq!(local_path(path), path);
    }
    for away in ["", "a", "//evil", "/\\evil", "https://evil", "/\t/evil", "/a\nb", "javascript:alert(1)"] {
        assert_eq!(local_path(away), "/", "{away:?}");
    }
}
