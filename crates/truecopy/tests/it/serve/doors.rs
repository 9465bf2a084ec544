//! Who is let in and what is handed out, asked over plain HTTP.

use std::collections::{BTreeSet, VecDeque};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use html5gum::{Token, Tokenizer};

use super::material::Material;
use super::served::{Answer, Served};

const VIEWS: [&str; 24] = [
    "/",
    "/timeline",
    "/sheets",
    "/documents",
    "/matrix",
    "/hops",
    "/gaps",
    "/said",
    "/mentioned",
    "/touched",
    "/search?q=the",
    "/posts",
    "/channels",
    "/unseen",
    "/discrepancies",
    "/add",
    "/hand",
    "/history",
    "/problems",
    "/method",
    "/provenance",
    "/redact",
    "/of/fam:0000000000000000",
    "/nowhere/at/all",
];
/// Addresses at which something is done.
const DEEDS: [&str; 7] =
    ["/act", "/redact", "/hand", "/add/path", "/add/done?batch=a", "/add?batch=a&name=x", "/api/acts"];
const OTHERS: [&str; 10] = [
    "/assets/-/main.js",
    "/assets/-/report.css",
    "/api/counts",
    "/api/openapi.json",
    "/events",
    "/raster/thumb/pic:0",
    "/raster/place/alt:0/own",
    "/briefing/ent:0.html",
    "/export/dossier.json",
    "/handed/x.png",
];

#[test]
fn nobody_is_answered_without_a_key() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let origin = format!("Origin: {}", served.base());
    let wrong = format!("Cookie: truecopy-{}={}", served.port, "0".repeat(64));
    let empty = format!("Cookie: truecopy-{}=", served.port);
    // The key under the name that another workbench, at another port, has for it.
    let foreign = format!("Cookie: truecopy-1={}", served.cookie(0).split_once('=').unwrap().1);
    let cut = format!("Cookie: {}", &served.cookie(0)[..served.cookie(0).len() - 1]);
    for path in VIEWS.iter().chain(&OTHERS) {
        for cookie in ["X-None: 1", &wrong, &cut, &empty, &foreign, "Cookie: other=1; truecopy"] {
            let answer = served.ask("GET", path, &[cookie], &[]);
            assert_eq!(answer.status, 401, "{path} with {cookie}");
            sealed(&answer, path);
            assert!(!answer.text().contains("Sheet") && answer.body.len() < 400, "{path}");
        }
    }
    for path in DEEDS {
        assert_eq!(served.ask("POST", path, &[&origin], b"do=note").status, 401, "{path}");
    }
    for path in ["/enter", "/enter?key=", "/enter?key=0", "/enter?key=%00"] {
        let answer = served.ask("GET", path, &[], &[]);
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{path}");
    }
}

#[test]
fn the_key_goes_from_the_address_into_a_cookie() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    for person in [0, 1] {
        let address = served.addresses[person].strip_prefix(&served.base()).unwrap().to_owned();
        let answer = served.ask("GET", &address, &[], &[]);
        assert!((300..400).contains(&answer.status) && answer.header("location") == Some("/"));
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.starts_with(&served.cookie(person)), "{cookie}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        sealed(&answer, "/enter");
        let page = served.ask("GET", "/", &[&format!("Cookie: {}", served.cookie(person))], &[]);
        let name = ["<bdi>Ann</bdi>, analyst", "<bdi>Rob</bdi>, reader"][person];
        assert!(
            page.text().contains(name)
                && !page.text().contains(served.cookie(person).split_once('=').unwrap().1)
        );
    }
    // No other start has the same key.
    let again = Material::copied().unwrap();
    let other = Served::of(&again.path("leak.case"));
    let cookie = format!("Cookie: {}", served.cookie(0));
    assert_eq!(other.ask("GET", "/", &[&cookie], &[]).status, 401);
}

