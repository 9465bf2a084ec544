//! Who is let in: a Host of this machine, an Origin of this very page, a key of this start.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use texts::{mark, say};

use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

/// What every page may do: show rasters and run scripts that come from here, and ask nobody else for anything.
pub(crate) const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Who asks; stands in the request behind the guard.
#[derive(Clone)]
pub(crate) struct Who(pub Person);

/// Refuses whoever is not of this machine, not of this page, or has no key; names the others.
pub(crate) async fn guard(State(bench): State<Arc<Bench>>, mut request: Request, next: Next) -> Response {
    let mut answer = match admitted(&bench, &request) {
        Ok(Some(person)) => {
            request.extensions_mut().insert(Who(person));
            next.run(request).await
        }
        Ok(None) if request.uri().path() == "/enter" => enter(&bench, &request),
        Ok(None) => refusal(
            StatusCode::UNAUTHORIZED,
            say(
                "This workbench opens by the address that `truecopy serve` printed when it started. Each start has new ones.",
            ),
        ),
        Err(why) => refusal(StatusCode::FORBIDDEN, say(why)),
    };
    seal(answer.headers_mut());
    answer
}

/// Who has the cookie's key; an error where the request is not of this machine or page.
fn admitted(bench: &Bench, request: &Request) -> Result<Option<Person>, &'static str> {
    let headers = request.headers();
    let host = text(headers, header::HOST).ok_or(mark("the request names no host"))?;
    if !is_own(bench, host) {
        return Err(mark("the request names another host than this machine; see `truecopy serve --host`"));
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let origin =
            text(headers, header::ORIGIN).ok_or(mark("the request does not say which page sent it"))?;
        let from = origin.split_once("://").map(|(_, from)| from);
        if from != Some(host) {
            return Err(mark("another page sent this request"));
        }
    }
    if request.uri().path() == "/enter" {
        return Ok(None);
    }
    let name = cookie(bench);
    let key = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .find_map(|all| all.split(';').find_map(|one| one.trim().strip_prefix(&name)?.strip_prefix('=')));
    Ok(key.and_then(|key| person(bench, key)))
}

/// Browsers do not keep cookies of two ports apart: two workbenches must not take each other's place.
fn cookie(bench: &Bench) -> String {
    format!("truecopy-{}", port(bench))
}

fn port(bench: &Bench) -> u16 {
    bench.bound.get().copied().unwrap_or_default()
}

fn person(bench: &Bench, key: &str) -> Option<Person> {
    bench.settings.people.iter().find(|person| person.has(key)).cloned()
}

fn is_own(bench: &Bench, host: &str) -> bool {
    let port = port(bench);
    let own = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host == format!("{name}:{port}"));
    own || bench.settings.hosts.iter().any(|name| host == name)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Turns the key of the address into a cookie, so that it stands in no address afterwards.
fn enter(bench: &Bench, request: &Request) -> Response {
    let fields = Fields::of(request.uri().query().unwrap_or_default());
    let Some(person) = fields.get("key").and_then(|key| person(bench, key)) else {
        return refusal(StatusCode::UNAUTHORIZED, say("This key is not, or no more, of this workbench."));
    };
    let mut answer = Redirect::to("/").into_response();
    let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie(bench), person.key());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

fn refusal(status: StatusCode, why: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from(why)).into_response()
}

/// The headers that every answer has.
fn seal(headers: &mut HeaderMap) {
    let fixed = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ("x-robots-tag", "noindex"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
