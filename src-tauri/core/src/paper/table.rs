//! Tables that run over sheets: the head stands on each, a row stays whole, and the sums so far are
//! carried from the foot of one sheet to the top of the next.

use rust_decimal::Decimal;

use super::{BRAND, Colour, HAIR, LEFT, Paper, QUIET, RIGHT, Style, WASH, Weight, wrap};

/// Where a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// At the right edge: every figure.
    Right,
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Span {
    /// So many points.
    Points(f32),
    /// A share of what the others leave.
    Share(f32),
}

/// A column: its head in both languages, its width and its alignment.
#[derive(Debug, Clone)]
pub struct Column {
    /// The head, in Chinese and in English.
    pub head: [&'static str; 2],
    /// Its width.
    pub span: Span,
    /// Where its text stands.
    pub align: Align,
}

/// What stands in a row and column: a text, and quieter words below it.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Smaller words below it.
    pub under: String,
    /// Another colour than ink.
    pub colour: Option<Colour>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A row, with the amounts it adds to what is carried over.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// One amount for each column of [`Carry::columns`].
    pub carried: Vec<Decimal>,
}

/// Which columns' sums are carried from sheet to sheet, and how they are written.
#[derive(Debug, Clone, Copy)]
pub struct Carry {
    /// Indices of the columns.
    pub columns: &'static [usize],
    /// Said at the foot of a sheet.
    pub forward: &'static str,
    /// Said at the top of the next.
    pub brought: &'static str,
    /// How a sum is written.
    pub figure: fn(Decimal) -> String,
}

/// A table across the whole width of the sheet.
#[derive(Debug, Clone)]
pub struct Table {
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// The rows, top to bottom.
    pub rows: Vec<Row>,
    /// What is carried over, if anything.
    pub carry: Option<Carry>,
}

const HEAD: f32 = 27.0;
const GAP: f32 = 5.0;
const PADDING: f32 = 3.6;
const BODY: Style = Style::regular(8.4);
const UNDER: Style = Style::regular(6.8).in_colour(QUIET);

/// A cell broken into lines.
struct Laid {
    lines: Vec<(Style, String)>,
}

impl Table {
    /// Draws the table from the paper's present place downwards. What follows it needs `closing` points
    /// on the same sheet as the last row: totals that stand alone say nothing.
    pub fn draw(&self, paper: &mut Paper, closing: f32) {
        let edges = self.edges();
        let carry_height = if self.carry.is_some() { BODY.leading() + 2.0 * PADDING } else { 0.0 };
        let mut sums = vec![Decimal::ZERO; self.carry.map_or(0, |carry| carry.columns.len())];
        // A head alone at the foot of a sheet helps nobody.
        paper.keep(HEAD + 40.0 + carry_height);
        self.head(paper, &edges);
        for (at, row) in self.rows.iter().enumerate() {
            let mut laid = self.lay(paper, &edges, row);
            let last = at + 1 == self.rows.len();
            let mut needed = height_of(&laid) + if last { closing } else { carry_height };
            if paper.room() < needed {
                self.carried(paper, &edges, &sums, |carry| carry.forward);
                paper.next_sheet();
                self.head(paper, &edges);
                self.carried(paper, &edges, &sums, |carry| carry.brought);
                needed = height_of(&laid) + carry_height;
            }
            // Only a row taller than a whole sheet is ever cut.
            while paper.room() < needed {
                let part = cut(&mut laid, paper.room() - carry_height - 2.0 * PADDING);
                self.row(paper, &edges, &part);
                paper.next_sheet();
                self.head(paper, &edges);
                needed = height_of(&laid) + carry_height;
            }
            self.row(paper, &edges, &laid);
            for (sum, amount) in sums.iter_mut().zip(&row.carried) {
                *sum += amount;
            }
        }
    }

    /// The left edge and the width of each column.
    fn edges(&self) -> Vec<(f32, f32)> {
        let fixed: f32 = self
            .columns
            .iter()
            .map(|column| match column.span {
                Span::Points(points) => points,
                Span::Share(_) => 0.0,
            })
            .sum();
        let shares: f32 = self
            .columns
            .iter()
            .map(|column| match column.span {
                Span::Points(_) => 0.0,
                Span::Share(share) => share,
            })
            .sum();
        let mut x = LEFT;
        self.columns
            .iter()
            .map(|column| {
                let width = match column.span {
                    Span::Points(points) => points,
                    Span::Share(share) => (RIGHT - LEFT - fixed) * share / shares,
                };
                let edge = (x, width);
                x += width;
                edge
            })
            .collect()
    }

