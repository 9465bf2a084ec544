//! Debian's Chromium, driven through chromedriver: a hand that clicks and types, and counts both.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long what should show may take; stages may have to run first.
const PATIENCE: Duration = Duration::from_secs(240);

/// A browser with a profile, downloads and a log of its own.
pub struct Browser {
    driver: Child,
    at: String,
    pub client: Client,
    folder: tempfile::TempDir,
    /// Clicks so far, and choices in a list, which are two.
    pub clicks: usize,
    /// Fields that were typed into, and single keys.
    pub typed: usize,
}

impl Browser {
    /// None, with a word, where Chromium or its driver is not installed.
    pub async fn start() -> Option<Self> {
        let has =
            |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
        if !has("chromium") || !has("chromedriver") {
            eprintln!("skipped: chromium and chromedriver are not installed (tools/setup test)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("downloads")).unwrap();
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=WARNING"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = said.filter(|line| line.contains("on port")).find_map(|line| {
            let digits: String = line.rsplit(' ').next()?.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<u16>().ok().filter(|port| *port > 0)
        });
        let at = format!("http://127.0.0.1:{}", port.expect("chromedriver tells its port"));
        let wanted = capabilities(folder.path());
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&at)
            .await
            .expect("Chromium starts");
        let browser = Self { driver, at, client, folder, clicks: 0, typed: 0 };
        browser.size(1280, 900).await;
        Some(browser)
    }

    /// A command of Chromium's own protocol.
    pub async fn command(&self, name: &str, parameters: Value) -> Value {
        let session = self.client.session_id().await.unwrap().unwrap();
        let address = format!("{}/session/{session}/goog/cdp/execute", self.at);
        let body = json!({ "cmd": name, "params": parameters }).to_string();
        let said = ureq::post(&address).content_type("application/json").send(&body).unwrap();
        let told: Value = serde_json::from_str(&said.into_body().read_to_string().unwrap()).unwrap();
        told["value"].clone()
    }

    /// The size of what is seen, as a telephone where it is narrow.
    pub async fn size(&self, width: u32, height: u32) {
        let parameters =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.command("Emulation.setDeviceMetricsOverride", parameters).await;
    }

    /// `light` or `dark`; nothing moves.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.command("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    pub async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// What `main` says.
    pub async fn said(&self) -> String {
        self.run("return document.querySelector('main').innerText").await.as_str().unwrap().to_owned()
    }

    /// What is found and seen, once there is such a thing.
    pub async fn seen(&self, by: Locator<'_>) -> Element {
        let since = Instant::now();
        loop {
            for one in self.client.find_all(by).await.unwrap_or_default() {
                if one.is_displayed().await.unwrap_or(false) {
                    return one;
                }
            }
            if since.elapsed() > PATIENCE {
                let page = self.said().await;
                panic!("{by:?} does not show at {}: {page}", self.path().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A click on what is seen.
    pub async fn click(&mut self, by: Locator<'_>) {
        let since = Instant::now();
        loop {
            match self.seen(by).await.click().await {
                Ok(()) => break,
                // What is swapped or covered for a moment.
                Err(CmdError::Standard(_)) if since.elapsed() < Duration::from_secs(10) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => panic!("{by:?}: {error}"),
            }
        }
        self.clicks += 1;
    }

    /// A click on a link, a button or a heading that folds, by what it says; in `main`, or among the views.
    pub async fn press(&mut self, says: &str) {
        let path = format!(
            "//*[self::a or self::button or self::summary][ancestor::main or ancestor::nav][normalize-space()='{says}']"
        );
        self.click(Locator::XPath(&path)).await;
    }

    /// A click into a field, and words.
    pub async fn write(&mut self, css: &str, words: &str) {
        self.click(Locator::Css(css)).await;
        self.seen(Locator::Css(css)).await.send_keys(words).await.unwrap();
        self.typed += 1;
    }

    /// Keys, wherever the focus is.
    pub async fn keys(&mut self, keys: &str) {
        for value in keys.chars() {
            let stroke = KeyActions::new("keys".to_owned())
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
            self.client.perform_actions(stroke).await.unwrap();
            self.typed += 1;
        }
    }

    /// Moves the mouse over what is found, its button held, from one place of it to another: shares of its width and height.
    pub async fn drag(&self, css: &str, from: (f64, f64), to: (f64, f64)) {
        let place = format!(
            "const one = document.querySelector({css:?}); one.scrollIntoView({{ block: 'center' }}); const box = one.getBoundingClientRect(); return [box.left, box.top, box.width, box.height]"
        );
        let place: [f64; 4] = serde_json::from_value(self.run(&place).await).unwrap();
        let [left, top, width, height] = place;
        let moves = |share: (f64, f64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(60)),
            x: left + width * share.0,
            y: top + height * share.1,
        };
        let half = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let hand = MouseActions::new("hand".to_owned())
            .then(moves(from))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(moves(half))
            .then(moves(to))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(hand).await.unwrap();
    }

    /// Chooses a file or a folder for a field, which takes a click on it and one in the machine's own list.
    pub async fn hand_in(&mut self, css: &str, path: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().send_keys(path).await.unwrap();
        self.clicks += 2;
    }

    /// Waits until a page says something.
    pub async fn until(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let since = Instant::now();
        loop {
            let said = self.run("return document.querySelector('main')?.innerText ?? ''").await;
            if holds(said.as_str().unwrap_or_default()) {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {said}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A file that was saved, by how its name ends.
    pub async fn saved(&self, ending: &str) -> Vec<u8> {
        let (folder, since) = (self.folder.path().join("downloads"), Instant::now());
        loop {
            let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            if let Some(path) = names.into_iter().find(|path| path.to_string_lossy().ends_with(ending)) {
                return std::fs::read(path).unwrap();
            }
            assert!(since.elapsed() < PATIENCE, "nothing that ends with {ending} was saved");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends the browser; what it did on the network, in its own words.
    pub async fn end(mut self) -> String {
        self.client.clone().close().await.unwrap();
        let log = self.log();
        let since = Instant::now();
        loop {
            let told = std::fs::read_to_string(&log).unwrap_or_default();
            if told.trim_end().ends_with('}') || since.elapsed() > Duration::from_secs(20) {
                let _ = self.driver.kill();
                return told;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("net.json")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes its Chromium along when it is asked to shut down, and not when it is killed.
        let _ = ureq::get(&format!("{}/shutdown", self.at)).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(folder: &std::path::Path) -> fantoccini::wd::Capabilities {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-extensions".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--lang=en".to_owned(),
        format!("--user-data-dir={}", folder.join("profile").display()),
        format!("--log-net-log={}", folder.join("net.json").display()),
    ];
    // Chromium asks of its own accord for a search engine's page, the time, what the fields of forms may mean: no page of ours
    // has a part in that, and none can forbid it.
    arguments
        .push("--disable-features=AutofillServerCommunication,NetworkTimeServiceQuerying,PreconnectToSearch,OptimizationHints,MediaRouter,Translate".to_owned());
    // Chromium's own sandbox does not start as root.
    if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        arguments.push("--no-sandbox".to_owned());
    }
    let downloads = folder.join("downloads");
    let options = json!({
        "binary": "/usr/bin/chromium",
        "args": arguments,
        "prefs": {
            "download.default_directory": downloads, "download.prompt_for_download": false,
            "plugins.always_open_pdf_externally": true, "net.network_prediction_options": 2, "search.suggest_enabled": false,
            "safebrowsing.enabled": false, "signin.allowed": false, "homepage": "about:blank", "homepage_is_newtabpage": false,
            "session.restore_on_startup": 4, "session.startup_urls": ["about:blank"],
        },
    });
    let mut wanted = fantoccini::wd::Capabilities::new();
    wanted.insert("goog:chromeOptions".to_owned(), options);
    wanted.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
    wanted
}
