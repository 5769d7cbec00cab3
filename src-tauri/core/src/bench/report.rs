//! The figures, their goals, as one JSON object and as a table.

use super::Result;
use super::books::{Books, Space};
use crate::embedded::Server;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::{ConnectOptions, Connection};
use std::fmt::Write;
use std::path::PathBuf;

/// A figure over several rounds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// Of at least one figure.
    pub fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at =
            |part: f64| figures.get(((figures.len() - 1) as f64 * part).round() as usize).copied().unwrap_or(f64::NAN);
        let middle = figures.len() / 2;
        let median = match figures.len() % 2 {
            0 => (figures[middle - 1] + figures[middle]) / 2.0,
            _ => figures[middle],
        };
        Self { median: rounded(median), least: rounded(at(0.0)), most: rounded(at(1.0)) }
    }
}

/// Four digits that count; the rest is noise.
fn rounded(figure: f64) -> f64 {
    if figure == 0.0 || !figure.is_finite() {
        return figure;
    }
    let digits = 3 - figure.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits);
    (figure * scale).round() / scale
}

#[derive(Debug, Clone, Copy)]
enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// What each ratio should reach.
const GOALS: &[(&str, Goal)] = &[
    ("posting_c8_to_tpcb", Goal::AtLeast(0.8)),
    ("posting_c1_to_tpcb", Goal::AtLeast(1.2)),
    ("hot_to_spread_c8", Goal::AtLeast(0.95)),
    ("bytes_per_posting", Goal::AtMost(260.0)),
    ("usage_batch_to_bare", Goal::AtMost(4.0)),
    ("first_page_to_floor", Goal::AtMost(2.0)),
    ("deep_page_to_floor", Goal::AtMost(2.0)),
    ("account_jump_to_floor", Goal::AtMost(2.0)),
    ("filtered_page_to_floor", Goal::AtMost(2.0)),
    ("as_of_balance_to_floor", Goal::AtMost(2.0)),
    ("rare_text_to_floor", Goal::AtMost(40.0)),
    ("growth_1m_to_5m", Goal::AtMost(1.3)),
    ("growth_5m_to_50m", Goal::AtMost(1.3)),
];

/// Everything that was measured.
#[derive(Debug, Clone)]
pub struct Report {
    ratios: Vec<(String, Spread)>,
    figures: Vec<(String, Spread)>,
    claims: Map<String, Value>,
    server: String,
    books: Vec<Value>,
    space: Value,
    /// Where its server and books were.
    pub home: PathBuf,
    pub(super) seconds: f64,
}

impl Report {
    pub(super) async fn new(server: &Server) -> Result<Self> {
        let mut owner = server.administrator("postgres").connect().await?;
        let version: String = sqlx::query_scalar("select version()").fetch_one(&mut owner).await?;
        owner.close().await?;
        Ok(Self {
            ratios: Vec::new(),
            figures: Vec::new(),
            claims: Map::new(),
            server: version,
            home: server.home().to_owned(),
            books: Vec::new(),
            space: Value::Null,
            seconds: 0.0,
        })
    }

    pub(super) fn ratio(&mut self, name: &str, spread: Spread) {
        self.ratios.push((name.to_owned(), spread));
    }

    pub(super) fn figure(&mut self, name: &str, spread: Spread) {
        self.figures.push((name.to_owned(), spread));
    }

    pub(super) fn claim(&mut self, name: &str, found: Value) {
        self.claims.insert(name.to_owned(), found);
    }

    pub(super) fn add_books(&mut self, books: &[Books]) {
        self.books = books
            .iter()
            .map(|books| {
                json!({"size": books.size, "postings": books.postings, "journals": books.journals, "customers": books.customers,
                       "journals_of_the_busiest_customer": books.busiest, "built_in_seconds": rounded(books.built_in_seconds)})
            })
            .collect();
    }

