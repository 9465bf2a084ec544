/// How far a format tells something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// Never.
    No,
    /// In some versions, or for some posts.
    Partly,
    /// Always.
    Yes,
}

impl Tell {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Tell::No => "no",
            Tell::Partly => "partly",
            Tell::Yes => "yes",
        }
    }
}

/// What a format can and cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// The platform's own ids of posts.
    pub ids: Tell,
    /// The platform's own ids of authors, not their names alone.
    pub accounts: Tell,
    /// When a post was made, as an instant: with a zone, or as a number.
    pub zone: Tell,
    /// Which post is answered.
    pub replies: Tell,
    /// That a post was forwarded, and from where.
    pub forwards: Tell,
    /// That a post was edited.
    pub edits: Tell,
    /// That a post was deleted.
    pub deletions: Tell,
    /// The files that a post carries.
    pub files: Tell,
}

impl Abilities {
    /// Each ability with its name, in the order of a table.
    pub fn each(&self) -> [(&'static str, Tell); 8] {
        [
            ("ids", self.ids),
            ("accounts", self.accounts),
            ("zone", self.zone),
            ("replies", self.replies),
            ("forwards", self.forwards),
            ("edits", self.edits),
            ("deletions", self.deletions),
            ("files", self.files),
        ]
    }

    /// In the order of `each`.
    pub(super) const fn of(tells: [Tell; 8]) -> Self {
        let [ids, accounts, zone, replies, forwards, edits, deletions, files] = tells;
        Self { ids, accounts, zone, replies, forwards, edits, deletions, files }
    }
}
