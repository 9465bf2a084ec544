/// A file for no language, made of the list of all texts: each stands in brackets, `⟦Sheets⟧`. A page that is shown with it tells
/// at a glance what is not looked up.
pub fn bracketed(list: &str) -> String {
    let mut out = String::new();
    let (mut one, mut many) = ("", "");
    for line in list.lines() {
        let of = |start: &str| line.strip_prefix(start).and_then(|rest| rest.strip_suffix('"'));
        let line = if let Some(text) = of("msgid \"") {
            (one, many) = (text, "");
            line.to_owned()
        } else if let Some(text) = of("msgid_plural \"") {
            many = text;
            line.to_owned()
        } else {
            match line {
                "msgstr \"\"" if !one.is_empty() => format!("msgstr \"⟦{one}⟧\""),
                "msgstr[0] \"\"" => format!("msgstr[0] \"⟦{one}⟧\""),
                "msgstr[1] \"\"" => format!("msgstr[1] \"⟦{many}⟧\""),
                "\"Language: \\n\"" => "\"Language: qaa\\n\"".to_owned(),
                "\"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n\"" => {
                    "\"Plural-Forms: nplurals=2; plural=n!=1;\\n\"".to_owned()
                }
                // The list as a whole is marked so.
                "#, fuzzy" => continue,
                _ => line.to_owned(),
            }
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn every_text_stands_in_brackets() {
        let list = "#, fuzzy\nmsgid \"\"\nmsgstr \"\"\n\"Language: \\n\"\n\"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n\"\n\nmsgid \"A\"\nmsgstr \"\"\n\n\
                    msgid \"b\"\nmsgid_plural \"bs\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n";
        let language = Language::parse("a", &bracketed(list)).unwrap();
        assert_eq!(
            (language.say("A"), language.count(1, "b"), language.count(2, "b")),
            ("⟦A⟧", Some("⟦b⟧"), Some("⟦bs⟧"))
        );
    }
}
