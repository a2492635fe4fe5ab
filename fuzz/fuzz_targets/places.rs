//! New inputs for [`remit_hostile::places`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::places(bytes));
