//! The workbench: a case served to a browser on this machine.

use std::path::PathBuf;

use workbench::{Person, Role, Settings};

use crate::args::Serve;
use crate::commands::{actor, derive, language, open};
use crate::fault::{End, Fault, Outcome};
use crate::stop;
use crate::talk::{Talk, plain};

pub(crate) fn serve(serve: &Serve, talk: &mut Talk) -> Outcome {
    language(serve.texts.as_deref())?;
    let quit = stop::flag();
    // A run is stopped for an act to be entered, and goes on: it has a flag of its own.
    let pause = Box::leak(Box::new(std::sync::atomic::AtomicBool::new(false)));
    let options = derive::options(&serve.jobs, pause)?;
    talk.say("opening the case");
    let case = open(&serve.case)?;
    let settings = Settings {
        port: serve.port,
        hosts: serve.host.clone(),
        people: people(serve)?,
        options,
        handed: serve.out.clone().unwrap_or_else(|| beside(serve)),
    };
    let run = serve.run;
    let served = workbench::serve(case, settings, run, quit, |entries| {
        for (name, role, address) in entries {
            println!("{address}");
            talk.say(format!("{} comes in there as {role}; the address holds until this stops", plain(name)));
        }
        talk.say("Ctrl-C stops it; whatever was entered and finished is kept");
    });
    served.map(|()| End::Done).map_err(fault)
}

/// Whoever is at the keyboard as an analyst, unless people are named.
fn people(serve: &Serve) -> Outcome<Vec<Person>> {
    let mut people = Vec::new();
    let named = |names: &[String], role| -> Vec<(String, Role)> {
        names.iter().map(|name| (name.trim().to_owned(), role)).collect()
    };
    let mut all = named(&serve.analyst, Role::Analyst);
    all.extend(named(&serve.reader, Role::Reader));
    if all.is_empty() {
        all.push((actor(), Role::Analyst));
    }
    for (name, role) in all {
        if name.is_empty() || people.iter().any(|person: &Person| person.name == name) {
            return Err(Fault::usage(format!("'{}' is named twice, or is no name", plain(&name))));
        }
        people.push(Person::new(&name, role).map_err(fault)?);
    }
    Ok(people)
}

/// `leak.handed` for `leak.case`.
fn beside(serve: &Serve) -> PathBuf {
    let folder = std::fs::canonicalize(&serve.case).unwrap_or_else(|_| serve.case.clone());
    folder.with_extension("handed")
}

fn fault(error: workbench::Error) -> Fault {
    match error {
        workbench::Error::Case(error) => error.into(),
        workbench::Error::Pipeline(error) => error.into(),
        workbench::Error::Port { .. } => {
            Fault::user(&error).hint("name another port with --port, or 0 for any that is free")
        }
        workbench::Error::Machine(_) => Fault::user(&error),
    }
}
