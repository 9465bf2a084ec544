//! Small systems of linear equations.

/// The weighted least-squares solution of `rows * x = target`, by the normal equations; zeros for what is not determined.
pub(crate) fn least_squares(rows: &[[f64; 8]], target: &[f64], weight: &[f64]) -> [f64; 8] {
    let mut m = [[0.0_f64; 9]; 8];
    for ((row, t), w) in rows.iter().zip(target).zip(weight) {
        for i in 0..8 {
            for j in 0..8 {
                m[i][j] += w * row[i] * row[j];
            }
            m[i][8] += w * row[i] * t;
        }
    }
    for (i, row) in m.iter_mut().enumerate() {
        row[i] += 1e-6;
    }
    for i in 0..8 {
        let pivot = (i..8).max_by(|a, b| m[*a][i].abs().total_cmp(&m[*b][i].abs())).unwrap_or(i);
        m.swap(i, pivot);
        let lead = m[i];
        if lead[i].abs() < 1e-12 {
            continue;
        }
        for (r, row) in m.iter_mut().enumerate() {
            if r != i {
                let f = row[i] / lead[i];
                row.iter_mut().zip(lead).for_each(|(v, l)| *v -= f * l);
            }
        }
    }
    std::array::from_fn(|i| if m[i][i].abs() < 1e-12 { 0.0 } else { m[i][8] / m[i][i] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let truth = [1.0, -2.0, 0.5, 3.0, 0.0, -1.0, 2.0, 0.25];
        let rows: Vec<[f64; 8]> =
            (0..40).map(|k| std::array::from_fn(|j| ((k * 7 + j * 13) % 17) as f64 / 17.0 - 0.4)).collect();
        let target: Vec<f64> = rows.iter().map(|r| r.iter().zip(truth).map(|(a, b)| a * b).sum()).collect();
        let found = least_squares(&rows, &target, &vec![1.0; 40]);
        assert!(found.iter().zip(truth).all(|(a, b)| (a - b).abs() < 1e-3), "{found:?}");
    }
}