#[test]
fn other_hosts_and_other_pages_are_refused() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let (cookie, port) = (format!("Cookie: {}", served.cookie(0)), served.port);
    for host in [
        "Host: leak.example".to_owned(),
        format!("Host: leak.example:{port}"),
        "Host: 127.0.0.1".to_owned(),
        format!("Host: 127.0.0.1.leak.example:{port}"),
        "Host: 127.0.0.1:1".to_owned(),
        "Host: ".to_owned(),
        format!("Host: 127.0.0.1:{port}@leak.example"),
        format!("Host: 0.0.0.0:{port}"),
    ] {
        for path in ["/", "/enter?key=x", "/api/counts", "/assets/-/main.js"] {
            let answer = served.ask("GET", path, &[&cookie, &host], &[]);
            assert_eq!(answer.status, 403, "{host}");
            sealed(&answer, &host);
        }
    }
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        assert_eq!(
            served.ask("GET", "/", &[&cookie, &format!("Host: {host}:{port}")], &[]).status,
            200,
            "{host}"
        );
    }
    assert_eq!(served.raw(&["GET / HTTP/1.0".to_owned(), cookie.clone()], &[]).status, 403);
    let form = b"do=note&on=x&reason=y";
    for path in DEEDS {
        let asked = |more: &[&str]| served.ask("POST", path, more, form).status;
        assert_eq!(asked(&[&cookie]), 403, "{path}");
        for origin in [
            "Origin: null".to_owned(),
            "Origin: http://leak.example".to_owned(),
            "Origin: ".to_owned(),
            format!("Origin: http://leak.example:{port}"),
            format!("Origin: http://127.0.0.1:{}", port ^ 1),
            format!("Origin: http://127.0.0.1:{port}.leak.example"),
            format!("Origin: http://localhost:{port}"),
        ] {
            assert_eq!(asked(&[&cookie, &origin]), 403, "{path} {origin}");
        }
    }
    assert_eq!(served.api("/api/acts").as_array().unwrap().len(), 0);
}

#[test]
fn scripts_and_styles_are_kept_until_there_are_others_and_pages_never() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let page = served.get("/");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let text = page.text();
    let named: Vec<&str> = text.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(named.len() > 15, "{named:?}");
    for path in named {
        let answer = served.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("cache-control").unwrap().contains("immutable"), "{path}");
    }
    assert_eq!(served.get("/assets/-/main.js").header("cache-control"), Some("no-store"));
    assert_eq!(served.get("/assets/-/none.js").status, 404);
}

#[test]
fn who_filters_is_sent_the_results_of_the_page_and_no_more() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let channel = served.api("/api/channels")[0]["id"].as_str().unwrap().to_owned();
    let cookie = format!("Cookie: {}", served.cookie(0));
    let asked = [
        "/timeline?channel=",
        "/matrix?sheets=1&of=",
        "/sheets?channel=",
        "/posts?channel=",
        "/search?q=the&channel=",
    ];
    for path in asked.map(|path| format!("{path}{channel}")) {
        let page = served.get(&path).text();
        let results = served.ask("GET", &path, &[&cookie, "truecopy-part: results"], &[]);
        assert_eq!(results.status, 200, "{path}");
        sealed(&results, &path);
        let results = results.text();
        assert!(results.starts_with("<div id=\"results\">") && results.ends_with("</div>"), "{path}");
        assert!(page.contains(&results) && page.contains("<form"), "{path}");
        assert!(!results.contains("<option") && results.len() < page.len(), "{path}");
        let other = served.ask("GET", &path, &[&cookie, "truecopy-part: other"], &[]);
        assert_eq!(other.text(), page, "{path}");
    }
}

#[test]
fn a_reader_looks_and_does_not_act() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let sheet = served.api("/api/sheets")[0]["id"].as_str().unwrap().to_owned();
    let form = format!("do=note&on={sheet}&reason=a+look&id={sheet}&of=whole&name=all&path=/etc/hostname");
    for path in DEEDS {
        let body = if path == "/api/acts" {
            format!(r#"{{"do":"note","reason":"a look","fields":{{"on":["{sheet}"]}}}}"#)
        } else {
            form.clone()
        };
        let answer = served.post(1, path, &body);
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
        assert!(answer.text().contains("a reader looks and does not act"), "{path}");
    }
    assert_eq!(served.api("/api/acts").as_array().unwrap().len(), 0);
    assert!(!material.path("leak.handed").exists());
    let cookie = format!("Cookie: {}", served.cookie(1));
    for path in
        ["/".to_owned(), format!("/of/{sheet}"), "/add".to_owned(), "/hand".to_owned(), "/history".to_owned()]
    {
        let page = served.ask("GET", &path, &[&cookie], &[]);
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("method=\"post\""), "{path} offers a reader something to do");
    }
    let party = served.api("/api/parties")[0]["id"].as_str().unwrap().to_owned();
    for path in
        ["/export/dossier.json".to_owned(), format!("/briefing/{party}.pdf"), "/handed/x.png".to_owned()]
    {
        assert_eq!(served.ask("GET", &path, &[&cookie], &[]).status, 403, "{path} is handed to a reader");
    }
    let acted = served.post(0, "/act", &form);
    assert!((300..400).contains(&acted.status), "{}", acted.text());
    let acts = served.api("/api/acts");
    assert_eq!((acts.as_array().unwrap().len(), acts[0]["actor"].as_str()), (1, Some("Ann")), "{acts}");
}

