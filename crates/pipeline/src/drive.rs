//! Drives one stage after the other: finds what is missing, lets threads work, writes what they yield.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use case::{Case, Done, Finished, Rows};
use model::{Hasher, Id, Level, Problem, RunId, Yield};
use rayon::prelude::*;
use reading::{Looks, Tesseract};

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::worker::Worker;

/// Pixels that all threads together may hold.
const PIXELS: u64 = 160_000_000;

/// How to run.
pub struct Options {
    /// The program that serves as worker when called with `--worker`: this one. None: files are opened in this process, not shut in.
    pub worker: Option<PathBuf>,
    /// Threads that work; 0 for as many as there are cores.
    pub threads: usize,
    /// Set from outside to stop.
    pub stop: &'static AtomicBool,
    /// What reads pictures; without one they are not read, and what was read before stays as far as it still holds.
    pub reader: Option<Reader>,
    /// Names known beside those that are shipped.
    pub gazetteer: Option<statements::Gazetteer>,
}

/// What reads pictures, and how.
pub struct Reader {
    pub(crate) tesseract: Tesseract,
    pub(crate) looks: Looks,
}

impl Reader {
    /// The Tesseract of this machine, for languages such as "eng+ukr".
    pub fn find(languages: &str) -> Result<Self> {
        let tesseract = Tesseract::find()?;
        tesseract.knows(languages)?;
        let mut looks = Looks::default();
        languages.clone_into(&mut looks.manner.languages);
        Ok(Self { tesseract, looks })
    }

    /// Whether the kernel keeps it from other files.
    pub fn is_shut_in(&self) -> bool {
        self.tesseract.shut_in()
    }

    /// What reads, its version and its languages.
    pub(crate) fn signature(&self) -> String {
        self.tesseract.signature(&self.looks.manner.languages)
    }
}

/// Is told how far the work is, from the thread that called `run`.
pub type Watch<'a> = &'a mut dyn FnMut(Event);

/// How far the work is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A stage begins.
    Begin {
        /// Its name.
        stage: &'static str,
        /// What it does.
        says: &'static str,
        /// Pieces of work to do.
        todo: usize,
        /// Pieces of work that are finished already.
        skipped: usize,
    },
    /// A piece of work is finished, with so many problems.
    Step {
        /// Problems met in it, notes not counted.
        problems: usize,
    },
    /// The stage is finished.
    End,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// For each stage its name, what was done and what was skipped.
    pub stages: Vec<(&'static str, usize, usize)>,
    /// Pieces of work that were cut off in the middle, by a stop or by a worker's death from outside.
    pub cut_off: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

impl Summary {
    /// Pieces of work done, over all stages.
    pub fn done(&self) -> usize {
        self.stages.iter().map(|stage| stage.1).sum()
    }

    /// Pieces of work skipped, over all stages.
    pub fn skipped(&self) -> usize {
        self.stages.iter().map(|stage| stage.2).sum()
    }
}

/// Enters in the custody log what a run did and what each stage has yielded by now, where there is anything to tell: also where
/// the run was stopped, or an earlier one was cut off before it could enter it.
pub fn enter(case: &mut Case, summary: &Summary, actor: &str) -> Result<()> {
    let yielded = if case.derived().is_entered()? { Vec::new() } else { case.derived().yielded()? };
    if summary.done() > 0 || !yielded.is_empty() {
        let stages = summary.stages.iter().filter(|stage| stage.1 > 0);
        let inputs =
            stages.map(|(name, done, skipped)| format!("{name} {done} done {skipped} known")).collect();
        let outputs = yielded.iter().map(ToString::to_string).collect();
        case.enter(Done { actor, command: "run", inputs, outputs })?;
        case.derived().entered()?;
    }
    Ok(())
}

pub(crate) struct Driver<'a, 'w> {
    case: &'a Case,
    options: &'a Options,
    watch: Watch<'w>,
    pool: rayon::ThreadPool,
    worker: Worker,
    budget: Budget,
    summary: Summary,
}

impl<'a, 'w> Driver<'a, 'w> {
    pub(crate) fn new(case: &'a Case, options: &'a Options, watch: Watch<'w>) -> Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .build()
            .map_err(|error| Error::Ours(error.to_string()))?;
        let worker = Worker::new(options.worker.clone());
        Ok(Self {
            case,
            options,
            watch,
            pool,
            worker,
            budget: Budget::new(PIXELS),
            summary: Summary::default(),
        })
    }

    pub(crate) fn finish(self) -> Summary {
        self.summary
    }

    pub(crate) fn drive<S: Stage>(&mut self, stage: &S) -> Result<()> {
        if self.options.stop.load(Ordering::Relaxed) {
            self.summary.stopped = true;
            return Ok(());
        }
        let derived = self.case.derived();
        let finished: BTreeMap<String, Finished> =
            derived.finished(S::NAME)?.into_iter().map(|run| (run.input.clone(), run)).collect();
        let inputs = stage.inputs(self.case)?;
        let mut names = BTreeSet::new();
        let mut todo = Vec::new();
        for input in inputs {
            let run = due(stage, &input);
            if !names.insert(run.input.clone()) {
                return Err(Error::Ours(format!("stage {} has two inputs named {}", S::NAME, run.input)));
            }
            let before = finished.get(&run.input);
            if before.is_some_and(|before| before.holds(&run, stage.ready())) {
                continue;
            }
            // Gone before the work begins, so that no stage sees what it yielded itself.
            if before.is_some() {
                derived.forget(S::NAME, &run.input)?;
            }
            todo.push((input, run));
        }
        for gone in finished.keys().filter(|name| !names.contains(*name)) {
            derived.forget(S::NAME, gone)?;
        }
        if !stage.ready() {
            return Ok(());
        }
        let skipped = names.len() - todo.len();
        (self.watch)(Event::Begin { stage: S::NAME, says: S::SAYS, todo: todo.len(), skipped });
        let done = self.work_off(stage, todo)?;
        if done > 0 {
            derived.settle()?;
        }
        (self.watch)(Event::End);
        self.summary.stages.push((S::NAME, done, skipped));
        Ok(())
    }

    /// Threads work, this one writes. Returns how many pieces were finished.
    fn work_off<S: Stage>(&mut self, stage: &S, todo: Vec<(S::Input, Finished)>) -> Result<usize> {
        let (case, stop) = (self.case, self.options.stop);
        let (derived, blobs, made) = (case.derived(), case.blobs(), case.made());
        let desk = Desk { derived, blobs, made, worker: &self.worker, budget: &self.budget, stop };
        let failed = AtomicBool::new(false);
        let (send, receive) = crossbeam_channel::bounded(self.pool.current_num_threads() * 2);
        let pool = &self.pool;
        let watch = &mut self.watch;
        let (mut done, mut cut_off, mut error) = (0, 0, None);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let send = send;
                pool.install(|| {
                    // Each batch can go to whoever is free: what is left at the end would have one thread alone at work.
                    todo.par_chunks(S::BATCH).with_max_len(1).for_each(|batch| {
                        if !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
                            // The receiver is gone only when it failed, and then nothing is wanted any more.
                            work_batch(stage, batch, &desk, |run, result| drop(send.send((run, result))));
                        }
                    });
                });
            });
            for (run, result) in receive {
                match result.and_then(|(about, result)| keep(derived, &run, &about, result)) {
                    Ok(problems) => {
                        done += 1;
                        watch(Event::Step { problems });
                    }
                    Err(Error::CutOff) => cut_off += 1,
                    Err(first) => {
                        failed.store(true, Ordering::Relaxed);
                        error.get_or_insert(first);
                    }
                }
            }
        });
        self.summary.cut_off += cut_off;
        self.summary.stopped |= stop.load(Ordering::Relaxed);
        error.map_or(Ok(done), Err)
    }
}

