//! The views of the report one at a time, as the workbench shows them: the same rows, told by the same functions, with every id
//! and every section on a page of its own and every raster asked for when it is seen.
//!
//! Comes in: a case that is open, and for each view what of it is wanted. Goes out: markup to stand in a page. Invariant: as in
//! the report, received text is escaped and rasters are of our own making.

use std::collections::BTreeMap;

use case::{Case, Error};
use maud::Markup;
use model::{Noun as _, Post};
use self_cell::self_cell;
use texts::html;

mod grid;
mod held;
mod overview;

pub use grid::{Order, Wanted};

use crate::names::Names;
use crate::pager::Page;
use crate::report::book::{Book, Carrier, Sheet};
use crate::report::moved::Arrived;
use crate::report::page::{Laid, Pages};
use crate::report::places::Places;
use crate::report::thumbs::Thumbs;
use crate::report::views::Views;
use crate::report::{self, Chosen, Context, Shown, Sought};
use crate::told::{Dossier, Entity, EntityKind};

struct Told {
    dossier: Dossier,
    context: Context,
}

/// The account, indexed.
struct Index<'a> {
    book: Book<'a>,
    arrived: Arrived<'a>,
    grid: grid::Grid,
    /// Who is mentioned on each sheet.
    named: BTreeMap<&'a str, Vec<&'a Entity>>,
    /// Their spellings, by the place of each among the entities.
    names: Names<usize>,
    news: overview::News,
}

self_cell!(
    struct Held {
        owner: Told,
        #[covariant]
        dependent: Index,
    }
);

/// The account of a case, held in memory to be looked at.
pub struct Live {
    held: Held,
    whole: bool,
}

impl Live {
    /// That of a case as it is now.
    pub fn of(case: &Case) -> Result<Self, Error> {
        let (mut material, whole) = held::gather(case)?;
        let mut dossier = crate::tell(&material);
        dossier.counts.posts = case.derived().count(Post::KIND)?;
        material.posts = Vec::new();
        drop(material);
        Ok(Self::new(dossier, crate::context(case)?, whole))
    }

    /// That of an account as it is told; `whole` where it has every post.
    pub fn new(dossier: Dossier, context: Context, whole: bool) -> Self {
        let held = Held::new(Told { dossier, context }, |told| {
            let book = Book::of(&told.dossier, true);
            let arrived = Arrived::of(&told.dossier, &told.context.arrivals);
            let grid = grid::Grid::of(&book);
            let news = overview::News::of(&book, &arrived);
            Index { named: named(&told.dossier), names: names(&told.dossier), book, arrived, grid, news }
        });
        Self { held, whole }
    }

    /// The account itself. Where there are many posts it has only those that something refers to.
    pub fn dossier(&self) -> &Dossier {
        &self.held.borrow_owner().dossier
    }

    /// What is said of its making.
    pub fn context(&self) -> &Context {
        &self.held.borrow_owner().context
    }

    /// Whether every post is held.
    pub fn has_all_posts(&self) -> bool {
        self.whole
    }