#[test]
fn no_page_holds_a_script_or_a_style_and_each_is_sealed() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let mut waiting: VecDeque<String> = VIEWS.iter().map(|view| (*view).to_owned()).collect();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut pages = 0;
    while let Some(path) = waiting.pop_front() {
        let answer = served.get(&path);
        sealed(&answer, &path);
        assert!(matches!(answer.status, 200 | 303 | 404), "{path}: {}", answer.status);
        if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        pages += 1;
        for to in walked(&path, &answer.body) {
            let to = to.split('#').next().unwrap().to_owned();
            // What is made anew when it is asked for, and rasters, are no pages.
            let made = ["/export/", "/briefing/", "/handed/", "/raster/", "/assets/-/"];
            if to.starts_with('/')
                && !made.iter().any(|one| to.starts_with(one))
                && seen.len() < 400
                && seen.insert(to.clone())
            {
                waiting.push_back(to);
            }
        }
    }
    assert!(pages > 100, "only {pages} pages were walked");
    for path in OTHERS {
        sealed(&served.get(path), path);
    }
    for (method, path) in
        [("PUT", "/act"), ("DELETE", "/"), ("POST", "/sheets"), ("OPTIONS", "/"), ("PATCH", "/api/acts")]
    {
        let answer = served.ask(
            method,
            path,
            &[&format!("Cookie: {}", served.cookie(0)), &format!("Origin: {}", served.base())],
            &[],
        );
        assert_eq!(answer.status, 405, "{method} {path}");
        sealed(&answer, path);
    }
}

/// What a page leads to; complains of what must not stand on one.
fn walked(path: &str, page: &[u8]) -> Vec<String> {
    let (mut links, mut in_script) = (Vec::new(), false);
    for token in Tokenizer::new(page) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).to_lowercase();
                assert!(
                    !["style", "iframe", "object", "embed", "base", "frame"].contains(&name.as_str()),
                    "{path} has <{name}>"
                );
                for (attribute, value) in &tag.attributes {
                    let attribute = String::from_utf8_lossy(attribute).to_lowercase();
                    let value = String::from_utf8_lossy(&value.value).into_owned();
                    assert!(
                        attribute != "style" && !attribute.starts_with("on"),
                        "{path}: <{name} {attribute}>"
                    );
                    let leads = ["href", "src", "action", "formaction", "srcset", "xlink:href", "poster"];
                    if leads.contains(&attribute.as_str()) {
                        let own = ["/", "#", "?", "data:,", "data:image/"]
                            .iter()
                            .any(|start| value.starts_with(start));
                        assert!(own && !value.starts_with("//"), "{path}: <{name} {attribute}=\"{value}\">");
                    }
                    if name == "a" && attribute == "href" {
                        links.push(value);
                    }
                }
                in_script = name == "script";
                assert!(
                    !in_script || tag.attributes.keys().any(|key| ***key == *b"src"),
                    "{path} has a script of its own"
                );
            }
            Token::EndTag(_) => in_script = false,
            Token::String(text) => {
                assert!(!in_script || text.trim_ascii().is_empty(), "{path} has a script of its own")
            }
            _ => {}
        }
    }
    links
}

