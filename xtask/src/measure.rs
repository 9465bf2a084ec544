//! Figures, measured on this machine in one go and appended to `docs/measures.csv`: commit, date, what, value, unit, how.
//! `MEASURE_BUILT` names a folder of programs to measure instead of building them; with `MEASURE_KEPT` what was made to be
//! measured stays in the folder for temporary files.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::custody::custody;
use crate::gaps::gaps;
use crate::heap::heap;
use crate::hostile::{hostile, isolation};
use crate::reading::reading;
use crate::statements::statements;
use crate::workbench::workbench;

pub(crate) type Result<T> = std::result::Result<T, String>;

/// Runs the measures of this name.
pub fn measure(root: &Path, name: &str) -> Result<()> {
    let bench = Bench::new(root)?;
    let mut figures = Vec::new();
    match name {
        "all" => {
            bench.trove(&mut figures)?;
            bench.messages(&mut figures)?;
            reading(&bench, &mut figures)?;
        }
        "trove" => bench.trove(&mut figures)?,
        "messages" => bench.messages(&mut figures)?,
        "reading" => reading(&bench, &mut figures)?,
        "statements" => statements(&bench, &mut figures)?,
        "gaps" => gaps(&bench, &mut figures)?,
        "heap" => heap(&bench, &mut figures)?,
        "custody" => custody(&bench, &mut figures)?,
        "hostile" => hostile(&bench, &mut figures)?,
        "isolation" => isolation(&bench, &mut figures)?,
        "workbench" => workbench(&bench, &mut figures)?,
        other => {
            return Err(format!(
                "there is no measure '{other}'; there are trove, messages, heap, custody, hostile, isolation, reading, statements, gaps, workbench"
            ));
        }
    }
    bench.append(&figures)
}

pub(crate) struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    how: String,
}

/// What a run of the program cost.
pub(crate) struct Cost {
    pub(crate) seconds: f64,
    pub(crate) mebibytes: f64,
    pub(crate) processor_seconds: f64,
}

pub(crate) struct Bench {
    pub(crate) root: PathBuf,
    pub(crate) truecopy: PathBuf,
    pub(crate) forge: PathBuf,
    /// What is measured is written here, and gone at the end.
    pub(crate) folder: PathBuf,
}

