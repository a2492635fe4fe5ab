//! Where spans go.

use super::Reader;

/// Where spans go, and which.
#[cfg(feature = "otlp")]
#[derive(Debug, Clone, PartialEq)]
pub struct Telemetry {
    /// The address of the collector, whole.
    pub traces: reqwest::Url,
    /// The name of this service.
    pub service: String,
    /// The share of the traces that begin here which is kept, from 0 to 1.
    pub share: f64,
}

/// Where spans go, if anywhere. Without an address, what else is said of it does not matter.
#[cfg(feature = "otlp")]
pub fn settings(reader: &mut Reader) -> Option<Telemetry> {
    let wanted = "the whole address of a collector, such as https://collector.example.com:4318/v1/traces";
    let traces: reqwest::Url = reader.some("telemetry.traces", wanted)?;
    if !["http", "https"].contains(&traces.scheme()) || !traces.has_host() {
        reader.fault("telemetry.traces", &format!("write {wanted}"));
    }
    if !traces.username().is_empty() || traces.password().is_some() {
        reader.fault(
            "telemetry.traces",
            "leave the name and the password out; OTEL_EXPORTER_OTLP_HEADERS is for them",
        );
    }
    let wanted = "a number from 0 to 1, such as 0.1";
    let share = reader.parse("telemetry.share", wanted)?;
    if !(0.0..=1.0).contains(&share) {
        reader.fault("telemetry.share", &format!("write {wanted}"));
    }
    let Some(service) = reader.said("telemetry.service") else {
        reader.fault("telemetry.service", "write a name, such as remit");
        return None;
    };
    Some(Telemetry { traces, service, share })
}

/// Says that spans go nowhere, where somebody thinks that they do.
#[cfg(any(test, not(feature = "otlp")))]
pub fn refuse(reader: &mut Reader) {
    if reader.said("telemetry.traces").is_some() {
        reader.fault("telemetry.traces", "this build has no OpenTelemetry; build with --features otlp");
    }
}
