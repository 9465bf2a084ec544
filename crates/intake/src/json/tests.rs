use std::collections::BTreeMap;
use std::io;

use model::Span;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::*;

/// Takes what lies `depth` steps down; keeps what it took and what was damaged.
struct Taker {
    depth: usize,
    taken: Vec<(String, Vec<u8>, Span)>,
    damaged: Vec<Span>,
}

impl Visitor for Taker {
    fn choose(&mut self, path: &[Step], first: u8) -> Choice {
        let container = matches!(first, b'{' | b'[');
        if path.len() < self.depth && container { Choice::Enter } else { Choice::Take }
    }
    fn value(&mut self, path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool> {
        let mended = mend(bytes).unwrap_or_default();
        if serde_json::from_slice::<Value>(bytes).is_err()
            && serde_json::from_slice::<Value>(&mended).is_err()
        {
            return Ok(false);
        }
        self.taken.push((pointer(path), bytes.to_vec(), span));
        Ok(true)
    }
    fn beginnings(&self, path: &[Step]) -> &'static [[&'static str; 2]] {
        if matches!(path, [.., messages, _] if messages.is("messages")) { &[["id", "type"]] } else { &[] }
    }
    fn damage(&mut self, span: Span, _why: &str) -> io::Result<()> {
        self.damaged.push(span);
        Ok(())
    }
}

fn pointer(path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(n) => format!("/{n}"),
        })
        .collect()
}

fn take(text: &[u8], depth: usize) -> (Outcome, Taker) {
    let mut taker = Taker { depth, taken: Vec::new(), damaged: Vec::new() };
    let outcome = walk(&mut &text[..], &mut taker).unwrap();
    (outcome, taker)
}

fn ids(taker: &Taker) -> Vec<u64> {
    let values = taker.taken.iter().filter_map(|(_, bytes, _)| serde_json::from_slice::<Value>(bytes).ok());
    values.filter_map(|value| value["id"].as_u64()).collect()
}

#[test]
fn a_bom_and_odd_spaces_do_not_matter() {
    let (outcome, taker) = take(b"\xEF\xBB\xBF \n{ \"a\" :\t[ 1 , {\"b\":\"}\\\"]\"} ] }  ", 2);
    assert_eq!(outcome, Outcome::Whole);
    let got: Vec<_> = taker.taken.iter().map(|(path, bytes, _)| (path.as_str(), bytes.as_slice())).collect();
    assert_eq!(got, [("/a/0", &b"1 "[..]), ("/a/1", b"{\"b\":\"}\\\"]\"}")]);
}

#[test]
fn a_value_that_spans_many_windows_is_whole() {
    let long = "x".repeat(3 << 20);
    let text = format!("{{\"a\":[{{\"id\":1,\"t\":\"{long}\"}},{{\"id\":2,\"t\":\"\\\\\"}}]}}");
    let (outcome, taker) = take(text.as_bytes(), 2);
    assert_eq!((outcome, ids(&taker)), (Outcome::Whole, vec![1, 2]));
    for (_, bytes, span) in &taker.taken {
        let start = span.start as usize;
        assert_eq!(&text.as_bytes()[start..start + span.length as usize], bytes.as_slice());
    }
}

#[test]
fn a_value_over_the_limit_is_passed_over() {
    let long = "x".repeat(MAX_VALUE + (1 << 20));
    let text = format!("[{{\"id\":1}},\"{long}\",{{\"id\":2}}]");
    let (outcome, taker) = take(text.as_bytes(), 1);
    assert_eq!((outcome, ids(&taker), taker.damaged.len()), (Outcome::Whole, vec![1, 2], 1));
}

#[test]
fn nesting_is_bounded() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let (outcome, taker) = take(format!("[{{\"id\":1}},{deep},{{\"id\":2}}]").as_bytes(), 1);
    assert_eq!((outcome, ids(&taker), taker.damaged.len()), (Outcome::Whole, vec![1, 2], 1));
    let (outcome, _) = take("[".repeat(100_000).as_bytes(), usize::MAX);
    assert!(matches!(outcome, Outcome::Truncated { .. }));
}

/// Ten messages, the fourth of them `broken`.
fn ten(broken: &str) -> String {
    let message = |n| {
        format!("{{\"id\": {n}, \"type\": \"m\", \"text\": \"t{n}\", \"list\": [{{\"id\": 1, \"url\": 2}}]}}")
    };
    let all: Vec<_> = (0..10).map(|n| if n == 3 { broken.to_owned() } else { message(n) }).collect();
    format!("{{\"messages\": [{}], \"count\": 10}}", all.join(",\n"))
}

