//! What an installation is told: by the file `remit.toml` in its folder, by variables of the environment, else by the defaults.

mod mail;
mod read;
mod settings;
mod telemetry;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use remit_app::mail::MailSettings;
use remit_app::sign_in::Networks;
use remit_db::Place;
use remit_web::Transport;
use remit_web::serve::Patience;
use tracing_subscriber::filter::Targets;

use crate::backup::Daily;
use crate::failure::{Failure, Reason};
use read::{Origin, Values};
pub use settings::{SETTINGS, Setting};
#[cfg(feature = "otlp")]
pub use telemetry::Telemetry;

/// The name of the file in the folder of an installation.
pub const FILE: &str = "remit.toml";

/// What an installation is told, read and checked.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How browsers reach it, without a slash at the end.
    pub address: String,
    /// By https or on this machine alone.
    pub transport: Transport,
    /// How long an answer may take to begin.
    pub request: Duration,
    /// How long clients may take, and how many of them there may be.
    pub patience: Patience,
    /// Where the database is.
    pub place: Place,
    /// Where attachments stand.
    pub attachments: PathBuf,
    /// Where the key of the audit log is.
    pub key_file: PathBuf,
    /// What is logged.
    pub log: Targets,
    /// How it is logged.
    pub log_form: LogForm,
    /// Where figures are served, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Where spans go, if anywhere.
    #[cfg(feature = "otlp")]
    pub telemetry: Option<Telemetry>,
    /// The proxies in front.
    pub proxies: Vec<IpAddr>,
    /// When backups come by themselves, if they do.
    pub backup: Option<Daily>,
    /// How mail is sent, if it is.
    pub mail: Option<MailSettings>,
    /// Where the issuers of parties may be.
    pub issuers: Networks,
    /// Every setting with its value and where that comes from, as people may see it.
    pub told: Vec<Told>,
}

/// How lines of the log are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogForm {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// A setting as it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Told {
    /// Which.
    pub key: &'static str,
    /// Its value; of secrets only whether there is one.
    pub value: String,
    /// Where it comes from: `default`, `remit.toml:3`, or the name of a variable.
    pub from: String,
}

impl Config {
    /// Reads what the installation in `folder` is told. Every mistake is named, not only the first.
    pub fn load(folder: &Path) -> Result<Self, Failure> {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        });
        Self::of(folder, Values::read(folder, variables)?)
    }

    /// The defaults, whatever a file or the environment say: for installations that are for looking around.
    pub fn plain(folder: &Path) -> Self {
        Self::of(folder, Values::none()).expect("the defaults are sound")
    }

    fn of(folder: &Path, values: Values) -> Result<Self, Failure> {
        let mut reader = Reader { values, wrong: Vec::new() };
        let listen = reader.parse("server.listen", "an address and a port, such as 127.0.0.1:8480");
        let address = reader.address(listen);
        let request = reader.seconds("server.request-seconds");
        let patience = reader.patience();
        let place = reader.place(folder);
        let attachments = folder.join(reader.values.get("attachments.folder").0);
        let key_file = folder.join(reader.values.get("audit.key-file").0);
        let log =
            reader.parse("log.level", "a level, or parts and their levels: `info`, `warn,remit_db=debug`");
        let log_form = reader.parse("log.form", "`text` or `json`");
        let metrics = reader.some("metrics.listen", "an address and a port, such as 127.0.0.1:9464");
        #[cfg(feature = "otlp")]
        let telemetry = telemetry::settings(&mut reader);
        #[cfg(not(feature = "otlp"))]
        telemetry::refuse(&mut reader);
        let proxies = reader.list("server.proxies", "addresses, such as 127.0.0.1, 10.0.0.7");
        let backup = reader.backup(folder);
        let mail = mail::settings(&mut reader, folder, address.as_ref().map(|(address, _)| address));
        let private: Option<bool> = reader.parse("issuers.private-networks", "true or false");
        let issuers = if private == Some(true) { Networks::Private } else { Networks::Public };
        let told = reader.told();
        let (
            Some(listen),
            Some((address, transport)),
            Some(log),
            Some(log_form),
            Some(request),
            Some(patience),
            true,
        ) = (listen, address, log, log_form, request, patience, reader.wrong.is_empty())
        else {
            return Err(Failure { errors: reader.wrong });
        };
        Ok(Self {
            listen,
            address,
            transport,
            request,
            patience,
            place,
            attachments,
            key_file,
            log,
            log_form,
            metrics,
            #[cfg(feature = "otlp")]
            telemetry,
            proxies,
            backup,
            mail,
            issuers,
            told,
        })
    }
}

impl FromStr for LogForm {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// Takes values apart and collects what is wrong with them.
struct Reader {
    values: Values,
    wrong: Vec<Reason>,
}

impl Reader {
    fn parse<T: FromStr>(&mut self, key: &'static str, wanted: &str) -> Option<T> {
        let (text, _) = self.values.get(key);
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(key, &format!("write {wanted}"));
        }
        parsed
    }

    /// A value that may be absent.
    fn some<T: FromStr>(&mut self, key: &'static str, wanted: &str) -> Option<T> {
        if self.values.get(key).0.is_empty() { None } else { self.parse(key, wanted) }
    }

