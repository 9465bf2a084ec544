//! A heap: very many posts in many channels, few of which carry pictures, as whoever keeps whole channels has them. Written
//! channel by channel in bounded memory.
//!
//! Posts come in bursts. Some answer a post before them, a few of these one that nobody has any more; some forward a post
//! of another channel, or have an address in them. The pictures are small ones of few sheets, the same bytes again and again.

use crate::chat::{Attached, Channel, Origin, Platform, Post, discord, put, telegram};
use crate::clock::{Day, Moment};
use crate::raster::jpeg;
use crate::rng::Rng;
use crate::typeset::{Look, sheet};
use crate::words;
use image::imageops::{self, FilterType};
use serde::Serialize;
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// What a heap is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// Seed.
    pub seed: u64,
    /// Posts in all channels together.
    pub posts: u64,
    /// Channels.
    pub channels: usize,
    /// Sheets that pictures show.
    pub sheets: usize,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { seed: 7, posts: 1_000_000, channels: 200, sheets: 200 }
    }
}

/// What was written, as `truth.json` has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Posts.
    pub posts: u64,
    /// Channels.
    pub channels: u64,
    /// Sheets.
    pub sheets: u64,
    /// Posts that carry a picture.
    pub pictures: u64,
    /// Posts that answer a post of the heap.
    pub answers: u64,
    /// Different posts that are answered and are in no export.
    pub lost: u64,
    /// Posts that forward a post of the heap.
    pub forwards: u64,
}

/// First and last day of the story.
const FIRST: Day = Day::new(2021, 2, 1);
const DAYS: i64 = 1500;
/// Posts of its own channel that a post may answer, and posts that other channels may forward.
const RECENT: usize = 48;
const KNOWN: usize = 64;
/// Posts for one with a picture.
const BARE: u64 = 400;
const MINUTES: f64 = 1440.0;

/// Writes a heap below `out`: `exports`, `truth.json`.
///
/// # Errors
/// If something cannot be written.
pub fn write(recipe: &Recipe, out: &Path) -> io::Result<Truth> {
    let rng = Rng::new(recipe.seed);
    let places = channels(recipe);
    let mut heap = Heap {
        pictures: pictures(&mut rng.fork("sheets"), recipe.sheets)?,
        texts: texts(&mut rng.fork("texts")),
        one_in: BARE.min(recipe.posts / (2 * recipe.sheets.max(1) as u64) + 1),
        forwardable: Vec::new(),
        truth: Truth { channels: places.len() as u64, sheets: recipe.sheets as u64, ..Truth::default() },
        places: &places,
        out,
    };
    for (k, count) in shares(recipe.posts, places.len()).into_iter().enumerate() {
        heap.channel(k, count, &mut rng.fork(&format!("channel {k}")))?;
    }
    put(out, "truth.json", &serde_json::to_vec_pretty(&heap.truth)?)?;
    Ok(heap.truth)
}

/// How many posts each channel has: few have most.
fn shares(posts: u64, channels: usize) -> Vec<u64> {
    let weight = |k: usize| 1.0 / (k as f64 + 4.0);
    let whole: f64 = (0..channels).map(weight).sum();
    let mut shares: Vec<u64> = (0..channels).map(|k| (posts as f64 * weight(k) / whole) as u64).collect();
    let missing = posts - shares.iter().sum::<u64>();
    if let Some(first) = shares.first_mut() {
        *first += missing;
    }
    shares
}

/// Two of three on Discord, five to a guild; the others on Telegram.
fn channels(recipe: &Recipe) -> Vec<Channel> {
    let one = |k: usize| {
        let discord = k % 3 != 2;
        Channel {
            platform: if discord { Platform::Discord } else { Platform::Telegram },
            name: format!("{}-{k}", ["harbour", "quay", "lamp", "mooring", "keel"][k % 5]),
            guild: format!("Guild {}", k / 5),
            id: if discord { 900_000_000_000_000_000 } else { 1_500_000_000 } + 7919 * k as u64,
            guild_id: 800_000_000_000_000_000 + k as u64 / 5,
            posts: Vec::new(),
        }
    };
    (0..recipe.channels).map(one).collect()
}

