//! The fields of a form or of an address.

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

    /// An instant: RFC 3339, or a date with or without a time of day, in UTC. A `last` is the end of what is named.
    pub fn instant(&self, name: &str, last: bool) -> Option<jiff::Timestamp> {
        instant(self.get(name)?, last)
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

fn instant(text: &str, last: bool) -> Option<jiff::Timestamp> {
    use jiff::civil::{Date, DateTime};
    use jiff::tz::Offset;
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at);
    }
    if let (10, Ok(date)) = (text.len(), text.parse::<Date>()) {
        let at = if last { date.at(23, 59, 59, 999_000_000) } else { date.at(0, 0, 0, 0) };
        return Offset::UTC.to_timestamp(at).ok();
    }
    Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()
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
        let of = |text: &str, last| instant(text, last).map(|at| at.to_string());
        assert_eq!(of("2023-01-27", false).as_deref(), Some("2023-01-27T00:00:00Z"));
        assert_eq!(of("2023-01-27", true).as_deref(), Some("2023-01-27T23:59:59.999Z"));
        assert_eq!(of("2023-01-27T13:05", true).as_deref(), Some("2023-01-27T13:05:00Z"));
        assert_eq!(of("2023-01-27T13:05:01+02:00", false).as_deref(), Some("2023-01-27T11:05:01Z"));
        assert_eq!(of("soon", false), None);
    }
}
