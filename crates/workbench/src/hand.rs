//! Handing over: briefings, packages, exports, and what was made for others so far.

use std::collections::BTreeSet;
use std::path::PathBuf;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use dossier::shown;
use maud::Markup;
use package::{Of, Wish};
use texts::{filled, html, mark, say};

use crate::acts::Refusal;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;
use crate::views::{Frame, framed, missing};

/// What the link to all that was made says.
pub(crate) const ALL: &str = mark("All that was made for others");

/// The view.
pub(crate) fn page(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    let live = bench.live();
    let family = fields.get("family").filter(|id| live.family(id).is_some());
    let party = fields.get("party").and_then(|id| live.dossier().parties.iter().find(|party| party.id == id));
    // A sheet that has gone must not turn into the whole case.
    if fields.get("family").is_some() && family.is_none() {
        return missing(bench, who, "sheet of this id");
    }
    if fields.get("party").is_some() && party.is_none() {
        return missing(bench, who, "party of this id");
    }
    let body = html! {
        h1 { "Hand over" }
        p { "A package is a folder that a stranger can check: the account, the originals, the custody log, formats of the field, and a README.txt that says how. It is held against the log first." }
        @if who.may_act() {
            form autocomplete="off" .act #pack method="post" action="/hand" {
                fieldset {
                    legend { "Of what" }
                    label .check { input type="radio" name="of" value="whole" checked[family.is_none() && party.is_none()]; "the whole case" }
                    @if let Some(family) = family {
                        label .check { input type="radio" name="of" value="sheet" checked; "sheet " (live.number(family).unwrap_or(0)) " and nothing else" }
                        input type="hidden" name="family" value=(family);
                    }
                    @if let Some(party) = party {
                        label .check { input type="radio" name="of" value="party" checked; "the briefing for " (shown::name(&party.name)) ", and nothing about others" }
                        input type="hidden" name="party" value=(party.id);
                    }
                }
                label .check { input type="checkbox" name="originals" value="yes" checked; "with the files as they were received" }
                label .field { span { "Name of the folder" } input name="name" required pattern="[A-Za-z0-9._-]+" value=(suggested(bench, family.is_some(), party.is_some())); }
                button type="submit" { "Export the package" }
            }
        }
        @if who.may_act() {
            h2 { "The account in other formats" }
            ul {
                @for (name, says) in EXPORTS { li { a href={ "/export/" (name) } download=(name) { (name) } " " span .muted { (say(says)) } } }
            }
            (made(bench))
        } @else { p { "A reader looks; an analyst hands over." } }
    };
    framed(&Frame { bench, who, path: "/hand", title: say("Hand over") }, &body)
}

fn suggested(bench: &Bench, sheet: bool, party: bool) -> String {
    let kind = if sheet {
        "sheet"
    } else if party {
        "party"
    } else {
        "case"
    };
    let day = jiff::Timestamp::from_second(case::clock::now().as_second())
        .map(|at| shown::second(at)[..10].to_owned());
    let mut name = format!("{kind}-{}", day.unwrap_or_default());
    let mut n = 2;
    while bench.settings.handed.join(&name).exists() {
        name = format!("{}-{n}", name.trim_end_matches(&format!("-{}", n - 1)));
        n += 1;
    }
    name
}

/// Files and packages in the folder of what is handed over.
fn made(bench: &Bench) -> Markup {
    let entries = std::fs::read_dir(&bench.settings.handed).into_iter().flatten().flatten();
    let mut names: Vec<(String, bool)> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().is_dir()))
        .collect();
    names.sort();
    html! {
        @if !names.is_empty() {
            h2 { (say(ALL)) }
            p .note { "In " code { (shown::plain(&bench.settings.handed.to_string_lossy(), 300)) } "." }
            ul .handed {
                @for (name, folder) in &names {
                    li { @if *folder { (shown::name(name)) " " span .muted { "a package" } } @else { a href={ "/handed/" (encoded(name)) } download=(name) { (shown::name(name)) } } }
                }
            }
        }
    }
}

fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Makes a package.
pub(crate) fn pack(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    match packed(bench, who, fields) {
        Ok(body) => framed(&Frame { bench, who, path: "/hand", title: say("Package") }, &body),
        Err(refusal) => refusal.into_response(),
    }
}

fn packed(bench: &Bench, who: &Person, fields: &Fields) -> Result<Markup, Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let folder = place(bench, fields.get("name").unwrap_or_default())?;
    let of = match (fields.get("of"), fields.get("family"), fields.get("party")) {
        (Some("sheet"), Some(family), _) => Of::Sheets(BTreeSet::from([family.to_owned()])),
        (Some("party"), _, Some(party)) => Of::Party(party.to_owned()),
        (Some("whole"), ..) => Of::Whole,
        _ => return Err(Refusal::usage(say("it is not said what is handed over"))),
    };
    let wish =
        Wish { of: &of, originals: fields.is("originals") == Some(true), signer: None, actor: &who.name };
    std::fs::create_dir_all(&bench.settings.handed).map_err(Refusal::ours)?;
    let made = bench.with_case(|case| {
        let verified = case.verify(|_, _| {});
        package::make(case, &verified, wish, &folder).map_err(|error| Refusal::usage(error.to_string()))
    })?;
    Ok(html! {
        h1 { "Package" }
        p role="status" { "Written to " code { (shown::plain(&folder.to_string_lossy(), 300)) } ": "
            (shown::counted(made.sealed.files as usize, "file", "files")) ", " (shown::number(made.sealed.octets)) " bytes." }
        p { "README.txt in it says how to check it. Tell whoever receives it by another way: the SHA-256 of tagmanifest-sha256.txt is" }
        p { code .digest { (made.sealed.digest.to_string()) } }
        @if made.briefing.is_some() { p { "Read the briefing before you hand it over: a name that nobody knew of may stand in it." } }
        p { a href="/hand" { (say(ALL)) } }
    })
}

