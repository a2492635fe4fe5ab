//! New inputs for [`remit_hostile::mapped_logs`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| remit_hostile::mapped_logs(bytes));
