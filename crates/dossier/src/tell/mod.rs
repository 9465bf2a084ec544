//! Material to dossier: look-ups, sorting, printed ids; nothing is computed that an engine has not said.

use std::collections::BTreeMap;

use model::{ChannelId, PostId};

use crate::counts::counts;
use crate::material::Material;
use crate::method::method;
use crate::told::{CaseName, Cell, Dossier, Problem, SCHEMA, Time, Window};

mod chat;
pub use chat::post;
mod parties;
mod quotes;
mod sheets;
mod speech;
mod spread;
mod stuff;

/// The account of the material. The order of its vectors does not matter.
pub fn tell(material: &Material) -> Dossier {
    let stand: BTreeMap<PostId, ChannelId> =
        material.posts.iter().map(|post| (post.id, post.channel)).collect();
    let firsts = spread::firsts(material);
    Dossier {
        schema: SCHEMA.to_owned(),
        case: CaseName { name: material.name.clone(), purpose: material.purpose.clone() },
        counts: counts(material),
        items: stuff::items(material),
        pictures: stuff::pictures(material),
        families: sheets::families(material, &stand),
        exposures: sheets::exposures(material),
        documents: sheets::documents(material),
        matches: sheets::matches(material),
        contrasts: sheets::contrasts(material),
        alterations: sheets::alterations(material),
        acts: stuff::acts(material),
        versions: sheets::versions(material, &firsts),
        derivations: sheets::derivations(material),
        statements: speech::statements(material),
        events: speech::events(material),
        subjects: speech::subjects(material),
        entities: speech::entities(material),
        mentions: speech::mentions(material),
        parties: parties::parties(material, &stand),
        quotes: quotes::quotes(material),
        channels: chat::channels(material),
        accounts: chat::accounts(material),
        posts: chat::posts(material),
        unseen: chat::unseen(material, &stand),
        matrix: matrix(material, &stand),
        relations: spread::relations(material, &stand),
        hops: spread::hops(material),
        gaps: spread::gaps(material),
        firsts,
        zone_choices: spread::zone_choices(material),
        reach: spread::reach(material, &stand),
        discrepancies: spread::discrepancies(material),
        problems: problems(material),
        method: method(),
    }
}

fn matrix(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<Cell> {
    ::spread::matrix(&material.appearances, &|post| stand.get(&post).copied())
        .into_iter()
        .map(|cell| Cell {
            channel: cell.channel.to_string(),
            family: cell.family.to_string(),
            posts: cell.posts,
            first: cell.first.map(window),
        })
        .collect()
}

fn problems(material: &Material) -> Vec<Problem> {
    let mut problems: Vec<Problem> = material
        .problems
        .iter()
        .map(|problem| Problem {
            id: problem.id.to_string(),
            about: problem.about.clone(),
            code: problem.code.slug().to_owned(),
            number: problem.code as u16,
            level: problem.code.level().into(),
            says: problem.code.says().to_owned(),
            detail: problem.detail.clone(),
            way_out: problem.code.way_out().to_owned(),
        })
        .collect();
    problems.sort_by(|a, b| {
        let place = |p: &Problem| (p.number, p.about.clone(), p.detail.clone());
        place(a).cmp(&place(b))
    });
    problems
}

fn window(interval: model::Interval) -> Window {
    Window { earliest: interval.earliest, latest: interval.latest }
}

fn time(when: &model::When) -> Time {
    Time {
        verbatim: when.verbatim.clone(),
        window: window(when.interval),
        clock: when.clock.into(),
        zone: when.zone.into(),
    }
}

/// Each time once, the earliest first.
fn times(when: &[model::When]) -> Vec<Time> {
    let mut times: Vec<Time> = when.iter().map(time).collect();
    times.sort_by(|a, b| {
        let key = |t: &Time| (t.window.earliest, t.window.latest, t.clock, t.zone);
        key(a).cmp(&key(b)).then_with(|| a.verbatim.cmp(&b.verbatim))
    });
    times.dedup();
    times
}

/// Rows sorted by what `key` says of them.
fn sorted<T, K: Ord>(rows: impl Iterator<Item = T>, key: impl FnMut(&T) -> K) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_key(key);
    rows
}

fn printed<T: std::fmt::Display>(ids: &[T]) -> Vec<String> {
    let mut printed: Vec<String> = ids.iter().map(T::to_string).collect();
    printed.sort_unstable();
    printed
}
