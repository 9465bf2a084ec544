//! Bad material is data: what could not be read, in words a person understands, with the way out.

use serde::{Deserialize, Serialize};

use crate::{Id, ProblemId};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something was not read, in whole or in part.
    Problem,
}

macro_rules! codes {
    ($($name:ident = $number:literal $slug:literal $level:ident $says:literal, $way_out:literal;)+) => {
        /// What went wrong. The number crosses process borders, the slug is for people and machines.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $(#[doc = $says] $name = $number,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code with this number.
            pub fn from_number(number: u16) -> Option<Self> {
                match number {
                    $($number => Some(Code::$name),)+
                    _ => None,
                }
            }

            /// Its short name.
            pub fn slug(self) -> &'static str {
                match self { $(Code::$name => $slug,)+ }
            }

            /// How grave it is.
            pub fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)+ }
            }

            /// What it means.
            pub fn says(self) -> &'static str {
                match self { $(Code::$name => $says,)+ }
            }

            /// What one can do about it.
            pub fn way_out(self) -> &'static str {
                match self { $(Code::$name => $way_out,)+ }
            }
        }
    };
}

codes! {
    Unreadable = 101 "unreadable" Problem "the file could not be read",
        "give the user who runs Truecopy the right to read it and add it again";
    LinkNotFollowed = 102 "link-not-followed" Problem "a symbolic link; links are not followed, since they can lead outside or round in circles",
        "add the file or folder it points to by its own path";
    SpecialFile = 103 "special-file" Problem "not a file or folder (a device, socket or pipe)",
        "copy its content to a plain file and add that";
    ChangedWhileRead = 104 "changed-while-read" Problem "the file changed while it was being read",
        "wait until whatever writes it has finished and add it again";
    PathNotText = 105 "path-not-text" Note "the file name is not valid UTF-8; odd bytes are shown as a replacement character",
        "nothing need be done: the bytes are held";
    Empty = 110 "empty" Problem "the file has no bytes",
        "ask whoever sent it for the file again";
    NotRead = 111 "not-read" Note "held, but no reader knows this kind of file",
        "convert it to a format that `truecopy add --help` lists, and add that as well";
    FormatNotSupported = 112 "format-not-supported" Problem "a picture format without a sound decoder here",
        "convert it to PNG and add that as well; keep the original";
    ArchiveDamaged = 120 "archive-damaged" Problem "the archive is damaged; what could be read was taken",
        "ask for the archive again, or repair a copy and add that";
    ArchiveEscape = 121 "archive-escape" Problem "an entry of the archive points outside of it and was refused",
        "treat the archive as hostile; nothing was written outside the case";
    ArchiveLink = 122 "archive-link" Problem "an entry of the archive is a link or device and was refused",
        "treat the archive as hostile; nothing was followed";
    ArchiveBomb = 123 "archive-bomb" Problem "the archive unpacks to far more than it can reasonably hold and was refused",
        "unpack it elsewhere with care, and add what is in it";
    ArchiveTooDeep = 124 "archive-too-deep" Problem "archives within archives, deeper than is followed",
        "unpack the inner archive elsewhere with care, and add what is in it";
    ArchiveEncrypted = 125 "archive-encrypted" Problem "an entry of the archive is encrypted",
        "unpack it with its password, and add what is in it";
    ArchiveMethod = 126 "archive-method" Problem "an entry of the archive is packed in a way that is not read here",
        "unpack it with another tool, and add what is in it";
    ImageDamaged = 130 "image-damaged" Problem "the picture could not be decoded",
        "ask for the file again; the bytes are held as they came";
    ImageTruncated = 131 "image-truncated" Problem "the picture is cut short; what is there is shown",
        "ask for the whole file";
    ImageTooLarge = 132 "image-too-large" Problem "the picture claims more pixels than are decoded here and was refused",
        "if it is real, scale a copy down and add that; small files that claim huge pictures are made to do harm";
    SheetNotFound = 133 "sheet-not-found" Note "no sheet's border was seen; the whole picture was taken for the sheet",
        "nothing need be done where the picture is a close-up or no document; otherwise look at it";
    PdfDamaged = 140 "pdf-damaged" Problem "the PDF could not be opened",
        "ask for the file again, or print it to a new PDF and add that as well";
    PdfEncrypted = 141 "pdf-encrypted" Problem "the PDF asks for a password",
        "save a copy without a password and add that as well";
    PdfTooManyPages = 142 "pdf-too-many-pages" Problem "the PDF has more pages than are rendered; the first ones were",
        "split it and add the parts";
    LayerDiffers = 143 "layer-differs" Note "the PDF's own text says something else than its page shows",
        "look at the page: what is seen and what is copied or searched are not the same";
    ScriptUnread = 144 "script-unread" Note "it seems written in a script that none of the chosen languages uses; what was read of it is likely wrong",
        "install the language and name it: truecopy run CASE --languages eng+ukr";
    ReadingLost = 145 "reading-lost" Problem "reading the picture took too long and was given up",
        "crop a copy to the page and add that as well";
    JsonTruncated = 150 "json-truncated" Problem "the file ends in the middle; every whole post before the end was kept",
        "export again, or ask for the whole file";
    JsonDamaged = 151 "json-damaged" Problem "a piece of the file is not what the format says and was passed over",
        "export again, or look at the bytes named";
    JsonRepaired = 152 "json-repaired" Note "the exporter wrote invalid JSON in a known way; it was read as meant",
        "nothing need be done: the bytes are held as they came";
    CountDiffers = 153 "count-differs" Note "the export declares another number of posts than it holds",
        "compare with another export of the channel";
    TimeUnknown = 154 "time-unknown" Problem "a post's time could not be read",
        "look at the bytes named; the post is kept without a time";
    ClocksDisagree = 155 "clocks-disagree" Note "the post's printed time and the time in its number differ by more than a second",
        "an observation: the record may have been edited or merged; compare with another export";
    ExportTruncated = 156 "export-truncated" Problem "the export ends in the middle; every whole post before the end was kept",
        "export again, or ask for the whole file";
    ExportDamaged = 157 "export-damaged" Problem "a piece of the export is not what the format says and was passed over",
        "export again, or look at the bytes named";
    ZoneUnknown = 158 "zone-unknown" Note "the export writes local times and does not say of which zone; each can lie 14 hours either way",
        "ask in which time zone the exporting device stood, or look for another export of the channel";
    DateAmbiguous = 159 "date-ambiguous" Note "day and month cannot be told apart anywhere in the export; each time holds both readings",
        "ask how the exporting device writes dates, or compare with another export";
    ZoneDiffers = 170 "zone-differs" Note "the zone that the export names is not that of all of its times",
        "nothing need be done: the times are taken from the post numbers; exporters name the zone without summer time";
    DigestDiffers = 171 "digest-differs" Problem "the bytes are not those that the digest beside them was made of",
        "an observation: the record may have been edited, or its maker counted otherwise; look at the bytes named";
    FileAbsent = 172 "listed-file-absent" Problem "a file that the package lists is not in it",
        "ask for the whole package";
    SignatureUnchecked = 173 "signature-unchecked" Note "the package is signed; the signature was not checked",
        "check it with a tool of the maker's";
    SignatureHolds = 174 "signature-holds" Note "the signature over the package's list of files holds under the key that the package itself brings; that says nothing of who holds the key",
        "an observation: to learn who signed, compare the key or certificate with one got from elsewhere";
    SignatureFails = 175 "signature-fails" Problem "the package's signature, or what vouches for it, does not fit the package",
        "an observation: the package may have been changed, or its maker signed otherwise; ask for it again from where it was signed";
    NoPosts = 176 "no-posts" Note "an export in which no post was found",
        "nothing need be done where the channel is empty; else the exporter writes in a way that is not known here";
    SenderAccount = 177 "sender-account" Note "the sender's own account of what a package holds; it is kept as the sender's, and nothing of it is taken over",
        "read it beside the account made here from the same files: where the two differ, look at the bytes";
    FileUnlisted = 178 "file-not-listed" Problem "a file in a package that no manifest of the package lists",
        "ask the sender whether it belongs to the package";
    WorkerTime = 160 "too-slow" Problem "reading it took longer than a file may take and was stopped",
        "treat the file as hostile or damaged; convert it elsewhere with care";
    WorkerMemory = 161 "too-much-memory" Problem "reading it needed more memory than a file may take and was stopped",
        "treat the file as hostile or damaged; convert it elsewhere with care";
    WorkerCrashed = 162 "reader-crashed" Problem "the reader crashed on it; the damage stayed in its own process",
        "treat the file as hostile or damaged; please report it";
}

/// Something that went wrong with one piece of material, before anyone knows which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What.
    pub code: Code,
    /// The particulars: numbers, the name of an entry, a position.
    pub detail: String,
}

impl Trouble {
    /// A trouble with its particulars.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// A trouble and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Made of all the rest.
    pub id: ProblemId,
    /// The path or id of the material.
    pub about: String,
    /// What went wrong.
    pub code: Code,
    /// The particulars.
    pub detail: String,
}

impl Problem {
    /// This trouble with that piece of material.
    pub fn new(about: &str, trouble: Trouble) -> Self {
        let Trouble { code, detail } = trouble;
        let id = ProblemId::make(|id| {
            id.text(about).number(code as u64).text(&detail);
        });
        Self { id, about: about.to_owned(), code, detail }
    }
}

/// A value, and the troubles on the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Yield<T> {
    /// As much as could be had.
    pub value: T,
    /// What could not.
    pub troubles: Vec<Trouble>,
}

impl<T> Yield<T> {
    /// A value without trouble.
    pub fn clean(value: T) -> Self {
        Self { value, troubles: Vec::new() }
    }
}
