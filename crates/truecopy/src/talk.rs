//! What is said to people while work goes on: standard error, bars where it is a terminal, plain lines where not.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use case::{Progress, Received};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use pipeline::Event;

use crate::fault::Fault;

/// Talks, or keeps silent.
pub(crate) struct Talk {
    quiet: bool,
    terminal: bool,
    bar: Option<ProgressBar>,
    stage: &'static str,
    todo: usize,
    skipped: usize,
    begun: Instant,
    /// Problems met by the stages so far.
    problems: usize,
}

impl Talk {
    pub(crate) fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self {
            quiet,
            terminal,
            bar: None,
            stage: "",
            todo: 0,
            skipped: 0,
            begun: Instant::now(),
            problems: 0,
        }
    }

    /// A line of talk.
    pub(crate) fn say(&self, line: impl AsRef<str>) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{}", line.as_ref());
        }
    }

    /// How far receiving is.
    pub(crate) fn receiving(&mut self, progress: Progress) {
        let refused = progress.refused;
        let bar = self.bar("add", progress.found);
        if let Some(bar) = bar {
            bar.set_position(progress.files);
            let refused = if refused > 0 { format!(", {refused} refused") } else { String::new() };
            bar.set_message(format!("copies and hashes, {}{refused}", HumanBytes(progress.bytes)));
        }
    }

    /// What was received.
    pub(crate) fn received(&mut self, received: &Received) {
        self.finish();
        let Received { files, new, bytes, refused, .. } = received;
        let known = files - new;
        let mut line = format!("added {}, {}", count(*new, "new file"), HumanBytes(*bytes));
        if known > 0 {
            line += &format!("; {known} held before");
        }
        self.say(line);
        for problem in refused {
            self.say(format!(
                "  refused {}: {}",
                plain(&problem.about),
                with_detail(problem.code.says(), &problem.detail)
            ));
        }
    }

    /// How far checking is.
    pub(crate) fn checking(&mut self, done: u64, all: u64) {
        if let Some(bar) = self.bar("verify", all) {
            bar.set_position(done);
            bar.set_message("hashes every file anew");
        }
    }

    /// How far the stages are.
    pub(crate) fn stage(&mut self, event: Event) {
        match event {
            Event::Begin { stage, says, todo, skipped } => {
                (self.stage, self.todo, self.skipped, self.begun) = (stage, todo, skipped, Instant::now());
                if todo > 0
                    && let Some(bar) = self.bar(stage, todo as u64)
                {
                    bar.set_message(says);
                }
            }
            Event::Step { problems } => {
                self.problems += problems;
                let so_far = self.problems;
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                    if problems > 0 {
                        bar.set_message(format!("{} so far", count(so_far as u64, "problem")));
                    }
                }
            }
            Event::End => {
                self.finish();
                let known =
                    if self.skipped > 0 { format!(", {} known", self.skipped) } else { String::new() };
                if self.todo > 0 {
                    let took = lasting(self.begun.elapsed());
                    self.say(format!("{:12} {} done{known}{took}", self.stage, self.todo));
                }
            }
        }
    }

    fn bar(&mut self, name: &'static str, length: u64) -> Option<&ProgressBar> {
        if self.quiet || !self.terminal {
            return None;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(length);
            let style =
                ProgressStyle::with_template("{prefix:12} [{bar:32}] {pos}/{len} {eta:>4}  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
            bar.set_prefix(name);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        bar.set_length(length);
        Some(bar)
    }

    /// Takes the bar away.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// ", 12 s" where it is long enough to be worth a word.
fn lasting(took: Duration) -> String {
    match took.as_secs() {
        0 => String::new(),
        seconds @ 1..120 => format!(", {seconds} s"),
        seconds => format!(", {} min", seconds.div_ceil(60)),
    }
}

/// "1 file", "2 files".
pub(crate) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// What a problem says, with its particulars.
pub(crate) fn with_detail(says: &str, detail: &str) -> String {
    if detail.is_empty() { says.to_owned() } else { format!("{says} ({})", plain(detail)) }
}

/// Received text as one line that a terminal can be given: nothing in it moves the cursor, turns the direction of
/// writing or begins a new line.
pub(crate) fn plain(text: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// Says why a command failed, and the ways out.
pub(crate) fn fault(fault: &Fault) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "truecopy: {}", fault.error);
    for hint in &fault.hints {
        let _ = writeln!(stderr, "  hint: {hint}");
    }
}
