//! Choosing books and taking a seat at them.

use crate::desk::{Desk, Seat, SignedIn};
use crate::profiles::{self, Choice, REHEARSAL};
use kontor::database::TEND_EVERY;
use kontor::demo::Step;
use kontor::{Database, Error, Result};
use serde_json::Value;
use tauri::State;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::Channel;
use uuid::Uuid;

/// The choices of the sign-in screen, the rehearsal first.
#[tauri::command]
pub async fn profiles(desk: State<'_, Desk>) -> Result<Vec<Choice>> {
    choices(&desk)
}

/// Adds a server, or replaces the one with the same id.
#[tauri::command]
pub async fn save_profile(desk: State<'_, Desk>, profile: Choice) -> Result<Vec<Choice>> {
    desk.profiles.save(profile)?;
    choices(&desk)
}

/// Forgets a server and the password kept for it.
#[tauri::command]
pub async fn remove_profile(desk: State<'_, Desk>, id: String) -> Result<Vec<Choice>> {
    desk.profiles.remove(&id)?;
    choices(&desk)
}

/// Signs a person in; whoever was signed in before is signed out.
#[tauri::command]
pub async fn sign_in(
    desk: State<'_, Desk>,
    profile: String,
    login: String,
    password: String,
    remember: Option<bool>,
    progress: Channel<Step>,
) -> Result<SignedIn> {
    let seat = match profile.as_str() {
        REHEARSAL => rehearse(&desk, &login, &password, &progress).await?,
        id => sign_in_to_server(&desk, id, &login, password, remember.unwrap_or(false)).await?,
    };
    let shown = seat.shown.clone();
    tauri::async_runtime::spawn(seat.database.clone().tend_until_closed(TEND_EVERY));
    if let Some(before) = desk.take_seat(Some(seat)) {
        before.database.close().await;
    }
    Ok(shown)
}

/// Who is signed in already: a reload must not ask again. Started with `KONTOR_SIGN_IN`, the window takes
/// that seat at the rehearsal by itself; after that has failed or been left, it asks like any other.
#[tauri::command]
pub async fn signed_in(desk: State<'_, Desk>, progress: Channel<Step>) -> Result<Option<SignedIn>> {
    if let Some(seat) = desk.seat() {
        return Ok(Some(seat.shown));
    }
    match desk.invitation() {
        Some(login) => sign_in(desk, REHEARSAL.into(), login, String::new(), None, progress).await.map(Some),
        None => Ok(None),
    }
}

/// Stops the making of the rehearsal's books; the sign-in that waits for them is refused by `loading_cancelled`.
#[tauri::command]
pub fn stop_opening(desk: State<'_, Desk>) {
    desk.stop_opening();
}

/// The person at the desk proves again who they are. Neither the keychain nor the seat answers for them; only the
/// rehearsal's people, whose passwords nobody knows, are believed without one.
#[tauri::command]
pub async fn step_up(desk: State<'_, Desk>, command_id: Uuid, password: String) -> Result<Value> {
    let seat = desk.seat().ok_or_else(|| Error::rule("not_signed_in"))?;
    let password = match (password.is_empty(), seat.shown.profile.id == REHEARSAL) {
        (false, _) => password,
        (true, true) => desk.rehearsal_password(&seat.shown.login).await?,
        (true, false) => return Err(Error::rule("step_up_without_password")),
    };
    seat.database.step_up(command_id, &password).await
}

/// Leaves the seat.
#[tauri::command]
pub async fn sign_out(desk: State<'_, Desk>) -> Result<()> {
    if let Some(seat) = desk.take_seat(None) {
        seat.database.close().await;
    }
    Ok(())
}

fn choices(desk: &Desk) -> Result<Vec<Choice>> {
    let mut all = vec![Choice::rehearsal()];
    all.extend(desk.profiles.read()?);
    Ok(all)
}

async fn rehearse(desk: &Desk, login: &str, password: &str, progress: &Channel<Step>) -> Result<Seat> {
    let mut tell = |step| {
        // A page that was loaded again meanwhile has no use for the news.
        let _ = progress.send(step);
    };
    let (profile, kept) = desk.rehearsal(login, &mut tell).await?;
    let password = if password.is_empty() { &kept } else { password };
    let database = Database::connect(&profile, login, password).await?;
    let shown = SignedIn { login: login.into(), profile: Choice::rehearsal() };
    Ok(Seat { database, shown })
}

async fn sign_in_to_server(desk: &Desk, id: &str, login: &str, password: String, remember: bool) -> Result<Seat> {
    let choice = desk.profiles.find(id)?;
    let password = match password.is_empty() {
        true => from_keychain(id, login).await?,
        false => password,
    };
    let database = Database::connect(&choice.to_profile()?, login, &password).await?;
    let remembers = match remember {
        true => to_keychain(id, login, password).await,
        false => choice.remembers && choice.last_login.as_deref() == Some(login),
    };
    desk.profiles.signed_in(id, login, remembers)?;
    let profile = desk.profiles.find(id)?;
    Ok(Seat { database, shown: SignedIn { login: login.into(), profile } })
}

// The keychain may ask the person to unlock it, which takes as long as it takes: never on an async thread.

async fn from_keychain(id: &str, login: &str) -> Result<String> {
    let (id, login) = (id.to_owned(), login.to_owned());
    spawn_blocking(move || profiles::remembered_password(&id, &login)).await.map_err(Error::bug)?
}

async fn to_keychain(id: &str, login: &str, password: String) -> bool {
    let (id, login) = (id.to_owned(), login.to_owned());
    spawn_blocking(move || profiles::remember_password(&id, &login, &password)).await.unwrap_or(false)
}
