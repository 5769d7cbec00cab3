//! Refusals and failures, in the words that reach the person at the desk.
//!
//! A refusal has a name and a harmless detail; whatever Postgres says beyond that (it prints whole
//! rows) never leaves this file.

use serde::Serialize;
use serde_json::{Value, json};
use sqlx::postgres::PgDatabaseError;
use uuid::Uuid;

/// What a fallible function of the core returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Error {
    /// A named rule refuses; nothing was changed.
    Rule {
        /// The rule: a constraint's name, a name raised by a function, or one of [`RUST_RULES`].
        name: String,
        /// Amounts, dates, the clause: never rows and never personal data.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<Value>,
    },
    /// The signed-in person has no duty that allows this.
    NotAllowed {
        /// The duties that would allow it, when the database says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<Value>,
    },
    /// Somebody else holds what is needed; asking again soon is right.
    Busy {
        /// The login of who works on the customer, where the database can tell.
        #[serde(skip_serializing_if = "Option::is_none")]
        holder: Option<String>,
    },
    /// The database cannot be reached, or its answer was lost.
    Offline,
    /// Application and database speak different versions of the contract.
    Outdated {
        /// Both versions, as numbers; a database without Kontor's functions has none.
        detail: Versions,
    },
    /// A mistake of ours; the reference finds it in the log.
    Bug {
        /// What the log calls this failure.
        reference: String,
    },
}

/// The contract versions that did not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// The version that the database was migrated to.
    pub database: Option<i32>,
    /// The version that this program was built for.
    pub app: i32,
}

/// The rules that Rust itself refuses by; all others live in the database.
/// `ui/src/rules.ts` is generated from both, so each needs its sentences.
pub const RUST_RULES: &[&str] = &[
    "amount_has_too_many_decimals",
    "amount_not_a_number",
    "amount_too_large",
    "argument_invalid",
    "cluster_foreign",
    "cluster_unsafe",
    "database_unknown",
    "export_cancelled",
    "export_running",
    "file_not_picked",
    "file_not_written",
    "font_missing",
    "font_unexpected",
    "glyph_missing",
    "home_not_reachable",
    "import_running",
    "list_unknown",
    "loading_cancelled",
    "login_refused",
    "migration_broken",
    "migration_edited",
    "not_signed_in",
    "password_missing",
    "password_wrong",
    "picture_broken",
    "picture_size_unusable",
    "postgres_not_found",
    "postgres_not_started",
    "printer_failed",
    "printer_not_found",
    "printing_unavailable",
    "profile_incomplete",
    "profile_unknown",
    "profiles_broken",
    "run_is_empty",
    "server_certificate_refused",
    "step_up_without_password",
    "viewer_not_started",
];

impl Error {
    /// A refusal by a rule of Rust's own.
    pub fn rule(name: &str) -> Self {
        Self::Rule { name: name.to_owned(), detail: None }
    }

    /// A refusal by a rule of Rust's own, with what the sentence needs.
    pub fn rule_with(name: &str, detail: Value) -> Self {
        Self::Rule { name: name.to_owned(), detail: Some(detail) }
    }

    /// Something that must not happen. `cause` goes to the log only.
    pub fn bug(cause: impl std::fmt::Display) -> Self {
        let reference = Uuid::new_v4().simple().to_string()[..8].to_owned();
        tracing::error!(reference, "{cause}");
        Self::Bug { reference }
    }

