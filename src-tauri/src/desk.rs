//! What the window remembers between two commands: who is signed in, the private server, and which files
//! a person has handed over.

use crate::profiles::{Choice, ProfileFile};
use kontor::embedded::Server;
use kontor::migrate::Outcome;
use kontor::{Database, Error, Profile, Result, demo, rehearsal};
use serde::Serialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, RwLock};

/// The state of the one window.
pub struct Desk {
    /// The server profiles of this user.
    pub profiles: ProfileFile,
    seat: RwLock<Option<Seat>>,
    server: tokio::sync::Mutex<Option<Server>>,
    invitation: Mutex<Option<String>>,
    readable: Mutex<HashSet<PathBuf>>,
    /// The one import at a time.
    pub imports: Turn,
    /// The one export at a time.
    pub exports: Turn,
}

/// Who sits at the desk.
#[derive(Clone)]
pub struct Seat {
    /// Their connection.
    pub database: Database,
    /// What the window shows about it.
    pub shown: SignedIn,
}

/// Who is signed in, and where.
#[derive(Clone, Serialize)]
pub struct SignedIn {
    /// The login.
    pub login: String,
    /// The choice that was made on the sign-in screen.
    pub profile: Choice,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            profiles: ProfileFile::of_this_user(),
            seat: RwLock::default(),
            server: tokio::sync::Mutex::default(),
            invitation: Mutex::new(std::env::var("KONTOR_SIGN_IN").ok().filter(|login| !login.is_empty())),
            readable: Mutex::default(),
            imports: Turn::new("import_running"),
            exports: Turn::new("export_running"),
        }
    }
}

impl Desk {
    /// The connection of the person who is signed in.
    pub fn database(&self) -> Result<Database> {
        self.seat().map(|seat| seat.database).ok_or_else(|| Error::rule("not_signed_in"))
    }

    /// Who is signed in, if anybody.
    pub fn seat(&self) -> Option<Seat> {
        self.seat.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Seats a person and answers with whoever sat there before.
    pub fn take_seat(&self, next: Option<Seat>) -> Option<Seat> {
        std::mem::replace(&mut *self.seat.write().unwrap_or_else(|poisoned| poisoned.into_inner()), next)
    }

    /// The login that this process was started for, once.
    pub fn invitation(&self) -> Option<String> {
        self.invitation.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
    }

    /// Starts the private server, or joins it, and prepares the rehearsal's books when they are not there yet.
    pub async fn rehearsal(&self, login: &str) -> Result<(Profile, String)> {
        let mut kept = self.server.lock().await;
        if kept.is_none() {
            *kept = Some(Server::start(&Server::default_home()?).await?);
        }
        let server = kept.as_ref().ok_or(Error::Offline)?;
        let size = demo::Size::demo();
        let opened = rehearsal::open(server, rehearsal::DATABASE, demo::first_instant(&size).to_utc()).await?;
        // Only books that were made this moment are filled: others may be in use, or being filled by someone else.
        if matches!(&opened, Outcome::Migrated { landed } if !landed.is_empty()) {
            demo::load(server, rehearsal::DATABASE, &size, &mut |_| {}).await?;
        }
        let password = server.kept_passwords()?.remove(login).ok_or_else(|| Error::rule("login_refused"))?;
        Ok((server.profile(rehearsal::DATABASE), password))
    }

    /// From now on the window may read these files: a person picked or dropped them.
    pub fn allow_reading(&self, paths: &[PathBuf]) {
        self.readable().extend(paths.iter().cloned());
    }

    /// The page can name any path; it reads only what a person handed over.
    pub fn check_readable(&self, path: &Path) -> Result<()> {
        match self.readable().contains(path) {
            true => Ok(()),
            false => Err(Error::rule("file_not_picked")),
        }
    }

    fn readable(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.readable.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Leaves everything as a person would wish to find it: signed out, and the private server stopped.
    pub async fn close(&self) {
        if let Some(seat) = self.take_seat(None) {
            seat.database.close().await;
        }
        if let Some(server) = self.server.lock().await.take()
            && let Err(cause) = server.leave().await
        {
            tracing::warn!("the private server was not stopped: {cause}");
        }
    }
}

/// Long work with a file: one at a time, and it can be stopped.
pub struct Turn {
    refusal: &'static str,
    taken: AtomicBool,
    cancelled: AtomicBool,
}

impl Turn {
    fn new(refusal: &'static str) -> Self {
        Self { refusal, taken: AtomicBool::new(false), cancelled: AtomicBool::new(false) }
    }

    /// Takes the turn; it ends when the answer is dropped.
    pub fn begin(&self) -> Result<Running<'_>> {
        if self.taken.swap(true, Ordering::SeqCst) {
            return Err(Error::rule(self.refusal));
        }
        self.cancelled.store(false, Ordering::SeqCst);
        Ok(Running { turn: self })
    }

    /// Asks what is running to stop at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

/// A turn that was taken.
pub struct Running<'a> {
    turn: &'a Turn,
}

impl Running<'_> {
    /// Whether a person asked to stop.
    pub fn cancelled(&self) -> bool {
        self.turn.cancelled.load(Ordering::SeqCst)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.turn.taken.store(false, Ordering::SeqCst);
    }
}
