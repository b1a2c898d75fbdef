//! What the crossing tests share.
