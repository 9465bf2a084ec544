//! Everything is reached by keys.
