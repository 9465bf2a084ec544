//! What to ask the platforms for (R17), and which addresses will lead nowhere soon (R18): exact ids and UTC windows, as text for
//! people and as rows for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::cells::row;
use crate::told::{Account, Attached, Channel, Dossier, Gap, Item, Lack, Post};

/// One thing that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    platform: String,
    kind: Kind,
    space: String,
    channel: String,
    channel_name: String,
    from: Option<Timestamp>,
    post: String,
    account: String,
    account_name: String,
    file: String,
    file_name: String,
    sha256: String,
    md5: String,
    to: Option<Timestamp>,
    sheets: String,
    why: String,
    cited: String,
}

/// What is asked for, in the order in which it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    #[default]
    Post,
    File,
    Account,
    MissingPost,
    MissingFile,
    MissingChannel,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Post => "post",
            Kind::File => "file",
            Kind::Account => "account",
            Kind::MissingPost => "missing post",
            Kind::MissingFile => "missing file",
            Kind::MissingChannel => "missing channel",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Kind::Post => "Posts that show the sheets",
            Kind::File => "Files of these posts",
            Kind::Account => "Accounts that posted them",
            Kind::MissingPost => "Posts that are named and not held",
            Kind::MissingFile => "Files that posts carry and that are not held",
            Kind::MissingChannel => "Channels and accounts that are named and not held",
        }
    }
}

/// The files of a request pack, each with its name and text: for each platform a text and a table, and a table of addresses that
/// expire. About these sheets; about all that were posted where none is named.
pub fn request(dossier: &Dossier, families: &BTreeSet<String>) -> Vec<(String, String)> {
    let asked = Pack::of(dossier, families).asked();
    let mut platforms: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    for one in &asked {
        platforms.entry(&one.platform).or_default().push(one);
    }
    let mut files = Vec::new();
    for (platform, all) in &platforms {
        let name = file_name(platform);
        files.push((format!("{name}.txt"), letter(dossier, platform, all)));
        files.push((format!("{name}.csv"), table(all)));
    }
    files.push(("preserve.csv".to_owned(), expiring(dossier)));
    files
}

/// A platform's name as that of a file.
fn file_name(platform: &str) -> String {
    let safe: String = platform.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    if safe.is_empty() { "other".to_owned() } else { safe }
}

/// The dossier indexed for asking.
struct Pack<'a> {
    dossier: &'a Dossier,
    wanted: &'a BTreeSet<String>,
    channels: BTreeMap<&'a str, &'a Channel>,
    posts: BTreeMap<&'a str, &'a Post>,
    accounts: BTreeMap<&'a str, &'a Account>,
    items: BTreeMap<&'a str, &'a Item>,
}

impl<'a> Pack<'a> {
    fn of(dossier: &'a Dossier, wanted: &'a BTreeSet<String>) -> Self {
        Self {
            dossier,
            wanted,
            channels: dossier.channels.iter().map(|one| (one.id.as_str(), one)).collect(),
            posts: dossier.posts.iter().map(|one| (one.id.as_str(), one)).collect(),
            accounts: dossier.accounts.iter().map(|one| (one.id.as_str(), one)).collect(),
            items: dossier.items.iter().map(|one| (one.id.as_str(), one)).collect(),
        }
    }

    fn is_wanted(&self, family: &str) -> bool {
        self.wanted.is_empty() || self.wanted.contains(family)
    }

    fn asked(&self) -> Vec<Asked> {
        let mut shows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for family in self.dossier.families.iter().filter(|family| self.is_wanted(&family.id)) {
            for seen in &family.appearances {
                shows.entry(&seen.post).or_default().insert(&family.id);
            }
        }
        let mut asked = BTreeSet::new();
        let mut wrote: BTreeMap<(&str, &str), (Asked, BTreeSet<&str>)> = BTreeMap::new();
        for (id, families) in &shows {
            let Some(post) = self.posts.get(id) else { continue };
            let base = self.at(post, families);
            for file in &post.attached {
                asked.insert(self.file(&base, file, Kind::File));
            }
            if let Some(account) = post.account.as_deref().and_then(|account| self.accounts.get(account)) {
                let own = || Asked { kind: Kind::Account, post: String::new(), ..base.clone() };
                let known =
                    wrote.entry((&account.id, &post.channel)).or_insert_with(|| (own(), BTreeSet::new()));
                known.0.from = [known.0.from, base.from].into_iter().flatten().min();
                known.0.to = known.0.to.max(base.to);
                known.1.extend(families);
            }
            asked.insert(base);
        }
        for (known, families) in wrote.into_values() {
            asked.insert(Asked { sheets: joined(&families), cited: String::new(), ..known });
        }
        asked.extend(self.dossier.gaps.iter().filter_map(|gap| self.missing(gap, &shows)));
        asked.into_iter().collect()
    }

