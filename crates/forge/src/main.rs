//! The command `forge`: leaks, long exports and hostile files, for trying other programs on.

use forge::heap;
use forge::hostile::{self, Amount};
use forge::leak::{self, Recipe};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
forge makes leaks that never happened, with the truth about them, for trying programs on.
The same arguments give the same bytes.

Usage:
  forge leak --out DIR [--size tiny|small|demo] [--seed N] [--sheets N]
        A leak: DIR/exports, DIR/loose, DIR/truth.json. Sizes: tiny, about 10 pictures; small (the default), about 40;
        demo, about 100. --sheets sets the number of documents instead.
  forge messages --out FILE [--count N | --bytes N]
        One Discord export of N messages (100000 by default), or of at least N bytes.
  forge heap --out DIR [--posts N] [--channels N] [--sheets N] [--seed N]
        Exports of so many posts (1000000 by default) in so many channels (200), few with pictures of so many sheets (200).
  forge hostile --out DIR [--mebibytes N]
        Files that mean harm: cut pictures, bombs of N mebibytes (1024 by default), archives that climb out, documents in circles.
  forge mutated --out DIR [--count N] [--seed N] [--seeds DIR]
        N files (1000 by default) damaged at random, made of small files of each format and of those in --seeds.
  forge --help

Examples:
  forge leak --seed 7 --sheets 12 --out /tmp/leak
  forge messages --bytes 200000000 --out /tmp/long.json
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(said) => {
            // A closed pipe is no failure of ours.
            let _ = writeln!(io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(Fault::Usage(why)) => {
            let _ = writeln!(io::stderr(), "forge: {why}\nTry `forge --help`.");
            ExitCode::from(2)
        }
        Err(Fault::Failed(why)) => {
            let _ = writeln!(io::stderr(), "forge: {why}");
            ExitCode::from(1)
        }
    }
}

