const LONGEST: usize = 4096;

/// A path in an archive as it may be used: parts joined by `/`. Backslashes part as slashes do, since on some systems
/// they would. Error: why it is refused.
pub(super) fn clean(raw: &str) -> Result<String, &'static str> {
    if raw.contains('\0') {
        return Err("a NUL in the path");
    }
    if raw.len() > LONGEST {
        return Err("a path of more than 4096 bytes");
    }
    if raw.starts_with(['/', '\\']) {
        return Err("an absolute path");
    }
    if matches!(raw.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
        return Err("a drive letter");
    }
    let mut parts = Vec::new();
    for part in raw.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => return Err("a path that leads upwards"),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { Err("an empty path") } else { Ok(parts.join("/")) }
}

/// Whether a path of an archive's entry is one that this crate hands on: relative, of parts that lead nowhere else.
pub fn is_clean(path: &str) -> bool {
    // A number may have been added to a path of the longest.
    let numbered = path.len() <= LONGEST + 32;
    numbered && !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// `path` with ` (number)` before its extension.
pub(super) fn numbered(path: &str, number: u64) -> String {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path[name..].rfind('.').filter(|dot| *dot > 0).map_or(path.len(), |dot| name + dot);
    format!("{} ({number}){}", &path[..dot], &path[dot..])
}

/// A path as it can be shown: no control characters, not endless.
pub(super) fn shown(path: &str) -> String {
    let mut shown: String = path.chars().take(200).flat_map(char::escape_debug).collect();
    if path.chars().nth(200).is_some() {
        shown.push('…');
    }
    shown
}
