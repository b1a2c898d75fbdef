//! Behaviours with dates: what changed between the releases of a system, as one table that reads as a list.

/// Writes, for one system, the enum of its behaviours, the table of the releases that have each, and the look-ups: a list of
/// `/// what it means for a user` and `Name: since, until;` lines, after the type of a release.
macro_rules! behaviours {
    (
        $(#[doc = $about:literal])*
        $release:ident;
        $( $(#[doc = $doc:literal])* $name:ident : $since:expr, $until:expr ; )*
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(clippy::enum_variant_names, reason = "the names follow upstream's own")]
        pub enum Behaviour { $( $(#[doc = $doc])* $name, )* }

        /// One row of the table: a behaviour, and the releases that have it.
        #[derive(Clone, Copy, Debug)]
        pub struct Row {
            /// The behaviour.
            pub behaviour: Behaviour,
            /// The first release that has it.
            pub since: $release,
            /// The first release that no longer has it.
            pub until: Option<$release>,
            /// What it means for a user, in a sentence without the subject.
            pub what: &'static str,
        }

        /// The table of dated behaviours, in the order of [`Behaviour`].
        pub const BEHAVIOURS: &[Row] = &[ $( Row {
            behaviour: Behaviour::$name,
            since: $since,
            until: $until,
            what: concat!($($doc),*),
        }, )* ];

        impl Behaviour {
            /// The row of [`BEHAVIOURS`] for this behaviour.
            #[must_use]
            pub fn row(self) -> &'static Row {
                // The macro writes enum and table from one list, in one order.
                &BEHAVIOURS[self as usize]
            }
        }

        impl $release {
            /// Whether this release behaves so.
            #[must_use]
            pub fn has(self, behaviour: Behaviour) -> bool {
                let row = behaviour.row();
                self >= row.since && row.until.is_none_or(|until| self < until)
            }
        }
    };
}

pub(crate) use behaviours;
