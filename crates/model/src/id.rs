//! Content-made ids: SHA-256 over length-prefixed fields, printed `kind:hex`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;

/// Feeds fields to SHA-256 so that no two different sequences of fields collide by concatenation.
#[derive(Clone)]
pub struct Hasher(sha2::Sha256);

impl Hasher {
    /// A hasher for one purpose; `domain` keeps ids of different kinds apart.
    pub fn new(domain: &str) -> Self {
        let mut hasher = Self(sha2::Sha256::new());
        hasher.text(domain);
        hasher
    }

    /// Adds a byte field.
    pub fn bytes(&mut self, field: &[u8]) -> &mut Self {
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field);
        self
    }

    /// Adds a text field.
    pub fn text(&mut self, field: &str) -> &mut Self {
        self.bytes(field.as_bytes())
    }

    /// Adds a number.
    pub fn number(&mut self, field: u64) -> &mut Self {
        self.bytes(&field.to_be_bytes())
    }

    /// Adds another id or digest.
    pub fn id(&mut self, field: impl Into<[u8; 32]>) -> &mut Self {
        self.bytes(&field.into())
    }

    /// The 32 bytes of SHA-256 over all fields so far.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// What every id type can do.
pub trait Id: Copy + Ord + fmt::Display + FromStr + From<[u8; 32]> + Into<[u8; 32]> {
    /// The word before the colon.
    const PREFIX: &'static str;

    /// The id of what `fields` describe.
    fn make(fields: impl FnOnce(&mut Hasher)) -> Self {
        let mut hasher = Hasher::new(Self::PREFIX);
        fields(&mut hasher);
        Self::from(hasher.finish())
    }

    /// The printed id cut to eight digits, as people quote it.
    fn short(&self) -> String {
        let whole = self.to_string();
        whole[..(Self::PREFIX.len() + 9).min(whole.len())].to_owned()
    }
}

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError(pub String);

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not an id (expected a word, a colon and 64 hexadecimal digits)", self.0)
    }
}

impl std::error::Error for IdError {}

fn hex(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = (pair[0] as char).to_digit(16)?;
        let low = (pair[1] as char).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    Some(bytes)
}

macro_rules! newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }
        }
        impl From<$name> for [u8; 32] {
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

newtype! {
    /// SHA-256 of some bytes; printed as 64 hexadecimal digits without a prefix.
    Digest
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The first eight hexadecimal digits.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl FromStr for Digest {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        unhex(text).map(Self).ok_or_else(|| IdError(text.to_owned()))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        newtype! { $(#[$doc])* $name }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, ":"))?;
                hex(&self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, ":"))
                    .and_then(unhex)
                    .map(Self)
                    .ok_or_else(|| IdError(text.to_owned()))
            }
        }
    )+};
}

ids! {
    /// Pictures that say the same.
    VersionId = "vers";
    /// A place at which pictures differ.
    AlterationId = "alt";
    /// One picture made from another.
    DerivationId = "der";
    /// An arrival of bytes.
    ItemId = "item";
    /// A finished piece of work.
    RunId = "run";
    /// A channel on a platform.
    ChannelId = "chan";
    /// What one export says of one channel.
    ListingId = "list";
    /// What an analyst did.
    ActId = "act";
    /// A platform's user.
    AccountId = "acct";
    /// One post as one export has it. Its first half is that of the post, so that records of a post sort together.
    RecordId = "rec";
    /// A post in a channel.
    PostId = "post";
    /// A file that a post carries or carried.
    AttachmentId = "att";
    /// One surface of an item.
    PageId = "page";
    /// One sheet seen on a page.
    PictureId = "pic";
    /// Two pictures held against each other.
    MatchId = "match";
    /// All pictures of one sheet.
    FamilyId = "fam";
    /// Pictures of one sheet that go back to one photograph.
    ExposureId = "exp";
    /// Sheets that may belong together.
    DocumentId = "doc";
    /// Words of a post that stand on a sheet.
    QuoteId = "quote";
    /// A picture in a post.
    AppearanceId = "seen";
    /// A name in the text of a sheet.
    MentionId = "ment";
    /// What bears a name.
    EntityId = "ent";
    /// Who said what to whom.
    StatementId = "stmt";
    /// What a sheet is about.
    SubjectId = "subj";
    /// What a sheet says happened.
    EventId = "event";
    /// Harm that a passage may do to a party it mentions.
    ImpactId = "imp";
    /// What is missing.
    GapId = "gap";
    /// How sheets may have gone from one channel to another.
    HopId = "hop";
    /// What two exports tell differently of a post.
    DiscrepancyId = "disc";
    /// Something that went wrong with one piece of material.
    ProblemId = "prob";
}

impl RecordId {
    /// The id of the record of `post` found in `item` at byte `start`.
    pub fn of(post: PostId, item: ItemId, start: u64) -> Self {
        let mut bytes = post.0;
        let tail = <Self as Id>::make(|id| {
            id.id(post).id(item).number(start);
        });
        bytes[16..].copy_from_slice(&tail.0[..16]);
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_prints_and_parses() {
        let id = ItemId::make(|h| {
            h.text("a").number(7);
        });
        assert_eq!(id.to_string().parse::<ItemId>(), Ok(id));
        assert!(id.short().starts_with("item:") && id.short().len() == 13);
        assert!("item:12".parse::<ItemId>().is_err());
        assert!(id.to_string().parse::<PageId>().is_err());
    }

    #[test]
    fn fields_do_not_run_together() {
        let one = Hasher::new("x").text("ab").text("c").clone().finish();
        let two = Hasher::new("x").text("a").text("bc").clone().finish();
        assert_ne!(one, two);
    }

    #[test]
    fn records_of_a_post_sort_together() {
        let post = PostId::make(|h| {
            h.number(1);
        });
        let item = |n| {
            ItemId::make(|h| {
                h.number(n);
            })
        };
        let (a, b) = (RecordId::of(post, item(1), 5), RecordId::of(post, item(2), 5));
        assert_ne!(a, b);
        assert_eq!(<[u8; 32]>::from(a)[..16], <[u8; 32]>::from(b)[..16]);
    }
}
