//! A PostgreSQL server for the tests, in a folder of its own, gone when they are done.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::command::{output, run};

/// The variable that tests read.
pub const VARIABLE: &str = "REMIT_TEST_POSTGRES";
/// The only secret of a server that holds nothing and hears nobody but this machine.
const PASSWORD: &str = "remit";
/// The server refuses to run as root; this user comes with Debian's package.
const USER: &str = "postgres";
/// Longest wait for its first answer, in tenths of a second.
const PATIENCE: u32 = 300;

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    folder: PathBuf,
    /// Its address, as an administrator.
    pub address: String,
}

impl Server {
    /// Starts one that keeps nothing, for tests; installs it first where it is missing and that is allowed.
    pub fn start() -> Result<Self, String> {
        Self::start_with(&["fsync=off", "full_page_writes=off"])
    }

    /// Starts one that waits for its disk, as in production.
    pub fn start_durable() -> Result<Self, String> {
        Self::start_with(&[])
    }

    fn start_with(settings: &[&str]) -> Result<Self, String> {
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("remit-postgres-{}", std::process::id()));
        // What a server that was killed left behind.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        let password = folder.join("password");
        fs::write(&password, PASSWORD)
            .map_err(|error| format!("cannot write {}: {error}", password.display()))?;
        let data = folder.join("data");
        let as_root = is_root();
        if as_root {
            run(Command::new("chown").args(["-R", USER]).arg(&folder))?;
        }
        let mut init = as_server(as_root, &programs.join("initdb"));
        init.args(["--username=admin", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        init.arg("--pwfile").arg(&password).arg("--pgdata").arg(&data);
        run(init.stdout(Stdio::null()))?;
        let port = free_port()?;
        let mut server = as_server(as_root, &programs.join("postgres"));
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        for setting in ["unix_socket_directories=", "max_connections=400"].iter().chain(settings) {
            server.args(["-c", setting]);
        }
        let log =
            fs::File::create(folder.join("log")).map_err(|error| format!("cannot write a log: {error}"))?;
        let child = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let child = child.map_err(|error| format!("cannot start PostgreSQL: {error}"))?;
        let address = format!("postgres://admin:{PASSWORD}@127.0.0.1:{port}/postgres");
        let mut this = Self { child, folder, address };
        this.wait(&programs, port)?;
        Ok(this)
    }

    fn wait(&mut self, programs: &Path, port: u16) -> Result<(), String> {
        for _ in 0..PATIENCE {
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL ended at once:\n{log}"));
            }
            sleep(Duration::from_millis(100));
        }
        Err("PostgreSQL did not answer within 30 seconds".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT ends its connections and then itself; killed, it would leave its children and their memory behind.
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status();
        if told.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs a program as a user that the server accepts.
fn as_server(as_root: bool, program: &Path) -> Command {
    if !as_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([&format!("--reuid={USER}"), &format!("--regid={USER}"), "--clear-groups", "--"])
        .arg(program);
    // The folder that the tests run in may be closed to that user.
    command.current_dir("/");
    command
}

/// The folder of the server's programs, the newest that is there.
fn programs() -> Result<PathBuf, String> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    let packages = ["postgresql", "postgresql-client"];
    let by_hand = "run `sudo apt-get install postgresql`, or the like on your system, and try again";
    if !is_root() || output(Command::new("apt-get").arg("--version")).is_none() {
        return Err(format!("the tests need PostgreSQL 15 or later, which is not here: {by_hand}"));
    }
    println!("installing PostgreSQL for the tests");
    let mut update = Command::new("apt-get");
    run(update.args(["update", "-q"]).stdout(Stdio::null()))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-q", "-y", "--no-install-recommends"]);
    run(install.args(packages).stdout(Stdio::null()))?;
    installed().ok_or_else(|| format!("PostgreSQL was installed but is not found: {by_hand}"))
}

fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian =
        versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let newest = debian.filter(|(version, _)| *version >= 15).max().map(|(_, path)| path.join("bin"));
    let on_path = std::env::var_os("PATH")?;
    let mut folders = newest.into_iter().chain(std::env::split_paths(&on_path));
    folders.find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file()))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no port is free: {error}"))
}
