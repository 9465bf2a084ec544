//! A large case made of a small one: every noun that was derived, many times over under other ids, and posts without pictures
//! beside those that carry them. What a workbench has to hold is so as large as wanted, and as varied as the small case.

use std::path::Path;

use case::{Case, Derived, Finished, Rows};
use model::{
    Account, Alteration, Appearance, Attachment, Blob, Channel, Contrast, Derivation, Digest, Document,
    Entity, Event, Exposure, Family, FamilyReading, First, Gap, Hasher, Hop, Id as _, Item, Match, Mention,
    Noun, Page, Picture, Placing, Post, PostId, Quote, Reading, RunId, Statement, Subject, Version,
};

use crate::measure::Result;

/// How large a case is to be, at least.
pub(crate) struct Size {
    pub pictures: u64,
    pub posts: u64,
}

/// Makes the large case in `folder`, which must be missing, of the small one; gives what it came to.
pub(crate) fn large(small: &Path, folder: &Path, size: &Size) -> Result<Size> {
    let source = Case::open(small).map_err(words)?;
    let target = Case::create(folder, "large", "a case to be measured", "xtask").map_err(words)?;
    let held = source.derived().count(Picture::KIND).map_err(words)?.max(1);
    let copies = size.pictures.div_ceil(held);
    for copy in 0..copies {
        let rows = copied(&source, copy)?;
        keep(&target, &format!("copy {copy}"), rows)?;
    }
    let have = target.derived().count(Post::KIND).map_err(words)?;
    if have < size.posts {
        fill(&source, &target, copies, size.posts - have)?;
    }
    made(&source, &target)?;
    let count = |kind| target.derived().count(kind).map_err(words);
    Ok(Size { pictures: count(Picture::KIND)?, posts: count(Post::KIND)? })
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn keep(target: &Case, input: &str, rows: Rows) -> Result<()> {
    let mut material = Hasher::new("large");
    material.text(input);
    let run = Finished {
        id: RunId::make(|id| _ = id.text("large").text(input)),
        stage: "large".to_owned(),
        input: input.to_owned(),
        material: material.finish(),
    };
    target.derived().keep(&run, rows).map_err(words)
}

/// All nouns once more, under ids of their own.
fn copied(source: &Case, copy: u64) -> Result<Rows> {
    let mut rows = Rows::default();
    let derived = source.derived();
    for item in source.ground().items().map_err(words)? {
        let body = serde_json::to_string(&item).map_err(words)?;
        put::<Item>(&mut rows, &body, copy)?;
    }
    macro_rules! all {
        ($($noun:ty),*) => { $( each::<$noun>(derived, &mut rows, copy)?; )* };
    }
    all!(
        Item,
        Blob,
        Channel,
        Account,
        Post,
        Attachment,
        Page,
        Picture,
        Placing,
        Reading,
        FamilyReading,
        Match,
        Contrast,
        Family,
        Exposure,
        Mention,
        Entity,
        Subject,
        Event,
        Statement,
        Version,
        Alteration,
        Derivation,
        Document,
        Quote,
        Appearance,
        First,
        Hop,
        Gap
    );
    Ok(rows)
}

fn each<T: Noun>(derived: &Derived, rows: &mut Rows, copy: u64) -> Result<()> {
    let mut failed = None;
    derived
        .each_body(T::KIND, |body| {
            if let Err(error) = put::<T>(rows, body, copy) {
                failed.get_or_insert(error);
            }
            Ok(())
        })
        .map_err(words)?;
    failed.map_or(Ok(()), Err)
}

fn put<T: Noun>(rows: &mut Rows, body: &str, copy: u64) -> Result<()> {
    let renamed = renamed(body, copy);
    rows.put(&serde_json::from_str::<T>(&renamed).map_err(words)?).map_err(words)
}

/// A body with every id, and every digest of received bytes, changed the same way.
fn renamed(body: &str, copy: u64) -> String {
    if copy == 0 {
        return body.to_owned();
    }
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = next(rest) {
        let (before, digits) = rest.split_at(at);
        let (digits, after) = digits.split_at(64);
        out.push_str(before);
        let mut hasher = Hasher::new("copy");
        hasher.text(digits).number(copy);
        out.push_str(&Digest::from(hasher.finish()).to_string());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where 64 digits stand that are an id or the digest of received bytes; those of rasters of our own stay what they are.
fn next(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find([':', '"']).map(|at| from + at + 1) {
        let digits = text.as_bytes().get(at..at + 64);
        let is_hex = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let named = |name: &str| text[..at].ends_with(&format!("\"{name}\":\""));
        if is_hex && (text[..at].ends_with(':') || named("blob") || named("digest")) {
            return Some(at);
        }
        from = at;
    }
    None
}

/// Posts without pictures, some for each channel of each copy.
fn fill(source: &Case, target: &Case, copies: u64, wanted: u64) -> Result<()> {
    let mut posts: Vec<Post> = source.derived().all().map_err(words)?;
    posts.retain(|post| !post.text.is_empty());
    if posts.is_empty() {
        return Err("the small case has no post with words".to_owned());
    }
    let each = wanted.div_ceil(copies);
    for copy in 0..copies {
        let mut rows = Rows::default();
        for n in 0..each.min(wanted.saturating_sub(copy * each)) {
            let post = &posts[n as usize % posts.len()];
            let body = serde_json::to_string(post).map_err(words)?;
            let mut post: Post = serde_json::from_str(&renamed(&body, copy)).map_err(words)?;
            post.native_id = format!("{}{n}", post.native_id);
            post.id = PostId::make(|id| _ = id.id(post.channel).text(&post.native_id).number(n));
            post.attached.clear();
            for when in &mut post.posted {
                let later = jiff::SignedDuration::from_secs(37 * n as i64 % 8_000_000);
                when.interval.earliest = when.interval.earliest.checked_add(later).map_err(words)?;
                when.interval.latest = when.interval.latest.checked_add(later).map_err(words)?;
            }
            rows.put(&post).map_err(words)?;
        }
        keep(target, &format!("posts {copy}"), rows)?;
    }
    Ok(())
}

/// The rasters, which all copies share.
fn made(source: &Case, target: &Case) -> Result<()> {
    let mut digests: Vec<Digest> = Vec::new();
    source
        .derived()
        .each(|page: Page| {
            digests.extend([page.proxy]);
            Ok(())
        })
        .map_err(words)?;
    source
        .derived()
        .each(|picture: Picture| {
            digests.extend([picture.upright]);
            Ok(())
        })
        .map_err(words)?;
    for digest in digests {
        let bytes = source.made().read(digest).map_err(words)?;
        target.made().put(&mut bytes.as_slice(), false).map_err(words)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_change_and_rasters_stay() {
        let digits = "ab".repeat(32);
        let body = format!(
            r#"{{"id":"pic:{digits}","blob":"{digits}","upright":"{digits}","list":["fam:{digits}"]}}"#
        );
        assert_eq!(renamed(&body, 0), body);
        let changed = renamed(&body, 1);
        assert!(
            changed.contains(&format!(r#""upright":"{digits}""#)) && changed.matches(&digits).count() == 1
        );
        assert_eq!(changed.len(), body.len());
        assert_ne!(renamed(&body, 2), changed);
    }
}
