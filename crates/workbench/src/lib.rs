//! The workbench: the dossier live in a browser on this machine, and what analysts do there.
//!
//! Comes in: a case that is open, who may look at it and who may act ([`Person`]), how stages are to be run. Goes out: pages over
//! HTTP on the loopback, until told to stop ([`serve`]).
//!
//! Invariant: nobody is answered but who has a key of this start, asked for by a name of this machine; no page holds a script or
//! style of its own; nothing received is handed out as it was received, only escaped text and rasters of our own; nothing is
//! fetched from anywhere. Acts are entered under the name of who did them. Deliberately absent: any view of its own where the
//! report has one (those are `dossier`'s), and the words and limits of the stages (those are `pipeline`'s).

mod acts;
mod add;
mod api;
mod assets;
mod bench;
mod fields;
mod guard;
mod hand;
mod order;
mod people;
mod rasters;
mod redact;
mod routes;
mod runner;
mod search;
mod views;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use case::Case;

pub use api::openapi;
pub use people::{Person, Role};

/// How a case is served.
pub struct Settings {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// Names by which a reverse proxy asks, beside those of the loopback.
    pub hosts: Vec<String>,
    /// Who may come in. At least one.
    pub people: Vec<Person>,
    /// How stages are run. Its flag stops a run, so that an act can be entered; it is not the flag that ends the server.
    pub options: pipeline::Options,
    /// Where packages and redacted files are written.
    pub handed: PathBuf,
}

/// Why a case is not served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The case cannot be read or written.
    #[error(transparent)]
    Case(#[from] case::Error),
    /// A stage failed.
    #[error(transparent)]
    Pipeline(#[from] pipeline::Error),
    /// The port is taken, or the machine gives none.
    #[error("port {port} on 127.0.0.1: {source}")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the machine said.
        source: std::io::Error,
    },
    /// The machine gives no threads, or no chance.
    #[error("{0}")]
    Machine(String),
}

/// Serves a case until `quit` is set; with `run` what is missing is derived first. `ready` is told the addresses by which each person comes in, once they answer.
pub fn serve(
    case: Case,
    settings: Settings,
    run: bool,
    quit: &'static AtomicBool,
    ready: impl FnOnce(&[(String, Role, String)]),
) -> Result<(), Error> {
    let bench = Arc::new(bench::Bench::open(case, settings)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::Machine(error.to_string()))?;
    if run {
        bench.run();
    }
    let runner = runner::start(Arc::clone(&bench));
    let served = runtime.block_on(answer(Arc::clone(&bench), quit, ready));
    bench.close();
    let _ = runner.join();
    runtime.shutdown_timeout(Duration::from_secs(2));
    served
}

async fn answer(
    bench: Arc<bench::Bench>,
    quit: &'static AtomicBool,
    ready: impl FnOnce(&[(String, Role, String)]),
) -> Result<(), Error> {
    let port = bench.settings.port;
    let failed = |source| Error::Port { port, source };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    bench.bound.set(bound.port()).unwrap_or_default();
    let entries: Vec<(String, Role, String)> = bench
        .settings
        .people
        .iter()
        .map(|person| (person.name.clone(), person.role, person.entry(bound.port())))
        .collect();
    ready(&entries);
    let waiting = Arc::clone(&bench);
    let ended = async move {
        while !quit.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        waiting.close();
    };
    let server = axum::serve(listener, routes::routes(Arc::clone(&bench)));
    tokio::select! {
        served = server => served.map_err(failed),
        () = ended => Ok(()),
    }
}

/// A lock whose holder may have panicked: what it guards is whole all the same.
fn unpoisoned<T>(locked: Result<T, PoisonError<T>>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}
