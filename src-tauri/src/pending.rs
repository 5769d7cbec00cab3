//! Stand-ins until the core has these.
#![allow(missing_docs, dead_code, unused_variables)]
use kontor::*;
use serde_json::Value;
#[derive(serde::Serialize, Clone)]
pub struct Progress { pub phase: &'static str, pub kind: Option<String>, pub rows: u64, pub total: Option<u64> }
pub mod imports {
    pub use super::Progress;
    use super::*;
    pub async fn import(db: &Database, path: &std::path::Path, tell: &mut (dyn FnMut(Progress) + Send), cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Value> { Err(Error::bug("pending")) }
}
pub mod attachments {
    use super::*;
    pub const LARGEST_ATTACHMENT: u64 = 20971520;
    pub async fn attach(db: &Database, command_id: uuid::Uuid, kind: &str, id: &str, name: &str, bytes: &[u8]) -> Result<Value> { Err(Error::bug("pending")) }
    pub async fn fetch(db: &Database, id: uuid::Uuid) -> Result<Vec<u8>> { Err(Error::bug("pending")) }
}
