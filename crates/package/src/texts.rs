//! Texts for lawyers: a draft of a certificate, a checklist. Facts are filled in; what only a person can say is left open between
//! square brackets.

use std::fmt::Write as _;

use dossier::Dossier;

use crate::facts::Facts;

/// A draft of a certificate under Rule 902(14) of the (US) Federal Rules of Evidence: data copied from an electronic device,
/// storage medium or file, authenticated by digital identification.
pub(crate) fn certificate(dossier: &Dossier, facts: &Facts) -> String {
    let adds: Vec<_> = facts.entries.iter().filter(|entry| entry.command == "add").collect();
    let mut out = format!(
        "DRAFT. To be read, completed and signed by a qualified person, or not at all. Facts below are those of the custody log;\n\
         what stands in [brackets] only a person can say. This text is no legal advice.\n\n\
         CERTIFICATION OF DATA COPIED FROM AN ELECTRONIC DEVICE, STORAGE MEDIUM, OR FILE\n\
         (Federal Rules of Evidence 902(14), 902(11))\n\n\
         Matter: {}\n{}\n\
         1. I, [name], am [position] at [organisation], and am qualified by [training, experience] to make this certification.\n\n\
         2. The electronic files listed in data/originals.csv ({} different contents) were copied from [device, medium or\n   \
            source] and received into the case as follows (times in UTC by the clock of the machine that received them):\n",
        plain(&dossier.case.name),
        if dossier.case.purpose.is_empty() {
            String::new()
        } else {
            format!("Purpose: {}\n", plain(&dossier.case.purpose))
        },
        facts.originals.len(),
    );
    for entry in &adds {
        let files = entry.inputs.iter().filter(|input| input.starts_with("item:")).count();
        let refused = entry.inputs.iter().filter(|input| input.starts_with("refused ")).count();
        let told =
            if facts.is_whole() { format!(": {}", count(files, "file", "files")) } else { String::new() };
        let refused =
            if facts.is_whole() && refused > 0 { format!(", {refused} refused") } else { String::new() };
        let _ = writeln!(
            out,
            "     {}  entry {} by {}{}{told}{refused}",
            entry.at,
            entry.seq,
            plain(&entry.actor),
            if entry.host.is_empty() { String::new() } else { format!(" on {}", plain(&entry.host)) },
        );
    }
    let _ = write!(
        out,
        "\n3. At receipt, before anything else was done with it, each file was copied byte for byte, and the SHA-256 digest (FIPS\n   \
            180-4) of the copy was computed and entered in a log in which each entry holds the digest of the one before it. A file\n   \
            that changed while it was read was read again, and refused if it went on changing.\n\n\
         4. The copies were kept unchanged. At {} the program hashed each of them anew for this package; where the digest\n   \
            had differed from the one at receipt, the package would not have been made. [Whether and when I compared the digests\n   \
            with those of the source myself.]\n\n\
         5. The digest of the last entry of the log, which pins all before it, is\n     {}\n\n\
         6. The program was {}. The digests can be computed anew with any implementation of SHA-256; README.txt gives the steps.\n\n\
         7. [Whether the records were made and kept in the course of a regularly conducted activity, where Rule 902(11) is relied on.]\n\n\
         I certify under penalty of perjury under the laws of the United States of America that the foregoing is true and correct.\n\n\
         Executed on [date] at [place]\n\n[signature]\n",
        facts.made,
        facts.head(),
        facts.program,
    );
    out
}

/// What the Berkeley Protocol on Digital Open Source Investigations (OHCHR and UC Berkeley, 2022) asks of collection and
/// preservation, and what of it this package shows.
pub(crate) fn checklist(dossier: &Dossier, facts: &Facts) -> String {
    let mut rows = kept(dossier, facts);
    rows.extend(looked_into(dossier, facts));
    let mut out = String::from(
        "What the Berkeley Protocol on Digital Open Source Investigations (HR/PUB/20/2) asks, and what of it this package shows.\n\
         [x] it is shown, [ ] a person has to see to it, [-] it is not there.\n",
    );
    let mut last = "";
    for (chapter, asks, (mark, says)) in &rows {
        if *chapter != last {
            let _ = writeln!(out, "\n{chapter}");
            last = chapter;
        }
        let _ = writeln!(out, "  [{mark}] {asks}\n        {says}");
    }
    out
}

