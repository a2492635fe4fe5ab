//! What a file is: seen in its first bytes, and compared with what its name says.

#[cfg(test)]
mod tests;

use super::name::ending;

/// How many of the first bytes are looked at.
pub const HEAD: usize = 8192;

/// What nobody can tell.
const UNKNOWN: &str = "application/octet-stream";
const PLAIN: &str = "text/plain";
const HTML: &str = "text/html";
const XML: &str = "text/xml";
const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/x-shellscript";
const OLE: &str = "application/x-ole-storage";
const SHORTCUT: &str = "application/x-ms-shortcut";
const WINDOWS: &str = "application/vnd.microsoft.portable-executable";
const ZIP: &str = "application/zip";

/// What runs when it is opened.
const PROGRAMS: [&str; 9] = [
    WINDOWS,
    SHORTCUT,
    SCRIPT,
    "application/x-executable",
    "application/x-mach-binary",
    "application/java",
    "application/wasm",
    "application/vnd.android.dex",
    "application/vnd.android.dey",
];

/// Endings by which a machine knows that it is to run a file.
const RUNS: [&str; 39] = [
    "appx", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "inf", "jar", "js", "jse", "ksh", "lnk", "mjs",
    "msc", "msi", "msix", "msp", "pif", "pl", "ps1", "psd1", "psm1", "py", "pyw", "rb", "reg", "scf", "scr",
    "sh", "sys", "url", "vb", "vbe", "vbs", "wsf", "wsh", "bash",
];

/// What a browser shows rather than keeps.
const SHOWN: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", PLAIN];

/// Of what an ending says: the ending, what the bytes may be then, and in words what it says.
const SAID: &[(&[&str], &[&str], &str)] = &[
    (&["png"], &["image/png"], "a PNG picture"),
    (&["jpg", "jpeg", "jfif"], &["image/jpeg"], "a JPEG picture"),
    (&["gif"], &["image/gif"], "a GIF picture"),
    (&["webp"], &["image/webp"], "a WebP picture"),
    (&["bmp"], &["image/bmp"], "a BMP picture"),
    (&["tif", "tiff"], &["image/tiff"], "a TIFF picture"),
    (&["heic", "heif"], &["image/heif"], "a HEIF picture"),
    (&["svg"], &[SVG, XML, HTML, PLAIN], "an SVG drawing"),
    (&["pdf"], &["application/pdf"], "a PDF"),
    (
        &["zip", "docx", "xlsx", "pptx", "docm", "xlsm", "odt", "ods", "odp", "vsdx"],
        &[ZIP],
        "an Office document or a ZIP file",
    ),
    (&["doc", "xls", "ppt", "msg"], &[OLE, "application/rtf"], "an older Office document"),
    (&["rtf"], &["application/rtf"], "an RTF text"),
    (&["gz", "tgz"], &["application/gzip"], "a gzip file"),
    (&["7z"], &["application/x-7z-compressed"], "a 7-Zip file"),
    (&["rar"], &["application/vnd.rar"], "a RAR file"),
    (&["mp3"], &["audio/mpeg"], "an MP3 recording"),
    (&["mp4", "m4v", "mov"], &["video/mp4", "video/x-m4v", "video/quicktime"], "a video"),
    (
        &[
            "txt", "log", "csv", "tsv", "md", "json", "ini", "conf", "yml", "yaml", "eml", "ics", "vcf",
            "xml", "html", "htm",
        ],
        &[PLAIN, HTML, XML, SVG],
        "a text",
    ),
];

/// What a file is, from its first bytes and its name: a media type, or why it is refused.
pub fn told(head: &[u8], name: &str) -> Result<&'static str, String> {
    let (media, ending) = (sniffed(head), ending(name));
    let said = SAID.iter().find(|(endings, ..)| endings.contains(&ending.as_str()));
    if let Some((_, may, says)) = said.filter(|(_, may, _)| !may.contains(&family(media))) {
        let _ = may;
        return Err(format!(
            "“{name}” says that it is {says}, and is {}: send it as what it is",
            words(media)
        ));
    }
    if PROGRAMS.contains(&media) || RUNS.contains(&ending.as_str()) {
        let is = if PROGRAMS.contains(&media) { words(media) } else { "a program or a script" };
        return Err(format!(
            "“{name}” is {is}, which runs when somebody opens it: pack it into a ZIP file and send that"
        ));
    }
    Ok(media)
}

