//! Forms by which analysts act: each asks for a reason.

use maud::Markup;
use texts::{html, say};

use crate::people::Person;

/// A field of a form.
pub(crate) enum Field<'a> {
    /// Goes along unseen: name and value.
    Given(&'a str, &'a str),
    /// A line of text: name, label, whether it must be filled in.
    Line(&'a str, &'static str, bool),
    /// One of several: name, label, values with their words.
    One(&'a str, &'static str, Vec<(String, String)>),
    /// Any of several: name, legend, values with their words.
    Any(&'a str, &'static str, Vec<(String, String)>),
}

/// A folded form for an act, for those who may act. `words` stand on its button too.
pub(crate) fn act(
    who: &Person,
    deed: &str,
    words: &'static str,
    says: &'static str,
    fields: &[Field],
) -> Markup {
    if !who.may_act() {
        return html! {};
    }
    html! {
        details .deed {
            summary { (say(words)) }
            form autocomplete="off" .act method="post" action="/act" data-act=(deed) {
                @if !says.is_empty() { p .note { (say(says)) } }
                input type="hidden" name="do" value=(deed);
                @for field in fields { (drawn(field)) }
                label .field { span { "Reason" } textarea name="reason" rows="2" required {} }
                button type="submit" { (say(words)) }
            }
        }
    }
}

fn drawn(field: &Field) -> Markup {
    html! {
        @match field {
            Field::Given(name, value) => input type="hidden" name=(name) value=(value);,
            Field::Line(name, label, needed) => label .field { span { (say(label)) } input name=(name) required[*needed]; },
            Field::One(name, label, values) => label .field {
                span { (say(label)) }
                select name=(name) { @for (value, words) in values { option value=(value) { (words) } } }
            },
            Field::Any(name, legend, values) => fieldset {
                legend { (say(legend)) }
                @for (value, words) in values { label .check { input type="checkbox" name=(name) value=(value); (words) } }
            },
        }
    }
}
