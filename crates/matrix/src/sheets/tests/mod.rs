mod arbitrary;
mod faults;
mod raci;
mod round_trip;