    pub(super) fn add_space(&mut self, space: &Space) {
        self.ratio("bytes_per_posting", Spread::of(vec![space.bytes_per_posting]));
        self.space = space.relations.clone();
    }

    /// The ratio of this name, if it was measured.
    pub fn ratio_named(&self, name: &str) -> Option<&Spread> {
        self.ratios.iter().find(|(known, _)| known == name).map(|(_, spread)| spread)
    }

    /// One object; `ratios` holds a plain number for each name.
    pub fn to_json(&self) -> Value {
        let in_order =
            GOALS.iter().filter_map(|(name, goal)| self.ratio_named(name).map(|spread| (*name, *goal, spread)));
        let ratios: Map<String, Value> =
            in_order.clone().map(|(name, _, spread)| (name.to_owned(), json!(spread.median))).collect();
        let goals: Map<String, Value> = in_order
            .map(|(name, goal, spread)| {
                let (side, bound) = match goal {
                    Goal::AtLeast(bound) => ("at_least", bound),
                    Goal::AtMost(bound) => ("at_most", bound),
                };
                (name.to_owned(), json!({side: bound, "met": is_met(goal, spread.median), "least": spread.least, "most": spread.most}))
            })
            .collect();
        let figures: Map<String, Value> =
            self.figures.iter().map(|(name, spread)| (name.clone(), json!(spread))).collect();
        json!({
            "ratios": ratios,
            "goals": goals,
            "figures": figures,
            "books": self.books,
            "space": self.space,
            "claims": self.claims,
            "server": self.server,
            "cores": std::thread::available_parallelism().map(usize::from).unwrap_or(0),
            "kontor": env!("CARGO_PKG_VERSION"),
            "seconds": self.seconds.round(),
        })
    }

    /// The ratios beside their goals, then the raw figures.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}\n", self.server);
        let _ = writeln!(text, "{:<26} {:>9} {:>9} {:>19}  ", "ratio", "goal", "figure", "over the rounds");
        for (name, goal) in GOALS {
            let Some(spread) = self.ratio_named(name) else { continue };
            let bound = match goal {
                Goal::AtLeast(bound) => format!("≥ {bound}"),
                Goal::AtMost(bound) => format!("≤ {bound}"),
            };
            let range = format!("{} … {}", spread.least, spread.most);
            let verdict = if is_met(*goal, spread.median) { "met" } else { "missed" };
            let _ = writeln!(text, "{name:<26} {bound:>9} {:>9} {range:>19}  {verdict}", spread.median);
        }
        let _ = writeln!(text, "\n{:<40} {:>10} {:>21}", "figure", "median", "least … most");
        for (name, spread) in &self.figures {
            let _ = writeln!(
                text,
                "{name:<40} {:>10} {:>21}",
                spread.median,
                format!("{} … {}", spread.least, spread.most)
            );
        }
        let _ = writeln!(text, "\nasserted: {}", Value::Object(self.claims.clone()));
        let _ = writeln!(text, "books: {}", Value::Array(self.books.clone()));
        let _ = writeln!(text, "took {:.0} s", self.seconds);
        text
    }
}

fn is_met(goal: Goal, figure: f64) -> bool {
    match goal {
        Goal::AtLeast(bound) => figure >= bound,
        Goal::AtMost(bound) => figure <= bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_tells_the_middle_and_both_ends() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Spread { median: 2.0, least: 1.0, most: 3.0 });
        assert_eq!(Spread::of(vec![0.123456, 0.2]).median, 0.1617);
        assert_eq!(rounded(123_456.0), 123_500.0);
    }

    #[test]
    fn a_goal_is_met_from_its_own_side() {
        assert!(is_met(Goal::AtLeast(0.8), 0.8) && !is_met(Goal::AtLeast(0.8), 0.79));
        assert!(is_met(Goal::AtMost(2.0), 2.0) && !is_met(Goal::AtMost(2.0), 2.01));
    }
}
