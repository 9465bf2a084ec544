use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Derived};
use model::{
    Account, Act, Alteration, Appearance, Attachment, Blob, Channel, Contrast, Derivation, Digest,
    Discrepancy, Document, Entity, Event, Exposure, Family, FamilyId, FamilyReading, First, Gap, Hop, Item,
    ItemId, Match, Mention, Noun as _, Page, PageId, Picture, Placing, Post, Problem, Quote, Reading,
    Statement, Subject, Version,
};

use impact::{Affected, Gathering, Given, Rules};

use crate::bare;
use crate::counts::counts;
use crate::told::Counts;

/// The nouns a dossier is told from. Their order does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// The case's name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Arrivals, those found inside other items included.
    pub items: Vec<Item>,
    /// What is known of their bytes.
    pub blobs: Vec<Blob>,
    /// Surfaces of the items; the places of words in text layers are not needed and may be empty.
    pub pages: Vec<Page>,
    /// Sheets seen on the pages.
    pub pictures: Vec<Picture>,
    /// What was read on each picture; the words themselves are not needed and may be empty.
    pub readings: Vec<Reading>,
    /// What the pictures of each sheet say together; its words are needed where posts quote it and its pictures differ.
    pub sheets: Vec<FamilyReading>,
    /// Pictures that say the same.
    pub versions: Vec<Version>,
    /// Places at which pictures of one sheet differ.
    pub alterations: Vec<Alteration>,
    /// Which picture was made from which.
    pub derivations: Vec<Derivation>,
    /// What analysts did, in the order in which they did it.
    pub acts: Vec<Act>,
    /// Pairs of pictures that show one sheet.
    pub matches: Vec<Match>,
    /// Pairs of pictures that show two sheets that look alike.
    pub contrasts: Vec<Contrast>,
    /// How pictures lie on the view of their sheet.
    pub placings: Vec<Placing>,
    /// Pictures of one sheet by the photograph they go back to.
    pub exposures: Vec<Exposure>,
    /// Sheets that may belong together.
    pub documents: Vec<Document>,
    /// Names in the texts of sheets.
    pub mentions: Vec<Mention>,
    /// What bears them.
    pub entities: Vec<Entity>,
    /// Who is reported to have said what to whom.
    pub statements: Vec<Statement>,
    /// What sheets say happened.
    pub events: Vec<Event>,
    /// What sheets are about.
    pub subjects: Vec<Subject>,
    /// Whom the sheets touch, and which harm rules propose.
    pub affected: Vec<Affected>,
    /// Pictures by sheet.
    pub families: Vec<Family>,
    /// Where posts stand.
    pub channels: Vec<Channel>,
    /// Who posted.
    pub accounts: Vec<Account>,
    /// The posts, merged over all exports.
    pub posts: Vec<Post>,
    /// The files they carry.
    pub attachments: Vec<Attachment>,
    /// Words of posts that stand on sheets.
    pub quotes: Vec<Quote>,
    /// Pictures in posts.
    pub appearances: Vec<Appearance>,
    /// First appearances, one for each family.
    pub firsts: Vec<First>,
    /// How sheets may have gone from channel to channel.
    pub hops: Vec<Hop>,
    /// What must have existed and nobody holds.
    pub gaps: Vec<Gap>,
    /// What two exports tell differently.
    pub discrepancies: Vec<Discrepancy>,
    /// What could not be received or read.
    pub problems: Vec<Problem>,
}

/// Everything a dossier needs of a case, sorted by id.
pub fn gather(case: &Case) -> Result<Material, case::Error> {
    gather_by(case, Rules::shipped())
}

/// The same, with harms proposed by these rules.
pub fn gather_by(case: &Case, rules: &Rules) -> Result<Material, case::Error> {
    let material = without_posts(case)?;
    let affected = affected(case, &material, rules)?;
    Ok(Material { posts: case.derived().all()?, affected, ..material })
}