    /// A value that may be absent, as it is written.
    fn said(&self, key: &'static str) -> Option<String> {
        Some(self.values.get(key).0.to_owned()).filter(|text| !text.is_empty())
    }

    /// Values with commas between them.
    fn list<T: FromStr>(&mut self, key: &'static str, wanted: &str) -> Vec<T> {
        let parts = self.values.get(key).0.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parsed: Result<Vec<T>, _> = parts.map(str::parse).collect();
        parsed.unwrap_or_else(|_| {
            self.fault(key, &format!("write {wanted}"));
            Vec::new()
        })
    }

    fn seconds(&mut self, key: &'static str) -> Option<Duration> {
        let wanted = "whole seconds from 1 to 3600";
        let seconds: u64 = self.parse(key, wanted)?;
        if !(1..=3600).contains(&seconds) {
            self.fault(key, &format!("write {wanted}"));
            return None;
        }
        Some(Duration::from_secs(seconds))
    }

    fn patience(&mut self) -> Option<Patience> {
        let (head, stop) = (self.seconds("server.head-seconds"), self.seconds("server.stop-seconds"));
        let key = "server.connections";
        let wanted = "a whole number from 1 to 1000000";
        let connections: Option<usize> = self.parse(key, wanted);
        if connections.is_some_and(|number| !(1..=1_000_000).contains(&number)) {
            self.fault(key, &format!("write {wanted}"));
        }
        Some(Patience { head: head?, connections: connections?, stop: stop? })
    }

    /// How browsers reach it. Plain http carries sign-ins in the open, so it is for this machine alone.
    fn address(&mut self, listen: Option<SocketAddr>) -> Option<(String, Transport)> {
        let key = "server.address";
        let text = self.values.get(key).0.trim_end_matches('/').to_owned();
        if text.is_empty() {
            let listen = listen?;
            if listen.ip().is_loopback() {
                return Some((format!("http://{listen}"), Transport::Loopback));
            }
            self.fault(
                "server.listen",
                "it can be reached from elsewhere: say in server.address how browsers reach it, with https",
            );
            return None;
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("", &text));
        let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
        let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        let odd = |c: char| c.is_whitespace() || c.is_control() || "/?#@\\\"'<>".contains(c);
        match scheme {
            "https" | "http" if rest.is_empty() || rest.contains(odd) => {
                self.fault(key, "write the scheme and the host alone, such as https://remit.example.com");
                None
            }
            "https" => Some((text, Transport::Https)),
            "http" if local => Some((text, Transport::Loopback)),
            "http" => {
                self.fault(key, "by plain http, passwords and sessions can be read on the way; write https");
                None
            }
            _ => {
                self.fault(key, "write the scheme and the host, such as https://remit.example.com");
                None
            }
        }
    }

    fn place(&mut self, folder: &Path) -> Place {
        let (text, _) = self.values.get("database.place");
        match Place::parse(text) {
            Place::Sqlite(path) => Place::Sqlite(folder.join(path)),
            postgres @ Place::Postgres(_) => {
                if let Some(odd) = postgres.fault() {
                    self.fault("database.place", &odd);
                }
                postgres
            }
        }
    }

    fn backup(&mut self, folder: &Path) -> Option<Daily> {
        let time = self.parse("backup.at", "a time of day, such as 02:30");
        let wanted = "how many are kept, from 1 to 1000";
        let keep: Option<usize> = self.parse("backup.keep", wanted);
        if keep.is_some_and(|keep| !(1..=1000).contains(&keep)) {
            self.fault("backup.keep", &format!("write {wanted}"));
        }
        Some(Daily { folder: folder.join(self.said("backup.folder")?), time: time?, keep: keep? })
    }

    fn fault(&mut self, key: &'static str, hint: &str) {
        let setting = Setting::find(key).expect("only settings are read");
        let (value, origin) = self.values.get(key);
        let said = if setting.secret { String::new() } else { format!(" `{value}`") };
        let mut reason =
            Reason { hint: Some(hint.to_owned()), path: Some(key.to_owned()), ..Reason::default() };
        match origin {
            Origin::Default => reason.message = format!("{key}{said} cannot be used"),
            Origin::Variable(name) => {
                reason.message = format!("the variable {name}{said} cannot be used for {key}");
            }
            Origin::File { file, line, column, excerpt } => {
                reason.message = format!("{key}{said} cannot be used");
                reason.file = Some(file.clone());
                (reason.line, reason.column) = (Some(*line), Some(*column));
                reason.excerpt = (!setting.secret).then(|| excerpt.clone());
            }
        }
        self.wrong.push(reason);
    }

    fn told(&self) -> Vec<Told> {
        let told = |setting: &'static Setting| {
            let (value, origin) = self.values.get(setting.key);
            let value = match (setting.secret, Place::parse(value)) {
                (true, place) if setting.key == "database.place" => format!("{place:?}"),
                (true, _) if !value.is_empty() => "(set)".to_owned(),
                _ => value.to_owned(),
            };
            Told { key: setting.key, value, from: origin.to_string() }
        };
        SETTINGS.iter().map(told).collect()
    }
}
