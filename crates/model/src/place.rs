//! Places in the material, and the one printed form of a citation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ItemId, PageId, PictureId, PostId};

/// A point in pixels of a page, origin top left, x to the right, y down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Four corners, clockwise from the top left one of what they enclose, in page pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The upright rectangle from `x`, `y`, `width` wide and `height` high.
    pub fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Self {
        let point = |x, y| Point { x, y };
        Quad([point(x, y), point(x + width, y), point(x + width, y + height), point(x, y + height)])
    }

    /// Its area in square pixels (shoelace formula).
    pub fn area(&self) -> f64 {
        let corners = &self.0;
        let twice: f64 = (0..4)
            .map(|k| {
                let (a, b) = (corners[k], corners[(k + 1) % 4]);
                a.x * b.y - b.x * a.y
            })
            .sum();
        twice.abs() / 2.0
    }
}

/// A run of bytes or characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first one, counted from 0.
    pub start: u64,
    /// How many.
    pub length: u64,
}

/// A place in the material where anyone can look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Citation {
    /// Bytes of an item.
    Bytes {
        /// The item.
        item: ItemId,
        /// The bytes.
        span: Span,
    },
    /// A region of a page.
    Region {
        /// The page.
        page: PageId,
        /// Where on it.
        quad: Quad,
    },
    /// Words read from a picture.
    Text {
        /// The picture.
        picture: PictureId,
        /// The characters of its reading.
        span: Span,
    },
    /// A post.
    Post(PostId),
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Citation::Bytes { item, span } => write!(f, "{item}@{}+{}", span.start, span.length),
            Citation::Region { page, quad } => {
                write!(f, "{page}#")?;
                for (n, corner) in quad.0.iter().enumerate() {
                    let comma = if n == 0 { "" } else { ";" };
                    write!(f, "{comma}{:.0},{:.0}", corner.x, corner.y)?;
                }
                Ok(())
            }
            Citation::Text { picture, span } => write!(f, "{picture}~{}+{}", span.start, span.length),
            Citation::Post(post) => write!(f, "{post}"),
        }
    }
}
