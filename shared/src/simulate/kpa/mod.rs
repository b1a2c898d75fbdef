//! Knative's own autoscaler: what it does each second with the load of one revision.
//!
//! The parts, in the order in which load walks through them:
//!
//! 1. [`Collector`]: load is [recorded](Collector::record) in buckets of a second, and averaged over a long window and a
//!    short one. [`sampling`] says how many pods are asked for it.
//! 2. [`Autoscaler`]: every [`TICK`], [`Autoscaler::scale`] makes a number of pods of the two averages.
//! 3. [`Decider`]: remembers the last valid number between ticks; it holds the two parts above, and is what most callers
//!    drive: [`Decider::record`], [`Decider::tick`] and [`Decider::poke`].
//! 4. [`scaler::scale`]: bounds the number, and holds back the step to zero.
//! 5. [`Reconciler`]: does that, says where requests go, and keeps the condition `Active` on which the next step depends.
//!
//! What the pods make of it is not Knative's: which pods are ready is an input of each step.
//!
//! Results are those of the controllers on amd64, to the last bit: arithmetic keeps their order and their rounding. The
//! source is knative/serving 1.23 (pkg/autoscaler and pkg/reconciler/autoscaling), each file named where its part stands.
//!
//! Older releases are played as 1.23. What they do otherwise, by their tags: before 1.21 an unreachable revision keeps its
//! initial scale until it was reached; before 1.19 averages are rounded down rather than to the nearest; before 1.18 the
//! delay holds for unreachable revisions too; before 1.15 so does the retention of the last pod; before 1.5 requests go to
//! the pods while nothing is known of a revision that is not inactive. What the settings say is that of their release.
//!
//! ```
//! use kscale_rules::go::Duration;
//! use kscale_rules::knative::{Annotations, AutoscalerConfig, kpa};
//! use kscale_rules::simulate::kpa::{Decider, Settings, Stat, Time};
//!
//! let settings = kpa::settings(&AutoscalerConfig::default(), &Annotations::new(), "concurrency", 0);
//! let settings = Settings::new(&settings, true);
//! let mut now = Time::from_unix(1_700_000_000);
//! let mut decider = Decider::new(settings, 0, now);
//! for _ in 0..60 {
//!     now = now + Duration::from_secs(1);
//!     // 250 requests at once, of which a pod is meant to take 70.
//!     decider.record(now, Stat::of(250.0));
//! }
//! assert!(decider.tick(now, 1).valid);
//! assert_eq!(decider.status.desired, 4);
//! ```

mod activity;
mod autoscaler;
mod buckets;
mod collector;
mod decider;
mod delay;
mod power;
mod reconciler;
pub mod sampling;
pub mod scaler;
mod settings;
mod time;

pub use activity::{Active, Activity, Reason};
pub use autoscaler::{Autoscaler, Scaled};
pub use buckets::{Algorithm, BUCKET, Buckets};
pub use collector::{Collector, Observed, Stat};
pub use decider::{Decider, DeciderStatus, TICK};
pub use delay::DelayWindow;
pub use reconciler::{Mode, Outcome, Pods, Reconciler, Sks, number_of_activators};
pub use settings::{Policy, Settings, progress_deadline};
pub use time::Time;
