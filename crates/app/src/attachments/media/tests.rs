use super::*;

/// The first bytes of files, as they are found in the wild, and what they are.
const HEADS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0", "image/png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "image/jpeg"),
    (b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", "image/webp"),
    (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    (b"PK\x03\x04\x14\0\0\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txt", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0", OLE),
    (b"{\\rtf1\\ansi hello}", "application/rtf"),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07\x01\0\x33", "application/vnd.rar"),
    (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", WINDOWS),
    (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d", "application/java"),
    (b"\0asm\x01\0\0\0\x01", "application/wasm"),
    (b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0", SHORTCUT),
    (b"#!/bin/sh\nrm -rf /\n", SCRIPT),
    (b"<!DOCTYPE html><script>alert(1)</script>", HTML),
    (b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", SVG),
    (b"<?xml version=\"1.0\"?><note/>", XML),
    (b"date;host;message\n2026-11-22;pier-3;down\n", PLAIN),
    (b"\xff\xfeh\0e\0l\0l\0o\0", PLAIN),
    (b"GIF89a=1;alert(document.domain)//", PLAIN),
    (b"MZ is how the log begins\n", PLAIN),
    (b"\0\x01\x02\x03\x04\x05\x06", UNKNOWN),
];

#[test]
fn a_file_is_known_by_its_first_bytes() {
    for (head, expected) in HEADS {
        assert_eq!(sniffed(head), *expected, "{}", String::from_utf8_lossy(head));
    }
}

#[test]
fn what_says_that_it_is_a_picture_is_one() {
    for (ending, own) in
        [("png", "image/png"), ("jpg", "image/jpeg"), ("gif", "image/gif"), ("webp", "image/webp")]
    {
        for (head, media) in HEADS {
            let told = told(head, &format!("Screen.{ending}"));
            assert_eq!(told.is_ok(), *media == own, "{media} as .{ending}: {told:?}");
        }
    }
}

#[test]
fn a_lie_is_named() {
    let program = HEADS.iter().find(|(_, media)| *media == WINDOWS).unwrap().0;
    let why = told(program, "Invoice.png").unwrap_err();
    assert!(why.contains("says that it is a PNG picture, and is a Windows program"), "{why}");
    let page = HEADS.iter().find(|(_, media)| *media == HTML).unwrap().0;
    assert!(told(page, "Invoice.pdf").unwrap_err().contains("is a PDF, and is HTML"));
}

#[test]
fn programs_and_scripts_are_refused_under_any_name_and_packed_ones_are_taken() {
    for (head, media) in HEADS.iter().filter(|(_, media)| PROGRAMS.contains(media)) {
        for name in ["a", "a.bin", "a.exe"] {
            assert!(told(head, name).is_err(), "{media} as {name}");
        }
    }
    for name in ["fix.ps1", "fix.BAT", "fix.js", "setup.msi", "setup.exe"] {
        let why = told(b"some text", name).unwrap_err();
        assert!(why.contains("pack it into a ZIP file"), "{why}");
    }
    let packed = HEADS.iter().find(|(_, media)| *media == ZIP).unwrap().0;
    assert_eq!(told(packed, "fix.zip"), Ok(ZIP));
}

#[test]
fn what_could_run_in_a_browser_goes_out_as_bytes() {
    for media in [HTML, SVG, XML, UNKNOWN, ZIP] {
        assert!(!is_shown(media) && served(media) == UNKNOWN, "{media}");
    }
    assert_eq!(served(PLAIN), "text/plain; charset=utf-8");
    assert_eq!(told(HEADS.iter().find(|(_, media)| *media == HTML).unwrap().0, "page.txt"), Ok(HTML));
}

#[test]
fn a_text_may_be_cut_within_a_character() {
    let text = "é".repeat(HEAD);
    assert_eq!(sniffed(&text.as_bytes()[..HEAD - 1]), PLAIN);
    assert_eq!(sniffed(b"caf\xe9 in another code page"), UNKNOWN);
}
