//! The views one at a time: whatever a view leads to is there, and nothing received stands in it unescaped.

use std::collections::BTreeSet;

use dossier::told::Family;
use dossier::{Chosen, Context, Live, Order, ROWS, Sought, Wanted, tell};
use maud::Markup;

use crate::material::{self, leak};

const SECTIONS: [&str; 12] = [
    "hops",
    "gaps",
    "documents",
    "said",
    "mentioned",
    "touched",
    "channels",
    "unseen",
    "discrepancies",
    "problems",
    "method",
    "provenance",
];

fn live() -> Live {
    Live::new(tell(&leak()), Context::default(), true)
}

/// Every view there is, by what it is called.
fn views(live: &Live) -> Vec<(String, Markup)> {
    let mut views: Vec<(String, Markup)> =
        SECTIONS.iter().map(|name| ((*name).to_owned(), live.section(name).unwrap())).collect();
    views.push(("overview".to_owned(), live.overview()));
    views.push(("matrix".to_owned(), live.matrix(1, 1).0));
    views.push(("timeline".to_owned(), live.timeline(&Chosen::default())));
    views.push(("posts".to_owned(), live.posts(1, None, None).0));
    views.push(("sheets".to_owned(), live.sheets(&Wanted::default()).0));
    let pictures = leak().pictures;
    views.push(("page".to_owned(), live.page(&pictures[0], None, &Sought::default())));
    for family in &live.dossier().families {
        views.push((family.id.clone(), live.sheet(&family.id, None).unwrap()));
    }
    views
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let parts = html.split(&format!(" {attribute}=\"")).skip(1).collect::<Vec<_>>();
    parts.into_iter().filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn every_link_leads_to_a_view_or_to_a_place_of_the_same_one() {
    let live = live();
    let dossier = live.dossier();
    let ids: BTreeSet<&str> = dossier
        .families
        .iter()
        .map(|family| family.id.as_str())
        .chain(dossier.pictures.iter().map(|picture| picture.id.as_str()))
        .chain(dossier.posts.iter().map(|post| post.id.as_str()))
        .chain(dossier.channels.iter().map(|channel| channel.id.as_str()))
        .chain(dossier.entities.iter().map(|entity| entity.id.as_str()))
        .collect();
    let mut links = 0;
    for (name, view) in views(&live) {
        let html = view.into_string();
        let here: BTreeSet<&str> = values(&html, "id").into_iter().collect();
        for link in values(&html, "href") {
            links += 1;
            let path = link.split('?').next().unwrap();
            let leads = match (path.strip_prefix("/of/"), path.strip_prefix('#')) {
                (Some(id), _) => ids.contains(id),
                (_, Some(place)) => here.contains(place),
                // The page on which anything with an id is judged; which ids there are is the case's to say.
                _ if path.starts_with("/about/") => path.contains(':'),
                _ => {
                    ["/posts", "/sheets", "/hops", "/gaps", "/unseen", "/method", "/timeline"].contains(&path)
                }
            };
            assert!(leads, "{name} leads to {link}");
        }
    }
    assert!(links > 60, "{links} links");
}

#[test]
fn no_view_holds_a_raster_a_script_or_a_style() {
    for (name, view) in views(&live()) {
        let html = view.into_string();
        for bad in ["data:image", "<script", "<style", " style=", "javascript:"] {
            assert!(!html.contains(bad), "{name} holds {bad}");
        }
    }
}

#[test]
fn sheets_are_chosen_and_ordered() {
    let live = live();
    let ids = |wanted: Wanted| {
        let (list, page) = live.sheets(&wanted);
        let html = list.into_string();
        let ids: Vec<String> = values(&html, "href").into_iter().map(str::to_owned).collect();
        assert_eq!(ids.len(), page.all);
        ids
    };
    let all = ids(Wanted::default());
    assert_eq!(all.len(), live.dossier().families.len());
    let (differ, same) = (
        ids(Wanted { differs: Some(true), ..Wanted::default() }),
        ids(Wanted { differs: Some(false), ..Wanted::default() }),
    );
    assert!(!differ.is_empty() && differ.len() + same.len() == all.len());
    let (several, once) = (
        ids(Wanted { several: Some(true), ..Wanted::default() }),
        ids(Wanted { several: Some(false), ..Wanted::default() }),
    );
    assert!(!several.is_empty() && several.len() + once.len() == all.len());
    let families = &live.dossier().families;
    for channel in &live.dossier().channels {
        let seen = |family: &&Family| {
            family.appearances.iter().any(|seen| seen.channel.as_ref() == Some(&channel.id))
        };
        let found = ids(Wanted { channel: Some(channel.id.clone()), ..Wanted::default() });
        assert_eq!(found.len(), families.iter().filter(seen).count(), "{}", channel.name);
    }
    for banner in live.banners().keys() {
        let found = ids(Wanted { banner: Some(banner.clone()), ..Wanted::default() });
        let bear = families.iter().filter(|family| family.marking.banner.as_ref() == Some(banner));
        assert_eq!(found.len(), bear.count(), "{banner}");
    }
    assert_eq!(ids(Wanted { order: Order::Pictures, ..Wanted::default() }).len(), all.len());
    assert!(ids(Wanted { words: "no such word on any sheet".to_owned(), ..Wanted::default() }).is_empty());
}

#[test]
fn a_timeline_shows_what_is_chosen() {
    let live = live();
    let marks = |chosen: Chosen| live.timeline(&chosen).into_string().matches("class=\"dot\"").count();
    let all = marks(Chosen::default());
    let channel = live
        .dossier()
        .channels
        .iter()
        .map(|channel| marks(Chosen { channel: Some(channel.id.clone()), ..Chosen::default() }));
    assert!(all > 0 && channel.min().unwrap() < all);
    let never = "1999-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(marks(Chosen { to: Some(never), ..Chosen::default() }), 0);
}

#[test]
fn only_chosen_posts_without_a_time_are_told_of() {
    let mut leak = leak();
    let export = material::item(&mut leak, "room.json", "room", model::Kind::Json).0;
    let room = material::channel(&mut leak, "discord", "a room without times", export, None);
    let held = material::item(&mut leak, "room/1.png", "room 1", model::Kind::Png);
    let picture = material::picture(&mut leak, held.1, 0, None);
    leak.families.push(model::Family::new(vec![picture], picture));
    let post = material::post(&mut leak, &room, "1", Vec::new(), "");
    material::attach(&mut leak, post, 0, "1.png", Some(held));
    material::spread(&mut leak);
    let live = Live::new(tell(&leak), Context::default(), true);
    let of = |chosen: &Chosen| live.timeline(chosen).into_string();
    let untimed = "1 post tells no time and cannot be drawn";
    for channel in &live.dossier().channels {
        let told = of(&Chosen { channel: Some(channel.id.clone()), ..Chosen::default() });
        assert_eq!(told.contains(untimed), channel.name == "a room without times", "{}", channel.name);
    }
    let never = "1999-01-01T00:00:00Z".parse().unwrap();
    let none = of(&Chosen { to: Some(never), ..Chosen::default() });
    assert!(none.contains("is chosen") && !none.contains("in this case"), "{none}");
}

#[test]
fn channels_and_sheets_come_a_group_and_a_page_at_a_time() {
    let mut many = leak();
    let export = material::item(&mut many, "rooms.json", "rooms", model::Kind::Json).0;
    let rooms: Vec<model::Channel> = (0..70)
        .map(|n| material::channel(&mut many, "discord", &format!("room {n}"), export, None))
        .collect();
    for n in 0..130 {
        let held =
            material::item(&mut many, &format!("more/{n}.png"), &format!("more {n}"), model::Kind::Png);
        let picture = material::picture(&mut many, held.1, 0, None);
        many.families.push(model::Family::new(vec![picture], picture));
        for room in [&rooms[n % 70], &rooms[(n + 1) % 70]] {
            let at = format!("2023-05-01T{:02}:{:02}:00Z", n / 60, n % 60);
            let posted = vec![material::when(&at, &at, &at, model::Zone::Utc)];
            let post = material::post(&mut many, room, &format!("{n}"), posted, "");
            material::attach(&mut many, post, 0, "more.png", Some(held));
        }
    }
    material::spread(&mut many);
    let live = Live::new(tell(&many), Context::default(), true);
    let groups = live.groups();
    assert!(groups.len() >= 3, "{groups:?}");
    let mut sheets = BTreeSet::new();
    for group in 1..=groups.len() {
        let page = live.matrix(group, 1).1;
        let mut channels = BTreeSet::new();
        for number in 1..=page.of {
            let html = live.matrix(group, number).0.into_string();
            let table = html.split("</table>").next().unwrap();
            let of = |word: &str| {
                let links = values(table, "href").into_iter().filter_map(|link| link.strip_prefix("/of/"));
                links.filter(|id| id.starts_with(word)).map(str::to_owned).collect::<Vec<_>>()
            };
            let rows: Vec<&str> = table.split("<tr>").skip(2).collect();
            assert!(!rows.is_empty() && rows.len() <= ROWS, "{} rows", rows.len());
            // Each row is a channel that had one of these sheets.
            assert!(rows.iter().all(|row| row.contains("class=\"has ")), "{table}");
            channels.extend(of("chan:"));
            sheets.extend(of("fam:"));
        }
        assert_eq!(channels.len(), page.all);
    }
    let posted: BTreeSet<String> = live.dossier().matrix.iter().map(|cell| cell.family.clone()).collect();
    assert_eq!(sheets, posted);
}
