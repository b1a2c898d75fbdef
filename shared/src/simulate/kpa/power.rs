//! Powers as Go works them out, so that weighted averages agree to the last bit, on every host.
//!
//! Rust leaves `powf` to the platform, and platforms differ in the last bit.

/// `math.Pow` of a base between 0 and 1 and a whole exponent: squares, multiplied from the lowest bit of the exponent up.
pub(super) fn pow(base: f64, exponent: u64) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest != 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

/// The share of the youngest of so many buckets, such that all of them together weigh 0.9999; at least 0.2, or long windows
/// would hardly tell young from old.
///
/// Source: knative/serving 1.23, pkg/autoscaler/aggregation/bucketing.go.
pub(super) fn smoothing(buckets: usize) -> f64 {
    const LEAST: f64 = 0.2;
    let index = buckets.saturating_sub(1);
    SMOOTHING.get(index).copied().unwrap_or(LEAST)
}

/// `1 - math.Pow(0.0001, 1/n)` for n from 1, as long as it is above 0.2: what Go prints on amd64. Its exponential differs
/// from the nearest float in the last bits, so these are observed, not computed.
const SMOOTHING: [f64; 41] = [
    0.999_9,
    0.99,
    0.953_584_111_663_872_1,
    0.9,
    0.841_510_680_753_888_6,
    0.784_556_530_996_811_6,
    0.731_730_420_472_027_4,
    0.683_772_233_983_162,
    0.640_618_633_619_537_2,
    0.601_892_829_446_502_7,
    0.567_123_871_891_694_1,
    0.535_841_116_638_722,
    0.507_611_736_829_326,
    0.482_052_532_076_878_8,
    0.458_830_473_453_536_34,
    0.437_658_674_809_650_9,
    0.418_290_867_062_564_13,
    0.400_515_749_681_058_96,
    0.384_151_788_933_973_6,
    0.369_042_655_519_806_75,
    0.355_053_322_896_237_6,
    0.342_066_775_342_432,
    0.329_981_249_649_041_1,
    0.318_707_930_942_038_75,
    0.308_169_029_081_063_6,
    0.298_296_171_329_617_17,
    0.289_029_056_768_756_45,
    0.280_314_326_998_847_95,
    0.272_104_615_601_684_86,
    0.264_357_745_540_358_6,
    0.257_036_049_240_505_27,
    0.250_105_790_667_544_1,
    0.243_536_672_445_371_14,
    0.237_301_414_097_655_48,
    0.231_375_389_960_226,
    0.225_736_317_318_872_9,
    0.220_363_986_959_476_68,
    0.215_240_029_648_538_72,
    0.210_347_713_150_027_32,
    0.205_671_765_275_718_5,
    0.201_198_219_198_429_73,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fall_to_the_least_and_stay_there() {
        assert_eq!(smoothing(1), 0.9999);
        assert_eq!(smoothing(4), 0.9);
        assert_eq!(smoothing(41), 0.201_198_219_198_429_73);
        assert_eq!((smoothing(42), smoothing(3600)), (0.2, 0.2));
        for (index, share) in SMOOTHING.iter().enumerate() {
            let exact = 1.0 - 0.0001_f64.powf(1.0 / (index + 1) as f64);
            assert!((share - exact).abs() < 1e-15, "{share} is not {exact}");
        }
    }

    #[test]
    fn powers_are_those_that_go_prints() {
        let bits = |base: f64, exponent| pow(base, exponent).to_bits();
        for (base, exponent, expected) in [
            (0.8, 0, 0x3ff0000000000000),
            (0.8, 1, 0x3fe999999999999a),
            (0.8, 2, 0x3fe47ae147ae147c),
            (0.8, 7, 0x3fcad7f29abcaf4e),
            (0.8, 31, 0x3f5039d66589688f),
            (0.8, 59, 0x3ec011c2eaabe7f4),
            (0.7, 0, 0x3ff0000000000000),
            (0.7, 1, 0x3fe6666666666666),
            (0.7, 2, 0x3fdf5c28f5c28f5b),
            (0.7, 7, 0x3fb5152be12f5a5d),
            (0.7, 31, 0x3ef08b402b660968),
            (0.7, 59, 0x3e08efb99dc14c17),
            (0.01, 0, 0x3ff0000000000000),
            (0.01, 1, 0x3f847ae147ae147b),
            (0.01, 2, 0x3f1a36e2eb1c432d),
            (0.01, 7, 0x3d06849b86a12b9c),
            (0.01, 31, 0x3310747ddddf22aa),
            (0.01, 59, 0x277023998cd1053b),
        ] {
            assert_eq!(bits(base, exponent), expected, "{base}^{exponent}");
        }
    }
}
