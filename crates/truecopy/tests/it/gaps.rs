//! What is taken out of a leak is missed: each kind of gap that needs no reading.

use std::fs;
use std::path::{Path, PathBuf};

use forge::camera::scan;
use forge::leak::Recipe;
use forge::rng::Rng;
use forge::typeset::{Look, sheet};
use serde_json::Value;

use crate::desk::{Desk, rows, text};

/// The JSON of the first channel's export.
fn export(folder: &Path) -> PathBuf {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "json")).unwrap()
}

/// Takes the first answered post that carries nothing out of an export; its id and those of its neighbours.
fn without_an_answered_post(path: &Path) -> [String; 3] {
    let mut read: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let messages = read["messages"].as_array_mut().unwrap();
    let answered: Vec<String> = messages
        .iter()
        .filter(|message| message["type"] == "Reply")
        .map(|message| text(&message["reference"], "messageId").to_owned())
        .collect();
    let inner = 1..messages.len() - 1;
    let place = inner.into_iter().find(|place| {
        let message = &messages[*place];
        answered.iter().any(|id| id == text(message, "id"))
            && message["attachments"].as_array().unwrap().is_empty()
    });
    let place = place.expect("nobody answers anything");
    let id = |place: usize| text(&messages[place], "id").to_owned();
    let ids = [id(place), id(place - 1), id(place + 1)];
    messages.remove(place);
    let count = messages.len();
    read["messageCount"] = count.into();
    fs::write(path, serde_json::to_vec(&read).unwrap()).unwrap();
    ids
}

#[test]
fn what_is_taken_away_is_missed() {
    let desk = Desk::new();
    let truth = desk.leak_of(&Recipe::small(41));
    let folder = desk.path("leak/exports");
    let [post, before, after] = without_an_answered_post(&export(&folder.join("discord/back-room")));
    fs::remove_dir_all(folder.join("telegram/Quay_Bulletin")).unwrap();
    // Encoded twice, and nobody has the first.
    let page = scan(&sheet(&mut Rng::new(3), Look::Letter).raster(), 150, &mut Rng::new(4)).image;
    fs::write(desk.path("leak/loose/twice.jpg"), forge::raster::jpeg_after(&page, 75, 92).unwrap()).unwrap();
    desk.worked("leak.case", &["leak"]);
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let of =
        |lack: &str| rows(&told, "gaps").iter().filter(|gap| text(gap, "lack") == lack).collect::<Vec<_>>();

    let gone =
        of("post").into_iter().find(|gap| text(&gap["seek"], "post") == post).expect("no gap of the post");
    let seek = &gone["seek"];
    assert!(gone["sure"] == true && text(&gone["reasons"][0], "why") == "answered", "{gone}");
    assert_eq!((text(seek, "post_before"), text(seek, "post_after")), (before.as_str(), after.as_str()));
    // To the second: fractions are written as long as they are.
    let (from, to) = (&text(seek, "not_before")[..19], &text(seek, "not_after")[..19]);
    assert!(from <= to && text(seek, "platform") == "discord", "{seek}");

    let channels = of("channel");
    let quay = channels
        .iter()
        .find(|gap| text(&gap["seek"], "channel").contains("Quay"))
        .expect("no gap of the channel");
    assert!(
        text(&quay["reasons"][0], "why") == "forwarded" && !text(&quay["seek"], "not_after").is_empty(),
        "{quay}"
    );

    let files = of("file");
    for missing in rows(&truth, "missing").iter().filter(|missing| text(missing, "channel") == "back-room") {
        let gap = files.iter().find(|gap| text(&gap["seek"], "post") == text(missing, "post"));
        assert!(gap.is_some_and(|gap| !text(&gap["seek"], "file").is_empty()), "{missing}");
    }
    assert!(rows(&told, "unseen").iter().any(|file| file["expires"].is_string()));

    let item = rows(&told, "items").iter().find(|item| text(item, "path").ends_with("twice.jpg")).unwrap();
    let picture = rows(&told, "pictures").iter().find(|picture| picture["item"] == item["id"]).unwrap();
    let sources = of("source");
    let own = sources.iter().find(|gap| gap["pictures"][0] == picture["id"]).expect("no gap of the source");
    assert!(own["sure"] == false && text(&own["reasons"][0], "why") == "rounded_before", "{own}");
    // Every gap has a reason that leads to the material.
    for gap in rows(&told, "gaps") {
        assert!(rows(gap, "reasons").iter().all(|reason| text(reason, "cited").contains(':')), "{gap}");
    }
}
