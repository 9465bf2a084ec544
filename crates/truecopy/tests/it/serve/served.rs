//! A case that is being served, and plain HTTP to it: what a browser would never send can be sent here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long an answer may take: reading runs beside it.
const PATIENCE: Duration = Duration::from_secs(120);

/// `truecopy serve`, until it is dropped.
pub struct Served {
    child: Child,
    pub port: u16,
    /// The addresses by which people come in, in the order in which they were named.
    pub addresses: Vec<String>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    head: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl Served {
    /// Serves a case to an analyst called Ann and a reader called Rob.
    pub fn of(case: &Path) -> Self {
        Self::with(case, &[])
    }

    /// The same, with further arguments.
    pub fn with(case: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_truecopy"))
            .args(["serve", "--port", "0", "--analyst", "Ann", "--reader", "Rob"])
            .arg(case)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let addresses: Vec<String> = lines.take(2).map(Result::unwrap).collect();
        let port =
            addresses.first().and_then(|first| first.split(':').nth(2)?.split('/').next()?.parse().ok());
        Self { child, port: port.expect("the address is told"), addresses }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn key(&self, person: usize) -> &str {
        self.addresses[person].split("key=").nth(1).unwrap()
    }

    /// The cookie of whoever came in as `person`: 0 is the analyst, 1 the reader.
    pub fn cookie(&self, person: usize) -> String {
        format!("truecopy-{}={}", self.port, self.key(person))
    }

    /// Sends lines of a head as they stand, and a body.
    pub fn raw(&self, head: &[String], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!("{}\r\nConnection: close\r\n\r\n", head.join("\r\n"));
        stream.write_all(head.as_bytes()).unwrap();
        // Whoever is refused early may find the way closed before all is sent.
        let _ = stream.write_all(body);
        answer(stream)
    }

    /// A request with further lines of its head; the Host is right unless one of them names another.
    pub fn ask(&self, method: &str, path: &str, more: &[&str], body: &[u8]) -> Answer {
        let mut head = vec![format!("{method} {path} HTTP/1.1")];
        if !more.iter().any(|line| line.to_ascii_lowercase().starts_with("host:")) {
            head.push(format!("Host: 127.0.0.1:{}", self.port));
        }
        head.extend(more.iter().map(|line| (*line).to_owned()));
        if method != "GET" && method != "HEAD" && !head.iter().any(|line| line.starts_with("Content-Length"))
        {
            head.push(format!("Content-Length: {}", body.len()));
        }
        self.raw(&head, body)
    }

    /// A page, for the analyst.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[&format!("Cookie: {}", self.cookie(0))], &[])
    }

    /// A form that somebody sends from a page of the workbench.
    pub fn post(&self, person: usize, path: &str, form: &str) -> Answer {
        let cookie = format!("Cookie: {}", self.cookie(person));
        let origin = format!("Origin: {}", self.base());
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask("POST", path, &[&cookie, &origin, kind], form.as_bytes())
    }

    pub fn api(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Waits until no stage runs.
    pub fn rested(&self) {
        let since = Instant::now();
        // A run that was just asked for begins in a moment.
        std::thread::sleep(Duration::from_millis(400));
        while self.api("/api/progress")["running"] == true {
            assert!(since.elapsed() < 5 * PATIENCE, "the stages do not come to rest");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

fn answer(mut stream: TcpStream) -> Answer {
    let mut reader = BufReader::new(&mut stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = reader.read_line(&mut line).unwrap_or(0);
        if read == 0 || line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let status = lines.first().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let head: Vec<(String, String)> = lines
        .iter()
        .skip(1)
        .filter_map(|line| {
            line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        })
        .collect();
    let mut answer = Answer { status, head, body: Vec::new() };
    // A stream of events does not end.
    if answer.header("content-type") != Some("text/event-stream") {
        let _ = reader.read_to_end(&mut answer.body);
    }
    answer
}

impl Drop for Served {
    fn drop(&mut self) {
        // As Ctrl-C would; where that does not do, for good.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
