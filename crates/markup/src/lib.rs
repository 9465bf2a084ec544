//! maud's `html!` with its texts looked up when they are shown.
//!
//! Comes in: markup as maud takes it. Goes out: the same, with every text (what one is, `literals` knows) as a `texts::Text`, which
//! shows its translation, or itself where there is none. Crates that use it depend on `maud` and `texts`.
//!
//! Invariant: without a translation the same bytes come out as from `maud::html!`, and what a translator wrote is escaped.

use proc_macro::TokenStream as Tokens;
use proc_macro2::TokenStream;
use quote::quote;

/// Markup as maud has it, whose texts are shown in the language of the process.
#[proc_macro]
pub fn html(input: Tokens) -> Tokens {
    let input = TokenStream::from(input);
    // What is no markup is left to maud, which says why.
    let walked = literals::walk(input.clone(), &mut looked_up).unwrap_or(input);
    quote!(::maud::html! { #walked }).into()
}

fn looked_up(literal: &str) -> Option<TokenStream> {
    let (before, text, after) = literals::parted(literal)?;
    let escaped = escaped(text);
    Some(quote!({ #before (::texts::Text::new(#text, #escaped)) #after }))
}

/// As maud escapes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
