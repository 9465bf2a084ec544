//! What views tell, asked over plain HTTP: what was entered shows where it belongs, and what makes no sense is refused.

use serde_json::Value;

use super::material::Material;
use super::served::Served;
use crate::desk::{rows, text};

fn served() -> Option<(Material, Served)> {
    let material = Material::copied()?;
    let served = Served::of(&material.path("leak.case"));
    Some((material, served))
}

impl Served {
    fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}");
        answer.text()
    }

    /// A page with posts, once these are in their order.
    fn ordered(&self, path: &str) -> String {
        let since = std::time::Instant::now();
        loop {
            let page = self.page(path);
            if !page.contains("being put in order") {
                return page;
            }
            assert!(since.elapsed().as_secs() < 60, "{path}: the posts are not put in order");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// What is refused as making no sense; in the words of the refusal.
    fn refused(&self, path: &str, form: &str) -> String {
        let answer = self.post(0, path, form);
        assert_eq!(answer.status, 422, "{form}: {}", answer.text());
        answer.text()
    }

    fn first_sheet(&self) -> Value {
        self.api("/api/sheets")[0].clone()
    }
}

/// The first address of a kind in a page.
fn address<'a>(page: &'a str, start: &str) -> &'a str {
    let from =
        page.split(&format!("href=\"{start}")).nth(1).unwrap_or_else(|| panic!("no {start} in {page}"));
    from.split('"').next().unwrap()
}

#[test]
fn acts_that_make_no_sense_are_refused_and_leave_nothing() {
    let Some((_material, served)) = served() else { return };
    let id = text(&served.first_sheet(), "id").to_owned();
    for form in [
        format!("do=note&on={id}&reason="),
        format!("do=note&on={id}&reason=+++"),
        format!("do=label&on={id}&label=&reason=its+stamp"),
        "do=note&on=fam:0000&reason=a+fold".to_owned(),
        format!("do=judge&on={id}&holds=perhaps&reason=a+fold"),
        format!("do=testify&id={id}&basis=by+telephone&reason=seen&from=soon"),
        format!("do=burn&id={id}&reason=a+fold"),
    ] {
        served.refused("/act", &form);
    }
    // An end without a beginning is not dropped in silence.
    let told =
        served.refused("/act", &format!("do=testify&id={id}&basis=by+telephone&reason=seen&to=2025-12-31"));
    assert!(told.contains("beginning"), "{told}");
    assert_eq!(served.api("/api/acts"), serde_json::json!([]));
    let form = format!("do=testify&id={id}&basis=by+telephone&reason=seen&from=2023-01-27T13:00");
    assert!(served.post(0, "/act", &form).status < 400);
    served.rested();
    let told = served.page(&format!("/of/{id}"));
    assert!(told.contains("2023-01-27 13:00:00") && told.contains("13:00:59"), "the minute that was said");
}

#[test]
fn what_is_said_of_something_shows_on_its_page() {
    let Some((_material, served)) = served() else { return };
    let sheet = served.first_sheet();
    let post = rows(&sheet, "appearances").iter().find_map(|seen| seen["post"].as_str()).unwrap();
    let channel = text(&served.api("/api/channels")[0], "id").to_owned();
    let entity = text(&served.api("/api/parties")[0], "id").to_owned();
    let listed = |view: &str| {
        let page = served.page(view);
        format!("/about/{}", address(&page, "/about/"))
    };
    let (hop, gap, said) = (listed("/hops"), listed("/gaps"), listed("/said"));
    let about = |path: &str| path.trim_start_matches("/about/").to_owned();
    let places = [
        (text(&sheet, "best").to_owned(), format!("/of/{}", text(&sheet, "best"))),
        (post.to_owned(), format!("/of/{post}")),
        (channel.clone(), format!("/of/{channel}")),
        (entity.clone(), format!("/of/{entity}")),
        (about(&hop), hop.clone()),
        (about(&gap), gap.clone()),
        (about(&said), said.clone()),
    ];
    for (n, (on, page)) in places.iter().enumerate() {
        let answer = served.post(0, "/act", &format!("do=note&on={on}&reason=remark+number+{n}+here"));
        assert_eq!(answer.header("location"), Some(page.as_str()), "{on}");
        assert!(served.page(page).contains(&format!("remark number {n} here")), "{page}");
    }
    assert!(
        served
            .post(0, "/act", &format!("do=judge&on={}&holds=not&reason=it+came+otherwise", about(&hop)))
            .status
            < 400
    );
    assert!(served.page(&hop).contains("it came otherwise"));
    // The history leads to each, and tells what is taken back from what stands.
    let history = served.page("/history");
    for (on, _) in &places {
        assert!(history.contains(&format!("href=\"/of/{on}\"")), "{on}");
    }
    assert!(!history.contains("class=\"taken-back\""));
    let act = served.api("/api/acts")[0]["id"].as_str().unwrap().to_owned();
    assert!(served.post(0, "/act", &format!("do=undo&act={act}&reason=a+slip")).status < 400);
    assert!(served.page("/history").contains("class=\"taken-back\""));
    served.rested();
}