    fn book(&self) -> &Book<'_> {
        &self.held.borrow_dependent().book
    }

    fn sheet_of(&self, family: &str) -> Option<&Sheet<'_>> {
        self.book().sheet(family)
    }

    /// A section of the report by its name; None where there is no such one, or it has a view of its own.
    pub fn section(&self, name: &str) -> Option<Markup> {
        use report::{chats, gaps, hops, said, sheets, silent, touched, troubles};
        let book = self.book();
        Some(match name {
            "hops" => hops::hops(book),
            "gaps" => gaps::gaps(book),
            "documents" => sheets::documents(book, &self.held.borrow_dependent().arrived),
            "said" => said::said(book),
            "mentioned" => said::mentioned(book),
            "touched" => touched::touched(book),
            "channels" => chats::channels(book),
            "unseen" => chats::unseen(book),
            "discrepancies" => silent::discrepancies(book),
            "problems" => troubles::problems(book),
            "method" => html! { (report::head::limits(book)) (troubles::method(book)) },
            "provenance" => troubles::provenance(self.context(), None),
            _ => return None,
        })
    }

    /// The counts, what is new, what is undecided.
    pub fn overview(&self) -> Markup {
        overview::overview(self.book(), &self.held.borrow_dependent().news)
    }

    /// Posts with pictures along time.
    pub fn timeline(&self, chosen: &Chosen) -> Markup {
        report::timeline::chosen_timeline(self.book(), chosen, self.whole)
    }

    /// What each channel had of a group of sheets, counted from 1: a page of the channels that had any.
    pub fn matrix(&self, group: usize, page: usize) -> (Markup, Page) {
        report::matrix::part(self.book(), group, page)
    }

    /// The groups of sheets that [`Self::matrix`] tells of, by the numbers of their sheets.
    pub fn groups(&self) -> Vec<String> {
        report::matrix::groups(self.book())
    }

    /// Sheets, those that are wanted, a page of them.
    pub fn sheets(&self, wanted: &Wanted) -> (Markup, Page) {
        grid::grid(self.book(), &self.held.borrow_dependent().grid, wanted)
    }

    /// Posts with pictures, those of a channel and those that show a sheet where they are named; a page of them.
    pub fn posts(&self, number: usize, channel: Option<&str>, family: Option<&str>) -> (Markup, Page) {
        let book = self.book();
        let wanted = |carrier: &&Carrier| {
            channel.is_none_or(|channel| carrier.post.channel == channel)
                && family.is_none_or(|family| carrier.carries.iter().any(|(own, _)| own.id == family))
        };
        let rows: Vec<&Carrier> = book.carriers.iter().filter(wanted).collect();
        let page = Page::of(number, rows.len());
        let rows = rows.get(page.rows()).unwrap_or_default();
        let list = html! { ol .log { @for (place, carrier) in rows.iter().enumerate() { (report::chats::logged(book, carrier, place)) } } };
        (list, page)
    }

    /// A sheet with all that is known of it; `two` are pictures of it to be laid on each other. None if there is no such sheet.
    pub fn sheet(&self, family: &str, two: Option<(&str, &str)>) -> Option<Markup> {
        let book = self.book();
        let sheet = self.sheet_of(family)?;
        let arrived = &self.held.borrow_dependent().arrived;
        let shown = Shown {
            thumbs: Thumbs::served(),
            places: Places::served(),
            views: Views::served(book, sheet, two),
            pages: Pages::elsewhere(),
            arrived,
        };
        Some(report::sheets::told(book, &shown, sheet, true))
    }

    /// A picture as a page, with what was found on it.
    pub fn page(
        &self,
        picture: &model::Picture,
        reading: Option<&model::Reading>,
        sought: &Sought,
    ) -> Markup {
        let source = format!("/raster/upright/{}", picture.id);
        report::page::page(self.book(), &Laid { source, picture, reading }, sought)
    }

    /// A picture's label, "3.2": the second picture of sheet 3.
    pub fn label(&self, picture: &str) -> &str {
        self.book().label(picture)
    }

    /// The number of a sheet.
    pub fn number(&self, family: &str) -> Option<usize> {
        Some(self.sheet_of(family)?.number)
    }

    /// The persons, bodies and countries that a sheet mentions.
    pub fn named_on(&self, family: &str) -> &[&Entity] {
        self.held.borrow_dependent().named.get(family).map_or(&[], Vec::as_slice)
    }

    /// The persons, bodies and countries whose spellings stand in a text.
    pub fn named_in(&self, text: &str) -> Vec<&Entity> {
        let places = self.held.borrow_dependent().names.within(text);
        places.into_iter().filter_map(|place| self.dossier().entities.get(place)).collect()
    }

    /// The id of the sheet with a number.
    pub fn by_number(&self, number: usize) -> Option<String> {
        let sheet = self.book().sheets.get(number.checked_sub(1)?)?;
        Some(sheet.family.id.clone())
    }

    /// The words of a sheet at a place of its text.
    pub fn words_of(&self, family: &str, cited: &crate::told::Cited) -> String {
        let text = self.sheet_of(family).and_then(|sheet| sheet.family.text.as_deref()).unwrap_or_default();
        text.chars().skip(cited.start as usize).take(cited.length as usize).collect()
    }

    /// A sheet's row of the account.
    pub fn family(&self, id: &str) -> Option<&crate::told::Family> {
        Some(self.sheet_of(id)?.family)
    }

    /// "sheet 3, version B"; None where the sheet has but one.
    pub fn version_name(&self, family: &str, version: &str) -> Option<String> {
        let sheet = self.sheet_of(family)?;
        let versions = report::differ::Versions::of(self.book(), sheet);
        Some(texts::filled(
            "sheet {n}, version {letter}",
            &[("n", &sheet.number), ("letter", &versions.letter_of(version)?)],
        ))
    }

    /// The number that a platform gave a post.
    pub fn post_words(&self, id: &str) -> Markup {
        html! { @if let Some(post) = self.book().post(id) { (report::shown::name(&post.native_id)) } }
    }

    /// An act in words.
    pub fn act_line(&self, act: &crate::told::Act) -> Markup {
        report::troubles::act_line(self.book(), act)
    }

    /// What analysts say of anything with an id.
    pub fn remarks_on(&self, id: &str) -> Markup {
        report::sheets::remarks_on(self.book(), id)
    }

    /// What the record says of a post beyond its words: what it answers, where it comes from, that it was edited or deleted.
    pub fn remarks_of(&self, post: &crate::told::Post) -> Markup {
        report::chats::remarks(self.book(), post)
    }

    /// The pictures of a sheet, in the order in which they are told.
    pub fn pictures(&self, family: &str) -> &[&str] {
        self.sheet_of(family).map_or(&[], |sheet| &sheet.pictures)
    }

    /// The row of the account that tells of a picture, a post, a channel or a file.
    pub fn picture(&self, id: &str) -> Option<&crate::told::Picture> {
        self.book().picture(id)
    }

    /// A channel.
    pub fn channel(&self, id: &str) -> Option<&crate::told::Channel> {
        self.book().channel(id)
    }

    /// A file.
    pub fn item(&self, id: &str) -> Option<&crate::told::Item> {
        self.book().item(id)
    }

    /// "post 7 in general by anon", as a link.
    pub fn post_link(&self, id: &str) -> Markup {
        report::sheets::post_link(self.book(), id)
    }

    /// "Sheet 3", as a link.
    pub fn sheet_link(&self, family: &str) -> Markup {
        html! {
            @match self.number(family) {
                Some(number) => a href=(self.book().to(family)) { "Sheet " (number) },
                None => { "a sheet that is not in this case" },
            }
        }
    }

    /// A picture's thumbnail, which leads to its page.
    pub fn thumbnail(&self, picture: &str) -> Markup {
        Thumbs::served().image(self.book(), picture)
    }
}

const PARTIES: [EntityKind; 3] = [EntityKind::Person, EntityKind::Body, EntityKind::Country];

fn names(dossier: &Dossier) -> Names<usize> {
    let parties = dossier.entities.iter().enumerate().filter(|(_, entity)| PARTIES.contains(&entity.kind));
    Names::of(parties.flat_map(|(n, entity)| entity.spellings.iter().map(move |spelling| (n, spelling))))
}

fn named(dossier: &Dossier) -> BTreeMap<&str, Vec<&Entity>> {
    let mut named: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for entity in dossier.entities.iter().filter(|entity| PARTIES.contains(&entity.kind)) {
        for family in &entity.families {
            named.entry(family).or_default().push(entity);
        }
    }
    named
}
