use std::collections::BTreeMap;

use model::{Post, PostId, Span};

use super::sorted;
use crate::material::Material;
use crate::told::{Quote, Quoted};

pub(super) fn quotes(material: &Material) -> Vec<Quote> {
    let posts: BTreeMap<PostId, &Post> = material.posts.iter().map(|post| (post.id, post)).collect();
    let rows = material.quotes.iter().map(|quote| Quote {
        id: quote.id.to_string(),
        post: quote.post.to_string(),
        text: posts.get(&quote.post).map_or("", |post| cut(&post.text, quote.span)).to_owned(),
        sheets: quote
            .sheets
            .iter()
            .map(|(family, span)| {
                let sheet = material.sheets.iter().find(|sheet| sheet.family == *family);
                Quoted {
                    family: family.to_string(),
                    text: sheet.map_or("", |sheet| cut(&sheet.text, *span)).to_owned(),
                }
            })
            .collect(),
        same: quote.same,
        words: quote.words,
        of: quote.of,
    });
    sorted(rows, |quote| quote.id.clone())
}

fn cut(text: &str, span: Span) -> &str {
    let start = span.start as usize;
    text.get(start..start.saturating_add(span.length as usize)).unwrap_or("")
}