#[test]
fn a_post_is_told_as_the_list_tells_it_with_those_around_it() {
    let Some((_material, served)) = served() else { return };
    let channels = served.api("/api/channels");
    let page = |channel: &Value| served.ordered(&format!("/of/{}", text(channel, "id")));
    let pages: Vec<String> = channels.as_array().unwrap().iter().map(page).collect();
    for remark in ["forwarded from", "answers "] {
        let mut messages = pages.iter().flat_map(|page| page.split("<li"));
        let row = messages.find(|row| row.contains("data-row") && row.contains(remark));
        let row = row.unwrap_or_else(|| panic!("nothing {remark}"));
        // The message's own number stands last in its head.
        let row = row.split("</header>").next().unwrap().rsplit("<a ").next().unwrap();
        let id = format!("post:{}", address(row, "/of/post:"));
        let page = served.ordered(&format!("/of/{id}"));
        let own = page
            .split("<li")
            .find(|row| row.contains("aria-current=\"true\"") && row.contains("data-row"))
            .unwrap();
        assert!(own.contains(remark), "{remark}: {own}");
        assert!(page.matches("data-row").count() > 3, "the messages around {id}");
    }
}

#[test]
fn times_that_are_none_are_said_to_be_none() {
    let Some((_material, served)) = served() else { return };
    for path in [
        "/timeline?from=soon",
        "/timeline?to=10+Feb",
        "/search?q=the&from=9999-99-99",
        "/search?q=the&to=2023-13",
    ] {
        let page = served.page(path);
        let results = page.split("id=\"results\"").nth(1).unwrap();
        assert!(
            results.contains("role=\"alert\"") && !results.contains("data-row") && !results.contains("<svg"),
            "{path}"
        );
    }
    assert_eq!(served.get("/api/search?q=the&from=soon").status, 422);
    let drawn = |page: &str| page.split("class=\"legend\"").next().unwrap().contains("class=\"dot\"");
    assert!(drawn(&served.page("/timeline?from=2026-02")));
    // Where nothing is left, the axis is, to be widened again.
    let empty = served.page("/timeline?from=1999-01-01&to=1999-02-01");
    assert!(empty.contains("data-pieces") && !drawn(&empty) && empty.contains("is chosen"));
}

#[test]
fn a_facet_that_leaves_nothing_can_be_let_go() {
    let Some((_material, served)) = served() else { return };
    for (name, value) in [
        ("channel", "chan:00"),
        ("party", "ent:00"),
        ("account", "acct:00"),
        ("banner", "NEVER"),
        ("version", "vers:00"),
    ] {
        let page = served.page(&format!("/search?q=the&{name}={value}"));
        assert!(
            page.contains("0 hits of") && page.contains("✕") && page.contains("href=\"/search?q=the\""),
            "{name}"
        );
    }
}

#[test]
fn the_two_pictures_that_are_chosen_are_those_that_show() {
    let Some((_material, served)) = served() else { return };
    let all = served.api("/api/sheets");
    let sheet = all.as_array().unwrap().iter().max_by_key(|sheet| rows(sheet, "pictures").len()).unwrap();
    let (id, best) = (text(sheet, "id"), text(sheet, "best"));
    let other =
        rows(sheet, "pictures").iter().rfind(|one| one.as_str() != Some(best)).unwrap().as_str().unwrap();
    for query in [format!("one={other}"), format!("two={other}"), format!("one={best}&two={other}")] {
        let page = served.page(&format!("/of/{id}?{query}"));
        let pair = page
            .split("class=\"pair\"")
            .nth(1)
            .unwrap_or_else(|| panic!("{query}: nothing is laid on each other"));
        let pair = pair.split("</details>").next().unwrap();
        for picture in [best, other] {
            assert!(pair.contains(&format!("/raster/view/{picture}")), "{query}: {picture}");
        }
    }
    let page = served.page(&format!("/of/{id}?one={other}&two={other}"));
    assert!(page.contains("choose two"));
}

#[test]
fn what_has_gone_is_not_replaced_by_the_whole_case() {
    let Some((material, served)) = served() else { return };
    for path in ["/hand?family=fam:0000000000000000", "/hand?party=ent:0000000000000000"] {
        assert_eq!(served.get(path).status, 404, "{path}");
    }
    for form in ["name=a", "name=a&of=sheet", "name=a&of=party", "name=a&of=all"] {
        served.refused("/hand", form);
    }
    let sheets = served.api("/api/sheets");
    let ids: Vec<&str> = sheets.as_array().unwrap().iter().take(2).map(|sheet| text(sheet, "best")).collect();
    let form = format!("id={}&id={}&region=5,5,40,40&reason=a+place", ids[0], ids[1]);
    served.refused("/redact", &form);
    let page = served.page(&format!("/redact?id={}&id={}", ids[0], ids[1]));
    assert!(!page.contains("data-regions") && page.contains(&format!("/redact?id={}", ids[1])));
    assert!(!material.path("leak.handed").exists());
}

