//! The hops between channels for programs that draw graphs: GEXF 1.3, GraphML 1.0, CSV with one row for each piece of evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::cells::row;
use crate::told::{Channel, Dossier, Hop, Post, Window};

/// GEXF (gexf.net): channels as nodes from their first picture on, hops as edges.
pub fn gexf(dossier: &Dossier) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
         <graph defaultedgetype=\"directed\" mode=\"dynamic\" timeformat=\"dateTime\">\n",
    );
    let _ = writeln!(out, "<attributes class=\"node\" mode=\"static\">");
    for (id, kind) in NODE {
        let _ = writeln!(out, "<attribute id=\"{id}\" title=\"{id}\" type=\"{}\"/>", gexf_type(kind));
    }
    let _ = writeln!(out, "</attributes>\n<attributes class=\"edge\" mode=\"static\">");
    for (id, kind) in EDGE {
        let _ = writeln!(out, "<attribute id=\"{id}\" title=\"{id}\" type=\"{}\"/>", gexf_type(kind));
    }
    let _ = writeln!(out, "</attributes>\n<nodes>");
    for node in nodes(dossier) {
        let start = node.first.map(|first| format!(" start=\"{}\"", first.earliest)).unwrap_or_default();
        let _ = writeln!(
            out,
            "<node id=\"{}\" label=\"{}\"{start}>",
            safe(&node.channel.id),
            safe(&node.channel.name)
        );
        out.push_str("<attvalues>\n");
        values(&mut out, &node.values(), |name, value| {
            format!("<attvalue for=\"{name}\" value=\"{value}\"/>")
        });
        let _ = writeln!(out, "</attvalues>\n</node>");
    }
    let _ = writeln!(out, "</nodes>\n<edges>");
    for hop in &dossier.hops {
        let kind = if hop.decided { "directed" } else { "undirected" };
        let start = hop.first.map(|first| format!(" start=\"{}\"", first.earliest)).unwrap_or_default();
        let (id, from, to) = (safe(&hop.id), safe(&hop.from), safe(&hop.to));
        let weight = hop.families.len().max(1);
        let _ = writeln!(
            out,
            "<edge id=\"{id}\" source=\"{from}\" target=\"{to}\" type=\"{kind}\" weight=\"{weight}\"{start}>"
        );
        out.push_str("<attvalues>\n");
        values(&mut out, &edge(hop), |name, value| format!("<attvalue for=\"{name}\" value=\"{value}\"/>"));
        let _ = writeln!(out, "</attvalues>\n</edge>");
    }
    out.push_str("</edges>\n</graph>\n</gexf>\n");
    out
}

fn gexf_type(kind: &str) -> &str {
    if kind == "int" { "integer" } else { kind }
}

/// GraphML (graphml.graphdrawing.org).
pub fn graphml(dossier: &Dossier) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (of, keys) in [("node", NODE), ("edge", EDGE)] {
        for (id, kind) in keys {
            let _ =
                writeln!(out, "<key id=\"{of}-{id}\" for=\"{of}\" attr.name=\"{id}\" attr.type=\"{kind}\"/>");
        }
    }
    out.push_str("<graph id=\"hops\" edgedefault=\"directed\">\n");
    for node in nodes(dossier) {
        let _ = writeln!(out, "<node id=\"{}\">", safe(&node.channel.id));
        values(&mut out, &node.values(), |name, value| format!("<data key=\"node-{name}\">{value}</data>"));
        let _ = writeln!(out, "</node>");
    }
    for hop in &dossier.hops {
        let (id, from, to) = (safe(&hop.id), safe(&hop.from), safe(&hop.to));
        let _ = writeln!(
            out,
            "<edge id=\"{id}\" source=\"{from}\" target=\"{to}\" directed=\"{}\">",
            hop.decided
        );
        values(&mut out, &edge(hop), |name, value| format!("<data key=\"edge-{name}\">{value}</data>"));
        let _ = writeln!(out, "</edge>");
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

/// One row for each piece of evidence of each hop, with a head.
pub fn hops_csv(dossier: &Dossier) -> String {
    let channels: BTreeMap<&str, &Channel> =
        dossier.channels.iter().map(|one| (one.id.as_str(), one)).collect();
    let posts: BTreeMap<&str, &Post> = dossier.posts.iter().map(|post| (post.id.as_str(), post)).collect();
    let mut out = String::new();
    row(&mut out, HEAD);
    for hop in &dossier.hops {
        for one in &hop.evidence {
            let mut cells = vec![hop.id.clone(), hop.decided.to_string()];
            for channel in [&hop.from, &hop.to] {
                let known = channels.get(channel.as_str());
                let of =
                    |get: fn(&Channel) -> &String| known.map(|known| get(known).clone()).unwrap_or_default();
                cells.extend([of(|c| &c.platform), of(|c| &c.native_id), of(|c| &c.name)]);
            }
            let tie = serde_json::to_value(one.tie).ok().and_then(|tie| tie.as_str().map(str::to_owned));
            cells.extend([tie.unwrap_or_default(), one.family.clone().unwrap_or_default()]);
            for post in [one.from.as_ref(), Some(&one.to)] {
                let known = post.and_then(|post| posts.get(post.as_str()));
                let when = known.and_then(|post| post.when);
                cells.push(post.cloned().unwrap_or_default());
                cells.push(known.map(|post| post.native_id.clone()).unwrap_or_default());
                cells.push(when.map(|when| when.earliest.to_string()).unwrap_or_default());
                cells.push(when.map(|when| when.latest.to_string()).unwrap_or_default());
            }
            row(&mut out, cells);
        }
    }
    out
}

const HEAD: [&str; 18] = [
    "hop",
    "direction_told",
    "from_platform",
    "from_channel",
    "from_name",
    "to_platform",
    "to_channel",
    "to_name",
    "evidence",
    "sheet",
    "from_post",
    "from_post_id",
    "from_earliest",
    "from_latest",
    "to_post",
    "to_post_id",
    "to_earliest",
    "to_latest",
];
const NODE: &[(&str, &str)] = &[
    ("name", "string"),
    ("platform", "string"),
    ("native_id", "string"),
    ("space", "string"),
    ("posts_with_pictures", "int"),
    ("sheets", "int"),
    ("first_earliest", "string"),
    ("first_latest", "string"),
];
const EDGE: &[(&str, &str)] = &[
    ("direction_told", "boolean"),
    ("sheets", "int"),
    ("evidence", "string"),
    ("first_earliest", "string"),
    ("first_latest", "string"),
];

/// A channel that carries pictures.
struct Node<'a> {
    channel: &'a Channel,
    posts: usize,
    sheets: usize,
    first: Option<Window>,
}

