//! The table and the picture of how doubts hold.

use super::{Bin, EDGES};

/// Doubt and share of wrong words run from here to 1, both by their logarithm.
const LEAST: f64 = 0.001;
/// Left, top, right and bottom of the field, in the picture's units.
const FIELD: [f64; 4] = [84.0, 64.0, 604.0, 464.0];

/// The rows of the table: a bin each.
pub(super) fn table(bins: &[Bin]) -> String {
    let mut out = "doubt_from,doubt_to,words,wrong,mean_doubt,share_wrong,share_low,share_high\n".to_owned();
    let mut from = 0.0;
    for (bin, to) in bins.iter().zip(EDGES) {
        let (low, high) = interval(bin);
        if bin.words > 0 {
            out.push_str(&format!(
                "{from},{to},{},{},{:.5},{:.5},{low:.5},{high:.5}\n",
                bin.words,
                bin.bad,
                bin.said(),
                bin.wrong()
            ));
        }
        from = to;
    }
    out
}

/// Wilson's interval at 95 % for the share (E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", 1927).
fn interval(bin: &Bin) -> (f64, f64) {
    let (n, p, z) = (bin.words.max(1) as f64, bin.wrong(), 1.96f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

fn across(value: f64) -> f64 {
    FIELD[0] + (FIELD[2] - FIELD[0]) * (value.clamp(LEAST, 1.0) / LEAST).log10() / 3.0
}

fn down(value: f64) -> f64 {
    FIELD[3] - (FIELD[3] - FIELD[1]) * (value.clamp(LEAST, 1.0) / LEAST).log10() / 3.0
}

const STYLE: &str = "\
  :root { --ink: #1d1d1f; --faint: #6b6b70; --grid: #e3e3e6; --paper: #ffffff; --mark: #0b5cad; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ececf0; --faint: #a2a2a8; --grid: #36363b; --paper: #17171a; --mark: #6db3ff; }
  }
  .paper { fill: var(--paper); } .grid { stroke: var(--grid); } .axis { stroke: var(--faint); }
  .ideal { stroke: var(--faint); stroke-dasharray: 5 4; } .bar { stroke: var(--mark); stroke-width: 1.5; }
  .dot { fill: var(--mark); } text { fill: var(--ink); font: 13px system-ui, sans-serif; }
  .small { fill: var(--faint); font-size: 11px; } .title { font-size: 15px; font-weight: 600; }";

/// The plot: a dot a bin, its area by its words, with the interval of its share; the dashed line is a doubt that holds.
pub(super) fn picture(bins: &[Bin]) -> String {
    let words: usize = bins.iter().map(|bin| bin.words).sum();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 540\" role=\"img\" \
         aria-label=\"Of words at a doubt, the share that is wrong\">\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"paper\" width=\"640\" height=\"540\"/>\n\
         <text class=\"title\" x=\"84\" y=\"28\">Of words at a doubt, the share that is wrong</text>\n\
         <text class=\"small\" x=\"84\" y=\"47\">{words} words of leaks it was not fitted on; bars: 95 % \
         interval; dashed: said is found</text>\n"
    );
    let [left, top, right, bottom] = FIELD;
    for tick in [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0] {
        let (x, y) = (across(tick), down(tick));
        out.push_str(&format!(
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <line class=\"grid\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
             <text class=\"small\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"small\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            bottom + 18.0,
            percent(tick),
            left - 8.0,
            y + 4.0,
            percent(tick)
        ));
    }
    out.push_str(&format!(
        "<line class=\"ideal\" x1=\"{left}\" y1=\"{bottom}\" x2=\"{right}\" y2=\"{top}\"/>\n\
         <path class=\"axis\" fill=\"none\" d=\"M{left} {top}V{bottom}H{right}\"/>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">doubt said</text>\n\
         <text transform=\"translate(24 {:.1}) rotate(-90)\" text-anchor=\"middle\">share wrong</text>\n",
        (left + right) / 2.0,
        bottom + 44.0,
        (top + bottom) / 2.0
    ));
    for bin in bins.iter().filter(|bin| bin.words >= 20) {
        let ((low, high), x) = (interval(bin), across(bin.said()));
        let radius = 2.5 + (bin.words as f64).sqrt() / 18.0;
        out.push_str(&format!(
            "<line class=\"bar\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\
             <circle class=\"dot\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\"><title>{} words, said {:.4}, \
             wrong {:.4}</title></circle>\n",
            down(low),
            down(high),
            down(bin.wrong()),
            bin.words,
            bin.said(),
            bin.wrong()
        ));
    }
    out.push_str("</svg>\n");
    out
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}
