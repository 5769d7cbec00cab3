//! In which language a paper is written. Labels are said once, in both; a paper in one language takes its half.

use serde::Deserialize;

/// The language of a seller's papers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Language {
    /// Chinese first, English beside it.
    #[default]
    #[serde(rename = "both")]
    Both,
    /// English alone.
    #[serde(rename = "en")]
    English,
    /// Chinese alone.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// The half of a label such as `税额 Tax` that this language reads.
    pub fn say(self, label: &str) -> &str {
        let begins =
            label.char_indices().find(|(at, c)| c.is_ascii_alphabetic() && label[..*at].ends_with([' ', '　']));
        let Some((at, _)) = begins.filter(|_| !label.is_ascii()) else { return label };
        match self {
            Self::Both => label,
            Self::English => &label[at..],
            Self::Chinese => label[..at].trim_end(),
        }
    }

    /// A title in Chinese and English: the first is the large one.
    pub fn pair(self, pair: [&str; 2]) -> [&str; 2] {
        match self {
            Self::Both => pair,
            Self::English => [pair[1], ""],
            Self::Chinese => [pair[0], ""],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_falls_into_its_halves() {
        let label = "价税合计（大写） Total in words";
        assert_eq!(
            [Language::Both, Language::English, Language::Chinese].map(|one| one.say(label)),
            [label, "Total in words", "价税合计（大写）"]
        );
        assert_eq!(Language::English.say("Terms"), "Terms");
        assert_eq!(Language::Chinese.say("备注"), "备注");
    }
}
