#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parakit_tests::fuzz::ring_packed(data));
