//! What the workbench holds of a case in memory: the account, without the posts that nothing refers to where there are many.

use std::collections::BTreeSet;

use case::{Case, Error};
use impact::Rules;
use model::{Noun as _, Post, PostId};

use crate::material::{Material, affected, without_posts};

/// Up to so many posts are held whole. Of more, only those that carry a picture or that something refers to.
const WHOLE: u64 = 100_000;

/// The material of a case for one who looks at it, and whether it has all posts.
pub(super) fn gather(case: &Case) -> Result<(Material, bool), Error> {
    let material = without_posts(case)?;
    let affected = affected(case, &material, Rules::shipped())?;
    let whole = case.derived().count(Post::KIND)? <= WHOLE;
    let posts = if whole { case.derived().all()? } else { referred(case, &material)? };
    Ok((Material { posts, affected, ..material }, whole))
}

/// The posts that carry pictures, quote a sheet, lack a file, or stand as a reason; and those they answer.
fn referred(case: &Case, material: &Material) -> Result<Vec<Post>, Error> {
    let cited = |cited: &model::Citation| match cited {
        model::Citation::Post(post) => Some(*post),
        _ => None,
    };
    let mut wanted: BTreeSet<PostId> = material.appearances.iter().map(|seen| seen.post).collect();
    wanted.extend(material.quotes.iter().map(|quote| quote.post));
    wanted.extend(
        material.attachments.iter().filter(|file| !crate::counts::is_held(file.state)).map(|file| file.post),
    );
    wanted.extend(material.discrepancies.iter().map(|differs| differs.post));
    wanted
        .extend(material.gaps.iter().flat_map(|gap| &gap.reasons).filter_map(|reason| cited(&reason.cited)));
    for evidence in material.hops.iter().flat_map(|hop| &hop.evidence) {
        wanted.insert(evidence.to);
        wanted.extend(evidence.from);
    }
    let mut posts = Vec::with_capacity(wanted.len());
    for post in wanted {
        posts.extend(case.derived().get::<Post>(post)?);
    }
    Ok(posts)
}
