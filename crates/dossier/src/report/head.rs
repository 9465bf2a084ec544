use maud::Markup;
use texts::{filled, html, say};

use super::book::Book;
use super::shown::{name, number, plain, words};
use super::{Context, section};

pub(crate) fn head(book: &Book, context: &Context) -> Markup {
    let case = &book.dossier.case;
    html! {
        header {
            p .kicker { "Truecopy dossier" }
            h1 { (name(&case.name)) }
            @if !case.purpose.trim().is_empty() { p .purpose { (words(&case.purpose)) } }
            p .lead {
                "Which pictures show the same sheet, where each was first seen, and how it spread, as far as the files \
                 in this case tell. Every line leads back to the bytes it rests on."
            }
            (counts(book))
            dl .meta {
                div { dt { "Made" } dd { (plain(&context.made_at, 60)) } }
                div { dt { "Program" } dd { "Truecopy " (plain(&context.version, 40)) } }
                div {
                    dt { "Custody log" }
                    dd { (number(context.custody_entries)) " entries, head " code { (plain(&context.custody_head, 64)) } }
                }
            }
        }
    }
}

/// All of R7, always together: public counts disagree because files, images and sheets get mixed.
pub(crate) fn counts(book: &Book) -> Markup {
    let counts = &book.dossier.counts;
    let several = filled("{n} different contents", &[("n", &number(counts.contents))]);
    let figures = [
        (counts.files, say("files"), several.as_str()),
        (counts.images, say("images"), say("different image files decoded")),
        (counts.documents, say("documents"), say("different PDF files rendered")),
        (counts.pictures, say("pictures"), say("sheets seen on images and pages")),
        (counts.sheets, say("sheets"), say("families of pictures")),
        (counts.channels, say("channels"), say("chats and threads included")),
        (counts.posts, say("posts"), say("each once over all exports")),
        (counts.accounts, say("accounts"), say("as the platforms name them")),
        (counts.unseen, say("unseen"), say("named by posts, not held")),
        (counts.problems, say("problems"), say("not received or not read")),
        (counts.notes, say("notes"), say("worth knowing, nothing lost")),
    ];
    html! {
        dl .counts aria-label="What was counted" {
            @for (count, what, says) in figures {
                div { dt { (what) span { (says) } } dd { (number(count)) } }
            }
        }
    }
}

pub(crate) fn limits(book: &Book) -> Markup {
    section(
        "limits",
        "What this report can and cannot say",
        html! {
            ul .limits {
                li { "It observes and cites. It gives no verdict on any picture, document or person." }
                li {
                    "An unaltered document, an unaltered picture of it and correct content are three different questions. \
                     That pictures show the same sheet answers none of them."
                }
                li {
                    "“First” is first in this material: with more exports it can only move back. Where the possible times \
                     of posts overlap, the order is undecided, and it is said so."
                }
                li {
                    "Times are UTC, as intervals, with the words they were read from beside them. An account is what a \
                     platform calls a user, not a person."
                }
                li {
                    "What was read from pictures is not without errors; read the picture before you quote it. See "
                    a href=(book.section("method")) { "method and limits" } "."
                }
            }
        },
    )
}
