use std::collections::BTreeMap;

use model::{FamilyId, Post, PostId, Span};

use super::sorted;
use crate::material::Material;
use crate::told::{Quote, Quoted};

pub(super) fn quotes(material: &Material) -> Vec<Quote> {
    let posts: BTreeMap<PostId, &Post> = material.posts.iter().map(|post| (post.id, post)).collect();
    let texts: BTreeMap<FamilyId, &str> =
        material.sheets.iter().map(|sheet| (sheet.family, sheet.text.as_str())).collect();
    let rows = material.quotes.iter().map(|quote| Quote {
        id: quote.id.to_string(),
        post: quote.post.to_string(),
        text: posts.get(&quote.post).map_or_else(String::new, |post| cut(&post.text, quote.span)),
        sheets: quote
            .sheets
            .iter()
            .map(|(family, span)| Quoted {
                family: family.to_string(),
                text: texts.get(family).map_or_else(String::new, |text| cut(text, *span)),
            })
            .collect(),
        same: quote.same,
        words: quote.words,
        of: quote.of,
    });
    sorted(rows, |quote| quote.id.clone())
}

fn cut(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.length as usize).collect()
}
