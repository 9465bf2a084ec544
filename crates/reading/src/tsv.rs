//! Tesseract's table (TSV): one row a word.
//!
//! Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.

/// A word as Tesseract saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Without spaces at its ends; never empty.
    pub text: String,
    /// In pixels of the raster given.
    pub left: i32,
    /// In pixels of the raster given.
    pub top: i32,
    /// At least 1.
    pub width: i32,
    /// At least 1.
    pub height: i32,
    /// Tesseract's own, 0 to 100.
    pub confidence: f64,
    /// Block, paragraph and line, each counted from 1.
    pub line: (u32, u32, u32),
}

/// The words of each page begun in the table, at most `most` pages. Rows that make no sense are passed over.
pub(crate) fn pages(table: &str, most: usize) -> Vec<Vec<Seen>> {
    let mut pages: Vec<Vec<Seen>> = Vec::new();
    for row in table.lines() {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let Some(page) = cells.get(1).and_then(|cell| cell.parse::<usize>().ok()) else {
            continue;
        };
        if page == 0 || page > most {
            continue;
        }
        if pages.len() < page {
            pages.resize(page, Vec::new());
        }
        if cells.first() == Some(&"5") {
            pages[page - 1].extend(word(&cells));
        }
    }
    pages
}

fn word(cells: &[&str]) -> Option<Seen> {
    let number = |n: usize| cells.get(n).and_then(|cell| cell.parse::<i32>().ok());
    let text = cells.get(11)?.trim();
    if text.is_empty() {
        return None;
    }
    Some(Seen {
        text: text.split_whitespace().collect(),
        left: number(6)?.clamp(0, 1 << 16),
        top: number(7)?.clamp(0, 1 << 16),
        width: number(8)?.clamp(1, 1 << 16),
        height: number(9)?.clamp(1, 1 << 16),
        confidence: cells.get(10)?.parse::<f64>().ok().filter(|c| c.is_finite())?.clamp(0.0, 100.0),
        line: (number(2)?.max(0) as u32, number(3)?.max(0) as u32, number(4)?.max(0) as u32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_words() {
        let table = "level\tpage_num\tblock\n1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n\
            5\t1\t1\t1\t2\t1\t36\t92\t60\t24\t96.5\tThe\n5\t1\t1\t1\t2\t2\t1\t1\t1\t1\t95\t \n\
            1\t2\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n5\t2\t1\t1\t1\t1\tx\t92\t60\t24\t96.5\tbad\n5\t2\t1";
        let read = pages(table, 2);
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].len(), read[1].len()), (1, 0));
        assert_eq!((read[0][0].text.as_str(), read[0][0].left, read[0][0].line), ("The", 36, (1, 1, 2)));
        assert!(pages("", 3).is_empty() && pages("5\t9\t", 3).is_empty());
    }
}
