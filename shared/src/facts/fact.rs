//! One fact: a value, and whether it is known or assumed.

use serde::Serialize;

/// A value with its provenance.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// How it is known.
    pub provenance: Provenance,
}

/// How something is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// It was read; from where.
    Known(String),
    /// It was not said; what is assumed instead.
    Assumed(String),
}

/// Where the facts come from on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FactsSource {
    /// Objects from files
    Snapshot,
    /// The live cluster
    Cluster,
    /// Nothing but the shipped defaults
    Defaults,
}

impl<T> Fact<T> {
    /// A fact that was read from somewhere.
    #[must_use]
    pub fn known(value: T, from: impl Into<String>) -> Self {
        Self {
            value,
            provenance: Provenance::Known(from.into()),
        }
    }

    /// A fact that nobody stated.
    #[must_use]
    pub fn assumed(value: T, why: impl Into<String>) -> Self {
        Self {
            value,
            provenance: Provenance::Assumed(why.into()),
        }
    }

    /// Whether it was read from somewhere.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.provenance.is_known()
    }
}

impl Provenance {
    /// Whether it was read from somewhere.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Where from, or what is assumed instead.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Known(text) | Self::Assumed(text) => text,
        }
    }
}
