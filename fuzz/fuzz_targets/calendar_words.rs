//! New inputs for [`remit_hostile::calendar_words`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::calendar_words(bytes));
