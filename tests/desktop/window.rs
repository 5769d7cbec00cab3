//! The real window under WebDriver: one driver process and one program per test, each with folders of its own.

use crate::support::TestBooks;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// The only profile of the window under test.
const PROFILE: &str = "books";

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(40);

/// A running window.
pub struct Window {
    driver: WebDriver,
    process: Child,
    home: PathBuf,
    environment: Vec<(&'static str, String)>,
    passwords: BTreeMap<String, String>,
}

impl Window {
    /// Opens the window on the sign-in screen, with one profile: the given books.
    pub async fn open(books: &TestBooks) -> Self {
        let server = books.books().server();
        let books = server.profile(&books.books().name);
        let home = new_home();
        let profile = json!([{
            "id": PROFILE, "name": PROFILE, "kind": "server",
            "host": books.host, "port": books.port, "database": books.database,
        }]);
        std::fs::write(home.join("profiles.json"), profile.to_string()).expect("profiles are written");
        let passwords = server.kept_passwords().expect("a rehearsal keeps its passwords");
        Self::start(home, Vec::new(), passwords).await
    }

    /// Opens the window of somebody who never used it: no profile, and a private server that was never started.
    pub async fn open_for_the_first_time() -> Self {
        let home = new_home();
        let server = home.join("server").to_string_lossy().into_owned();
        let environment = vec![("KONTOR_HOME", server), ("KONTOR_AUTOMATION_SMALL_DEMO", "yes".to_owned())];
        Self::start(home, environment, BTreeMap::new()).await
    }

