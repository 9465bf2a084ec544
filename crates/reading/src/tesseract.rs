//! Tesseract as a child process: found, asked for its version and languages, given pages in batches.
//!
//! A batch is one process: its start and its language data are paid once. Pages go in as PGM files of ours through a list
//! file and come out as one table (TSV). A page that takes too long costs itself: the rest of its batch is run again.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::process::{Ended, Errand, run};
use crate::tsv::{self, Seen};

/// What can go wrong with the reader itself.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It is not installed.
    #[error("Tesseract was not found; install it with: sudo apt install tesseract-ocr")]
    Missing,
    /// It is there but does not answer.
    #[error("{program} does not answer as Tesseract does; install it with: sudo apt install tesseract-ocr")]
    Odd {
        /// The program tried.
        program: PathBuf,
    },
    /// A language has no data.
    #[error(
        "Tesseract has no data for \"{language}\"; install it with: sudo apt install tesseract-ocr-{}",
        package(language)
    )]
    Language {
        /// As Tesseract names it.
        language: String,
    },
    /// It could not be run.
    #[error("Tesseract could not be run: {0}")]
    Io(#[from] io::Error),
}

/// Debian writes "chi-sim" where Tesseract writes "chi_sim".
fn package(language: &str) -> String {
    language.to_ascii_lowercase().replace('_', "-")
}

/// How Tesseract cuts a page into lines (its `--psm`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Layout {
    /// Columns and tables are looked for (3).
    Page,
    /// One column of lines of varying size (4).
    Column,
    /// One block of even lines (6).
    Block,
    /// One line (7).
    Line,
    /// Text wherever there is some, in no order (11).
    Sparse,
}

impl Layout {
    fn number(self) -> &'static str {
        match self {
            Layout::Page => "3",
            Layout::Column => "4",
            Layout::Block => "6",
            Layout::Line => "7",
            Layout::Sparse => "11",
        }
    }
}

/// How to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manner {
    /// As Tesseract names them, joined by plus: "eng", "eng+ukr".
    pub languages: String,
    /// How the page is cut into lines.
    pub layout: Layout,
    /// The longest a page may take.
    pub limit: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self { languages: "eng".to_owned(), layout: Layout::Page, limit: Duration::from_secs(90) }
    }
}

/// What came of one page of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaf {
    /// Words in Tesseract's order, boxes in pixels of the raster given.
    pub seen: Vec<Seen>,
    /// It took longer than the limit, or Tesseract ended badly on it; nothing was read.
    pub lost: bool,
}

/// An installed Tesseract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tesseract {
    program: PathBuf,
    version: String,
    languages: Vec<String>,
    data: Option<PathBuf>,
    shut_in: bool,
}

impl Tesseract {
    /// Looks in the folders of `PATH` and the usual places.
    pub fn find() -> Result<Self, Fault> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let usual = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
        let program = std::env::split_paths(&path)
            .chain(usual)
            .map(|folder| folder.join("tesseract"))
            .find(|program| program.is_absolute() && program.is_file())
            .ok_or(Fault::Missing)?;
        Self::at(&program)
    }

    /// Asks this program.
    pub fn at(program: &Path) -> Result<Self, Fault> {
        let odd = || Fault::Odd { program: program.to_owned() };
        let (told, shut_in) = ask(program, "--version")?;
        let version = told.lines().next().and_then(|line| line.strip_prefix("tesseract ")).ok_or_else(odd)?;
        let (listed, _) = ask(program, "--list-langs")?;
        let data = listed.lines().next().and_then(|line| line.split('"').nth(1)).map(PathBuf::from);
        let languages = listed.lines().skip(1).map(str::trim).filter(|line| !line.is_empty());
        let languages = languages.map(str::to_owned).collect();
        Ok(Self { program: program.to_owned(), version: version.trim().to_owned(), languages, data, shut_in })
    }

    /// As it prints it: "5.3.0".
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The language data installed, sorted as it lists them.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// The kernel keeps it from all files but its own (Landlock); without that it is bound by limits and kept from the
    /// network alone.
    pub fn shut_in(&self) -> bool {
        self.shut_in
    }

    /// What a reading is signed with: "tesseract 5.3.0 eng".
    pub fn signature(&self, languages: &str) -> String {
        format!("tesseract {} {languages}", self.version)
    }

    /// Fails for the first language of "eng+ukr" that has no data.
    pub fn knows(&self, languages: &str) -> Result<(), Fault> {
        match languages.split('+').find(|language| !self.languages.iter().any(|known| known == language)) {
            Some(language) => Err(Fault::Language { language: language.to_owned() }),
            None => Ok(()),
        }
    }

    /// Reads pages in one process (one thread). One leaf a page, in order. Pages of no area, or longer than 32,767 pixels
    /// (Tesseract's bound), are not given to it and come back empty.
    pub fn read(&self, pages: &[&GrayImage], manner: &Manner) -> Result<Vec<Leaf>, Fault> {
        self.knows(&manner.languages)?;
        let mut leaves = vec![Leaf::default(); pages.len()];
        let mut left: Vec<usize> = (0..pages.len()).filter(|&n| readable(pages[n])).collect();
        while !left.is_empty() {
            let batch: Vec<&GrayImage> = left.iter().map(|&n| pages[n]).collect();
            let (read, whole) = self.batch(&batch, manner)?;
            for (&n, seen) in left.iter().zip(read.iter()) {
                leaves[n].seen.clone_from(seen);
            }
            if whole {
                break;
            }
            // The page after the last one that was finished is the one that was lost.
            if let Some(&lost) = left.get(read.len()) {
                leaves[lost].lost = true;
            }
            left.drain(..left.len().min(read.len() + 1));
        }
        Ok(leaves)
    }

    /// The script a page is written in as the detector names it, and how sure it is; none if the page says too little.
    pub(crate) fn script(&self, page: &GrayImage, limit: Duration) -> Result<Option<(String, f64)>, Fault> {
        self.knows("osd")?;
        if !readable(page) {
            return Ok(None);
        }
        let folder = tempfile::Builder::new().prefix("reading").tempdir()?;
        write_pgm(&folder.path().join("page.pgm"), page)?;
        let mut arguments = ["page.pgm", "out", "-l", "osd", "--psm", "0"].map(OsString::from).to_vec();
        self.at_data(&mut arguments);
        self.run(arguments, folder.path(), limit)?;
        let told = fs::read(folder.path().join("out.osd")).unwrap_or_default();
        Ok(crate::script::parsed(&String::from_utf8_lossy(&told)))
    }

    fn at_data(&self, arguments: &mut Vec<OsString>) {
        if let Some(data) = &self.data {
            arguments.extend(["--tessdata-dir".into(), data.clone().into()]);
        }
    }

    fn run(&self, arguments: Vec<OsString>, folder: &Path, limit: Duration) -> io::Result<Ended> {
        let readable: Vec<&Path> = self.data.iter().map(PathBuf::as_path).collect();
        run(&Errand { program: &self.program, arguments, folder, readable: &readable, limit })
    }

    /// The pages finished, in order, and whether it ended well.
    fn batch(&self, pages: &[&GrayImage], manner: &Manner) -> Result<(Vec<Vec<Seen>>, bool), Fault> {
        let folder = tempfile::Builder::new().prefix("reading").tempdir()?;
        let mut list = String::new();
        for (number, page) in pages.iter().enumerate() {
            let name = format!("{number}.pgm");
            write_pgm(&folder.path().join(&name), page)?;
            list.push_str(&name);
            list.push('\n');
        }
        fs::write(folder.path().join("list"), list)?;
        let mut arguments: Vec<OsString> =
            ["list", "out", "-l", &manner.languages, "--psm", manner.layout.number()]
                .map(OsString::from)
                .to_vec();
        self.at_data(&mut arguments);
        arguments.extend(["--dpi", "200", "-c", "tessedit_create_tsv=1"].map(OsString::from));
        let limit = manner.limit.saturating_mul(pages.len() as u32);
        let ended = self.run(arguments, folder.path(), limit)?;
        let table = fs::read(folder.path().join("out.tsv")).unwrap_or_default();
        let mut read = tsv::pages(&String::from_utf8_lossy(&table), pages.len());
        let whole = ended.status.is_some_and(|status| status.success());
        if whole {
            read.resize(pages.len(), Vec::new());
        } else {
            // The last page of a table cut short may be cut short itself.
            read.pop();
        }
        Ok((read, whole))
    }
}