impl Bench {
    fn new(root: &Path) -> Result<Self> {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let given = std::env::var_os("MEASURE_BUILT").map(PathBuf::from);
        if given.is_none() {
            built(root, &["-p", "truecopy", "-p", "forge", "--bins"])?;
            built(root, &["-p", "pages", "-p", "reading", "-p", "statements", "--examples"])?;
        }
        let folder = std::env::temp_dir().join(format!("truecopy-measure-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let release = given.unwrap_or_else(|| target.join("release"));
        Ok(Self {
            root: root.to_owned(),
            truecopy: release.join("truecopy"),
            forge: release.join("forge"),
            folder,
        })
    }

    /// The main job on the bench's trove, and a second run that has nothing to do.
    fn trove(&self, figures: &mut Vec<Figure>) -> Result<()> {
        let trove = self.root.join("../shared/bench/trove");
        if !trove.is_dir() {
            eprintln!("skipped: the bench's trove is not beside the workspace");
            return Ok(());
        }
        let case = self.path("trove.case");
        let material = [trove.join("exports"), trove.join("loose")].map(|path| path.display().to_string());
        let cost = run(
            &self.truecopy,
            &["examine", &material[0], &material[1], "--case", &case, "--quiet", "--no-reading"],
        )?;
        let how = "truecopy examine --no-reading bench/trove/exports bench/trove/loose";
        figures.push(figure("trove, examine without reading", cost.seconds, "s", how));
        figures.push(figure(
            "trove, examine without reading, processor over wall",
            cost.processor_seconds / cost.seconds,
            "",
            how,
        ));
        figures.push(figure(
            "trove, examine without reading, peak memory of the largest process",
            cost.mebibytes,
            "MiB",
            how,
        ));
        let again = run(&self.truecopy, &["run", &case, "--quiet", "--no-reading"])?;
        figures.push(figure("trove, second run", again.seconds, "s", "truecopy run, nothing to do"));
        let how = "truecopy run after the above: reads and compares";
        let read = run(&self.truecopy, &["run", &case, "--quiet"])?;
        figures.push(figure("trove, reading and comparing", read.seconds, "s", how));
        let busy = read.processor_seconds / read.seconds;
        figures.push(figure("trove, reading and comparing, processor over wall", busy, "", how));
        figures.push(figure(
            "trove, reading and comparing, peak memory of the largest process",
            read.mebibytes,
            "MiB",
            how,
        ));
        Ok(())
    }

    /// Exports of 10,000 to 100,000 messages, and one of 200 MB: pace, growth, memory.
    fn messages(&self, figures: &mut Vec<Figure>) -> Result<()> {
        let mut pace = Vec::new();
        for (amount, label) in
            [("--count=10000", "10,000"), ("--count=100000", "100,000"), ("--bytes=200000000", "200 MB of")]
        {
            let file = self.path("long.json");
            run(&self.forge, &["messages", "--out", &file, amount])?;
            let case = self.path(&format!("messages{}.case", pace.len()));
            run(&self.truecopy, &["new", &case, "--quiet"])?;
            run(&self.truecopy, &["add", &case, &file, "--quiet"])?;
            let cost = run(&self.truecopy, &["run", &case, "--quiet"])?;
            let count = posts(&self.truecopy, &case)?;
            let how = format!("forge messages {amount}; truecopy new, add, run");
            figures.push(figure(format!("{label} messages, run"), count / cost.seconds, "messages/s", &how));
            figures.push(figure(format!("{label} messages, run, peak memory"), cost.mebibytes, "MiB", &how));
            pace.push(cost.seconds / count);
            fs::remove_dir_all(&case).map_err(|error| error.to_string())?;
        }
        let growth = pace[1] / pace[0];
        figures.push(figure(
            "time a message, 100,000 against 10,000",
            growth,
            "ratio",
            "from the rows above",
        ));
        Ok(())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn append(&self, figures: &[Figure]) -> Result<()> {
        let commit = said("git", &["-C", &self.root.display().to_string(), "rev-parse", "--short", "HEAD"])?;
        let date = said("date", &["-u", "+%Y-%m-%d"])?;
        let path = self.root.join("docs/measures.csv");
        let mut file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| error.to_string())?;
        if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
            writeln!(file, "commit,date,what,value,unit,how").map_err(|error| error.to_string())?;
        }
        for Figure { what, value, unit, how } in figures {
            println!("{what}: {value:.3} {unit}");
            writeln!(file, "{commit},{date},\"{what}\",{value:.3},{unit},\"{how}\"")
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::env::var_os("MEASURE_KEPT").is_none() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn built(root: &Path, what: &[&str]) -> Result<()> {
    let status =
        Command::new("cargo").args(["build", "--release", "--quiet"]).args(what).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err("the release build failed".to_owned()),
    }
}

pub(crate) fn figure(what: impl Into<String>, value: f64, unit: &'static str, how: &str) -> Figure {
    Figure { what: what.into(), value, unit, how: how.to_owned() }
}

fn said(program: &str, arguments: &[&str]) -> Result<String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The objects that a program prints, one a line.
pub(crate) fn lines(program: &Path, arguments: &[&str]) -> Result<Vec<serde_json::Value>> {
    let told = said(&program.display().to_string(), arguments)?;
    told.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

fn posts(truecopy: &Path, case: &str) -> Result<f64> {
    let status = said(&truecopy.display().to_string(), &["status", case, "--json"])?;
    let counts: serde_json::Value = serde_json::from_str(&status).map_err(|error| error.to_string())?;
    counts["posts"].as_f64().ok_or_else(|| "status tells no posts".to_owned())
}

/// Runs a program to its end; exit codes 0 and 3 are good.
pub(crate) fn run(program: &Path, arguments: &[&str]) -> Result<Cost> {
    let start = Instant::now();
    let child = Command::new(program).args(arguments).stdout(Stdio::null()).spawn();
    let child = child.map_err(|error| format!("{}: {error}", program.display()))?;
    ended(&child, start).map_err(|code| format!("{} {arguments:?} ended with {code}", program.display()))
}

/// The same, with what it says on standard error.
pub(crate) fn run_telling(program: &Path, arguments: &[&str]) -> Result<(Cost, String)> {
    let start = Instant::now();
    let child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("{}: {error}", program.display()))?;
    let mut said = String::new();
    if let Some(mut talk) = child.stderr.take() {
        talk.read_to_string(&mut said).map_err(|error| error.to_string())?;
    }
    let cost = ended(&child, start)
        .map_err(|code| format!("{} {arguments:?} ended with {code}: {said}", program.display()))?;
    Ok((cost, said))
}

/// Waits for a child; its exit code where that is not good.
fn ended(child: &Child, start: Instant) -> std::result::Result<Cost, i32> {
    let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
    // SAFETY: the child is ours, both pointers are live, and zeroed is a value of rusage.
    let usage = unsafe {
        libc::wait4(child.id() as i32, &raw mut status, 0, usage.as_mut_ptr());
        usage.assume_init()
    };
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { -1 };
    if code != 0 && code != 3 {
        return Err(code);
    }
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Ok(Cost {
        seconds: start.elapsed().as_secs_f64(),
        mebibytes: usage.ru_maxrss as f64 / 1024.0,
        processor_seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
    })
}
