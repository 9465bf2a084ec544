use forge::{camera::*, damage::*, rng::Rng, shown::Shown, typeset::*};
fn main() {
    let mut n = 0;
    for (k, look) in Look::ALL.into_iter().enumerate() {
        let s = document(&mut Rng::new(70 + k as u64), look, 2);
        s[0].raster().save(format!("/tmp/l{k}a.png")).unwrap();
        if k < 4 {
            s[1].raster().save(format!("/tmp/l{k}b.png")).unwrap();
        }
        let mut rng = Rng::new(k as u64);
        let r = s[0].raster();
        let t = std::time::Instant::now();
        let shot = Shot::hurried(&mut rng, s[0].size);
        let p = photograph(&r, &shot, &mut rng);
        eprintln!("{:?} photo {:?} {:?} seen {}", look, shot.size, t.elapsed(), p.seen());
        p.image.save(format!("/tmp/p{k}.png")).unwrap();
        let f = if k % 2 == 0 { scan(&r, 150, &mut rng) } else { fax(&r, 1728, &mut rng) };
        f.image.save(format!("/tmp/f{k}.png")).unwrap();
        for _ in 0..3 {
            let said: Vec<String> = [
                "where did this come from",
                "my cousin has more",
                "read page two",
                "lol no way that is real",
                "send the rest",
            ]
            .map(String::from)
            .to_vec();
            let base = if n % 3 == 0 { Shown::born(&s[0]) } else { p.clone() };
            let d = Damage::any(&s[0], &said, &mut rng);
            let t = std::time::Instant::now();
            let x = apply(&base, &d, &mut rng);
            eprintln!("{} {:?} seen {:.3}", d.name(), t.elapsed(), x.seen());
            let mut im = x.image.clone();
            let q = x.outline().map(|p| (p.0 as f32, p.1 as f32));
            forge::ink::stroke(&mut im, &[q[0], q[1], q[2], q[3], q[0]], 4.0, [255, 0, 255], 1.0);
            im.save(format!("/tmp/d{n:02}.png")).unwrap();
            n += 1;
        }
        let before = &p;
        let e = forge::edit::propose(&s[0], 4, |b| before.shows(b), &mut rng);
        eprintln!("{e:?}");
        let a = forge::edit::altered(&s[0], &e);
        let painted = forge::edit::paint(&p, &a.raster(), &e);
        let q = p.homography.apply_box(e[0].area);
        let b = forge::geometry::bounds(&q);
        for (i, im) in [&p.image, &painted.image].into_iter().enumerate() {
            let c = image::imageops::crop_imm(
                im,
                (b[0] - 150.0).max(0.0) as u32,
                (b[1] - 60.0).max(0.0) as u32,
                400,
                160,
            )
            .to_image();
            c.save(format!("/tmp/e{k}{i}.png")).unwrap();
        }
    }
    receipt(&mut Rng::new(3)).save("/tmp/r.png").unwrap();
}
