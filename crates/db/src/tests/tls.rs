//! The way to a server is protected as its address says, and an impostor is found out. The server is one of these tests' own, for it
//! has a certificate: for 127.0.0.1, by the authority in `certificates/`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{SCHEMA, migrate};
use crate::testing::SERVER;
use crate::tls::Address;
use crate::{Db, Error, Place};

/// A server that speaks TLS.
struct Server {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

/// A file beside these tests.
fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/certificates").join(name)
}

/// The programs of a server, the newest that Debian's packages or the path have.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = versions.into_iter().rev().chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").is_file()).expect("where a server runs, its programs are")
}

/// A program run as a user that the server accepts: it refuses root.
fn as_server(program: &str, root: bool) -> Command {
    let program = programs().join(program);
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"])
        .arg(program)
        .current_dir("/");
    command
}

impl Server {
    /// Starts one; none where there is no PostgreSQL for tests.
    fn start() -> Option<Self> {
        std::env::var_os(SERVER)?;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("password"), "remit").expect("it can be written");
        for name in ["server.pem", "server.key"] {
            std::fs::copy(certificate(name), at(name)).expect("it can be copied");
        }
        let shell = |line: &str| {
            let done = Command::new("sh").args(["-c", line]).current_dir(folder.path()).status();
            done.is_ok_and(|status| status.success())
        };
        let root = shell("test $(id -u) = 0");
        assert!(shell("chmod 600 server.key") && (!root || shell("chown -R postgres .")));
        let mut init = as_server("initdb", root);
        init.args(["--username=remit", "--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--no-sync"]);
        init.arg("--pwfile").arg(at("password")).arg("--pgdata").arg(at("data")).stdout(Stdio::null());
        assert!(init.status().expect("it runs").success());
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a port is free")
            .port();
        let mut server = as_server("postgres", root);
        server.arg("-D").arg(at("data")).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "ssl=on"] {
            server.args(["-c", setting]);
        }
        server.arg("-c").arg(format!("ssl_cert_file={}", at("server.pem").display()));
        server.arg("-c").arg(format!("ssl_key_file={}", at("server.key").display()));
        let child = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut this = Self { child, port, _folder: folder };
        // Refused until it listens, and told to wait until it has begun.
        while this.ask("sslmode=disable").is_err() {
            assert!(this.child.try_wait().expect("it can be asked").is_none(), "it ended at once");
            std::thread::yield_now();
        }
        Some(this)
    }

    fn address(&self, host: &str, query: &str) -> String {
        format!("postgres://remit:remit@{host}:{}/postgres?{query}", self.port)
    }

    /// Whether the way is protected, by the word of the server.
    fn ask(&self, query: &str) -> Result<bool, Error> {
        self.ask_as("127.0.0.1", query)
    }

    fn ask_as(&self, host: &str, query: &str) -> Result<bool, Error> {
        let mut client = Address::parse(&self.address(host, query)).expect("it is sound").connect()?;
        let row = client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]);
        Ok(row.expect("it answers").get(0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT ends its children too.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

#[test]
fn the_way_is_protected_as_the_address_says_and_an_impostor_is_found_out() {
    let Some(server) = Server::start() else {
        eprintln!("skipped: {SERVER} is not set; `cargo xtask test` sets it");
        return;
    };
    let by = |name: &str| format!("&sslrootcert={}", certificate(name).display());
    let (right, wrong) = (by("authority.pem"), by("stranger.pem"));
    assert_eq!(server.ask("sslmode=disable"), Ok(false));
    assert_eq!(server.ask(""), Ok(true), "on this machine it is as the server likes");
    for word in ["prefer", "require"] {
        assert_eq!(server.ask(&format!("sslmode={word}")), Ok(true), "{word}");
    }
    for word in ["require", "verify-ca", "verify-full"] {
        assert_eq!(server.ask(&format!("sslmode={word}{right}")), Ok(true), "{word}");
        let refused = server.ask(&format!("sslmode={word}{wrong}"));
        assert!(
            matches!(&refused, Err(Error::Unusable(why)) if why.contains("did not prove who it is")),
            "{refused:?}"
        );
    }
    let system = server.ask("sslmode=verify-full").unwrap_err().to_string();
    assert!(
        system.contains("did not prove who it is") || system.contains("no authority to believe"),
        "{system}"
    );
    // Its certificate is for the number, not for the name.
    assert_eq!(server.ask_as("localhost", &format!("sslmode=verify-ca{right}")), Ok(true));
    let refused = server.ask_as("localhost", &format!("sslmode=verify-full{right}")).unwrap_err().to_string();
    assert!(
        refused.contains("did not prove who it is") && refused.contains("not valid for name"),
        "{refused}"
    );
    // The whole crate goes the same way; the only user of this server stands above everything, which is seen after the handshake.
    let open = |query: &str| {
        let refused = Db::open(&Place::parse(&server.address("127.0.0.1", query)), SCHEMA, migrate());
        refused.err().expect("neither can be used").to_string()
    };
    assert!(open(&format!("sslmode=verify-full{right}")).contains("stands above row-level security"));
    assert!(open(&format!("sslmode=verify-full{wrong}")).contains("did not prove who it is"));
}

#[test]
fn a_server_without_tls_is_not_spoken_to_where_that_was_asked_for() {
    let Ok(server) = std::env::var(SERVER) else { return };
    let connect = |query: &str| Address::parse(&format!("{server}?{query}")).unwrap().connect().map(drop);
    assert_eq!(connect("sslmode=prefer"), Ok(()));
    let plain = connect("sslmode=require").err().map(|error| error.to_string());
    // Who tests against a server with a certificate is connected.
    assert!(plain.is_none_or(|why| why.contains("does not speak TLS")));
}

#[test]
fn an_address_says_what_is_wrong_with_it_and_never_its_password() {
    let fault = |url: &str| Place::parse(url).fault();
    for sound in [
        "postgres://u:p@127.0.0.1/remit",
        "postgres://u:p?q@db.example.com/remit?sslmode=verify-full&sslrootcert=system",
        "postgres://u:p@db.example.com:5433/remit?sslmode=disable&application_name=x",
    ] {
        assert_eq!(fault(sound), None, "{sound}");
    }
    let word = fault("postgres://u:hunter2@db.example.com/remit?sslmode=allow").unwrap();
    assert!(word.contains("`verify-ca` or `verify-full`") && !word.contains("hunter2"), "{word}");
    let file = fault("postgres://u:hunter2@db.example.com/remit?sslrootcert=%2Fnone%20such.pem").unwrap();
    assert!(file.contains("sslrootcert names /none such.pem") && !file.contains("hunter2"), "{file}");
    let key = certificate("server.key");
    let none = fault(&format!("postgres://u:p@h/d?sslrootcert={}", key.display())).unwrap();
    assert!(none.contains("it holds no certificate"), "{none}");
}
