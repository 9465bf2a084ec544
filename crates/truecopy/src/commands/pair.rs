//! Two pictures held against each other: why they are held to show one sheet, or why not.

use std::io::{self, Write};
use std::path::Path;

use case::Case;
use model::{Match, Measure, Picture, PictureId};
use pipeline::{Laid, Said};
use serde_json::json;

use crate::args::ShowId;
use crate::commands::found::Found;
use crate::commands::written;
use crate::fault::{Fault, Outcome};

/// Says what holding two pictures against each other comes to, by which measures.
pub(crate) fn show(case: &Case, one: &Found, other: &Found, show: &ShowId) -> Outcome {
    let (a, b) = (picture(one)?, picture(other)?);
    if a == b {
        return Err(Fault::usage("both ids are of one picture".to_owned()));
    }
    let laid = pipeline::laid(case, a, b)?;
    if let Some(path) = &show.overlay {
        draw(laid.as_ref(), path)?;
    }
    let (says, measures) = match &laid {
        None => (Said::Undecided, &[][..]),
        Some(laid) => (laid.says, &laid.held.measures[..]),
    };
    let (a, b) = (a.min(b), a.max(b));
    let mut out = io::stdout().lock();
    written(if show.json.json {
        let said = json!({ "a": a, "b": b, "says": word(says), "measures": measures });
        writeln!(out, "{said}")
    } else {
        writeln!(out, "{a}\n{b}\n  {}", in_words(says, laid.is_some()))
            .and_then(|()| measures.iter().try_for_each(|measure| writeln!(out, "{}", line(measure))))
    })
}

fn picture(found: &Found) -> Outcome<PictureId> {
    let picture: Result<Picture, _> = serde_json::from_value(found.body.clone());
    picture.map(|picture| picture.id).map_err(|_| {
        Fault::usage(format!("{} is not a picture: only pictures are held against each other", found.id()))
    })
}

fn word(says: Said) -> &'static str {
    match says {
        Said::Same => "same",
        Said::Other => "other",
        Said::Undecided => "undecided",
    }
}

fn in_words(says: Said, laid: bool) -> &'static str {
    match says {
        Said::Same => "held to show one sheet",
        Said::Other => "held to show two sheets that look alike",
        Said::Undecided if laid => {
            "undecided: one can be laid on the other, and they neither agree nor differ clearly enough"
        }
        Said::Undecided => {
            "undecided: too few places of one are found on the other to lay them on each other"
        }
    }
}

fn line(measure: &Measure) -> String {
    let bound = measure.bound.map_or_else(String::new, |bound| format!(" (bound {bound})"));
    format!("  {:<58} {} {}{bound}", measure.name, measure.value, measure.unit)
}

/// Draws why the two pictures of a match are held to show one sheet.
pub(crate) fn draw_match(case: &Case, found: &Found, path: &Path) -> Outcome<()> {
    let found: Match = serde_json::from_value(found.body.clone()).map_err(|_| {
        Fault::usage(format!("{} is not a match: only a match or two pictures have an overlay", found.id()))
    })?;
    draw(pipeline::laid(case, found.a, found.b)?.as_ref(), path)
}

fn draw(laid: Option<&Laid>, path: &Path) -> Outcome<()> {
    let drawable = laid.and_then(|laid| Some((laid, laid.held.cells.as_ref()?)));
    let (laid, grid) = drawable.ok_or_else(|| {
        Fault::user(
            "there is nothing to draw: the two could not be laid on each other, or differ nearly everywhere"
                .to_owned(),
        )
    })?;
    let png =
        dossier::overlay(&laid.rasters, grid).ok_or_else(|| Fault::ours("the overlay was not drawn"))?;
    std::fs::write(path, png).map_err(|error| Fault::writing(path.display().to_string(), &error))
}
