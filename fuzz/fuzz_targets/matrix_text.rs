//! New inputs for [`remit_hostile::matrix_text`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::matrix_text(bytes));