/// A folder of this name among what is handed over; it must not be there yet.
fn place(bench: &Bench, name: &str) -> Result<PathBuf, Refusal> {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "._-".contains(sign);
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.chars().all(plain) {
        return Err(Refusal::usage(say(
            "a folder's name has letters, digits, dots, hyphens and underscores, and begins with no dot",
        )));
    }
    let folder = bench.settings.handed.join(name);
    if folder.exists() {
        Err(Refusal::usage(filled("{name} is there already: name another", &[("name", &name)])))
    } else {
        Ok(folder)
    }
}

/// Hands out a file of our own making; what lies there otherwise is not looked at.
pub(crate) fn handed(bench: &Bench, who: &Person, name: &str) -> Response {
    if !who.may_act() {
        return Refusal::reader().into_response();
    }
    let safe = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    let path = bench.settings.handed.join(name);
    let kind = match path.extension().and_then(|ending| ending.to_str()) {
        Some("png") => "image/png",
        Some("pdf") => "application/pdf",
        Some("json") => "application/json",
        _ => return missing(bench, who, "file of this name"),
    };
    match std::fs::read(&path) {
        Ok(bytes) if safe && path.is_file() => sent(kind, name, bytes),
        _ => missing(bench, who, "file of this name"),
    }
}

fn sent(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "._-".contains(sign) { sign } else { '_' })
        .collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// Names of exports and what they are.
const EXPORTS: [(&str, &str); 9] = [
    ("dossier.json", mark("the account for programs")),
    ("report.html", mark("the report: one file that opens anywhere")),
    ("entities.ftm.ndjson", mark("FollowTheMoney")),
    ("hops.gexf", mark("how sheets may have spread, for Gephi")),
    ("hops.graphml", mark("the same as GraphML")),
    ("hops.csv", mark("the same as a table")),
    ("people.gexf", mark("who is named together, for Gephi")),
    ("people.graphml", mark("the same as GraphML")),
    ("people.csv", mark("the same as a table")),
];

/// An export, made when it is asked for.
pub(crate) fn export(bench: &Bench, who: &Person, name: &str) -> Response {
    if !who.may_act() {
        return Refusal::reader().into_response();
    }
    if !EXPORTS.iter().any(|export| export.0 == name) {
        return missing(bench, who, "export of this name");
    }
    let made = bench.with_case(|case| -> Result<Vec<u8>, Refusal> {
        let material = dossier::gather(case)?;
        let told = dossier::tell(&material);
        let bytes = match name {
            "report.html" => {
                dossier::report_of(case, &material, &told, &dossier::context(case)?).into_bytes()
            }
            "entities.ftm.ndjson" => dossier::ftm(&told).into_bytes(),
            "hops.gexf" => dossier::gexf(&told).into_bytes(),
            "hops.graphml" => dossier::graphml(&told).into_bytes(),
            "hops.csv" => dossier::hops_csv(&told).into_bytes(),
            "people.gexf" => dossier::people_gexf(&told).into_bytes(),
            "people.graphml" => dossier::people_graphml(&told).into_bytes(),
            "people.csv" => dossier::people_csv(&told).into_bytes(),
            _ => {
                let mut json = Vec::new();
                dossier::json(&told, &mut json).map_err(Refusal::ours)?;
                json
            }
        };
        let outputs = vec![format!("(browser) {name} sha256 {}", model::Digest::of(&bytes))];
        case.enter(case::Done {
            actor: &who.name,
            command: "export",
            inputs: vec![name.to_owned()],
            outputs,
        })?;
        Ok(bytes)
    });
    match made {
        Ok(bytes) => sent("application/octet-stream", name, bytes),
        Err(refusal) => refusal.into_response(),
    }
}

/// A briefing, as `ID.html` or `ID.pdf`.
pub(crate) fn briefing(bench: &Bench, who: &Person, name: &str) -> Response {
    if !who.may_act() {
        return Refusal::reader().into_response();
    }
    let Some((id, ending)) = name.rsplit_once('.') else {
        return missing(bench, who, "briefing of this name");
    };
    let live = bench.live();
    let Some(made) = dossier::briefing(live.dossier(), id, &[]) else {
        return missing(bench, who, "party of this id");
    };
    let (kind, bytes) = match ending {
        "pdf" => ("application/pdf", made.pdf()),
        "html" => ("text/html; charset=utf-8", made.html().into_bytes()),
        _ => return missing(bench, who, "briefing of this form"),
    };
    let entered = bench.with_case(|case| dossier::enter_briefing(case, id, &bytes, &who.name));
    match entered {
        Ok(()) => sent(kind, &format!("briefing-{}.{ending}", shown::anchor(id)), bytes),
        Err(error) => Refusal::ours(error).into_response(),
    }
}
