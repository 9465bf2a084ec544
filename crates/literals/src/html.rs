//! The texts of one `html!`: the grammar of maud, as far as it takes to know what a literal is.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Lit, Pat, Result, Stmt, Token, braced, token};

/// Attributes whose values people read or hear.
const READ: [&str; 6] = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];

/// Elements whose content is the same in every language: commands and ids.
const VERBATIM: [&str; 3] = ["code", "style", "script"];

/// Makes of a text what shall stand in its place; None leaves it as it is.
pub type Visit<'v> = &'v mut dyn FnMut(&str) -> Option<TokenStream>;

/// The tokens of an `html!` with each text replaced. What stands in for a text must be one piece of markup: a block or a splice.
/// Tokens that are no markup are an error.
pub fn walk(tokens: TokenStream, visit: Visit<'_>) -> Result<TokenStream> {
    let walk = |input: ParseStream| {
        let mut walk = Walk { out: TokenStream::new(), visit, read: true };
        walk.markups(input)?;
        Ok(walk.out)
    };
    walk.parse2(tokens)
}

struct Walk<'v> {
    out: TokenStream,
    visit: Visit<'v>,
    /// Whether literals here are read by people.
    read: bool,
}

impl Walk<'_> {
    fn markups(&mut self, input: ParseStream) -> Result<()> {
        while !input.is_empty() {
            self.markup(input)?;
        }
        Ok(())
    }

    fn markup(&mut self, input: ParseStream) -> Result<()> {
        if input.peek(token::Brace) {
            self.block(input)
        } else if input.peek(Lit) {
            self.literal(input)
        } else if input.peek(Token![@]) {
            self.control(input)
        } else if input.peek(Ident::peek_any) || input.peek(Token![.]) || input.peek(Token![#]) {
            self.element(input)
        } else {
            // A splice, or a semicolon.
            self.copy(input)
        }
    }

    /// One token or group as it is.
    fn copy(&mut self, input: ParseStream) -> Result<()> {
        self.out.append(input.parse::<TokenTree>()?);
        Ok(())
    }

    fn literal(&mut self, input: ParseStream) -> Result<()> {
        let literal: Lit = input.parse()?;
        let instead = match &literal {
            Lit::Str(text) if self.read => (self.visit)(&text.value()),
            _ => None,
        };
        match instead {
            Some(tokens) => self.out.extend(tokens),
            None => literal.to_tokens(&mut self.out),
        }
        Ok(())
    }

    fn block(&mut self, input: ParseStream) -> Result<()> {
        let content;
        let brace = braced!(content in input);
        self.inside(brace.span.join(), |walk| walk.markups(&content))
    }

    /// Does something whose tokens stand in braces.
    fn inside(&mut self, span: proc_macro2::Span, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let outer = std::mem::take(&mut self.out);
        work(self)?;
        let inner = std::mem::replace(&mut self.out, outer);
        let mut group = Group::new(proc_macro2::Delimiter::Brace, inner);
        group.set_span(span);
        self.out.append(group);
        Ok(())
    }

    fn element(&mut self, input: ParseStream) -> Result<()> {
        let name = if input.peek(Ident::peek_any) { self.name(input)? } else { String::new() };
        while input.peek(Ident::peek_any) || input.peek(Lit) || input.peek(Token![.]) || input.peek(Token![#])
        {
            self.attribute(input)?;
        }
        if !input.peek(token::Brace) {
            return self.copy(input);
        }
        let outer = self.read;
        self.read &= !VERBATIM.contains(&name.as_str());
        self.block(input)?;
        self.read = outer;
        Ok(())
    }

    /// "aria-label", and its tokens copied.
    fn name(&mut self, input: ParseStream) -> Result<String> {
        let mut name = String::new();
        loop {
            if input.peek(Ident::peek_any) {
                let part = input.call(Ident::parse_any)?;
                name.push_str(&part.to_string());
                part.to_tokens(&mut self.out);
            } else if input.peek(Lit) {
                self.copy(input)?;
            }
            if input.peek(Token![-]) {
                name.push('-');
            } else if input.peek(Token![:]) {
                name.push(':');
            } else {
                return Ok(name);
            }
            self.copy(input)?;
        }
    }

    fn attribute(&mut self, input: ParseStream) -> Result<()> {
        if input.peek(Token![.]) || input.peek(Token![#]) {
            self.copy(input)?;
            if input.peek(Ident::peek_any) || input.peek(Lit) {
                self.name(input)?;
            } else {
                self.copy(input)?;
            }
        } else {
            let name = self.name(input)?;
            if input.peek(Token![?]) {
                self.copy(input)?;
            }
            if input.peek(Token![=]) {
                self.copy(input)?;
                if !input.peek(token::Bracket) {
                    let outer = std::mem::replace(&mut self.read, READ.contains(&name.as_str()));
                    self.markup(input)?;
                    self.read = outer;
                }
            }
        }
        if input.peek(token::Bracket) {
            self.copy(input)?;
        }
        Ok(())
    }

    fn control(&mut self, input: ParseStream) -> Result<()> {
        self.copy(input)?;
        if input.peek(Token![let]) {
            input.parse::<Stmt>()?.to_tokens(&mut self.out);
            Ok(())
        } else if input.peek(Token![if]) {
            self.branches(input)
        } else if input.peek(Token![for]) {
            self.copy(input)?;
            Pat::parse_multi_with_leading_vert(input)?.to_tokens(&mut self.out);
            input.parse::<Token![in]>()?.to_tokens(&mut self.out);
            self.head(input)?;
            self.block(input)
        } else if input.peek(Token![match]) {
            self.copy(input)?;
            self.head(input)?;
            let content;
            let brace = braced!(content in input);
            self.inside(brace.span.join(), |walk| walk.arms(&content))
        } else {
            // `@while`.
            self.copy(input)?;
            self.head(input)?;
            self.block(input)
        }
    }

    fn head(&mut self, input: ParseStream) -> Result<()> {
        input.call(Expr::parse_without_eager_brace)?.to_tokens(&mut self.out);
        Ok(())
    }

    fn branches(&mut self, input: ParseStream) -> Result<()> {
        self.copy(input)?;
        self.head(input)?;
        self.block(input)?;
        if input.peek(Token![@]) && input.peek2(Token![else]) {
            self.copy(input)?;
            self.copy(input)?;
            if input.peek(Token![if]) {
                return self.branches(input);
            }
            self.block(input)?;
        }
        Ok(())
    }

    fn arms(&mut self, input: ParseStream) -> Result<()> {
        while !input.is_empty() {
            Pat::parse_multi_with_leading_vert(input)?.to_tokens(&mut self.out);
            if input.peek(Token![if]) {
                self.copy(input)?;
                input.parse::<Expr>()?.to_tokens(&mut self.out);
            }
            input.parse::<Token![=>]>()?.to_tokens(&mut self.out);
            self.markup(input)?;
            if input.peek(Token![,]) {
                self.copy(input)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    /// The texts of some markup, and the markup with each in brackets.
    fn walked(markup: &str) -> (Vec<String>, String) {
        let mut texts = Vec::new();
        let out = walk(TokenStream::from_str(markup).unwrap(), &mut |text| {
            texts.push(text.to_owned());
            Some(TokenStream::from_str("{ T }").unwrap())
        });
        (texts, out.unwrap().to_string())
    }

    #[track_caller]
    fn check(markup: &str, texts: &[&str], out: &str) {
        let (found, walked) = walked(markup);
        assert_eq!(found, texts);
        assert_eq!(walked, TokenStream::from_str(out).unwrap().to_string());
    }

    #[track_caller]
    fn none(markup: &str) {
        check(markup, &[], markup);
    }

    #[test]
    fn content_is_text() {
        check(r#""a""#, &["a"], "{ T }");
        check(r#"p { "a" (b) " c" }"#, &["a", " c"], "p { { T } (b) { T } }");
        check(r#"p .x #y { b { "in" } } br; "z""#, &["in", "z"], "p .x #y { b { { T } } } br; { T }");
        check(r#"{ "a" { "b" } }"#, &["a", "b"], "{ { T } { { T } } }");
        check(".note { \"a\\\n   b\" }", &["ab"], ".note { { T } }");
        check(r##"r#"a"#"##, &["a"], "{ T }");
    }

    #[test]
    fn read_attributes_are_text() {
        check(r#"nav aria-label="V" {}"#, &["V"], "nav aria-label={ T } {}");
        check(r#"img alt={ "a" (b) "c" };"#, &["a", "c"], "img alt={ { T } (b) { T } };");
        check(
            r#"input name="n" placeholder="p" title="t" required;"#,
            &["p", "t"],
            r#"input name="n" placeholder={ T } title={ T } required;"#,
        );
        check(
            r#"a aria-label={ @if x { "a" } @else { "b" } } {}"#,
            &["a", "b"],
            "a aria-label={ @if x { { T } } @else { { T } } } {}",
        );
    }

    #[test]
    fn other_attributes_are_not() {
        none(r##"a href="#main" class="x" id="y" data-title="z" type="text" value="v" name="n" {}"##);
        none(r#"a class={ "node v" (n) } href={ "/of/" (id) } {}"#);
        none(r#"path .{ "hop " (if a { "b" } else { "c" }) } d={ "M " (x) } {}"#);
        none(r#"a ."quoted class" #"id" .x[y] .{ "p-" (z) }[w] hidden[h] aria-label=[l] title=(t) {}"#);
        none(r#"meta http-equiv="Content-Security-Policy" content="default-src"; a xlink:href="x" {}"#);
        none(r#"a x-y-1="a";"#);
        // After one of them the content is text again.
        check(r#"a href="b" { "c" }"#, &["c"], r#"a href="b" { { T } }"#);
        check(r#"a title="b" href="c" {}"#, &["b"], r#"a title={ T } href="c" {}"#);
    }

    #[test]
    fn commands_are_not() {
        none(r#"code { "truecopy verify" b { "CASE" } }"#);
        check(r#"p { code .id { "a" } " b" }"#, &[" b"], r#"p { code .id { "a" } { T } }"#);
    }

    #[test]
    fn expressions_are_not() {
        none(r#"(f("a")) ("b") p { (html! { "c" }) }"#);
        none(r#"(DOCTYPE) ;"#);
        none(r#"@let a = "b"; @let c = if d { "e" } else { "f" };"#);
        none(r#"@if a == "b" && f("c") {}"#);
        none(r#"@if let Some("x") = match y { "z" => Some("x"), _ => None } {}"#);
        none(r#"@for (a, b) in [("c", "d"), ("e", "f")] {}"#);
        none(r#"@match a { "b" | "c" if d == "e" => {}, _ => (f), }"#);
        none(r#"@while let Some(S { a: "b", .. }) = c.next() {}"#);
    }

    #[test]
    fn blocks_of_control_are_text() {
        check(r#"@if a == "b" { "c" }"#, &["c"], r#"@if a == "b" { { T } }"#);
        check(
            r#"@if let S { a, .. } = s && let Some(b) = a { "1x" } @else if c { "2x" } @else { "3x" } "4x""#,
            &["1x", "2x", "3x", "4x"],
            "@if let S { a, .. } = s && let Some(b) = a { { T } } @else if c { { T } } @else { { T } } { T }",
        );
        check(r#"@for x in ["a"] { li { "b" (x) } }"#, &["b"], r#"@for x in ["a"] { li { { T } (x) } }"#);
        check(
            r#"@match a { Some("b") => "c", K::X { y } if y => p title="d" { "e" }, _ => { "f" } }"#,
            &["c", "d", "e", "f"],
            r#"@match a { Some("b") => { T }, K::X { y } if y => p title={ T } { { T } }, _ => { { T } } }"#,
        );
        check(
            r#"@match a { A => input type="x";, B => span { "s" }, }"#,
            &["s"],
            r#"@match a { A => input type="x";, B => span { { T } }, }"#,
        );
        check(r#"@while a { "b" }"#, &["b"], "@while a { { T } }");
        check(r#"@let a = "b"; "c""#, &["c"], r#"@let a = "b"; { T }"#);
    }

    #[test]
    fn what_is_left_stays() {
        let markup = r#"p title="a" { "b" 'c' }"#;
        let kept = walk(TokenStream::from_str(markup).unwrap(), &mut |_| None).unwrap();
        assert_eq!(kept.to_string(), TokenStream::from_str(markup).unwrap().to_string());
        assert!(
            walk(TokenStream::from_str("@if { p").unwrap_or_else(|_| quote::quote!(@for x)), &mut |_| None)
                .is_err()
        );
    }
}
