//! Redaction in the browser: by rule and by hand, with what the attack found.

use std::path::Path;

use axum::response::{IntoResponse, Response};
use dossier::{named, shown};
use maud::Markup;
use model::PictureId;
use pipeline::redact::{Choice, Derivative, Form, Party, derive, enter};
use redaction::Area;
use texts::{html, say, say_told};

use crate::acts::Refusal;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::hand;
use crate::people::Person;
use crate::views::{Frame, framed};

/// The form: what of which picture.
pub(crate) fn page(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    let live = bench.live();
    let pictures = pictures(bench, fields);
    let party = fields.get("party").and_then(|id| live.dossier().parties.iter().find(|party| party.id == id));
    let body = html! {
        h1 { "Redact" }
        p { "The derivative is made of pixels alone, anew, without what is withheld; then it is attacked, and what of it comes back is told. Look at what was made before you hand it out." }
        @if !who.may_act() { p { "A reader looks; an analyst redacts." } }
        @else if pictures.is_empty() { p role="alert" { "No picture was named: open a sheet or a picture, and choose “Redact” there." } }
        @else {
            form autocomplete="off" #withhold .act method="post" action="/redact" {
                @for picture in &pictures { input type="hidden" name="id" value=(picture); }
                fieldset {
                    legend { "Withhold" }
                    label .check { input type="checkbox" name="personal" value="yes"; "personal data: telephone numbers, addresses of e-mail, long numbers, all persons' names" }
                    label .field { span { "These words, wherever they stand" } input name="search" value=[fields.get("search")]; }
                    label .field { span { "These names, one a line" } textarea name="names" rows="3" {} }
                    @if let Some(party) = party {
                        input type="hidden" name="party" value=(party.id);
                        p { "The passages of " b { (shown::name(&party.name)) } "." }
                    }
                    label .check { input type="checkbox" name="lines" value="yes"; "the whole line in which something is withheld" }
                }
                label .field { span { "File" } select name="form" { option value="png" { "PNG, one picture" } option value="pdf" selected[pictures.len() > 1] { "PDF, a page for each picture" } } }
                label .field { span { "Reason; it stands in the log that goes with the derivative, so it says nothing of what is withheld" } textarea name="reason" rows="2" required {} }
                button type="submit" { "Redact" }
            }
            @if let [picture] = pictures.as_slice() { (by_hand(bench, picture)) }
            @else {
                h2 { "By hand" }
                p { "Rectangles are drawn on one picture at a time: "
                    @for (n, picture) in pictures.iter().enumerate() { @if n > 0 { ", " } a href={ "/redact?id=" (picture) } { "picture " (live.label(picture)) } }
                    "." }
            }
        }
    };
    framed(&Frame { bench, who, path: "", title: say("Redact") }, &body)
}

/// The pictures that are asked for: those named, the best ones of sheets, or those that show a party's passages.
fn pictures(bench: &Bench, fields: &Fields) -> Vec<String> {
    let live = bench.live();
    let mut pictures: Vec<String> = Vec::new();
    for id in fields.all("id") {
        let best = live.family(id).map(|family| family.best.clone());
        pictures.extend(best.or_else(|| live.picture(id).map(|picture| picture.id.clone())));
    }
    if let (true, Some(id)) = (pictures.is_empty(), fields.get("party")) {
        let party = live.dossier().parties.iter().find(|party| party.id == id);
        let families =
            party.into_iter().flat_map(|party| &party.passages).map(|passage| passage.family.as_str());
        let families: std::collections::BTreeSet<&str> = families.collect();
        pictures.extend(families.into_iter().filter_map(|family| Some(live.family(family)?.best.clone())));
    }
    pictures.dedup();
    pictures
}

/// The picture, to draw rectangles on.
fn by_hand(bench: &Bench, picture: &str) -> Markup {
    let size = picture
        .parse::<PictureId>()
        .ok()
        .and_then(|id| bench.shelf.derived().get::<model::Picture>(id).ok()?);
    let (width, height) = size.map_or((1, 1), |picture| picture.size);
    html! {
        h2 { "By hand" }
        div .frame data-zoom data-regions="withhold" tabindex="0" role="group" aria-label="Draw what is withheld" {
            div .stage {
                img src={ "/raster/upright/" (picture) } alt="The picture, upright" width=(width) height=(height);
                svg .overlay viewBox={ "0 0 " (width) " " (height) } {}
            }
        }
    }
}

/// Makes the derivative, and tells what the attack found.
pub(crate) fn made(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    match derivative(bench, who, fields) {
        Ok((derivative, name)) => told(bench, who, &derivative, &name),
        Err(refusal) => refusal.into_response(),
    }
}

