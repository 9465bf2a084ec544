//! The fixed words of the format, each with what it means for a reader.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident from $model:ident { $($variant:ident $says:literal)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = $says] $variant,)+
        }

        impl $name {
            /// What it means, for people.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)+ }
            }

            /// The same as it is shown: in the language of whoever looks.
            pub fn shown(self) -> &'static str {
                texts::say(self.says())
            }
        }

        impl From<model::$model> for $name {
            fn from(word: model::$model) -> Self {
                match word { $(model::$model::$variant => Self::$variant,)+ }
            }
        }
    )+};
}

words! {
    /// What some bytes are, by the bytes themselves.
    Kind from Kind {
        Empty "no bytes" Jpeg "JPEG" Png "PNG" Webp "WebP" Gif "GIF" Tiff "TIFF" Bmp "BMP" Heic "HEIC" Avif "AVIF"
        Svg "SVG" Pdf "PDF" Zip "ZIP archive" Tar "tar archive" Gzip "gzip stream" Json "JSON" Html "HTML" Text "text"
        Media "sound or video" Unknown "unknown"
    }
    /// How a sheet came to be a picture.
    Capture from Capture {
        Screenshot "screenshot" Photo "photograph" Scan "scan" BornDigital "rendered from a file"
        Unknown "capture not looked into"
    }
    /// What tells that a sheet is about something.
    Heads from Heads {
        SubjectLine "a line of the sheet says so" Heading "the sheet's heading"
        NamedMost "named three times or more on a sheet without subject line and heading"
    }
    /// Whose clock a time comes from.
    Clock from Clock {
        Platform "the platform's record" MessageNumber "the time inside the message number" Camera "a camera"
        Software "the software that wrote the file" Printed "printed on the page" FileSystem "a file system"
        Own "the machine that ran the program"
    }
    /// How the zone of a time is known.
    Zone from Zone {
        Written "zone written beside it" Utc "counted in UTC" Inferred "zone inferred from the same export"
        Unknown "zone unknown, up to 14 hours either way"
    }
    /// Where an attached file is.
    State from AttachmentState {
        Held "held" FoundElsewhere "held, found elsewhere by name or MD5"
        Missing "the export names a place where nothing is held" Remote "only an address on the network"
        NotIncluded "the export says it left the file out" Deleted "the platform says it was deleted"
    }
    /// What tells that pictures go back to one photograph, scan or drawing, or to two.
    Trace from Trace {
        Pixels "the same pixels" Shade "folds and shadows" Grain "the grain of the paper"
        Drawn "ink that lies alike to a fraction of a pixel, without shade or grain"
        Bend "folds or shadows on one only, on paper that is bent otherwise"
    }
    /// What a first appearance rests on.
    Basis from Basis {
        ObservedPost "one post that was observed, earlier than every other by its clock"
        OverlappingPosts "several posts whose possible times overlap: which was first is undecided"
        UndatedPosts "posts of which none tells when"
        NotPosted "no post in the material carries it"
    }
    /// By what a picture is held to be the later of two that differ at a place.
    Because from Because {
        Line "its letters do not stand on the line of the words beside them"
        Letters "its letters are darker, paler, sharper or softer than those beside them"
        Paper "the paper about its letters has another grain than that beside"
        Encoding "it was encoded once less than the rest of its picture"
        Sum "figures of the sheet add up with the other reading and not with this"
        Date "a date of the sheet holds with the other reading and not with this"
        Alone "two photographs or scans show the other" Made "pictures that show it were made from pictures that show the other"
        Detail "the other is on a much finer picture"
    }
    /// Why two pictures are held to show one sheet.
    Ground from Ground {
        SamePixels "every pixel is the same" SameLook "the prints are near and the pictures agree cell by cell"
    }
    /// What bears a name.
    EntityKind from EntityKind {
        Person "a person" Body "an organisation, authority, party or company" Place "a place" Country "a country"
        Unit "a military unit" CodeName "a cryptonym" Operation "an operation, project or plan" Ship "a ship" Weapon "a weapon"
        Money "a sum of money" Coordinate "a place by numbers" Phone "a telephone number" Email "an e-mail address"
        Identifier "the number of a passport, account, file or case"
    }
    /// What an analyst holds of an observation.
    Held from Held { Holds "it holds" Not "it does not hold" Open "looked at, and left open" }
    /// How a mention names.
    Form from Form { Name "by a name" Adjective "by an adjective or the name of a people" }
    /// How somebody of a statement is named.
    Named from Named {
        Name "by name" Pronoun "by a pronoun, of which the text leaves one reading" Described "by what they are, not by name"
    }
    /// What kind of saying a verb is.
    Saying from Saying {
        Told "said, told, reported" Asked "asked" Answered "answered" Warned "warned" Denied "denied" Confirmed "confirmed, admitted, agreed"
        Promised "promised, assured" Urged "urged, ordered, proposed" Complained "complained, protested, accused"
        Assessed "assessed, judged, believed" Claimed "claimed: the writer keeps a distance"
    }
    /// Whether words are reported, quoted or a judgement.
    Speech from Speech { Reported "in the writer's words" Quoted "in quotation marks, in whole or in part" Judged "what somebody holds to be so" }
    /// How the speaker stands to what is said.
    Stance from Stance {
        Affirms "holds it to be so" Denies "holds it not to be so, or will not have it" Doubts "doubts it" Asks "asks" Wants "wants it done"
        Commits "will do it"
    }
    /// What is missing.
    Lack from Lack {
        Source "a picture from which held ones were made" Between "a picture between two that are held"
        Sheet "a sheet of a document of which others are held" Post "a post" Channel "a channel, or an account's own posts"
        File "a file that a post carries" Supply "another source of a channel"
    }
    /// Why something is held to have existed.
    Why from Why {
        NoneFromOther "these go back to one photograph, and none of them is found to have been made from another that is held"
        MoreAndFiner "both go back to one photograph, the first shows more of the sheet, the second is finer: neither was made from the other"
        Reduced "its longer side is the one to which a platform reduces pictures, and it is held from elsewhere only"
        RoundedBefore "it was encoded before its last encoding, on the same grid of blocks, and no held picture of its size was encoded so"
        PageNumber "a page number is printed on a sheet" Answered "a post answers it" Forwarded "a post is forwarded from it"
        Linked "a post has its address" Carried "a post carries it"
        HoldsMore "the channel showed the sheet, none of its supposed sources did, and nobody else before it"
    }
    /// What ties a post of one channel to a post of another.
    Tie from Tie {
        Forward "a forward, by the platform's word" Link "the later has the address of the earlier" Reply "the later answers the earlier"
        SameBytes "both carry the same bytes" Descent "the picture of the later was made from that of the earlier"
        Words "the later types off words of a sheet that the earlier shows" Time "the sheet was seen in one before the other"
    }
    /// How two times stand to each other.
    Order from Order { Before "the first is the earlier" After "the first is the later" Undecided "their possible times overlap" }
    /// In what two exports differ about a post.
    Differs from Differs {
        Reworded "other words, and no mark of an edit" Edited "other words, marked as edited" Files "other files"
        Gone "deleted or not returned: the later export has the posts around it" Appeared "in the later export only, though it is older than the earlier one"
    }
    /// How grave a problem is.
    Level from Level {
        Note "worth knowing; nothing was lost" Problem "something was not read, in whole or in part"
    }
}

