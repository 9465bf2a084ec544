use memchr::{memchr, memchr_iter, memmem};

/// How far ahead a shape is looked for.
pub(super) const REACH: usize = 4 << 10;
const MOST: usize = 32;

/// The first two keys of objects that stand side by side: by them the next whole object is found after damage.
/// Inside a string every quote is escaped, so that a text that quotes JSON is never taken for an object.
#[derive(Default)]
pub(super) struct Shapes(Vec<[Vec<u8>; 2]>);

impl Shapes {
    /// Remembers how `object` begins.
    pub fn learn(&mut self, object: &[u8]) {
        if let Some([one, two]) = first_keys(object)
            && self.0.len() < MOST
            && !self.matches(object)
        {
            self.0.push([one.to_vec(), two.to_vec()]);
        }
    }

    /// Remembers two keys in a row.
    pub fn learn_keys(&mut self, one: &str, two: &str) {
        let keys = [one.as_bytes().to_vec(), two.as_bytes().to_vec()];
        if self.0.len() < MOST && !self.0.contains(&keys) {
            self.0.push(keys);
        }
    }

    /// Whether `bytes` begins like one of them.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        !self.0.is_empty()
            && first_keys(bytes)
                .is_some_and(|[one, two]| self.0.iter().any(|keys| keys[0] == one && keys[1] == two))
    }
}

/// Where in `bytes` an object begins that looks like one of `shapes`.
pub(super) fn find(bytes: &[u8], shapes: &Shapes) -> Option<usize> {
    memchr_iter(b'{', bytes).find(|&n| shapes.matches(&bytes[n..bytes.len().min(n + REACH)]))
}

/// Where in `bytes` the key `name` is written.
pub(super) fn find_key(bytes: &[u8], name: &str) -> Option<usize> {
    let quoted = [b"\"", name.as_bytes(), b"\""].concat();
    memmem::find_iter(bytes, &quoted).find(|&n| {
        let rest = bytes.get(n + quoted.len()..).unwrap_or_default();
        (n == 0 || bytes[n - 1] != b'\\') && rest.trim_ascii_start().first() == Some(&b':')
    })
}

/// The first two keys of an object whose first value is no object and no array.
fn first_keys(bytes: &[u8]) -> Option<[&[u8]; 2]> {
    let (one, rest) = quoted(bytes.strip_prefix(b"{")?)?;
    let rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let rest = match rest.first()? {
        b'"' => quoted(rest)?.1,
        b'{' | b'[' => return None,
        _ => &rest[memchr(b',', rest)?..],
    };
    let (two, rest) = quoted(rest.trim_ascii_start().strip_prefix(b",")?)?;
    rest.trim_ascii_start().starts_with(b":").then_some([one, two])
}

fn quoted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.trim_ascii_start().strip_prefix(b"\"")?;
    let mut escaped = false;
    let end = bytes.iter().position(|&b| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    })?;
    Some((&bytes[..end], &bytes[end + 1..]))
}
