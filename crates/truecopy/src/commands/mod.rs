//! One file a task. Each takes its arguments and gives back how it ended.

mod acts;
mod ask;
mod briefing;
mod compare;
mod derive;
mod formats;
mod found;
mod hold;
mod look;
mod loopback;
mod moved;
mod named;
mod package;
mod pair;
mod parties;
mod redact;
mod rows;
mod search;
mod serve;
mod shield;
mod sign;
mod tell;

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use case::Case;
use clap::ValueEnum;

use crate::args::{self, Arguments, Command};
use crate::fault::{End, Fault, Outcome};
use crate::talk::Talk;

/// Does what the arguments say.
pub(crate) fn carry_out(arguments: Arguments) -> Outcome {
    let talk = &mut Talk::new(arguments.quiet);
    match arguments.command {
        Command::Examine(examine) => derive::examine(&examine, talk),
        Command::New(new) => hold::new(&new, talk),
        Command::Add(add) => hold::add(&add, talk),
        Command::Run(run) => derive::run(&run, talk),
        Command::Rebuild(rebuild) => derive::rebuild(&rebuild, talk),
        Command::Join(judged) => acts::join(&judged, talk),
        Command::Split(judged) => acts::split(&judged, talk),
        Command::Undo(undo) => acts::undo(&undo, talk),
        Command::Testify(testify) => acts::testify(&testify, talk),
        Command::Note(note) => acts::note(&note, talk),
        Command::Label(label) => acts::label(&label, talk),
        Command::Judge(judge) => acts::judge(&judge, talk),
        Command::Second(second) => acts::second(&second, talk),
        Command::Compare(compare) => compare::compare(&compare, talk),
        Command::Status(of) => look::status(&of),
        Command::List(list) => look::list(&list),
        Command::Show(show) => look::show(&show),
        Command::Redact(redact) => redact::redact(&redact, talk),
        Command::Parties(parties) => parties::parties(&parties),
        Command::Confirm(judgement) => parties::judge(&judgement, true, talk),
        Command::Reject(judgement) => parties::judge(&judgement, false, talk),
        Command::Briefing(briefing) => briefing::briefing(&briefing, talk),
        Command::Ask(ask) => ask::ask(&ask, talk),
        Command::Search(search) => search::search(&search),
        Command::Problems(of) => look::problems(&of),
        Command::Report(report) => tell::report(&report, talk),
        Command::Export(export) => tell::export(&export, talk),
        Command::Request(request) => tell::request(&request, talk),
        Command::Verify(of) => hold::verify(&of, talk),
        Command::Serve(serve) => serve::serve(&serve, talk),
        Command::Shield(as_json) => shield::shield(as_json.json),
        Command::Stamp(stamp) => sign::stamp(&stamp, talk),
        Command::Package(package) => package::package(&package, talk),
        Command::Formats(as_json) => formats::formats(as_json.json),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut args::whole(), "truecopy", &mut io::stdout().lock());
            Ok(End::Done)
        }
        Command::Man => {
            let page = clap_mangen::Man::new(args::whole());
            written(page.render(&mut io::stdout().lock()))
        }
    }
}

/// Opens a case.
fn open(folder: &Path) -> Outcome<Case> {
    Ok(Case::open(folder)?)
}

/// Has what people see shown in the language of a translator's file, where one is named.
fn language(file: Option<&Path>) -> Outcome<()> {
    let Some(file) = file else { return Ok(()) };
    texts::load(file)
        .map_err(|error| Fault::user(&error).hint("docs/texts/README.md says how such a file is made"))
}

/// Who is at the keyboard, as the machine names the user.
fn actor() -> String {
    let named =
        ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let uid = || {
        std::fs::metadata("/proc/self")
            .map_or_else(|_| "unknown".to_owned(), |me| format!("uid {}", me.uid()))
    };
    named.unwrap_or_else(uid)
}

/// A write to standard output. Whoever closed the pipe has seen enough: that is no failure.
fn written(result: io::Result<()>) -> Outcome {
    match result {
        Ok(()) => Ok(End::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(End::Done),
        Err(error) => Err(Fault::writing("standard output", &error)),
    }
}

/// The word a value has on the command line.
fn word(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