#[test]
fn facets_choose_among_the_hits() {
    let Some((_material, served)) = served() else { return };
    let of = |query: &str| -> Vec<String> {
        let hits = served.api(&format!("/api/search?q=the{query}"));
        hits.as_array().unwrap().iter().map(|hit| text(hit, "of").to_owned()).collect()
    };
    let (all, posts, pictures) = (of(""), of("&kind=posts"), of("&kind=pictures"));
    assert!(!posts.is_empty() && posts.iter().all(|id| id.starts_with("post:")));
    assert!(!pictures.is_empty() && pictures.iter().all(|id| id.starts_with("pic:")));
    assert_eq!(posts.len() + pictures.len(), all.len());
    // The view leaves the same.
    let page = served.page("/search?q=the&kind=posts");
    let list = page.split("hit-list").nth(1).unwrap();
    assert_eq!(list.matches("<li data-row").count(), posts.len().min(60));
}

#[test]
fn the_messages_of_a_channel_come_in_their_order() {
    let Some((_material, served)) = served() else { return };
    for channel in served.api("/api/channels").as_array().unwrap() {
        let page = served.ordered(&format!("/of/{}", text(channel, "id")));
        let list = page.split("class=\"context\"").nth(1).unwrap().split("</ol>").next().unwrap();
        assert_eq!(list.matches("data-row").count() as u64, channel["posts"].as_u64().unwrap().min(60));
        let times: Vec<&str> =
            list.split("<time datetime=\"").skip(1).map(|time| time.split('"').next().unwrap()).collect();
        assert!(times.len() > 1 && times.is_sorted(), "{times:?}");
    }
}

#[test]
fn a_sheet_that_was_split_leads_to_what_it_became() {
    let Some((_material, served)) = served() else { return };
    let all = served.api("/api/sheets");
    let sheet = all.as_array().unwrap().iter().max_by_key(|sheet| rows(sheet, "pictures").len()).unwrap();
    let leaves = rows(sheet, "pictures").iter().rfind(|one| one.as_str() != sheet["best"].as_str()).unwrap();
    let form = format!("do=split&id={}&reason=another+stamp", leaves.as_str().unwrap());
    assert!(served.post(0, "/act", &form).status < 400);
    served.rested();
    let answer = served.get(&format!("/of/{}", text(sheet, "id")));
    let now = answer.header("location").expect("the old address leads on").to_owned();
    assert!((300..400).contains(&answer.status) && now.starts_with("/of/fam:"));
    let now = served.api(&now.replace("/of/", "/api/sheet/"));
    assert!(
        rows(&now, "pictures").len() + 1 == rows(sheet, "pictures").len()
            && !rows(&now, "pictures").contains(leaves)
    );
}

#[test]
fn a_citation_opens_the_picture_at_its_place() {
    let Some((_material, served)) = served() else { return };
    let parties = served.api("/api/parties");
    let page = served.page(&format!("/of/{}", text(&parties[0], "id")));
    let way = page.split("href=\"").find(|way| way.starts_with("/of/pic:") && way.contains("?at=")).unwrap();
    let way = way.split('"').next().unwrap();
    let picture = served.page(way);
    let plain = served.page(way.split('?').next().unwrap());
    let cited = |page: &str| page.matches("class=\"cited").count();
    assert!(cited(&picture) > cited(&plain), "{way}");
}

#[test]
fn what_leaves_is_attacked_and_entered() {
    let Some((material, served)) = served() else { return };
    let all = served.api("/api/sheets");
    let sheet = all.as_array().unwrap().iter().max_by_key(|sheet| rows(sheet, "pictures").len()).unwrap();
    let form = format!("id={}&region=40,40,400,300&reason=a+place", text(sheet, "best"));
    let answer = served.post(0, "/redact", &form);
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Other pictures of the sheet show what is withheld on this one.
    assert!(answer.text().contains("pictures of this case") && answer.text().contains("still shows on"));
    let party = text(&served.api("/api/parties")[0], "id").to_owned();
    served.page(&format!("/briefing/{party}.html"));
    let packed = |form: &str| {
        let answer = served.post(0, "/hand", form);
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    packed("of=whole&name=bare");
    packed("of=whole&name=full&originals=yes");
    packed(&format!("of=sheet&family={}&name=sheet&originals=yes", text(sheet, "id")));
    packed(&format!("of=party&party={party}&name=party"));
    let octets = |name: &str| {
        let info =
            std::fs::read_to_string(material.path("leak.handed").join(name).join("bag-info.txt")).unwrap();
        let line = info.lines().find_map(|line| line.strip_prefix("Payload-Oxum: ")).unwrap();
        line.split('.').next().unwrap().parse::<u64>().unwrap()
    };
    assert!(octets("full") > octets("bare") && octets("bare") > octets("sheet") / 100);
    let bag = material.path("leak.handed").join("full");
    let log =
        ["custody/log.json", "data/custody/log.json"].map(|place| std::fs::read_to_string(bag.join(place)));
    let log = log.into_iter().find_map(Result::ok).expect("the bag has the custody log");
    for command in ["redact", "briefing"] {
        assert!(log.contains(&format!("\"{command}\"")), "{command} is not in the custody log: {log}");
    }
}
