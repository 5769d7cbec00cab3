//! Long lists travel by columns: `{"columns": {"id": "3,2", "memo": ["one", null], …}}`. Here they become rows again,
//! so that nobody else meets the difference.
//!
//! A column is an array. Columns whose values hold no comma and are never empty may be one text, under their names
//! with commas: the first value of each, then the second of each; nothing between two commas is null. A column that
//! is an object is a list under each row: its own columns, and `of`, the id of the row that a row of the list belongs to.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// An answer as its rows, if it travelled by columns; any other as it is.
pub(crate) fn to_rows(answer: Value) -> Value {
    match answer {
        Value::Object(mut whole) if whole.len() == 1 => match whole.remove("columns") {
            Some(Value::Object(columns)) => Value::Array(rows(columns).into_iter().map(Value::Object).collect()),
            Some(other) => Value::Object(Map::from_iter([("columns".to_owned(), other)])),
            None => Value::Object(whole),
        },
        other => other,
    }
}

fn rows(columns: Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    let mut lists = Vec::new();
    for (name, column) in columns {
        if let Value::Object(list) = column {
            lists.push((name, list));
            continue;
        }
        let names: Vec<&str> = name.split(',').collect();
        for (at, value) in values(column).into_iter().enumerate() {
            if rows.len() <= at / names.len() {
                rows.push(Map::new());
            }
            rows[at / names.len()].insert(names[at % names.len()].to_owned(), value);
        }
    }
    for (name, list) in lists {
        let mut under = by_owner(list);
        for row in &mut rows {
            let own = row.get("id").and_then(Value::as_str).and_then(|id| under.remove(id));
            row.insert(name.clone(), Value::Array(own.unwrap_or_default()));
        }
    }
    rows
}

/// The rows of a list under a row, by the id of that.
fn by_owner(list: Map<String, Value>) -> HashMap<String, Vec<Value>> {
    let mut under: HashMap<String, Vec<Value>> = HashMap::new();
    for mut row in rows(list) {
        if let Some(Value::String(owner)) = row.remove("of") {
            under.entry(owner).or_default().push(Value::Object(row));
        }
    }
    under
}

fn values(column: Value) -> Vec<Value> {
    match column {
        Value::Array(values) => values,
        Value::String(joined) => {
            let value = |piece: &str| if piece.is_empty() { Value::Null } else { piece.into() };
            joined.split(',').map(value).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::to_rows;
    use serde_json::json;

    #[test]
    fn columns_become_rows_with_what_is_under_them() {
        let columns = json!({"id,reverses": "7,,5,7", "memo": [null, "one, two"],
            "lines": {"of,amount,balance_after": "5,1.5,,5,-1.5,2,7,0.01,", "line": [1, 2, 1]}});
        let rows = json!([
            {"id": "7", "memo": null, "reverses": null, "lines": [{"line": 1, "amount": "0.01", "balance_after": null}]},
            {"id": "5", "memo": "one, two", "reverses": "7", "lines": [
                {"line": 1, "amount": "1.5", "balance_after": null}, {"line": 2, "amount": "-1.5", "balance_after": "2"}]},
        ]);
        assert_eq!(to_rows(json!({"columns": columns})), rows);
    }

    #[test]
    fn an_empty_page_and_every_other_answer_stay_what_they_are() {
        let nothing = json!({"id": null, "memo": null, "lines": {"of": null, "line": null}});
        assert_eq!(to_rows(json!({"columns": nothing})), json!([]));
        for other in [json!(null), json!([{"id": "1"}]), json!({"columns": [1]}), json!({"columns": {}, "more": true})]
        {
            assert_eq!(to_rows(other.clone()), other);
        }
        assert_eq!(to_rows(json!({"columns": {"id": "", "memo": [null]}})), json!([{"id": null, "memo": null}]));
    }
}
