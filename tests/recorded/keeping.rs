//! How answers are kept: the same from run to run, one row to a line, one file for each command.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Ids that the story chose itself begin so, and stay as they are.
pub const OURS: &str = "0199c0de-0000-7000-8000-";

/// Answers by command, in the order in which they were asked for.
#[derive(Default)]
pub struct Kept {
    by_command: BTreeMap<String, Vec<Value>>,
    replaced: HashMap<String, String>,
}

impl Kept {
    /// Keeps an answer, or a refusal, with who asked and for what.
    pub fn keep(&mut self, command: &str, login: &str, arguments: &Value, answer: Result<Value, Value>) {
        let mut arguments = arguments.clone();
        if let Some(members) = arguments.as_object_mut() {
            members.remove("command_id");
        }
        let (name, said) = match answer {
            Ok(answer) => ("answer", answer),
            Err(refusal) => ("refused", refusal),
        };
        let mut one = json!({"as": login, "arguments": self.settled(arguments)});
        one[name] = self.settled(said);
        self.by_command.entry(command.to_owned()).or_default().push(one);
    }

    /// Keeps the answer of an action once: the screens need one of each kind.
    pub fn keep_first(&mut self, command: &str, login: &str, arguments: &Value, answer: Result<Value, Value>) {
        if !self.by_command.contains_key(command) {
            self.keep(command, login, arguments, answer);
        }
    }

    /// Whether anything was kept for this command.
    pub fn has(&self, command: &str) -> bool {
        self.by_command.contains_key(command)
    }

    /// What differs from run to run becomes what is the same: ids and hashes by their order, instants to the minute.
    fn settled(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.settled_text(text)),
            Value::Array(values) => values.into_iter().map(|one| self.settled(one)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, one)| (name.clone(), self.settled_member(&name, one)))
                .collect::<Map<_, _>>()
                .into(),
            other => other,
        }
    }

    /// What is left of a window is counted while we ask: kept to the minute, like instants.
    fn settled_member(&mut self, name: &str, value: Value) -> Value {
        match value.as_i64() {
            Some(seconds) if name.starts_with("seconds") => json!((seconds + 30).div_euclid(60) * 60),
            _ => self.settled(value),
        }
    }

    fn settled_text(&mut self, text: String) -> String {
        if text.starts_with("kontor_case_") || text.starts_with("kontor_template_") {
            return "kontor_rehearsal".to_owned();
        }
        if text.len() == 36 && !text.starts_with(OURS) && uuid::Uuid::try_parse(&text).is_ok() {
            let next = self.replaced.len() + 1;
            return self.replaced.entry(text).or_insert_with(|| format!("ffffffff-0000-7000-8000-{next:012}")).clone();
        }
        // "deadline-2@" and the id of these books.
        if let Some((name, books)) = text.split_once('@')
            && uuid::Uuid::try_parse(books).is_ok()
        {
            return format!("{name}@{}", self.settled_text(books.to_owned()));
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let next = self.replaced.len() + 1;
            return self.replaced.entry(text).or_insert_with(|| format!("{next:064}")).clone();
        }
        // "2026-02-13T02:42:00.123456Z", and the same with an offset inside a JSON column.
        let bytes = text.as_bytes();
        let fraction =
            bytes.len() > 20 && bytes[4] == b'-' && bytes[10] == b'T' && bytes[16] == b':' && bytes[19] == b'.';
        match fraction.then(|| text[20..].find(|sign: char| !sign.is_ascii_digit())).flatten() {
            Some(end) => format!("{}:00{}", &text[..16], &text[20 + end..]),
            None => text,
        }
    }

    /// Writes what is not there yet in these words, removes what nobody asks for any more, and names both.
    pub fn write(&self) -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/gallery/recorded");
        std::fs::create_dir_all(folder).expect("a folder");
        let mut stale = Vec::new();
        for (command, answers) in &self.by_command {
            let text = drawn(&Value::Array(answers.clone()), 0) + "\n";
            let path = format!("{folder}/{command}.json");
            if std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != text {
                std::fs::write(&path, text).expect("the file can be rewritten");
                stale.push(command.clone());
            }
        }
        for entry in std::fs::read_dir(folder).expect("the folder of answers") {
            let entry = entry.expect("a readable entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.strip_suffix(".json").is_some_and(|command| self.by_command.contains_key(command)) {
                std::fs::remove_file(entry.path()).expect("the file can be removed");
                stale.push(name);
            }
        }
        stale
    }
}

/// JSON with short values on one line each, so that a difference shows the row that it is in.
fn drawn(value: &Value, depth: usize) -> String {
    let plain = value.to_string();
    if plain.chars().count() <= 160 {
        return plain;
    }
    let inset = " ".repeat(depth + 1);
    let close = " ".repeat(depth);
    match value {
        Value::Array(values) => {
            let rows: Vec<String> = values.iter().map(|one| format!("{inset}{}", drawn(one, depth + 1))).collect();
            format!("[\n{}\n{close}]", rows.join(",\n"))
        }
        Value::Object(members) => {
            let rows = filled(members, depth + 1);
            format!("{{\n{inset}{}\n{close}}}", rows.join(&format!(",\n{inset}")))
        }
        other => other.to_string(),
    }
}

/// Members side by side while they are short.
fn filled(members: &Map<String, Value>, depth: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut open = false;
    for (name, value) in members {
        let text = format!("{}: {}", json!(name), drawn(value, depth));
        let small = !text.contains('\n') && text.chars().count() <= 160;
        match rows.last_mut() {
            Some(row) if open && small && row.chars().count() + text.chars().count() <= 160 => {
                *row = format!("{row}, {text}");
            }
            _ => rows.push(text),
        }
        open = small;
    }
    rows
}
