#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parakit_tests::fuzz::request_block(data));
