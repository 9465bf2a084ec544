use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Block, Briefing};
use crate::report::{POLICY, plain_words};

const STYLE: &str = "body{font:16px/1.5 'Liberation Sans',Arial,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111;background:#fff}\
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.6em;border-bottom:1px solid #bbb}\
blockquote{margin:1em 0 0;padding-left:.8em;border-left:3px solid #888}.notes{margin:.2em 0 0 1em;color:#444;font-size:.85em;overflow-wrap:anywhere}\
@media print{body{font-size:11pt;margin:0;max-width:none}section,.passage{break-inside:avoid}h2{break-after:avoid}@page{margin:20mm}}";

pub(super) fn html(briefing: &Briefing) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (plain_words(&briefing.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (plain_words(&briefing.title)) }
                @for block in &briefing.blocks { (told(block)) }
            }
        }
    };
    page.into_string()
}

fn told(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(text) => h2 { (plain_words(text)) },
            Block::Text(text) => p { (plain_words(text)) },
            Block::Passage { words, notes } => {
                div .passage {
                    blockquote { (plain_words(words)) }
                    div .notes { @for note in notes { div { (plain_words(note)) } } }
                }
            }
        }
    }
}
