//! Amounts in capital numerals (大写金额), spelled as payment papers and ledgers in China demand.
//!
//! Where the regulations leave a choice this module always takes the fuller spelling: 整 also after 角,
//! and a 零 between 元 and 角 when the last digit of the yuan is zero. Fuller is lawful under both
//! regulations, and leaves no gap into which a character could be added by hand.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use crate::error::{Error, Result};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// Which character stands for the yuan. Ledgers and cheques write 元, official invoices print 圆.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Yuan {
    /// 元, the everyday form.
    #[default]
    Plain,
    /// 圆, the form printed on invoices.
    Formal,
}

impl Yuan {
    /// The character itself.
    pub fn character(self) -> char {
        match self {
            Yuan::Plain => '元',
            Yuan::Formal => '圆',
        }
    }
}

/// Spells an amount of yuan. Negative amounts begin with (负数), as red-letter papers do; the caller
/// puts 人民币 in front where a paper wants it.
///
/// An amount with a fraction of a fen cannot be written in words and is refused.
pub fn spell(amount: Decimal, yuan: Yuan) -> Result<String> {
    let fens = (amount.abs() * Decimal::ONE_HUNDRED).normalize();
    let whole = match fens.to_u128() {
        Some(whole) if fens.scale() == 0 => whole,
        _ => return Err(Error::rule_with("amount_has_too_many_decimals", json!({ "decimals": 2 }))),
    };
    let sign = if amount.is_sign_negative() && whole != 0 { "(负数)" } else { "" };
    Ok(format!("{sign}{}", spell_fens(whole, yuan.character())))
}

fn spell_fens(fens: u128, yuan_character: char) -> String {
    let (yuan, jiao, fen) = (fens / 100, (fens / 10 % 10) as usize, (fens % 10) as usize);
    let mut words = String::new();
    if yuan > 0 || fens == 0 {
        words.push_str(&spell_whole(yuan));
        words.push(yuan_character);
    }
    if jiao == 0 && fen == 0 {
        words.push('整');
        return words;
    }
    let needs_zero = yuan > 0 && (jiao == 0 || yuan.is_multiple_of(10));
    if needs_zero {
        words.push('零');
    }
    if jiao > 0 {
        words.push(DIGITS[jiao]);
        words.push('角');
    }
    if fen > 0 {
        words.push(DIGITS[fen]);
        words.push('分');
    } else {
        words.push('整');
    }
    words
}

/// A whole number: what stands before 亿, then the rest below it. Sections of four digits that end in
/// zeros say no 零 before a full section; an empty section between two others always does.
fn spell_whole(number: u128) -> String {
    const YI: u128 = 100_000_000;
    if number == 0 {
        return DIGITS[0].to_string();
    }
    let (above, below) = (number / YI, number % YI);
    let mut words = String::new();
    if above > 0 {
        words.push_str(&spell_whole(above));
        words.push('亿');
    }
    let (wan, rest) = ((below / 10_000) as usize, (below % 10_000) as usize);
    if wan > 0 {
        let gap = above > 0 && (wan < 1_000 || above.is_multiple_of(10_000));
        spell_section(wan, gap, &mut words);
        words.push('万');
    }
    if rest > 0 {
        let gap = (wan > 0 && rest < 1_000) || (wan == 0 && above > 0);
        spell_section(rest, gap, &mut words);
    }
    words
}

/// Four digits. Zeros inside are said once, zeros at the end not at all.
fn spell_section(section: usize, mut zero_due: bool, words: &mut String) {
    let mut begun = zero_due;
    for (place, weight) in [(3, 1_000), (2, 100), (1, 10), (0, 1)] {
        let digit = section / weight % 10;
        if digit == 0 {
            zero_due = zero_due || begun;
            continue;
        }
        if zero_due {
            words.push(DIGITS[0]);
            zero_due = false;
        }
        words.push(DIGITS[digit]);
        words.push_str(PLACES[place]);
        begun = true;
    }
}
