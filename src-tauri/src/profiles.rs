//! The servers a person signs in to, as a file in the user's configuration folder, and their passwords,
//! which live in the system's keychain or nowhere.

use kontor::database::Tls;
use kontor::{Error, Profile, Result, rehearsal};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// The id of the embedded server's profile. It is built in and never written to the file.
pub const REHEARSAL: &str = "rehearsal";

/// What the keychain files our passwords under.
const KEYCHAIN_SERVICE: &str = "io.kontor.desk";

/// One choice of the sign-in screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Made by the window when the form opens; the rehearsal's is fixed.
    pub id: String,
    /// What people call these books.
    pub name: String,
    /// Whether the server is this program's own.
    pub kind: Kind,
    /// Host name or address; an absolute path is the folder of a unix socket.
    #[serde(default)]
    pub host: Option<String>,
    /// Postgres' port.
    #[serde(default)]
    pub port: Option<u16>,
    /// Name of the database.
    #[serde(default)]
    pub database: Option<String>,
    /// A company's own certificate authority, as a PEM file; absent means the public ones.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Who signed in here last, so that the form is half filled.
    #[serde(default)]
    pub last_login: Option<String>,
    /// Whether the keychain holds `last_login`'s password.
    #[serde(default)]
    pub remembers: bool,
    /// Whether the connection is encrypted and the server's certificate verified.
    #[serde(default, skip_deserializing)]
    pub encrypted: bool,
    /// Rehearsal only: the people who can be tried without a password.
    #[serde(default, skip_deserializing)]
    pub logins: Vec<String>,
}

/// Where the server of a profile runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Started by this program, on this computer.
    Embedded,
    /// Somebody else's server.
    Server,
}

impl Choice {
    /// The built-in choice.
    pub fn rehearsal() -> Self {
        Self {
            id: REHEARSAL.into(),
            name: String::new(),
            kind: Kind::Embedded,
            host: None,
            port: None,
            database: None,
            ca_file: None,
            last_login: None,
            remembers: false,
            encrypted: false,
            logins: rehearsal::LOGINS.iter().map(|(login, ..)| (*login).to_owned()).collect(),
        }
    }

    /// The connection this choice stands for. Nothing on the form can turn the certificate's check off:
    /// only a server on this machine is reached without one.
    pub fn to_profile(&self) -> Result<Profile> {
        let (Some(host), Some(database)) = (filled(&self.host), filled(&self.database)) else {
            return Err(Error::rule("profile_incomplete"));
        };
        let here = host.starts_with('/') || matches!(host, "localhost" | "127.0.0.1" | "::1");
        Ok(Profile {
            name: self.name.clone(),
            host: host.into(),
            port: self.port.unwrap_or(5432),
            database: database.into(),
            tls: if here && self.ca_file.is_none() { Tls::Disable } else { Tls::VerifyFull },
            root_cert: self.ca_file.clone(),
            rehearsal: false,
        })
    }
}

fn filled(field: &Option<String>) -> Option<&str> {
    field.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The user's own folder for this program. `KONTOR_CONFIG` names another: for tests, and for a second desk on one
/// computer.
pub fn config_folder() -> PathBuf {
    std::env::var_os("KONTOR_CONFIG").map(PathBuf::from).unwrap_or_else(|| {
        directories::ProjectDirs::from("", "", "kontor")
            .map_or_else(|| PathBuf::from("."), |folders| folders.config_dir().to_owned())
    })
}

/// The file with all server profiles.
#[derive(Debug)]
pub struct ProfileFile {
    path: PathBuf,
}

impl ProfileFile {
    /// The user's own file.
    pub fn of_this_user() -> Self {
        Self { path: config_folder().join("profiles.json") }
    }

    /// All server profiles; a missing file means none yet.
    pub fn read(&self) -> Result<Vec<Choice>> {
        match fs::read(&self.path) {
            Ok(bytes) => {
                let mut all: Vec<Choice> = serde_json::from_slice(&bytes).map_err(|cause| {
                    tracing::warn!("the profiles cannot be read: {cause}");
                    Error::rule("profiles_broken")
                })?;
                for choice in &mut all {
                    choice.encrypted = choice.to_profile().is_ok_and(|profile| profile.tls == Tls::VerifyFull);
                }
                Ok(all)
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(cause.into()),
        }
    }

    /// The server profile with this id.
    pub fn find(&self, id: &str) -> Result<Choice> {
        self.read()?.into_iter().find(|choice| choice.id == id).ok_or_else(|| Error::rule("profile_unknown"))
    }

    /// Adds the profile, or replaces the one with its id.
    pub fn save(&self, choice: Choice) -> Result<()> {
        if choice.id.is_empty() || choice.id == REHEARSAL || choice.kind == Kind::Embedded {
            return Err(Error::rule("profile_unknown"));
        }
        choice.to_profile()?;
        let mut all = self.read()?;
        match all.iter_mut().find(|kept| kept.id == choice.id) {
            Some(kept) => *kept = choice,
            None => all.push(choice),
        }
        self.write(&all)
    }

    /// Forgets a profile and its password.
    pub fn remove(&self, id: &str) -> Result<()> {
        let mut all = self.read()?;
        for gone in all.iter().filter(|choice| choice.id == id && choice.remembers) {
            if let Some(login) = &gone.last_login {
                forget_password(id, login);
            }
        }
        all.retain(|choice| choice.id != id);
        self.write(&all)
    }

    /// Notes who signed in, for the next time.
    pub fn signed_in(&self, id: &str, login: &str, remembers: bool) -> Result<()> {
        let mut all = self.read()?;
        if let Some(choice) = all.iter_mut().find(|choice| choice.id == id) {
            choice.last_login = Some(login.into());
            choice.remembers = remembers;
        }
        self.write(&all)
    }

    /// Writes beside the file and renames, so that a crash leaves the old profiles.
    fn write(&self, all: &[Choice]) -> Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let beside = self.path.with_extension("json.new");
        fs::write(&beside, serde_json::to_vec_pretty(all)?)?;
        fs::rename(&beside, &self.path)?;
        Ok(())
    }
}

/// The remembered password of a login.
pub fn remembered_password(profile: &str, login: &str) -> Result<String> {
    entry(profile, login).and_then(|entry| entry.get_password()).map_err(|cause| {
        tracing::info!("no password from the keychain: {cause}");
        Error::rule("password_missing")
    })
}

/// Keeps a password. A computer without a keychain says so; the sign-in itself has succeeded by then.
pub fn remember_password(profile: &str, login: &str, password: &str) -> bool {
    let kept = entry(profile, login).and_then(|entry| entry.set_password(password));
    if let Err(cause) = &kept {
        tracing::warn!("the keychain refused a password: {cause}");
    }
    kept.is_ok()
}

/// Removes a password, if there is one.
pub fn forget_password(profile: &str, login: &str) {
    if let Err(cause) = entry(profile, login).and_then(|entry| entry.delete_credential()) {
        tracing::info!("no password to forget: {cause}");
    }
}

fn entry(profile: &str, login: &str) -> keyring::Result<keyring::Entry> {
    keyring::Entry::new(KEYCHAIN_SERVICE, &format!("{profile}/{login}"))
}
