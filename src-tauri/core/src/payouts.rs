//! The files between the desk and a provider: instructions out, answers back.
//!
//! What is instructed, how the provider wants it written, and what an answer means for the money is the database's: it
//! composes the files with the export and keeps their bytes. This fetches them, and reads what comes back.

use crate::database::Database;
use crate::error::{Error, Result};
use crate::files::{Columns, FileError, FileResult, read_text, split_line};
use crate::paper::from_hex;
use serde_json::{Value, json};
use uuid::Uuid;

/// Headings under which a provider's answer may name our refund number.
const REFUND_NO: &[&str] =
    &["refund_no", "商户退款单号", "退款请求号", "退款批次号", "out_refund_no", "out_request_no"];
/// Headings of what became of it.
const RESULT: &[&str] = &["result", "退款状态", "处理结果", "状态", "refund_status", "status"];
/// Headings of why it failed.
const REASON: &[&str] = &["reason", "失败原因", "备注", "fail_reason", "error"];

/// One of the two files of an exported batch (`provider`, or `csv`), as the database composed and kept it.
///
/// Errors: what `payouts.take_file` refuses.
pub async fn file(db: &Database, command_id: Uuid, batch_id: Uuid, kind: &str) -> Result<Vec<u8>> {
    let wanted = json!({"command_id": command_id, "batch_id": batch_id, "kind": kind});
    let document = db.call("payouts.take_file", &wanted).await?;
    from_hex(document["content"].as_str().unwrap_or_default())
        .ok_or_else(|| Error::bug("a payout file without its bytes"))
}

/// Reads a provider's answers: our refund number, `accepted`, `failed` or `unknown`, and the reason it gave.
///
/// Errors: a file without the two columns, or with a word for the result that nobody taught us, is refused whole.
pub fn read_results(bytes: &[u8]) -> FileResult<Vec<Value>> {
    let text = read_text(bytes)?;
    let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line)).filter(|(_, line)| !line.trim().is_empty());
    // Providers put a few lines about the account above the header.
    let (columns, number, result) = lines
        .by_ref()
        .take(20)
        .find_map(|(n, line)| {
            let columns = Columns::read(n, &split_line(n, line).ok()?).ok()?;
            let (number, result) = (columns.find(REFUND_NO)?, columns.find(RESULT)?);
            Some((columns, number, result))
        })
        .ok_or_else(|| FileError::new("file_column_missing").with("column", "refund_no, result"))?;
    let reason = columns.find(REASON).filter(|place| *place != result);
    let mut rows = Vec::new();
    for (n, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
        let mut fields = split_line(n, line)?;
        columns.check_width(n, &mut fields)?;
        let bare = |place: usize| fields[place].trim().trim_start_matches('`').trim();
        let word = meaning(bare(result)).ok_or_else(|| FileError::row(n, "result", "success, failed or processing"))?;
        rows.push(json!({"refund_no": bare(number), "result": word, "reason": reason.map(bare)}));
    }
    if rows.is_empty() { Err(FileError::new("file_empty")) } else { Ok(rows) }
}

/// Accepted is not yet money: the next statement says that.
fn meaning(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "accepted" | "success" | "succeeded" | "成功" | "退款成功" | "受理成功" | "已受理" => {
            Some("accepted")
        }
        "failed" | "fail" | "failure" | "closed" | "abnormal" | "失败" | "退款失败" | "退款关闭" | "退款异常" => {
            Some("failed")
        }
        "unknown" | "processing" | "处理中" | "退款处理中" | "未知" => Some("unknown"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_the_providers_words() {
        let file = "微信支付批量退款结果\n\n商户退款单号,退款金额,退款状态,失败原因\n`K1,`1.00,`SUCCESS,\n`K2,`2.00,`ABNORMAL,银行卡已注销\n`K3,`3.00,`PROCESSING,\n";
        let rows = read_results(file.as_bytes()).expect("answers");
        assert_eq!(rows[0]["result"], "accepted");
        assert_eq!((rows[1]["result"].as_str(), rows[1]["reason"].as_str()), (Some("failed"), Some("银行卡已注销")));
        assert_eq!((rows[2]["refund_no"].as_str(), rows[2]["result"].as_str()), (Some("K3"), Some("unknown")));
    }

    #[test]
    fn an_unknown_word_or_a_missing_column_refuses_the_file() {
        let strange = read_results("refund_no,result\nK1,maybe\n".as_bytes()).expect_err("refused");
        assert_eq!((strange.rule, strange.detail["line"].as_i64()), ("file_row_broken", Some(2)));
        let missing = read_results("refund_no,amount\nK1,1.00\n".as_bytes()).expect_err("refused");
        assert_eq!(missing.rule, "file_column_missing");
        let cut = read_results("refund_no,amount,result\nK1,1.00\n".as_bytes()).expect_err("refused");
        assert_eq!(cut.rule, "file_row_broken");
        assert_eq!(read_results("refund_no,result\n".as_bytes()).expect_err("refused").rule, "file_empty");
    }
}
