//! Every setting with its default: the one place that reading, `remit config check`, `remit config example` and the manual go by.

/// A setting.
#[derive(Debug)]
pub struct Setting {
    /// Section and name, such as `server.listen`.
    pub key: &'static str,
    /// What holds when nothing is said; empty where that means "none".
    pub default: &'static str,
    /// Whether its value is shown to nobody.
    pub secret: bool,
    /// What it is for, in units.
    pub help: &'static str,
    /// A value to start from where the default is none.
    pub example: &'static str,
}

const fn plain(key: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { key, default, secret: false, help, example: default }
}

const fn none(key: &'static str, example: &'static str, help: &'static str) -> Setting {
    Setting { key, default: "", secret: false, help, example }
}

const fn secret(key: &'static str, example: &'static str, help: &'static str) -> Setting {
    Setting { key, default: "", secret: true, help, example }
}

/// All of them, in the order of the file.
pub const SETTINGS: &[Setting] = &[
    plain("server.listen", "127.0.0.1:8480", "Where to listen: an address of this machine and a port."),
    none(
        "server.address",
        "https://remit.example.com",
        "How browsers reach it. Needed when others than this machine do: then it begins with https, and a proxy in front ends TLS.",
    ),
    none(
        "server.proxies",
        "127.0.0.1",
        "Addresses of the proxies in front, with a comma between them: only they are believed where a request comes from.",
    ),
    plain("server.request-seconds", "30", "How long an answer may take to begin, in seconds."),
    plain(
        "server.head-seconds",
        "15",
        "How long the head of a request may take to come, in seconds: whoever takes longer is cut off.",
    ),
    plain(
        "server.connections",
        "900",
        "Connections that may be open at once; more wait. A process may often have no more than 1024 files open (ulimit -n).",
    ),
    plain(
        "server.stop-seconds",
        "20",
        "How long requests that are under way may take to end when it stops, in seconds.",
    ),
    Setting {
        key: "database.place",
        default: "remit.db",
        secret: true,
        help: "A file for SQLite, or the address of a PostgreSQL server (15 or later). A server on another machine must prove who it is, \
               with a certificate that the system trusts or one of ?sslrootcert=FILE; ?sslmode= says otherwise, in the words of libpq.",
        example: "postgres://remit:PASSWORD@127.0.0.1/remit",
    },
    plain(
        "attachments.folder",
        "attachments",
        "The folder for files that people attach to tickets, beside the database or on another disk. It is in backups.",
    ),
    plain(
        "audit.key-file",
        "audit.key",
        "The key that seals the audit log. It stands apart from the database and is not in backups: keep a copy elsewhere.",
    ),
    plain(
        "log.level",
        "info",
        "What is logged: error, warn, info, debug or trace; or by part, such as `warn,remit_db=debug`.",
    ),
    plain("log.form", "text", "How it is logged: text for people, json for programs."),
    none(
        "metrics.listen",
        "127.0.0.1:9464",
        "Where Prometheus reads figures, at /metrics: an address that strangers cannot reach.",
    ),
    // Some collectors take a token in it.
    secret(
        "telemetry.traces",
        "https://collector.example.com:4318/v1/traces",
        "Where spans of requests, units of work and jobs go: an OpenTelemetry collector, by HTTP. Only in builds with `--features otlp`; \
         what the collector asks for is read from OTEL_EXPORTER_OTLP_HEADERS.",
    ),
    plain("telemetry.service", "remit", "The name of this service in traces."),
    plain(
        "telemetry.share",
        "1",
        "Which share of the traces is kept, from 0 to 1; a proxy in front that has begun a trace has the say over that one.",
    ),
    plain(
        "issuers.private-networks",
        "false",
        "Whether the issuers that parties sign in through (OpenID Connect) may be in private networks: true or false.",
    ),
    none(
        "backup.folder",
        "backups",
        "The folder, best on another disk, to which a backup is written every day while it serves. Without it none is.",
    ),
    plain("backup.at", "02:30", "The time of day at which it is written, in UTC."),
    plain("backup.keep", "14", "How many backups stay in the folder, 1 to 1000; the oldest go."),
    none(
        "mail.server",
        "mail.example.com:587",
        "The server that takes mail, with its port. Without it letters wait.",
    ),
    plain(
        "mail.encryption",
        "starttls",
        "How it is spoken to: starttls, tls, or none (on this machine alone).",
    ),
    none("mail.from", "Remit <remit@example.com>", "Whom mail comes from."),
    none("mail.user", "remit", "Who signs in at the mail server."),
    secret("mail.password", "PASSWORD", "Their password."),
    none(
        "mail.authority-file",
        "authority.pem",
        "A certificate authority, as PEM, that is trusted for the mail server beside those of the system.",
    ),
];

impl Setting {
    /// The setting of this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// The variable of the environment that sets it.
    pub fn variable(&self) -> String {
        format!("REMIT_{}", self.key.replace(['.', '-'], "_").to_ascii_uppercase())
    }
}
