//! pgbench, found beside the server's other programs: the client of both sides of each ratio.

use super::Result;
use crate::embedded::{SUPERUSER, Server};
use crate::error::Error;
use serde_json::json;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The unit of the kernel's accounts, on every Linux.
const TICKS_A_SECOND: f64 = 100.0;

/// A load: who asks what, how many at once.
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub name: String,
    pub database: String,
    /// A person's login; none is the server's own.
    pub login: Option<&'static str>,
    pub clients: u32,
    /// pgbench's own script of this name, or ours.
    pub script: Script,
    pub variables: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone)]
pub(super) enum Script {
    Builtin(&'static str),
    Ours(String),
}

/// What one load did.
#[derive(Debug, Clone)]
pub(super) struct Done {
    /// Transactions a second once the sessions are warm.
    pub rate: f64,
    pub transactions: i64,
    /// Microseconds on a core that the server, its writers included, spent on each transaction, where the system
    /// tells. Neighbours on the machine change it little.
    pub cpu_microseconds: Option<f64>,
    /// Milliseconds of each transaction, if they were asked for, the first tenth left out as warming up.
    pub latencies: Vec<f64>,
}

/// Runs loads, each for a given time.
pub(super) struct Pgbench<'s> {
    server: &'s Server,
    folder: PathBuf,
}