    /// A post that shows sheets.
    fn at(&self, post: &Post, families: &BTreeSet<&str>) -> Asked {
        let channel = self.channels.get(post.channel.as_str());
        let of = |get: fn(&Channel) -> String| channel.map(|channel| get(channel)).unwrap_or_default();
        Asked {
            platform: of(|channel| channel.platform.clone()),
            kind: Kind::Post,
            space: of(|channel| channel.space.clone().unwrap_or_default()),
            channel: of(|channel| channel.native_id.clone()),
            channel_name: of(|channel| channel.name.clone()),
            from: post.when.map(|when| when.earliest),
            to: post.when.map(|when| when.latest),
            post: post.native_id.clone(),
            account: post.author.as_ref().map(|author| author.native_id.clone()).unwrap_or_default(),
            account_name: post.author.as_ref().map(|author| author.name.clone()).unwrap_or_default(),
            sheets: joined(families),
            why: "shows the sheet".to_owned(),
            cited: post.id.clone(),
            ..Asked::default()
        }
    }

    fn file(&self, base: &Asked, file: &Attached, kind: Kind) -> Asked {
        let held = file.items.first().and_then(|item| self.items.get(item.as_str()));
        Asked {
            kind,
            file: spread::upload_number(&file.reference).unwrap_or_default().to_owned(),
            file_name: file.name.clone(),
            sha256: held.map(|item| item.sha256.clone()).unwrap_or_default(),
            md5: file.md5.clone().unwrap_or_default(),
            why: file.state.says().to_owned(),
            ..base.clone()
        }
    }

    /// A gap that a platform can be asked about: of the wanted sheets, or named by posts that show them.
    fn missing(&self, gap: &Gap, shows: &BTreeMap<&str, BTreeSet<&str>>) -> Option<Asked> {
        let kind = match gap.lack {
            Lack::Post => Kind::MissingPost,
            Lack::File => Kind::MissingFile,
            Lack::Channel => Kind::MissingChannel,
            _ => return None,
        };
        let about = self.wanted.is_empty()
            || gap.families.iter().any(|family| self.wanted.contains(family))
            || gap.reasons.iter().any(|reason| shows.contains_key(reason.cited.as_str()));
        let seek = &gap.seek;
        let channel = gap.channel.as_deref().and_then(|channel| self.channels.get(channel));
        let reason = gap.reasons.first()?;
        let address = seek.file.clone().unwrap_or_default();
        (about && gap.sure).then(|| Asked {
            platform: seek.platform.clone().unwrap_or_else(|| "other".to_owned()),
            kind,
            space: seek.space.clone().unwrap_or_default(),
            channel: seek.channel.clone().unwrap_or_default(),
            channel_name: channel.map(|channel| channel.name.clone()).unwrap_or_default(),
            from: seek.not_before,
            to: seek.not_after,
            post: seek.post.clone().unwrap_or_default(),
            file: spread::upload_number(&address).unwrap_or_default().to_owned(),
            file_name: if kind == Kind::MissingFile {
                reason.words.clone().unwrap_or(address)
            } else {
                address
            },
            sheets: joined(&gap.families.iter().map(String::as_str).collect()),
            why: reason.says.clone(),
            cited: reason.cited.clone(),
            ..Asked::default()
        })
    }
}

fn joined(ids: &BTreeSet<&str>) -> String {
    ids.iter().copied().collect::<Vec<_>>().join(" ")
}

const HEAD: [&str; 16] = [
    "asked",
    "space",
    "channel_id",
    "channel_name",
    "post_id",
    "account_id",
    "account_name",
    "file_id",
    "file_name",
    "sha256",
    "md5",
    "from_utc",
    "to_utc",
    "sheets",
    "why",
    "cited",
];

