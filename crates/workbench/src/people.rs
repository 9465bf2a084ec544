use std::fmt;

use crate::Error;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Look and search.
    Reader,
    /// Act too.
    Analyst,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reader => "reader",
            Self::Analyst => "analyst",
        })
    }
}

/// Somebody who may come in, by a key that holds until the server stops.
#[derive(Clone)]
pub struct Person {
    /// As it stands under acts.
    pub name: String,
    /// What they may do.
    pub role: Role,
    key: String,
}

impl Person {
    /// With a key that nobody has had before.
    pub fn new(name: &str, role: Role) -> Result<Self, Error> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(|error| Error::Machine(error.to_string()))?;
        let key = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { name: name.to_owned(), role, key })
    }

    /// The address by which they come in.
    pub(crate) fn entry(&self, port: u16) -> String {
        format!("http://127.0.0.1:{port}/enter?key={}", self.key)
    }

    /// The key itself, for the cookie.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether a key is theirs, in a time that does not tell how much of it is right.
    pub(crate) fn has(&self, key: &str) -> bool {
        let (own, other) = (self.key.as_bytes(), key.as_bytes());
        own.len() == other.len() && own.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }

    pub(crate) fn may_act(&self) -> bool {
        self.role == Role::Analyst
    }
}

impl fmt::Debug for Person {
    /// Without the key, which is to stand in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_only_the_whole_one_opens() {
        let (one, two) = (Person::new("A", Role::Reader).unwrap(), Person::new("A", Role::Reader).unwrap());
        assert!(one.has(one.key()) && !one.has(two.key()) && !one.has(&one.key()[1..]) && !one.has(""));
        assert_eq!(format!("{one:?}"), "A (reader)");
    }
}
