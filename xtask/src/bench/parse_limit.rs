//! The limit of `explain -f FILE`: a process that reads and parses the same bytes, and does nothing with them.

use serde::Deserialize as _;
use std::error::Error;
use std::hint::black_box;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os()
        .nth(1)
        .ok_or("usage: parse-limit FILE")?;
    let text = std::fs::read_to_string(file)?;
    for document in serde_yaml::Deserializer::from_str(&text) {
        black_box(serde_json::Value::deserialize(document)?);
    }
    Ok(())
}
