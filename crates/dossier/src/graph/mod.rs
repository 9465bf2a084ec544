//! Graphs for programs that draw them: GEXF 1.3 (gexf.net), GraphML 1.0 (graphml.graphdrawing.org), and CSV.
//!
//! The hops between channels, and who is named with whom. The same dossier gives the same bytes.

mod hops;
mod people;

use std::fmt::Write as _;

pub use hops::{gexf, graphml, hops_csv};
pub use people::{Together, people_csv, people_gexf, people_graphml, together};

/// A value's name and its type in GraphML.
type Keys = &'static [(&'static str, &'static str)];

struct Vertex {
    id: String,
    label: String,
    /// From when on.
    start: Option<String>,
    values: Vec<(&'static str, String)>,
}

struct Edge {
    id: String,
    from: String,
    to: String,
    directed: bool,
    weight: usize,
    start: Option<String>,
    values: Vec<(&'static str, String)>,
}

struct Graph {
    id: &'static str,
    directed: bool,
    /// Nodes and edges have times.
    dynamic: bool,
    of_nodes: Keys,
    of_edges: Keys,
    nodes: Vec<Vertex>,
    edges: Vec<Edge>,
}

impl Graph {
    fn gexf(&self) -> String {
        let (edges, mode) = (
            if self.directed { "directed" } else { "undirected" },
            if self.dynamic { "mode=\"dynamic\" timeformat=\"dateTime\"" } else { "mode=\"static\"" },
        );
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
             <graph defaultedgetype=\"{edges}\" {mode}>\n"
        );
        for (of, keys) in [("node", self.of_nodes), ("edge", self.of_edges)] {
            let _ = writeln!(out, "<attributes class=\"{of}\" mode=\"static\">");
            for (id, kind) in keys {
                let kind = if *kind == "int" { "integer" } else { *kind };
                let _ = writeln!(out, "<attribute id=\"{id}\" title=\"{id}\" type=\"{kind}\"/>");
            }
            let _ = writeln!(out, "</attributes>");
        }
        let start = |start: &Option<String>| {
            start.as_ref().map(|start| format!(" start=\"{start}\"")).unwrap_or_default()
        };
        let value = |name: &str, value: &str| format!("<attvalue for=\"{name}\" value=\"{value}\"/>");
        out.push_str("<nodes>\n");
        for node in &self.nodes {
            let (id, label, start) = (safe(&node.id), safe(&node.label), start(&node.start));
            let _ = writeln!(out, "<node id=\"{id}\" label=\"{label}\"{start}>");
            out.push_str("<attvalues>\n");
            values(&mut out, &node.values, value);
            out.push_str("</attvalues>\n</node>\n");
        }
        out.push_str("</nodes>\n<edges>\n");
        for edge in &self.edges {
            let kind = if edge.directed { "directed" } else { "undirected" };
            let (id, from, to, start) =
                (safe(&edge.id), safe(&edge.from), safe(&edge.to), start(&edge.start));
            let weight = edge.weight;
            let _ = writeln!(
                out,
                "<edge id=\"{id}\" source=\"{from}\" target=\"{to}\" type=\"{kind}\" weight=\"{weight}\"{start}>"
            );
            out.push_str("<attvalues>\n");
            values(&mut out, &edge.values, value);
            out.push_str("</attvalues>\n</edge>\n");
        }
        out.push_str("</edges>\n</graph>\n</gexf>\n");
        out
    }

    fn graphml(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        );
        for (of, keys) in [("node", self.of_nodes), ("edge", self.of_edges)] {
            for (id, kind) in keys {
                let _ = writeln!(
                    out,
                    "<key id=\"{of}-{id}\" for=\"{of}\" attr.name=\"{id}\" attr.type=\"{kind}\"/>"
                );
            }
        }
        let edges = if self.directed { "directed" } else { "undirected" };
        let _ = writeln!(out, "<graph id=\"{}\" edgedefault=\"{edges}\">", self.id);
        for node in &self.nodes {
            let _ = writeln!(out, "<node id=\"{}\">", safe(&node.id));
            values(&mut out, &node.values, |name, value| format!("<data key=\"node-{name}\">{value}</data>"));
            out.push_str("</node>\n");
        }
        for edge in &self.edges {
            let (id, from, to) = (safe(&edge.id), safe(&edge.from), safe(&edge.to));
            let directed = edge.directed;
            let _ =
                writeln!(out, "<edge id=\"{id}\" source=\"{from}\" target=\"{to}\" directed=\"{directed}\">");
            values(&mut out, &edge.values, |name, value| format!("<data key=\"edge-{name}\">{value}</data>"));
            out.push_str("</edge>\n");
        }
        out.push_str("</graph>\n</graphml>\n");
        out
    }
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
