//! New inputs for [`remit_hostile::names_and_money`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::names_and_money(bytes));
