//! New inputs for [`remit_hostile::instants`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::instants(bytes));
