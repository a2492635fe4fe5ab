//! The routes as the sources of the slices write them.

use std::collections::BTreeSet;
use std::path::Path;

/// Where a route is tested elsewhere, with what belongs to it.
pub const ELSEWHERE: [&str; 1] = ["/api"];

/// The routes in the sources of the slices, as method and path.
pub fn routes_in_sources() -> BTreeSet<(String, String)> {
    fn walk(folder: &Path, found: &mut BTreeSet<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.to_string_lossy().contains("tests")
            {
                routes_of(&std::fs::read_to_string(&path).unwrap(), found);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn routes_of(text: &str, found: &mut BTreeSet<(String, String)>) {
    for part in text.split(".route(").skip(1) {
        let Some((path, rest)) = part.trim_start().strip_prefix('"').and_then(|part| part.split_once('"'))
        else {
            continue;
        };
        // Up to the parenthesis that closes `.route(`.
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let methods = &rest[..end.unwrap_or(rest.len())];
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods.contains(&format!("{method}(")) {
                found.insert((method.to_uppercase(), path.to_owned()));
            }
        }
    }
}