/// What the first bytes are.
fn sniffed(head: &[u8]) -> &'static str {
    if head.starts_with(b"%PDF-") {
        return "application/pdf";
    }
    if head.starts_with(b"{\\rtf") {
        return "application/rtf";
    }
    if is_text(head) {
        return text(head);
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return OLE;
    }
    if head.starts_with(&[0x4c, 0, 0, 0, 1, 0x14, 2, 0]) {
        return SHORTCUT;
    }
    if head.starts_with(b"\x7fELF") {
        return "application/x-executable";
    }
    match infer::get(head).map(|found| found.mime_type()) {
        // Two bytes are no proof of anything.
        None | Some("application/x-llvm" | "application/x-executable") => UNKNOWN,
        Some(media) => media,
    }
}

/// Which text.
fn text(head: &[u8]) -> &'static str {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let begins = String::from_utf8_lossy(&head[..head.len().min(1024)]).trim_start().to_ascii_lowercase();
    if begins.starts_with("#!") {
        SCRIPT
    } else if begins.starts_with('<') && begins.contains("<svg") {
        SVG
    } else if infer::text::is_html(begins.as_bytes()) || begins.starts_with('<') && begins.contains("<html") {
        HTML
    } else if begins.starts_with("<?xml") {
        XML
    } else {
        PLAIN
    }
}

/// Whether it is text: UTF-8 that people can read, or UTF-16 that says so.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        // MP3 begins so too; a text has a zero in every other byte.
        return head.len() >= 4
            && head[2..].chunks_exact(2).take(64).all(|pair| pair[0] == 0 || pair[1] == 0);
    }
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut in two.
        Err(error) if error.error_len().is_none() && head.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    whole.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}'))
}

/// Of documents that are ZIP files: that they are.
fn family(media: &str) -> &str {
    let packed = media.starts_with("application/vnd.openxmlformats-officedocument")
        || media.starts_with("application/vnd.oasis.opendocument")
        || media == "application/epub+zip";
    if packed { ZIP } else { media }
}

/// Whether a browser shows it.
pub fn is_shown(media: &str) -> bool {
    SHOWN.contains(&media)
}

/// Whether it is a picture that a browser shows.
pub fn is_picture(media: &str) -> bool {
    is_shown(media) && media.starts_with("image/")
}

/// As what it goes out: what a browser does not show, it does not interpret either.
pub fn served(media: &str) -> &'static str {
    match SHOWN.iter().find(|shown| **shown == media) {
        Some(&PLAIN) => "text/plain; charset=utf-8",
        Some(shown) => shown,
        None => UNKNOWN,
    }
}

/// A media type in words.
pub fn words(media: &str) -> &'static str {
    match media {
        WINDOWS => "a Windows program",
        SHORTCUT => "a Windows shortcut",
        SCRIPT => "a script",
        "application/x-executable" => "a Linux program",
        "application/x-mach-binary" => "a macOS program",
        "application/java" => "a Java program",
        "application/wasm" => "a WebAssembly program",
        "application/vnd.android.dex" | "application/vnd.android.dey" => "an Android program",
        PLAIN => "plain text",
        HTML => "HTML",
        XML => "XML",
        SVG => "an SVG drawing",
        OLE => "an older Office document",
        "application/rtf" => "an RTF text",
        "application/pdf" => "a PDF",
        "image/png" => "a PNG picture",
        "image/jpeg" => "a JPEG picture",
        "image/gif" => "a GIF picture",
        "image/webp" => "a WebP picture",
        ZIP => "a ZIP file",
        "application/gzip" => "a gzip file",
        "application/x-7z-compressed" => "a 7-Zip file",
        "application/vnd.rar" => "a RAR file",
        other if family(other) == ZIP => "an Office document",
        other if other.starts_with("image/") => "a picture",
        other if other.starts_with("video/") => "a video",
        other if other.starts_with("audio/") => "a recording",
        _ => "a file of a kind that is not known here",
    }
}