/// Does a batch; where one piece of several fails, each is tried alone, so that it costs only itself.
fn work_batch<S: Stage>(
    stage: &S,
    batch: &[(S::Input, Finished)],
    desk: &Desk,
    hand_on: impl Fn(Finished, Result<(String, Yield<Rows>)>),
) {
    let inputs: Vec<&S::Input> = batch.iter().map(|(input, _)| input).collect();
    match (stage.work_batch(&inputs, desk), batch) {
        (Ok(results), _) => {
            for ((input, run), result) in batch.iter().zip(results) {
                hand_on(run.clone(), Ok((stage.about(input), result)));
            }
        }
        (Err(error), [(_, run)]) => hand_on(run.clone(), Err(error)),
        (Err(_), _) => batch.iter().for_each(|(input, run)| {
            hand_on(run.clone(), stage.work(input, desk).map(|result| (stage.about(input), result)));
        }),
    }
}

/// The run that this input asks for.
fn due<S: Stage>(stage: &S, input: &S::Input) -> Finished {
    let name = stage.name(input);
    let mut on = Hasher::new("depends");
    stage.depends(input, &mut on);
    let mut material = Hasher::new("material");
    material.text(S::NAME).number(u64::from(S::VERSION)).text(&name).bytes(&on.finish());
    let material = material.finish();
    let id = RunId::make(|id| {
        id.bytes(&material);
        stage.with(id);
    });
    Finished { id, stage: S::NAME.to_owned(), input: name, material }
}

/// Writes a run with its rows and problems; returns how many problems beside notes.
fn keep(derived: &case::Derived, run: &Finished, about: &str, result: Yield<Rows>) -> Result<usize> {
    let Yield { value: mut rows, troubles } = result;
    let mut problems = BTreeMap::new();
    for trouble in troubles {
        let problem = Problem::new(about, trouble);
        problems.insert(problem.id, problem);
    }
    for problem in problems.values() {
        rows.put(problem)?;
    }
    derived.keep(run, rows)?;
    Ok(problems.values().filter(|problem| problem.code.level() == Level::Problem).count())
}
