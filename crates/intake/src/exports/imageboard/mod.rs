//! Imageboards: 4chan's API and vichan's (`posts` with `no`), FoolFuuka's archives (`num`, every value a text), makaba
//! (`threads` of `posts` with `num`), lynxchan (`threadId`, `posts` with `postId`).
//!
//! Source of truth: github.com/4chan/4chan-API; vichan's `inc/api.php`; FoolFuuka's REST API documentation and
//! `Comment.php`; makaba's `api` pages of 2ch.hk; lynxchan's `doc/Json.txt`. Of 4chan's and vichan's no file says which
//! board it is from: its path may tell.

mod dialects;
mod post;

use std::collections::BTreeMap;
use std::io::{self, Read as _, SeekFrom};

use base64::Engine as _;
use model::{Channel, Span};

use self::dialects::{Lynx, Makaba};
use self::post::{Archived, Native};
use super::each::peek;
use super::reading::{Header, Reading, basename};
use super::shape::Shape;
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::json::{Choice, Outcome, Step, Visitor, walk};

/// Posts of more threads than this in one file are passed over.
const MOST_THREADS: usize = 100_000;

/// The format.
pub(super) struct Imageboard;

impl Format for Imageboard {
    fn name(&self) -> &'static str {
        "imageboard"
    }
    fn title(&self) -> &'static str {
        "Imageboard threads (4chan and vichan API, FoolFuuka, makaba, lynxchan)"
    }
    fn tells(&self) -> &'static str {
        "post numbers, times to the second and of uploads to the millisecond, quotes, MD5 of every file; not: the board (unless the path tells), who anonymous posters are, deleted posts"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Partly, Yes, Yes, No, No, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let own = ["time", "now", "resto"];
        let native = shape.has("posts/*/no") && own.iter().any(|key| shape.has(&format!("posts/*/{key}")));
        let archived = ["", "*/op/", "*/posts/*/", "posts/*/"].iter().any(|at| {
            let has = |key| shape.has(&format!("{at}{key}"));
            has("num") && (has("thread_num") || has("doc_id")) && (has("timestamp") || has("subnum"))
        });
        let lynx = shape.has("threadId") && shape.has_any(&["boardUri", "creation", "markdown"]);
        let makaba = shape.has("threads/*/posts/*/num") && shape.has("threads/*/posts/*/comment");
        native || archived || lynx || makaba
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let reading = Reading::new(self.name(), context, out);
        let mut head = Vec::new();
        (&mut *input).take(64 << 10).read_to_end(&mut head)?;
        input.seek(SeekFrom::Start(0))?;
        let shape = Shape::of(&head);
        let single = shape.has("num") || (shape.has("threadId") && !shape.has("posts"));
        let root = root_of(input)?;
        let mut body =
            Body { reading, board: board_of(context.path), threads: BTreeMap::new(), single, lynx: None };
        body.begin(&root)?;
        let outcome = walk(&mut &mut *input, &mut body)?;
        let Body { mut reading, threads, .. } = body;
        for (_, header) in threads {
            reading.listing(header, outcome == Outcome::Whole)?;
        }
        reading.finish(outcome)
    }
}

/// The board that a path tells: `…/board/thread/number…`, `…/board/res/number…`.
fn board_of(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let place = parts.windows(3).find(|w| {
        matches!(w[1], "thread" | "res") && !w[0].is_empty() && w[2].starts_with(|c: char| c.is_ascii_digit())
    });
    place.map(|w| w[0].to_owned())
}

