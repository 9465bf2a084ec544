//! What lies over a picture: words that can be selected, and marks of what was found where.

use maud::Markup;
use model::{Picture, Point, Quad, Reading};
use pages::Homography;
use texts::html;

use super::found::Layer;
use crate::report::shown::plain;

/// How far a mark stands outside what it marks, in pixels of the upright raster.
const OUTSIDE: f64 = 5.0;

/// From places on the page to places on the upright raster, whose size it knows.
pub(super) struct Frame {
    onto: Homography,
    /// What the names of its marks begin with.
    named: String,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// None where the picture has no map. The names of its marks begin with `named`.
    pub fn of(picture: &Picture, named: &str) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = picture.to_page;
        let onto = Homography([[a, b, c], [d, e, f], [g, h, i]]).inverse()?;
        let (width, height) = (f64::from(picture.size.0.max(1)), f64::from(picture.size.1.max(1)));
        Some(Self { onto, named: named.to_owned(), width, height })
    }

    /// The name of a mark of a layer.
    pub fn name(&self, class: &str, n: usize) -> String {
        format!("{}{class}-{n}", self.named)
    }

    fn corners(&self, quad: &Quad) -> [Point; 4] {
        quad.0.map(|corner| self.onto.apply(corner))
    }

    /// The upright rectangle around a place: left, top, width, height.
    pub fn around(&self, quad: &Quad) -> String {
        let corners = self.corners(quad);
        let ends = |of: fn(&Point) -> f64| {
            let values = corners.iter().map(of);
            (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
        };
        let ((left, right), (top, bottom)) = (ends(|point| point.x), ends(|point| point.y));
        format!("{left:.0},{top:.0},{:.0},{:.0}", right - left, bottom - top)
    }

    /// The corners as an SVG polygon has them, a little outside the letters.
    pub fn points(&self, quad: &Quad) -> String {
        let corners = self.corners(quad);
        let middle = |of: fn(&Point) -> f64| corners.iter().map(of).sum::<f64>() / 4.0;
        let (x, y) = (middle(|point| point.x), middle(|point| point.y));
        let away = |at: f64, from: f64| at + (at - from).signum() * OUTSIDE;
        let corner = |point: &Point| format!("{:.1},{:.1}", away(point.x, x), away(point.y, y));
        corners.iter().map(corner).collect::<Vec<_>>().join(" ")
    }
}

/// A layer of marked places, each with what it says and a name by which a note lights it up.
pub(super) fn marks(frame: &Frame, layer: &Layer) -> Markup {
    let class = layer.class;
    html! {
        g class={ "layer of-" (class) } {
            @for (n, (quad, says)) in layer.marks.iter().enumerate() {
                polygon id=(frame.name(class, n)) class=(class) points=(frame.points(quad)) { title { (plain(says, 200)) } }
            }
        }
    }
}

/// The words as text that can be selected, each over its place.
pub(super) fn words(frame: &Frame, reading: &Reading) -> Markup {
    html! {
        g .layer.of-word {
            @for word in &reading.words {
                @let [a, b, c, _] = frame.corners(&word.quad);
                @let (wide, high) = ((b.x - a.x).hypot(b.y - a.y), (c.x - b.x).hypot(c.y - b.y));
                @let turn = (b.y - a.y).atan2(b.x - a.x).to_degrees();
                text .word x="0" y="0" font-size=(round(high)) textLength=(round(wide)) lengthAdjust="spacingAndGlyphs"
                    transform={ "translate(" (round(a.x - (b.y - a.y) / wide.max(1.0) * high * 0.8)) " " (round(a.y + (b.x - a.x) / wide.max(1.0) * high * 0.8)) ") rotate(" (round(turn)) ")" } {
                    (plain(&word.text, 200)) " "
                }
            }
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
