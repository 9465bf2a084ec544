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
}
