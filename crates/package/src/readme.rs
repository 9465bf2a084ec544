//! README.txt: what lies where in a package, and how a stranger checks it.

use std::fmt::Write as _;

use crate::facts::{Facts, Scope};
use crate::texts::{count, plain};

/// README.txt, under a title.
pub(crate) fn readme(title: &str, facts: &Facts, signed: bool) -> String {
    let title = plain(title);
    let mut out = format!("{title}\n{}\n\n{}", "=".repeat(title.chars().count().min(80)), about(facts));
    let _ = writeln!(
        out,
        "Everything below is an observation with the place it rests on. Nothing here says that a page is genuine or forged, or who\n\
         leaked it.\n\nWhat lies where\n---------------"
    );
    for (place, says) in places(facts) {
        let _ = writeln!(out, "  {place:<34} {says}");
    }
    out.push_str(&steps(facts, signed));
    out
}

/// What it is, and of what it tells.
fn about(facts: &Facts) -> String {
    let (made, program, copy) = (facts.made, &facts.program, facts.copy());
    let of = match facts.scope {
        Scope::Party => {
            return format!(
                "What leaked sheets say of one party, for that party, and how it can be checked that nothing of it was changed. Made\n\
                 {made} by {program}. Words that name or may name others are taken out, names of files and channels too;\n\
                 of the custody log it has what was done when, without what it was done to. This is the {copy} copy.\n\n"
            );
        }
        Scope::Whole => String::new(),
        Scope::Sheets(number) => format!(
            "It tells of {} alone. What is of other sheets was left out: the exports that posts were\n\
             read from, the archives that files lay in, and entries of the custody log in so far as they name other things.\n\n",
            count(number, "sheet", "sheets")
        ),
    };
    let holds = if facts.with_originals {
        "it holds the received files, byte for byte"
    } else {
        "the received files are not in it, only their digests"
    };
    format!(
        "What was received of a leak, what was found in it, and how both can be checked. Made {made} by {program}.\n\
         This is the {copy} copy: {holds}.\n\n{of}"
    )
}

fn places(facts: &Facts) -> Vec<(&'static str, &'static str)> {
    let log =
        ("data/custody/log.txt, log.json", "what was done when, by whom, with what, and what came of it");
    if facts.scope == Scope::Party {
        return vec![
            ("data/briefing.html, briefing.pdf", "the passages; opens offline in any browser, or prints"),
            ("data/briefing.json", "the same for programs"),
            log,
            ("data/custody/stamps/", "time stamps over the log, where there are any"),
        ];
    }
    let mut places = vec![
        ("data/report.html", "the account for people; opens offline in any browser"),
        ("data/dossier.json", "the same for programs; dossier.schema.json is its schema"),
        ("data/originals.csv", "every received name, its SHA-256, and the file that holds its bytes"),
    ];
    if facts.with_originals {
        places.push(("data/originals/", "the received bytes, each file named by its SHA-256"));
    }
    places.push(log);
    if facts.is_whole() {
        places.push((
            "data/custody/entries/, chain.txt",
            "the bytes of each entry as they were hashed, and the digests",
        ));
    }
    places.extend([
        ("data/custody/stamps/, acts/", "time stamps over the log and signed acts, where there are any"),
        ("data/csv/", "posts and appearances as tables"),
        ("data/prov/", "where everything came from (W3C PROV-O)"),
        ("data/case-uco/", "the files and their way (CASE/UCO)"),
        ("data/misp/", "an event with leaked-document objects (MISP)"),
        ("data/followthemoney/", "the same as entities (FollowTheMoney)"),
        ("data/legal/", "a draft of a certificate under FRE 902(14); a Berkeley Protocol checklist"),
    ]);
    places
}

/// The steps of checking, with coreutils, OpenSSL and OpenSSH alone.
fn steps(facts: &Facts, signed: bool) -> String {
    let mut out = String::from(
        "\nHow to check it, in this folder, with bash\n------------------------------------------\n\
         1. Nothing was changed, lost or added since the package was made. The first two must print nothing but that they\n   \
            hold; the third must print nothing: it lists files that no manifest names, or that are gone.\n\n     \
            sha256sum --strict --quiet -c tagmanifest-sha256.txt && echo tag files hold\n     \
            sha256sum --strict --quiet -c manifest-sha256.txt && echo payload holds\n     \
            find data -type f | sort | comm -3 - <(cut -c67- manifest-sha256.txt | sort)\n\n   \
            With OpenSSL instead: openssl dgst -sha256 FILE prints the digest of a file.\n\
         \n2. It is the package that was sent. Ask the sender by another way for the SHA-256 of tagmanifest-sha256.txt, and compare:\n\n     \
            sha256sum tagmanifest-sha256.txt\n",
    );
    if signed {
        out.push_str(
            "\n   It is signed as well. Ask the sender by another way for the key's fingerprint (SHA256:...), compare it with the one\n   \
             in allowed_signers, and hold the signature against it:\n\n     \
             ssh-keygen -Y verify -f allowed_signers -I \"$(cut -d' ' -f1 allowed_signers)\" -n truecopy.package \\\n       \
             -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt\n",
        );
    }
    if facts.with_originals {
        out.push_str(
            "\n3. The received bytes are those whose digests the log and the account name: each file is named by its SHA-256, so this\n   \
             prints nothing but the names that hold:\n\n     \
             (cd data/originals && for f in *; do echo \"${f%%.*}  $f\"; done | sha256sum --quiet -c) && echo originals hold\n",
        );
    }
    if facts.is_whole() {
        out.push_str(
            "\n4. The custody log is whole: each entry has its digest, and holds that of the entry before it.\n\n     \
             cd data/custody && sha256sum --quiet -c chain.txt && echo entries hold\n     \
             prev=$(printf '0%.0s' $(seq 64)); while read -r digest file; do\n       \
             od -An -v -tx1 \"$file\" | tr -d ' \\n' | grep -q \"$prev\" || echo \"broken before $file\"; prev=$digest\n     \
             done < chain.txt; echo \"head $prev\"; cd ../..\n",
        );
    }
    let _ = writeln!(out, "\n   The head of the chain when the package was made: {}", facts.head());
    out.push_str(
        "\n5. A time stamp says that the log stood so at a time (if there is one in data/custody/stamps). NNNNNN is its entry, and the\n   \
         digest is that of the entry in log.txt; root.pem is the authority's root certificate, to be had from the authority:\n\n     \
         openssl ts -verify -token_in -in data/custody/stamps/entry-NNNNNN.token.der -digest DIGEST -CAfile root.pem\n",
    );
    if facts.scope == Scope::Party {
        return out;
    }
    out.push_str(
        "\n6. A signed act (if there is one in data/custody/acts): who is allowed to sign is for the sender to say.\n\n     \
         ssh-keygen -Y verify -f data/custody/acts/allowed_signers -I FINGERPRINT -n truecopy.act \\\n       \
         -s data/custody/acts/entry-NNNNNN.0.sig < data/custody/acts/entry-NNNNNN.json\n\
         \n7. How a conclusion came about: in report.html every line names what it rests on, and in dossier.json by id, down to the\n   \
         file by SHA-256 and the place in it. log.txt has, under `run`, a digest over all that each part of the program\n   \
         yielded. Whoever has the program can derive all of it anew: from the case with `truecopy rebuild`, or from the\n   \
         originals under the names they were received with (originals.csv), since posts name their files.\n",
    );
    out
}
