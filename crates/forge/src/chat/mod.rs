//! Channels and what was posted in them, and the files their exporters leave behind.

pub mod discord;
pub mod imageboard;
pub mod telegram;

use crate::clock::Moment;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The platform a channel belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// A text channel of a Discord guild, exported by DiscordChatExporter as JSON with media.
    Discord,
    /// A Telegram channel, exported by Telegram Desktop as JSON with photos.
    Telegram,
    /// One imageboard thread, saved as the JSON of the 4chan API with its files.
    Imageboard,
}

impl Platform {
    /// Its name in `truth.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Telegram => "telegram",
            Self::Imageboard => "4chan",
        }
    }
}

/// A picture put into a post.
#[derive(Debug, Clone)]
pub struct Attached {
    /// The copy it is, as `truth.json` names it.
    pub copy: String,
    /// File name the poster's machine gave it.
    pub name: String,
    /// The file.
    pub bytes: Arc<[u8]>,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// False: the export refers to it but does not hold it.
    pub held: bool,
}

/// Where a forwarded post came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Which of the leak's channels.
    pub channel: usize,
    /// Its number there, as the platform writes it.
    pub post: String,
    /// When it was posted there.
    pub when: Moment,
    /// What it said there.
    pub text: String,
}

/// One post.
#[derive(Debug, Clone)]
pub struct Post {
    /// The number the platform gave it.
    pub native: String,
    /// When.
    pub when: Moment,
    /// Who.
    pub account: String,
    /// What it says.
    pub text: String,
    /// Its picture. A forwarded post's picture is the forwarded one.
    pub picture: Option<Attached>,
    /// The post of the same channel it answers, by place.
    pub reply_to: Option<usize>,
    /// The post it forwards.
    pub forwards: Option<Origin>,
}

/// One channel, its posts in order of time.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Platform.
    pub platform: Platform,
    /// Name without any mark; for a thread, board and number, as "k-611204".
    pub name: String,
    /// Guild, where there is one.
    pub guild: String,
    /// Number of the channel on its platform.
    pub id: u64,
    /// Number of the guild.
    pub guild_id: u64,
    /// The posts.
    pub posts: Vec<Post>,
}

impl Channel {
    /// The folder of its export, relative to the leak.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("exports/{}/{}", self.platform.name(), self.name.replace(' ', "_"))
    }

    /// The number of its `place`-th post, sent at `when`.
    #[must_use]
    pub fn number(&self, place: usize, when: Moment) -> String {
        match self.platform {
            Platform::Discord => discord::snowflake(when, self.id ^ place as u64).to_string(),
            Platform::Telegram => (1200 + place + place / 9).to_string(),
            Platform::Imageboard => (self.thread() + 11 * place as u64).to_string(),
        }
    }

    /// Number of the first post of a thread: what follows the last "-" of its name.
    #[must_use]
    pub fn thread(&self) -> u64 {
        self.name.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(1)
    }

    /// Writes the export below `root`. Returns for each post the path of its picture relative to `root`, if it is held.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn export(&self, all: &[Self], root: &Path) -> io::Result<Vec<Option<String>>> {
        match self.platform {
            Platform::Discord => discord::export(self, all, root),
            Platform::Telegram => telegram::export(self, all, root),
            Platform::Imageboard => imageboard::export(self, root),
        }
    }
}

/// Writes `bytes` at `path` below `root`, making folders as needed.
///
/// # Errors
/// If it cannot be written.
pub fn put(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let full = root.join(path);
    if let Some(folder) = full.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(full, bytes)
}
