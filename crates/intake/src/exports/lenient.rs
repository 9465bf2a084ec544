//! Deserialized pieces of posts that take what comes: a field of an unexpected type is empty, and costs no post.
//! Numbers are never read as floats, so that ids of 64 bits stay exact.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, or an integer or truth value as text; None for all else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Word<'a>(pub Option<Cow<'a, str>>);

/// A list; empty for all else. Elements that are no `T` are left out.
#[derive(Debug)]
pub(super) struct List<T>(pub Vec<T>);

/// An object; None for all else.
#[derive(Debug)]
pub(super) struct Maybe<T>(pub Option<T>);

/// A list, or one object for a list of one; empty for all else.
#[derive(Debug)]
pub(super) struct Many<T>(pub Vec<T>);

/// A list of texts; empty for all else.
#[derive(Clone, Debug, Default)]
pub(super) struct Words<'a>(pub Vec<Word<'a>>);

/// Whole seconds, of a number of any kind. Never for ids.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seconds(pub Option<i64>);

/// Telegram's text: a text, or a list of texts and of objects with a `text`.
#[derive(Debug, Default)]
pub(super) struct Rich(pub String);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl Word<'_> {
    /// The text; empty where there is none.
    pub fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The text, if it is not empty.
    pub fn some(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// The text, if it is not empty, as its own.
    pub fn owned(&self) -> Option<String> {
        self.some().map(str::to_owned)
    }

    /// The number it writes.
    pub fn number<N: std::str::FromStr>(&self) -> Option<N> {
        self.text().parse().ok()
    }

    /// Whether it says yes: `true` or a number other than 0.
    pub fn yes(&self) -> bool {
        self.text() == "true" || self.number::<i64>().is_some_and(|n| n != 0)
    }
}

/// For `deserialize_with`: tells a key with a null from no key at all.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

macro_rules! nothing {
    ($value:expr; $($name:ident: $of:ty),*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
        $(fn $name<E>(self, _: $of) -> Result<Self::Value, E> {
            Ok($value)
        })*
    };
}

macro_rules! pass_over {
    (seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
    (map) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Of<'a> {
            type Value = Word<'a>;
            nothing!(Word(None); visit_f64: f64);
            pass_over!(seq);
            pass_over!(map);
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Word<'a>, E> {
                Ok(Word(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Word<'a>, E> {
                Ok(Word(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Word<'a>, E> {
                Ok(Word(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Word<'a>, E> {
                Ok(Word(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Word<'a>, E> {
                Ok(Word(Some(Cow::Borrowed(if truth { "true" } else { "false" }))))
            }
        }
        from.deserialize_any(Of(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Of<T> {
            type Value = List<T>;
            nothing!(List(Vec::new()); visit_f64: f64, visit_str: &str, visit_u64: u64, visit_i64: i64, visit_bool: bool);
            pass_over!(map);
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(Maybe(element)) = seq.next_element::<Maybe<T>>()? {
                    list.extend(element);
                }
                Ok(List(list))
            }
        }
        from.deserialize_any(Of(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Of<T> {
            type Value = Maybe<T>;
            nothing!(Maybe(None); visit_f64: f64, visit_str: &str, visit_u64: u64, visit_i64: i64, visit_bool: bool);
            pass_over!(seq);
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Maybe<T>, A::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|of| Maybe(Some(of)))
            }
        }
        from.deserialize_any(Of(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Of<T> {
            type Value = Many<T>;
            nothing!(Many(Vec::new()); visit_f64: f64, visit_str: &str, visit_u64: u64, visit_i64: i64, visit_bool: bool);
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|of| Many(vec![of]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(Maybe(element)) = seq.next_element::<Maybe<T>>()? {
                    list.extend(element);
                }
                Ok(Many(list))
            }
        }
        from.deserialize_any(Of(PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Words<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Of<'a> {
            type Value = Words<'a>;
            nothing!(Words(Vec::new()); visit_f64: f64, visit_str: &str, visit_u64: u64, visit_i64: i64, visit_bool: bool);
            pass_over!(map);
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Words<'a>, A::Error> {
                let mut list = Vec::new();
                while let Some(word) = seq.next_element::<Word>()? {
                    list.push(word);
                }
                Ok(Words(list))
            }
        }
        from.deserialize_any(Of(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Seconds;
            nothing!(Seconds(None); visit_bool: bool);
            pass_over!(seq);
            pass_over!(map);
            fn visit_f64<E>(self, number: f64) -> Result<Seconds, E> {
                Ok(Seconds((number.abs() < 1e12).then_some(number as i64)))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Seconds, E> {
                Ok(Seconds(i64::try_from(number).ok()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Seconds, E> {
                Ok(Seconds(Some(number)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Seconds, E> {
                Ok(Seconds(text.split('.').next().and_then(|whole| whole.parse().ok())))
            }
        }
        from.deserialize_any(Of)
    }
}

#[derive(serde::Deserialize)]
struct Piece<'a> {
    #[serde(default, borrow)]
    text: Word<'a>,
}

impl<'de> Deserialize<'de> for Rich {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Rich;
            nothing!(Rich::default(); visit_f64: f64, visit_bool: bool);
            fn visit_str<E>(self, text: &str) -> Result<Rich, E> {
                Ok(Rich(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Rich, E> {
                Ok(Rich(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Rich, E> {
                Ok(Rich(number.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rich, A::Error> {
                let piece = Piece::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Rich(piece.text.text().to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rich, A::Error> {
                let mut text = String::new();
                while let Some(Rich(piece)) = seq.next_element::<Rich>()? {
                    text.push_str(&piece);
                }
                Ok(Rich(text))
            }
        }
        from.deserialize_any(Of)
    }
}
