//! Finding Postgres' own programs on this machine.

use crate::error::{Error, Result};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The versions that Kontor is tested on, best first.
const MAJORS: [u32; 4] = [18, 17, 16, 15];

/// The folder with `initdb`, `pg_ctl` and `postgres`, and their major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder.
    pub folder: PathBuf,
    /// Their major version.
    pub major: u32,
}

impl Binaries {
    /// Finds the programs: those that were asked for, those bundled with the application, those cached in the
    /// home, those of the system. A major version that already has a data folder in the home goes first, so that an
    /// upgraded system does not open an empty book.
    pub fn find(home: &Path) -> Result<Self> {
        if let Some(asked) = std::env::var_os("KONTOR_PG_BIN") {
            let folder = PathBuf::from(asked);
            return Self::at(&folder).ok_or_else(|| {
                Error::rule_with("postgres_not_found", json!({"KONTOR_PG_BIN": folder.display().to_string()}))
            });
        }
        let found: Vec<Self> = candidates(home).iter().filter_map(|folder| Self::at(folder)).collect();
        let in_use = found.iter().filter(|found| home.join(format!("postgres-{}", found.major)).is_dir());
        if let Some(best) = in_use.max_by_key(|found| found.major) {
            return Ok(best.clone());
        }
        let hint = "install PostgreSQL 15 or newer, or point KONTOR_PG_BIN to its bin folder";
        found.into_iter().next().ok_or_else(|| Error::rule_with("postgres_not_found", json!({ "hint": hint })))
    }

    /// One of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    fn at(folder: &Path) -> Option<Self> {
        let here = Self { folder: folder.to_owned(), major: 0 };
        if !["initdb", "pg_ctl"].iter().all(|name| here.program(name).is_file()) {
            return None;
        }
        let answer = Command::new(here.program("postgres")).arg("--version").output().ok()?;
        let major = major_of(&String::from_utf8_lossy(&answer.stdout))?;
        MAJORS.contains(&major).then_some(Self { major, ..here })
    }
}

/// Reads "postgres (PostgreSQL) 15.20 (Debian 15.20-1)".
fn major_of(version: &str) -> Option<u32> {
    let number = version.split("(PostgreSQL)").nth(1)?.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn candidates(home: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(beside) = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned)) {
        folders.push(beside.join("postgres/bin"));
        folders.push(beside.join("../lib/kontor/postgres/bin"));
        folders.push(beside.join("../Resources/postgres/bin"));
    }
    for major in MAJORS {
        folders.push(home.join(format!("binaries/{major}/bin")));
    }
    for major in MAJORS {
        folders.push(format!("/usr/lib/postgresql/{major}/bin").into());
        folders.push(format!("/usr/pgsql-{major}/bin").into());
        folders.push(format!("/opt/homebrew/opt/postgresql@{major}/bin").into());
        folders.push(format!("/usr/local/opt/postgresql@{major}/bin").into());
        folders.push(format!("C:/Program Files/PostgreSQL/{major}/bin").into());
    }
    if let Ok(answer) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(String::from_utf8_lossy(&answer.stdout).trim().into());
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_write_them() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18.6"), Some(18));
        assert_eq!(major_of("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(major_of("something else"), None);
    }
}
