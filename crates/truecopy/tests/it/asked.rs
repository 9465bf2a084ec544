//! A language model on this machine, of which a stand-in server plays the part: told from the test that reads a case.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::desk::{Desk, rows, text};

/// Answers each request with what `say` makes of it, as long as the program asks. Gives the address.
fn server(say: impl Fn(&Value) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever hangs up has had enough.
            let _ = serve(&mut stream.unwrap(), &say);
        }
    });
    at
}

fn serve(stream: &mut TcpStream, say: &impl Fn(&Value) -> String) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let low = line.trim().to_lowercase();
        if let Some(bytes) = low.strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap();
        }
        if low.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    stream.write_all(say(&serde_json::from_slice(&body).unwrap()).as_bytes())
}

fn http(status: &str, more: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len())
}

fn says(content: &str) -> String {
    let answer = json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] });
    http("200 OK", "", &answer.to_string())
}

/// On `leak.case`, of which `told` is the dossier.
pub fn held_against_the_text(desk: &Desk, told: &Value) {
    let before = desk.dossier("leak.case");
    let statement = rows(told, "statements")
        .iter()
        .find(|one| one["speaker"].as_str().is_some_and(|speaker| text(one, "quote").contains(speaker)));
    let statement = statement.expect("a forged leak tells who said what");
    let (family, speaker, quote) =
        (text(statement, "family"), text(statement, "speaker"), text(statement, "quote"));
    let (said, name, verb) = (quote.to_owned(), speaker.to_owned(), text(statement, "verb").to_owned());
    let word = quote.split_whitespace().find(|word| word.len() > 4 && word.chars().all(char::is_lowercase));
    let word = word.unwrap().to_owned();
    let code = word.clone();
    let at = server(move |asked| {
        assert_eq!(asked["model"], "stand-in");
        let given = asked["messages"][1]["content"].as_str().unwrap();
        assert!(given.contains(&code));
        let names = json!([
            { "kind": "code_name", "name": code },
            { "kind": "person", "name": name },
            { "kind": "person", "name": "Harry Invented" },
            { "kind": "fish", "name": code },
            { "kind": "person", "name": "" },
        ]);
        let row = |speaker: &str, addressee: &str, quote: &str| json!({ "speaker": speaker, "addressee": addressee, "verb": verb, "quote": quote });
        let statements = json!([
            row(&name, "Harry Invented", &said),
            row("Harry Invented", &name, &said),
            row(&name, &name, "Nobody ever said this."),
        ]);
        says(&format!("Here it is:\n```json\n{}\n```", json!({ "names": names, "statements": statements })))
    });
    let call = |at: &str, output: &str, code: i32| {
        let call = ["ask", "leak.case", family, "--model", at, "--name", "stand-in", "--output", output];
        desk.expect(code, &[&call[..], &["--seconds", "5"]].concat()).talk
    };
    let talk = call(&at, "asked.jsonl", 0);
    assert!(talk.contains("3 kept, 5 dropped"), "{talk}");
    let list = std::fs::read_to_string(desk.path("asked.jsonl")).unwrap();
    let kept: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(kept.iter().all(|row| row["model"] == "stand-in" && row["sheet"] == family), "{list}");
    assert!(
        kept.iter()
            .all(|row| rows(row, "cited").iter().all(|cite| cite.as_str().unwrap().starts_with("page:")))
    );
    assert!(kept.iter().all(|row| !rows(row, "cited").is_empty()) && !list.contains("Invented"), "{list}");
    assert_eq!((&kept[1]["known_to_rules"], &kept[0]["known_to_rules"]), (&json!(true), &json!(false)));
    assert_eq!((kept[2]["speaker"].as_str(), &kept[2]["addressee"]), (Some(speaker), &Value::Null));
    // As names: only what the rules did not know, and as a gazetteer takes them.
    call(&at, "asked.csv", 0);
    let table = std::fs::read_to_string(desk.path("asked.csv")).unwrap();
    assert!(table.starts_with("# proposed by the model stand-in"), "{table}");
    assert_eq!(table.lines().skip(1).collect::<Vec<_>>(), [format!("code_name,{word}")]);
    // A proxy that the surroundings name is not asked: nobody listens there.
    let again = ["ask", "leak.case", family, "--model", &at, "--name", "stand-in", "--output", "again.csv"];
    let mut again = desk.command(&again);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, "http://127.0.0.1:1");
    }
    let output = again.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Nothing of it is in the case.
    assert_eq!(desk.dossier("leak.case"), before);
    assert!(desk.expect(0, &["run", "leak.case"]).talk.contains("nothing to do"));
    no_other_machine_and_no_endless_answer(desk, call);
}

fn no_other_machine_and_no_endless_answer(desk: &Desk, call: impl Fn(&str, &str, i32) -> String) {
    for other in [
        "http://192.0.2.7:80/v1",
        "http://example.org:80/v1",
        "https://127.0.0.1:1/v1",
        "http://0.0.0.0:1/v1",
    ] {
        call(other, "other.jsonl", 2);
    }
    let moved = server(|_| http("302 Found", "Location: http://192.0.2.7/v1\r\n", ""));
    let endless = server(|_| http("200 OK", "", &"x".repeat(3 << 20)));
    let torn = server(|_| "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\": [".to_owned());
    let silly = server(|_| says("I cannot help with that."));
    let failing = server(|_| http("500 Internal Server Error", "", "{}"));
    for at in [moved, endless, torn, silly, failing, "http://127.0.0.1:1/v1".to_owned()] {
        let talk = call(&at, "other.jsonl", 1);
        assert!(talk.contains("gave no answer"), "{talk}");
    }
    assert!(!desk.path("other.jsonl").exists());
}
