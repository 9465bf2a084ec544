//! Words held against a sheet's text.

use statements::held;

use crate::reading::reading;

#[test]
fn only_what_stands_there_word_for_word_has_a_place() {
    let reading = reading("General Anna\nKeller met Keller's aide. Kellerman left.");
    let places = |words: &str| -> Vec<(u64, u64, usize)> {
        held(&reading, words).iter().map(|c| (c.span.start, c.span.length, c.spots.len())).collect()
    };
    assert_eq!(places("Anna Keller"), [(8, 11, 2)]);
    assert_eq!(places("Keller").len(), 2);
    for words in [
        "anna keller",
        "Anna",
        "Anna Kel",
        "Bruno",
        "",
        " ",
        "General Anna Keller met Keller's aide. Kellerman left. And more",
    ] {
        assert_eq!(held(&reading, words).is_empty(), words != "Anna", "{words}");
    }
}
