//! What a file is called: by whoever sent it, and harmless wherever it is kept.

/// The longest, in characters.
const LONGEST: usize = 120;
/// The longest ending that is kept when a name is shortened, its dot included.
const LONGEST_ENDING: usize = 12;

/// Names that are devices on Windows, whatever their ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A name without its path, without what cannot be seen or turns the text around, and not too long.
pub fn cleaned(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !hidden(*c)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { "file" } else { name };
    let stem = name.split('.').next().unwrap_or_default().trim().to_lowercase();
    let name = if DEVICES.contains(&stem.as_str()) { format!("_{name}") } else { name.to_owned() };
    shortened(&name)
}

/// The ending of a name in small letters, without its dot; empty if it has none.
pub fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

/// Control characters, and those that change the direction of a text or have no width: `exe.fdp` must not look like `pdf.exe`.
fn hidden(c: char) -> bool {
    let odd = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    // Joins the parts of one picture.
    (odd && c != '\u{200d}') || (c.is_control() && c != '\t')
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
    let ending = if ending.chars().count() <= LONGEST_ENDING { ending } else { String::new() };
    let kept: String = name.chars().take(LONGEST - 1 - ending.chars().count()).collect();
    format!("{}…{ending}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("D:\\Scans\\Plan 3.pdf", "Plan 3.pdf"),
            ("a\0b.txt", "ab.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("\u{feff}\u{200b}x.png", "x.png"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
            ("nul .tar.gz", "_nul .tar.gz"),
            ("...", "file"),
            ("", "file"),
            ("x/", "file"),
            (" .hidden ", "hidden"),
            ("line\r\nbreak.txt", "linebreak.txt"),
            ("two   words.txt", "two words.txt"),
            ("Bericht 🛠️.pdf", "Bericht 🛠️.pdf"),
            ("連絡.docx", "連絡.docx"),
        ];
        for (given, expected) in cases {
            assert_eq!(cleaned(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = cleaned(&format!("{}.pdf", "a".repeat(300)));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with("….pdf"));
        let odd = cleaned(&format!("a.{}", "b".repeat(300)));
        assert_eq!(odd.chars().count(), LONGEST);
        let pictures = cleaned(&format!("{}.png", "🛠".repeat(300)));
        assert_eq!(pictures.chars().count(), LONGEST);
    }

    #[test]
    fn what_is_clean_stays_as_it_is() {
        for given in ["a.txt", "../x", "CON", "a\u{202e}b", &"é".repeat(400)] {
            let once = cleaned(given);
            assert_eq!(cleaned(&once), once, "{given:?}");
        }
    }

    #[test]
    fn an_ending_is_behind_the_last_dot() {
        assert_eq!((ending("a.tar.GZ").as_str(), ending("a").as_str()), ("gz", ""));
    }
}