/// Whom the sheets touch; one sheet's words are held at a time.
pub(crate) fn affected(
    case: &Case,
    material: &Material,
    rules: &Rules,
) -> Result<Vec<Affected>, case::Error> {
    let Material { mentions, entities, statements, .. } = material;
    let mut gathering = Gathering::new(&Given { mentions, entities, statements }, rules);
    case.derived().each(|sheet: FamilyReading| {
        gathering.sheet(&sheet);
        Ok(())
    })?;
    Ok(gathering.done())
}

/// What was counted, without holding every post.
pub fn counted(case: &Case) -> Result<Counts, case::Error> {
    Ok(Counts { posts: case.derived().count(Post::KIND)?, ..counts(&without_posts(case)?) })
}

pub(crate) fn without_posts(case: &Case) -> Result<Material, case::Error> {
    let derived = case.derived();
    let mut items: BTreeMap<ItemId, Item> = BTreeMap::new();
    for item in case.ground().items()?.into_iter().chain(derived.all()?) {
        items.entry(item.id).or_insert(item);
    }
    let (quotes, alterations): (Vec<Quote>, Vec<Alteration>) = (derived.all()?, derived.all()?);
    // Nearly all the bytes of a case: side by side.
    let (readings, sheets) =
        rayon::join(|| bare::readings(derived), || sheets(derived, &quotes, &alterations));
    let mut problems = case.ground().refused()?;
    problems.extend(derived.problems()?);
    problems.sort_by_key(|problem| problem.id);
    problems.dedup_by_key(|problem| problem.id);
    Ok(Material {
        name: case.info().name.clone(),
        purpose: case.info().purpose.clone(),
        items: items.into_values().collect(),
        blobs: derived.all()?,
        pages: bare::pages(derived)?,
        pictures: derived.all()?,
        readings: readings?,
        sheets: sheets?,
        versions: derived.all()?,
        alterations,
        derivations: derived.all()?,
        acts: case.ground().acts()?,
        matches: derived.all()?,
        contrasts: derived.all()?,
        placings: derived.all()?,
        exposures: derived.all()?,
        documents: derived.all()?,
        mentions: derived.all()?,
        entities: derived.all()?,
        statements: derived.all()?,
        events: derived.all()?,
        subjects: derived.all()?,
        affected: Vec::new(),
        families: derived.all()?,
        channels: derived.all()?,
        accounts: derived.all()?,
        posts: Vec::new(),
        attachments: derived.all()?,
        quotes,
        appearances: derived.all()?,
        firsts: derived.all()?,
        hops: derived.all()?,
        gaps: derived.all()?,
        discrepancies: derived.all()?,
        problems,
    })
}

/// The readings of sheets, with words where posts quote a sheet and its pictures differ.
fn sheets(
    derived: &Derived,
    quotes: &[Quote],
    alterations: &[Alteration],
) -> Result<Vec<FamilyReading>, case::Error> {
    let quoted: BTreeSet<FamilyId> =
        quotes.iter().flat_map(|quote| &quote.sheets).map(|(family, _)| *family).collect();
    let altered: BTreeSet<FamilyId> = alterations.iter().map(|alteration| alteration.family).collect();
    bare::sheets(derived, |family| quoted.contains(&family) && altered.contains(&family))
}

impl Material {
    /// The pages by id.
    pub(crate) fn page_of(&self) -> BTreeMap<PageId, &Page> {
        self.pages.iter().map(|page| (page.id, page)).collect()
    }

    /// The items with the same bytes, sorted by id.
    pub(crate) fn holders(&self) -> BTreeMap<Digest, Vec<ItemId>> {
        let mut holders: BTreeMap<Digest, Vec<ItemId>> = BTreeMap::new();
        for item in &self.items {
            holders.entry(item.blob).or_default().push(item.id);
        }
        holders.values_mut().for_each(|items| items.sort_unstable());
        holders
    }
}
