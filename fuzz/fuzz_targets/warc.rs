#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::export("warc", bytes);
    shared::archive(model::Kind::Text, bytes);
});