/// How a place on one picture differs from the same place on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlterationKind {
    /// Other content stands in its place.
    Replaced,
    /// Content is gone.
    Removed,
    /// Content was added.
    Added,
    /// Covered, not altered.
    Obscured,
}

impl AlterationKind {
    /// What it means, for people.
    pub fn says(self) -> &'static str {
        match self {
            Self::Replaced => "other words stand there",
            Self::Removed => "words are missing on the first",
            Self::Added => "words were added on the first",
            Self::Obscured => "covered, not altered",
        }
    }

    /// The same as it is shown: in the language of whoever looks.
    pub fn shown(self) -> &'static str {
        texts::say(self.says())
    }
}

impl From<model::Change> for AlterationKind {
    fn from(change: model::Change) -> Self {
        match change {
            model::Change::Replaced => Self::Replaced,
            model::Change::Removed => Self::Removed,
            model::Change::Added => Self::Added,
            model::Change::Obscured => Self::Obscured,
        }
    }
}

/// Who can see what stands in a channel, as far as the platform's words for it tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// Anyone.
    Public,
    /// Those who were let in.
    Closed,
    /// The export does not tell.
    Untold,
}

impl Open {
    /// What it means, for people.
    pub fn says(self) -> &'static str {
        match self {
            Self::Public => "anyone can see it",
            Self::Closed => "closed",
            Self::Untold => "who can see it is not told",
        }
    }

    /// The same as it is shown: in the language of whoever looks.
    pub fn shown(self) -> &'static str {
        texts::say(self.says())
    }
}

impl From<::spread::Open> for Open {
    fn from(open: ::spread::Open) -> Self {
        match open {
            ::spread::Open::Public => Self::Public,
            ::spread::Open::Closed => Self::Closed,
            ::spread::Open::Untold => Self::Untold,
        }
    }
}