#[test]
fn a_damaged_value_costs_itself_and_no_more() {
    for broken in [
        r#"{"id": 3, "type": "m", "text": "unclosed}"#,
        r#"{"id": 3, "type": "m", "list": [1, 2}"#,
        r#"{"id": 3, "type": "m", "list": [1, 2], "text": "no brace""#,
        r#"{"id": 3, "type": "m", "text": "quote " inside"}"#,
        "{\"id\": 3, \"type\": \"m\", \"text\": \"\0\0\0\0\"}",
        "\0\0\0\0\0\0",
        r#"{"id": 3, "type": }}"#,
    ] {
        let (_, taker) = take(ten(broken).as_bytes(), 2);
        let got: Vec<_> = ids(&taker).into_iter().filter(|n| *n != 3).collect();
        assert_eq!(got, [0, 1, 2, 4, 5, 6, 7, 8, 9], "{broken}");
        assert!(!taker.damaged.is_empty(), "{broken}");
    }
}

#[test]
fn a_hole_over_several_values_costs_those_it_touches() {
    let whole = ten("{\"id\": 3, \"type\": \"m\"}").into_bytes();
    for from in 20..whole.len() - 150 {
        let mut text = whole.clone();
        text[from..from + 100].fill(0);
        let (_, taker) = take(&text, 2);
        let got = ids(&taker);
        assert!(got.len() >= 6 && got.is_sorted(), "{from}: {got:?} {:?}", taker.damaged);
    }
}

#[test]
fn damage_everywhere_does_not_take_forever() {
    let start = std::time::Instant::now();
    for piece in [
        r#"{"id":1,"type":"m","text":"x},"#,
        r#"{"id":1,"type":"m","list":[1}},"#,
        r#"{"id":1,"type":{"#,
        "]}",
    ] {
        let text = format!("{{\"messages\":[{}", piece.repeat(200_000));
        take(text.as_bytes(), 2);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn damage_in_one_list_does_not_pull_in_the_next_ones_values() {
    let chat = |name: &str, tail: &str| {
        format!(
            "{{\"name\":\"{name}\",\"type\":\"c\",\"messages\":[{{\"id\":1,\"type\":\"m\",\"of\":\"{name}\"}}{tail}"
        )
    };
    let text = format!("[{},{},{}]", chat("a", "]}"), chat("b", ",{\"id\":2,\"type"), chat("c", "]}"));
    let (_, taker) = take(text.as_bytes(), 3);
    let of: BTreeMap<_, _> = taker
        .taken
        .iter()
        .filter(|(path, ..)| path.contains("messages"))
        .map(|(path, bytes, _)| (path.clone(), serde_json::from_slice::<Value>(bytes).unwrap()["of"].clone()))
        .collect();
    assert_eq!(of.get("/0/messages/0"), Some(&Value::from("a")));
    assert_eq!(of.get("/1/messages/0"), Some(&Value::from("b")));
    assert_eq!(of.get("/2/messages/0"), Some(&Value::from("c")));
    assert_eq!(of.len(), 3);
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[\\\\\"{}\\[\\],:]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\]{0,4}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(52), ..ProptestConfig::default() })]

    #[test]
    fn values_are_those_that_serde_finds(value in json(), depth in 0usize..4, pretty: bool) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let (outcome, taker) = take(&text, depth);
        prop_assert_eq!(outcome, Outcome::Whole);
        prop_assert!(taker.damaged.is_empty());
        for (path, bytes, span) in &taker.taken {
            let found: Value = serde_json::from_slice(bytes).unwrap();
            prop_assert_eq!(Some(&found), value.pointer(path));
            prop_assert_eq!(&text[span.start as usize..][..span.length as usize], bytes.as_slice());
        }
        let leaves = count(&value, depth);
        prop_assert_eq!(taker.taken.len(), leaves);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\1 n".to_vec())], 0..200), depth in 0usize..5) {
        take(&bytes, depth);
    }
}

fn count(value: &Value, depth: usize) -> usize {
    match value {
        Value::Array(list) if depth > 0 => list.iter().map(|v| count(v, depth - 1)).sum(),
        Value::Object(map) if depth > 0 => map.values().map(|v| count(v, depth - 1)).sum(),
        _ => 1,
    }
}
