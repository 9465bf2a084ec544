//! The size of the letters on a sheet, from what is dark and hangs together.

use crate::plane::{Plane, quantile};

/// The usual height of a letter, in pixels; a guess from the sheet's width where nothing looks like letters.
pub(crate) fn height(ink: &Plane) -> f32 {
    let guess = ink.width as f32 * 0.0095;
    let mut heights: Vec<f32> = pieces(ink, 0.35)
        .into_iter()
        .map(|Piece { extent: [x0, y0, x1, y1], .. }| ((x1 - x0 + 1) as f32, (y1 - y0 + 1) as f32))
        .filter(|(w, h)| *h >= 5.0 && *h < 90.0 && *w >= 2.0 && *w < 3.0 * h)
        .map(|(_, h)| h)
        .collect();
    if heights.len() < 40 {
        return guess.max(6.0);
    }
    quantile(&mut heights, 0.5).clamp(0.4 * guess, 4.0 * guess).max(6.0)
}

/// A connected piece: its box, and how many pixels it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    pub extent: [usize; 4],
    pub pixels: usize,
}

/// Boxes `[left, top, right, bottom]` (inclusive) of the connected pieces darker than `level`, in reading order of their
/// first pixel.
pub(crate) fn pieces(plane: &Plane, level: f32) -> Vec<Piece> {
    let (w, h) = (plane.width, plane.height);
    let mut left: Vec<bool> = plane.data.iter().map(|v| *v > level).collect();
    let mut out = Vec::new();
    let mut stack = Vec::new();
    for start in 0..left.len() {
        if !left[start] {
            continue;
        }
        let mut extent = [w, h, 0, 0];
        let mut pixels = 0;
        left[start] = false;
        stack.push(start);
        while let Some(k) = stack.pop() {
            let (x, y) = (k % w, k / w);
            pixels += 1;
            extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
            for v in y.saturating_sub(1)..(y + 2).min(h) {
                for u in x.saturating_sub(1)..(x + 2).min(w) {
                    let next = v * w + u;
                    if left[next] {
                        left[next] = false;
                        stack.push(next);
                    }
                }
            }
        }
        out.push(Piece { extent, pixels });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_size_have_that_size() {
        let mut plane = Plane::new(900, 400);
        for row in 0..8 {
            for column in 0..40 {
                for y in 0..14 {
                    for x in 0..9 {
                        plane.data[(20 + row * 40 + y) * 900 + 20 + column * 20 + x] = 0.9;
                    }
                }
            }
        }
        assert_eq!(height(&plane), 14.0);
        assert_eq!(pieces(&plane, 0.5).len(), 320);
    }
}
