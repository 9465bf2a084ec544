//! What is on the bench: the case, the account held in memory, how far the work is.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, RwLock};
use std::time::{Duration, Instant};

use case::{Case, Shelf};
use dossier::Live;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::order::Posts;
use crate::{Error, Settings, unpoisoned};

/// An act waits so long, at most, until the page it leads to has it.
const QUICK: Duration = Duration::from_millis(1500);

/// What a browser is told while it looks.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Told {
    /// How far a stage is.
    Progress(Progress),
    /// The account was told anew.
    Changed {
        /// Raised each time.
        generation: u64,
    },
    /// A run failed.
    Problem {
        /// Why, and the way out.
        text: String,
    },
}

/// How far the work is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Progress {
    /// Whether a run is on.
    pub running: bool,
    /// The stage that is at work.
    pub stage: String,
    /// What it does.
    pub says: String,
    /// Pieces of work it has finished.
    pub done: u64,
    /// Pieces of work it has to do.
    pub todo: u64,
}

/// What the runner is asked for.
#[derive(Default)]
pub(crate) struct Asked {
    pub run: bool,
    pub quit: bool,
    /// Acts and arrivals that wait for the case; while there are some, no run begins.
    pub waiting: usize,
}

pub(crate) struct Bench {
    case: Mutex<Case>,
    pub shelf: Shelf,
    pub folder: PathBuf,
    live: RwLock<Arc<Live>>,
    /// How long telling the account took last, in milliseconds.
    took: AtomicU64,
    /// Sheets that a run made others of, each with a picture that it had: their addresses lead on.
    former: RwLock<BTreeMap<String, String>>,
    pub generation: AtomicU64,
    pub progress: RwLock<Progress>,
    pub asked: Mutex<Asked>,
    pub wake: Condvar,
    pub events: broadcast::Sender<Told>,
    /// Set once the posts of all channels are in order.
    pub posts: RwLock<Option<Arc<Posts>>>,
    pub bound: OnceLock<u16>,
    pub settings: Settings,
    /// What was searched for last.
    pub searched: crate::search::Searched,
    /// Files that are being handed in.
    pub batches: crate::add::Batches,
}

impl Bench {
    pub fn open(case: Case, settings: Settings) -> Result<Self, Error> {
        let start = Instant::now();
        let live = Live::of(&case)?;
        Ok(Self {
            shelf: case.shelf(),
            folder: case.folder().to_owned(),
            case: Mutex::new(case),
            live: RwLock::new(Arc::new(live)),
            took: AtomicU64::new(start.elapsed().as_millis() as u64),
            former: RwLock::default(),
            generation: AtomicU64::new(1),
            progress: RwLock::default(),
            asked: Mutex::default(),
            wake: Condvar::new(),
            events: broadcast::channel(256).0,
            posts: RwLock::new(None),
            bound: OnceLock::new(),
            searched: crate::search::Searched::default(),
            batches: crate::add::Batches::default(),
            settings,
        })
    }

    /// The account as it was last told.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&*unpoisoned(self.live.read()))
    }

    /// The flag that stops a run.
    pub fn stop(&self) -> &'static AtomicBool {
        self.settings.options.stop
    }

    /// Does something with the case; a run that is on is asked to stop first, and goes on afterwards.
    pub fn with_case<T>(&self, work: impl FnOnce(&mut Case) -> T) -> T {
        unpoisoned(self.asked.lock()).waiting += 1;
        self.stop().store(true, Ordering::Relaxed);
        let mut case = unpoisoned(self.case.lock());
        let result = work(&mut case);
        drop(case);
        let mut asked = unpoisoned(self.asked.lock());
        asked.waiting -= 1;
        self.wake.notify_all();
        result
    }

    /// The case, for the runner.
    pub fn case(&self) -> MutexGuard<'_, Case> {
        unpoisoned(self.case.lock())
    }

    /// Asks for a run.
    pub fn run(&self) {
        unpoisoned(self.asked.lock()).run = true;
        self.wake.notify_all();
    }

    /// Tells the account anew from the case at once, where that is quick; else the run that follows does.
    pub fn tell_now(&self, case: &Case) -> Result<(), case::Error> {
        if Duration::from_millis(self.took.load(Ordering::Relaxed)) < QUICK {
            self.tell(case)
        } else {
            Ok(())
        }
    }

    /// Tells the account anew from the case.
    pub fn tell(&self, case: &Case) -> Result<(), case::Error> {
        let start = Instant::now();
        let live = Arc::new(Live::of(case)?);
        let gone = self.live();
        let gone = gone.dossier().families.iter().filter(|family| live.family(&family.id).is_none());
        let gone = gone.map(|family| (family.id.clone(), family.best.clone()));
        unpoisoned(self.former.write()).extend(gone.collect::<Vec<_>>());
        *unpoisoned(self.live.write()) = live;
        self.took.store(start.elapsed().as_millis() as u64, Ordering::Relaxed);
        let generation = self.generation.fetch_add(1, Ordering::Relaxed) + 1;
        let _ = self.events.send(Told::Changed { generation });
        Ok(())
    }

    /// The sheet that shows what one that is gone showed, by its best picture.
    pub fn successor(&self, family: &str) -> Option<String> {
        let picture = unpoisoned(self.former.read()).get(family)?.clone();
        self.live().picture(&picture)?.family.clone()
    }

    /// Notes how far the work is, and tells those who look.
    pub fn progressed(&self, progress: Progress) {
        unpoisoned(self.progress.write()).clone_from(&progress);
        let _ = self.events.send(Told::Progress(progress));
    }

    /// Asks all work to end.
    pub fn close(&self) {
        self.stop().store(true, Ordering::Relaxed);
        unpoisoned(self.asked.lock()).quit = true;
        self.wake.notify_all();
    }
}
