//! A file of requests for invoices: one row each, found by its headings in either language.

use std::path::Path;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::database::Database;
use crate::error::{Error, Result};
use crate::tax::table_of;

/// What a column may be called, by the name that the database gives to it.
const COLUMNS: [(&str, [&str; 2]); 16] = [
    ("request_no", ["request_no", "申请编号"]),
    ("customer_ref", ["customer_ref", "客户编号"]),
    ("paper", ["paper", "单据"]),
    ("buyer_kind", ["buyer_kind", "抬头类型"]),
    ("name", ["name", "抬头"]),
    ("credit_code", ["credit_code", "税号"]),
    ("code_reason", ["code_reason", "税号说明"]),
    ("address", ["address", "地址"]),
    ("phone", ["phone", "电话"]),
    ("bank", ["bank", "开户行"]),
    ("account", ["account", "账号"]),
    ("email", ["email", "邮箱"]),
    ("amount", ["amount", "金额"]),
    ("product", ["product", "产品"]),
    ("month", ["month", "月份"]),
    ("note", ["note", "备注"]),
];

/// Reads the file and has the books take each row; what is wrong with a row comes back with it.
///
/// Errors: a file without request numbers, customers and titles is refused whole.
pub async fn take_file(db: &Database, command_id: Uuid, path: &Path) -> Result<Value> {
    let bytes = tokio::fs::read(path).await.map_err(|_| Error::rule("file_not_readable"))?;
    let rows = rows_of(&table_of(&bytes)?)?;
    db.call("invoices.take_requests", &json!({"command_id": command_id, "source": "csv", "rows": rows})).await
}

fn rows_of(table: &[Vec<String>]) -> Result<Vec<Value>> {
    let Some((head, rows)) = table.split_first() else { return Err(Error::rule("file_empty")) };
    let place = |names: &[&str; 2]| head.iter().position(|cell| names.contains(&cell.trim()));
    let places: Vec<_> = COLUMNS.iter().filter_map(|(field, names)| Some((*field, place(names)?))).collect();
    for needed in ["request_no", "customer_ref", "buyer_kind", "name"] {
        if !places.iter().any(|(field, _)| *field == needed) {
            return Err(Error::rule_with("file_column_missing", json!({"column": needed})));
        }
    }
    let row = |cells: &Vec<String>| {
        let filled = places
            .iter()
            .filter_map(|(field, place)| Some((*field, cells.get(*place).filter(|cell| !cell.is_empty())?)));
        Value::Object(
            filled.map(|(field, cell)| (field.to_owned(), json!(meaning(field, cell)))).collect::<Map<_, _>>(),
        )
    };
    Ok(rows.iter().filter(|cells| cells.iter().any(|cell| !cell.is_empty())).map(row).collect())
}

fn meaning<'a>(field: &str, cell: &'a str) -> &'a str {
    match (field, cell) {
        ("buyer_kind", "企业") => "enterprise",
        ("buyer_kind", "个人") => "personal",
        ("paper", "对账单") => "statement",
        ("paper", "开票申请单") => "invoice_request",
        (_, cell) => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_either_language_and_empty_cells_are_nothing() {
        let table = table_of(
            "申请编号,客户编号,抬头类型,抬头,税号,金额\nA1,C-1,企业,北京样例有限公司,91110108MA0TE4T01D,\n,,,,,\n"
                .as_bytes(),
        )
        .expect("a table");
        let asked = json!({"request_no": "A1", "customer_ref": "C-1", "buyer_kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D"});
        assert_eq!(rows_of(&table), Ok(vec![asked]));
        let foreign = table_of("a,b\n1,2\n".as_bytes()).expect("a table");
        assert_eq!(rows_of(&foreign).expect_err("refused").rule_name(), Some("file_column_missing"));
    }
}
