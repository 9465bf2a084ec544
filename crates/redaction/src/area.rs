use serde::{Deserialize, Serialize};

/// A rectangle of whole pixels, origin top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Area {
    /// The pixels that a rectangle with these sides touches, as far as they lie in a raster of `size`; none if none does.
    pub fn around(left: f64, top: f64, right: f64, bottom: f64, size: (u32, u32)) -> Option<Self> {
        let clip = |value: f64, most: u32| value.clamp(0.0, f64::from(most));
        let (left, right) = (clip(left.floor(), size.0), clip(right.ceil(), size.0));
        let (top, bottom) = (clip(top.floor(), size.1), clip(bottom.ceil(), size.1));
        // Comparing this way turns away numbers that are none.
        let some = right - left >= 1.0 && bottom - top >= 1.0;
        some.then_some(Self {
            x: left as u32,
            y: top as u32,
            width: (right - left) as u32,
            height: (bottom - top) as u32,
        })
    }

    /// One past its last column.
    pub fn right(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// One past its last row.
    pub fn bottom(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// Its part inside a raster of `size`; none if it lies outside.
    pub fn clipped(&self, size: (u32, u32)) -> Option<Self> {
        Self::around(
            f64::from(self.x),
            f64::from(self.y),
            f64::from(self.right()),
            f64::from(self.bottom()),
            size,
        )
    }

    /// The smallest one that holds both.
    pub fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// Whether the two overlap or lie nearer to each other than `gap` pixels.
    pub fn near(&self, other: &Self, gap: u32) -> bool {
        self.x < other.right().saturating_add(gap)
            && other.x < self.right().saturating_add(gap)
            && self.y < other.bottom().saturating_add(gap)
            && other.y < self.bottom().saturating_add(gap)
    }

    /// Grown outward to multiples of `step`, inside a raster of `size`.
    pub fn stepped(&self, step: u32, size: (u32, u32)) -> Self {
        let step = step.max(1);
        let (x, y) = (self.x / step * step, self.y / step * step);
        let right = self.right().div_ceil(step).saturating_mul(step).min(size.0);
        let bottom = self.bottom().div_ceil(step).saturating_mul(step).min(size.1);
        Self { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }
    }

    /// Without a border of `by` pixels; none if nothing is left.
    pub fn shrunk(&self, by: u32) -> Option<Self> {
        let (width, height) =
            (self.width.checked_sub(by.saturating_mul(2))?, self.height.checked_sub(by.saturating_mul(2))?);
        (width > 0 && height > 0).then_some(Self { x: self.x + by, y: self.y + by, width, height })
    }

    /// The same place on a raster of another size.
    pub fn scaled(&self, from: (u32, u32), to: (u32, u32)) -> Option<Self> {
        let (sx, sy) =
            (f64::from(to.0) / f64::from(from.0.max(1)), f64::from(to.1) / f64::from(from.1.max(1)));
        Self::around(
            f64::from(self.x) * sx,
            f64::from(self.y) * sy,
            f64::from(self.right()) * sx,
            f64::from(self.bottom()) * sy,
            to,
        )
    }

    /// In square pixels.
    pub fn size(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_stay_inside_and_hold_what_they_hold() {
        assert_eq!(Area::around(f64::NAN, 0.0, 5.0, 5.0, (9, 9)), None);
        assert_eq!(Area::around(20.0, 0.0, 25.0, 5.0, (9, 9)), None);
        let area = Area::around(3.4, 2.0, 7.2, 99.0, (9, 9)).unwrap();
        assert_eq!(area, Area { x: 3, y: 2, width: 5, height: 7 });
        assert_eq!(area.stepped(8, (9, 9)), Area { x: 0, y: 0, width: 8, height: 9 });
        assert!(area.near(&Area { x: 9, y: 2, width: 2, height: 2 }, 2));
        assert!(!area.near(&Area { x: 10, y: 2, width: 2, height: 2 }, 2));
        assert_eq!(area.shrunk(3), None);
        let most = Area { x: u32::MAX, y: 0, width: u32::MAX, height: 1 };
        assert_eq!(most.clipped((9, 9)), None);
    }
}
