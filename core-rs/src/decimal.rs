//! Numbers as JSON text. `core::fmt` could do it, with ten kilobytes of tables.

use alloc::vec::Vec;

/// Significant digits that are written. A double needs 17 rounded ones to be found again
/// (IEEE 754 section 5.12.2); these are cut, not rounded, and 20 leave room for the error of
/// [`scale`], so a correct reader such as `JSON.parse` finds exactly the same double.
const DIGITS: usize = 20;

/// 10^9, the largest power of ten in 32 bits.
const GROUP: u64 = 1_000_000_000;

/// Digits of a [`GROUP`].
const GROUP_DIGITS: i32 = 9;

/// Limbs of 32 bits in the working number. The topmost is never zero while it is scaled, so it
/// always has 97 significant bits, and 66 after a division: 40 steps lose less than 2^-60 of it,
/// while half the distance between two doubles is 2^-54.
const LIMBS: usize = 4;

/// Appends a whole number.
pub fn write_int(number: i64, out: &mut Vec<u8>) {
    if number < 0 {
        out.push(b'-');
    }
    let mut magnitude = number.unsigned_abs();
    let start = out.len();
    loop {
        out.push(b'0' + (magnitude % 10) as u8);
        magnitude /= 10;
        if magnitude == 0 {
            break;
        }
    }
    out[start..].reverse();
}

/// Appends a finite number so that JavaScript's `JSON.parse` gives that very double.
pub fn write_float(number: f64, out: &mut Vec<u8>) {
    if number.is_sign_negative() {
        out.push(b'-');
    }
    let bits = number.to_bits() & !(1 << 63);
    if bits == 0 {
        out.push(b'0');
        return;
    }
    let (limbs, mut exponent) = scale(bits);
    let digits = digits(limbs);
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(0);
    exponent += (digits.len() - first) as i32;
    let kept = &digits[first..digits.len().min(first + DIGITS)];
    let significant = kept.iter().rposition(|digit| *digit != 0).map_or(1, |last| last + 1);
    exponent -= significant as i32;
    out.extend(kept[..significant].iter().map(|digit| b'0' + digit));
    if exponent != 0 {
        out.push(b'e');
        write_int(i64::from(exponent), out);
    }
}

/// A positive double as `whole * 10^exponent`.
fn scale(bits: u64) -> ([u64; LIMBS], i32) {
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, power) = match (bits >> 52) as i32 {
        0 => (fraction, -1074),
        biased => (fraction | (1 << 52), biased - 1075),
    };
    // mantissa * 2^power = number * 2^(32 * places)
    let mut places = power.div_euclid(32);
    let shifted = u128::from(mantissa) << power.rem_euclid(32);
    let mut number: [u64; LIMBS] = core::array::from_fn(|i| (shifted >> (32 * i)) as u64 & LOW);
    let mut exponent = 0;
    loop {
        while places != 0 && number[LIMBS - 1] == 0 {
            number.rotate_right(1);
            places -= 1;
        }
        if places == 0 {
            return (number, exponent);
        }
        if places > 0 {
            divide(&mut number);
            exponent += GROUP_DIGITS;
        } else {
            let carry = multiply(&mut number);
            exponent -= GROUP_DIGITS;
            if carry > 0 {
                number.rotate_left(1);
                number[LIMBS - 1] = carry;
                places += 1;
            }
        }
    }
}

const LOW: u64 = 0xffff_ffff;

/// Divides by [`GROUP`] and returns the remainder.
fn divide(number: &mut [u64; LIMBS]) -> u64 {
    let mut remainder = 0;
    for limb in number.iter_mut().rev() {
        let dividend = (remainder << 32) | *limb;
        *limb = dividend / GROUP;
        remainder = dividend % GROUP;
    }
    remainder
}

/// Multiplies by [`GROUP`] and returns what does not fit.
fn multiply(number: &mut [u64; LIMBS]) -> u64 {
    let mut carry = 0;
    for limb in number.iter_mut() {
        let product = *limb * GROUP + carry;
        *limb = product & LOW;
        carry = product >> 32;
    }
    carry
}

/// The decimal digits of a whole number of 128 bits, with leading zeros.
fn digits(mut number: [u64; LIMBS]) -> [u8; 45] {
    let mut digits = [0; 45];
    for group in digits.rchunks_mut(GROUP_DIGITS as usize) {
        let mut rest = divide(&mut number);
        for digit in group.iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(number: f64) -> String {
        let mut out = Vec::new();
        write_float(number, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn assert_found_again(number: f64) {
        let text = float(number);
        let again: f64 = text.parse().unwrap();
        assert_eq!(again.to_bits(), number.to_bits(), "{number:e} was written as {text}");
        assert!(text.len() <= 26, "{text}");
    }

    #[test]
    fn numbers_read_as_people_write_them_where_they_are_short() {
        assert_eq!(float(0.0), "0");
        assert_eq!(float(-0.0), "-0");
        assert_eq!(float(1.5), "15e-1");
        assert_eq!(float(-2.0), "-2");
        assert_eq!(float(65504.0), "65504");
        assert_eq!(float(1e300), "10000000000000000525e281");
    }

    #[test]
    fn whole_numbers_have_all_their_digits() {
        let text = |number| {
            let mut out = Vec::new();
            write_int(number, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(0), "0");
        assert_eq!(text(-7), "-7");
        assert_eq!(text(1 << 53), "9007199254740992");
        assert_eq!(text(i64::MIN), "-9223372036854775808");
    }

    #[test]
    fn edges_of_every_power_of_two_are_found_again() {
        for biased in 0..0x7ff_u64 {
            for fraction in [0, 1, 2, 1 << 51, (1 << 52) - 2, (1 << 52) - 1] {
                assert_found_again(f64::from_bits((biased << 52) | fraction));
            }
        }
        assert_found_again(5e-324);
        assert_found_again(f64::MAX);
    }

    #[test]
    fn edges_of_every_power_of_ten_are_found_again() {
        for power in -323..=308 {
            let bits: u64 = format!("1e{power}").parse::<f64>().unwrap().to_bits();
            for neighbour in [bits - 1, bits, bits + 1] {
                assert_found_again(f64::from_bits(neighbour));
            }
        }
    }

    #[test]
    fn random_doubles_are_found_again() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64; // xorshift64: the same numbers on each run
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let number = f64::from_bits(state);
            if number.is_finite() {
                assert_found_again(number);
            }
        }
    }
}
