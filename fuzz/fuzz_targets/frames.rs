#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    pipeline::worker::frames(bytes);
});
