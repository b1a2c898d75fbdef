//! CRC-32, by which Knative tells an example that was edited. Not for anything secret.

/// The reversed polynomial of IEEE 802.3.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The checksum in lower-case hexadecimal, as `fmt.Sprintf("%08x", crc32.ChecksumIEEE(data))`.
#[must_use]
pub fn crc32_hex(data: &[u8]) -> String {
    let mut sum = u32::MAX;
    for byte in data {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = sum & 1;
            sum >>= 1;
            if carry == 1 {
                sum ^= POLYNOMIAL;
            }
        }
    }
    format!("{:08x}", !sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(crc32_hex(b""), "00000000");
        assert_eq!(crc32_hex(b"123456789"), "cbf43926");
        assert_eq!(
            crc32_hex(b"The quick brown fox jumps over the lazy dog"),
            "414fa339"
        );
    }
}
