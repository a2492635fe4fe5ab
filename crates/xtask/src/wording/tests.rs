use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn work_that_is_put_off_is_found_with_its_line() {
    let text = ["fine", "// ", PUT_OFF[0], ": later"];
    let found = phrases(&file("a.rs", &format!("{}\n{}{}{}\n", text[0], text[1], text[2], text[3])));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("a.rs:2: "), "{found:?}");
}

#[test]
fn a_word_inside_another_is_not_found() {
    assert!(!has_word(&format!("MAS{}N", PUT_OFF[0]), PUT_OFF[0]));
    assert!(has_word(&format!("({})", PUT_OFF[0]), PUT_OFF[0]));
}

#[test]
fn a_machine_path_is_found_except_in_the_gate() {
    let text = format!("see {}x", MACHINE[1]);
    assert_eq!(phrases(&file("README.md", &text)).len(), 1);
    assert!(phrases(&file(GATE, &text)).is_empty());
}

#[test]
fn a_lint_may_only_be_expected_and_with_a_reason() {
    let attribute = |word: &str, inside: &str| format!("#[{word}({inside})]\nfn f() {{}}\n");
    let found = |text: &str| lints(&file("a.rs", text)).len();
    assert_eq!(found(&attribute(&["al", "low"].concat(), "dead_code")), 1);
    assert_eq!(found(&attribute(&["exp", "ect"].concat(), "dead_code")), 1);
    assert_eq!(found(&attribute(&["exp", "ect"].concat(), "dead_code, reason = \"kept for the format\"")), 0);
}
