//! ConfigMap `config-defaults`: what a revision gets that says nothing itself.
//!
//! Source: knative/serving 1.23, pkg/apis/config/defaults.go. Container names come from Go templates there, which are
//! not run here; they bear on no autoscaling.

use std::collections::BTreeMap;

use super::config_map::Data;
use super::field_error::FieldErrors;
use super::release::{Behaviour, KnativeVersion};
use crate::kubernetes::Quantity;

/// What `config-defaults` says, with defaults for what it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct DefaultsConfig {
    /// `revision-timeout-seconds`.
    pub revision_timeout_seconds: i64,
    /// `max-revision-timeout-seconds`: the longest that anyone may ask for.
    pub max_revision_timeout_seconds: i64,
    /// `revision-response-start-timeout-seconds`; without it, the timeout.
    pub revision_response_start_timeout_seconds: i64,
    /// `revision-idle-timeout-seconds`; 0 is none.
    pub revision_idle_timeout_seconds: i64,
    /// `container-concurrency`: requests at once per pod; 0 is no limit.
    pub container_concurrency: i64,
    /// `container-concurrency-max-limit`: the highest that anyone may ask for.
    pub container_concurrency_max_limit: i64,
    /// `allow-container-concurrency-zero`.
    pub allow_container_concurrency_zero: bool,
    /// `revision-cpu-request`.
    pub revision_cpu_request: Option<Quantity>,
    /// `revision-memory-request`.
    pub revision_memory_request: Option<Quantity>,
    /// `revision-cpu-limit`.
    pub revision_cpu_limit: Option<Quantity>,
    /// `revision-memory-limit`.
    pub revision_memory_limit: Option<Quantity>,
}

impl Default for DefaultsConfig {
    fn default() -> Self {
        Self {
            revision_timeout_seconds: 300,
            max_revision_timeout_seconds: 600,
            revision_response_start_timeout_seconds: 300,
            revision_idle_timeout_seconds: 0,
            container_concurrency: 0,
            container_concurrency_max_limit: 1000,
            allow_container_concurrency_zero: true,
            revision_cpu_request: None,
            revision_memory_request: None,
            revision_cpu_limit: None,
            revision_memory_limit: None,
        }
    }
}

impl DefaultsConfig {
    /// Reads the `data` of the ConfigMap as the newest release does. Unknown keys and `_example` have no effect.
    ///
    /// # Errors
    /// The text of the first thing that Knative refuses.
    pub fn parse(data: &BTreeMap<String, String>) -> Result<Self, String> {
        Self::parse_at(data, KnativeVersion::NEWEST)
    }

    /// Reads the `data` of the ConfigMap as a release does.
    ///
    /// # Errors
    /// The text of the first thing that Knative refuses.
    pub fn parse_at(
        data: &BTreeMap<String, String>,
        release: KnativeVersion,
    ) -> Result<Self, String> {
        let mut config = Self::default();
        config.read(Data::new(data, release), release)?;
        config.check()?;
        Ok(config)
    }

    /// In upstream's order, since the first error is the only one told.
    fn read(&mut self, data: Data<'_>, release: KnativeVersion) -> Result<(), String> {
        const RESPONSE: &str = "revision-response-start-timeout-seconds";
        let config = self;
        data.bool(
            "allow-container-concurrency-zero",
            &mut config.allow_container_concurrency_zero,
        )?;
        data.int64(
            "revision-timeout-seconds",
            &mut config.revision_timeout_seconds,
        )?;
        data.int64(
            "max-revision-timeout-seconds",
            &mut config.max_revision_timeout_seconds,
        )?;
        let fixed = release.has(Behaviour::FixedResponseTimeout);
        if fixed {
            data.int64(
                RESPONSE,
                &mut config.revision_response_start_timeout_seconds,
            )?;
        }
        if release.has(Behaviour::ResponseTimeouts) {
            data.int64(
                "revision-idle-timeout-seconds",
                &mut config.revision_idle_timeout_seconds,
            )?;
        }
        data.int64("container-concurrency", &mut config.container_concurrency)?;
        data.int64(
            "container-concurrency-max-limit",
            &mut config.container_concurrency_max_limit,
        )?;
        // Read for its errors only: disk bears on no autoscaling.
        let mut storage = None;
        data.quantity("revision-cpu-request", &mut config.revision_cpu_request)?;
        data.quantity(
            "revision-memory-request",
            &mut config.revision_memory_request,
        )?;
        data.quantity("revision-ephemeral-storage-request", &mut storage)?;
        data.quantity("revision-cpu-limit", &mut config.revision_cpu_limit)?;
        data.quantity("revision-memory-limit", &mut config.revision_memory_limit)?;
        data.quantity("revision-ephemeral-storage-limit", &mut storage)?;
        if !fixed {
            config.revision_response_start_timeout_seconds = config.revision_timeout_seconds;
            if release.has(Behaviour::ResponseTimeouts) {
                data.int64(
                    RESPONSE,
                    &mut config.revision_response_start_timeout_seconds,
                )?;
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        let (timeout, longest) = (
            self.revision_timeout_seconds,
            self.max_revision_timeout_seconds,
        );
        if timeout > longest {
            return Err(format!(
                "revision-timeout-seconds ({timeout}) cannot be greater than max-revision-timeout-seconds ({longest})"
            ));
        }
        for (key, value) in [
            (
                "revision-response-start-timeout-seconds",
                self.revision_response_start_timeout_seconds,
            ),
            (
                "revision-idle-timeout-seconds",
                self.revision_idle_timeout_seconds,
            ),
        ] {
            if value > 0 && value > timeout {
                return Err(format!(
                    "{key} ({value}) cannot be greater than revision-timeout-seconds ({timeout})"
                ));
            }
        }
        let (concurrency, limit) = (
            self.container_concurrency,
            self.container_concurrency_max_limit,
        );
        let mut errors = FieldErrors::default();
        if limit < 1 {
            errors.out_of_bounds(limit, 1, i32::MAX, "container-concurrency-max-limit");
        } else if concurrency < 0 || concurrency > limit {
            errors.out_of_bounds(concurrency, 0, limit, "container-concurrency");
        }
        errors.into_text().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<DefaultsConfig, String> {
        DefaultsConfig::parse(
            &pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn the_response_timeout_follows_the_timeout() {
        let config = parse(&[
            ("revision-timeout-seconds", "120"),
            ("revision-cpu-request", "500m"),
        ])
        .unwrap();
        assert_eq!(config.revision_response_start_timeout_seconds, 120);
        assert_eq!(
            config.revision_cpu_request.map(|q| q.milli_value()),
            Some(500)
        );
    }

    #[test]
    fn refuses_with_the_words_of_upstream() {
        let cases = [
            (
                ("revision-timeout-seconds", "601"),
                "revision-timeout-seconds (601) cannot be greater than max-revision-timeout-seconds (600)",
            ),
            (
                ("revision-idle-timeout-seconds", "301"),
                "revision-idle-timeout-seconds (301) cannot be greater than revision-timeout-seconds (300)",
            ),
            (
                ("container-concurrency-max-limit", "0"),
                "expected 1 <= 0 <= 2147483647: container-concurrency-max-limit",
            ),
            (
                ("container-concurrency", "1001"),
                "expected 0 <= 1001 <= 1000: container-concurrency",
            ),
            (
                ("revision-cpu-request", "1x"),
                "failed to parse \"revision-cpu-request\": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            ),
        ];
        for (pair, want) in cases {
            assert_eq!(parse(&[pair]), Err(want.to_owned()));
        }
    }
}