/// What every answer says to the browser.
fn sealed(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.split("; ").any(|own| own == part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
}

#[test]
fn no_path_leads_out_and_no_form_is_endless() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    std::fs::create_dir_all(material.path("leak.handed")).unwrap();
    std::fs::write(material.path("outside.json"), "OUTSIDE").unwrap();
    std::fs::write(material.path("leak.handed/.hidden.json"), "OUTSIDE").unwrap();
    for path in [
        "/assets/-/../outside.json",
        "/assets/-/..%2f..%2foutside.json",
        "/assets/-/%2e%2e/outside.json",
        "/assets/-/..",
        "/handed/..%2foutside.json",
        "/handed/../outside.json",
        "/handed/%2e%2e%2foutside.json",
        "/handed/.hidden.json",
        "/handed/..%5coutside.json",
        "/handed/x%00.json",
        "/handed/..%2fleak.case%2fcase.toml",
        "/handed//etc/passwd",
        "/export/..%2foutside.json",
        "/raster/thumb/x",
        "/raster/thumb/..%2f..",
        "/raster/upright/pic:zz",
        "/raster/none/pic:0",
        "/raster/place/alt:0/own",
        "/of/..%2f..",
        "/of/%00",
        "/of/pic:%ff",
        "/briefing/..%2foutside.json",
        "/%2e%2e/%2e%2e",
        "//etc/passwd",
        "/api/..%2fcounts",
        "/api/sheet/..",
        "/api/sheet/%00/differences",
    ] {
        let answer = served.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("OUTSIDE") && !answer.text().contains("root:"), "{path}");
        sealed(&answer, path);
    }
    for name in ["..%2fx", "%2fetc%2fx", "a%2f..%2f..%2fx", "", ".", "x%00y"] {
        let answer = served.post(0, &format!("/add?batch=b&name={name}"), "bytes");
        assert_eq!(answer.status, 422, "{name}");
    }
    assert_eq!(served.post(0, "/add?batch=..%2fb&name=x", "bytes").status, 422);
    let large = format!("do=note&reason={}", "x".repeat(1 << 20));
    for path in ["/act", "/redact", "/hand", "/add/path", "/api/acts"] {
        let answer = served.post(0, path, &large);
        assert_eq!(answer.status, 413, "{path}");
        sealed(&answer, path);
    }
    // What is not a request at all ends nothing.
    served.raw(&["\u{1}\u{2}\u{3}".to_owned()], &[]);
    served.raw(
        &[
            "GET / HTTP/1.1".to_owned(),
            format!("Host: 127.0.0.1:{}", served.port),
            format!("X: {}", "y".repeat(1 << 20)),
        ],
        &[],
    );
    assert_eq!(served.get("/").status, 200);
}

#[test]
fn a_file_is_received_whole_or_not_at_all() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let before = files(&served);
    let whole = "/add?batch=whole&name=late/note.txt";
    assert_eq!(served.post(0, whole, "a note that came late").status, 204);
    // One that comes after it under its name does not take its place.
    assert_eq!(served.post(0, whole, "another").status, 422);
    cut_off(&served, "/add?batch=whole&name=late/cut-off.txt", b"a third of", 30);
    let done = served.post(0, "/add/done?batch=whole", "");
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(done.text().contains("Received: 1; new: 1; refused: 0."), "{}", done.text());
    served.rested();
    assert_eq!(files(&served), before + 1);
    // Where nothing came whole there is nothing to receive.
    cut_off(&served, "/add?batch=stump&name=cut-off.txt", b"a third of", 30);
    assert_eq!(served.post(0, "/add/done?batch=stump", "").status, 422);
    served.rested();
    assert_eq!(files(&served), before + 1);
    assert_eq!(batches(&material), 0, "no folder of a batch is left");
}

#[test]
fn a_batch_that_is_cancelled_adds_nothing() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    let before = files(&served);
    let file = "/add?batch=cancelled&name=note.txt";
    assert_eq!(served.post(0, file, "a note that came late").status, 204);
    assert_eq!(batches(&material), 1);
    cut_off(&served, "/add?batch=cancelled&name=cut-off.txt", b"a third of", 30);
    assert_eq!(served.post(0, "/add/done?batch=cancelled&cancelled=1", "").status, 200);
    // Neither its end nor a file that comes late brings it back.
    assert_eq!(served.post(0, "/add/done?batch=cancelled", "").status, 422);
    assert_eq!(served.post(0, file, "a note that came late").status, 422);
    assert_eq!(served.post(0, "/add/done?batch=never&cancelled=1", "").status, 200);
    served.rested();
    assert_eq!((files(&served), batches(&material)), (before, 0));
}

#[test]
fn a_path_that_is_none_is_told_where_it_was_typed() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    for path in ["", "/no/such/thing"] {
        let answer = served.post(0, "/add/path", &format!("path={path}"));
        assert_eq!(answer.status, 422, "{path}");
        assert!(answer.text().contains("role=\"alert\""), "{}", answer.text());
    }
    let page = served.get("/add").text();
    let form = page.split("<form").find(|form| form.contains("action=\"/add/path\"")).unwrap();
    assert!(form.split('>').next().unwrap().contains("class=\"act\""), "{form}");
}

/// Files that the case holds.
fn files(served: &Served) -> u64 {
    served.api("/api/counts")["files"].as_u64().unwrap()
}

/// Folders of batches beside the case.
fn batches(material: &Material) -> usize {
    let beside = std::fs::read_dir(material.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    beside.filter(|name| name.to_string_lossy().starts_with("added-")).count()
}

/// Sends the analyst's first bytes of a file that was announced as longer, and closes the way.
fn cut_off(served: &Served, path: &str, part: &[u8], whole: usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let (host, cookie) = (format!("127.0.0.1:{}", served.port), served.cookie(0));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nContent-Length: {whole}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(part).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
}
