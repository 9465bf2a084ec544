#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::export("mail-msg", bytes);
    shared::archive(model::Kind::Unknown, bytes);
});
