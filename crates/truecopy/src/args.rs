//! Arguments. What stands here is what `--help` and the man page teach.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod acts;

pub(crate) use acts::{Judge, Judged, Judgement, Label, Note, Second, Signing, Split, Testify, Undo};

const AFTER: &str = "\
First steps:
  truecopy examine leak/                     all at once: the case is leak.case, the report leak.case/report.html
  truecopy status leak.case                  what there is, counted
  truecopy list leak.case families           every sheet; `truecopy list --help` names all nouns
  truecopy show leak.case fam:3fa9           one of them, by the shortest beginning of its id

Exit codes: 0 done · 1 something you can mend · 2 wrong usage · 3 done, with problems listed by `truecopy problems`
· 70 a mistake of ours · 130 stopped; what was finished is kept.

Nothing is ever sent to another machine, and no received file is changed.";

/// A workbench for leaked pages: which pictures show the same sheet, where each appeared first, how it spread.
///
/// Truecopy observes and cites; you decide. Data goes to standard output, talk to standard error.
#[derive(Debug, Parser)]
#[command(name = "truecopy", version, after_help = AFTER, max_term_width = 110, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Do everything: make a case, add what you have, work on it, write the report
    Examine(Examine),
    /// Make an empty case
    New(New),
    /// Add files and folders to a case; each is copied, hashed and entered in the custody log
    ///
    /// Read are: images (JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC), PDF, archives (ZIP, tar, gzip) and channel exports
    /// (`truecopy formats`). Anything else is held and listed by `truecopy problems`. Adding the same file again
    /// changes nothing.
    Add(Add),
    /// Do the work that is missing on a case; finished work is skipped
    Run(Run),
    /// Open a case in a browser on this machine: look, search, act, hand over; asks nothing of the network
    ///
    /// Prints the address by which each person comes in; each start has new ones. Only this machine is answered. To work on a
    /// case from another machine, forward the port: `ssh -L 8377:127.0.0.1:8377 HOST`; docs/workbench tells how to put a reverse
    /// proxy before it.
    Serve(Serve),
    /// Count what there is: files, images, sheets, documents, channels, posts, referenced but unseen, problems
    Status(OfCase),
    /// List the nouns of a kind, one a line
    List(List),
    /// Show one noun by its id, or the shortest beginning of it
    #[command(name = "show")]
    Show(ShowId),
    /// Say that pictures show one sheet, or that entities are one, though the program did not find it so; stands until it is taken back
    Join(Judged),
    /// Say that pictures do not show the sheet that the rest of their family shows, or that spellings do not name whom the rest
    /// of their entity names; stands until it is taken back
    Split(Split),
    /// Take an act back: what was joined, split, testified, noted, labelled or judged; both acts stay on record
    Undo(Undo),
    /// Enter that somebody says a sheet was seen: testimony, kept apart from posts that were observed
    ///
    /// What is said goes into --reason, when it was seen into --when, how you know that it is said into --basis. It is told beside
    /// the sheet as testimony, and moves no first appearance.
    ///
    ///   truecopy testify leak.case fam:3fa9 --when 2023-01-13 2023-01-20 --basis "told by telephone by a member of the server"
    ///   --reason "the sheet was in the channel before it was closed"
    Testify(Testify),
    /// Write a note on whatever has an id: a picture, a sheet, an alteration, a post, an entity; --reason is its text
    Note(Note),
    /// Give a label to whatever has an id, such as "ask the ministry"; --reason says why
    Label(Label),
    /// Say what you hold of an observation, such as an alteration, a match, a hop, a gap, a quote or a statement
    ///
    /// It stands beside the observation, with your reason, and changes nothing that the program derives. Pictures that do not
    /// belong together are parted by `truecopy split`; a proposed harm is judged by `truecopy confirm` and `reject`.
    Judge(Judge),
    /// Have an act take effect that was proposed with --two, by another key; without an act, list those that wait
    Second(Second),
    /// Lay two pictures or files on each other and list where they differ; needs no case and leaves none
    ///
    /// Both are examined like a case of two files. Each difference is printed with what either reads there and where;
    /// with --report, both are shown laid on each other, the differing places marked.
    Compare(Compare),
    /// Write the report: one HTML file that opens offline
    Report(Report),
    /// Write the dossier for other programs
    Export(Export),
    /// Write what to ask the platforms for: exact ids and UTC windows of posts, accounts and files
    ///
    /// For each platform a text and a CSV table, and preserve.csv: signed addresses by the time at which they expire.
    Request(Request),
    /// Make a picture anew from which places are withheld, and attack it; or attack a redacted file of somebody else
    ///
    /// The derivative is whole pixels and nothing beside them. What is withheld is widened by an amount that does not follow
    /// from the words. Then it is attacked; the log beside it says what was withheld and what the attack found, never the
    /// words. With --check, any PNG, JPEG or PDF is attacked: what lies under the boxes, what else the file holds, what can
    /// still be read.
    Redact(Redact),
    /// Tell whom the sheets touch: for each person, body and country passages, statements, and harms that rules propose
    ///
    /// With a party's id or name: its passages with their markings, places and proposed harms.
    Parties(Parties),
    /// Say that a proposed harm is one; stands until it is taken back
    Confirm(Judgement),
    /// Say that a proposed harm is none; stands until it is taken back
    Reject(Judgement),
    /// Write to one party what the sheets say of it, with nothing about others: HTML, or PDF by the file's name
    Briefing(Briefing),
    /// Ask a language model on this machine for names and statements that the rules miss; what it says is held against the text
    ///
    /// The model is a server with the interface of OpenAI (chat completions) on 127.0.0.1; no other machine is ever called. Of
    /// its answers only what stands word for word on the sheet is kept, with its place, in a list of its own that names the
    /// model. Nothing of it goes into the case: what you find right there, hand to `truecopy run --gazetteer`.
    Ask(Ask),
    /// Search what was read on pictures and what posts say
    ///
    /// Words, "a phrase", pre*, AND, OR, NOT, NEAR(one two, 5). Every hit cites its place: a region of a page, or a post.
    Search(Search),
    /// List what could not be received or read, with the way out
    Problems(OfCase),
    /// Derive everything anew beside the old and compare: identical, or a list of differences
    Rebuild(Rebuild),
    /// Hold every byte of a case against the custody log: what was received, every row, every entry, signatures and time stamps
    ///
    /// Whatever was changed, is missing or was added is named. What is derived is held against the log too; where it differs,
    /// `truecopy rebuild --replace` makes it anew.
    Verify(OfCase),
    /// Try whether files are opened shut in on this machine: no other file, no network, no process, bounded memory and time
    ///
    /// Every received file is opened by a process of its own that gives all of this up first. Here such processes try it
    /// nevertheless, each one thing, and what became of it is told.
    Shield(Json),
    /// Have the head of the custody log time-stamped (RFC 3161): write the request, take in the answer
    ///
    /// Nothing is sent: the request goes to a time-stamp authority of your choice by other means, for example
    /// `curl -H 'Content-Type: application/timestamp-query' --data-binary @head.tsq ADDRESS > head.tsr`.
    Stamp(Stamp),
    /// Write a package for others: a BagIt bag with originals, report, dossier, custody log, and formats of the field
    ///
    /// Whoever receives it needs no Truecopy: README.txt in it gives the steps with sha256sum, openssl and ssh-keygen.
    Package(Package),
    /// List the export formats that are read, and what each can and cannot tell
    Formats(Json),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the man page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Examine {
    /// Files and folders: pictures, PDFs, archives, channel exports, in any mixture
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) material: Vec<PathBuf>,
    /// The case's folder; made if it is missing, added to if it exists [default: the first FOLDER's name with .case]
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    /// Where the report goes [default: report.html in the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make; it must be missing or empty
    #[arg(value_name = "CASE")]
    pub(crate) folder: PathBuf,
    /// The case's name [default: the folder's]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What it is for, in your words
    #[arg(long, default_value = "")]
    pub(crate) purpose: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Files and folders to add
    #[arg(required = true, value_name = "PATH")]
    pub(crate) material: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The case's folder
    pub(crate) case: PathBuf,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}

