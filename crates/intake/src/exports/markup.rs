//! What imageboards and Mastodon write as a post's body, as plain text. Not a browser: tags are dropped, line breaks kept,
//! entities resolved.

/// A link to a post, as its text shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// The board and thread it leads to, where the link says so.
    pub thread: Option<(String, String)>,
    /// The post's number.
    pub number: String,
}

/// Text, and the posts it links to in their order.
pub(super) fn plain(html: &str) -> (String, Vec<Quote>) {
    let mut text = String::with_capacity(html.len());
    let mut quotes = Vec::new();
    let mut link: Option<(&str, usize)> = None; // where it leads, where its text begins
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (character, length) = entity(rest);
            text.push(character);
            rest = &rest[length..];
            continue;
        }
        let Some(end) = rest.find('>').filter(|_| is_tag(rest)) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name =
            tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "br" => text.push('\n'),
            "/p" | "/div" | "/blockquote" if !rest.is_empty() && !text.ends_with('\n') => text.push('\n'),
            "a" => link = Some((attribute(tag, "href"), text.len())),
            "/a" => quotes.extend(link.take().and_then(|(href, start)| quote(href, text.get(start..)?))),
            _ => {}
        }
    }
    text.push_str(rest);
    (text, quotes)
}

/// Posts that a plain text refers to by `>>number`.
pub(super) fn quoted_in(text: &str) -> Vec<Quote> {
    text.match_indices(">>").filter_map(|(at, _)| quote("", &text[at..])).collect()
}

/// Resolves the entities of a text without tags.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let (character, length) = entity(&rest[at..]);
        out.push(character);
        rest = &rest[at + length..];
    }
    out + rest
}

fn is_tag(rest: &str) -> bool {
    rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let Some(at) = tag.find(&format!(" {name}=")) else { return "" };
    let value = &tag[at + name.len() + 2..];
    match value.chars().next() {
        Some(mark @ ('"' | '\'')) => value[1..].split(mark).next().unwrap_or_default(),
        _ => value.split_whitespace().next().unwrap_or_default(),
    }
}

/// `>>123` or `>>>/board/123`, led to by `#p123`, `/board/thread/100#p123` or `/board/res/100.html#123`.
fn quote(href: &str, text: &str) -> Option<Quote> {
    let shown = text.strip_prefix(">>")?.trim_start_matches('>');
    let shown = shown.trim_start_matches(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let number = Some(digits(shown)).filter(|number| !number.is_empty() && number.len() <= 20)?;
    let parts: Vec<&str> = href.split('#').next().unwrap_or_default().split('/').collect();
    let thread = parts.windows(3).find(|w| matches!(w[1], "thread" | "res") && !w[0].is_empty());
    let thread = thread.map(|w| (w[0].to_owned(), digits(w[2]))).filter(|(_, number)| !number.is_empty());
    Some(Quote { thread, number })
}

/// The character that the entity at the start of `text` stands for, and how long it is.
fn entity(text: &str) -> (char, usize) {
    let as_it_is = ('&', 1);
    let Some(end) = text.bytes().take(12).position(|b| b == b';') else { return as_it_is };
    let name = &text[1..end];
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        },
        None => match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{A0}'),
            "hellip" => Some('…'),
            "mdash" => Some('—'),
            "ndash" => Some('–'),
            _ => None,
        }
        .map(u32::from),
    };
    match code.and_then(char::from_u32).filter(|c| *c != '\0') {
        Some(character) => (character, end + 1),
        None => as_it_is,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let check = |html: &str, expected: &str| assert_eq!(plain(html).0, expected);
        check("a<br>b<br/>c &gt; d &#039;e&#x27; &amp;amp; &bogus; &", "a\nb\nc > d 'e' &amp; &bogus; &");
        check("<span class=\"quote\">&gt;x</span><wbr>y", ">xy");
        check("1 < 2 <3 <s>spoiler</s>", "1 < 2 <3 spoiler");
        check("<p class=\"body-line\">one</p><p class=\"body-line\">two</p>", "one\ntwo");
        check("<a href", "<a href");
        check("", "");
    }

    #[test]
    fn links_to_posts_are_found() {
        let html = "<a href=\"#p12\" class=\"quotelink\">&gt;&gt;12</a> \
                    <a onclick=\"highlightReply('3', event);\" href=\"/lain/res/1.html#3\">&gt;&gt;3</a> \
                    <a href=\"/b/thread/1#p2\" class=\"quotelink\">&gt;&gt;&gt;/b/2</a> <a href=\"http://x\">x</a>";
        let thread = |board: &str| Some((board.to_owned(), "1".to_owned()));
        let expected = [(None, "12"), (thread("lain"), "3"), (thread("b"), "2")];
        let got: Vec<_> = plain(html).1.into_iter().map(|q| (q.thread, q.number)).collect();
        assert_eq!(got, expected.map(|(t, n)| (t, n.to_owned())));
        assert_eq!(quoted_in("x >>12 y").len(), 1);
    }
}
