//! The hops between channels: as a graph, and as CSV with one row for each piece of evidence.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Graph, Vertex};
use crate::cells::row;
use crate::told::{Channel, Dossier, Hop, Post, Window};

/// The hops as GEXF: channels as nodes from their first picture on.
pub fn gexf(dossier: &Dossier) -> String {
    graph(dossier).gexf()
}

/// The hops as GraphML.
pub fn graphml(dossier: &Dossier) -> String {
    graph(dossier).graphml()
}

fn graph(dossier: &Dossier) -> Graph {
    let nodes = nodes(dossier).into_iter().map(|node| Vertex {
        id: node.channel.id.clone(),
        label: node.channel.name.clone(),
        start: node.first.map(|first| first.earliest.to_string()),
        values: node.values(),
    });
    let edges = dossier.hops.iter().map(|hop| Edge {
        id: hop.id.clone(),
        from: hop.from.clone(),
        to: hop.to.clone(),
        directed: hop.decided,
        weight: hop.families.len().max(1),
        start: hop.first.map(|first| first.earliest.to_string()),
        values: edge(hop),
    });
    Graph {
        id: "hops",
        directed: true,
        dynamic: true,
        of_nodes: NODE,
        of_edges: EDGE,
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
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