/// A small JPEG of each sheet.
fn pictures(rng: &mut Rng, sheets: usize) -> io::Result<Vec<Attached>> {
    let looks = [Look::Memo, Look::Cable, Look::Letter, Look::Minutes];
    let one = |k: usize| {
        let drawn = sheet(rng, looks[k % looks.len()]).raster();
        let size = (drawn.width() * 2 / 5, drawn.height() * 2 / 5);
        let small = imageops::resize(&drawn, size.0, size.1, FilterType::Triangle);
        let bytes: Arc<[u8]> = jpeg(&small, 72).map_err(io::Error::other)?.into();
        Ok(Attached { copy: format!("s{k}"), name: format!("page{k}.jpg"), bytes, size, held: true })
    };
    (0..sheets).map(one).collect()
}

fn texts(rng: &mut Rng) -> Vec<String> {
    (0..2000).map(|_| words::Affair::new(rng).sentence(rng)).collect()
}

/// What is written, and what may be forwarded of it.
struct Heap<'a> {
    pictures: Vec<Attached>,
    texts: Vec<String>,
    /// One post in so many carries a picture.
    one_in: u64,
    forwardable: Vec<Origin>,
    truth: Truth,
    places: &'a [Channel],
    out: &'a Path,
}

/// One channel while it is written.
struct Line {
    file: BufWriter<File>,
    accounts: Vec<String>,
    /// The channel with its latest posts: the last one stands for one that is lost.
    place: Channel,
    recent: VecDeque<Post>,
    when: Moment,
    /// Minutes from post to post within a burst, and between bursts.
    within: f64,
    between: f64,
}

impl Heap<'_> {
    fn channel(&mut self, k: usize, count: u64, rng: &mut Rng) -> io::Result<()> {
        let place = self.places[k].clone();
        let discord = place.platform == Platform::Discord;
        let folder = self.out.join(place.folder());
        fs::create_dir_all(&folder)?;
        let file = if discord { discord_file(&place) } else { "result.json".to_owned() };
        let begun = rng.between(0, DAYS / 3);
        let mean = (DAYS - begun) as f64 * MINUTES / count.max(1) as f64;
        let within = (mean / 4.0).min(1.5);
        let mut line = Line {
            file: BufWriter::new(File::create(folder.join(file))?),
            accounts: (0..30 + 3 * k % 40)
                .map(|_| words::person(rng).name.to_lowercase().replace(' ', "."))
                .collect(),
            recent: VecDeque::new(),
            when: Moment::noon(FIRST.plus(begun)),
            within,
            between: (mean - 0.92 * within) / 0.08,
            place,
        };
        let head = if discord {
            discord::head(&line.place.guild, line.place.guild_id, &line.place.name, line.place.id)
        } else {
            telegram::head(&line.place.name, line.place.id)
        };
        line.file.write_all(head.as_bytes())?;
        for n in 0..count {
            self.post(&mut line, k, n, rng)?;
        }
        let tail = if discord { format!("\n],\"messageCount\":{count}}}\n") } else { "\n]}\n".to_owned() };
        line.file.write_all(tail.as_bytes())?;
        line.file.flush()
    }

    fn post(&mut self, line: &mut Line, k: usize, n: u64, rng: &mut Rng) -> io::Result<()> {
        let pause = if rng.chance(0.92) { line.within } else { line.between };
        line.when = line.when.plus_minutes(pause * rng.range(0.1, 1.9) + 0.001);
        let native = line.place.number(n as usize, line.when);
        let mut post = Post {
            native,
            when: line.when,
            account: rng.pick(&line.accounts).clone(),
            text: rng.pick(&self.texts).clone(),
            picture: None,
            reply_to: None,
            forwards: None,
        };
        self.adorn(line, n, &mut post, rng);
        line.place.posts = Vec::new();
        if let Some(answered) = post.reply_to.and_then(|back| line.recent.get(back)) {
            // Now and then it answers one that the channel counted and that nobody has.
            let mut answered = answered.clone();
            if rng.chance(0.01) {
                answered.native = lost(&line.place, &answered);
                self.truth.lost += 1;
            } else {
                self.truth.answers += 1;
            }
            line.place.posts = vec![answered];
            post.reply_to = Some(0);
        }
        let separator = if n > 0 { ",\n" } else { "\n" };
        line.file.write_all(separator.as_bytes())?;
        let (place, all) = (&line.place, self.places);
        if place.platform == Platform::Discord {
            let file = discord_file(place);
            serde_json::to_writer(&mut line.file, &discord::said(place, &post, all, &file, self.out)?.0)?;
        } else {
            let said = telegram::said(place, &post, n as usize, all, self.out)?;
            serde_json::to_writer(&mut line.file, &said.0)?;
        }
        self.truth.posts += 1;
        self.truth.pictures += u64::from(post.picture.is_some());
        self.remember(line, k, post, rng);
        Ok(())
    }

    /// A picture, an answer, a forward or an address.
    fn adorn(&mut self, line: &Line, n: u64, post: &mut Post, rng: &mut Rng) {
        if !self.pictures.is_empty() && rng.below(self.one_in as usize) == 0 {
            // Sheets come up one after another, and are shown most soon after.
            let days = (post.when.0 - Moment::noon(FIRST).0) as f64 / (60_000.0 * MINUTES);
            let out = ((days / DAYS as f64).clamp(0.0, 1.0) * self.pictures.len() as f64) as usize + 1;
            let back = (rng.unit().powi(3) * out as f64) as usize;
            post.picture = self.pictures.get(out.saturating_sub(1 + back)).cloned();
            return;
        }
        match rng.below(100) {
            0..15 if !line.recent.is_empty() => post.reply_to = Some(rng.below(line.recent.len())),
            15..18 => post.text = format!("{} https://example.org/{n}", post.text),
            18..20 if !self.forwardable.is_empty() => {
                let origin = rng.pick(&self.forwardable).clone();
                let same = self.places[origin.channel].platform == line.place.platform;
                if origin.when < post.when && same {
                    post.text = origin.text.clone();
                    post.forwards = Some(origin);
                    self.truth.forwards += 1;
                }
            }
            _ => {}
        }
    }

    fn remember(&mut self, line: &mut Line, k: usize, post: Post, rng: &mut Rng) {
        if post.forwards.is_none() && post.picture.is_none() && rng.chance(0.01) {
            let origin =
                Origin { channel: k, post: post.native.clone(), when: post.when, text: post.text.clone() };
            if self.forwardable.len() < KNOWN {
                self.forwardable.push(origin);
            } else {
                self.forwardable[rng.below(KNOWN)] = origin;
            }
        }
        line.recent.push_back(post);
        if line.recent.len() > RECENT {
            line.recent.pop_front();
        }
    }
}