fn derivative(bench: &Bench, who: &Person, fields: &Fields) -> Result<(Derivative, String), Refusal> {
    if !who.may_act() {
        return Err(Refusal::reader());
    }
    let reader = bench.settings.options.reader.as_ref().ok_or_else(|| Refusal {
        hint: Some(say("start the workbench without --no-reading").to_owned()),
        ..Refusal::usage(say("what is redacted is attacked by reading it, and nothing reads here"))
    })?;
    let (choice, pictures) = (choice(bench, fields)?, ids(fields)?);
    if !choice.regions.is_empty() && pictures.len() > 1 {
        return Err(Refusal::usage(say("rectangles are drawn on one picture at a time")));
    }
    let ending = if choice.form == Form::Pdf { "pdf" } else { "png" };
    bench.with_case(|case| {
        let made = derive(case, reader, &pictures, &choice).map_err(|objection| Refusal {
            hint: objection.hint().map(|hint| say(hint).to_owned()),
            ..Refusal::usage(say_told(&objection.to_string()))
        })?;
        let name = format!("redacted-{}.{ending}", &made.digest.to_string()[..12]);
        keep(bench, &name, &made).map_err(Refusal::ours)?;
        enter(case, &made, &who.name).map_err(Refusal::ours)?;
        Ok((made, name))
    })
}

fn keep(bench: &Bench, name: &str, made: &Derivative) -> std::io::Result<()> {
    let folder: &Path = &bench.settings.handed;
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(name), &made.bytes)?;
    let log = serde_json::to_vec_pretty(&made.log)?;
    std::fs::write(folder.join(format!("{name}.log.json")), log)
}

fn ids(fields: &Fields) -> Result<Vec<PictureId>, Refusal> {
    let ids: Option<Vec<PictureId>> = fields.all("id").into_iter().map(|id| id.parse().ok()).collect();
    ids.filter(|ids| !ids.is_empty()).ok_or_else(|| Refusal::usage(say("no picture was named")))
}

fn choice(bench: &Bench, fields: &Fields) -> Result<Choice, Refusal> {
    let live = bench.live();
    let mut parties = Vec::new();
    for id in fields.all("party") {
        let party =
            named::party(live.dossier(), id).map_err(|unclear| Refusal::usage(unclear.to_string()))?;
        let spellings = live.dossier().entities.iter().find(|entity| entity.id == party.id);
        parties.push(Party {
            spellings: spellings.map(|entity| entity.spellings.clone()).unwrap_or_default(),
            spots: named::spots(party),
        });
    }
    let regions: Option<Vec<Area>> = fields.all("region").into_iter().map(area).collect();
    let names = fields.get("names").map(|names| names.lines().map(|name| name.trim().to_owned()).collect());
    Ok(Choice {
        personal: fields.is("personal") == Some(true),
        names,
        parties,
        search: fields.all("search").into_iter().map(str::to_owned).collect(),
        regions: regions.ok_or_else(|| Refusal::usage(say("a rectangle is x,y,width,height in pixels")))?,
        lines: fields.is("lines") == Some(true),
        reason: fields.get("reason").unwrap_or_default().to_owned(),
        form: if fields.get("form") == Some("pdf") { Form::Pdf } else { Form::Png },
    })
}

fn area(text: &str) -> Option<Area> {
    let numbers: Vec<u32> =
        text.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let [x, y, width, height] = numbers.try_into().ok()?;
    Some(Area { x, y, width, height })
}

fn told(bench: &Bench, who: &Person, made: &Derivative, name: &str) -> Response {
    let live = bench.live();
    let body = html! {
        h1 { "Redacted" }
        p role="status" {
            @if made.is_sound() { "The attack found nothing grave." }
            @else { b { "The attack found something, or nothing was withheld: do not hand this out before you know why." } }
        }
        p { a .button href={ "/handed/" (name) } download=(name) { "Save " (name) } " " a href={ "/handed/" (name) ".log.json" } download={ (name) ".log.json" } { "and its log" } }
        @for page in &made.pages {
            section {
                h2 { "Picture " (live.label(&page.picture.to_string())) }
                p { (shown::counted(page.regions.len(), "region", "regions")) " withheld." }
                ul { @for says in page.says() { li { (shown::plain(&says, 300)) } } }
                @if !page.twins.is_empty() {
                    p { "What is withheld here still shows on "
                        @for (n, twin) in page.twins.iter().enumerate() { @if n > 0 { ", " } a href={ "/of/" (twin.picture.to_string()) } { "picture " (live.label(&twin.picture.to_string())) } }
                        "." }
                }
            }
        }
        @if name.ends_with(".png") { img .made src={ "/handed/" (name) } alt="What was made"; }
        p { a href="/hand" { (say(hand::ALL)) } }
    };
    framed(&Frame { bench, who, path: "", title: say("Redacted") }, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_are_four_whole_numbers() {
        assert_eq!(area("1,2, 30,40"), Some(Area { x: 1, y: 2, width: 30, height: 40 }));
        assert!(
            ["", "1,2,3", "1,2,3,4,5", "a,2,3,4", "-1,2,3,4", "1.5,2,3,4"]
                .iter()
                .all(|bad| area(bad).is_none())
        );
    }
}
