use serde::{Deserialize, Serialize};

use crate::{Digest, Id, ItemId, When};

/// What some bytes are, sniffed from the bytes themselves; names and extensions are not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No bytes at all.
    Empty,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// HEIC: HEVC pictures in an ISO base media file.
    Heic,
    /// AVIF: AV1 pictures in an ISO base media file.
    Avif,
    /// SVG drawing.
    Svg,
    /// PDF.
    Pdf,
    /// ZIP archive, office files included.
    Zip,
    /// tar archive.
    Tar,
    /// gzip stream.
    Gzip,
    /// JSON text.
    Json,
    /// HTML text.
    Html,
    /// Other text.
    Text,
    /// Sound or moving pictures.
    Media,
    /// None of these.
    Unknown,
}

impl Kind {
    /// Whether it can hold pages.
    pub fn has_pages(self) -> bool {
        use Kind::{Avif, Bmp, Gif, Heic, Jpeg, Pdf, Png, Tiff, Webp};
        matches!(self, Jpeg | Png | Webp | Gif | Tiff | Bmp | Heic | Avif | Pdf)
    }

    /// Whether it can hold other items.
    pub fn is_archive(self) -> bool {
        matches!(self, Kind::Zip | Kind::Tar | Kind::Gzip)
    }

    /// The word for it in lists and reports.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Jpeg => "JPEG",
            Kind::Png => "PNG",
            Kind::Webp => "WebP",
            Kind::Gif => "GIF",
            Kind::Tiff => "TIFF",
            Kind::Bmp => "BMP",
            Kind::Heic => "HEIC",
            Kind::Avif => "AVIF",
            Kind::Svg => "SVG",
            Kind::Pdf => "PDF",
            Kind::Zip => "ZIP",
            Kind::Tar => "tar",
            Kind::Gzip => "gzip",
            Kind::Json => "JSON",
            Kind::Html => "HTML",
            Kind::Text => "text",
            Kind::Media => "sound or video",
            Kind::Unknown => "unknown",
        }
    }
}

/// One arrival of bytes: as handed in, or found inside another item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Made of blob, path and the item it lies in; adding the same file again changes nothing.
    pub id: ItemId,
    /// SHA-256 of the bytes.
    pub blob: Digest,
    /// How many bytes.
    pub size: u64,
    /// The last part of the path.
    pub name: String,
    /// Where it lay, parts joined by `/`: below the folder that was added, or inside its archive.
    pub path: String,
    /// The archive it was found in.
    pub inside: Option<ItemId>,
    /// Times that arrived with it (file system, archive entry).
    pub times: Vec<When>,
}

impl Item {
    /// The id of these bytes at this path, inside this item.
    pub fn id_of(blob: Digest, path: &str, inside: Option<ItemId>) -> ItemId {
        ItemId::make(|id| {
            id.id(blob).text(path);
            if let Some(outer) = inside {
                id.id(outer);
            }
        })
    }
}

/// What is known of some bytes, wherever they arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blob {
    /// SHA-256.
    pub digest: Digest,
    /// MD5, lowercase hexadecimal: imageboards name their files by it. Never trusted for more.
    pub md5: String,
    /// How many bytes.
    pub size: u64,
    /// What they are.
    pub kind: Kind,
    /// The export format that recognised them, if one did.
    pub format: Option<String>,
}
