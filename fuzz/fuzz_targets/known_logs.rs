//! New inputs for [`remit_hostile::known_logs`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::known_logs(bytes));
