//! Addresses in posts: what on a platform they name, and when signed ones expire.
//!
//! Sources: Discord developer documentation, "Signed Attachment CDN URLs" (`ex`, hexadecimal seconds); Telegram, "Deep links";
//! AWS Signature Version 4 (`X-Amz-Date`, `X-Amz-Expires`); Google Cloud Storage, "Signed URLs"; CloudFront, "Expires".

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, tz::Offset};

/// An address, and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address as it stands in the text.
    pub address: String,
    /// What it names.
    pub names: Named,
}

/// What an address names on a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A post, by the platform's ids.
    Post {
        /// The platform.
        platform: &'static str,
        /// The guild or board.
        space: Option<String>,
        /// The channel's own id.
        channel: String,
        /// The post's own id.
        post: String,
    },
    /// A post in a channel that is called by a name in addresses only.
    Called {
        /// The platform.
        platform: &'static str,
        /// The name.
        name: String,
        /// The post's own id, if it names one.
        post: Option<String>,
    },
    /// An invitation to a place that it does not name.
    Invitation {
        /// The platform.
        platform: &'static str,
        /// The code.
        code: String,
    },
    /// Something on the network.
    Other,
}

/// Characters of an address, at most.
const LONGEST: usize = 2000;

/// The addresses in a text, in its order.
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let scheme = rest[..at]
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |before| before + rest[before..].chars().next().map_or(1, char::len_utf8));
        let from = &rest[scheme..];
        let end = from
            .find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`|".contains(c))
            .unwrap_or(from.len());
        let address = from[..end].trim_end_matches(|c: char| ".,;:!?)]}'*_".contains(c));
        if ["http", "https"].contains(&rest[scheme..at].to_ascii_lowercase().as_str())
            && address.len() <= LONGEST
        {
            found.push(Link { address: address.to_owned(), names: named(address) });
        }
        rest = &from[end.max(at + 3 - scheme).min(from.len())..];
    }
    found
}

/// What an address names.
fn named(address: &str) -> Named {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = bare.split(['?', '#']).next().unwrap_or(bare);
    let anchor = bare.split_once('#').map(|(_, anchor)| anchor);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let host = parts.next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let parts: Vec<&str> = parts.collect();
    match host {
        "discord.com" | "discordapp.com" | "ptb.discord.com" | "canary.discord.com" => discord(&parts),
        "discord.gg" => invitation("discord", parts.first()),
        "t.me" | "telegram.me" | "telegram.dog" => telegram(&parts),
        "boards.4chan.org" | "boards.4channel.org" => board(&parts, anchor),
        "x.com" | "twitter.com" | "mobile.twitter.com" => status(&parts),
        "chat.whatsapp.com" => invitation("whatsapp", parts.first()),
        _ => Named::Other,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn invitation(platform: &'static str, code: Option<&&str>) -> Named {
    let fits = |code: &&&str| {
        code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    code.filter(fits).map_or(Named::Other, |code| Named::Invitation { platform, code: (*code).to_owned() })
}

fn discord(parts: &[&str]) -> Named {
    match parts {
        ["channels", guild, channel, post, ..] if is_number(channel) && is_number(post) => Named::Post {
            platform: "discord",
            space: is_number(guild).then(|| (*guild).to_owned()),
            channel: (*channel).to_owned(),
            post: (*post).to_owned(),
        },
        ["invite", code, ..] => invitation("discord", Some(code)),
        _ => Named::Other,
    }
}

fn telegram(parts: &[&str]) -> Named {
    let platform = "telegram";
    match parts {
        ["c", channel, .., post] if is_number(channel) && is_number(post) => {
            Named::Post { platform, space: None, channel: (*channel).to_owned(), post: (*post).to_owned() }
        }
        ["joinchat", code, ..] => invitation(platform, Some(code)),
        [code, ..] if code.starts_with('+') => invitation(platform, code.get(1..).as_ref()),
        ["s", name, rest @ ..] | [name, rest @ ..] if is_name(name) => Named::Called {
            platform,
            name: (*name).to_owned(),
            post: rest.last().filter(|post| is_number(post)).map(|post| (*post).to_owned()),
        },
        _ => Named::Other,
    }
}

/// A public name on Telegram: from four letters on; what else stands in its place is a page of its own.
fn is_name(name: &str) -> bool {
    let own = [
        "joinchat",
        "addstickers",
        "share",
        "proxy",
        "socks",
        "addtheme",
        "setlanguage",
        "iv",
        "addlist",
        "boost",
    ];
    (4..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !own.contains(&name.to_ascii_lowercase().as_str())
}

fn board(parts: &[&str], anchor: Option<&str>) -> Named {
    let (&[board, "thread", thread, ..], platform) = (parts, "imageboard") else { return Named::Other };
    if !is_number(thread) {
        return Named::Other;
    }
    let post =
        anchor.and_then(|anchor| anchor.strip_prefix('p')).filter(|post| is_number(post)).unwrap_or(thread);
    Named::Post {
        platform,
        space: Some(board.to_owned()),
        channel: format!("{board}/{thread}"),
        post: post.to_owned(),
    }
}

fn status(parts: &[&str]) -> Named {
    match parts {
        [name, "status", post, ..] if is_number(post) => {
            Named::Called { platform: "x", name: (*name).to_owned(), post: Some((*post).to_owned()) }
        }
        _ => Named::Other,
    }
}

/// When a signed address stops to lead anywhere; None where it does not say.
pub fn expiry(address: &str) -> Option<Timestamp> {
    let query = address.split_once('?')?.1.split('#').next()?;
    let value = |key: &str| {
        query
            .split(['&', ';'])
            .find_map(|pair| pair.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case(key)))
    };
    let of = |key: &str| value(key).map(|(_, value)| value);
    let host = address.split_once("://")?.1.split('/').next()?.to_ascii_lowercase();
    if host.ends_with("discordapp.com") || host.ends_with("discordapp.net") || host.ends_with("discord.com") {
        return at(i64::from_str_radix(of("ex")?, 16).ok()?);
    }
    for vendor in ["X-Amz", "X-Goog"] {
        if let (Some(from), Some(seconds)) = (of(&format!("{vendor}-Date")), of(&format!("{vendor}-Expires")))
        {
            let from = DateTime::strptime("%Y%m%dT%H%M%SZ", from).ok()?;
            let from = Offset::UTC.to_timestamp(from).ok()?;
            return from.checked_add(SignedDuration::from_secs(seconds.parse().ok()?)).ok();
        }
    }
    at(of("Expires")?.parse().ok()?)
}

/// Seconds since 1970, where they can be a time of a signature.
fn at(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok().filter(|_| (1_000_000_000..8_000_000_000).contains(&seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Named {
        let mut all = links(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        all.remove(0).names
    }

    #[test]
    fn addresses_are_cut_out_of_text() {
        let addresses = |text: &str| links(text).into_iter().map(|link| link.address).collect::<Vec<_>>();
        assert_eq!(
            addresses("see (https://t.me/abcd/7), and <http://a.b/c_d>."),
            ["https://t.me/abcd/7", "http://a.b/c_d"]
        );
        assert!(addresses("é://x ftp://a.b none :// here").is_empty());
    }

    #[test]
    fn what_addresses_name() {
        assert_eq!(
            one("https://discord.com/channels/1/22/333"),
            Named::Post {
                platform: "discord",
                space: Some("1".into()),
                channel: "22".into(),
                post: "333".into()
            }
        );
        assert_eq!(
            one("https://discord.gg/Ab-9"),
            Named::Invitation { platform: "discord", code: "Ab-9".into() }
        );
        assert_eq!(
            one("https://t.me/c/1877402915/12"),
            Named::Post {
                platform: "telegram",
                space: None,
                channel: "1877402915".into(),
                post: "12".into()
            }
        );
        assert_eq!(
            one("https://t.me/s/quaybulletin/12?single"),
            Named::Called { platform: "telegram", name: "quaybulletin".into(), post: Some("12".into()) }
        );
        assert_eq!(
            one("https://t.me/+AbC_1"),
            Named::Invitation { platform: "telegram", code: "AbC_1".into() }
        );
        assert_eq!(one("https://t.me/share/url"), Named::Other);
        assert_eq!(
            one("https://boards.4chan.org/k/thread/61120400#p61120409"),
            Named::Post {
                platform: "imageboard",
                space: Some("k".into()),
                channel: "k/61120400".into(),
                post: "61120409".into()
            }
        );
        assert_eq!(one("https://example.org/map"), Named::Other);
    }

    #[test]
    fn signed_addresses_tell_when_they_expire() {
        let seconds = |address: &str| expiry(address).map(Timestamp::as_second);
        assert_eq!(
            seconds("https://cdn.discordapp.com/attachments/1/2/a.png?ex=65a1b2c3&is=1&hm=3&"),
            Some(0x65a1_b2c3)
        );
        assert_eq!(
            seconds("https://s3.example/a?X-Amz-Date=20230101T000000Z&X-Amz-Expires=600&X-Amz-Signature=1"),
            Some(1_672_531_800)
        );
        assert_eq!(seconds("https://d.example/a?Expires=1700000000&Signature=x"), Some(1_700_000_000));
        for none in ["https://cdn.discordapp.com/attachments/1/2/a.png", "a?ex=zz", "https://x/a?Expires=7"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
