//! Finds the files that posts say they carry among the items that are held. Pure; opens nothing.

use std::collections::HashMap;

use model::{AttachmentState, Declared, Digest, Item, ItemId};

use crate::exports::basename;

/// All held items, by where they lie and what they are.
pub struct Shelf {
    held: Vec<Held>,
    by_path: HashMap<(Option<ItemId>, String), Vec<usize>>,
    by_name: HashMap<(Option<ItemId>, String), Vec<usize>>,
    by_md5: HashMap<String, Vec<usize>>,
}

struct Held {
    id: ItemId,
    blob: Digest,
    size: u64,
    md5: String,
    folder: String,
}

/// Where a declared file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it is held, and if not, why.
    pub state: AttachmentState,
    /// The items that hold it, sorted; empty where none is held.
    pub items: Vec<ItemId>,
    /// Their bytes, where held.
    pub blob: Option<Digest>,
}

/// Folders in which exporters keep the files of posts, beside those named `…_Files`.
const MEDIA: &[&str] = &[
    "attachments",
    "files",
    "images",
    "media",
    "photos",
    "src",
    "stickers",
    "video_files",
    "voice_messages",
    "round_video_messages",
    "image",
    "thumb",
];

impl Shelf {
    /// Of these items, each with the MD5 of its bytes (lowercase hexadecimal).
    pub fn new<'a>(items: impl Iterator<Item = (&'a Item, &'a str)>) -> Shelf {
        let mut shelf = Shelf {
            held: Vec::new(),
            by_path: HashMap::new(),
            by_name: HashMap::new(),
            by_md5: HashMap::new(),
        };
        for (item, md5) in items {
            let number = shelf.held.len();
            let (folder, name) = item.path.rsplit_once('/').unwrap_or(("", &item.path));
            let (id, blob, size) = (item.id, item.blob, item.size);
            shelf.held.push(Held { id, blob, size, md5: md5.to_owned(), folder: folder.to_owned() });
            shelf.by_path.entry((item.inside, item.path.clone())).or_default().push(number);
            shelf.by_name.entry((item.inside, name.to_owned())).or_default().push(number);
            shelf.by_md5.entry(md5.to_owned()).or_default().push(number);
        }
        shelf
    }

    /// The file that a post of `export` declares: at the place it names, else by a name it may lie under in a folder
    /// that the export may have kept it in, else by its MD5 anywhere. Where names lead to different bytes, the nearest
    /// folder counts; where that leaves a doubt, nothing is guessed.
    pub fn resolve(&self, declared: &Declared, export: &Item) -> Found {
        let address = declared.reference.contains("://");
        if declared.withheld.is_none() {
            if let Some(found) = (!address).then(|| self.at_place(declared, export)).flatten() {
                return self.found(AttachmentState::Held, &found);
            }
            if let Some(found) = (!address).then(|| self.seen_from_above(declared, export)).flatten() {
                return self.found(AttachmentState::FoundElsewhere, &found);
            }
            if let Some(found) = self.by_names(declared, export, address) {
                return self.found(AttachmentState::FoundElsewhere, &found);
            }
        }
        let twin = declared
            .md5
            .as_ref()
            .and_then(|md5| self.by_md5.get(md5))
            .and_then(|all| self.agreed(all, declared));
        match (twin, declared.withheld) {
            (Some(found), _) => self.found(AttachmentState::FoundElsewhere, &found),
            (None, Some(state)) => Found { state, items: Vec::new(), blob: None },
            (None, None) => {
                let state = if address { AttachmentState::Remote } else { AttachmentState::Missing };
                Found { state, items: Vec::new(), blob: None }
            }
        }
    }

    fn at_place(&self, declared: &Declared, export: &Item) -> Option<Vec<usize>> {
        let folder = export.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let plain = joined(folder, &declared.reference);
        let decoded = percent_decoded(&declared.reference).and_then(|reference| joined(folder, &reference));
        let paths = plain.into_iter().chain(decoded);
        let beside = paths.into_iter().find_map(|path| {
            let all = self.by_path.get(&(export.inside, path))?;
            self.agreed(all, declared)
        });
        beside.or_else(|| self.within(declared, export))
    }

    /// What the export itself holds: files in a mail, bodies in a web capture.
    fn within(&self, declared: &Declared, export: &Item) -> Option<Vec<usize>> {
        let all = self.by_path.get(&(Some(export.id), joined("", &declared.reference)?))?;
        self.agreed(all, declared)
    }

    /// At the place named as seen from a folder above: some count from the root of what was given out.
    fn seen_from_above(&self, declared: &Declared, export: &Item) -> Option<Vec<usize>> {
        let reference = Some(&declared.reference).filter(|reference| reference.contains('/'))?;
        let mut folder = export.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let path = joined(folder, reference).filter(|_| !reference.contains(".."))?;
            let all = self.by_path.get(&(export.inside, path));
            if let Some(found) = all.and_then(|all| self.agreed(all, declared)) {
                return Some(found);
            }
        }
        None
    }

    fn by_names(&self, declared: &Declared, export: &Item, address: bool) -> Option<Vec<usize>> {
        // What stands in brackets is a remark of the exporter's, no path.
        let path = !address && !declared.reference.starts_with('(');
        let own = path.then(|| basename(&declared.reference)).filter(|name| !name.is_empty());
        let decoded = own.and_then(percent_decoded);
        let names = own.into_iter().chain(decoded.as_deref()).chain(declared.also.iter().map(String::as_str));
        names.filter(|name| !name.is_empty()).find_map(|name| {
            let all = self.by_name.get(&(export.inside, name.to_owned()))?;
            // The poster's own name for a file is no proof: what else is known of the file must agree.
            let weak = Some(name) != own && name == declared.name;
            let near = self.nearest(all, export, |held| {
                let md5 = declared.md5.as_ref().is_none_or(|md5| *md5 == held.md5);
                let size = declared.size.is_none_or(|size| size == held.size);
                !weak || (md5 && size && (declared.md5.is_some() || declared.size.is_some()))
            });
            self.agreed(&near, declared)
        })
    }

    /// Of `all`, those that pass and lie in a folder near the export, as near as any.
    fn nearest(&self, all: &[usize], export: &Item, passes: impl Fn(&Held) -> bool) -> Vec<usize> {
        let home: Vec<&str> = parts(export.path.rsplit_once('/').map_or("", |(folder, _)| folder));
        let mut best: Option<(usize, Vec<usize>)> = None;
        for &number in all {
            let Some(held) = self.held.get(number).filter(|held| passes(held)) else { continue };
            let folder = parts(&held.folder);
            let shared = home.iter().zip(&folder).take_while(|(a, b)| a == b).count();
            let below = shared == home.len();
            let media = folder.iter().any(|part| part.ends_with("_Files") || MEDIA.contains(part));
            if !below && !media {
                continue;
            }
            let steps = home.len() + folder.len() - 2 * shared;
            match &mut best {
                Some((least, numbers)) if steps == *least => numbers.push(number),
                Some((least, _)) if steps > *least => {}
                _ => best = Some((steps, vec![number])),
            }
        }
        best.map(|(_, numbers)| numbers).unwrap_or_default()
    }

    /// `all`, if they are the same bytes; or those of them that agree with what is declared, if these are.
    fn agreed(&self, all: &[usize], declared: &Declared) -> Option<Vec<usize>> {
        let same = |numbers: &[usize]| {
            let mut blobs = numbers.iter().filter_map(|&n| self.held.get(n)).map(|held| held.blob);
            let first = blobs.next();
            first.is_some() && blobs.all(|blob| Some(blob) == first)
        };
        if same(all) {
            return Some(all.to_vec());
        }
        let agrees = |held: &&Held| match &declared.md5 {
            Some(md5) => held.md5 == *md5,
            None => declared.size == Some(held.size),
        };
        let some: Vec<_> =
            all.iter().copied().filter(|&n| self.held.get(n).filter(agrees).is_some()).collect();
        same(&some).then_some(some)
    }

    fn found(&self, state: AttachmentState, numbers: &[usize]) -> Found {
        let held = || numbers.iter().filter_map(|&n| self.held.get(n));
        let mut items: Vec<_> = held().map(|held| held.id).collect();
        items.sort_unstable();
        items.dedup();
        let blob = held().next().map(|held| held.blob);
        Found { state, items, blob }
    }
}

fn parts(folder: &str) -> Vec<&str> {
    folder.split('/').filter(|part| !part.is_empty()).collect()
}

/// `reference` seen from `folder`; None if it is absolute, leads out of the root or is no path.
fn joined(folder: &str, reference: &str) -> Option<String> {
    let drive = matches!(reference.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if reference.is_empty() || reference.starts_with(['/', '\\', '(']) || drive || reference.contains('\0') {
        return None;
    }
    let mut path = parts(folder);
    for part in reference.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |n: usize| tail.get(n).and_then(|b| (*b as char).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
