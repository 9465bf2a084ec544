//! The fields of a form or of an address.

use jiff::{SignedDuration, Timestamp};
use model::Interval;

use crate::acts::Refusal;

/// Names and values in the order in which they came; a name may come more than once.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn of(encoded: &str) -> Self {
        Self(form_urlencoded::parse(encoded.as_bytes()).into_owned().collect())
    }

    /// The first value of a name, without white space around it; nothing where that is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// The first value of a name as it was sent, white space around it included.
    pub fn as_sent(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name that are not empty.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let own = self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.trim());
        own.filter(|value| !value.is_empty()).collect()
    }

    /// Yes or no, where one of them is given.
    pub fn is(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            "yes" | "on" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// A number from 1 on, 1 where none is given: of a page, or of a group.
    pub fn number(&self, name: &str) -> usize {
        self.get(name).and_then(|number| number.parse().ok()).unwrap_or(1)
    }

    /// An instant, as analysts write times (`case::deeds::time_utc`): the first that is meant, or the `last`.
    pub fn instant(&self, name: &str, last: bool) -> Result<Option<Timestamp>, Refusal> {
        self.get(name).map(|text| Ok(instant(case::deeds::time_utc(text)?, last))).transpose()
    }

    /// The same fields with one changed, as an address would have them; an empty value leaves it out.
    pub fn with(&self, name: &str, value: &str) -> String {
        let kept = self.0.iter().filter(|(own, value)| own != name && !value.is_empty());
        let mut to = form_urlencoded::Serializer::new(String::new());
        kept.for_each(|(own, value)| _ = to.append_pair(own, value));
        if !value.is_empty() {
            to.append_pair(name, value);
        }
        to.finish()
    }
}

/// The last second of a day, or of anything that is no instant, lasts until the next.
fn instant(meant: Interval, last: bool) -> Timestamp {
    let rest = SignedDuration::from_millis(if meant.earliest < meant.latest { 999 } else { 0 });
    if last { meant.latest.saturating_add(rest).unwrap_or(meant.latest) } else { meant.earliest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_changed_and_left_out() {
        let fields = Fields::of("q=a+b&id=1&id=2&page=3&empty=&yes=on");
        assert_eq!((fields.get("q"), fields.get("empty")), (Some("a b"), None));
        assert_eq!(
            (fields.all("id"), fields.number("page"), fields.is("yes")),
            (vec!["1", "2"], 3, Some(true))
        );
        assert_eq!(fields.with("page", "4"), "q=a+b&id=1&id=2&yes=on&page=4");
        assert_eq!(fields.with("id", ""), "q=a+b&page=3&yes=on");
    }

    #[test]
    fn instants_are_dates_and_times_of_day() {
        let of = |text: &str, last| {
            let fields = Fields(vec![("at".to_owned(), text.to_owned())]);
            fields.instant("at", last).map(|at| at.map(|at| at.to_string()).unwrap_or_default()).ok()
        };
        assert_eq!(of("2023-01-27", false).as_deref(), Some("2023-01-27T00:00:00Z"));
        assert_eq!(of("2023-01-27", true).as_deref(), Some("2023-01-27T23:59:59.999Z"));
        assert_eq!(of("2023-02", true).as_deref(), Some("2023-02-28T23:59:59.999Z"));
        assert_eq!(of("2023-01-27T13:05", false).as_deref(), Some("2023-01-27T13:05:00Z"));
        assert_eq!(of("2023-01-27T13:05", true).as_deref(), Some("2023-01-27T13:05:59.999Z"));
        assert_eq!(of("2023-01-27T13:05:01+02:00", false).as_deref(), Some("2023-01-27T11:05:01Z"));
        assert_eq!(of("2023-01-27T13:05:01.25Z", true).as_deref(), Some("2023-01-27T13:05:01.25Z"));
        assert_eq!(of("", true).as_deref(), Some(""));
        for unclear in ["soon", "10 Feb", "9999-99-99", "2023-13"] {
            assert_eq!(of(unclear, false), None, "{unclear}");
        }
    }
}
