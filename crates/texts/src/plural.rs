//! Plural rules as gettext writes them: `nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2`.

/// How deep a rule may be nested.
const DEEP: usize = 100;

/// Which of how many forms a number takes.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    forms: usize,
    rule: Node,
}

#[derive(Clone, Debug)]
enum Node {
    N,
    Number(u64),
    Not(Box<Node>),
    Two(&'static str, Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
}

/// Operators, the loosest first; those of one row bind alike.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Rule {
    /// The rule of a `Plural-Forms` line, without its name.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let mut forms = None;
        let mut rule = None;
        for part in line.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("'{part}' has no '='"))?;
            match name.trim() {
                "nplurals" => {
                    forms = value.trim().parse::<usize>().ok().filter(|forms| (1..=10).contains(forms))
                }
                "plural" => rule = Some(Reader { rest: value.trim(), deep: 0 }.whole()?),
                _ => return Err(format!("'{part}' is not known")),
            }
        }
        let forms = forms.ok_or("nplurals is missing, or is no number from 1 to 10")?;
        Ok(Self { forms, rule: rule.ok_or("plural is missing")? })
    }

    /// As English has it.
    pub(crate) fn english() -> Self {
        let not_one = Node::Two("!=", Box::new(Node::N), Box::new(Node::Number(1)));
        Self { forms: 2, rule: not_one }
    }

    /// The form that a number takes, counted from 0.
    pub(crate) fn form(&self, n: u64) -> usize {
        usize::try_from(self.rule.of(n)).unwrap_or(usize::MAX).min(self.forms - 1)
    }
}

impl Node {
    fn of(&self, n: u64) -> u64 {
        match self {
            Self::N => n,
            Self::Number(number) => *number,
            Self::Not(node) => u64::from(node.of(n) == 0),
            Self::If(asked, then, or) => {
                if asked.of(n) != 0 {
                    then.of(n)
                } else {
                    or.of(n)
                }
            }
            Self::Two(sign, a, b) => {
                let (a, b) = (a.of(n), b.of(n));
                match *sign {
                    "||" => u64::from(a != 0 || b != 0),
                    "&&" => u64::from(a != 0 && b != 0),
                    "==" => u64::from(a == b),
                    "!=" => u64::from(a != b),
                    "<=" => u64::from(a <= b),
                    ">=" => u64::from(a >= b),
                    "<" => u64::from(a < b),
                    ">" => u64::from(a > b),
                    "+" => a.wrapping_add(b),
                    "-" => a.wrapping_sub(b),
                    "*" => a.wrapping_mul(b),
                    "/" => a.checked_div(b).unwrap_or(0),
                    _ => a.checked_rem(b).unwrap_or(0),
                }
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    deep: usize,
}

impl Reader<'_> {
    fn whole(mut self) -> Result<Node, String> {
        let node = self.choice()?;
        if self.rest.is_empty() { Ok(node) } else { Err(format!("'{}' was not expected", self.rest)) }
    }

    fn has(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn needs(&mut self, sign: &str) -> Result<(), String> {
        if self.has(sign) { Ok(()) } else { Err(format!("'{sign}' is missing before '{}'", self.rest)) }
    }

    fn choice(&mut self) -> Result<Node, String> {
        self.deep += 1;
        if self.deep > DEEP {
            return Err("it is nested too deep".to_owned());
        }
        let asked = self.level(0)?;
        let node = if self.has("?") {
            let then = self.choice()?;
            self.needs(":")?;
            Node::If(Box::new(asked), Box::new(then), Box::new(self.choice()?))
        } else {
            asked
        };
        self.deep -= 1;
        Ok(node)
    }

    fn level(&mut self, level: usize) -> Result<Node, String> {
        let Some(signs) = LEVELS.get(level) else { return self.single() };
        let mut node = self.level(level + 1)?;
        while let Some(sign) = signs.iter().find(|sign| self.has(sign)) {
            node = Node::Two(sign, Box::new(node), Box::new(self.level(level + 1)?));
        }
        Ok(node)
    }

    fn single(&mut self) -> Result<Node, String> {
        if self.has("(") {
            let node = self.choice()?;
            self.needs(")")?;
            return Ok(node);
        }
        if self.has("!") {
            self.deep += 1;
            if self.deep > DEEP {
                return Err("it is nested too deep".to_owned());
            }
            let node = self.single()?;
            self.deep -= 1;
            return Ok(Node::Not(Box::new(node)));
        }
        if self.has("n") {
            return Ok(Node::N);
        }
        let end = self.rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(self.rest.len());
        let number = self.rest[..end]
            .parse()
            .map_err(|_| format!("a number or n is missing before '{}'", self.rest))?;
        self.rest = self.rest[end..].trim_start();
        Ok(Node::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, forms: &str) {
        let rule = Rule::parse(line).unwrap();
        let found: String = (0..forms.len() as u64).map(|n| rule.form(n).to_string()).collect();
        assert_eq!(found, forms, "{line}");
    }

    #[test]
    fn rules_of_languages() {
        check("nplurals=2; plural=(n != 1);", "10111");
        check("nplurals=2; plural=n>1", "00111");
        check("nplurals=1; plural=0;", "00000");
        // Russian, Polish, Czech, Arabic, Slovenian, as their files have them.
        check(
            "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
            "20111222222222222222201112",
        );
        check(
            "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
            "202222222222222222222".replacen("0222", "0111", 1).as_str(),
        );
        check("nplurals=3; plural=n==1 ? 0 : n>=2 && n<=4 ? 1 : 2", "2011122");
        check(
            "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
            "01233333333444",
        );
        assert_eq!(Rule::english().form(1), 0);
    }

    #[test]
    fn what_is_no_rule_is_told() {
        for line in [
            "",
            "nplurals=2",
            "plural=n",
            "nplurals=0; plural=n",
            "nplurals=x; plural=n",
            "nplurals=2; plural=",
            "nplurals=2; plural=n n",
            "nplurals=2; plural=(n",
            "nplurals=2; plural=n ? 1",
            "nplurals=2; plural=m",
            "nplurals=2; plural=1; x=2",
            "nplurals=2; plural=99999999999999999999999",
        ] {
            assert!(Rule::parse(line).is_err(), "{line}");
        }
        let deep = format!("nplurals=2; plural={}n", "(".repeat(100_000));
        assert!(Rule::parse(&deep).is_err() && Rule::parse(&deep.replace('(', "!")).is_err());
        // A rule never leads beyond the forms there are, and never divides by nothing.
        assert_eq!(Rule::parse("nplurals=2; plural=n%0+n/0+7").unwrap().form(3), 1);
    }
}
