use std::collections::BTreeMap;

use model::{AlterationId, FamilyId, PictureId, Placing, Post, PostId, Span};

use super::sorted;
use crate::material::Material;
use crate::told::{Quote, Quoted, QuotedBy, Side, Wording};

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
        differs: quote.differs.iter().map(wording).collect(),
    });
    sorted(rows, |quote| quote.id.clone())
}

fn wording(one: &model::Wording) -> Wording {
    Wording {
        start: one.span.start,
        length: one.span.length,
        sheet_start: one.there.start,
        sheet_length: one.there.length,
        kind: one.change.into(),
        says: some(&one.says),
        sheet_says: some(&one.sheet_says),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// For each altered place the quotes that have one of its readings, sorted by post and quote.
pub(super) fn quoted_by(material: &Material) -> BTreeMap<AlterationId, Vec<QuotedBy>> {
    let posts: BTreeMap<PostId, &str> =
        material.posts.iter().map(|post| (post.id, post.text.as_str())).collect();
    let placings: BTreeMap<PictureId, &Placing> =
        material.placings.iter().map(|placing| (placing.picture, placing)).collect();
    let mut quotes: BTreeMap<FamilyId, Vec<(&model::Quote, &str)>> = BTreeMap::new();
    for quote in &material.quotes {
        let Some(text) = posts.get(&quote.post) else { continue };
        for (family, _) in &quote.sheets {
            quotes.entry(*family).or_default().push((quote, text));
        }
    }
    let mut altered: BTreeMap<FamilyId, Vec<&model::Alteration>> = BTreeMap::new();
    for alteration in &material.alterations {
        altered.entry(alteration.family).or_default().push(alteration);
    }
    let mut by: BTreeMap<AlterationId, Vec<QuotedBy>> = BTreeMap::new();
    for sheet in &material.sheets {
        let Some((quotes, altered)) = quotes.get(&sheet.family).zip(altered.get(&sheet.family)) else {
            continue;
        };
        for one in spread::sides(sheet, altered, quotes, &placings) {
            by.entry(one.alteration).or_default().push(QuotedBy {
                post: one.post.to_string(),
                quote: one.quote.to_string(),
                side: if one.own { Side::Picture } else { Side::Against },
                says: some(&one.says),
            });
        }
    }
    by.values_mut().for_each(|rows| rows.sort_by(|a, b| (&a.post, &a.quote).cmp(&(&b.post, &b.quote))));
    by
}

fn cut(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.length as usize).collect()
}
