//! The one way in: every command of the window, of scripts and of tests is called here.

use crate::database::Database;
use crate::error::Result;
use serde_json::Value;

/// Calls the command `name` as the person who is signed in. `arguments` is one JSON object, named as the
/// SQL function names its parameters; the answer is the row, or the rows, that a read would show.
pub async fn call(db: &Database, name: &str, arguments: Value) -> Result<Value> {
    db.call(name, &arguments).await
}
