//! What measuring needs: times, the machine, and tables that print the goal beside the figure.

pub mod machine;
pub mod measure;
pub mod report;
