//! Sending letters by SMTP.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use remit_core::Id;
use remit_db::{Scope, System, Tx, shared_sql};
use remit_jobs::{Failed, Task};

use super::Letter;
use super::letter::Words;
use super::notice;
use crate::App;
use crate::act::Caller;
use crate::audit::{self, Event};
use crate::people::Membership;
use crate::refused::Refused;
use crate::sign_in::{Mailed, link_by_mail};

/// Longest wait for the server's next word.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte on, usually port 465.
    Tls,
    /// After the greeting, usually port 587; a server that does not offer it is sent nothing.
    StartTls,
    /// Not at all: to this machine alone.
    None,
}

/// Who the mail server knows us as.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// What the operator says about outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub encryption: Encryption,
    /// Who we are to it, if it asks.
    pub login: Option<Login>,
    /// A certificate authority, as PEM, that is trusted beside those of the system.
    pub authority: Option<Vec<u8>>,
    /// Who letters come from, such as `Northwind <desk@northwind.example>`.
    pub sender: String,
    /// Where people reach Remit, such as `https://remit.northwind.example`: what links begin with.
    pub pages: String,
}

/// The way to the mail server.
#[derive(Clone)]
pub(super) struct Sender {
    pub app: App,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    mailbox: Mailbox,
    pub pages: String,
}

impl std::fmt::Debug for Login {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Sender {
    /// Reads the settings; says what is wrong with them.
    pub fn new(app: App, settings: &MailSettings) -> Result<Self, String> {
        let (mailbox, pages, tls) = settings.parts()?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host);
        let mut builder = builder.port(settings.port).tls(tls).timeout(Some(PATIENCE));
        if let Some(Login { user, password }) = settings.login.clone() {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { app, transport: builder.build(), mailbox, pages })
    }
}

impl MailSettings {
    /// What is wrong with them, as far as can be told without the server.
    pub fn fault(&self) -> Option<String> {
        self.parts().err()
    }

    /// Who letters come from, what links begin with, how the way is protected.
    fn parts(&self) -> Result<(Mailbox, String, Tls), String> {
        let mailbox = self.sender.parse().map_err(|error| {
            format!(
                "the sender `{}` is no address: {error}; write one such as `Desk <desk@example.org>`",
                self.sender
            )
        })?;
        let pages = self.pages.trim_end_matches('/').to_owned();
        if !pages.starts_with("https://") && !pages.starts_with("http://") {
            return Err(format!(
                "`{pages}` is no address of pages; write one such as https://remit.example.org"
            ));
        }
        Ok((mailbox, pages, protection(self)?))
    }
}

fn protection(settings: &MailSettings) -> Result<Tls, String> {
    let local = matches!(settings.host.as_str(), "localhost" | "127.0.0.1" | "::1");
    let wrong = |error: lettre::transport::smtp::Error| {
        format!("the mail server's certificate cannot be checked: {error}")
    };
    let parameters = || -> Result<TlsParameters, String> {
        let mut builder = TlsParameters::builder(settings.host.clone());
        if let Some(pem) = &settings.authority {
            // A text without any is read as none, and would only fail when mail is sent.
            if !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----") {
                return Err("the certificate authority for mail is no certificate in PEM".to_owned());
            }
            builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(wrong)?);
        }
        builder.build().map_err(wrong)
    };
    match settings.encryption {
        Encryption::Tls => Ok(Tls::Wrapper(parameters()?)),
        Encryption::StartTls => Ok(Tls::Required(parameters()?)),
        Encryption::None if local => Ok(Tls::None),
        Encryption::None => Err(format!(
            "mail to `{}` would cross the network in the open, links to sign in with included; use TLS or STARTTLS",
            settings.host
        )),
    }
}

/// Writes a letter out and sends it.
pub(super) async fn send(sender: Sender, task: Task, letter: Letter) -> Result<(), Failed> {
    let (Letter::Invitation { membership } | Letter::Link { membership } | Letter::Notice { membership, .. }) =
        letter;
    let (mailbox, now) = (&sender.mailbox, sender.app.now());
    let written = match letter {
        Letter::Notice { notice, .. } => notice::words(&sender, &task, (notice, membership))
            .await?
            .map(|words| (words.message(mailbox, task.id, now), words.email().to_owned())),
        _ => words(&sender, &task, letter, membership)
            .await?
            .map(|words| (words.message(mailbox, task.id, now), words.email)),
    };
    let Some((message, email)) = written else {
        // Whom it was for cannot sign in any more.
        return Ok(());
    };
    let sent = match message.map_err(Failed::ForGood) {
        Ok(message) => sender.transport.send(message).await.map(drop).map_err(|error| refused(&error)),
        Err(failed) => Err(failed),
    };
    if let Err(failed) = &sent
        && (task.last || matches!(failed, Failed::ForGood(_)))
    {
        tell(&sender.app, &task, membership, &format!("to {email}: {failed}")).await?;
    }
    sent
}

/// Why a letter was not taken. What the server has against us, and not against the letter, is for the operator to mend: it waits.
fn refused(error: &lettre::transport::smtp::Error) -> Failed {
    let source = std::error::Error::source(error);
    let why = source.map_or_else(|| error.to_string(), |why| format!("{error}: {why}"));
    // RFC 4954: 53x is about the login.
    let login = error.status().is_some_and(|code| u16::from(code) / 10 == 53);
    if error.is_permanent() && !login { Failed::ForGood(why) } else { Failed::Again(why) }
}

/// What stands in the letter; nothing when whom it is for cannot sign in any more.
async fn words(
    sender: &Sender,
    task: &Task,
    letter: Letter,
    membership: Id<Membership>,
) -> Result<Option<Words>, Failed> {
    let Some(provider) = task.provider else {
        return Err(Failed::ForGood("a letter of no provider".to_owned()));
    };
    let (app, pages, job) = (sender.app.clone(), sender.pages.clone(), task.id);
    let written =
        sender.app.db.system("nobody within a scope reads links", move |tx: &mut Tx<'_, '_, System>| {
            let Some(Mailed { secret, name, email }) = link_by_mail(tx, &app, (provider, membership), job)?
            else {
                return Ok(None);
            };
            let get = shared_sql!("SELECT name FROM provider WHERE provider_id = $1");
            let provider = tx.within(Scope::all(provider), |tx| tx.find::<(String,), _>(get, ()))??;
            let (provider,) = provider.ok_or(Refused::NotFound)?;
            let link = format!("{pages}/sign-in/link/{}", secret.reveal());
            Ok::<_, Refused>(Some(Words { letter, provider, name, email, link }))
        });
    written.await.map_err(|refused| Failed::Again(refused.to_string()))
}

/// Tells whoever reads the audit log that a letter did not arrive.
async fn tell(app: &App, task: &Task, membership: Id<Membership>, why: &str) -> Result<(), Failed> {
    let Some(provider) = task.provider.and_then(Id::from_uuid) else { return Ok(()) };
    let caller = Caller { name: "outgoing mail".to_owned(), ..Caller::operator(provider) };
    let (why, client) = (why.chars().take(500).collect::<String>(), task.client.and_then(Id::from_uuid));
    let told = app.write(&caller, move |tx, act| {
        let event =
            Event { action: "mail.undelivered", subject: membership.to_string(), client, detail: &why };
        audit::note(tx, act, event)
    });
    told.await.map_err(|refused| Failed::Again(refused.to_string()))
}