    /// The refusing rule's name, if a rule refused.
    pub fn rule_name(&self) -> Option<&str> {
        match self {
            Self::Rule { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The error as the window and scripts read it.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|_| json!({"kind": "bug", "reference": "unprintable"}))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(inner) => match inner.try_downcast::<PgDatabaseError>() {
                Ok(refusal) => from_postgres(&refusal),
                Err(other) => Self::bug(other),
            },
            // A certificate for another name, or of an unknown authority, reaches us as an I/O error of the TLS library.
            sqlx::Error::Io(cause) if cause.kind() == std::io::ErrorKind::InvalidData => {
                tracing::warn!("TLS refused: {cause}");
                Self::rule("server_certificate_refused")
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                tracing::warn!("the database does not answer: {error}");
                Self::Offline
            }
            sqlx::Error::Tls(cause) => {
                tracing::warn!("TLS refused: {cause}");
                Self::rule("server_certificate_refused")
            }
            other => Self::bug(other),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::bug(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::bug(error)
    }
}

fn from_postgres(refusal: &PgDatabaseError) -> Error {
    let detail = refusal.detail().and_then(harmless_detail);
    match refusal.code() {
        "23514" | "23505" | "23P01" | "23503" => match refusal.constraint() {
            Some(name) if !is_automatic(name) => Error::Rule { name: name.to_owned(), detail },
            _ => bug_of(refusal),
        },
        "42501" => Error::NotAllowed { detail },
        "55P03" | "40P01" | "40001" | "57014" | "53300" => {
            Error::Busy { holder: detail.and_then(|detail| detail["holder"].as_str().map(str::to_owned)) }
        }
        "22P02" | "22007" | "22008" | "22003" => Error::Rule { name: "argument_invalid".into(), detail },
        "28P01" => Error::rule("password_wrong"),
        "28000" => Error::rule("login_refused"),
        "3D000" => Error::rule("database_unknown"),
        code if code.starts_with("57P0") || code.starts_with("08") => Error::Offline,
        _ => bug_of(refusal),
    }
}

/// Our own functions write a JSON object there; Postgres' own sentences quote rows and are dropped.
fn harmless_detail(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok().filter(Value::is_object)
}

/// Postgres names a constraint after its columns when nobody does. Such a name is no rule's name.
pub(crate) fn is_automatic(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    ["_pkey", "_fkey", "_key", "_check", "_excl", "_not_null"].iter().any(|suffix| stem.ends_with(suffix))
}

/// Logs what is needed to find the mistake, without the values that caused it.
fn bug_of(refusal: &PgDatabaseError) -> Error {
    Error::bug(format_args!(
        "postgres {} in {}: constraint {:?}, table {:?}, routine {:?}",
        refusal.code(),
        refusal.r#where().unwrap_or("a statement"),
        refusal.constraint(),
        refusal.table(),
        without_values(refusal),
    ))
}

/// Messages about broken code name objects; messages about broken values may quote them.
fn without_values(refusal: &PgDatabaseError) -> &str {
    match &refusal.code()[..2] {
        "42" | "0A" | "XX" | "P0" | "25" | "2F" | "55" | "54" | "53" => refusal.message(),
        _ => refusal.routine().unwrap_or("unknown"),
    }
}

/// Whether the session's cached plans no longer fit: a new connection is the cure.
pub(crate) fn wants_reconnect(error: &sqlx::Error) -> bool {
    code_of(error).as_deref() == Some("0A000")
}

/// Whether Postgres chose this statement as a deadlock's victim; nothing was written.
pub(crate) fn is_deadlock_victim(error: &sqlx::Error) -> bool {
    matches!(code_of(error).as_deref(), Some("40P01"))
}

/// Whether Kontor's functions are absent, so the database was never migrated.
pub(crate) fn lacks_the_contract(error: &sqlx::Error) -> bool {
    matches!(code_of(error).as_deref(), Some("3F000" | "42883" | "42P01"))
}

fn code_of(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|refusal| refusal.code()).map(|code| code.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_given_by_postgres_are_no_rules() {
        for name in ["journals_pkey", "lots_customer_id_fkey", "lots_paid_check1", "people_login_key"] {
            assert!(is_automatic(name), "{name}");
        }
        for name in ["refund_not_open", "approver_is_requester", "amount_has_two_decimals"] {
            assert!(!is_automatic(name), "{name}");
        }
    }

    #[test]
    fn rows_quoted_by_postgres_are_dropped() {
        assert_eq!(harmless_detail("Failing row contains (1, 张三, 138)."), None);
        assert_eq!(harmless_detail("\"13800000000\""), None);
        assert_eq!(harmless_detail("{\"left\": \"1.00\"}"), Some(json!({"left": "1.00"})));
    }

    #[test]
    fn errors_read_as_the_window_expects() {
        assert_eq!(Error::rule("refund_not_open").to_json(), json!({"kind": "rule", "name": "refund_not_open"}));
        assert_eq!(Error::Busy { holder: None }.to_json(), json!({"kind": "busy"}));
        let held = Error::Busy { holder: Some("reviewer".into()) };
        assert_eq!(held.to_json(), json!({"kind": "busy", "holder": "reviewer"}));
        let versions = Versions { database: Some(1), app: 2 };
        let outdated = Error::Outdated { detail: versions };
        assert_eq!(outdated.to_json(), json!({"kind": "outdated", "detail": {"database": 1, "app": 2}}));
    }
}
