use families::*;
fn main() {
    let f: Vec<String> = std::env::args().skip(1).collect();
    let get = |p: &str| features(&image::load_from_memory(&std::fs::read(p).unwrap()).unwrap().into_rgb8());
    let (a, b) = (get(&f[0]), get(&f[1]));
    let t = tie(&a, &b, None);
    println!("{:?}", t.as_ref().map(|t| (t.inliers.len(), t.pairs, t.pose, t.map)));
    if let Some(t) = t {
        let mut hist = [[0; 14]; 2];
        let mut rep = 0;
        for x in &a {
            let code = x.code.posed(t.pose);
            let (u, v) = t.map.apply((x.x.into(), x.y.into()));
            let mut best_true = 999;
            let mut best_false = 999;
            for y in &b {
                let d = code.distance(&y.code);
                let off = (u - f64::from(y.x)).hypot(v - f64::from(y.y));
                let s = t.map.area((x.x.into(), x.y.into())).sqrt() as f32 * x.scale / y.scale;
                if off < f64::from(y.scale) * 1.5 && s < 1.5 && s > 0.67 { best_true = best_true.min(d) } else if off > f64::from(y.scale) * 8.0 { best_false = best_false.min(d) }
            }
            if best_true < 999 { rep += 1; hist[0][(best_true / 8).min(13) as usize] += 1; }
            hist[1][(best_false / 8).min(13) as usize] += 1;
        }
        println!("repeat {rep} of {} {}\ntrue {:?}\nfalse {:?}", a.len(), b.len(), hist[0], hist[1]);
    }
}