impl<'s> Pgbench<'s> {
    pub fn new(server: &'s Server) -> Result<Self> {
        let program = server.binaries().program("pgbench");
        if !program.is_file() {
            let hint = format!("the benchmark needs {}", program.display());
            return Err(Error::rule_with("postgres_not_found", json!({ "hint": hint })).into());
        }
        let folder = server.home().join("pgbench");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { server, folder })
    }

    /// The tables of TPC-B, in a database of their own.
    pub async fn prepare_tpcb(&self, database: &str, scale: u32) -> Result<()> {
        self.server.create_database(database).await?;
        let mut command = self.command(None, database)?;
        command.args(["-i", "-q", "-s", &scale.to_string()]);
        said(command).await?;
        Ok(())
    }

    /// Runs one load for some seconds, or a few times; with `each`, notes how long each transaction took.
    pub async fn run(&self, load: &Load, seconds: u32, each: bool) -> Result<Done> {
        let mut command = self.command(load.login, &load.database)?;
        command.args(["-M", "prepared", "-c", &load.clients.to_string(), "-j", &load.clients.min(2).to_string()]);
        let warming_up = seconds.min(u32::from(!each));
        // A session's first second goes into compiling and planning; a platform's sessions live for days.
        match seconds {
            0 => command.args(["-t", "3"]),
            seconds => command.args(["-P", "1", "-T", &(seconds + warming_up).to_string()]),
        };
        match &load.script {
            Script::Builtin(name) => command.args(["-b", name]),
            Script::Ours(text) => {
                let file = self.folder.join("script.sql");
                std::fs::write(&file, text)?;
                command.arg("-n").arg("-f").arg(file)
            }
        };
        for (name, value) in &load.variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let log = format!("log-{}", uuid::Uuid::new_v4().simple());
        if each {
            command.args(["-l", "--log-prefix", &log]);
        }
        let (text, cpu) = tokio::join!(said(command), self.cpu_of_a_run(warming_up));
        let (text, progress) = text?;
        let cpu = cpu.and_then(|before| Some(self.server_cpu()? - before));
        let figure = |before: &str| -> Result<f64> {
            // A number of transactions asked for stands behind the number done: 10/10.
            let number = text.split(before).nth(1).and_then(|rest| rest.split([' ', '/', '\n']).next());
            number
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| Error::bug(format!("pgbench did not say \"{before}\": {text}")).into())
        };
        let transactions = figure("actually processed: ")?;
        let rates = rates_by_the_second(&progress);
        let warm = match rates.split_first() {
            Some((_, later)) if warming_up > 0 => later,
            _ => &[],
        };
        let counted = if warm.is_empty() { transactions } else { transactions - rates[0] };
        let done = Done {
            rate: if warm.is_empty() { figure("tps = ")? } else { warm.iter().sum::<f64>() / warm.len() as f64 },
            transactions: transactions as i64,
            cpu_microseconds: cpu.map(|seconds| seconds * 1e6 / counted.max(1.0)),
            latencies: if each { self.latencies(&log)? } else { Vec::new() },
        };
        match figure("failed transactions: ")? == 0.0 {
            true => Ok(done),
            false => Err(Error::bug(format!("{}: transactions failed: {text}", load.name)).into()),
        }
    }

    /// What the server had spent when the counting begins.
    async fn cpu_of_a_run(&self, warming_up: u32) -> Option<f64> {
        tokio::time::sleep(Duration::from_secs(warming_up.into())).await;
        self.server_cpu()
    }

    /// Seconds on a core that the server has spent: the kernel keeps an account for each of its processes, and adds
    /// that of an ended one to its parent's.
    fn server_cpu(&self) -> Option<f64> {
        let file = self.server.home().join(format!("postgres-{}/postmaster.pid", self.server.major()));
        let server: u32 = std::fs::read_to_string(file).ok()?.lines().next()?.parse().ok()?;
        let mut ticks = 0;
        for entry in std::fs::read_dir("/proc").ok()?.flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
            // After the name in brackets: state, parent, …; the 12th to 15th are user, system, children's user and system.
            let fields: Vec<u64> =
                stat.rsplit(')').next()?.split_whitespace().skip(1).map(|field| field.parse().unwrap_or(0)).collect();
            if pid == server {
                ticks += fields[10..14].iter().sum::<u64>();
            } else if fields[0] == u64::from(server) {
                ticks += fields[10..12].iter().sum::<u64>();
            }
        }
        Some(ticks as f64 / TICKS_A_SECOND)
    }

    fn latencies(&self, log: &str) -> Result<Vec<f64>> {
        let mut latencies = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(log) {
                let text = std::fs::read_to_string(entry.path())?;
                let times = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
                latencies.extend(times.map(|microseconds| microseconds / 1000.0));
                std::fs::remove_file(entry.path())?;
            }
        }
        let warming_up = latencies.len() / 10;
        Ok(latencies.split_off(warming_up))
    }

    fn command(&self, login: Option<&str>, database: &str) -> Result<Command> {
        let profile = self.server.profile(database);
        let password = match login {
            Some(login) => {
                self.server.kept_passwords()?.remove(login).ok_or_else(|| Error::rule("password_missing"))?
            }
            None => std::fs::read_to_string(self.server.password_file())?.trim().to_owned(),
        };
        let mut command = Command::new(self.server.binaries().program("pgbench"));
        command.current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        command.env("LC_ALL", "C").env("PGPASSWORD", password).env_remove("PGOPTIONS").env_remove("PGSERVICE");
        command.arg("-h").arg(&profile.host).arg("-p").arg(profile.port.to_string());
        command.arg("-U").arg(login.unwrap_or(SUPERUSER)).env("PGDATABASE", database);
        Ok(command)
    }
}

/// Reads `progress: 1.0 s, 331.0 tps, lat …`.
fn rates_by_the_second(progress: &str) -> Vec<f64> {
    let lines = progress.lines().filter(|line| line.starts_with("progress: "));
    lines.filter_map(|line| line.split(" s, ").nth(1)?.split(' ').next()?.parse().ok()).collect()
}

/// What the program printed, and its remarks on the way, if it ended well.
async fn said(mut command: Command) -> Result<(String, String)> {
    let output = command.output().await?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok((text(&output.stdout), text(&output.stderr)));
    }
    let complaints = text(&output.stderr);
    // Every client says the same.
    let first: Vec<&str> = complaints.lines().filter(|line| line.contains("error")).take(2).collect();
    Err(Error::bug(format!("pgbench: {}", first.join("\n"))).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_second_by_second() {
        let said = "pgbench (15.18)\nprogress: 1.0 s, 331.0 tps, lat 2.9 ms stddev 1.0, 0 failed\nprogress: 2.0 s, 1204.5 tps, lat 0.8 ms stddev 0.1, 0 failed\n";
        assert_eq!(rates_by_the_second(said), [331.0, 1204.5]);
        assert!(rates_by_the_second("").is_empty());
    }
}
