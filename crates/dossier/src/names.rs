//! Names in running text: whose spellings stand in a post.

use aho_corasick::AhoCorasick;

/// Spellings, each of somebody.
pub struct Names<T> {
    /// None where there are more than an automaton holds; nobody is found then.
    spellings: Option<AhoCorasick>,
    whose: Vec<T>,
}

impl<T: Copy + Ord> Names<T> {
    /// Of whom each spelling is; those without a letter or a digit name nobody.
    pub fn of<S: AsRef<str>>(spelled: impl IntoIterator<Item = (T, S)>) -> Self {
        let spelled = spelled.into_iter().map(|(whose, spelling)| (whose, spelling.as_ref().to_lowercase()));
        let (whose, words): (Vec<T>, Vec<String>) =
            spelled.filter(|(_, words)| words.chars().any(char::is_alphanumeric)).unzip();
        Self { spellings: AhoCorasick::new(&words).ok(), whose }
    }

    /// Whose spellings stand in a text as whole words, each once, in small letters or in great ones.
    pub fn within(&self, text: &str) -> Vec<T> {
        let text = text.to_lowercase();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let whole = |from: usize, to: usize| {
            !inside(text[..from].chars().next_back()) && !inside(text[to..].chars().next())
        };
        let found = self.spellings.iter().flat_map(|all| all.find_overlapping_iter(&text));
        let found = found.filter(|found| whole(found.start(), found.end()));
        let mut found: Vec<T> =
            found.filter_map(|found| self.whose.get(found.pattern().as_usize()).copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_each_once() {
        let names =
            Names::of([(1, "Ann"), (1, "Ann Lee"), (2, "Planning Office"), (3, "Škoda"), (4, "."), (4, "")]);
        assert_eq!(names.within("ANN LEE of the planning office, says Ann."), [1, 2]);
        assert_eq!(names.within("planning, announced"), [0; 0]);
        assert_eq!(names.within("ŠKODA."), [3]);
        assert_eq!(names.within("škodas. . ."), [0; 0]);
        assert_eq!(Names::<u8>::of([(1, "")]).within("a"), [0; 0]);
    }
}