fn readable(page: &GrayImage) -> bool {
    let (width, height) = page.dimensions();
    width.min(height) >= 8 && width.max(height) < 32_000
}

fn write_pgm(path: &Path, page: &GrayImage) -> io::Result<()> {
    let mut file = io::BufWriter::new(fs::File::create(path)?);
    write!(file, "P5\n{} {}\n255\n", page.width(), page.height())?;
    file.write_all(page.as_raw())?;
    file.flush()
}

/// What it says on both outputs, and whether it was shut in.
fn ask(program: &Path, question: &str) -> Result<(String, bool), Fault> {
    let folder = tempfile::Builder::new().prefix("reading").tempdir()?;
    let limit = Duration::from_secs(20);
    let arguments = vec![OsString::from(question)];
    let ended = run(&Errand { program, arguments, folder: folder.path(), readable: &[], limit })?;
    let said =
        ["stdout", "stderr"].map(|name| fs::read(folder.path().join(name)).unwrap_or_default()).concat();
    Ok((String::from_utf8_lossy(&said).into_owned(), ended.shut_in))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn what_is_missing_is_said_with_its_install_line() {
        assert!(Fault::Missing.to_string().contains("sudo apt install tesseract-ocr"));
        let fault = Fault::Language { language: "chi_sim".to_owned() };
        assert!(fault.to_string().contains("sudo apt install tesseract-ocr-chi-sim"));
        assert!(matches!(Tesseract::at(Path::new("/bin/true")), Err(Fault::Odd { .. })));
    }

    #[test]
    fn odd_pages_cost_nothing_and_say_nothing() {
        let Ok(tesseract) = Tesseract::find() else { return };
        assert!(matches!(
            tesseract.read(&[], &Manner { languages: "xyz".to_owned(), ..Manner::default() }),
            Err(Fault::Language { .. })
        ));
        let pages = [(1, 1, 0), (20_000, 30, 255), (64, 64, 0), (300, 40_000, 9)]
            .map(|(w, h, v)| GrayImage::from_pixel(w, h, Luma([v])));
        let pages: Vec<&GrayImage> = pages.iter().collect();
        let leaves = tesseract.read(&pages, &Manner::default()).unwrap();
        assert_eq!(leaves.len(), 4);
        assert!(leaves.iter().all(|leaf| leaf.seen.is_empty() && !leaf.lost));
    }

    #[test]
    fn a_page_that_takes_too_long_is_lost_alone() {
        let Ok(tesseract) = Tesseract::find() else { return };
        let page =
            GrayImage::from_fn(900, 900, |x, y| Luma([if (x * 7 + y * 13) % 11 < 4 { 0 } else { 255 }]));
        let manner = Manner { limit: Duration::from_millis(1), ..Manner::default() };
        let leaves = tesseract.read(&[&page, &page], &manner).unwrap();
        assert!(leaves.iter().all(|leaf| leaf.lost && leaf.seen.is_empty()));
    }
}
