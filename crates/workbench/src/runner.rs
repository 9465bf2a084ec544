//! Runs the stages when there is something to do, in a thread of its own, and tells the account anew when they are done.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use case::Case;
use pipeline::Event;

use crate::bench::{Bench, Progress, Told};
use crate::order::Posts;
use crate::unpoisoned;

/// Stages after which the account is told while a long run goes on, so that first answers show early.
const TELLING: [&str; 2] = ["spread", "versions"];
/// A browser is told of every step, but not more often than this.
const OFTEN: Duration = Duration::from_millis(120);

/// Starts the thread; it ends when the bench is closed.
pub(crate) fn start(bench: Arc<Bench>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        order(&bench);
        while wait(&bench) {
            let failed = run(&bench);
            bench.progressed(Progress::default());
            if let Err(text) = failed {
                let _ = bench.events.send(Told::Problem { text });
            }
            order(&bench);
        }
    })
}

/// Waits until a run is asked for and nobody else wants the case; false when it is time to end.
fn wait(bench: &Bench) -> bool {
    let mut asked = unpoisoned(bench.asked.lock());
    loop {
        if asked.quit {
            return false;
        }
        if asked.run && asked.waiting == 0 {
            asked.run = false;
            bench.stop().store(false, Ordering::Relaxed);
            return true;
        }
        asked = unpoisoned(bench.wake.wait(asked));
    }
}

fn run(bench: &Bench) -> Result<(), String> {
    let mut case = bench.case();
    let mut progress = Progress { running: true, ..Progress::default() };
    bench.progressed(progress.clone());
    let (mut last, mut done) = (Instant::now(), 0);
    let shared: &Case = &case;
    let summary = pipeline::run(shared, &bench.settings.options, &mut |event| match event {
        Event::Begin { stage, says, todo, .. } => {
            progress = Progress {
                running: true,
                stage: stage.to_owned(),
                says: texts::say(says).to_owned(),
                done: 0,
                todo: todo as u64,
            };
            if todo > 0 {
                bench.progressed(progress.clone());
            }
        }
        Event::Step { .. } => {
            progress.done += 1;
            done += 1;
            if last.elapsed() > OFTEN || progress.done == progress.todo {
                last = Instant::now();
                bench.progressed(progress.clone());
            }
        }
        Event::End => {
            if done > 0 && TELLING.contains(&progress.stage.as_str()) {
                let _ = bench.tell(shared);
            }
        }
    })
    .map_err(|error| error.to_string())?;
    if summary.stopped {
        // For an act, an arrival or an export: it goes on afterwards.
        bench.run();
    }
    pipeline::enter(&mut case, &summary, "workbench").map_err(|error| error.to_string())?;
    bench.tell(&case).map_err(|error| error.to_string())
}

/// Puts the posts of all channels in order, for those who look at what stands around one.
fn order(bench: &Bench) {
    if let Ok(posts) = Posts::of(bench.shelf.derived()) {
        *unpoisoned(bench.posts.write()) = Some(Arc::new(posts));
    }
}