fn table(all: &[&Asked]) -> String {
    let mut out = String::new();
    row(&mut out, HEAD);
    for one in all {
        let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let (from, to) = (time(one.from), time(one.to));
        let cells = [
            one.kind.word(),
            &one.space,
            &one.channel,
            &one.channel_name,
            &one.post,
            &one.account,
            &one.account_name,
            &one.file,
            &one.file_name,
            &one.sha256,
            &one.md5,
            &from,
            &to,
            &one.sheets,
            &one.why,
            &one.cited,
        ];
        row(&mut out, cells);
    }
    out
}

fn letter(dossier: &Dossier, platform: &str, all: &[&Asked]) -> String {
    let mut out = String::new();
    let from = all.iter().filter_map(|one| one.from).min();
    let to = all.iter().filter_map(|one| one.to).max();
    let _ = writeln!(out, "Request to {}\nCase: {}\n", line(platform), line(&dossier.case.name));
    let _ = writeln!(
        out,
        "Please preserve, and where the law allows hand over, the records named below: posts with all versions and\n\
         deletions, files as uploaded with their upload records, and the accounts' records in the windows given.\n\
         Ids are those of the platform. All times are UTC. The same rows stand in {}.csv.",
        file_name(platform)
    );
    if let (Some(from), Some(to)) = (from, to) {
        let _ = writeln!(out, "\nAll of it lies between {from} and {to}.");
    }
    for kind in
        [Kind::Post, Kind::File, Kind::Account, Kind::MissingPost, Kind::MissingFile, Kind::MissingChannel]
    {
        let rows: Vec<&&Asked> = all.iter().filter(|one| one.kind == kind).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{} ({})", kind.heading(), rows.len());
        for one in rows {
            let _ = writeln!(out, "  {}", told(one));
        }
    }
    out
}

fn told(one: &Asked) -> String {
    let mut parts = Vec::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            parts.push(format!("{name} {}", line(value)));
        }
    };
    put("space", &one.space);
    put("channel", &one.channel);
    if one.channel_name != one.channel {
        put("called", &one.channel_name);
    }
    put("post", &one.post);
    put("account", &one.account);
    if one.account_name != one.account {
        put("shown as", &one.account_name);
    }
    put("file", &one.file);
    put("named", &one.file_name);
    put("sha256", &one.sha256);
    put("md5", &one.md5);
    match (one.from, one.to) {
        (Some(from), Some(to)) => parts.push(format!("{from} to {to}")),
        (Some(from), None) => parts.push(format!("from {from} on")),
        (None, Some(to)) => parts.push(format!("until {to}")),
        (None, None) => parts.push("time not known".to_owned()),
    }
    parts.join(", ")
}

/// Received text in one line.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { ' ' } else { c })
        .take(400)
        .collect()
}

/// Signed addresses by the time at which they stop to lead anywhere.
fn expiring(dossier: &Dossier) -> String {
    let channels: BTreeMap<&str, &Channel> =
        dossier.channels.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut rows: BTreeSet<(Timestamp, [String; 6])> = BTreeSet::new();
    for post in &dossier.posts {
        let channel = channels.get(post.channel.as_str());
        let place = |address: &str, name: &str, state: &str| {
            [
                address.to_owned(),
                name.to_owned(),
                state.to_owned(),
                channel.map(|channel| channel.platform.clone()).unwrap_or_default(),
                channel.map(|channel| channel.native_id.clone()).unwrap_or_default(),
                post.native_id.clone(),
            ]
        };
        for file in &post.attached {
            if let Some(at) = spread::expiry(&file.reference) {
                rows.insert((at, place(&file.reference, &file.name, file.state.says())));
            }
        }
        for link in spread::links(&post.text) {
            if let Some(at) = spread::expiry(&link.address) {
                rows.insert((at, place(&link.address, "", "an address in the words of a post")));
            }
        }
    }
    let mut out = String::new();
    row(&mut out, ["expires_utc", "address", "file_name", "state", "platform", "channel_id", "post_id"]);
    for (at, cells) in rows {
        row(&mut out, std::iter::once(at.to_string()).chain(cells));
    }
    out
}
