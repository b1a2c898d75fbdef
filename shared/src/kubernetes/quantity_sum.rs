//! Adding amounts up, exactly.
//!
//! Source: k8s.io/apimachinery 0.34, pkg/api/resource/quantity.go: a sum is written as the first amount that is not zero.

use super::quantity::{Quantity, multiply};

impl Quantity {
    /// The sum of two amounts. One that is too large for what is kept of digits stays as it was.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let scale = self.scale.min(other.scale);
        let at = |one: &Self| multiply(one.mantissa, one.scale.saturating_sub(scale));
        let sum = at(self)
            .zip(at(other))
            .and_then(|(one, two)| one.checked_add(two));
        let Some(mantissa) = sum else {
            return self.clone();
        };
        let format = if self.is_zero() {
            other.format
        } else {
            self.format
        };
        Self {
            mantissa,
            scale,
            format,
            text: None,
        }
    }

    /// So many times the amount.
    #[must_use]
    pub fn times(&self, factor: i64) -> Self {
        Self {
            mantissa: self.mantissa.saturating_mul(factor.into()),
            scale: self.scale,
            format: self.format,
            text: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn sum(one: &str, two: &str) -> String {
        let parse = |text: &str| Quantity::parse(text).unwrap();
        parse(one).plus(&parse(two)).to_string()
    }

    #[test]
    fn amounts_add_up_exactly() {
        assert_eq!(sum("1", "25m"), "1025m");
        assert_eq!(sum("2Gi", "512Mi"), "2560Mi");
        assert_eq!(sum("0", "1Gi"), "1Gi");
        assert_eq!(sum("0.1", "0.2"), "300m");
        assert_eq!(sum("1", "1"), "2");
    }

    #[test]
    fn so_many_times_an_amount() {
        let times =
            |text: &str, factor: i64| Quantity::parse(text).unwrap().times(factor).to_string();
        assert_eq!(times("1025m", 4), "4100m");
        assert_eq!(times("2Gi", 3), "6Gi");
        assert_eq!(times("1", 4), "4");
    }
}
