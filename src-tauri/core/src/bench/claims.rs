//! What a report claims about its circumstances, asserted before anything is measured.

use super::books::Books;
use super::{Failure, Report, Result};
use crate::embedded::Server;
use crate::rehearsal;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};

/// Without these three the ledger would not be one.
const TRIGGERS: [&str; 3] = ["check_postings", "check_journal_has_postings", "refuse_change"];

/// Durable commits and watchful triggers, as the very login has them that posts.
pub(super) async fn assert_honest(server: &Server, books: &Books, report: &mut Report) -> Result<()> {
    let platform = rehearsal::sign_in(server, &books.database, "platform").await?;
    let sql = "select jsonb_object_agg(s.name, s.setting) from pg_settings s \
               where s.name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'session_replication_role', 'shared_buffers', 'wal_level')";
    let settings: Value = sqlx::query_scalar(sql).fetch_one(&platform.pool).await?;
    platform.close().await;
    for (name, wanted) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("session_replication_role", "origin"),
    ] {
        if settings[name] != wanted {
            return Err(Failure::Broken { claim: "what was acknowledged is on disk", found: settings });
        }
    }
    let mut owner = server.administrator(&books.database).connect().await?;
    let sql = "select t.tgname::text, t.tgenabled::text, c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'book'::regnamespace";
    let triggers: Vec<(String, String, String)> = sqlx::query_as(sql).fetch_all(&mut owner).await?;
    let missing: Vec<&str> =
        TRIGGERS.into_iter().filter(|wanted| !triggers.iter().any(|(name, _, _)| name == wanted)).collect();
    let off: Vec<_> = triggers.iter().filter(|(_, enabled, _)| enabled != "O" && enabled != "A").collect();
    if !missing.is_empty() || !off.is_empty() {
        return Err(Failure::Broken {
            claim: "all triggers are enabled",
            found: json!({"missing": missing, "off": off}),
        });
    }
    let sql = "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'book'::regnamespace and not (i.indisvalid and i.indisready)";
    let invalid: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await?;
    let sql = "select count(*) from pg_constraint k where k.connamespace = 'book'::regnamespace and not k.convalidated";
    let unvalidated: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await?;
    owner.close().await?;
    if invalid + unvalidated > 0 {
        return Err(Failure::Broken {
            claim: "indexes and constraints are valid",
            found: json!([invalid, unvalidated]),
        });
    }
    report.claim("settings", settings);
    report.claim("triggers_enabled", json!(triggers.len()));
    Ok(())
}

/// How many actions the books remember, and how many journals and audit rows that made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub audit_rows: i64,
    pub recharges: i64,
    pub charges: i64,
}

impl Written {
    pub async fn so_far(server: &Server, books: &Books) -> Result<Self> {
        let mut owner = server.administrator(&books.database).connect().await?;
        let sql = "select (select count(*) from book.audit_events), (select count(*) from book.recharges), (select count(*) from book.usage_charges)";
        let (audit_rows, recharges, charges) = sqlx::query_as(sql).fetch_one(&mut owner).await?;
        owner.close().await?;
        Ok(Self { audit_rows, recharges, charges })
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            audit_rows: self.audit_rows - before.audit_rows,
            recharges: self.recharges - before.recharges,
            charges: self.charges - before.charges,
        }
    }
}