    fn head(&self, paper: &mut Paper, edges: &[(f32, f32)]) {
        let top = paper.y;
        paper.fill(LEFT, top, RIGHT - LEFT, HEAD, WASH);
        paper.rule((LEFT, top + HEAD), (RIGHT, top + HEAD), 0.8, BRAND);
        for (column, edge) in self.columns.iter().zip(edges) {
            let [chinese, english] = column.head;
            place(paper, *edge, column.align, top + 2.5, &Style::bold(8.0), chinese);
            place(paper, *edge, column.align, top + 14.0, &Style::regular(6.6).in_colour(QUIET), english);
        }
        paper.y += HEAD;
    }

    fn lay(&self, paper: &Paper, edges: &[(f32, f32)], row: &Row) -> Vec<Laid> {
        let broken = |style: Style, width: f32, text: &str| -> Vec<(Style, String)> {
            let lines = match text {
                "" => Vec::new(),
                text => wrap(paper.fonts(), style.weight, style.size, width - 2.0 * GAP, text),
            };
            lines.into_iter().map(|line| (style, line)).collect()
        };
        row.cells
            .iter()
            .zip(edges)
            .map(|(cell, (_, width))| {
                let body = BODY.in_colour(cell.colour.unwrap_or(BODY.colour));
                Laid { lines: [broken(body, *width, &cell.text), broken(UNDER, *width, &cell.under)].concat() }
            })
            .collect()
    }

    fn row(&self, paper: &mut Paper, edges: &[(f32, f32)], laid: &[Laid]) {
        for ((cell, column), edge) in laid.iter().zip(&self.columns).zip(edges) {
            let mut top = paper.y + PADDING;
            for (style, line) in &cell.lines {
                place(paper, *edge, column.align, top, style, line);
                top += style.leading();
            }
        }
        paper.y += height_of(laid);
        paper.rule((LEFT, paper.y), (RIGHT, paper.y), 0.4, HAIR);
    }

    fn carried(&self, paper: &mut Paper, edges: &[(f32, f32)], sums: &[Decimal], said: fn(&Carry) -> &'static str) {
        let Some(carry) = &self.carry else { return };
        let style = Style { weight: Weight::Regular, ..BODY }.in_colour(QUIET);
        let top = paper.y + PADDING;
        let first = carry.columns.iter().copied().min().unwrap_or(0);
        place(paper, edges[first.saturating_sub(1).min(1)], Align::Left, top, &style, said(carry));
        for (column, sum) in carry.columns.iter().zip(sums) {
            place(paper, edges[*column], Align::Right, top, &style, &(carry.figure)(*sum));
        }
        paper.y += BODY.leading() + 2.0 * PADDING;
        paper.rule((LEFT, paper.y), (RIGHT, paper.y), 0.4, HAIR);
    }
}

impl Laid {
    fn height(&self) -> f32 {
        self.lines.iter().map(|(style, _)| style.leading()).sum()
    }
}

fn height_of(laid: &[Laid]) -> f32 {
    laid.iter().map(Laid::height).fold(0.0, f32::max) + 2.0 * PADDING
}

/// Takes as many lines from the top of each cell as fit, one at least.
fn cut(laid: &mut [Laid], room: f32) -> Vec<Laid> {
    laid.iter_mut()
        .map(|cell| {
            let mut taken = 0.0;
            let fits = |(style, _): &&(Style, String)| {
                taken += style.leading();
                taken <= room
            };
            let count = cell.lines.iter().take_while(fits).count().max(1).min(cell.lines.len());
            Laid { lines: cell.lines.drain(..count).collect() }
        })
        .collect()
}

fn place(paper: &mut Paper, (x, width): (f32, f32), align: Align, top: f32, style: &Style, text: &str) {
    match align {
        Align::Left => paper.text(x + GAP, top, style, text),
        Align::Right => paper.text_right(x + width - GAP, top, style, text),
    }
}