/// What to call a thread whose board is not known: after its file, or its folder where the file's name tells nothing.
fn name_of(path: &str) -> String {
    let file = basename(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let folder =
        path.strip_suffix(file).map(|p| basename(p.trim_end_matches(['/', '\\']))).unwrap_or_default();
    let generic = matches!(stem, "thread" | "res" | "index" | "") || stem.bytes().all(|b| b.is_ascii_digit());
    if generic && !folder.is_empty() { folder.to_owned() } else { stem.to_owned() }
}

/// MD5 as the API writes it: Base64, with or without padding, either alphabet.
fn md5_hex(text: &str) -> Option<String> {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let safe: String = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE_NO_PAD.decode(safe).ok().filter(|bytes| bytes.len() == 16)?;
    Some(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

struct Body<'a> {
    reading: Reading<'a>,
    board: Option<String>,
    threads: BTreeMap<String, Header>,
    /// Whether the whole file is one post.
    single: bool,
    /// The thread that lynxchan's file is of.
    lynx: Option<String>,
}

/// What stands at the root of a lynxchan's or makaba's file beside its posts, as one object: the first post of the one,
/// the board of the other. It may take 1 MiB.
fn root_of(input: &mut dyn Input) -> io::Result<Vec<u8>> {
    let mut object = b"{".to_vec();
    let choose = |path: &[Step], _first: u8| match path {
        [] => Choice::Enter,
        [key] if key.is("posts") || key.is("threads") => Choice::Skip,
        [_] => Choice::Take,
        _ => Choice::Skip,
    };
    peek(input, &choose, &mut |path, bytes| {
        let [Step::Key(key)] = path else { return };
        if object.len() + bytes.len() < 1 << 20 {
            if object.len() > 1 {
                object.push(b',');
            }
            object.extend(serde_json::Value::from(key.as_str()).to_string().bytes());
            object.push(b':');
            object.extend(bytes);
        }
    })?;
    object.push(b'}');
    Ok(object)
}

impl Body<'_> {
    /// The thread `number` of `board`; None if there are too many.
    fn thread(&mut self, board: Option<&str>, number: &str) -> Option<&mut Header> {
        let board = board.or(self.board.as_deref());
        let native_id = format!("{}/{number}", board.unwrap_or("?"));
        if self.threads.len() >= MOST_THREADS && !self.threads.contains_key(&native_id) {
            return None;
        }
        let path = self.reading.context.path;
        Some(self.threads.entry(native_id.clone()).or_insert_with(|| {
            let name = board.map_or_else(|| name_of(path), |board| format!("/{board}/ {number}"));
            let space = board.map(|board| format!("/{board}/"));
            Header {
                platform: "imageboard",
                native_id,
                name,
                space,
                kind: Some("thread".to_owned()),
                ..Header::default()
            }
        }))
    }

    /// Takes the board, and lynxchan's first post, from the root.
    fn begin(&mut self, root: &[u8]) -> io::Result<()> {
        if let Ok(place) = serde_json::from_slice::<dialects::Root>(root) {
            self.board = place.board().map(str::to_owned).or(self.board.take());
        }
        let Ok(first) = serde_json::from_slice::<Lynx>(root) else { return Ok(()) };
        let Some(number) = first.begins().filter(|_| !self.single) else { return Ok(()) };
        self.lynx = Some(number.clone());
        let Some(header) = self.thread(None, &number) else { return Ok(()) };
        let channel = Channel::id_of("imageboard", &header.native_id);
        let Some(post) = first.post(channel, &header.native_id) else { return Ok(()) };
        header.read += 1;
        // Its fields stand around all other posts.
        self.keep(post, Span { start: 0, length: 1 }).map(|_| ())
    }

    fn lynx(&mut self, post: &Lynx, span: Span) -> io::Result<bool> {
        let Some(number) = self.lynx.clone().or_else(|| post.begins()) else { return Ok(false) };
        let Some(header) = self.thread(None, &number) else { return Ok(true) };
        let channel = Channel::id_of("imageboard", &header.native_id);
        let Some(post) = post.post(channel, &header.native_id) else { return Ok(false) };
        header.read += 1;
        self.keep(post, span)
    }

    fn makaba(&mut self, post: &Makaba, span: Span) -> io::Result<bool> {
        let Some(number) = post.thread() else { return Ok(false) };
        let Some(header) = self.thread(None, &number) else { return Ok(true) };
        let channel = Channel::id_of("imageboard", &header.native_id);
        let Some(post) = post.post(channel, &header.native_id) else { return Ok(false) };
        header.read += 1;
        self.keep(post, span)
    }

    fn native(&mut self, post: &Native, span: Span) -> io::Result<bool> {
        let Some(number) = post.thread() else { return Ok(false) };
        let Some(header) = self.thread(None, &number) else { return Ok(true) };
        header.declared = header.declared.or(post.declared_posts());
        let channel = Channel::id_of("imageboard", &header.native_id);
        let Some(post) = post.post(channel, &header.native_id) else { return Ok(false) };
        header.read += 1;
        self.keep(post, span)
    }

    fn archived(&mut self, post: &Archived, span: Span) -> io::Result<bool> {
        let Some(number) = post.thread() else { return Ok(false) };
        let Some(header) = self.thread(post.board(), &number) else { return Ok(true) };
        let channel = Channel::id_of("imageboard", &header.native_id);
        let Some(post) = post.post(channel, &header.native_id) else { return Ok(false) };
        header.read += 1;
        self.keep(post, span)
    }

    fn keep(&mut self, post: model::Post, span: Span) -> io::Result<bool> {
        if post.posted.is_empty() {
            self.reading.trouble(model::Code::TimeUnknown, || format!("post {}", post.native_id))?;
        }
        let floating = post.posted.iter().any(|when| when.zone == model::Zone::Unknown);
        self.reading.record(post, span, floating)?;
        Ok(true)
    }
}

/// Whether a value at `path` is a post.
fn is_post(path: &[Step]) -> bool {
    match path {
        [posts, _] => posts.is("posts") || path[1].is("op"),
        [_, posts, _] => posts.is("posts"),
        [threads, _, posts, _] => threads.is("threads") && posts.is("posts"),
        _ => false,
    }
}

impl Visitor for Body<'_> {
    fn choose(&mut self, path: &[Step], first: u8) -> Choice {
        match path {
            _ if !matches!(first, b'{' | b'[') => Choice::Skip,
            [] if self.single => Choice::Take,
            [] => Choice::Enter,
            _ if is_post(path) => Choice::Take,
            [_] => Choice::Enter,
            [_, posts] if posts.is("posts") => Choice::Enter,
            [threads, _] if threads.is("threads") => Choice::Enter,
            [threads, _, posts] if threads.is("threads") && posts.is("posts") => Choice::Enter,
            _ => Choice::Skip,
        }
    }
    fn value(&mut self, _path: &[Step], bytes: &[u8], span: Span) -> io::Result<bool> {
        let mut spare = Vec::new();
        if let Some(post) = self.reading.parse::<Native>(bytes, &mut spare) {
            return self.native(&post, span);
        }
        if let Some(post) = self.reading.parse::<Makaba>(bytes, &mut spare).filter(Makaba::is_one) {
            return self.makaba(&post, span);
        }
        if let Some(post) = self.reading.parse::<Archived>(bytes, &mut spare) {
            return self.archived(&post, span);
        }
        match self.reading.parse::<Lynx>(bytes, &mut spare) {
            Some(post) => self.lynx(&post, span),
            None => Ok(false),
        }
    }
    fn beginnings(&self, path: &[Step]) -> &'static [[&'static str; 2]] {
        const KNOWN: &[[&str; 2]] = &[
            ["no", "now"],
            ["no", "sticky"],
            ["no", "closed"],
            ["no", "com"],
            ["no", "sub"],
            ["no", "name"],
            ["no", "time"],
            ["no", "resto"],
            ["doc_id", "poster_ip"],
            ["doc_id", "num"],
            ["banned", "closed"],
            ["name", "signedRole"],
        ];
        if is_post(path) { KNOWN } else { &[] }
    }
    fn damage(&mut self, span: Span, why: &str) -> io::Result<()> {
        self.reading.damage(span, why)
    }
}
