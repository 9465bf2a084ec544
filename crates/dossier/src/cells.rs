//! Rows of comma-separated values (RFC 4180) that no spreadsheet takes for a formula (OWASP, "CSV Injection").

/// Adds a row, each cell quoted where it must be.
pub fn row<T: AsRef<str>>(out: &mut String, cells: impl IntoIterator<Item = T>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        put(out, cell.as_ref());
    }
    out.push_str("\r\n");
}

fn put(out: &mut String, cell: &str) {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n']);
    let guarded = if formula { format!("'{cell}") } else { cell.to_owned() };
    if guarded.contains(['"', ',', '\n', '\r', ';', '\t', '\'']) || guarded.starts_with(' ') {
        out.push('"');
        out.push_str(&guarded.replace('\0', "").replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&guarded.replace('\0', ""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_row() {
        let mut out = String::new();
        row(&mut out, ["plain", "=1+1", " @x", "a,b", "say \"x\"\n=2", "-3", "\t=4"]);
        assert_eq!(out, "plain,\"'=1+1\",\"' @x\",\"a,b\",\"say \"\"x\"\"\n=2\",\"'-3\",\"'\t=4\"\r\n");
    }
}
