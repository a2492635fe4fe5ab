//! New inputs for [`remit_hostile::certificates`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::certificates(bytes));