#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    pub(crate) run: Run,
    /// Put what was derived anew in the place of the old, whatever became of that
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Stamp {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Write a request for the head of the log to this file
    #[arg(long, value_name = "FILE", required_unless_present = "accept", conflicts_with = "accept")]
    pub(crate) request: Option<PathBuf>,
    /// Check the authority's answer in this file and keep it in the log
    #[arg(long, value_name = "FILE")]
    pub(crate) accept: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Package {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The folder to make; it must be missing or empty
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Of these sheets alone, by id or the shortest beginning of it: nothing in the package refers to the rest [default: the whole case]
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub(crate) family: Vec<String>,
    /// For this party, by id or name: what the sheets say of it, as `truecopy briefing` tells it, and nothing about others
    #[arg(long, value_name = "PARTY", conflicts_with = "family")]
    pub(crate) party: Option<String>,
    /// Leave the received files out
    #[arg(long)]
    pub(crate) no_originals: bool,
    /// Sign it with this ed25519 key as `ssh-keygen -t ed25519` makes it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Jobs {
    /// Threads that work [default: as many as there are cores]
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) jobs: usize,
    /// Languages of the pages, as Tesseract names them, joined by plus: eng+ukr
    #[arg(long, value_name = "LANGUAGES", default_value = "eng")]
    pub(crate) languages: String,
    /// Names to be known beside those that are: a CSV file with lines kind,name,other name,… (kinds: person, body, place, country, unit, code_name, operation, ship, weapon), or FollowTheMoney entities, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) gazetteer: Option<PathBuf>,
    /// Open files in this process, not shut in: only for material that you trust, where `truecopy shield` says that the kernel
    /// cannot shut a process in
    #[arg(long)]
    pub(crate) no_sandbox: bool,
    /// Do not read the pictures: much quicker, and Tesseract is not needed; what was read before stays
    #[arg(long)]
    pub(crate) no_reading: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// A file: an image or a PDF; or with --case, a picture's or item's id
    pub(crate) a: String,
    /// The other
    pub(crate) b: String,
    /// Take both from this case, by id or the shortest beginning of it
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    /// Write both, laid on each other, to this HTML file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8377)]
    pub(crate) port: u16,
    /// Somebody who may look and act, by the name that stands under their acts [default: you]
    #[arg(long, value_name = "NAME")]
    pub(crate) analyst: Vec<String>,
    /// Somebody who may look and search
    #[arg(long, value_name = "NAME")]
    pub(crate) reader: Vec<String>,
    /// A name by which a reverse proxy asks, with its port if it has one: leak.example.org
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,
    /// A translator's file, PO: the pages are in its language (docs/texts/README.md)
    #[arg(long, value_name = "FILE")]
    pub(crate) texts: Option<PathBuf>,
    /// Where packages and redacted files are written [default: CASE with the ending .handed]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Begin with the work that is missing, as `truecopy run` does
    #[arg(long)]
    pub(crate) run: bool,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}

