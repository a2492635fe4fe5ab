//! New inputs for [`remit_hostile::spreadsheets`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::spreadsheets(bytes));
