//! Capital numerals: the golden cases, and a slow second construction that must agree.

use kontor::capitals::{Yuan, spell};
use rand::{RngExt, SeedableRng};
use rust_decimal::Decimal;

fn plain(amount: &str) -> String {
    spell(amount.parse().expect("an amount"), Yuan::Plain).expect("spelled")
}

#[test]
fn the_spelling_follows_the_regulations() {
    for (amount, words) in [
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.53", "伍角叁分"),
        ("10.00", "壹拾元整"),
        ("15.00", "壹拾伍元整"),
        ("100.00", "壹佰元整"),
        ("101.01", "壹佰零壹元零壹分"),
        ("10000.00", "壹万元整"),
        ("10001.00", "壹万零壹元整"),
        ("100010.00", "壹拾万零壹拾元整"),
        ("20000005.10", "贰仟万零伍元壹角整"),
        ("100000001.00", "壹亿零壹元整"),
        ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ("600003090.57", "陆亿零叁仟零玖拾元零伍角柒分"),
        ("20.10", "贰拾元零壹角整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1000000010000.01", "壹万亿零壹万元零壹分"),
    ] {
        assert_eq!(plain(amount), words, "{amount}");
    }
}

#[test]
fn a_red_letter_says_negative_and_prints_the_formal_yuan() {
    assert_eq!(spell(Decimal::new(-14_100, 2), Yuan::Formal).expect("spelled"), "(负数)壹佰肆拾壹圆整");
    assert_eq!(spell(Decimal::new(0, 2), Yuan::Formal).expect("spelled"), "零圆整");
}

#[test]
fn a_fraction_of_a_fen_cannot_be_spelled() {
    for amount in ["0.001", "12.345", "-0.005"] {
        assert!(spell(amount.parse().expect("an amount"), Yuan::Plain).is_err(), "{amount}");
    }
    assert_eq!(plain("12.340000"), "壹拾贰元叁角肆分", "trailing zeros are no fraction");
}

#[test]
fn a_slow_construction_agrees() {
    let mut random = rand::rngs::StdRng::seed_from_u64(20_260_601);
    let mut fens: Vec<u128> = (0..30_000).collect();
    for digits in 1..=17 {
        for _ in 0..1_000 {
            let number = random.random_range(0..10u128.pow(digits));
            fens.push(number);
            // Numbers full of zeros are where spellings go wrong: blank out random digits.
            let sparse: String =
                number.to_string().chars().map(|c| if random.random_bool(0.6) { '0' } else { c }).collect();
            fens.push(sparse.parse().expect("digits"));
        }
    }
    for number in fens {
        let amount = Decimal::from_i128_with_scale(number as i128, 2);
        assert_eq!(spell(amount, Yuan::Plain).expect("spelled"), slow(number), "{amount}");
    }
}

/// Goes through the number digit by digit and looks back at the last one that was not zero.
fn slow(fens: u128) -> String {
    let characters: Vec<char> = "零壹贰叁肆伍陆柒捌玖".chars().collect();
    let digits: Vec<usize> = (fens / 100).to_string().bytes().rev().map(|b| usize::from(b - b'0')).collect();
    let mut words = String::new();
    let mut last: Option<usize> = None;
    for (exponent, digit) in digits.iter().copied().enumerate().rev() {
        if digit != 0 {
            let gap = last.is_some_and(|last| last - exponent > 1);
            let next_full_section = exponent % 4 == 3 && last.is_some_and(|last| last / 4 == exponent / 4 + 1);
            if gap && !next_full_section {
                words.push('零');
            }
            words.push(characters[digit]);
            words.push_str(["", "拾", "佰", "仟"][exponent % 4]);
            last = Some(exponent);
        }
        let section_ended = exponent % 4 == 0;
        let in_section = digits[exponent..].iter().take(4).any(|digit| *digit != 0);
        match exponent / 4 {
            1 | 3 if section_ended && in_section => words.push('万'),
            2 if section_ended => words.push('亿'),
            _ => {}
        }
    }
    let yuan = if words.is_empty() && fens > 0 { String::new() } else { format!("{words}元") };
    let yuan = if fens == 0 { "零元".to_owned() } else { yuan };
    let zero = if !yuan.is_empty() && digits[0] == 0 { "零" } else { "" };
    match ((fens / 10 % 10) as usize, (fens % 10) as usize) {
        (0, 0) => format!("{yuan}整"),
        (0, fen) if yuan.is_empty() => format!("{}分", characters[fen]),
        (0, fen) => format!("{yuan}零{}分", characters[fen]),
        (jiao, 0) => format!("{yuan}{zero}{}角整", characters[jiao]),
        (jiao, fen) => format!("{yuan}{zero}{}角{}分", characters[jiao], characters[fen]),
    }
}
