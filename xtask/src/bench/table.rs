//! The table that `cargo xtask bench` prints.

/// One figure beside its aim and its limit; either may be missing, with the reason.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) aim: &'static str,
    pub(super) unit: &'static str,
    pub(super) measured: Result<f64, String>,
    pub(super) limit: Result<f64, String>,
    pub(super) limit_is: &'static str,
}

const HEAD: [&str; 6] = ["WHAT", "AIM", "MEASURED", "RATIO", "LIMIT", "THE LIMIT IS"];

/// Columns as wide as their widest cell, three spaces between, as kubectl prints.
pub(super) fn render(rows: &[Row]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    let width = |column: usize| {
        lines
            .iter()
            .map(|l| l[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let padded: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(padded.join("   ").trim_end());
        text.push('\n');
    }
    for row in rows {
        if let Err(why) = &row.measured {
            text.push_str(&format!("not measured: {}: {why}\n", row.what));
        }
    }
    text
}

fn cells(row: &Row) -> [String; 6] {
    let unit = row.unit;
    let figure = |figure: &Result<f64, String>| match figure {
        Ok(number) => format!("{number:.2} {unit}"),
        Err(_) => "-".to_owned(),
    };
    let ratio = match (&row.measured, &row.limit) {
        (Ok(measured), Ok(limit)) if *limit > 0.0 => format!("{:.1}x", measured / limit),
        _ => "-".to_owned(),
    };
    let aim = match row.aim {
        // Some are of the ratio.
        aim if aim.is_empty() || aim.ends_with('x') => aim.to_owned(),
        aim => format!("{aim} {unit}"),
    };
    [
        row.what.clone(),
        aim,
        figure(&row.measured),
        ratio,
        figure(&row.limit),
        row.limit_is.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_figure_says_why_below_the_table() {
        let row = |measured| Row {
            what: "explain".to_owned(),
            aim: "≤ 5",
            unit: "ms",
            measured,
            limit: Ok(0.5),
            limit_is: "parsing",
        };
        let text = render(&[row(Ok(1.25)), row(Err("exit status: 2".to_owned()))]);
        assert_eq!(
            text,
            "WHAT      AIM      MEASURED   RATIO   LIMIT     THE LIMIT IS\n\
             explain   ≤ 5 ms   1.25 ms    2.5x    0.50 ms   parsing\n\
             explain   ≤ 5 ms   -          -       0.50 ms   parsing\n\
             not measured: explain: exit status: 2\n"
        );
    }
}
