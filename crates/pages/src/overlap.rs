//! What two convex outlines have in common (Sutherland & Hodgman 1974).

use model::{Point, Quad};

/// The area that two convex quads with corners clockwise on a raster have in common.
pub(crate) fn shared(a: &Quad, b: &Quad) -> f64 {
    let mut left: Vec<Point> = a.0.to_vec();
    for k in 0..4 {
        left = cut(&left, b.0[k], b.0[(k + 1) % 4]);
    }
    let cross = |p: &Point, q: &Point| p.x * q.y - q.x * p.y;
    let turns = left.iter().zip(left.iter().cycle().skip(1)).map(|(p, q)| cross(p, q));
    (turns.sum::<f64>() / 2.0).max(0.0)
}

/// What lies to the right of the line from `from` to `to`, as one looks along it on a raster.
fn cut(corners: &[Point], from: Point, to: Point) -> Vec<Point> {
    let side = |p: &Point| (to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x);
    let mut out = Vec::with_capacity(corners.len() + 1);
    for (p, q) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let (a, b) = (side(p), side(q));
        if a >= 0.0 {
            out.push(*p);
        }
        if (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0) {
            let t = a / (a - b);
            out.push(Point { x: p.x + (q.x - p.x) * t, y: p.y + (q.y - p.y) * t });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_share_their_corner() {
        let a = Quad::rectangle(0.0, 0.0, 10.0, 10.0);
        let b = Quad::rectangle(6.0, 7.0, 10.0, 10.0);
        assert!((shared(&a, &b) - 12.0).abs() < 1e-9);
        assert!((shared(&a, &a) - 100.0).abs() < 1e-9);
        assert!(shared(&a, &Quad::rectangle(20.0, 0.0, 5.0, 5.0)) < 1e-9);
    }
}
