#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::export("mail", bytes);
    shared::archive(model::Kind::Text, bytes);
});
