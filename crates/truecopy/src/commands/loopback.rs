//! A server on this machine, and no other: the only place where the program opens a connection.
//!
//! Addresses are numbers of the loopback, never names that would have to be looked up; proxies are not asked, redirections
//! not followed; an answer is bounded in size and time.

use std::net::SocketAddr;
use std::time::Duration;

use ureq::Agent;

/// Bytes of an answer, at most.
const ANSWER: u64 = 1 << 20;

/// A server on this machine.
pub(crate) struct Loopback {
    base: String,
    agent: Agent,
}

impl Loopback {
    /// The server at an address such as `http://127.0.0.1:11434/v1`. An error says why it may not be one.
    pub(crate) fn at(address: &str, wait: Duration) -> Result<Self, String> {
        let rest = address.strip_prefix("http://").ok_or("an address begins with http://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host =
            host.strip_prefix("localhost:").map_or(host.to_owned(), |port| format!("127.0.0.1:{port}"));
        let at: SocketAddr = host.parse().map_err(|_| {
            "the host is this machine's loopback with a port, such as 127.0.0.1:11434; names are not looked up"
        })?;
        if !at.ip().is_loopback() {
            return Err("only a server on this machine (127.0.0.1, ::1) is ever called".to_owned());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
        if !path.chars().all(plain) {
            return Err("the path of the address has other letters than a-z, 0-9, / - _ .".to_owned());
        }
        let base = format!("http://{at}/{path}").trim_end_matches('/').to_owned();
        let agent = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(true)
            .timeout_global(Some(wait))
            .build()
            .new_agent();
        Ok(Self { base, agent })
    }

    /// What the server answers to a JSON text posted to one of its paths.
    pub(crate) fn post(&self, path: &str, body: &str) -> Result<String, String> {
        let sent = self
            .agent
            .post(format!("{}/{path}", self.base))
            .header("Content-Type", "application/json")
            .send(body);
        let mut answer = sent.map_err(|error| error.to_string())?;
        answer.body_mut().with_config().limit(ANSWER).read_to_string().map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_machine_is_an_address() {
        let at = |address: &str| Loopback::at(address, Duration::from_secs(1)).map(|server| server.base);
        for (address, base) in [
            ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
            ("http://localhost:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ] {
            assert_eq!(at(address).as_deref(), Ok(base));
        }
        for address in [
            "https://127.0.0.1:8080/v1",
            "http://192.168.1.5:8080/v1",
            "http://0.0.0.0:8080/v1",
            "http://example.org:80/v1",
            "http://127.0.0.1/v1",
            "http://127.0.0.1:8080@example.org:80/v1",
            "http://localhost:8080@example.org:80/v1",
            "http://127.0.0.1:8080/v1?x=1",
            "http://127.0.0.1.example.org:80/",
            "127.0.0.1:8080",
        ] {
            assert!(at(address).is_err(), "{address}");
        }
    }
}
