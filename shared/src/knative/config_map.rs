//! How Knative reads the values of its ConfigMaps.
//!
//! Source: knative.dev/pkg as vendored by knative/serving 1.23, configmap/parser/parse.go and configmap/parse.go; by 1.18,
//! configmap/parse.go alone.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::release::{Behaviour, KnativeVersion};
use crate::go::{self, Duration};
use crate::kubernetes::Quantity;

/// The `data` of a ConfigMap. Keys that nobody asks for, `_example` among them, have no effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Data<'a> {
    map: &'a BTreeMap<String, String>,
    release: KnativeVersion,
}

impl<'a> Data<'a> {
    pub(super) fn new(map: &'a BTreeMap<String, String>, release: KnativeVersion) -> Self {
        Self { map, release }
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Overwrites `target` if the key is there.
    fn read<T, E: Display>(
        self,
        key: &str,
        target: &mut T,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<(), String> {
        if let Some(raw) = self.map.get(key) {
            *target = parse(raw)
                .map_err(|error| format!("failed to parse {}: {error}", go::quote(key)))?;
        }
        Ok(())
    }

    pub(super) fn text(self, key: &str, target: &mut String) {
        if let Some(raw) = self.map.get(key) {
            let trims = self.release.has(Behaviour::TrimsConfigTexts);
            *target = if trims { go::trim_space(raw) } else { raw }.to_owned();
        }
    }

    pub(super) fn bool(self, key: &str, target: &mut bool) -> Result<(), String> {
        if self.release.has(Behaviour::TrimsConfigTexts) {
            return self.read(key, target, go::parse_bool);
        }
        if let Some(raw) = self.map.get(key) {
            *target = go::parse_bool(raw).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub(super) fn float(self, key: &str, target: &mut f64) -> Result<(), String> {
        self.read(key, target, go::parse_float)
    }

    pub(super) fn int32(self, key: &str, target: &mut i32) -> Result<(), String> {
        // Parsed to 32 bits, so nothing is lost.
        self.read(key, target, |raw| {
            go::parse_int(raw, 32).map(|value| value as i32)
        })
    }

    pub(super) fn int64(self, key: &str, target: &mut i64) -> Result<(), String> {
        self.read(key, target, |raw| go::parse_int(raw, 64))
    }

    pub(super) fn duration(self, key: &str, target: &mut Duration) -> Result<(), String> {
        self.read(key, target, go::parse_duration)
    }

    pub(super) fn quantity(self, key: &str, target: &mut Option<Quantity>) -> Result<(), String> {
        self.read(key, target, |raw| Quantity::parse(raw).map(Some))
    }
}
