//! Random wishes.
