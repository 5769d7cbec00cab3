//! Breaking text into lines: Chinese anywhere except where its rules forbid it, Latin between words.

use super::fonts::{Fonts, Weight};

/// Closing punctuation and marks that belong to what stands before them: no line starts with these.
const NEVER_FIRST: &str = "、。，．：；！？）］｝〉》」』】〕〗〙〟’”％‰℃°…—～·・ー々〻ゝゞヽヾ／/!),.:;?]}%‐–";

/// Opening brackets and signs that belong to what follows: no line ends with these.
const NEVER_LAST: &str = "（［｛〈《「『【〔〖〘〝‘“￥＄＃№¥$£#([{";

/// The lines of a text at a width, measured with the face's real advances. Line breaks in the text are
/// kept. A word wider than the whole line is broken between characters, since it must go somewhere.
pub fn wrap(fonts: &Fonts, weight: Weight, size: f32, width: f32, text: &str) -> Vec<String> {
    let limit = width / size;
    text.split('\n').flat_map(|paragraph| wrap_paragraph(fonts, weight, limit, paragraph)).collect()
}

fn wrap_paragraph(fonts: &Fonts, weight: Weight, limit: f32, paragraph: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut line_width = 0.0;
    for piece in pieces(paragraph) {
        let solid = fonts.measure(weight, piece.trim_end());
        if line_width + solid > limit + 0.001 && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            line_width = 0.0;
        }
        let piece = if line.is_empty() && !lines.is_empty() { piece.trim_start() } else { piece };
        if solid > limit {
            let (full, rest) = split_anywhere(fonts, weight, limit, piece);
            lines.extend(full);
            line = rest;
            line_width = fonts.measure(weight, &line);
            continue;
        }
        line.push_str(piece);
        line_width += fonts.measure(weight, piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// A text cut at every place where a line may end. Spaces stay with the piece before them.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut characters = paragraph.char_indices().peekable();
    while let Some((_, before)) = characters.next() {
        let Some(&(at, after)) = characters.peek() else { break };
        if may_break(before, after) {
            pieces.push(&paragraph[start..at]);
            start = at;
        }
    }
    pieces.push(&paragraph[start..]);
    pieces
}

/// Whether a line may end between two neighbouring characters.
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || NEVER_FIRST.contains(after) || NEVER_LAST.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after) || (matches!(before, '-' | '/') && after.is_alphabetic())
}

/// Characters written without spaces between them.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' |
        '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ffee}' | '\u{20000}'..='\u{3ffff}')
}

fn split_anywhere(fonts: &Fonts, weight: Weight, limit: f32, piece: &str) -> (Vec<String>, String) {
    let mut full = Vec::new();
    let mut line = String::new();
    let mut width = 0.0;
    for character in piece.chars() {
        let advance = fonts.face(weight).advance(character).unwrap_or(0.0);
        if width + advance > limit && !line.is_empty() {
            full.push(std::mem::take(&mut line));
            width = 0.0;
        }
        line.push(character);
        width += advance;
    }
    (full, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_only_where_the_rules_allow() {
        assert_eq!(pieces("消费，对账（单）100.00 元"), ["消", "费，", "对", "账", "（单）", "100.00 ", "元"]);
        assert_eq!(pieces("GLM-4 tokens/day"), ["GLM-4 ", "tokens/", "day"]);
        assert_eq!(pieces("《合同》：甲方——乙方"), ["《合", "同》：", "甲", "方——", "乙", "方"]);
        assert_eq!(pieces(""), [""]);
    }
}
