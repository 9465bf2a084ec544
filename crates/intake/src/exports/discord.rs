//! What Discord's exports have in common: names of files, addresses of attachments.

use model::{Clock, Declared, Digest, When, Zone};

use super::reading::{Header, basename, declared, stem};
use crate::clock;
use crate::stamp::Stamp;

/// The channel's id and name, from the name that the exporter gives its files: `guild - category - name [id].json`,
/// `… [id] [part 2].json`.
pub(super) fn from_name(path: &str) -> (String, String) {
    let brackets =
        basename(path).split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(id, _)| id);
    let id = brackets.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).last();
    (id.unwrap_or("?").to_owned(), stem(path).to_owned())
}

/// The same; a channel without an id is called after its file.
pub(super) fn place(path: &str) -> (String, String) {
    let (id, name) = from_name(path);
    if id == "?" { (format!("?{name}"), name) } else { (id, name) }
}

/// A file that lies at `url`, or at a path.
pub(super) fn file(name: &str, url: &str, size: Option<u64>) -> Declared {
    let own = basename(url.split(['?', '#']).next().unwrap_or(url));
    let name = if name.is_empty() { own } else { name };
    let also = if url.contains("://") { asset_names(url) } else { vec![basename(url).to_owned()] };
    Declared { also, ..declared(name, url, size) }
}

/// The channel that an address of an attachment names: `/attachments/CHANNEL/ATTACHMENT/NAME`.
pub(super) fn channel_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?.1.split_once("/attachments/")?;
    let channel = rest.split('/').next()?;
    (!channel.is_empty() && channel.bytes().all(|b| b.is_ascii_digit())).then_some(channel)
}

/// The offset from UTC in which a post is printed, by the numbers of the files it carries: they are handed out at the
/// upload, shortly before the post.
pub(super) fn offset_of(date: &str, files: &[Declared]) -> Option<i32> {
    let uploaded = |file: &Declared| {
        let (_, rest) = file.reference.split_once("/attachments/")?;
        clock::snowflake(rest.split('/').nth(1)?)
    };
    let stamp = Stamp::parse(date).filter(|stamp| stamp.offset.is_none())?;
    files.iter().filter_map(uploaded).find_map(|at| stamp.offset_after(at.interval.earliest))
}

/// Widens what is known of the zone by such an offset: the rest of the posts may lie in the other half of the year.
pub(super) fn seen_upload(header: &mut Header, offset: i32) {
    header.seen_offset(offset - 3600);
    header.seen_offset(offset + 3600);
}

/// When an address was signed, in seconds since 1970: `is`, hexadecimal.
pub(super) fn signed_at(url: &str) -> Option<i64> {
    let (_, query) = url.split_once('?')?;
    let hex = query.split('&').find_map(|pair| pair.strip_prefix("is="))?;
    i64::from_str_radix(hex, 16).ok().filter(|seconds| *seconds > 1_600_000_000)
}

/// When an export was made, by the latest signature in it: addresses are signed when they are asked for, for a day.
pub(super) fn exported_at(signed: i64) -> Option<When> {
    let first = clock::unix(&signed.to_string())?;
    let day = jiff::SignedDuration::from_hours(24);
    let interval = model::Interval { latest: first.interval.latest.checked_add(day).ok()?, ..first.interval };
    Some(When { verbatim: format!("is={signed:x}"), interval, clock: Clock::Software, zone: Zone::Utc })
}

/// The names under which the exporter may have kept the file at `url`: base name cut to 42 characters, the first
/// digits of the SHA-256 of the address (5 of them upper case to 2.46, 5 lower case in 2.46.1, 16 since 2.47),
/// extension. Since 2.42 an address of Discord's own network is hashed without its expiry.
fn asset_names(url: &str) -> Vec<String> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !["ex=", "is=", "hm="].iter().any(|key| pair.starts_with(key)))
        .collect();
    let lasting = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    let base = basename(path);
    let dot = base.rfind('.').filter(|dot| base.len() - dot <= 41).unwrap_or(base.len());
    let (stem, extension) = base.split_at(dot);
    let stem: String = stem.chars().take(42).collect();
    let mut names = Vec::new();
    for address in [lasting.as_str(), url] {
        let digest = Digest::of(address.as_bytes()).to_string();
        for tail in [digest[..5].to_uppercase(), digest[..5].to_owned(), digest[..16].to_owned()] {
            let name = format!("{stem}-{tail}{extension}");
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_named_as_the_exporter_names_them() {
        assert_eq!(asset_names("https://cdn.discordapp.com/embed/avatars/0.png")[0], "0-EB806.png");
        let expiring = asset_names("https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3&");
        assert_eq!(expiring[..3], asset_names("https://cdn.discordapp.com/attachments/1/2/a.png")[..3]);
    }
}
