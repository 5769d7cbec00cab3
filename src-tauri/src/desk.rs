//! What the window remembers between two commands: who is signed in, the private server, and which files
//! a person has handed over.

use crate::automation;
use crate::profiles::{Choice, ProfileFile};
use kontor::demo::Step;
use kontor::embedded::Server;
use kontor::{Database, Error, Profile, Result, attachments, demo, rehearsal};
use serde::Serialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use uuid::Uuid;

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
    paper: Mutex<Option<(Uuid, Arc<Vec<u8>>)>>,
    opening_stopped: AtomicBool,
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
            paper: Mutex::default(),
            opening_stopped: AtomicBool::new(false),
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
        // The next person opens papers by their own right.
        *self.last_paper() = None;
        std::mem::replace(&mut *self.seat.write().unwrap_or_else(|poisoned| poisoned.into_inner()), next)
    }

    /// The login that this process was started for, once.
    pub fn invitation(&self) -> Option<String> {
        self.invitation.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
    }

    /// Starts the private server, or joins it, and makes the rehearsal's books when there are none yet.
    pub async fn rehearsal(&self, login: &str, tell: &mut (impl FnMut(Step) + Send)) -> Result<(Profile, String)> {
        self.opening_stopped.store(false, Ordering::SeqCst);
        let mut kept = self.server.lock().await;
        tell(demo::Phase::Starting.into());
        if kept.is_none() {
            *kept = Some(Server::start(&Server::default_home()?).await?);
        }
        let server = kept.as_ref().ok_or(Error::Offline)?;
        let stopped = || self.opening_stopped.load(Ordering::SeqCst);
        demo::open(server, rehearsal::DATABASE, &automation::demo_size(), false, tell, &stopped).await?;
        let password = server.kept_passwords()?.remove(login).ok_or_else(|| Error::rule("login_refused"))?;
        Ok((server.profile(rehearsal::DATABASE), password))
    }

    /// The kept password of one of the rehearsal's people.
    pub async fn rehearsal_password(&self, login: &str) -> Result<String> {
        let kept = self.server.lock().await;
        let server = kept.as_ref().ok_or(Error::Offline)?;
        server.kept_passwords()?.remove(login).ok_or_else(|| Error::rule("login_refused"))
    }

    /// Asks the making of the rehearsal's books to stop; nothing of them stays.
    pub fn stop_opening(&self) {
        self.opening_stopped.store(true, Ordering::SeqCst);
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

    /// The bytes of a paper. The one that was opened last is kept, so that looking at its parts neither fetches it
    /// again nor writes down a second opening.
    pub async fn paper(&self, id: Uuid) -> Result<Arc<Vec<u8>>> {
        let kept = self.last_paper().clone();
        if let Some((_, bytes)) = kept.filter(|(kept, _)| *kept == id) {
            return Ok(bytes);
        }
        self.open_paper(id).await
    }

    /// Fetches a paper and keeps it, as the one that was opened last.
    pub async fn open_paper(&self, id: Uuid) -> Result<Arc<Vec<u8>>> {
        let bytes = Arc::new(attachments::fetch(&self.database()?, id).await?);
        *self.last_paper() = Some((id, Arc::clone(&bytes)));
        Ok(bytes)
    }

    fn last_paper(&self) -> MutexGuard<'_, Option<(Uuid, Arc<Vec<u8>>)>> {
        self.paper.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Leaves everything as a person would wish to find it: signed out, and the private server stopped.
    pub async fn close(&self) {
        self.stop_opening();
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