impl Node<'_> {
    fn values(&self) -> Vec<(&'static str, String)> {
        let channel = self.channel;
        let mut values = vec![
            ("name", channel.name.clone()),
            ("platform", channel.platform.clone()),
            ("native_id", channel.native_id.clone()),
            ("space", channel.space.clone().unwrap_or_default()),
            ("posts_with_pictures", self.posts.to_string()),
            ("sheets", self.sheets.to_string()),
        ];
        values.extend(times(self.first));
        values
    }
}

fn times(first: Option<Window>) -> Vec<(&'static str, String)> {
    first.map_or_else(Vec::new, |first| {
        vec![("first_earliest", first.earliest.to_string()), ("first_latest", first.latest.to_string())]
    })
}

fn nodes(dossier: &Dossier) -> Vec<Node<'_>> {
    let mut posts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for seen in dossier.families.iter().flat_map(|family| &family.appearances) {
        if let Some(channel) = &seen.channel {
            posts.entry(channel).or_default().insert(&seen.post);
        }
    }
    let named: BTreeSet<&str> =
        dossier.hops.iter().flat_map(|hop| [hop.from.as_str(), hop.to.as_str()]).collect();
    let of =
        |channel: &&Channel| posts.contains_key(channel.id.as_str()) || named.contains(channel.id.as_str());
    let node = |channel| {
        let cells: Vec<_> =
            dossier.matrix.iter().filter(|cell| &cell.channel == channel_id(channel)).collect();
        let first = cells
            .iter()
            .filter_map(|cell| cell.first)
            .reduce(|a, b| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.min(b.latest) });
        let count = posts.get(channel_id(channel).as_str()).map_or(0, BTreeSet::len);
        Node { channel, posts: count, sheets: cells.len(), first }
    };
    dossier.channels.iter().filter(of).map(node).collect()
}

fn channel_id(channel: &Channel) -> &String {
    &channel.id
}

fn edge(hop: &Hop) -> Vec<(&'static str, String)> {
    let mut ties: BTreeMap<crate::told::Tie, usize> = BTreeMap::new();
    for one in &hop.evidence {
        *ties.entry(one.tie).or_default() += 1;
    }
    let told: Vec<String> = ties.iter().map(|(tie, count)| format!("{count} × {}", tie.says())).collect();
    let mut values = vec![
        ("direction_told", hop.decided.to_string()),
        ("sheets", hop.families.len().to_string()),
        ("evidence", told.join("; ")),
    ];
    values.extend(times(hop.first));
    values
}

/// Values, each as an element of its own, escaped.
fn values(out: &mut String, values: &[(&'static str, String)], element: impl Fn(&str, &str) -> String) {
    for (name, value) in values {
        out.push_str(&element(name, &safe(value)));
        out.push('\n');
    }
}

/// Text for XML 1.0: what it cannot hold is left out, the rest is escaped.
fn safe(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(character),
        }
    }
    out
}