#[derive(Debug, Args)]
pub(crate) struct OfCase {
    /// The case's folder
    pub(crate) case: PathBuf,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Json {
    /// Give JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = nouns())]
pub(crate) struct List {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Which nouns
    #[arg(value_parser = model::NOUNS.iter().map(|noun| noun.plural).collect::<Vec<_>>())]
    pub(crate) noun: String,
    /// Only what belongs to sheets that mention this person, body, place or whatever bears a name: a name, or an id
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// Only what belongs to sheets whose subject (subject line, heading, or the names they have most) has all of these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) subject: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct ShowId {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// An id such as pic:3fa9c1d2…, as much of it as is needed to be the only one; the word may be left out
    pub(crate) id: String,
    /// The id of another picture: hold the two against each other and say why they are held to show one sheet, or why not
    pub(crate) other: Option<String>,
    /// Of a match, or of two pictures: draw why into this PNG, cell by cell: green the same ink, amber unclear, red other ink,
    /// blue ink on one only
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Redact {
    /// The case's folder
    #[arg(required_unless_present = "check")]
    pub(crate) case: Option<PathBuf>,
    /// Pictures, or sheets for their best pictures, by id or the shortest beginning of it; a page of the derivative each
    #[arg(value_name = "ID", required_unless_present = "check")]
    pub(crate) ids: Vec<String>,
    /// Withhold telephone numbers, e-mail addresses and long numbers, and all persons' names
    #[arg(long)]
    pub(crate) personal: bool,
    /// Withhold the names in this file, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) names: Option<PathBuf>,
    /// Withhold the lines of every passage that mentions this party, by id or name
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Vec<String>,
    /// Withhold these words wherever they stand
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Vec<String>,
    /// Withhold this rectangle, in pixels of the derivative (of the file's page, with --check)
    #[arg(long, value_name = "X,Y,WIDTH,HEIGHT")]
    pub(crate) region: Vec<String>,
    /// Withhold the whole line in which something is withheld
    #[arg(long)]
    pub(crate) line: bool,
    /// Why, in a sentence; it stands in the log
    #[arg(short, long, value_name = "TEXT", required_unless_present = "check")]
    pub(crate) reason: Option<String>,
    /// The derivative: a name that ends in .png or .pdf; its log goes beside it
    #[arg(short, long, value_name = "FILE", required_unless_present = "check")]
    pub(crate) output: Option<PathBuf>,
    /// Attack this file; withheld are the --region given, those of --log, or else dark boxes that are found. With a case and
    /// a picture, the other pictures of its sheet are looked at as well
    #[arg(long, value_name = "FILE", conflicts_with_all = ["personal", "party", "reason", "output", "line"])]
    pub(crate) check: Option<PathBuf>,
    /// The log of the file to be attacked
    #[arg(long, value_name = "FILE", requires = "check")]
    pub(crate) log: Option<PathBuf>,
    /// Languages of the pages, as Tesseract names them, joined by plus
    #[arg(long, value_name = "LANGUAGES", default_value = "eng")]
    pub(crate) languages: String,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Parties {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// One party, by id, the shortest beginning of it, or name
    pub(crate) party: Option<String>,
    /// Rules that propose harms, in place of those of the program; --rules prints these
    #[arg(long, value_name = "FILE")]
    pub(crate) harms: Option<PathBuf>,
    /// Print the program's rules, to be changed
    #[arg(long)]
    pub(crate) rules: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Briefing {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The party, by id, the shortest beginning of it, or name
    pub(crate) party: String,
    /// Answer this from the party's own passages: words to look for in them
    #[arg(long, value_name = "WORDS")]
    pub(crate) ask: Vec<String>,
    /// Rules that propose harms, in place of those of the program
    #[arg(long, value_name = "FILE")]
    pub(crate) harms: Option<PathBuf>,
    /// A name that ends in .html or .pdf
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Of these sheets alone, by id or the shortest beginning of it [default: all]
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Where the model listens, such as http://127.0.0.1:11434/v1: this machine, and no other
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) model: String,
    /// The model's name, as the server knows it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Seconds that an answer may take
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) seconds: u64,
    /// The list: one JSON object a line; with a name that ends in .csv the names alone, as `truecopy run --gazetteer` takes them
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// What to look for
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// Only on sheets that mention this person, body, place or whatever bears a name, and in posts that have one of its
    /// spellings: a name, or an id
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// Find words that were misread by a letter or two as well
    #[arg(long)]
    pub(crate) misread: bool,
    /// Hits, at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) most: usize,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Where it goes, `-` for standard output [default: report.html in the case]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// A translator's file, PO: the report is in its language (docs/texts/README.md)
    #[arg(long, value_name = "FILE")]
    pub(crate) texts: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// In which format
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
    /// Where it goes, `-` for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Request {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// About these sheets, by id or the shortest beginning of it [default: all that were posted]
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub(crate) family: Vec<String>,
    /// The folder to write to; made if it is missing [default: request in the case]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// dossier.json: everything the report tells
    Json,
    /// The JSON Schema of dossier.json
    Schema,
    /// The hops between channels, for Gephi and others (GEXF 1.3)
    Gexf,
    /// The hops between channels (GraphML 1.0)
    Graphml,
    /// The hops between channels, one row for each piece of evidence
    Csv,
    /// Sheets, pages, who and what they mention, statements, events: FollowTheMoney entities, one JSON object a line
    Ftm,
    /// Who is named with whom, in one sentence and on one sheet (GEXF 1.3)
    PeopleGexf,
    /// Who is named with whom (GraphML 1.0)
    PeopleGraphml,
    /// Who is named with whom, one row for each sentence
    PeopleCsv,
}

fn nouns() -> String {
    let line = |noun: &model::NounKind| format!("  {:12} {}", noun.plural, noun.says);
    let lines: Vec<String> = model::NOUNS.iter().map(line).collect();
    format!(
        "Nouns:\n{}\n\nWith --json the fields are those the case keeps, and may change between versions;\n\
         the format to build on is that of `truecopy export`.",
        lines.join("\n")
    )
}

/// Parses the arguments; ends the process with help or a usage error where they say so.
pub(crate) fn parse() -> Arguments {
    Arguments::parse()
}

/// The whole command, for completions and the man page.
pub(crate) fn whole() -> clap::Command {
    Arguments::command()
}