    async fn start(
        home: PathBuf,
        environment: Vec<(&'static str, String)>,
        passwords: BTreeMap<String, String>,
    ) -> Self {
        let port = free_port();
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".into()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // The accessibility bus of a virtual screen only writes noise into the log.
            .env("NO_AT_BRIDGE", "1")
            .env("MESA_SHADER_CACHE_DISABLE", "true")
            .env("KONTOR_CONFIG", &home)
            .env("KONTOR_AUTOMATION_PICKS", home.join("picks"))
            .env("KONTOR_AUTOMATION_SAVES", home.join("saves"))
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("settings"))
            .env_remove("KONTOR_SIGN_IN")
            .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
            .stdin(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver starts; tools/setup.sh test installs it");
        let driver = connect(port).await;
        let window = Self { driver, process, home, environment, passwords };
        // Opened again it stands where it was: that is its own business.
        if !window.home.join("window.json").exists() {
            window.stand_at([0, 0, 1440, 900]).await;
        }
        window
    }

    /// Closes the window and opens it again, as after a night.
    pub async fn restart(mut self) -> Self {
        self.end().await;
        let (home, environment) = (self.home.clone(), self.environment.clone());
        Self::start(home, environment, self.passwords.clone()).await
    }

    /// Puts the window somewhere: left, top, width, height.
    pub async fn stand_at(&self, [x, y, width, height]: [i64; 4]) {
        let (width, height) = (width as u32, height as u32);
        self.driver.set_window_rect(x, y, width, height).await.expect("the window takes a size");
    }

    /// Where the window stands.
    pub async fn stands_at(&self) -> [i64; 4] {
        let at = self.driver.get_window_rect().await.expect("the window has a size");
        [at.x, at.y, at.width, at.height]
    }

    /// The password of one of the books' people.
    pub fn password(&self, login: &str) -> String {
        self.passwords[login].clone()
    }

    /// The window's own folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Signs in as `login`, and waits for the first screen with its figures.
    pub async fn sign_in(&self, login: &str) {
        self.try_to_sign_in(login, &self.passwords[login]).await;
        self.ready("today").await;
    }

    /// Fills the sign-in form and sends it.
    pub async fn try_to_sign_in(&self, login: &str, password: &str) {
        self.click(&format!("profile-{PROFILE}")).await;
        self.fill("login", login).await;
        self.fill("password", password).await;
        self.click("sign-in-submit").await;
    }

    /// Leaves, so that the next person can sign in on the same window.
    pub async fn sign_out(&self) {
        self.click("person").await;
        self.click("sign-out").await;
        self.see("sign-in").await;
    }

    /// Goes to a screen by its entry in the side bar.
    pub async fn go_to(&self, screen: &str) {
        self.click(&format!("nav-{screen}")).await;
        self.ready(screen).await;
    }

    /// Waits until a screen has painted what it asked for.
    pub async fn ready(&self, screen: &str) {
        self.find(&format!("[data-testid=\"screen-{screen}\"][data-ready=\"true\"]")).await;
    }

    /// Waits for the element with this test id.
    pub async fn see(&self, id: &str) -> WebElement {
        self.find(&format!("[data-testid=\"{id}\"]")).await
    }

    /// Waits for an element; what the page shows instead is the failure's message.
    pub async fn find(&self, selector: &str) -> WebElement {
        self.find_within(selector, PATIENCE).await
    }

    /// The same, for what takes longer.
    pub async fn find_within(&self, selector: &str, patience: Duration) -> WebElement {
        let last = Instant::now() + patience;
        loop {
            if let Ok(element) = self.driver.find(By::Css(selector)).await {
                return element;
            }
            if Instant::now() > last {
                self.photograph("stopped-here").await;
                panic!("{selector} did not appear; the page shows: {}", self.shown().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks as soon as the element is there and says that it can be.
    pub async fn click(&self, id: &str) {
        self.click_on(&format!("[data-testid=\"{id}\"]")).await;
    }

    /// The same, by any selector.
    pub async fn click_on(&self, selector: &str) {
        let last = Instant::now() + PATIENCE;
        // A button that cannot be pressed now stays readable, and says so to assistive technology only.
        let able = format!("{selector}:not([aria-disabled=\"true\"]):not(:disabled)");
        loop {
            let element = self.find(&able).await;
            // A list that is read again between the look and the click has made the element anew.
            match element.click().await {
                Ok(()) => return,
                Err(cause) if Instant::now() > last => {
                    self.photograph("stopped-here").await;
                    panic!("{selector} cannot be clicked ({cause}); the page shows: {}", self.shown().await)
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Ticks a box. What was asked for just before may still move it, so the click is looked after.
    pub async fn tick(&self, id: &str) {
        let last = Instant::now() + PATIENCE;
        while Instant::now() < last {
            self.click(id).await;
            tokio::time::sleep(PAUSE).await;
            if self.see(id).await.is_selected().await.unwrap_or(false) {
                return;
            }
        }
        panic!("{id} cannot be ticked; the page shows: {}", self.shown().await);
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.see(id).await;
        field.clear().await.expect("the field can be cleared");
        field.send_keys(text).await.expect("the field takes keys");
    }

    /// Chooses an entry of a list by its words.
    pub async fn choose(&self, id: &str, label: &str) {
        self.click(id).await;
        let last = Instant::now() + PATIENCE;
        let mut opened = Instant::now();
        loop {
            let entries = self.driver.find_all(By::Css("[role=option]")).await.unwrap_or_default();
            // A page that was busy drawing itself may have missed the click, as it would a person's: who sees no list clicks again.
            if entries.is_empty() && opened.elapsed() > Duration::from_secs(2) {
                self.click(id).await;
                opened = Instant::now();
            }
            for entry in entries {
                if entry.text().await.is_ok_and(|text| text == label) && entry.click().await.is_ok() {
                    return;
                }
            }
            assert!(Instant::now() < last, "{id} does not offer {label}; the page shows: {}", self.shown().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Leaves the dialog that is open.
    pub async fn press_escape(&self) {
        let chain = self.driver.action_chain().send_keys(Key::Escape);
        chain.perform().await.expect("the key is pressed");
    }

    /// Pastes into the element, as Ctrl V does.
    pub async fn paste_into(&self, id: &str) {
        let field = self.see(id).await;
        field.click().await.expect("it takes the focus");
        let chain = self.driver.action_chain().key_down(Key::Control).send_keys("v").key_up(Key::Control);
        chain.perform().await.expect("the keys are pressed");
    }

    /// Presses one key, wherever the focus is.
    pub async fn press(&self, key: &str) {
        self.driver.action_chain().send_keys(key).perform().await.expect("the key is pressed");
    }

    /// Waits until nothing with this test id is there any more.
    pub async fn gone(&self, id: &str) {
        let last = Instant::now() + PATIENCE;
        let selector = format!("[data-testid=\"{id}\"]");
        while self.driver.find(By::Css(&selector)).await.is_ok() {
            assert!(Instant::now() < last, "{id} is still there; the page shows: {}", self.shown().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The element's text, hidden overflow included.
    pub async fn text(&self, id: &str) -> String {
        self.see(id).await.prop("textContent").await.ok().flatten().unwrap_or_default()
    }

    /// Waits until an attribute of the element has this value.
    pub async fn see_state(&self, id: &str, attribute: &str, value: &str) {
        self.find(&format!("[data-testid=\"{id}\"][{attribute}=\"{value}\"]")).await;
    }

    /// Runs a function body in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.driver.execute(script, arguments).await.expect("the page runs it").json().clone()
    }

    /// Runs a function body in the page that answers through its last argument.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute_async(script, Vec::new()).await.expect("the page answers").json().clone()
    }

    /// Imports a file on the open Import screen, and waits for what becomes of it.
    pub async fn import(&self, file: &Path, status: &str) {
        self.will_pick(file);
        self.click("import-pick").await;
        let name = file.file_name().expect("a file").to_string_lossy();
        self.find(&format!("[data-testid=\"import-result\"][data-file=\"{name}\"][data-status=\"{status}\"]")).await;
    }

    /// Chooses a customer by reference, as a person does: type, and take the first that is offered.
    pub async fn pick_customer(&self, id: &str, reference: &str) {
        self.fill(id, reference).await;
        self.click("customer-option").await;
    }

    /// Writes a file that a person could pick.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.join(name);
        std::fs::write(&path, bytes).expect("the file is written");
        path
    }

    /// What the next system dialog will answer: a person's click cannot be automated there.
    pub fn will_pick(&self, file: &Path) {
        std::fs::write(self.home.join("picks"), file.to_string_lossy().as_bytes()).expect("the pick is noted");
    }

    /// Waits for the file with this extension that the window saves.
    pub async fn saved(&self, extension: &str) -> PathBuf {
        let last = Instant::now() + PATIENCE;
        while Instant::now() < last {
            let entries = std::fs::read_dir(self.home.join("saves")).into_iter().flatten().flatten();
            let mut paths = entries.map(|entry| entry.path());
            if let Some(path) = paths.find(|path| path.extension().is_some_and(|found| found == extension)) {
                return path;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no {extension} was saved; the page shows: {}", self.shown().await);
    }

    /// Waits for the file of this name that the window saves.
    pub async fn saved_as(&self, name: &str) -> PathBuf {
        let (path, last) = (self.home.join("saves").join(name), Instant::now() + PATIENCE);
        while !path.exists() {
            assert!(Instant::now() < last, "{name} was not saved; the page shows: {}", self.shown().await);
            tokio::time::sleep(PAUSE).await;
        }
        path
    }

    /// Leaves a picture beside the other results of the run.
    pub async fn photograph(&self, name: &str) {
        // What is in the page already may be painted only with the next frame, or with its fonts.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/window-tests");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        // The driver waits for the next frame, and a page at rest draws none for five seconds: so it is given something.
        let drawing = "let times = 0; const draw = () => { document.body.style.outline = times % 2 ? '1px solid transparent' : ''; if (times++ < 40) setTimeout(draw, 25); }; draw();";
        let _ = self.driver.execute(drawing, Vec::new()).await;
        if let Err(cause) = self.driver.screenshot(&folder.join(format!("{name}.png"))).await {
            eprintln!("no picture of {name}: {cause}");
        }
    }

    /// Closes the window as a person would, and removes its folders.
    pub async fn close(mut self) {
        self.end().await;
        let _ = std::fs::remove_dir_all(&self.home);
    }

    /// Ends the program as a log-out does, so that it can stop what it started: the driver would just kill it.
    async fn end(&mut self) {
        let _ = self.driver.clone().leak();
        if let Some(program) = self.program() {
            let _ = Command::new("kill").args(["-TERM", &program]).status();
            let alive = || {
                let stat = std::fs::read_to_string(format!("/proc/{program}/stat")).unwrap_or_default();
                !stat.is_empty() && !stat.contains(") Z ")
            };
            let last = Instant::now() + PATIENCE;
            while alive() {
                assert!(Instant::now() < last, "the window does not end when it is told to");
                tokio::time::sleep(PAUSE).await;
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The program's process: the driver's only child.
    fn program(&self) -> Option<String> {
        let driver = self.process.id();
        let children = std::fs::read_to_string(format!("/proc/{driver}/task/{driver}/children")).ok()?;
        children.split_whitespace().next().map(str::to_owned)
    }

    async fn shown(&self) -> String {
        let script = "return document.body ? document.body.textContent.slice(0, 600) : ''";
        match self.driver.execute(script, Vec::new()).await {
            Ok(answer) => answer.json().as_str().unwrap_or_default().to_owned(),
            Err(cause) => format!("(nothing: {cause})"),
        }
    }
}

impl Drop for Window {
    /// A failed test must not leave a driver and a window behind.
    fn drop(&mut self) {
        // Otherwise the session says goodbye to a driver that is gone, and waits two minutes for its answer.
        let _ = self.driver.clone().leak();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn new_home() -> PathBuf {
    let home = std::env::temp_dir().join(format!("kontor-window-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&home).expect("a folder for the window");
    home
}

/// The program that `cargo build --workspace` left beside the test.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its own path");
    let program = test.ancestors().nth(2).expect("target/debug").join("kontor-desktop");
    assert!(program.exists(), "{} is missing: build the workspace first", program.display());
    program
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound port").port()
}

async fn connect(port: u16) -> WebDriver {
    let mut capabilities = Capabilities::new();
    let options = json!({"binary": program(), "args": []});
    capabilities.set("webkitgtk:browserOptions", options).expect("plain JSON");
    let address = format!("http://127.0.0.1:{port}");
    let last = Instant::now() + PATIENCE;
    loop {
        match WebDriver::new(&address, capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(cause) if Instant::now() > last => panic!("no session with the window: {cause}"),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
