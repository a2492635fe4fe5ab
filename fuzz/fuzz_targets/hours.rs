//! New inputs for [`remit_hostile::hours`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::hours(bytes));
