use serde::{Deserialize, Serialize};

use crate::{AppearanceId, Digest, FamilyId, Id, Interval, ItemId, MatchId, Measure, PictureId, PostId};

/// What a picture is found again by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Of this picture.
    pub picture: PictureId,
    /// PDQ, 256 bits as 64 hexadecimal digits (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ
    /// image-hashing algorithm", 2019).
    pub pdq: String,
    /// PDQ's quality, 0 to 100: how much structure the picture has.
    pub quality: u8,
    /// How many places were found by which the picture can be found again.
    pub places: u32,
    /// The places, packed, among the made files.
    pub features: Digest,
}

/// Two pictures that may show one sheet: to be held against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// That of the match it may become.
    pub id: MatchId,
    /// The one with the smaller id.
    pub a: PictureId,
    /// The other.
    pub b: PictureId,
    /// Quarter turns clockwise by which `a` lies on `b`.
    pub turns: u8,
    /// Light and dark change places.
    pub negative: bool,
}

/// Where two pictures that lie on each other agree and where not, cell by cell, on one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// The picture on which the cells are squares.
    pub on: PictureId,
    /// Where the first cell begins, in pixels of that picture's page; origin at the top left corner of the top left pixel.
    pub left: f64,
    /// Likewise, from the top.
    pub top: f64,
    /// Side of a cell, in pixels of that picture's page.
    pub side: f64,
    /// Row by row, a letter a cell: `s` the same ink, `u` ink in both that is unclear, `o` other ink, `1` ink in one only,
    /// `.` none.
    pub rows: Vec<String>,
}

/// Two pictures that lie on each other and say other things: two sheets of one form, or a sheet and its next edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// That of the match it did not become.
    pub id: MatchId,
    /// The one with the smaller id.
    pub a: PictureId,
    /// The other.
    pub b: PictureId,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
    /// Where they agree and where not.
    #[serde(default)]
    pub cells: Option<Cells>,
}

/// Why two pictures are held to show one sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Every pixel is the same.
    SamePixels,
    /// Places of one lie where a map puts them on the other, and the ink agrees cell by cell.
    SameLook,
}

/// Two pictures held against each other and found to show one sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Made of both pictures.
    pub id: MatchId,
    /// The one with the smaller id.
    pub a: PictureId,
    /// The other.
    pub b: PictureId,
    /// Why.
    pub ground: Ground,
    /// The numbers it rests on.
    pub measures: Vec<Measure>,
    /// The projective map, row by row, from pixels of the page of `a` to pixels of the page of `b`; origin at the top
    /// left corner of the top left pixel.
    #[serde(default)]
    pub homography: Option<[f64; 9]>,
    /// Where they agree and where not.
    #[serde(default)]
    pub cells: Option<Cells>,
}

impl Match {
    /// The id of what is found of two pictures, `a` the one with the smaller id.
    pub fn id_of(a: PictureId, b: PictureId) -> MatchId {
        MatchId::make(|id| {
            id.id(a).id(b);
        })
    }

    /// A match of two pictures, whichever is named first.
    pub fn new(one: PictureId, other: PictureId, ground: Ground, measures: Vec<Measure>) -> Self {
        let (a, b) = if one <= other { (one, other) } else { (other, one) };
        let id = Self::id_of(a, b);
        Self { id, a, b, ground, measures, homography: None, cells: None }
    }
}

/// All pictures of one leaked sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Made of its pictures.
    pub id: FamilyId,
    /// Sorted by id.
    pub pictures: Vec<PictureId>,
    /// The one that shows most: the largest visible area in pixels.
    pub best: PictureId,
}

impl Family {
    /// The family of these pictures.
    pub fn new(mut pictures: Vec<PictureId>, best: PictureId) -> Self {
        pictures.sort_unstable();
        let id = FamilyId::make(|id| {
            for picture in &pictures {
                id.id(*picture);
            }
        });
        Self { id, pictures, best }
    }
}

/// A picture in a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appearance {
    /// Made of post, item and picture.
    pub id: AppearanceId,
    /// The family of the picture.
    pub family: FamilyId,
    /// What was seen.
    pub picture: PictureId,
    /// The file it was seen in.
    pub item: ItemId,
    /// Where.
    pub post: PostId,
    /// When, by the narrowest clock the post has.
    pub when: Option<Interval>,
}

/// What a first appearance rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A post that was observed, earlier than every other by its clock.
    ObservedPost,
    /// Several posts whose intervals overlap: which was first is undecided.
    OverlappingPosts,
    /// Posts, none of which tells when.
    UndatedPosts,
    /// No post holds it.
    NotPosted,
}

/// When and where a family was first seen, as far as the material goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// Of this family.
    pub family: FamilyId,
    /// The post, where one came before every other.
    pub post: Option<PostId>,
    /// The posts that can have been the first, sorted by earliest instant.
    pub candidates: Vec<PostId>,
    /// From the earliest to the latest instant at which the first appearance can have been.
    pub interval: Option<Interval>,
    /// What this rests on.
    pub basis: Basis,
}
