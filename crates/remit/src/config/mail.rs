//! How mail is sent.

use std::path::Path;

use remit_app::mail::{Encryption, Login, MailSettings};

use super::Reader;

/// How mail is sent, if it is. Without a server, what else is said of it does not matter.
pub fn settings(reader: &mut Reader, folder: &Path, pages: Option<&String>) -> Option<MailSettings> {
    let server = reader.said("mail.server")?;
    let parts = server.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let Some((host, port)) = parts.filter(|(host, _)| !host.is_empty()) else {
        reader.fault("mail.server", "write its name and its port, such as mail.example.com:587");
        return None;
    };
    let encryption = match reader.said("mail.encryption").as_deref() {
        Some("starttls") => Encryption::StartTls,
        Some("tls") => Encryption::Tls,
        Some("none") => Encryption::None,
        _ => {
            reader.fault("mail.encryption", "write `starttls`, `tls` or `none`");
            return None;
        }
    };
    let Some(sender) = reader.said("mail.from") else {
        reader.fault("mail.from", "say whom mail comes from, such as Remit <remit@example.com>");
        return None;
    };
    let authority = match reader.said("mail.authority-file").map(|file| std::fs::read(folder.join(file))) {
        None => None,
        Some(Ok(pem)) => Some(pem),
        Some(Err(error)) => {
            reader.fault("mail.authority-file", &format!("it cannot be read: {error}"));
            return None;
        }
    };
    let password = reader.said("mail.password").unwrap_or_default();
    let login = reader.said("mail.user").map(|user| Login { user, password });
    let pages = pages?.clone();
    let settings = MailSettings { host: host.to_owned(), port, encryption, login, authority, sender, pages };
    if let Some(odd) = settings.fault() {
        reader.fault("mail.server", &odd);
    }
    Some(settings)
}