/// A line of the checklist: chapter, what is asked, whether it is shown, and where.
type Row = (&'static str, &'static str, (char, String));

/// Collection and preservation.
fn kept(dossier: &Dossier, facts: &Facts) -> Vec<Row> {
    let stamped = case::stamps(&facts.entries).iter().flatten().count();
    let exports: usize = dossier.channels.iter().map(|channel| channel.exports.len()).sum();
    vec![
        (
            "Collection",
            "what was collected, with a unique number",
            yes("data/originals.csv: id, SHA-256, size and received path of each file"),
        ),
        (
            "Collection",
            "who collected it, when, with which tools",
            yes("data/custody/log.txt: actor, host, program, time of each arrival"),
        ),
        (
            "Collection",
            "the address and source page of online content",
            open(
                "where an export tells addresses, dossier.json has them; otherwise to be added by the collector",
            ),
        ),
        (
            "Collection",
            "the context of each item, as it was online",
            told(
                exports > 0,
                &format!(
                    "{exports} exports of channels are told of; posts with their neighbours in dossier.json"
                ),
                "no export of a channel is told of",
            ),
        ),
        ("Collection", "hash value at collection", yes("SHA-256 at receipt, before anything else was done")),
        (
            "Preservation",
            "authenticity: it is what it was when it was collected",
            yes("README.txt, steps 1 to 3"),
        ),
        (
            "Preservation",
            "an evidentiary copy and a working copy, told apart",
            yes(
                "blobs/ in the case is kept for reading alone; made/ is worked on; this package is the third, and says which it is",
            ),
        ),
        ("Preservation", "chain of custody, unbroken", yes("data/custody: a chain of digests")),
        (
            "Preservation",
            "a time stamp by somebody else",
            told(stamped > 0, &format!("{stamped} in data/custody/stamps"), "none was taken in"),
        ),
        ("Preservation", "access: who could see and change it", open("to be said by whoever kept the case")),
    ]
}

/// Verification, analysis, reporting, ethics.
fn looked_into(dossier: &Dossier, facts: &Facts) -> Vec<Row> {
    let signed: usize = facts.entries.iter().map(|entry| entry.signatures().len()).sum();
    vec![
        (
            "Verification",
            "source analysis",
            open("the program does not judge sources; accounts are told as the platforms name them"),
        ),
        (
            "Verification",
            "technical analysis: metadata, file, encoding",
            yes("dossier.json: times with the clock they come from, encodings, derivations"),
        ),
        (
            "Verification",
            "content analysis",
            yes("dossier.json: texts, alterations with both readings, markings; each with its place"),
        ),
        (
            "Verification",
            "times told as intervals, zones named",
            yes("every time has an earliest and a latest instant, and how its zone is known"),
        ),
        (
            "Investigative analysis",
            "inferences kept apart from observations, with reasons",
            yes("hops, gaps and which of two is the later carry their reasons; undecided is said"),
        ),
        (
            "Investigative analysis",
            "acts of analysts on record, with reasons",
            told(
                !dossier.acts.is_empty(),
                &format!("{} in dossier.json, {signed} signatures", dossier.acts.len()),
                "none",
            ),
        ),
        ("Reporting", "methods and their limits", yes("dossier.json, `method`; report.html, at its end")),
        (
            "Reporting",
            "gaps and what could not be read",
            yes(&format!(
                "{} gaps, {} problems in dossier.json",
                dossier.gaps.len(),
                dossier.counts.problems
            )),
        ),
        (
            "Security, ethics",
            "do no harm: persons named or shown",
            open("to be weighed before anything of this package is passed on"),
        ),
        (
            "Security, ethics",
            "legal basis of collection and of passing on",
            open("to be said by the organisation"),
        ),
    ]
}

fn yes(says: &str) -> (char, String) {
    ('x', says.to_owned())
}

fn open(says: &str) -> (char, String) {
    (' ', says.to_owned())
}

fn told(is: bool, says: &str, not: &str) -> (char, String) {
    if is { yes(says) } else { ('-', not.to_owned()) }
}

pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Received text in one line.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { ' ' } else { c })
        .take(200)
        .collect()
}
