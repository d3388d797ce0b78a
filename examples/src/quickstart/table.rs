use std::fmt::{self, Write as _};

/// Rows of text under a head, each column as wide as its widest cell.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new<T: ToString>(head: impl IntoIterator<Item = T>) -> Self {
        let mut table = Self::default();
        table.row(head);
        table
    }

    pub(super) fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows
            .push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut widths = vec![0; columns];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let mut head = true;
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str("  ");
                if is_number(cell) {
                    write!(line, "{cell:>width$}")?;
                } else {
                    write!(line, "{cell:<width$}")?;
                }
            }
            writeln!(f, "{}", line.trim_end())?;
            if head {
                let rules: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
                writeln!(f, "  {}", rules.join("  "))?;
                head = false;
            }
        }
        Ok(())
    }
}

/// Numbers stand on the right of their column, and so does the sign for none.
fn is_number(cell: &str) -> bool {
    !cell.is_empty() && (cell == "." || cell.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A count as a table shows it: a dot for none, so that the others stand out.
pub(super) fn count(n: usize) -> String {
    if n == 0 {
        ".".to_owned()
    } else {
        n.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let mut table = Table::new(["who", "n", "why"]);
        table.row(["Åsa", "12", "x"]);
        table.row(["b", ".", ""]);
        let lines = [
            "  who  n   why",
            "  ---  --  ---",
            "  Åsa  12  x",
            "  b     .",
            "",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }
}