/// A number near that of a post that no post of the channel has.
fn lost(place: &Channel, post: &Post) -> String {
    match place.platform {
        Platform::Discord => discord::snowflake(post.when.plus_minutes(0.0005), 0x2a_aaaa).to_string(),
        // Every ninth number is left out.
        _ => {
            let number: usize = post.native.parse().unwrap_or_default();
            let place = number.saturating_sub(1200) / 10;
            (1200 + 10 * place + 9).to_string()
        }
    }
}

fn discord_file(place: &Channel) -> String {
    format!("{} - Text Channels - {} [{}].json", place.guild, place.name, place.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heap_is_what_its_truth_says() {
        let recipe = Recipe { posts: 3000, channels: 6, sheets: 3, ..Recipe::default() };
        let folder = std::env::temp_dir().join(format!("forge-heap-{}", std::process::id()));
        let truth = write(&recipe, &folder).unwrap();
        let (mut posts, mut pictures) = (0, 0);
        for place in channels(&recipe) {
            let discord = place.platform == Platform::Discord;
            let file = if discord { discord_file(&place) } else { "result.json".to_owned() };
            let path = folder.join(place.folder()).join(file);
            let read: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            let messages = read["messages"].as_array().unwrap();
            posts += messages.len() as u64;
            let carries = |m: &&serde_json::Value| {
                m["attachments"].as_array().is_some_and(|a| !a.is_empty()) || m["photo"].is_string()
            };
            pictures += messages.iter().filter(carries).count() as u64;
            let ids: std::collections::BTreeSet<String> =
                messages.iter().map(|m| m["id"].to_string()).collect();
            assert_eq!(ids.len(), messages.len(), "{}", place.name);
        }
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((posts, pictures), (truth.posts, truth.pictures));
        assert!(truth.posts == 3000 && truth.pictures > 0 && truth.forwards > 0, "{truth:?}");
        assert!(truth.lost > 0 && truth.answers > truth.lost, "{truth:?}");
    }
}