enum Fault {
    Usage(String),
    Failed(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

fn run(args: &[String]) -> Result<String, Fault> {
    let Some((task, rest)) = args.split_first() else { return Ok(HELP.to_owned()) };
    if args.iter().any(|a| a == "--help" || a == "-h") || task == "help" {
        return Ok(HELP.to_owned());
    }
    let known: &[&str] = match task.as_str() {
        "leak" => &["--out", "--size", "--seed", "--sheets"],
        "messages" => &["--out", "--count", "--bytes"],
        "heap" => &["--out", "--posts", "--channels", "--sheets", "--seed"],
        "hostile" => &["--out", "--mebibytes"],
        "mutated" => &["--out", "--count", "--seed", "--seeds"],
        _ => {
            return Err(Fault::Usage(format!(
                "there is no task '{task}'; tasks are leak, messages, heap, hostile, mutated"
            )));
        }
    };
    let options = options(rest, known)?;
    let out = option(&options, "--out")
        .map(PathBuf::from)
        .ok_or_else(|| Fault::Usage("--out is missing: where to write".into()))?;
    match task.as_str() {
        "leak" => make_leak(&options, &out),
        "messages" => make_messages(&options, &out),
        "heap" => make_heap(&options, &out),
        "mutated" => make_mutated(&options, &out),
        _ => {
            hostile::write(&out, number(&options, "--mebibytes")?.unwrap_or(1024))?;
            Ok(format!("hostile files are in {}", out.display()))
        }
    }
}

fn make_leak(options: &[(String, String)], out: &Path) -> Result<String, Fault> {
    let seed = number(options, "--seed")?;
    let mut recipe = match option(options, "--size").unwrap_or("small") {
        "tiny" => Recipe::tiny(seed.unwrap_or(7)),
        "small" => Recipe::small(seed.unwrap_or(7)),
        "demo" => Recipe { seed: seed.unwrap_or(Recipe::demo().seed), ..Recipe::demo() },
        other => {
            return Err(Fault::Usage(format!("there is no size '{other}'; sizes are tiny, small, demo")));
        }
    };
    if let Some(sheets) = number(options, "--sheets")? {
        recipe.documents = sheets as usize;
        recipe.max_pages = 1;
    }
    let truth = leak::write(&recipe, out)?;
    let held = truth.copies.iter().filter(|c| !c.withheld).count();
    Ok(format!(
        "{}: {} sheets, {held} pictures held and {} withheld, {} posts with pictures in {} channels",
        out.display(),
        truth.sheets.len(),
        truth.copies.len() - held,
        truth.posts.len(),
        truth.channels.len()
    ))
}

fn make_messages(options: &[(String, String)], out: &Path) -> Result<String, Fault> {
    let amount = match (number(options, "--count")?, number(options, "--bytes")?) {
        (Some(_), Some(_)) => return Err(Fault::Usage("--count and --bytes exclude each other".into())),
        (_, Some(bytes)) => Amount::Bytes(bytes),
        (count, None) => Amount::Messages(count.unwrap_or(100_000)),
    };
    let mut file = BufWriter::new(File::create(out)?);
    let count = hostile::discord_stream(&mut file, amount)?;
    file.flush()?;
    Ok(format!("{}: {count} messages", out.display()))
}

fn make_mutated(options: &[(String, String)], out: &Path) -> Result<String, Fault> {
    /// Bytes of a file that is taken as a seed: what larger ones hold, smaller ones do.
    const MOST: usize = 200_000;
    // Those of pictures are few, and weigh as much as those of exports.
    let mut seeds = [hostile::seeds(), hostile::seeds(), hostile::seeds()].concat();
    if let Some(folder) = option(options, "--seeds") {
        seeds.extend(files(Path::new(folder))?);
    }
    seeds.iter_mut().for_each(|(_, bytes)| bytes.truncate(MOST));
    let count = number(options, "--count")?.unwrap_or(1000) as usize;
    std::fs::create_dir_all(out)?;
    for (name, bytes) in hostile::mutated(&seeds, count, number(options, "--seed")?.unwrap_or(7)) {
        std::fs::write(out.join(name), bytes)?;
    }
    Ok(format!("{}: {count} files, of {} kinds", out.display(), seeds.len()))
}

/// All files in a folder and those below it, but what tests expect of them.
fn files(folder: &Path) -> io::Result<Vec<hostile::Seed>> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else if entry.file_type()?.is_file() && entry.path().extension().is_none_or(|end| end != "expected")
        {
            found.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?));
        }
    }
    Ok(found)
}

fn make_heap(options: &[(String, String)], out: &Path) -> Result<String, Fault> {
    let usual = heap::Recipe::default();
    let recipe = heap::Recipe {
        seed: number(options, "--seed")?.unwrap_or(usual.seed),
        posts: number(options, "--posts")?.unwrap_or(usual.posts),
        channels: number(options, "--channels")?.map_or(usual.channels, |n| n as usize),
        sheets: number(options, "--sheets")?.map_or(usual.sheets, |n| n as usize),
    };
    let truth = heap::write(&recipe, out)?;
    Ok(format!(
        "{}: {} posts in {} channels, {} with pictures of {} sheets",
        out.display(),
        truth.posts,
        truth.channels,
        truth.pictures,
        truth.sheets
    ))
}

fn options(args: &[String], known: &[&str]) -> Result<Vec<(String, String)>, Fault> {
    let mut out = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        if !known.contains(&name) {
            return Err(Fault::Usage(format!(
                "'{arg}' is not understood here; known are {}",
                known.join(", ")
            )));
        }
        let value = value
            .or_else(|| args.next().cloned())
            .ok_or_else(|| Fault::Usage(format!("{name} wants a value")))?;
        out.push((name.to_owned(), value));
    }
    Ok(out)
}

fn option<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

fn number(options: &[(String, String)], name: &str) -> Result<Option<u64>, Fault> {
    let read = |v: &str| {
        v.replace('_', "")
            .parse()
            .map_err(|_| Fault::Usage(format!("{name} wants a whole number, not '{v}'")))
    };
    option(options, name).map(read).transpose()
}
